"""The shipped model: its file, its sum, and what it remembers."""

from __future__ import annotations

import gzip
import json
import time
import tracemalloc
from importlib.resources import files
from math import isclose, log

import pytest

from complaintmail.triage import model as models
from complaintmail.triage.features import Counted, counted, features
from complaintmail.triage.judge import shipped
from complaintmail.triage.model import EMPTY, KINDS, Model, parse

FILE = files("complaintmail.triage") / "packaged" / "model.json.gz"
TEXT = "The tutor was rude and did not answer a single question, rude as ever! See https://example.test for £20."
NAMES = ("w:rude", "w:tutor was", "c:_ru", "c:ude")
WEIGHTS = bytes((100, 0, 0, 0, 0, 10, 0, 5, 0, 0, 50, 0, 0, 0, 246, 7, 0, 0, 0, 0))


def made() -> Model:
    others = {"x:asks": (0.0, 0.0, 2.0, 0.0, 0.0), "bias": (0.1, 0.2, 0.3, 0.0, 0.0), "r:complaint": (1.0, 0, 0, 0, 0)}
    return Model("made", NAMES, WEIGHTS, (0.1,) * 5, others)


def test_the_sum_is_the_sum_over_the_named_features() -> None:
    found = features(TEXT)
    signed = [weight - 256 if weight > 127 else weight for weight in WEIGHTS]
    rows = {name: [weight * 0.1 for weight in signed[at * 5 : at * 5 + 5]] for at, name in enumerate(NAMES)}
    sums = [0.1 + 0.5 * 1.0, 0.2, 0.3, 0.0, 0.0]
    for name, row in rows.items():
        sums = [total + found[name] * weight for total, weight in zip(sums, row, strict=True)]

    opinion = made().judge(counted(TEXT), {"r:complaint": 0.5, "r:unknown": 9.0})

    told = [a - b for a, b in zip(sums[1:], sums, strict=False)]
    assert told
    highest = max(opinion.shares)
    assert isclose(sum(opinion.shares), 1.0)
    assert opinion.kind == KINDS[opinion.shares.index(highest)] == "complaint"
    assert isclose(opinion.shares[0] / opinion.shares[1], 2.718281828459045 ** (sums[0] - sums[1]), rel_tol=1e-9)


def test_a_word_that_is_remembered_says_the_same_again() -> None:
    model = made()

    assert model.judge(counted(TEXT), {}) == model.judge(counted(TEXT), {}) == made().judge(counted(TEXT), {})


def test_parts_are_credited_to_the_word_that_they_stand_in() -> None:
    model = made()
    opinion = model.judge(counted(TEXT), {})

    told = dict(model.told(counted(TEXT), opinion))

    assert max(told, key=told.__getitem__) == "rude"
    assert told["answer"] == 0.0


def test_what_is_told_adds_up_to_what_the_words_speak_for() -> None:
    text = "rude staff unhelpful tutor"
    model, found = made(), counted(text)
    opinion, empty = model.judge(found, {}), model.judge(Counted((), (), found.signs), {})

    told = model.told(found, opinion)

    gap = [log(one.shares[0] / one.shares[opinion.otherwise]) for one in (opinion, empty)]
    assert isclose(sum(weight for _, weight in told), gap[0] - gap[1], rel_tol=1e-9)
    assert told


def test_an_empty_model_has_no_opinion() -> None:
    opinion = EMPTY.judge(counted(TEXT), {"r:complaint": 1.0})

    assert (EMPTY.present, opinion.odds, set(opinion.shares)) == (False, 0.0, {0.2})


def test_what_it_remembers_does_not_grow_beyond_its_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "KEPT", 40)
    model = made()
    for at in range(300):
        model.judge(counted("word" + "abcdefghij"[at % 10] * (at // 10)), {})

    assert len(model._known) <= 40


def test_the_file_says_what_it_was_trained_from() -> None:
    said = json.loads(gzip.decompress(FILE.read_bytes()))

    assert set(said["licences"]) >= {"xci", "nhs", "banking", "parakweet", "bitext", "mails", "own", "minilm"}
    assert tuple(said["kinds"]) == KINDS
    assert len(FILE.read_bytes()) < 500_000


def test_it_is_read_quickly_and_takes_little_memory() -> None:
    raw = FILE.read_bytes()
    tracemalloc.start()

    model = parse(raw)
    for at in range(0, 60_000, 60):
        model.judge(
            counted(" ".join(f"w{'abcdefghijklmnopqrst'[(at + n) % 20]}{'xyz' * (n % 7)}{n}" for n in range(60))), {}
        )
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held < 20_000_000
    begin = time.process_time()
    parse(raw)
    assert time.process_time() - begin < 0.5  # some 40 ms; the machine may be busy


def test_what_is_shipped_is_read_once() -> None:
    assert shipped() is shipped()
    assert shipped().model.present
    assert shipped().model.version in shipped().version
