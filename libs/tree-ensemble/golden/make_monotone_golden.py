"""Makes monotone.json: what LightGBM reaches under monotone constraints on the learning set of learning.json.

    python libs/tree-ensemble/golden/make_monotone_golden.py

Needs lightgbm, scikit-learn and numpy; the file records the versions that made it. Constraints of every kind: true ones
(x0 up, x1 down with missing values on the wrong side, x6 up), one against a wave (x4) and one on noise (x5).
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
FIXED = {"objective": "binary", "verbose": -1, "num_threads": 1, "deterministic": True, "force_row_wise": True}
CONSTRAINTS = [1, -1, 0, 0, 1, -1, 1, 0, 0, 0]

learning = json.loads((FOLDER / "learning.json").read_text())
num_rows, num_train = learning["numRows"], learning["numTrain"]
codes = numpy.frombuffer(base64.b64decode(learning["codes"]), numpy.uint8).reshape(num_rows, -1).astype(numpy.float32)
features = numpy.where(codes == learning["missingCode"], numpy.nan, codes)
labels = numpy.unpackbits(numpy.frombuffer(base64.b64decode(learning["labels"]), numpy.uint8), bitorder="little")[:num_rows]

settings = {
    "defaults": {"num_iterations": 100},
    "regularised": {"num_iterations": 200, "learning_rate": 0.05, "num_leaves": 8, "min_data_in_leaf": 50, "lambda_l2": 5.0},
    "sampled": {
        "num_iterations": 200,
        "learning_rate": 0.05,
        "num_leaves": 16,
        "feature_fraction": 0.5,
        "bagging_fraction": 0.7,
        "bagging_freq": 1,
    },
}


def judge(parameters, seed):
    constrained = {"monotone_constraints": CONSTRAINTS, "monotone_constraints_method": "basic"}
    booster = lightgbm.train(
        {**FIXED, **constrained, **parameters, "seed": seed}, lightgbm.Dataset(features[:num_train], labels[:num_train])
    )
    probabilities = booster.predict(features[num_train:])
    return log_loss(labels[num_train:], probabilities), roc_auc_score(labels[num_train:], probabilities)


runs = {}
for name, parameters in settings.items():
    losses, aucs = zip(*(judge(parameters, seed) for seed in (1, 2, 3)))
    runs[name] = {"parameters": parameters, "logLoss": sorted(losses)[1], "rocAuc": sorted(aucs)[1]}

versions = {
    "python": platform.python_version(),
    "lightgbm": lightgbm.__version__,
    "scikit-learn": sklearn.__version__,
    "numpy": numpy.__version__,
}
content = {"script": "make_monotone_golden.py", "versions": versions, "constraints": CONSTRAINTS, "runs": runs}
(FOLDER / "monotone.json").write_text(json.dumps(content, indent=1) + "\n")
print(json.dumps(runs))
