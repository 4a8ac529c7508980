"""A sender that is read once only is one that mail-parser reads as we do, and finds nothing odd about."""

from __future__ import annotations

from email.message import Message as Headers

from hypothesis import given, settings
from hypothesis import strategies as st

from complaintmail.mail.addresses import read_addresses
from complaintmail.mail.second_reading import _PLAIN, _Headers, read_again


def some(letters: str, most: int) -> st.SearchStrategy[list[str]]:
    return st.lists(st.text(letters, min_size=1, max_size=5), min_size=1, max_size=most)


LETTERS = "aZ09_+-'"
ADDRESS = st.tuples(some(LETTERS[:-1], 3), some("aZ09-", 3)).map(lambda two: f"{'.'.join(two[0])}@{'.'.join(two[1])}")
NAMED = st.tuples(some("aZ09_-'", 3), ADDRESS).map(lambda two: f"{' '.join(two[0])} <{two[1]}>")


@settings(max_examples=300)
@given(st.one_of(ADDRESS, ADDRESS.map("<{}>".format), NAMED).map(" {}\t".format))
def test_who_is_plain_is_read_alike_by_both(value: str) -> None:
    assert _PLAIN.fullmatch(value.encode()) is not None
    asked = Headers()
    asked.set_raw("From", value)
    theirs = _Headers(asked)

    assert theirs.address_header_defects == []
    assert [address for _, address in theirs.from_] == [one.address for one in read_addresses(value.encode())]


def test_what_two_programs_may_read_in_two_ways_is_read_twice() -> None:
    value = b'"a@one.example" <b@two.example>, c@three.example <d@four.example>'

    again = read_again((("from", value),), ())

    assert _PLAIN.fullmatch(value) is None
    assert again.defects != ()
