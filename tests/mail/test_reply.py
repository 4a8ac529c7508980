"""New words, quotation and signature: nothing that a complainant wrote is lost."""

from __future__ import annotations

import random
import time
from collections import Counter

import pytest

from complaintmail.mail.reply import new_text, split

COMPLAINT = "The boiler has been broken for three weeks.\nNobody came."


@pytest.mark.parametrize(
    "prose",
    [
        "I complain.\nFrom: the manager I got nothing.\nOn Monday I wrote:\nNobody answered.",
        "From: the manager nothing.\nTo: the cleaner I said it twice.\nSubject: my broken window.\nAll were rude.",
        "I was angry.\nOn 3 May at 10:30 I wrote:\nPlease help.\nNobody did.",
        "We heard at 10:30 on 3 May what Mr Smith wrote:\nNobody will come.\nThis is a scandal.",
        "Mr Smith wrote:\nNobody will come.\n\nThis is a scandal.",
        "In your brochure of 2026 you wrote:\nEvery room is heated.\n\nMine is not.",
        "Am Montag schrieb ich:\nKeine Heizung.\nBis heute keine Antwort.",
        "Le 3 mai 2026 j'ai écrit :\nPas de chauffage.\nAucune réponse.",
        "Two things:\n- the lift\n- the stairs\n--\nAlso the driver was rude and the ticket machine did not work.",
        "The bus left.\n--\nPS: the driver was rude",
        "The bus left.\n-----\nThe next one too, and nobody told us anything at all about it.",
        ">50 people waited.\nNobody spoke to us.",
        "It was cold.\n>From the day we moved in.\nNobody came.",
        "Sent from my desk, this is easier than by phone.",
        "It broke.\n\nSent from my iPhone\nAnd it happened again today.",
        "Date: 3 May\nSubject: heating\nPlace: my flat\nIt does not work.",
        "New form\n\nFrom: Jane <j@x.test>\nTo: info@x.test\nDate: 3 May\nSubject: Heat\nPhone: 1\n\nNo heat at all.",
        "I asked: why?\nYou said: because.\nThat is no answer:",
        "-----\nComplaint\n-----\nThe lift is broken.",
        "",
        "   ",
    ],
)
def test_prose_that_only_looks_like_a_quotation_is_kept_whole(prose: str) -> None:
    result = split(prose)
    assert result.new == prose.strip()
    assert (result.quoted, result.signature) == ("", "")


ATTRIBUTIONS = [
    "On Fri, 20 Nov 2026 at 09:00, Info <info@example.test> wrote:",
    "On Fri, 20 Nov 2026 at 09:00, Info <\ninfo@example.test> wrote:",
    "On Fri, 20 Nov 2026 at 09:00,\nThe Very Long Named Complaints Team <info@example.test>\nwrote:",
    "Ar Gwe, 20 Tach 2026 am 09:00, ysgrifennodd Info <info@example.test>:",
    "Am 20.11.2026 um 09:00 schrieb Info Stelle:",
    "Am Fr., 20. Nov. 2026 um 09:00 Uhr schrieb Info <info@example.test>:",
    "Le ven. 20 nov. 2026 à 09:00, Info <info@example.test> a écrit :",
    "El vie, 20 nov 2026 a las 9:00, Info (<info@example.test>) escribió:",
    "Il giorno ven 20 nov 2026 alle ore 09:00 Info <info@example.test> ha scritto:",
    "Op vr 20 nov. 2026 om 09:00 schreef Info <info@example.test>:",
    "Op 20-nov.-2026, om 09:00 heeft Info <info@example.test> het volgende geschreven:",
    "Em sex., 20 de nov. de 2026 às 09:00, Info <info@example.test> escreveu:",
    "Den fre 20 nov. 2026 kl 09:00 skrev Info <info@example.test>:",
    "Den fre. 20. nov. 2026 kl. 09.00 skrev Info <info@example.test>:",
    "fre. 20. nov. 2026 kl. 09:00 skrev Info <info@example.test>:",
    "pe 20. marrask. 2026 klo 9.00 Info (info@example.test) kirjoitti:",
    "pt., 20 lis 2026 o 09:00 Info <info@example.test> napisał(a):",
    "pá 20. 11. 2026 v 9:00 odesílatel Info <info@example.test> napsal:",
    "Dňa pi 20. 11. 2026 o 9:00 Info <info@example.test> napísal(a):",
    "2026. 11. 20. 9:00 keltezéssel, Info <info@example.test> írta:",
    "În vin., 20 nov. 2026 la 09:00, Info <info@example.test> a scris:",
    "20 Kas 2026 Cum, 09:00 tarihinde Info <info@example.test> şunu yazdı:",
    "пт, 20 нояб. 2026 г. в 09:00, Info <info@example.test> написал:",
    "2026-11-20 9:00 GMT+01:00 Info <info@example.test>:",
]


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
def test_a_marked_quotation_goes_with_its_attribution_in_every_language(attribution: str) -> None:
    result = split(f"{COMPLAINT}\n\n{attribution}\n\n> We are sorry.\n> Info\n")
    assert result.new == COMPLAINT
    assert result.quoted.startswith(attribution)


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
def test_an_unmarked_quotation_goes_too_when_its_attribution_is_a_programs(attribution: str) -> None:
    assert new_text(f"{COMPLAINT}\n\n{attribution}\n\nWe are sorry.\n\nInfo\n") == COMPLAINT


@pytest.mark.parametrize(
    "labels",
    [
        ("From", "Sent", "To", "Subject"),
        ("*From:*"[:-1].rstrip(":"), "*Sent", "*To", "*Subject"),
        ("Von", "Gesendet", "An", "Betreff"),
        ("De", "Envoyé", "À", "Objet"),
        ("De ", "Envoyé le ", "À ", "Objet "),
        ("De", "Enviado el", "Para", "Asunto"),
        ("Da", "Inviato", "A", "Oggetto"),
        ("Van", "Verzonden", "Aan", "Onderwerp"),
        ("De", "Enviada em", "Para", "Assunto"),
        ("Från", "Skickat", "Till", "Ämne"),
        ("Fra", "Sendt", "Til", "Emne"),
        ("Lähettäjä", "Lähetetty", "Vastaanottaja", "Aihe"),
        ("Od", "Wysłano", "Do", "Temat"),
        ("Od", "Odesláno", "Komu", "Předmět"),
        ("Feladó", "Elküldve", "Címzett", "Tárgy"),
        ("Kimden", "Tarih", "Kime", "Konu"),
        ("От", "Отправлено", "Кому", "Тема"),
        ("Oddi wrth", "Anfonwyd", "At", "Pwnc"),
    ],
)
def test_a_block_of_mail_headers_begins_the_quotation(labels: tuple[str, ...]) -> None:
    values = ("Info <info@example.test>", "20 November 2026 09:00", "jane@complainants.test", "Re: boiler")
    block = "\n".join(f"{label}: {value}" for label, value in zip(labels, values, strict=True))
    for rule in ("", "________________________________\n"):
        result = split(f"{COMPLAINT}\n\n{rule}{block}\n\nWe are sorry.\n")
        assert result.new == COMPLAINT
        assert "We are sorry." in result.quoted


@pytest.mark.parametrize(
    "separator",
    [
        "-----Original Message-----", "----- Ursprüngliche Nachricht -----", "-----Message d'origine-----",
        "-----Mensaje original-----", "-----Messaggio originale-----", "-----Oorspronkelijk bericht-----",
        "-----Mensagem original-----", "-----Ursprungligt meddelande-----", "-----Oprindelig meddelelse-----",
        "-----Opprinnelig melding-----", "-----Alkuperäinen viesti-----", "---------- Původní zpráva ----------",
        "-----Исходное сообщение-----", "-----Orijinal Mesaj-----", "-----Neges Wreiddiol-----",
        "##- Please type your reply above this line -##",
    ],
)  # fmt: skip
def test_a_separator_begins_the_quotation(separator: str) -> None:
    assert new_text(f"{COMPLAINT}\n\n{separator}\nWe are sorry.\n") == COMPLAINT


@pytest.mark.parametrize(
    "separator",
    [
        "---------- Forwarded message ---------", "Begin forwarded message:", "-------- Forwarded Message --------",
        "-------- Weitergeleitete Nachricht --------", "---------- Message transféré ----------",
        "---------- Mensaje reenviado ----------", "Inizio messaggio inoltrato:",
        "------ Doorgestuurd bericht ------",
        "---------- Vidarebefordrat meddelande ----------", "-------- Přeposlaná zpráva --------",
        "----- Forwarded by Jane Doe on 20/11/2026 -----",
    ],
)  # fmt: skip
@pytest.mark.parametrize("above", ["", "Read this.\n\n"])
def test_a_forward_is_content(separator: str, above: str) -> None:
    headers = "From: Jane <jane@complainants.test>\nDate: 3 May 2026 10:00\nTo: shop@x.test\nSubject: boiler"
    text = f"{above}{separator}\n{headers}\n\n{COMPLAINT}\n> hers\nOn 2 May 2026 10:00, Shop <s@x.test> wrote:\nNo."
    result = split(text)
    assert result.forwarded
    assert result.new == text


def test_outlook_forwards_are_known_by_the_subject_or_by_pointing_below() -> None:
    block = f"From: Jane <j@c.test>\nSent: 3 May 2026\nTo: shop@x.test\nSubject: boiler\n\n{COMPLAINT}"
    assert COMPLAINT in new_text(f"Dreadful.\n\n{block}", "FW: boiler")
    assert COMPLAINT in new_text(f"Dreadful.\n\n{block}", "WG: Heizung")
    assert COMPLAINT in new_text(f"Please see below.\n\n{block}")
    assert COMPLAINT in new_text(block)
    assert COMPLAINT not in new_text(f"Dreadful.\n\n{block}", "Re: boiler")


def test_answers_between_quotes_stay_and_quotes_go() -> None:
    text = "On 20/11/2026 09:00, Info wrote:\n> When?\nYesterday.\n>\n> Where?\n\nAt home.\n\n> Who?\nUnknown.\n\nJane"
    result = split(text)
    assert [line for line in result.new.split("\n") if line] == ["Yesterday.", "At home.", "Unknown.", "Jane"]


def test_what_stands_below_a_quotation_stays() -> None:
    assert new_text(f"> We are sorry.\n\n{COMPLAINT}") == COMPLAINT


def test_a_text_of_nothing_but_quoted_lines_has_no_new_words() -> None:
    assert split("> We are sorry.\n>\n> Info\n").new == ""


@pytest.mark.parametrize(
    ("foot", "signature"),
    [
        ("-- \nJane Doe\n12 Station Road", "-- \nJane Doe\n12 Station Road"),
        ("--\nJane Doe\n020 7946 0000", "--\nJane Doe\n020 7946 0000"),
        ("Sent from my iPhone", "Sent from my iPhone"),
        ("Von meinem iPhone gesendet", "Von meinem iPhone gesendet"),
        ("Envoyé de mon iPhone", "Envoyé de mon iPhone"),
        ("Get Outlook for Android<https://aka.ms/x>", "Get Outlook for Android<https://aka.ms/x>"),
        ("Enviado desde mi iPhone", "Enviado desde mi iPhone"),
        ("Skickat från min iPhone", "Skickat från min iPhone"),
        ("Kind regards,\nJane", ""),
        ("-Jane", ""),
    ],
)
@pytest.mark.parametrize("quote", ["", "\n\nOn 20 Nov 2026 09:00, Info <i@x.test> wrote:\n> Sorry."])
def test_only_a_sure_signature_is_separated(foot: str, signature: str, quote: str) -> None:
    result = split(f"{COMPLAINT}\n\n{foot}{quote}")
    assert result.signature == signature
    assert result.new == (COMPLAINT if signature else f"{COMPLAINT}\n\n{foot}")


@pytest.mark.parametrize(
    "bomb",
    [
        "On " * 5000, "On x wrote:\n" * 20_000, "\n" * 60_000, "> a\n" * 60_000, "From: a@b\n" * 25_000,
        "a: b\n" * 50_000, "--\n" * 75_000, "a\n> b\n" * 40_000, "_" * 60_000, "From: \n\n" * 25_000,
        "On 3 May at 10:30 x wrote:\n> a\nb\n" * 8_000, "--\n\n\n" * 50_000, "-----Original Message-----\n" * 8_000,
    ],
    ids=lambda bomb: repr(bomb[:16]),
)  # fmt: skip
def test_no_text_takes_more_than_linear_time(bomb: str) -> None:
    def seconds(text: str) -> float:
        begin = time.process_time()
        split(text)
        return time.process_time() - begin

    tenth = min(seconds(bomb[: len(bomb) // 10]) for _ in range(2))
    assert min(seconds(bomb) for _ in range(2)) < 25 * tenth + 0.5


PIECES = [
    "The boiler is broken.",
    "",
    "",
    "> We are sorry.",
    ">> Really?",
    "On 20 Nov 2026 at 09:00, Info <info@x.test> wrote:",
    "On 20 Nov 2026 at 09:00, Info",
    "<info@x.test> wrote:",
    "From: Info <info@x.test>",
    "Sent: 20 November 2026 09:00",
    "To: jane@c.test",
    "Subject: Re: boiler",
    "-----Original Message-----",
    "---------- Forwarded message ---------",
    "-- ",
    "--",
    "Jane Doe",
    "020 7946 0000",
    "Sent from my iPhone",
    "________________________________",
    "Am Montag schrieb ich:",
    "Begin forwarded message:",
    "> Begin forwarded message:",
    "Phone: 1",
    "PS: and the lift",
    ">From here",
]


@pytest.mark.parametrize("seed", range(20))
def test_every_line_ends_in_exactly_one_part(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(50):
        lines = chance.choices(PIECES, k=chance.randrange(1, 25))
        result = split("\n".join(lines), chance.choice(["", "Re: boiler", "FW: boiler"]))
        parts = "\n".join((result.new, result.quoted, result.signature)).split("\n")
        kept = Counter(line.strip() for line in parts if line.strip())
        assert kept == Counter(line.strip() for line in lines if line.strip())
