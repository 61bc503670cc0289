"""Measures what our application features add: LightGBM on them against LightGBM on the raw columns plus ten usual ratios.

    python services/trainer/golden/raw_columns_rival.py MODEL_DIR SNAPSHOT_DIR DATA_DIR [--seeds 1,2,3] [--quick]

MODEL_DIR     a model version's artefact folder: manifest.json (featureNames, hyperParameters), estimates.parquet (fold, split, margin)
SNAPSHOT_DIR  the snapshot it was trained on: features.parquet, applications.parquet (defaulted)
DATA_DIR      the folder with application_train.csv or application_train.csv.gz that the snapshot was made of

Both sides see the same rows, folds and inner splits, stop early on the same rows, and are given every setting of SETTINGS; each is
represented by the setting that is best for it (by its mean area over the first two seeds). The rival's categories are tried as ordinal codes
and as LightGBM's own categorical features; the better way stands. Protected attributes, and what our catalogue protects with them,
are out on both sides (docs/adr/0007); so are the ratios over age. The first seed judges on the manifest's own folds, the others on
stratified folds of their own.

Prints JSON: {"gain": median over seeds, "gains", "standardErrors" (DeLong, paired), "rival", "ours", "engine" (the area of our own
engine's out-of-fold margins), ...}. Needs lightgbm, numpy, pandas, pyarrow, scikit-learn, scipy. One thread, so that runs repeat.
"""

import argparse
import json
import statistics
import sys
from pathlib import Path

import lightgbm
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import sklearn
from lightgbm_rival import load, parameters_of
from scipy.stats import rankdata
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold

PROTECTED = ["CODE_GENDER", "DAYS_BIRTH", "CNT_CHILDREN", "CNT_FAM_MEMBERS", "NAME_FAMILY_STATUS", "NAME_TYPE_SUITE"]
NUM_FOLDS, NUM_SPLITS = 5, 10
# Settings are compared on so many seeds; the best of each side goes on to the others.
NUM_CHOOSING = 2

# Over and above the manifest's own hyper-parameters, as LightGBM names them.
SETTINGS = {
    "manifest": {},
    "wider": {"feature_fraction": 0.5},
    "deeper": {"num_leaves": 16, "feature_fraction": 0.3},
    "slower": {"learning_rate": 0.02, "num_boost_round": 4000, "early_stopping_rounds": 150},
}


def raw_columns(data_dir, ids):
    """The raw columns of the given rows, categories as ordinal codes, and the names of those categories."""
    found = [data_dir / name for name in ("application_train.csv", "application_train.csv.gz") if (data_dir / name).exists()]
    raw = pd.read_csv(found[0]).set_index("SK_ID_CURR").loc[[int(i) for i in ids]]
    columns = raw.drop(columns=["TARGET", *PROTECTED]).copy()
    # As in our catalogue: maternity would tell sex and family. 365243 days employed stands for no job.
    columns["NAME_INCOME_TYPE"] = columns["NAME_INCOME_TYPE"].replace("Maternity leave", "Working")
    columns["DAYS_EMPLOYED"] = columns["DAYS_EMPLOYED"].replace(365243, np.nan)
    categories = [name for name in columns if not pd.api.types.is_numeric_dtype(columns[name])]
    for name in categories:
        coded = columns[name].astype("category")
        columns[name] = coded.cat.codes.astype(float).where(coded.notna(), np.nan)
    return raw, columns.astype(np.float32), categories


def ten_usual_ratios(raw):
    income, credit = raw["AMT_INCOME_TOTAL"], raw["AMT_CREDIT"]
    annuity, goods = raw["AMT_ANNUITY"], raw["AMT_GOODS_PRICE"]
    scores = raw[["EXT_SOURCE_1", "EXT_SOURCE_2", "EXT_SOURCE_3"]]
    return pd.DataFrame(
        {
            "credit_to_income": credit / income,
            "annuity_to_income": annuity / income,
            "credit_to_annuity": credit / annuity,
            "goods_to_credit": goods / credit,
            "goods_to_income": goods / income,
            "score_mean": scores.mean(axis=1),
            "score_min": scores.min(axis=1),
            "score_max": scores.max(axis=1),
            "score_std": scores.std(axis=1),
            "score_product": scores.prod(axis=1, skipna=False),
        }
    ).astype(np.float32)


def folds_of(labels, seed):
    fold, split = np.zeros(len(labels), int), np.zeros(len(labels), int)
    for parts, count, state in ((fold, NUM_FOLDS, seed), (split, NUM_SPLITS, 1000 + seed)):
        for k, (_, rows) in enumerate(StratifiedKFold(count, shuffle=True, random_state=state).split(labels, labels)):
            parts[rows] = k
    return fold, split


def out_of_fold(hyper, setting, matrix, categorical, labels, fold, split, seed):
    # Without monotone constraints: raw columns have none.
    parameters = {**parameters_of({**hyper, "monotoneConstraints": ""}, [], seed), **setting}
    rounds = int(parameters.pop("num_boost_round", hyper["numRounds"]))
    patience = int(parameters.pop("early_stopping_rounds", hyper["earlyStoppingRounds"]))
    margins = np.zeros(len(labels))
    for k in np.unique(fold):
        fitted, stopping, judged = (fold != k) & (split != k), (fold != k) & (split == k), fold == k
        train = lightgbm.Dataset(
            matrix[fitted], labels[fitted], categorical_feature=categorical, params={"max_bin": hyper["maxBin"], "verbose": -1}
        )
        model = lightgbm.train(
            parameters,
            train,
            num_boost_round=rounds,
            valid_sets=[lightgbm.Dataset(matrix[stopping], labels[stopping], reference=train)],
            callbacks=[lightgbm.early_stopping(patience, verbose=False)],
        )
        margins[judged] = model.predict(matrix[judged], raw_score=True, num_iteration=model.best_iteration)
    return margins


def paired_delong(labels, one, other):
    """Difference of two areas on the same rows and its standard error (DeLong, DeLong and Clarke-Pearson 1988)."""
    positive = labels == 1
    ones, zeros = positive.sum(), (~positive).sum()

    def placements(margins):
        among_all = rankdata(margins)
        return (
            (among_all[positive] - rankdata(margins[positive])) / zeros,
            1 - (among_all[~positive] - rankdata(margins[~positive])) / ones,
        )

    (one_pos, one_neg), (other_pos, other_neg) = placements(one), placements(other)
    variance = np.var(one_pos - other_pos, ddof=1) / ones + np.var(one_neg - other_neg, ddof=1) / zeros
    return float(one_pos.mean() - other_pos.mean()), float(np.sqrt(variance))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("model_dir", type=Path)
    parser.add_argument("snapshot_dir", type=Path)
    parser.add_argument("data_dir", type=Path)
    parser.add_argument("--seeds", default="1,2,3")
    parser.add_argument("--quick", action="store_true", help="the manifest's setting only, ordinal codes only")
    arguments = parser.parse_args()
    seeds = [int(seed) for seed in arguments.seeds.split(",")]
    settings = {"manifest": {}} if arguments.quick else SETTINGS

    manifest, features, labels, own_fold, own_split, margin = load(arguments.model_dir, arguments.snapshot_dir)
    hyper = manifest["hyperParameters"]
    ids = pq.read_table(arguments.snapshot_dir / "features.parquet", columns=["applicationId"]).column(0).to_pylist()
    raw, columns, categories = raw_columns(arguments.data_dir, ids)
    columns = pd.concat([columns, ten_usual_ratios(raw)], axis=1)
    native = [list(columns).index(name) for name in categories]
    folds = [(own_fold, own_split) if turn == 0 else folds_of(labels, seed) for turn, seed in enumerate(seeds)]

    sides = {"features": (features, "auto"), "raw columns, ordinal codes": (columns.to_numpy(), "auto")}
    if not arguments.quick:
        sides["raw columns, native categories"] = (columns.to_numpy(), native)

    def run(side, setting, turn):
        matrix, categorical = sides[side]
        fold, split = folds[turn]
        return out_of_fold(hyper, settings[setting], matrix, categorical, labels, fold, split, seeds[turn])

    chosen_on = range(min(NUM_CHOOSING, len(seeds)))
    margins = {(side, setting): [run(side, setting, turn) for turn in chosen_on] for side in sides for setting in settings}
    means = {key: statistics.mean(roc_auc_score(labels, run) for run in runs) for key, runs in margins.items()}
    for key, mean in means.items():
        print(f"{', '.join(key)}: {mean:.5f}", file=sys.stderr)
    ours_key = max((key for key in means if key[0] == "features"), key=means.get)
    rival_key = max((key for key in means if key[0] != "features"), key=means.get)
    for key in (ours_key, rival_key):
        margins[key] += [run(*key, turn) for turn in range(len(chosen_on), len(seeds))]
    compared = [paired_delong(labels, ours, rival) for ours, rival in zip(margins[ours_key], margins[rival_key])]
    gains = [gain for gain, _ in compared]
    print(
        json.dumps(
            {
                "gain": statistics.median(gains),
                "gains": gains,
                "standardErrors": [error for _, error in compared],
                "ours": [roc_auc_score(labels, run) for run in margins[ours_key]],
                "rival": [roc_auc_score(labels, run) for run in margins[rival_key]],
                "oursSetting": ours_key[1],
                "rivalSetting": ", ".join(rival_key),
                "engine": roc_auc_score(labels, margin),
                "numFeatures": features.shape[1],
                "numRivalColumns": columns.shape[1],
                "means": {", ".join(key): value for key, value in means.items()},
                "versions": {"lightgbm": lightgbm.__version__, "numpy": np.__version__, "scikit-learn": sklearn.__version__},
            }
        )
    )


if __name__ == "__main__":
    main()
