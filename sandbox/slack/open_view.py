"""A modal or Home tab before one person: reading it, pressing in it, submitting and closing it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from sandbox.slack.elements import Placed, value_of
from sandbox.slack.fill_in import fill_in, offered_options, readable
from sandbox.slack.finding import NotSeenError, button_label, buttons, field_label, fields, option_text, pick
from sandbox.slack.gestures.modals import close, dismiss, submit
from sandbox.slack.gestures.presses import press, press_enter, press_payload
from sandbox.slack.screen import Screen
from sandbox.slack.views import View
from sandbox.slack.visible import block_lines
from sandbox.slack.wire import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenView:
    """One open view; everything is read from it as it stands at that moment."""

    screen: Screen
    view: View

    @property
    def title(self) -> str:
        """Its title; empty for a Home tab."""
        return str((self.view.content.get("title") or {}).get("text", ""))

    @property
    def submit_label(self) -> str:
        """The words on its submit button."""
        return str((self.view.content.get("submit") or {}).get("text", "Submit"))

    @property
    def text(self) -> str:
        """All its visible texts, line by line."""
        return "\n".join(self.texts())

    @property
    def blocks(self) -> list[Json]:
        """Its blocks as Slack keeps them."""
        with self.screen.stage.workspace.lock:
            return list(self.view.content["blocks"])

    def texts(self) -> list[str]:
        """List its visible texts, labels and hints included."""
        with self.screen.stage.workspace.lock:
            return block_lines(self.view.content["blocks"], self.screen.reader)

    def labels(self) -> list[str]:
        """List the words beside its fields."""
        return [self._label(each) for each in fields(self.blocks)]

    def buttons(self) -> list[str]:
        """List the words on its buttons."""
        return [button_label(each) for each in buttons(self.blocks)]

    def errors(self) -> dict[str, str]:
        """Give what is said beside its fields, by label."""
        with self.screen.stage.workspace.lock:
            placed = {each.key[0]: self._label(each) for each in fields(self.view.content["blocks"])}
            return {placed[block_id]: words for block_id, words in self.view.errors.items()}

    def value(self, label: str) -> object:
        """Give what stands in a field, as a person reads it: words, a list of words, or None."""
        placed = self._field(label)
        with self.screen.stage.workspace.lock:
            return readable(value_of(self.view.inputs[placed.key]))

    def options(self, label: str, query: str = "") -> list[str]:
        """List the options a field offers now; an external select is asked with the typed `query`."""
        return [option_text(each) for each in offered_options(self.screen, self.view, self._field(label), query)]

    def fills(self, label: str, value: object, *, query: str | None = None, enter: bool = False) -> Self:
        """Fill a field by its label, waiting for it (and for a standing option) to be there.

        A text; the words or value of an option; a list of those; None empties it. `query` is what is typed into an
        external select, by default the value itself; `enter` presses Enter afterwards.
        """
        placed = self._field(label)
        fill_in(self.screen, self.view, lambda: self._field(label), value, query=query)
        if enter:
            press_enter(self.screen.stage, self.screen.profile, self.view, placed)
        return self

    def press(self, label: str, *, confirm: bool = True) -> None:
        """Press a button; its confirm dialog is agreed to, or cancelled with `confirm=False`."""
        placed = self._button(label)
        if self.screen.agrees(placed, confirm=confirm):
            press(self.screen.stage, self.screen.profile, self.view, placed)

    def press_payload(self, label: str) -> Json:
        """Build what pressing would send, without sending it."""
        return press_payload(self.screen.stage, self.screen.profile, self.view, self._button(label), {})

    def submit_payload(self) -> Json:
        """Build what submitting would send, without sending it and without the client's own checks."""
        with self.screen.stage.workspace.lock:
            return self.screen.stage.payloads.submission(self.screen.profile, self.view)

    def submit(self) -> None:
        """Submit it."""
        if not self.view.content.get("submit"):
            raise NotSeenError("this modal has no submit button")
        submit(self.screen.stage, self.screen.profile, self.view)

    def close(self) -> None:
        """Close it by its close button."""
        close(self.screen.stage, self.screen.profile, self.view)

    def dismiss(self) -> None:
        """Close it and everything under it by its ✕."""
        dismiss(self.screen.stage, self.screen.profile)

    def waits_for(self, words: str, timeout: float | None = None) -> Self:
        """Wait until its texts contain these words."""
        return self.waits_until(lambda: words in self.text, repr(words), timeout)

    def waits_until(self, look: Callable[[], object], what: str = "it", timeout: float | None = None) -> Self:
        """Wait until `look` finds something."""
        self.screen.wait(look, f"{what} in {self.title!r} {self.texts()}", timeout)
        return self

    @property
    def is_open(self) -> bool:
        """Whether it is still open."""
        with self.screen.stage.workspace.lock:
            return self.screen.stage.workspace.views.find(self.view.id) is not None

    def _label(self, placed: Placed) -> str:
        return field_label(placed, self.screen.reader)

    def _button(self, label: str) -> Placed:
        there = f"a button {label!r}: there is {self.buttons()}"
        self.screen.wait(lambda: any(each.startswith(label) for each in self.buttons()), there)
        return pick(buttons(self.blocks), label, button_label, "button")

    def _field(self, label: str) -> Placed:
        """Find a field by exactly its label: "Permission set" is not "Permission set type"."""
        self.screen.wait(lambda: label in self.labels(), f"a field {label!r}: there is {self.labels()}")
        return pick(fields(self.blocks), label, self._label, "field")
