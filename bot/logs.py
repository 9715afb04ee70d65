"""Log lines: JSON for machines, text for a terminal; never a token, a signing secret or a whole Slack payload."""

import json
import logging
import re
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TextIO

from bot.settings import LogFormat, LogLevel

IDS = ("request", "session", "effect", "reference")
"""What a log call may add with `extra=`, so that the lines of one request can be found together."""
REMOVED = "[removed]"
_LIBRARIES = frozenset(
    [
        "aiohttp",
        "alembic",
        "apscheduler",
        "asyncio",
        "boto3",
        "botocore",
        "slack_bolt",
        "slack_sdk",
        "sqlalchemy",
        "urllib3",
        "uvicorn",
        "waitress",
        "websockets",
        "werkzeug",
    ]
)
"""What they write at INFO is about themselves; below INFO some write whole requests, headers and bodies included."""
_BODY_STARTS = (
    re.compile(r"(Invalid request signature detected)\b.*", re.DOTALL),
    re.compile(r"(A global middleware \S+ skipped calling .*? for the request)\b.*", re.DOTALL),
    re.compile(r"(Unhandled request .*?)\n---.*", re.DOTALL),
    re.compile(r"([Rr]equest body):.*", re.DOTALL),
)
_NOTHING_NEW = (
    "As you gave `client` as well",
    "Failed to send a request to Slack",
    "Failed to retrieve WSS URL",
    "Execution of job ",
)
"""Starts of warnings and errors of libraries that our own lines say, or that mean nothing here.

The last is said by APScheduler every two seconds while a sweep goes on; the watchdog says when one goes on too long.
"""
_SECRETS = (
    re.compile(r"\bxox[a-z](?:\.xox[a-z])?-[A-Za-z0-9%+/=_-]+"),
    re.compile(r"\b(?:xapp|xwfp)-[A-Za-z0-9_-]+"),
    re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{8,}"),
    re.compile(r"\bv0=[0-9a-f]{32,}"),
    re.compile(r"(?<=ticket=)[^&\s'\"]+"),
    re.compile(r"(?<=hooks\.slack\.com/)[A-Za-z]+/[^\s'\"<>]+"),
    re.compile(r"(?<=://)[^\s/:@'\"]+:[^\s/@'\"]+(?=@)"),
    re.compile(r"(?i)(?<=Bearer )[^\s'\"]+"),
    re.compile(
        r"(?i)\b(?:aws_secret_access_key|aws_session_token|x-amz-security-token)['\"]?\s*[:=]\s*['\"]?[^\s'\",}]+"
    ),
)


class Redactor:
    """Removes secrets from text: those it knows, and whatever looks like one of Slack's or AWS's."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        # the longest first, so that no secret's tail stays behind
        self._known = sorted({each for each in secrets if each}, key=len, reverse=True)

    def __call__(self, text: str) -> str:
        """Return the text without secrets."""
        for secret in self._known:
            text = text.replace(secret, REMOVED)
        for pattern in _SECRETS:
            text = pattern.sub(REMOVED, text)
        return text


class QuietLibraries(logging.Filter):
    """Drops what libraries write below a level, and cuts Bolt's lines that hold whole payloads."""

    def __init__(self, lowest: int) -> None:
        super().__init__()
        self._lowest = lowest

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether the line is written; it may have been cut."""
        library = record.name.partition(".")[0]
        if library in _LIBRARIES and record.levelno < self._lowest:
            return False
        if library not in {"apscheduler", "slack_bolt", "slack_sdk"}:
            return True
        message = record.getMessage()
        if message.startswith(_NOTHING_NEW) and self._lowest > logging.INFO:
            return False
        if library == "slack_bolt":
            for pattern in _BODY_STARTS:
                message = pattern.sub(r"\1", message)
            record.msg, record.args = message, None
        return True


class JsonLines(logging.Formatter):
    """One JSON object a line: time (UTC), level, logger, message, ids, and the exception where there is one."""

    def __init__(self, redact: Redactor) -> None:
        super().__init__()
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        """Write one record."""
        line = {
            "time": _time(record),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **_ids(record),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps({name: self._redact(value) for name, value in line.items()}, ensure_ascii=False)


class TextLines(logging.Formatter):
    """Lines for a terminal: time, level, message, ids."""

    def __init__(self, redact: Redactor) -> None:
        super().__init__()
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        """Write one record."""
        ids = "".join(f" {name}={value}" for name, value in _ids(record).items())
        text = f"{_time(record)[11:19]} {record.levelname:<7} {record.getMessage()}{ids}"
        if record.exc_info:
            text += "\n" + self.formatException(record.exc_info)
        return self._redact(text)


def set_up_logs(
    level: LogLevel = LogLevel.INFO,
    shape: LogFormat = LogFormat.AUTO,
    secrets: Iterable[str] = (),
    stream: TextIO | None = None,
) -> logging.Handler:
    """Write the log to a stream (standard error) from now on, instead of wherever an earlier call sent it.

    Libraries are heard from WARNING on, and at LOG_LEVEL=DEBUG from INFO on.
    """
    stream = stream or sys.stderr
    redact = Redactor(secrets)
    text = shape is LogFormat.TEXT or (shape is LogFormat.AUTO and stream.isatty())
    handler = logging.StreamHandler(stream)
    handler.setFormatter(TextLines(redact) if text else JsonLines(redact))
    handler.addFilter(QuietLibraries(logging.INFO if level is LogLevel.DEBUG else logging.WARNING))
    handler.set_name("jitbot")
    root = logging.getLogger()
    for earlier in [each for each in root.handlers if each.get_name() == "jitbot"]:
        root.removeHandler(earlier)
    root.addHandler(handler)
    root.setLevel(level.value)
    return handler


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _ids(record: logging.LogRecord) -> dict[str, str]:
    found = {name: getattr(record, name, None) for name in IDS}
    return {name: str(value) for name, value in found.items() if value}
