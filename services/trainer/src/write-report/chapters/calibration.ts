import type { Chapter } from '../block.ts';
import { claim, columns, prose, tableBlock } from '../block.ts';
import type { ChapterContext } from '../chapter-context.ts';
import { isDecided, withInterval, withPctInterval, withSignedInterval } from '../chapter-context.ts';

const methodName = (w: ChapterContext['w'], method: string): string =>
  ({ affine: w.t('affine sur la marge', 'affine on the margin'), isotonic: w.t('isotonique', 'isotonic'), beta: w.t('bêta', 'beta') })[method] ??
  method;

export const calibrationChapter = ({ evidence, w, claims, allRows }: ChapterContext): Chapter => {
  const { intercept, inTheLarge, spiegelhalter, observedToExpected, aroundThreshold, reliability, brier, methods } = evidence.calibration;
  const { deciles } = evidence.discrimination;
  const misjudged = deciles.filter(({ observedToExpected: ratio }) => ratio !== null && (ratio.lower > 1 || ratio.upper < 1));
  const better = methods.filter(({ logLossChange }) => logLossChange !== null && logLossChange.upper < 0);
  const greatest = Math.max(...reliability.flatMap(({ meanProbability, defaultRate }) => [meanProbability, defaultRate.upper]), 0.01);
  const top = Math.min(1, Math.ceil(greatest * 20) / 20);
  return {
    id: 'calibration',
    title: w.t('Une estimation de 10 % veut-elle dire 10 % ?', 'Does an estimate of 10% mean 10%?'),
    blocks: [
      ...claims('calibration-slope'),
      ...claims('calibration-error'),
      ...claims('observed-to-expected-top-decile'),
      ...claims('observed-to-expected-around-threshold'),
      ...(misjudged.length === 0
        ? [
            claim(
              w.t(
                'Dans aucun décile l’intervalle de l’observé sur prévu n’exclut 1.',
                'In no decile does the interval of observed over expected exclude 1.',
              ),
              'good',
            ),
          ]
        : [
            claim(
              w.t(
                `Déciles dont l’intervalle exclut 1 (1 : le plus risqué), sur ${w.int(deciles.length)} : ${w.list(misjudged.map(({ decile, observedToExpected: ratio }) => `${w.int(decile)}, observé sur prévu ${withInterval(w, ratio, 2)}`))}.`,
                `Deciles whose interval excludes 1 (1: the riskiest), of ${w.int(deciles.length)}: ${w.list(misjudged.map(({ decile, observedToExpected: ratio }) => `${w.int(decile)}, observed over expected ${withInterval(w, ratio, 2)}`))}.`,
              ),
              'open',
            ),
          ]),
      prose(
        w.t(
          `Ordonnée à l’origine : ${withSignedInterval(w, intercept, 3)} ; à pente 1 : ${withSignedInterval(w, inTheLarge, 3)}. Défauts observés sur prévus, tous dossiers : ${withInterval(w, observedToExpected, 3)}. Autour du seuil : ${w.int(aroundThreshold.rows)} dossiers dont l’estimation est comprise entre ${w.pct(aroundThreshold.lower)} et ${w.pct(aroundThreshold.upper)}.`,
          `Intercept: ${withSignedInterval(w, intercept, 3)}; with slope 1: ${withSignedInterval(w, inTheLarge, 3)}. Defaults observed over expected, all files: ${withInterval(w, observedToExpected, 3)}. Around the threshold: ${w.int(aroundThreshold.rows)} files with an estimate between ${w.pct(aroundThreshold.lower)} and ${w.pct(aroundThreshold.upper)}.`,
        ),
      ),
      ...(spiegelhalter === null
        ? []
        : [
            prose(
              w.t(
                `Test de Spiegelhalter : z = ${w.num(spiegelhalter.z, 2)}, p = ${w.num(spiegelhalter.pValue, 3)} ; ${spiegelhalter.pValue < 0.05 ? 'la calibration parfaite est rejetée à 5 %' : 'la calibration parfaite n’est pas rejetée à 5 %'}.`,
                `Spiegelhalter’s test: z = ${w.num(spiegelhalter.z, 2)}, p = ${w.num(spiegelhalter.pValue, 3)}; perfect calibration is ${spiegelhalter.pValue < 0.05 ? 'rejected' : 'not rejected'} at 5%.`,
              ),
            ),
          ]),
      {
        kind: 'figure',
        id: 'reliability',
        title: w.t('Diagramme de fiabilité', 'Reliability diagram'),
        caption: w.t(
          `${allRows}, calibration croisée : la calibration d’un pli ne voit pas ce pli. ${w.int(reliability.length)} classes de même effectif ; intervalles : Wilson.`,
          `${allRows}, cross-fitted: a fold’s calibration does not see that fold. ${w.int(reliability.length)} bins of equal count; intervals: Wilson.`,
        ),
        plots: [
          {
            title: w.t('Diagramme de fiabilité', 'Reliability diagram'),
            description: w.t(
              'Taux de défaut observé selon l’estimation moyenne de chaque classe ; la diagonale est la calibration parfaite.',
              'Observed default rate by the mean estimate of each bin; the diagonal is perfect calibration.',
            ),
            plot: {
              kind: 'lines',
              x: { title: w.t('Estimation moyenne', 'Mean estimate'), format: '.0%', domain: [0, top] },
              y: { title: w.t('Taux de défaut observé', 'Observed default rate'), format: '.0%', domain: [0, top] },
              series: [
                {
                  name: w.t('observé', 'observed'),
                  mark: 'points',
                  points: reliability.map(({ meanProbability, defaultRate: { value, lower, upper } }) => ({
                    x: meanProbability,
                    y: value,
                    lower,
                    upper,
                  })),
                },
              ],
              references: [
                { kind: 'diagonal', label: '' },
                { kind: 'vertical', at: evidence.policyEffect.decisionThreshold, label: w.t('seuil', 'threshold') },
              ],
            },
          },
        ],
        table: {
          caption: w.t('Classes du diagramme', 'Bins of the diagram'),
          columns: columns(w.t('Estimation moyenne', 'Mean estimate'), w.t('Dossiers', 'Files'), w.t('Taux observé', 'Observed rate')),
          rows: reliability.map(({ rows, meanProbability, defaultRate }) => [
            w.pct(meanProbability, 2),
            w.int(rows),
            withPctInterval(w, defaultRate, 2),
          ]),
        },
      },
      claim(
        better.length === 0
          ? w.t(
              'Ni la calibration isotonique ni la calibration bêta ne font mieux que la calibration servie, au vu de l’intervalle de l’écart.',
              'Neither isotonic nor beta calibration does better than the served one, by the interval of the difference.',
            )
          : w.t(
              `Une autre calibration ferait mieux que celle qui est servie : ${w.list(better.map(({ method }) => methodName(w, method)))}.`,
              `Another calibration would do better than the served one: ${w.list(better.map(({ method }) => methodName(w, method)))}.`,
            ),
        better.length === 0 ? 'good' : 'open',
      ),
      tableBlock({
        caption: w.t(
          'Trois calibrations sur les mêmes plis, chacune ajustée sans le pli jugé',
          'Three calibrations on the same folds, each fitted without the judged fold',
        ),
        columns: columns(
          w.t('Calibration', 'Calibration'),
          w.t('Score de Brier', 'Brier score'),
          w.t('Perte logarithmique', 'Log loss'),
          w.t('Écart de perte avec la servie', 'Log loss less the served one’s'),
          'ECE',
        ),
        rows: methods.map(({ method, isServed, brierScore, logLoss, logLossChange, expectedCalibrationError }) => [
          isServed ? w.t(`${methodName(w, method)} (servie)`, `${methodName(w, method)} (served)`) : methodName(w, method),
          w.num(brierScore, 5),
          w.num(logLoss, 5),
          logLossChange === null
            ? '–'
            : `${withSignedInterval(w, logLossChange, 5)}${isDecided(logLossChange) ? '' : w.t(' ; non établi', '; not decided')}`,
          w.num(expectedCalibrationError, 4),
        ]),
      }),
      prose(
        w.t(
          'La calibration servie est affine sur la marge : elle garde l’ordre des dossiers, se replie dans les feuilles des arbres et laisse les attributions s’additionner à l’estimation montrée.',
          'The served calibration is affine on the margin: it keeps the order of files, folds into the trees’ leaves and lets attributions add up to the estimate shown.',
        ),
      ),
      tableBlock({
        caption: w.t(
          `Score de Brier et ses parties (${w.int(brier.bins)} classes de même effectif) : fiabilité − résolution + incertitude + reste`,
          `Brier score and its parts (${w.int(brier.bins)} bins of equal count): reliability − resolution + uncertainty + rest`,
        ),
        columns: columns(w.t('Partie', 'Part'), w.t('Valeur', 'Value'), w.t('Lecture', 'Reading')).map((column, index) =>
          index === 2 ? { ...column, isNumber: false } : column,
        ),
        rows: [
          [
            w.t('Score de Brier', 'Brier score'),
            w.num(brier.score, 5),
            w.t('écart quadratique moyen ; plus petit est mieux', 'mean squared error; smaller is better'),
          ],
          [
            w.t('Fiabilité', 'Reliability'),
            w.num(brier.reliability, 5),
            w.t('ce que coûte une calibration imparfaite', 'what imperfect calibration costs'),
          ],
          [w.t('Résolution', 'Resolution'), w.num(brier.resolution, 5), w.t('ce que le classement apporte', 'what ranking brings')],
          [
            w.t('Incertitude', 'Uncertainty'),
            w.num(brier.uncertainty, 5),
            w.t('ce que coûterait le taux moyen pour tous', 'what the average rate for everybody would cost'),
          ],
          [w.t('Reste', 'Rest'), w.num(brier.within, 5), w.t('dispersion à l’intérieur des classes', 'spread within the bins')],
          [w.t('Score de compétence', 'Skill score'), w.pct(brier.skill), w.t('gain sur le taux moyen', 'gain over the average rate')],
        ],
      }),
    ],
  };
};
