"""Whether AWS takes the bot's credentials: the words of the last refusal, until a call succeeds."""

from collections.abc import Iterator
from contextlib import contextmanager

from aws.error_codes import NO_CREDENTIALS
from aws.errors import AwsTrouble


class Standing:
    """What every call notes; `trouble` is None while AWS takes the credentials, as far as is known."""

    def __init__(self) -> None:
        self.trouble: str | None = None

    @contextmanager
    def noted(self) -> Iterator[None]:
        """Note how the call inside ends; an error that says nothing of credentials changes nothing."""
        try:
            yield
        except AwsTrouble as trouble:
            if trouble.code in NO_CREDENTIALS:
                self.trouble = f"{trouble} Give the bot valid credentials, as boto3 finds them."
            raise
        self.trouble = None
