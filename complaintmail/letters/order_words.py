"""A command in plain words, for people who never wrote one: "gives the case to Hal Handler" for `#assign hal@…`.

Promises words for every line that is offered back, whatever stands in it; what it does not know it quotes. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping

_KINDS = {
    "complaint": "a complaint",
    "compliment": "praise",
    "enquiry": "an enquiry, and no complaint",
    "spam": "spam",
}
_LABELS = {
    "#status": "How does it stand?",
    "#help": "What can I write?",
    "#record": "Fill in what is missing",
    "#reply": "Write to the complainant",
    "#assign me": "Deal with it yourself",
    "#assign NAME": "Give it to somebody",
    "#note": "Keep it as a note",
    "#yes": "Yes",
    "#called": "I have spoken with them",
    "#answered today HOW": "It was answered elsewhere",
    "#answered today by letter": "It was answered by letter",
    "#close REASON": "Close it all the same, and say why",
    "#reopen REASON": "Open it again, and say why",
    "#contact email": "They may be written to again",
    "#confirm name@example.org": "Give their address, and confirm it",
    "#confirm by post": "Print it, and post it",
    "#ask-in-writing name@example.org": "Give their address, and ask for it",
    "#ask-in-writing by post": "Print it, and post it",
    "#consult name@example.org": "Say whom to ask",
    "#action TEXT by DATE @NAME": "Note what is to be done",
    "#share name@example.org": "Say with whom to share it",
    "#ask": "Ask them something",
    "#praise NAME": "Pass it on to somebody",
    "#board named": "Say how they allowed their name",
    "#board ask": "Ask them whether their name may hang",
    "#met today": "Write your notes of it",
    "#meeting 17 March 14:30 PLACE": "Invite them to a meeting",
}


def label_for(line: str, names: Mapping[str, str]) -> str:
    """What a link that opens this command is called."""
    if line in _LABELS:
        return _LABELS[line]
    said = in_words(line, names)
    return f"Do: {line}" if said.startswith("does this") else said[:1].upper() + said[1:]


def in_words(line: str, names: Mapping[str, str]) -> str:
    """What this command does, as the end of a sentence that a yes begins. `names`: people by their address."""
    name, _, rest = line.strip().partition(" ")
    rest = rest.strip()
    who = names.get(rest.lower(), rest)
    match name.lower():
        case "#assign" if rest:
            return f"gives the case to {'you' if rest.lower() == 'me' else who}"
        case "#praise" if rest:
            return f"passes the kind words on to {who}"
        case "#board":
            return "takes it off the board" if rest == "off" else "asks whether it may hang on the board, without names"
        case "#about" if rest:
            return f"says that the case is about {who}, who then gets nothing of it"
        case "#kind" if rest.lower() in _KINDS:
            return f"says that it is {_KINDS[rest.lower()]}"
        case "#severity" if rest:
            return f"sets its severity to {rest}"
        case "#serious":
            return "marks the case as serious and tells the directors"
        case "#mine":
            return "notes that you are seeing to it"
        case "#close":
            return f"closes the case ({rest})" if rest else "closes the case"
        case "#settled":
            return "closes the case as settled at once"
        case "#called":
            return f"notes that you have spoken with them ({rest or 'today'})"
        case "#posted":
            return f"notes that a letter was posted ({rest or 'today'})"
        case "#answered":
            return f"notes that they were answered ({rest or 'today'})"
        case "#due" if rest:
            return f"sets a new date for the answer ({rest})"
    return f"does this: {line.strip()}"
