import { say, type SentenceTemplates } from '../../catalogue/index.ts';

export type Pair = readonly [fr: string, en: string];

/** Grammatical gender of the French subject. */
export type Gender = 'm' | 'f';

export const capitalise = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;

/** « le nombre de refus » → « Nombre de refus ». */
export const withoutArticle = (text: string): string => capitalise(text.replace(/^(?:le |la |les |l’|the )/u, ''));

const amongFr = 'chez les clients acceptés près du seuil';
const amongEn = 'clients approved near the threshold';

/** Nothing is known: the client has no past there, or not of this kind. */
const missingOf = (label: Pair, silent: Pair): SentenceTemplates['missing'] =>
  say(`${silent[0]} : « ${label[0]} » (habituellement {typical} ${amongFr}).`, `${silent[1]}: “${label[1]}” (usually {typical} among ${amongEn}).`);

type Words = Readonly<Record<'higher' | 'lower' | 'same', Pair>>;

const withMissing = (label: Pair, silent: Pair, { higher, lower, same }: Words): SentenceTemplates => ({
  higher: say(...higher),
  lower: say(...lower),
  same: say(...same),
  missing: missingOf(label, silent),
});

const comparing = (label: Pair, silent: Pair, [fr, en]: Pair, words: Words): SentenceTemplates =>
  withMissing(label, silent, {
    higher: [
      `${capitalise(fr)} ({value}) ${words.higher[0]} que d’habitude ${amongFr} ({typical}).`,
      `${capitalise(en)} ({value}) ${words.higher[1]} than is usual among ${amongEn} ({typical}).`,
    ],
    lower: [
      `${capitalise(fr)} ({value}) ${words.lower[0]} que d’habitude ${amongFr} ({typical}).`,
      `${capitalise(en)} ({value}) ${words.lower[1]} than is usual among ${amongEn} ({typical}).`,
    ],
    same: [`${capitalise(fr)} ({value}) ${words.same[0]} ${amongFr}.`, `${capitalise(en)} ({value}) ${words.same[1]} among ${amongEn}.`],
  });

/** « Le nombre de refus (3) est plus élevé que d’habitude … (1). » The figure in brackets agrees with any number. */
export const levelSentences = (label: Pair, silent: Pair, subject: Pair, gender: Gender): SentenceTemplates => {
  const e = gender === 'f' ? 'e' : '';
  return comparing(label, silent, subject, {
    higher: [`est plus élevé${e}`, 'is higher'],
    lower: [`est moins élevé${e}`, 'is lower'],
    same: [gender === 'f' ? 'est habituelle' : 'est habituel', 'is usual'],
  });
};

/** A length of time that is longer or shorter, not higher or lower. */
export const lengthSentences = (label: Pair, silent: Pair, subject: Pair, gender: Gender): SentenceTemplates => {
  const feminine = gender === 'f';
  return comparing(label, silent, subject, {
    higher: [feminine ? 'est plus longue' : 'est plus long', 'is longer'],
    lower: [feminine ? 'est plus courte' : 'est plus court', 'is shorter'],
    same: [feminine ? 'est habituelle' : 'est habituel', 'is usual'],
  });
};

/** A change for the worse when positive, written with its sign. */
export const changeSentences = (label: Pair, silent: Pair, subject: Pair, gender: Gender): SentenceTemplates =>
  comparing(label, silent, subject, {
    higher: ['est moins favorable', 'is less favourable'],
    lower: ['est plus favorable', 'is more favourable'],
    same: [gender === 'f' ? 'est habituelle' : 'est habituel', 'is usual'],
  });

/** « Le dernier refus remonte à 8 mois, soit moins longtemps que d’habitude … (2 ans). » */
export const recencySentences = (label: Pair, silent: Pair, [fr, en]: Pair): SentenceTemplates =>
  withMissing(label, silent, {
    higher: [
      `${capitalise(fr)} remonte à {value}, soit plus longtemps que d’habitude ${amongFr} ({typical}).`,
      `${capitalise(en)} was {value} ago, longer than is usual among ${amongEn} ({typical}).`,
    ],
    lower: [
      `${capitalise(fr)} remonte à {value}, soit moins longtemps que d’habitude ${amongFr} ({typical}).`,
      `${capitalise(en)} was {value} ago, more recently than is usual among ${amongEn} ({typical}).`,
    ],
    same: [`${capitalise(fr)} remonte à {value}, comme d’habitude ${amongFr}.`, `${capitalise(en)} was {value} ago, as is usual among ${amongEn}.`],
  });
