"""manifest.yml asks for what the code uses, and for nothing else."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
SCOPES = {
    "chat_postMessage": {"chat:write"},
    "chat_update": {"chat:write"},
    "chat_postEphemeral": {"chat:write"},
    "chat_getPermalink": set(),
    "conversations_open": {"im:write"},
    "conversations_history": {"channels:history", "groups:history"},
    "conversations_replies": {"channels:history", "groups:history"},
    "conversations_info": {"channels:read", "groups:read"},
    "conversations_members": {"channels:read", "groups:read"},
    "users_info": {"users:read", "users:read.email"},
    "users_lookupByEmail": {"users:read.email"},
    "usergroups_users_list": {"usergroups:read"},
    "usergroups_list": {"usergroups:read"},
    "auth_test": set(),
    "apps_connections_open": set(),
    "views_open": set(),
    "views_update": set(),
    "views_push": set(),
    "views_publish": set(),
}
"""Scopes that each method needs (https://docs.slack.dev/reference/methods)."""
EVENT_SCOPES = {"app_home_opened": "", "subteam_members_changed": "usergroups:read", "user_change": "users:read"}
"""https://docs.slack.dev/reference/events; none where an event needs none."""
CALL = re.compile(r"\.((?:chat|conversations|users|usergroups|views|auth|apps)_[A-Za-z_]+)\(")


@pytest.fixture(name="manifest")
def read_manifest() -> dict[str, Any]:
    """Read the manifest as plain values."""
    manifest: dict[str, Any] = yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))
    return manifest


def called_methods() -> set[str]:
    """Name every Web API method that the code calls."""
    sources = [path for floor in ("slackapi", "handlers", "bot") for path in (ROOT / floor).glob("*.py")]
    return {name for path in sources for name in CALL.findall(path.read_text(encoding="utf-8"))}


def test_slack_takes_the_manifest(manifest: dict[str, Any]) -> None:
    """The manifest satisfies Slack's own schema."""
    schema = json.loads((ROOT / "tests/data/slack-manifest.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft7Validator(schema).validate(manifest)


def test_the_schema_refuses_an_unknown_setting(manifest: dict[str, Any]) -> None:
    """The check above can fail."""
    schema = json.loads((ROOT / "tests/data/slack-manifest.schema.json").read_text(encoding="utf-8"))
    manifest["features"]["slash_commands"][0]["command"] = "jit"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft7Validator(schema).validate(manifest)


def test_the_scopes_are_those_that_the_code_needs(manifest: dict[str, Any]) -> None:
    """Each scope is used by a call in the code, and no call lacks its scope."""
    called = called_methods()
    assert called <= set(SCOPES), "a new method: write its scopes into SCOPES"
    needed = {"commands"}.union(*(SCOPES[name] for name in called))
    assert sorted(manifest["oauth_config"]["scopes"]["bot"]) == sorted(needed)


def test_events_are_covered_by_scopes(manifest: dict[str, Any]) -> None:
    """Every event subscribed to needs a scope that the app has anyway."""
    scopes = manifest["oauth_config"]["scopes"]["bot"]
    for event in manifest["settings"]["event_subscriptions"]["bot_events"]:
        assert EVENT_SCOPES[event] in {*scopes, ""}


def test_every_scope_is_explained() -> None:
    """Each scope has a comment on its line, for the security team that reads the manifest."""
    text = (ROOT / "manifest.yml").read_text(encoding="utf-8")
    lines = text[text.index("    bot:\n") : text.index("settings:")].splitlines()[1:]
    assert all(re.search(r"- \S+ +# [/a-z]", line) for line in lines if line.strip())


def test_socket_mode_has_no_addresses(manifest: dict[str, Any]) -> None:
    """With Socket Mode on, no request URL is named; mentions are escaped; tokens do not rotate."""
    assert manifest["settings"]["socket_mode_enabled"] is True
    assert manifest["settings"]["token_rotation_enabled"] is False
    assert "url" not in manifest["features"]["slash_commands"][0]
    assert "request_url" not in manifest["settings"]["interactivity"]
    assert manifest["features"]["slash_commands"][0]["should_escape"] is True


def test_the_shortcut_and_the_home_are_as_the_bot_knows_them(manifest: dict[str, Any]) -> None:
    """The callback id, and a Messages tab that people cannot write into."""
    assert manifest["features"]["shortcuts"][0]["callback_id"] == "jit:request_shortcut:v1"
    assert manifest["features"]["app_home"] == {
        "home_tab_enabled": True,
        "messages_tab_enabled": True,
        "messages_tab_read_only_enabled": True,
    }
