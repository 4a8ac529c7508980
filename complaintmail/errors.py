"""What can go wrong, as one tree.

    ComplaintmailError            what, where and a hint, in one clear line each
      ConfigError                 the settings cannot be used as they are (exit 2); carries every problem found
      PolicyError                 a policy file says something that cannot be kept
      LetterError                 a letter cannot be rendered
        PaperError                a letter cannot be made into a PDF
      TemporaryFailure            the outside world said "later", or nothing: try again
      PermanentFailure            the outside world said no, and would again
        LoginRefused              wrong or locked credentials: retried slowly, told once
      StoreError                  the database is not what it should be
        AlreadyRunning            another daemon holds this database

Odd mail is never an exception: it is a `Message` with defects.
"""

from __future__ import annotations


class ComplaintmailError(Exception):
    """Base of all our own errors; `str()` is one clear line."""


class ConfigError(ComplaintmailError):
    """The settings cannot be used; `problems` holds one line for each thing that is wrong."""

    def __init__(self, problems: list[str] | str) -> None:
        self.problems = [problems] if isinstance(problems, str) else list(problems)
        super().__init__("\n".join(self.problems))


class PolicyError(ComplaintmailError):
    """A policy file says something that cannot be kept; `problems` holds one line each, with file and key."""

    def __init__(self, problems: list[str] | str) -> None:
        self.problems = [problems] if isinstance(problems, str) else list(problems)
        super().__init__("\n".join(self.problems))


class LetterError(ComplaintmailError):
    """A letter cannot be rendered: which file, which line, what would be right."""


class PaperError(LetterError):
    """A letter cannot be made into a PDF: what it holds that cannot be printed, or what became of the press."""


class TemporaryFailure(ComplaintmailError):
    """The outside world said "later", or nothing at all. Worth trying again."""


class PermanentFailure(ComplaintmailError):
    """The outside world said no, and would say it again."""


class LoginRefused(PermanentFailure):
    """The server refused our name or password; retried slowly, told once."""


class StoreError(ComplaintmailError):
    """The database is not what it should be."""


class AlreadyRunning(StoreError):
    """Another daemon holds this database."""
