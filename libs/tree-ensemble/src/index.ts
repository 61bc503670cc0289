export {
  createBackgroundExplainer,
  prepareBackgroundExplainer,
  type BackgroundExplainer,
  type BackgroundExplainerOptions,
} from './attribute/background-explainer.ts';
export { foldCalibration } from './convert/calibration.ts';
export { TreeEnsembleError, treeEnsembleErrorCodes, type TreeEnsembleErrorCode } from './errors.ts';
export { selectRows } from './feature-matrix.ts';
export { checkHyperParameters, defaultHyperParameters, type HyperParameters } from './learn/hyper-parameters.ts';
export { logit, sigmoid } from './log-odds.ts';
export { toOnnx, type OnnxOptions } from './convert/onnx.ts';
export { findLeaf, predictMargin, predictMargins } from './predict.ts';
export { readLightGbm } from './convert/readers/read-light-gbm.ts';
export { readOnnx, type Covers, type OnnxEnsemble, type ReadOnnxOptions } from './convert/readers/read-onnx.ts';
export { readXgBoost } from './convert/readers/read-xg-boost.ts';
export { parseTrees, serialiseTrees } from './convert/serialise.ts';
export { trainInThreads, type ThreadOptions } from './learn/train-in-threads.ts';
export { train } from './learn/train.ts';
export type { TrainingProgress, TrainingResult } from './learn/training-result.ts';
export type { LabelledMatrix, TrainingInput } from './learn/training-input.ts';
export type { FeatureMatrix, Tree, TreeEnsemble } from './tree-ensemble.ts';
export { expectedMargin } from './attribute/shap-plan.ts';
export { createTreeExplainer, treeShap, type Attribution, type TreeExplainer } from './attribute/tree-shap.ts';
