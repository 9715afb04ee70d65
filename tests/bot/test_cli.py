"""The command line: what cannot be done is said in words, never as a stack trace."""

import json
import logging
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cli import main

EXAMPLE = Path(__file__).parents[2] / "jitbot.example.yml"


@pytest.fixture
def running(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Give `run` tokens that open nothing, and take back what it sets up for the whole process."""
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-nothing")
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-nothing")
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:9/api/")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "nothing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "nothing")
    handlers, level = list(logging.getLogger().handlers), logging.getLogger().level
    signals = {each: signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGINT)}
    yield
    logging.getLogger().handlers[:] = handlers
    logging.getLogger().setLevel(level)
    for number, was in signals.items():
        signal.signal(number, was)


def left_with(monkeypatch: pytest.MonkeyPatch, url: str, *words: str) -> int:
    """Type a command with this database, and return its exit code."""
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setattr("sys.argv", ["jitbot", *words])
    with pytest.raises(SystemExit) as left:
        main()
    return int(left.value.code or 0)


@pytest.mark.parametrize("words", [("audit", "verify"), ("audit", "export"), ("sessions", "list")])
def test_a_database_that_is_not_there_is_said(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert left_with(monkeypatch, f"sqlite:///{tmp_path}/none.db", *words) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("jitbot: the database cannot be used: unable to open database file.")


def test_a_database_in_memory_is_refused(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert left_with(monkeypatch, "sqlite:///:memory:", "db", "upgrade") == 2
    assert "what is in memory does not last" in capsys.readouterr().err


@pytest.mark.parametrize("anchor", ["foo", "12", "x:ab", "7:"])
def test_an_anchor_is_a_number_and_a_hash(
    anchor: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"sqlite:///{tmp_path}/jitbot.db"
    assert left_with(monkeypatch, url, "db", "upgrade") == 0
    assert left_with(monkeypatch, url, "audit", "verify") == 0
    assert left_with(monkeypatch, url, "audit", "verify", "--anchor", anchor) == 2
    assert f"{anchor!r} is no anchor" in capsys.readouterr().out


def test_a_database_where_no_folder_can_be_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "file"
    file.touch()
    assert left_with(monkeypatch, f"sqlite:///{file}/jitbot.db", "db", "upgrade") == 2
    assert capsys.readouterr().err == f"jitbot: {file} cannot be used: File exists. Is DATABASE_URL right?\n"


@pytest.mark.parametrize("words", [("demo",), ("story",)])
def test_a_demo_that_is_not_installed_says_how_to_get_it(
    words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def missing(name: str) -> None:
        raise ModuleNotFoundError(name=name)

    monkeypatch.setattr("bot.cli.import_module", missing)
    assert left_with(monkeypatch, "", *words) == 2
    assert capsys.readouterr().err.endswith("is not installed here: type make demo or make story in a checkout.\n")


@pytest.mark.usefixtures("running")
def test_a_demo_on_a_taken_port_says_how_to_take_another(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert left_with(monkeypatch, "", "demo", "--port", str(port)) == 2
    said = f"jitbot: port {port} cannot be used (Address already in use): try jitbot demo --port 0.\n"
    assert capsys.readouterr().err == said


@pytest.mark.usefixtures("running")
def test_a_taken_health_address_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        monkeypatch.setenv("HEALTH_ADDR", address)
        assert left_with(monkeypatch, f"sqlite:///{tmp_path}/jitbot.db", "run", "--config", str(EXAMPLE)) == 2
    last = json.loads(capsys.readouterr().err.splitlines()[-1])
    assert last["message"] == f"jitbot cannot start: HEALTH_ADDR {address} cannot be used: Address already in use."


@pytest.mark.usefixtures("running")
def test_a_start_says_its_version_its_configuration_and_where_the_data_is_without_a_password(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HEALTH_ADDR", "127.0.0.1:0")
    url = "postgresql://bot:hunter2@127.0.0.1:9/jit?password=hunter3"
    assert left_with(monkeypatch, url, "run", "--config", str(EXAMPLE)) == 2
    said = capsys.readouterr().err
    first = json.loads(said.splitlines()[0])["message"]
    assert first.startswith("jitbot 0.")
    assert first.endswith("jitbot.example.yml and postgresql+psycopg://[removed]@127.0.0.1:9/jit")
    assert "hunter" not in said
