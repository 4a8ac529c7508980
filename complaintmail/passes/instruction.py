"""Mail from staff: whose word it is, what it asks for, and everything that comes of it, in the mail's own commit.

    read → whose word? → held and asked back | answered directly → credited | commands, answer or note → done, told

Unproved mail changes nothing: it is kept, and the real address is asked for one yes. All that a proved mail asks for
is done, or none of it, and its writer hears what was done. Nothing here decides: `triage.authority` and
`cases.instruct` do.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from complaintmail.cases.afterwards import Gone
from complaintmail.cases.commands import NAMES
from complaintmail.cases.deeds import (
    Answer,
    AskBoard,
    Deed,
    Draft,
    HandOn,
    MakeCase,
    Open,
    PassOn,
    Posted,
    ShowBack,
    TakeAsTheirs,
    Tell,
    Write,
)
from complaintmail.cases.instruct import Ruling, help_text, instruct
from complaintmail.cases.people import People, Person
from complaintmail.cases.scene import CaseNow, RelayRules, Scene
from complaintmail.letters import transcripts
from complaintmail.letters.notices import CaseTold, Paper
from complaintmail.mail.authentication import standing
from complaintmail.mail.forwarded import original_in
from complaintmail.mail.message import Message
from complaintmail.mail.references import case_references
from complaintmail.mail.reply import split
from complaintmail.mail.signature import is_device_line
from complaintmail.mail.tokens import tokens_in, without_tokens
from complaintmail.passes.praise_came import hand_on
from complaintmail.passes.praising import ask_board, pass_on
from complaintmail.passes.spent import Spent
from complaintmail.passes.staff_cases import StaffCases
from complaintmail.passes.staff_papers import Papers
from complaintmail.passes.writing import show_draft, went, write_letter
from complaintmail.store import casebook, crediting, instructed, scenes, schema
from complaintmail.store.journal import Entry
from complaintmail.store.record import Writer
from complaintmail.triage.authority import Proof, Word, named_letters, whose_word
from complaintmail.triage.orders import read_orders
from complaintmail.triage.recognise import Recognition

ABSENT_AFTER = 2  # automatic replies of one person, after which somebody else is asked
A_DAY = timedelta(days=1)
MOST_CONFIRMS = 5  # mails a day that ask one person "was this you?": more would be a way to bury them in mail


@dataclass(slots=True)
class Instruction:
    """One mailbox's mail from staff."""

    key: bytes
    people: People
    rules: RelayRules
    own: frozenset[str]
    authserv_id: str | None
    prefixes: frozenset[str]
    papers: Papers

    @property
    def cases(self) -> StaffCases:
        return StaffCases(self.papers)

    @property
    def spent(self) -> Spent:
        return Spent(self.key, self.people, self.own)

    def take(
        self, writer: Writer, entry: Entry, message: Message, person: Person, found: Recognition
    ) -> tuple[int | None, bool]:
        """Everything that a mail from a staff address causes: the case it is on, and whether it was staff's at all.
        It is not when nothing proves it and it asks for nothing: then they may well be complaining themselves."""
        writer.so_far()
        letters = scenes.staff_letters(writer.connection, named_letters(message, self.key))
        word = whose_word(message, person.key, letters, standing(message, self.authserv_id), self.key)
        self.spent.by_staff(writer, entry, message, word, letters)
        if word.proof is None:
            if not letters and not self._asks(writer, message, found):
                return None, False
            return self._hold(writer, entry, bare(message), person, word), True
        return self._obey(writer, entry, bare(message), person, word, found.case_id), True

    def _asks(self, writer: Writer, message: Message, found: Recognition) -> bool:
        """Would this mail do anything if it were proved: is there a command, a case, a complaint passed on?"""
        if found.case_id is not None or found.suggested or tokens_in(self.key, (message.subject, message.text)):
            return True
        orders = read_orders(message.new_text, NAMES)
        if orders.written or orders.slips or case_references(message.subject, prefixes=self.prefixes):
            return True
        to = [address.key for address in (*message.to, *message.cc)]
        known = schema.case_address
        asked = select(known.c.case_id).where(known.c.address.in_(to), known.c.standing == "complainant").limit(1)
        return writer.connection.scalar(asked) is not None or original_in(message.text, message.subject) is not None

    def is_away(self, writer: Writer, message: Message, case_id: int) -> None:
        """An automatic reply on a case. From staff it goes to nobody; after some, somebody else is asked."""
        person = self.people.at(message.writer.key if message.writer else None)
        if person is None:
            return
        writer.so_far()
        letters = scenes.staff_letters(writer.connection, named_letters(message, self.key))
        if whose_word(message, person.key, letters, standing(message, self.authserv_id), self.key).proof is None:
            return  # anybody can write in their name that they are away
        state = schema.person_state
        before = int(writer.connection.scalar(select(state.c.absent).where(state.c.email == person.key)) or 0)
        instructed.person_state(writer, person.key, {"absent": before + 1})
        if before + 1 == ABSENT_AFTER:
            self.papers.ask_another(writer, case_id, person)
        writer.event("staff_away", by=person.email, case_id=case_id, times=before + 1)

    def from_elsewhere(self, writer: Writer, entry: Entry, message: Message, people: tuple[Person, ...]) -> None:
        """What only they were sent was answered from another address: if that is theirs too, they read how to send it
        from their own. At the other address nobody hears anything."""
        address = message.writer.address if message.writer else "an address that cannot be read"
        for person in people[:1]:
            since = instructed.mails_since(writer, "confirm", person.email, writer.now - A_DAY)
            if since < MOST_CONFIRMS:
                paper = transcripts.from_elsewhere(address, message.new_text, self.papers.at(entry.received_at))
                self.papers.send(writer, person.email, "confirm", entry.id, paper)

    # Not proved

    def _hold(self, writer: Writer, entry: Entry, message: Message, person: Person, word: Word) -> int | None:
        """Kept, and its real owner is asked whether it is theirs. It is on no case until then."""
        ask = instructed.mails_since(writer, "confirm", person.email, writer.now - A_DAY) < MOST_CONFIRMS
        then = "they are asked" if ask else f"they were asked {MOST_CONFIRMS} times today about such mails already"
        why = f"its sender's address is {person.name}'s, but {word.why}: it changed nothing, and {then}"
        casebook.keep_staff_mail(writer, entry, message, None, (why,), why)
        if ask:
            offer = instructed.make_offer(
                writer, case_id=None, mailbox=entry.mailbox, person=person.key, kind="confirm", message_id=entry.id,
                payload={"why": word.why},
            )  # fmt: skip
            paper = transcripts.confirm(message.subject, message.new_text, word.why, self.papers.at(entry.received_at))
            self.papers.send(writer, person.email, "confirm", entry.id, paper, about={"offer": offer})
        else:
            self.papers.tell_of_many(writer, entry, person, MOST_CONFIRMS)
        writer.event("staff_mail_held", by="complaintmail", journal=entry.id, person=person.key, why=word.why)
        return None

    # Proved

    def _obey(
        self, writer: Writer, entry: Entry, message: Message, person: Person, word: Word, found: int | None
    ) -> int | None:
        instructed.person_state(writer, person.key, {"absent": 0})
        case = self._case(writer, message, word, found)
        if case is not None and self._hidden(person, case) and (word.letter is None or word.letter.case_id != case.id):
            case = None  # they are told no more than of a case that is not there
        scene = self.scene(writer, person, word, case, message, entry.id)
        if case is not None and not self._hidden(person, case) and self._went_directly(message, case):
            return self._credit(writer, entry, message, person, case)
        ruling = instruct(words_of(message), scene)
        if case is None and not ruling.done and self.cases.passes_on(writer, entry, message, person):
            return None  # a complaint that they passed on: it has a case of its own now
        return self._do(writer, entry, message, person, scene, ruling)

    def _hidden(self, person: Person | None, case: CaseNow) -> bool:
        """May they know nothing of it: it is about them, or under a policy in which they have no part?"""
        if person is None:
            return False
        return person.key in case.excluded or bool(person.policies and case.row["policy"] not in person.policies)

    def _case(self, writer: Writer, message: Message, word: Word, found: int | None) -> CaseNow | None:
        case_id = word.letter.case_id if word.letter is not None else None
        if case_id is None and word.letter is None:
            case_id = found
        if case_id is None:
            named = scenes.by_reference(writer.connection, case_references(message.subject, prefixes=self.prefixes)[:1])
            return next(iter(named.values()), None)
        return scenes.case_now(writer.connection, case_id)

    def scene(
        self,
        writer: Writer,
        person: Person | None,
        word: Word,
        case: CaseNow | None,
        message: Message | None,
        entry: int | None,
    ) -> Scene:
        connection = writer.connection
        named = word.letter.about.get("offer") if word.letter else None
        text = message.new_text if message is not None else ""
        return Scene(
            person=person,
            word=word,
            case=case,
            policy=self.papers.policy,
            people=self.people,
            now=writer.now,
            mailbox=self.papers.mailbox,
            own=self.own,
            rules=self.rules,
            offers=scenes.offers_of(
                connection, person.key if person else None, case.id if case else None, {named} if named else set()
            ),
            message=message,
            entry=entry,
            answered_before=scenes.answered_before(connection, person.key) if person else True,
            others=self._others(writer, text, person),
        )

    def _others(self, writer: Writer, text: str, person: Person | None) -> dict[str, CaseNow]:
        """The other cases that a text names and its writer may know of."""
        named = scenes.by_reference(writer.connection, case_references(text, prefixes=self.prefixes)[:5])
        return {reference: case for reference, case in named.items() if not self._hidden(person, case)}

    def _went_directly(self, message: Message, case: CaseNow) -> bool:
        to = {address.key for address in (*message.to, *message.cc)}
        return any(address in to for address, how in case.addresses.items() if how == "complainant")

    def _credit(self, writer: Writer, entry: Entry, message: Message, person: Person, case: CaseNow) -> int:
        """They wrote to the complainant themselves, with us in copy: it is on the case, and goes to nobody twice."""
        why = f"{person.name} wrote to the complainant directly: recorded as the answer, and sent on to nobody"
        casebook.keep_staff_mail(writer, entry, message, case.id, (why,), why)
        met = crediting.credit_answer(writer, case.id, entry.received_at, f"a mail by {person.email}", person.email)
        writer.event("staff_answered_directly", by=person.email, case_id=case.id, journal=entry.id, met=met)
        return case.id

    def _do(
        self, writer: Writer, entry: Entry, message: Message, person: Person, scene: Scene, ruling: Ruling
    ) -> int | None:
        case = scene.case
        case_id = case.id if case is not None and not self._hidden(person, case) else None
        why = "it is from staff: they hear what came of it"
        proved = (f"proved {person.name}'s: {scene.word.why}",)
        casebook.keep_staff_mail(writer, entry, message, case_id, proved, why)
        told = self.write(writer, scene, ruling, entry.id)
        if not ruling.done:
            writer.event("staff_mail_taken_in", by=person.email, case_id=case_id, journal=entry.id)
        self._answer(writer, entry, message, person, scene, ruling, told)
        return case_id

    def write(self, writer: Writer, scene: Scene, ruling: Ruling, entry: int | None) -> list[tuple[str, str]]:
        """Write every deed and put on paper what it calls for; what to tell its writer, line by line."""
        told: list[tuple[str, str]] = []
        noticed: set[Tell] = set()
        for done in ruling.done:
            said = done.deed.said
            if refused := self.cases.nothing_to_say(writer, scene, done.deed):
                writer.event("nothing_said_of_mail", by=scene.by, mail=done.deed.detail["mail"], journal=entry)
                said = refused
            elif done.deed.what or done.deed.effects:
                said += self._one(writer, scene, done.command, done.deed, entry, noticed)
            told.append((done.line, said))
        return told

    def _one(
        self, writer: Writer, scene: Scene, command: str, deed: Deed, entry: int | None, noticed: set[Tell]
    ) -> str:
        applied = instructed.apply(writer, deed, command, scene.case, scene.policy, self.people, scene.by, entry)
        more = ""
        if deed.what == "recounted":
            self.papers.keep_policy(writer, scene.policy)  # the case goes by this file's text from now on
        if deed.what == "welcomed" and scene.person is not None:
            instructed.person_state(writer, scene.key, {"welcome_answered_at": writer.now})
        for paper in applied.paper:
            match paper:
                case Answer():
                    more += self.papers.answer(writer, scene, paper, applied.row)
                case Write():
                    more += write_letter(self.papers, writer, scene, paper, applied.row)
                case PassOn(to, words):
                    pass_on(self.papers, writer, scene.case, to, words, scene.by)
                case HandOn():
                    assert scene.case is not None
                    hand_on(self.papers.telling, writer, scene.case.id)
                case MakeCase(mail):
                    more += self.cases.from_a_mail(writer, scene, mail)
                case AskBoard():
                    more += ask_board(self.papers, writer, scene, paper)
                case Draft():
                    more += show_draft(self.papers, writer, scene, paper, applied.row)
                case Posted(kind, after, at):
                    assert scene.case is not None
                    gone = Gone(kind, {**after, "by_post": True}, at, scene.by, f"{scene.by} posted it")
                    went(writer, self.papers, scene.case.id, gone)
                case ShowBack():
                    self.papers.show_back(writer, scene, paper, entry)
                case Tell():
                    if paper not in noticed:  # named in two ways, told once
                        self.papers.tell(writer, scene, paper, entry)
                    noticed.add(paper)
                case Open():
                    more += f" Its reference is {self.cases.open(writer, scene, paper, deed, entry).reference}."
                case TakeAsTheirs(message_id):
                    held, message, _ = self.papers.raw(message_id)
                    if scene.person is not None:
                        more += self._take_as_theirs(writer, held, message, scene.person)
        return more

    def _take_as_theirs(self, writer: Writer, entry: Entry, message: Message, person: Person) -> str:
        """A mail that was held is obeyed now: its own writer has said so from their own address."""
        writer.so_far()
        letters = scenes.staff_letters(writer.connection, named_letters(message, self.key))
        mine = next((letter for letter in letters.values() if letter.recipient == person.key), None)
        word = Word(Proof.REPLY, "they said so when asked", mine)
        references = case_references(message.subject, prefixes=self.prefixes)[:1]
        named = next(iter(scenes.by_reference(writer.connection, references).values()), None)
        self._obey(writer, entry, bare(message), person, word, named.id if named else None)
        return ""

    # What they hear

    def _answer(
        self, writer: Writer, entry: Entry, message: Message, person: Person, scene: Scene, ruling: Ruling,
        told: list[tuple[str, str]],
    ) -> None:  # fmt: skip
        if ruling.silent:
            return
        case = scene.case if scene.case is not None and not self._hidden(person, scene.case) else None
        about: dict[str, Any] = {}
        if ruling.offers:
            offer = instructed.make_offer(
                writer, case_id=scene.case.id if scene.case else None, mailbox=entry.mailbox, person=person.key,
                kind="orders", message_id=entry.id, payload={"lines": list(ruling.offers)},
            )  # fmt: skip
            writer.event("offered", by="complaintmail", case_id=scene.case.id if scene.case else None, offer=offer)
            paper = transcripts.offered(self._told(writer, scene), ruling.offers, message.new_text, self._names())
            about = {"offer": offer}
        elif self._says_itself(ruling):
            return
        else:
            paper = self._transcript(writer, scene, ruling, told)
        self.papers.send(
            writer, person.email, "answer-staff", entry.id, paper, case=case, about=about,
            in_reply_to=message.message_id, entry=entry.id,
        )  # fmt: skip

    @staticmethod
    def _says_itself(ruling: Ruling) -> bool:
        """An answer to the complainant is told by a mail of its own, before or after it goes."""
        effects = [effect for deed in ruling.deeds for effect in deed.effects]
        return len(ruling.done) == 1 and any(isinstance(effect, (Answer, ShowBack, TakeAsTheirs)) for effect in effects)

    def _told(self, writer: Writer, scene: Scene) -> CaseTold | None:
        if scene.case is None or self._hidden(scene.person, scene.case):
            return None
        return self.papers.case_told(writer, scene.case.id)

    def _transcript(self, writer: Writer, scene: Scene, ruling: Ruling, told: list[tuple[str, str]]) -> Paper:
        troubles = [(trouble.words, trouble.right) for trouble in ruling.troubles]
        helped = help_text() if ruling.help else ()
        return transcripts.answer(
            self._told(writer, scene), [] if troubles and not told else told, troubles, ruling.kept, helped,
            self._names(), back=any(deed.back for deed in ruling.deeds),
        )  # fmt: skip

    def _names(self) -> dict[str, str]:
        return {person.key: person.name for person in self.people.persons}


def bare(message: Message) -> Message:
    """The mail without the tokens in its words: nothing that is made of them may carry one."""
    subject, text, new = (without_tokens(words) for words in (message.subject, message.text, message.new_text))
    return replace(message, subject=subject, text=text, new_text=new)


def words_of(message: Message) -> str:
    """What they wrote, their signature with it: an answer goes on whole. What their telephone adds is none."""
    parts = split(message.text, message.subject)
    signed = "\n".join(line for line in parts.signature.split("\n") if not is_device_line(line)).strip()
    if signed and parts.new.strip() == message.new_text.strip():
        return f"{message.new_text.rstrip()}\n\n{signed}"
    return message.new_text
