"""The kinds of value in the configuration file, each with its check, its words and its place in the JSON Schema."""

import json
import re
from datetime import timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from access.durations import AccessDuration, SessionDuration
from access.permission_sets import LONGEST_IN_AWS, PREFIX, SET_NAME
from aws.policy_document import PolicyProblems, parse_policy

_UNITS = {"minute": 60, "hour": 3_600, "day": 86_400, "week": 604_800}
_LENGTH = re.compile(r"(\d{1,6}) *(minute|hour|day|week)s?")
_CHANNEL = re.compile(r"[CG][A-Z0-9]{2,}")
_GROUP = re.compile(r"S[A-Z0-9]{2,}")
_PERSON = re.compile(r"[UW][A-Z0-9]{2,}")
_EMAIL = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;.]+")
_POLICY_NAME = re.compile(r"[A-Za-z0-9_+=,.@/-]+")
_POLICY_ARN = re.compile(r"arn:[a-z-]+:iam::aws:policy/(.+)")
_REGION = re.compile(r"[a-z]{2,}(-[a-z]+)+-\d")
_INSTANCE = re.compile(r"arn:[a-z-]+:sso:::instance/(sso)?ins-[a-zA-Z0-9-]+")


def parse_length(words: object) -> timedelta | None:
    """Read `24 hours`, `30 minutes`, `2 days` or `1 week`; None where it is none of these."""
    found = _LENGTH.fullmatch(words.strip().lower()) if isinstance(words, str) else None
    return timedelta(seconds=int(found[1]) * _UNITS[found[2]]) if found else None


def _channel(value: str) -> str:
    if not _CHANNEL.fullmatch(value):
        raise ValueError(
            f"{value!r} is no channel id: write the id, such as C0123ABCD (at the bottom of the channel's details)."
        )
    return value


def _principal(value: str) -> str:
    if _GROUP.fullmatch(value):
        return value
    if _EMAIL.fullmatch(value):
        return value.lower()
    if _PERSON.fullmatch(value):
        raise ValueError(f"{value} is a person's Slack id: write their e-mail address instead.")
    raise ValueError(
        f"{value!r} is nobody: write an e-mail address, or the id of a Slack user group such as S0123ABCD."
    )


def _email(value: str) -> str:
    if not _EMAIL.fullmatch(value):
        raise ValueError(f"{value!r} is no e-mail address: write one such as ada@example.com.")
    return value.lower()


def _person(value: str) -> str:
    if not _PERSON.fullmatch(value):
        raise ValueError(f"{value!r} is no person's Slack id: write one such as U0123ABCD (in the person's profile).")
    return value


def _account_id(value: str) -> str:
    if not re.fullmatch(r"[0-9]{12}", value):
        raise ValueError(f'{value!r} is no AWS account id: write its 12 digits in quotes, such as "111122223333".')
    return value


def _set_name(value: str) -> str:
    if value.upper().startswith(PREFIX):
        raise ValueError(f"names that start with {PREFIX} belong to custom sets: choose another name.")
    if len(value) > LONGEST_IN_AWS:
        raise ValueError(f"AWS takes at most {LONGEST_IN_AWS} characters; this has {len(value)}.")
    if not SET_NAME.fullmatch(value):
        raise ValueError(f"{value!r} is no name for AWS: use letters, digits and + = , . @ _ - and no spaces.")
    return value


def _managed_policy(value: str) -> str:
    arn = _POLICY_ARN.fullmatch(value)
    if arn:
        raise ValueError(f"write the policy's name, not its ARN: {arn[1]}")
    if not _POLICY_NAME.fullmatch(value) or value.startswith("/"):
        raise ValueError(f"{value!r} is no AWS managed policy: write its name, such as ReadOnlyAccess.")
    return value


def _inline_policy(value: object) -> object:
    if not isinstance(value, dict | str):
        raise ValueError("write the policy as a mapping, or as JSON text after a | sign.")  # noqa: TRY004 - pydantic's way
    try:
        return parse_policy(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
    except PolicyProblems as problems:
        raise ValueError(str(problems)) from None


def _access_duration(value: object) -> AccessDuration:
    found = AccessDuration.parse(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError(f"{value!r} is none of the durations: write {', '.join(AccessDuration)}.")
    return found


def _session_duration(value: object) -> SessionDuration:
    found = SessionDuration.parse(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError(f"{value!r} is none of the session durations: write {', '.join(SessionDuration)}.")
    return found


def _length(value: object) -> timedelta:
    found = parse_length(value)
    if not found:
        raise ValueError(f"{value!r} is no length of time: write a number and a unit, such as 30 minutes or 24 hours.")
    return found


def _region(value: str) -> str:
    if not _REGION.fullmatch(value):
        raise ValueError(f"{value!r} is no AWS region: write the home region of Identity Center, such as eu-west-1.")
    return value


def _portal(value: str) -> str:
    if not value.startswith(("https://", "http://127.0.0.1", "http://localhost")):
        raise ValueError(f"{value!r} is no portal: write the AWS access portal URL, https://….awsapps.com/start.")
    return value.rstrip("/")


def _instance(value: str) -> str:
    if not _INSTANCE.fullmatch(value):
        raise ValueError(f"{value!r} is no Identity Center instance: write arn:aws:sso:::instance/ssoins-….")
    return value


def _pattern(pattern: re.Pattern[str], **more: Any) -> Any:
    return Field(json_schema_extra={"pattern": f"^{pattern.pattern}$", **more})


ChannelId = Annotated[str, AfterValidator(_channel), _pattern(_CHANNEL)]
Principal = Annotated[
    str, AfterValidator(_principal), Field(json_schema_extra={"pattern": f"^({_GROUP.pattern}|{_EMAIL.pattern})$"})
]
Email = Annotated[str, AfterValidator(_email), _pattern(_EMAIL)]
PersonId = Annotated[str, AfterValidator(_person), _pattern(_PERSON)]
AccountId = Annotated[str, AfterValidator(_account_id), Field(json_schema_extra={"pattern": "^[0-9]{12}$"})]
SetName = Annotated[str, AfterValidator(_set_name), _pattern(SET_NAME, maxLength=LONGEST_IN_AWS)]
ManagedPolicy = Annotated[str, AfterValidator(_managed_policy), _pattern(_POLICY_NAME)]
InlinePolicy = Annotated[str, BeforeValidator(_inline_policy), WithJsonSchema({"type": ["object", "string"]})]
Longest = Annotated[
    AccessDuration, BeforeValidator(_access_duration), WithJsonSchema({"enum": [each.value for each in AccessDuration]})
]
SignIn = Annotated[
    SessionDuration,
    BeforeValidator(_session_duration),
    WithJsonSchema({"enum": [each.value for each in SessionDuration]}),
]
Length = Annotated[
    timedelta, BeforeValidator(_length), WithJsonSchema({"type": "string", "pattern": f"^{_LENGTH.pattern}$"})
]
Region = Annotated[str, AfterValidator(_region), _pattern(_REGION)]
Portal = Annotated[str, AfterValidator(_portal), Field(json_schema_extra={"format": "uri"})]
Instance = Annotated[str, AfterValidator(_instance), _pattern(_INSTANCE)]
