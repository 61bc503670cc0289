import type { LocalizedFieldProblem } from '@lisible/platform';
import { RejectedError } from '@lisible/platform';
import type { PipeTransform } from '@nestjs/common';
import type { LocalizedText } from '@lisible/contracts';
import { identifierSchema } from '@lisible/contracts';
import { z } from 'zod';

/** Parses a part of a request; what does not fit is a 400 that lists every problem in the caller's language. */
export class ParseWith<T extends z.ZodType> implements PipeTransform<unknown, z.infer<T>> {
  private readonly schema: T;
  private readonly unknownMessage: LocalizedText | undefined;

  /** `unknownMessage`: what to say of each key that a strict schema does not know, where there is a way out to name. */
  constructor(schema: T, unknownMessage?: LocalizedText) {
    this.schema = schema;
    this.unknownMessage = unknownMessage;
  }

  transform(value: unknown): z.infer<T> {
    const french = this.schema.safeParse(value, { error: frenchMessages });
    if (french.success) return french.data;
    const english = this.schema.safeParse(value, { error: englishMessages });
    const problems = french.error.issues.flatMap((issue, index): LocalizedFieldProblem[] => {
      const message = { fr: issue.message, en: english.error?.issues[index]?.message ?? issue.message };
      const code = issue.code ?? 'invalid';
      // Zod tells unknown keys at the object that holds them; a caller looks for a problem by the key.
      if (issue.code === 'unrecognized_keys')
        return issue.keys.map((key) => ({ field: [...issue.path, key].join('.'), code, message: this.unknownMessage ?? message }));
      return [{ field: issue.path.join('.'), code, message }];
    });
    throw new RejectedError('request-invalid', { fr: 'La demande ne peut pas être lue.', en: 'The request cannot be read.' }, problems);
  }
}

/** An identifier in a path or a query. */
export const parseIdentifier = new ParseWith(identifierSchema);
export const parseOptionalIdentifier = new ParseWith(identifierSchema.optional());

const frenchMessages = z.locales.fr().localeError;
const englishMessages = z.locales.en().localeError;
