import type { LocalizedText, ModelManifest, Policy, PopulationSnapshot } from '@lisible/contracts';
import type { AboutData, Catalogue, PolicyInputs } from '@lisible/credit';
import type { FeatureMatrix, TreeEnsemble } from '@lisible/tree-ensemble';
import type { ModelStudies } from '../model-studies/model-studies.ts';

/** All that evidence is made of. Rows of people stay in here: what comes out holds aggregates only. */
export interface EvidenceInputs {
  readonly studies: ModelStudies;
  /** One a labelled row, 1 defaulted. */
  readonly labels: Uint8Array;
  /** Of all labelled rows, columns as `studies.featureNames`. */
  readonly matrix: FeatureMatrix;
  /** The served model, fitted on all rows and calibrated. */
  readonly model: TreeEnsemble;
  readonly catalogue: Catalogue;
  /** What no table tells. */
  readonly about: AboutData;
  readonly policy: Policy;
  /** What declared rules read, one a labelled row; null where it was not read. */
  readonly policyInputs: readonly PolicyInputs[] | null;
  /** ISO 4217, where all applications share one; null otherwise: amounts are then written bare. */
  readonly currency: string | null;
  readonly snapshot: PopulationSnapshot;
  readonly coverage: readonly {
    readonly table: string;
    readonly rows: number;
    readonly clients: number;
    readonly labelledShare: number | null;
    readonly unlabelledShare: number | null;
    readonly isLearntFrom: boolean;
    readonly reason: LocalizedText | null;
  }[];
  readonly manifest: Pick<ModelManifest, 'modelName' | 'modelVersion' | 'createdAt' | 'numTrees' | 'hyperParameters' | 'trainingRanges'>;
}

/** The out-of-fold estimates of the served model. */
export interface ServedEstimates {
  readonly margins: Float64Array;
  readonly probabilities: Float64Array;
}
