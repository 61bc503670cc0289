import { flushPromises, type VueWrapper } from '@vue/test-utils';
import { ApiError } from '../../app/api/api.client.ts';
import { problemSchema } from '@lisible/contracts';
import { exampleCatalogue, exampleDossier, exampleExplanation } from '../../testing/examples.ts';
import { mountPage, readText, type SpecDoor } from '../../testing/mount-page.ts';
import { readDraft } from './application-draft.ts';
import NewApplicationPage from './NewApplicationPage.vue';
import { reportOf, templateOf } from './upload-files.ts';
import { parseCells, readUpload } from './upload-lines.ts';

const view = { applicationId: 'A-1', clientId: 'C-1', receivedAt: '2026-11-20T10:00:00Z', status: 'received', decision: null, explanation: null };
const invalid = problemSchema.parse({
  type: 'urn:lisible:problem:application-invalid',
  title: 'La demande contient des erreurs.',
  status: 422,
  code: 'application-invalid',
  correlationId: 'c-1',
  problems: [{ field: 'creditAmount', code: 'out-of-range', message: 'Montant du crédit : doit être entre 1 et 1 000 000 000.' }],
});
const apiOf = (sent: unknown[], answer: () => unknown = () => view): SpecDoor => ({
  get: (path) =>
    Promise.resolve(path === '/v1/catalogue' ? exampleCatalogue : path.includes('/explanation') ? exampleExplanation() : exampleDossier()),
  post: (_path, body) => {
    sent.push(body);
    const answered = answer();
    return answered instanceof Error ? Promise.reject(answered) : Promise.resolve(answered);
  },
});
const show = async (api: SpecDoor): Promise<VueWrapper> => {
  const wrapper = await mountPage(NewApplicationPage, { api });
  await flushPromises();
  return wrapper;
};
const send = async (wrapper: VueWrapper): Promise<void> => {
  await wrapper.get('form').trigger('submit');
  await flushPromises();
};

describe('a new application by form', () => {
  it('has the door name everything that is wrong at once, and says in its own words what no number can be read from', async () => {
    const sent: Record<string, unknown>[] = [];
    const problems = [
      { field: 'clientId', code: 'invalid-identifier', message: 'Identifiant du client : attendu 1 à 64 lettres.' },
      { field: 'creditAmount', code: 'wrong-type', message: 'Montant du crédit : attendu un nombre, par exemple 12500.5.' },
      { field: 'ownsCar', code: 'wrong-type', message: 'Propriétaire d’une voiture : attendu true ou false.' },
      { field: 'contractType', code: 'missing', message: 'Type de crédit : cette information est obligatoire.' },
    ];
    const wrapper = await show(apiOf(sent, () => new ApiError('application-invalid', { ...invalid, problems })));
    await wrapper.get('[name=creditAmount]').setValue('beaucoup');
    await send(wrapper);
    expect(sent[0]).toMatchObject({ clientId: '', creditAmount: 'beaucoup' });
    expect(readText(wrapper.get('.summary'))).toBe(
      '4 informations sont à corriger :Identifiant du clientMontant du créditPropriétaire d’une voitureType de crédit',
    );
    expect(wrapper.get('[name=creditAmount]').attributes('aria-invalid')).toBe('true');
    const text = readText(wrapper);
    expect(text).toContain('Identifiant du client : attendu 1 à 64 lettres.');
    expect(text).toContain('Montant du crédit : écrivez un nombre, par exemple 20 000.');
    expect(text).toContain('Propriétaire d’une voiture : répondez par oui ou non.');
    expect(text).toContain('Type de crédit : choisissez une réponse, par exemple « Crédit amortissable ».');
    expect(document.activeElement).toBe(wrapper.get('.summary').element);
  });

  it('sends values of the catalogue’s types, and shows the verdict and its reasons in the same screen', async () => {
    const sent: Record<string, unknown>[] = [];
    const wrapper = await show(apiOf(sent));
    await wrapper.get('[name=clientId]').setValue(' C-1 ');
    await wrapper.get('[name=creditAmount]').setValue('20 000,5');
    await wrapper.get('[name=contractType]').setValue('cash-loan');
    await wrapper.get('[name=ownsCar]').setValue('false');
    await wrapper.get('[name=employedSince]').setValue('2020-02-01');
    await send(wrapper);
    await flushPromises();
    expect(sent).toEqual([
      {
        clientId: 'C-1',
        applicationId: expect.stringMatching(/^A-\d{8}-[0-9a-f]{8}$/),
        submittedAt: expect.any(String),
        currency: 'EUR',
        creditAmount: 20000.5,
        contractType: 'cash-loan',
        ownsCar: false,
        employedSince: '2020-02-01',
      },
    ]);
    const text = readText(wrapper);
    expect(text).toContain('reçue');
    expect(text).toContain('Risque estimé : 14 dossiers sur 100 ne sont pas remboursés.');
    expect(text).toContain('Les scores externes sont moins bons.');
  });

  it('shows what the door refuses at its field, keeps what was typed, and repeats the same identifier', async () => {
    const sent: Record<string, unknown>[] = [];
    const wrapper = await show(apiOf(sent, () => new ApiError('application-invalid', invalid)));
    await wrapper.get('[name=clientId]').setValue('C-1');
    await wrapper.get('[name=creditAmount]').setValue('-5');
    await send(wrapper);
    expect(readText(wrapper)).toContain('Montant du crédit : doit être entre 1 et 1 000 000 000.');
    expect(wrapper.get<HTMLInputElement>('[name=creditAmount]').element.value).toBe('-5');
    await send(wrapper);
    expect(sent[1]?.['applicationId']).toBe(sent[0]?.['applicationId']);
  });

  it('sent again after no answer came, is the same to the last letter; changed, it is sent under its own time', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-20T10:00:00Z') });
    const sent: Record<string, unknown>[] = [];
    const wrapper = await show(apiOf(sent, () => new ApiError('offline')));
    await wrapper.get('[name=clientId]').setValue('C-1');
    await send(wrapper);
    vi.setSystemTime(new Date('2026-11-20T10:00:30Z'));
    await send(wrapper);
    expect(sent).toHaveLength(2);
    expect(sent[1]).toEqual(sent[0]);
    await wrapper.get('[name=creditAmount]').setValue('20000');
    await send(wrapper);
    expect(sent[2]).toMatchObject({ applicationId: sent[0]?.['applicationId'], submittedAt: '2026-11-20T10:00:30.000Z' });
    vi.useRealTimers();
  });
});

describe('a file of applications', () => {
  it('is read cell by cell: quotes, either separator, words or values', () => {
    expect(parseCells('a;"b ""c""; d"\r\n\r\n"two\nlines";e', ';')).toEqual([
      { line: 1, cells: ['a', 'b "c"; d'] },
      { line: 3, cells: ['two\nlines', 'e'] },
    ]);
    const csv = 'clientId;Montant du crédit;ownsCar;contractType\nC-1;20 000,5;oui;Crédit amortissable\nC-2;beaucoup;non;\nC-3;1';
    expect(readUpload('lot.csv', csv, exampleCatalogue, 'fr')).toEqual([
      { line: 2, body: { clientId: 'C-1', creditAmount: 20000.5, ownsCar: true, contractType: 'cash-loan' } },
      { line: 3, body: { clientId: 'C-2', creditAmount: 'beaucoup', ownsCar: false } },
      { line: 4, unreadable: 'wrong-number-of-cells' },
    ]);
    expect(readUpload('lot.csv', 'clientId,creditAmount\nC-1,20000.5', exampleCatalogue, 'fr')).toEqual([
      { line: 2, body: { clientId: 'C-1', creditAmount: 20000.5 } },
    ]);
  });

  it('may be JSON: one application or a list; anything else is said to be none', () => {
    expect(readUpload('a.json', '\uFEFF{"clientId":"C-1"}', exampleCatalogue, 'fr')).toEqual([{ line: 1, body: { clientId: 'C-1' } }]);
    expect(readUpload('a.json', '[{"clientId":"C-1"},{"nested":{}},3]', exampleCatalogue, 'fr')).toEqual([
      { line: 1, body: { clientId: 'C-1' } },
      { line: 2, unreadable: 'not-an-application' },
      { line: 3, unreadable: 'not-an-application' },
    ]);
    expect(readUpload('a.json', '{"clientId":', exampleCatalogue, 'fr')).toBeNull();
  });
});

it('hands in a line of a file once, however often the file is sent: what has come before counts as received', async () => {
  const sent: Record<string, unknown>[] = [];
  const wrapper = await show(
    apiOf(sent, () => (sent.length > 1 ? new ApiError('application-conflict', { ...invalid, code: 'application-conflict', problems: [] }) : view)),
  );
  await wrapper.get('input[type=radio][value=file]').setValue();
  const file = new File(['clientId,creditAmount\nC-1,20000\nC-1,20000\n'], 'lot.csv', { type: 'text/csv' });
  const input = wrapper.get('input[type=file]');
  Object.defineProperty(input.element, 'files', { value: [file] });
  await input.trigger('change');
  await vi.waitFor(() => expect(readText(wrapper)).toContain('Demandes reçues : 2. Lignes à corriger : 0.'));
  expect(sent).toHaveLength(2);
  expect(sent[1]?.['applicationId']).toBe(sent[0]?.['applicationId']);
  expect(sent[0]?.['applicationId']).toMatch(/^A-\d{8}-[0-9a-f]{16}$/);
});

it('takes a yes or no in either language, leaves out what is missing and keeps what cannot be read as it was typed', () => {
  const read = (ownsCar: string) => readDraft(exampleCatalogue, { ownsCar, creditAmount: ' ' }, 'fr');
  expect(['oui', 'no', '', 'peut-être'].map(read)).toEqual([{ ownsCar: true }, { ownsCar: false }, {}, { ownsCar: 'peut-être' }]);
});

describe('leaving a half-filled form', () => {
  it('asks first, and stays where the person says no', async () => {
    const wrapper = await show(apiOf([]));
    await wrapper.vm.$router.push('/applications/new');
    const asked = vi.spyOn(globalThis, 'confirm').mockReturnValue(false);
    await wrapper.vm.$router.push('/clients');
    expect([asked.mock.calls.length, wrapper.vm.$route.path]).toEqual([0, '/clients']);
    await wrapper.vm.$router.push('/applications/new');
    await wrapper.get('[name=creditAmount]').setValue('20 000');
    await wrapper.vm.$router.push('/clients');
    expect([asked.mock.calls, wrapper.vm.$route.path]).toEqual([[['Quitter cette page\u00a0? Ce qui est saisi sera perdu.']], '/applications/new']);
    const closing = new Event('beforeunload', { cancelable: true });
    dispatchEvent(closing);
    expect(closing.defaultPrevented).toBe(true);
    asked.mockReturnValue(true);
    await wrapper.vm.$router.push('/clients');
    expect(wrapper.vm.$route.path).toBe('/clients');
    wrapper.unmount();
    asked.mockRestore();
  });
});

describe('files to fill in and to keep', () => {
  it('begin with what must be said, and are read again as they were written', () => {
    const [header = ''] = templateOf(exampleCatalogue).split('\r\n');
    const names = header.replace('\uFEFF', '').split(',');
    const required = exampleCatalogue.fields.filter(({ isRequired }) => isRequired).map(({ name }) => name);
    expect(names.slice(0, required.length + 1)).toEqual(['clientId', ...required]);
    expect(new Set(names)).toEqual(new Set(['clientId', ...exampleCatalogue.fields.map(({ name }) => name)]));
    const filled = `${names.join(',')}\r\n${['C-1', ...names.slice(1).map(() => '')].join(',')}`;
    expect(readUpload('a.csv', filled, exampleCatalogue, 'fr')).toMatchObject([{ line: 2, body: { clientId: 'C-1' } }]);
  });

  it('never run as formulas', () => {
    const headings = { line: 'Ligne', state: 'État', clientId: 'Client', applicationId: 'Demande', problems: 'À corriger' };
    const row = { line: 2, state: 'reçue', clientId: '=HYPERLINK("x")', applicationId: 'A-1', problems: '' };
    expect(reportOf([row], headings)).toBe('\uFEFFLigne,État,Client,Demande,À corriger\r\n2,reçue,"\'=HYPERLINK(""x"")",A-1,');
  });
});
