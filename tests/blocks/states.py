"""Every state that a request can be shown in, and words that try to break out of where they are shown."""

from dataclasses import replace
from typing import Any

from access.people import SlackId
from access.permission_sets import SetContent
from access.request import Request, RequestStatus
from access.session import Ending, Session, SessionStatus
from blocks.request_card import Channels
from tests.access.given import APPROVED_AT, a_custom_request, a_request, a_session

CHANNELS = Channels(owner="C0PAYMENTS", admin="C0ADMINS")
POLICY = '{"Statement":[{"Action":["s3:GetObject"],"Effect":"Allow","Resource":"arn:aws:s3:::ledger/*"}]}'

State = tuple[Request, Session | None]


def _sessions() -> list[Session]:
    granting = a_session(SessionStatus.GRANTING)
    revoking = a_session(SessionStatus.REVOKING)
    ended_early: dict[str, Any] = {"ending": Ending.ENDED_EARLY, "ended_by": SlackId("U0RITA"), "ended_by_name": "Rita"}
    failing: dict[str, Any] = {"ending": Ending.FAILED, "ended_by": None, "ended_by_name": "", "granted_at": None}
    return [
        *(a_session(status) for status in SessionStatus),
        replace(granting, trouble="AWS has not answered yet."),
        replace(revoking, trouble="AWS has not answered yet."),
        replace(revoking, trouble="AWS denies it.", overdue_since=APPROVED_AT, overdue_again_at=APPROVED_AT),
        replace(revoking, **ended_early, end_reason=""),
        replace(revoking, **failing, end_reason="AWS knows no such account."),
        replace(a_session(SessionStatus.REVOKED), **ended_early, end_reason=""),
        a_session(SessionStatus.ACTIVE, existed_before=True),
        *(a_session(status, own_set=True, cut_at=APPROVED_AT, sign_in_hours=1) for status in SessionStatus),
        a_session(SessionStatus.EXPIRED, existed_before=True),
    ]


def every_state() -> list[State]:
    """Give both kinds of request in every status, with every session that an approved one can have."""
    custom_statuses = [each for each in RequestStatus if each is not RequestStatus.PENDING]
    levels = {RequestStatus.PENDING_OWNER, RequestStatus.PENDING_ADMIN}
    standard: list[Request] = [a_request(status) for status in RequestStatus if status not in levels]
    custom: list[Request] = [with_policy(a_custom_request(status)) for status in custom_statuses]
    states: list[State] = [(request, None) for request in [*standard, *custom]]
    for request in (a_request(RequestStatus.APPROVED), with_policy(a_custom_request(RequestStatus.APPROVED))):
        states += [(request, session) for session in _sessions()]
    return states


def named(state: State) -> str:
    """Name a state for pytest."""
    request, session = state
    words = [request.permission_set.kind.value, request.status.value]
    if session:
        words += [session.status.value, session.ending or "", "trouble" if session.trouble else ""]
        words.append("overdue" if session.marked_overdue else "")
        words.append("existed" if session.existed_before else "")
    return "-".join(each for each in words if each)


def with_policy(request: Request, inline_policy: str = POLICY) -> Request:
    """Give a custom request an inline policy."""
    content = request.permission_set.content or SetContent()
    changed = replace(request.permission_set, content=replace(content, inline_policy=inline_policy))
    return replace(request, permission_set=changed)


HOSTILE = (
    "<!channel> <!here> <!everyone>",
    "<@U0ADA> <#C0ADMINS> <!subteam^S0ADMINS>",
    "<https://evil.example|Approve>",
    "&lt;!channel&gt; & <>",
    "x" * 5_000,
    "<" * 5_000,
    "&" * 4_999,
    "\u202eevil\u202c \u2066x\u2069",
    "zero\u200bwidth\ufeff",
    "a\nb\r\n\n*c*\n> quote",
    "`code` ```block``` *bold* ~struck~ _thin_",
    "fix prod: db down: now",
    "@here @channel #general",
    "",
    "   \n\t ",
    "\u3164\u2800",
    "\ud800",
    "👩\u200d👩\u200d👧 " * 150,
    "{date_short_pretty}^|<!date^1^{time}|x>",
)


def hostile(state: State, words: str) -> State:
    """Put these words wherever a person, an administrator or AWS can put words."""
    request, session = state
    content = request.permission_set.content
    changed = replace(
        request,
        requester=replace(request.requester, name=words, email=words),
        account_name=words,
        justification=words,
        permission_set=replace(
            request.permission_set,
            name=words,
            content=content and replace(content, managed_policies=(words, words), inline_policy=words or "{}"),
        ),
        decisions=tuple(replace(each, by_name=words, reason=words) for each in request.decisions),
    )
    if session is None:
        return changed, None
    return changed, replace(
        session, ended_by_name=words, end_reason=words, trouble=session.trouble and words, set_name=words
    )


LATER = APPROVED_AT
"""When the cards of these tests are looked at."""
