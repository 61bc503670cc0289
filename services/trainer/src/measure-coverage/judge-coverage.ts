import type { LocalizedText, TableCoverage } from '@lisible/contracts';
import { say } from '@lisible/credit';

/** What was measured of one history table. */
export interface MeasuredTable extends Pick<TableCoverage, 'table' | 'labelledShare' | 'unlabelledShare'> {
  readonly rows: number;
  /** Of the applications, with at least one row. */
  readonly clients: number;
  /** Rows of a client that has some; null where no client has. */
  readonly rowsPerLabelledClient: number | null;
  readonly rowsPerUnlabelledClient: number | null;
}

export interface CoverageRules {
  /** Tables that the folder's `dataset.json` declares cut, with its own words or none. */
  readonly declaredCuts: ReadonlyMap<string, string | null>;
  /** What the training was asked to learn from, over what was measured; null: nothing was asked. */
  readonly learnFrom: readonly string[] | 'all' | null;
}

/** Under it a table's absence would become a feature. */
const minLabelledShare = 0.5;
/** Labelled clients that have so much less than the unlabelled ones were cut by somebody. */
const minShareRatio = 0.75;
const minRowsRatio = 0.5;

/**
 * Whether each table is learnt from, and why: not where it is declared cut, covers under half of the labelled clients, or tells
 * labelled clients from unlabelled ones by what it lacks; an explicit order goes over all of it.
 */
export const judgeCoverage = (tables: readonly MeasuredTable[], { declaredCuts, learnFrom }: CoverageRules): readonly TableCoverage[] =>
  tables.map((measured) => {
    const { table, rows, clients, labelledShare, unlabelledShare } = measured;
    const doubt = declaredCuts.has(table) ? declaredCut(declaredCuts.get(table) ?? null) : measuredDoubt(measured);
    const isAsked = learnFrom === null ? null : learnFrom === 'all' || learnFrom.includes(table);
    return {
      table,
      rows,
      clients,
      labelledShare,
      unlabelledShare,
      isLearntFrom: isAsked ?? doubt === null,
      reason: reasonOf(isAsked, doubt, labelledShare),
    };
  });

const reasonOf = (isAsked: boolean | null, doubt: LocalizedText | null, labelledShare: number | null): LocalizedText => {
  if (isAsked === false) return say('Elle n’est pas parmi les tables demandées.', 'It is not among the tables asked for.');
  if (isAsked === true)
    return doubt === null
      ? say('Elle est parmi les tables demandées.', 'It is among the tables asked for.')
      : say(`Elle a été demandée malgré ceci : ${doubt.fr}`, `It was asked for in spite of this: ${doubt.en}`);
  return (
    doubt ??
    say(
      `Elle couvre ${french(labelledShare ?? 0)} des clients dont le remboursement est connu.`,
      `It covers ${english(labelledShare ?? 0)} of the clients whose repayment is known.`,
    )
  );
};

const declaredCut = (words: string | null): LocalizedText =>
  words === null
    ? say('Elle est déclarée tronquée par le jeu de données.', 'The data set declares it cut.')
    : say(`Elle est déclarée tronquée par le jeu de données : ${words}`, `The data set declares it cut: ${words}`);

const measuredDoubt = ({ labelledShare, unlabelledShare, rowsPerLabelledClient, rowsPerUnlabelledClient }: MeasuredTable): LocalizedText | null => {
  const share = labelledShare ?? 0;
  if (share < minLabelledShare)
    return say(
      `Elle ne couvre que ${french(share)} des clients dont le remboursement est connu : le modèle apprendrait son absence.`,
      `It covers only ${english(share)} of the clients whose repayment is known: the model would learn its absence.`,
    );
  if (unlabelledShare !== null && share < minShareRatio * unlabelledShare)
    return say(
      `Elle couvre ${french(share)} des clients dont le remboursement est connu, mais ${french(unlabelledShare)} des autres : elle paraît tronquée.`,
      `It covers ${english(share)} of the clients whose repayment is known, but ${english(unlabelledShare)} of the others: it seems to be cut.`,
    );
  if (rowsPerLabelledClient !== null && rowsPerUnlabelledClient !== null && rowsPerLabelledClient < minRowsRatio * rowsPerUnlabelledClient)
    return say(
      `Elle a ${frenchNumber(rowsPerLabelledClient)} lignes par client dont le remboursement est connu, mais ${frenchNumber(rowsPerUnlabelledClient)} par autre client : elle paraît tronquée.`,
      `It has ${englishNumber(rowsPerLabelledClient)} rows a client whose repayment is known, but ${englishNumber(rowsPerUnlabelledClient)} for any other client: it seems to be cut.`,
    );
  return null;
};

const formatOf = (locale: string, style: 'percent' | 'decimal'): ((value: number) => string) => {
  const format = new Intl.NumberFormat(locale, { style, maximumFractionDigits: 1 });
  return (value) => format.format(value);
};
const french = formatOf('fr-FR', 'percent');
const english = formatOf('en-GB', 'percent');
const frenchNumber = formatOf('fr-FR', 'decimal');
const englishNumber = formatOf('en-GB', 'decimal');
