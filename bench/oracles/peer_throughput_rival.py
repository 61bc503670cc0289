"""What such projects usually run: FastAPI over uvicorn, pandas, LightGBM and shap from PyPI; nothing is recorded.

    python bench/oracles/peer_throughput_rival.py train MODEL_DIR SNAPSHOT_DIR OUT_DIR
    python bench/oracles/peer_throughput_rival.py serve OUT_DIR PORT

train   fits LightGBM on every labelled client of the snapshot, with our champion's hyper-parameters and number of trees
        (MODEL_DIR/manifest.json), one thread, on the champion's features but for the three that read a loan's terms back from its amounts,
        which are our own. They are computed here, in pandas, from the raw applications, and must equal the champion's to float32's last
        digit. Writes OUT_DIR/model.txt and service.json. Prints {"rows", "trees", "features", "versions"}.
serve   POST /decisions takes a raw application, as our door does, and answers probability, decision, base value and SHAP values (log-odds).
        POST /decisions-of-features takes {applicationId, features} ready made. Two workers.

It validates no more than the types of a few fields. Needs the packages of requirements.txt.
"""

import json
import os
import sys
import warnings
from contextlib import asynccontextmanager
from pathlib import Path

import lightgbm
import numpy as np
import pandas as pd
import shap
from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict

# shap warns at every row of how it answered in former versions.
warnings.filterwarnings("ignore", category=UserWarning)

FOLDER = "PEER_THROUGHPUT_FOLDER"
# Applications whose answers are compared with the model's own before anything is timed.
CHECKED = 300

TERMS_READ_BACK = {"impliedAnnualRate", "impliedTermMonths", "repaidToGoodsPrice"}
SCORES = ["externalScore1", "externalScore2", "externalScore3"]
SCORE_WEIGHTS = np.array([2.0, 1.0, 3.0])
ENQUIRIES = [f"enquiriesLast{period}" for period in ("Hour", "Day", "Week", "Month", "Quarter", "Year")]
CONTACTS = ["hasMobilePhone", "hasEmployerPhone", "hasWorkPhone", "hasHomePhone", "hasEmail"]
ADDRESSES = [
    *(f"is{where}Region" for where in ("HomeOutsideRegistered", "WorkOutsideRegistered", "WorkOutsideHome")),
    *(f"is{where}City" for where in ("HomeOutsideRegistered", "WorkOutsideRegistered", "WorkOutsideHome")),
]
SINCE = {
    "employmentYears": "employedSince",
    "registrationYears": "registeredSince",
    "identityDocumentYears": "identityDocumentIssuedOn",
    "phoneYears": "phoneChangedOn",
}


class Application(BaseModel):
    model_config = ConfigDict(extra="allow")
    applicationId: str
    submittedAt: str
    creditAmount: float
    incomeAmount: float


class PreparedApplication(BaseModel):
    applicationId: str
    features: dict[str, float | None]


class Answer(BaseModel):
    applicationId: str
    probability: float
    decision: str
    baseValue: float
    shapValues: dict[str, float]


def prepare(raw, names, codes):
    """The features `names` of raw applications, one row each: one function for training and service. `codes`: of each category, by field."""
    amounts = raw[["creditAmount", "annuityAmount", "goodsPriceAmount", "incomeAmount"]].astype(float)
    credit, annuity, price, income = (amounts[name] for name in amounts.columns)
    scores = raw[SCORES].astype(float)
    enquiries = raw[ENQUIRIES].astype(float)
    dwelling = [name for name in raw.columns if name.startswith("dwelling")] + ["isDwellingUnsafe"]
    documents = [name for name in raw.columns if name.startswith("hasDocument")]
    without_job = raw["incomeType"].isin(["unemployed", "pensioner"]).astype(float).where(raw["incomeType"].notna())
    features = {name: raw[name].map(of_value) for name, of_value in codes.items()}
    features |= {
        "annuityToIncome": annuity / income,
        "creditToIncome": credit / income,
        "remainingIncomeAmount": income - annuity,
        "creditToAnnuity": credit / annuity,
        "creditToGoodsPrice": credit / price,
        "externalScoreMean": scores.mean(axis=1),
        "externalScoreWeightedMean": (scores * SCORE_WEIGHTS).sum(axis=1, min_count=1) / (scores.notna() * SCORE_WEIGHTS).sum(axis=1),
        "externalScoreMin": scores.min(axis=1),
        "externalScoreMax": scores.max(axis=1),
        "externalScoreProduct": scores.prod(axis=1, skipna=False),
        "externalScoreSpread": scores.std(axis=1, ddof=0).where(scores.count(axis=1) >= 2),
        "externalScoresMissingCount": scores.isna().sum(axis=1),
        "isRetiredOrUnemployed": without_job.mask(raw["employedSince"].notna(), 0.0),
        "documentsCount": raw[documents].astype(float).sum(axis=1, min_count=1),
        "contactMeansCount": raw[CONTACTS].astype(float).sum(axis=1, min_count=1),
        "addressMismatchesCount": raw[ADDRESSES].astype(float).sum(axis=1, min_count=1),
        "enquiriesTotalCount": enquiries.sum(axis=1, min_count=1),
        "enquiriesRecentCount": enquiries.iloc[:, :4].sum(axis=1, min_count=1),
        "dwellingMissingCount": raw[dwelling].isna().sum(axis=1),
    }
    for days in (30, 60):
        features[f"socialCircleDefaultRate{days}Days"] = raw[f"socialCircleDefaulted{days}Days"].astype(float) / raw[
            f"socialCircleObserved{days}Days"
        ].astype(float)
    submitted = pd.to_datetime(raw["submittedAt"].str[:10])
    for name, since in SINCE.items():
        features[name] = (submitted - pd.to_datetime(raw[since])).dt.days / 365.25
    for name in names:
        if name not in features:
            features[name] = raw[name].astype(float)
    return pd.DataFrame(features)[names].astype(np.float32)


def train(model_dir, snapshot_dir, out):
    sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "services/trainer/golden"))
    from lightgbm_rival import parameters_of

    manifest = json.loads((model_dir / "manifest.json").read_text())
    raw = pd.read_parquet(snapshot_dir / "applications.parquet").set_index("applicationId")
    champions = pd.read_parquet(snapshot_dir / "features.parquet").set_index("applicationId").loc[raw.index].astype(np.float32)
    names = [name for name in manifest["featureNames"] if name not in TERMS_READ_BACK]
    categories = [name for name in names if name in raw and raw[name].map(type).eq(str).any()]
    codes = {name: dict(raw[[name]].assign(code=champions[name].astype(float)).dropna().drop_duplicates().to_numpy()) for name in categories}
    features = prepare(raw, names, codes)
    different = ~np.isclose(features, champions[names], rtol=1e-6, atol=1e-9, equal_nan=True)
    if different.any():
        raise SystemExit(f"computed otherwise than the champion's: {dict(zip(names, different.sum(axis=0)))}")
    dataset = lightgbm.Dataset(features, raw["defaulted"], params={"verbose": -1})
    parameters = parameters_of(manifest["hyperParameters"], names, seed=42)
    model = lightgbm.train(parameters, dataset, num_boost_round=manifest["numTrees"])
    out.mkdir(parents=True, exist_ok=True)
    model.save_model(out / "model.txt")
    columns = [name for name in raw.columns if name != "defaulted"]
    threshold = manifest["recommendedPolicy"]["decisionThreshold"]
    (out / "service.json").write_text(json.dumps({"threshold": threshold, "columns": columns, "names": names, "codes": codes}))
    lines = (snapshot_dir / "unlabelled.ndjson").read_text().splitlines()[:CHECKED]
    unlabelled = pd.DataFrame([json.loads(line) for line in lines], columns=["applicationId", *columns]).set_index("applicationId")
    prepared = prepare(unlabelled, names, codes)
    with (out / "prepared.ndjson").open("w") as lines:
        for application, row in prepared.iterrows():
            values = {name: None if np.isnan(value) else float(value) for name, value in row.items()}
            lines.write(json.dumps({"applicationId": application, "features": values}) + "\n")
    margins = model.predict(prepared, raw_score=True)
    (out / "margins.json").write_text(json.dumps(dict(zip(unlabelled.index, margins.tolist()))))
    import fastapi
    import uvicorn

    versions = {package.__name__: package.__version__ for package in (fastapi, uvicorn, lightgbm, shap, np, pd)}
    print(json.dumps({"rows": len(features), "trees": model.num_trees(), "features": names, "versions": versions}))


served = {}


@asynccontextmanager
async def lifespan(_):
    folder = Path(os.environ[FOLDER])
    served.update(json.loads((folder / "service.json").read_text()))
    served["model"] = lightgbm.Booster(model_file=folder / "model.txt")
    served["explainer"] = shap.TreeExplainer(served["model"])
    yield


app = FastAPI(lifespan=lifespan)


@app.get("/health")
def health() -> dict[str, str]:
    return {"status": "ok"}


@app.post("/decisions")
def decide(application: Application) -> Answer:
    raw = pd.DataFrame([application.model_dump()], columns=served["columns"])
    return answer(application.applicationId, prepare(raw, served["names"], served["codes"]))


@app.post("/decisions-of-features")
def decide_of_features(application: PreparedApplication) -> Answer:
    return answer(application.applicationId, pd.DataFrame([application.features], columns=served["names"], dtype=np.float32))


def answer(application_id, row):
    explainer = served["explainer"]
    probability = float(served["model"].predict(row)[0])
    shap_values = explainer.shap_values(row)[0]
    return Answer(
        applicationId=application_id,
        probability=probability,
        decision="approved" if probability < served["threshold"] else "declined",
        baseValue=float(np.ravel(explainer.expected_value)[-1]),
        shapValues=dict(zip(served["names"], shap_values.tolist())),
    )


def main():
    command, *rest = sys.argv[1:]
    if command == "train":
        train(*(Path(argument) for argument in rest))
    elif command == "serve":
        import uvicorn

        folder, port = rest
        os.environ[FOLDER] = folder
        sys.path.insert(0, str(Path(__file__).parent))
        uvicorn.run("peer_throughput_rival:app", host="127.0.0.1", port=int(port), workers=2, access_log=False, log_level="warning")
    else:
        raise SystemExit(__doc__)


if __name__ == "__main__":
    main()
