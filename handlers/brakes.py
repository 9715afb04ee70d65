"""The brakes: freeze and unfreeze, and revoking all, with the word that confirms it."""

import hashlib
import re
from dataclasses import replace

from slack_bolt import Args

from access.mass_order import MassOrder, OrderId, Ordering, OrderStatus, Scope, ScopeKind
from access.people import SlackId
from access.refusals import NotConfirmed, NotFound, Refusal
from blocks.answers import said
from blocks.mass import TITLE, ordered_words, read_revoke_all, reason_error, revoke_all_form, word_error
from blocks.message import Block
from blocks.reason_form import loading, told
from blocks.typed import as_typed
from handlers.modals import open_then
from handlers.reasons import pressed_request
from handlers.safely import Handling, answer, presser, reported
from operations.freeze import freeze_granting, unfreeze_granting
from operations.look_up import person_now
from operations.revoke_all import confirm_revoke_all, judge_revoke_all, order_revoke_all

_PERSON = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>")
_ACCOUNT = re.compile(r"\d{12}")
_EVERYTHING = "everything"


def freeze_typed(handling: Handling, args: Args, words: list[str]) -> None:
    """Freeze, with the reason that was typed behind it."""
    frozen = freeze_granting(handling.deps, presser(args), " ".join(words))
    answer(args, said(f"{frozen.words}. /jit unfreeze lifts it."))


def unfreeze_typed(handling: Handling, args: Args, _: list[str]) -> None:
    """Lift the freeze."""
    unfreeze_granting(handling.deps, presser(args))
    answer(args, said("The freeze is lifted. What was approved before is granted now."))


def revoke_all_typed(handling: Handling, args: Args, _: list[str]) -> None:
    """Open the modal at once; whom it concerns and how many sessions follows."""

    def drawn() -> Block:
        scope = _scope(handling, str(args.body.get("text") or ""))
        return revoke_all_form(scope, judge_revoke_all(handling.deps, presser(args), scope))

    open_then(args, loading(TITLE), TITLE, drawn)


def revoke_all_sent(handling: Handling, args: Args) -> None:
    """Give the order, then say in the same modal what becomes of it; mistakes are answered beside their fields."""
    view = args.body["view"]
    try:
        order = _ordered(handling, presser(args), view)
    except NotConfirmed as refusal:
        args.ack(response_action="errors", errors=word_error(f"{refusal.words} {refusal.next_step}".strip()))
    except Refusal as refusal:
        args.ack(response_action="errors", errors=reason_error(f"{refusal.words} {refusal.next_step}".strip()))
    except Exception as error:  # noqa: BLE001 - the person must be told, whatever it was
        words = f"This could not be stored; nothing was changed. Try again ({reported('revoking all', error)})."
        args.ack(response_action="errors", errors=reason_error(words))
    else:
        args.ack(response_action="update", view=told(TITLE, ordered_words(order)))


def confirm_all_pressed(handling: Handling, args: Args) -> None:
    """Confirm the order to revoke everything, as another SSO admin."""
    args.ack()
    order = confirm_revoke_all(handling.deps, presser(args), OrderId(pressed_request(args)))
    if order.status is OrderStatus.RUNNING:
        answer(args, said(f"You confirmed: {order.scope.words} is being ended now."))


def _ordered(handling: Handling, slack_id: SlackId, view: dict[str, object]) -> MassOrder:
    scope, reason, word = read_revoke_all(view)
    scope = _named(handling, scope)
    order_id = OrderId(hashlib.sha256(f"jit:all:{view['id']}".encode()).hexdigest()[:24])
    return order_revoke_all(handling.deps, slack_id, order_id, scope, Ordering(reason=reason, typed=word))


def _scope(handling: Handling, text: str) -> Scope:
    """Read whose access is meant: a person as Slack writes them, an account by id or name, or everything."""
    behind = text.strip().partition(" ")[2].strip()
    if person := _PERSON.fullmatch(behind):
        return _named(handling, Scope(kind=ScopeKind.PERSON, target=person[1]))
    words = as_typed(behind)
    if words.lower() == _EVERYTHING:
        return Scope(kind=ScopeKind.EVERYTHING)
    catalogue = handling.deps.catalogue()
    account = (catalogue.account(words) or catalogue.account_like(words)) if words else None
    if account:
        return _named(handling, Scope(kind=ScopeKind.ACCOUNT, target=account.id))
    if _ACCOUNT.fullmatch(words):
        return _named(
            handling, Scope(kind=ScopeKind.ACCOUNT, target=words)
        )  # no longer configured, and may have sessions
    raise NotFound(
        f"Whose access? {words[:40]!r} is no person or account." if words else "Whose access?",
        "/jit revoke-all @person, an account by name or id, or everything.",
    )


def _named(handling: Handling, scope: Scope) -> Scope:
    """Give a scope the name that the server knows; the order must not fail because Slack does not tell one."""
    if scope.kind is ScopeKind.ACCOUNT:
        account = handling.deps.catalogue().accounts.get(scope.target)
        return replace(scope, name=account.name if account else scope.target)
    if scope.kind is ScopeKind.PERSON:
        try:
            return replace(scope, name=person_now(handling.deps, SlackId(scope.target)).name)
        except Refusal:
            return replace(scope, name=scope.target)
    return scope
