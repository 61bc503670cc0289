"""Makes categories.json: what LightGBM grows and reaches with categories, weights and interaction constraints.

    python libs/tree-ensemble/golden/make_category_golden.py

Needs lightgbm, scikit-learn and numpy; the file records the versions that made it. 12,000 rows of 5 features, the last 4,000 held out:
x0 a number of 0..199, x1 three categories, x2 fourteen (255 = missing), x3 five hundred, x4 a number of 0..19. Each run holds
LightGBM's first tree, node by node, and its log-loss and ROC AUC on the rows held out (which weigh 1 each).
"""

import base64
import json
import pathlib
import platform

import lightgbm
import numpy
import sklearn
from sklearn.metrics import log_loss, roc_auc_score

FOLDER = pathlib.Path(__file__).parent
FIXED = {"objective": "binary", "verbose": -1, "num_threads": 1, "deterministic": True, "force_row_wise": True, "seed": 1}
NUM_ROWS, NUM_TRAIN, MISSING = 12_000, 8_000, 65_535
CATEGORICAL = [1, 2, 3]

random = numpy.random.default_rng(20261126)
codes = numpy.stack(
    [
        random.integers(0, 200, NUM_ROWS),
        random.integers(0, 3, NUM_ROWS),
        random.choice(14, NUM_ROWS, p=numpy.arange(14, 0, -1) / 105),
        # Uneven: from 60 rows down to a handful each, codes out of order of frequency.
        random.permutation(500)[(500 * random.random(NUM_ROWS) ** 1.6).astype(int)],
        random.integers(0, 20, NUM_ROWS),
    ],
    axis=1,
)
effects = [random.normal(0, 0.6, 3), random.normal(0, 0.7, 14), random.normal(0, 0.9, 500)]
is_missing = random.random(NUM_ROWS) < 0.08
margin = (
    -1.5
    + codes[:, 0] / 100
    + effects[0][codes[:, 1]]
    + numpy.where(is_missing, 0.7, effects[1][codes[:, 2]])
    + effects[2][codes[:, 3]]
    + 0.04 * codes[:, 4] * (codes[:, 1] == 1)
)
labels = (random.random(NUM_ROWS) < 1 / (1 + numpy.exp(-margin))).astype(numpy.uint8)
codes[is_missing, 2] = MISSING
features = numpy.where(codes == MISSING, numpy.nan, codes)
# Uneven weights leave no two categories alike, so that the trees do not hang on the order of equal ones.
weights = random.integers(0, 100, NUM_TRAIN) * (random.random(NUM_TRAIN) < 0.9)

SMALL = {"num_iterations": 60, "num_leaves": 8}
SETTINGS = {
    "defaults": SMALL,
    "one against the rest": {**SMALL, "max_cat_to_onehot": 20},
    "other settings of categories": {
        **SMALL,
        "cat_smooth": 30,
        "cat_l2": 1,
        "max_cat_threshold": 5,
        "min_data_per_group": 200,
        "lambda_l1": 0.5,
        "lambda_l2": 3,
        "num_leaves": 12,
    },
    "few bins": {**SMALL, "max_bin": 15, "num_leaves": 16},
}
GROUPS = [[0, 1, 4], [1, 2], [3]]


def to_nodes(node):
    """A tree of `dump_model` as nested lists: [feature, threshold or codes, default left, rows, left, right], or [value, rows]."""
    if "leaf_value" in node:
        return [node["leaf_value"], node["leaf_count"]]
    is_category = node["decision_type"] == "=="
    where = [int(code) for code in node["threshold"].split("||")] if is_category else node["threshold"]
    return [
        node["split_feature"],
        where,
        node["default_left"],
        node["internal_count"],
        to_nodes(node["left_child"]),
        to_nodes(node["right_child"]),
    ]


def judge(parameters, weights_of_rows=weights):
    data = lightgbm.Dataset(
        features[:NUM_TRAIN], labels[:NUM_TRAIN], weight=weights_of_rows, categorical_feature=CATEGORICAL, free_raw_data=False
    )
    booster = lightgbm.train({**FIXED, **parameters}, data)
    probabilities = booster.predict(features[NUM_TRAIN:])
    held_out = labels[NUM_TRAIN:]
    return {
        "isWeighted": weights_of_rows is not None,
        "parameters": {name: value for name, value in parameters.items() if name != "interaction_constraints"},
        "firstTree": to_nodes(booster.dump_model(num_iteration=1)["tree_info"][0]["tree_structure"]),
        "logLoss": log_loss(held_out, probabilities),
        "rocAuc": roc_auc_score(held_out, probabilities),
    }


runs = {name: judge(parameters) for name, parameters in SETTINGS.items()}
runs["no weights"] = judge(SMALL, None)
runs["interaction constraints"] = judge({**SMALL, "interaction_constraints": GROUPS})
content = {
    "script": "make_category_golden.py",
    "versions": {
        "python": platform.python_version(),
        "lightgbm": lightgbm.__version__,
        "scikit-learn": sklearn.__version__,
        "numpy": numpy.__version__,
    },
    "numRows": NUM_ROWS,
    "numTrain": NUM_TRAIN,
    "numFeatures": features.shape[1],
    "missingCode": MISSING,
    "categoricalFeatures": CATEGORICAL,
    "interactionConstraints": GROUPS,
    "codes": base64.b64encode(codes.astype("<u2").tobytes()).decode(),
    "labels": base64.b64encode(numpy.packbits(labels, bitorder="little").tobytes()).decode(),
    "weights": base64.b64encode(weights.astype(numpy.uint8).tobytes()).decode(),
    "runs": runs,
}
text = json.dumps(content, separators=(",", ":"))
(FOLDER / "categories.json").write_text(text + "\n")
print(len(text), "bytes", {name: (run["logLoss"], run["rocAuc"]) for name, run in runs.items()})
