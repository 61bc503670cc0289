"""A rival's side of a training race: reads the data, learns, and prints what it took.

    python bench/oracles/training_race_rival.py lightgbm|xgboost FOLDER NUM_ROWS NUM_HELD_OUT NUM_FEATURES NUM_ROUNDS NUM_WORKERS

The time is that of the data set's construction and the training; the peak is that of the whole process when the training has ended.
"""

import json
import os
import sys
import time

rival, folder = sys.argv[1:3]
num_rows, num_held_out, num_features, num_rounds, num_workers = map(int, sys.argv[3:])
# Before OpenMP reads it.
os.environ["OMP_NUM_THREADS"] = str(num_workers)

import numpy as np  # noqa: E402

matrix = np.fromfile(f"{folder}/matrix.f32", dtype=np.float32, count=num_rows * num_features).reshape(num_rows, num_features)
labels = np.fromfile(f"{folder}/labels.u8", dtype=np.uint8)
learning = labels[:num_rows].astype(np.float32)

if rival == "lightgbm":
    import lightgbm

    version = lightgbm.__version__
    parameters = {"objective": "binary", "num_leaves": 31, "learning_rate": 0.1, "max_bin": 255, "num_threads": num_workers, "verbosity": -1}
    start = time.perf_counter()
    model = lightgbm.train(parameters, lightgbm.Dataset(matrix, learning, params=parameters), num_rounds)
    seconds = time.perf_counter() - start
    predict = model.predict
else:
    import xgboost

    version = xgboost.__version__
    parameters = {
        "objective": "binary:logistic",
        "tree_method": "hist",
        "grow_policy": "lossguide",
        "max_leaves": 31,
        "max_depth": 0,
        "eta": 0.1,
        "max_bin": 255,
        "nthread": num_workers,
    }
    start = time.perf_counter()
    model = xgboost.train(parameters, xgboost.QuantileDMatrix(matrix, learning, max_bin=255, nthread=num_workers), num_rounds)
    seconds = time.perf_counter() - start
    predict = model.inplace_predict

with open("/proc/self/status") as status:
    peak_bytes = next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM:"))

from sklearn.metrics import roc_auc_score  # noqa: E402

held_out = np.fromfile(f"{folder}/matrix.f32", dtype=np.float32, offset=num_rows * num_features * 4).reshape(num_held_out, num_features)
auc = roc_auc_score(labels[num_rows:], predict(held_out))
print(json.dumps({"seconds": seconds, "peakBytes": peak_bytes, "rocAuc": float(auc), "version": version}))
