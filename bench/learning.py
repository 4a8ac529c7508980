"""How much is learnt from staff, on texts of which the shipped weights have never seen one of their source.

    python -m bench.learning PATH                         some two minutes
    python -m bench.learning PATH --draws 12 --sources edurabsa airline

PATH: a line of JSON for each text, with `text`, `kind`, `source` and perhaps `subject`. An inbox is the complaints and
the praise of one such source, with enquiries as they come to any office. Each draw takes so many of its texts for
reviewed, learns from them as a night does, and measures on the rest. Exit 1 when a goal is missed.
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
ORDINARY = ("banking77", "parakweet", "spamassassin-ham")  # what else comes to a shared inbox: enquiries
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
    if not asked.path.is_file():
        sys.exit(f"{asked.path} is no file: it takes labelled texts, a line of JSON each.")
    texts = _texts(asked.path)
    judge = shipped()
    print(f"{judge.version}; {asked.draws} draws each\n")
    print("| inbox | reviewed | wrong labels | learnt in | errors before | after | fewer | told apart before | after |")
    print("|---|---|---|---|---|---|---|---|---|")
    missed: list[str] = []
    found: dict[float, list[Seen]] = {}
    for source in asked.sources:
        inbox = [text for text in texts if text.source == source or text.source in ORDINARY]
        for count, wrong in ((50, 0.0), (100, 0.0), (REVIEWS, 0.0), (REVIEWS, WRONG)):
            draws = [_draw(inbox, count, wrong, judge, seed) for seed in range(asked.draws)]
            print(f"| {source} {_line(count, wrong, draws)}", flush=True)
            if count == REVIEWS:
                found.setdefault(wrong, []).extend(draws)
            if count == REVIEWS and not wrong and _fewer(draws) < FALLS:
                missed.append(f"{source}: after {REVIEWS} reviews the errors fall by {_fewer(draws):.0%}")
    for source in asked.sources:
        alone = [text for text in texts if text.source == source]
        draws = [_draw(alone, 100, 0.0, judge, seed) for seed in range(asked.draws)]
        print(f"| {source}, without enquiries {_line(100, 0.0, draws)}", flush=True)
    lost = fmean(one.apart_after for one in found[0.0]) - fmean(one.apart_after for one in found[WRONG])
    print(f"\n{WRONG:.0%} wrong labels: {lost:.3f} less is told apart")
    if lost > LOST:
        missed.append(f"{WRONG:.0%} wrong labels lose {lost:.3f}, wanted {LOST}")
    unseen = [text for text in texts if text.source in (*asked.sources, *ORDINARY)]
    refused = _mistakes_alone(unseen, judge)
    print(f"mistakes alone: {refused or 'learnt from'}")
    if not refused:
        missed.append("mistakes alone were learnt from")
    seconds = _duration(unseen, judge)
    print(f"{MANY} reviews: {seconds:.1f} s of the processor")
    if seconds > SECONDS:
        missed.append(f"{MANY} reviews take {seconds:.1f} s")
    print("\n".join(f"missed: {one}" for one in missed) or "every goal is met")
    return 1 if missed else 0


def _texts(path: Path) -> list[Text]:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [Text(row.get("subject", ""), row["text"], row["kind"] == "complaint", row["source"]) for row in rows]


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
    parser.add_argument("--draws", type=int, default=6, help="draws of reviewed mails (6)")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
