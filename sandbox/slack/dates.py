"""Slack's `<!date…>`: a moment in the reader's time zone (docs.slack.dev, formatting message text)."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sandbox.slack.reader import Reader

_TOKEN = re.compile(r"\{(\w+)\}")
_LATEST = 253_402_300_799
_UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))


def render_date(body: str, reader: Reader) -> str:
    """Write the inside of `<!date^ts^format^link|fallback>` for its reader; the fallback where it is malformed."""
    form, _, fallback = body.partition("|")
    parts = form.split("^")
    if len(parts) not in {3, 4} or not parts[1].isdigit() or int(parts[1]) > _LATEST or not _known(parts[2]):
        return fallback
    moment = datetime.fromtimestamp(int(parts[1]), UTC).astimezone(reader.zone)
    return _TOKEN.sub(lambda found: _FORMATS[found[1]](moment, reader.now()), parts[2])


def _known(pattern: str) -> bool:
    tokens = _TOKEN.findall(pattern)
    return bool(tokens) and all(each in _FORMATS for each in tokens)


def _day(moment: datetime) -> str:
    suffix = {1: "st", 2: "nd", 3: "rd"}.get(moment.day % 10, "th") if moment.day // 10 != 1 else "th"
    return f"{moment.day}{suffix}"


def _date(moment: datetime, _now: datetime) -> str:
    return f"{moment:%B} {_day(moment)}, {moment:%Y}"


def _date_short(moment: datetime, _now: datetime) -> str:
    return f"{moment:%b} {moment.day}, {moment:%Y}"


def _date_long(moment: datetime, _now: datetime) -> str:
    return f"{moment:%A}, {_date(moment, _now)}"


def _time(moment: datetime, _now: datetime) -> str:
    return f"{moment:%I:%M %p}".removeprefix("0")


def _time_secs(moment: datetime, _now: datetime) -> str:
    return f"{moment:%I:%M:%S %p}".removeprefix("0")


def _pretty(form: Callable[[datetime, datetime], str]) -> Callable[[datetime, datetime], str]:
    """Say yesterday, today or tomorrow where that is true."""

    def written(moment: datetime, now: datetime) -> str:
        near = {moment.date() + timedelta(days=1): "yesterday", moment.date(): "today"}
        return near.get(
            now.date(), "tomorrow" if moment.date() - now.date() == timedelta(days=1) else form(moment, now)
        )

    return written


def _ago(moment: datetime, now: datetime) -> str:
    seconds = int((now - moment).total_seconds())
    size, name = next((each for each in _UNITS if abs(seconds) >= each[0]), _UNITS[-1])
    count = abs(seconds) // size
    words = f"{count} {name}{'' if count == 1 else 's'}"
    return f"{words} ago" if seconds >= 0 else f"in {words}"


_FORMATS: dict[str, Callable[[datetime, datetime], str]] = {
    "date": _date,
    "date_num": lambda moment, _now: f"{moment:%Y-%m-%d}",
    "date_slash": lambda moment, _now: f"{moment:%m/%d/%Y}",
    "date_short": _date_short,
    "date_long": _date_long,
    "date_pretty": _pretty(_date),
    "date_short_pretty": _pretty(_date_short),
    "date_long_pretty": _pretty(_date_long),
    "time": _time,
    "time_secs": _time_secs,
    "ago": _ago,
}
