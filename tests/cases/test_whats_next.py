"""Where a final letter says to go next, under each packaged policy and for each area."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from complaintmail.cases.whats_next import WhatsNext, after_outcome, deemed
from complaintmail.policy.load import find

SENT = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)


def next_of(policy: str, *, area: str | None = None, by_post: bool = False, appealed: bool = False) -> WhatsNext:
    return after_outcome(find(policy, None), SENT, area, by_post=by_post, appealed=appealed)


def test_cms_2_2a_the_last_day_of_an_appeal_counts_from_the_day_that_the_server_took_the_letter() -> None:
    said = next_of("cms")

    assert (said.appeal_to, said.last_day) == ("our Board", "Wednesday 2 December 2026")
    assert (said.appeal_within, said.next_body) == ("10 working days", "the awarding organisation")


def test_cms_2_2a_by_post_it_counts_from_the_second_working_day_after_posting() -> None:
    assert next_of("cms", by_post=True).last_day == "Friday 4 December 2026"
    assert deemed(find("cms", None), SENT, by_post=True) > SENT


def test_cms_3_1_after_the_appeal_there_is_only_the_awarding_organisation() -> None:
    said = next_of("cms", appealed=True)

    assert (said.appeal_to, said.last_day, said.next_body) == ("", "", "the awarding organisation")


def test_sek_appeal_has_no_last_day() -> None:
    said = next_of("sek")

    assert (said.appeal_to, said.last_day, said.appeal_by) == ("our Director", "", None)


def test_cim_reg_the_final_letter_signposts_each_nations_regulator_and_promises_no_appeal() -> None:
    said = next_of("cim")

    assert said.appeal_to == ""
    for words in ("Ofqual (for England)", "CCEA (for Northern Ireland)", "Qualifications Wales (for Wales)"):
        assert words in said.next_body
    assert "https://ccea.org.uk" in said.next_contact and "Business Centre" not in said.next_body


def test_ace_ladder_the_next_rung_and_no_body_that_has_closed() -> None:
    said = next_of("ace")

    assert said.next_body == "our Managing Director and to the Department for Education"
    assert "Funding" not in said.next_body + said.next_contact


def test_ceme_the_chief_executive_is_next() -> None:
    assert next_of("ceme").next_body == "our Chief Executive"


@pytest.mark.parametrize("policy", ["ace", "ceme", "cim", "cms", "sek"])
@pytest.mark.parametrize("appealed", [True, False])
def test_no_letter_names_a_closed_body(policy: str, appealed: bool) -> None:
    said = next_of(policy, appealed=appealed)
    closed = [body.name for body in find(policy, None).bodies if body.closed_on is not None]

    assert not [name for name in closed if name in f"{said.next_body} {said.next_contact}"]
