"""The words by which the first rule tells complaint, praise and enquiry apart, with their weights.

Owns the table and nothing else. A weight of 2 alone makes a complaint sure, 1 makes one likely. `DOUBT` are words that
no praise and no enquiry that is put aside may contain: too weak to say that somebody complains, too strong to be sure
that nobody does.
"""

from __future__ import annotations

# ruff: noqa: SIM905 - word lists are read and reviewed as running text

COMPLAINT: dict[str, float] = {
    word: weight
    for weight, words in {
        3.0: (
            "complain complaint complaining complained complaints unacceptable disgraceful appalling appalled "
            "disgusted "
            "disgusting outrageous furious scandalous grievance dissatisfied dissatisfaction"
        ),
        2.0: (
            "dreadful shambles awful terrible horrible atrocious abysmal rude rudely ignored incompetent "
            "incompetence "
            "unprofessional disappointed disappointing disappointment useless shocking ridiculous insulting insulted "
            "humiliated negligent negligence discriminated discrimination mistreated unhappy upset angry fuming "
            "livid fobbed "
            "misled lied overcharged scam ripped pathetic joke filthy dirty unfair unfairly bullied harassed "
            "worst hopeless "
            "frustrated frustrating neglected unsafe rubbish poor poorly sucks letdown scam scammed scamming "
            "stupid stupidity"
        ),
        1.0: (
            "broken failed failure fails refund compensation apology apologise apologize cancelled canceled late "
            "delayed "
            "delay delays missing lost damaged wrong incorrect error errors mistake mistakes faulty leaking mould "
            "mold cold "
            "noise noisy waiting waited refused refuses denied unanswered unresolved overdue unreliable unhelpful "
            "inadequate inconvenience annoyed annoying concerned concerns worried worrying problem problems issue "
            "issues "
            "chasing chased ignoring stuck charged overcrowded understaffed unsuitable hassle stress stressful "
            "stressed "
            "cancelling slow waste wasted blame bad worse tired dropped"
        ),
    }.items()
    for word in words.split()
}

COMPLAINT_PHRASES: dict[str, float] = {
    phrase: weight
    for weight, phrases in {
        3.0: (
            "not good enough", "not happy with", "not satisfied with", "want my money", "fed up", "sick of",
            "let down",
            "not acceptable", "make a complaint", "very unhappy", "poor service", "bad experience", "had enough",
        ),
        2.0: (
            "not happy", "not satisfied", "not impressed", "no one", "nobody came", "nobody answered", "never came",
            "never answered", "never replied", "never arrived", "never received", "never called", "no reply",
            "no answer",
            "no response", "hung up", "hang up", "hangs up", "still waiting", "still not", "still no",
            "still haven't",
            "does not work", "doesn't work", "not working", "stopped working", "not been repaired", "never repaired",
            "too long", "in tears", "waste of", "money back", "how dare", "never again", "kept waiting", "no apology",
            "turned away", "shouted at", "laughed at", "sworn at", "left waiting", "passed around", "pushed around",
            "nothing happened", "nothing done", "nothing has", "no heating", "no hot", "no water", "nobody told",
            "nobody helped", "nobody cares", "don't care", "doesn't care", "not what i", "not fair", "under protest",
        ),
        1.0: (
            "not helpful", "no help", "why was", "why did", "why have", "why has", "why is", "not been",
            "should have",
            "could have", "should not", "expected better", "would expect", "without notice", "no notice", "not told",
        ),
    }.items()
    for phrase in phrases
}  # fmt: skip

PRAISE: dict[str, float] = {
    word: weight
    for weight, words in {
        2.0: (
            "compliment compliments praise commend commendation wonderful excellent fantastic brilliant "
            "outstanding amazing "
            "superb exceptional exemplary marvellous delighted impressed grateful terrific"
        ),
        1.0: (
            "great lovely kind kindly kindness friendly helpful professional perfect pleased happy enjoyed enjoy "
            "superbly "
            "appreciate appreciated appreciation thankful best love loved congratulations gratitude patient caring "
            "welcoming polite courteous supportive knowledgeable pleasure"
        ),
        0.5: "thank thanks good nice well quick quickly smooth easy",
    }.items()
    for word in words.split()
}

PRAISE_PHRASES: dict[str, float] = {
    "thank you so": 1.0, "thanks so": 1.0, "well done": 1.5, "credit to": 2.0, "above and": 1.0,
    "could not fault": 2.0,
    "couldn't fault": 2.0, "cannot fault": 2.0, "can't fault": 2.0, "five stars": 1.5, "pass on": 1.0,
    "want to thank": 2.0,
    "like to thank": 2.0, "wanted to thank": 2.0, "say thank": 1.5, "highly recommend": 2.0, "would recommend": 1.5,
    "praise enough": 3.0, "thank enough": 3.0, "no complaints": 1.5, "nothing to complain": 1.5, "keep up": 1.0,
    "hats off": 1.5, "big thank": 1.5,
}  # fmt: skip

ENQUIRY_PHRASES: dict[str, float] = {
    phrase: weight
    for weight, phrases in {
        1.5: (
            "could you tell", "can you tell", "could you please tell", "could you let", "please let me know",
            "like to know",
            "when does", "when do", "when is", "when are", "when will the", "what time", "what are", "what is",
            "where is", "where can",
            "how much", "how do i", "how can i", "how long", "how many", "do you offer", "do you have",
            "do you provide",
            "do you run", "are there", "is there", "is it possible", "would it be", "can i", "could i", "may i",
            "am i able",
            "would like to enrol", "would like to book", "would like to apply", "would like to register",
            "wish to apply",
            "send me", "more information", "further information", "some information", "information about",
            "information on",
            "opening hours", "opening times", "are you open", "price of", "cost of", "apply for", "enquire about",
            "inquire about", "enquiry about", "a question", "asking about", "interested in", "wondering if",
            "wonder if",
            "which course", "who do i", "do i need", "should i bring", "directions to", "does it", "does the",
            "is the",
        ),
    }.items()
    for phrase in phrases
}  # fmt: skip

NEGATIONS = frozenset(
    "not no never nor neither without hardly barely isn't wasn't aren't weren't don't doesn't didn't won't "
    "wouldn't can't "
    "cannot couldn't haven't hasn't hadn't shouldn't ain't nothing nobody none less lack lacked lacking anything "
    "but".split()
)

DOUBT = frozenset(
    "not no never nobody nothing none isn't wasn't aren't weren't don't doesn't didn't won't wouldn't can't "
    "cannot couldn't "
    "haven't hasn't hadn't shouldn't but however although though unfortunately sadly except unless apart despite "
    "still again "
    "yet wish pity shame only instead why supposed promised meant otherwise hard difficult difficulty unable trouble "
    "confused confusing confusion unclear lack lacking slow long wait too less little least improve improvement "
    "better "
    "should refund money paid pay charge bill must urgent urgently immediately solve fix repair change stop "
    "remove cancel "
    "delete expect expected explanation explain responsible someone manager complaint review appeal".split()
)

HARM = {
    "harm": (
        "abuse abused abusing assault assaulted molested raped rape groped beaten slapped punched injured injury "
        "injuries ambulance "
        "hospitalised unconscious bleeding died death dying killed suicide suicidal self-harm overdose "
        "safeguarding neglect "
        "neglected unsafe dangerous danger threatened threatening violence violent racist racism sexual sexually "
        "harassed harassment"
    ),
    "law": (
        "solicitor solicitors lawyer lawyers sue suing court tribunal litigation barrister police ombudsman injunction"
    ),
}
HARM_WORDS = {word: why for why, words in HARM.items() for word in words.split()}
HARM_PHRASES = {
    "legal action": "law", "take legal": "law", "my solicitor": "law", "kill myself": "harm", "end my life": "harm",
    "hurt myself": "harm", "harm myself": "harm", "at risk": "harm", "touched me": "harm", "hit me": "harm",
    "hit my": "harm",
    "self harm": "harm",
}  # fmt: skip

COMMON = frozenset(
    "the a an and or of to in is was were be been are i my me we our you your it that this for on with at as have "
    "has had "
    "not but by from they he she his her there what when which will would can could do did if so about please".split()
)
