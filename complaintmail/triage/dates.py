"""The day and the time of day that a few words of a person name, read as people in the UK write them.

Owns that reading. Promises: 3/4 is 3 April; an impossible day, one that contradicts its weekday, or words that name no
one day give a sentence that asks for it, and are never bent into a day; nothing is raised. Pure: `today` is an
argument, and only the first 2000 characters are looked at.

How the loose words are read, to be shown back: a day without a year is the next one ahead, today included, or with
`past` the last one gone, today included. "Friday" is the coming one (`past`: the last one), never today, which is
asked about; "this Friday" may be today; "next Friday" is the Friday of next week, a week beginning on Monday;
"last Friday" is the last one before today; "Friday week" is a week after the coming one; the end of a week is its
Friday. "before 17 March" names 17 March. When words name several days, the day they begin with counts, then one after
"by", then one after "on", then the first.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta

from complaintmail.triage.day_words import (
    AMOUNT_WORD,
    AMOUNTS,
    DAY_NAMES,
    MONTH_NAMES,
    MONTH_WORD,
    MONTHS,
    ORDINAL_WORD,
    ORDINALS,
    RELATIVE,
    RELATIVE_WORD,
    WEEKDAY_WORD,
    WEEKDAYS,
)
from complaintmail.triage.spelling import plain

LOOKED_AT = 2000
FAR = 20  # years

_FRONT = (
    r"(?:(?P<front>no later than|not later than|by|until|till|before|on|for|from|within|in|due)\s+)?"
    r"(?:the\s+)?(?:(?:(?:close|end)\s+of\s+(?:play|business|day)|end\s+of)\s+(?:on\s+)?)?"
)
_DAY = rf"(?P<day>\d{{1,2}})(?:\s?(?:st|nd|rd|th))?(?![\d:])|(?P<ordinal>{ORDINAL_WORD})\b"
_WEEKDAY = rf"(?:(?P<weekday>{WEEKDAY_WORD})\b\.?,?\s+(?:the\s+)?)?"
_YEAR = r"(?:\s*,?\s*(?:(?P<year>(?:19|20|21)\d\d)(?![\d:])|(?:['’]|(?=2\d\s*(?:$|[,;)])))(?P<short>\d\d)(?!\d)))?"
_STAMP = re.compile(r"(\d{4}-\d\d-\d\d)T(?=\d\d:)")
_FRONT_ONLY = re.compile(
    r"(?i)(?:(?:no|not) later than|by|until|till|before|on|for|from|within|due)\s+(?:the\s+)?|the\s+"
)
_EDGE = r"(?<![\w£$€/.\-])"
_NOT_MORE = r"(?![\w/]|[.\-:]\d|['’]s\b)"

_SHAPES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(rf"(?i){_EDGE}{_FRONT}{shape}{_NOT_MORE}"))
    for name, shape in (
        ("iso", rf"{_WEEKDAY}(?P<year>\d{{4}})[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}})"),
        (
            "numbers",
            rf"{_WEEKDAY}(?P<day>\d{{1,2}})(?P<sep>\s?[/.\-]\s?)(?P<month>\d{{1,2}})(?P=sep)(?P<year>\d{{4}}|\d\d)",
        ),
        ("slash", rf"{_WEEKDAY}(?P<day>\d{{1,2}})(?P<sep>[/.\-])(?P<month>\d{{1,2}})"),
        ("day-month", rf"{_WEEKDAY}(?:{_DAY})[\s\-]*(?:of\s+)?(?P<month>{MONTH_WORD})\b\.?[\s\-]?{_YEAR}"),
        (
            "month-day",
            rf"{_WEEKDAY}(?P<month>{MONTH_WORD})\b\.?\s+(?:the\s+)?(?:{_DAY}){_YEAR}",
        ),
        ("end", rf"(?:the\s+)?(?:very\s+)?end\s+of\s+(?P<month>{MONTH_WORD})\b\.?{_YEAR}"),
        ("end-of", r"(?:the\s+)?end\s+of\s+(?:the\s+)?(?P<which>(?:this|next)\s+)?(?P<what>week|month|year)"),
        ("relative", rf"(?P<word>{RELATIVE_WORD})(?P<week>\s+week)?"),
        ("weekday-week", rf"(?:a\s+)?(?:week|(?P<two>fortnight))\s+(?:on\s+)?(?P<weekday>{WEEKDAY_WORD})\b"),
        ("weekday", rf"(?:(?P<which>this|next|last|coming|this\s+coming)\s+)?(?P<weekday>{WEEKDAY_WORD})\b"
                    r"(?P<week>\s+(?:week|fortnight)\b|\s+next\b(?!\s+week)|\s+(?:next|last)\s+week\b)?"),
        ("amount", rf"(?P<amount>\d{{1,4}}|{AMOUNT_WORD})\s+(?P<working>(?:working|business|week)[\s\-]?)?"
                   r"(?P<unit>days?|weeks?|fortnights?|months?)(?:['’]?\s+time\b)?"
                   r"(?P<dir>\s+(?:ago|back|from\s+(?:now|today)|hence))?"),
        ("fortnight", r"(?:(?:a|one)\s+)?(?P<unit>fortnight)(?:['’]s?\s+time\b)?(?P<dir>\s+ago)?"),
        ("weekday-number", rf"(?P<weekday>{WEEKDAY_WORD})\s+(?:the\s+)?(?P<day>\d{{1,2}})(?!\s?[ap]\.?m|\s?o.?clock)"),
        ("ordinal", rf"(?:(?P<weekday>{WEEKDAY_WORD})\b,?\s+(?:the\s+)?)?"
                    rf"(?:(?P<day>\d{{1,2}})\s?(?:st|nd|rd|th)|(?P<ordinal>{ORDINAL_WORD})\b)"
                    r"(?P<which>\s+of\s+(?:this|next|last)\s+month\b)?"),
        ("vague", rf"(?:(?:early|mid|late|beginning of|start of|middle of)[\s\-]+(?:next\s+|this\s+)?"
                  rf"(?:{MONTH_WORD}|week|month)\b|(?:next|this|last)\s+(?:week|month|year)\b|(?P<only>{MONTH_WORD})\b{_YEAR})"),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    end: int
    rank: int
    day: date | None
    problem: str | None


def day_in(words: str, today: date, *, past: bool = False) -> tuple[date | None, str, str | None]:
    """The day that the words name, the words without it, and what is wrong with it, in a sentence for its writer."""
    words = _STAMP.sub(r"\1 ", words[:LOOKED_AT]) + words[LOOKED_AT:]
    best = _best(words[:LOOKED_AT], today, past)
    if best is None:
        return None, words.strip(), None
    return best.day, _without(words, best.start, best.end), best.problem


def day_words(words: str) -> str | None:
    """Only the words that name a day, without "by" or "on" before them; whether the day exists is not looked into."""
    best = _best(words[:LOOKED_AT], date(2024, 1, 1), False)
    if best is None:
        return None
    found = words[best.start : best.end].strip()
    return found[front.end() :] if (front := _FRONT_ONLY.match(found)) else found


def _best(words: str, today: date, past: bool) -> _Found | None:
    best: _Found | None = None
    for found in _all(words, today, past):
        if best is None or (found.rank, found.start, -found.end) < (best.rank, best.start, -best.end):
            best = found
    return best


def _all(words: str, today: date, past: bool) -> Iterator[_Found]:
    begins = len(words) - len(words.lstrip(" \t,;:.-–"))
    for name, shape in _SHAPES:
        for match in shape.finditer(words):
            front = (match["front"] or "").lower()
            first = match.start() <= begins
            if not _meant(name, match, words, front, first):
                continue
            read = _day_of(name, match, front, today, past)
            if read is None:
                continue
            day, problem = read
            rank = 0 if first else 1 if front in _DEADLINES else 2 if front else 3
            yield _Found(match.start(), match.end(), rank + 4 * (name == "vague"), day, problem)


_DEADLINES = ("by", "until", "till", "before", "no later than", "not later than")
_GOES_ON = re.compile(
    r"(?i)\s*(?:$|[.,;:!?)@(\-–—]|\b(?:at|by|to|and|or|in|with|for|via|please|she|he|they|we|i|as|because|agreed)\b|\d{1,2}[:.]\d\d)"
)
_ABBREVIATED = re.compile(r"(?i)sat|sun|wed|mon|fri|tue|thu|thur")


def _meant(name: str, match: re.Match[str], words: str, front: str, first: bool) -> bool:
    """Do these words surely name a day here? 24/7, the 2nd floor, "she sat" and "you may" do not."""
    leads = first or bool(front)
    if name == "slash":
        if match.group() == "24/7":
            return False
        if match["sep"] == "/":
            return (leads or not words[match.end() :].strip()) and not re.match(r"(?i)\s+of\b", words[match.end() :])
        clock = match["sep"] == "." and (int(match["month"]) > 12 or re.match(r"(?i)\s?[ap]\.?m", words[match.end() :]))
        return leads and not clock and 1 <= int(match["month"]) <= 12 and match["sep"] != "-"
    if name in ("ordinal", "weekday-number"):
        return leads and bool(_GOES_ON.match(words, match.end()))
    if name == "vague":
        return leads and (not match["only"] or first or front in _DEADLINES)
    if name == "weekday" and _ABBREVIATED.fullmatch(match["weekday"]):
        if match.group().lower() == "the sun":
            return False
        return leads or bool(match["which"]) or match["weekday"][0].isupper()
    if name in ("amount", "fortnight"):
        return front in ("in", "within") or bool(match["dir"]) or "time" in match.group().lower()
    return True


def _day_of(
    name: str, match: re.Match[str], front: str, today: date, past: bool
) -> tuple[date | None, str | None] | None:
    told = match.groupdict()
    if told.get("weekday") and name in ("weekday", "weekday-week"):
        return _weekday(told, WEEKDAYS[_key(told["weekday"])], today, past, week=name == "weekday-week")
    if name == "relative":
        return today + timedelta(days=RELATIVE[_key(told["word"])] + (7 if told["week"] else 0)), None
    if name in ("amount", "fortnight"):
        return _from_today(told, today, past)
    if name == "end-of":
        return _end_of(told["what"].lower(), (told["which"] or "").lower().startswith("next"), today), None
    if name == "vague":
        said = match.group().strip()
        return None, f"“{said}” is not one day. Please write the date, for example 17 March."
    if name in ("ordinal", "weekday-number"):
        return _of_month(told, today, past)
    month = int(told["month"]) if told["month"].isdigit() else MONTHS[_key(told["month"])]
    year = _year(told, today)
    if name == "end":
        years = [year] if year else [today.year - 1, today.year, today.year + 1]
        return _nearest([date(y, month, monthrange(y, month)[1]) for y in years], today, past), None
    day = int(told["day"]) if told.get("day") else ORDINALS[_key(told["ordinal"])]
    return _checked(match, day, month, year, today, past)


def _key(word: str) -> str:
    return re.sub(r"[\s\-]+", " ", plain(word))


def _year(told: dict[str, str], today: date) -> int | None:
    short = told.get("short")
    said = told.get("year") or short
    if said is None:
        return None
    return int(said) if len(said) == 4 else 2000 + int(said)


def _checked(
    match: re.Match[str], day: int, month: int, year: int | None, today: date, past: bool
) -> tuple[date | None, str | None]:
    told = match.groupdict()
    if year is not None and abs(year - today.year) > FAR:
        return None, f"The year {year} is too far away. Please write the date again."
    if month > 12 and day <= 12:
        swapped = f"{month} {MONTH_NAMES[day - 1]}" if month <= 31 else "17 March"
        return None, f"“{match.group().strip()}” is no date here: the day comes first. Did you mean {swapped}?"
    if not 1 <= month <= 12 or not 1 <= day <= monthrange(2024, month)[1]:
        return None, _impossible(match, month, year)
    if year is None:
        days = [date(y, month, day) for y in range(today.year - 8, today.year + 9) if day <= monthrange(y, month)[1]]
        found = _nearest(days, today, past)
    elif day > monthrange(year, month)[1]:
        return None, _impossible(match, month, year)
    else:
        found = date(year, month, day)
    weekday = told.get("weekday")
    if weekday and found.weekday() != WEEKDAYS[_key(weekday)]:
        real, said = DAY_NAMES[found.weekday()], DAY_NAMES[WEEKDAYS[_key(weekday)]]
        return None, f"{_long(found)} is a {real}, not a {said}. Please write the date again."
    return found, None


def _impossible(match: re.Match[str], month: int, year: int | None = None) -> str:
    said = match.group().strip()
    front = _FRONT_ONLY.match(said)
    said = said[front.end() :] if front else said
    if not 1 <= month <= 12:
        return f"“{said}” is no date. Please write it as day, month and year, for example 17/3/2026."
    days = monthrange(year or 2024, month)[1]
    when = f"{MONTH_NAMES[month - 1]}{f' {year}' if year else ''}"
    return f"There is no {said}: {when} has {days} days. Please write the date again."


def _long(day: date) -> str:
    return f"{day.day} {MONTH_NAMES[day.month - 1]} {day.year}"


def _nearest(days: list[date], today: date, past: bool) -> date:
    gone = [day for day in days if day <= today]
    ahead = [day for day in days if day >= today]
    return (gone or ahead)[-1 if gone else 0] if past else (ahead or gone)[0 if ahead else -1]


def _weekday(
    told: dict[str, str], weekday: int, today: date, past: bool, *, week: bool
) -> tuple[date | None, str | None]:
    which = (told.get("which") or "").lower()
    after = _key(told.get("week") or "").strip()
    this_week = today + timedelta(days=weekday - today.weekday())
    coming = this_week + timedelta(days=7 * (this_week <= today))
    last = this_week - timedelta(days=7 * (this_week >= today))
    if week or after == "week":
        return coming + timedelta(days=14 if told.get("two") else 7), None
    if after == "fortnight":
        return coming + timedelta(days=14), None
    if which == "next" or after == "next week":
        return this_week + timedelta(days=7), None
    if after == "last week":
        return this_week - timedelta(days=7), None
    if which == "last":
        return last, None
    if which == "this" and this_week == today:
        return today, None
    if not which and this_week == today:
        name = DAY_NAMES[weekday]
        return None, f"Today is a {name}. Please write “today”, or the date of the {name} that you mean."
    return last if past else coming, None


def _from_today(told: dict[str, str], today: date, past: bool) -> tuple[date | None, str | None]:
    if told.get("working"):
        return None, "Working days are not counted here. Please write the date itself, for example 17 March."
    said = told.get("amount") or "one"
    amount = int(said) if said.isdigit() else AMOUNTS[_key(said)]
    back = -1 if (told.get("dir") or "").strip().lower() in ("ago", "back") else 1
    unit = told["unit"].lower()
    if unit.startswith("month"):
        months = today.year * 12 + today.month - 1 + back * amount
        year, month = divmod(months, 12)
        found = date(year, month + 1, min(today.day, monthrange(year, month + 1)[1])) if amount <= 240 else None
    else:
        days = amount * (1 if unit.startswith("day") else 14 if unit.startswith("fortnight") else 7)
        found = today + timedelta(days=back * days) if days <= 366 * FAR else None
    if found is None:
        return None, "That is too far away. Please write the date itself, for example 17 March."
    return found, None


def _end_of(what: str, following: bool, today: date) -> date:
    if what == "week":
        return today + timedelta(days=4 - today.weekday() + 7 * (following or today.weekday() > 4))
    if what == "year":
        return date(today.year + following, 12, 31)
    year, month = divmod(today.year * 12 + today.month - 1 + following, 12)
    return date(year, month + 1, monthrange(year, month + 1)[1])


def _of_month(told: dict[str, str], today: date, past: bool) -> tuple[date | None, str | None]:
    """ "the 17th": of this month, or the next one that has such a day; `past`, of this or an earlier one."""
    day = int(told["day"]) if told["day"] else ORDINALS[_key(told["ordinal"])]
    if not 1 <= day <= 31:
        return None, f"There is no day {day} in any month. Please write the date again."
    which = (told.get("which") or "").lower()
    months = [1] if "next" in which else [-1] if "last" in which else [0] if "this" in which else range(-2, 3)
    days = []
    for away in months:
        year, month = divmod(today.year * 12 + today.month - 1 + away, 12)
        if day <= monthrange(year, month + 1)[1]:
            days.append(date(year, month + 1, day))
    if not days:
        return None, f"That month has no day {day}. Please write the date again."
    found = _nearest(days, today, past)
    if told.get("weekday") and found.weekday() != WEEKDAYS[_key(told["weekday"])]:
        real = DAY_NAMES[found.weekday()]
        return None, f"{_long(found)} is a {real}. Please write the date with its month."
    return found, None


def _without(words: str, start: int, end: int) -> str:
    rest = f"{words[:start].rstrip(' ,;:')} {words[end:].lstrip(' ,;:.')}"
    return rest.strip(" \t,;:–-")


_HALF = r"(?:\s?(?P<half>[ap])\.?m\b\.?)"
_TIMES = (
    re.compile(
        rf"(?i){_EDGE}(?:at\s+)?(?P<from>\d{{1,2}}(?:[:.][0-5]\d)?)\s?(?:[-–]|to)\s?"
        rf"(?P<till>\d{{1,2}}(?:[:.][0-5]\d)?){_HALF}"
    ),
    re.compile(rf"(?i){_EDGE}(?:at\s+)?(?P<hour>\d{{1,2}})(?:[:.](?P<minute>[0-5]\d))?{_HALF}"),
    re.compile(
        rf"(?i){_EDGE}(?:at\s+)?(?P<hour>\d{{1,2}})[:.h](?P<minute>[0-5]\d)(?![\d]|[./]\d)(?:\s?h(?:rs|ours)?\b)?"
    ),
    re.compile(
        rf"(?i)\b(?:at\s+)?(?:(?P<part>half|quarter)\s+(?P<way>past|to)|(?P<part2>half))\s+"
        rf"(?P<hour>\d{{1,2}}|{AMOUNT_WORD})(?:\s+o['’]?clock)?\b{_HALF}?"
    ),
    re.compile(rf"(?i)\b(?:at\s+)?(?P<hour>\d{{1,2}}|{AMOUNT_WORD})\s?o['’]?clock\b{_HALF}?"),
    re.compile(r"(?i)\b(?:at\s+)?(?P<hour>[0-2]\d)(?P<minute>[0-5]\d)\s?h(?:rs|ours)?\b"),
    re.compile(r"(?i)\b(?:at\s+)?(?P<noon>noon|midday)\b"),
    re.compile(
        r"(?i)\bat\s+(?P<hour>\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b(?![\d:./]|\s+\w)"
    ),
)


def time_in(words: str) -> tuple[time | None, str]:
    """The time of day that the words name, and the words without it. One to six without "am" is the afternoon."""
    for shape in _TIMES:
        for match in shape.finditer(words[:LOOKED_AT]):
            found = _time_of({name: said for name, said in match.groupdict().items() if said})
            if found is not None:
                until = match.groupdict().get("till")
                after = f" until {until}{match['half']}m" if until else ""
                rest = _without(words, match.start(), match.end()) if not after else ""
                return found, rest or _without(f"{words[: match.start()]}{after} {words[match.end() :].lstrip()}", 0, 0)
    return None, words.strip()


def _time_of(told: dict[str, str]) -> time | None:
    if "noon" in told:
        return time(12)
    hours, _, minutes = told.get("from", "").replace(".", ":").partition(":")
    said = told.get("hour") or hours
    hour = int(said) if said.isdigit() else AMOUNTS[_key(said)]
    minute = int(told.get("minute") or minutes or 0)
    if "part" in told or "part2" in told:
        minute = 15 if told.get("part") == "quarter" else 30
        if told.get("way") == "to":
            hour, minute = (hour or 24) - 1, 60 - minute
            hour = hour or 12
    half = told.get("half", "").lower()
    if half:
        if hour > 12 or (hour == 0 and half == "p"):
            return time(hour, minute) if 12 < hour < 24 and half == "p" else None
        hour = hour % 12 + 12 * (half == "p")
        till = told.get("till", "").partition(":")[0].partition(".")[0]
        if till and half == "p" and int(till) != 12 and hour > 12 + int(till):
            hour -= 12  # 10-2pm begins in the morning
    elif 1 <= hour <= 6 and not said.startswith("0"):
        hour += 12
    return time(hour, minute) if hour < 24 else None
