import type { Application, ClientListItem, DossierKind } from '@lisible/contracts';
import { displayNameOf } from '@lisible/credit';
import type { Catalogue } from '@lisible/credit';

/** What a list shows of an application. */
export const toListItem = (catalogue: Catalogue, application: Application, kind: DossierKind): ClientListItem => ({
  clientId: application.clientId,
  applicationId: application.applicationId,
  displayName: displayNameOf(catalogue, application),
  kind,
  submittedAt: new Date(application.submittedAt).toISOString(),
  currency: application.currency,
  creditAmount: numberOrNull(application['creditAmount']),
  annuityAmount: numberOrNull(application['annuityAmount']),
  contractType: textOrNull(application['contractType']),
});

const numberOrNull = (value: unknown): number | null => (typeof value === 'number' ? value : null);
const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);
