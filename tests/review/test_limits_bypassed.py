"""A limit counts the mailbox that is filled, however its address is written."""

from __future__ import annotations

from typing import Any, Protocol

import pytest

from complaintmail.cases.budget import counted_as, counted_domain
from complaintmail.passes.office import Office
from complaintmail.passes.once import run_once
from tests.support.doors import At, MemoryInbox, MemoryPostbox
from tests.support.office import a_mail


class Open(Protocol):
    def __call__(self, **more: Any) -> tuple[Office, MemoryInbox, MemoryPostbox, At]: ...


@pytest.mark.parametrize(
    "forms",
    [
        [f"victim+{n}@example.org" for n in range(8)],
        [f"Victim+{n}@Example.ORG" for n in range(8)],
        ["v.ictim@gmail.com", "vi.ctim@gmail.com", "victim@gmail.com", "vic.tim@googlemail.com", "victim+a@gmail.com"]
        + [f"v.i.c.tim+{n}@gmail.com" for n in range(3)],
    ],
)
@pytest.mark.parametrize("passes", [1, 8])
def test_one_victim_gets_no_more_for_many_spellings(opened: Open, forms: list[str], passes: int) -> None:
    office, inbox, postbox, _ = opened()
    for n, sender in enumerate(forms):
        inbox.deliver(a_mail("info@example.test", sender=sender, body=f"Complaint {n}: the lift is stuck {n} times."))
        if passes > 1:
            assert run_once(office) == []
    assert run_once(office) == []

    assert len(postbox.taken) == 5


def test_domains_below_one_are_one() -> None:
    assert counted_domain("a@b.c.example.org") == counted_domain("x@example.org") == "example.org"
    assert counted_domain("a@b.example.co.uk") == "example.co.uk"
    assert counted_domain("a@trust.nhs.uk") == "trust.nhs.uk"
    assert counted_as("+@example.org") == "+@example.org"
