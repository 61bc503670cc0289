import type { FeatureDraft, HistoryFieldDefinition } from '../../catalogue/index.ts';
import type { HistorySource } from '../../lender/index.ts';
import { bureauBalanceItems, bureauBalanceQuery, bureauBalanceTable } from './bureau-balance.ts';
import { bureauItems, bureauQuery, bureauTable } from './bureau.ts';
import { cardBalanceItems, cardBalanceQuery, cardBalanceTable } from './card-balances.ts';
import { historyAndApplicationFeatures } from './history-and-application.ts';
import { instalmentItems, instalmentQuery, instalmentTable } from './instalments.ts';
import { loanBalanceItems, loanBalanceQuery, loanBalanceTable } from './loan-balances.ts';
import { monthsQueries } from './months.ts';
import { previousApplicationItems, previousApplicationQuery, previousApplicationTable } from './previous-applications.ts';

export { historyReasonGroups } from './reason-groups.ts';

const items = [...bureauItems, ...bureauBalanceItems, ...previousApplicationItems, ...loanBalanceItems, ...instalmentItems, ...cardBalanceItems];

export const historyFields: readonly HistoryFieldDefinition[] = items.map(({ field }) => field);

/** Each history field as it is, then what sets the past beside the application. */
export const historyFeatures: readonly FeatureDraft[] = [...items.map(({ feature }) => feature), ...historyAndApplicationFeatures];

/** Home Credit's six history tables and the queries over them. Columns that nothing reads are not declared, and may be absent. */
export const homeCreditHistory: HistorySource = {
  tables: [bureauTable, bureauBalanceTable, previousApplicationTable, loanBalanceTable, instalmentTable, cardBalanceTable],
  queries: [bureauQuery, bureauBalanceQuery, previousApplicationQuery, loanBalanceQuery, instalmentQuery, cardBalanceQuery],
  months: monthsQueries,
};
