"""A member of staff whose address is written with letters beyond ASCII is known by it, as mail programs write it."""

from __future__ import annotations

from typing import Any, Protocol

from tests.support.bureau import AT_ONCE, Bureau, reply


class Staffed(Protocol):
    def __call__(self, **more: Any) -> Bureau: ...


INA = '[[person]]\nname = "Ina Inspector"\nemail = "Ina@bücher.test"\nroles = ["investigator"]\n'


def test_their_replies_are_theirs_in_the_form_that_mail_carries(staffed: Staffed) -> None:
    bureau = staffed(extra=f"{AT_ONCE}{INA}", without=("hal",))
    bureau.complains("The room was cold and nobody came. I want my money back.")
    [notice] = bureau.gets("dana")
    bureau.takes(reply("dana", notice, "#assign Ina", quotes=False))
    [given] = bureau.gets("ina@xn--bcher-kva.test")

    bureau.takes(reply("Ina@xn--bcher-kva.test", given, "#severity high", quotes=False))

    assert bureau.rows("SELECT severity FROM cases") == [("high",)]
