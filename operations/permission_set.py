"""Make sure that the permission set of a session is there in AWS, and take one of its own away at the end."""

from dataclasses import replace

from access.hard_stop import with_expiry
from access.permission_sets import PREFIX, SetContent
from access.request import Request
from access.session import Session
from operations.deps import Deps
from operations.keep_sets import GRANTABLE_TAG, MANAGED_TAG, keep_set

REQUEST_TAG = "jit:request"


class NoSuchSet(Exception):  # noqa: N818 - said to people as it is
    """AWS has no permission set of this name, and the bot is not the one to make it."""


def find_or_make_set(deps: Deps, request: Request, session: Session) -> str:
    """Return the ARN of the session's permission set in AWS, made where it is the bot's to make.

    Raises `NoSuchSet` in words, and what AWS raises: `NameTaken` where the name belongs to another set. Safe to repeat
    after a lost answer or a crash.
    """
    if session.own_set:
        return _own_set(deps, request, session)
    return _standard_set(deps, session.set_name)


def content_of(deps: Deps, request: Request) -> SetContent | None:
    """Tell what a request's permission set gives: as it was asked for, or as configured; None where AWS alone knows."""
    if request.permission_set.content is not None:
        return request.permission_set.content
    known = deps.catalogue().standard_sets.get(request.permission_set.name)
    return known.content if known else None


def _standard_set(deps: Deps, name: str) -> str:
    known = deps.catalogue().standard_sets.get(name)
    if known is not None and known.content is not None:
        return deps.kept_sets.arn(name, known.content) or keep_set(deps, name, known.content)
    arn = deps.identity_center.find_set(name)
    if arn is None:
        raise NoSuchSet(f"AWS has no permission set named {name}. Your platform team has to create it.")
    return arn


def _own_set(deps: Deps, request: Request, session: Session) -> str:
    """Make the session's own set with its end in it, before any assignment exists: the latest that is possible."""
    content = content_of(deps, request)
    if content is None:
        raise NoSuchSet(f"{request.permission_set.name} is no longer configured, so it could not be copied.")
    ending = replace(content, inline_policy=with_expiry(content.inline_policy, session.ends_at))
    tags = {MANAGED_TAG: "true", GRANTABLE_TAG: "true", REQUEST_TAG: request.label}
    return deps.identity_center.create_set(session.set_name, ending, _description(request), tags)


def _description(request: Request) -> str:
    return f"Temporary access by jitbot for {request.label}, asked by {request.requester.email}."


def remove_own_set(deps: Deps, session: Session) -> None:
    """Delete a session's own set; one that was never made or is gone already is fine."""
    if not session.own_set:
        return
    arn = session.set_arn or deps.identity_center.find_set(session.set_name)
    if arn is None:
        return
    if not session.set_name.startswith(PREFIX):
        raise ValueError(f"refusing to delete {session.set_name}: it is not a set of the bot's own")
    deps.identity_center.delete_set(arn, ours=bool(session.set_arn))
