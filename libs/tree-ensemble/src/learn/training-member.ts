import { Binning } from './binning.ts';
import { phase, type Member, type Phase } from './crew.ts';
import { HistogramWork } from './histogram-work.ts';
import type { HyperParameters } from './hyper-parameters.ts';
import { RowWork } from './row-work.ts';
import { readColumns } from './training-columns.ts';
import { TrainingMemory, type TrainingShape } from './training-memory.ts';
import type { FeatureMatrix } from '../tree-ensemble.ts';

/** All that a member is told before the first phase. Plain data over shared memory: sent to other threads. */
export interface MemberOrder {
  readonly memory: WebAssembly.Memory;
  readonly shape: TrainingShape;
  readonly settings: HyperParameters;
  readonly matrix: FeatureMatrix;
  readonly validationMatrix: FeatureMatrix | null;
  readonly monotoneConstraints: Int8Array | null;
  readonly categoricalFeatures: readonly number[];
}

/** One of the crew: performs its share of each phase. */
export class TrainingMember implements Member {
  readonly shared: TrainingMemory;
  readonly rowWork: RowWork;
  readonly #order: MemberOrder;
  readonly #index: number;
  readonly #binning: Binning;
  #histogramWork: HistogramWork | null = null;

  /** @param index - 0 for the member that leads */
  constructor(order: MemberOrder, index: number) {
    const { matrix, settings, validationMatrix, categoricalFeatures } = order;
    this.shared = new TrainingMemory(order.memory, order.shape);
    this.#order = order;
    this.#index = index;
    this.#binning = new Binning(this.shared, matrix, settings.maxBin, categoricalFeatures, index);
    this.rowWork = new RowWork(this.shared, matrix, validationMatrix, index);
  }

  perform(what: Phase): void {
    switch (what) {
      case phase.findBins:
        return this.#binning.findBins();
      case phase.encode: {
        const { bins, plan } = readColumns(this.shared);
        return this.#binning.encode(bins, plan);
      }
      case phase.computeGradients:
        return this.rowWork.computeGradients();
      case phase.quantise:
        return this.rowWork.quantise();
      case phase.fillHistograms:
        return this.#openHistogramWork().perform();
      case phase.partRows:
        return this.rowWork.partRows();
      case phase.collectRows:
        return this.rowWork.collectRows();
      case phase.sumLeaves:
        return this.rowWork.sumLeaves();
      case phase.addToMargins:
        return this.rowWork.addToMargins();
      case phase.walkRows:
        return this.rowWork.walkRows();
      case phase.validate:
        return this.rowWork.validate();
      case phase.end:
    }
  }

  /** Once the rows are encoded: only then is it known which columns have missing values. */
  #openHistogramWork(): HistogramWork {
    const { settings, monotoneConstraints } = this.#order;
    this.#histogramWork ??= new HistogramWork(this.shared, readColumns(this.shared), settings, monotoneConstraints, this.#index);
    return this.#histogramWork;
  }
}
