import type { ModelEvidence } from '@lisible/contracts';
import type { Chapter } from '../block.ts';
import { claim, columns, prose, tableBlock } from '../block.ts';
import type { ChapterContext } from '../chapter-context.ts';
import { withPctInterval } from '../chapter-context.ts';

type Group = ModelEvidence['policyEffect']['proposals']['approved'];

export const policyEffectChapter = ({ evidence, w, allRows }: ChapterContext): Chapter => {
  const { policyEffect } = evidence;
  const { greyZone, proposals, decisions, rules } = policyEffect;
  const row = (name: string, { rows, share, defaultRate }: Group): readonly string[] => [
    name,
    w.int(rows),
    w.pct(share),
    defaultRate === null ? '–' : withPctInterval(w, defaultRate),
  ];
  const approved = decisions?.approved ?? proposals.approved;
  return {
    id: 'policy',
    title: w.t('Que deviennent les demandes sous cette politique ?', 'What becomes of applications under this policy?'),
    blocks: [
      ...(approved.defaultRate === null
        ? []
        : [
            claim(
              w.t(
                `Rejouée sur les dossiers passés, la politique accorde ${w.pct(approved.share)} des demandes ; parmi elles, ${withPctInterval(w, approved.defaultRate)} d’impayés, contre ${w.pct(evidence.sample.defaultRate.value)} de l’ensemble.`,
                `Replayed on past files, the policy approves ${w.pct(approved.share)} of applications; among them ${withPctInterval(w, approved.defaultRate)} defaulted, against ${w.pct(evidence.sample.defaultRate.value)} of all.`,
              ),
            ),
          ]),
      ...(greyZone === null
        ? [
            prose(
              w.t('Aucune capacité d’examen n’est déclarée : il n’y a pas de zone grise.', 'No review capacity is declared: there is no grey zone.'),
            ),
          ]
        : [
            prose(
              w.t(
                `Zone grise : de ${w.pct(greyZone.lower, 2)} à ${w.pct(greyZone.upper, 2)}, autour du seuil de ${w.pct(policyEffect.decisionThreshold, 2)}. Elle contient ${w.pct(greyZone.share)} des dossiers (capacité d’examen déclarée : ${w.pct(greyZone.declaredCapacity)})${greyZone.defaultRate === null ? '' : `, dont ${withPctInterval(w, greyZone.defaultRate)} d’impayés`}. Un conseiller y décide.`,
                `Grey zone: ${w.pct(greyZone.lower, 2)} to ${w.pct(greyZone.upper, 2)}, around the threshold of ${w.pct(policyEffect.decisionThreshold, 2)}. It holds ${w.pct(greyZone.share)} of files (declared review capacity: ${w.pct(greyZone.declaredCapacity)})${greyZone.defaultRate === null ? '' : `, ${withPctInterval(w, greyZone.defaultRate)} of which defaulted`}. An advisor decides there.`,
              ),
            ),
          ]),
      tableBlock({
        caption: w.t(`Effet de la politique (${allRows}) ; intervalles : Wilson`, `Effect of the policy (${allRows}); intervals: Wilson`),
        columns: columns(w.t('Issue', 'Outcome'), w.t('Dossiers', 'Files'), w.t('Part', 'Share'), w.t('Taux de défaut', 'Default rate')),
        rows: [
          row(w.t('Le modèle propose d’accorder', 'The model proposes to approve'), proposals.approved),
          row(w.t('Le modèle propose de refuser', 'The model proposes to decline'), proposals.declined),
          ...(decisions === null
            ? []
            : [
                row(w.t('Décision : accordé', 'Decision: approved'), decisions.approved),
                row(w.t('Décision : confié à un conseiller', 'Decision: referred to an advisor'), decisions.referred),
                row(w.t('Décision : refusé', 'Decision: declined'), decisions.declined),
              ]),
        ],
      }),
      tableBlock({
        caption: w.t('Règles déclarées, appliquées avant le modèle', 'Declared rules, applied before the model'),
        columns: [
          { title: w.t('Règle', 'Rule'), isNumber: false },
          { title: w.t('Effet', 'Effect'), isNumber: false },
          { title: w.t('Dossiers concernés', 'Files concerned'), isNumber: true },
          { title: w.t('dont la décision en dépend', 'decision depends on it'), isNumber: true },
        ],
        rows: rules.map(({ statement, effect, rows, decisive }) => [
          // A statement names the values of one application; here it speaks of all.
          w.pick(statement).replaceAll(/\{\w+\}/g, '…'),
          effect === 'decline' ? w.t('refus', 'declined') : w.t('examen par un conseiller', 'referred to an advisor'),
          rows === null ? w.t('non mesuré', 'not measured') : w.int(rows),
          decisive === null ? '–' : w.int(decisive),
        ]),
      }),
      prose(
        w.t(
          'Zéro dossier peut aussi vouloir dire que la source ne renseigne pas ce que la règle lit, ou que la règle compare à ces dossiers mêmes, comme celle des valeurs jamais vues à l’apprentissage.',
          'Zero files may also mean that the source does not say what the rule reads, or that the rule compares with these very files, as the one on values never seen in training does.',
        ),
      ),
      prose(
        w.t(
          'Ces effets sont mesurés sur des crédits déjà accordés : ils ne disent rien des demandes que le prêteur avait refusées auparavant.',
          'These effects are measured on loans that had been granted: they say nothing of applications that the lender had declined before.',
        ),
      ),
    ],
  };
};
