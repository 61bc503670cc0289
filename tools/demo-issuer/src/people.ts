import type { LocalizedText, Role } from '@lisible/contracts';

/** Somebody who exists for demonstrations only and signs in without a password. */
export interface DemoPerson {
  /** Subject of the tokens; written into audit trails. */
  readonly accountId: string;
  readonly name: string;
  readonly job: LocalizedText;
  /** What the role opens, so that a newcomer knows whom to choose. */
  readonly mission: LocalizedText;
  readonly roles: readonly Role[];
}

/** Who may sign in on the demo issuer. To add a person, add a row. */
export const demoPeople: readonly DemoPerson[] = [
  {
    accountId: 'camille.moreau',
    name: 'Camille Moreau',
    job: { fr: 'conseillère', en: 'advisor' },
    mission: { fr: 'Consulte les dossiers et explique les décisions aux clients.', en: 'Reads dossiers and explains decisions to clients.' },
    roles: ['advisor'],
  },
  {
    accountId: 'nadia.benali',
    name: 'Nadia Benali',
    job: { fr: 'risque', en: 'risk' },
    mission: { fr: 'Suit la politique de crédit et la qualité du modèle.', en: 'Watches the credit policy and the quality of the model.' },
    roles: ['risk'],
  },
  {
    accountId: 'tom.lefevre',
    name: 'Tom Lefèvre',
    job: { fr: 'MLOps', en: 'MLOps' },
    mission: { fr: 'Entraîne les modèles et compare leurs versions.', en: 'Trains models and compares their versions.' },
    roles: ['mlops'],
  },
];

export const findDemoPerson = (accountId: string): DemoPerson | null => demoPeople.find((person) => person.accountId === accountId) ?? null;
