"""The command line: what cannot be done is said in words, never as a stack trace."""

from pathlib import Path

import pytest

from bot.cli import main


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
