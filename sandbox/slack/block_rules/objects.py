"""Composition objects: texts, options, confirm dialogs (docs.slack.dev, composition objects)."""

from collections.abc import Iterator
from typing import Any

from sandbox.slack.block_rules.basics import (
    at_least_one,
    boolean,
    by_type,
    items,
    no_repeats,
    one_of,
    shape,
    text,
)
from sandbox.slack.block_rules.findings import Finding, Rule

IDENTIFIER = text(255)
"""action_id and block_id."""
URL = text(3000)
MOST_OPTIONS = 100
MOST_GROUPS = 100


def plain(longest: int) -> Rule:
    """Want a plain_text object."""
    return shape({"type": one_of("plain_text"), "text": text(longest)}, {"emoji": boolean})


def mrkdwn(longest: int) -> Rule:
    """Want a mrkdwn object."""
    return shape({"type": one_of("mrkdwn"), "text": text(longest)}, {"verbatim": boolean})


def words(longest: int) -> Rule:
    """Want a text object of either kind."""
    return by_type({"plain_text": plain(longest), "mrkdwn": mrkdwn(longest)})


def image_source(value: Any, pointer: str) -> Iterator[Finding]:
    """Want a picture by its address or by its Slack file."""
    yield from at_least_one("image_url", "slack_file")(value, pointer)


CONFIRM = shape(
    {"title": plain(100), "text": words(300), "confirm": plain(30), "deny": plain(30)},
    {"style": one_of("primary", "danger")},
)
PLACEHOLDER = plain(150)

SELECT_OPTION = shape({"text": plain(75), "value": text(150)}, {"description": plain(75)})
CHOICE_OPTION = shape({"text": words(75), "value": text(150)}, {"description": words(75)})
"""An option of checkboxes or radio buttons, whose text may be mrkdwn."""
OVERFLOW_OPTION = shape({"text": plain(75), "value": text(150)}, {"description": plain(75), "url": URL})


def _values_once(value: Any, pointer: str) -> Iterator[Finding]:
    yield from no_repeats([each["value"] for each in value], pointer, "option value")


def options(option: Rule, low: int, high: int) -> Rule:
    """Want a list of options with different values."""
    listed = items(option, low, high)

    def rule(value: Any, pointer: str) -> Iterator[Finding]:
        findings = list(listed(value, pointer))
        yield from findings or _values_once(value, pointer)

    return rule


def option_groups(low: int) -> Rule:
    """Want up to a hundred groups of up to a hundred options."""
    group = shape({"label": plain(75), "options": options(SELECT_OPTION, low, MOST_OPTIONS)})
    return items(group, low, MOST_GROUPS)
