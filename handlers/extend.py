"""Extend, and Ask again: more of what somebody has or had."""

from collections.abc import Mapping

from slack_bolt import Args

from access.refusals import BadForm, Field, Refusal
from blocks.extend_form import extend_form, read_extend_form
from blocks.message import Block
from blocks.prefill import same_again
from blocks.reason_form import loading
from blocks.request_form import form_errors, request_form
from handlers.modals import open_then
from handlers.reasons import pressed_request
from handlers.request_form import look_up_requester, request_id_of
from handlers.safely import Handling, presser, reported
from operations.extend import judge_extension, request_extension
from operations.show import see_request


def extend_pressed(handling: Handling, args: Args) -> None:
    """Ask how much longer and why; a session that cannot be extended says so in the same modal."""
    args.ack()

    def drawn() -> Block:
        found = judge_extension(handling.deps, pressed_request(args), presser(args))
        return extend_form(found.request, found.session, found.offered)

    open_then(args, loading("Extend access"), "Extend access", drawn)


def extension_sent(handling: Handling, args: Args) -> None:
    """Take the form in: stored first, acknowledged then; every mistake is answered beside its field."""
    view = args.body["view"]
    problems = _problems(handling, args)
    if problems:
        args.ack(response_action="errors", errors=form_errors(problems, view))
    else:
        args.ack()


def _problems(handling: Handling, args: Args) -> Mapping[Field, str]:
    view = args.body["view"]
    request_id, form = read_extend_form(view)
    try:
        request_extension(handling.deps, request_id, form, presser(args), request_id_of(view["id"]))
    except BadForm as bad:
        return bad.problems
    except Refusal as refusal:
        return {Field.DURATION: f"{refusal.words} {refusal.next_step}".strip()}
    except Exception as error:  # noqa: BLE001 - the person must be told, whatever it was
        reference = reported("asking for more time", error)
        return {Field.DURATION: f"This could not be stored and was not sent. Try again in a minute ({reference})."}
    return {}


def again_pressed(handling: Handling, args: Args) -> None:
    """Open the form with what was asked for before."""
    args.ack()
    deps = handling.deps

    def drawn() -> Block:
        form = same_again(see_request(deps, pressed_request(args), presser(args)))
        look_up_requester(handling, args)
        return request_form(deps.catalogue(), form, admin_channel=deps.rules.admin_channel)

    open_then(args, loading("Request AWS access"), "Request AWS access", drawn)
