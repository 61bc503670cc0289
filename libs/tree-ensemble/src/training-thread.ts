/** A thread of `trainInThreads`: the first one learns, the others follow it. It ends by itself. */
import { followCrew } from './crew.ts';
import { TreeEnsembleError, type TreeEnsembleErrorCode } from './errors.ts';
import { learn } from './learn.ts';
import { followOrder } from './threads.node.ts';
import type { TrainingProgress, TrainingResult } from './train.ts';
import type { TrainingInput } from './training-input.ts';
import { TrainingMember, type MemberOrder } from './training-member.ts';

export interface ThreadData {
  /** 0 leads. */
  readonly index: number;
  readonly numMembers: number;
}

/** The leader gets the data; the others get what the leader makes of it. */
export type ThreadOrder =
  { readonly kind: 'lead'; readonly input: Omit<TrainingInput, 'onRound'> } | { readonly kind: 'follow'; readonly order: MemberOrder };

export type ThreadReply =
  | { readonly kind: 'order'; readonly order: MemberOrder }
  | { readonly kind: 'round'; readonly progress: TrainingProgress }
  | { readonly kind: 'done'; readonly result: TrainingResult }
  | { readonly kind: 'refused'; readonly code: TreeEnsembleErrorCode; readonly message: string };

function lead(input: Omit<TrainingInput, 'onRound'>, numMembers: number, reply: (message: ThreadReply) => void): void {
  try {
    const onRound = (progress: TrainingProgress): void => reply({ kind: 'round', progress });
    reply({ kind: 'done', result: learn({ ...input, onRound }, numMembers, (order) => reply({ kind: 'order', order })) });
  } catch (error) {
    if (!(error instanceof TreeEnsembleError)) throw error;
    reply({ kind: 'refused', code: error.code, message: error.message });
  }
}

followOrder<ThreadData, ThreadOrder, ThreadReply>((order, { index, numMembers }, reply) => {
  if (order.kind === 'lead') return lead(order.input, numMembers, reply);
  const self = new TrainingMember(order.order, index);
  followCrew(self.shared, self);
});
