import type { Block, Chapter, FigureBlock } from '../block.ts';
import { claim, columns, prose } from '../block.ts';
import type { ChapterContext } from '../chapter-context.ts';
import { withInterval } from '../chapter-context.ts';

const maxBars = 20;

export const behaviourChapter = ({ evidence, w, feature }: ChapterContext): Chapter => {
  const { importance, interactions } = evidence;
  const shownFeatures = importance.features.slice(0, maxBars);
  const shownGroups = importance.reasonGroups.slice(0, maxBars);
  const topFive = importance.features.slice(0, 5).reduce((sum, { share }) => sum + share, 0);
  const [first] = importance.reasonGroups;
  const sampled = w.t(
    `${w.int(importance.rows)} dossiers tirés au sort, chacun expliqué par le modèle du pli qui ne l’a pas vu. Valeurs de SHAP exactes, en log-cotes.`,
    `${w.int(importance.rows)} files drawn at random, each explained by the fold’s model that never saw it. Exact SHAP values, in log-odds.`,
  );
  return {
    id: 'behaviour',
    title: w.t('Sur quoi le modèle s’appuie-t-il ?', 'What does the model lean on?'),
    blocks: [
      ...(first === undefined
        ? []
        : [
            claim(
              w.t(
                `« ${w.pick(first.label)} » pèse le plus : ${w.pct(first.share)} du total des motifs. Les cinq premières variables font ${w.pct(topFive)} du poids de toutes.`,
                `“${w.pick(first.label)}” weighs most: ${w.pct(first.share)} of the total over reasons. The first five features make ${w.pct(topFive)} of the weight of all.`,
              ),
            ),
          ]),
      {
        kind: 'figure',
        id: 'importance-groups',
        title: w.t('Importance par motif', 'Importance by reason'),
        caption: w.t(
          `${sampled} Les valeurs des variables dites ensemble sont d’abord additionnées, dossier par dossier.`,
          `${sampled} Values of features told together are added first, file by file.`,
        ),
        plots: [
          {
            title: w.t('Importance par motif', 'Importance by reason'),
            description: w.t('Moyenne des valeurs absolues de SHAP par motif.', 'Mean absolute SHAP value by reason.'),
            plot: {
              kind: 'bars',
              x: { title: w.t('|SHAP| moyen, log-cotes', 'Mean |SHAP|, log-odds'), format: '.2f' },
              rows: shownGroups.map(({ label, meanAbsoluteShap }) => ({ label: w.pick(label), value: meanAbsoluteShap.value })),
            },
          },
        ],
        table: {
          caption: w.t('Importance par motif', 'Importance by reason'),
          columns: columns(w.t('Motif', 'Reason'), w.t('Variables', 'Features'), w.t('|SHAP| moyen', 'Mean |SHAP|'), w.t('Part', 'Share')),
          rows: shownGroups.map(({ label, numFeatures, meanAbsoluteShap, share }) => [
            w.pick(label),
            w.int(numFeatures),
            withInterval(w, meanAbsoluteShap, 3),
            w.pct(share),
          ]),
        },
      },
      {
        kind: 'figure',
        id: 'importance-features',
        title: w.t(`Les ${w.int(shownFeatures.length)} variables qui pèsent le plus`, `The ${w.int(shownFeatures.length)} features that weigh most`),
        caption: sampled,
        plots: [
          {
            title: w.t('Importance par variable', 'Importance by feature'),
            description: w.t('Moyenne des valeurs absolues de SHAP par variable.', 'Mean absolute SHAP value by feature.'),
            plot: {
              kind: 'bars',
              x: { title: w.t('|SHAP| moyen, log-cotes', 'Mean |SHAP|, log-odds'), format: '.2f' },
              rows: shownFeatures.map(({ feature: name, meanAbsoluteShap }) => ({ label: feature(name), value: meanAbsoluteShap.value })),
            },
          },
        ],
        table: {
          caption: w.t('Importance par variable', 'Importance by feature'),
          columns: columns(w.t('Variable', 'Feature'), w.t('|SHAP| moyen', 'Mean |SHAP|'), w.t('Part', 'Share'), w.t('Rang', 'Rank')),
          rows: shownFeatures.map(({ feature: name, meanAbsoluteShap, share, rankLower, rankUpper }) => [
            feature(name),
            withInterval(w, meanAbsoluteShap, 3),
            w.pct(share),
            rankLower === rankUpper
              ? w.int(rankLower)
              : w.t(`${w.int(rankLower)} à ${w.int(rankUpper)}`, `${w.int(rankLower)} to ${w.int(rankUpper)}`),
          ]),
        },
      },
      prose(
        w.t(
          'Une importance dit ce que le modèle utilise, non ce qui cause un défaut.',
          'Importance says what the model uses, not what causes a default.',
        ),
      ),
      ...dependenceBlocks(evidence.dependence, w, feature, sampled),
      ...(interactions.length === 0
        ? []
        : [
            claim(
              w.t(
                `Interaction la plus forte parmi les variables qui pèsent le plus : ${feature(interactions[0]?.first ?? '')} avec ${feature(interactions[0]?.second ?? '')} (écart type ${w.num(interactions[0]?.deviation ?? 0, 3)} log-cotes, H = ${w.num(interactions[0]?.strength ?? 0, 2)}).`,
                `Strongest interaction among the features that weigh most: ${feature(interactions[0]?.first ?? '')} with ${feature(interactions[0]?.second ?? '')} (standard deviation ${w.num(interactions[0]?.deviation ?? 0, 3)} log-odds, H = ${w.num(interactions[0]?.strength ?? 0, 2)}).`,
              ),
            ),
            {
              kind: 'figure',
              id: 'interactions',
              title: w.t('Interactions', 'Interactions'),
              caption: w.t(
                'Ce que la somme des deux effets ne dit pas de leur effet conjoint. H de Friedman et Popescu (2008) : 0, les effets s’additionnent ; 1, tout est interaction. Modèle servi, dossiers tirés au sort.',
                'What the sum of two effects misses of their joint one. Friedman and Popescu’s H (2008): 0, the effects add up; 1, all is interaction. Served model, files drawn at random.',
              ),
              plots: [
                {
                  title: w.t('Interactions les plus fortes', 'Strongest interactions'),
                  description: w.t(
                    'Écart type de l’interaction par couple de variables.',
                    'Standard deviation of the interaction by pair of features.',
                  ),
                  plot: {
                    kind: 'bars',
                    x: { title: w.t('Écart type de l’interaction, log-cotes', 'Standard deviation of the interaction, log-odds'), format: '.2~f' },
                    rows: interactions
                      .slice(0, 10)
                      .map(({ first: a, second: b, deviation }) => ({ label: `${feature(a)} × ${feature(b)}`, value: deviation })),
                  },
                },
              ],
              table: {
                caption: w.t('Interactions', 'Interactions'),
                columns: columns(w.t('Couple', 'Pair'), 'H', w.t('Écart type, log-cotes', 'Standard deviation, log-odds')),
                rows: interactions
                  .slice(0, 10)
                  .map(({ first: a, second: b, strength, deviation }) => [`${feature(a)} × ${feature(b)}`, w.num(strength, 3), w.num(deviation, 3)]),
              },
            } satisfies FigureBlock,
          ]),
    ],
  };
};

/** Enough decimals for six ticks to differ. */
const formatFor = (values: readonly number[]): string => {
  const span = Math.max(...values) - Math.min(...values);
  if (span > 5000) return '~s';
  return span > 10 ? '.0f' : span > 1 ? '.1~f' : span > 0.1 ? '.2~f' : '.3~f';
};

const dependenceBlocks = (
  dependence: ChapterContext['evidence']['dependence'],
  w: ChapterContext['w'],
  feature: (name: string) => string,
  sampled: string,
): readonly Block[] => {
  const numbers = dependence.filter(({ kind }) => kind === 'number');
  const codes = dependence.filter(({ kind }) => kind === 'category');
  const pointsOf = ({ bins }: (typeof dependence)[number]) =>
    bins.flatMap(({ meanValue, meanShap, lowerShap, upperShap }) =>
      meanValue === null ? [] : [{ x: meanValue, y: meanShap, lower: lowerShap, upper: upperShap }],
    );
  const table = {
    caption: w.t('Effet par valeurs de la variable', 'Effect by values of the feature'),
    columns: [
      { title: w.t('Variable', 'Feature'), isNumber: false },
      { title: w.t('Valeurs', 'Values'), isNumber: false },
      ...columns('', w.t('Dossiers', 'Files'), w.t('SHAP moyen', 'Mean SHAP'), w.t('10 % – 90 %', '10% – 90%')).slice(1),
    ],
    rows: dependence.flatMap(({ feature: name, bins }) =>
      bins.map(({ label, rows, meanShap, lowerShap, upperShap }) => [
        feature(name),
        w.pick(label),
        w.int(rows),
        w.signed(meanShap, 3),
        `${w.signed(lowerShap, 2)}\u00a0–\u00a0${w.signed(upperShap, 2)}`,
      ]),
    ),
  };
  return [
    {
      kind: 'figure',
      id: 'dependence',
      title: w.t('Dépendance : comment chaque variable déplace l’estimation', 'Dependence: how each feature moves the estimate'),
      caption: w.t(
        `${sampled} Classes de même effectif ; bande : du 10ᵉ au 90ᵉ centile. Au-dessus de zéro, la valeur augmente le risque estimé.`,
        `${sampled} Bins of equal count; band: 10th to 90th percentile. Above zero the value increases the estimated risk.`,
      ),
      plots: [
        ...numbers.map((entry) => ({
          title: feature(entry.feature),
          description: w.t(`SHAP moyen selon la valeur : ${feature(entry.feature)}.`, `Mean SHAP by value: ${feature(entry.feature)}.`),
          plot: {
            kind: 'lines' as const,
            size: 'small' as const,
            x: { title: feature(entry.feature), format: formatFor(pointsOf(entry).map(({ x }) => x)) },
            y: { title: 'SHAP', format: formatFor(pointsOf(entry).flatMap(({ lower, upper }) => [lower, upper])) },
            series: [{ name: feature(entry.feature), mark: 'line-and-points' as const, points: pointsOf(entry) }],
            references: [{ kind: 'horizontal' as const, at: 0, label: '' }],
          },
        })),
        ...codes.map((entry) => ({
          title: feature(entry.feature),
          description: w.t(`SHAP moyen par catégorie : ${feature(entry.feature)}.`, `Mean SHAP by category: ${feature(entry.feature)}.`),
          plot: {
            kind: 'ranges' as const,
            size: 'small' as const,
            x: { title: 'SHAP', format: formatFor(entry.bins.flatMap(({ lowerShap, upperShap }) => [lowerShap, upperShap])) },
            rows: entry.bins.map(({ label, meanShap, lowerShap, upperShap }) => ({
              label: w.pick(label),
              value: meanShap,
              lower: lowerShap,
              upper: upperShap,
            })),
            references: [{ kind: 'vertical' as const, at: 0, label: '' }],
          },
        })),
      ],
      table,
    },
  ];
};
