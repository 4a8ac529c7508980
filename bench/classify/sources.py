"""The texts that the shipped weights are trained from, read from a folder; licences in `LICENCES`.

What stands in the development set is left out, compared by its letters alone, whatever was masked in it. Each source
and kind has a mass, so that none drowns another; how many texts it has does not count.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from bench.classify.own import Row, own
from complaintmail.mail.read import read
from complaintmail.triage.rules import weigh

LICENCES = {
    "xci": "X-CI, complaints on Twitter (ACL 2023), MIT; the tweets of the ACL 2019 complaint data",
    "nhs": "NHS patient experience, pxtextmining framework 6, MIT",
    "banking": "BANKING77, CC BY 4.0, PolyAI",
    "parakweet": "Parakweet e-mail intent data, Apache-2.0",
    "bitext": "Bitext customer support sample 2023, CDLA-Sharing-1.0",
    "mails": "SpamAssassin public corpus, CC0/PDDL as collected; the senders keep their rights in the texts",
    "own": "texts invented for this project, its own licence",
    "minilm": "all-MiniLM-L6-v2 (sentence-transformers), Apache-2.0: which words are of kindred meaning",
}
OURS = ("own", "written", "mixed", "pattern")
MASS: dict[tuple[str, str], float] = {
    ("xci", "complaint"): 1000,
    ("xci", "enquiry"): 900,
    ("xci", "compliment"): 300,
    ("nhs", "complaint"): 1000,
    ("nhs", "compliment"): 1000,
    ("banking", "enquiry"): 400,
    ("parakweet", "enquiry"): 400,
    ("bitext", "enquiry"): 150,
    ("bitext", "complaint"): 60,
    ("mails", "enquiry"): 350,
    ("mails", "spam"): 500,
    ("mails", "bulk"): 600,
    ("own", "complaint"): 400,
    ("own", "compliment"): 400,
    ("own", "enquiry"): 250,
    ("written", "complaint"): 2000,
    ("written", "compliment"): 1500,
    ("written", "enquiry"): 1500,
    ("written", "bulk"): 500,
    ("written", "spam"): 400,
    ("mixed", "bulk"): 500,
    ("mixed", "spam"): 300,
    ("pattern", "complaint"): 300,
    ("pattern", "compliment"): 400,
    ("pattern", "enquiry"): 200,
}
PIECE = 1200  # characters of a piece of a newsletter

_MASKED = re.compile(r"@\w+|https?://\S+|www\.\S+|\[\w+\]|\$link|&\w+;")
_LINK = re.compile(r"<?https?://\S+>?")
_SENTIMENT = {"1": "compliment", "2": "compliment", "4": "complaint", "5": "complaint"}


def training(folder: Path, mails: Path, development: Path) -> list[Row]:
    """All rows, none of them in the development set."""
    known = {letters(row["text"]) for row in developing(development)} - {""}
    begun = {key[:50] for key in known if len(key) >= 50}
    seen: set[str] = set()
    rows: list[Row] = []
    for row in (*_texts(folder), *_mails(mails), *own()):
        key = letters(row.text)
        if row.source not in OURS:
            whole = letters(row.subject + row.text)
            if len(whole) < 2 or {key, whole} & known or key[:50] in begun or whole in seen:
                continue
            seen.add(whole)
        rows.extend(_varied(row))
    return rows


def developing(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def letters(text: str) -> str:
    return re.sub("[^a-z]", "", _MASKED.sub("", text.lower()))[:120]


def masses(rows: Iterable[Row]) -> list[float]:
    """The weight of each row."""
    rows = list(rows)
    count: dict[tuple[str, str], int] = {}
    for row in rows:
        count[row.source, row.kind] = count.get((row.source, row.kind), 0) + 1
    return [MASS[row.source, row.kind] / count[row.source, row.kind] for row in rows]


def tweets(folder: Path) -> list[tuple[str, bool]]:
    """The complaint benchmark, whole: each tweet, and is it a complaint?"""
    return [(row["tweet"], row["label"] == "1") for row in _table(folder / "xci.csv")]


def _table(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def _texts(folder: Path) -> Iterator[Row]:
    for row in _table(folder / "xci.csv"):
        text = row["tweet"].strip()
        yield Row("xci", row["domain"], "complaint" if row["label"] == "1" else _tweet(text), "", text)
    for row in _table(folder / "px_v6.csv"):
        kind = _SENTIMENT.get(row["Comment sentiment"])
        if kind is not None:
            yield Row("nhs", row["Trust"], kind, "", row["FFT answer"].strip())
    for name in ("banking_train.csv", "banking_test.csv"):
        for row in _table(folder / name):
            yield Row("banking", row["category"], "enquiry", "", row["text"].strip())
    for name in ("pk_Ask0729-fixed.txt", "pk_testSet-qualifiedBatch-fixed.txt"):
        for line in (folder / name).read_text("latin-1").splitlines():
            asks, _, text = line.partition("\t")
            yield Row("parakweet", asks, "enquiry", "", text.strip())
    for row in _table(folder / "bitext.csv"):
        if row["intent"] != "review":
            kind = "complaint" if row["intent"] == "complaint" else "enquiry"
            yield Row("bitext", row["intent"], kind, "", row["instruction"].strip())


def _tweet(text: str) -> str:
    """What is no complaint and plainly praises is praise, though the collection does not tell it apart."""
    weights = weigh(text)
    return "compliment" if weights.praise >= 1 and not weights.complaint and "?" not in text else "enquiry"


def _mails(folder: Path) -> Iterator[Row]:
    for path in sorted(folder.iterdir()):
        mail = read(path.read_bytes())
        kind = "spam" if path.name.startswith("spam") else "bulk" if path.name.startswith("hard") else "enquiry"
        if kind != "bulk" or "newsletter" in mail.new_text.lower() or "click" in mail.new_text.lower():
            yield Row("mails", path.name.partition("__")[0], kind, mail.subject, mail.new_text)


def _varied(row: Row) -> Iterator[Row]:
    """A mail also as it reads without its links; a newsletter in pieces as well."""
    yield row
    if row.source != "mails":
        return
    bare = _LINK.sub("", row.text)
    if bare != row.text:
        yield replace(row, text=bare)
    if row.kind == "bulk":
        for at in range(PIECE, min(len(bare), 10 * PIECE), PIECE):
            yield replace(row, subject="", text=bare[at : at + PIECE])
