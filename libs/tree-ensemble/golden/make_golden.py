"""Makes the golden files of this folder: what LightGBM, shap and scikit-learn answer on small synthetic sets.

    python libs/tree-ensemble/golden/make_golden.py

Needs lightgbm, shap, scikit-learn and numpy; each file records the versions that made it.
- learning.json: a learning set coded in bytes, and the ROC AUC that LightGBM reaches on its held-out rows.
- attributions.json: a LightGBM model in the arrays of this room, its margins and `pred_contrib`, and shap's
  interventional values against a background set: TreeExplainer's, and those of its enumeration of all coalitions.
"""

import base64
import json
import pathlib
import platform

import lightgbm
import numpy
import shap
import sklearn
from sklearn.metrics import roc_auc_score

FOLDER = pathlib.Path(__file__).parent
VERSIONS = {
    "python": platform.python_version(),
    "lightgbm": lightgbm.__version__,
    "shap": shap.__version__,
    "scikit-learn": sklearn.__version__,
    "numpy": numpy.__version__,
}
FIXED = {"objective": "binary", "verbose": -1, "num_threads": 1, "deterministic": True, "force_row_wise": True}


def write(name, content):
    text = json.dumps({"script": "make_golden.py", "versions": VERSIONS, **content}, separators=(",", ":"))
    (FOLDER / name).write_text(text + "\n")
    print(name, len(text), "bytes")


def make_learning():
    """12,000 rows of 10 byte-coded features (255 = missing), default rate near 12 %; the last 4,000 rows are held out."""
    random = numpy.random.default_rng(20261124)
    num_rows, num_train, num_features = 12_000, 8_000, 10
    codes = random.integers(0, 200, (num_rows, num_features))
    codes[:, 6] = random.integers(0, 2, num_rows)
    codes[:, 7] = random.integers(0, 7, num_rows)
    scaled = codes / 100 - 1
    is_missing = random.random((num_rows, num_features)) < numpy.array([0, 0.3, 0.1, 0, 0.05, 0, 0, 0, 0.5, 0])
    margin = (
        -3
        + 1.2 * scaled[:, 0]
        + numpy.where(is_missing[:, 1], 0.8, -1.1 * scaled[:, 1])
        + 1.5 * scaled[:, 2] * scaled[:, 3]
        + 0.9 * numpy.sin(4 * scaled[:, 4])
        + 0.7 * codes[:, 6]
        + 0.5 * (codes[:, 7] == 3)
        + numpy.where(is_missing[:, 8], -0.4, 0)
    )
    labels = (random.random(num_rows) < 1 / (1 + numpy.exp(-margin))).astype(numpy.uint8)
    codes[is_missing] = 255
    features = numpy.where(is_missing, numpy.nan, codes).astype(numpy.float32)
    settings = {
        "defaults": {"num_iterations": 100},
        "regularised": {
            "num_iterations": 150,
            "learning_rate": 0.05,
            "num_leaves": 12,
            "min_data_in_leaf": 50,
            "lambda_l1": 0.5,
            "lambda_l2": 5.0,
            "max_depth": 5,
            "min_gain_to_split": 0.01,
        },
    }
    runs = {}
    for name, parameters in settings.items():
        data = lightgbm.Dataset(features[:num_train], labels[:num_train])
        booster = lightgbm.train({**FIXED, **parameters, "seed": 1}, data)
        predicted = booster.predict(features[num_train:], raw_score=True)
        runs[name] = {"parameters": parameters, "rocAuc": roc_auc_score(labels[num_train:], predicted)}
    runs["sampled"] = {
        "parameters": {
            "num_iterations": 200,
            "learning_rate": 0.05,
            "num_leaves": 16,
            "feature_fraction": 0.5,
            "bagging_fraction": 0.7,
            "bagging_freq": 1,
        }
    }
    data = lambda: lightgbm.Dataset(features[:num_train], labels[:num_train])
    aucs = [
        roc_auc_score(
            labels[num_train:],
            lightgbm.train({**FIXED, **runs["sampled"]["parameters"], "seed": seed}, data()).predict(
                features[num_train:], raw_score=True
            ),
        )
        for seed in (1, 2, 3)
    ]
    runs["sampled"]["rocAuc"] = sorted(aucs)[1]
    write(
        "learning.json",
        {
            "numRows": num_rows,
            "numTrain": num_train,
            "numFeatures": num_features,
            "missingCode": 255,
            "codes": base64.b64encode(codes.astype(numpy.uint8).tobytes()).decode(),
            "labels": base64.b64encode(numpy.packbits(labels, bitorder="little").tobytes()).decode(),
            "runs": runs,
        },
    )


def to_arrays(tree):
    """One tree of LightGBM's `dump_model` in this room's arrays, parents before children."""
    arrays = {
        name: []
        for name in ("leftChild", "rightChild", "splitFeature", "threshold", "defaultLeft", "leafValue", "cover")
    }

    def add(node):
        index = len(arrays["cover"])
        is_leaf = "leaf_value" in node
        arrays["leftChild"].append(-1)
        arrays["rightChild"].append(-1)
        arrays["splitFeature"].append(-1 if is_leaf else node["split_feature"])
        arrays["threshold"].append(0 if is_leaf else node["threshold"])
        arrays["defaultLeft"].append(0 if is_leaf else int(node["default_left"]))
        arrays["leafValue"].append(node["leaf_value"] if is_leaf else 0)
        arrays["cover"].append(node["leaf_count"] if is_leaf else node["internal_count"])
        if not is_leaf:
            # Under LightGBM's other missing types NaN would be read as zero.
            assert node["decision_type"] == "<=" and node["missing_type"] == "NaN", node
            arrays["leftChild"][index] = add(node["left_child"])
            arrays["rightChild"][index] = add(node["right_child"])
        return index

    add(tree["tree_structure"])
    return arrays


def rows_to_json(rows):
    return [[None if numpy.isnan(value) else value for value in row] for row in rows.tolist()]


def make_attributions():
    random = numpy.random.default_rng(7)
    num_rows, num_features = 4_000, 9
    features = random.normal(size=(num_rows, num_features))
    features[:, 5] = random.integers(0, 4, num_rows)
    features[:, 6] *= 1e6
    features[random.random(features.shape) < 0.12] = numpy.nan
    known = numpy.nan_to_num(features)
    margin = -1.5 + known[:, 0] + known[:, 1] * known[:, 2] + numpy.isnan(features[:, 3]) + 0.6 * (known[:, 5] == 2)
    labels = random.random(num_rows) < 1 / (1 + numpy.exp(-margin))
    booster = lightgbm.train(
        {**FIXED, "num_leaves": 20, "learning_rate": 0.1, "min_data_in_leaf": 5, "seed": 3, "num_iterations": 25},
        lightgbm.Dataset(features, labels),
    )
    rows, background = features[:40], features[2_000:2_030]
    model = booster.dump_model()
    explainer = shap.TreeExplainer(
        booster, data=background, feature_perturbation="interventional", model_output="raw"
    )
    interventional = explainer.shap_values(rows)
    # TreeExplainer computes this case in single precision; enumerating all coalitions is shap's own exact answer.
    enumerated = shap.explainers.Exact(
        lambda batch: booster.predict(batch, raw_score=True),
        shap.maskers.Independent(background, max_samples=len(background)),
    )(rows[:12], max_evals=2**num_features)
    write(
        "attributions.json",
        {
            "trees": {
                "format": "lisible-trees",
                "version": 1,
                "featureNames": [f"feature{index}" for index in range(num_features)],
                "baseValue": 0,
                "trees": [to_arrays(tree) for tree in model["tree_info"]],
            },
            "rows": rows_to_json(rows),
            "background": rows_to_json(background),
            "margins": booster.predict(rows, raw_score=True).tolist(),
            "predContrib": booster.predict(rows, pred_contrib=True).tolist(),
            "interventional": {
                "baseValue": float(explainer.expected_value),
                "shapValues": numpy.asarray(interventional).tolist(),
            },
            "enumerated": {
                "baseValue": float(enumerated.base_values[0]),
                "shapValues": enumerated.values.tolist(),
            },
        },
    )


make_learning()
make_attributions()
