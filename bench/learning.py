"""How much is learnt from staff, on texts of which the shipped weights have never seen one of their source.

    python -m bench.learning PATH                         some two minutes
    python -m bench.learning PATH --draws 12 --sources edurabsa airline

PATH: a line of JSON for each text, with `text`, `kind`, `source` and perhaps `subject`. Each draw takes so many texts
for reviewed, learns from them as a night does, and measures on the rest. Exit 1 when a goal is missed.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean

from complaintmail.triage.features import features
from complaintmail.triage.fitting import area
from complaintmail.triage.judge import Judge, Learnt, odds, readable, shipped
from complaintmail.triage.learning import Refitted, Review, refit

UNSEEN = ("edurabsa", "airline", "careopinion")
FALLS = 0.25  # of the errors, after so many reviews
REVIEWS = 200
WRONG = 0.10  # of what staff say
LOST = 0.02  # of what is told apart, by that
SECONDS = 10.0
MANY = 2000


@dataclass(frozen=True, slots=True)
class Text:
    subject: str
    text: str
    complaint: bool
    source: str


@dataclass(frozen=True, slots=True)
class Seen:
    """How one draw went: errors and what is told apart, before and after; was anything learnt?"""

    wrong_before: float
    wrong_after: float
    apart_before: float
    apart_after: float
    learnt: bool


def main(arguments: Sequence[str] | None = None) -> int:
    asked = _asked(arguments)
    texts = _texts(asked.path, asked.sources)
    judge = shipped()
    print(f"{judge.version}; {len(texts)} texts of {', '.join(asked.sources)}; {asked.draws} draws each\n")
    print("| reviewed | wrong labels | learnt in | errors before | after | fewer | told apart before | after |")
    print("|---|---|---|---|---|---|---|---|")
    missed: list[str] = []
    clean: list[Seen] = []
    for count, wrong in ((50, 0.0), (100, 0.0), (REVIEWS, 0.0), (REVIEWS, WRONG), (REVIEWS, 0.25)):
        if count + 40 > len(texts):
            continue
        draws = [_draw(texts, count, wrong, judge, seed) for seed in range(asked.draws)]
        print(_line(count, wrong, draws), flush=True)
        if count == REVIEWS and wrong == 0.0:
            clean = draws
            if _fewer(draws) < FALLS:
                missed.append(f"after {REVIEWS} reviews the errors fall by {_fewer(draws):.0%}, wanted {FALLS:.0%}")
        if count == REVIEWS and wrong == WRONG and clean:
            lost = fmean(one.apart_after for one in clean) - fmean(one.apart_after for one in draws)
            print(f"\nwith {WRONG:.0%} wrong labels {lost:.3f} less is told apart\n")
            if lost > LOST:
                missed.append(f"{WRONG:.0%} wrong labels lose {lost:.3f}, wanted {LOST}")
    refused = _mistakes_alone(texts, judge)
    print(f"mistakes alone: {refused or 'learnt from'}")
    if not refused:
        missed.append("mistakes alone were learnt from")
    seconds = _duration(texts, judge)
    print(f"{MANY} reviews: {seconds:.1f} s of the processor")
    if seconds > SECONDS:
        missed.append(f"{MANY} reviews take {seconds:.1f} s")
    print("\n".join(f"missed: {one}" for one in missed) or "every goal is met")
    return 1 if missed else 0


def _texts(path: Path, sources: Sequence[str]) -> list[Text]:
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["source"] in sources:
            found.append(Text(row.get("subject", ""), row["text"], row["kind"] == "complaint", row["source"]))
    return found


def _review(text: Text, nth: int, complaint: bool) -> Review:
    return Review(f"{text.source} {nth}", f"writer {text.source} {nth}", text.subject, text.text, complaint)


def _draw(texts: Sequence[Text], count: int, wrong: float, judge: Judge, seed: int) -> Seen:
    chance = random.Random(seed)
    order = list(texts)
    chance.shuffle(order)
    reviewed, rest = order[:count], order[count:]
    reviews = [
        _review(text, nth, text.complaint != (chance.random() < wrong)) for nth, text in enumerate(reviewed)
    ]  # fmt: skip
    found = refit(reviews, judge, "1")
    learnt = found.learnt if isinstance(found, Refitted) else None
    before, after = _odds(rest, judge, None), _odds(rest, judge, learnt)
    truth = [text.complaint for text in rest]
    return Seen(
        _wrong(before, truth), _wrong(after, truth), area(before, truth) or 0.5, area(after, truth) or 0.5, bool(learnt)
    )  # fmt: skip


def _odds(texts: Sequence[Text], judge: Judge, learnt: Learnt | None) -> list[float]:
    found = []
    for one in texts:
        text = readable(one.subject, one.text)
        said = odds(text, judge)
        if learnt is not None:
            weights = learnt.weights
            said += learnt.bias + sum(v * weights[name] for name, v in features(text).items() if name in weights)
            slope, shift = learnt.scale or (1.0, 0.0)
            said = slope * said + shift
        found.append(said)
    return found


def _wrong(said: Sequence[float], truth: Sequence[bool]) -> float:
    return fmean((one > 0) != answer for one, answer in zip(said, truth, strict=True))


def _fewer(draws: Sequence[Seen]) -> float:
    return 1 - fmean(one.wrong_after for one in draws) / fmean(one.wrong_before for one in draws)


def _line(count: int, wrong: float, draws: Sequence[Seen]) -> str:
    learnt = f"{sum(one.learnt for one in draws)} of {len(draws)}"
    errors = [fmean(values) for values in zip(*((one.wrong_before, one.wrong_after) for one in draws), strict=True)]
    apart = [fmean(values) for values in zip(*((one.apart_before, one.apart_after) for one in draws), strict=True)]
    return (
        f"| {count} | {wrong:.0%} | {learnt} | {errors[0]:.3f} | {errors[1]:.3f} | {_fewer(draws):.0%} "
        f"| {apart[0]:.3f} | {apart[1]:.3f} |"
    )


def _mistakes_alone(texts: Sequence[Text], judge: Judge) -> str:
    said = _odds(texts, judge, None)
    mistakes = [
        _review(text, nth, text.complaint)
        for nth, (text, one) in enumerate(zip(texts, said, strict=True))
        if (one > 0) != text.complaint
    ]
    found = refit(mistakes, judge, "1")
    return "" if isinstance(found, Refitted) else f"refused. {found.why}"


def _duration(texts: Sequence[Text], judge: Judge) -> float:
    """The texts again and again, each time with a few other words, until there are many."""
    reviews = []
    for nth in range(MANY):
        one, other = texts[nth % len(texts)], texts[(nth * 7 + nth // len(texts)) % len(texts)]
        words = " ".join([*one.text.split()[:90], *other.text.split()[:30], str(nth)])
        reviews.append(_review(replace(one, text=words), nth, one.complaint))
    began = time.process_time()
    refit(reviews, judge, "1")
    return time.process_time() - began


def _asked(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.learning", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("path", type=Path, help="labelled texts, a line of JSON each")
    parser.add_argument("--sources", nargs="+", default=list(UNSEEN), help=f"which of them ({' '.join(UNSEEN)})")
    parser.add_argument("--draws", type=int, default=8, help="draws of reviewed mails (8)")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
