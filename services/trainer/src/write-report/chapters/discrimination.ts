import type { Chapter } from '../block.ts';
import { claim, columns, evenly, prose } from '../block.ts';
import type { ChapterContext } from '../chapter-context.ts';
import { withInterval, withPctInterval } from '../chapter-context.ts';

export const discriminationChapter = ({ evidence, w, claims, allRows }: ChapterContext): Chapter => {
  const { rocAuc, gini, ks, ksProbability, averagePrecision, rocCurve, precisionRecallCurve, distribution, deciles } = evidence.discrimination;
  const { sample } = evidence;
  const [first] = deciles;
  const third = deciles[2];
  const ranks = rocAuc.lower > 0.5;
  return {
    id: 'discrimination',
    title: w.t('Le modèle distingue-t-il les bons dossiers des mauvais ?', 'Does the model tell good files from bad ones?'),
    blocks: [
      claim(
        ranks
          ? w.t(
              `Tiré au hasard, un dossier impayé reçoit une estimation plus haute qu’un dossier remboursé ${w.pct(rocAuc.value)} du temps ; AUC ${withInterval(w, rocAuc, 3)}.`,
              `A defaulted file drawn at random is estimated riskier than a repaid one ${w.pct(rocAuc.value)} of the time; AUC ${withInterval(w, rocAuc, 3)}.`,
            )
          : w.t(
              `Le modèle ne classe pas mieux que le hasard : AUC ${withInterval(w, rocAuc, 3)}.`,
              `The model ranks no better than chance: AUC ${withInterval(w, rocAuc, 3)}.`,
            ),
        ranks ? 'plain' : 'bad',
      ),
      ...claims('ranks-better-than-single-feature'),
      ...claims('plausible-roc-auc'),
      prose(
        w.t(
          `Gini : ${withInterval(w, gini, 3)}. KS : ${w.num(ks, 3)}, atteint à une estimation de ${w.pct(ksProbability)}. Précision moyenne : ${withInterval(w, averagePrecision, 3)} ; un classement au hasard atteindrait le taux de défaut, ${w.pct(sample.defaultRate.value)}.`,
          `Gini: ${withInterval(w, gini, 3)}. KS: ${w.num(ks, 3)}, reached at an estimate of ${w.pct(ksProbability)}. Average precision: ${withInterval(w, averagePrecision, 3)}; a random ranking would reach the default rate, ${w.pct(sample.defaultRate.value)}.`,
        ),
      ),
      {
        kind: 'figure',
        id: 'roc',
        title: w.t('Courbes ROC et précision–rappel', 'ROC and precision–recall curves'),
        caption: w.t(
          `${allRows}. Intervalle de l’AUC : DeLong ; de la précision moyenne : Boyd, Eng et Page (2013). La diagonale est le hasard.`,
          `${allRows}. Interval of the AUC: DeLong; of the average precision: Boyd, Eng and Page (2013). The diagonal is chance.`,
        ),
        plots: [
          {
            title: w.t('Courbe ROC', 'ROC curve'),
            description: w.t(
              `Sensibilité selon le taux de faux positifs ; aire ${w.num(rocAuc.value, 3)}.`,
              `True-positive rate by false-positive rate; area ${w.num(rocAuc.value, 3)}.`,
            ),
            plot: {
              kind: 'lines',
              size: 'small',
              x: { title: w.t('Remboursés refusés', 'Repaid declined'), format: '.0%', domain: [0, 1] },
              y: { title: w.t('Impayés refusés', 'Defaulted declined'), format: '.0%', domain: [0, 1] },
              series: [
                {
                  name: w.t('modèle', 'model'),
                  mark: 'line',
                  points: rocCurve.map(({ falsePositiveRate, truePositiveRate }) => ({ x: falsePositiveRate, y: truePositiveRate })),
                },
              ],
              references: [{ kind: 'diagonal', label: w.t('hasard', 'chance') }],
            },
          },
          {
            title: w.t('Courbe précision–rappel', 'Precision–recall curve'),
            description: w.t(
              `Précision selon le rappel ; précision moyenne ${w.num(averagePrecision.value, 3)}.`,
              `Precision by recall; average precision ${w.num(averagePrecision.value, 3)}.`,
            ),
            plot: {
              kind: 'lines',
              size: 'small',
              x: { title: w.t('Part des impayés repérés (rappel)', 'Share of defaults found (recall)'), format: '.0%', domain: [0, 1] },
              y: { title: w.t('Précision', 'Precision'), format: '.0%' },
              series: [
                {
                  name: w.t('modèle', 'model'),
                  mark: 'line',
                  points: precisionRecallCurve.map(({ recall, precision }) => ({ x: recall, y: precision })),
                },
              ],
              references: [{ kind: 'horizontal', at: sample.defaultRate.value, label: w.t('hasard', 'chance') }],
            },
          },
        ],
        table: {
          caption: w.t('Points de la courbe ROC', 'Points of the ROC curve'),
          columns: columns(w.t('Remboursés refusés', 'Repaid declined'), w.t('Impayés refusés', 'Defaulted declined')),
          rows: evenly(rocCurve, 9).map(({ falsePositiveRate, truePositiveRate }) => [w.pct(falsePositiveRate), w.pct(truePositiveRate)]),
        },
      },
      {
        kind: 'figure',
        id: 'ks',
        title: w.t('Répartition des estimations dans les deux classes', 'Distribution of estimates in both classes'),
        caption: w.t(
          `${allRows}. Fonctions de répartition ; leur plus grand écart est la statistique de Kolmogorov–Smirnov.`,
          `${allRows}. Distribution functions; their greatest gap is the Kolmogorov–Smirnov statistic.`,
        ),
        plots: [
          {
            title: w.t('Répartition des estimations', 'Distribution of estimates'),
            description: w.t(
              `Parts cumulées des remboursés et des impayés ; plus grand écart ${w.num(ks, 3)} à ${w.pct(ksProbability)}.`,
              `Cumulative shares of repaid and defaulted; greatest gap ${w.num(ks, 3)} at ${w.pct(ksProbability)}.`,
            ),
            plot: {
              kind: 'lines',
              x: { title: w.t('Probabilité de défaut estimée', 'Estimated probability of default'), format: '.1~%', scale: 'log' },
              y: { title: w.t('Part cumulée', 'Cumulative share'), format: '.0%', domain: [0, 1] },
              series: [
                {
                  name: w.t('remboursés', 'repaid'),
                  mark: 'line',
                  points: distribution
                    .filter(({ probability }) => probability > 0)
                    .map(({ probability, repaidShare }) => ({ x: probability, y: repaidShare })),
                },
                {
                  name: w.t('impayés', 'defaulted'),
                  mark: 'line',
                  points: distribution
                    .filter(({ probability }) => probability > 0)
                    .map(({ probability, defaultedShare }) => ({ x: probability, y: defaultedShare })),
                },
              ],
              references: [{ kind: 'vertical', at: ksProbability, label: 'KS' }],
            },
          },
        ],
        table: {
          caption: w.t('Parts cumulées', 'Cumulative shares'),
          columns: columns(
            w.t('Estimation jusqu’à', 'Estimate up to'),
            w.t('Remboursés', 'Repaid'),
            w.t('Impayés', 'Defaulted'),
            w.t('Écart', 'Gap'),
          ),
          rows: evenly(distribution, 9).map(({ probability, repaidShare, defaultedShare }) => [
            w.pct(probability),
            w.pct(repaidShare),
            w.pct(defaultedShare),
            w.num(repaidShare - defaultedShare, 3),
          ]),
        },
      },
      ...(first === undefined
        ? []
        : [
            claim(
              w.t(
                `Le dixième le plus risqué compte ${w.num(first.lift, 1)} fois le taux de défaut moyen et contient ${w.pct(first.cumulativeCapture)} des impayés${third === undefined ? '' : ` ; les trois premiers dixièmes en contiennent ${w.pct(third.cumulativeCapture)}`}.`,
                `The riskiest tenth has ${w.num(first.lift, 1)} times the average default rate and holds ${w.pct(first.cumulativeCapture)} of all defaults${third === undefined ? '' : `; the riskiest three tenths hold ${w.pct(third.cumulativeCapture)}`}.`,
              ),
            ),
          ]),
      {
        kind: 'figure',
        id: 'deciles',
        title: w.t('Taux de défaut par décile d’estimation', 'Default rate by decile of the estimate'),
        caption: w.t(
          `${allRows}. Décile 1 : les dossiers les plus risqués selon le modèle. Intervalles : Wilson.`,
          `${allRows}. Decile 1: the riskiest files by the model. Intervals: Wilson.`,
        ),
        plots: [
          {
            title: w.t('Taux de défaut par décile', 'Default rate by decile'),
            description: w.t(
              `Taux observé et estimation moyenne, du décile le plus risqué au moins risqué.`,
              `Observed rate and mean estimate, from the riskiest decile to the safest.`,
            ),
            plot: {
              kind: 'lines',
              x: { title: w.t('Décile', 'Decile'), format: 'd', domain: [0.5, deciles.length + 0.5] },
              y: { title: w.t('Taux de défaut', 'Default rate'), format: '.0%' },
              series: [
                {
                  name: w.t('observé', 'observed'),
                  mark: 'points',
                  points: deciles.map(({ decile, defaultRate: { value, lower, upper } }) => ({ x: decile, y: value, lower, upper })),
                },
                {
                  name: w.t('estimation moyenne', 'mean estimate'),
                  mark: 'line',
                  points: deciles.map(({ decile, meanProbability }) => ({ x: decile, y: meanProbability })),
                },
              ],
              references: [{ kind: 'horizontal', at: sample.defaultRate.value, label: w.t('taux moyen', 'average rate') }],
            },
          },
        ],
        table: {
          caption: w.t('Déciles, du plus risqué au moins risqué', 'Deciles, riskiest first'),
          columns: columns(
            w.t('Décile', 'Decile'),
            w.t('Dossiers', 'Files'),
            w.t('Impayés', 'Defaulted'),
            w.t('Estimation moyenne', 'Mean estimate'),
            w.t('Taux observé', 'Observed rate'),
            w.t('Lift', 'Lift'),
            w.t('Impayés cumulés', 'Defaults so far'),
            w.t('Observé sur prévu', 'Observed over expected'),
          ),
          rows: deciles.map((decile) => [
            w.int(decile.decile),
            w.int(decile.rows),
            w.num(decile.defaulted, Number.isInteger(decile.defaulted) ? 0 : 1),
            w.pct(decile.meanProbability),
            withPctInterval(w, decile.defaultRate),
            w.num(decile.lift, 2),
            w.pct(decile.cumulativeCapture),
            withInterval(w, decile.observedToExpected, 2),
          ]),
        },
      },
    ],
  };
};
