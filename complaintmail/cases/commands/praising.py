"""Commands about praise: pass it on to whom it is about, hang it on the board, take it down."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from complaintmail.cases.commands.table import Command, Order, the_case
from complaintmail.cases.deeds import AskBoard, Deed, Effect, PassOn, Praised, Regard, Trouble, Write
from complaintmail.cases.people import Person
from complaintmail.cases.post import LetterKind
from complaintmail.cases.scene import Scene
from complaintmail.cases.signed import unsigned
from complaintmail.policy.wording import joined
from complaintmail.triage.naming import who

_ALL_OF = re.compile(
    r"(?i)\s*(?:all|everybody|everyone|the (?:whole )?team|the people)\s+(?:of|in|at|from)\s+(?:the\s+)?(?P<one>.+)|"
    r"\s*(?:the\s+)?(?P<two>.+?)\s+team|\s*team\s+(?P<three>.+)"
)
HOW = "How they allowed it, in their words"
ASKED = "asked"  # a consent that begins so is none yet
_AT = re.compile(r"(?<!\S)@(?=\S)")


def praise(order: Order, scene: Scene) -> Deed | Trouble:
    """The kind words go to the people whom they are about."""
    case = the_case(scene)
    is_praise = case.row["kind"] == "compliment"
    words = "" if is_praise else _own(order, scene)
    if not is_praise and not words:
        return Trouble(
            f"{case.reference} is not praise alone. Please put the kind words from it below the command: only those "
            "are passed on. If it is praise and nothing else, say so first.",
            (f"#praise {order.rest.strip() or 'NAME'}\nTheir kind words here", "#kind compliment"),
        )
    people = _meant(order.rest, scene)
    if isinstance(people, Trouble):
        return people
    about = [p for p in people if case.persons.get(p.key) not in (None, "cleared")]
    if about and (not is_praise or any(case.persons[p.key] == "complained about" for p in about)):
        names = joined([p.name for p in about])
        return Trouble(f"{case.reference} is, or may be, about {names}. Please settle that first.", ("#about nobody",))
    had = {str(address).lower() for address in case.praise.get("passed_to") or ()}
    to = [p for p in people if p.key not in had or not is_praise]
    if not to:
        return Trouble(f"{joined([p.name for p in people])} had it already.", ("#praise NAME", "#status"))
    effects: list[Effect] = [Regard(p.key, "cleared") for p in about]
    passed = sorted(had | {p.key for p in to})
    effects += [Praised({"passed_to": passed, "by": scene.by}), PassOn(tuple(p.email for p in to), words)]
    return Deed(
        f"Passed on to {joined([p.name for p in to])}.",
        tuple(effects), what="praise_passed", detail={"to": [p.key for p in to], "text": words},
    )  # fmt: skip


def _own(order: Order, scene: Scene) -> str:
    """The text below the command, without its writer's signature."""
    return unsigned(order.body.strip(), scene.person.name if scene.person else "").strip()


def _meant(words: str, scene: Scene) -> list[Person] | Trouble:
    said = _AT.sub("", words).strip().rstrip(".!")
    right = ("#praise NAME", *(f"#praise all of {area.title}" for area in scene.policy.areas[:3]))
    if not said:
        return Trouble("Whom are the kind words about? Please give a name, an address or an area.", right)
    if said.lower() in ("me", "myself") and scene.person is not None:
        return [scene.person]
    if (found := _ALL_OF.fullmatch(said)) is not None:
        area = next(text for text in found.groups() if text)
        team = _team(area, scene)
        if team:
            return team
        if found["one"]:
            known = joined([a.title for a in scene.policy.areas]) or "none"
            return Trouble(f'Nobody is known for "{area.strip()}". The areas: {known}.', right)
    named = who(said, scene.people.persons)
    if not named:
        known = ", ".join(person.name for person in scene.people.persons[:12])
        return Trouble(f'Nobody here is called "{said}". These people are known: {known}.', right)
    people = [person for one in named if (person := scene.people.at(one.email)) is not None]
    if len(people) > 1 and not re.search(r"(?i)[,;&+]|\band\b", said):
        return Trouble(
            f'"{said}" may be {" or ".join(one.name for one in people)}.',
            tuple(f"#praise {one.email}" for one in people),
        )
    return people


def _team(words: str, scene: Scene) -> list[Person]:
    """Everybody who is there for this area alone or among others."""
    said = words.strip().casefold()
    names = {said}
    for area in scene.policy.areas:
        if said in (area.name.casefold(), area.title.casefold()):
            names |= {area.name.casefold(), area.title.casefold()}
    return [one for one in scene.people.persons if names & {own.casefold() for own in one.areas}]


# --- The board -----------------------------------------------------------------------------------------------------


def fingerprint(praised: Any) -> str:
    """Which words a yes was given to: others need another yes."""
    said = f"{praised.get('words', '')}\0{praised.get('named', '')}"
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def board(order: Order, scene: Scene) -> Deed | Trouble:
    case = the_case(scene)
    words = order.rest.strip().lower().rstrip(".!")
    if scene.policy.praise is None or not scene.policy.praise.board:
        return Trouble("Under this policy there is no board for kind words.", ("#praise NAME",))
    if case.row["kind"] != "compliment":
        return Trouble(f"{case.reference} is no praise, and only praise hangs on the board.", ("#kind compliment",))
    if words in ("off", "down", "no"):
        return _off(scene)
    if words.startswith("hang"):
        return _hang(words.removeprefix("hang").strip(), scene)
    if words not in ("", "on", "named", "with name", "ask"):
        return Trouble(f'"#board {order.rest.strip()}" was not understood.', ("#board", "#board named", "#board off"))
    if case.row["restricted"]:
        return Trouble(f"{case.reference} is restricted, so nothing of it hangs on the board.", ("#praise NAME",))
    if words == "ask":
        return _ask(scene)
    own = _own(order, scene)
    named = words in ("named", "with name")
    if named and not own:
        return Trouble(
            "A name hangs only where the person allowed it. Please put the words below in which they did, or how.",
            (f"#board named\n{HOW}", "#board ask"),
        )
    if named and not str(case.row["complainant_name"]).strip():
        return Trouble("The name of who wrote it is not known, so it cannot hang.", ("#board",))
    keeper = _keeper(scene)
    asked = AskBoard(keeper.email if keeper else scene.by, named, "" if named else own, own if named else "")
    whom = "You are" if keeper is None or keeper.key == scene.key else f"{keeper.name} is"
    return Deed(f"{whom} shown the words as they would hang, and asked.", (asked,), what="board_asked")


def _ask(scene: Scene) -> Deed | Trouble:
    """A letter to the giver: may their name stand below their words?"""
    case = the_case(scene)
    words = str(case.praise.get("words") or "")
    if case.praise.get("board") not in ("asked", "shown") or not words:
        return Trouble("First say which words would hang; then their giver can be asked.", ("#board",))
    if not case.row["complainant_email"] or case.row["contact"] not in ("email", None):
        return Trouble("They cannot be asked by mail. Please ask them another way.", (f"#board named\n{HOW}",))
    asked = Praised({"consent": f"{ASKED} on {scene.now:%Y-%m-%d}", "by": scene.by})
    who_hears = _keeper(scene)
    told = f" Their answer goes to {who_hears.name}." if who_hears is not None and who_hears.key != scene.key else ""
    return Deed(
        f"They are asked whether their name may stand below their words.{told}",
        (asked, Write(LetterKind.BOARD_CONSENT, words)), what="board_consent_asked",
    )  # fmt: skip


def _keeper(scene: Scene) -> Person | None:
    """Who looks after the board; None: nobody but whoever asks."""
    role = scene.policy.praise.keeper if scene.policy.praise else ""
    found = scene.people.at(scene.officer(role).email) if role else scene.person
    return found or scene.person


def _hang(mark: str, scene: Scene) -> Deed | Trouble:
    case = the_case(scene)
    role = scene.policy.praise.keeper if scene.policy.praise else ""
    keeper = _keeper(scene)
    may = scene.person is None or not role or scene.people.may(scene.person.email, scene.policy, role)
    if not may and keeper is not None and keeper.key != scene.key:
        return Trouble(f"What hangs on the board is for {keeper.name} to say.", ("#board",))
    if case.praise.get("board") != "asked" or not case.praise.get("words"):
        return Trouble("No words wait for the board.", ("#board",))
    if mark != fingerprint(case.praise):
        return Trouble("The words that you were shown are not the ones that wait now. Please look again.", ("#board",))
    if case.row["restricted"]:
        return Trouble(f"{case.reference} is restricted, so nothing of it hangs on the board.")
    hung = Praised({"board": "shown", "shown_at": scene.now, "by": scene.by})
    return Deed(
        "It hangs on the board now. #board off takes it down.", (hung,), what="board_hung",
        detail={"words": case.praise["words"], "name": case.praise["named"]},
    )  # fmt: skip


def _off(scene: Scene) -> Deed | Trouble:
    case = the_case(scene)
    state = case.praise.get("board")
    if state not in ("shown", "asked"):
        return Trouble(f"Nothing of {case.reference} hangs on the board.", ("#board",))
    said = "It no longer hangs on the board." if state == "shown" else "It will not hang on the board."
    return Deed(said, (Praised({"board": "off", "shown_at": None, "by": scene.by}),), what="board_off")


COMMANDS = (
    Command("praise", "#praise @NAME, or #praise all of AREA", "passes kind words on to the people they are about",
            praise, takes_text=True, also=("compliment",)),
    Command("board", "#board, #board ask, #board named, or #board off",
            "hangs kind words on the board without any name, once who keeps it has said yes; asks their giver for "
            "their name; takes them down", board, takes_text=True),
)  # fmt: skip
