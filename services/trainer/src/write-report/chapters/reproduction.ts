import type { Chapter } from '../block.ts';
import { columns, heading, listBlock, prose, tableBlock } from '../block.ts';
import type { ChapterContext } from '../chapter-context.ts';

/** Parts of a training as its clock names them. */
const partName = (w: ChapterContext['w'], part: string): string =>
  ({
    reading: w.t('lecture des tables', 'reading the tables'),
    features: w.t('calcul des variables', 'computing features'),
    search: w.t('recherche d’hyperparamètres', 'search over hyper-parameters'),
    'cross-validation': w.t('validation croisée', 'cross-validation'),
    candidates: w.t('candidats, validation croisée', 'candidates, cross-validation'),
    'final-fit': w.t('modèle final', 'final model'),
    seeds: w.t('autres graines', 'other seeds'),
    'learning-curve': w.t('courbe d’apprentissage', 'learning curve'),
    ablations: w.t('ablations', 'ablations'),
    'protected-attributes': w.t('attributs protégés', 'protected attributes'),
    attributions: w.t('attributions', 'attributions'),
    leaks: w.t('fuites', 'leaks'),
  })[part] ?? part;

export const reproductionChapter = ({ evidence, w }: ChapterContext): Chapter => {
  const { timings, served, notMeasured } = evidence;
  return {
    id: 'reproduction',
    title: w.t('Comment le refaire', 'How to do it again'),
    blocks: [
      prose(
        w.t(
          `Mêmes tables, même graine (${String(evidence.sample.seed)}), mêmes réglages : même version de modèle, ${evidence.modelVersion}, empreinte de ce qui a été appris et de quoi. Le fichier evidence.json, à côté de cette page, contient tous les nombres montrés.`,
          `The same tables, seed (${String(evidence.sample.seed)}) and settings give the same model version, ${evidence.modelVersion}, a hash of what was learnt and from what. The file evidence.json beside this page holds every number shown.`,
        ),
      ),
      tableBlock({
        caption: w.t(
          `Réglages (noms de LightGBM) ; ${w.int(served.numTrees)} arbres, ${w.int(served.numFeatures)} variables`,
          `Settings (LightGBM’s names); ${w.int(served.numTrees)} trees, ${w.int(served.numFeatures)} features`,
        ),
        columns: columns(w.t('Réglage', 'Setting'), w.t('Valeur', 'Value')),
        rows: Object.entries(served.hyperParameters).map(([name, value]) => [name, String(value).replaceAll(',', ', ')]),
      }),
      ...(timings.length === 0
        ? []
        : [
            tableBlock({
              caption: w.t('Temps écoulé par étape', 'Time taken by each part'),
              columns: columns(w.t('Étape', 'Part'), w.t('Durée', 'Duration')),
              rows: [
                ...timings.map(({ part, seconds }) => [partName(w, part), w.seconds(seconds)]),
                [w.t('Total', 'Total'), w.seconds(timings.reduce((sum, { seconds }) => sum + seconds, 0))],
              ],
            }),
          ]),
      ...(notMeasured.length === 0
        ? []
        : [heading(w.t('Ce qui n’a pas pu être mesuré', 'What could not be measured')), listBlock(notMeasured.map(({ reason }) => w.pick(reason)))]),
      heading(w.t('Mots', 'Words')),
      listBlock([
        w.t(
          'Hors pli : jugé par un modèle, et calibré par des marges, qui n’ont pas vu ce dossier.',
          'Out of fold: judged by a model, and calibrated by margins, that never saw the file.',
        ),
        w.t('Intervalle : de confiance à 95 %.', 'Interval: of 95% confidence.'),
        w.t(
          'AUC : probabilité qu’un impayé soit jugé plus risqué qu’un remboursé ; Gini = 2 · AUC − 1.',
          'AUC: probability that a defaulted file is judged riskier than a repaid one; Gini = 2 · AUC − 1.',
        ),
        w.t('Lift : taux de défaut d’un groupe rapporté au taux moyen.', 'Lift: default rate of a group over the average rate.'),
        w.t(
          'ECE : écart moyen entre estimation et taux observé, sur dix classes de même effectif.',
          'ECE: mean distance between estimate and observed rate, over ten bins of equal count.',
        ),
        w.t(
          'SHAP : part de l’estimation (en log-cotes) qui revient à une variable, les parts s’additionnant à l’estimation (Lundberg et al., 2020).',
          'SHAP: the part of the estimate (in log-odds) due to a feature; the parts add up to the estimate (Lundberg et al., 2020).',
        ),
        w.t(
          'WoE : poids d’évidence, au-dessus de zéro quand une classe est plus sûre que l’ensemble.',
          'WoE: weight of evidence, above zero where a bin is safer than the whole.',
        ),
      ]),
    ],
  };
};
