import type { Theme } from '@lisible/contracts';
import { say, type ReasonGroup } from '../../catalogue/index.ts';

/** What a client's past may be told as, and the theme under which it stands. */
const groups = [
  ['BUREAU_CREDITS', 'credit-bureau', 'Crédits connus du fichier de crédit', 'Credits known to the credit bureau'],
  ['BUREAU_RECENCY', 'credit-bureau', 'Crédits récents au fichier de crédit', 'Recent credits at the credit bureau'],
  ['BUREAU_DEBT', 'credit-bureau', 'Dettes connues du fichier de crédit', 'Debts known to the credit bureau'],
  ['BUREAU_OVERDUE', 'credit-bureau', 'Retards connus du fichier de crédit', 'Arrears known to the credit bureau'],
  ['PAST_APPLICATIONS', 'past-loans', 'Demandes précédentes', 'Earlier applications'],
  ['PAST_REFUSALS', 'past-loans', 'Refus précédents', 'Earlier refusals'],
  ['PAST_LOAN_TERMS', 'past-loans', 'Conditions des crédits précédents', 'Terms of earlier loans'],
  ['RUNNING_LOANS', 'past-loans', 'Crédits auprès du prêteur', 'Loans with the lender'],
  ['CARD_UTILISATION', 'past-loans', 'Utilisation de la carte de crédit', 'Use of the credit card'],
  ['CARD_DRAWINGS', 'past-loans', 'Retraits et achats par carte', 'Card drawings'],
  ['LOAN_ARREARS', 'payments', 'Retards sur les crédits auprès du prêteur', 'Arrears on loans with the lender'],
  ['PAYMENT_LATENESS', 'payments', 'Retards de paiement', 'Late payments'],
  ['PAYMENT_SHORTFALL', 'payments', 'Paiements incomplets', 'Payments that fell short'],
  ['PAYMENT_VOLUME', 'payments', 'Échéances passées', 'Past instalments'],
  ['CARD_PAYMENTS', 'payments', 'Remboursements de la carte', 'Card repayments'],
] as const satisfies readonly (readonly [string, Theme, string, string])[];

export type HistoryReasonCode = (typeof groups)[number][0];

export const historyReasonGroups: readonly ReasonGroup[] = groups.map(([code, , fr, en]) => ({ code, label: say(fr, en) }));

const themes: ReadonlyMap<HistoryReasonCode, Theme> = new Map(groups.map(([code, theme]) => [code, theme]));

export const themeOf = (code: HistoryReasonCode): Theme => themes.get(code) ?? 'past-loans';
