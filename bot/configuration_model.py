"""The shape of the configuration file; names here are a contract with everybody who has written one."""

import difflib
import json
from collections.abc import Iterable
from datetime import timedelta

from pydantic import BaseModel, ConfigDict, Field

from access.durations import AccessDuration, SessionDuration
from access.permission_sets import MOST_MANAGED_POLICIES, HardStop
from bot.configuration_fields import (
    AccountId,
    ChannelId,
    Email,
    InlinePolicy,
    Instance,
    Length,
    Longest,
    ManagedPolicy,
    PersonId,
    Portal,
    Principal,
    Region,
    SetName,
    SignIn,
)
from bot.configuration_yaml import Path


class Part(BaseModel):
    """A mapping of settings: unknown ones are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SlackPart(Part):
    """The channels that are not of one account."""

    admin_channel: ChannelId = Field(
        description="Where SSO admins decide: second levels, and what owners leave open.", examples=["C0ADMINS"]
    )
    audit_channel: ChannelId = Field(description="Where every event is told.", examples=["C0AUDIT"])


class AwsPart(Part):
    """Where Identity Center is."""

    region: Region = Field(description="The home region of Identity Center.", examples=["eu-west-1"])
    portal_url: Portal = Field(
        description="The AWS access portal, for the links in messages.",
        examples=["https://example.awsapps.com/start"],
    )
    instance_arn: Instance | None = Field(default=None, description="Needed where there is more than one instance.")


class AccountPart(Part):
    """One AWS account that people may ask for."""

    id: AccountId = Field(description="Its 12 digits, in quotes.", examples=['"111122223333"'])
    name: str = Field(min_length=1, max_length=60, description="As people know it.", examples=["prod-payments"])
    owners: tuple[Principal, ...] = Field(
        default=(), description="Who decides: e-mail addresses, or ids of Slack user groups."
    )
    owner_channel: ChannelId = Field(description="Where owners see requests.", examples=["C0PAYMENTS"])
    permission_sets: tuple[str, ...] = Field(default=(), description="The standard permission sets offered here.")
    custom_sets: bool = Field(default=True, description="Whether requesters may define their own permission set.")
    longest_duration: Longest = Field(
        default=AccessDuration.MONTH_1, description="The longest access that can be asked for."
    )


class SetPart(Part):
    """One standard permission set."""

    name: SetName = Field(description="Its name in AWS.", examples=["ReadOnly"])
    existing: bool = Field(default=False, description="True: somebody else keeps it in AWS, the bot only finds it.")
    managed_policies: tuple[ManagedPolicy, ...] = Field(
        default=(), max_length=MOST_MANAGED_POLICIES, description="Names of AWS managed policies."
    )
    inline_policy: InlinePolicy = Field(default="", description="A policy, as a mapping or as JSON text.")
    session_duration: SignIn = Field(default=SessionDuration.HOUR_1, description="How long one AWS sign-in lives.")
    hard_stop: HardStop = Field(
        default=HardStop.NONE,
        description="clone: each session gets a copy of its own, which denies everything from its end on, to AWS"
        " sessions that are open too. none: those may work on for up to session_duration.",
    )


class LimitsPart(Part):
    """How long things may take, and how often."""

    lapse_after: Length = Field(default=timedelta(hours=24), description="An undecided request lapses then.")
    remind_after: Length = Field(default=timedelta(hours=1), description="Approvers are reminded once, then.")
    escalate_after: Length = Field(
        default=timedelta(minutes=30), description="SSO admins see what owners have left open, then."
    )
    announce_before: Length = Field(
        default=timedelta(minutes=15), description="A session's end is announced this long before."
    )
    most_extensions: int = Field(default=2, ge=0, le=20, description="How often a session can be extended; 0: never.")
    extend_after_percent: int = Field(
        default=50, ge=0, le=99, description="A session can be extended when so much of its time is gone, in percent."
    )


class FilePart(Part):
    """The whole file."""

    model_config = ConfigDict(title="Configuration of jitbot")

    slack: SlackPart = Field(examples=["{admin_channel: C0ADMINS, audit_channel: C0AUDIT}"])
    aws: AwsPart = Field(examples=["{region: eu-west-1, portal_url: https://example.awsapps.com/start}"])
    sso_admins: tuple[Principal, ...] = Field(
        default=(), description="Who runs Identity Center: e-mail addresses, or ids of Slack user groups."
    )
    accounts: tuple[AccountPart, ...] = Field(
        description="The accounts that can be asked for.",
        examples=["a list of accounts"],
        json_schema_extra={"minItems": 1},
    )
    permission_sets: tuple[SetPart, ...] = Field(default=(), description="The standard permission sets.")
    limits: LimitsPart = LimitsPart()
    identities: dict[PersonId, Email] = Field(
        default_factory=dict, description="Slack id to e-mail address in AWS, only where the two differ."
    )


_PARTS: dict[Path, type[Part]] = {
    (): FilePart,
    ("slack",): SlackPart,
    ("aws",): AwsPart,
    ("limits",): LimitsPart,
    ("accounts", "*"): AccountPart,
    ("permission_sets", "*"): SetPart,
}


def part_at(path: Path) -> type[Part] | None:
    """Tell which part of the model stands at a path; None where keys are free, as in `identities`."""
    return _PARTS.get(tuple("*" if isinstance(step, int) else step for step in path))


def spell(path: Path, key: str, present: frozenset[str]) -> tuple[str | None, str]:
    """Tell which setting was meant by a key, and what is wrong with it; `present` are all keys beside it."""
    part = part_at(path)
    if part is None or key in part.model_fields:
        return key, ""
    free = [name for name in part.model_fields if name not in present]
    meant = nearest(key, free)
    if meant:
        return meant, f"there is no such setting. Did you mean {meant}?"
    return None, f"there is no such setting. Settings here: {', '.join(part.model_fields)}."


def nearest(word: str, words: Iterable[str]) -> str | None:
    """Find the word that was probably meant."""
    by_case = {each.lower().replace("-", "_"): each for each in words}
    found = difflib.get_close_matches(word.lower().replace("-", "_"), by_case, n=1, cutoff=0.7)
    return by_case[found[0]] if found else None


def json_schema() -> str:
    """Write the JSON Schema of the file, as docs/jitbot.schema.json holds it."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **FilePart.model_json_schema()}
    return json.dumps(schema, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
