"""What such projects usually run: FastAPI over uvicorn, LightGBM and shap from PyPI; nothing is recorded.

    python bench/oracles/peer_throughput_rival.py train MODEL_DIR SNAPSHOT_DIR OUT_DIR
    python bench/oracles/peer_throughput_rival.py serve OUT_DIR PORT

train   fits LightGBM on our champion's features of every labelled client of the snapshot, with the champion's hyper-parameters and number
        of trees (MODEL_DIR/manifest.json), one thread. Writes OUT_DIR/model.txt, policy.json, and requests.ndjson: one line a client,
        {"application": the request's body, "margin": what the model says of it, all rows in one call}. Prints {"rows", "trees", "versions"}.
serve   POST /score {applicationId, features} answers probability, decision, base value and SHAP values (log-odds), from two workers.

The features come ready made: it computes none, and validates no more than their types. Needs the packages of requirements.txt.
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
from pydantic import BaseModel

# shap warns at every row of how it answered in former versions.
warnings.filterwarnings("ignore", category=UserWarning)

FOLDER = "PEER_THROUGHPUT_FOLDER"


class Application(BaseModel):
    applicationId: str
    features: dict[str, float | None]


class Answer(BaseModel):
    applicationId: str
    probability: float
    decision: str
    baseValue: float
    shapValues: dict[str, float]


def parameters_of(hyper):
    return {
        "objective": "binary",
        "learning_rate": hyper["learningRate"],
        "num_leaves": hyper["numLeaves"],
        "max_depth": hyper["maxDepth"],
        "min_data_in_leaf": hyper["minDataInLeaf"],
        "min_sum_hessian_in_leaf": hyper["minSumHessianInLeaf"],
        "feature_fraction": hyper["featureFraction"],
        "bagging_fraction": hyper["baggingFraction"],
        "bagging_freq": hyper["baggingFreq"],
        "lambda_l1": hyper["lambdaL1"],
        "lambda_l2": hyper["lambdaL2"],
        "max_bin": hyper["maxBin"],
        "num_threads": 1,
        "seed": 42,
        "verbose": -1,
    }


def train(model_dir, snapshot_dir, out):
    manifest = json.loads((model_dir / "manifest.json").read_text())
    names = manifest["featureNames"]
    features = pd.read_parquet(snapshot_dir / "features.parquet").set_index("applicationId")[names].astype(np.float32)
    outcomes = pd.read_parquet(snapshot_dir / "applications.parquet", columns=["applicationId", "defaulted"]).set_index("applicationId")
    dataset = lightgbm.Dataset(features, outcomes.loc[features.index, "defaulted"], params={"verbose": -1})
    model = lightgbm.train(parameters_of(manifest["hyperParameters"]), dataset, num_boost_round=manifest["numTrees"])
    out.mkdir(parents=True, exist_ok=True)
    model.save_model(out / "model.txt")
    (out / "policy.json").write_text(json.dumps({"threshold": manifest["recommendedPolicy"]["decisionThreshold"]}))
    margins = model.predict(features, raw_score=True)
    with (out / "requests.ndjson").open("w") as lines:
        for (application, row), margin in zip(features.iterrows(), margins):
            values = {name: None if np.isnan(value) else float(value) for name, value in row.items()}
            lines.write(json.dumps({"application": {"applicationId": application, "features": values}, "margin": margin}) + "\n")
    import fastapi
    import uvicorn

    versions = {package.__name__: package.__version__ for package in (fastapi, uvicorn, lightgbm, shap, np, pd)}
    print(json.dumps({"rows": len(features), "trees": model.num_trees(), "versions": versions}))


served = {}


@asynccontextmanager
async def lifespan(_):
    folder = Path(os.environ[FOLDER])
    served["model"] = lightgbm.Booster(model_file=folder / "model.txt")
    served["names"] = served["model"].feature_name()
    served["explainer"] = shap.TreeExplainer(served["model"])
    served["threshold"] = json.loads((folder / "policy.json").read_text())["threshold"]
    yield


app = FastAPI(lifespan=lifespan)


@app.get("/health")
def health() -> dict[str, str]:
    return {"status": "ok"}


@app.post("/score")
def score(application: Application) -> Answer:
    names, explainer = served["names"], served["explainer"]
    row = pd.DataFrame([application.features], columns=names, dtype=np.float32)
    probability = float(served["model"].predict(row)[0])
    shap_values = explainer.shap_values(row)[0]
    return Answer(
        applicationId=application.applicationId,
        probability=probability,
        decision="approved" if probability < served["threshold"] else "declined",
        baseValue=float(np.ravel(explainer.expected_value)[-1]),
        shapValues=dict(zip(names, shap_values.tolist())),
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
