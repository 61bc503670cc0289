import type { Block, Chapter } from '../block.ts';
import { claim, columns, prose } from '../block.ts';
import type { ChapterContext } from '../chapter-context.ts';
import { withInterval } from '../chapter-context.ts';

const spreadOf = (values: readonly number[]): number => Math.max(...values) - Math.min(...values);

export const stabilityChapter = ({ evidence, w, allRows }: ChapterContext): Chapter => {
  const { stability, learningCurve, notMeasured } = evidence;
  const aucs = stability.folds.map(({ rocAuc }) => rocAuc.value);
  const seedAucs = stability.seeds.map(({ rocAuc }) => rocAuc.value);
  const changed = Math.max(0, ...stability.seeds.map(({ changedProposals }) => changedProposals));
  const last = learningCurve.at(-1);
  const beforeLast = learningCurve.at(-2);
  const noTime = notMeasured.find(({ study }) => study === 'time');
  return {
    id: 'stability',
    title: w.t('Le résultat tient-il d’un échantillon à l’autre ?', 'Does the result hold from one sample to the next?'),
    blocks: [
      claim(
        w.t(
          `D’un pli à l’autre, l’AUC va de ${w.num(Math.min(...aucs), 3)} à ${w.num(Math.max(...aucs), 3)}.`,
          `From fold to fold the AUC goes from ${w.num(Math.min(...aucs), 3)} to ${w.num(Math.max(...aucs), 3)}.`,
        ),
      ),
      {
        kind: 'figure',
        id: 'folds',
        title: w.t('AUC par pli', 'AUC by fold'),
        caption: w.t(`${allRows}. Intervalles : DeLong. Ligne : AUC d’ensemble.`, `${allRows}. Intervals: DeLong. Line: AUC of all rows.`),
        plots: [
          {
            title: w.t('AUC par pli', 'AUC by fold'),
            description: stability.folds.map(({ fold, rocAuc }) => `${w.t('pli', 'fold')} ${fold + 1}: ${w.num(rocAuc.value, 3)}`).join('; '),
            plot: {
              kind: 'ranges',
              x: { title: 'AUC', format: '.3f' },
              rows: stability.folds.map(({ fold, rocAuc }) => ({ label: `${w.t('Pli', 'Fold')} ${fold + 1}`, ...rocAuc })),
              references: [{ kind: 'vertical', at: evidence.discrimination.rocAuc.value, label: '' }],
            },
          },
        ],
        table: {
          caption: w.t('Par pli', 'By fold'),
          columns: columns(
            w.t('Pli', 'Fold'),
            w.t('Dossiers', 'Files'),
            w.t('Impayés', 'Defaulted'),
            'AUC',
            w.t('Observé sur prévu', 'Observed over expected'),
          ),
          rows: stability.folds.map(({ fold, rows, defaulted, rocAuc, observedToExpected }) => [
            w.int(fold + 1),
            w.int(rows),
            w.int(defaulted),
            withInterval(w, rocAuc, 3),
            withInterval(w, observedToExpected, 2),
          ]),
        },
      },
      ...(stability.seeds.length < 2
        ? [prose(w.t('La validation croisée n’a pas été répétée avec d’autres graines.', 'The cross-validation was not repeated with other seeds.'))]
        : ([
            claim(
              w.t(
                `Plis et modèle retirés au sort avec ${w.int(stability.seeds.length)} graines : l’AUC varie de ${w.num(spreadOf(seedAucs), 4)} ; au plus ${w.pct(changed)} des propositions changent.`,
                `Folds and model redrawn from ${w.int(stability.seeds.length)} seeds: the AUC varies by ${w.num(spreadOf(seedAucs), 4)}; at most ${w.pct(changed)} of proposals change.`,
              ),
            ),
            {
              kind: 'table',
              table: {
                caption: w.t('Par graine', 'By seed'),
                columns: columns(w.t('Graine', 'Seed'), 'AUC', w.t('Perte log.', 'Log loss'), w.t('Propositions changées', 'Proposals changed')),
                rows: stability.seeds.map(({ seed, rocAuc, logLoss, changedProposals }) => [
                  String(seed),
                  withInterval(w, rocAuc, 4),
                  w.num(logLoss, 5),
                  w.pct(changedProposals),
                ]),
              },
            },
          ] satisfies readonly Block[])),
      ...(stability.months === null
        ? [
            prose(
              noTime === undefined
                ? w.t('La stabilité dans le temps n’est pas mesurée.', 'Stability over time is not measured.')
                : w.pick(noTime.reason),
            ),
          ]
        : ([
            {
              kind: 'figure',
              id: 'months',
              title: w.t('Par mois de demande', 'By month of application'),
              caption: w.t(`${allRows}. PSI des estimations du mois contre l’ensemble.`, `${allRows}. PSI of the month’s estimates against all.`),
              plots: [
                {
                  title: w.t('AUC par mois', 'AUC by month'),
                  description: w.t('AUC et son intervalle par mois.', 'AUC and its interval by month.'),
                  plot: {
                    kind: 'ranges',
                    x: { title: 'AUC', format: '.3f' },
                    rows: stability.months.flatMap(({ month, rocAuc }) => (rocAuc === null ? [] : [{ label: month, ...rocAuc }])),
                    references: [{ kind: 'vertical', at: evidence.discrimination.rocAuc.value, label: '' }],
                  },
                },
              ],
              table: {
                caption: w.t('Par mois', 'By month'),
                columns: columns(
                  w.t('Mois', 'Month'),
                  w.t('Dossiers', 'Files'),
                  w.t('Taux de défaut', 'Default rate'),
                  'AUC',
                  w.t('Observé sur prévu', 'Observed over expected'),
                  'PSI',
                ),
                rows: stability.months.map(({ month, rows, defaultRate, rocAuc, observedToExpected, psi }) => [
                  month,
                  w.int(rows),
                  w.pct(defaultRate),
                  rocAuc === null ? '–' : withInterval(w, rocAuc, 3),
                  observedToExpected === null ? '–' : withInterval(w, observedToExpected, 2),
                  w.num(psi, 3),
                ]),
              },
            },
          ] satisfies readonly Block[])),
      ...(last === undefined || beforeLast === undefined
        ? [prose(w.t('La courbe d’apprentissage n’est pas mesurée.', 'The learning curve is not measured.'))]
        : ([
            claim(
              w.t(
                `Courbe d’apprentissage : de ${w.int(beforeLast.rows)} à ${w.int(last.rows)} dossiers appris, l’AUC passe de ${w.num(beforeLast.rocAuc.value, 3)} à ${w.num(last.rocAuc.value, 3)} ; ${last.rocAuc.value > beforeLast.rocAuc.value + 0.001 ? 'davantage de données aideraient encore' : 'davantage de données n’apporteraient guère'}. Sur les dossiers appris eux-mêmes, elle vaut ${w.num(last.trainRocAuc, 3)}.`,
                `Learning curve: from ${w.int(beforeLast.rows)} to ${w.int(last.rows)} files learnt from, the AUC goes from ${w.num(beforeLast.rocAuc.value, 3)} to ${w.num(last.rocAuc.value, 3)}; ${last.rocAuc.value > beforeLast.rocAuc.value + 0.001 ? 'more data would still help' : 'more data would hardly help'}. On the files learnt from it is ${w.num(last.trainRocAuc, 3)}.`,
              ),
            ),
            {
              kind: 'figure',
              id: 'learning-curve',
              title: w.t('Courbe d’apprentissage', 'Learning curve'),
              caption: w.t(
                'Mêmes dossiers jugés, modèles appris sur moins des autres. Intervalles : DeLong.',
                'The same files judged, models that learnt from fewer of the others. Intervals: DeLong.',
              ),
              plots: [
                {
                  title: w.t('Courbe d’apprentissage', 'Learning curve'),
                  description: w.t('AUC selon le nombre de dossiers appris.', 'AUC by the number of files learnt from.'),
                  plot: {
                    kind: 'lines',
                    x: { title: w.t('Dossiers appris', 'Files learnt from'), format: '~s' },
                    y: { title: 'AUC', format: '.2f' },
                    series: [
                      {
                        name: w.t('dossiers jugés', 'files judged'),
                        mark: 'line-and-points',
                        points: learningCurve.map(({ rows, rocAuc: { value, lower, upper } }) => ({ x: rows, y: value, lower, upper })),
                      },
                      {
                        name: w.t('dossiers appris', 'files learnt from'),
                        mark: 'line-and-points',
                        points: learningCurve.map(({ rows, trainRocAuc }) => ({ x: rows, y: trainRocAuc })),
                      },
                    ],
                  },
                },
              ],
              table: {
                caption: w.t('Points de la courbe', 'Points of the curve'),
                columns: columns(
                  w.t('Dossiers appris', 'Files learnt from'),
                  'AUC',
                  w.t('AUC sur les dossiers appris', 'AUC on files learnt from'),
                  w.t('Perte log.', 'Log loss'),
                ),
                rows: learningCurve.map(({ rows, rocAuc, trainRocAuc, logLoss }) => [
                  w.int(rows),
                  withInterval(w, rocAuc, 3),
                  w.num(trainRocAuc, 3),
                  w.num(logLoss, 5),
                ]),
              },
            },
          ] satisfies readonly Block[])),
    ],
  };
};
