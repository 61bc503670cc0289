"""Trains the models that attributions are measured on, and explains rows by LightGBM, XGBoost and shap, one row a call.

    python bench/oracles/shap_rival.py make --out FOLDER --trees 1000
    python bench/oracles/shap_rival.py explain --out FOLDER --first 0 --count 16 [--xgboost FOLDER] [--only xgboost] [--interactions 4]

`make`: 100 synthetic features, a tenth of everything missing; writes rows.f32 (row-major, those explained), and a model of LightGBM
(model.txt) and of XGBoost (model.json) on the same learning set, both grown leaf by leaf to 31 leaves.
`explain`: rows from `first` on, after others to warm up; prints milliseconds of each call and writes NAME.f64, rows × (features + base).
`--xgboost` names a folder that holds another version of the library.
"""

import argparse
import json
import os
import pathlib
import platform
import sys
import time

import numpy

NUM_FEATURES = 100
NUM_ROWS = 1_000
NUM_WARM = 5


def make(options, out):
    import lightgbm
    import xgboost

    random = numpy.random.default_rng(20261126)
    rows = random.normal(size=(10_000 + NUM_ROWS, NUM_FEATURES)).astype(numpy.float32)
    margin = -1.5 + rows[:, 0] + rows[:, 1] * rows[:, 2] + 0.5 * numpy.sin(rows[:, 3:20]).sum(axis=1)
    labels = (random.random(len(rows)) < 1 / (1 + numpy.exp(-margin))).astype(int)
    rows[random.random(rows.shape) < 0.1] = numpy.nan
    probes, rows, labels = rows[:NUM_ROWS], rows[NUM_ROWS:], labels[NUM_ROWS:]
    settings = {"objective": "binary", "learning_rate": 0.02, "num_leaves": 31, "num_threads": 1, "seed": 1, "verbose": -1}
    booster = lightgbm.train(settings, lightgbm.Dataset(rows, labels), options.trees)
    booster.save_model(out / "model.txt")
    settings = {
        "objective": "binary:logistic",
        "eta": 0.02,
        "tree_method": "hist",
        "grow_policy": "lossguide",
        "max_leaves": 31,
        "max_depth": 0,
        "nthread": 1,
        "seed": 1,
    }
    xgboost.train(settings, xgboost.DMatrix(rows, labels), options.trees).save_model(out / "model.json")
    probes.tofile(out / "rows.f32")
    versions = {"python": platform.python_version(), "lightgbm": lightgbm.__version__, "xgboost": xgboost.__version__}
    print(json.dumps({"numRows": NUM_ROWS, "numFeatures": NUM_FEATURES, "numTrees": options.trees, "versions": versions}))


def to_shap(tree):
    """A tree of LightGBM's `dump_model` as shap's `TreeEnsemble` reads a dictionary: it then takes its own C code, not LightGBM's."""
    nodes = []

    def add(node):
        index = len(nodes)
        is_leaf = "leaf_value" in node
        nodes.append([-1, -1, -1, -2 if is_leaf else node["split_feature"], 0, 0, 0])
        nodes[index][6] = node["leaf_count"] if is_leaf else node["internal_count"]
        if is_leaf:
            nodes[index][5] = node["leaf_value"]
        else:
            assert node["decision_type"] == "<=" and node["missing_type"] == "NaN", node
            left, right = add(node["left_child"]), add(node["right_child"])
            nodes[index][:3] = [left, right, left if node["default_left"] else right]
            nodes[index][4] = node["threshold"]
        return index

    add(tree["tree_structure"])
    columns = [numpy.array(column) for column in zip(*nodes, strict=True)]
    return {
        "children_left": columns[0],
        "children_right": columns[1],
        "children_default": columns[2],
        "features": columns[3],
        "thresholds": columns[4].astype(float),
        "values": columns[5].astype(float).reshape(-1, 1),
        "node_sample_weight": columns[6].astype(float),
    }


def explain(options, out):
    if options.xgboost is not None:
        sys.path.insert(0, options.xgboost)
    import xgboost

    rows = numpy.fromfile(out / "rows.f32", dtype=numpy.float32).reshape(-1, NUM_FEATURES)
    chosen = rows[options.first : options.first + options.count]
    warm = rows[-NUM_WARM:]
    report = {"milliseconds": {}, "versions": {"python": platform.python_version(), "xgboost": xgboost.__version__, "numpy": numpy.__version__}}

    def measure(name, prepare, answer):
        prepared = [prepare(row) for row in (*warm, *chosen)]
        contributions, seconds = [], []
        for row in prepared:
            began = time.perf_counter()
            contributions.append(answer(row))
            seconds.append(time.perf_counter() - began)
        report["milliseconds"][name] = [1_000 * value for value in seconds[NUM_WARM:]]
        numpy.concatenate(contributions[NUM_WARM:]).astype(numpy.float64).tofile(out / f"{name}.f64")

    booster = xgboost.Booster({"nthread": 1}, model_file=out / "model.json")
    measure(
        "xgboost",
        lambda row: xgboost.DMatrix(row.reshape(1, -1), nthread=1),
        lambda row: booster.predict(row, pred_contribs=True),
    )
    if options.only != "xgboost":
        import lightgbm
        import shap

        report["versions"] |= {"lightgbm": lightgbm.__version__, "shap": shap.__version__}
        model = lightgbm.Booster(model_file=out / "model.txt")
        measure("lightgbm", lambda row: row.reshape(1, -1), lambda row: model.predict(row, pred_contrib=True, num_threads=1))
        explainer = shap.TreeExplainer(
            {
                "trees": [to_shap(tree) for tree in model.dump_model()["tree_info"]],
                "input_dtype": numpy.float64,
                "internal_dtype": numpy.float64,
                "tree_output": "log_odds",
                "objective": "binary_crossentropy",
            },
            feature_perturbation="tree_path_dependent",
        )
        base = numpy.atleast_1d(explainer.expected_value).reshape(1, 1)
        measure(
            "shap",
            lambda row: row.reshape(1, -1).astype(float),
            lambda row: numpy.hstack([explainer.shap_values(row, check_additivity=False), base]),
        )
        if options.interactions > 0:
            began = time.perf_counter()
            interactions = explainer.shap_interaction_values(chosen[: options.interactions].astype(float))
            report["milliseconds"]["interactions"] = [1_000 * (time.perf_counter() - began) / options.interactions]
            interactions.astype(numpy.float64).tofile(out / "interactions.f64")
    print(json.dumps(report))


parser = argparse.ArgumentParser()
parser.add_argument("command", choices=["make", "explain"])
parser.add_argument("--out", required=True)
parser.add_argument("--trees", type=int, default=1_000)
parser.add_argument("--first", type=int, default=0)
parser.add_argument("--count", type=int, default=16)
parser.add_argument("--xgboost")
parser.add_argument("--only", choices=["xgboost"])
parser.add_argument("--interactions", type=int, default=0)
parsed = parser.parse_args()
assert os.environ.get("OMP_NUM_THREADS") == "1", "one thread is what is measured"
{"make": make, "explain": explain}[parsed.command](parsed, pathlib.Path(parsed.out))
