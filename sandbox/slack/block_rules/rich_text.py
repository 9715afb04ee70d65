"""rich_text blocks and what may stand in them (docs.slack.dev, rich text block)."""

from sandbox.slack.block_rules.basics import anything, boolean, by_type, items, one_of, shape, text, whole
from sandbox.slack.block_rules.findings import Rule
from sandbox.slack.block_rules.objects import URL

_MANY = 10_000
_TYPE: dict[str, Rule] = {"type": anything}
_STYLE = shape({}, dict.fromkeys(("bold", "italic", "strike", "code", "underline", "highlight", "unlink"), boolean))
_STYLED: dict[str, Rule] = {"style": _STYLE}
_TEXT = shape(_TYPE | {"text": text(_MANY)}, _STYLED)
_LINK = shape(_TYPE | {"url": URL}, _STYLED | {"text": text(_MANY), "unsafe": boolean})

_INLINE: dict[str, Rule] = {
    "text": _TEXT,
    "link": _LINK,
    "user": shape(_TYPE | {"user_id": text(255)}, _STYLED),
    "usergroup": shape(_TYPE | {"usergroup_id": text(255)}, _STYLED),
    "channel": shape(_TYPE | {"channel_id": text(255)}, _STYLED),
    "emoji": shape(_TYPE | {"name": text(255)}, _STYLED | {"unicode": text(255), "skin_tone": whole(1, 6)}),
    "broadcast": shape(_TYPE | {"range": one_of("here", "channel", "everyone")}, _STYLED),
    "color": shape(_TYPE | {"value": text(255)}, _STYLED),
    "date": shape(
        _TYPE | {"timestamp": whole(0, 253_402_300_799), "format": text(255)},
        _STYLED | {"url": URL, "fallback": text(_MANY)},
    ),
}
_PARTS = items(by_type(_INLINE), 0, _MANY)
_SECTION = shape(_TYPE | {"elements": _PARTS})
_BORDER: dict[str, Rule] = {"border": whole(0, 1)}

RICH_TEXT_ELEMENTS: dict[str, Rule] = {
    "rich_text_section": _SECTION,
    "rich_text_quote": shape(_TYPE | {"elements": _PARTS}, _BORDER),
    "rich_text_preformatted": shape(
        _TYPE | {"elements": items(by_type({"text": _TEXT, "link": _LINK}), 0, _MANY)},
        _BORDER | {"language": text(255)},
    ),
    "rich_text_list": shape(
        _TYPE
        | {"style": one_of("bullet", "ordered"), "elements": items(by_type({"rich_text_section": _SECTION}), 1, _MANY)},
        _BORDER | {"indent": whole(0, 8), "offset": whole(0, _MANY)},
    ),
}
