export {
  createBackgroundExplainer,
  prepareBackgroundExplainer,
  type BackgroundExplainer,
  type BackgroundExplainerOptions,
} from './background-explainer.ts';
export { foldCalibration } from './calibration.ts';
export { TreeEnsembleError, treeEnsembleErrorCodes, type TreeEnsembleErrorCode } from './errors.ts';
export { selectRows } from './feature-matrix.ts';
export { checkHyperParameters, defaultHyperParameters, type HyperParameters } from './hyper-parameters.ts';
export { logit, sigmoid } from './log-odds.ts';
export { toOnnx, type OnnxOptions } from './onnx.ts';
export { findLeaf, predictMargin, predictMargins } from './predict.ts';
export { readLightGbm } from './readers/read-light-gbm.ts';
export { readOnnx, type Covers, type OnnxEnsemble, type ReadOnnxOptions } from './readers/read-onnx.ts';
export { readXgBoost } from './readers/read-xg-boost.ts';
export { parseTrees, serialiseTrees } from './serialise.ts';
export { trainInThreads, type ThreadOptions } from './train-in-threads.ts';
export { train, type TrainingProgress, type TrainingResult } from './train.ts';
export type { LabelledMatrix, TrainingInput } from './training-input.ts';
export type { FeatureMatrix, Tree, TreeEnsemble } from './tree-ensemble.ts';
export { expectedMargin } from './shap-plan.ts';
export { createTreeExplainer, treeShap, type Attribution, type TreeExplainer } from './tree-shap.ts';
