"""Reference numbers for every statistic of the evidence, from other people's code or from the formula's own definition.

    python libs/credit/golden/make_evidence_golden.py                            writes evidence.golden.json beside this script
    python libs/credit/golden/make_evidence_golden.py --rows 20000 --seed 5      prints the same for larger data of another seed

Needs numpy, scipy, pandas, scikit-learn, statsmodels, optbinning, fairlearn. A reference is {value, source, bound}: bound is the
greatest relative difference that is no disagreement, 1e-9 unless the source itself is less exact, and then `source` says why.
"""

import argparse
import importlib.metadata
import json
import platform
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import statsmodels.api as sm
from fairlearn import metrics as fair
from optbinning import OptimalBinning
from scipy import special, stats
from sklearn.calibration import calibration_curve
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, brier_score_loss, log_loss, precision_recall_curve, roc_auc_score, roc_curve
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

warnings.filterwarnings("ignore")

Z = stats.norm.ppf(0.975)
COST = {"falseNegative": 10, "falsePositive": 1}
THRESHOLD = 1 / 11
references = {}


def add(name, value, source, bound=1e-9):
    value = np.asarray(value, dtype=float)
    references[name] = {"value": value.tolist(), "source": source, "bound": bound}


def interval(value, half):
    return [value, value - half, value + half]


def log_interval(value, error):
    return [value, value * np.exp(-Z * error), value * np.exp(Z * error)]


def wilson(successes, trials):
    return [successes / trials, *proportion_confint(successes, trials, method="wilson")]


def placements(labels, scores):
    """DeLong's structural components: share of pairs won, ties one half, counted in the sorted other class."""
    positives, negatives = scores[labels == 1], scores[labels == 0]
    won = lambda value, others: (np.searchsorted(others, value, "left") + np.searchsorted(others, value, "right")) / 2 / len(others)
    return won(positives, np.sort(negatives)), 1 - won(negatives, np.sort(positives))


def delong(labels, scores):
    v10, v01 = placements(labels, scores)
    auc = roc_auc_score(labels, scores)
    assert abs(auc - v10.mean()) < 1e-12
    return interval(auc, Z * np.sqrt(v10.var(ddof=1) / len(v10) + v01.var(ddof=1) / len(v01)))


def delong_pair(labels, first, second):
    """With the covariance matrix of the paper's equations 4 to 6 written out."""
    a10, a01 = placements(labels, first)
    b10, b01 = placements(labels, second)
    covariance = np.cov(a10, b10) / len(a10) + np.cov(a01, b01) / len(a01)
    contrast = np.array([1.0, -1.0])
    error = np.sqrt(contrast @ covariance @ contrast)
    difference = roc_auc_score(labels, first) - roc_auc_score(labels, second)
    return [*interval(difference, Z * error), error, 2 * stats.norm.sf(abs(difference / error))]


def equal_count(order, bins):
    n = len(order)
    return [order[b * n // bins : (b + 1) * n // bins] for b in range(bins)]


def ranking(labels, p, q, sample=""):
    note = lambda name, value, source: add(sample + name, value, source)
    fpr, tpr, _ = roc_curve(labels, p, drop_intermediate=False)
    note("rocCurve.falsePositiveRate", fpr, "sklearn roc_curve")
    note("rocCurve.truePositiveRate", tpr, "sklearn roc_curve")
    precision, recall, thresholds = precision_recall_curve(labels, p)
    note("precisionRecall.precision", precision[::-1][1:], "sklearn precision_recall_curve")
    note("precisionRecall.recall", recall[::-1][1:], "sklearn precision_recall_curve")
    note("precisionRecall.threshold", thresholds[::-1], "sklearn precision_recall_curve")
    auc = delong(labels, p)
    note("rocAuc", auc, "sklearn roc_auc_score, DeLong 1988 in numpy")
    note("gini", [2 * value - 1 for value in auc], "sklearn roc_auc_score, DeLong 1988 in numpy")
    note("compareRocAuc", delong_pair(labels, p, q), "DeLong 1988 in numpy")
    ap = average_precision_score(labels, p)
    error = Z / np.sqrt(labels.sum() * ap * (1 - ap))
    note("averagePrecision", [ap, special.expit(special.logit(ap) - error), special.expit(special.logit(ap) + error)], "sklearn, Boyd 2013 by scipy's logit")
    ks = stats.ks_2samp(p[labels == 1], p[labels == 0])
    note("ks", [ks.statistic, p[p > ks.statistic_location].min()], "scipy ks_2samp")
    descending = np.argsort(-p)
    values, ends = np.unique(-p, return_counts=True)
    ends = np.cumsum(ends)
    captured = np.cumsum(labels[descending])[ends - 1]
    note("gains.shareOfDefaults", [0, *captured / labels.sum()], "numpy")
    note("gains.lift", captured / ends / labels.mean(), "numpy")
    note("brierScore", brier_score_loss(labels, p), "sklearn")
    note("logLoss", log_loss(labels, p), "sklearn")


def binned(labels, p):
    """Of samples without ties, whose number of rows the bins divide."""
    ascending = np.argsort(p)
    bins = equal_count(ascending, 10)
    defaults = np.array([labels[rows].sum() for rows in bins])
    size = len(bins[0])
    add("deciles.defaults", defaults[::-1], "numpy")
    add("deciles.meanProbability", [p[rows].mean() for rows in bins[::-1]], "numpy")
    add("deciles.rate", [wilson(d, size) for d in defaults[::-1]], "statsmodels proportion_confint wilson")
    add("deciles.lift", defaults[::-1] / size / labels.mean(), "numpy")
    add("deciles.captured", np.cumsum(defaults[::-1]) / labels.sum(), "numpy")
    observed, mean = calibration_curve(labels, p, n_bins=10, strategy="quantile")
    add("reliability.observed", observed, "sklearn calibration_curve quantile")
    add("reliability.mean", mean, "sklearn calibration_curve quantile")
    add("expectedCalibrationError", np.abs(observed - mean).mean(), "sklearn calibration_curve quantile")
    expected = np.array([p[rows].sum() for rows in bins])
    add("reliability.ratio", [log_interval(o / e, np.sqrt((1 - o / size) / o)) for o, e in zip(defaults, expected) if o > 0], "numpy, Debray 2017")
    statistic = np.sum((defaults - expected) ** 2 / (expected * (1 - expected / size)))
    add("hosmerLemeshow", [statistic, 10, stats.chi2.sf(statistic, 10)], "Hosmer-Lemeshow in numpy, scipy chi2")
    add("hosmerLemeshow.fitted", [statistic, 8, stats.chi2.sf(statistic, 8)], "Hosmer-Lemeshow in numpy, scipy chi2")
    rate, n = labels.mean(), len(labels)
    parts = dict(reliability=0.0, resolution=0.0, variance=0.0, covariance=0.0)
    for rows in bins:
        f, o = p[rows], labels[rows]
        parts["reliability"] += len(rows) * (f.mean() - o.mean()) ** 2 / n
        parts["resolution"] += len(rows) * (o.mean() - rate) ** 2 / n
        parts["variance"] += np.sum((f - f.mean()) ** 2) / n
        parts["covariance"] += 2 * np.sum((f - f.mean()) * (o - o.mean())) / n
    add("brierParts", [parts["reliability"], parts["resolution"], rate * (1 - rate), parts["variance"], parts["covariance"]], "Murphy 1973, Stephenson 2008 in numpy")
    kept = equal_count(ascending, 1)
    for count in range(2, 101):
        bins = equal_count(ascending, count)
        if np.any(np.diff([labels[rows].mean() for rows in bins]) < -1e-15):
            break
        kept = bins
    add("adaptiveCalibrationError", [sum(abs(np.sum(p[rows] - labels[rows])) for rows in kept) / n, len(kept)], "Roelofs 2022 in numpy")


def calibration(labels, p, q, folds):
    margins = special.logit(p)
    glm = lambda x, **more: sm.GLM(labels, x, family=sm.families.Binomial(), **more).fit(tol=1e-15, maxiter=300)
    line = glm(sm.add_constant(margins))
    add("calibration.slope", interval(line.params[1], Z * line.bse[1]), "statsmodels GLM", 1e-8)
    add("calibration.intercept", interval(line.params[0], Z * line.bse[0]), "statsmodels GLM", 1e-8)
    shift = glm(np.ones(len(labels)), offset=margins)
    add("calibration.inTheLarge", interval(shift.params[0], Z * shift.bse[0]), "statsmodels GLM with offset", 1e-8)
    o, e, n = labels.sum(), p.sum(), len(labels)
    add("observedToExpected", log_interval(o / e, np.sqrt((1 - o / n) / o)), "numpy, Debray 2017")
    within = (p >= 0.07) & (p < 0.12)
    o, e, n = labels[within].sum(), p[within].sum(), within.sum()
    add("observedToExpected.window", log_interval(o / e, np.sqrt((1 - o / n) / o)), "numpy, Debray 2017")
    observed, mean = calibration_curve(labels, p, n_bins=10, strategy="uniform")
    add("reliability.uniform", np.column_stack([observed, mean]), "sklearn calibration_curve uniform")
    counts = np.histogram(p, np.linspace(0, 1, 11))[0]
    add("equalWidthCalibrationError", np.sum(np.abs(observed - mean) * counts[counts > 0]) / len(p), "sklearn calibration_curve uniform")
    z = np.sum((labels - p) * (1 - 2 * p)) / np.sqrt(np.sum((1 - 2 * p) ** 2 * p * (1 - p)))
    add("spiegelhalter", [z, 2 * stats.norm.sf(abs(z))], "Spiegelhalter 1986 in numpy, scipy norm")
    add("brierSkillScore", 1 - brier_score_loss(labels, p) / brier_score_loss(labels, np.full(len(p), labels.mean())), "sklearn")

    isotonic = IsotonicRegression(out_of_bounds="clip").fit(p, labels)
    add("isotonic", isotonic.predict(q), "sklearn IsotonicRegression")
    design = lambda values: sm.add_constant(np.column_stack([np.log(values), -np.log1p(-values)]))
    beta = glm(design(p))
    assert beta.params[1] > 0 and beta.params[2] > 0, "this sample has the plain case of beta calibration"
    add("beta", beta.params[[1, 2, 0]], "statsmodels GLM on Kull 2017's columns", 1e-7)
    crossed = {name: np.empty(len(p)) for name in ("isotonic", "beta", "affine")}
    for fold in np.unique(folds):
        train, test = folds != fold, folds == fold
        fit = lambda target, x: sm.GLM(target, x, family=sm.families.Binomial()).fit(tol=1e-15, maxiter=300)
        crossed["isotonic"][test] = IsotonicRegression(out_of_bounds="clip").fit(p[train], labels[train]).predict(p[test])
        fitted = fit(labels[train], design(p[train]))
        assert fitted.params[1] > 0 and fitted.params[2] > 0
        crossed["beta"][test] = fitted.predict(design(p[test]))
        n1, n0 = labels[train].sum(), (1 - labels[train]).sum()
        targets = np.where(labels[train] == 1, (n1 + 1) / (n1 + 2), 1 / (n0 + 2))
        crossed["affine"][test] = fit(targets, sm.add_constant(margins[train])).predict(sm.add_constant(margins[test]))
    add("crossFitted.isotonic", crossed["isotonic"], "sklearn IsotonicRegression by fold")
    add("crossFitted.beta", crossed["beta"], "statsmodels GLM by fold", 1e-7)
    add("crossFitted.affine", crossed["affine"], "statsmodels GLM on Platt's targets by fold", 1e-8)


def costs(labels, p, amounts, random):
    def outcome(threshold):
        approved = p < threshold
        bad = labels[approved].sum()
        cost = (COST["falseNegative"] * bad + COST["falsePositive"] * np.sum((labels == 0) & ~approved)) / len(p)
        return [cost, approved.mean(), *(wilson(bad, approved.sum()) if approved.any() else [-1, -1, -1])]

    thresholds = [0, 0.02, 0.05, THRESHOLD, 0.15, 0.3, 0.6, 1]
    add("outcomes", [outcome(t) for t in thresholds], "counted in numpy, statsmodels wilson")
    ascending = np.sort(p)
    candidates = [0.0, *(ascending[1:] + ascending[:-1]) / 2, 1.0]
    def all_costs(y):
        # Cost with the k lowest probabilities approved, for k = 0..n.
        return (COST["falseNegative"] * np.concatenate([[0], np.cumsum(y)]) + COST["falsePositive"] * ((1 - y).sum() - np.concatenate([[0], np.cumsum(1 - y)]))) / len(y)
    by_rank = labels[np.argsort(p)]
    every = all_costs(by_rank)
    add("costCurve", [outcome(THRESHOLD)[0], every.min(), outcome(THRESHOLD)[0] / every.min(), candidates[int(np.argmin(every))]], "counted in numpy")
    add("greyZone", wilson(np.sum((p >= 0.08) & (p <= 0.105)), len(p)), "statsmodels wilson")
    gains, losses = amounts
    profit = np.concatenate([[0], np.cumsum(np.where(labels == 1, -losses, gains)[np.argsort(p)])]) / len(p)
    add("profit.best", [profit.max(), np.argmax(profit) / len(p)], "counted in numpy")
    order = np.argsort(p)
    fixed_rank = int(np.sum(p < THRESHOLD))
    draws = []
    for _ in range(2000):
        rows = np.sort(random.integers(0, len(p), len(p)))
        drawn = by_rank[rows]
        resampled = all_costs(drawn)
        draws.append([resampled[int(np.sum(rows < fixed_rank))], resampled.min()])
    draws = np.array(draws)
    noise = "percentile bootstrap of 2,000 resamples in numpy: two seeds differ by this much"
    add("bootstrap.fixedCost", [outcome(THRESHOLD)[0], *np.quantile(draws[:, 0], [0.025, 0.975])], noise, 0.02)
    add("bootstrap.ratio", [outcome(THRESHOLD)[0] / every.min(), *np.quantile(draws[:, 0] / draws[:, 1], [0.025, 0.975])], noise, 0.02)


def psi(r, c):
    r, c = np.asarray(r, float), np.asarray(c, float)
    kept = (r > 0) | (c > 0)
    r, c = r[kept], c[kept]
    shares = lambda counts: np.where(counts == 0, 0.5, counts) / counts.sum()
    a, b = shares(r), shares(c)
    return np.sum(special.rel_entr(a, b) + special.rel_entr(b, a))


def stability(x, y, codes_x, codes_y):
    known = np.sort(x[~np.isnan(x)])
    cuts = np.array([known[b * len(known) // 10] for b in range(1, 10)])
    count = lambda v: [*np.bincount(np.digitize(v[~np.isnan(v)], cuts), minlength=10), np.isnan(v).sum()]
    add("psi.number", psi(count(x), count(y)), "scipy rel_entr, both ways")
    codes = np.unique(np.concatenate([codes_x, codes_y]))
    add("psi.category", psi([np.sum(codes_x == c) for c in codes], [np.sum(codes_y == c) for c in codes]), "scipy rel_entr, both ways")
    a, b = x[~np.isnan(x)], y[~np.isnan(y)]
    statistic = stats.ks_2samp(a, b).statistic
    add("ksTwoSample", [statistic, stats.kstwobign.sf(np.sqrt(len(a) * len(b) / (len(a) + len(b))) * statistic)], "scipy ks_2samp, kstwobign")
    add("missingRates", pd.DataFrame({"x": x, "y": y}).isna().mean(), "pandas")


def explanation(x, codes, shap):
    add("spearman", stats.spearmanr(np.round(shap[:100, 0], 1), shap[:100, 1]).statistic, "scipy spearmanr")
    add("kendall", stats.kendalltau(np.round(shap[:100, 0], 1), np.round(shap[:100, 1], 1)).statistic, "scipy kendalltau")
    add("meanAbsoluteShap", np.abs(shap).mean(axis=0), "numpy")
    by_code = pd.Series(shap[:, 0]).groupby(codes)
    add("dependence.category", np.column_stack([by_code.mean(), by_code.quantile(0.1), by_code.quantile(0.5), by_code.quantile(0.9)]), "pandas groupby quantile")
    known = np.flatnonzero(~np.isnan(x))
    known = known[np.argsort(x[known])]
    bins = equal_count(known, 8)
    add("dependence.number", [[shap[rows, 0].mean(), np.quantile(shap[rows, 0], 0.1), x[rows].mean()] for rows in bins], "numpy quantile")


def predict(m):
    """Interactions of 0 with 1 and, weakly, of 1 with 2."""
    return m[:, 0] * m[:, 1] + 0.5 * m[:, 0] + np.exp(-m[:, 2]) + 0.1 * m[:, 1] * m[:, 2]


def dependence(matrix, positions, settings):
    means = []
    for setting in settings:
        changed = matrix.copy()
        changed[:, positions] = setting
        means.append(predict(changed.astype(np.float64)).mean())
    return np.array(means)


def interactions(matrix):
    centred = {}
    for positions in ([0], [1], [2], [0, 1], [0, 2], [1, 2]):
        d = dependence(matrix, positions, matrix[:, positions])
        centred[tuple(positions)] = d - d.mean()
    h = lambda a, b: np.sum((centred[(a, b)] - centred[(a,)] - centred[(b,)]) ** 2) / np.sum(centred[(a, b)] ** 2)
    add("friedmanH", [h(0, 1), h(1, 2)], "Friedman and Popescu 2008, eq. 44, by brute force in numpy")
    assert h(0, 2) < 1e-20, "no interaction, no H"
    grid = np.linspace(-2, 2, 9)
    add("partialDependence", dependence(matrix, [0], grid[:, None]), "by brute force in numpy")
    curves = np.array([predict(np.column_stack([np.full(len(matrix), v), matrix[:, 1:].astype(np.float64)])) for v in grid])
    falls = np.diff(curves, axis=0) < 0
    add("ice.violations", [falls.mean(), falls.any(axis=0).mean(), max(0, (-np.diff(curves, axis=0)).max())], "by brute force in numpy")


def fairness(labels, p, groups):
    approved = (p < THRESHOLD).astype(int)
    repaid = 1 - labels
    kwargs = dict(sensitive_features=groups)
    add("fairness.spreads", [
        fair.demographic_parity_difference(repaid, approved, **kwargs),
        fair.demographic_parity_ratio(repaid, approved, **kwargs),
        fair.equal_opportunity_difference(repaid, approved, **kwargs),
        fair.equalized_odds_difference(repaid, approved, **kwargs),
    ], "fairlearn")
    reference = groups == "a"
    for group in ("b", "c"):
        own = groups == group
        def compare(mask, success):
            k1, n1 = success[own & mask].sum(), (own & mask).sum()
            k0, n0 = success[reference & mask].sum(), (reference & mask).sum()
            return [k1 / n1 - k0 / n0, *confint_proportions_2indep(k1, n1, k0, n0, method="newcomb", compare="diff")]
        everyone = np.ones(len(p), bool)
        source = "statsmodels confint_proportions_2indep newcomb"
        add(f"fairness.{group}.approvalDifference", compare(everyone, approved), source)
        add(f"fairness.{group}.equalOpportunity", compare(labels == 0, approved), source)
        add(f"fairness.{group}.predictiveParity", compare(approved == 1, labels), source)
        k1, n1, k0, n0 = approved[own].sum(), own.sum(), approved[reference].sum(), reference.sum()
        add(f"fairness.{group}.approvalRatio", [k1 / n1 / (k0 / n0), *confint_proportions_2indep(k1, n1, k0, n0, method="log", compare="ratio", correction=False)], "statsmodels confint_proportions_2indep log")
        a, b = p[own], p[reference]
        d = (a.mean() - b.mean()) / np.sqrt((a.var(ddof=1) + b.var(ddof=1)) / 2)
        add(f"fairness.{group}.standardisedMeanDifference", interval(d, Z * np.sqrt((len(a) + len(b)) / (len(a) * len(b)) + d * d / (2 * (len(a) + len(b))))), "numpy, Hedges and Olkin 1985")
        add(f"fairness.{group}.rocAuc", delong(labels[own], a), "sklearn, DeLong 1988 in numpy")
        fit = sm.GLM(labels[own], sm.add_constant(special.logit(a)), family=sm.families.Binomial()).fit(tol=1e-15, maxiter=300)
        add(f"fairness.{group}.slope", interval(fit.params[1], Z * fit.bse[1]), "statsmodels GLM", 1e-8)
        add(f"fairness.{group}.rate", wilson(approved[own].sum(), own.sum()), "statsmodels wilson")


def scorecard(labels, x, y, codes):
    splits = [-1.0, -0.4, 0.1, 0.7, 1.4]
    table = lambda b: b.binning_table.build()
    fixed = OptimalBinning(name="x", dtype="numerical", user_splits=splits, user_splits_fixed=[True] * len(splits)).fit(x, labels)
    assert list(fixed.splits) == splits
    rows = table(fixed)
    missing = rows[rows["Bin"] == "Missing"].iloc[0]
    own = np.isnan(x)
    add("woe", [*rows["WoE"][: len(splits) + 1].astype(float), float(missing["WoE"])], "optbinning binning_table")
    add("informationValue", float(rows.loc["Totals", "IV"]), "optbinning binning_table")
    assert missing["Count"] == own.sum()

    clean, target = x[~own], labels[~own]
    prebins = [float(v) for v in np.quantile(clean, np.arange(1, 16) / 16)]
    for trend, ours in (("ascending", "increases-risk"), ("descending", "decreases-risk"), (None, "free")):
        best = OptimalBinning(
            name="x", dtype="numerical", user_splits=prebins, monotonic_trend=trend, max_n_bins=5, min_bin_size=0.06,
            min_bin_n_event=5, min_bin_n_nonevent=5, solver="mip", time_limit=60,
        ).fit(clean, target)
        assert best.status == "OPTIMAL", best.status
        add(f"optimalBinning.{ours}", [float(table(best).loc["Totals", "IV"]), len(best.splits)], "optbinning's optimum, by mixed-integer programming", 1e-9)
    references["optimalBinning.prebins"] = {"value": prebins, "source": "numpy quantile", "bound": 0}

    woe = lambda values: fixed.transform(values, metric="woe", metric_missing="empirical")
    columns = np.column_stack([woe(x), y, codes == 2])
    references["logistic.columns"] = {"value": columns.T.tolist(), "source": "the columns fitted below", "bound": 0}
    logit = sm.Logit(labels, sm.add_constant(columns)).fit(method="newton", disp=0, maxiter=100, tol=1e-14)
    add("logistic.coefficients", logit.params, "statsmodels Logit", 1e-8)
    add("logistic.standardErrors", logit.bse, "statsmodels Logit", 1e-8)
    add("logistic.logLikelihood", logit.llf, "statsmodels Logit")
    ridge = LogisticRegression(C=1 / 3.0, tol=1e-13, max_iter=1000, solver="newton-cholesky").fit(columns, labels)
    add("logistic.ridge", [*ridge.intercept_, *ridge.coef_[0]], "sklearn LogisticRegression, which stops at gradients of 1e-13", 1e-7)


def distributions():
    """Tails that the tests read, each with its arguments: far beyond where a sample of ours leads."""
    z, x, k = np.linspace(0, 9, 37), np.linspace(0.1, 60, 40), np.linspace(0.1, 3, 30)
    return {
        "normalTwoSided": np.column_stack([z, 2 * stats.norm.sf(z)]).tolist(),
        "chiSquare": [[v, df, stats.chi2.sf(v, df)] for df in (1, 2, 8, 10) for v in x],
        "kolmogorov": np.column_stack([k, stats.kstwobign.sf(k)]).tolist(),
    }


def make(rows, seed):
    random = np.random.default_rng(seed)
    margins = random.normal(-2.4, 1.1, rows)
    labels = (random.random(rows) < special.expit(margins)).astype(int)
    round_ = lambda values, digits=12: np.round(values, digits)
    p = round_(special.expit(1.15 * margins + 0.2))
    q = round_(special.expit(margins + random.normal(0, 0.7, rows)))
    assert len(np.unique(p)) == rows, "no ties wanted"
    folds = np.arange(rows) % 3
    groups = np.where(random.random(rows) < 0.5, "a", np.where(random.random(rows) < 0.6, "b", "c"))
    groups = groups.astype("<U4")
    groups[:7] = "rare"
    signal = margins + 2.4
    x = round_(0.7 * signal + random.normal(0, 0.8, rows), 6)
    x[random.random(rows) < 0.1] = np.nan
    y = round_(0.4 * signal + random.normal(0.1, 1, rows), 6)
    y[random.random(rows) < 0.02] = np.nan
    codes = random.integers(0, 4, rows).astype(float)
    codes_other = random.choice([0.0, 1.0, 2.0, 4.0], rows, p=[0.4, 0.2, 0.3, 0.1])
    shap = round_(random.normal(0, [1.0, 0.5, 0.2], (rows, 3)), 6)
    gains, losses = round_(random.uniform(50, 300, rows), 2), round_(random.uniform(500, 4000, rows), 2)
    matrix = round_(random.normal(0, 1, (60, 3)), 3).astype(np.float32)

    ranking(labels, p, q)
    # Fifty distinct scores, so that nearly every row ties.
    ranking(labels, np.floor(p * 50) / 50 + 0.01, np.floor(q * 50) / 50 + 0.01, "ties.")
    binned(labels, p)
    calibration(labels, p, q, folds)
    costs(labels, p, (gains, losses), random)
    stability(x, y, codes, codes_other)
    explanation(x, codes, shap)
    interactions(matrix)
    judged = groups != "rare"
    fairness(labels[judged], p[judged], groups[judged])
    scorecard(labels, x, np.nan_to_num(y), codes)
    nullable = lambda values: [None if np.isnan(v) else float(v) for v in values]
    data = {
        "labels": labels.tolist(), "p": p.tolist(), "q": q.tolist(), "folds": folds.tolist(), "groups": groups.tolist(),
        "x": nullable(x), "y": nullable(y), "codes": codes.tolist(), "codesOther": codes_other.tolist(), "shap": shap.ravel().tolist(),
        "gains": gains.tolist(), "losses": losses.tolist(), "matrix": [float(v) for v in matrix.ravel()],
    }
    packages = ("numpy", "scipy", "pandas", "scikit-learn", "statsmodels", "optbinning", "fairlearn")
    versions = {"python": platform.python_version()} | {name: importlib.metadata.version(name) for name in packages}
    return {"versions": versions, "seed": seed, "data": data, "references": references, "distributions": distributions()}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int)
    parser.add_argument("--seed", type=int, default=20261125)
    options = parser.parse_args()
    if options.rows is not None:
        print(json.dumps(make(options.rows, options.seed)))
        return
    path = Path(__file__).with_name("evidence.golden.json")
    path.write_text(json.dumps(make(700, options.seed)) + "\n")
    print(path.name, path.stat().st_size, "bytes,", len(references), "references")


if __name__ == "__main__":
    main()
