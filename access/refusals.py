"""Refusals: a rule said no; each carries the words for the person and the next step.

Refusal
├── NotAllowed            this person may not do this
│   ├── NotAFullMember      guests, deactivated people and people of other workspaces
│   ├── OwnRequest          nobody decides their own request
│   ├── NotAnApprover       neither owner nor SSO admin, or not at this level
│   ├── SecondPersonNeeded  the two levels are two different people
│   ├── NotTheRequester     only the requester withdraws
│   └── NotTheHolder        only the holder ends a session early
├── TooLate               it has been settled meanwhile
│   ├── AlreadyDecided
│   ├── AlreadyEnded
│   └── AlreadyDone
├── NotYet                its time has not come
├── Frozen                an SSO admin has frozen all granting
├── NotOffered            it could be asked for once, and cannot be granted any more
├── NotFound              no such request
├── TooMany               too much of one person's waits already
├── BadForm               fields of the form, each with its problem
├── ReasonNeeded          a rejection or a revocation without a reason
├── NotConfirmed          the word that confirms was not typed
└── CannotTell            a look-up failed or found nothing; it counts as no
"""

from collections.abc import Mapping
from enum import StrEnum


class Field(StrEnum):
    """The fields of the request form, by their labels."""

    ACCOUNT = "AWS account"
    KIND = "Permission set type"
    PERMISSION_SET = "Permission set"
    NAME = "Name"
    SESSION_DURATION = "Session duration"
    MANAGED_POLICIES = "Managed policies"
    INLINE_POLICY = "Inline policy"
    DURATION = "Access duration"
    JUSTIFICATION = "Justification"


class Refusal(Exception):  # noqa: N818 - a refusal is no error: a rule said no
    """A rule said no: `words` tell the person why, `next_step` what to do now."""

    def __init__(self, words: str, next_step: str = "") -> None:
        super().__init__(words)
        self.words = words
        self.next_step = next_step

    @property
    def kind(self) -> str:
        """Its name, for the audit log."""
        return type(self).__name__


class NotAllowed(Refusal):
    """This person may not do this."""


class NotAFullMember(NotAllowed):
    """Guests, deactivated people and people of other workspaces neither ask nor decide."""


class OwnRequest(NotAllowed):
    """Nobody decides their own request, in whatever role."""


class NotAnApprover(NotAllowed):
    """Neither owner of the account nor SSO admin, or not at this level."""


class SecondPersonNeeded(NotAllowed):
    """The two levels of a custom request are two different people."""


class NotTheRequester(NotAllowed):
    """Only the requester withdraws a request."""


class NotTheHolder(NotAllowed):
    """Only its holder ends a session early."""


class TooLate(Refusal):
    """It has been settled meanwhile."""


class AlreadyDecided(TooLate):
    """Somebody decided the request, or it was withdrawn or lapsed."""


class AlreadyEnded(TooLate):
    """The session has ended or is ending."""


class AlreadyDone(TooLate):
    """It is done once and was done before."""


class NotYet(Refusal):
    """Its time has not come: nothing to end, to lapse or to expire."""


class Frozen(Refusal):
    """An SSO admin has frozen all granting; who, when and why is in the words."""


class NotOffered(Refusal):
    """It could be asked for once, and cannot be granted any more."""


class NotFound(Refusal):
    """There is no such request, or this person may not see it."""


class TooMany(Refusal):
    """Too much of one person's waits already."""


class ReasonNeeded(Refusal):
    """A rejection or a revocation needs a reason."""


class NotConfirmed(Refusal):
    """The word that confirms a far-reaching order was not typed."""


class CannotTell(Refusal):
    """A look-up failed or found nothing, which counts as no."""


class BadForm(Refusal):
    """Fields of the form are wrong; `problems` has the words for each."""

    def __init__(self, problems: Mapping[Field, str]) -> None:
        super().__init__("; ".join(f"{field}: {words}" for field, words in problems.items()), "Correct the form.")
        self.problems = dict(problems)
