"""The configuration: one YAML file, every mistake in it told at once with its line, and the values it gives."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from pydantic import ValidationError

from access.catalogue import Account, Catalogue
from access.people import SlackId
from access.permission_sets import SetContent, StandardSet
from bot.configuration_model import AccountPart, FilePart, SetPart, spell
from bot.configuration_rules import contradictions
from bot.configuration_words import where, words_for
from bot.configuration_yaml import Document, Problem, read_document


class ConfigurationProblems(Exception):  # noqa: N818 - it lists problems
    """The file cannot be used; `problems` are lines such as `jitbot.yml:12: accounts[0].ownrs: …`."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Channels:
    """The channels that are not of one account."""

    admin_channel: str
    audit_channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityCenter:
    """Where Identity Center is; `instance_arn` only where there is more than one."""

    region: str
    portal_url: str
    instance_arn: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long things may take, and how often."""

    lapse_after: timedelta = timedelta(hours=24)
    remind_after: timedelta = timedelta(hours=1)
    escalate_after: timedelta = timedelta(minutes=30)
    announce_before: timedelta = timedelta(minutes=15)
    most_extensions: int = 2
    extend_after_percent: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """All that the file says; `digest` is the SHA-256 of its bytes, in hexadecimal."""

    slack: Channels
    aws: IdentityCenter
    sso_admins: tuple[str, ...]
    identities: Mapping[SlackId, str]
    limits: Limits
    accounts: Mapping[str, Account]
    standard_sets: Mapping[str, StandardSet]
    digest: str

    def catalogue(self, managed_policies: Iterable[str] = ()) -> Catalogue:
        """Make the catalogue that forms offer, with the AWS managed policies found."""
        return Catalogue(
            accounts=self.accounts, standard_sets=self.standard_sets, managed_policies=tuple(managed_policies)
        )


def load_configuration(path: Path) -> Configuration:
    """Load a file; raises `ConfigurationProblems`, also where it cannot be read."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ConfigurationProblems(
            [f"{path}: it cannot be read ({error.strerror}). Copy jitbot.example.yml, or give --config."]
        ) from None
    return read_configuration(content, str(path))


def read_configuration(content: bytes, name: str = "jitbot.yml") -> Configuration:
    """Read a file's content; raises `ConfigurationProblems` with every problem, in the order of the lines."""
    document = read_document(content, spell)
    problems = document.problems
    model = None
    if document.data is not None:
        try:
            model = FilePart.model_validate(document.data)
        except ValidationError as error:
            problems += [_problem(document, dict(each)) for each in error.errors(include_url=False)]
        problems += [Problem(document.mark(path).line, path, words) for path, words in contradictions(document.data)]
    if model is None or problems:
        raise ConfigurationProblems(
            [_told(name, each) for each in sorted(dict.fromkeys(problems), key=lambda each: each.line)]
        )
    return _configuration(model, hashlib.sha256(content).hexdigest())


def _problem(document: Document, error: Mapping[str, object]) -> Problem:
    found = error["loc"]
    steps = found if isinstance(found, tuple) else ()
    path = tuple(step for step in steps if step != "[key]")
    mark = document.mark(path)
    return Problem(mark.line, path, words_for(error, path, mark))


def _told(name: str, problem: Problem) -> str:
    place = f"{where(problem.path)}: " if problem.path else ""
    return f"{name}:{problem.line}: {place}{problem.words}"


def _configuration(model: FilePart, digest: str) -> Configuration:
    return Configuration(
        slack=Channels(admin_channel=model.slack.admin_channel, audit_channel=model.slack.audit_channel),
        aws=IdentityCenter(
            region=model.aws.region, portal_url=model.aws.portal_url, instance_arn=model.aws.instance_arn
        ),
        sso_admins=tuple(dict.fromkeys(model.sso_admins)),
        identities={SlackId(slack_id): email for slack_id, email in model.identities.items()},
        limits=Limits(**{name: getattr(model.limits, name) for name in type(model.limits).model_fields}),
        accounts={each.id: _account(each) for each in model.accounts},
        standard_sets={each.name: _standard_set(each) for each in model.permission_sets},
        digest=digest,
    )


def _account(part: AccountPart) -> Account:
    return Account(
        id=part.id,
        name=part.name,
        owners=tuple(dict.fromkeys(part.owners)),
        owner_channel=part.owner_channel,
        permission_sets=part.permission_sets,
        custom_sets=part.custom_sets,
        longest_duration=part.longest_duration,
    )


def _standard_set(part: SetPart) -> StandardSet:
    if part.existing:
        return StandardSet(name=part.name)
    content = SetContent(
        session_duration=part.session_duration,
        managed_policies=part.managed_policies,
        inline_policy=part.inline_policy,
    )
    return StandardSet(name=part.name, content=content, hard_stop=part.hard_stop)
