"""Adopt as session and Ignore: what SSO admins say about access in AWS that the bot did not make."""

from datetime import datetime

from slack_bolt import Args

from access.people import SlackId
from access.refusals import Refusal
from blocks.answers import said
from blocks.drift import AdoptForm, adopt_errors, adopt_form, read_adopt_form
from blocks.message import Block
from blocks.reason_form import loading
from handlers.modals import open_then
from handlers.safely import Handling, answer, in_background, presser, reported
from operations.reconcile_settle import adopt_stranger, ignore, prepare_adoption, report_together, reported_at

_TITLE = "Adopt as session"


def ignore_pressed(handling: Handling, args: Args) -> None:
    """Leave it alone for 30 days; the report shows by whom."""
    args.ack()
    seen_at = ignore(handling.deps, _key(args), presser(args))
    channel, ts = _where(args)
    in_background(handling, _redraw, handling, seen_at, channel, ts)
    answer(args, said("It is left alone, and not reported for 30 days."))


def adopt_pressed(handling: Handling, args: Args) -> None:
    """Ask for how long and why; whoever may not adopt it sees why not in the same modal."""
    args.ack()
    open_then(args, loading(_TITLE), _TITLE, lambda: _form(handling, args))


def _form(handling: Handling, args: Args) -> Block:
    found = prepare_adoption(handling.deps, _key(args), presser(args))
    return adopt_form(found.stranger, found.holder.slack_id, found.durations, *_where(args))


def adoption_sent(handling: Handling, args: Args) -> None:
    """Adopt it, then acknowledge; a refusal stands beside the field and nothing typed is lost."""
    form = read_adopt_form(args.body["view"])
    who = SlackId(form.holder)
    try:
        adopt_stranger(handling.deps, form.key, presser(args), who, form.duration, form.reason)
    except Refusal as refusal:
        args.ack(response_action="errors", errors=adopt_errors(f"{refusal.words} {refusal.next_step}".strip()))
    except Exception as error:  # noqa: BLE001 - the person must be told, whatever it was
        reference = reported("an adoption", error)
        words = f"This could not be stored; nothing was changed. Try again in a minute ({reference})."
        args.ack(response_action="errors", errors=adopt_errors(words))
    else:
        args.ack()
        in_background(handling, _redraw_about, handling, form)


def _redraw_about(handling: Handling, form: AdoptForm) -> None:
    seen_at = reported_at(handling.deps, form.key)
    if seen_at is not None:
        _redraw(handling, seen_at, form.channel, form.ts)


def _where(args: Args) -> tuple[str, str]:
    """Tell which message a button stands in; only the bot's own can be changed, whatever is said here."""
    container = args.body.get("container") or {}
    return str(container.get("channel_id") or ""), str(container.get("message_ts") or "")


def _key(args: Args) -> str:
    return str((args.body.get("actions") or [{}])[0].get("value") or "")


def _redraw(handling: Handling, seen_at: datetime, channel: str, ts: str) -> None:
    """Show the report in which somebody pressed as it stands now."""
    if channel and ts:
        message = report_together(handling.deps, seen_at)
        handling.deps.messenger.update(channel, ts, message.text, message.blocks)
