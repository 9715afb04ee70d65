"""Log lines can be read by machines and people, and hold neither secrets nor whole payloads."""

import io
import json
import logging
from collections.abc import Iterator

import pytest

from bot.logs import REMOVED, Redactor, set_up_logs
from bot.settings import LogFormat, LogLevel


@pytest.fixture(autouse=True)
def restore_root() -> Iterator[None]:
    """Leave the root logger as it was."""
    root = logging.getLogger()
    level, handlers = root.level, list(root.handlers)
    yield
    root.setLevel(level)
    root.handlers[:] = handlers


def written(shape: LogFormat = LogFormat.JSON, level: LogLevel = LogLevel.DEBUG, *secrets: str) -> io.StringIO:
    """Send the log into a string."""
    stream = io.StringIO()
    set_up_logs(level, shape, secrets, stream)
    return stream


def test_a_line_is_json_with_its_ids() -> None:
    """Time, level, logger, message and the ids given; nothing else."""
    stream = written()
    logging.getLogger("operations.grant").info("granted to %s", "ada", extra={"request": "REQ-7", "effect": "grant:1"})
    line = json.loads(stream.getvalue())
    assert line.pop("time").endswith("Z")
    assert line == {
        "level": "INFO",
        "logger": "operations.grant",
        "message": "granted to ada",
        "request": "REQ-7",
        "effect": "grant:1",
    }


def test_a_hostile_message_stays_one_line() -> None:
    """A justification with line ends cannot forge a second entry."""
    stream = written()
    logging.getLogger("x").warning('a\n{"level": "INFO"}')
    assert len(stream.getvalue().splitlines()) == 1


def test_text_is_for_people() -> None:
    """On a terminal a line starts with the time and shows the ids."""
    stream = written(LogFormat.TEXT)
    logging.getLogger("x").warning("late", extra={"session": "s1"})
    assert stream.getvalue().endswith("WARNING late session=s1\n")


def test_a_stream_that_is_no_terminal_gets_json() -> None:
    """`auto` looks at the stream."""
    stream = written(LogFormat.AUTO)
    logging.getLogger("x").warning("late")
    assert json.loads(stream.getvalue())["message"] == "late"


@pytest.mark.parametrize(
    "secret",
    [
        "xoxb-123-456-abcDEF",
        "xoxp-1-2-3",
        "xoxe.xoxb-1-Mi0yLTEyMw",
        "xapp-1-A0-123-deadbeef",
        "AKIAIOSFODNN7EXAMPLE",
        "ASIAIOSFODNN7EXAMPLE",
        "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
        "my signing secret",
    ],
)
@pytest.mark.parametrize("shape", [LogFormat.JSON, LogFormat.TEXT])
def test_secrets_never_reach_the_log(shape: LogFormat, secret: str) -> None:
    """Neither in the message, nor in its arguments, nor in an exception, nor in an id."""
    stream = written(shape, LogLevel.DEBUG, "my signing secret")
    log = logging.getLogger("x")
    try:
        int(f"Slack said no to {secret}")
    except ValueError:
        log.exception("failed with %s", secret, extra={"reference": f"ref {secret}"})
    assert secret not in stream.getvalue()
    assert stream.getvalue().count(REMOVED) >= 3
    assert "ValueError" in stream.getvalue()


@pytest.mark.parametrize(
    ("text", "kept", "gone"),
    [
        ("wss://wss.slack.com/link/?ticket=abc-def&app_id=1", "&app_id=1", "abc-def"),
        ("https://hooks.slack.com/commands/T1/2/zzz failed", "failed", "zzz"),
        ("postgresql://jit:pw1@db:5432/jit is away", "@db:5432/jit is away", "pw1"),
        ("Authorization: Bearer abcdef", "Authorization", "abcdef"),
        ('"aws_secret_access_key": "wJalr/K7"', "", "wJalr"),
        ("box-office xoxo and REQ-1042 of 111122223333", "box-office xoxo and REQ-1042 of 111122223333", "\0"),
    ],
)
def test_what_carries_a_secret_is_cut_and_the_rest_stays(text: str, kept: str, gone: str) -> None:
    """Addresses stay readable without what they carry; ordinary words stay whole."""
    clean = Redactor()(text)
    assert kept in clean
    assert gone not in clean


def test_a_secret_within_a_longer_one_leaves_no_tail() -> None:
    """The longer of two known secrets goes first."""
    assert Redactor(["abc", "abcdef", ""])("abcdef!") == f"{REMOVED}!"


@pytest.mark.parametrize(
    ("message", "kept"),
    [
        ("Invalid request signature detected (signature: v0=1, timestamp: 1, body: SECRET)", "signature detected"),
        ("Unhandled request ({'type': 'x'})\n---\n[Suggestion] SECRET", "Unhandled request ({'type': 'x'})"),
        ("A global middleware (m) skipped calling either `next()` for the request (SECRET)", "global middleware (m)"),
        ("Request body: SECRET", "Request body"),
    ],
)
def test_bolts_lines_lose_their_bodies(message: str, kept: str) -> None:
    """That a request was refused is told; what stood in it is not."""
    stream = written()
    logging.getLogger("slack_bolt.App").warning(message)
    assert kept in stream.getvalue()
    assert "SECRET" not in stream.getvalue()


@pytest.mark.parametrize("name", ["slack_sdk.web.base_client", "slack_bolt.App", "botocore.endpoint", "urllib3"])
def test_libraries_are_quiet_below_info(name: str, caplog: pytest.LogCaptureFixture) -> None:
    """Their debug lines hold headers and bodies, whatever LOG_LEVEL says; ours are written."""
    stream = written()
    caplog.set_level(logging.DEBUG, name)
    logging.getLogger(name).debug("Sending a request - headers: …")
    logging.getLogger("operations").debug("ours")
    assert [json.loads(line)["message"] for line in stream.getvalue().splitlines()] == ["ours"]


@pytest.mark.parametrize("name", ["apscheduler.executors.default", "alembic.runtime.migration", "botocore.credentials"])
@pytest.mark.parametrize(("level", "heard"), [(LogLevel.INFO, ["warned"]), (LogLevel.DEBUG, ["told", "warned"])])
def test_libraries_tell_about_themselves_only_at_debug(name: str, level: LogLevel, heard: list[str]) -> None:
    """An operator reads no "Running job" every 2 s; a warning is written at either level."""
    stream = written(LogFormat.JSON, level)
    logging.getLogger(name).info("told")
    logging.getLogger(name).warning("warned")
    assert [json.loads(line)["message"] for line in stream.getvalue().splitlines()] == heard


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("slack_bolt.App", "As you gave `client` as well, `token` will be unused."),
        ("slack_sdk.web.base_client", "Failed to send a request to Slack API server: <urlopen error>"),
        ("slack_sdk.socket_mode.jitbot", "Failed to retrieve WSS URL: invalid_auth"),
        (
            "apscheduler.scheduler",
            'Execution of job "sweep" skipped: maximum number of running instances reached (1)',
        ),
    ],
)
def test_what_our_own_lines_say_is_not_said_twice(name: str, message: str) -> None:
    """Such a line of a library is written at LOG_LEVEL=DEBUG only; their other errors always are."""
    told = written(LogFormat.JSON, LogLevel.INFO)
    logging.getLogger(name).error(message)
    logging.getLogger(name).error("something else")
    assert [json.loads(line)["message"] for line in told.getvalue().splitlines()] == ["something else"]
    debugging = written(LogFormat.JSON, LogLevel.DEBUG)
    logging.getLogger(name).error(message)
    assert message in json.loads(debugging.getvalue())["message"]


def test_the_longest_level_stands_apart_from_the_message() -> None:
    """On a terminal CRITICAL does not run into what follows."""
    stream = written(LogFormat.TEXT)
    logging.getLogger("x").critical("cannot start")
    assert stream.getvalue().endswith("CRITICAL cannot start\n")


def test_setting_up_twice_writes_once() -> None:
    """The second call replaces the first."""
    first, second = written(), written()
    logging.getLogger("x").info("once")
    assert (first.getvalue(), len(second.getvalue().splitlines())) == ("", 1)
