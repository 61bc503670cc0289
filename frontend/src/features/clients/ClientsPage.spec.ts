import { ApiError } from '../../app/api/api.client.ts';
import { clientListQuerySchema } from '@lisible/contracts';
import { flushPromises, type VueWrapper } from '@vue/test-utils';
import { exampleCatalogue } from '../../testing/examples.ts';
import { mountPage, readText, type SpecDoor } from '../../testing/mount-page.ts';
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
/** Two pages: nothing stands beyond the second. */
const twoPages = (asked: Asked[]): Required<Pick<SpecDoor, 'post'>> => ({
  post: (path, body) => {
    const { page, pageSize } = clientListQuerySchema.parse(body);
    if (pageSize === 1) return Promise.resolve({ items: [], page, pageSize, total: 7 });
    asked.push({ path, body });
    return Promise.resolve({ items: page <= 2 ? [row] : [], page, pageSize: 25, total: 26, nextCursor: page < 2 ? `after-${page}` : null });
  },
});

/** Once it has been asked and, where that failed, asked again. */
const settled = async (wrapper: VueWrapper): Promise<VueWrapper> => {
  await vi.waitFor(() => expect(readText(wrapper)).toMatch(/Réessayer/u), 10_000);
  await flushPromises();
  return wrapper;
};

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

  it('speaks of a list that can be used only where there is one', async () => {
    const unavailable = (): Promise<never> =>
      Promise.reject(new ApiError('no-model', { type: 'about:blank', title: 'x', status: 503, code: 'no-model', correlationId: 'c' }));
    const withoutModel = readText(await settled(await mountPage(ClientsPage, { api: { get: unavailable, post: unavailable } })));
    expect(withoutModel).toContain('Aucun modèle en service');
    expect(withoutModel).not.toContain('la liste reste utilisable');
    const withoutCatalogue = readText(await settled(await mountPage(ClientsPage, { api: { ...twoPages([]), get: unavailable } })));
    expect(withoutCatalogue).toContain('la liste reste utilisable');
  });

  describe('searching', () => {
    beforeEach(() => {
      vi.useFakeTimers();
    });
    afterEach(() => {
      vi.useRealTimers();
    });
    // Long enough for what was typed to be sent, too short for the next look for arrivals.
    const settle = async (): Promise<void> => {
      await vi.advanceTimersByTimeAsync(400);
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

  it('goes on by the cursor of the page before, and back the way it came', async () => {
    const asked: Asked[] = [];
    const wrapper = await mountPage(ClientsPage, { api: twoPages(asked) });
    await flushPromises();
    await wrapper.get('.pages button:last-child').trigger('click');
    await flushPromises();
    expect(asked.map(({ body }) => clientListQuerySchema.parse(body).cursor)).toEqual([undefined, 'after-1']);
    expect(wrapper.vm.$route.fullPath).toBe('/?page=2');
    await wrapper.get('.pages button').trigger('click');
    await flushPromises();
    expect(wrapper.vm.$route.fullPath).toBe('/');
  });

  it('shows the columns that the address asks for, and forgets an order whose column goes', async () => {
    const asked: Asked[] = [];
    const api = twoPages(asked);
    const wrapper = await mountPage(ClientsPage, { api: { ...api, get: () => Promise.resolve(exampleCatalogue) } });
    await wrapper.vm.$router.push('/clients?columns=employedSince,ownsCar&sort=employedSince');
    await flushPromises();
    await flushPromises();
    expect(wrapper.findAll('thead th').map((head) => [readText(head), head.attributes('aria-sort')])).toEqual([
      ['Client', undefined],
      ['Montant demandé', 'none'],
      ['Déposé le', 'none'],
      ['Risque estimé', undefined],
      ['Décision', undefined],
      ['En poste depuis', 'ascending'],
      ['Propriétaire d’une voiture', 'none'],
    ]);
    await wrapper.get('.look button').trigger('click');
    await wrapper.get('[aria-label="Retirer la colonne En poste depuis"]').trigger('click');
    await flushPromises();
    expect(wrapper.vm.$route.query).toEqual({ columns: 'ownsCar' });
  });

  it('says how many applications have come meanwhile, and shows them when asked', async () => {
    vi.useFakeTimers();
    let applications = 7;
    const asked: Asked[] = [];
    const pages = twoPages(asked);
    const wrapper = await mountPage(ClientsPage, {
      api: {
        ...pages,
        post: (path, body) =>
          clientListQuerySchema.parse(body).pageSize === 1
            ? Promise.resolve({ items: [], page: 1, pageSize: 1, total: applications })
            : pages.post(path, body),
      },
    });
    await vi.advanceTimersByTimeAsync(100);
    expect(wrapper.find('.arrivals').exists()).toBe(false);
    applications = 10;
    await vi.advanceTimersByTimeAsync(16_000);
    expect(readText(wrapper.get('.arrivals'))).toBe('3 nouvelles demandesAfficher');
    asked.length = 0;
    await wrapper.get('.arrivals button').trigger('click');
    await vi.advanceTimersByTimeAsync(100);
    expect(asked).toHaveLength(1);
    expect(wrapper.find('.arrivals').exists()).toBe(false);
    vi.useRealTimers();
  });

  it('keeps a view without whom it was looking for', async () => {
    const wrapper = await mountPage(ClientsPage, { api: twoPages([]) });
    await wrapper.vm.$router.push({ path: '/clients', query: { kind: 'past-loan', columns: 'ownsCar' }, state: { search: 'Lefèvre' } });
    await flushPromises();
    await wrapper.get('.views .save').trigger('click');
    await wrapper.get('.views form').trigger('submit');
    expect(readText(wrapper.get('.views [role=alert]'))).toContain('Donnez un nom à la vue');
    await wrapper.get('.views form input').setValue('Apprentissage auto');
    await wrapper.get('.views form').trigger('submit');
    const stored = Object.values({ ...localStorage }).join(' ');
    expect(stored).toContain('Apprentissage auto');
    expect(stored).not.toContain('Lefèvre');
    expect(wrapper.findAll('.view[aria-pressed=true]').map(readText)).toEqual(['Apprentissage auto']);
  });

  it('offers whoever may not read it another account, and no search that leads nowhere', async () => {
    const wrapper = await mountPage(ClientsPage, { api: { post: () => Promise.reject(new ApiError('forbidden')) } });
    await flushPromises();
    expect(readText(wrapper)).toContain('Accès réservé');
    expect(wrapper.findAll('button').map(readText)).toEqual(['Changer de compte']);
    expect(wrapper.find('input').exists()).toBe(false);
  });
});
