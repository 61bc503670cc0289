import type { Chapter } from '../block.ts';
import { claim, columns, evenly, prose, tableBlock } from '../block.ts';
import type { ChapterContext } from '../chapter-context.ts';
import { withInterval, withPctInterval } from '../chapter-context.ts';

export const costChapter = ({ evidence, w, claims, allRows }: ChapterContext): Chapter => {
  const { cost, policyEffect } = evidence;
  const { greyZone } = policyEffect;
  const cheapestRule = Math.min(cost.approveAll, cost.declineAll);
  const saving = 1 - cost.atAnalyticThreshold.value / cheapestRule;
  return {
    id: 'cost',
    title: w.t('Le seuil est-il au bon endroit ?', 'Is the threshold in the right place?'),
    blocks: [
      prose(
        w.t(
          `Un crédit accordé puis impayé compte pour ${w.num(cost.falseNegative, 0)}, un bon client refusé pour ${w.num(cost.falsePositive, 0)}. Sur des probabilités calibrées, refuser coûte moins qu’accorder à partir de ${w.num(cost.falsePositive, 0)} / (${w.num(cost.falsePositive, 0)} + ${w.num(cost.falseNegative, 0)}) = ${w.pct(cost.analyticThreshold, 2)} (Elkan, 2001). Ce seuil découle des coûts seuls : aucune donnée ne l’a réglé.`,
          `A loan granted and not repaid counts ${w.num(cost.falseNegative, 0)}, a good client declined ${w.num(cost.falsePositive, 0)}. On calibrated probabilities declining costs less than approving from ${w.num(cost.falsePositive, 0)} / (${w.num(cost.falsePositive, 0)} + ${w.num(cost.falseNegative, 0)}) = ${w.pct(cost.analyticThreshold, 2)} on (Elkan, 2001). That threshold follows from the costs alone: no data tuned it.`,
        ),
      ),
      claim(
        saving > 0
          ? w.t(
              `À ce seuil, une demande coûte ${withInterval(w, cost.atAnalyticThreshold, 4)}, soit ${w.pct(saving)} de moins que la meilleure règle sans modèle (tout accorder : ${w.num(cost.approveAll, 4)} ; tout refuser : ${w.num(cost.declineAll, 4)}).`,
              `At that threshold an application costs ${withInterval(w, cost.atAnalyticThreshold, 4)}, ${w.pct(saving)} less than the best rule without a model (approve all: ${w.num(cost.approveAll, 4)}; decline all: ${w.num(cost.declineAll, 4)}).`,
            )
          : w.t(
              `À ce seuil, une demande coûte ${withInterval(w, cost.atAnalyticThreshold, 4)} : ce n’est pas mieux que la meilleure règle sans modèle (tout accorder : ${w.num(cost.approveAll, 4)} ; tout refuser : ${w.num(cost.declineAll, 4)}).`,
              `At that threshold an application costs ${withInterval(w, cost.atAnalyticThreshold, 4)}: no better than the best rule without a model (approve all: ${w.num(cost.approveAll, 4)}; decline all: ${w.num(cost.declineAll, 4)}).`,
            ),
        saving > 0 ? 'plain' : 'bad',
      ),
      ...claims('threshold-optimal'),
      ...claims('cost-ahead'),
      {
        kind: 'figure',
        id: 'cost-curve',
        title: w.t('Coût par demande selon le seuil', 'Cost per application by threshold'),
        caption: w.t(
          `${allRows}, propositions du modèle avant règles et zone grise. Optimum empirique : ${withPctInterval(w, cost.empiricalThreshold, 2)}, coût ${w.num(cost.empiricalCost, 4)} ; intervalle : bootstrap, ${w.int(cost.bootstrapReplicates)} tirages.${greyZone === null ? '' : ' Bande : la zone grise.'}`,
          `${allRows}, the model’s proposals before rules and grey zone. Empirical optimum: ${withPctInterval(w, cost.empiricalThreshold, 2)}, cost ${w.num(cost.empiricalCost, 4)}; interval: bootstrap, ${w.int(cost.bootstrapReplicates)} draws.${greyZone === null ? '' : ' Band: the grey zone.'}`,
        ),
        plots: [
          {
            title: w.t('Courbe de coût', 'Cost curve'),
            description: w.t(
              `Coût par demande selon le seuil de refus ; le plus bas près de ${w.pct(cost.empiricalThreshold.value)}.`,
              `Cost per application by the threshold of refusal; lowest near ${w.pct(cost.empiricalThreshold.value)}.`,
            ),
            plot: {
              kind: 'lines',
              x: { title: w.t('Seuil de refus', 'Threshold of refusal'), format: '.0%', domain: [0, Math.min(1, 4 * cost.analyticThreshold)] },
              y: { title: w.t('Coût par demande', 'Cost per application'), format: '.2f' },
              series: [
                {
                  name: w.t('modèle', 'model'),
                  mark: 'line',
                  points: cost.curve
                    .filter(({ threshold }) => threshold <= Math.min(1, 4 * cost.analyticThreshold))
                    .map(({ threshold, costPerApplication }) => ({ x: threshold, y: costPerApplication })),
                },
              ],
              references: [
                { kind: 'vertical', at: cost.analyticThreshold, label: w.t('seuil analytique', 'analytic threshold') },
                { kind: 'horizontal', at: cost.approveAll, label: w.t('tout accorder', 'approve all') },
              ],
              ...(greyZone === null ? {} : { zone: { from: greyZone.lower, to: greyZone.upper, label: w.t('zone grise', 'grey zone') } }),
            },
          },
        ],
        table: {
          caption: w.t('Points de la courbe', 'Points of the curve'),
          columns: columns(
            w.t('Seuil', 'Threshold'),
            w.t('Coût par demande', 'Cost per application'),
            w.t('Demandes accordées', 'Applications approved'),
          ),
          rows: evenly(
            cost.curve.filter(({ threshold }) => threshold <= Math.min(1, 4 * cost.analyticThreshold)),
            9,
          ).map(({ threshold, costPerApplication, approvalRate }) => [w.pct(threshold, 2), w.num(costPerApplication, 4), w.pct(approvalRate)]),
        },
      },
      tableBlock({
        caption: w.t(
          'Par pli : coût au seuil fixé d’avance et au meilleur seuil connu après coup',
          'By fold: cost at the threshold fixed beforehand and at the best one known afterwards',
        ),
        columns: columns(w.t('Pli', 'Fold'), w.t('Fixé d’avance', 'Fixed beforehand'), w.t('Après coup', 'In hindsight'), w.t('Rapport', 'Ratio')),
        rows: cost.ahead.byFold.map(({ fold, fixed, hindsight }) => [
          w.int(fold + 1),
          w.num(fixed, 4),
          w.num(hindsight, 4),
          hindsight > 0 ? w.num(fixed / hindsight, 3) : '–',
        ]),
      }),
    ],
  };
};
