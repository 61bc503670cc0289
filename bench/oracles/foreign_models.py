"""Trains a large model with LightGBM or XGBoost and writes it as its own file, beside rows and what the library answers to them.

    python bench/oracles/foreign_models.py --library lightgbm|xgboost --data DATA --rounds 500 --probes 10000 --out FOLDER

DATA is `synthetic` or the folder of the Home Credit extract. Writes model.txt or model.json, rows.f32 (row-major), margins.f64 and, of
XGBoost, leaves.i32 (rows × trees). Prints versions and shapes as JSON.
"""

import argparse
import json
import pathlib
import platform

import numpy
import pandas


def make_synthetic(num_rows, random):
    """Ten numbers, categories of 4 to 5,000 codes of very uneven frequency, a tenth of everything missing; a fifth defaults."""
    sizes = [4, 30, 250, 1_000, 5_000]
    numbers = random.normal(size=(num_rows, 10)).astype(numpy.float32)
    numbers[:, 7] = numpy.round(numbers[:, 7])
    numbers[:, 8] = numpy.maximum(numbers[:, 8], 0)
    numbers[:, 9] = numpy.exp(4 * numbers[:, 9])
    codes = [numpy.minimum(random.zipf(1.3, num_rows) - 1, random.integers(0, size, num_rows)) for size in sizes]
    effects = [random.normal(size=size) for size in sizes]
    margin = 0.5 * numbers[:, 0] + 0.5 * numbers[:, 1] * numbers[:, 2] + 0.1 * numpy.log(numbers[:, 9]) - 1.8
    for code, effect in zip(codes, effects, strict=True):
        margin += 0.3 * effect[code]
    labels = (random.random(num_rows) < 1 / (1 + numpy.exp(-margin))).astype(int)
    rows = numpy.column_stack([numbers, *codes]).astype(numpy.float32)
    rows[random.random(rows.shape) < 0.1] = numpy.nan
    return rows, labels, list(range(10, 15))


def read_extract(folder):
    """The applications as they are, but for the identifier: texts become codes in the order of their names."""
    table = pandas.read_csv(pathlib.Path(folder) / "application_train.csv.gz").drop(columns="SK_ID_CURR")
    labels = table.pop("TARGET").to_numpy()
    categorical = []
    for index, name in enumerate(table.columns):
        if not pandas.api.types.is_numeric_dtype(table[name]):
            codes = table[name].astype("category").cat.codes.astype(float)
            table[name] = codes.where(codes >= 0, numpy.nan)
            categorical.append(index)
    return table.to_numpy(dtype=numpy.float32), labels, categorical


parser = argparse.ArgumentParser()
parser.add_argument("--library", choices=["lightgbm", "xgboost"], required=True)
parser.add_argument("--data", required=True)
parser.add_argument("--rounds", type=int, required=True)
parser.add_argument("--probes", type=int, required=True)
parser.add_argument("--out", required=True)
options = parser.parse_args()
out = pathlib.Path(options.out)

random = numpy.random.default_rng(20261126)
rows, labels, categorical = make_synthetic(40_000, random) if options.data == "synthetic" else read_extract(options.data)
names = [f"feature{index}" for index in range(rows.shape[1])]

# Real rows with a value in twenty from elsewhere in its column, unseen codes, and missing values where none were.
probes = rows[random.integers(0, len(rows), options.probes)].copy()
swapped = random.random(probes.shape) < 0.05
probes[swapped] = rows[random.integers(0, len(rows), probes.shape), numpy.arange(rows.shape[1])][swapped]
probes[random.random(probes.shape) < 0.02] = numpy.nan
for index in categorical:
    unseen = random.random(len(probes)) < 0.02
    probes[unseen, index] = random.integers(0, 30_000, unseen.sum())

if options.library == "lightgbm":
    import lightgbm as library

    booster = library.train(
        {
            "objective": "binary",
            "num_leaves": 31,
            "learning_rate": 0.03,
            "bagging_fraction": 0.7,
            "bagging_freq": 1,
            "feature_fraction": 0.5,
            "min_data_per_group": 20,
            "max_cat_threshold": 128,
            "verbose": -1,
            "num_threads": 1,
            "seed": 5,
        },
        library.Dataset(rows, labels, feature_name=names, categorical_feature=categorical),
        options.rounds,
    )
    booster.save_model(out / "model.txt")
    margins = booster.predict(probes, raw_score=True)
    num_trees = booster.num_trees()
else:
    import xgboost as library

    types = ["c" if index in categorical else "q" for index in range(rows.shape[1])]

    def matrix(values, answers=None):
        return library.DMatrix(values, answers, feature_names=names, feature_types=types, enable_categorical=True)

    booster = library.train(
        {
            "objective": "binary:logistic",
            "tree_method": "hist",
            "max_depth": 6,
            "eta": 0.03,
            "min_child_weight": 5,
            "subsample": 0.7,
            "colsample_bynode": 0.5,
            "max_cat_to_onehot": 5,
            "nthread": 1,
            "seed": 5,
        },
        matrix(rows, labels),
        options.rounds,
    )
    booster.save_model(out / "model.json")
    margins = booster.predict(matrix(probes), output_margin=True)
    leaves = booster.predict(matrix(probes), pred_leaf=True, strict_shape=True).reshape(len(probes), -1)
    leaves.astype("<i4").tofile(out / "leaves.i32")
    num_trees = leaves.shape[1]

probes.astype("<f4").tofile(out / "rows.f32")
numpy.asarray(margins, dtype="<f8").tofile(out / "margins.f64")
print(
    json.dumps(
        {
            "version": f"{options.library} {library.__version__}",
            "python": platform.python_version(),
            "numRows": len(probes),
            "numFeatures": rows.shape[1],
            "numTrees": num_trees,
            "numCategorical": len(categorical),
            "missingShare": float(numpy.isnan(probes).mean()),
        }
    )
)
