import { say, type SentenceTemplates } from '../catalogue/index.ts';

type Pair = readonly [fr: string, en: string];

const missingOf = ([fr, en]: Pair): SentenceTemplates['missing'] =>
  say(
    `Information absente du dossier : « ${fr} » (habituellement {typical} chez les clients acceptés près du seuil).`,
    `Missing from the application: “${en}” (usually {typical} among clients approved near the threshold).`,
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
      `Missing from the application: “${label[1]}” (most often “{typical}” among clients approved near the threshold).`,
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
