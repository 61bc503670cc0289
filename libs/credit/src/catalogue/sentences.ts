import type { SentenceTemplates } from './catalogue.ts';
import { say } from './define-catalogue.ts';

/** French, English. */
export type Pair = readonly [fr: string, en: string];

const missingOf = ([fr, en]: Pair): SentenceTemplates['missing'] =>
  say(
    `Information absente du dossier : « ${fr} » (habituellement {typical} chez les clients acceptés près du seuil).`,
    `Missing from the file: “${en}” (usually {typical} among clients approved near the threshold).`,
  );

/** Sentences for a quantity that has no wording of its own. */
export const comparisonSentences = (label: Pair): SentenceTemplates => ({
  higher: say(
    `${label[0]} : {value}, au-dessus de la valeur habituelle des clients acceptés près du seuil ({typical}).`,
    `${label[1]}: {value}, above the usual value of clients approved near the threshold ({typical}).`,
  ),
  lower: say(
    `${label[0]} : {value}, en dessous de la valeur habituelle des clients acceptés près du seuil ({typical}).`,
    `${label[1]}: {value}, below the usual value of clients approved near the threshold ({typical}).`,
  ),
  same: say(
    `${label[0]} : {value}, une valeur habituelle ; elle pèse ici avec le reste du dossier.`,
    `${label[1]}: {value}, a usual value; it weighs here together with the rest of the file.`,
  ),
  missing: missingOf(label),
});

/** How a quantity of the client stands beside that of others, told around one subject: « subject (value) comparison ». */
export const subjectSentences = (
  label: Pair,
  subject: Pair,
  words: { readonly higher: Pair; readonly lower: Pair; readonly same: Pair },
): SentenceTemplates =>
  sentences(label, {
    higher: [
      `${subject[0]} ({value}) ${words.higher[0]} que d’habitude chez les clients acceptés près du seuil ({typical}).`,
      `${subject[1]} ({value}) ${words.higher[1]} than is usual among clients approved near the threshold ({typical}).`,
    ],
    lower: [
      `${subject[0]} ({value}) ${words.lower[0]} que d’habitude chez les clients acceptés près du seuil ({typical}).`,
      `${subject[1]} ({value}) ${words.lower[1]} than is usual among clients approved near the threshold ({typical}).`,
    ],
    same: [
      `${subject[0]} ({value}) ${words.same[0]} chez les clients acceptés près du seuil.`,
      `${subject[1]} ({value}) ${words.same[1]} among clients approved near the threshold.`,
    ],
  });

/** Sentences for a quotient: « a is {value} times b ». `unit` follows both figures, e.g. `times`. */
export const quotientSentences = (
  label: Pair,
  claim: readonly [fr: Pair, en: Pair],
  unit: Pair,
  less: 'less' | 'fewer' = 'less',
): SentenceTemplates => {
  const [[fr, frEnd], [en, enEnd]] = claim;
  const [unitFr, unitEn] = unit.map((word) => (word === '' ? '' : ` ${word}`));
  return sentences(label, {
    higher: [
      `${fr} {value}${unitFr}${frEnd}, plus que d’habitude chez les clients acceptés près du seuil ({typical}${unitFr}).`,
      `${en} {value}${unitEn}${enEnd}, more than is usual among clients approved near the threshold ({typical}${unitEn}).`,
    ],
    lower: [
      `${fr} {value}${unitFr}${frEnd}, moins que d’habitude chez les clients acceptés près du seuil ({typical}${unitFr}).`,
      `${en} {value}${unitEn}${enEnd}, ${less} than is usual among clients approved near the threshold ({typical}${unitEn}).`,
    ],
    same: [
      `${fr} {value}${unitFr}${frEnd}, comme d’habitude chez les clients acceptés près du seuil.`,
      `${en} {value}${unitEn}${enEnd}, as is usual among clients approved near the threshold.`,
    ],
  });
};

/** Sentences for a measure that its source gives as an index only. */
export const indexSentences = (label: Pair): SentenceTemplates =>
  sentences(label, {
    higher: [
      `${label[0]} : {value} sur une échelle de 0 à 1, plus que d’habitude chez les clients acceptés près du seuil ({typical}).`,
      `${label[1]}: {value} on a scale from 0 to 1, more than is usual among clients approved near the threshold ({typical}).`,
    ],
    lower: [
      `${label[0]} : {value} sur une échelle de 0 à 1, moins que d’habitude chez les clients acceptés près du seuil ({typical}).`,
      `${label[1]}: {value} on a scale from 0 to 1, less than is usual among clients approved near the threshold ({typical}).`,
    ],
    same: [
      `${label[0]} : {value} sur une échelle de 0 à 1, une valeur habituelle ; elle pèse ici avec le reste du dossier.`,
      `${label[1]}: {value} on a scale from 0 to 1, a usual value; it weighs here together with the rest of the file.`,
    ],
  });

/** Sentences for an answer out of a list, or yes and no: nothing is higher or lower. */
export const categorySentences = (label: Pair): SentenceTemplates => {
  const differs = say(
    `${label[0]} : « {value} », et le plus souvent « {typical} » chez les clients acceptés près du seuil.`,
    `${label[1]}: “{value}”, most often “{typical}” among clients approved near the threshold.`,
  );
  return {
    higher: differs,
    lower: differs,
    same: say(
      `${label[0]} : « {value} », une réponse courante ; elle pèse ici avec le reste du dossier.`,
      `${label[1]}: “{value}”, a common answer; it weighs here together with the rest of the file.`,
    ),
    missing: say(
      `Information absente du dossier : « ${label[0]} » (le plus souvent « {typical} » chez les clients acceptés près du seuil).`,
      `Missing from the file: “${label[1]}” (most often “{typical}” among clients approved near the threshold).`,
    ),
  };
};

/** Sentences in their own words; `label` names the information where it is missing. */
export const sentences = (label: Pair, words: { readonly higher: Pair; readonly lower: Pair; readonly same: Pair }): SentenceTemplates => ({
  higher: say(...words.higher),
  lower: say(...words.lower),
  same: say(...words.same),
  missing: missingOf(label),
});
