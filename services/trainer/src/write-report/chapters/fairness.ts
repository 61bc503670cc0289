import { evidenceGroupFloor } from '@lisible/contracts';
import type { ModelEvidence } from '@lisible/contracts';
import type { Block, Chapter } from '../block.ts';
import { claim, columns, heading, prose, tableBlock } from '../block.ts';
import type { ChapterContext } from '../chapter-context.ts';
import { isDecided, withInterval, withPctInterval, withSignedInterval } from '../chapter-context.ts';

type Attribute = ModelEvidence['fairness'][number];

export const fairnessChapter = ({ evidence, w, claims, allRows }: ChapterContext): Chapter => ({
  id: 'fairness',
  title: w.t('Des groupes protégés sont-ils traités autrement ?', 'Are protected groups treated otherwise?'),
  blocks: [
    prose(
      w.t(
        `Le modèle ne voit aucun de ces attributs, ni rien qui en découle. Les mesures portent sur ses propositions hors pli ; le repère du rapport des taux d’accord est la règle des quatre cinquièmes (${w.num(evidence.fairnessBound, 2)}).`,
        `The model sees none of these attributes, nor what derives from them. Measured on its proposals out of fold; the mark for the ratio of approval rates is the four-fifths rule (${w.num(evidence.fairnessBound, 2)}).`,
      ),
    ),
    ...claims('approval-ratio'),
    ...claims('calibrated-within-groups'),
    ...evidence.fairness.flatMap((attribute) => attributeBlocks(attribute, w, evidence.fairnessBound, allRows)),
    prose(
      w.t(
        'Des groupes dont le taux de défaut diffère ne peuvent avoir à la fois les mêmes taux d’accord, la même égalité des chances et la même calibration (Kleinberg et al., 2017) : les trois mesures sont montrées, aucune n’est choisie ici pour les autres.',
        'Groups whose default rates differ cannot have the same approval rates, equal opportunity and equal calibration at once (Kleinberg et al., 2017): all three measures are shown, none is chosen here over the others.',
      ),
    ),
  ],
});

const attributeBlocks = (
  { attribute, label, referenceGroup, groups, rowsNotShown, predictabilityRows }: Attribute,
  w: ChapterContext['w'],
  bound: number,
  allRows: string,
): readonly Block[] => {
  const reference = groups.find(({ group }) => group === referenceGroup);
  const below = groups.filter(({ approvalRatio }) => approvalRatio !== null && approvalRatio.upper < bound);
  const doubtful = groups.filter(({ approvalRatio }) => approvalRatio !== null && approvalRatio.lower < bound && approvalRatio.upper >= bound);
  const predictable = groups
    .flatMap(({ label: name, predictability }) => (predictability === null ? [] : [{ name: w.pick(name), ...predictability }]))
    .toSorted((a, b) => b.value - a.value)[0];
  const widest = groups
    .flatMap(({ label: name, opportunityDifference: gap }) => (gap === null ? [] : [{ name: w.pick(name), ...gap }]))
    .toSorted((a, b) => Math.abs(b.value) - Math.abs(a.value))[0];
  const names = (some: typeof groups): string => w.list(some.map((group) => w.pick(group.label)));
  // A handful of people is not counted out: the number itself would say something of them.
  const notShown =
    rowsNotShown === 0
      ? { fr: '', en: '' }
      : rowsNotShown < evidenceGroupFloor
        ? {
            fr: ` Moins de ${evidenceGroupFloor} dossiers ne sont pas montrés : groupe inconnu ou trop petit.`,
            en: ` Fewer than ${evidenceGroupFloor} files are not shown: group unknown or too small.`,
          }
        : {
            fr: ` ${w.int(rowsNotShown)} dossiers ne sont pas montrés : groupe inconnu ou trop petit.`,
            en: ` ${w.int(rowsNotShown)} files are not shown: group unknown or too small.`,
          };
  const ratios = groups.flatMap(({ label: name, approvalRatio }) => (approvalRatio === null ? [] : [{ label: w.pick(name), ...approvalRatio }]));
  return [
    heading(w.pick(label)),
    below.length > 0
      ? claim(
          w.t(
            `Accordés nettement moins souvent que le groupe de référence : ${names(below)}.`,
            `Clearly approved less often than the reference group: ${names(below)}.`,
          ),
          'bad',
        )
      : claim(
          doubtful.length > 0
            ? w.t(
                `Aucun groupe n’est nettement sous le repère ; l’intervalle le touche pour : ${names(doubtful)}.`,
                `No group is clearly below the mark; the interval reaches it for: ${names(doubtful)}.`,
              )
            : w.t('Aucun groupe n’est sous le repère, intervalle compris.', 'No group is below the mark, interval included.'),
          doubtful.length > 0 ? 'open' : 'good',
        ),
    ...(widest === undefined
      ? []
      : [
          claim(
            w.t(
              `Égalité des chances : parmi ceux qui ont remboursé, le plus grand écart de taux d’accord avec le groupe de référence est celui de « ${widest.name} », ${withSignedInterval(w, widest, 3)}${isDecided(widest) ? '' : ' ; non établi'}.`,
              `Equal opportunity: among those who repaid, the widest gap in approval rates to the reference group is that of “${widest.name}”, ${withSignedInterval(w, widest, 3)}${isDecided(widest) ? '' : '; not decided'}.`,
            ),
            isDecided(widest) ? 'open' : 'plain',
          ),
        ]),
    ...(predictable === undefined
      ? []
      : [
          prose(
            w.t(
              `Les variables du modèle laissent deviner cet attribut : le groupe le plus reconnaissable est « ${predictable.name} », AUC ${withInterval(w, predictable, 3)} (0,5 : pas du tout ; 1 : entièrement)${predictabilityRows === undefined ? '' : ` ; ${w.int(predictabilityRows)} dossiers, hors pli`}.`,
              `The model’s inputs let this attribute be guessed: the most recognisable group is “${predictable.name}”, AUC ${withInterval(w, predictable, 3)} (0.5: not at all; 1: fully)${predictabilityRows === undefined ? '' : `; ${w.int(predictabilityRows)} files, out of fold`}.`,
            ),
          ),
        ]),
    {
      kind: 'figure',
      id: `fairness-${attribute}`,
      title: w.t(
        `Taux d’accord rapporté à celui du groupe « ${reference === undefined ? referenceGroup : w.pick(reference.label)} »`,
        `Approval rate over that of the group “${reference === undefined ? referenceGroup : w.pick(reference.label)}”`,
      ),
      caption: w.t(
        `${allRows} ; groupe de référence : le plus nombreux. Lignes : égalité (1) et quatre cinquièmes (${w.num(bound, 2)}).${notShown.fr}`,
        `${allRows}; reference group: the largest. Lines: equality (1) and four fifths (${w.num(bound, 2)}).${notShown.en}`,
      ),
      plots:
        ratios.length === 0
          ? []
          : [
              {
                title: w.t('Rapport des taux d’accord', 'Ratio of approval rates'),
                description: ratios.map((ratio) => `${ratio.label}: ${withInterval(w, ratio, 2)}`).join('; '),
                plot: {
                  kind: 'ranges',
                  x: { title: w.t('Rapport des taux d’accord', 'Ratio of approval rates'), format: '.2f' },
                  rows: ratios,
                  references: [
                    { kind: 'vertical', at: 1, label: '' },
                    { kind: 'vertical', at: bound, label: '' },
                  ],
                },
              },
            ],
      table: {
        caption: w.t('Accord et égalité des chances', 'Approval and equal opportunity'),
        columns: columns(
          w.t('Groupe', 'Group'),
          w.t('Dossiers', 'Files'),
          w.t('Taux de défaut', 'Default rate'),
          w.t('Taux d’accord', 'Approval rate'),
          w.t('Rapport', 'Ratio'),
          w.t('Accordés parmi les remboursés', 'Approved among the repaid'),
          w.t('Écart', 'Difference'),
        ),
        rows: groups.map((group) => [
          w.pick(group.label),
          w.int(group.rows),
          withPctInterval(w, group.defaultRate),
          withPctInterval(w, group.approvalRate),
          group.approvalRatio === null ? w.t('référence', 'reference') : withInterval(w, group.approvalRatio, 2),
          withPctInterval(w, group.opportunity),
          group.opportunityDifference === null ? w.t('référence', 'reference') : withSignedInterval(w, { ...group.opportunityDifference }, 3),
        ]),
      },
    },
    tableBlock({
      caption: w.t('Qualité à l’intérieur des groupes', 'Quality within groups'),
      columns: columns(
        w.t('Groupe', 'Group'),
        w.t('Observé sur prévu', 'Observed over expected'),
        w.t('Pente de calibration', 'Calibration slope'),
        'AUC',
        w.t('Reconnaissable par les variables (AUC)', 'Recognisable by the inputs (AUC)'),
      ),
      rows: groups.map(({ label: name, observedToExpected, calibrationSlope, rocAuc, predictability }) => [
        w.pick(name),
        ...[
          { interval: observedToExpected, digits: 2 },
          { interval: calibrationSlope, digits: 2 },
          { interval: rocAuc, digits: 3 },
          { interval: predictability, digits: 3 },
        ].map(({ interval, digits }) => (interval === null ? '–' : withInterval(w, interval, digits))),
      ]),
    }),
  ];
};
