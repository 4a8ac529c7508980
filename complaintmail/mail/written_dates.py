"""Dates as mail programs write them for people to read, in the main European languages.

Owns "Sent: 17 March 2026 10:31", "Tue, 17 Mar 2026 at 10:31", "17/03/2026 10:31", "2026-03-17T10:31:00Z". Promises: a
moment with its zone where one is written, else wall time without a zone; None where no day can be read. A day before a
month, as nearly all the world writes, unless only the other way gives a date. Never fails.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

LONGEST = 200

_MONTHS: dict[str, int] = {
    word: number
    for number, words in enumerate(
        (
            "january jan ionawr ion januar jänner jan. janvier janv janv. enero ene gener gen gennaio gen. januari "
            "janeiro "
            "tammikuuta tammikuu tammi styczeń stycznia sty leden ledna januára ianuarie ian ocak január января січня",
            "february feb chwefror chwef februar février févr févr. fév febrero febrer febbraio februari fevereiro fev "
            "helmikuuta helmikuu helmi luty lutego lut únor února februára februarie şubat február февраля лютого",
            "march mar mawrth maw märz mär mrz mars marzo març marc maart mrt março marts maaliskuuta maaliskuu maalis "
            "marzec marca březen března martie mart március március. márc марта березня",
            "april apr ebrill ebr avril avr avr. abril abr aprile aprilie huhtikuuta huhtikuu huhti kwiecień "
            "kwietnia kwi "
            "duben dubna apríla nisan április ápr апреля квітня",
            "may mai mayo maig maggio mag mei maio maj toukokuuta toukokuu touko maja květen května mája mayıs "
            "május máj мая "
            "травня",
            "june jun mehefin meh juni juin junio juny giugno giu junho kesäkuuta kesäkuu kesä czerwiec czerwca cze "
            "červen "
            "června júna iunie haziran június jún июня червня",
            "july jul gorffennaf gorff juli juillet juil juil. julio juliol luglio lug julho heinäkuuta heinäkuu "
            "heinä lipiec "
            "lipca lip červenec července júla iulie temmuz július júl июля липня",
            "august aug awst août aout agosto ago agost augustus augusti elokuuta elokuu elo sierpień sierpnia sie "
            "srpen "
            "srpna augusta ağustos augusztus августа серпня",
            "september sep sept medi septembre septiembre setembre settembre set setembro syyskuuta syyskuu syys "
            "wrzesień "
            "września wrz září septembra septembrie eylül szeptember szept сентября вересня",
            "october oct hydref hyd oktober okt octobre octubre oct. ottobre ott outubro out lokakuuta lokakuu loka "
            "październik października paź říjen října októbra octombrie ekim október октября жовтня",
            "november nov tachwedd tach novembre noviembre novembro marraskuuta marraskuu marras listopad listopada "
            "lis "
            "listopadu novembra noiembrie kasım ноября листопада",
            "december dec rhagfyr rhag dezember dez décembre déc déc. diciembre dic desembre dicembre dezembro "
            "desember des "
            "joulukuuta joulukuu joulu grudzień grudnia gru prosinec prosince decembra decembrie aralık декабря грудня",
        ),
        1,
    )
    for word in words.split()
}
_ZONES = {
    "z": 0, "gmt": 0, "utc": 0, "ut": 0, "wet": 0, "bst": 60, "west": 60, "cet": 60, "mez": 60, "cest": 120,
    "mesz": 120, "eet": 120, "eest": 180, "est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360,
    "pst": -480, "pdt": -420,
}  # fmt: skip
_ISO = re.compile(
    r"(?<!\d)((?:19|20)\d\d)([-/.])(\d{1,2})\2(\d{1,2})(?!\d)|"
    r"(?<!\d)((?:19|20)\d\d)年(\d{1,2})月(\d{1,2})日"
)
_NUMBERS = re.compile(r"(?<![\d:])(\d{1,2})([./-])\s?(\d{1,2})\2\s?((?:19|20)\d\d|\d\d)(?![\d:])")
_WORDS = re.compile(r"[^\W\d_]{2,15}")
_DAY_BEFORE = re.compile(r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|er|\.|º|ª)?\s*[-./ ]?\s*(?:de |d['’]|o |of |af |i )?$")
_DAY_AFTER = re.compile(r"^\.?\s*(\d{1,2})(?:st|nd|rd|th|\.)?(?![\d:])")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?![\d])")
_TIME = re.compile(r"(?<![\d.:])([01]?\d|2[0-3])\s?[:.h]\s?([0-5]\d)(?:[:.]([0-5]\d))?(?!\d)\s*(?:([ap])\.?m\b)?", re.I)
_OFFSET = re.compile(r"(?:\b(?:gmt|utc)\s*)?(?<![\d-])([+\-−])(\d\d?):?(\d\d)?(?!\d)|\b([a-z]{1,4})\b", re.I)


def written_date(words: str) -> datetime | None:
    """The moment that these words tell; without a zone it is wall time of whoever wrote them."""
    words = " ".join(words.replace("\u202f", " ").replace("\u200e", "").split())
    if not words or len(words) > LONGEST:
        return None
    day = _day(words)
    if day is None:
        return None
    (year, month, number), begin, end = day
    rest = words[:begin] + " " + words[end:]
    hour = minute = second = 0
    zone: timezone | None = None
    if time := _TIME.search(rest):
        hour, minute, second = int(time[1]), int(time[2]), int(time[3] or 0)
        if time[4] and 1 <= hour <= 12:
            hour = hour % 12 + (12 if time[4].lower() == "p" else 0)
        zone = _zone(rest[time.end() :])
    try:
        return datetime(year, month, number, hour, minute, second, tzinfo=zone)
    except ValueError:
        return None


def _day(words: str) -> tuple[tuple[int, int, int], int, int] | None:
    """Year, month and day, and where they stand."""
    if found := _ISO.search(words):
        year, month, day = (found[1], found[3], found[4]) if found[1] else (found[5], found[6], found[7])
        return (int(year), int(month), int(day)), *found.span()
    if named := _named_month(words):
        return named
    if found := _NUMBERS.search(words):
        first, second, year = int(found[1]), int(found[3]), int(found[4])
        year += 2000 if year < 100 else 0
        return ((year, first, second) if second > 12 >= first else (year, second, first)), *found.span()
    return None


def _named_month(words: str) -> tuple[tuple[int, int, int], int, int] | None:
    for word in _WORDS.finditer(words):
        month = _MONTHS.get(word[0].lower())
        if month is None:
            continue
        before = _DAY_BEFORE.search(words, max(0, word.start() - 10), word.start())
        after = _DAY_AFTER.match(words[word.end() : word.end() + 10])
        year = _YEAR.search(words, word.end()) or _YEAR.search(words)
        if year is None or not (before or after):
            continue
        day = int(before[1]) if before else int(after[1]) if after else 0
        begin = min(before.start() if before else word.start(), year.start())
        end = max(word.end() + (0 if before or not after else after.end()), year.end())
        return (int(year[1]), month, day), begin, end
    return None


def _zone(words: str) -> timezone | None:
    """The zone written behind the time of day."""
    for found in _OFFSET.finditer(words[:40]):
        if found[1]:
            minutes = int(found[2]) * 60 + int(found[3] or 0)
            if minutes > 14 * 60:
                return None
            return timezone(timedelta(minutes=minutes if found[1] == "+" else -minutes)) if minutes else UTC
        minutes_or_none = _ZONES.get(found[4].lower())
        if minutes_or_none is None:
            continue
        if found[4].lower() in ("gmt", "utc") and re.match(r"\s*[+\-−]\s?\d", words[found.end() :]):
            continue
        return timezone(timedelta(minutes=minutes_or_none)) if minutes_or_none else UTC
    return None
