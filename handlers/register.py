"""Bind every gesture to its handler; the fallbacks come last, because Bolt takes the first that matches."""

import re
from collections.abc import Mapping

from slack_bolt import App

from blocks import ids
from handlers.brakes import confirm_all_pressed, revoke_all_sent
from handlers.decisions import approve_pressed, reject_pressed, rejection_sent, withdraw_pressed
from handlers.drift import adopt_pressed, adoption_sent, ignore_pressed
from handlers.extend import again_pressed, extend_pressed, extension_sent
from handlers.home import home_opened, page_turned
from handlers.request_command import jit_command, request_shortcut
from handlers.request_form import form_changed, form_options, take_request
from handlers.safely import Gesture, Handling, safely
from handlers.sessions import done_pressed, policy_pressed, retry_pressed, revocation_sent, revoke_pressed
from handlers.strays import group_changed, person_changed, unknown_button, unknown_event, unknown_form

COMMAND = "/jit"
ACTIONS: Mapping[str, Gesture] = {
    ids.APPROVE: approve_pressed,
    ids.REJECT: reject_pressed,
    ids.WITHDRAW: withdraw_pressed,
    ids.REVOKE: revoke_pressed,
    ids.DONE: done_pressed,
    ids.RETRY: retry_pressed,
    ids.EXTEND: extend_pressed,
    ids.AGAIN: again_pressed,
    ids.POLICY: policy_pressed,
    ids.CONFIRM_ALL: confirm_all_pressed,
    ids.ASK: request_shortcut,
    ids.ADOPT: adopt_pressed,
    ids.IGNORE: ignore_pressed,
    **dict.fromkeys(ids.CHANGING_FIELDS, form_changed),
    **dict.fromkeys(ids.HOME_BUTTONS, page_turned),
}
FORMS: Mapping[str, Gesture] = {
    ids.REQUEST_FORM: take_request,
    ids.REJECT_FORM: rejection_sent,
    ids.REVOKE_FORM: revocation_sent,
    ids.EXTEND_FORM: extension_sent,
    ids.ADOPT_FORM: adoption_sent,
    ids.REVOKE_ALL_FORM: revoke_all_sent,
}
EVENTS: Mapping[str, Gesture] = {
    "app_home_opened": home_opened,
    "user_change": person_changed,
    "subteam_members_changed": group_changed,
}
_ANYTHING = re.compile(".*")


def register(app: App, handling: Handling) -> None:
    """Bind every gesture that manifest.yml and the blocks know of."""
    app.command(COMMAND)(safely(handling, jit_command))
    app.shortcut(ids.SHORTCUT)(safely(handling, request_shortcut))
    for action, gesture in ACTIONS.items():
        app.action(action)(safely(handling, gesture))
    for action in ids.ALL_OPTIONS:
        app.options(action)(safely(handling, form_options))
    for form, gesture in FORMS.items():
        app.view(form)(safely(handling, gesture))
    for event, gesture in EVENTS.items():
        app.event(event)(safely(handling, gesture))
    app.action(_ANYTHING)(safely(handling, unknown_button))
    app.view(_ANYTHING)(safely(handling, unknown_form))
    app.event(_ANYTHING)(safely(handling, unknown_event))
