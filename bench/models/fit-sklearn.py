"""Fits scikit-learn's estimators for bench/models.ts: one request as JSON on each line of the input, one answer on each line of the output.

Only the fit is timed, as CPU time of this process; the tables are read before, and the numbers of threads are set by the caller.
"""
import json
import sys
import time

import numpy
from sklearn.cluster import KMeans, MiniBatchKMeans
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import r2_score, roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

WIDTH = 8


def read(path):
    return (
        numpy.fromfile(path + ".values").reshape(-1, WIDTH),
        numpy.fromfile(path + ".labels"),
        numpy.fromfile(path + ".amounts"),
    )


def estimator_of(name, options):
    if name == "kmeans":
        return KMeans(n_init=options["starts"], n_clusters=options["k"], random_state=1)
    if name == "miniBatch":
        return MiniBatchKMeans(n_init=options["starts"], n_clusters=options["k"], random_state=1)
    if name == "tree":
        return DecisionTreeClassifier(
            max_depth=options["depth"], min_samples_leaf=options["leafRows"], max_leaf_nodes=options["leaves"], random_state=1
        )
    if name == "boosting":
        return HistGradientBoostingClassifier(
            max_iter=options["rounds"],
            learning_rate=options["rate"],
            max_leaf_nodes=options["leaves"],
            l2_regularization=options["lambda"],
            early_stopping=False,
            random_state=1,
        )
    if name == "logistic":
        return make_pipeline(StandardScaler(), LogisticRegression(C=1.0))
    return make_pipeline(StandardScaler(), Ridge(alpha=1.0))


def quality_of(name, fitted, test):
    values, labels, amounts = test
    if name in ("kmeans", "miniBatch"):
        return float(fitted.inertia_)
    if name == "ridge":
        return float(r2_score(amounts, fitted.predict(values)))
    return float(roc_auc_score(labels, fitted.predict_proba(values)[:, 1]))


held = {"path": None, "train": None, "test": None}
print(json.dumps({"ready": True}), flush=True)
for line in sys.stdin:
    asked = json.loads(line)
    if held["path"] != asked["train"]:
        held = {"path": asked["train"], "train": read(asked["train"]), "test": read(asked["test"])}
    values, labels, amounts = held["train"]
    name = asked["estimator"]
    estimator = estimator_of(name, asked["options"])
    start = time.process_time()
    if name in ("kmeans", "miniBatch"):
        estimator.fit(values)
    else:
        estimator.fit(values, amounts if name == "ridge" else labels)
    seconds = time.process_time() - start
    print(json.dumps({"seconds": seconds, "quality": quality_of(name, estimator, held["test"])}), flush=True)
