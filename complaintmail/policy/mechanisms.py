"""The parts of the program that keep a clause which asks for no duty and no stage of its own.

A clause names one or several of them with `by`. Each has a sentence that says what it does, for whoever reads the
policy file beside the policy, and the module that does it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mechanism:
    does: str
    module: str


MECHANISMS = {
    "intake": Mechanism(
        "The mailbox is read all day; whatever comes is kept as it came.", "complaintmail.passes.intake"
    ),
    "recognition": Mechanism(
        "A mail that reads as dissatisfaction is taken as a complaint; where that is not sure a person is asked, and "
        "the days count from receipt all the same.",
        "complaintmail.triage.verdicts",
    ),
    "record": Mechanism(
        "What was said, posted or written elsewhere is entered by staff, by mail or at a shell, with how it came.",
        "complaintmail.cli.record",
    ),
    "log": Mechanism("It stands in the complaints log, from the first minute.", "complaintmail.cli.casebook"),
    "owner": Mechanism(
        "Every case has somebody whose it is from the first minute, and the log shows who.",
        "complaintmail.cases.people",
    ),
    "case-file": Mechanism(
        "All mails, attachments, letters and notes of a case are kept together.", "complaintmail.store.casebook"
    ),
    "notices": Mechanism(
        "Whoever has to do something is sent the complaint with what can be done, and reminded.",
        "complaintmail.letters.notices",
    ),
    "answering": Mechanism(
        "A member of staff answers from their own mail program; the answer goes on in the organisation's name.",
        "complaintmail.cases.relaying",
    ),
    "commands": Mechanism(
        "Staff say it in a line of a mail or by one click; it is recorded with who said it, and when.",
        "complaintmail.cases.commands.table",
    ),
    "outcome-letter": Mechanism(
        "The outcome goes to the complainant as a letter, from what the handler writes.", "complaintmail.cases.deeds"
    ),
    "serious": Mechanism(
        "A case marked as serious is told to those whom this file names, at once.",
        "complaintmail.cases.commands.course",
    ),
    "areas": Mechanism(
        "Each area of work has its own people; a mail about it goes to them.", "complaintmail.cases.people"
    ),
    "roles": Mechanism(
        "Each role has a person and a deputy; one that nobody holds falls to another, and `check` says so.",
        "complaintmail.config.staffing",
    ),
    "consent": Mechanism(
        "Somebody else who writes about a case learns nothing of it until the complainant has allowed it.",
        "complaintmail.triage.authority",
    ),
    "confidentiality": Mechanism(
        "A case is shown only to its handler and to the roles that this file names; nothing of it shows in another.",
        "complaintmail.triage.authority",
    ),
    "needs": Mechanism(
        "What a person needs (large print, a telephone call, an interpreter) stands in every mail about the case.",
        "complaintmail.cases.commands.table",
    ),
    "settled": Mechanism(
        "A case that was put right at once is closed as settled, kept, and counted apart.",
        "complaintmail.cases.commands.keeping",
    ),
    "signposts": Mechanism(
        "Letters name the outside bodies of this file that are open; `policy check` says which should be looked at.",
        "complaintmail.policy.concerns",
    ),
    "ladder": Mechanism(
        "The steps stand in this file; a letter names the next one, and what is overdue goes up them.",
        "complaintmail.cases.people",
    ),
    "review": Mechanism(
        "Managers are sent a review of every case: how many, why, what came of it, what was done, what repeats.",
        "complaintmail.cli.review",
    ),
    "agenda": Mechanism("A sheet for the meeting lists the cases since the last one.", "complaintmail.cli.review"),
    "retention": Mechanism(
        "Closed cases are listed for erasure once the time of this file is over; the figures stay.",
        "complaintmail.policy.contents",
    ),
    "policy-review": Mechanism(
        "The policy's owner is told when the review date of this file comes.", "complaintmail.policy.concerns"
    ),
    "welcome": Mechanism(
        "Everybody named gets a letter that says what they may be asked and how to answer.",
        "complaintmail.letters.welcome",
    ),
    "leaflet": Mechanism(
        "A page for the public says how to complain and what happens by when; it is made from this file.",
        "complaintmail.cli.policy_leaflet",
    ),
}
