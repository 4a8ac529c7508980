"""What the made-up complainants of bench/mails.py say, and who they are."""

from __future__ import annotations

FIRST = (
    "Amira", "Ben", "Chloe", "Dev", "Ewa", "Finn", "Grace", "Hamza", "Isla", "Jonas", "Kofi", "Lena",
    "Mina", "Noor", "Olga", "Priya", "Quinn", "Rhys", "Sofia", "Tomas", "Uma", "Viktor", "Wanda",
    "Yusuf", "Zara"
)  # fmt: skip
LAST = (
    "Abara", "Bennett", "Cooper", "Dlamini", "Evans", "Fraser", "Griffiths", "Hughes", "Ivanova",
    "Jensen", "Khan", "Lewis", "Murphy", "Nowak", "OBrien", "Patel", "Quigley", "Rossi", "Singh",
    "Taylor", "Usman", "Vaughan", "Walker", "Yilmaz", "Zhou"
)  # fmt: skip
STREETS = ("Mill Lane", "Station Road", "Church Street", "Harbour View", "The Crescent", "Canal Side", "Priory Close",
           "Bridge Street", "Orchard Way", "Kingsway")  # fmt: skip
TOWNS = ("Aberdeen", "Barnsley", "Cardiff", "Derry", "Exeter", "Falkirk", "Glossop", "Hull", "Ipswich", "Lisburn")

MATTERS = ("the evening course", "my housing repair", "your care visit", "the certificate that never came",
           "the way I was spoken to", "my cancelled appointment", "the fees on my account", "the broken lift",
           "the missing refund", "your answering service", "the heating in our flat", "my daughter's placement",
           "the exam room", "the late home visit", "your website's booking page")  # fmt: skip

GREETINGS = ("Dear Sir or Madam,", "Hello,", "To whom it may concern,", "Good morning,", "Dear team,", "Hi,")

HAPPENED = (
    "On {day} I waited {n} minutes and nobody came to tell us what was going on.",
    "When I rang I was kept on hold for {n} minutes and then cut off without a word.",
    "The person at the desk was rude and told me that it was not her problem.",
    "I have written about this {n} times since {day} and never had an answer.",
    "The room was locked when we arrived, and the caretaker on {street} said that he knew nothing about it.",
    "We were promised that somebody would call back by {day}; nobody did.",
    "I paid £{n} in advance and still have no receipt, although I asked for one twice.",
    "My mother is 84 and was left sitting in a cold corridor until a neighbour from {street} took her home.",
    "The form on your page loses everything that one has typed as soon as a photo is added.",
    "It has happened before, on {day}, and I was told then that it would not happen again.",
    "The letter that I was sent names another person's address on {street}, which worries me a great deal.",
    "The work was left half done: there is a hole of {n} centimetres in the wall and dust over everything.",
    "Two other families told me that the same has happened to them this year.",
    "Nobody could say who is responsible, and each office sent me on to the next one.",
    "I lost {n} hours of work because of this, and my employer has not been understanding.",
    "The tutor came {n} minutes late and left before the end, and the slides were those of another course.",
    "I enclose what I was sent, so that you can see for yourselves what I mean.",
    "The invoice of {day} charges me for {n} days on which I was not even here.",
    "Your colleague was friendly enough, but she had not been told anything about it either.",
    "When it rains the water comes in next to the meter cupboard, which cannot be safe.",
)

WANTED = (
    "I expect an apology, and my £{n} back, within the time that your own policy names.",
    "Please tell me who is looking into this and by when I shall hear from them.",
    "I want this put right this week, and I want to know how you will keep it from happening again.",
    "If I do not hear from you within {n} days I shall take it to the ombudsman.",
    "I should like somebody who can decide something to ring me in the evening.",
    "Please send me a copy of everything that you hold about it, and an explanation in plain words.",
)

SIGNED = ("Yours faithfully,", "Kind regards,", "Regards,", "Yours sincerely,", "Thank you,", "Best wishes,")

QUOTED = (
    "Thank you for getting in touch with us. Your booking has been received and is being looked at by the team.",
    "Please remember to bring the letter with the number on it, and something that shows who you are.",
    "Our office is open from Monday to Friday between nine and five, and on the first Saturday of each month.",
    "We shall write to you again as soon as a place is free; there is nothing that you need to do until then.",
    "If your plans change, tell us at least three days before, so that somebody else can have the place.",
    "The entrance is on the side of the building, past the bicycle stands; ring twice.",
    "This message is meant for the person it is addressed to; if it is not for you, let us know and throw it away.",
)
