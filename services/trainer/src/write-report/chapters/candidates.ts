import type { Block, Chapter } from '../block.ts';
import { claim, columns, prose, tableBlock } from '../block.ts';
import type { ChapterContext } from '../chapter-context.ts';
import { isDecided, withInterval, withSignedInterval } from '../chapter-context.ts';
import type { ReportLanguage } from '../report-language.ts';

export const candidateName = (w: ReportLanguage, name: string): string =>
  ({
    constant: w.t('Taux constant', 'Constant rate'),
    scorecard: w.t('Carte de score logistique', 'Logistic scorecard'),
    'boosted-unconstrained': w.t('Arbres boostés, sans contrainte', 'Boosted trees, unconstrained'),
    'boosted-monotone': w.t('Arbres boostés, monotones', 'Boosted trees, monotone'),
  })[name] ?? name;

export const candidatesChapter = ({ evidence, w, feature, claims, allRows }: ChapterContext): Chapter => {
  const { candidates, servedChoice, search } = evidence;
  const served = candidates.find(({ isServed }) => isServed);
  const ranked = candidates.flatMap(({ rocAuc, ...candidate }) => (rocAuc === null ? [] : [{ ...candidate, rocAuc }]));
  const name = (code: string): string => candidateName(w, code);
  return {
    id: 'candidates',
    title: w.t('Un modèle plus simple suffirait-il ?', 'Would a simpler model do?'),
    blocks: [
      prose(
        w.t(
          'Du plus simple au plus complexe, tous sur les mêmes plis, calibrés de la même façon et comparés dossier par dossier.',
          'From simple to complex, all on the same folds, calibrated in the same way and compared file by file.',
        ),
      ),
      ...claims('beats-scorecard'),
      ...candidates
        .filter(({ isServed, name: code }) => !isServed && code !== 'constant')
        .flatMap(({ name: code, logLossChange }): readonly Block[] => {
          if (logLossChange === null || served === undefined) return [];
          const difference = withSignedInterval(w, logLossChange, 5);
          if (!isDecided(logLossChange))
            return [
              claim(
                w.t(
                  `${name(code)} : l’écart de perte logarithmique avec le modèle servi, ${difference}, n’est pas établi.`,
                  `${name(code)}: the difference in log loss to the served model, ${difference}, is not decided.`,
                ),
              ),
            ];
          return [
            claim(
              logLossChange.value > 0
                ? w.t(
                    `${name(code)} : perte logarithmique plus élevée que celle du modèle servi : ${difference}.`,
                    `${name(code)}: higher log loss than the served model: ${difference}.`,
                  )
                : w.t(
                    `${name(code)} : perte logarithmique plus basse que celle du modèle servi : ${difference}.`,
                    `${name(code)}: lower log loss than the served model: ${difference}.`,
                  ),
              logLossChange.value > 0 ? 'plain' : 'open',
            ),
          ];
        }),
      {
        kind: 'figure',
        id: 'candidates',
        title: w.t('AUC du plus simple au plus complexe', 'AUC from simple to complex'),
        caption: w.t(
          `${allRows}, ${w.int(evidence.sample.folds)} plis communs. AUC : DeLong ; écarts d’AUC : DeLong apparié ; écarts de perte : moyenne appariée, intervalle normal.`,
          `${allRows}, ${w.int(evidence.sample.folds)} common folds. AUC: DeLong; differences in AUC: paired DeLong; in loss: paired mean, normal interval.`,
        ),
        plots: [
          {
            title: w.t('AUC des candidats', 'AUC of the candidates'),
            description: ranked.map(({ name: code, rocAuc }) => `${name(code)}: ${withInterval(w, rocAuc, 3)}`).join('; '),
            plot: {
              kind: 'ranges',
              x: { title: 'AUC', format: '.3f' },
              rows: ranked.map(({ name: code, rocAuc }) => ({ label: name(code), ...rocAuc })),
              ...(served?.rocAuc === null || served === undefined ? {} : { references: [{ kind: 'vertical', at: served.rocAuc.value, label: '' }] }),
            },
          },
        ],
        table: {
          caption: w.t('Qualité des candidats', 'Quality of the candidates'),
          columns: columns(
            w.t('Modèle', 'Model'),
            'AUC',
            w.t('Écart d’AUC', 'AUC difference'),
            w.t('Précision moyenne', 'Average precision'),
            w.t('Perte log.', 'Log loss'),
            'Brier',
            'ECE',
            w.t('Coût par demande', 'Cost per application'),
          ),
          rows: candidates.map((candidate) => [
            candidate.isServed ? w.t(`${name(candidate.name)} (servi)`, `${name(candidate.name)} (served)`) : name(candidate.name),
            candidate.rocAuc === null ? w.num(0.5, 3) : withInterval(w, candidate.rocAuc, 3),
            candidate.rocAucChange === null ? '–' : withSignedInterval(w, candidate.rocAucChange, 4),
            w.num(candidate.averagePrecision, 3),
            w.num(candidate.logLoss, 5),
            w.num(candidate.brierScore, 5),
            w.num(candidate.expectedCalibrationError, 4),
            w.num(candidate.costPerApplication, 4),
          ]),
        },
      },
      tableBlock({
        caption: w.t('Ce que coûte chaque candidat', 'What each candidate costs'),
        columns: columns(
          w.t('Modèle', 'Model'),
          w.t('Variables', 'Features'),
          w.t('Constantes apprises', 'Constants learnt'),
          w.t('Temps de calcul', 'Processor time'),
          w.t('Écart de coût par demande', 'Difference in cost per application'),
        ),
        rows: candidates.map(({ name: code, numFeatures, numParameters, seconds, costChange }) => [
          name(code),
          w.int(numFeatures),
          w.int(numParameters),
          w.seconds(seconds),
          withSignedInterval(w, costChange, 4),
        ]),
      }),
      ...servedChoiceBlocks(servedChoice, w, feature),
      ...(search === null
        ? [
            prose(
              w.t(
                'Aucune recherche d’hyperparamètres n’a été demandée : les réglages sont ceux de la maison.',
                'No search over hyper-parameters was asked for: the settings are the house’s.',
              ),
            ),
          ]
        : [
            claim(
              w.t(
                `Recherche d’hyperparamètres : ${w.int(search.trials.length)} essais jugés sur des découpes internes. AUC avec recherche imbriquée : ${withInterval(w, search.nestedRocAuc, 4)} ; avec les réglages habituels : ${withInterval(w, search.usualRocAuc, 4)}.`,
                `Search over hyper-parameters: ${w.int(search.trials.length)} trials judged on inner splits. AUC with nested search: ${withInterval(w, search.nestedRocAuc, 4)}; with the usual settings: ${withInterval(w, search.usualRocAuc, 4)}.`,
              ),
            ),
          ]),
    ],
  };
};

const servedChoiceBlocks = (
  { served, increasing, decreasing, rocAucChange, allowance }: ChapterContext['evidence']['servedChoice'],
  w: ReportLanguage,
  feature: (name: string) => string,
): readonly Block[] => {
  if (rocAucChange === null)
    return [
      prose(
        w.t(
          'Aucune variable n’a de sens imposé : les deux modèles boostés seraient le même.',
          'No feature has a demanded direction: both boosted models would be the same.',
        ),
      ),
    ];
  const difference = withSignedInterval(w, rocAucChange, 4);
  return [
    claim(
      served === 'boosted-monotone'
        ? w.t(
            `Le modèle monotone est servi : son écart d’AUC avec le modèle sans contrainte est de ${difference}, dans la tolérance déclarée de ${w.num(allowance, 4)}.`,
            `The monotone model is served: its AUC differs from the unconstrained one’s by ${difference}, within the declared allowance of ${w.num(allowance, 4)}.`,
          )
        : w.t(
            `Le modèle sans contrainte est servi : le modèle monotone perdrait plus que la tolérance de ${w.num(allowance, 4)} (${difference}).`,
            `The unconstrained model is served: the monotone one would lose more than the allowance of ${w.num(allowance, 4)} (${difference}).`,
          ),
    ),
    prose(
      w.t(
        `Sens que le métier attend, toutes choses égales${served === 'boosted-monotone' ? ', et que le modèle tient' : ', que le modèle servi n’est pas tenu de suivre'}. Augmentent le risque : ${increasing.length === 0 ? 'aucune' : w.list(increasing.map(feature))}. Le diminuent : ${decreasing.length === 0 ? 'aucune' : w.list(decreasing.map(feature))}.`,
        `Directions that credit sense expects, all else equal${served === 'boosted-monotone' ? ', and that the model holds to' : ', which the served model need not follow'}. Increase risk: ${increasing.length === 0 ? 'none' : w.list(increasing.map(feature))}. Decrease it: ${decreasing.length === 0 ? 'none' : w.list(decreasing.map(feature))}.`,
      ),
    ),
  ];
};
