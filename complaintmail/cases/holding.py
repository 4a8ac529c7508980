"""Is a staff member's mail only a word in between, and not yet the answer?

Owns that one question. Promises to be careful: only where every sentence is a thank-you, a regret, a question to the
complainant or a promise of news is it a word in between; one sentence that could tell something makes it an answer.
"""

from __future__ import annotations

import re

from complaintmail.cases.closings import read_letter

LONGEST = 1500  # characters; who writes more tells something

_SENTENCE = re.compile(r"(?<=[.!?])[\"')\]]*\s+|\n\s*\n|\n(?=[-*•]\s)")
_PROMISE = (
    r"(?:write (?:to you|back)|reply|respond|get back to you|be in touch|come back to you|let you know|update you|"
    r"contact you|answer you|send you (?:a|our|my) (?:full |proper |final )?(?:reply|response|answer|decision)|"
    r"have (?:a|an|our|my) (?:full |proper )?(?:answer|reply|response) (?:for|to) you|ring you|call you|"
    r"write again|write to you again)"
)
_HOLD = re.compile(
    r"\b(?:i|we)(?:'m| am|'re| are) (?:currently |now |still |just )*(?:looking (?:in)?to|investigating|checking|"
    r"making enquiries|"
    r"waiting (?:for|to hear)|speaking (?:to|with)|gathering)"
    r"|\b(?:i|we)(?:'ll| will| shall| am going to| are going to| hope to| aim to| expect to| should be able to) "
    r"(?:now |then |also |be (?:able to )?)?(?:look(?:ing)? into|investigat\w+|check(?:ing)?|" + _PROMISE + r")"
    r"|\byou (?:will|should|can expect to) (?:hear from (?:me|us)|have (?:a|an|our|my) "
    r"(?:full |proper )?(?:reply|answer|response|decision)|receive (?:a|an|our|my) (?:full |proper )?"
    r"(?:reply|answer|response|decision))"
    r"|\b(?:is|are|has been|being) (?:being )?(?:looked into|investigated)"
    r"|\b(?:please )?bear with (?:me|us)\b"
    r"|\b(?:i|we) (?:need|require) (?:a little |some |a bit )?more (?:time|information)",
    re.I,
)
_ASK = re.compile(
    r"^(?:(?:so that|before|to help|in order|meanwhile|in the meantime|first|also|and)\b[^?]{0,120}?)?"
    r"(?:could|can|would|will|may) (?:you|i ask|we ask)\b"
    r"|^(?:please )?(?:could|can|would) you\b"
    r"|^(?:please )(?:let (?:me|us) know|send (?:me|us)|tell (?:me|us)|confirm)\b"
    r"|^(?:what|which|when|where|who|how many|how long|on what|at what|in which|do you (?:have|remember|know|recall)|"
    r"did you|are you able|have you (?:got|kept)|was (?:it|there)|were you|is there a (?:number|time|"
    r"good time))\b[^?]{0,300}\?",
    re.I,
)
_SIGNED = re.compile(r"(?:\n[ \t]*[A-Z][\w'.-]{0,30}(?: [A-Z][\w'.-]{0,30}){0,2}(?<![.!?])[ \t]*)$")
_POLITE = re.compile(
    r"^(?:dear|hi|hello)\b[^.?!]{0,60}$"
    r"|^(?:many |and )?(?:thanks|thank you)\b(?! for agreeing| for accepting)[^.?!]{0,200}[.!]?$"
    r"|^(?:i am|i'm|we are|we're|i was|we were) (?:so |very |really |truly )?(?:sorry|concerned|grateful)\b"
    r"(?! but| we can| i can)[^.?!;]{0,200}[.!]?$"
    r"|^(?:so |very |really )?sorry (?:for|about|to hear)\b[^.?!;]{0,120}[.!]?$"
    r"|^(?:i|we) (?:do )?(?:apologise|apologize) for (?:the|this|any|our) (?:delay|wait|inconvenience|"
    r"late)[^.?!]{0,120}[.!]?$"
    r"|^(?:i|we)(?: have|'ve)? (?:received|got|seen|read|noted) your (?:e-?mail|message|letter|complaint|mail)\b"
    r"[^.?!,;]{0,80}[.!]?$"
    r"|^(?:this|it) (?:may|might|can|will) take (?:a|some|up to|until|about|a few)\b[^.?!]{0,60}[.!]?$"
    r"|^(?:i|we) (?:do )?(?:appreciate|understand) (?:your patience|how (?:frustrat|upset|"
    r"annoy)\w+ this)[^.?!]{0,100}[.!]?$"
    r"|^please (?:do )?(?:not )?(?:worry|be patient)[^.?!]{0,60}[.!]?$"
    r"|^(?:we|i) take (?:this|your complaint|complaints|all complaints) (?:very )?seriously[.!]?$",
    re.I,
)
_TELLS = re.compile(
    r"\b(?:refund\w*|compensat\w*|voucher|goodwill|credit(?:ed)?|discount|offer\w*|replac\w+|repaired|fixed|"
    r"(?:partly |not )?upheld|outcome (?:is|was)|(?:have|has|i|we) decided|our decision is|conclu\w+|"
    r"found (?:that|no)|because|"
    r"resolved|"
    r"closed|rejected|accept that|agree (?:that|with)|cannot|can't|unable|unfortunately|no longer|should have|"
    r"was (?:our|my) (?:fault|mistake)|spoken|disciplin\w+|policy|however|but)\b",
    re.I,
)


def is_holding(text: str) -> bool:
    """Is it only a word in between ("we are looking into it", "which train was it?")? When unsure: no."""
    if len(text) > 20 * LONGEST:
        return False
    body = read_letter(text.replace("’", "'")).body
    if not body or len(body) > LONGEST or "\n>" in body or body.startswith(">"):
        return False
    body = _SIGNED.sub("", body)
    between = False
    for sentence in _SENTENCE.split(body):
        said = " ".join(sentence.split()).lstrip("-*•> ")
        if not any(char.isalpha() for char in said):
            continue
        if _TELLS.search(said):
            return False
        if _HOLD.search(said) or _ASK.search(said):
            between = True
        elif not _POLITE.search(said):
            return False
    return between
