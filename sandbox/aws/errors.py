"""The errors with which AWS answers, and the few sentences that real callers have seen."""

from typing import NoReturn


class AwsError(Exception):
    """AWS says no: its code, its words and the HTTP status (400 for nearly everything)."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status


def invalid(message: str) -> NoReturn:
    """Refuse a value."""
    raise AwsError("ValidationException", message)


def missing(message: str) -> NoReturn:
    """Say that something is not there."""
    raise AwsError("ResourceNotFoundException", message)


def conflict(message: str = "There is a conflicting operation in process.") -> NoReturn:
    """Refuse because something else is going on, or is in the way."""
    raise AwsError("ConflictException", message)


def over_quota(message: str) -> NoReturn:
    """Refuse because a quota is used up."""
    raise AwsError("ServiceQuotaExceededException", message)


def throttled(message: str = "There are too many requests processing. Please try again later.") -> NoReturn:
    """Refuse for now."""
    raise AwsError("ThrottlingException", message)
