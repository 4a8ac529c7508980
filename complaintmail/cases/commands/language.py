"""The command that says in which language somebody wrote, where the program took it for another."""

from __future__ import annotations

from complaintmail.cases.commands.table import Command, Order, the_case
from complaintmail.cases.deeds import Change, Deed, Trouble
from complaintmail.cases.scene import Scene

LANGUAGES = {"english": "en", "en": "en", "welsh": "cy", "cymraeg": "cy", "cy": "cy", "other": "other"}
IN_WORDS = {"en": "in English", "cy": "in Welsh", "other": "in another language"}


def language(order: Order, scene: Scene) -> Deed | Trouble:
    """Letters from now on begin in it, where there are such letters; what has gone is not sent again."""
    case = the_case(scene)
    meant = LANGUAGES.get(order.rest.strip().lower().rstrip(".!"))
    if meant is None:
        said = order.rest.strip()
        return Trouble(
            f'"{said}" is no language that letters are written in.' if said else "Which language is it in?",
            ("#language english", "#language welsh", "#language other"),
        )
    before = str(case.course.get("language") or "en")
    course = {**case.course, "language": meant, "language_said": True}
    said = f"Noted: they write {IN_WORDS[meant]} (it was taken to be {IN_WORDS.get(before, before)})."
    if meant == "cy":
        said += " Letters to them begin in Welsh where there is such a letter, with the English below."
    return Deed(said, (Change({"course": course}),), back=True, detail={"language": meant})


COMMANDS = (
    Command("language", "#language english/welsh/other", "corrects in which language they wrote", language),
)  # fmt: skip
