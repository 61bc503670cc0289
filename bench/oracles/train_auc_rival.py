"""The data of the figure train-auc, and its rivals: LightGBM and XGBoost (hist).

    python bench/oracles/train_auc_rival.py prepare FOLDER home-credit DATA_DIR --seeds 1,2,3
    python bench/oracles/train_auc_rival.py prepare FOLDER synthetic --seeds 1,2,3
    python bench/oracles/train_auc_rival.py fit FOLDER lightgbm|xgboost --seeds 1,2,3

`prepare` writes FOLDER/matrix.f32 (rows × features, float32, NaN = missing, categories as codes from 0), labels.u8, for each seed
folds-SEED.u8 and splits-SEED.u8, and data.json; whoever calls it adds parameters.json, in LightGBM's words. `fit` writes the margins of
all rows, each from the model that never saw its fold: RIVAL-SEED.f64. The model of fold k stops on the rows of split k, outside fold k.
Prints JSON with the versions used. One thread.
"""

import argparse
import json
from pathlib import Path

import numpy as np
from sklearn.model_selection import StratifiedKFold

PROTECTED = ["CODE_GENDER", "DAYS_BIRTH", "CNT_CHILDREN", "CNT_FAM_MEMBERS", "NAME_FAMILY_STATUS", "NAME_TYPE_SUITE"]
NUM_FOLDS, NUM_SPLITS = 5, 10


def home_credit(data_dir):
    """The raw application columns, without protected ones; text columns as categories."""
    import pandas as pd

    raw = pd.read_csv(Path(data_dir) / "application_train.csv.gz")
    columns = raw.drop(columns=["SK_ID_CURR", "TARGET", *PROTECTED])
    categorical = [position for position, name in enumerate(columns) if not pd.api.types.is_numeric_dtype(columns[name])]
    for position in categorical:
        coded = columns.iloc[:, position].astype("category").cat.codes
        columns[columns.columns[position]] = coded.where(coded >= 0).astype(float)
    return columns.to_numpy(np.float32), raw["TARGET"].to_numpy(np.uint8), list(columns), categorical


def synthetic():
    """30,000 rows: 20 numbers, some with telling gaps, waves and products among them; categories of 3, 40 and 800 codes."""
    random = np.random.default_rng(20261126)
    num_rows, num_numbers = 30_000, 20
    numbers = random.normal(size=(num_rows, num_numbers))
    codes = [random.integers(0, 3, num_rows), (40 * random.random(num_rows) ** 2).astype(int), (800 * random.random(num_rows) ** 1.5).astype(int)]
    effects = [random.normal(0, scale, size) for scale, size in ((0.3, 3), (0.4, 40), (0.5, 800))]
    is_missing = random.random(numbers.shape) < np.array([0, 0.3, 0.1, 0, 0.2] * 4)
    margin = (
        -2.6
        + 0.6 * numbers[:, 0]
        + np.where(is_missing[:, 1], 0.6, -0.5 * numbers[:, 1])
        + 0.5 * numbers[:, 2] * numbers[:, 3]
        + 0.5 * np.sin(2 * numbers[:, 5])
        + 0.3 * (numbers[:, 6] > 1) * numbers[:, 7]
        + 0.2 * numbers[:, 8:12].sum(axis=1)
        + sum(effect[code] for effect, code in zip(effects, codes))
        + 0.4 * numbers[:, 0] * (codes[0] == 1)
    )
    labels = (random.random(num_rows) < 1 / (1 + np.exp(-margin))).astype(np.uint8)
    numbers[is_missing] = np.nan
    matrix = np.column_stack([numbers, *codes]).astype(np.float32)
    names = [f"x{position}" for position in range(num_numbers)] + ["few", "some", "many"]
    return matrix, labels, names, [num_numbers, num_numbers + 1, num_numbers + 2]


def prepare(folder, matrix, labels, names, categorical, seeds):
    matrix.tofile(folder / "matrix.f32")
    labels.tofile(folder / "labels.u8")
    for seed in seeds:
        for name, count, state in (("folds", NUM_FOLDS, seed), ("splits", NUM_SPLITS, 1000 + seed)):
            parts = np.zeros(len(labels), np.uint8)
            for part, (_, rows) in enumerate(StratifiedKFold(count, shuffle=True, random_state=state).split(labels, labels)):
                parts[rows] = part
            parts.tofile(folder / f"{name}-{seed}.u8")
    data = {"numRows": len(labels), "featureNames": names, "categoricalFeatures": categorical, "numFolds": NUM_FOLDS}
    (folder / "data.json").write_text(json.dumps(data))


def fit_lightgbm(parameters, categorical, train, stop, judged, seed):
    import lightgbm

    fixed = {"objective": "binary", "num_threads": 1, "deterministic": True, "force_row_wise": True, "seed": seed, "verbose": -1}
    settings = {**parameters, **fixed}
    rounds, patience = settings.pop("num_iterations"), settings.pop("early_stopping_round")
    data = lightgbm.Dataset(*train, categorical_feature=categorical, params={"max_bin": settings["max_bin"], "verbose": -1})
    model = lightgbm.train(
        settings,
        data,
        num_boost_round=rounds,
        valid_sets=[lightgbm.Dataset(*stop, reference=data)],
        callbacks=[lightgbm.early_stopping(patience, verbose=False)],
    )
    return model.predict(judged, raw_score=True, num_iteration=model.best_iteration), lightgbm.__version__


def fit_xgboost(parameters, categorical, train, stop, judged, seed):
    import xgboost

    settings = {
        "objective": "binary:logistic",
        "eval_metric": "logloss",
        "tree_method": "hist",
        "grow_policy": "lossguide",
        "max_depth": 0,
        "max_leaves": parameters["num_leaves"],
        "learning_rate": parameters["learning_rate"],
        "reg_lambda": parameters["lambda_l2"],
        "min_child_weight": parameters["min_sum_hessian_in_leaf"],
        "colsample_bytree": parameters["feature_fraction"],
        "subsample": parameters["bagging_fraction"],
        "max_bin": parameters["max_bin"],
        "seed": seed,
        "nthread": 1,
    }
    types = ["c" if position in categorical else "float" for position in range(judged.shape[1])]
    to_data = lambda rows, labels=None: xgboost.DMatrix(rows, labels, feature_types=types, enable_categorical=True)
    model = xgboost.train(
        settings,
        to_data(*train),
        num_boost_round=parameters["num_iterations"],
        evals=[(to_data(*stop), "stop")],
        early_stopping_rounds=parameters["early_stopping_round"],
        verbose_eval=False,
    )
    margins = model.predict(to_data(judged), output_margin=True, iteration_range=(0, model.best_iteration + 1))
    return margins, xgboost.__version__


def fit(folder, rival, seeds):
    data = json.loads((folder / "data.json").read_text())
    parameters = json.loads((folder / "parameters.json").read_text())
    matrix = np.fromfile(folder / "matrix.f32", np.float32).reshape(data["numRows"], -1)
    labels = np.fromfile(folder / "labels.u8", np.uint8)
    fit_one = {"lightgbm": fit_lightgbm, "xgboost": fit_xgboost}[rival]
    version = None
    for seed in seeds:
        folds, splits = (np.fromfile(folder / f"{name}-{seed}.u8", np.uint8) for name in ("folds", "splits"))
        margins = np.zeros(len(labels))
        for fold in range(data["numFolds"]):
            learnt, stopping, judged = (folds != fold) & (splits != fold), (folds != fold) & (splits == fold), folds == fold
            margins[judged], version = fit_one(
                parameters,
                data["categoricalFeatures"],
                (matrix[learnt], labels[learnt]),
                (matrix[stopping], labels[stopping]),
                matrix[judged],
                seed,
            )
        margins.astype(np.float64).tofile(folder / f"{rival}-{seed}.f64")
    print(json.dumps({"version": version}))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("command", choices=["prepare", "fit"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("what", choices=["home-credit", "synthetic", "lightgbm", "xgboost"])
    parser.add_argument("data_dir", type=Path, nargs="?")
    parser.add_argument("--seeds", default="1,2,3")
    arguments = parser.parse_args()
    seeds = [int(seed) for seed in arguments.seeds.split(",")]
    if arguments.command == "fit":
        fit(arguments.folder, arguments.what, seeds)
    else:
        made = synthetic() if arguments.what == "synthetic" else home_credit(arguments.data_dir)
        prepare(arguments.folder, *made, seeds)
        print(json.dumps({}))


if __name__ == "__main__":
    main()
