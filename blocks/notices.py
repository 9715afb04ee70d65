"""The direct messages: the requester hears of every step, and approvers are reminded."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from access.changes import NoticeKind
from access.request import Request, RequestStatus
from access.session import Session
from blocks.buttons import again, done, extend
from blocks.latest_end import latest_end
from blocks.message import Block, Message
from blocks.parts import actions, context, quoted, section
from blocks.progress import EXISTED_BEFORE, REASON_MOST, TROUBLE_MOST
from blocks.summary import sentence, target
from blocks.text import inline, left, paragraph, person, when
from blocks.way_in import way_in


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeFacts:
    """What a notice says beyond request and session; `words` are a reason or what AWS said."""

    now: datetime
    portal_url: str = ""
    region: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """A notice before it is a message: the headline stands alone, the rest follows."""

    emoji: str
    headline: str
    rest: tuple[Block, ...] = ()


def notice(kind: NoticeKind, request: Request, session: Session | None, facts: NoticeFacts) -> Message:
    """Render one notice; its headline, which always has the request's number, is the notification too."""
    said = _NOTICES[kind](request, session, facts)
    headline = f"{request.label}: {said.headline}"
    return Message(text=headline.replace("*", ""), blocks=[section(f"{said.emoji} {headline}"), *said.rest])


def _decider(request: Request) -> str:
    """Name who decided last."""
    last = request.decisions[-1] if request.decisions else None
    return person(last.by, last.by_name) if last else "an approver"


def _quote(words: str) -> tuple[Block, ...]:
    return (quoted("Reason", paragraph(words, REASON_MOST)),) if words.strip() else ()


def _ask_again(request: Request) -> tuple[Block, ...]:
    """Let somebody ask for the same again; more time for a session that has ended is no use."""
    return () if request.extends is not None else (actions(again(request)),)


def _owner_approved(request: Request, _session: Session | None, _facts: NoticeFacts) -> _Said:
    return _Said(
        emoji="👍",
        headline=f"{_decider(request)} approved {target(request)} at the first level. Now an SSO admin decides.",
    )


def _approved(request: Request, _session: Session | None, _facts: NoticeFacts) -> _Said:
    return _Said(
        emoji="👍",
        headline=f"{_decider(request)} approved {target(request)}. AWS is setting it up; you hear when it is ready.",
    )


def _rejected(request: Request, _session: Session | None, facts: NoticeFacts) -> _Said:
    reason = (request.decisions[-1].reason if request.decisions else "") or facts.words
    return _Said(
        emoji="⛔",
        headline=f"{_decider(request)} rejected {target(request)}.",
        rest=(*_quote(reason), *_ask_again(request)),
    )


def _lapsed(request: Request, _session: Session | None, _facts: NoticeFacts) -> _Said:
    return _Said(
        emoji="⌛",
        headline=f"nobody decided in time about {target(request)}, so the request lapsed.",
        rest=_ask_again(request),
    )


def _until(session: Session | None) -> str:
    return f" until {when(session.ends_at)}" if session else ""


def _granted(request: Request, session: Session | None, facts: NoticeFacts) -> _Said:
    set_name = session.set_name if session else request.permission_set.shown_name
    return _Said(
        emoji="🟢",
        headline=f"you have {target(request)}{_until(session)}.",
        rest=(
            *way_in(request, set_name, facts.portal_url, facts.region),
            *_open_sessions(session),
            actions(done(request)),
        ),
    )


def _already_had(request: Request, session: Session | None, facts: NoticeFacts) -> _Said:
    set_name = session.set_name if session else request.permission_set.shown_name
    return _Said(
        emoji="🟢",
        headline=f"you had {target(request)} already.",
        rest=(section(EXISTED_BEFORE), *way_in(request, set_name, facts.portal_url, facts.region)),
    )


def _trouble(session: Session | None, facts: NoticeFacts) -> tuple[Block, ...]:
    words = facts.words or (session.trouble or session.end_reason if session else "")
    return (section(inline(words, TROUBLE_MOST)),) if words else ()


def _delayed(request: Request, session: Session | None, facts: NoticeFacts) -> _Said:
    return _Said(
        emoji="🐢",
        headline=f"AWS takes longer than usual to give you {target(request)}. jitbot keeps trying.",
        rest=(*_trouble(session, facts), context("Your time starts only when AWS confirms the access.")),
    )


def _failed(request: Request, session: Session | None, facts: NoticeFacts) -> _Said:
    return _Said(
        emoji="❌",
        headline=f"AWS did not grant {target(request)}. You have no access.",
        rest=(*_trouble(session, facts), context("Tell your platform team, with the number of the request.")),
    )


def _ending_soon(request: Request, session: Session | None, facts: NoticeFacts) -> _Said:
    """Say how long it goes on; an AWS session that is open may go on longer."""
    remaining = f" ({left(session.ends_at - facts.now)} left)" if session else ""
    at = when(session.ends_at) if session else "soon"
    return _Said(
        emoji="⏰",
        headline=f"{target(request)} ends {at}{remaining}.",
        rest=(*_open_sessions(session), actions(extend(request), done(request))),
    )


def _extended(request: Request, session: Session | None, _facts: NoticeFacts) -> _Said:
    """Say until when the session goes on; where its hard stop is being moved, the message waits for nobody."""
    return _Said(
        emoji="⏩",
        headline=f"you have {target(request)}. {request.extends_label} goes on{_until(session)}.",
        rest=_open_sessions(session) if session and session.cut_at is None else (),
    )


def _open_sessions(session: Session | None) -> tuple[Block, ...]:
    """Tell the truth about AWS sessions that are open."""
    if session and session.existed_before:
        return (section("AWS held this access before the request, so it was left as it was."),)
    words = latest_end(session) if session else ""
    return (context(words),) if words else ()


def _expired(request: Request, session: Session | None, _facts: NoticeFacts) -> _Said:
    return _Said(
        emoji="🏁",
        headline=f"{target(request)} has expired.",
        rest=(*_open_sessions(session), *_ask_again(request)),
    )


def _revoked(request: Request, session: Session | None, facts: NoticeFacts) -> _Said:
    by = person(session.ended_by or "", session.ended_by_name) if session and session.ended_by else "an approver"
    reason = (session.end_reason if session else "") or facts.words
    return _Said(
        emoji="🔒",
        headline=f"{by} revoked {target(request)}.",
        rest=(*_quote(reason), *_open_sessions(session)),
    )


def _ended_early(request: Request, session: Session | None, _facts: NoticeFacts) -> _Said:
    return _Said(
        emoji="🔒",
        headline=f"you ended {target(request)} early. Thank you.",
        rest=_open_sessions(session),
    )


def _reminder(request: Request, _session: Session | None, _facts: NoticeFacts) -> _Said:
    who = "an SSO admin" if request.status is RequestStatus.PENDING_ADMIN else "a decision"
    return _Said(
        emoji="🔔",
        headline=f"still waits for {who} and lapses {when(request.lapses_at)}. {sentence(request)}.",
    )


_NOTICES: dict[NoticeKind, Callable[[Request, Session | None, NoticeFacts], _Said]] = {
    NoticeKind.OWNER_APPROVED: _owner_approved,
    NoticeKind.APPROVED: _approved,
    NoticeKind.REJECTED: _rejected,
    NoticeKind.LAPSED: _lapsed,
    NoticeKind.GRANTED: _granted,
    NoticeKind.ALREADY_HAD: _already_had,
    NoticeKind.DELAYED: _delayed,
    NoticeKind.FAILED: _failed,
    NoticeKind.ENDING_SOON: _ending_soon,
    NoticeKind.EXTENDED: _extended,
    NoticeKind.EXPIRED: _expired,
    NoticeKind.REVOKED: _revoked,
    NoticeKind.ENDED_EARLY: _ended_early,
    NoticeKind.REMINDER: _reminder,
}
