"""Is this nothing but thanks? Asked of mail on a case that is finished, where a person need not be bothered with it.

Owns one careful question. Promises: yes only where every word is known to be harmless, names aside, and nothing turns
("but", "still", a question); whatever else is said is a person's to read. Pure.
"""

from __future__ import annotations

import re

from complaintmail.triage.rules import weigh

LONGEST = 60  # words
STRANGE = 4  # words with a capital that may be names

_WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
_TURNS = re.compile(
    r"(?i)\b(?:but|however|although|though|yet|still|except|unless|until|unfortunately|sadly|only|instead|despite|"
    r"not?|never|nothing|nobody|none|neither|nor|cannot|without|appeal|reopen|unhappy|dissatisfied|disagree|reject|"
    r"why|when|what|which|where|who|how|please|could|would|should|can|want|need|wish|expect)\b|n['’]t\b|[?§£€$]"
)
_THANKS = re.compile(r"(?i)\b(?:thank you|thanks|thankful|grateful|much appreciated|appreciate)\b")
_HARMLESS = frozenset(
    """a afternoon again all am and answer answered answering appreciate appreciated as at be been best bye case cheers
    complaint concern day dealing dear effort efforts email evening ever everybody everyone excellent fast fine for
    friendly from giving glad good grateful gratefully great greatly had handling happy has have having hello help
    helped helpful helping hi i i'm in indeed into is issue it it's kind kindest kindly kindness letter looking lot
    love lovely madam mail many matter me mine morning mr mrs ms much my nice now of ok okay on our out outcome
    patience patient perfect pleased polite prompt promptly putting quick quickly read really received receiving
    regards reply resolved resolving respond responding response right satisfied sent service sincerely sir so soon
    sorry sorted sorting speaking speedy staff support taking team telling thank thankful thanks that that's the
    their them these they this those time to today told trouble truly understanding us very warm was we weekend well
    were wishes with wonderful work yes you you've your yours""".split()  # noqa: SIM905 - a word list is read as running text
)


def only_thanks(text: str) -> bool:
    """Do these words, which their writer added, say thanks and nothing else?"""
    words = _WORD.findall(text.replace("’", "'"))
    if not words or len(words) > LONGEST or not _THANKS.search(text) or _TURNS.search(text):
        return False
    strange = {word for word in words if word.lower() not in _HARMLESS}
    if len(strange) > STRANGE or any(word.islower() for word in strange):
        return False
    weights = weigh(" ".join(sorted(strange)))
    return not (weights.complaint or weights.doubt or weights.harm)
