"""Who writes in Welsh is answered in Welsh first where there is such a letter; who writes in any other language has the
neutral letter, and a person reads it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.bureau import AT_ONCE, JANE, Bureau, a_bureau, click, reply
from tests.support.staff import Got

WELSH = (
    "Annwyl Syr, rwy'n ysgrifennu atoch am y cwrs yn y ganolfan. Nid oedd y tiwtor yno ddwywaith ac nid oes neb wedi "
    "ateb fy neges ers mis. Rwy'n anhapus iawn gyda hyn, ac mae fy arian wedi mynd. Diolch."
)
FRENCH = (
    "Madame, Monsieur, je vous écris au sujet du cours de la semaine dernière. Le formateur est venu avec une heure de "
    "retard, la salle était froide et nous avons attendu dans le couloir."
)
OWN = (
    "Subject: Rydym wedi derbyn eich cwyn\nDescription: the organisation's own Welsh half\n\n"
    "Diolch i chi. Eich cyfeirnod yw {{ case.reference }}.\n"
)


@pytest.fixture
def bureau(tmp_path: Path) -> Iterator[Bureau]:
    own = tmp_path / "templates" / "cms"
    own.mkdir(parents=True)
    (own / "acknowledgement.cy.md").write_text(OWN, encoding="utf-8")
    bureau = a_bureau(tmp_path, extra=f'[templates]\ndirectory = "{own.parent}"\n{AT_ONCE}')
    yield bureau
    bureau.office.close()


def said(got: Got) -> str:
    return " ".join(got.words.split())


def test_a_welsh_mail_is_a_persons_and_its_letters_begin_in_welsh_with_the_english_below(bureau: Bureau) -> None:
    bureau.complains(WELSH, subject="Y cwrs")
    [letter] = bureau.gets(JANE)
    [asked] = bureau.gets("dana")

    assert letter.subject == "Rydym wedi derbyn eich neges / We have received your email [CMS-2026-000001]"
    welsh, english = said(letter).split("Thank you for your email.")
    assert "Eich cyfeirnod: CMS-2026-000001" in welsh and "If it is a complaint" in english
    assert "It seems to be in Welsh. Please have somebody who reads it say what it is." in said(asked)

    bureau.takes(click("dana", asked, "It is a complaint"))

    [whole] = bureau.gets(JANE)
    assert whole.subject == "Rydym wedi derbyn eich cwyn / We have received your complaint [CMS-2026-000001]"
    assert said(whole).startswith("Diolch i chi. Eich cyfeirnod yw CMS-2026-000001.")
    assert "Where to go next" in said(whole)


def test_behaviour_53_a_language_taken_wrongly_is_put_right_by_one_click_and_that_is_on_record(bureau: Bureau) -> None:
    bureau.complains(WELSH, subject="Y cwrs")
    [asked] = bureau.gets("dana")

    bureau.takes(click("dana", asked, "It is in English"), reply("dana", asked, "#kind complaint"))

    assert bureau.gets(JANE)[-1].subject == "We have received your complaint [CMS-2026-000001]"
    [event] = bureau.told("staff_language")
    assert event["language"] == "en" and "it was taken to be in Welsh" in event["said"]
    assert "It is in English" not in bureau.gets("dana")[-1].links()


def test_any_other_language_has_the_neutral_letter_and_a_person_says_what_it_is(bureau: Bureau) -> None:
    bureau.complains(FRENCH, subject="Le cours")

    [letter] = bureau.gets(JANE)
    [asked] = bureau.gets("dana")
    assert letter.subject == "We have received your email [CMS-2026-000001]"
    assert "a language that is neither English nor Welsh" in said(asked) and "It is a complaint" in asked.links()
    assert bureau.rows("SELECT language, sure FROM message") == [("other", 0)]


def test_what_the_program_made_of_a_mail_is_kept_with_it(bureau: Bureau) -> None:
    bureau.complains("I am dyslexic. The room was freezing, I am furious, and the ombudsman shall hear of it from me.")

    [(reasons, language, suggested)] = bureau.rows("SELECT reasons, language, suggestions FROM message")
    assert json.loads(reasons) and language == "en"
    assert {one["what"]: one["command"] for one in json.loads(suggested)}["need"].startswith("#need clear")
