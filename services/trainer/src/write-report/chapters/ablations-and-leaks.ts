import type { Chapter } from '../block.ts';
import { claim, columns, prose, tableBlock } from '../block.ts';
import type { ChapterContext } from '../chapter-context.ts';
import { withInterval, withSignedInterval } from '../chapter-context.ts';
import { leakCheckName } from '../check-words.ts';

export const ablationsChapter = ({ evidence: { ablations }, w }: ChapterContext): Chapter => {
  const title = w.t('Chaque source gagne-t-elle sa place ?', 'Does each source earn its place?');
  if (ablations === null)
    return { id: 'ablations', title, blocks: [prose(w.t('Les ablations n’ont pas été mesurées.', 'Ablations were not measured.'))] };
  const groups = ablations.groups.toSorted((a, b) => a.rocAucChange.value - b.rocAucChange.value);
  const earning = groups.filter(({ rocAucChange }) => rocAucChange.upper < 0);
  const harmful = groups.filter(({ rocAucChange }) => rocAucChange.lower > 0);
  const undecided = groups.length - earning.length - harmful.length;
  const names = (some: typeof groups): string => w.list(some.map(({ label }) => w.pick(label)));
  return {
    id: 'ablations',
    title,
    blocks: [
      claim(
        earning.length === 0
          ? w.t('Aucun groupe, retiré seul, ne fait baisser l’AUC de façon établie.', 'No group, left out by itself, lowers the AUC beyond doubt.')
          : w.t(
              `Retirés seuls, font baisser l’AUC de façon établie : ${names(earning)}.`,
              `Left out by themselves, these lower the AUC beyond doubt: ${names(earning)}.`,
            ),
      ),
      ...(harmful.length === 0
        ? []
        : [
            claim(
              w.t(
                `Leur retrait ferait mieux, de façon établie : ${names(harmful)}.`,
                `Leaving these out would do better beyond doubt: ${names(harmful)}.`,
              ),
              'open',
            ),
          ]),
      ...(undecided === 0
        ? []
        : [
            prose(
              w.t(
                `${undecided === 1 ? 'Pour un groupe' : `Pour ${w.int(undecided)} groupes`} sur ${w.int(groups.length)}, l’écart ne se distingue pas de zéro : d’autres variables disent la même chose, ou le groupe dit peu.`,
                `For ${w.int(undecided)} of ${w.int(groups.length)} groups the difference cannot be told from zero: other features say the same, or the group says little.`,
              ),
            ),
          ]),
      {
        kind: 'figure',
        id: 'ablations',
        title: w.t('Ce que coûte le retrait de chaque groupe', 'What leaving out each group costs'),
        caption: w.t(
          `${w.int(ablations.judgedRows)} dossiers jugés (plis ${w.list(ablations.folds.map((fold) => w.int(fold + 1)))}), même graine, mêmes réglages avec et sans, apprentissage accéléré ; écarts appariés (DeLong), sans correction pour le nombre de comparaisons. À gauche de zéro, le groupe gagne sa place. AUC avec tout : ${w.num(ablations.rocAuc, 3)}.`,
          `${w.int(ablations.judgedRows)} files judged (folds ${w.list(ablations.folds.map((fold) => w.int(fold + 1)))}), same seed, same settings with and without, learning quickened; paired differences (DeLong), not corrected for the number of comparisons. Left of zero the group earns its place. AUC with everything: ${w.num(ablations.rocAuc, 3)}.`,
        ),
        plots: [
          {
            title: w.t('Écart d’AUC sans chaque groupe', 'Difference in AUC without each group'),
            description: w.t('Écart d’AUC et son intervalle, par groupe retiré.', 'Difference in AUC and its interval, by group left out.'),
            plot: {
              kind: 'ranges',
              x: { title: w.t('Écart d’AUC', 'Difference in AUC'), format: '.3f' },
              rows: groups.map(({ label, rocAucChange }) => ({ label: w.pick(label), ...rocAucChange })),
              references: [{ kind: 'vertical', at: 0, label: '' }],
            },
          },
        ],
        table: {
          caption: w.t('Par groupe retiré', 'By group left out'),
          columns: columns(
            w.t('Groupe', 'Group'),
            w.t('Variables', 'Features'),
            w.t('Écart d’AUC', 'Difference in AUC'),
            w.t('Écart de perte log.', 'Difference in log loss'),
          ),
          rows: groups.map(({ label, numFeatures, rocAucChange, logLossChange }) => [
            w.pick(label),
            w.int(numFeatures),
            withSignedInterval(w, rocAucChange, 4),
            w.signed(logLossChange, 5),
          ]),
        },
      },
    ],
  };
};

export const leaksChapter = ({ evidence: { leakChecks }, w, feature, claims }: ChapterContext): Chapter => {
  const { checks, singleFeatures, suspects, clients, duplicateRowsAcrossFolds } = leakChecks;
  const untold = checks.filter(({ rocAuc }) => rocAuc === null);
  return {
    id: 'leaks',
    title: w.t('Le modèle sait-il quelque chose qu’il ne devrait pas savoir ?', 'Does the model know something that it should not?'),
    blocks: [
      ...claims('no-identifier-leak'),
      ...claims('no-proxy-of-outcome'),
      ...claims('no-shared-clients'),
      ...claims('plausible-roc-auc'),
      ...(suspects.length === 0
        ? []
        : [
            claim(
              w.t(
                `À examiner comme substituts de l’issue : ${w.list(suspects.map(feature))}.`,
                `To be examined as proxies of the outcome: ${w.list(suspects.map(feature))}.`,
              ),
              'bad',
            ),
          ]),
      prose(
        w.t(
          `${w.int(clients)} clients distincts. Dossiers identiques, trait pour trait, à un dossier d’un autre pli : ${w.int(duplicateRowsAcrossFolds)}.${untold.length === 0 ? '' : ` Non mesurable sur ces données : ${w.list(untold.map(({ check }) => leakCheckName(w, check)))}.`}`,
          `${w.int(clients)} distinct clients. Files identical in every feature to one of another fold: ${w.int(duplicateRowsAcrossFolds)}.${untold.length === 0 ? '' : ` Not measurable on these data: ${w.list(untold.map(({ check }) => leakCheckName(w, check)))}.`}`,
        ),
      ),
      tableBlock({
        caption: w.t('Classements qui ne devraient rien dire (0,5 : rien)', 'Rankings that should tell nothing (0.5: nothing)'),
        columns: columns(w.t('Classement par', 'Ranking by'), 'AUC'),
        rows: checks.map(({ check, rocAuc }) => [
          leakCheckName(w, check),
          rocAuc === null ? w.t('non mesurable', 'not measurable') : withInterval(w, rocAuc, 3),
        ]),
      }),
      tableBlock({
        caption: w.t('Les variables qui classent le mieux à elles seules', 'The features that rank best by themselves'),
        columns: columns(w.t('Variable', 'Feature'), 'AUC'),
        rows: singleFeatures.slice(0, 10).map(({ feature: name, rocAuc }) => [feature(name), w.num(rocAuc, 3)]),
      }),
    ],
  };
};
