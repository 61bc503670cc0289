import { StandardSchemaValidationPipe } from '@nestjs/common';
import { RejectedError } from '../errors.ts';

/** Parses what a route declares: `@Body({ schema })`, `@Query({ schema })`, `@Param('id', { schema })`. Every problem at once, no value echoed. */
export const createRequestPipe = (): StandardSchemaValidationPipe =>
  new StandardSchemaValidationPipe({
    exceptionFactory: (issues) =>
      new RejectedError(
        'request-invalid',
        { fr: 'La requête ne suit pas son schéma.', en: 'The request does not follow its schema.' },
        issues.map(({ path, message }) => ({
          field: (path ?? []).map((segment) => String(typeof segment === 'object' ? segment.key : segment)).join('.'),
          code: 'invalid',
          message: { fr: 'Valeur absente ou non valable.', en: withoutValue(message) },
        })),
      ),
  });

/** zod says "Invalid input: expected number, received string": types, never values. What it quotes itself is cut off. */
const withoutValue = (message: string): string =>
  /^(Invalid|Too|Unrecognized)/.test(message) ? message.replaceAll(/"[^"]*"/g, '…') : 'Missing or invalid value.';
