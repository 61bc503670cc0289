"""Makes the golden models of other libraries, as their own files, with the margins that they give to rows of this script.

    python libs/tree-ensemble/golden/make_foreign_models.py

Needs lightgbm, xgboost, scikit-learn, numpy, onnx, onnxruntime, onnxmltools and skl2onnx; each file records the versions that made it.
- foreign-light-gbm.json: text models (category sets, missing values of each type, a tree without splits), raw scores, expected values.
- foreign-xg-boost.json: JSON models (category sets, missing values, pruned trees, several trees a round), margins, leaves, expected values.
- foreign-onnx.json: what onnxmltools and skl2onnx convert, and nodes of every mode built by hand, with ONNX Runtime's margins.
Models that no log-odds margin comes out of stand under `refused`.
"""

import base64
import json
import pathlib
import platform
import tempfile
import warnings

import lightgbm
import numpy
import onnx
import onnxmltools
import onnxruntime
import skl2onnx
import sklearn
import xgboost
from onnx import TensorProto, helper
from onnxmltools.convert.common.data_types import FloatTensorType
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier

warnings.filterwarnings("ignore")
FOLDER = pathlib.Path(__file__).parent
VERSIONS = {"python": platform.python_version()} | {
    module.__name__: module.__version__
    for module in (lightgbm, xgboost, sklearn, numpy, onnx, onnxruntime, onnxmltools, skl2onnx)
}
NAMES = ["amount", "branch", "score", "kind", "ratio"]
CATEGORICAL = [1, 3]


def write(name, content):
    text = json.dumps({"script": "make_foreign_models.py", "versions": VERSIONS, **content}, separators=(",", ":"))
    assert len(text) < 300_000, (name, len(text))
    (FOLDER / name).write_text(text + "\n")
    print(name, len(text), "bytes")


def plain(matrix):
    """JSON has no NaN and no infinity: null, and a text."""
    return [
        [None if value != value else float(value) if numpy.isfinite(value) else str(value).replace("inf", "Infinity") for value in row]
        for row in numpy.asarray(matrix, dtype=numpy.float64)
    ]


def make_rows():
    """3,000 rows of two numbers, a branch of 300 codes, a kind of 5, and a ratio that is never negative and often zero."""
    random = numpy.random.default_rng(20261126)
    num_rows = 3_000
    rows = numpy.column_stack(
        [
            random.normal(size=num_rows),
            numpy.minimum(random.integers(0, 300, num_rows), random.integers(0, 300, num_rows)),
            random.integers(-4, 5, num_rows) / 4,
            random.integers(0, 5, num_rows),
            numpy.where(random.random(num_rows) < 0.3, 0, 1 + random.integers(0, 20, num_rows) / 4),
        ]
    ).astype(numpy.float32)
    effect = random.normal(size=300)
    margin = rows[:, 0] + effect[rows[:, 1].astype(int)] - rows[:, 2] + 0.8 * (rows[:, 3] == 2) + 0.6 * rows[:, 4] - 1.5
    margin[random.random(num_rows) < 0.1] *= -1
    rows[random.random(rows.shape) < 0.08] = numpy.nan
    labels = (random.random(num_rows) < 1 / (1 + numpy.exp(-margin))).astype(int)
    return rows, labels


ROWS, LABELS = make_rows()


def make_probes():
    """Rows that were not learnt from: codes never seen, infinities, zeros of both signs, numbers that LightGBM takes for zero."""
    random = numpy.random.default_rng(7)
    probes = ROWS[random.integers(0, len(ROWS), 120)].copy()
    probes[:20, 1] = [-1, -7, 299, 300, 301, 319, 320, 1000, 70000, 2**24 - 1, 0, 1, 2, 3, 31, 32, 33, 63, 64, numpy.nan]
    probes[20:26, 3] = [5, 31, 32, -1, 100, numpy.nan]
    special = [numpy.inf, -numpy.inf, 0.0, -0.0, 1e-36, -1e-36, 1e-30, -1e-30, 3e38, -3e38]
    probes[30:40, 0], probes[40:50, 2], probes[50:60, 4] = special, special, special
    probes[60] = numpy.nan
    return probes


PROBES = make_probes()


def make_light_gbm():
    fixed = {"objective": "binary", "verbose": -1, "num_threads": 1, "deterministic": True, "force_row_wise": True, "seed": 3}
    small = {"num_leaves": 12, "min_data_per_group": 10, "cat_smooth": 2}

    def fit(parameters, num_rounds, categorical=CATEGORICAL, rows=ROWS, labels=LABELS):
        data = lightgbm.Dataset(rows, labels, feature_name=NAMES, categorical_feature=categorical, free_raw_data=False)
        return lightgbm.train({**fixed, **parameters}, data, num_rounds)

    models = {
        "category sets, missing values": fit(small, 12),
        "sets of one code": fit({**small, "max_cat_to_onehot": 400}, 5),
        "bagging, deep": fit({**small, "bagging_fraction": 0.5, "bagging_freq": 1, "num_leaves": 60, "min_data_in_leaf": 3}, 4),
        "missing values taken for zero": fit({**small, "use_missing": False}, 8),
        "zeros taken for missing, where a threshold can say so": fit(
            {"zero_as_missing": True, "num_leaves": 4, "monotone_constraints": [0, 0, 0, 0, 1]},
            3,
            categorical=[],
            rows=numpy.column_stack([numpy.ones((len(ROWS), 4)), ROWS[:, 4]]),
            labels=(numpy.nan_to_num(ROWS[:, 4]) > 3).astype(int),
        ),
        "trees without splits": fit({"min_data_in_leaf": 2_000}, 2),
    }
    refused = {
        "zeros taken for missing": fit({**small, "zero_as_missing": True}, 5),
        "regression": fit({"objective": "regression"}, 1),
        "several classes": fit({"objective": "multiclass", "num_class": 3}, 1, labels=LABELS + (ROWS[:, 0] > 1)),
        "an averaged forest": fit({"boosting": "rf", "bagging_fraction": 0.5, "bagging_freq": 1}, 2),
        "linear leaves": fit({"linear_tree": True, "num_leaves": 4}, 2, categorical=[]),
        "another sigmoid": fit({"sigmoid": 0.5, "num_leaves": 4}, 2),
        "cross entropy": fit({"objective": "cross_entropy", "num_leaves": 4}, 2),
    }

    def text(booster):
        return booster.model_to_string()

    write(
        "foreign-light-gbm.json",
        {
            "rows": plain(PROBES),
            "models": [
                {
                    "name": name,
                    "text": text(booster),
                    "margins": booster.predict(PROBES, raw_score=True).tolist(),
                    "expectedValue": float(booster.predict(PROBES[:1], pred_contrib=True)[0, -1]),
                }
                for name, booster in models.items()
            ],
            "refused": [{"name": name, "text": text(booster)} for name, booster in refused.items()],
        },
    )


def make_xg_boost():
    types = ["c" if index in CATEGORICAL else "q" for index in range(len(NAMES))]
    fixed = {"objective": "binary:logistic", "nthread": 1, "seed": 3, "max_depth": 4, "tree_method": "hist"}
    # XGBoost refuses negative codes at the door, and infinities.
    probes = numpy.where(numpy.isinf(PROBES), numpy.float32(3e38), PROBES)
    probes[:, CATEGORICAL] = numpy.where(probes[:, CATEGORICAL] < 0, numpy.float32(400), probes[:, CATEGORICAL])

    def matrix(rows, labels=None, categorical=True, names=NAMES):
        return xgboost.DMatrix(
            rows, labels, feature_names=names, feature_types=types if categorical else None, enable_categorical=categorical
        )

    def fit(parameters, num_rounds, **options):
        return xgboost.train({**fixed, **parameters}, matrix(ROWS, LABELS, **options), num_rounds)

    models = {
        "category sets, missing values": (fit({"max_cat_to_onehot": 4}, 10), {}),
        "sets of one code": (fit({"max_cat_to_onehot": 400}, 5), {}),
        "no names": (fit({"base_score": 0.2}, 3, names=None), {"names": None}),
        "pruned trees": (
            fit({"tree_method": "exact", "gamma": 6, "max_depth": 6}, 4, categorical=False),
            {"categorical": False},
        ),
        "several trees a round": (
            fit({"num_parallel_tree": 3, "subsample": 0.6, "colsample_bynode": 0.6, "max_depth": 3, "scale_pos_weight": 2}, 3),
            {},
        ),
        "deep, leaf by leaf": (fit({"grow_policy": "lossguide", "max_leaves": 40, "max_depth": 0, "min_child_weight": 0}, 3), {}),
        "trees without splits": (fit({"gamma": 1e6}, 2), {}),
        "regression of probabilities": (fit({"objective": "reg:logistic", "max_depth": 2}, 2), {}),
    }
    labels = LABELS + (ROWS[:, 0] > 1)
    refused = {
        "dart": fit({"booster": "dart", "max_depth": 2}, 2),
        "gblinear": xgboost.train({**fixed, "booster": "gblinear"}, matrix(ROWS, LABELS, categorical=False), 2),
        "several classes": xgboost.train({**fixed, "objective": "multi:softprob", "num_class": 3, "max_depth": 2}, matrix(ROWS, labels), 1),
        "regression": fit({"objective": "reg:squarederror", "max_depth": 2}, 2),
    }

    def text(booster):
        return bytes(booster.save_raw("json")).decode()

    contents = []
    for name, (booster, options) in models.items():
        asked = matrix(probes, **options)
        contents.append(
            {
                "name": name,
                "text": text(booster),
                "margins": booster.predict(asked, output_margin=True).tolist(),
                "leaves": booster.predict(asked, pred_leaf=True, strict_shape=True).reshape(len(probes), -1).astype(int).tolist(),
                "expectedValue": float(booster.predict(matrix(probes[:1], **options), pred_contribs=True)[0, -1]),
            }
        )
    write(
        "foreign-xg-boost.json",
        {
            "rows": plain(probes),
            "models": contents,
            "refused": [{"name": name, "text": text(booster)} for name, booster in refused.items()],
        },
    )


def run_onnx(model, rows, output):
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run([output], {session.get_inputs()[0].name: rows})[0]


def make_node_trees(random, num_trees, is_version_5):
    """Random trees whose nodes have every mode, most features asked several times, as nested tuples."""
    modes = ["BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT", "BRANCH_EQ", "BRANCH_NEQ"] + ["BRANCH_MEMBER"] * (2 * is_version_5)

    def grow(depth):
        if depth == 0 or (depth < 5 and random.random() < 0.15):
            return ("LEAF", float(random.normal()), int(random.integers(1, 50)))
        mode = modes[random.integers(0, len(modes))]
        value = float(random.integers(0, 5))
        members = sorted({int(code) for code in random.integers(0, 5, 3)} | {70}) if mode == "BRANCH_MEMBER" else []
        left, right = grow(depth - 1), grow(depth - 1)
        return (mode, int(random.integers(0, 3)), value, members, int(random.integers(0, 2)), left, right)

    return [grow(5) for _ in range(num_trees)]


def count(tree):
    return tree[2] if tree[0] == "LEAF" else count(tree[5]) + count(tree[6])


def num_nodes(tree):
    return 1 if tree[0] == "LEAF" else 1 + num_nodes(tree[5]) + num_nodes(tree[6])


def make_graph(node, element, score, opset, metadata):
    graph = helper.make_graph(
        [node],
        "trees",
        [helper.make_tensor_value_info("X", element, [None, 3])],
        [helper.make_tensor_value_info("Y", score, [None, 1])],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15), helper.make_opsetid("ai.onnx.ml", opset)], ir_version=9)
    helper.set_model_props(model, metadata)
    return model


def make_version_5(trees, metadata):
    modes, features, splits, tracks, true_ids, false_ids, true_leafs, false_leafs = ([] for _ in range(8))
    roots, members, weights = [], [], []
    names = ["BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT", "BRANCH_EQ", "BRANCH_NEQ", "BRANCH_MEMBER"]

    def add(tree):
        if tree[0] == "LEAF":
            weights.append(tree[1])
            return len(weights) - 1, 1
        mode, feature, value, codes, track, left, right = tree
        index = len(modes)
        for values, entry in zip((modes, features, splits, tracks), (names.index(mode), feature, value, track), strict=True):
            values.append(entry)
        for values in (true_ids, false_ids, true_leafs, false_leafs):
            values.append(0)
        # Sets stand in the order of the nodes.
        members.extend([*map(float, codes), float("nan")] if mode == "BRANCH_MEMBER" else [])
        true_ids[index], true_leafs[index] = add(left)
        false_ids[index], false_leafs[index] = add(right)
        return index, 0

    for tree in trees:
        roots.append(add(tree)[0])
    double = TensorProto.DOUBLE
    node = helper.make_node(
        "TreeEnsemble",
        ["X"],
        ["Y"],
        domain="ai.onnx.ml",
        n_targets=1,
        tree_roots=roots,
        nodes_featureids=features,
        nodes_splits=helper.make_tensor("splits", double, (len(splits),), splits),
        nodes_modes=helper.make_tensor("modes", TensorProto.UINT8, (len(modes),), modes),
        nodes_missing_value_tracks_true=tracks,
        nodes_truenodeids=true_ids,
        nodes_falsenodeids=false_ids,
        nodes_trueleafs=true_leafs,
        nodes_falseleafs=false_leafs,
        leaf_targetids=[0] * len(weights),
        leaf_weights=helper.make_tensor("weights", double, (len(weights),), weights),
        membership_values=helper.make_tensor("members", double, (len(members),), members),
    )
    return make_graph(node, double, double, 5, metadata)


def make_regressor(trees, opset, metadata):
    """Node numbers count down and trees are named by tens, to be sure that none of it matters."""
    columns = {name: [] for name in ("treeids", "nodeids", "modes", "featureids", "values", "hitrates", "tracks", "true", "false")}
    leaf_trees, leaf_nodes, weights = [], [], []

    def add(tree, tree_id, free):
        node_id = next(free)
        row = len(columns["nodeids"])
        is_leaf = tree[0] == "LEAF"
        mode, feature, value, track = ("LEAF", 0, 0.0, 0) if is_leaf else (tree[0], tree[1], tree[2], tree[4])
        for name, entry in zip(columns, (tree_id, node_id, mode, feature, value, float(count(tree)), track, 0, 0), strict=True):
            columns[name].append(entry)
        if is_leaf:
            leaf_trees.append(tree_id)
            leaf_nodes.append(node_id)
            weights.append(tree[1])
        else:
            columns["true"][row] = add(tree[5], tree_id, free)
            columns["false"][row] = add(tree[6], tree_id, free)
        return node_id

    for index, tree in enumerate(trees):
        add(tree, 10 * index, iter(range(num_nodes(tree) - 1, -1, -1)))
    is_double = opset >= 3

    def numbers(name, values):
        if not is_double:
            return {name: values}
        return {f"{name}_as_tensor": helper.make_tensor(name, TensorProto.DOUBLE, (len(values),), values)}

    node = helper.make_node(
        "TreeEnsembleRegressor",
        ["X"],
        ["Y"],
        domain="ai.onnx.ml",
        n_targets=1,
        nodes_treeids=columns["treeids"],
        nodes_nodeids=columns["nodeids"],
        nodes_modes=columns["modes"],
        nodes_featureids=columns["featureids"],
        nodes_missing_value_tracks_true=columns["tracks"],
        nodes_truenodeids=columns["true"],
        nodes_falsenodeids=columns["false"],
        target_treeids=leaf_trees,
        target_nodeids=leaf_nodes,
        target_ids=[0] * len(weights),
        **numbers("nodes_values", columns["values"]),
        **numbers("nodes_hitrates", columns["hitrates"]),
        **numbers("target_weights", weights),
        **numbers("base_values", [0.75]),
    )
    element = TensorProto.DOUBLE if is_double else TensorProto.FLOAT
    return make_graph(node, element, TensorProto.FLOAT, opset, metadata)


def encode(model):
    return base64.b64encode(model.SerializeToString()).decode()


def make_onnx():
    random = numpy.random.default_rng(5)
    small = random.integers(-1, 6, (120, 3)).astype(numpy.float64)
    small[random.random(small.shape) < 0.2] = numpy.nan
    small[:3] = [[70, 71, 38], [numpy.inf, -numpy.inf, 70], [-numpy.inf, 70, numpy.inf]]
    named = {"featureNames": json.dumps(["x", "y", "z"])}
    version_5 = make_version_5(make_node_trees(random, 12, True), named)
    regressor_3 = make_regressor(make_node_trees(random, 8, False), 3, named)
    regressor_1 = make_regressor(make_node_trees(random, 8, False), 1, {})

    types = [("X", FloatTensorType([None, len(NAMES)]))]
    light = lightgbm.train(
        {"objective": "binary", "verbose": -1, "num_threads": 1, "num_leaves": 8, "min_data_per_group": 10, "deterministic": True, "seed": 3},
        lightgbm.Dataset(ROWS, LABELS, categorical_feature=CATEGORICAL),
        6,
    )
    light_onnx = onnxmltools.convert_lightgbm(light, initial_types=types, zipmap=False)
    boost = xgboost.XGBClassifier(n_estimators=6, max_depth=3, n_jobs=1, random_state=3).fit(ROWS, LABELS)
    boost_onnx = onnxmltools.convert_xgboost(boost, initial_types=types)
    filled = numpy.nan_to_num(ROWS)
    gradient = GradientBoostingClassifier(n_estimators=6, max_depth=3, random_state=3).fit(filled, LABELS)
    options = {"initial_types": [("X", skl2onnx.common.data_types.FloatTensorType([None, len(NAMES)]))]}
    gradient_onnx = skl2onnx.convert_sklearn(gradient, **options)
    forest = RandomForestClassifier(n_estimators=3, max_depth=2, random_state=3).fit(filled, LABELS)
    forest_onnx = skl2onnx.convert_sklearn(forest, **options)
    classes_onnx = skl2onnx.convert_sklearn(
        GradientBoostingClassifier(n_estimators=1, max_depth=2, random_state=3).fit(filled, LABELS + (filled[:, 0] > 1)), **options
    )

    probes = numpy.where(numpy.isinf(PROBES), numpy.float32(3e38), PROBES)
    finite = numpy.nan_to_num(probes)

    def log_odds(model, rows):
        session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
        probabilities = session.run(None, {"X": rows})[1]
        if isinstance(probabilities[0], dict):
            probabilities = numpy.array([[row[0], row[1]] for row in probabilities])
        return (numpy.log(probabilities[:, 1].astype(float)) - numpy.log(probabilities[:, 0].astype(float))).tolist()

    def entry(name, model, rows, margins, tolerance, hit_rates):
        return {"name": name, "base64": encode(model), "rows": plain(rows), "margins": margins, "tolerance": tolerance, "hitRates": hit_rates}

    write(
        "foreign-onnx.json",
        {
            "models": [
                entry("TreeEnsemble 5, every mode", version_5, small, run_onnx(version_5, small, "Y")[:, 0].tolist(), 1e-12, False),
                entry("TreeEnsembleRegressor 3, every mode", regressor_3, small, run_onnx(regressor_3, small, "Y")[:, 0].tolist(), 1e-5, True),
                entry(
                    "TreeEnsembleRegressor 1, every mode",
                    regressor_1,
                    small,
                    run_onnx(regressor_1, small.astype(numpy.float32), "Y")[:, 0].tolist(),
                    1e-5,
                    True,
                ),
                entry("LightGBM by onnxmltools, category sets", light_onnx, probes, log_odds(light_onnx, probes), 1e-5, False),
                entry("XGBoost by onnxmltools", boost_onnx, probes, log_odds(boost_onnx, probes), 1e-5, False),
                entry("scikit-learn by skl2onnx", gradient_onnx, finite, log_odds(gradient_onnx, finite), 1e-5, False),
            ],
            "refused": [
                {"name": "a forest of probabilities", "base64": encode(forest_onnx)},
                {"name": "several classes", "base64": encode(classes_onnx)},
            ],
        },
    )


make_light_gbm()
make_xg_boost()
make_onnx()
