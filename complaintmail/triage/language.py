"""Which language a text is in, as far as it matters here: English, Welsh or another.

Owns one careful guess from the small words that no text does without. Promises: too few words to tell is English, so
that a short mail is read by the rules; never raises; linear. It decides how a person is answered and who reads, never
whether somebody is.
"""

from __future__ import annotations

# ruff: noqa: SIM905 - word lists are read as running text
from collections.abc import Sequence

from complaintmail.triage.kept import Kept

ENOUGH = 8  # words; fewer tell nothing
SHARE = 0.12  # of the words of an English text, at the least, are its small words

ENGLISH = frozenset(
    "the a an and or of to in is was were be been are i my me we our you your it that this for on with at as have "
    "has had not but by from they he she his her there what when which will would can could do did if so about "
    "please".split()
)
WELSH = frozenset(
    "y yr yn ar am ei eu mae ddim wedi nid oedd bod fy chi ni eich gan gyda dros hyn hwn hon ond neu fel os nad "
    "dim rwy rydw rwyf dw roedd dydy dyw yw ydy sydd i o a wrth ers fod dwi'n mae'r dydy'r i'r o'r a'r ac iawn "
    "heb cael gael ein ddoe diolch cwyn gwyno".split()
)
_WELSH_ALONE = WELSH - {"i", "a", "o", "am", "y", "as", "ac", "an"}


def _telling(words: str) -> bool:
    return any(len(word) > 2 and word not in ENGLISH and word[0].isalpha() for word in words.split(" "))


telling = Kept(_telling, 20_000)  # does a word, or one of a pair, tell a reader anything? Small words and signs do not


def language(words: Sequence[str]) -> str:
    """ "en", "cy" or "other", from the lower-case words of a text in their order."""
    if len(words) < ENOUGH:
        return "en"
    english = sum(map(ENGLISH.__contains__, words)) / len(words)
    alone = sum(map(_WELSH_ALONE.__contains__, words))
    if alone >= 3 and sum(map(WELSH.__contains__, words)) / len(words) >= max(0.15, english):
        return "cy"
    return "en" if english >= SHARE else "other"
