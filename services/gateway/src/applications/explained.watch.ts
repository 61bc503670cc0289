import type { Decision } from '@lisible/contracts';
import type { OnModuleDestroy } from '@nestjs/common';
import { Injectable } from '@nestjs/common';

/** One request's interest in one application. */
export interface Watch {
  /** The decision, once it was announced: what the ledger holds. */
  readonly decision: Decision | null;
  /** True when the explanation arrived, false when the time was up or the door closes. */
  readonly isExplained: Promise<boolean>;
  stop(): void;
}

interface Waiting {
  decision: Decision | null;
  readonly settlers: Set<(isExplained: boolean) => void>;
}

/** Requests that wait for an explanation, woken by the broadcast of `explained`; the broadcast of `decided` brings them the decision. */
@Injectable()
export class ExplainedWatch implements OnModuleDestroy {
  private readonly waiting = new Map<string, Waiting>();

  /** Watches from now on: an explanation made after this call is never missed. */
  start(applicationId: string, waitMs: number): Watch {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const waiting: Waiting = this.waiting.get(applicationId) ?? { decision: null, settlers: new Set() };
    const { settlers } = waiting;
    this.waiting.set(applicationId, waiting);
    const settle = (isExplained: boolean): void => {
      clearTimeout(timer);
      settlers.delete(settle);
      if (settlers.size === 0 && this.waiting.get(applicationId) === waiting) this.waiting.delete(applicationId);
      resolve(isExplained);
    };
    const timer = setTimeout(() => settle(false), waitMs);
    settlers.add(settle);
    return {
      get decision() {
        return waiting.decision;
      },
      isExplained: promise,
      stop: () => settle(false),
    };
  }

  isAwaited(applicationId: string): boolean {
    return this.waiting.has(applicationId);
  }

  /** Keeps the decision for the requests that wait for its explanation. */
  decided(decision: Decision): void {
    const waiting = this.waiting.get(decision.applicationId);
    if (waiting !== undefined) waiting.decision = decision;
  }

  /** Wakes every request that waits for this application. */
  explained(applicationId: string): void {
    for (const settle of this.waiting.get(applicationId)?.settlers ?? []) settle(true);
  }

  /** A closing door answers what it knows rather than keep its callers. */
  onModuleDestroy(): void {
    for (const { settlers } of this.waiting.values()) for (const settle of settlers) settle(false);
  }
}
