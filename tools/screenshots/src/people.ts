import type { ClientRow } from '@lisible/contracts';
import { adviceSchema, applicationViewSchema, clientPageSchema } from '@lisible/contracts';
import { z } from 'zod';

/** Dossiers of every sort, found among those that the platform has; null where it has none. */
export interface People {
  readonly approved: ClientRow | null;
  readonly declined: ClientRow | null;
  readonly referred: ClientRow | null;
  /** Not approved, and some change of the loan would let it pass. */
  readonly advised: ClientRow | null;
  readonly pastLoan: ClientRow | null;
  /** Handed in by the tour: nobody's past is known. */
  readonly unknown: { readonly clientId: string; readonly applicationId: string };
}

/** Asks the public door as somebody who is signed in. @throws Error when it refuses */
export type Ask = <T>(path: string, schema: { parse(value: unknown): T }, body?: object) => Promise<T>;

export const createAsk =
  (url: string, token: string): Ask =>
  async (path, schema, body) => {
    const response = await fetch(url + path, {
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', prefer: 'wait=20' },
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    });
    const answer: unknown = await response.json();
    if (!response.ok) throw new Error(`${path} was answered ${response.status}: ${JSON.stringify(answer)}`);
    return schema.parse(answer);
  };

/** The token that oidc-client keeps in a tab. @throws ZodError when nobody is signed in */
export const tokenOf = (session: Readonly<Record<string, string>>): string => {
  const entry = Object.entries(session).find(([key]) => key.startsWith('oidc.user:'));
  return z.object({ access_token: z.string() }).parse(JSON.parse(entry?.[1] ?? 'null')).access_token;
};

/** The least that an application needs, of a client whom nobody has seen. */
export const unknownApplication = (id: string) => ({
  applicationId: id,
  clientId: id,
  submittedAt: new Date().toISOString(),
  currency: 'EUR',
  contractType: 'cash-loan',
  creditAmount: 240_000,
  annuityAmount: 14_000,
  incomeAmount: 135_000,
  birthDate: '1986-05-12',
});

/** The first hundred applications that were handed in. */
export const listApplications = async (ask: Ask): Promise<readonly ClientRow[]> =>
  (await ask('/v1/clients/search', clientPageSchema, { kind: 'application', pageSize: 100, sort: 'submittedAt' })).items;

/** An application that is decided. @throws Error when there is none */
export const findSomebody = async (ask: Ask): Promise<ClientRow> => {
  const row = (await listApplications(ask)).find(({ decision }) => decision !== null);
  if (row === undefined) throw new Error('nobody was decided on yet');
  return row;
};

/** How many of those not approved are asked for advice before we say that none can be advised. */
const mostAsked = 60;

export async function findPeople(ask: Ask): Promise<People> {
  const search = async (body: object): Promise<readonly ClientRow[]> => (await ask('/v1/clients/search', clientPageSchema, body)).items;
  const rows = await listApplications(ask);
  const [pastLoan = null] = await search({ kind: 'past-loan', pageSize: 1 });
  const of = (decision: string): ClientRow | null => rows.find((row) => row.decision === decision) ?? null;
  const findAdvised = async (): Promise<ClientRow | null> => {
    for (const row of rows.filter(({ decision }) => decision === 'referred' || decision === 'declined').slice(0, mostAsked)) {
      const { clientId, applicationId } = row;
      // A loan whose amounts tell no term is refused.
      const kind = await ask('/v1/advice', adviceSchema, { clientId, applicationId }).then(
        (advice) => advice.kind,
        () => null,
      );
      if (kind === 'change') return row;
    }
    return null;
  };
  const id = `tour-${Date.now()}`;
  const { clientId, applicationId } = await ask(
    '/v1/applications',
    applicationViewSchema.transform((view) => ({ clientId: id, applicationId: view.applicationId })),
    unknownApplication(id),
  );
  return {
    approved: of('approved'),
    declined: of('declined'),
    referred: of('referred'),
    advised: await findAdvised(),
    pastLoan,
    unknown: { clientId, applicationId },
  };
}
