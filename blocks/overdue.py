"""The alert about sessions that are overdue: red while anybody has access too long, put right in place when it is over.

Slack takes its `alert` block in modals only (node-slack-sdk #2567), so a message is red by its emoji and its button.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from access.request import Request
from access.session import Ending, Session
from blocks.buttons import retry_now
from blocks.message import Block, Message
from blocks.parts import actions, context, header, quoted, section
from blocks.progress import TROUBLE_MOST
from blocks.summary import target
from blocks.text import inline, left, paragraph, person, when

NAMED_MOST = 40
"""Sessions that one alert names: more would not fit into a message."""
_LINES = 20
"""Sessions in one block, whose text may have 3,000 characters."""
NO_WORDS = "AWS has not confirmed yet that the access is gone."
NEVER = "jitbot never gives up: it tries again at least every 15 minutes."
Overdue = tuple[Request, Session]


def overdue_alert(pairs: Sequence[Overdue], now: datetime) -> Message:
    """Render the alert about one session or many, as they stand now; there is at least one."""
    if len(pairs) > 1:
        return _many(pairs, now)
    request, session = pairs[0]
    return _one(request, session, now) if session.marked_overdue else _over(request, session)


def _one(request: Request, session: Session, now: datetime) -> Message:
    holder = person(request.requester.slack_id, request.requester.name)
    late = left(now - session.over_at)
    return Message(
        text=f"🔴 {request.label} is overdue: {_still(request)}. It should have ended {when(session.over_at)}.",
        blocks=[
            header(f"🔴 {request.label} · Overdue"),
            section(
                f"🔴 *This access should have ended {when(session.over_at)} ({late} ago), and AWS still has it.*",
                f"*Holder:* {holder}",
                f"*Permission set:* {inline(request.permission_set.shown_name)}",
                f"*AWS account:* {inline(request.account_name)} ({inline(request.account_id)})",
                f"*Why it ends:* {_why(session)}",
            ),
            quoted("What AWS says", paragraph(session.trouble or NO_WORDS, TROUBLE_MOST)),
            section(*_what_to_do(request)),
            actions(retry_now(request)),
            context(f"{NEVER} This message changes when it is over."),
        ],
    )


def _what_to_do(request: Request) -> list[str]:
    where = f"AWS accounts → {inline(request.account_name)} → Users and groups"
    return [
        "*What to do now*",
        "1. Mend what AWS says; often the bot's own role lacks a permission.",
        f"2. Press *Retry now*, or type `/jit revoke {request.label}`.",
        f"3. If it must end this minute: remove the assignment in IAM Identity Center ({where}).",
        "jitbot finds it gone and says so here.",
    ]


def _why(session: Session) -> str:
    who = person(session.ended_by or "", session.ended_by_name) if session.ended_by else ""
    match session.ending:
        case Ending.REVOKED | Ending.ENDED_EARLY:
            return f"{session.ending}{f' ({who})' if who else ''}"
        case Ending.FAILED:
            return "it could not be granted, and something may be left in AWS"
        case _:
            return "its time is over"


def _still(request: Request) -> str:
    asked = f"{inline(request.permission_set.shown_name)} in {inline(request.account_name)}"
    return f"{inline(request.requester.name)} may still have {asked}"


def _over(request: Request, session: Session) -> Message:
    ended = session.ended_at or session.over_at
    late = f"{left(ended - session.over_at)} late"
    words = f"ended {when(ended)}, {late}."
    return Message(
        text=f"✅ {request.label}: {words}",
        blocks=[
            header(f"✅ {request.label} · Over"),
            section(f"{target(request)} of {_holder(request)} {words}", "AWS confirmed that the access is gone."),
            context(f"It was overdue since {when(session.over_at)}. Nothing is left to do."),
        ],
    )


def _holder(request: Request) -> str:
    return person(request.requester.slack_id, request.requester.name)


def _many(pairs: Sequence[Overdue], now: datetime) -> Message:
    """Render one alert for a flood: what is still overdue is named, the longest first."""
    still = sorted((each for each in pairs if each[1].marked_overdue), key=lambda each: each[1].over_at)
    total = len(pairs)
    if not still:
        last = max(session.ended_at or session.over_at for _, session in pairs)
        words = f"All {total} overdue sessions of this alert have ended, the last one {when(last)}."
        return Message(text=f"✅ {words}", blocks=[header(f"✅ {total} sessions · Over"), section(words)])
    title = f"🔴 {len(still)} sessions are overdue"
    return Message(text=f"{title}: people may still have access that should have ended.", blocks=[
        header(title),
        section(f"🔴 *{len(still)} of {total} should have ended, and AWS still has them.*"),
        *_named(still, now),
        quoted("What AWS says of the first", paragraph(still[0][1].trouble or NO_WORDS, TROUBLE_MOST)),
        section("*What to do now:* mend what AWS says; `/jit revoke REQ-n` tries one again at once."),
        context(f"{NEVER} This message changes as they end."),
    ])  # fmt: skip


def _named(still: Sequence[Overdue], now: datetime) -> Iterator[Block]:
    for start in range(0, min(len(still), NAMED_MOST), _LINES):
        yield section(*(_line(*each, now) for each in still[start : min(start + _LINES, NAMED_MOST)]))
    if len(still) > NAMED_MOST:
        yield section(f"and {len(still) - NAMED_MOST} more: `jitbot sessions list` names all")


def _line(request: Request, session: Session, now: datetime) -> str:
    asked = f"{inline(request.permission_set.shown_name, 32)} in {inline(request.account_name, 32)}"
    return f"{request.label}: {asked}, {inline(request.requester.name, 32)}, {left(now - session.over_at)} late"


def retry_words(request: Request) -> str:
    """Say that the removal is being tried now."""
    return f"Trying now… {request.label} is overdue; its card and the alert change when AWS confirms the end."
