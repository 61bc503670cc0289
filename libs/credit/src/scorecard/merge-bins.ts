/** Rows of each class in the bins to merge, in order. */
export interface ClassCounts {
  readonly defaults: Float64Array;
  readonly repaid: Float64Array;
}

export interface MergeLimits {
  readonly maxBins: number;
  readonly minRows: number;
  readonly minRowsOfClass: number;
  readonly trend: 'increases-risk' | 'decreases-risk' | 'free';
}

/** A bin's part of the information value; 0 when a class is absent. */
export const informationOf = (defaults: number, repaid: number, allDefaults: number, allRepaid: number): number => {
  if (defaults === 0 || repaid === 0) return 0;
  const shareOfRepaid = repaid / allRepaid;
  const shareOfDefaults = defaults / allDefaults;
  return (shareOfRepaid - shareOfDefaults) * Math.log(shareOfRepaid / shareOfDefaults);
};

export interface Merged {
  /** First of the bins to merge that each merged bin holds; starts with 0. */
  readonly starts: readonly number[];
  readonly informationValue: number;
}

/**
 * The merging of neighbouring bins with the greatest information value within the limits, exactly, by dynamic programming over
 * the last bin: the optimum that optbinning (Navas-Palencia, 2020) finds by constraint programming. Of equal values, fewer bins.
 * `allDefaults` and `allRepaid` count the feature's rows, missing ones included. Null when not even one bin keeps the limits.
 */
export const mergeBins = ({ defaults, repaid }: ClassCounts, allDefaults: number, allRepaid: number, limits: MergeLimits): Merged | null => {
  const size = defaults.length;
  const defaultsBefore = new Float64Array(size + 1);
  const repaidBefore = new Float64Array(size + 1);
  for (let bin = 0; bin < size; bin++) {
    defaultsBefore[bin + 1] = (defaultsBefore[bin] ?? 0) + (defaults[bin] ?? 0);
    repaidBefore[bin + 1] = (repaidBefore[bin] ?? 0) + (repaid[bin] ?? 0);
  }
  // Of the merged bin that holds bins start..end−1.
  const defaultsOf = (start: number, end: number): number => (defaultsBefore[end] ?? 0) - (defaultsBefore[start] ?? 0);
  const repaidOf = (start: number, end: number): number => (repaidBefore[end] ?? 0) - (repaidBefore[start] ?? 0);
  const cell = (start: number, end: number): number => start * (size + 1) + end;
  const information = new Float64Array((size + 1) * (size + 1)).fill(-Infinity);
  for (let start = 0; start < size; start++) {
    for (let end = start + 1; end <= size; end++) {
      const d = defaultsOf(start, end);
      const r = repaidOf(start, end);
      if (d >= limits.minRowsOfClass && r >= limits.minRowsOfClass && d + r >= limits.minRows)
        information[cell(start, end)] = informationOf(d, r, allDefaults, allRepaid);
    }
  }
  const mayFollow = (before: number, start: number, end: number): boolean => {
    if (limits.trend === 'free') return true;
    // The rates compared by their cross products: whole numbers, so exactly.
    const rise = defaultsOf(start, end) * repaidOf(before, start) - defaultsOf(before, start) * repaidOf(start, end);
    return limits.trend === 'increases-risk' ? rise >= 0 : rise <= 0;
  };

  // best[k](start, end): greatest value of k+1 bins over 0..end−1 of which the last is start..end−1.
  let best = Float64Array.from(information, (value, index) => (index < size + 1 ? value : -Infinity));
  const comesFrom: Int32Array[] = [];
  let optimum = { bins: 1, start: 0, value: best[cell(0, size)] ?? -Infinity };
  for (let bins = 2; bins <= Math.min(limits.maxBins, size); bins++) {
    const next = new Float64Array(best.length).fill(-Infinity);
    const from = new Int32Array(best.length).fill(-1);
    for (let start = 1; start < size; start++) {
      for (let end = start + 1; end <= size; end++) {
        const own = information[cell(start, end)] ?? -Infinity;
        if (own === -Infinity) continue;
        for (let before = 0; before < start; before++) {
          const value = (best[cell(before, start)] ?? -Infinity) + own;
          if (value > (next[cell(start, end)] ?? -Infinity) && mayFollow(before, start, end)) {
            next[cell(start, end)] = value;
            from[cell(start, end)] = before;
          }
        }
      }
    }
    comesFrom.push(from);
    best = next;
    for (let start = 1; start < size; start++) {
      const value = best[cell(start, size)] ?? -Infinity;
      // A gain that is rounding is no reason for one bin more.
      if (value > optimum.value + 1e-12) optimum = { bins, start, value };
    }
  }
  if (optimum.value === -Infinity) return null;
  const starts = [optimum.start];
  let end = size;
  for (let bins = optimum.bins; bins > 1; bins--) {
    const start = starts[0] ?? 0;
    starts.unshift(comesFrom[bins - 2]?.[cell(start, end)] ?? 0);
    end = start;
  }
  return { starts, informationValue: optimum.value };
};
