"""What AWS's errors mean: try later, refused for good, or not there; judged by error code, never by HTTP status.

AwsTrouble
├── Busy       try later; `unknown` where AWS may have acted, `alert` where somebody should look
├── Refused    AWS said no for good; `alert` where only a human can mend it
│   ├── NameTaken   the permission set's name is in use: take another suffix
│   └── NoSuchUser  the directory has nobody to give access to
└── NotThere   what was named does not exist
"""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    CredentialRetrievalError,
    EndpointConnectionError,
    HTTPClientError,
    NoCredentialsError,
    ParamValidationError,
    PartialCredentialsError,
    ProxyConnectionError,
    SSLError,
    SSOError,
    TokenRetrievalError,
)
from botocore.parsers import ResponseParserError

from aws.error_codes import ABSENT, BROKEN, CONFLICTING, DENIED, FULL, HUMAN_NEEDED, INVALID, THROTTLED

_NOT_SENT = (ConnectTimeoutError, EndpointConnectionError, ProxyConnectionError, SSLError)
_NO_CREDENTIALS = (NoCredentialsError, PartialCredentialsError, CredentialRetrievalError, SSOError, TokenRetrievalError)


class AwsTrouble(Exception):  # noqa: N818 - not every trouble is an error
    """AWS did not do it; `words` are for people, `code` is AWS's own, `alert` calls for somebody who runs the bot."""

    def __init__(self, words: str, *, code: str = "", alert: bool = False) -> None:
        super().__init__(f"{words} ({code})" if code else words)
        self.words = words
        self.code = code
        self.alert = alert


class Busy(AwsTrouble):
    """Try later; `unknown` tells that AWS may have acted, so state is read before the call is sent again."""

    def __init__(self, words: str, *, code: str = "", alert: bool = False, unknown: bool = False) -> None:
        super().__init__(words, code=code, alert=alert)
        self.unknown = unknown


class Refused(AwsTrouble):
    """AWS said no for good."""


class NameTaken(Refused):
    """Another permission set has this name."""


class NoSuchUser(Refused):
    """Nobody to give access to: unknown, disabled, ambiguous, or with another address; `words` say which."""


class NotThere(AwsTrouble):
    """What was named does not exist; `resource` is its kind where AWS tells (identitystore, ResourceType)."""

    def __init__(self, words: str, *, code: str = "", resource: str = "") -> None:
        super().__init__(words, code=code)
        self.resource = resource


@contextmanager
def translated(*, mutation: bool = False) -> Iterator[None]:
    """Raise what botocore raises inside as an AwsTrouble; `mutation` tells that the call changes something."""
    try:
        yield
    except (ClientError, BotoCoreError, ResponseParserError) as error:
        raise classify(error, mutation=mutation) from error


def classify(error: ClientError | BotoCoreError | ResponseParserError, *, mutation: bool = False) -> AwsTrouble:
    """Tell what an error of botocore means.

    Codes are those of sso-admin, identitystore and iam; an error nobody knows means "try later, and
    somebody should look", because giving up would leave access standing.
    """
    if isinstance(error, ClientError):
        return _classify_code(error, mutation=mutation)
    if isinstance(error, ParamValidationError):
        return Refused(f"The request to AWS is malformed: {error}", code="ParamValidation", alert=True)
    code = type(error).__name__
    if isinstance(error, _NO_CREDENTIALS):
        return Busy("jitbot has no valid AWS credentials.", code=code, alert=True)
    if isinstance(error, _NOT_SENT):
        return Busy("AWS cannot be reached.", code=code)
    if isinstance(error, HTTPClientError | ResponseParserError):
        return Busy("AWS did not answer.", code=code, unknown=mutation)
    return Busy(f"The call to AWS failed: {error}", code=code, alert=True, unknown=mutation)


def _classify_code(error: ClientError, *, mutation: bool) -> AwsTrouble:
    code = str(error.response.get("Error", {}).get("Code", ""))
    said = str(error.response.get("Error", {}).get("Message", "")).strip()
    reason = str(error.response.get("Reason") or "")
    if reason.startswith("KMS") and code not in THROTTLED:
        # Whatever the code, the instance's customer key cannot be used: "not found" then means the key.
        return Busy(f"Identity Center cannot use its KMS key ({reason}): {said}", code=code, alert=True)
    if code in ABSENT:
        return NotThere(
            f"AWS does not find it: {said}", code=code, resource=str(error.response.get("ResourceType", ""))
        )
    known = _busy(code, said, mutation=mutation) or _refused(code, said)
    return known or Busy(f"AWS answered: {said}", code=code, alert=True, unknown=mutation)


def _busy(code: str, said: str, *, mutation: bool) -> Busy | None:
    if code in THROTTLED:
        return Busy("AWS is busy.", code=code)
    if code in CONFLICTING:
        return Busy("AWS is doing something else with the same thing.", code=code)
    if code in BROKEN:
        return Busy("AWS had an internal error.", code=code, unknown=mutation)
    if code in DENIED:
        return Busy(f"AWS denied jitbot access: {said}", code=code, alert=True)
    return None


def _refused(code: str, said: str) -> Refused | None:
    if code in INVALID:
        return Refused(f"AWS does not accept it: {said}", code=code)
    if code in FULL:
        return Refused(f"An AWS quota is used up: {said}", code=code, alert=True)
    if code in HUMAN_NEEDED:
        return Refused(f"AWS is not set up for this: {said}", code=code, alert=True)
    return None


FORGOTTEN = "AWS does not know this request."
"""Our own reason for an operation that AWS never came to know, or has forgotten."""


_FOR_GOOD = (
    (("404", "assignee"), "The person is no longer in the Identity Center directory.", False),
    (("404", "account"), "AWS does not find the account.", True),
    (("access denied",), "Identity Center may not change roles in this account.", True),
    (("quota",), "An AWS quota of this account is used up.", True),
    (("limit", "exceeded"), "An AWS quota of this account is used up.", True),
)
"""Words that a reason holds, what it means, and whether only a human can mend it."""


def classify_failure(reason: str) -> AwsTrouble:
    """Tell what the FailureReason of a FAILED assignment, removal or provisioning means.

    It is free text; the words looked for are those that real callers have seen. A reason nobody knows means "try
    later, and somebody should look".
    """
    text = reason.lower()
    if reason == FORGOTTEN:
        return Busy("AWS does not know the operation any more.", code="FAILED", unknown=True)
    if "assignment not found" in text:
        return NotThere("AWS holds no such assignment.", code="FAILED")
    for words, meaning, alert in _FOR_GOOD:
        if all(word in text for word in words):
            return Refused(f"{meaning} AWS says: {reason}", code="FAILED", alert=alert)
    return Busy(f"AWS reported: {reason or 'no reason'}", code="FAILED", alert=True)
