import type { LocalizedFieldProblem } from '@lisible/platform';
import { RejectedError } from '@lisible/platform';
import type { PipeTransform } from '@nestjs/common';
import { identifierSchema } from '@lisible/contracts';
import { z } from 'zod';

/** Parses a part of a request; what does not fit is a 400 that lists every problem in the caller's language. */
export class ParseWith<T extends z.ZodType> implements PipeTransform<unknown, z.infer<T>> {
  private readonly schema: T;

  constructor(schema: T) {
    this.schema = schema;
  }

  transform(value: unknown): z.infer<T> {
    const french = this.schema.safeParse(value, { error: frenchMessages });
    if (french.success) return french.data;
    const english = this.schema.safeParse(value, { error: englishMessages });
    const problems: LocalizedFieldProblem[] = french.error.issues.map((issue, index) => ({
      field: issue.path.join('.'),
      code: issue.code ?? 'invalid',
      message: { fr: issue.message, en: english.error?.issues[index]?.message ?? issue.message },
    }));
    throw new RejectedError('request-invalid', { fr: 'La demande ne peut pas être lue.', en: 'The request cannot be read.' }, problems);
  }
}

/** An identifier in a path or a query. */
export const parseIdentifier = new ParseWith(identifierSchema);
export const parseOptionalIdentifier = new ParseWith(identifierSchema.optional());

const frenchMessages = z.locales.fr().localeError;
const englishMessages = z.locales.en().localeError;
