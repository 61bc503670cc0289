import type { ClientRow } from '@lisible/contracts';
import type { RouteLocationRaw } from 'vue-router';
import { folded } from '../../ui/filters/filter-fields.ts';
import type { IconName } from '../../ui/IconGlyph.vue';

/** One place to go to. */
export interface Choice {
  readonly id: string;
  readonly label: string;
  readonly detail: string;
  readonly icon: IconName;
  readonly to: RouteLocationRaw | (() => void);
}
export interface ChoiceGroup {
  readonly id: string;
  readonly label: string;
  readonly choices: readonly Choice[];
}

export const dossierLocation = (clientId: string, applicationId: string | null): RouteLocationRaw => ({
  name: 'dossier',
  params: { clientId },
  query: applicationId === null ? {} : { applicationId },
});

/** Places whose words hold everything typed; all of them while nothing is. */
export const findChoices = (choices: readonly Choice[], search: string): readonly Choice[] => {
  const words = folded(search).split(/\s+/).filter(Boolean);
  return choices.filter(({ label }) => words.every((word) => folded(label).includes(word)));
};

/** A client found, by name where there is one, with what tells namesakes apart. */
export const choiceOfRow = (row: ClientRow, words: { readonly application: (id: string) => string; readonly pastLoan: string }): Choice => ({
  id: `dossier-${row.kind}-${row.applicationId}`,
  label: row.displayName ?? row.clientId,
  detail: [
    ...(row.displayName === null ? [] : [row.clientId]),
    ...(row.applicationId === row.clientId ? [] : [words.application(row.applicationId)]),
    ...(row.kind === 'past-loan' ? [words.pastLoan] : []),
  ].join(' · '),
  icon: row.kind === 'past-loan' ? 'past-loan' : 'referred',
  to: dossierLocation(row.clientId, row.applicationId),
});

/** Who types a whole identifier, or its beginning, means that one; the rest stays in the list's order. */
export const exactFirst = (rows: readonly ClientRow[], search: string): readonly ClientRow[] => {
  const wanted = folded(search);
  const rank = ({ clientId, applicationId }: ClientRow): number => {
    const ids = [clientId, applicationId].map(folded);
    if (ids.includes(wanted)) return 0;
    return ids.some((one) => one.startsWith(wanted)) ? 1 : 2;
  };
  return [...rows].sort((a, b) => rank(a) - rank(b));
};
