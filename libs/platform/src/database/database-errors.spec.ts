import { DatabaseClosedError, StatementError, isDatabaseUnavailable } from '../index.ts';

describe('a failed statement', () => {
  it.each([
    ['a closed database', new DatabaseClosedError('closed'), true],
    ['a serialisation failure', new StatementError({ message: 'x', code: '40001' }), true],
    ['a lost connection', Object.assign(new Error('x'), { code: 'ECONNRESET' }), true],
    ['an error of another realm', { code: '57P01' }, true],
    ['a unique violation', new StatementError({ message: 'x', code: '23505' }), false],
    ['a syntax error', new StatementError({ message: 'x', code: '42601' }), false],
    ['a bug', new TypeError('x'), false],
    ['a missing file', Object.assign(new Error('x'), { code: 'ENOENT' }), false],
  ])('of %s says whether it may succeed later', (_, error, expected) => {
    expect(isDatabaseUnavailable(error)).toBe(expected);
  });
});
