"""The words for days, months and amounts, as people type them in a hurry.

Owns the tables and nothing else; the commonest misspellings are among them.
"""

from __future__ import annotations

_MONTHS = """january jan janury januray|february feb febuary feburary|march mar|april apr|may|june jun|july jul|
august aug|september sept sep setpember|october oct|november nov|december dec"""
_WEEKDAYS = """monday mon mondya|tuesday tue tues tuseday teusday|wednesday wed weds wendesday wednseday wedensday|
thursday thu thur thurs thrusday thurday|friday fri firday|saturday sat saterday|sunday sun"""
_NUMBERS = "one two three four five six seven eight nine ten eleven twelve"
_TENS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth"
)
_MORE = "sixteenth seventeenth eighteenth nineteenth twentieth"

MONTHS = {word: n for n, words in enumerate(_MONTHS.split("|"), 1) for word in words.split()}
WEEKDAYS = {word: n for n, words in enumerate(_WEEKDAYS.split("|")) for word in words.split()}
AMOUNTS = {word: n for n, word in enumerate(_NUMBERS.split(), 1)} | {"a couple of": 2, "couple of": 2, "a": 1, "an": 1}
ORDINALS = {word: n for n, word in enumerate(f"{_TENS} {_MORE}".split(), 1)}
ORDINALS |= {f"twenty {word}": 20 + n for word, n in list(ORDINALS.items())[:9]} | {"thirtieth": 30, "thirty first": 31}
RELATIVE = {
    "today": 0, "tonight": 0, "this morning": 0, "this afternoon": 0, "this evening": 0, "just now": 0,
    "tomorrow": 1, "tomorow": 1, "tommorow": 1, "tommorrow": 1, "tmrw": 1, "2moro": 1, "day after tomorrow": 2,
    "yesterday": -1, "yesturday": -1, "last night": -1, "day before yesterday": -2,
}  # fmt: skip

MONTH_NAMES = tuple(words.split()[0].capitalize() for words in _MONTHS.split("|"))
DAY_NAMES = tuple(words.split()[0].capitalize() for words in _WEEKDAYS.split("|"))


def _one_of(words: dict[str, int]) -> str:
    return "|".join(word.replace(" ", r"[\s\-]+") for word in sorted(words, key=len, reverse=True))


MONTH_WORD = f"(?:{_one_of(MONTHS)})"
WEEKDAY_WORD = f"(?:{_one_of(WEEKDAYS)})"
ORDINAL_WORD = f"(?:{_one_of(ORDINALS)})"
AMOUNT_WORD = f"(?:{_one_of(AMOUNTS)})"
RELATIVE_WORD = f"(?:{_one_of(RELATIVE)})"
