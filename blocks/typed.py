"""What somebody typed behind a command, out of what Slack made of it (`should_escape`)."""

import re

_REFERENCE = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")
_SIGNS = {"@": "@", "#": "#"}


def as_typed(text: str) -> str:
    """Give people, channels and addresses back as they were typed, and `&`, `<` and `>` as themselves.

    Slack writes `<@U1|ada>`, `<#C1|ops>`, `<!subteam^S1|@crew>`, `<!here>` and `<https://…>`, and escapes the rest:
    https://docs.slack.dev/interactivity/implementing-slash-commands and
    https://docs.slack.dev/messaging/formatting-message-text
    """
    plain = _REFERENCE.sub(_words, text)
    return plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _words(found: re.Match[str]) -> str:
    inside, label = found[1], found[2] or ""
    if sign := _SIGNS.get(inside[:1], ""):
        return f"{sign}{label or inside[1:]}"
    if inside.startswith("!"):
        return label or f"@{inside[1:]}"
    return inside.removeprefix("mailto:")
