"""Interventional SHAP values of a LightGBM model against a background set, by shap and by woodelf.

    python bench/oracles/reasons_rival.py make --data DATA --out FOLDER --trees 500 --background 200 --rows 6000
    python bench/oracles/reasons_rival.py explain --out FOLDER --first 0 --count 16 [--more 2000]

`make`: DATA is the folder of the Home Credit extract or `synthetic`. Writes model.txt (trees of depth up to 6), background.f32 (the
clients whose estimate lies nearest below a threshold of a tenth), rows.f32 (others, drawn) and margins.f64 of these rows.
`explain`: the rows from `first` on; prints seconds of each library and writes shap.f64 and woodelf.f64 (rows × features). woodelf
prepares anew at every call, so with `more` it also explains that many rows at once.
"""

import argparse
import json
import pathlib
import platform
import time

import lightgbm
import numpy
import pandas


def read_extract(folder):
    """The applications as they are, but for the identifier: texts become codes in the order of their names."""
    table = pandas.read_csv(pathlib.Path(folder) / "application_train.csv.gz").drop(columns="SK_ID_CURR")
    labels = table.pop("TARGET").to_numpy()
    for name in table.columns:
        if not pandas.api.types.is_numeric_dtype(table[name]):
            codes = table[name].astype("category").cat.codes.astype(float)
            table[name] = codes.where(codes >= 0, numpy.nan)
    return table.to_numpy(dtype=numpy.float32), labels


def make_synthetic(num_rows, num_features):
    random = numpy.random.default_rng(20261126)
    rows = random.normal(size=(num_rows, num_features)).astype(numpy.float32)
    margin = rows[:, :20] @ random.normal(size=20) / 4 + rows[:, 1] * rows[:, 2] - 2.5
    labels = (random.random(num_rows) < 1 / (1 + numpy.exp(-margin))).astype(int)
    rows[random.random(rows.shape) < 0.1] = numpy.nan
    return rows, labels


def make(options, out):
    rows, labels = make_synthetic(30_000, 120) if options.data == "synthetic" else read_extract(options.data)
    settings = {
        "objective": "binary",
        "learning_rate": 0.03,
        "max_depth": 6,
        "num_leaves": 64,
        "feature_fraction": 0.5,
        "num_iterations": options.trees,
        "seed": 1,
        "num_threads": 1,
        "deterministic": True,
        "verbose": -1,
    }
    booster = lightgbm.train(settings, lightgbm.Dataset(rows, labels))
    probabilities = booster.predict(rows)
    approved = numpy.flatnonzero(probabilities < 0.1)
    background = approved[numpy.argsort(-probabilities[approved], kind="stable")][: options.background]
    others = numpy.setdiff1d(numpy.arange(len(rows)), background)
    drawn = rows[numpy.random.default_rng(7).permutation(others)[: options.rows]]
    booster.save_model(out / "model.txt")
    rows[background].tofile(out / "background.f32")
    drawn.tofile(out / "rows.f32")
    booster.predict(drawn, raw_score=True).tofile(out / "margins.f64")
    trees = booster.dump_model()["tree_info"]
    print(
        json.dumps(
            {
                "numFeatures": rows.shape[1],
                "numBackground": len(background),
                "numRows": len(drawn),
                "numTrees": len(trees),
                "numLeaves": sum(tree["num_leaves"] for tree in trees),
            }
        )
    )


def explain(options, out):
    import importlib.metadata

    import shap
    from woodelf.explainer import WoodelfExplainer

    booster = lightgbm.Booster(model_file=out / "model.txt")
    width = booster.num_feature()
    rows = numpy.fromfile(out / "rows.f32", numpy.float32).reshape(-1, width)
    background = numpy.fromfile(out / "background.f32", numpy.float32).reshape(-1, width)
    few = rows[options.first : options.first + options.count]
    tables = [pandas.DataFrame(part, columns=booster.feature_name()) for part in (background, few)]

    def timed(run):
        began = time.perf_counter()
        answer = run()
        return time.perf_counter() - began, answer

    # Left to itself, shap takes a hundred of the background rows.
    masker = shap.maskers.Independent(background, max_samples=len(background))
    by_shap = shap.TreeExplainer(booster, data=masker, feature_perturbation="interventional", model_output="raw")
    by_woodelf = WoodelfExplainer(booster, tables[0], feature_perturbation="interventional")
    by_shap.shap_values(few[:1])
    shap_seconds, shap_values = timed(lambda: by_shap.shap_values(few))
    woodelf_seconds, woodelf_values = timed(lambda: by_woodelf.shap_values(tables[1], verbose=False))
    more_seconds = None
    if options.more:
        many = pandas.DataFrame(rows[: options.more], columns=booster.feature_name())
        more_seconds, _ = timed(lambda: by_woodelf.shap_values(many, verbose=False))
    numpy.ascontiguousarray(shap_values, numpy.float64).tofile(out / "shap.f64")
    numpy.ascontiguousarray(woodelf_values, numpy.float64).tofile(out / "woodelf.f64")
    versions = {name: importlib.metadata.version(name) for name in ("lightgbm", "shap", "woodelf-explainer", "numpy")}
    print(
        json.dumps(
            {
                "shapSeconds": shap_seconds,
                "woodelfSeconds": woodelf_seconds,
                "woodelfMoreSeconds": more_seconds,
                "versions": {**versions, "python": platform.python_version()},
            }
        )
    )


parser = argparse.ArgumentParser()
parser.add_argument("task", choices=["make", "explain"])
parser.add_argument("--data")
parser.add_argument("--out", required=True)
parser.add_argument("--trees", type=int)
parser.add_argument("--background", type=int)
parser.add_argument("--rows", type=int)
parser.add_argument("--first", type=int)
parser.add_argument("--count", type=int)
parser.add_argument("--more", type=int, default=0)
arguments = parser.parse_args()
{"make": make, "explain": explain}[arguments.task](arguments, pathlib.Path(arguments.out))
