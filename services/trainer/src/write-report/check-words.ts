import type { EvidenceCheck, ModelEvidence } from '@lisible/contracts';
import type { Tone } from './block.ts';
import type { ReportLanguage } from './report-language.ts';

interface CheckWords {
  readonly title: (w: ReportLanguage) => string;
  /** Decimals of its numbers; `percent` for shares. */
  readonly digits: number | 'percent';
}

const words: Readonly<Record<EvidenceCheck['code'], CheckWords>> = {
  'ranks-better-than-single-feature': {
    title: (w) => w.t('Écart d’AUC avec la meilleure variable seule', 'AUC beyond that of the best single feature'),
    digits: 3,
  },
  'plausible-roc-auc': {
    title: (w) =>
      w.t('AUC plausible sur ces données (au-delà, une fuite est à craindre)', 'AUC plausible on these data (above, a leak is to be feared)'),
    digits: 3,
  },
  'calibration-slope': { title: (w) => w.t('Pente de calibration', 'Calibration slope'), digits: 3 },
  'calibration-error': {
    title: (w) => w.t('Erreur de calibration attendue (ECE, 10 classes)', 'Expected calibration error (ECE, 10 bins)'),
    digits: 4,
  },
  'observed-to-expected-top-decile': {
    title: (w) => w.t('Défauts observés sur prévus, décile le plus risqué', 'Defaults observed over expected, riskiest decile'),
    digits: 3,
  },
  'observed-to-expected-around-threshold': {
    title: (w) => w.t('Défauts observés sur prévus, autour du seuil', 'Defaults observed over expected, around the threshold'),
    digits: 3,
  },
  'cost-ahead': {
    title: (w) =>
      w.t('Coût au seuil fixé d’avance, rapporté à l’optimum a posteriori', 'Cost at the threshold fixed beforehand, over the optimum in hindsight'),
    digits: 3,
  },
  'threshold-optimal': {
    title: (w) => w.t('Seuil analytique dans l’intervalle de l’optimum empirique', 'Analytic threshold within the interval of the empirical optimum'),
    digits: 'percent',
  },
  'beats-scorecard': {
    title: (w) => w.t('AUC de la carte de score moins celle du modèle servi', 'AUC of the scorecard less that of the served model'),
    digits: 4,
  },
  'no-identifier-leak': { title: (w) => w.t('AUC d’un classement qui ne devrait rien dire', 'AUC of a ranking that should tell nothing'), digits: 3 },
  'no-proxy-of-outcome': { title: (w) => w.t('AUC de la meilleure variable seule', 'AUC of the best single feature'), digits: 3 },
  'no-shared-clients': { title: (w) => w.t('Clients présents dans plusieurs plis', 'Clients that stand in several folds'), digits: 0 },
  'approval-ratio': {
    title: (w) =>
      w.t(
        'Taux d’accord rapporté au groupe de référence, groupe le moins favorisé',
        'Approval rate over the reference group’s, least favoured group',
      ),
    digits: 3,
  },
  'calibrated-within-groups': {
    title: (w) => w.t('Défauts observés sur prévus, groupe le plus éloigné de 1', 'Defaults observed over expected, group farthest from 1'),
    digits: 3,
  },
};

const subjects: Readonly<Record<string, (w: ReportLanguage) => string>> = {
  identifier: (w) => w.t('identifiant', 'identifier'),
  'row-order': (w) => w.t('ordre des lignes', 'order of rows'),
  'submission-time': (w) => w.t('moment de la demande', 'time of submission'),
};

export const leakCheckName = (w: ReportLanguage, check: string): string => subjects[check]?.(w) ?? check;

/** `sex:F` → `Sexe : Femme`; a leak check by its name. */
const subjectOf = (w: ReportLanguage, evidence: ModelEvidence, subject: string | null): string => {
  if (subject === null) return '';
  const [attributeName, groupName] = subject.split(':');
  const attribute = evidence.fairness.find(({ attribute: name }) => name === attributeName);
  const group = attribute?.groups.find(({ group: name }) => name === groupName);
  if (attribute !== undefined && group !== undefined)
    return w.t(`${w.pick(attribute.label)} : ${w.pick(group.label)}`, `${w.pick(attribute.label)}: ${w.pick(group.label)}`);
  return evidence.dataSheet.features.some(({ name }) => name === subject)
    ? w.pick(evidence.dataSheet.features.find(({ name }) => name === subject)?.label ?? { fr: subject, en: subject })
    : leakCheckName(w, subject);
};

export const checkTitle = (w: ReportLanguage, evidence: ModelEvidence, { code, subject }: EvidenceCheck): string => {
  const about = subjectOf(w, evidence, subject);
  const title = words[code].title(w);
  return about === '' ? title : `${title} — ${about}`;
};

const writerOf =
  (w: ReportLanguage, code: EvidenceCheck['code']) =>
  (value: number): string => {
    const { digits } = words[code];
    return digits === 'percent' ? w.pct(value, 2) : w.num(value, digits);
  };

export const measuredWords = (w: ReportLanguage, { code, measured, value }: EvidenceCheck): string => {
  const write = writerOf(w, code);
  if (measured !== null) return w.interval(measured, write);
  return value === null ? w.t('non mesuré', 'not measured') : write(value);
};

export const boundsWords = (w: ReportLanguage, { code, min, max }: EvidenceCheck): string => {
  const write = writerOf(w, code);
  if (min !== null && max !== null) return w.t(`de ${write(min)} à ${write(max)}`, `${write(min)} to ${write(max)}`);
  if (min !== null) return w.t(`au moins ${write(min)}`, `at least ${write(min)}`);
  return max === null ? '–' : w.t(`au plus ${write(max)}`, `at most ${write(max)}`);
};

export const statusWords = (w: ReportLanguage, status: EvidenceCheck['status']): string => {
  switch (status) {
    case 'within':
      return w.t('dans les bornes', 'within bounds');
    case 'within-uncertain':
      return w.t('dans les bornes, mais l’intervalle en sort', 'within bounds, though the interval reaches outside');
    case 'outside-uncertain':
      return w.t('hors des bornes, mais l’intervalle les touche', 'outside bounds, though the interval reaches in');
    case 'outside':
      return w.t('hors des bornes', 'outside bounds');
    case 'not-measured':
      return w.t('non mesuré', 'not measured');
  }
};

export const toneOf = (status: EvidenceCheck['status']): Tone => {
  if (status === 'within') return 'good';
  if (status === 'outside') return 'bad';
  return status === 'not-measured' ? 'plain' : 'open';
};
