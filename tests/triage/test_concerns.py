"""What cannot wait and what has a law's clock, by the words of a mail; and what only looks like it."""

from __future__ import annotations

from time import process_time

import pytest

from complaintmail.triage.concern_words import Concern
from complaintmail.triage.concerns import GRAVE, LAWFUL, SERIOUS, concerns, named

TRIPS: dict[str, tuple[str, ...]] = {
    "self-harm": (
        "I feel suicidal since you threw me off the course.",
        "My daughter has been suicidal since the results came out.",
        "I can't stop feeling suicidal.",
        "He left a suicide note after your tutor spoke to him.",
        "After your letter I want to kill myself.",
        "I am going to hurt myself if nobody answers.",
        "She started cutting herself because of your tutor.",
        "I am trying not to kill myself.",
        "I do not want to live any more.",
        "I don't want to be here any more, nobody listens.",
        "Because of you I want to die.",
        "I wish I was dead.",
        "They would be better off without me.",
        "There is no point in going on living.",
        "I took an overdose on Friday after the interview.",
        "My son is self-harming and you do nothing.",
        "I have thought about ending my life.",
        "You will be sorry when I jump in front of a train.",
        "Rwyf eisiau lladd fy hun.",
        "Dw i ddim eisiau byw.",
        "He said he wants to\nkill himself.",
    ),
    "safety": (
        "I want to raise a safeguarding concern about one of your tutors.",
        "This is a safeguarding matter.",
        "A carer hit my mother.",
        "My son was punched by a member of staff.",
        "The residents are being neglected.",
        "One of the pupils was touched inappropriately; he touched her inappropriately in the car.",
        "Your assessor sexually assaulted me.",
        "The children were left alone in the workshop for two hours.",
        "My baby has bruises on both arms after your nursery.",
        "I am reporting child abuse.",
        "She is in danger at home.",
        "I fear for my life.",
        "My grandmother was left without food or insulin.",
        "I was raped by another learner.",
        "The child is at risk of serious harm.",
        "My daughter was groomed by a tutor on your course.",
        "Mae gen i bryder diogelu am y plentyn.",
        "Mae fy mab mewn perygl.",
    ),
    "threat": (
        "Your tutor threatened to hit me.",
        "He threatened me in front of the class.",
        "I will kill you all.",
        "I'm going to smash the place up, I am going to burn down the office.",
        "I was punched in the corridor.",
        "He punched me in the face.",
        "Another student pulled a knife on me.",
        "She was assaulted by a learner.",
        "He became violent.",
        "I know where you live.",
        "I have had death threats from your manager.",
        "Mae'r tiwtor wedi fy mygwth i.",
    ),
    "legal": (
        "I will take legal action.",
        "My solicitor has advised me to write to you.",
        "You will hear from my solicitor.",
        "I will see you in court.",
        "I am going to sue you for every penny.",
        "This is a letter before action.",
        "I shall take you to the small claims court.",
        "I have started employment tribunal proceedings.",
        "Byddaf yn cysylltu â chyfreithiwr.",
    ),
    "regulator": (
        "I will report you to Ofqual.",
        "I have complained to the ombudsman.",
        "I am copying this to my MP.",
        "I will be contacting the ICO.",
    ),
    "press": (
        "I am going to the press.",
        "I have spoken to a journalist.",
        "I shall post this all over social media.",
    ),
    "discrimination": (
        "I was discriminated against.",
        "The tutor made racist remarks.",
        "You turned me down because I am deaf.",
        "You refused to make reasonable adjustments for me.",
        "This is discrimination because of my disability.",
        "Roedd y tiwtor yn hiliol.",
    ),
    "data": (
        "You shared my details with another learner without my consent.",
        "This is a data breach.",
        "You sent my medical records to the wrong person.",
        "I want to complain about how you handled my personal data.",
        "Your office lost my personal information.",
        "You breached my confidentiality.",
        "I was sent somebody else's certificate.",
        "You published my exam results on the website without permission.",
        "You emailed everyone and our email addresses were visible to all.",
        "Fe wnaethoch chi rannu fy manylion.",
    ),
    "access": (
        "This is a subject access request.",
        "Please send me a copy of all the data you hold about me.",
        "I would like a copy of my records.",
        "Please provide all information that you hold about me.",
        "I want to see my file.",
        "I request access to my personal data.",
        "May I have copies of everything you hold on me?",
        "Could you please let me have all emails and notes you have about me?",
        "I am making a SAR.",
        "Hoffwn gopi o'r wybodaeth: cais am wrthrych, copi o'r data sydd gennych.",
    ),
    "repeated": (
        "This is the third time I have written to you.",
        "I have emailed you four times.",
        "I have called repeatedly and nobody answers.",
        "I have had no reply to my last two letters.",
        "All my emails have been ignored.",
    ),
    "date": (
        "My exam is on Friday.",
        "I will miss my exam if this is not put right.",
        "I need it before my interview.",
        "The deadline is tomorrow.",
        "I may lose my university place.",
        "Mae'r arholiad yfory.",
    ),
}

NOT_SO: tuple[str, ...] = (
    "I nearly died laughing.",
    "I was killing time in your waiting room.",
    "My feet are killing me after the tour.",
    "I would kill for a coffee in that canteen.",
    "The module Suicidal Behaviour in Adolescents was never marked.",
    'I enrolled on the "Suicide Awareness" course and nobody came.',
    "The suicide prevention workshop was cancelled.",
    "Your talk on self-harm was badly organised.",
    "The self-harm awareness training was too short.",
    "Safeguarding training was boring.",
    "The safeguarding course has no heating.",
    "I have no safeguarding concerns, only the room was cold.",
    "The safeguarding officer was polite, but late.",
    "I am not suicidal, only very angry.",
    "I would never hurt myself.",
    "It was career suicide to book with you.",
    "I nearly killed myself on your broken stairs.",
    "I could have died of embarrassment.",
    "I wanted to die of shame when my name was read out.",
    "I don't want to live here with this noise.",
    "You have taken my life savings.",
    "An overdose of paperwork.",
    "The deadline pressure was a killer.",
    "My daughter was hit hard by the cancellation.",
    "Students were hit with a fee that nobody had told them about.",
    "The children were beaten at football, which is not my complaint.",
    "The dog grooming course was poor.",
    "My deposit is at risk.",
    "Students are at risk of failing because the tutor never came.",
    "The child protection module had no tutor.",
    "The domestic abuse course was cancelled twice.",
    "I was kicked off the course without notice.",
    "It hit me that nobody would come.",
    "I was hit by a fee.",
    "I will shoot you an email tomorrow.",
    "The weather was threatening all day.",
    "You threatened me with a cancellation fee.",
    "The catering course gave us blunt knives.",
    "They could not beat the price.",
    "I am a solicitor and I booked the room.",
    "The legal secretaries course was full.",
    "I have no intention of taking legal action.",
    "I do not want to involve solicitors.",
    "The tennis court was wet.",
    "I spoke to Sue about it, and Sue was kind.",
    "Press the button and nothing happens.",
    "The printed papers for the meeting were missing.",
    "Is this qualification regulated by Ofqual?",
    "The anti-discrimination policy on your website has a broken link.",
    "The equality and discrimination training was dull.",
    "There has been no data breach that I know of.",
    "The course on data protection was badly taught.",
    "I want to complain about the course on data protection.",
    "The GDPR training was a waste of money.",
    "I sent my details to the wrong address, sorry.",
    "Please update my email address.",
    "My personal details are below.",
    "Please send me a copy of my certificate.",
    "I cannot access the portal.",
    "I am not asking for a copy of my data.",
    "Please send me the information about the course that you have on your website.",
    "The exam room was cold last week.",
    "The tutor was late for the third lesson.",
    "I have attended your courses many times and enjoyed them.",
    "The room was cold and nobody came.",
    "Roedd yr hyfforddiant diogelu yn ddiflas.",
    "Nid yw'r cwrs diogelu data yn dda.",
)
# What is denied or far off, among things that are so.
BESIDE: tuple[tuple[str, frozenset[str]], ...] = (
    ("I am not suicidal but I will take legal action.", frozenset({"legal"})),
    ("I do not know how to say this but I am suicidal.", frozenset({"self-harm"})),
    ("Since the training about safeguarding I feel suicidal.", frozenset({"self-harm"})),
    ("On the safeguarding course a tutor hit my son.", frozenset({"safety"})),
    ("This is not only a data breach, it is discrimination.", frozenset({"data", "discrimination"})),
)


def kinds(text: str, subject: str = "") -> set[str]:
    return {str(one.concern) for one in concerns(text, subject)}


@pytest.mark.parametrize(
    ("text", "kind"), [(text, kind) for kind, texts in TRIPS.items() for text in texts], ids=lambda said: said[:40]
)
def test_it_is_seen(text: str, kind: str) -> None:
    assert kind in kinds(text)


@pytest.mark.parametrize("text", NOT_SO, ids=lambda said: said[:40])
def test_it_only_looks_like_it(text: str) -> None:
    assert kinds(text) == set()


@pytest.mark.parametrize(("text", "found"), BESIDE, ids=[text[:40] for text, _ in BESIDE])
def test_each_is_judged_by_its_own_words(text: str, found: frozenset[str]) -> None:
    assert kinds(text) == found


def test_there_are_enough_sentences_each_way() -> None:
    assert sum(map(len, TRIPS.values())) >= 60
    assert len(NOT_SO) >= 60
    assert set(TRIPS) == {str(concern) for concern in Concern}


def test_every_concern_that_staff_act_on_is_of_one_kind() -> None:
    assert not (GRAVE & SERIOUS or GRAVE & LAWFUL or SERIOUS & LAWFUL)


def test_the_reason_names_the_words_that_weighed() -> None:
    [one] = concerns("Since then I feel suicidal. I want to kill myself.")

    assert one.says == "Somebody may mean to harm or to kill themselves (“suicidal”, “kill myself”)"
    assert named([one], GRAVE) == (one,)


def test_the_subject_counts_but_not_that_of_a_reply() -> None:
    assert kinds("Please answer.", "Safeguarding concern") == {"safety"}
    assert kinds("Please answer.", "Re: Safeguarding concern") == set()


def test_curly_quotes_and_shouting_are_read_as_well() -> None:
    assert kinds("I DON’T WANT TO LIVE ANY MORE. I WILL SUE YOU.") == {"self-harm", "legal"}


def test_a_line_that_ends_between_two_words_hides_nothing() -> None:
    assert [one.concern for one in concerns("I am afraid that she will start to self\nharm again.")] == [
        Concern.SELF_HARM
    ]


def test_the_last_words_of_a_very_long_mail_are_read() -> None:
    assert kinds("The room was cold and nobody came. " * 20_000 + "I want to kill myself.") == {"self-harm"}


@pytest.mark.parametrize(
    "piece",
    [
        "kill self ", "my son was my son was ", "shared my details ", "because of my ", "not to the ", "a", ". ",
        "please send all the data you have ",

    ],
)  # fmt: skip
def test_a_megabyte_of_anything_takes_little_time(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))

    begun = process_time()
    concerns(text, text[:500])

    assert process_time() - begun < 4
