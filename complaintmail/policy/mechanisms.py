"""The parts of the program that keep a clause which asks for no duty and no stage of its own.

A clause names one or several of them with `by`. Each has a sentence that says what it does, for whoever reads the
policy file beside the policy, and where it is: a module, a command of staff (#need) or a command at a shell
(complaintmail review). What of these this version has is found out where both can be seen (cli/policy_mechanisms.py).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mechanism:
    does: str
    where: tuple[str, ...]


MECHANISMS = {
    "intake": Mechanism(
        "The mailbox is read all day; whatever comes is kept as it came.", ("complaintmail.passes.intake",)
    ),
    "recognition": Mechanism(
        "A mail that reads as dissatisfaction is taken as a complaint; where that is not sure a person is asked, and "
        "the days count from receipt all the same.",
        ("complaintmail.triage.verdicts",),
    ),
    "record": Mechanism(
        "What was said, posted or written elsewhere is entered by staff, by mail or at a shell, with how it came.",
        ("#record", "complaintmail record"),
    ),
    "log": Mechanism("It stands in the complaints log, from the first minute.", ("complaintmail log",)),
    "owner": Mechanism(
        "Every case has somebody whose it is from the first minute, and the log shows who.",
        ("complaintmail.cases.people", "complaintmail log"),
    ),
    "case-file": Mechanism(
        "A folder of its own holds all mails, attachments, letters and notes of a case.", ("complaintmail files",)
    ),
    "notices": Mechanism(
        "Whoever has to do something is sent the complaint with what can be done, and reminded.",
        ("complaintmail.letters.notices", "complaintmail.passes.reminders"),
    ),
    "answering": Mechanism(
        "A member of staff answers from their own mail program; the answer goes on in the organisation's name.",
        ("#reply", "complaintmail.cases.relaying"),
    ),
    "agreed-dates": Mechanism(
        "A day that was agreed with the complainant takes the place of the one worked out, with the reason and who "
        "agreed to it; each action has somebody who does it and a day.",
        ("#due", "#action"),
    ),
    "spoken": Mechanism(
        "What was agreed by word of mouth is confirmed to the complainant in writing, or they are asked to write their "
        "complaint down; what they write joins the same case.",
        ("#confirm", "#ask-in-writing"),
    ),
    "questions": Mechanism(
        "Whoever looks into it keeps notes by mail and asks the complainant for more; nobody complained about sees it.",
        ("#note", "#ask", "#about"),
    ),
    "outcome-letter": Mechanism(
        "The outcome goes to the complainant as a letter with a PDF, from what the handler writes.",
        ("#outcome", "#send", "complaintmail.letters.paper"),
    ),
    "serious": Mechanism("A case marked as serious is told at once to those whom this file names.", ("#serious",)),
    "areas": Mechanism(
        "Each area of work has its own people; a mail about it goes to them.", ("#area", "complaintmail.cases.people")
    ),
    "roles": Mechanism(
        "Each role has a person and a deputy; one that nobody holds falls to another, and `check` says so.",
        ("complaintmail.config.staffing", "complaintmail.config.deputies"),
    ),
    "consent": Mechanism(
        "Somebody else who writes about a case learns nothing of it until the complainant has allowed it.",
        ("#consent", "complaintmail.triage.authority"),
    ),
    "confidentiality": Mechanism(
        "A case is shown only to its handler and to the roles that this file names; nothing of it shows in another.",
        ("complaintmail.triage.authority", "#restrict"),
    ),
    "needs": Mechanism(
        "What a person needs (large print, a telephone call, an interpreter) stands in every mail about the case.",
        ("#need",),
    ),
    "settled": Mechanism(
        "A case that was put right at once is closed as settled, kept, and counted apart.", ("#settled",)
    ),
    "signposts": Mechanism(
        "Letters name the outside bodies of this file that are open; `policy check` says which should be looked at.",
        ("complaintmail.cases.whats_next", "complaintmail.policy.concerns"),
    ),
    "ladder": Mechanism(
        "The steps stand in this file; a letter names the next one, and what is overdue goes up them.",
        ("complaintmail.cases.whats_next", "complaintmail.cases.reminding"),
    ),
    "review": Mechanism(
        "Managers are sent a review of every case: how many, why, what came of it, what was done, what repeats.",
        ("complaintmail review",),
    ),
    "agenda": Mechanism("A sheet for the meeting lists the cases since the last one.", ("complaintmail agenda",)),
    "retention": Mechanism(
        "Closed cases are listed for erasure once the time of this file is over; the figures stay.",
        ("complaintmail person",),
    ),
    "policy-review": Mechanism(
        "Whoever owns the policy is mailed before its review date, with the year's figures, until they say that it was "
        "reviewed; `check` and `policy check` say when the date has passed.",
        ("complaintmail.policy.concerns", "complaintmail.passes.reviewing", "#reviewed"),
    ),
    "welcome": Mechanism(
        "Everybody named gets a letter that says what they may be asked and how to answer.", ("complaintmail people",)
    ),
    "staff-page": Mechanism(
        "A page for everybody who works here says what to do when somebody complains; it is made from this file.",
        ("complaintmail.policy.staff_page",),
    ),
    "leaflet": Mechanism(
        "A page for the public says how to complain and what happens by when; it is made from this file.",
        ("complaintmail.cli.policy_leaflet",),
    ),
}
