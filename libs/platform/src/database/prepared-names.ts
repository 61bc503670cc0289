/** Statements whose plans a connection may keep; what is neither of these may change the tables under the plans. */
const isPlanned = (sql: string): boolean => /^\s*(select|insert|update|delete|with)\b/i.test(sql);

/** A longer statement is one of many rows, whose text hardly comes twice: its plan would fill the server's memory for nothing. */
const longestText = 4_000;
const mostNames = 150;
const mostCandidates = 1_000;

/**
 * Which statements are prepared under a name, for all connections of a process: those that come a second time. Each connection of the
 * server keeps a plan for each name, so there are few.
 */
export class PreparedNames {
  readonly #names = new Map<string, string>();
  readonly #seenOnce = new Set<string>();

  /** The name under which the statement is to be prepared; undefined for one that is not. */
  nameOf(sql: string): string | undefined {
    const known = this.#names.get(sql);
    if (known !== undefined || sql.length > longestText || this.#names.size >= mostNames || !isPlanned(sql)) return known;
    if (!this.#seenOnce.has(sql)) {
      if (this.#seenOnce.size >= mostCandidates) this.#seenOnce.clear();
      this.#seenOnce.add(sql);
      return undefined;
    }
    this.#seenOnce.delete(sql);
    const name = `s${this.#names.size + 1}`;
    this.#names.set(sql, name);
    return name;
  }
}
