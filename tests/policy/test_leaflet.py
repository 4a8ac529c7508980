"""The page for the public: it says what the policy's file says, everybody can read it, and it needs nothing else."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pypdf import PdfReader

from complaintmail.cli import main
from complaintmail.cli.policy_leaflet_page import STYLE, page, sheet
from complaintmail.letters.sheet import Heading
from complaintmail.policy import load
from complaintmail.policy.leaflet import leaflet
from complaintmail.policy.policy import Policy, Span, Unit
from complaintmail.policy.staff_page import staff_page

LOCHSIDE = load.read(Path(__file__).parent / "lochside.toml")
TODAY = date(2026, 11, 21)
EVERY = [*(load.find(name) for name in load.packaged()), LOCHSIDE]
WITHOUT_APPEAL = [policy for policy in EVERY if policy.appeal is None]


def words(policy: Policy) -> str:
    return " ".join(Page.of(policy).text.split())


def for_staff(policy: Policy) -> str:
    read = Page()
    read.feed(page(staff_page(policy, ["tell-us@example.test"], TODAY)))
    assert read.open == []
    return " ".join(read.text.split())


@dataclass
class Page(HTMLParser):
    """What stands in a page, and whether every element that was opened is closed in its turn."""

    tags: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    text: str = ""
    open: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    @classmethod
    def of(cls, policy: Policy) -> Page:
        read = cls()
        read.feed(page(leaflet(policy, ["tell-us@example.test"], TODAY)))
        return read

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += data

    def all(self, *tags: str) -> list[str]:
        return [tag for tag, _ in self.tags if tag in tags]


# --- in step with the policy -------------------------------------------------------------------------------------


@pytest.mark.parametrize("policy", EVERY, ids=lambda policy: policy.name)
def test_every_window_that_concerns_the_complainant_is_on_the_page(policy: Policy) -> None:
    said = words(policy)

    for kind in ("acknowledge", "contact", "decide", "set-date", "confirm", "respond", "progress", "appeal"):
        duty = policy.duty(kind)
        spans = [span for _, span in duty.by_severity] or [duty.within] if duty is not None else []
        assert [span for span in spans if span and span.amount and str(span) not in said] == []


def test_a_changed_window_changes_the_page() -> None:
    respond = LOCHSIDE.duty("acknowledge")
    assert respond is not None
    slower = replace(respond, within=Span(9, Unit.WORKING_DAYS))
    changed = replace(LOCHSIDE, duties=tuple(slower if duty is respond else duty for duty in LOCHSIDE.duties))

    assert "Within 2 working days: we write to you" in words(LOCHSIDE)
    assert "Within 9 working days: we write to you" in words(changed)
    assert "Within 2 working days" not in words(changed)


@pytest.mark.parametrize("policy", WITHOUT_APPEAL, ids=lambda policy: policy.name)
def test_no_appeal_is_promised_where_there_is_none(policy: Policy) -> None:
    assert not re.search(r"can appeal|appeal to", words(policy))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("ace", "You need not do so. We take your complaint whether you have spoken with anybody or not."),
        ("ace", "On the same working day, or on the next one: we speak with you"),
        ("ace", "By the day that we tell you: you have our answer."),
        ("ace", "Department for Education https://www.gov.uk/"),
        ("ceme", "Within 7 days for a small matter, 5 days for most matters and 3 days when it is serious: you have"),
        ("ceme", "we ask you, and others whom it touches"),
        ("ceme", "we ask you whether our answer settled the matter"),
        ("ceme", "We keep the papers of a complaint for 6 years"),
        ("cms", "you can appeal by letter or by email within 10 working days"),
        ("cms", "The awarding organisation named on your certificate"),
        ("cms", "Staff use the discipline and grievance policy instead."),
        ("cim", "Ofqual (England) https://www.gov.uk/"),
        ("cim", "By post Quality and Complaints Manager, CIM"),
        ("cim", "what we do so that it does not happen again"),
        ("sek", "we offer to meet or speak with you"),
        ("sek", "first within 26 working days, and then every 10 working days"),
        ("sek", "If an advocate, an interpreter or another form of letter would help you"),
        ("sek", "If something went well, we are glad to hear that too."),
        ("sek", "You have it within 1 month."),
        ("cms", "tell-us@example.test"),
        ("cms", "we tell you within 30 days that your complaint has reached us"),
        ("cms", "such as large print, a telephone call in place of a letter, an interpreter"),
    ],
)
def test_what_each_policy_offers_is_on_its_page(name: str, said: str) -> None:
    text = " ".join(re.sub(r"(?<=[a-z)])(?=https?:|Quality|named)", " ", words(load.find(name))).split())

    assert said in text


def test_bodies_that_closed_and_addresses_for_mail_that_went_astray_are_no_place_to_go_next() -> None:
    gone = replace(LOCHSIDE, bodies=tuple(replace(body, closed_on=date(2026, 10, 1)) for body in LOCHSIDE.bodies))

    assert "https://ombudsman.example/homes" in words(LOCHSIDE)
    assert "https://ombudsman.example/homes" not in words(gone)
    unhappy = next(part for part in leaflet(load.find("cim"), [], TODAY).parts if part.heading.startswith("If you are"))
    assert [way.label.split(" (")[0] for way in unhappy.ways] == ["Ofqual", "CCEA", "Qualifications Wales"]


def test_an_appeal_is_told_from_the_file_where_the_letters_say_nothing_of_it() -> None:
    bare = replace(load.find("cms"), if_unhappy="")

    assert (
        "You can appeal within 10 working days of receiving our answer. It is heard by: Board, who answers within 10 "
        "working days."
    ) in words(bare)


def test_closures_ahead_are_told_and_those_that_are_over_are_not() -> None:
    over, ahead = (date(2026, 8, 3), date(2026, 8, 7), "summer"), (date(2026, 12, 24), date(2027, 1, 1), "Christmas")
    closed = words(replace(LOCHSIDE, closures=(over, ahead)))

    assert "public holidays of Scotland and the days on which we are closed." in closed
    assert "We are closed Thursday 24 December 2026 to Friday 1 January 2027 (Christmas)." in closed
    assert "summer" not in closed


# --- the rows that ask for it ------------------------------------------------------------------------------------


def headings(name: str) -> list[str]:
    return [part.heading for part in leaflet(load.find(name), ["tell-us@example.test"], TODAY).parts]


def test_cms_pub_people_learn_that_they_can_complain_and_how() -> None:
    assert headings("cms")[:2] == ["Tell us", "Help with complaining"]
    assert "By email tell-us@example.test" in words(load.find("cms")).replace("By email", "By email ")


def test_cim_know_everybody_learns_how_to_give_feedback_and_what_becomes_of_it() -> None:
    said = words(load.find("cim"))

    assert "What happens, and by when" in headings("cim")
    assert "Within 5 working days: we write to you" in said and "Within 20 working days: you have our answer" in said


def test_ace_pub_learners_and_employers_are_told_how_to_complain() -> None:
    assert headings("ace")[:3] == ["Tell us", "Help with complaining", "What happens, and by when"]
    assert "this page follows our customer complaints policy and procedure" in words(load.find("ace")).lower()


def test_cms_know_everybody_at_work_has_a_page_on_what_to_do_made_from_the_policy() -> None:
    said = for_staff(load.find("cms"))

    assert "A new complaint goes to: Operations Director." in said
    assert "Operations Director: decides who deals with it, and how, within 1 working day" in said
    assert "Investigator: answers the complaint, within 10 working days" in said
    assert "a summary without names goes to: Board." in said
    assert (
        "may appeal within 10 working days of receiving the outcome. An appeal is heard by: Board; where they had"
        in said
    )
    assert "Of a serious complaint these are told at once: Directors." in said
    assert "Forward it to" in said and "tell-us@example.test" in said and "#record" in said


@pytest.mark.parametrize("policy", EVERY, ids=lambda policy: policy.name)
def test_the_page_for_staff_promises_an_appeal_only_where_there_is_one(policy: Policy) -> None:
    assert ("do not promise one" in for_staff(policy)) == (policy.appeal is None)
    assert ("no complaint is turned away" in for_staff(policy)) == bool(policy.public.first)


# --- everybody can read it ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("policy", EVERY, ids=lambda policy: policy.name)
def test_the_page_can_be_read_aloud_and_needs_nothing_from_elsewhere(policy: Policy) -> None:
    read = Page.of(policy)
    attributes = dict(read.tags)

    assert read.open == [] and attributes["html"]["lang"] == "en-GB"
    assert read.all("h1", "h2")[0] == "h1" and read.all("h1") == ["h1"] and len(read.all("h2")) >= 4
    assert "main" in attributes and "title" in attributes
    assert read.all("script", "img", "link", "iframe", "object", "form", "video", "audio", "embed") == []
    assert [tag for tag, named in read.tags if {"src", "srcset", "style", "onclick"} & named.keys()] == []
    links = [named["href"] for tag, named in read.tags if tag == "a"]
    assert all(str(link).startswith(("mailto:", "https://")) for link in links)
    assert attributes["meta"] is not None and "url(" not in STYLE and "@import" not in STYLE


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_every_colour_of_words_stands_out_from_the_paper() -> None:
    colours = re.findall(r"(?<![-\w])color: (#[0-9a-f]{6})", STYLE)

    assert len(colours) >= 4 and re.findall(r"background: (#[0-9a-f]{6})", STYLE) == ["#ffffff"]
    assert min(1.05 / (luminance(colour) + 0.05) for colour in colours) >= 4.5


def test_the_page_fits_a_telephone_and_prints_on_a4() -> None:
    html = page(leaflet(LOCHSIDE, [], TODAY))

    assert '<meta name="viewport" content="width=device-width, initial-scale=1">' in html
    assert "@page { size: A4" in html and "overflow-wrap: anywhere" in html
    assert "font-size: 125%" in page(leaflet(LOCHSIDE, [], TODAY), large_print=True)
    assert "font-size: 125%" not in html


def test_words_of_a_policy_cannot_become_markup() -> None:
    hostile = replace(LOCHSIDE, organisation='<script>alert("x")</script>', contact=(("By <b>", '" onload="x'),))
    html = page(leaflet(hostile, ['"><img src=x>@example.test'], TODAY))

    assert "<script" not in html and "<img" not in html and "<dt>By <b>" not in html
    assert 'onload="' not in html


def test_the_sheet_for_the_press_has_the_same_parts_and_words() -> None:
    made = leaflet(LOCHSIDE, ["tell-us@example.test"], TODAY)
    printed = sheet(made, LOCHSIDE, large_print=True)

    assert [block.runs[0].text for block in printed.blocks if isinstance(block, Heading)] == [
        part.heading for part in made.parts
    ]
    assert printed.letterhead == ("1 Ferry Road", "Ardlinn") and printed.large_print
    assert (printed.subject, printed.foot) == (made.title, made.foot)


# --- at a shell --------------------------------------------------------------------------------------------------


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["policy", "leaflet", *map(str, arguments)])


def test_without_an_output_the_page_goes_to_stdout_and_a_missing_address_is_told(tmp_path: Path) -> None:
    result = run(LOCHSIDE.source)

    assert result.exit_code == 0 and result.stdout.startswith("<!DOCTYPE html>")
    assert result.stderr.strip() == "No address for complaints is known for this policy: name it with --address."


def test_a_folder_gets_the_page_and_a_pdf_that_says_the_same(tmp_path: Path) -> None:
    result = run(LOCHSIDE.source, "--output", tmp_path / "public", "--address", "tell-us@example.test")

    html, pdf = (tmp_path / "public" / f"how-to-complain-lochside.{kind}" for kind in ("html", "pdf"))
    assert result.exit_code == 0 and result.stdout.splitlines() == [str(html), str(pdf)]
    assert sorted(file.name for file in html.parent.iterdir()) == [html.name, pdf.name]
    assert html.read_text(encoding="utf-8") == page(leaflet(LOCHSIDE, ["tell-us@example.test"], TODAY))
    printed = "".join(part.extract_text() for part in PdfReader(BytesIO(pdf.read_bytes())).pages)
    bare = re.sub(r"\s+", "", printed)
    for step in leaflet(LOCHSIDE, ["tell-us@example.test"], TODAY).parts[2].steps:
        assert re.sub(r"\s+", "", step) in bare


def test_one_file_is_written_by_its_name(tmp_path: Path) -> None:
    assert run("ace", "--output", tmp_path / "page.html").exit_code == 0
    assert [file.name for file in tmp_path.iterdir()] == ["page.html"]


def test_the_page_for_staff_has_a_name_of_its_own(tmp_path: Path) -> None:
    result = run("ace", "--for", "staff", "--output", tmp_path, "--address", "tell-us@example.test")

    assert result.exit_code == 0
    names = ["complaints-for-staff-ace.html", "complaints-for-staff-ace.pdf"]
    assert sorted(file.name for file in tmp_path.iterdir()) == names
    assert len(PdfReader(tmp_path / names[1]).pages) <= 2
