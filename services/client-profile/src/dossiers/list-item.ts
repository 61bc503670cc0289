import type { Application, ClientListItem, DossierKind } from '@lisible/contracts';
import type { Catalogue } from '@lisible/credit';

/** The name shown for a client, from the catalogue's contact fields; null where the data holds none. */
export const displayName = (catalogue: Catalogue, fields: Readonly<Record<string, unknown>>): string | null => {
  const parts = catalogue.displayNameFields.map((name) => fields[name]).filter((part) => typeof part === 'string' && part !== '');
  return parts.length === 0 ? null : parts.join(' ');
};

/** What a list shows of an application. */
export const toListItem = (catalogue: Catalogue, application: Application, kind: DossierKind): ClientListItem => ({
  clientId: application.clientId,
  applicationId: application.applicationId,
  displayName: displayName(catalogue, application),
  kind,
  submittedAt: new Date(application.submittedAt).toISOString(),
  currency: application.currency,
  creditAmount: numberOrNull(application['creditAmount']),
  annuityAmount: numberOrNull(application['annuityAmount']),
  contractType: textOrNull(application['contractType']),
});

export const numberOrNull = (value: unknown): number | null => (typeof value === 'number' ? value : null);
export const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);
