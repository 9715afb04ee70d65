"""The request form: changed in place while somebody types, its options, and its submission."""

import hashlib

from slack_bolt import Args
from slack_sdk.errors import SlackApiError

from access.refusals import BadForm, Field, Refusal
from access.request import Requester, RequestId
from blocks import ids
from blocks.brakes import form_notice
from blocks.form_options import account_options, policy_options, set_options
from blocks.request_form import account_of, form_errors, read_request_form, request_form
from handlers.safely import Handling, in_background, presser, reported
from operations.frozen import frozen_now
from operations.identify import identify
from operations.submit import submit_request

_ERROR_OF_A_NEWER_VIEW = frozenset({"hash_conflict", "not_found"})


def form_changed(handling: Handling, args: Args) -> None:
    """Redraw the form for another account or another type of set; what was typed stays."""
    args.ack()
    view = args.body["view"]
    deps = handling.deps
    known = deps.identities.get(presser(args))
    frozen = form_notice(frozen_now(deps))
    notice = f"{known.words} {known.next_step}" if isinstance(known, Refusal) else frozen
    form = read_request_form(view)
    redrawn = request_form(deps.catalogue(), form, notice=notice, admin_channel=deps.rules.admin_channel)
    try:
        args.client.views_update(view_id=view["id"], hash=view["hash"], view=redrawn)
    except SlackApiError as error:
        if error.response.get("error") not in _ERROR_OF_A_NEWER_VIEW:
            raise


def form_options(handling: Handling, args: Args) -> None:
    """Answer a type-ahead from memory."""
    catalogue = handling.deps.catalogue()
    query = str(args.body.get("value") or "")
    match args.body.get("action_id"):
        case ids.ACCOUNT:
            options = account_options(catalogue, query)
        case ids.MANAGED_POLICIES:
            options = policy_options(catalogue, query)
        case ids.PERMISSION_SET:
            options = set_options(catalogue, account_of(str(args.body.get("block_id") or "")), query)
        case _:
            options = []
    args.ack(options=options)


def take_request(handling: Handling, args: Args) -> None:
    """Take the form in: stored first, acknowledged then; every mistake is answered beside its field."""
    view = args.body["view"]
    problems = _problems(handling, args)
    errors = form_errors(problems, view)
    if not problems:
        args.ack()
    elif errors:
        args.ack(response_action="errors", errors=errors)
    else:
        raise BadForm(problems)  # the form has no field to say it at


def _problems(handling: Handling, args: Args) -> dict[Field, str]:
    view = args.body["view"]
    deps = handling.deps
    try:
        look_up_requester(handling, args)
        submit_request(deps, read_request_form(view), presser(args), request_id_of(view["id"]))
    except BadForm as bad:
        return bad.problems
    except Refusal as refusal:
        return {Field.ACCOUNT: f"{refusal.words} {refusal.next_step}".strip()}
    except Exception as error:  # noqa: BLE001 - the person must be told, whatever it was
        reference = reported("submitting a request", error)
        return {Field.ACCOUNT: f"This could not be stored and was not sent. Try again in a minute ({reference})."}
    return {}


def look_up_requester(handling: Handling, args: Args) -> None:
    """Find out in the background who somebody is in AWS, unless that is known."""
    if not isinstance(handling.deps.identities.get(presser(args)), Requester):
        in_background(handling, _look_up_again, handling, args)


def _look_up_again(handling: Handling, args: Args) -> None:
    try:
        identify(handling.deps, presser(args))
    except Refusal:
        return  # remembered: the next press says it, and looks once more


def request_id_of(view_id: str) -> RequestId:
    """Make the request's opaque id from the form it was sent with, so that a form delivered twice is one request."""
    return RequestId(hashlib.sha256(f"jit:{view_id}".encode()).hexdigest()[:24])
