import type { ClientRow, Language } from '@lisible/contracts';
import { exampleCatalogue } from '../../testing/examples.ts';
import { listFields } from '../../ui/filters/filter-fields.ts';
import { mountPage, readText } from '../../testing/mount-page.ts';
import ClientTable from './ClientTable.vue';

const row = (part: Partial<ClientRow> = {}): ClientRow => ({
  clientId: 'C-1',
  applicationId: 'A-1',
  displayName: 'Aïcha Benali',
  kind: 'application',
  submittedAt: '2026-11-20T10:00:00Z',
  currency: 'EUR',
  creditAmount: 406597.5,
  annuityAmount: null,
  contractType: null,
  probabilityOfDefault: 0.142,
  proposal: 'declined',
  decision: 'declined',
  ...part,
});
const show = (rows: ClientRow[], language: Language = 'fr') =>
  mountPage(ClientTable, { props: { rows, sort: '-submittedAt', isLoading: false, isStale: false }, language });

describe('the table of clients', () => {
  it('says client, amount, date, risk and decision in words', async () => {
    const wrapper = await show([row()]);
    expect(wrapper.findAll('tbody td').map(readText)).toEqual(['406 598 €', '20 nov. 2026', '14 sur 100', 'Refusé']);
    expect(wrapper.get('tbody a').attributes('aria-label')).toBe('Ouvrir le dossier de Aïcha Benali, C-1');
    expect(wrapper.get('tbody a').attributes('href')).toBe('/clients/C-1?applicationId=A-1');
  });

  it('badges a past loan and calls its outcome a proposal', async () => {
    const text = readText(await show([row({ kind: 'past-loan', decision: null })], 'en'));
    expect(text).toContain('Learning case');
    expect(text).toContain('Refusal proposed');
  });

  it('says what is not there yet', async () => {
    const text = readText(await show([row({ displayName: null, probabilityOfDefault: null, proposal: null, decision: null, creditAmount: null })]));
    expect(text).toContain('pas encore estimé');
    expect(text).toContain('Décision en cours');
    expect(text).toContain('non renseigné');
  });

  it('asks for an order: first the greatest, then turned round', async () => {
    const wrapper = await show([row()]);
    const [amount, submitted] = wrapper.findAll('thead button');
    await amount?.trigger('click');
    await submitted?.trigger('click');
    expect(wrapper.emitted('sort')).toEqual([['-creditAmount'], ['submittedAt']]);
  });

  it('moves from row to row with the arrows', async () => {
    const wrapper = await show([row(), row({ clientId: 'C-2', applicationId: 'A-2' })]);
    const [first, second] = wrapper.findAll<HTMLAnchorElement>('tbody a');
    first?.element.focus();
    await first?.trigger('keydown', { key: 'ArrowDown' });
    expect(document.activeElement).toBe(second?.element);
  });

  it('shows a hostile name, and does not run it', async () => {
    const wrapper = await show([row({ displayName: '<img src=x onerror=alert(1)>' })]);
    expect(readText(wrapper)).toContain('<img src=x onerror=alert(1)>');
    expect(wrapper.find('img').exists()).toBe(false);
  });

  it('tells a date as the time before the application, whichever way it comes', async () => {
    const field = listFields(exampleCatalogue, 'fr', 'EUR', { yes: 'oui', no: 'non', notGiven: 'non renseigné' }).filter(
      ({ name }) => name === 'employedSince',
    );
    const rows = ['2019-11-20', 2557, null].map((employedSince, index) => row({ applicationId: `A-${index}`, columns: { employedSince } }));
    const wrapper = await mountPage(ClientTable, { props: { rows, sort: '-submittedAt', isLoading: false, isStale: false, columns: field } });
    expect(wrapper.findAll('tbody tr td:last-child').map(readText)).toEqual(['7 ans', '7 ans', 'non renseigné']);
  });
});
