"""Trains LightGBM (PyPI) as the rival of our own boosting: same features, folds, inner splits, parameters and monotone constraints.

    python services/trainer/golden/lightgbm_rival.py MODEL_DIR SNAPSHOT_DIR [--seeds 1,2,3]

MODEL_DIR     a model version's artefact folder: manifest.json (hyperParameters), estimates.parquet (applicationId, fold, split)
SNAPSHOT_DIR  the snapshot it was trained on: features.parquet, applications.parquet (defaulted)

For each fold k: fitted on the rows outside fold k whose split is not k, stopped early on the binary log-loss of the rows outside
fold k whose split is k, judged on fold k; exactly what crossValidate does. The area is pooled over the out-of-fold margins.
Prints JSON: {"aucs": [one a seed], "median": the middle one, "ours": the same area of estimates.parquet, "bestRounds", "versions"}.
Needs lightgbm, numpy, pyarrow, scikit-learn. One thread, so that runs repeat.
"""

import argparse
import json
import statistics
from pathlib import Path

import lightgbm
import numpy as np
import pyarrow.parquet as pq
import sklearn
from sklearn.metrics import roc_auc_score


def read_columns(path, names):
    return pq.read_table(path, columns=names).to_pydict()


def load(model_dir, snapshot_dir):
    manifest = json.loads((model_dir / "manifest.json").read_text())
    features = pq.read_table(snapshot_dir / "features.parquet")
    ids = features.column("applicationId").to_pylist()
    matrix = np.column_stack(
        [features.column(name).to_numpy(zero_copy_only=False).astype(np.float32) for name in manifest["featureNames"]]
    )
    outcomes = read_columns(snapshot_dir / "applications.parquet", ["applicationId", "defaulted"])
    defaulted = dict(zip(outcomes["applicationId"], outcomes["defaulted"]))
    labels = np.array([defaulted[i] for i in ids])
    estimates = read_columns(model_dir / "estimates.parquet", ["applicationId", "fold", "split", "margin"])
    position = {application: row for row, application in enumerate(estimates["applicationId"])}
    order = [position[i] for i in ids]
    # Rows without fold are the unlabelled ones: no identifier of `ids` is among them.
    fold, split, margin = (np.array([estimates[name][row] for row in order]) for name in ("fold", "split", "margin"))
    return manifest, matrix, labels, fold, split, margin


def parameters_of(hyper, feature_names, seed):
    """A manifest's hyper-parameters in LightGBM's words."""
    constraints = dict(entry.rsplit(":", 1) for entry in hyper.get("monotoneConstraints", "").split(",") if entry)
    return {
        "monotone_constraints": [int(constraints.get(name, 0)) for name in feature_names] if constraints else None,
        "objective": "binary",
        "learning_rate": hyper["learningRate"],
        "num_leaves": hyper["numLeaves"],
        "max_depth": hyper["maxDepth"],
        "min_data_in_leaf": hyper["minDataInLeaf"],
        "min_sum_hessian_in_leaf": hyper["minSumHessianInLeaf"],
        "feature_fraction": hyper["featureFraction"],
        "bagging_fraction": hyper["baggingFraction"],
        "bagging_freq": hyper["baggingFreq"],
        "lambda_l1": hyper["lambdaL1"],
        "lambda_l2": hyper["lambdaL2"],
        "min_gain_to_split": hyper["minGainToSplit"],
        "max_bin": hyper["maxBin"],
        "num_threads": 1,
        "deterministic": True,
        "seed": seed,
        "verbose": -1,
    }


def out_of_fold(manifest, matrix, labels, fold, split, seed):
    hyper = manifest["hyperParameters"]
    parameters = parameters_of(hyper, manifest["featureNames"], seed)
    margins = np.zeros(len(labels))
    rounds = []
    for k in range(hyper["numFolds"]):
        inner = k % hyper["numInnerSplits"]
        fitted = (fold != k) & (split != inner)
        stopping = (fold != k) & (split == inner)
        judged = fold == k
        train = lightgbm.Dataset(matrix[fitted], labels[fitted], params={"max_bin": hyper["maxBin"], "verbose": -1})
        model = lightgbm.train(
            parameters,
            train,
            num_boost_round=hyper["numRounds"],
            valid_sets=[lightgbm.Dataset(matrix[stopping], labels[stopping], reference=train)],
            callbacks=[lightgbm.early_stopping(hyper["earlyStoppingRounds"], verbose=False)],
        )
        rounds.append(model.best_iteration)
        margins[judged] = model.predict(matrix[judged], raw_score=True, num_iteration=model.best_iteration)
    return roc_auc_score(labels, margins), rounds


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("model_dir", type=Path)
    parser.add_argument("snapshot_dir", type=Path)
    parser.add_argument("--seeds", default="1,2,3")
    arguments = parser.parse_args()
    manifest, matrix, labels, fold, split, margin = load(arguments.model_dir, arguments.snapshot_dir)
    runs = [out_of_fold(manifest, matrix, labels, fold, split, int(seed)) for seed in arguments.seeds.split(",")]
    aucs = [auc for auc, _ in runs]
    print(
        json.dumps(
            {
                "aucs": aucs,
                "median": statistics.median(aucs),
                "ours": roc_auc_score(labels, margin),
                "bestRounds": [rounds for _, rounds in runs],
                "versions": {"lightgbm": lightgbm.__version__, "numpy": np.__version__, "scikit-learn": sklearn.__version__},
            }
        )
    )


if __name__ == "__main__":
    main()
