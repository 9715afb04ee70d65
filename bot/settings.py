"""The settings of one process: secrets and endpoints from the environment, which nothing else reads."""

import os
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from bot.addresses import Address, parse_address

DEFAULT_DATABASE = "sqlite:///./var/jitbot.db"
_FILE = "_FILE"


class LogFormat(StrEnum):
    """How log lines look: `auto` is text on a terminal and JSON elsewhere."""

    AUTO = "auto"
    TEXT = "text"
    JSON = "json"


class LogLevel(StrEnum):
    """From which level on log lines are written."""

    DEBUG = "DEBUG"
    INFO = "INFO"
    WARNING = "WARNING"
    ERROR = "ERROR"


class SettingsProblems(Exception):  # noqa: N818 - it lists problems
    """Settings are missing or wrong; `problems` has the words for each, and never a secret."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Settings(BaseSettings):
    """What the environment says; `NAME_FILE` gives a file to read `NAME` from, as container secrets are mounted."""

    model_config = SettingsConfigDict(
        extra="ignore", frozen=True, hide_input_in_errors=True, env_ignore_empty=True, str_strip_whitespace=True
    )

    slack_bot_token: SecretStr = SecretStr("")
    slack_app_token: SecretStr = SecretStr("")
    slack_signing_secret: SecretStr = SecretStr("")
    slack_api_url: str = "https://slack.com/api/"
    database_url: str = Field(default=DEFAULT_DATABASE, repr=False)
    health_addr: Annotated[Address, NoDecode] = Address("127.0.0.1", 8080)
    http_addr: Annotated[Address, NoDecode] = Address("127.0.0.1", 3000)
    log_level: LogLevel = LogLevel.INFO
    log_format: LogFormat = LogFormat.AUTO

    @field_validator("slack_bot_token", "slack_app_token", "slack_signing_secret", mode="before")
    @classmethod
    def _secret(cls, value: object, info: ValidationInfo) -> object:
        if not isinstance(value, str):
            return value
        _check_kind(str(info.field_name), value.strip())
        return value.strip()

    @field_validator("health_addr", "http_addr", mode="before")
    @classmethod
    def _address(cls, value: object) -> object:
        return parse_address(value) if isinstance(value, str) else value

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @field_validator("slack_api_url")
    @classmethod
    def _api_url(cls, value: str) -> str:
        if not value.startswith(("https://", "http://")):
            raise ValueError("it must start with https:// (or http:// on this machine)")
        return value.rstrip("/") + "/"

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str) -> str:
        if not value.startswith(("sqlite:", "postgres:", "postgresql:", "postgresql+psycopg:")):
            raise ValueError("it must start with postgresql:// or sqlite:///")
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the library's signature
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the library's signature
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read the environment, then files that it names."""
        return init_settings, env_settings, _NamedFiles(settings_cls)

    def slack_problems(self, *, http: bool) -> list[str]:
        """List what is missing or of the wrong kind for running in Socket Mode or over HTTP."""
        problems = []
        if not self.slack_bot_token.get_secret_value():
            problems.append("SLACK_BOT_TOKEN is missing: copy the Bot User OAuth Token (xoxb-…) of the Slack app.")
        if http and not self.slack_signing_secret.get_secret_value():
            problems.append("SLACK_SIGNING_SECRET is missing: --http needs it to tell Slack's requests from others.")
        if not http and not self.slack_app_token.get_secret_value():
            problems.append(
                "SLACK_APP_TOKEN is missing: make an app-level token (xapp-…) with the scope connections:write."
            )
        return problems

    def require_slack(self, *, http: bool) -> None:
        """Raise `SettingsProblems` where the bot could not run with these settings."""
        problems = self.slack_problems(http=http)
        if problems:
            raise SettingsProblems(problems)


class _NamedFiles(PydanticBaseSettingsSource):
    """Reads `NAME` from the file that `NAME_FILE` names."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:  # noqa: ARG002 - theirs
        path = _environment().get(field_name.upper() + _FILE, "")
        return (Path(path).read_text(encoding="utf-8").strip() if path else None), field_name, False

    def __call__(self) -> dict[str, Any]:
        values = {name: self.get_field_value(field, name)[0] for name, field in self.settings_cls.model_fields.items()}
        return {name: value for name, value in values.items() if value is not None}


def read_settings() -> Settings:
    """Read the environment; raises `SettingsProblems` with every problem at once."""
    problems = _environment_problems(_environment())
    if problems:
        raise SettingsProblems(problems)
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsProblems([_words(each) for each in error.errors(include_input=False)]) from None


def _environment() -> Mapping[str, str]:
    return {name.upper(): value for name, value in os.environ.items()}


def _environment_problems(environment: Mapping[str, str]) -> list[str]:
    problems = []
    if environment.get("SLACK_CLIENT_ID") and environment.get("SLACK_CLIENT_SECRET"):
        problems.append(
            "SLACK_CLIENT_ID and SLACK_CLIENT_SECRET are set: Bolt would switch to OAuth and drop the bot token. "
            "Remove both; jitbot needs only SLACK_BOT_TOKEN with SLACK_APP_TOKEN or SLACK_SIGNING_SECRET."
        )
    for name in (each.upper() for each in Settings.model_fields):
        path = environment.get(name + _FILE)
        if path and environment.get(name):
            problems.append(f"{name} and {name}_FILE are both set: keep one of them.")
        elif path and not os.access(path, os.R_OK):
            problems.append(f"{name}_FILE names {path}, which cannot be read.")
    return problems


def _check_kind(field: str, secret: str) -> None:
    must = {"slack_bot_token": ("xoxb-", "Bot User OAuth Token"), "slack_app_token": ("xapp-", "app-level token")}
    if field in must and secret and not secret.startswith(must[field][0]):
        start, words = must[field]
        raise ValueError(f"it holds {_kind(secret)}, and must be the {words} ({start}…)")
    if field == "slack_signing_secret" and secret.startswith(("xox", "xapp-")):
        raise ValueError(f"it holds {_kind(secret)}, and must be the app's Signing Secret")


def _kind(token: str) -> str:
    kinds = {"xoxb-": "a bot token", "xapp-": "an app-level token", "xoxp-": "a user token", "xoxe": "a refresh token"}
    return next((words for start, words in kinds.items() if token.startswith(start)), "no token of Slack's")


def _words(error: Mapping[str, Any]) -> str:
    name = str(error["loc"][0]).upper() if error["loc"] else "The environment"
    context = error.get("ctx") or {}
    return f"{name}: {context.get('error') or error['msg']}."
