"""complaintmail keeps the promises of a complaints policy, from a shared inbox.

    mailbox → journal → read → recognise → classify → case → obligations → outbox → SMTP → evidence
    collect │ ·········· intake ························ │ chase │ ······ dispatch ······ │  (passes)

The middle is pure: values in, values out, `now` an argument. The rim does the I/O in short transactions.
docs/life-of-a-mail.md follows one mail through every module.
"""

__version__ = "0.1.0"
