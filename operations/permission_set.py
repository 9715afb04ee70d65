"""Make sure that the permission set of a session is there in AWS, and take a custom one away at the end."""

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
    if request.custom and request.permission_set.content is not None:
        return _custom_set(deps, request, session, request.permission_set.content)
    return _standard_set(deps, session.set_name)


def _standard_set(deps: Deps, name: str) -> str:
    known = deps.catalogue().standard_sets.get(name)
    if known is not None and known.content is not None:
        return deps.kept_sets.arn(name, known.content) or keep_set(deps, name, known.content)
    arn = deps.identity_center.find_set(name)
    if arn is None:
        raise NoSuchSet(f"AWS has no permission set named {name}. Your platform team has to create it.")
    return arn


def _custom_set(deps: Deps, request: Request, session: Session, content: SetContent) -> str:
    tags = {MANAGED_TAG: "true", GRANTABLE_TAG: "true", REQUEST_TAG: request.label}
    return deps.identity_center.create_set(session.set_name, content, _description(request), tags)


def _description(request: Request) -> str:
    return f"Temporary access by jitbot for {request.label}, asked by {request.requester.email}."


def remove_custom_set(deps: Deps, request: Request, session: Session) -> None:
    """Delete the set of a custom request; one that was never made or is gone already is fine."""
    if not request.custom:
        return
    arn = session.set_arn or deps.identity_center.find_set(session.set_name)
    if arn is None:
        return
    if not session.set_name.startswith(PREFIX):
        raise ValueError(f"refusing to delete {session.set_name}: it is not a set of the bot's own")
    deps.identity_center.delete_set(arn, ours=bool(session.set_arn))
