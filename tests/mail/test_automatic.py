"""Who or what made a mail: machines are known by their marks, and no complainant is taken for one."""

from __future__ import annotations

import dataclasses
import time

import pytest

from complaintmail.mail.automatic import origin
from complaintmail.mail.message import Address, Attachment, Automatic, Message, Origin
from complaintmail.mail.report import Report, ReportPart
from tests.support.paces import MUCH

COMPLAINT = "The boiler was never repaired. I complain."
FORM = "noreply@forms.example.test"


def mail(
    subject: str = "Complaint about boiler",
    text: str = COMPLAINT,
    *,
    sender: str = "jane@complainants.test",
    name: str = "Jane Doe",
    headers: tuple[tuple[str, str], ...] = (),
    path: str | None = None,
    answers: bool = False,
    attachments: tuple[Attachment, ...] = (),
) -> Message:
    return Message(
        "0" * 64,
        len(text),
        in_reply_to=("<ours@example.test>",) if answers else (),
        from_=(Address(name, sender),),
        to=(Address("", "info@example.test"),),
        return_path=path,
        subject=subject,
        headers=headers,
        text=text,
        new_text=text,
        attachments=attachments,
    )


def verdict(*args: str, **more: object) -> Origin:
    return origin(mail(*args, **more), None)  # type: ignore[arg-type]


def test_an_ordinary_complaint_is_a_persons_and_may_be_answered() -> None:
    assert verdict() == Origin(Automatic.NO)


@pytest.mark.parametrize("value", ["no", "NO", "No (really)", "no; x-a=b", "(comment) no", " no ", ""])
def test_auto_submitted_no_is_a_persons(value: str) -> None:
    assert verdict(headers=(("auto-submitted", value),)).automatic is Automatic.NO


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("auto-replied", Automatic.AUTO_REPLY),
        ("AUTO-REPLIED", Automatic.AUTO_REPLY),
        ('auto-replied (vacation); owner-email="x@y.test"', Automatic.AUTO_REPLY),
        ("(no) auto-replied", Automatic.AUTO_REPLY),
        ("((no)) auto-replied", Automatic.AUTO_REPLY),
        ("auto-generated", Automatic.BULK),
        ('auto-notified; owner-email="x@y.test"', Automatic.BULK),
        ("x-experiment", Automatic.AUTO_REPLY),
    ],
)
def test_any_other_auto_submitted_is_a_machines(value: str, kind: Automatic) -> None:
    found = verdict("Re: boiler", "Text.", headers=(("auto-submitted", value),))
    assert (found.automatic, found.sure) == (kind, True)
    assert "Auto-Submitted" in found.reasons[0]


def test_a_complaint_behind_a_mark_of_a_machine_is_not_surely_a_machines() -> None:
    for header in (
        ("auto-submitted", "auto-replied"),
        ("precedence", "bulk"),
        ("list-id", "<group.complainants.test>"),
        ("x-autoreply", "yes"),
    ):
        found = verdict(headers=(header,))
        assert found.automatic is not Automatic.NO
        assert not found.sure
        assert "dissatisfaction" in found.reasons[-1]


def test_a_mail_that_a_program_forwarded_is_a_persons_and_not_answered_by_itself() -> None:
    found = verdict(headers=(("auto-submitted", "auto-forwarded"),))
    assert found.automatic is Automatic.NO
    assert found.hold_answer


@pytest.mark.parametrize("name", ["id", "help", "subscribe", "unsubscribe", "post", "owner", "archive"])
def test_a_lists_headers_make_it_bulk(name: str) -> None:
    found = verdict("News", "Read our news.", headers=((f"list-{name}", "<x.test>"),))
    assert (found.automatic, found.sure) == (Automatic.BULK, True)


@pytest.mark.parametrize("value", ["bulk", "junk", "list", "Bulk"])
def test_precedence_makes_it_bulk(value: str) -> None:
    assert verdict("News", "Text.", headers=(("precedence", value),)).automatic is Automatic.BULK


def test_precedence_of_an_autoresponder_and_of_nothing() -> None:
    assert verdict("x", "Text.", headers=(("precedence", "auto_reply"),)).automatic is Automatic.AUTO_REPLY
    assert verdict(headers=(("precedence", "first-class"),)).automatic is Automatic.NO
    two = (("precedence", "never-bounce"), ("precedence", "bulk"))
    assert verdict("x", "Text.", headers=two).automatic is Automatic.BULK


@pytest.mark.parametrize(
    "sender",
    [
        "owner-foo@x.test", "foo-owner@x.test", "LISTSERV@x.test", "majordomo@x.test", "foo-request@x.test",
        "foo-bounces@x.test",
        "bounces+jane=x.test@x.test", "no-reply@x.test", "noreply@x.test", "do_not_reply@x.test", "donotreply@x.test",
        "bookings-noreply@x.test", "no.reply.42@x.test", "ne-pas-repondre@x.test", "nao-responda@x.test",
        "notifications@x.test",
        "root@x.test", "cron@x.test",
    ],
)  # fmt: skip
def test_system_senders_are_bulk(sender: str) -> None:
    assert verdict("Notice", "Your order was sent.", sender=sender).automatic is Automatic.BULK
    assert not verdict(sender=sender).sure


@pytest.mark.parametrize(
    "sender",
    ["reply@x.test", "norepley@x.test", "rooty@x.test", "owner@x.test", "a.nobody@x.test", "bounce.house@x.test"],
)
def test_people_with_names_like_these_are_people(sender: str) -> None:
    assert verdict(sender=sender).automatic is Automatic.NO


def test_a_websites_form_passes_on_what_a_person_typed() -> None:
    message = mail(sender=FORM, headers=(("auto-submitted", "auto-generated"), ("precedence", "bulk")))
    assert origin(message, None).automatic is Automatic.BULK
    assert origin(message, None, None, {FORM}).automatic is Automatic.NO


def test_a_form_that_nobody_named_is_not_surely_a_machine() -> None:
    sent = dataclasses.replace(mail("New message", "Name: Jane", sender=FORM), reply_to=(Address("", "jane@c.test"),))
    found = origin(sent, None)
    assert (found.automatic, found.sure) == (Automatic.BULK, False)
    assert "jane@c.test" in found.reasons[-1]
    listed = dataclasses.replace(sent, headers=(("list-unsubscribe", "<https://x.test>"),))
    assert origin(listed, None).sure


@pytest.mark.parametrize("value", ["All", "AutoReply", "OOF, AutoReply", "DR, autoreply, RN"])
def test_a_suppressed_answer_is_held_and_the_mail_is_a_persons(value: str) -> None:
    found = verdict(headers=(("x-auto-response-suppress", value),))
    assert found.automatic is Automatic.NO
    assert found.hold_answer


@pytest.mark.parametrize("value", ["OOF", "DR, RN, NRN", "DR", "None"])
def test_other_suppressions_mean_nothing(value: str) -> None:
    assert verdict(headers=(("x-auto-response-suppress", value),)) == Origin(Automatic.NO)


def test_a_hundred_servers_are_a_loop_suspect() -> None:
    assert verdict(headers=(("received", "from a by b"),) * 99).hold_answer is None
    found = verdict(headers=(("received", "from a by b"),) * 100)
    assert (found.automatic, found.hold_answer) == (Automatic.NO, "loop-suspect")


@pytest.mark.parametrize("sender", ["postmaster@x.test", "abuse@x.test"])
def test_roles_that_a_person_may_hold_are_never_answered_by_themselves(sender: str) -> None:
    found = verdict(sender=sender)
    assert found.automatic is Automatic.NO
    assert found.hold_answer


def test_mail_without_a_return_address_is_a_machines() -> None:
    assert verdict("Hello", "Text.", path="").automatic is Automatic.AUTO_REPLY
    found = verdict(path="")
    assert (found.automatic, found.sure) == (Automatic.AUTO_REPLY, False)
    assert verdict(path="jane@complainants.test").automatic is Automatic.NO


@pytest.mark.parametrize(
    "header",
    [
        ("x-autoreply", "yes"), ("x-autorespond", "1"), ("x-fc-machinegenerated", "true"),
        ("x-post-messageclass", "9; Autoresponder"),
        ("x-mailer", "vacation 1.2"), ("x-mail-autoreply", "x"), ("delivered-to", "autoresponder"),
        ("preference", "auto_reply"),
    ],
)  # fmt: skip
def test_headers_of_autoresponders(header: tuple[str, str]) -> None:
    assert verdict("Re: boiler", "Text.", headers=(header,)).automatic is Automatic.AUTO_REPLY


@pytest.mark.parametrize(
    "header", [("x-autoreply", "no"), ("x-mailer", "Apple Mail"), ("delivered-to", "info@example.test")]
)
def test_headers_that_only_look_like_them(header: tuple[str, str]) -> None:
    assert verdict("Re: boiler", headers=(header,)).automatic is Automatic.NO


@pytest.mark.parametrize(
    "subject",
    [
        "Automatic reply: Your complaint", "Out of Office: Your complaint", "Out of Office AutoReply: x",
        "[EXT] Automatic reply: x",
        "Auto: Re: x", "Autoreply: x", "Ymateb awtomatig: Eich cwyn", "Allan o'r swyddfa: cwyn",
        "Automatische Antwort: Ihre Beschwerde",
        "Abwesenheitsnotiz: Ihre Nachricht", "Abwesenheitsnotiz", "Réponse automatique : Votre message",
        "Absence : Votre message",
        "Message d'absence : x", "Respuesta automática: x", "Fuera de la oficina: x", "Risposta automatica: x",
        "Fuori ufficio: x",
        "Automatisch antwoord: x", "Afwezig: x", "Resposta automática: x", "Autosvar: x", "Automatiskt svar: x",
        "Frånvaro: x",
        "Automatisk svar: x", "Fravær: x", "Automaattinen vastaus: x", "Odpowiedź automatyczna: x",
        "Automatická odpověď: x",
        "Automatická odpoveď: x", "Automatikus válasz: x", "Răspuns automat: x", "Otomatik yanıt: x",
        "Автоматический ответ: x",
        "Αυτόματη απάντηση: x", "Out of office until Monday", "On annual leave until 3 May",
    ],
)  # fmt: skip
def test_absence_by_its_subject_where_headers_are_silent(subject: str) -> None:
    found = verdict(subject, "Text.")
    assert found.automatic is Automatic.AUTO_REPLY
    assert "absence" in found.reasons[0]


@pytest.mark.parametrize(
    "text",
    [
        "I am currently out of the office until Monday.", "I'm on annual leave and will be back on 3 May.",
        "Rwyf allan o'r swyddfa tan ddydd Llun.", "Ich bin bis zum 12.10. nicht im Büro.",
        "Ich bin derzeit im Urlaub.",
        "Je suis absente jusqu'au 3 mai.", "Je suis actuellement en congés.",
        "Estoy fuera de la oficina hasta el lunes.",
        "Sono attualmente fuori ufficio.", "Ik ben op dinsdag niet aanwezig.", "Estou de férias até 3 de maio.",
        "Jag är på semester till måndag.", "Jeg er på ferie til mandag.", "Olen lomalla maanantaihin asti.",
        "Jestem na urlopie do 3 maja.", "Jsem na dovolené do pondělí.", "Я в отпуске до 3 мая.",
    ],
)  # fmt: skip
def test_absence_by_its_first_words_in_an_answer_is_likely_and_not_sure(text: str) -> None:
    found = verdict("Re: Your complaint", text, answers=True)
    assert (found.automatic, found.sure) == (Automatic.AUTO_REPLY, False)
    assert verdict("My boiler", text).automatic is Automatic.NO


ABOUT_ABSENCE = [
    ("Out of office hours service was dreadful", "I rang your out of office hours line for an hour. Nobody answered."),
    ("Out of office reply is all I ever get", "I wrote five times. I want a person."),
    ("Out of office again!", "Your officer is always away. This is unacceptable, I want to complain."),
    ("Out of office", "Every time I write I get an out of office. I wish to complain about this."),
    ("Out of hours", "I was out of the office when you rang and you never called back. I am very unhappy."),
    ("Re: Automatic reply: Complaint about boiler", "I do not want another automatic reply. Repair my boiler."),
    ("RE: Out of Office: my complaint", "Another out of office message. Nobody answers. I complain."),
    ("Your automatic reply", "It says two weeks. It has been five."),
    ("Automatic reply machine", "All I get from you is a machine."),
    ("Automatic replies are not answers", "I am disgusted."),
    ("Automatic doors broken", "The automatic doors trapped my mother's wheelchair."),
    ("Away from home, boiler broken", "I am away from my flat and your contractor left the door open."),
    ("On holiday, no hot water", "We were on holiday in your cottage. No hot water for three days."),
    ("On leave when you called", "You called when I was on leave. You never called again."),
    ("Vacation ruined", "Our vacation was ruined by the noise."),
    ("Absent teacher", "The teacher was absent for six weeks. I complain."),
    ("Absence of any heating", "There has been an absence of heating since May."),
    ("Absence: my son was marked absent wrongly", "You marked him absent. He was there. I complain."),
    ("Abwesenheit des Hausmeisters", "Der Hausmeister ist seit drei Wochen abwesend. Ich beschwere mich."),
    ("Abwesenheitsnotiz seit drei Wochen", "Ich bekomme nur eine Abwesenheitsnotiz. Niemand antwortet."),
    ("Immer nur automatische Antwort", "Ich möchte mich beschweren."),
    ("Nicht im Büro erreichbar", "Ihre Mitarbeiter sind nie im Büro. Ich bin unzufrieden."),
    ("Absence de réponse", "Aucune réponse depuis un mois. C'est inadmissible."),
    ("Réponse automatique insuffisante", "Je veux une vraie réponse. Personne ne répond."),
    ("Absent depuis un mois", "Le gardien est absent depuis un mois. Je souhaite faire une réclamation."),
    ("Fuera de la oficina siempre", "Siempre están fuera de la oficina. Quiero poner una queja."),
    ("Respuesta automática y nada más", "Nadie contesta. Es inaceptable."),
    ("Fuori ufficio da un mese", "Il vostro impiegato è fuori ufficio da un mese. Reclamo."),
    ("Assenza di riscaldamento", "Nessuno risponde. È inaccettabile."),
    ("Altijd afwezig", "Uw medewerker is altijd afwezig. Ik heb een klacht."),
    ("Automatisch antwoord is geen antwoord", "Ik ben ontevreden."),
    ("Ausência do gerente", "O gerente está sempre ausente. Quero fazer uma reclamação."),
    ("Frånvaro av värme", "Jag är missnöjd. Ingen svarar."),
    ("Fravær av varme", "Ingen svarer. Jeg klager."),
    ("Poissa päältä", "Lämmitys on poissa päältä. Teen valituksen."),
    ("Allan o'r swyddfa bob tro", "Mae pawb allan o'r swyddfa. Rwyf am wneud cwyn."),
    ("Nieobecność kierownika", "Kierownik jest wciąż nieobecny. Składam skargę."),
    ("Read: my complaint of 3 May", "Please read my complaint of 3 May. Nobody answered it in four weeks."),
    ("Delivery failure", "Your delivery failed again. My parcel never came and nobody answered."),
    ("Returned mail", "You returned my letter unopened. I want to complain about this."),
    ("Failed delivery, third time", "The driver threw the parcel over the fence. jane@complainants.test"),
    ("Undeliverable promises", "You promised repairs and did nothing."),
    ("Confirmation required", "I required a confirmation and got none. I complain."),
    ("Accepted: my offer, and then nothing", "You accepted my offer and then nothing happened."),
]


@pytest.mark.parametrize(("subject", "text"), ABOUT_ABSENCE)
def test_a_complaint_about_an_absence_is_a_persons(subject: str, text: str) -> None:
    assert verdict(subject, text) == Origin(Automatic.NO)


def test_a_receipt_by_report_or_by_its_words() -> None:
    fields = ((("final-recipient", "rfc822;jane@complainants.test"), ("disposition", "automatic-action; displayed")),)
    report = Report(
        "disposition-notification", fields, (), "read", (ReportPart("message/disposition-notification", fields),)
    )
    typed = (("content-type", "multipart/report; report-type=disposition-notification"),)
    assert origin(mail(headers=typed), report).automatic is Automatic.AUTO_REPLY
    assert (
        verdict("Read: Your complaint", "Your message\n\nTo: Jane\n\nwas read on 3 May.").automatic
        is Automatic.AUTO_REPLY
    )
    assert verdict("Gelesen: Beschwerde", "").automatic is Automatic.AUTO_REPLY
    assert verdict("Lu : Objet", "").automatic is Automatic.AUTO_REPLY


def test_an_abuse_report_is_bulk() -> None:
    fields = ((("feedback-type", "abuse"), ("version", "1")),)
    report = Report("feedback-report", fields, (), "", (ReportPart("message/feedback-report", fields),))
    typed = (("content-type", "multipart/report; report-type=feedback-report"),)
    assert origin(mail(headers=typed), report).automatic is Automatic.BULK


def test_a_person_who_attaches_a_report_is_a_person() -> None:
    fields = ((("final-recipient", "rfc822;x@y.test"), ("action", "failed"), ("status", "5.1.1")),)
    report = Report("delivery-status", fields, (), "", (ReportPart("message/delivery-status", fields),))
    found = origin(mail("My letter to you came back", headers=(("content-type", "multipart/mixed"),)), report)
    assert found == Origin(Automatic.NO)


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        (
            "Please confirm your message",
            "Your message to bob@x.test is being held until you click the link to confirm it.",
        ),
        ("Request for permission to send", "bob uses a spam filter. Click below."),
    ],
)
def test_a_challenge_is_an_automatic_reply(subject: str, text: str) -> None:
    assert verdict(subject, text).automatic is Automatic.AUTO_REPLY


@pytest.mark.parametrize(
    "subject", ["Cron <root@host> /usr/bin/backup", "Report Domain: example.test Submitter: x", "[FIRING:1] DiskFull"]
)
def test_machine_reports_are_bulk(subject: str) -> None:
    assert verdict(subject, "ok").automatic is Automatic.BULK


def test_a_calendars_answer_is_bulk() -> None:
    invitation = Attachment("invite.ics", "text/calendar", 10, 1)
    assert verdict("Accepted: Meeting", "Jane accepted.", attachments=(invitation,)).automatic is Automatic.BULK


def test_every_verdict_says_why() -> None:
    for found in (verdict(path=""), verdict(sender="noreply@x.test"), verdict("Automatic reply: x", "Text.")):
        assert found.reasons
        assert all(reason.endswith((".", "…")) and reason[0].isupper() for reason in found.reasons)


def test_a_mail_without_anything_is_a_persons() -> None:
    assert origin(Message("0" * 64, 0), None) == Origin(Automatic.NO)


@pytest.mark.parametrize(
    "text", ["(" * 200_000, "I am " * 100_000, "Your message " * 60_000, "a@b.cd " * 80_000], ids=lambda text: text[:8]
)
def test_no_text_takes_long(text: str) -> None:
    begin = time.process_time()
    verdict("Undelivered Mail Returned to Sender " + text[:5000], text, headers=(("auto-submitted", text[:5000]),))
    verdict("Re: x", text, answers=True)
    assert time.process_time() - begin < MUCH
