import type { CatalogueView } from '@lisible/contracts';
import { ApiError, failureOf } from '../../app/api/api.client.ts';
import { useTranslations } from '../../app/i18n/i18n.ts';
import { typeProblem } from './application-draft.ts';

/** What is wrong with one field, in words. */
export interface FieldRefusal {
  readonly field: string;
  readonly text: string;
}

/** Why an application was not received, for whoever filled it in. */
export const useRefusalWords = () => {
  const { t, localized } = useTranslations();
  /** Everything that is wrong, field by field; empty where the fields are not the reason. */
  const fieldsOf = (error: unknown, catalogue: CatalogueView): readonly FieldRefusal[] =>
    (error instanceof ApiError ? (error.problem?.problems ?? []) : []).map((problem) => {
      const typed = typeProblem(problem, catalogue);
      return {
        field: problem.field,
        text: typed === null ? problem.message : t(`newApplication.problem.${typed.key}`, { label: localized(typed.field.label) }),
      };
    });
  const wholeOf = (error: unknown): string =>
    (error instanceof ApiError ? error.problem?.detail : undefined) ??
    t(failureOf(error) === 'offline' ? 'newApplication.offline' : 'newApplication.failed');
  return { fieldsOf, wholeOf };
};
