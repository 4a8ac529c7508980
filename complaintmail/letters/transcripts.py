"""What staff hear back: what was done, what was not understood, an answer shown before it goes, and after it went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from complaintmail.letters.notice import Section
from complaintmail.letters.notices import NOTE, CaseTold, Click, Paper, dates, facts, moment
from complaintmail.letters.order_words import in_words, label_for
from complaintmail.mail.tokens import TOKEN, without_tokens

YES = "A plain reply with the one word yes"
TAKES_TEXT = ("#reply", "#note", "#record")


def answer(
    case: CaseTold | None,
    done: Sequence[tuple[str, str]],
    troubles: Sequence[tuple[str, Sequence[str]]],
    kept: str,
    helped: Sequence[tuple[str, str]] = (),
    names: Mapping[str, str] | None = None,
    *,
    back: bool = False,
) -> Paper:
    """What came of a mail: `done` as (line, what was done), `troubles` as (words, the lines that would be right).
    `names`: people by their address. `back`: #undo can take it back."""
    reference = f" [{case.reference}]" if case else ""
    sections: list[Section] = []
    clicks: list[Click] = []
    if troubles:
        sections.append(
            Section(
                "Nothing was changed",
                items=tuple(words for words, _ in troubles),
            )
        )
        lines = list(dict.fromkeys(line for _, lines in troubles for line in lines))[:8]
        texts = [line for line in lines if line.split()[0] in TAKES_TEXT] or lines
        clicks += [_right(line, kept if line in texts else "", names or {}) for line in lines]
        if kept:
            sections.append(Section("Your text is kept", quoted=kept))
    if done:
        sections.append(
            Section("Done", items=tuple(f"{line}: {said}" if line else said for line, said in done if said))
        )
    if helped:
        sections.append(Section("What you can write", facts=tuple(helped)))
    if case is not None:
        sections += [Section("The case as it stands", facts=facts(case).facts), dates(case)]
        if done and not troubles:
            clicks += [Click("Take it back", "#undo")] if back else []
            clicks += [Click("Keep a note", "#note"), Click("How does it stand?", "#status")]
    said = any(words for _, words in done)
    what = "Not done" if troubles else "This can be written" if helped else "Done" if said else "How it stands"
    shown = [section for section in sections if section.items or section.facts or section.quoted or section.paragraphs]
    return Paper(
        f"{what}{reference}",
        NOTE if case else "A plain reply to this mail changes nothing.",
        tuple(shown) or (Section("", paragraphs=("There was nothing to do.",)),),
        tuple(clicks),
    )


def passed_on(name: str, email: str, reference: str, at: str) -> str:
    """A mail that a colleague forwarded has a case: whose it was taken to be, so that they can put it right."""
    who = f"{name} <{email}>" if name and email else name or email or "somebody whose name is not in it"
    told = "They get an acknowledgement." if email else "Their address is not in it, so please reach them."
    wrong = "If somebody else wrote it, close this case (#close REASON) and record theirs (#record)."
    return f"A case was opened: {reference}, for {who}, who wrote on {at}. {told} {wrong}"


def _right(line: str, kept: str, names: Mapping[str, str]) -> Click:
    """A link to what would be right; a form has the text in it already."""
    first, _, form = line.partition("\n")
    return Click(label_for(first, names), first, form or kept)


def shown_back(case: CaseTold, text: str, why: Sequence[str], to: str) -> Paper:
    """An answer that was not sent yet: it goes as it stands here, on a yes."""
    return Paper(
        f"Look at your answer before it goes [{case.reference}]",
        f"{YES} sends your answer to {to} as it stands here. It was NOT sent yet.",
        (Section("Your answer, as it would go", quoted=text), Section("Why it waits", items=tuple(why))),
        (
            Click("Yes, send it", "#yes"),
            Click("Write it anew", "#reply", "Your answer here."),
            Click("Keep it as a note only", "#note", text),
            Click("Do not send it", "#stop"),
        ),
    )


def on_its_way(case: CaseTold, text: str, at: datetime | None, extra: str, to: str = "") -> Paper:
    """An answer leaves soon, and can be taken back until then."""
    when = f"on {moment(at, case.zone)}" if at else "now"
    return Paper(
        f"Your answer is on its way [{case.reference}]",
        NOTE,
        (
            Section("", paragraphs=tuple(p for p in (f"It goes to {to or case.who} {when}.", extra) if p)),
            Section("As it goes", quoted=text),
        ),
        (Click("Take it back", "#stop"),),
    )


def has_gone(case: CaseTold, text: str, at: datetime, counts: bool) -> Paper:
    said = (
        "It counts as the answer that was owed. If it was only a word in between, say so with the link."
        if counts
        else "It reads like a word in between, so the answer is still owed. If it was the answer, say so with the link."
    )
    click = Click("It was not yet the answer", "#not-yet") if counts else Click("It was the answer", "#answered today")
    return Paper(
        f"Your answer was sent [{case.reference}]",
        NOTE,
        (
            Section("", paragraphs=(f"The mail server took it for {case.who} on {moment(at, case.zone)}.", said)),
            Section("As it was sent", quoted=text),
        ),
        (click, Click("Close the case", "#close REASON")),
    )


def letter_has_gone(case: CaseTold, text: str, at: datetime) -> Paper:
    return Paper(
        f"Your letter was sent [{case.reference}]",
        NOTE,
        (
            Section("", paragraphs=(f"The mail server took it on {moment(at, case.zone)}.",)),
            Section("As it was sent", quoted=text),
            Section("The case as it stands", facts=facts(case).facts),
        ),
        (Click("How does it stand?", "#status"),),
    )


def offered(case: CaseTold | None, lines: Sequence[str], words: str, names: Mapping[str, str] | None = None) -> Paper:
    """A plain order, offered back as the command that it seems to mean. `names`: people by their address."""
    reference = f" [{case.reference}]" if case else ""
    said = " and ".join(in_words(line, names or {}) for line in lines)
    return Paper(
        f"Shall this be done?{reference}",
        f"{YES} {said}. Nothing was done yet.",
        (Section("You wrote", quoted=words),),
        (Click("Yes, do it", "#yes"), Click("No", "#stop")),
    )


def from_elsewhere(address: str, words: str, at: str) -> Paper:
    """A mail of ours to them was answered from an address that is not theirs here."""
    return Paper(
        "Not done: please write from your address here",
        "A plain reply to this mail changes nothing.",
        (
            Section(
                "",
                paragraphs=(
                    f"A mail came on {at} from {address} in answer to one that only you were sent. Only mail from "
                    "your own address here counts, so it changed nothing and went to nobody.",
                    "If you wrote it, perhaps on your phone: please send it again from your address here, in answer to "
                    "the same mail. Its text is below. If you did not, please tell whoever looks after complaints: "
                    "somebody may have read your mail.",
                ),
            ),
            Section("What it said", quoted=without_tokens(words)[:3000]),
        ),
    )


def confirm(subject: str, words: str, why: str, at: str) -> Paper:
    """A mail came in somebody's name that is not proved theirs."""
    return Paper(
        "Did you write this?",
        f"{YES} says that you wrote the mail below. Nothing was done with it yet.",
        (
            Section(
                "",
                paragraphs=(
                    f"A mail in your name came on {at}. It could not be proved that it is yours: {why}.",
                    "If you did not write it, you need do nothing: it changes nothing. Please tell whoever looks after "
                    "your mail.",
                ),
                facts=(("Its subject", " ".join(TOKEN.sub("", subject).split()) or "(none)"),),
            ),
            Section("What it says", quoted=words[:3000]),
        ),
        (Click("Yes, it was me", "#yes"), Click("No, it was not me", "#stop")),
    )
