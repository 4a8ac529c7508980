"""How the embedded mail server takes a command apart, and tells strings."""

from __future__ import annotations

import pytest

from complaintmail.demo.imap_words import Misspelt, Words, named, string


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b'a LOGIN "a \\"b\\" c" d', ["a", "LOGIN", b'a "b" c', "d"]),
        (b"a FETCH 1:* (FLAGS BODY.PEEK[HEADER.FIELDS (DATE FROM)]<0.5>)", None),
        (b"a STORE 1 +FLAGS (\\Seen (x))", ["a", "STORE", "1", "+FLAGS", ["\\Seen", ["x"]]]),
    ],
)
def test_a_command_is_taken_apart(line: bytes, words: list[object] | None) -> None:
    expected = words or ["a", "FETCH", "1:*", ["FLAGS", "BODY.PEEK[HEADER.FIELDS (DATE FROM)]<0.5>"]]

    assert expected == Words(line, []).all()


@pytest.mark.parametrize(
    ("words", "numbers"),
    [("1", [1]), ("2:4", [2, 4]), ("4:2", [2, 4]), ("*", [9]), ("5:*", [9]), ("99:*", [9]), ("1,9", [1, 9])],
)
def test_a_set_names_what_is_there(words: str, numbers: list[int]) -> None:
    assert numbers == named(words, [1, 2, 4, 9])


def test_a_set_that_is_none_is_misspelt() -> None:
    with pytest.raises(Misspelt):
        named("1:x", [1])


@pytest.mark.parametrize(
    ("value", "told"),
    [(None, b"NIL"), ("a", b'"a"'), ('a"\\', b'"a\\"\\\\"'), ("é", b"{2}\r\n\xc3\xa9"), (b"a\r\nb", b"{4}\r\na\r\nb")],
)
def test_strings_are_told_so_that_any_client_reads_them(value: str | bytes | None, told: bytes) -> None:
    assert told == string(value)
