"""From texts to weights: counts the features as the program counts them, fits, prunes and calibrates.

Needs numpy, scipy, scikit-learn and what `kinship` needs; the program itself needs none of them. Nothing here sees the
development set.
"""

from __future__ import annotations

import gzip
import json
from base64 import b64encode
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression

from bench.classify.figures import told_apart
from bench.classify.kinship import kinship, vocabulary
from bench.classify.own import Row
from bench.classify.sources import LICENCES, masses
from complaintmail.triage.features import features
from complaintmail.triage.judge import readable
from complaintmail.triage.model import KINDS
from complaintmail.triage.rules import weigh

OFTEN = 2  # texts that a feature must be in
WORDS, PARTS = 36_000, 28_000  # features that are kept
FIRM = 5.0  # scikit-learn's C
# When a kind is named: texts from elsewhere look like an ordinary mail too often, and newsletters are few.
LEANING = (0.0, 0.0, -0.6, 0.6, 0.3)
RARE = 8.0  # so rare is the average feature
SCALES = {"w": 2.0, "c": 2.0, "x": 0.8, "r": 0.7, "k": 1.0}  # how freely the weights of each kind of feature may move
HELD_OUT = {"xci": ("xci",), "nhs": ("nhs",), "own": ("own", "pattern", "mixed"), "written": ("written",)}


@dataclass(slots=True)
class Matrix:
    """One row a text, one column a feature."""

    names: list[str]
    values: Any


def counts(text: str) -> dict[str, float]:
    """All that the model sees of a text."""
    return {**features(text), **weigh(text).features()}


def matrix(found: Sequence[Mapping[str, float]]) -> Matrix:
    often = Counter(name for one in found for name in one)
    names = [name for name, count in often.items() if count >= OFTEN or name[0] in "xr"]
    places = {name: at for at, name in enumerate(names)}
    ends, columns, values = [0], [], []
    for one in found:
        for name, value in one.items():
            at = places.get(name)
            if at is not None and value:
                columns.append(at)
                values.append(value)
        ends.append(len(columns))
    return Matrix(names, sp.csr_matrix((values, columns, ends), shape=(len(found), len(names))))


def akin(found: Matrix) -> tuple[Matrix, Any]:
    """The same with the words that only the language model knows, and with columns "k:…" for the meanings of all words;
    and the numbers of these for each feature. What is learnt of these columns is each word's own share in the end."""
    known = set(found.names)
    more = [f"w:{word}" for word in dict.fromkeys(vocabulary()) if f"w:{word}" not in known]
    names = [*found.names, *more]
    often = np.concatenate([np.asarray((found.values > 0).sum(axis=0)).ravel(), np.zeros(len(more))])
    places = [at for at, name in enumerate(names) if name[0] == "w" and name[2:].isalpha()]
    told = kinship([names[at][2:] for at in places], often[places])
    numbers = np.zeros((len(names), told.shape[1]))
    numbers[places] = told
    meanings = sp.csr_matrix(found.values @ numbers[: len(found.names)])
    empty = sp.csr_matrix((found.values.shape[0], len(more)))
    sides = [f"k:{at}" for at in range(told.shape[1])]
    return Matrix([*names, *sides], sp.hstack([found.values, empty, meanings], format="csr")), numbers


def shared(coefficients: Any, numbers: Any) -> Any:
    """What was learnt of meanings, given to the words that have them."""
    own = coefficients[:, : len(numbers)]
    return own + coefficients[:, len(numbers) :] @ numbers.T


def rarely(found: Matrix) -> Any:
    """How freely each weight may move: a rare word may weigh more than one that is everywhere."""
    often = np.asarray((found.values > 0).sum(axis=0)).ravel()
    rare = (np.log((found.values.shape[0] + 1) / (often + 1)) + 1) / RARE
    return np.array([SCALES[name[0]] for name in found.names]) * np.where(
        [name[0] in "wc" for name in found.names], rare, 1.0
    )


def fit(values: Any, kinds: Any, weights: Any, scales: Any) -> tuple[Any, Any]:
    """A row of weights for each kind in the order of KINDS, and the biases."""
    model = LogisticRegression(C=FIRM, solver="lbfgs", max_iter=400, tol=1e-3)
    model.fit((values @ sp.diags_array(scales)).tocsr(), kinds, sample_weight=weights)
    order = [list(model.classes_).index(kind) for kind in KINDS if kind in model.classes_]
    return model.coef_[order] * scales, model.intercept_[order]


def odds_of(scores: Any) -> Any:
    """The log-odds of the first kind against the others together."""
    highest = scores[:, 1:].max(axis=1)
    return scores[:, 0] - highest - np.log(np.exp(scores[:, 1:] - highest[:, None]).sum(axis=1))


def pruned(found: Matrix, coefficients: Any) -> list[int]:
    """The features that tell most: spread of their weights, by the root of how many texts they are in."""
    often = np.asarray((found.values > 0).sum(axis=0)).ravel()[: coefficients.shape[1]]
    telling = coefficients.std(axis=0) * np.sqrt(np.maximum(often, 1))
    kept: list[int] = []
    for first, most in (("w", WORDS), ("c", PARTS)):
        places = [at for at, name in enumerate(found.names) if name[0] == first and telling[at]]
        places.sort(key=lambda at: (-telling[at], found.names[at]))
        kept.extend(places[:most])
    kept.extend(at for at, name in enumerate(found.names) if name[0] in "xr")
    return sorted(kept, key=lambda at: found.names[at])


def calibration(
    values: Any, rows: Sequence[Row], weights: Any, scales: Any
) -> tuple[tuple[float, float], dict[str, float]]:
    """How the odds of texts from a source never seen become a score: each source held out in its turn."""
    kinds = np.array([row.kind for row in rows])
    sources = np.array([row.source for row in rows])
    held: list[Any] = []
    truth: list[Any] = []
    shares: list[Any] = []
    apart: dict[str, float] = {}
    for source, out in HELD_OUT.items():
        learns, asked = ~np.isin(sources, out), sources == source
        coefficients, biases = fit(values[learns], kinds[learns], weights[learns], scales)
        found = odds_of(values[asked] @ coefficients.T + biases)
        right = kinds[asked] == "complaint"
        apart[source] = told_apart(list(found), list(right))
        held.append(found)
        truth.append(right)
        shares.append(np.where(right, 0.5 / right.sum(), 0.5 / (~right).sum()))
    model = LogisticRegression(C=1e6)
    model.fit(np.concatenate(held)[:, None], np.concatenate(truth), sample_weight=np.concatenate(shares) * 1000)
    return (round(float(model.coef_[0][0]), 4), round(float(model.intercept_[0]), 4)), apart


def packed(version: str, names: Sequence[str], weights: Any, biases: Any, calibrated: tuple[float, float]) -> bytes:
    """The file of the model: the same weights give the same bytes."""
    small = np.array([name[0] in "wc" for name in names])
    scales = np.abs(weights[:, small]).max(axis=1) / 127
    bytes_ = np.rint(weights[:, small] / scales[:, None]).astype(np.int8).T.tobytes()
    others = {name: [round(float(w), 5) for w in weights[:, at]] for at, name in enumerate(names) if not small[at]}
    said = {
        "version": version,
        "licences": LICENCES,
        "kinds": KINDS,
        "calibrated": calibrated,
        "leaning": LEANING,
        "scales": [float(scale) for scale in scales],
        "others": {**others, "bias": [round(float(bias), 5) for bias in biases]},
        "features": "\n".join(name for name, is_small in zip(names, small, strict=True) if is_small),
        "weights": b64encode(bytes_).decode("ascii"),
    }
    return gzip.compress(json.dumps(said, ensure_ascii=False, sort_keys=True).encode("utf-8"), 9, mtime=0)


def train(rows: Sequence[Row], version: str) -> tuple[bytes, dict[str, float]]:
    """The packed model, and how well it tells complaints apart in each source held out."""
    found, numbers = akin(matrix([counts(readable(row.subject, row.text)) for row in rows]))
    kinds = np.array([row.kind for row in rows])
    weights = np.array(masses(rows))
    scales = rarely(found)
    coefficients, biases = fit(found.values, kinds, weights, scales)
    calibrated, apart = calibration(found.values, rows, weights, scales)
    coefficients = shared(coefficients, numbers)
    kept = pruned(found, coefficients)
    return packed(version, [found.names[at] for at in kept], coefficients[:, kept], biases, calibrated), apart
