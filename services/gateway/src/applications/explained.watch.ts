import type { OnModuleDestroy } from '@nestjs/common';
import { Injectable } from '@nestjs/common';

/** One request's interest in one application. */
export interface Watch {
  /** True when the explanation arrived, false when the time was up or the door closes. */
  readonly isExplained: Promise<boolean>;
  stop(): void;
}

/** Requests that wait for an explanation, woken by the broadcast of `explained`. */
@Injectable()
export class ExplainedWatch implements OnModuleDestroy {
  private readonly waiting = new Map<string, Set<(isExplained: boolean) => void>>();

  /** Watches from now on: an explanation made after this call is never missed. */
  start(applicationId: string, waitMs: number): Watch {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const settlers = this.waiting.get(applicationId) ?? new Set();
    this.waiting.set(applicationId, settlers);
    const settle = (isExplained: boolean): void => {
      clearTimeout(timer);
      settlers.delete(settle);
      if (settlers.size === 0 && this.waiting.get(applicationId) === settlers) this.waiting.delete(applicationId);
      resolve(isExplained);
    };
    const timer = setTimeout(() => settle(false), waitMs);
    settlers.add(settle);
    return { isExplained: promise, stop: () => settle(false) };
  }

  /** Wakes every request that waits for this application. */
  explained(applicationId: string): void {
    for (const settle of this.waiting.get(applicationId) ?? []) settle(true);
  }

  /** A closing door answers what it knows rather than keep its callers. */
  onModuleDestroy(): void {
    for (const settlers of this.waiting.values()) for (const settle of settlers) settle(false);
  }
}
