/**
 * Which counts of a table are kept back: those of 1 to floor − 1 clients, and in each line (bins that add up to a number that is known) as many
 * of the next smallest as it takes for what is kept back to hold the floor, since a sum less the counts told would give the rest away
 * (complementary suppression; Willenborg and de Waal, "Elements of Statistical Disclosure Control", 2001, ch. 4).
 * `lines` hold positions of `counts`; a position may stand in two of them.
 */
export const withheldCounts = (counts: ArrayLike<number>, lines: readonly (readonly number[])[], floor: number): Uint8Array => {
  const isWithheld = Uint8Array.from(counts, (count) => (count > 0 && count < floor ? 1 : 0));
  for (let hasChanged = true; hasChanged;) {
    hasChanged = false;
    for (const line of lines) {
      let held = line.reduce((sum, position) => sum + (isWithheld[position] === 1 ? (counts[position] ?? 0) : 0), 0);
      if (held === 0 || held >= floor) continue;
      const told = line.filter((position) => isWithheld[position] === 0 && (counts[position] ?? 0) > 0);
      for (const position of told.sort((a, b) => (counts[a] ?? 0) - (counts[b] ?? 0) || a - b)) {
        if (held >= floor) break;
        isWithheld[position] = 1;
        held += counts[position] ?? 0;
        hasChanged = true;
      }
    }
  }
  return isWithheld;
};
