import type { Application, PreparedInputs } from '@lisible/contracts';
import { homeCreditCatalogue } from '@lisible/credit';
import type { CurrentSnapshot } from '../follow-snapshot/current-snapshot.ts';
import type { PlausibleValues } from './plausible-values.ts';
import { PrepareAssumptions } from './prepare-assumptions.ts';
import type { DecidedApplication, SimulatedApplications } from './simulated-applications.ts';

const application: Application = { applicationId: 'A-1', clientId: 'C-1', submittedAt: '2026-11-20T10:00:00.000Z', currency: 'EUR' };
const asDecided: PreparedInputs = { features: { bureauCount: 3 }, policyInputs: { creditAmount: 1 } };
const withoutPast: PreparedInputs = { features: { bureauCount: null }, policyInputs: { creditAmount: 1 } };

const prepare = async (asOf: string | null, history: DecidedApplication['history'] = {}) => {
  const decided: DecidedApplication = { application, dataQuality: [], history, inputs: asDecided };
  const applications: Pick<SimulatedApplications, 'get' | 'change'> = {
    get: () => Promise.resolve(decided),
    change: (asked) => (asked.history === null ? withoutPast : { features: {}, policyInputs: asked.inputs.policyInputs }),
  };
  const { inputs } = await new PrepareAssumptions(
    applications as SimulatedApplications,
    { list: () => Promise.resolve([]) } as unknown as PlausibleValues,
    { find: () => (asOf === null ? null : { asOf }) } as CurrentSnapshot,
    homeCreditCatalogue,
  ).execute({ clientId: 'C-1', applicationId: 'A-1' });
  return inputs.filter(({ kind }) => kind === 'stale');
};

describe('a past that ends long before the application', () => {
  it('is told with its age, and stands beside no past at all', async () => {
    expect(await prepare('2026-08-01T00:00:00.000Z')).toEqual([
      {
        field: 'history',
        label: { fr: 'Historique du client', en: 'The client’s past' },
        kind: 'stale',
        statement: {
          fr: 'Ce qui est connu de son passé s’arrête le 1 août 2026, 111 jours avant la demande.',
          en: 'What is known of the past ends on 1 Aug 2026, 111 days before the application.',
        },
        variants: [
          { value: { fr: 'tel que connu', en: 'as it is known' }, inputs: { ...asDecided, features: {} } },
          { value: { fr: 'sans aucun historique', en: 'with no past at all' }, inputs: withoutPast },
        ],
      },
    ]);
  });

  it('is nothing to tell while it is recent, where nothing is known, and before a snapshot', async () => {
    expect(await prepare('2026-08-23T00:00:00.000Z')).toEqual([]);
    expect(await prepare('2026-08-01T00:00:00.000Z', null)).toEqual([]);
    expect(await prepare(null)).toEqual([]);
  });
});
