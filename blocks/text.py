"""The one door for words that people wrote: cleaned, clipped and escaped; and the words for times and people.

Three ways through it, by where the words go: `inline` into mrkdwn, `bare` into plain text, `paragraph` into rich text.
Escaping is Slack's: https://docs.slack.dev/messaging/formatting-message-text
"""

import re
import unicodedata
from datetime import UTC, datetime, timedelta

NAME_MOST = 80
"""Ours: a name longer than this hides what stands behind it."""
CUT = "…"
NOTHING = "-"

_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
# These cannot be escaped in mrkdwn; look-alikes keep a name from formatting what stands behind it.
_LOOK_ALIKES = {"`": "\u02cb", "*": "\u2217", "~": "\u223c"}
_BLANK_LETTERS = dict.fromkeys(map(ord, "\u115f\u1160\u3164\uffa0\u2800"), " ")
_PERSON = re.compile(r"[UW][A-Z0-9]{1,30}")
_CHANNEL = re.compile(r"[CGD][A-Z0-9]{1,30}")
_JOINERS = "\u200c\u200d"


def _one_line(words: str) -> str:
    """Take out what is invisible or turns the direction of writing, and make one line of the rest."""
    words = words.translate(_BLANK_LETTERS)
    if words.isprintable():
        return " ".join(words.split())
    visible = (
        " " if unicodedata.category(each) in {"Cc", "Zl", "Zp", "Zs"} else each
        for each in words
        if unicodedata.category(each) not in {"Cf", "Cs"}
    )
    return " ".join("".join(visible).split())


def clip(words: str, most: int) -> str:
    """Cut to at most `most` characters, with `…` where something is missing."""
    return words if len(words) <= most else words[: most - len(CUT)].rstrip() + CUT


def inline(words: str, most: int = NAME_MOST) -> str:
    """Make one line for mrkdwn of what somebody wrote: at most `most` characters, counted after escaping."""
    pieces = [_ESCAPES.get(each, _LOOK_ALIKES.get(each, each)) for each in clip(_one_line(words), most)]
    if sum(map(len, pieces)) <= most:
        return "".join(pieces) or NOTHING
    room = most - len(CUT)
    kept = ""
    for piece in pieces:
        if len(kept) + len(piece) > room:
            break
        kept += piece
    return kept.rstrip() + CUT


def bare(words: str, most: int = NAME_MOST) -> str:
    """Make one line for a plain_text object, which parses nothing: at most `most` characters, never empty."""
    return clip(_one_line(words), most) or NOTHING


def paragraph(words: str, most: int) -> str:
    """Keep the lines of what somebody wrote for rich text, which parses nothing: at most `most` characters."""
    visible = "".join(
        each
        for each in words.replace("\r\n", "\n")
        if each in "\n\t" or each in _JOINERS or unicodedata.category(each) not in {"Cc", "Cf", "Cs"}
    )
    return clip(visible.strip(), most) or NOTHING


def utc(at: datetime) -> str:
    """Write a moment in UTC, for places that know no time zone of the reader."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def when(at: datetime) -> str:
    """Write a moment for mrkdwn so that Slack shows it in the reader's time zone, with UTC to fall back on.

    https://docs.slack.dev/messaging/formatting-message-text#date-formatting
    """
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}} at {{time}}|{utc(at)}>"


def clock(at: datetime) -> str:
    """Write a moment like `when`, the time of day first, for after "at"."""
    return f"<!date^{int(at.timestamp())}^{{time}}, {{date_short_pretty}}|{utc(at)}>"


def left(span: timedelta) -> str:
    """Say how long something still lasts, in its two largest units."""
    minutes = int(span.total_seconds() // 60)
    if minutes < 1:
        return "less than a minute"
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    units = [(days, "day" if days == 1 else "days"), (hours, "h"), (minutes, "min")]
    return " ".join(f"{count} {unit}" for count, unit in [each for each in units if each[0]][:2])


def person(slack_id: str, name: str) -> str:
    """Mention somebody for mrkdwn, with the name for those to whom Slack shows none."""
    shown = inline(name) if name.strip() else ""
    if not _PERSON.fullmatch(slack_id):
        return shown or inline(slack_id)
    return f"<@{slack_id}> ({shown})" if shown else f"<@{slack_id}>"


def channel(channel_id: str) -> str:
    """Link a channel for mrkdwn."""
    return f"<#{channel_id}>" if _CHANNEL.fullmatch(channel_id) else inline(channel_id)
