import en from './en.ts';
import fr from './fr.ts';
import { createTranslations, pluralRules } from './i18n.ts';

const flatten = (messages: object, prefix = ''): [string, string][] =>
  Object.entries(messages).flatMap(([key, value]: [string, unknown]) =>
    typeof value === 'object' && value !== null ? flatten(value, `${prefix}${key}.`) : [[`${prefix}${key}`, String(value)]],
  );
const french = new Map(flatten(fr));
const english = new Map(flatten(en));
const placeholders = (message: string): string[] => [...new Set(message.match(/\{\w+\}/g) ?? [])].sort();

describe('the messages', () => {
  it('have the same keys in French and English', () => {
    expect([...english.keys()].sort()).toEqual([...french.keys()].sort());
  });

  it('have the same places and as many plural forms in both', () => {
    for (const [key, here] of french) {
      const there = english.get(key) ?? '';
      expect({ key, places: placeholders(there), forms: there.split(' | ').length, isEmpty: there === '' }).toEqual({
        key,
        places: placeholders(here),
        forms: here.split(' | ').length,
        isEmpty: here === '',
      });
    }
  });

  it('leave nothing in one language on the other side, save a name and words that both share', () => {
    const shared = new Set([...french].filter(([key, message]) => message !== '' && english.get(key) === message).map(([, message]) => message));
    const expected = [
      'Attribution',
      'Client',
      'Client {id}',
      'Clients',
      'Information',
      'Pages',
      'Points',
      'Prêt à dépenser',
      'Services',
      'Verdict',
      'score',
      'version {version} ({count})',
      '{first} ↓, {second} →',
      '{points} point | {points} points',
    ];
    expect([...shared].sort()).toEqual(expected);
  });
});

describe('plural forms', () => {
  it('count as each language does', () => {
    expect([0, 0.4, 1, 1.9, 2, 14].map((count) => pluralRules.fr(count, 2))).toEqual([0, 0, 0, 0, 1, 1]);
    expect([0, 0.4, 1, 1.9, 2, 14].map((count) => pluralRules.en(count, 2))).toEqual([1, 1, 0, 1, 1, 1]);
    expect([0, 1, 400].map((count) => pluralRules.fr(count, 3))).toEqual([0, 1, 2]);
  });
});

describe('French punctuation', () => {
  it('begins no line, whatever a message says', () => {
    const { global } = createTranslations();
    global.setLocaleMessage('fr', { said: 'Réessayer ?' } as never);
    expect(global.t('said')).toBe('Réessayer\u00a0?');
  });
});
