"""What AWS holds that jitbot did not make, for SSO admins: the report with its buttons, and the form to adopt."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from access.drift import IGNORED_FOR
from access.durations import AccessDuration
from access.request import LONGEST_JUSTIFICATION, Request
from access.session import Session
from blocks import ids
from blocks.inputs import choice, field, text_input
from blocks.message import Block, Message
from blocks.parts import actions, button, confirm, context, header, option, plain, section
from blocks.text import inline, person
from blocks.view_state import answers_of, chosen, part, string, typed

SHOWN_MOST = 15
NAMED_MOST = 30
NEVER_UNASKED = (
    "jitbot removes none of it unasked: what is adopted ends as a session. `jitbot reconcile --dry-run` lists all."
)
_DURATION_BLOCK = "duration"
_REASON_BLOCK = "reason"
_LABEL_DAYS = IGNORED_FOR.days


@dataclass(frozen=True, slots=True, kw_only=True)
class Stranger:
    """One assignment that jitbot did not make; `key` names it in buttons, `outcome` says what was done about it.

    Without a `user` it is a permission set with the bot's tag of which its database knows nothing.
    """

    key: str
    user: str
    account_name: str
    account_id: str
    set_name: str
    adoptable: bool = True
    outcome: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptForm:
    """What was sent: which assignment, whose (as found when the form was opened), for how long and why.

    `channel` and `ts` are where the report stands in which Adopt was pressed.
    """

    key: str
    holder: str
    channel: str
    ts: str
    duration: str
    reason: str


def drift_report(strangers: Sequence[Stranger], *, total: int, waiting: int) -> Message:
    """Render one report of `total` findings, of which `waiting` are for somebody to settle; fifteen are shown."""
    title = _title(total, waiting)
    shown = strangers[:SHOWN_MOST]
    more = total - len(shown)
    rest = [context(f"and {more} more: they come up here as these are settled.")] if more > 0 else []
    blocks = [block for each in shown for block in _stranger(each)]
    return Message(text=title, blocks=[header(title), *blocks, *rest, context(NEVER_UNASKED)])


def _title(total: int, waiting: int) -> str:
    if not waiting:
        return f"✅ AWS: {total} not made by jitbot, all settled" if total else "✅ AWS holds none of this any more"
    return f"🔎 AWS holds {total} {'thing' if total == 1 else 'things'} that jitbot did not make"


def _stranger(each: Stranger) -> Iterator[Block]:
    what = f"*{inline(each.set_name)}*"
    if each.user:
        where = f"{inline(each.account_name)} ({inline(each.account_id)})"
        line = f"{inline(each.user)} has {what} in {where}."
    else:
        line = f"The permission set {what} carries jitbot's tag, and jitbot does not know it."
    yield section(line, *([each.outcome] if each.outcome else []))
    if not each.outcome:
        adopt = [button("Adopt as session", ids.ADOPT, each.key, style="primary", about=each.user)]
        yield actions(*(adopt if each.adoptable else []), _ignore(each))


def _ignore(each: Stranger) -> Block:
    made = button(f"Ignore {_LABEL_DAYS} days", ids.IGNORE, each.key, about=each.user)
    words = f"It stays in AWS without an end, and is not reported for {_LABEL_DAYS} days."
    made["confirm"] = confirm("Leave it alone?", words, "Ignore", "Not yet")
    return made


def missing_report(pairs: Sequence[tuple[Request, Session]]) -> Message:
    """Say which active sessions AWS does not hold any more; nobody has to press anything."""
    count = len(pairs)
    title = f"🕳️ AWS does not hold {count} active {'session' if count == 1 else 'sessions'} any more"
    lines = [_missing(request) for request, _ in pairs[:NAMED_MOST]]
    more = [f"and {count - NAMED_MOST} more"] if count > NAMED_MOST else []
    said = (
        "Somebody took the access away in AWS. jitbot does not give it again by itself: the sessions end at their "
        "time, and their holders may ask anew."
    )
    return Message(text=title, blocks=[header(title), section(*lines, *more), context(said)])


def _missing(request: Request) -> str:
    holder = person(request.requester.slack_id, request.requester.name)
    return f"{request.label}: {inline(request.permission_set.shown_name)} in {inline(request.account_name)} of {holder}"


def adopt_form(
    stranger: Stranger, holder: str, durations: Sequence[AccessDuration], channel: str = "", ts: str = ""
) -> Block:
    """Ask for how long and why; `holder` is the Slack id of the one who has the access."""
    mention = person(holder, stranger.user)
    about = section(
        f"{mention} has *{inline(stranger.set_name)}* in {inline(stranger.account_name)}, made outside jitbot.",
        "As a session it has an end: jitbot announces it, and removes the access then.",
    )
    options = [option(each.value, each.value) for each in durations]
    return {
        "type": "modal",
        "callback_id": ids.ADOPT_FORM,
        "title": plain("Adopt as session"),
        "submit": plain("Adopt"),
        "close": plain("Back"),
        "private_metadata": f"{stranger.key} {holder} {channel} {ts}",
        "blocks": [
            about,
            field("Access duration", choice(ids.DURATION, options), _DURATION_BLOCK),
            field(
                "Reason",
                text_input(ids.REASON, most=LONGEST_JUSTIFICATION, multiline=True),
                _REASON_BLOCK,
                hint="It stands on the card and in the audit log.",
            ),
        ],
    }


def read_adopt_form(view: object) -> AdoptForm:
    """Read what was sent; what the view does not say is empty."""
    key, holder, channel, ts = ([*string(part(view, "private_metadata")).split(" "), "", "", "", ""])[:4]
    answers = answers_of(view)
    return AdoptForm(
        key=key,
        holder=holder,
        channel=channel,
        ts=ts,
        duration=chosen(answers, ids.DURATION),
        reason=typed(answers, ids.REASON).strip(),
    )


def adopt_errors(words: str) -> dict[str, str]:
    """Put a problem at the reason, by block id, as Slack wants it."""
    return {_REASON_BLOCK: words}
