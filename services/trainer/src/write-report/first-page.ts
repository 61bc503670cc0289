import type { EvidenceInterval, ModelEvidence } from '@lisible/contracts';
import type { ChapterContext } from './chapter-context.ts';
import { withPctInterval } from './chapter-context.ts';
import { boundsWords, checkTitle, measuredWords, statusWords, toneOf } from './check-words.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import { toneSign } from './render-block.ts';

/** From here on an attribute counts as one that the inputs let be guessed. */
const guessableRocAuc = 0.7;

/** Worst first, so that nobody has to look for it. */
const statusOrder: readonly ModelEvidence['checks'][number]['status'][] = [
  'outside',
  'outside-uncertain',
  'within-uncertain',
  'not-measured',
  'within',
];

/** What the model is for, what it may not be used for, how it stands, and what nobody knows: in words, before any plot. */
export const renderFirstPage = (context: ChapterContext): Html => {
  const { evidence, w } = context;
  const { dataSheet, sample } = evidence;
  const isSynthetic = dataSheet.source === 'synthetic';
  return html`<header>
      <p class="kicker">${w.t('Prêt à dépenser · Lisible · dossier de preuve', 'Prêt à dépenser · Lisible · evidence')}</p>
      <h1>${w.t(`Ce que l’on sait du modèle ${evidence.modelVersion}`, `What is known of model ${evidence.modelVersion}`)}</h1>
      <p class="lead">
        ${w.t(
          `Probabilité de défaut, apprise sur ${w.int(sample.rows)} demandes à l’issue connue, dont ${w.pct(sample.defaultRate.value, 2)} impayées (${dataSheet.catalogueName}, le ${w.date(evidence.createdAt)}). Toute mesure est faite hors pli, sur des dossiers que le modèle jugé n’a pas vus ; tout intervalle est à 95 %.`,
          `Probability of default, learnt from ${w.int(sample.rows)} applications of known outcome, ${w.pct(sample.defaultRate.value, 2)} of them defaulted (${dataSheet.catalogueName}, ${w.date(evidence.createdAt)}). Everything is measured out of fold, on files that the judged model never saw; every interval holds 95%.`,
        )}
      </p>
      ${isSynthetic ? html`<p class="warning">${w.t('Population synthétique : ce modèle ne doit décider d’aucun crédit réel.', 'Synthetic population: this model must decide on no real loan.')}</p>` : html``}
    </header>
    ${renderFigures(context)}
    <section aria-labelledby="verdict">
      <h2 id="verdict">${w.t('Le verdict, en nombres', 'The verdict, in numbers')}</h2>
      ${renderVerdict(context)}
    </section>
    <section aria-labelledby="use">
      <h2 id="use">${w.t('À quoi il sert', 'What it is for')}</h2>
      <p>
        ${w.t(
          `Il estime la probabilité qu’un client ne rembourse pas le crédit demandé, au moment de la demande. Cette estimation nourrit une politique déclarée : des règles d’abord, puis un seuil de ${w.pct(evidence.policyEffect.decisionThreshold, 2)}, et une zone grise où un conseiller décide. Chaque décision porte ses motifs.`,
          `It estimates the probability that a client fails to repay the loan applied for, at the time of the application. That estimate feeds a declared policy: rules first, then a threshold of ${w.pct(evidence.policyEffect.decisionThreshold, 2)}, and a grey zone in which an advisor decides. Each decision carries its reasons.`,
        )}
      </p>
    </section>
    <section aria-labelledby="misuse">
      <h2 id="misuse">${w.t('À quoi il ne peut pas servir', 'What it may not be used for')}</h2>
      <ul>
        ${misuses(context).map((text) => html`<li>${text}</li>`)}
      </ul>
    </section>
    <section aria-labelledby="limits">
      <h2 id="limits">${w.t('Ce que ce dossier ne dit pas', 'What this evidence does not say')}</h2>
      <ul>
        ${limits(context).map((text) => html`<li>${text}</li>`)}
      </ul>
    </section>`;
};

const renderFigures = ({ evidence, w }: ChapterContext): Html => {
  const { discrimination, calibration, cost, policyEffect } = evidence;
  const approved = policyEffect.decisions?.approved ?? policyEffect.proposals.approved;
  const bounds = ({ lower, upper }: EvidenceInterval, digits: number): string =>
    w.t(`de ${w.num(lower, digits)} à ${w.num(upper, digits)}`, `${w.num(lower, digits)} to ${w.num(upper, digits)}`);
  const figures = [
    [w.t('AUC', 'AUC'), w.num(discrimination.rocAuc.value, 3), bounds(discrimination.rocAuc, 3)],
    ['Gini', w.num(discrimination.gini.value, 3), bounds(discrimination.gini, 3)],
    [w.t('Pente de calibration', 'Calibration slope'), w.num(calibration.slope.value, 2), bounds(calibration.slope, 2)],
    ['ECE', w.num(calibration.expectedCalibrationError, 4), w.t('dix classes de même effectif', 'ten bins of equal count')],
    [w.t('Coût par demande', 'Cost per application'), w.num(cost.atAnalyticThreshold.value, 3), bounds(cost.atAnalyticThreshold, 3)],
    [
      w.t('Demandes accordées', 'Applications approved'),
      w.pct(approved.share),
      w.t(`dont impayées : ${withPctInterval(w, approved.defaultRate)}`, `of which defaulted: ${withPctInterval(w, approved.defaultRate)}`),
    ],
  ];
  return html`<dl class="figures">
    ${figures.map(
      ([name = '', value = '', note = '']) =>
        html`<div>
          <dt>${name}</dt>
          <dd><strong>${value}</strong><span>${note}</span></dd>
        </div>`,
    )}
  </dl>`;
};

const renderVerdict = ({ evidence, w }: ChapterContext): Html => {
  const { checks } = evidence;
  const sorted = checks.toSorted((a, b) => statusOrder.indexOf(a.status) - statusOrder.indexOf(b.status));
  const count = (...statuses: readonly string[]): number => checks.filter(({ status }) => statuses.includes(status)).length;
  const outside = count('outside');
  const uncertain = count('within-uncertain', 'outside-uncertain');
  const unmeasured = count('not-measured');
  const sentence = w.t(
    `${w.int(count('within'))} exigences sur ${w.int(checks.length)} sont tenues sans réserve, ${w.int(uncertain)} ne sont pas tranchées par leur intervalle, ${w.int(outside)} ne ${outside === 1 ? 'l’est' : 'le sont'} pas${unmeasured === 0 ? '' : `, ${w.int(unmeasured)} n’ont pas pu être mesurées`}.`,
    `${w.int(count('within'))} of ${w.int(checks.length)} demands are met without reserve, ${w.int(uncertain)} ${uncertain === 1 ? 'is' : 'are'} left open by ${uncertain === 1 ? 'its interval' : 'their intervals'}, ${w.int(outside)} ${outside === 1 ? 'is' : 'are'} not met${unmeasured === 0 ? '' : `, ${w.int(unmeasured)} could not be measured`}.`,
  );
  const caption = w.t('Exigences de la maison, les moins tenues d’abord', 'Demands of the house, the least met first');
  return html`<p class="claim ${outside > 0 ? 'bad' : uncertain > 0 ? 'open' : 'good'}">
      ${toneSign(outside > 0 ? 'bad' : uncertain > 0 ? 'open' : 'good')}${sentence}
    </p>
    <div class="scroll" role="group" aria-label="${caption}" tabindex="0">
      <table class="checks">
        <caption>
          ${caption}
        </caption>
        <thead>
          <tr>
            <th scope="col">${w.t('Exigence', 'Demand')}</th>
            <th scope="col">${w.t('Mesuré', 'Measured')}</th>
            <th scope="col">${w.t('Attendu', 'Expected')}</th>
            <th scope="col">${w.t('Verdict', 'Verdict')}</th>
          </tr>
        </thead>
        <tbody>
          ${sorted.map(
            (check) =>
              html`<tr>
                <th scope="row">${checkTitle(w, evidence, check)}</th>
                <td>${measuredWords(w, check)}</td>
                <td>${boundsWords(w, check)}</td>
                <td>${toneSign(toneOf(check.status))}${statusWords(w, check.status)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
};

const misuses = ({ evidence, w }: ChapterContext): readonly string[] => [
  w.t(
    'Refuser ou accorder sans la politique : ni règle déclarée, ni zone grise, ni recours.',
    'To decline or approve without the policy: no declared rule, no grey zone, no recourse.',
  ),
  w.t(
    'Fixer un prix, cibler une offre, suivre ou recouvrer un crédit : rien de cela n’a été appris ni mesuré.',
    'To set a price, target an offer, follow or collect a loan: none of that was learnt or measured.',
  ),
  w.t(
    'Juger une autre population, un autre produit, une autre monnaie ou un autre pays que ceux de la fiche des données.',
    'To judge another population, product, currency or country than those of the data sheet.',
  ),
  w.t(
    'Dire pourquoi un client ne rembourse pas : un motif dit ce que le modèle a pesé, non une cause.',
    'To say why a client does not repay: a reason says what the model weighed, not a cause.',
  ),
  w.t(
    `Déduire d’une estimation un attribut protégé${evidence.fairness.length === 0 ? '' : ` : ${w.list(evidence.fairness.map(({ label }) => w.pick(label).toLowerCase()))}`}.`,
    `To infer a protected attribute from an estimate${evidence.fairness.length === 0 ? '' : `: ${w.list(evidence.fairness.map(({ label }) => w.pick(label).toLowerCase()))}`}.`,
  ),
];

const limits = ({ evidence, w }: ChapterContext): readonly string[] => {
  const declared = evidence.dataSheet.words.filter(({ heading }) => heading === 'limits').flatMap(({ statements }) => statements.map(w.pick));
  const guessable = evidence.fairness
    .map(({ label, groups }) => ({
      label: w.pick(label).toLowerCase(),
      auc: Math.max(0, ...groups.flatMap(({ predictability }) => predictability?.value ?? [])),
    }))
    .filter(({ auc }) => auc >= guessableRocAuc);
  const notLearnt = evidence.dataSheet.coverage.filter(({ isLearntFrom }) => !isLearntFrom).map(({ table }) => table);
  return [
    ...declared,
    w.t(
      'Les dossiers à l’issue connue sont des crédits accordés : des demandes refusées autrefois, nul ne sait ce qu’elles seraient devenues.',
      'Files of known outcome are loans that were granted: of applications once declined nobody knows what would have become.',
    ),
    ...(guessable.length === 0
      ? []
      : [
          w.t(
            `Le modèle ne voit pas les attributs protégés, mais ses variables laissent deviner : ${w.list(guessable.map(({ label, auc }) => `${label} (AUC jusqu’à ${w.num(auc, 2)})`))}. Ne pas voir un attribut n’assure pas un traitement égal.`,
            `The model does not see protected attributes, yet its inputs let these be guessed: ${w.list(guessable.map(({ label, auc }) => `${label} (AUC up to ${w.num(auc, 2)})`))}. Not seeing an attribute does not ensure equal treatment.`,
          ),
        ]),
    ...(notLearnt.length === 0
      ? []
      : [
          w.t(
            `Tables lues mais non apprises, leur couverture étant trop mince ou leurs lignes coupées : ${w.list(notLearnt)}.`,
            `Tables read but not learnt from, their coverage being too thin or their rows cut: ${w.list(notLearnt)}.`,
          ),
        ]),
    ...evidence.notMeasured.map(({ reason }) => w.pick(reason)),
  ];
};
