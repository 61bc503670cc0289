/** A thread of `trainInThreads`: the first one learns, the others follow it. It ends by itself. */
import { followCrew } from './crew.ts';
import { TreeEnsembleError, type TreeEnsembleErrorCode } from '../errors.ts';
import { learn } from './learn.ts';
import { lookOutside, receiveOn, sendOn } from './threads.node.ts';
import type { TrainingProgress, TrainingResult } from './training-result.ts';
import type { TrainingInput } from './training-input.ts';
import { TrainingMember, type MemberOrder } from './training-member.ts';

/** Without the callback, which is called where the training was asked for. */
export type ThreadOrder = Omit<TrainingInput, 'onRound'>;

export interface ThreadData {
  /** 0 leads: it gets the order, and a line to each of the others. They get one to it, on which it says what it makes of the order. */
  readonly index: number;
  readonly numMembers: number;
}

export type ThreadReply =
  | { readonly kind: 'round'; readonly progress: TrainingProgress }
  | { readonly kind: 'done'; readonly result: TrainingResult }
  | { readonly kind: 'refused'; readonly code: TreeEnsembleErrorCode; readonly message: string };

const outside = lookOutside<ThreadData, ThreadOrder, ThreadReply>();
const { data, lines } = outside;

function lead(input: ThreadOrder): void {
  const callOthers = (order: MemberOrder): void => lines.forEach((line) => sendOn(line, order));
  try {
    const result = learn({ ...input, onRound: (progress) => outside.reply({ kind: 'round', progress }) }, data.numMembers, callOthers);
    outside.reply({ kind: 'done', result });
  } catch (error) {
    if (!(error instanceof TreeEnsembleError)) throw error;
    outside.reply({ kind: 'refused', code: error.code, message: error.message });
  }
}

if (data.index === 0) outside.onOrder(lead);
else {
  receiveOn(lines[0], (order: MemberOrder) => {
    const self = new TrainingMember(order, data.index);
    followCrew(self.shared, self);
  });
}
