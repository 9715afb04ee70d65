"""The modal "Request AWS access": its block ids, its builder and its reader.

Slack keeps what was typed across views.update only for the same block_id and action_id
(https://docs.slack.dev/surfaces/modals). So inputs whose options depend on the account carry it in their block_id and
take their value from the form; and what is not shown just now waits in private_metadata, to be judged like the rest.
"""

import json
from collections.abc import Collection, Mapping

from access.catalogue import Account, Catalogue
from access.durations import AccessDuration, SessionDuration
from access.form import RequestForm
from access.permission_sets import LONGEST_CUSTOM_NAME, MOST_MANAGED_POLICIES, PREFIX, SUFFIX_LENGTH, SetKind
from access.refusals import Field
from access.request import LONGEST_JUSTIFICATION
from blocks import ids
from blocks.form_options import account_option, offered_sets, policy_option, set_option
from blocks.inputs import OPTIONS_MOST, TEXT_INPUT_MOST, choice, field, redrawing, search, search_many, text_input
from blocks.message import Block
from blocks.parts import VALUE_MOST, alert, context, option, plain, section
from blocks.text import bare, channel, clip, inline
from blocks.view_state import answers_of, chosen, chosen_many, initial_answers, inputs_of, part, string, typed

METADATA_MOST = 3_000
"""https://docs.slack.dev/reference/views/modal-views, private_metadata."""
PROBLEM_MOST = 300
NOTICE_MOST = 500


def request_form(catalogue: Catalogue, form: RequestForm, *, notice: str = "", admin_channel: str = "") -> Block:
    """Build the modal for what was typed so far; `notice` stands out at its top."""
    account = catalogue.accounts.get(form.account_id)
    words = notice or ("" if catalogue.accounts else "No AWS account can be asked for yet. Tell your platform team.")
    blocks = [
        *([alert(bare(words, NOTICE_MOST))] if words else []),
        redrawing(field(Field.ACCOUNT, search(ids.ACCOUNT, account_option(account) if account else None), "account")),
        *(_target(catalogue, account, form) if account else [context("Choose an account to see what it offers.")]),
        _duration(account, form),
        _justification(form),
        *([_who_decides(account, form, admin_channel)] if account else []),
    ]
    return {
        "type": "modal",
        "callback_id": ids.REQUEST_FORM,
        "title": plain("Request AWS access"),
        "submit": plain("Send request"),
        "close": plain("Cancel"),
        "private_metadata": _carry(form, set(inputs_of(blocks).values())),
        "blocks": blocks,
    }


def _target(catalogue: Catalogue, account: Account, form: RequestForm) -> list[Block]:
    """Ask for the permission set, in the way its kind needs."""
    kinds = [_kind(account, form)] if account.custom_sets else []
    if _shown_kind(account, form) is SetKind.CUSTOM:
        return [*kinds, *_custom_set(catalogue, form)]
    return [*kinds, _standard_set(catalogue, account, form)]


def _shown_kind(account: Account, form: RequestForm) -> SetKind:
    return form.kind if account.custom_sets else SetKind.STANDARD


def _kind(account: Account, form: RequestForm) -> Block:
    options = [
        option(SetKind.STANDARD, SetKind.STANDARD, "Made by your administrators; one approval"),
        option(SetKind.CUSTOM, SetKind.CUSTOM, "Made by you for this request; two approvals"),
    ]
    return redrawing(field(Field.KIND, choice(ids.KIND, options, form.kind, radio=True), f"kind:{account.id}"))


def _standard_set(catalogue: Catalogue, account: Account, form: RequestForm) -> Block:
    offered = offered_sets(catalogue, account)
    if not offered:
        return context(f"{inline(account.name)} offers no standard permission set.")
    current = form.set_name if form.set_name in offered else ""
    if len(offered) <= OPTIONS_MOST:
        select = choice(ids.PERMISSION_SET, [set_option(each) for each in offered], current)
    else:
        select = search(ids.PERMISSION_SET, set_option(current) if current else None)
    return field(Field.PERMISSION_SET, select, f"set:{account.id}")


def account_of(block_id: str) -> str:
    """Tell for which account a select asks for its options, from its block id; empty where it is none of ours."""
    return block_id.partition(":")[2]


def _custom_set(catalogue: Catalogue, form: RequestForm) -> list[Block]:
    named = text_input(ids.NAME, most=LONGEST_CUSTOM_NAME + len(PREFIX), initial=form.name)
    name_hint = (
        f"{PREFIX} is put before it and {SUFFIX_LENGTH} characters behind. "
        f"At most {LONGEST_CUSTOM_NAME} letters, digits and + = , . @ _ -"
    )
    lasting = choice(ids.SESSION_DURATION, [option(each, each) for each in SessionDuration], form.session_duration)
    known = [each for each in form.managed_policies if catalogue.offers_policy(each) and len(each) <= VALUE_MOST]
    managed = search_many(ids.MANAGED_POLICIES, [policy_option(each) for each in known], MOST_MANAGED_POLICIES)
    written = text_input(ids.INLINE_POLICY, most=TEXT_INPUT_MOST, initial=form.inline_policy, multiline=True)
    return [
        field(Field.NAME, named, "name", hint=name_hint),
        field(Field.SESSION_DURATION, lasting, "session_duration", hint="How long one AWS sign-in lasts."),
        field(
            Field.MANAGED_POLICIES,
            managed,
            "managed_policies",
            hint=f"AWS managed policies, at most {MOST_MANAGED_POLICIES}.",
            optional=True,
        ),
        field(
            Field.INLINE_POLICY,
            written,
            "inline_policy",
            hint=f"A policy in JSON. Slack takes at most {TEXT_INPUT_MOST:,} characters here.",
            optional=True,
        ),
    ]


def _duration(account: Account | None, form: RequestForm) -> Block:
    allowed = account.durations if account else tuple(AccessDuration)
    asked = AccessDuration.parse(form.duration)
    current = asked if asked in allowed else AccessDuration.HOUR_1
    select = choice(ids.DURATION, [option(each, each) for each in allowed], current)
    return field(Field.DURATION, select, f"duration:{account.id if account else ''}")


def _justification(form: RequestForm) -> Block:
    written = text_input(ids.JUSTIFICATION, most=LONGEST_JUSTIFICATION, initial=form.justification, multiline=True)
    return field(
        Field.JUSTIFICATION, written, "justification", hint="Why you need it. Approvers and auditors read this."
    )


def _who_decides(account: Account, form: RequestForm, admin_channel: str) -> Block:
    """Say what sending does."""
    owners = f"an owner of {inline(account.name)}"
    if _shown_kind(account, form) is SetKind.STANDARD:
        return section(f"Goes to {channel(account.owner_channel)}: {owners} or an SSO admin decides.")
    admins = f" in {channel(admin_channel)}" if admin_channel else ""
    first = f"first {owners} in {channel(account.owner_channel)}, then an SSO admin{admins}"
    return section(f"Two different people decide: {first}.")


def _carry(form: RequestForm, shown: Collection[str]) -> str:
    """Keep the answers that are not shown, as Slack would send them; a policy that does not fit is the first to go."""
    kept: dict[str, object] = {
        ids.PERMISSION_SET: _option_answer(form.set_name),
        ids.NAME: {"value": form.name},
        ids.SESSION_DURATION: _option_answer(form.session_duration),
        ids.MANAGED_POLICIES: {"selected_options": [{"value": each} for each in form.managed_policies]},
        ids.INLINE_POLICY: {"value": form.inline_policy},
    }
    hidden = {action: answer for action, answer in kept.items() if action not in shown and answer != _NOTHING[action]}
    for candidate in (hidden, {key: answer for key, answer in hidden.items() if key != ids.INLINE_POLICY}):
        text = json.dumps(candidate, ensure_ascii=False) if candidate else ""
        if len(text) <= METADATA_MOST:
            return text
    return ""


def _option_answer(value: str) -> Block:
    return {"selected_option": {"value": value}}


_NOTHING: dict[str, object] = {
    ids.PERMISSION_SET: _option_answer(""),
    ids.NAME: {"value": ""},
    ids.SESSION_DURATION: _option_answer(SessionDuration.HOUR_1),
    ids.MANAGED_POLICIES: {"selected_options": []},
    ids.INLINE_POLICY: {"value": ""},
}
"""The answers that can wait while their input is not shown, as they are when nothing was answered."""


def read_request_form(view: object) -> RequestForm:
    """Read the form from a view as Slack sends it; whatever is missing or of the wrong type counts as left out."""
    answers = {**_NOTHING, **_waiting(view), **initial_answers(view), **answers_of(view)}
    answers.setdefault(ids.DURATION, _option_answer(AccessDuration.HOUR_1))
    custom = chosen(answers, ids.KIND) == SetKind.CUSTOM.value
    return RequestForm(
        account_id=chosen(answers, ids.ACCOUNT),
        kind=SetKind.CUSTOM if custom else SetKind.STANDARD,
        set_name=chosen(answers, ids.PERMISSION_SET),
        name=typed(answers, ids.NAME),
        session_duration=chosen(answers, ids.SESSION_DURATION),
        managed_policies=chosen_many(answers, ids.MANAGED_POLICIES),
        inline_policy=typed(answers, ids.INLINE_POLICY),
        duration=chosen(answers, ids.DURATION),
        justification=typed(answers, ids.JUSTIFICATION),
    )


def _waiting(view: object) -> dict[str, object]:
    """Read the answers that wait in private_metadata; what is not as we write it counts as left out."""
    try:
        kept = json.loads(string(part(view, "private_metadata")) or "{}")
    except (ValueError, RecursionError):
        return {}
    return {action: kept[action] for action in _NOTHING if action in kept} if isinstance(kept, dict) else {}


def form_errors(problems: Mapping[Field, str], view: object) -> dict[str, str]:
    """Put each problem at its input, by block id; one whose input is not shown goes, with its label, to another.

    Slack takes errors only for input blocks of the view that was sent (https://docs.slack.dev/surfaces/modals).
    """
    shown = {action: block_id for block_id, action in inputs_of(part(view, "blocks")).items()}
    elsewhere = shown.get(ids.ACCOUNT) or next(iter(shown.values()), "")
    errors: dict[str, str] = {}
    for name, words in problems.items():
        own = shown.get(ids.FIELD_ACTIONS[name])
        block_id, said = (own, words) if own else (elsewhere, f"{name}: {words}")
        if block_id:
            errors[block_id] = clip(f"{errors[block_id]} {said}" if block_id in errors else said, PROBLEM_MOST)
    return errors
