import type { CatalogueView } from '@lisible/contracts';
import { ApiError, failureOf } from '../../app/api/api.client.ts';
import { useTranslations } from '../../app/i18n/i18n.ts';
import { typingProblem } from './application-draft.ts';

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
      const typing = typingProblem(problem, catalogue);
      if (typing === null) return { field: problem.field, text: problem.message };
      const { key, field } = typing;
      const [first] = field.categories ?? [];
      const example = first === undefined ? '' : localized(first.label);
      return { field: problem.field, text: t(`newApplication.problem.${key}`, { label: localized(field.label), example }) };
    });
  const wholeOf = (error: unknown): string =>
    (error instanceof ApiError ? error.problem?.detail : undefined) ??
    t(failureOf(error) === 'offline' ? 'newApplication.offline' : 'newApplication.failed');
  return { fieldsOf, wholeOf };
};
