"""One person's window, drawn: each region of it as HTML, from the workspace as it is at this moment."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader

from sandbox.page.controls import AuditShown, Controls
from sandbox.page.levers import AWS_FAULTS, SLACK_FAULTS
from sandbox.page.places import Place, PlaceKind, Seat, members
from sandbox.page.render import behind
from sandbox.page.render.fields import NATIVE_LISTS, Field, Source, field_of, source_id
from sandbox.page.render.messages import shown_messages
from sandbox.page.render.text import Run, address, inline, runs
from sandbox.slack.gestures.commands import READ_ONLY
from sandbox.slack.mrkdwn import Segment
from sandbox.slack.people import Profile
from sandbox.slack.visible import block_lines
from sandbox.slack.wire import Json

TEMPLATES = Path(__file__).parent.parent / "templates"
REGIONS = ("people", "sidebar", "conversation", "modal", "status", "bot")
"""What changes with the workspace."""
PANES = ("aws", "audit", "clock", "traffic")
"""What changes beside it, and is looked at every second."""

_HUES = 6


def make_environment() -> Environment:
    """Make the templates' environment: everything is escaped."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["address"] = address
    environment.filters["policy"] = behind.readable_policy
    environment.globals["NATIVE_LISTS"] = NATIVE_LISTS
    return environment


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """Draws one person's window at one place; what templates ask of the workspace stands here."""

    seat: Seat
    place: Place
    controls: Controls
    environment: Environment

    # what templates ask

    def runs(self, text: Json | str) -> list[Run]:
        """Show a text object."""
        return runs(text, self.seat.reader)

    def top_text(self, text: str) -> list[Run]:
        """Show the text of a message without blocks."""
        return runs({"type": "mrkdwn", "text": text, "verbatim": True}, self.seat.reader)

    def inline(self, elements: list[Json]) -> list[Segment]:
        """Show the inside of a rich text section."""
        return inline(elements, self.seat.reader)

    def field(self, block: Json, element: Json, source: Source) -> Field:
        """Show an interactive element."""
        return field_of(block, element, source, self.seat.reader)

    def lines(self, block: Json) -> list[str]:
        """List the words of a block that is not drawn in its own way."""
        return block_lines([block], self.seat.reader)

    def moment(self, at: datetime, pattern: str = "%H:%M:%S") -> str:
        """Write a moment in this person's time zone."""
        return at.astimezone(self.seat.reader.zone).strftime(pattern)

    def hue(self, who: Profile) -> int:
        """Give somebody one of the colours of portraits; people who joined one after the other differ."""
        return list(self._workspace.people.by_id).index(who.id) % _HUES

    # regions

    def page(self, theme: str) -> str:
        """Draw the whole page; `theme` is `light`, `dark` or empty for the system's."""
        html = {name: self.region(name) for name in (*REGIONS, *PANES)}
        with self._workspace.lock:
            toasts = len(self._workspace.toasts)
        return self._render(
            "page", html=html, theme=theme, toasts=toasts, slack_faults=SLACK_FAULTS, aws_faults=AWS_FAULTS
        )

    def region(self, name: str) -> str:
        """Draw one region."""
        if name in PANES:
            return self._render(name, **getattr(self, f"_{name}")())
        with self._workspace.lock:
            return self._render(name, **getattr(self, f"_{name}")())

    @property
    def _workspace(self) -> Any:
        return self.seat.sandbox.workspace

    def _render(self, name: str, **context: object) -> str:
        template = self.environment.get_template(f"{name}.html")
        usual = {"d": self, "me": self.seat.profile, "place": self.place, "controls": self.controls}
        return template.render(**usual, app=self.seat.sandbox.app.manifest, bot=self._workspace.bot, **context)

    def _people(self) -> dict[str, object]:
        return {"everybody": members(self.seat.sandbox)}

    def _sidebar(self) -> dict[str, object]:
        return {"places": self.seat.places()}

    def _conversation(self) -> dict[str, object]:
        home = self._workspace.views.homes.get(self.seat.profile.id) if self.place.kind is PlaceKind.HOME else None
        shown = shown_messages(self.seat, self.place.channel) if self.place.channel else []
        self.seat.reading.read(self.seat.profile, self.place, [each.message for each in shown])
        return {"messages": shown, "home": home, "source_id": source_id}

    def _modal(self) -> dict[str, object]:
        stack = self._workspace.views.stacks.get(self.seat.profile.id, [])
        return {"view": stack[-1] if stack else None, "depth": len(stack), "source_id": source_id}

    def _status(self) -> dict[str, object]:
        return {"refused": behind.latest_refusal(self.seat.sandbox)} | self._bot()

    def _bot(self) -> dict[str, object]:
        return {"running": self.controls.bot is None or self.controls.bot.running}

    @property
    def read_only(self) -> str:
        """Say why nothing can be written here; empty where it can."""
        if self.place.kind is PlaceKind.DM and not self.seat.sandbox.app.manifest.people_may_write:
            return READ_ONLY
        return ""

    def _aws(self) -> dict[str, object]:
        aws = self.controls.aws
        people = {each.name: each.real_name for each in members(self.seat.sandbox)}
        return {
            "accounts": behind.accounts(aws) if aws else [],
            "sets": behind.sets(aws) if aws else [],
            "people": people,
            "now": self.controls.clock.now() if self.controls.clock else None,
        }

    def _audit(self) -> dict[str, object]:
        nothing = AuditShown(lines=(), entries=0, problem="the bot has no audit log")
        return {"audit": self.controls.audit.read() if self.controls.audit else nothing}

    def _clock(self) -> dict[str, object]:
        clock = self.controls.clock
        return {"now": clock.now() if clock else None, "next_end": clock.next_end() if clock else None}

    def _traffic(self) -> dict[str, object]:
        return {"calls": behind.latest_calls(self.seat.sandbox, self.controls.aws)}
