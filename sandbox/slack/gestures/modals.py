"""Submitting and closing modals, and asking an external select for its options."""

from typing import Any

from sandbox.slack.api.call import ApiError
from sandbox.slack.api.views import checked_view
from sandbox.slack.block_rules import check_options
from sandbox.slack.delivery import Answer
from sandbox.slack.elements import Placed, all_options
from sandbox.slack.gestures.form_checks import form_errors
from sandbox.slack.gestures.stage import TROUBLE, Stage
from sandbox.slack.messages import Message
from sandbox.slack.people import Profile
from sandbox.slack.views import View
from sandbox.slack.wire import Json


class _BadAnswerError(Exception):
    """The app's answer to a submission makes no sense to Slack."""


def submit(stage: Stage, who: Profile, view: View) -> None:
    """Submit a modal: the client checks it first, then the app answers with errors, update, push, clear or nothing."""
    with stage.workspace.lock:
        view.errors = form_errors(view)
        if view.errors:
            stage.workspace.announce("view_changed", view=view.id, user=who.id)
            return
        payload = stage.payloads.submission(who, view)
    answer = stage.interact(who, payload)
    if not answer.acked:
        return
    try:
        with stage.workspace.lock:
            _apply(stage, view, answer.body or {})
            stage.workspace.announce("view_changed", view=view.id, user=who.id)
    except (_BadAnswerError, ApiError) as error:
        why = error.told if isinstance(error, ApiError) else str(error)
        stage.workspace.toast(who.id, f"{TROUBLE} ({why})")


def _apply(stage: Stage, view: View, body: Any) -> None:
    action = body.get("response_action") if isinstance(body, dict) else "unreadable"
    views, now = stage.workspace.views, stage.workspace.now()
    match action:
        case None:
            views.close(view)
        case "clear":
            views.clear(view.user)
        case "errors":
            view.errors = _errors(view, body.get("errors"))
        case "update":
            content = checked_view(body.get("view"), "modal")
            _refuse_twin(stage, content, view)
            views.replace(view, content, now)
        case "push":
            content = checked_view(body.get("view"), "modal")
            _refuse_twin(stage, content, None)
            if views.push(view.user, content, now) is None:
                raise _BadAnswerError("push_limit_reached")
        case _:
            raise _BadAnswerError("the answer to the submission is not understood")


def _refuse_twin(stage: Stage, content: Json, besides: View | None) -> None:
    external_id = content.get("external_id")
    twin = stage.workspace.views.find("", external_id) if external_id else None
    if twin is not None and twin is not besides:
        raise _BadAnswerError("duplicate_external_id")


def _errors(view: View, errors: object) -> dict[str, str]:
    """Take errors only for input blocks of this very view."""
    inputs = {block["block_id"] for block in view.content["blocks"] if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not inputs.issuperset(errors):
        raise _BadAnswerError("errors must be keyed by block_ids of this view's inputs")
    if not all(isinstance(each, str) and each for each in errors.values()):
        raise _BadAnswerError("errors must be words")
    return errors


def close(stage: Stage, who: Profile, view: View) -> None:
    """Close one modal by its close button; Slack tells apps that asked with notify_on_close."""
    with stage.workspace.lock:
        if view.content.get("clear_on_close"):
            gone, cleared = stage.workspace.views.clear(who.id), True
        else:
            stage.workspace.views.close(view)
            gone, cleared = [view], False
        payloads = _closings(stage, who, gone, cleared=cleared)
        stage.workspace.announce("view_closed", view=view.id, user=who.id)
    for payload in payloads:
        stage.interact(who, payload)


def dismiss(stage: Stage, who: Profile) -> None:
    """Close the whole stack by its ✕."""
    with stage.workspace.lock:
        gone = stage.workspace.views.clear(who.id)
        payloads = _closings(stage, who, gone, cleared=True)
        stage.workspace.announce("view_closed", user=who.id)
    for payload in payloads:
        stage.interact(who, payload)


def _closings(stage: Stage, who: Profile, gone: list[View], *, cleared: bool) -> list[Json]:
    told = [each for each in gone if each.content.get("notify_on_close")]
    return [stage.payloads.closing(who, each, cleared=cleared) for each in told]


def suggest(stage: Stage, who: Profile, source: View | Message, placed: Placed, query: str) -> list[Json]:
    """Type into an external select: Slack asks the app from min_query_length characters on; late or bad answers show.

    `min_query_length` is 3 unless the element says otherwise (docs.slack.dev, external select).
    """
    if len(query) < placed.element.get("min_query_length", 3):
        return []
    with stage.workspace.lock:
        payload = stage.payloads.suggestion(who, source, placed, query)
    answer = stage.interact(who, payload)
    return _options(stage, who, answer) if answer.acked else []


def _options(stage: Stage, who: Profile, answer: Answer) -> list[Json]:
    findings = check_options(answer.body)
    if findings:
        stage.workspace.toast(who.id, f"Options could not be loaded: {findings[0].line}")
        return []
    return all_options(answer.body)
