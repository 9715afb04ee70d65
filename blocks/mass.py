"""Revoking all: the modal that asks for the reason and the word, and the order's message in the admin channel."""

import json

from access.mass_order import WORD, MassOrder, OrderId, OrderStatus, Progress, Scope, ScopeKind
from blocks import ids
from blocks.inputs import field, text_input
from blocks.message import Block, Message
from blocks.parts import actions, alert, button, confirm, context, header, plain, quoted, section
from blocks.reason_form import REASON_MOST
from blocks.text import bare, inline, paragraph, person, when
from blocks.view_state import answers_of, part, string, typed

TITLE = "Revoke all"
_REASON_BLOCK, _WORD_BLOCK = "reason", "confirmation"
_WORD_MOST = 20
_QUOTED_MOST = 1_000
_MANY_ADMINS = "Another SSO admin has to confirm it in the admin channel within 15 minutes."


def revoke_all_form(scope: Scope, count: int) -> Block:
    """Ask for the reason and the word that confirms; how many sessions it concerns stands on top."""
    more = [section(_MANY_ADMINS)] if scope.kind is ScopeKind.EVERYTHING else []
    return {
        "type": "modal",
        "callback_id": ids.REVOKE_ALL_FORM,
        "title": plain(TITLE),
        "submit": plain("Revoke all"),
        "close": plain("Back"),
        "private_metadata": json.dumps({"kind": scope.kind.value, "target": scope.target}),
        "blocks": [
            alert(bare(f"This ends {scope.words}: {_sessions(count)}.", 300)),
            *more,
            field(
                "Reason", text_input(ids.REASON, most=REASON_MOST, multiline=True), _REASON_BLOCK,
                hint="Every holder reads this.",
            ),
            field(
                f"Type {WORD} to confirm", text_input(ids.CONFIRMATION, most=_WORD_MOST), _WORD_BLOCK,
                hint="Undecided requests stay; /jit freeze keeps them from being approved.",
            ),
        ],
    }  # fmt: skip


def read_revoke_all(view: object) -> tuple[Scope, str, str]:
    """Read whose access it is about, without the name, the reason and the word; raises ValueError where it is none."""
    found = json.loads(string(part(view, "private_metadata")) or "{}")
    scope = Scope(kind=ScopeKind(string(part(found, "kind"))), target=string(part(found, "target")))
    answers = answers_of(view)
    return scope, typed(answers, ids.REASON).strip(), typed(answers, ids.CONFIRMATION)


def reason_error(words: str) -> dict[str, str]:
    """Put a problem at the reason, by block id."""
    return {_REASON_BLOCK: words}


def word_error(words: str) -> dict[str, str]:
    """Put a problem at the word that confirms, by block id."""
    return {_WORD_BLOCK: words}


def ordered_words(order: MassOrder) -> str:
    """Tell who gave the order what becomes of it."""
    if order.status is OrderStatus.WAITING:
        return f"Nothing has ended yet. {_MANY_ADMINS}"
    return f"{bare(order.scope.words).capitalize()} is being ended now. The admin channel tells how far it is."


def order_message(order: MassOrder, progress: Progress, concerned: int) -> Message:
    """Render the one message of an order, as it stands; `concerned` is how many sessions a waiting one would end."""
    by = f"*Ordered by* {person(order.by, order.by_name)} as {order.role} {when(order.ordered_at)}"
    confirmed = [f"*Confirmed by* {person(order.confirmed_by, order.confirmed_by_name)}"] if order.confirmed_by else []
    return Message(
        text=f"{_title(order, progress, inline(order.scope.words))} Ordered by {inline(order.by_name)}.",
        blocks=[
            header(_title(order, progress, bare(order.scope.words))),
            section(f"*Concerns* {inline(order.scope.words)}", by, *confirmed),
            quoted("Reason", paragraph(order.reason, _QUOTED_MOST)),
            *_state(order, progress, concerned),
        ],
    )


def _title(order: MassOrder, progress: Progress, words: str) -> str:
    """Say in a line how far it is; `words` are the scope's, as the place of the line needs them."""
    match order.status:
        case OrderStatus.WAITING:
            return f"🛑 Revoke {words}? A second SSO admin has to confirm."
        case OrderStatus.LAPSED:
            return f"⌛ Nobody confirmed to revoke {words}: the order lapsed."
        case OrderStatus.RUNNING:
            return f"🛑 Revoking {words}."
        case OrderStatus.DONE if progress.live:
            return f"🛑 Revoking {words}: {progress.ordered - progress.live} of {progress.ordered} proven gone."
        case OrderStatus.DONE:
            return f"✅ Revoked {words}: {_sessions(progress.ordered)}."


def _state(order: MassOrder, progress: Progress, concerned: int) -> list[Block]:
    match order.status:
        case OrderStatus.WAITING:
            return [section(f"It would end {_sessions(concerned)} now. It lapses {when(order.lapses_at)}."),
                    actions(_confirm(order.id, concerned))]  # fmt: skip
        case OrderStatus.LAPSED:
            return [context("Nothing was changed. Whoever still wants it orders it anew.")]
        case OrderStatus.RUNNING:
            return [context("Every session is being ordered to end; this message changes.")]
        case OrderStatus.DONE if progress.live:
            return [section(f"{_sessions(progress.ordered)} ordered to end; AWS has still to confirm {progress.live}."),
                    context("This message changes as AWS confirms.")]  # fmt: skip
        case OrderStatus.DONE:
            return [context("AWS confirmed every end: read back, nothing is left.")]


def _confirm(order_id: OrderId, concerned: int) -> Block:
    made = button("Confirm", ids.CONFIRM_ALL, order_id, style="danger", about="to revoke everything")
    made["confirm"] = confirm("Revoke everything?", f"This ends {_sessions(concerned)}, at once.", "Revoke all", "Back")
    return made


def _sessions(count: int) -> str:
    return f"{count} session{'' if count == 1 else 's'}"
