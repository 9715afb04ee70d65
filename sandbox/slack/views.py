"""The modals and Home tabs people have open; a stack of at most three views for each person."""

import secrets
from dataclasses import dataclass, field

from sandbox.slack.elements import Inputs, as_values, fresh_inputs, kept_inputs
from sandbox.slack.ids import random_id, with_block_ids
from sandbox.slack.wire import Json

DEEPEST_STACK = 3
"""Views one modal may stack (docs.slack.dev, modals)."""


@dataclass(slots=True, kw_only=True)
class View:
    """One view as it stands before somebody; `errors` maps block_ids to what is said beside them."""

    id: str
    user: str
    content: Json
    hash: str
    root_id: str
    previous_id: str = ""
    inputs: Inputs = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    offered: dict[tuple[str, str], list[Json]] = field(default_factory=dict)

    @property
    def is_modal(self) -> bool:
        """Whether it is a modal and not a Home tab."""
        return bool(self.content["type"] == "modal")

    @property
    def external_id(self) -> str:
        """Its external_id, empty where it has none."""
        return str(self.content.get("external_id") or "")

    def as_slack(self, *, team_id: str, app_id: str, bot_id: str) -> Json:
        """Give the view object of payloads and of views.* answers."""
        told: Json = {
            "id": self.id,
            "team_id": team_id,
            "app_id": app_id,
            "bot_id": bot_id,
            "app_installed_team_id": team_id,
            "hash": self.hash,
            "root_view_id": self.root_id,
            "previous_view_id": self.previous_id or None,
            "state": {"values": as_values(self.inputs)},
        }
        usual: Json = {"private_metadata": "", "callback_id": "", "external_id": "", "close": None, "submit": None}
        usual |= {"clear_on_close": False, "notify_on_close": False, "title": None}
        return told | usual | self.content


class Views:
    """Every open view of the workspace."""

    def __init__(self) -> None:
        self.stacks: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}

    def top(self, user: str) -> View | None:
        """Give the modal somebody sees."""
        stack = self.stacks.get(user)
        return stack[-1] if stack else None

    def find(self, view_id: str, external_id: str = "") -> View | None:
        """Find an open view by its id or external_id."""
        everything = [view for stack in self.stacks.values() for view in stack] + list(self.homes.values())
        if external_id:
            return next((each for each in everything if each.external_id == external_id), None)
        return next((each for each in everything if each.id == view_id), None)

    def open(self, user: str, content: Json, now: float) -> View:
        """Show a modal alone: what was open before is gone (C)."""
        view = self._fresh(user, content, now)
        self.stacks[user] = [view]
        return view

    def push(self, user: str, content: Json, now: float) -> View | None:
        """Lay a view upon the stack; None where three are there already."""
        stack = self.stacks.setdefault(user, [])
        if len(stack) >= DEEPEST_STACK:
            return None
        view = self._fresh(user, content, now)
        if stack:
            view.root_id, view.previous_id = stack[0].root_id, stack[-1].id
        stack.append(view)
        return view

    def publish(self, user: str, content: Json, now: float) -> View:
        """Show a Home tab; it keeps its id while its content changes."""
        view = self.homes.get(user)
        if view is None:
            view = self.homes[user] = self._fresh(user, content, now)
        else:
            self.replace(view, content, now)
        return view

    def replace(self, view: View, content: Json, now: float) -> None:
        """Give a view new content in place: a new hash, and input kept by block_id and action_id only."""
        view.content = content | {"blocks": with_block_ids(content["blocks"])}
        view.inputs = kept_inputs(view.inputs, view.content["blocks"])
        view.errors = {}
        view.hash = _fresh_hash(now)

    def close(self, view: View) -> None:
        """Take one view off its person's stack; views laid upon it go with it (C)."""
        stack = self.stacks.get(view.user, [])
        if view in stack:
            del stack[stack.index(view) :]

    def clear(self, user: str) -> list[View]:
        """Close every modal of somebody and say which they were."""
        return self.stacks.pop(user, [])

    def _fresh(self, user: str, content: Json, now: float) -> View:
        shown = content | {"blocks": with_block_ids(content["blocks"])}
        view_id = random_id("V0")
        inputs = fresh_inputs(shown["blocks"])
        return View(id=view_id, user=user, content=shown, hash=_fresh_hash(now), root_id=view_id, inputs=inputs)


def _fresh_hash(now: float) -> str:
    return f"{int(now)}.{secrets.token_hex(4)}"
