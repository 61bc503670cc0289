import { clientRowSchema } from '@lisible/contracts';
import { DOMWrapper, flushPromises } from '@vue/test-utils';
import { ApiError } from '../../app/api/api.client.ts';
import { mountPage, readText, type SpecDoor } from '../../testing/mount-page.ts';
import CommandPalette from './CommandPalette.vue';
import PaletteButton from './PaletteButton.vue';
import { exactFirst } from './palette-choices.ts';
import { listRecent } from './recent-dossiers.ts';

const row = (clientId: string, displayName: string | null) => ({
  clientId,
  applicationId: `A-${clientId}`,
  displayName,
  kind: 'application',
  submittedAt: '2026-11-20T10:00:00Z',
  currency: 'EUR',
  creditAmount: 1,
  annuityAmount: null,
  contractType: null,
  probabilityOfDefault: null,
  proposal: null,
  decision: null,
});
const answering = (asked: unknown[]): SpecDoor => ({
  post: (_path, body) => {
    asked.push(body);
    return Promise.resolve({ items: [row('C-1', 'Aïcha Benali'), row('C-2', null)], page: 1, pageSize: 8, total: 2 });
  },
});
/** The palette stands at the end of the page, wherever it was opened. */
const page = new DOMWrapper(document.body);
const options = (): string[] => page.findAll('[role=option]').map((option) => readText(option));
const type = async (text: string): Promise<void> => {
  await page.get('input').setValue(text);
  await vi.advanceTimersByTimeAsync(300);
  await flushPromises();
};

it('puts first whose identifier is what was typed, then whose begins so', () => {
  const rows = ['331182', '118258', '1182'].map((clientId) => clientRowSchema.parse({ ...row(clientId, null), applicationId: clientId }));
  expect(exactFirst(rows, '1182').map(({ clientId }) => clientId)).toEqual(['1182', '118258', '331182']);
});

describe('the palette', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    // jsdom has the elements but not this method.
    Element.prototype.scrollIntoView = vi.fn<() => void>();
  });
  afterEach(() => {
    vi.useRealTimers();
    sessionStorage.clear();
  });

  it('asks for clients once typing rests, by post, and opens the one chosen by keyboard', async () => {
    const asked: unknown[] = [];
    const wrapper = await mountPage(CommandPalette, { api: answering(asked) });
    const push = vi.spyOn(wrapper.vm.$router, 'push');
    await page.get('input').setValue('b');
    await page.get('input').setValue('be');
    await type('ben');
    expect(asked).toEqual([{ search: 'ben', pageSize: 8 }]);
    expect(options()).toEqual(['Aïcha BenaliC-1 · Demande A-C-1', 'C-2Demande A-C-2']);
    expect(readText(page.get('[role=status]'))).toContain('2 propositions');
    await page.get('input').trigger('keydown', { key: 'ArrowDown' });
    const active = page.get('[data-highlighted]');
    expect([readText(active), page.get('input').attributes('aria-activedescendant')]).toEqual(['C-2Demande A-C-2', active.attributes('id')]);
    await page.get('input').trigger('keydown', { key: 'Enter' });
    expect(push).toHaveBeenCalledWith({ name: 'dossier', params: { clientId: 'C-2' }, query: { applicationId: 'A-C-2' } });
    expect(wrapper.emitted('close')).toHaveLength(1);
  });

  it('goes round at the ends, and still offers pages when the search fails', async () => {
    await mountPage(CommandPalette, { api: { post: () => Promise.reject(new ApiError('internal')) } });
    expect(options()).toEqual(['Clients']);
    await page.get('input').trigger('keydown', { key: 'ArrowUp' });
    expect(readText(page.get('[data-highlighted]'))).toBe('Clients');
    await type('clie');
    expect(options()).toEqual(['Clients']);
    expect(readText(page.get('[role=status]'))).toContain('La recherche de clients a échoué');
  });

  it('opens by Ctrl K, and remembers the dossiers opened by identifiers only', async () => {
    const wrapper = await mountPage(PaletteButton);
    await wrapper.vm.$router.push('/clients/C-1?applicationId=A-1');
    await wrapper.vm.$router.push('/clients/C-2');
    await flushPromises();
    expect(listRecent()).toEqual([
      { clientId: 'C-2', applicationId: null },
      { clientId: 'C-1', applicationId: 'A-1' },
    ]);
    document.dispatchEvent(new KeyboardEvent('keydown', { key: 'k', ctrlKey: true }));
    await vi.dynamicImportSettled();
    await flushPromises();
    expect(options()).toEqual(['C-2', 'C-1Demande A-1', 'Clients']);
  });
});
