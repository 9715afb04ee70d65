"""The environment is read in one place, and every problem in it is told at once, without any secret."""

from pathlib import Path

import pytest

from bot.addresses import Address, parse_address
from bot.settings import LogFormat, LogLevel, Settings, SettingsProblems, read_settings

NAMES = ("CLIENT_ID", "CLIENT_SECRET", "BOT_TOKEN", "APP_TOKEN", "SIGNING_SECRET", "API_URL")


@pytest.fixture(autouse=True)
def clear_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the settings of whoever runs the tests out of them."""
    others = ("DATABASE_URL", "HEALTH_ADDR", "HTTP_ADDR", "LOG_LEVEL", "LOG_FORMAT")
    for name in (*(f"SLACK_{each}" for each in NAMES), *others):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(f"{name}_FILE", raising=False)


def problems() -> str:
    """Read the environment and return its problems."""
    with pytest.raises(SettingsProblems) as caught:
        read_settings()
    return "\n".join(caught.value.problems)


def test_what_holds_when_nothing_is_set() -> None:
    """Everything but the tokens has a default that works on one machine."""
    settings = read_settings()
    assert settings.slack_api_url == "https://slack.com/api/"
    assert settings.database_url == "sqlite:///./var/jitbot.db"
    assert settings.health_addr == Address("127.0.0.1", 8080)
    assert (settings.log_level, settings.log_format) == (LogLevel.INFO, LogFormat.AUTO)


def test_what_is_set_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Values are trimmed; an address may be IPv6; level names may be small; nothing set is as if it were not there."""
    values = {"SLACK_BOT_TOKEN": " xoxb-1\n", "SLACK_API_URL": "http://127.0.0.1:3001/api", "HEALTH_ADDR": "[::1]:99"}
    for name, value in {**values, "LOG_LEVEL": "debug", "LOG_FORMAT": "json", "DATABASE_URL": ""}.items():
        monkeypatch.setenv(name, value)
    settings = read_settings()
    assert settings.slack_bot_token.get_secret_value() == "xoxb-1"
    assert settings.slack_api_url == "http://127.0.0.1:3001/api/"
    assert settings.health_addr == Address("::1", 99)
    assert (settings.log_level, settings.log_format) == (LogLevel.DEBUG, LogFormat.JSON)
    assert settings.database_url.startswith("sqlite:")


def test_a_secret_may_stand_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Containers mount secrets as files, often with a line end."""
    path = tmp_path / "token"
    path.write_text("xapp-1-abc\n", encoding="utf-8")
    monkeypatch.setenv("SLACK_APP_TOKEN_FILE", str(path))
    assert read_settings().slack_app_token.get_secret_value() == "xapp-1-abc"


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"SLACK_CLIENT_ID": "1", "SLACK_CLIENT_SECRET": "2"}, "drop the bot token"),
        ({"SLACK_BOT_TOKEN": "xapp-1-SECRET"}, "SLACK_BOT_TOKEN: it holds an app-level token, and must be"),
        ({"SLACK_BOT_TOKEN": "xoxp-SECRET"}, "SLACK_BOT_TOKEN: it holds a user token"),
        ({"SLACK_BOT_TOKEN": "SECRET"}, "SLACK_BOT_TOKEN: it holds no token of Slack's"),
        ({"SLACK_APP_TOKEN": "xoxb-SECRET"}, "SLACK_APP_TOKEN: it holds a bot token"),
        ({"SLACK_SIGNING_SECRET": "xoxb-SECRET"}, "SLACK_SIGNING_SECRET: it holds a bot token"),
        ({"SLACK_BOT_TOKEN": "xoxb-SECRET", "SLACK_BOT_TOKEN_FILE": "/x"}, "both set: keep one"),
        ({"SLACK_BOT_TOKEN_FILE": "/nowhere/at/all"}, "SLACK_BOT_TOKEN_FILE names /nowhere/at/all, which cannot"),
        ({"SLACK_API_URL": "slack.com"}, "SLACK_API_URL: it must start with https://"),
        ({"DATABASE_URL": "mysql://u:SECRET@h/d"}, "DATABASE_URL: it must start with postgresql://"),
        ({"HEALTH_ADDR": "8080"}, "HEALTH_ADDR: write host:port"),
        ({"LOG_LEVEL": "LOUD"}, "LOG_LEVEL: "),
    ],
)
def test_a_wrong_setting_is_told_in_words(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], words: str
) -> None:
    """Each mistake names its setting and the mend, and shows no secret."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    told = problems()
    assert words in told
    assert "SECRET" not in told.replace("SLACK_CLIENT_SECRET", "").replace("SLACK_SIGNING_SECRET", "")


def test_all_problems_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody starts the bot five times to find five mistakes."""
    for name, value in {"SLACK_BOT_TOKEN": "x", "SLACK_APP_TOKEN": "y", "HEALTH_ADDR": "z"}.items():
        monkeypatch.setenv(name, value)
    assert len(problems().splitlines()) == 3


@pytest.mark.parametrize(
    ("http", "environment", "missing"),
    [
        (False, {}, ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"]),
        (True, {}, ["SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"]),
        (False, {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}, []),
        (True, {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "abc"}, []),
    ],
)
def test_each_transport_has_its_secrets(
    monkeypatch: pytest.MonkeyPatch, http: object, environment: dict[str, str], missing: list[str]
) -> None:
    """Socket Mode needs the app-level token, HTTP the signing secret, and both the bot token."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    settings = read_settings()
    assert [each.split()[0] for each in settings.slack_problems(http=bool(http))] == missing
    if missing:
        with pytest.raises(SettingsProblems):
            settings.require_slack(http=bool(http))
    else:
        settings.require_slack(http=bool(http))


def test_secrets_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Printing the settings shows neither tokens nor the database's password."""
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-hidden")
    monkeypatch.setenv("DATABASE_URL", "postgresql://jit:hidden@db/jit")
    assert "hidden" not in repr(read_settings())
    assert isinstance(read_settings(), Settings)


@pytest.mark.parametrize("words", ["", "8080", "host:", "host:x", "host:70000", "::1:8080", "host:-1"])
def test_a_wrong_address_is_refused(words: str) -> None:
    """Only host:port is an address."""
    with pytest.raises(ValueError, match="write"):
        parse_address(words)


@pytest.mark.parametrize("words", ["127.0.0.1:8080", "[::1]:8080", "localhost:0"])
def test_an_address_reads_as_it_is_written(words: str) -> None:
    """Reading and writing are inverse."""
    assert str(parse_address(words)) == words


def test_no_host_means_every_interface() -> None:
    """`:8080` is what containers want."""
    assert parse_address(":8080") == Address("0.0.0.0", 8080)  # noqa: S104 - this is the point
