"""What was typed behind `/jit request`, as the form it fills in advance; typing never grants anything."""

from collections.abc import Sequence

from access.catalogue import Account, Catalogue
from access.durations import AccessDuration, SessionDuration
from access.form import RequestForm
from access.request import Request
from blocks.custom_set import readable_policy

_LONGEST_NAME_WORDS = 6
_QUOTES = "\"'`\u201c\u201d\u2018\u2019"


def prefill(words: str | Sequence[str], catalogue: Catalogue) -> RequestForm:
    """Read `[account] [permission set] [duration] [justification…]`, each of which may be missing.

    Accounts go by id, by name or by a beginning that only one has, permission sets by name, whatever the case. What is
    not recognised becomes the justification, so nothing that was typed is lost.
    """
    rest = words.split() if isinstance(words, str) else [each for piece in words for each in piece.split()]
    account, rest = _account(rest, catalogue)
    set_name, rest = _set(rest, catalogue, account)
    duration, rest = _duration(rest)
    return RequestForm(
        account_id=account.id if account else "",
        set_name=set_name,
        duration=(duration or AccessDuration.HOUR_1).value,
        justification=" ".join(rest),
    )


def same_again(request: Request) -> RequestForm:
    """Fill the form in as it was for an earlier request; what can no longer be asked for is judged when it is sent."""
    wanted = request.permission_set
    content = wanted.content
    return RequestForm(
        account_id=request.account_id,
        kind=wanted.kind,
        set_name="" if request.custom else wanted.name,
        name=wanted.name if request.custom else "",
        session_duration=(content.session_duration if content else SessionDuration.HOUR_1).value,
        managed_policies=content.managed_policies if content else (),
        inline_policy=readable_policy(content.inline_policy) if content and content.inline_policy else "",
        duration=request.duration.value,
        justification=request.justification,
    )


def _account(words: list[str], catalogue: Catalogue) -> tuple[Account | None, list[str]]:
    """Take the longest row of words in front that names an account: names may hold spaces."""
    for count in range(min(len(words), _LONGEST_NAME_WORDS), 0, -1):
        account = catalogue.account(" ".join(words[:count]).strip(_QUOTES))
        if account:
            return account, words[count:]
    like = catalogue.account_like(words[0].strip(_QUOTES)) if words else None
    return (like, words[1:]) if like else (None, words)


def _set(words: list[str], catalogue: Catalogue, account: Account | None) -> tuple[str, list[str]]:
    if not words:
        return "", words
    found = catalogue.set_like(words[0].strip(_QUOTES))
    if account and found not in account.permission_sets:
        found = ""
    return found, words[1:] if found else words


def _duration(words: list[str]) -> tuple[AccessDuration | None, list[str]]:
    for count in (2, 1):
        duration = AccessDuration.parse(" ".join(words[:count])) if len(words) >= count else None
        if duration:
            return duration, words[count:]
    return None, words
