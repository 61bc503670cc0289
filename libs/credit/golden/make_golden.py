"""Writes statistics.golden.json: the reference numbers that libs/credit's statistics are tested against.

Run with scikit-learn, scipy and statsmodels installed:  python libs/credit/golden/make_golden.py
AUC, average precision, Brier score, log loss come from scikit-learn; KS from scipy; calibration fits from statsmodels.
Nobody publishes DeLong's interval in Python: it is computed here from the structural components of the 1988 paper, pair by
pair, with scipy's Mann-Whitney statistic as a cross-check. Costs are counted by brute force.
"""

import json
import platform
from pathlib import Path

import numpy as np
import scipy
import sklearn
import statsmodels
import statsmodels.api as sm
from scipy import stats
from sklearn.calibration import calibration_curve
from sklearn.metrics import average_precision_score, brier_score_loss, log_loss, roc_auc_score


def delong_interval(labels, scores):
    positives, negatives = scores[labels == 1], scores[labels == 0]
    pairs = (positives[:, None] > negatives[None, :]) + 0.5 * (positives[:, None] == negatives[None, :])
    v10, v01 = pairs.mean(axis=1), pairs.mean(axis=0)
    auc = pairs.mean()
    u = stats.mannwhitneyu(positives, negatives).statistic / (len(positives) * len(negatives))
    assert abs(auc - u) < 1e-12
    variance = v10.var(ddof=1) / len(positives) + v01.var(ddof=1) / len(negatives)
    half = stats.norm.ppf(0.975) * np.sqrt(variance)
    return {"value": auc, "lower": max(0.0, auc - half), "upper": min(1.0, auc + half)}


def costs(labels, probabilities, false_negative, false_positive):
    def cost(threshold):
        declined = probabilities >= threshold
        return (false_negative * np.sum((labels == 1) & ~declined) + false_positive * np.sum((labels == 0) & declined)) / len(labels)

    candidates = np.unique(np.concatenate([[0.0], probabilities, [1.0]]))
    return {
        "falseNegative": false_negative,
        "falsePositive": false_positive,
        "atAnalyticThreshold": cost(false_positive / (false_positive + false_negative)),
        "least": min(cost(t) for t in candidates),
    }


def platt_targets(labels):
    n1, n0 = np.sum(labels == 1), np.sum(labels == 0)
    return np.where(labels == 1, (n1 + 1) / (n1 + 2), 1 / (n0 + 2))


def glm(targets, margins):
    design = sm.add_constant(margins)
    fit = sm.GLM(targets, design, family=sm.families.Binomial()).fit(tol=1e-15, maxiter=200)
    return {"intercept": fit.params[0], "slope": fit.params[1]}


def case(name, labels, probabilities):
    labels, probabilities = np.asarray(labels), np.asarray(probabilities, dtype=np.float64)
    out = {
        "name": name,
        "labels": labels.tolist(),
        "probabilities": probabilities.tolist(),
        "rocAuc": roc_auc_score(labels, probabilities),
        "rocAucInterval": delong_interval(labels, probabilities),
        "averagePrecision": average_precision_score(labels, probabilities),
        "ks": stats.ks_2samp(probabilities[labels == 1], probabilities[labels == 0]).statistic,
        "brierScore": brier_score_loss(labels, probabilities),
        "logLoss": log_loss(labels, probabilities),
        "costs": [costs(labels, probabilities, 10, 1), costs(labels, probabilities, 3, 2)],
    }
    if len(np.unique(probabilities)) == len(probabilities) and len(probabilities) % 10 == 0:
        # Without ties, and when the bins divide the rows, scikit-learn's quantile bins are bins of equal count.
        observed, mean = calibration_curve(labels, probabilities, n_bins=10, strategy="quantile")
        assert len(observed) == 10
        out["expectedCalibrationError"] = float(np.mean(np.abs(observed - mean)))
    if probabilities.min() > 0 and probabilities.max() < 1:
        margins = np.log(probabilities / (1 - probabilities))
        fitted = glm(labels, margins)
        logit = sm.Logit(labels, sm.add_constant(margins)).fit(method="newton", disp=0).params
        assert np.allclose([fitted["intercept"], fitted["slope"]], logit, atol=1e-6)
        out["margins"] = margins.tolist()
        out["calibration"] = fitted
        out["platt"] = glm(platt_targets(labels), margins)
    return out


def main():
    random = np.random.default_rng(20261123)

    def population(n, slope, shift, decimals=None):
        margins = random.normal(-2.4, 1.1, n)
        labels = (random.random(n) < 1 / (1 + np.exp(-margins))).astype(int)
        probabilities = 1 / (1 + np.exp(-(slope * margins + shift)))
        return labels, probabilities if decimals is None else np.clip(np.round(probabilities, decimals), 0.01, 0.99)

    cases = [
        case("calibrated, no ties", *population(1000, 1.0, 0.0)),
        case("too extreme, many ties", *population(600, 1.8, 0.9, 2)),
        case("ranks the wrong way", *population(300, -0.7, -2.0)),
        case("two rows of a class", [0, 1, 0, 1, 0, 0], [0.1, 0.4, 0.35, 0.8, 0.5, 0.05]),
        case("certain and wrong", [0, 1, 0, 1, 1, 0, 0, 1], [0.0, 1.0, 1.0, 0.0, 0.5, 0.5, 0.2, 0.9]),
    ]
    versions = {
        "python": platform.python_version(),
        "numpy": np.__version__,
        "scipy": scipy.__version__,
        "scikit-learn": sklearn.__version__,
        "statsmodels": statsmodels.__version__,
    }
    path = Path(__file__).with_name("statistics.golden.json")
    path.write_text(json.dumps({"versions": versions, "cases": cases}) + "\n")
    print(path.name, path.stat().st_size, "bytes", versions)


if __name__ == "__main__":
    main()
