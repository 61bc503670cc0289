"""Writes cohorts.golden.json: what numpy and statsmodels say of groups that libs/credit compares.

Run with numpy and statsmodels installed:  python libs/credit/golden/make_cohorts_golden.py
Quantiles are numpy's default (linear), counts numpy's histogram over the edges that the library declared for the whole population (they are
written here by hand, since numpy knows no nice numbers), intervals statsmodels' Wilson, neighbours a full sort of distances.
"""

import json
import platform
from pathlib import Path

import numpy as np
import statsmodels
from statsmodels.stats.proportion import proportion_confint

rng = np.random.default_rng(28)
rows = 1500
income = np.round(np.exp(rng.normal(10, 0.5, rows)), 2)
income[rng.random(rows) < 0.1] = np.nan
defaulted = (rng.random(rows) < 0.08).astype(int)
group = np.sort(rng.choice(rows, 600, replace=False))
edges = np.arange(10_000, 65_001, 5_000)

held = income[group]
present = held[~np.isnan(held)]
bins = np.digitize(held, edges)
bins[np.isnan(held)] = len(edges) + 1
counts = np.bincount(bins, minlength=len(edges) + 2)
bad = np.bincount(bins, weights=defaulted[group], minlength=len(edges) + 2).astype(int)

points = np.round(rng.normal(size=(rows, 6)) * np.array([0.2, 1, 0.5, 0.1, 2, 0.05]), 4)
distances = np.sqrt(((points.astype(np.float32).astype(float) - points[7].astype(np.float32)) ** 2).sum(axis=1))
nearest = [int(row) for row in np.argsort(distances, kind="stable") if row != 7][:50]

golden = {
    "madeWith": {"python": platform.python_version(), "numpy": np.__version__, "statsmodels": statsmodels.__version__},
    "income": [None if np.isnan(value) else value for value in income],
    "defaulted": defaulted.tolist(),
    "group": group.tolist(),
    "edges": edges.tolist(),
    "counts": counts.tolist(),
    "quantiles": np.quantile(present, [0.05, 0.25, 0.5, 0.75, 0.95]).tolist(),
    "shareBelow20000": float((present < 20_000).mean()),
    "wilson": [None if n == 0 else [b / n, *proportion_confint(b, n, method="wilson")] for b, n in zip(bad.tolist(), counts.tolist())],
    "points": points.tolist(),
    "nearest": nearest,
    "distances": distances[nearest].tolist(),
}
Path(__file__).with_name("cohorts.golden.json").write_text(json.dumps(golden) + "\n")
