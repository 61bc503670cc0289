"""Makes interactions.json: shap's path-dependent interaction values of the first rows of attributions.json, by the trees of that file.

    python libs/tree-ensemble/golden/make_interactions_golden.py

Needs shap and numpy; the file records the versions that made it.
"""

import json
import pathlib
import platform

import numpy
import shap

FOLDER = pathlib.Path(__file__).parent
NUM_ROWS = 12


def to_shap(tree):
    """A tree of this room's arrays as shap's `TreeEnsemble` reads a dictionary."""
    left, right = numpy.array(tree["leftChild"]), numpy.array(tree["rightChild"])
    return {
        "children_left": left,
        "children_right": right,
        "children_default": numpy.where(numpy.array(tree["defaultLeft"]) == 1, left, right),
        "features": numpy.array(tree["splitFeature"]),
        "thresholds": numpy.array(tree["threshold"], dtype=float),
        "values": numpy.array(tree["leafValue"], dtype=float).reshape(-1, 1),
        "node_sample_weight": numpy.array(tree["cover"], dtype=float),
    }


attributions = json.loads((FOLDER / "attributions.json").read_text())
rows = numpy.array([[numpy.nan if value is None else value for value in row] for row in attributions["rows"][:NUM_ROWS]])
model = {
    "trees": [to_shap(tree) for tree in attributions["trees"]["trees"]],
    "base_offset": attributions["trees"]["baseValue"],
    "tree_output": "log_odds",
    "objective": "binary_crossentropy",
    "input_dtype": numpy.float64,
    "internal_dtype": numpy.float64,
}
explainer = shap.TreeExplainer(model, feature_perturbation="tree_path_dependent")
interactions = explainer.shap_interaction_values(rows)
# The trees are read as LightGBM reads them: its own contributions are the sums of the lines.
contributions = numpy.array(attributions["predContrib"])[:NUM_ROWS, :-1]
assert numpy.abs(interactions.sum(axis=2) - contributions).max() < 1e-9
content = {
    "script": "make_interactions_golden.py",
    "versions": {"python": platform.python_version(), "shap": shap.__version__, "numpy": numpy.__version__},
    "interactions": interactions.reshape(NUM_ROWS, -1).tolist(),
}
text = json.dumps(content, separators=(",", ":"))
(FOLDER / "interactions.json").write_text(text + "\n")
print("interactions.json", len(text), "bytes", numpy.abs(interactions.sum(axis=2) - contributions).max())
