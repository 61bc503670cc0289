import { ApiError, type ApiClient } from '../../app/api/api.client.ts';
import { clientListQuerySchema } from '@lisible/contracts';
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
interface Asked {
  readonly path: string;
  readonly body: unknown;
}
const unasked = (): Promise<never> => Promise.reject(new Error('No spec answer for this request.'));
/** Two pages: nothing stands beyond the second. */
const twoPages = (asked: Asked[]): ApiClient => ({
  get: unasked,
  post: (path, body, schema) => {
    asked.push({ path, body });
    const { page } = clientListQuerySchema.parse(body);
    return Promise.resolve(schema.parse({ items: page <= 2 ? [row] : [], page, pageSize: 25, total: 26 }));
  },
});

describe('the page of clients', () => {
  it('goes to the last page from an address beyond it', async () => {
    const asked: Asked[] = [];
    const wrapper = await mountPage(ClientsPage, { api: twoPages(asked) });
    await wrapper.vm.$router.push('/clients?page=9');
    await flushPromises();
    await flushPromises();
    expect(wrapper.vm.$route.query).toEqual({ page: '2' });
    expect(readText(wrapper)).toContain('C-26');
  });

  describe('searching', () => {
    beforeEach(() => {
      vi.useFakeTimers();
    });
    afterEach(() => {
      vi.useRealTimers();
    });
    const settle = async (): Promise<void> => {
      await vi.runAllTimersAsync();
      await flushPromises();
    };
    const searchedIn = (asked: readonly Asked[]) => asked.map(({ path, body }) => [path, clientListQuerySchema.parse(body).search]);

    it('posts what was typed once typing rests, and no address ever holds it', async () => {
      const asked: Asked[] = [];
      const wrapper = await mountPage(ClientsPage, { api: twoPages(asked) });
      const router = wrapper.vm.$router;
      await router.push('/clients?kind=application&page=2');
      await settle();
      asked.length = 0;
      await wrapper.get('input').setValue('Lef');
      await vi.advanceTimersByTimeAsync(100);
      await wrapper.get('input').setValue('Lefèvre ');
      await settle();
      expect(searchedIn(asked)).toEqual([['/v1/clients/search', 'Lefèvre']]);
      expect(router.currentRoute.value.fullPath).toBe('/clients?kind=application');
      // The address is the same already: only the state changes.
      await wrapper.get('input').setValue('Roux');
      await settle();
      expect(searchedIn(asked).at(-1)).toEqual(['/v1/clients/search', 'Roux']);
      expect(router.currentRoute.value.fullPath).toBe('/clients?kind=application');
      await wrapper.get('input').setValue('');
      await settle();
      expect(router.options.history.state['search']).toBeNull();
    });

    it('keeps it when the page is changed, left and come back to', async () => {
      const wrapper = await mountPage(ClientsPage, { api: twoPages([]) });
      const router = wrapper.vm.$router;
      await router.push('/clients');
      await wrapper.get('input').setValue('Lefèvre');
      await settle();
      await wrapper.findAll('nav button').at(-1)?.trigger('click');
      await settle();
      expect([router.currentRoute.value.fullPath, wrapper.get('input').element.value]).toEqual(['/clients?page=2', 'Lefèvre']);
      await router.push({ path: '/clients', force: true });
      await settle();
      expect(wrapper.get('input').element.value).toBe('');
      router.back();
      await settle();
      expect([router.currentRoute.value.fullPath, wrapper.get('input').element.value]).toEqual(['/clients?page=2', 'Lefèvre']);
    });
  });

  it('offers whoever may not read it another account, and no search that leads nowhere', async () => {
    const wrapper = await mountPage(ClientsPage, { api: { get: unasked, post: () => Promise.reject(new ApiError('forbidden')) } });
    await flushPromises();
    expect(readText(wrapper)).toContain('Accès réservé');
    expect(wrapper.findAll('button').map(readText)).toEqual(['Changer de compte']);
    expect(wrapper.find('input').exists()).toBe(false);
  });
});
