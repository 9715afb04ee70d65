"""The modal by which a holder asks for more time: its builder and its reader."""

from collections.abc import Sequence

from access.durations import AccessDuration
from access.extension import ExtensionForm
from access.request import LONGEST_JUSTIFICATION, Request, RequestId
from access.session import Session
from blocks import ids
from blocks.inputs import choice, field, text_input
from blocks.latest_end import latest_end
from blocks.message import Block
from blocks.parts import context, option, plain, section
from blocks.summary import target
from blocks.text import when
from blocks.view_state import answers_of, chosen, part, string, typed

_DURATION_BLOCK = "extend_duration"
_JUSTIFICATION_BLOCK = "extend_justification"


def extend_form(request: Request, session: Session, offered: Sequence[AccessDuration]) -> Block:
    """Ask how much longer and why; only what can be had is offered, shortest first."""
    who = "an owner of the account, then an SSO admin" if request.custom else "an owner of the account or an SSO admin"
    options = [option(each, each) for each in offered]
    cut = latest_end(session)
    return {
        "type": "modal",
        "callback_id": ids.EXTEND_FORM,
        "title": plain(f"Extend {request.label}"),
        "submit": plain("Send request"),
        "close": plain("Back"),
        "private_metadata": request.id,
        "blocks": [
            section(f"{target(request)} ends {when(session.ends_at)}."),
            field("Access duration", choice(ids.DURATION, options, offered[0]), _DURATION_BLOCK, hint="From then on."),
            field(
                "Justification",
                text_input(ids.JUSTIFICATION, most=LONGEST_JUSTIFICATION, multiline=True),
                _JUSTIFICATION_BLOCK,
                hint=f"Decided by {who}, before the access ends.",
            ),
            *([context(cut)] if cut else []),
        ],
    }


def read_extend_form(view: object) -> tuple[RequestId, ExtensionForm]:
    """Read whose session it is and what was typed; whatever is missing counts as left out."""
    answers = answers_of(view)
    form = ExtensionForm(duration=chosen(answers, ids.DURATION), justification=typed(answers, ids.JUSTIFICATION))
    return RequestId(string(part(view, "private_metadata"))), form
