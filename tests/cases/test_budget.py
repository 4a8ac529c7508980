"""How many automatic answers may go, and to whom."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from complaintmail.cases.budget import ALIKE_LIMIT, BIG_PROVIDERS, Budget, Limits, text_key
from tests.support.arrivals import a_message

LIMITS = Limits(per_address_per_day=2, per_domain_per_hour=3, per_hour=5)


def spend(budget: Budget, *addresses: str) -> Budget:
    for address in addresses:
        budget.spend(address)
    return budget


def test_an_answer_may_go_while_nothing_was_sent() -> None:
    assert Budget(LIMITS).objection("jane@small.test", "") is None


def test_an_address_has_its_limit_and_its_neighbour_another() -> None:
    budget = spend(Budget(LIMITS), "jane@small.test", "jane@small.test")

    assert budget.objection("jane@small.test", "") == ("2 automatic answers went to this address within a day already")
    assert budget.objection("joan@small.test", "") is None


def test_a_domain_has_its_limit() -> None:
    budget = spend(Budget(LIMITS), "a@small.test", "b@small.test", "c@small.test")

    assert budget.objection("d@small.test", "") == "3 automatic answers went to small.test within an hour already"
    assert budget.objection("d@other.test", "") is None


def test_a_big_provider_counts_by_address_only() -> None:
    for domain in sorted(BIG_PROVIDERS):
        budget = spend(Budget(LIMITS), *(f"{n}@{domain}" for n in range(3)))

        assert budget.objection(f"9@{domain}", "") is None
    assert spend(budget, *[f"0@{domain}"]).objection(f"0@{domain}", "") is not None


def test_all_together_have_a_limit() -> None:
    budget = spend(Budget(LIMITS), *(f"a@{n}.test" for n in range(5)))

    assert budget.objection("a@9.test", "") == "5 automatic answers went out within an hour already"


def test_the_same_text_from_ever_new_addresses_waits_for_a_person() -> None:
    budget = Budget(Limits())
    for n in range(ALIKE_LIMIT - 1):
        budget.note_text(f"{n}@third.test", "text")

    assert budget.objection("new@third.test", "text") is None
    budget.note_text("last@third.test", "text")
    assert budget.objection("new@third.test", "text") == (
        "word for word the same text came from 10 other addresses within a day"
    )
    assert budget.objection("new@third.test", "another text") is None


def test_one_person_who_says_the_same_again_and_again_is_no_campaign() -> None:
    budget = Budget(Limits())
    for _ in range(50):
        budget.note_text("jane@small.test", "text")

    assert budget.objection("jane@small.test", "text") is None


def test_a_text_that_is_too_short_to_tell_is_not_compared() -> None:
    budget = Budget(Limits())
    short = a_message("I am not happy.")
    for n in range(50):
        budget.note_text(f"{n}@third.test", text_key(short))

    assert text_key(short) == ""
    assert text_key(a_message()) != ""
    assert budget.objection("new@third.test", text_key(short)) is None


@given(st.lists(st.tuples(st.sampled_from("abcde"), st.sampled_from(["one.test", "two.test", "gmail.com"]))))
def test_no_limit_is_ever_passed_by_asking_first(writers: list[tuple[str, str]]) -> None:
    budget = Budget(LIMITS)
    sent: list[str] = []
    for name, domain in writers:
        if budget.objection(f"{name}@{domain}", "") is None:
            budget.spend(f"{name}@{domain}")
            sent.append(f"{name}@{domain}")

    assert len(sent) <= 5
    assert all(sent.count(address) <= 2 for address in sent)
    assert sum(address.endswith("@one.test") for address in sent) <= 3
    assert len(sent) == len(writers) or len(writers) > 2
