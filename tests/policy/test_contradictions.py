"""Promises that cannot be kept together, and what an owner should look at: each found, each with its line."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date

import pytest

from complaintmail.policy import load
from complaintmail.policy.concerns import findings, in_short
from complaintmail.policy.finding import Finding
from complaintmail.policy.places import line_of
from complaintmail.policy.policy import Policy
from tests.support.paces import MUCH
from tests.support.policies import HARBOUR

TODAY = date(2026, 11, 21)
KEPT = 'says = "We write back within three working days."'
APPEAL = '[appeal]\nclause = "HF-2"\nrole = "purser"\n'
ANSWER = '[[duty]]\nkind = "appeal-answer"\nclause = "HF-2"\nrole = "purser"\nwithin = "5 days"\nstarts = "appeal"\n'
BODY = '[[body]]\nname = "Port Authority"\ncontact = "at the quay"\nchecked_on = 2026-11-01\n'


def duty(kind: str, within: str = "", more: str = "") -> str:
    window = f'within = "{within}"\n' if within else ""
    return f'[[duty]]\nkind = "{kind}"\nclause = "HF-1"\nrole = "purser"\n{window}{more}'


@dataclass(frozen=True)
class Found:
    """A good file with something put at its end or in the place of something; what is said, and on which line."""

    name: str
    line: str  # what stands on the line that is named
    says: str
    end: str = ""
    instead: tuple[str, str] = ("", "")
    grave: bool = True

    def __str__(self) -> str:
        return self.name

    @property
    def text(self) -> str:
        right, wrong = self.instead
        assert right in HARBOUR
        return f"{HARBOUR.replace(right, wrong, 1) if right else HARBOUR}\n{self.end}"


CASES = [
    Found(
        "an acknowledgement after the answer",
        'within = "2 months"',
        '"2 months" ends later than the "2 days" of respond at severity high: the acknowledgement would come after',
        instead=('within = "3 working days"', 'within = "2 months"'),
    ),
    Found(
        "an acknowledgement after the answer now and then",
        'within = "7 days"',
        '"7 days" ends later than the "5 working days" of respond when they run from Saturday 21 November 2026',
        instead=(
            'within = "3 working days"\n\n[[duty]]\nkind = "respond"\nclause = "HF-2"\nrole = "harbour-master"\n'
            'by_severity = { low = "1 month", medium = "10 working days", high = "2 days" }',
            'within = "7 days"\n\n[[duty]]\nkind = "respond"\nclause = "HF-2"\nrole = "harbour-master"\n'
            'within = "5 working days"',
        ),
        grave=False,
    ),
    Found(
        "an acknowledgement after the answer when it is serious",
        'within = "3 working days"',
        '"3 working days" ends later than the "2 days" of respond at severity high: the acknowledgement would come',
        grave=False,
    ),
    Found(
        "the first progress letter after the answer",
        'within = "2 months"',
        "the first progress letter would come after the answer was due",
        end=duty("progress", "2 months"),
    ),
    Found(
        "the serious ones wait longer",
        'by_severity = { low = "1 month", medium = "10 working days", high = "12 working days" }',
        'high has "12 working days" and medium "10 working days": the more serious one would wait longer',
        instead=('high = "2 days"', 'high = "12 working days"'),
    ),
    Found(
        "a duty that nothing opens",
        "[[duty]]",
        'starts from receipt, and is opened by something else: write starts = "access-request"',
        end=duty("access", "1 month"),
    ),
    Found(
        "the alternate is the same",
        'alternate = "purser"',
        '"purser" is the role that may not do it',
        end=duty("decide", "1 day", 'alternate = "purser"\n'),
    ),
    Found(
        "longer than the law",
        'within = "40 days"',
        '"40 days" is too long: the law gives 30 days',
        end=duty("data-acknowledge", "40 days", 'starts = "data-complaint"\n'),
    ),
    Found(
        "no window where the law has one",
        "[[duty]]",
        "is missing: the law gives 30 days",
        end=duty("data-acknowledge", "", 'starts = "data-complaint"\n'),
    ),
    Found("the law's acknowledgement is nobody's", "[[duty]]", 'kind = "data-acknowledge" is missing', grave=False),
    Found(
        "nobody is asked to answer",
        "[[duty]]",
        'kind = "respond" is missing',
        instead=('kind = "respond"', 'kind = "review"'),
        grave=False,
    ),
    Found(
        "nobody is there on those days",
        'by_severity = { low = "1 month", medium = "10 working days", high = "2 days" }',
        '"2 days" at severity high is over before anybody works again on',
        grave=False,
    ),
    Found("an appeal that nobody answers", "[appeal]", "nobody owes an answer to it", end=APPEAL),
    Found(
        "two who hear an appeal",
        'role = "harbour-master"',
        '"harbour-master" hears it, and the duty "appeal-answer" is owed by "purser"',
        end=ANSWER + APPEAL.replace("purser", "harbour-master"),
    ),
    Found(
        "who answered judges the appeal",
        'role = "harbour-master"',
        "would judge their own answer",
        end=(ANSWER + APPEAL).replace("purser", "harbour-master"),
        grave=False,
    ),
    Found(
        "an answer to an appeal that there is not",
        "[[duty]]",
        "there is no [appeal], so it is never opened",
        end=ANSWER,
    ),
    Found(
        "a letter that promises an appeal",
        'if_unhappy = "You can appeal to the Harbour Master."',
        "promises an appeal, and there is no [appeal]",
        instead=("[letters]", '[letters]\nif_unhappy = "You can appeal to the Harbour Master."'),
    ),
    Found(
        "asked for by no clause",
        'asks = ["cause"]',
        'no clause is named for "cause"',
        end='[outcome]\nasks = ["cause"]\n',
        grave=False,
    ),
    Found(
        "told and never asked for",
        'tells = ["learning"]',
        'nobody is asked for "learning"',
        end='[outcome]\ntells = ["learning"]\n',
        grave=False,
    ),
    Found(
        "copies by no clause",
        'copies = ["purser"]',
        'no clause is named for "copies"',
        end='[outcome]\ncopies = ["purser"]\n',
        grave=False,
    ),
    Found(
        "a promise that nothing keeps",
        "[[clause]]",
        "nothing here keeps it",
        end='[[clause]]\nid = "HF-3"\nheading = "Tea"\nsays = "There is tea."\n',
        grave=False,
    ),
    Found(
        "a closed body on the ladder",
        'ladder = ["purser", "Port Authority"]',
        "Port Authority closed on 2026-10-01: put the body that took its place there",
        end=BODY + "closed_on = 2026-10-01\n",
        instead=('severity = "low"', 'severity = "low"\nladder = ["purser", "Port Authority"]'),
    ),
    Found(
        "a closed body after the appeal",
        'next = "Port Authority"',
        "Port Authority closed on 2026-10-01",
        end=BODY + "closed_on = 2026-10-01\n" + ANSWER + APPEAL + 'next = "Port Authority"\n',
    ),
    Found("a closed body", "[[body]]", "closed on 2026-10-01", end=BODY + "closed_on = 2026-10-01\n", grave=False),
    Found(
        "a body not looked at for a year",
        "[[body]]",
        "last looked at on 2025-11-01",
        end=BODY.replace("2026", "2025"),
        grave=False,
    ),
    Found(
        "a review that is overdue",
        "review_on = 2026-11-20",
        "the review was due on 2026-11-20",
        instead=('severity = "low"', 'severity = "low"\nreview_on = 2026-11-20'),
        grave=False,
    ),
    Found(
        "a reading not agreed to",
        "[[reading]]",
        'how "three" is read is not agreed to',
        end='[[reading]]\nclause = "HF-1"\nwords = "three"\nchosen = "Three."\nconsequence = "Three."\n',
        grave=False,
    ),
]


def found_in(text: str) -> tuple[Finding, ...]:
    return findings(load.parse(text, "harbour", "harbour.toml"), TODAY)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_cannot_be_kept_or_should_be_looked_at_is_said_with_its_line(case: Found) -> None:
    said = [finding for finding in found_in(case.text) if case.says in str(finding)]

    assert [finding.grave for finding in said] == [case.grave]
    assert case.text.splitlines()[line_of(case.text, said[0].place) - 1] == case.line


def test_a_good_file_has_nothing_that_keeps_it_from_being_kept() -> None:
    assert [finding for finding in found_in(HARBOUR) if finding.grave] == []


@pytest.mark.parametrize("name", load.packaged())
def test_the_policies_that_come_along_contradict_themselves_nowhere(name: str) -> None:
    said = findings(load.find(name), TODAY)

    assert [str(finding) for finding in said if finding.grave] == []
    assert [str(finding) for finding in said if finding.place.startswith(("clause", "outcome", "appeal"))] == []


def test_windows_are_compared_with_the_closures_of_the_policy() -> None:
    closed = HARBOUR.replace("from = 2026-12-24", "from = 2026-12-01").replace('"1 month"', '"20 days"')

    said = [str(finding) for finding in found_in(closed) if "ends later" in str(finding)]

    # Three working days run from December into January; twenty days do not.
    assert any('ends later than the "20 days" of respond at severity low when they run from' in line for line in said)


def test_in_short_the_readings_that_wait_are_one_line() -> None:
    policy = load.find("sek")

    short = [str(finding) for finding in in_short(findings(policy, TODAY)) if finding.place.startswith("reading")]

    assert len(short) == 1 and short[0].startswith("reading: 9 not agreed to by the owner yet (SEK-28, SEK-ack, ")
    assert in_short(()) == ()


# --- places ------------------------------------------------------------------------------------------------------


def line(policy: Policy, place: str) -> str:
    return policy.text.splitlines()[line_of(policy.text, place) - 1]


@pytest.mark.parametrize(
    ("place", "stands_there"),
    [
        ("prefix", 'prefix = "SEK"'),
        ("review_on", "review_on = 2018-08-31"),
        ("duty 3 (progress).repeats", 'repeats = "10 working days"'),
        ("duty 3 (progress).rolls_forward", "[[duty]]"),
        ("duty 3 (progress)", "[[duty]]"),
        ("letters.next_step", 'next_step = "We investigate'),
        ("letters.contact.By post", '"By post" = "Social'),
        ("praise.clauses.board", 'clauses = { board = "SEK-comp-3" }'),
        ("area ageless-thanet", "[[area]]"),
        ("clause 2 (SEK-file).says", 'says = "Each complaint has a file'),
        ("appeal", "[appeal]"),
        ("duty 99 (respond)", "# Social Enterprise Kent"),
        ("no such thing: at all", "# Social Enterprise Kent"),
    ],
)
def test_a_place_is_found_on_its_line(place: str, stands_there: str) -> None:
    assert line(load.find("sek"), place).startswith(stands_there)


def test_what_stands_in_a_long_string_is_no_key_and_no_table() -> None:
    text = 'title = """\n[letters]\nprefix = "no"\n"""\nprefix = "HF"\n[letters]\ndeals = "x"\n'

    assert [line_of(text, place) for place in ("prefix", "letters", "letters.deals")] == [5, 6, 7]


@pytest.mark.parametrize(
    "hostile", ["[" * 500_000 + "\n" + "x" * 500_000, "[" + " " * 1_000_000, "x" + " " * 1_000_000, '"\n' * 500_000]
)
def test_a_long_hostile_file_is_searched_in_time_that_grows_with_its_length(hostile: str) -> None:
    began = time.process_time()

    assert line_of(hostile, "duty 1 (x).within") == 1
    assert line_of(hostile, "duty 1 " + "(" * 1_000_000) == 1
    assert time.process_time() - began < MUCH
