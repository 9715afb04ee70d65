"""What the app may do, read from its manifest."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from sandbox.slack.wire import Json

USUAL_SCOPES = (
    "commands",
    "chat:write",
    "users:read",
    "users:read.email",
    "usergroups:read",
    "im:write",
    "channels:read",
    "groups:read",
    "channels:history",
    "groups:history",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The app's scopes, commands, shortcuts and events; `commands` maps each to its should_escape.

    `usage_hints` holds what Slack shows behind each command while it is typed.
    """

    name: str = "jitbot"
    scopes: frozenset[str] = frozenset(USUAL_SCOPES)
    commands: Mapping[str, bool] = field(default_factory=lambda: {"/jit": True})
    usage_hints: Mapping[str, str] = field(default_factory=dict)
    shortcuts: Mapping[str, str] = field(default_factory=dict)
    events: frozenset[str] = frozenset({"app_home_opened"})
    home_on: bool = True
    direct_messages_on: bool = True
    people_may_write: bool = True
    interactivity_on: bool = True

    @classmethod
    def read(cls, document: Mapping[str, Any] | None) -> Self:
        """Read a parsed manifest.yml (docs.slack.dev, app manifest); None gives the usual app.

        What the manifest does not switch on is off, tabs and interactivity too (C).
        """
        if document is None:
            return cls()
        features, settings = document.get("features", {}), document.get("settings", {})
        home = features.get("app_home", {})
        return cls(
            name=features.get("bot_user", {}).get("display_name", "jitbot"),
            scopes=frozenset(document.get("oauth_config", {}).get("scopes", {}).get("bot", ())),
            commands={each["command"]: each.get("should_escape", False) for each in features.get("slash_commands", ())},
            usage_hints={each["command"]: each.get("usage_hint", "") for each in features.get("slash_commands", ())},
            shortcuts=_global_shortcuts(features.get("shortcuts", ())),
            events=frozenset(settings.get("event_subscriptions", {}).get("bot_events", ())),
            home_on=home.get("home_tab_enabled", False),
            direct_messages_on=home.get("messages_tab_enabled", False),
            people_may_write=not home.get("messages_tab_read_only_enabled", False),
            interactivity_on=settings.get("interactivity", {}).get("is_enabled", False),
        )


def _global_shortcuts(shortcuts: list[Json]) -> dict[str, str]:
    return {each["name"]: each["callback_id"] for each in shortcuts if each.get("type") == "global"}
