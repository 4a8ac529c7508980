"""Out-of-office notes, where no header says so: by their words, in the main European languages.

Owns the words of absence. Promises not to take a complaint about somebody's absence for a note of absence: a subject
must begin with the words that a program writes, or speak of absence and have a text that does; words of
dissatisfaction in it speak against. Never fails.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from complaintmail.mail.grievance import grievance

# What only a program puts in front of a subject.
_PROGRAM = (
    "automatic reply|automatic response|automated reply|automated response|auto[ -]?reply|auto[ -]?response|"
    "autoresponder|"
    "auto[ -]?responder message|auto(?= ?:)|out of (?:the )?office (?:auto ?-?reply|reply|response|message|"
    "notification|assistant)|vacation (?:reply|response|message)|"
    "away from my (?:e-?)?mail|ymateb awtomatig|ateb awtomatig|neges awtomatig|automatische (?:antwort|rückantwort|"
    "nachricht|"
    "e-?mail-?antwort|abwesenheitsnotiz)|abwesenheits(?:notiz|nachricht|meldung|mitteilung|benachrichtigung|info)|"
    "autoantwort|réponse automatique|message automatique|réponse d['’]absence|message d['’]absence|"
    "notification d['’]absence|avis d['’]absence|"
    "respuesta autom[áa]tica|autorespuesta|contestaci[óo]n autom[áa]tica|mensaje autom[áa]tico|"
    "resposta autom[àáa]tica|"
    "risposta automatica|messaggio automatico|automatisch(?:e)? (?:antwoord|reactie|beantwoording|bericht)|"
    "afwezigheids(?:bericht|melding|assistent)|"
    "mensagem autom[áa]tica|automatiskt svar|autosvar|frånvaromeddelande|automatisk svar|fraværs(?:meddelelse|"
    "melding|besked)|"
    "automaattinen vastaus|poissaoloilmoitus|poissaoloviesti|automatyczna odpowied[źz]|odpowied[źz] automatyczna|"
    "autoodpowied[źz]|automatick[áa] odpov[ěe][ďd]|automatick[áa] odpove[ďd]|automatikus v[áa]lasz|"
    "r[ăa]spuns automat|"
    "otomatik (?:yanıt|cevap)|автоматический ответ|автоответ|автоматична відповідь|αυτόματη απάντηση|"
    "automatski odgovor|"
    "samodejni odgovor|automaatvastus|automātiska atbilde|automatinis atsakymas|автоматичен отговор|自动答复|自动回复|"
    "自動応答|自動返信|자동 회신"
)
# What people write there too.
_ABSENT = (
    "out of (?:the )?office|away from (?:the |my )?(?:office|desk)|on (?:annual |maternity |paternity |parental |"
    "sick )?leave|on holiday|on vacation|"
    "allan o'?r swyddfa|ar wyliau|ar fy ngwyliau|nicht im (?:büro|haus)|außer haus|abwesend|abwesenheit|im urlaub|"
    "absence du bureau|absente? du bureau|absence|absente?|en congés?|fuera de (?:la )?oficina|ausencia|ausente|"
    "de vacaciones|"
    "fora (?:de l'|del? )?(?:oficina|despatx)|fuori (?:ufficio|sede)|assenza|assente|in ferie|afwezigheid|afwezig|"
    "niet aanwezig|"
    "fora do escritório|ausência|de férias|ej på kontoret|inte på kontoret|frånvaro|på semester|ikke (?:på|"
    "til stede på) (?:kontoret|kontor)|"
    "fravær|på ferie|poissa(?: toimistolta)?|lomalla|poza biurem|nieobecno[śs][ćc]|na urlopie|mimo (?:kancelář|"
    "kancelárie)|"
    "nepřítomnost|házon kívül|szabadságon|în concediu|ofis dışında|izinde|вне офиса|в отпуске|"
    "отсутствие на рабочем месте|у відпустці"
)
_TAG = r"^\s*(?:\[[^\]]{1,40}\]\s*|\*+\s*|\(auto\)\s*)?"
_SUBJECT_PROGRAM = re.compile(_TAG + rf"(?:{_PROGRAM})\s*(?:[:：(\[!.]|[-–—]\s|$|from |re:|von |de |: )")
_SUBJECT_ABSENT = re.compile(
    _TAG + rf"(?:i am |i'm |ich bin |je suis |sono |ik ben |jag är |estoy )?(?:{_ABSENT})\s*"
    r"(?:[:：!.]|$|(?:[-–—,(]\s*)?(?:until|till|back|returning|bis|vom|jusqu\S*|hasta|fino|tot|até|fram|\d)\b)"
)
# Language by language: a pattern is tried only where one of the words before it stands, for patterns are slow.
_TELLS: tuple[tuple[tuple[str, ...], re.Pattern[str]], ...] = (
    (
        ("i am", "i'm", "i’m", "i will", "i'll", "i shall", "currently", "we are"),
        re.compile(
            r"\b(?:i am|i'm|i’m|i will be|i'll be|i shall be|currently|we are)(?: currently| now| away and)? ?"
            r"(?:out of (?:the |my )?office|away\b|on (?:\w+ )?leave|on (?:\w+ )?holiday|on vacation|travelling|"
            r"traveling|"
            r"not in the office|unavailable|out of town|off work)"
        ),
    ),
    (
        ("the office", "to work", "be back on", "limited access", "automat", "my return"),
        re.compile(
            r"\b(?:back in the office|return(?:ing)? to (?:the office|work)|be back on|"
            r"limited access to (?:my )?e-?mail|"
            r"automat(?:ic|ed|ically)[ -](?:reply|response|message|generated|e-?mail)|"
            r"will (?:reply|respond) (?:to your (?:e-?mail|message) )?(?:up)?on my return)"
        ),
    ),
    (
        ("rwyf", "dw i", "byddaf"),
        re.compile(r"\brwyf (?:allan|ar wyliau|i ffwrdd)|\bdw i (?:allan|ar wyliau)|byddaf yn ôl"),
    ),
    (
        ("ich bin", "automatisch", "meine e"),
        re.compile(
            r"\bich bin (?:ab|bis|vom|zur ?zeit|derzeit|momentan|aktuell|heute|leider|am|in der|erst|wieder|nicht|"
            r"im urlaub|außer haus|abwesend)\b[^!?\n]{0,80}(?:büro|haus|urlaub|abwesend|erreichbar|dienst)|"
            r"\bich bin (?:im urlaub|außer haus|abwesend)\b|\bmeine e-?mails werden|"
            r"\bautomatisch (?:generiert|erstellt|versandt|antwoord|bericht)"
        ),
    ),
    (
        ("je suis", "je serai", "automatique", "absent"),
        re.compile(
            r"\bje suis (?:actuellement |absente?|en congés?|en vacances|en déplacement|hors)|"
            r"\bje serai (?:absente?|de retour)|\bréponse automatique|absente? (?:du|jusqu)"
        ),
    ),
    (
        ("esto", "estar", "encuentro", "automática"),
        re.compile(
            r"\b(?:estoy|estaré|me encuentro) (?:fuera|ausente|de vacaciones|de baja)|\bresp(?:ue|o)sta automática|"
            r"\b(?:estou|estarei) (?:fora|ausente|de férias)"
        ),
    ),
    (
        ("sono", "sarò", "automatica"),
        re.compile(r"\b(?:sono|sarò) (?:attualmente |al momento )?(?:fuori|assente|in ferie)|\brisposta automatica"),
    ),
    (
        ("ik ben", "ben ik"),
        re.compile(
            r"\b(?:ik ben|ben ik)\b[^!?\n]{0,60}"
            r"(?:afwezig|niet aanwezig|vrij|vakantie|niet op kantoor|niet bereikbaar|verlof)"
        ),
    ),
    (
        ("jag är", "jeg er", "olen "),
        re.compile(
            r"\bjag är (?:på semester|inte på kontoret|borta|bortrest|föräldraledig|ledig|ej)|\bjeg er (?:på ferie|"
            r"ikke på kontoret|ikke til stede|bortrejst|ude|på barsel)|\bolen (?:lomalla|poissa|vapaalla)"
        ),
    ),
    (
        ("jestem", "będę", "jsem", "nejsem", "vagyok", "sunt", "ofis", "izin", "отпуск", "отсут", "не будет"),
        re.compile(
            r"\bjestem (?:nieobecn|poza biurem|na urlopie)|\bbędę nieobecn|\bjsem (?:mimo|na dovolené)|"
            r"\bnejsem v kancel|"
            r"\bszabadságon vagyok|\bsunt (?:în concediu|plecat)|\bofis dışındayım|\bizindeyim|"
            r"\bя (?:в отпуске|нахожусь в отпуске|отсутствую)|\bменя не будет"
        ),
    ),
)
_ANSWERS = ("re:", "aw:", "antw:", "sv:", "vs:", "odp:", "ynt:", "r:", "res:", "atb:")
_NOTE = 700  # a note without a subject of its own is short
_EARLY = 200  # and begins with its news


@dataclass(frozen=True, slots=True)
class Absence:
    words: str
    sure: bool


def absence(subject: str, text: str, *, answers: bool) -> Absence | None:
    """Is this a note of absence? `answers`: it cites another mail (In-Reply-To), as such notes often do."""
    low = subject.lower()
    early = text[:_NOTE].lower()
    if match := _SUBJECT_PROGRAM.match(low):
        # The rest of the subject is ours that it answers, and may well say "complaint": only the text speaks.
        if _tells(early) or not grievance(text):
            return Absence(match[0].strip(" :[("), True)
        return Absence(match[0].strip(" :[("), False) if answers else None
    if match := _SUBJECT_ABSENT.match(low):
        told = _tells(early)
        if grievance(text) and not (told and answers):
            return None
        return Absence(match[0].strip(" :"), bool(told) or len(text) < _NOTE)
    if (answers or low.startswith(_ANSWERS)) and len(text) < _NOTE:
        told = _tells(early[:_EARLY])
        if told and ("automat" not in told[0] or "this is an automat" in early) and not grievance(text):
            return Absence(told[0].strip(), False)
    return None


def _tells(text: str) -> re.Match[str] | None:
    """Where a text says of its writer that he is away, or of itself that a program wrote it."""
    for openers, pattern in _TELLS:
        for opener in openers:
            if opener in text:
                if match := pattern.search(text):
                    return match
                break
    return None
