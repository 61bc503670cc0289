import type { Block, Chapter } from '../block.ts';
import { claim, columns, heading, prose, tableBlock } from '../block.ts';
import type { ChapterContext } from '../chapter-context.ts';

/** The strongest features' points are shown in full; evidence.json holds all of them. */
const maxShown = 30;

export const scorecardChapter = ({ evidence: { scorecard }, w, feature }: ChapterContext): Chapter => {
  const title = w.t('La carte de score, telle que le métier la lit', 'The scorecard, as the trade reads it');
  if (scorecard === null)
    return {
      id: 'scorecard',
      title,
      blocks: [prose(w.t('Aucune carte de score n’a pu être ajustée sur ces données.', 'No scorecard could be fitted on these data.'))],
    };
  const { rows, pointsToDoubleOdds, baseScore, baseOdds, features, rejected } = scorecard;
  const rejections: Readonly<Record<string, string>> = {
    'one-bin': w.t('une seule classe', 'one bin only'),
    'information-value-too-low': w.t('valeur d’information trop faible', 'information value too low'),
    correlated: w.t('corrélée à une variable plus forte', 'correlated with a stronger feature'),
    'sign-not-expected': w.t('signe contraire au sens du crédit', 'sign against credit sense'),
    'not-significant': w.t('coefficient non significatif', 'coefficient not significant'),
    'no-place-left': w.t('plus de place', 'no place left'),
  };
  const counts = [...new Set(rejected.map(({ reason }) => reason))].map((reason) => ({
    reason,
    count: rejected.filter((entry) => entry.reason === reason).length,
  }));
  return {
    id: 'scorecard',
    title,
    blocks: [
      claim(
        w.t(
          `${w.int(features.length)} variables, ajustées sur ${w.int(rows)} dossiers : ${w.num(baseScore, 0)} points valent ${w.num(baseOdds, 0)} remboursés pour un impayé, ${w.num(pointsToDoubleOdds, 0)} points de plus doublent ce rapport.`,
          `${w.int(features.length)} features, fitted on ${w.int(rows)} files: ${w.num(baseScore, 0)} points mean ${w.num(baseOdds, 0)} repaid for one default, ${w.num(pointsToDoubleOdds, 0)} points more double that.`,
        ),
      ),
      prose(
        w.t(
          'La carte de score n’est pas servie : elle est le rival lisible auquel le modèle servi est tenu de faire mieux. Régression logistique sur les poids d’évidence de classes optimales (Siddiqi, 2006).',
          'The scorecard is not served: it is the readable rival that the served model has to beat. Logistic regression on the weights of evidence of optimal bins (Siddiqi, 2006).',
        ),
      ),
      tableBlock({
        caption: w.t('Variables retenues, la plus informative d’abord', 'Features kept, most informative first'),
        columns: columns(
          w.t('Variable', 'Feature'),
          w.t('Valeur d’information', 'Information value'),
          w.t('Coefficient', 'Coefficient'),
          w.t('Erreur type', 'Standard error'),
        ),
        rows: features.map((entry) => [
          feature(entry.feature),
          w.num(entry.informationValue, 3),
          w.num(entry.coefficient, 3),
          w.num(entry.standardError, 3),
        ]),
      }),
      ...(counts.length === 0
        ? []
        : [
            prose(
              w.t(
                `Variables écartées : ${w.list(counts.map(({ reason, count }) => `${w.int(count)} (${rejections[reason] ?? reason})`))}.`,
                `Features left out: ${w.list(counts.map(({ reason, count }) => `${w.int(count)} (${rejections[reason] ?? reason})`))}.`,
              ),
            ),
          ]),
      heading(w.t('Points', 'Points')),
      ...features.slice(0, maxShown).map((entry): Block =>
        tableBlock({
          caption: feature(entry.feature),
          columns: columns(w.t('Valeur', 'Value'), w.t('Dossiers', 'Files'), w.t('Taux de défaut', 'Default rate'), 'WoE', w.t('Points', 'Points')),
          rows: entry.bins
            .filter(({ rows: binRows }) => binRows > 0)
            .map((bin) => [
              w.pick(bin.label),
              w.pct(bin.shareOfRows),
              bin.defaultRate === null ? '–' : w.pct(bin.defaultRate),
              w.signed(bin.woe, 2),
              w.num(bin.points, 0),
            ]),
        }),
      ),
    ],
  };
};
