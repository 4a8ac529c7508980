"""The ACL 2019 complaint data by its own protocol, with the features that the program counts.

Nested cross-validation: ten folds, and inside each four folds that choose how firmly the weights are held. Macro-F1 at
a score of a half. The weights that are shipped take no part. Needs scikit-learn.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_score

from bench.classify.figures import named_right, told_apart
from bench.classify.training import OFTEN, counts, matrix, rarely

FOLDS, INNER = 10, 4
CHOICES = (2.0, 5.0)


def nested(tweets: Sequence[tuple[str, bool]], seed: int, words_only: bool = False) -> tuple[float, float]:
    """Macro-F1 and the area under the curve of one run."""
    found = [counts(text) for text, _ in tweets]
    if words_only:
        found = [{name: value for name, value in one.items() if name[0] == "w"} for one in found]
    counted = matrix(found)
    values = (counted.values @ sp.diags_array(rarely(counted))).tocsr()
    right = np.array([yes for _, yes in tweets])
    scores = np.zeros(len(right))
    for learns, asked in StratifiedKFold(FOLDS, shuffle=True, random_state=seed).split(values, right):
        often = np.asarray((values[learns] > 0).sum(axis=0)).ravel() >= OFTEN
        seen = values[:, often]
        inner = StratifiedKFold(INNER, shuffle=True, random_state=seed)
        firm = max(CHOICES, key=lambda c: _inner(seen[learns], right[learns], c, inner))
        scores[asked] = _model(firm).fit(seen[learns], right[learns]).predict_proba(seen[asked])[:, 1]
    names = {True: "complaint", False: "other"}
    mean, _ = named_right(
        [names[bool(yes)] for yes in right], [names[bool(score >= 0.5)] for score in scores], ("complaint", "other")
    )
    return mean, told_apart(list(scores), list(right))


def _inner(values: object, right: object, firm: float, folds: StratifiedKFold) -> float:
    return float(cross_val_score(_model(firm), values, right, cv=folds, scoring="f1_macro").mean())


def _model(firm: float) -> LogisticRegression:
    return LogisticRegression(C=firm, solver="liblinear")
