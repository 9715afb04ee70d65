"""The request form: what was typed, and what of it can be accepted."""

from collections.abc import Mapping
from dataclasses import dataclass

from access.catalogue import Account, Catalogue
from access.durations import AccessDuration, SessionDuration
from access.permission_sets import (
    GRANTS_ITSELF,
    MOST_MANAGED_POLICIES,
    RequestedSet,
    SetContent,
    SetKind,
    custom_name_problem,
    without_prefix,
)
from access.refusals import BadForm, Field
from access.request import LONGEST_JUSTIFICATION, SHORTEST_JUSTIFICATION, cleaned, visible


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestForm:
    """The form as it was typed: nothing in it is trusted; empty strings are fields left out."""

    account_id: str = ""
    kind: SetKind = SetKind.STANDARD
    set_name: str = ""
    name: str = ""
    session_duration: str = SessionDuration.HOUR_1.value
    managed_policies: tuple[str, ...] = ()
    inline_policy: str = ""
    duration: str = AccessDuration.HOUR_1.value
    justification: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedForm:
    """The form with every rule satisfied."""

    account: Account
    permission_set: RequestedSet
    duration: AccessDuration
    justification: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InlinePolicy:
    """What the policy parser made of the inline policy: its canonical text, or what is wrong with it."""

    text: str = ""
    problem: str = ""


def judge_form(form: RequestForm, catalogue: Catalogue, inline: InlinePolicy) -> AcceptedForm:
    """Accept the form, or raise `BadForm` with the words for every wrong field at once."""
    problems: dict[Field, str] = {}
    account = catalogue.accounts.get(form.account_id)
    if account is None:
        problems[Field.ACCOUNT] = _account_problem(form.account_id)
    duration = _duration(form.duration, account, problems)
    requested = _set(form, catalogue, account, inline, problems)
    justification = judge_justification(form.justification, problems)
    if duration and requested.content and requested.content.session_duration.hours > duration.hours:
        problems.setdefault(
            Field.SESSION_DURATION, f"A session cannot last longer than the access itself ({duration})."
        )
    if problems or account is None or duration is None:
        raise BadForm(problems)
    return AcceptedForm(account=account, permission_set=requested, duration=duration, justification=justification)


def _account_problem(account_id: str) -> str:
    if not account_id:
        return "Choose an AWS account."
    return "This account can no longer be asked for. Choose another one."


def _duration(words: str, account: Account | None, problems: dict[Field, str]) -> AccessDuration | None:
    duration = AccessDuration.parse(words)
    if duration is None:
        problems[Field.DURATION] = "Choose one of the durations."
    elif account and not duration.within(account.longest_duration):
        problems[Field.DURATION] = f"{account.name} allows at most {account.longest_duration}."
    return duration


def judge_justification(words: str, problems: dict[Field, str]) -> str:
    """Return what was written, trimmed; what is wrong with it is added to `problems`."""
    bare = cleaned(words)
    if len(visible(bare)) < SHORTEST_JUSTIFICATION:
        problems[Field.JUSTIFICATION] = (
            f"Say in at least {SHORTEST_JUSTIFICATION} characters why you need it; approvers and auditors read this."
        )
    elif len(bare) > LONGEST_JUSTIFICATION:
        problems[Field.JUSTIFICATION] = f"Use at most {LONGEST_JUSTIFICATION:,} characters; this has {len(bare):,}."
    return bare


def _set(
    form: RequestForm, catalogue: Catalogue, account: Account | None, inline: InlinePolicy, problems: dict[Field, str]
) -> RequestedSet:
    if form.kind is SetKind.CUSTOM:
        return _custom_set(form, catalogue, account, inline, problems)
    if not form.set_name:
        problems[Field.PERMISSION_SET] = "Choose a permission set."
    elif account and (form.set_name not in account.permission_sets or form.set_name not in catalogue.standard_sets):
        problems[Field.PERMISSION_SET] = f"{account.name} does not offer this permission set. Choose another one."
    return RequestedSet(kind=SetKind.STANDARD, name=form.set_name)


def _custom_set(
    form: RequestForm, catalogue: Catalogue, account: Account | None, inline: InlinePolicy, problems: dict[Field, str]
) -> RequestedSet:
    name = without_prefix(form.name)
    found: Mapping[Field, str | None] = {
        Field.KIND: _kind_problem(account),
        Field.NAME: custom_name_problem(name),
        Field.MANAGED_POLICIES: _managed_problem(form, catalogue, inline),
        Field.INLINE_POLICY: inline.problem or None,
        Field.SESSION_DURATION: None
        if SessionDuration.parse(form.session_duration)
        else "Choose one of the durations.",
    }
    problems.update({field: words for field, words in found.items() if words})
    content = SetContent(
        session_duration=SessionDuration.parse(form.session_duration) or SessionDuration.HOUR_1,
        managed_policies=tuple(dict.fromkeys(form.managed_policies)),
        inline_policy=inline.text,
    )
    return RequestedSet(kind=SetKind.CUSTOM, name=name, content=content)


def _kind_problem(account: Account | None) -> str | None:
    if account and not account.custom_sets:
        return f"{account.name} takes no custom permission sets. Choose Standard."
    return None


def _managed_problem(form: RequestForm, catalogue: Catalogue, inline: InlinePolicy) -> str | None:
    if not form.managed_policies and not inline.text and not inline.problem:
        return "Choose at least one managed policy, or write an inline policy."
    if len(set(form.managed_policies)) > MOST_MANAGED_POLICIES:
        return f"Choose at most {MOST_MANAGED_POLICIES} managed policies."
    granting = sorted(GRANTS_ITSELF.intersection(form.managed_policies))
    if granting:
        return f"{', '.join(granting)} could change who has access: not allowed here."
    unknown = [each for each in form.managed_policies if not catalogue.offers_policy(each)]
    return f"Not offered: {', '.join(unknown)}." if unknown else None
