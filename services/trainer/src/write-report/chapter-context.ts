import type { EvidenceCheck, EvidenceInterval, ModelEvidence } from '@lisible/contracts';
import type { Block } from './block.ts';
import { claim } from './block.ts';
import { boundsWords, checkTitle, measuredWords, statusWords, toneOf } from './check-words.ts';
import type { ReportLanguage } from './report-language.ts';

/** What every chapter is written from: the evidence and a language, nothing else. */
export interface ChapterContext {
  readonly evidence: ModelEvidence;
  readonly w: ReportLanguage;
  /** A feature's label. */
  readonly feature: (name: string) => string;
  /** Every check of a code as a sentence: what, how much, the bounds, and whether it stands within them. */
  readonly claims: (code: EvidenceCheck['code']) => readonly Block[];
  /** `n = 33,907` in the caption of whatever is measured on all rows. */
  readonly allRows: string;
}

export const chapterContext = (evidence: ModelEvidence, w: ReportLanguage): ChapterContext => {
  const labels = new Map(evidence.dataSheet.features.map(({ name, label }) => [name, w.pick(label)]));
  return {
    evidence,
    w,
    feature: (name) => labels.get(name) ?? name,
    claims: (code) =>
      evidence.checks
        .filter((check) => check.code === code)
        .map((check) => {
          const title = checkTitle(w, evidence, check);
          const measured = measuredWords(w, check);
          const bounds = boundsWords(w, check);
          const status = statusWords(w, check.status);
          return claim(
            w.t(`${title} : ${measured} ; attendu : ${bounds} ; ${status}.`, `${title}: ${measured}; expected: ${bounds}; ${status}.`),
            toneOf(check.status),
          );
        }),
    allRows: w.t(`n = ${w.int(evidence.sample.rows)} demandes, hors pli`, `n = ${w.int(evidence.sample.rows)} applications, out of fold`),
  };
};

/** `value (lower to upper)` with so many decimals; a dash where it could not be measured. */
export const withInterval = (w: ReportLanguage, interval: EvidenceInterval | null, digits: number): string =>
  interval === null ? '–' : w.interval(interval, (value) => w.num(value, digits));
export const withPctInterval = (w: ReportLanguage, interval: EvidenceInterval | null, digits = 1): string =>
  interval === null ? '–' : w.interval(interval, (value) => w.pct(value, digits));
export const withSignedInterval = (w: ReportLanguage, interval: EvidenceInterval | null, digits: number): string =>
  interval === null ? '–' : w.interval(interval, (value) => w.signed(value, digits));

/** Whether a difference is told from zero by its interval. */
export const isDecided = ({ lower, upper }: EvidenceInterval): boolean => lower > 0 || upper < 0;
