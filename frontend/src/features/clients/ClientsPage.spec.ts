import { ApiError, type ApiClient } from '../../app/api/api.client.ts';
import { flushPromises } from '@vue/test-utils';
import { mountPage, readText } from '../../testing/mount-page.ts';
import ClientsPage from './ClientsPage.vue';

const row = {
  clientId: 'C-26',
  applicationId: 'A-26',
  displayName: null,
  kind: 'application',
  submittedAt: '2026-11-20T10:00:00Z',
  currency: 'EUR',
  creditAmount: 1,
  annuityAmount: null,
  contractType: null,
  probabilityOfDefault: null,
  proposal: null,
  decision: null,
};
/** Two pages, the second of one row. */
const twoPages = (asked: string[]): ApiClient => ({
  get: (path, schema) => {
    asked.push(path);
    const page = Number(new URL(path, 'http://lisible').searchParams.get('page'));
    return Promise.resolve(schema.parse({ items: page === 2 ? [row] : [], page, pageSize: 25, total: 26 }));
  },
});

describe('the page of clients', () => {
  it('goes to the last page from an address beyond it', async () => {
    const asked: string[] = [];
    const wrapper = await mountPage(ClientsPage, { api: twoPages(asked) });
    await wrapper.vm.$router.push('/clients?page=9');
    await flushPromises();
    await flushPromises();
    expect(wrapper.vm.$route.query).toEqual({ page: '2' });
    expect(readText(wrapper)).toContain('C-26');
  });

  it('offers whoever may not read it another account, and no search that leads nowhere', async () => {
    const wrapper = await mountPage(ClientsPage, { api: { get: () => Promise.reject(new ApiError('forbidden')) } });
    await flushPromises();
    expect(readText(wrapper)).toContain('Accès réservé');
    expect(wrapper.findAll('button').map(readText)).toEqual(['Changer de compte']);
    expect(wrapper.find('input').exists()).toBe(false);
  });
});
