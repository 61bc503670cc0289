"""Golden numbers of the amount-aware policy and of the effect of a policy, computed apart from the TypeScript.

    python libs/credit/golden/make_policy_golden.py

Costs: Correa Bahnsen, Aouada and Ottersten, "Example-dependent cost-sensitive logistic regression for credit scoring", ICMLA 2014,
with the paper's own rates (4.79 % interest, 2.94 % cost of funds, 24 months, loss given default 0.75), from the present value of the
instalments; the TypeScript knows only the margin rate that they make. Intervals: statsmodels (Wilson), scipy (normal).
"""

import json
import platform
from pathlib import Path

import numpy
import scipy
import statsmodels
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

INTEREST, FUNDS, MONTHS, LGD = 0.0479 / 12, 0.0294 / 12, 24, 0.75


def present_value_of_instalments(amount):
    instalment = amount * INTEREST * (1 + INTEREST) ** MONTHS / ((1 + INTEREST) ** MONTHS - 1)
    return instalment / FUNDS * (1 - (1 + FUNDS) ** -MONTHS)


def profit(amount):
    return present_value_of_instalments(amount) - amount


def costs(amount, average, prior, lgd=LGD):
    alternative = -(1 - prior) * profit(average) + prior * average * lgd
    return max(0.0, profit(amount) + alternative), amount * lgd


def share(count, total):
    lower, upper = proportion_confint(count, total, method="wilson")
    return {"count": int(count), "value": count / total, "lower": lower, "upper": upper}


def mean(values):
    values = numpy.asarray(values, dtype=float)
    half = stats.norm.ppf(0.975) * values.std(ddof=1) / numpy.sqrt(len(values))
    return {"value": values.mean(), "lower": values.mean() - half, "upper": values.mean() + half}


def logit(p):
    return numpy.log(p / (1 - p))


def expit(x):
    return 1 / (1 + numpy.exp(-x))


def zone_around(threshold, probabilities, capacity):
    ordered = numpy.sort(probabilities)
    size = int(numpy.floor(capacity * len(ordered) + 0.5))
    middle = int(numpy.searchsorted(ordered, threshold, side="left"))
    start = max(0, min(middle - size // 2, len(ordered) - size))
    return min(threshold, ordered[start]), max(threshold, ordered[start + size - 1])


def main():
    random = numpy.random.default_rng(20261125)
    rows = 400
    probabilities = expit(random.normal(-2.6, 1.0, rows))
    amounts = numpy.round(numpy.exp(random.normal(13.0, 0.7, rows)), 2)
    defaulted = (random.uniform(size=rows) < probabilities).astype(int)
    burden = numpy.round(random.uniform(0.02, 0.6, rows), 6)
    average, prior = float(amounts.mean()), float(defaulted.mean())

    # The paper's setting, and one with a margin so high that lending elsewhere would pay: the costs of small loans end at 0.
    cases = []
    for amount in [500.0, 45_000.0, average, 1_000_000.0, 4_027_680.0]:
        for case_prior in [prior, 0.005]:
            positive, negative = costs(amount, average, case_prior)
            cases.append(
                {
                    "amount": amount,
                    "averageDefaultRate": case_prior,
                    "falsePositive": positive,
                    "falseNegative": negative,
                    "threshold": positive / (positive + negative),
                }
            )

    base, lower, upper, capacity = 1 / 11, 0.05, 0.18, 0.1
    pairs = [costs(amount, average, prior) for amount in amounts]
    positive = numpy.array([pair[0] for pair in pairs])
    negative = numpy.array([pair[1] for pair in pairs])
    threshold = numpy.clip(positive / (positive + negative), lower, upper)
    distance = logit(probabilities) - logit(threshold)
    zone = zone_around(base, expit(distance + logit(base)), capacity)
    own_lower = expit(logit(zone[0]) - logit(base) + logit(threshold))
    own_upper = expit(logit(zone[1]) - logit(base) + logit(threshold))
    is_declined = probabilities >= threshold
    is_grey = (probabilities >= own_lower * (1 - 1e-12)) & (probabilities <= own_upper * (1 + 1e-12))
    is_burdened = burden > 0.5
    decision = numpy.where(is_grey | is_burdened, "referred", numpy.where(is_declined, "declined", "approved"))
    plain_zone = zone_around(base, probabilities, capacity)
    plain_grey = (probabilities >= plain_zone[0]) & (probabilities <= plain_zone[1])
    plain = numpy.where(plain_grey | is_burdened, "referred", numpy.where(probabilities >= base, "declined", "approved"))
    plain_declined = probabilities >= base

    def plain_costs(declined):
        return numpy.where(declined, (defaulted == 0) * 1.0, (defaulted == 1) * 10.0)

    def amount_costs(declined):
        return numpy.where(declined, (defaulted == 0) * positive, (defaulted == 1) * negative)

    approved = decision == "approved"
    golden = {
        "madeBy": {
            "python": platform.python_version(),
            "numpy": numpy.__version__,
            "scipy": scipy.__version__,
            "statsmodels": statsmodels.__version__,
        },
        "marginRate": profit(1.0),
        "lossGivenDefault": LGD,
        "averageAmount": average,
        "averageDefaultRate": prior,
        "cases": cases,
        "thresholdBounds": {"lower": lower, "upper": upper},
        "reviewCapacity": capacity,
        "rows": [list(row) for row in zip(probabilities.tolist(), amounts.tolist(), burden.tolist(), defaulted.tolist())],
        "thresholds": threshold.tolist(),
        "greyZone": {"lower": float(zone[0]), "upper": float(zone[1])},
        "effect": {
            "approved": share(approved.sum(), rows),
            "referred": share((decision == "referred").sum(), rows),
            "declined": share((decision == "declined").sum(), rows),
            "defaultRateAmongApproved": share(defaulted[approved].sum(), approved.sum()),
            "costPerApplication": mean(plain_costs(is_declined)),
            "amountAwareCostPerApplication": mean(amount_costs(is_declined)),
            "ruleHits": share(is_burdened.sum(), rows),
        },
        "comparison": {
            "agreement": share((decision == plain).sum(), rows),
            "flips": {
                f"{before} {after}": int(((plain == before) & (decision == after)).sum())
                for before in ["approved", "referred", "declined"]
                for after in ["approved", "referred", "declined"]
                if before != after and ((plain == before) & (decision == after)).any()
            },
            "costDifference": mean(plain_costs(is_declined) - plain_costs(plain_declined)),
            "amountAwareCostDifference": mean(amount_costs(is_declined) - amount_costs(plain_declined)),
        },
    }
    Path(__file__).with_name("policy.golden.json").write_text(json.dumps(golden, default=float) + "\n")


if __name__ == "__main__":
    main()
