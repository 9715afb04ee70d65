"""What is typed: `/jit` and its words, and the global shortcut."""

from collections.abc import Callable, Mapping

from slack_bolt import Args
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from access.form import RequestForm
from access.people import SlackId
from access.refusals import NotFound, Refusal
from blocks import answers
from blocks.brakes import form_notice, with_banner
from blocks.message import Block, Message
from blocks.prefill import prefill
from blocks.reason_form import loading
from blocks.request_card import request_card
from blocks.request_form import read_request_form, request_form
from blocks.typed import as_typed
from handlers.brakes import freeze_typed, revoke_all_typed, unfreeze_typed
from handlers.modals import open_then
from handlers.safely import Handling, answer, in_background, presser
from handlers.sessions import drawn_revocation
from operations.frozen import frozen_now
from operations.identify import identify
from operations.look_up import find
from operations.publish import channels_of
from operations.show import my_requests, show_request, waiting_for
from operations.withdraw import withdraw_request


def jit_command(handling: Handling, args: Args) -> None:
    """Answer `/jit …`; whatever is unknown answers with the usage."""
    args.ack()
    words = _typed(args)
    verb, rest = (words[0].lower(), words[1:]) if words else ("help", [])
    VERBS.get(verb, _unknown)(handling, args, rest)


def request_shortcut(handling: Handling, args: Args) -> None:
    """Open the form from the global shortcut."""
    args.ack()
    _open_form(handling, args, RequestForm())


def _request(handling: Handling, args: Args, words: list[str]) -> None:
    _open_form(handling, args, prefill(words, handling.deps.catalogue()))


def _open_form(handling: Handling, args: Args, form: RequestForm) -> None:
    """Open the form from memory alone; who the person is in AWS is found out while they type."""
    deps = handling.deps
    view = request_form(deps.catalogue(), form, admin_channel=deps.rules.admin_channel)
    opened = args.client.views_open(trigger_id=args.body["trigger_id"], view=view)
    in_background(handling, _identify, handling, args.client, presser(args), opened["view"])


def _identify(handling: Handling, client: WebClient, slack_id: SlackId, view: Mapping[str, object]) -> None:
    """Find out who the person is; somebody who cannot ask is told in the open form, before they type much."""
    deps = handling.deps
    try:
        identify(deps, slack_id)
        notice = form_notice(frozen_now(deps))
    except Refusal as refusal:
        notice = f"{refusal.words} {refusal.next_step}"
    if not notice:
        return
    form = read_request_form(view)
    warned = request_form(deps.catalogue(), form, notice=notice, admin_channel=deps.rules.admin_channel)
    try:
        client.views_update(view_id=str(view["id"]), hash=str(view.get("hash", "")), view=warned)
    except SlackApiError:
        return  # the form has changed or is closed: sending it says the same


def _mine(handling: Handling, args: Args, _: list[str]) -> None:
    deps = handling.deps
    _answer_with_banner(handling, args, answers.mine(my_requests(deps, presser(args)), deps.clock.now()))


def _pending(handling: Handling, args: Args, _: list[str]) -> None:
    deps = handling.deps
    _answer_with_banner(handling, args, answers.waiting(waiting_for(deps, presser(args)), deps.clock.now()))


def _show(handling: Handling, args: Args, words: list[str]) -> None:
    deps = handling.deps
    shown = show_request(deps, _number(words), presser(args))
    channels = channels_of(deps, shown.request)
    card = request_card(shown.request, shown.session, place=shown.place, channels=channels, now=deps.clock.now())
    if shown.request.status.undecided:
        _answer_with_banner(handling, args, card)
    else:
        answer(args, card)


def _answer_with_banner(handling: Handling, args: Args, message: Message) -> None:
    """Answer, and say on top that granting is frozen where it is."""
    answer(args, with_banner(message, frozen_now(handling.deps)))


def _withdraw(handling: Handling, args: Args, words: list[str]) -> None:
    deps = handling.deps
    scene = find(deps, _number(words), presser(args))
    withdraw_request(deps, scene.request.id, presser(args))
    answer(args, answers.said(f"{scene.request.label} is withdrawn."))


def _revoke(handling: Handling, args: Args, words: list[str]) -> None:
    """Ask for the reason in a modal, opened at once; what it is about follows."""

    def drawn() -> Block:
        scene = find(handling.deps, _number(words), presser(args))
        return drawn_revocation(handling, scene.request.id, presser(args))

    open_then(args, loading("Revoke access"), "Revoke access", drawn)


def _help(_: Handling, args: Args, __: list[str]) -> None:
    answer(args, answers.usage())


def _unknown(_: Handling, args: Args, __: list[str]) -> None:
    answer(args, answers.usage(f"There is no /jit {_typed(args)[0][:30]}."))


def _typed(args: Args) -> list[str]:
    return as_typed(str(args.body.get("text") or "")).split()


def _number(words: list[str]) -> str:
    if not words:
        raise NotFound("Say which request, such as REQ-1042.", "/jit mine lists yours, /jit pending what waits.")
    return words[0]


Verb = Callable[[Handling, Args, list[str]], None]
VERBS: Mapping[str, Verb] = {
    "request": _request,
    "mine": _mine,
    "pending": _pending,
    "show": _show,
    "withdraw": _withdraw,
    "revoke": _revoke,
    "revoke-all": revoke_all_typed,
    "freeze": freeze_typed,
    "unfreeze": unfreeze_typed,
    "help": _help,
}
