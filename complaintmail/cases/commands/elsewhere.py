"""Commands that reach beyond the case: refer (it belongs to somebody else), share (what was learnt, without names)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from complaintmail.cases.anonymous import without_names
from complaintmail.cases.commands.table import Command, Order, the_case
from complaintmail.cases.commands.writing import letter
from complaintmail.cases.deeds import Deed, Trouble, Write
from complaintmail.cases.post import LetterKind
from complaintmail.cases.scene import Scene
from complaintmail.mail.compose import address as written_address
from complaintmail.policy.policy import Policy, Referral
from complaintmail.triage.names import ALSO_WORDS, TITLES

MOST_SHARED = 10  # letters of one command
_ADDRESS = re.compile(r"[^\s<>,;()]+@[^\s<>,;()]+")
_APART = re.compile(r"\s*[,;]\s*|\s+(?:and|&)\s+")
# What shows who complained, as `without_names` calls it.
TELLING = ("an e-mail address", "a reference", "a postcode", "a street", "a telephone number",
           "a National Insurance number")  # fmt: skip


# It belongs elsewhere


def refer(order: Order, scene: Scene) -> Deed | Trouble:
    """The complainant is told where it belongs; where the policy gives an address, their mail is passed on to it."""
    case, policy = the_case(scene), scene.policy
    said = " ".join(order.rest.split()).rstrip(".")
    known = tuple(f"#refer {each.to}" for each in policy.referrals[:6])
    if not said:
        return Trouble("Where does it belong?", known or ("#refer WHERE",))
    if case.status == "closed":
        return Trouble(f"{case.reference} is closed.", ("#reopen REASON",))
    if case.status == "referred":
        return Trouble(f"{case.reference} was referred already.", ("#reopen REASON", "#status"))
    found = meant(said, policy)
    if len(found) > 1:
        return Trouble(f'"{said}" may be {" or ".join(each.to for each in found)}.', known)
    to = found[0] if found else None
    where = to.to if to is not None else said
    extra = {"where": where}
    after = {"where": where, "clause": to.clause if to is not None else ""}
    if to is not None:
        extra["reason"] = to.says
        if to.address:
            extra["next_contact"] = to.address
    more = () if to is None or not to.address else (_passed_on(to, scene),)
    if case.row["contact"] == "never":
        return Trouble(f"The complainant of {case.reference} asked not to be written to.", ("#contact email", "#close"))
    done = letter(
        order, scene, LetterKind.REFERRED, "the letter that says where it belongs", text=order.body.strip(),
        extra=extra, after=after, more=more, what="referred_to",
    )  # fmt: skip
    if isinstance(done, Deed) and more:
        return Deed(f"{done.said} Their mail goes to {where} ({more[0].to}).", done.effects, what=done.what)
    return done


def meant(said: str, policy: Policy) -> tuple[Referral, ...]:
    """The place of the policy's file that these words name."""
    low = said.lower().removeprefix("to ")
    exact = tuple(each for each in policy.referrals if low in (each.to.lower(), each.clause.lower()))
    return exact or tuple(each for each in policy.referrals if len(low) > 3 and low in each.to.lower())


def _passed_on(to: Referral, scene: Scene) -> Write:
    row = the_case(scene).row
    address = row["complainant_email"] or ""
    name = row["complainant_name"]
    who = f"{name} ({address})" if name and address else name or address or "somebody whose name is not known"
    return Write(
        LetterKind.PASSED_ON, to=to.address, extra={"who": who, "where": to.to}, after={"by": scene.by, "where": to.to}
    )


# What was learnt


@dataclass(frozen=True, slots=True)
class _To:
    addresses: tuple[str, ...] = ()
    unknown: str = ""


def share(order: Order, scene: Scene) -> Deed | Trouble:
    """The given words, which must show nobody, to bodies that the policy names or to addresses."""
    case = the_case(scene)
    named = ", ".join(scene.policy.share.whom) if scene.policy.share is not None else ""
    if not order.rest.strip():
        hint = f" The policy names {named}." if named else ""
        return Trouble(f"With whom?{hint}", ("#share name@example.org",))
    to = _whom(order.rest, scene)
    if to.unknown:
        return Trouble(
            f'No address is known for "{to.unknown}". Please give it.', (f"#share {to.unknown} name@example.org",)
        )
    if case.complainant in to.addresses:
        return Trouble("That is the complainant's own address. The outcome letter tells them what was learnt.",
                       ("#reply",))  # fmt: skip
    shown = who_shows(order.body, scene)
    if shown:
        return Trouble(
            f"Not shared: your text would show who complained ({', '.join(shown)}). Please take that out, and send it "
            "again.",
            (f"#share {order.rest.strip()}",),
        )
    first, *also = to.addresses
    return letter(
        order, scene, LetterKind.SHARE, "the summary", to=first, also=tuple(also), what="shared",
        after={"with": ", ".join(to.addresses), "clause": scene.policy.share.clause if scene.policy.share else ""},
        needs_text="There is no text in your mail, so nothing was shared. Write it below the command, without names.",
    )  # fmt: skip


def _whom(words: str, scene: Scene) -> _To:
    """The addresses of everybody who is named, in the order in which they are."""
    found: dict[str, None] = {}
    for part in _APART.split(words.strip().rstrip(".")):
        here = tuple(map(str, _ADDRESS.findall(part))) or _known(part.strip().lower(), scene)
        for each in here:
            try:
                found.setdefault(written_address(each.strip(".:")).lower())
            except ValueError:
                return _To(unknown=part.strip())
        if not here:
            return _To(unknown=part.strip())
    return _To(tuple(found)[:MOST_SHARED])


def _known(name: str, scene: Scene) -> tuple[str, ...]:
    """Who is meant by a name: our own staff, a body or a role of the policy's file."""
    case, policy = the_case(scene), scene.policy
    if name in ("staff", "all staff", "colleagues"):
        return tuple(p.email for p in scene.people.persons if p.serves(policy) and p.key not in case.excluded)
    body = next((each for each in policy.bodies if each.name.lower() == name), None)
    if body is not None and (mail := _ADDRESS.search(body.contact)):
        return (mail[0],)
    role = next((each for each in policy.roles if name in (each.name, each.title.lower())), None)
    officer = scene.officer(role.name) if role is not None else None
    return (officer.email,) if officer is not None and officer.email else ()


def who_shows(text: str, scene: Scene) -> tuple[str, ...]:
    """What of this text would show who complained: their name, addresses, the reference."""
    row = the_case(scene).row
    found = {what: None for what in without_names(text).taken_out if what in TELLING}
    email = str(row["complainant_email"] or "").lower()
    low = text.lower()
    if email and email in low:
        found.setdefault("an e-mail address")
    if str(row["reference"]).lower() in low:
        found.setdefault("a reference")
    for name in re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", str(row["complainant_name"])):
        if len(name) < 2 or name.lower() in TITLES:
            continue
        also = name.lower() in ALSO_WORDS
        if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, 0 if also else re.IGNORECASE):
            found.setdefault(name)
    return tuple(found)


COMMANDS = (
    Command("refer", "#refer WHERE", "tells the complainant where it belongs; it is kept, and can be taken up again",
            refer, takes_text=True),
    Command("share", "#share WHO", "sends what was learnt, without names, to a body or an address", share,
            takes_text=True),
)  # fmt: skip
