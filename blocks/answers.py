"""What one person alone sees as an answer: usage, refusals, lists, and that something went wrong."""

from collections.abc import Sequence
from datetime import datetime
from itertools import accumulate

from access.changes import Place
from access.refusals import Refusal
from access.request import Request
from access.session import Session, SessionStatus
from blocks import ids
from blocks.buttons import buttons, decisions, show_policy
from blocks.message import MESSAGE_BUDGET, Block, Message, text_length
from blocks.parts import actions, button, context, header, quoted, section
from blocks.summary import details, status_line, target
from blocks.text import inline, left, paragraph, when

SHOWN_MOST = 10
PROBLEM_MOST = 300
_JUSTIFICATION_MOST = 250
_TITLE_RESERVE = 100
_COMMANDS = (
    ("/jit request [account] [permission set] [duration] [justification]", "ask for access; all words may be left out"),
    ("/jit mine", "your requests and sessions"),
    ("/jit pending", "what waits for your decision"),
    ("/jit show REQ-n", "one request"),
    ("/jit withdraw REQ-n", "take an undecided request back"),
    ("/jit revoke REQ-n", "end a session early"),
    ("/jit revoke-all @person | account | everything", "end all sessions of one at once; owners and SSO admins"),
    ("/jit freeze [reason]", "no approvals and no new grants, until /jit unfreeze; SSO admins"),
    ("/jit help", "these lines"),
)

Pair = tuple[Request, Session | None]


def said(words: str) -> Message:
    """Say one short thing; the words are escaped here."""
    shown = inline(words, PROBLEM_MOST)
    return Message(text=shown, blocks=[section(shown)])


def usage(problem: str = "") -> Message:
    """Show the commands, and first what was wrong with the one typed."""
    top = [section(inline(problem, PROBLEM_MOST))] if problem.strip() else []
    lines = [f"`{command}`: {what}" for command, what in _COMMANDS]
    text = f"{inline(problem, PROBLEM_MOST)} Try /jit help." if problem.strip() else "How to use /jit"
    return Message(text=text, blocks=[*top, section(*lines), actions(_ask())])


def _ask() -> Block:
    return button("Request AWS access", ids.ASK, style="primary")


def refusal(refused: Refusal) -> Message:
    """Say why not, and what to do now."""
    words, step = inline(refused.words, 2 * PROBLEM_MOST), refused.next_step.strip()
    lines = [words, inline(step, PROBLEM_MOST)] if step else [words]
    return Message(text=" ".join(lines), blocks=[section(f"🚫 {lines[0]}", *lines[1:])])


def bug(reference: str) -> Message:
    """Own up to a failure of ours."""
    shown = inline(reference)
    words = f"Something went wrong on our side; nothing was changed. Tell your platform team: reference {shown}"
    return Message(text=words, blocks=[section(f"⚠️ {words}")])


def mine(pairs: Sequence[Pair], now: datetime) -> Message:
    """List somebody's own requests and sessions, in the order given."""
    if not pairs:
        return Message(text="You have no requests.", blocks=[section("You have no requests."), actions(_ask())])
    return _listed(
        "Your requests", [_mine(request, session, now) for request, session in pairs[:SHOWN_MOST]], len(pairs)
    )


def _mine(request: Request, session: Session | None, now: datetime) -> list[Block]:
    lines = [f"*{status_line(request, session)}*", f"{target(request)}, {request.duration}", *_time(session, now)]
    pressable = buttons(request, session, Place.REQUESTER)
    return [section(*lines), *([actions(*pressable)] if pressable else [])]


def _time(session: Session | None, now: datetime) -> list[str]:
    if session is None or session.status is not SessionStatus.ACTIVE:
        return []
    remaining = f" ({left(session.ends_at - now)} left)" if session.ends_at > now else ""
    return [f"Until {when(session.ends_at)}{remaining}"]


def waiting(pairs: Sequence[Pair], now: datetime) -> Message:
    """List what waits for somebody's decision, each with its buttons, in the order given."""
    if not pairs:
        words = "Nothing waits for your decision."
        return Message(text=words, blocks=[section(words)])
    rows = [_waiting(request, session, now) for request, session in pairs[:SHOWN_MOST]]
    return _listed("Waiting for your decision", rows, len(pairs))


def _waiting(request: Request, session: Session | None, now: datetime) -> list[Block]:
    remaining = f" ({left(request.lapses_at - now)} left)" if request.lapses_at > now else ""
    lapses = f"Lapses {when(request.lapses_at)}{remaining}"
    seen = [show_policy(request)] if request.custom else []
    return [
        section(f"*{status_line(request, session)}*", *details(request), lapses),
        quoted("Justification", paragraph(request.justification, _JUSTIFICATION_MOST)),
        *([actions(*decisions(request), *seen)] if request.status.undecided else []),
    ]


def _listed(title: str, rows: list[list[Block]], count: int) -> Message:
    """Put rows below a title: as many as fit into one message, and how many there are besides."""
    fitting = list(accumulate(text_length(row) for row in rows))
    shown_rows = [row for row, so_far in zip(rows, fitting, strict=True) if so_far <= MESSAGE_BUDGET - _TITLE_RESERVE]
    missing = count - len(shown_rows)
    more = [context(f"and {missing} more")] if missing else []
    blocks = [header(title), *(block for row in shown_rows for block in row), *more]
    return Message(text=f"{title}: {count}", blocks=blocks)
