/** The longest a request may wait for its decision. */
export const maxWaitSeconds = 30;

/** Seconds of `Prefer: respond-async, wait=5` (RFC 7240), at most 30; null when the caller does not ask to wait. */
export const waitSecondsOf = (prefer: string | undefined): number | null => {
  for (const preference of (prefer ?? '').split(',')) {
    const seconds = /^\s*wait\s*=\s*"?(\d{1,9})"?\s*(;.*)?$/i.exec(preference)?.[1];
    if (seconds !== undefined) return Math.min(Number(seconds), maxWaitSeconds);
  }
  return null;
};
