import type { ExpertView } from '@lisible/contracts';

/** Position of the bin whose mean estimate lies nearest to this probability; null where there is none. Bins come lowest first. */
export const reliabilityBinOf = (bins: ExpertView['reliability'], probability: number): number | null => {
  const distances = bins.map(({ meanProbability }) => Math.abs(meanProbability - probability));
  return distances.length === 0 ? null : distances.indexOf(Math.min(...distances));
};
