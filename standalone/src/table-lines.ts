import type { TrainingView } from '@lisible/contracts';
import type { Progress } from './progress.ts';

type Tables = NonNullable<TrainingView['tables']>;

/** What a training found of each history table: whether it is learnt from and why, and how many cells and rows were set aside. */
export const tableLines = ({ coverage, repairs }: Tables): readonly string[] =>
  coverage.map(({ table, isLearntFrom, reason }) => {
    const setAside = (treatment: Tables['repairs'][number]['treatment']): number =>
      repairs.reduce((sum, repair) => sum + (repair.table === table && repair.treatment === treatment ? repair.rows : 0), 0);
    const counts = [count(setAside('blank'), 'cell blanked', 'cells blanked'), count(setAside('leave-out'), 'row left out', 'rows left out')];
    const told = counts.filter((part) => part !== '').join(', ');
    return `${table}: ${isLearntFrom ? 'learnt from' : 'shown, not learnt from'}. ${reason?.en ?? ''}${told === '' ? '' : ` (${told})`}`;
  });

const count = (number: number, one: string, many: string): string => (number === 0 ? '' : `${number} ${number === 1 ? one : many}`);

/** Tells the tables once, when they are first there. */
export const createTableTeller = (): ((progress: Progress, tables: TrainingView['tables']) => void) => {
  let isTold = false;
  return (progress, tables) => {
    if (isTold || tables === undefined) return;
    isTold = true;
    progress.note(tableLines(tables));
  };
};
