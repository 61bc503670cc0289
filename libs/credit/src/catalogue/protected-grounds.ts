import { say } from './define-catalogue.ts';

/** Why a field is kept from models: prohibited grounds of discrimination that any lender's clients share (ADR 0007). */
export const protectedGrounds = {
  age: say(
    'L’âge est un critère de discrimination interdit : il sert à vérifier la majorité et à mesurer l’équité.',
    'Age is a prohibited ground of discrimination: it serves to check majority and to measure fairness.',
  ),
  sex: say(
    'Le sexe est un critère de discrimination interdit : il ne sert qu’à mesurer l’équité.',
    'Sex is a prohibited ground of discrimination: it only serves to measure fairness.',
  ),
  family: say(
    'La situation de famille, enfants et personnes à charge compris, est un critère de discrimination interdit : elle ne sert qu’à mesurer l’équité.',
    'Family status, children and dependants included, is a prohibited ground of discrimination: it only serves to measure fairness.',
  ),
  nationality: say(
    'La nationalité est un critère de discrimination interdit : elle ne sert qu’à mesurer l’équité.',
    'Nationality is a prohibited ground of discrimination: it only serves to measure fairness.',
  ),
} as const;
