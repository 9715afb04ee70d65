"""What one person has before them: how they read, wait and answer confirm dialogs."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from sandbox.slack.elements import Placed
from sandbox.slack.finding import NotSeenError
from sandbox.slack.gestures.stage import Stage
from sandbox.slack.people import Profile
from sandbox.slack.reader import Reader

Seen = TypeVar("Seen")


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """One person's Slack; `patience` is how many real seconds they wait for something to appear."""

    stage: Stage
    profile: Profile
    patience: float
    dialogs: list[str] = field(default_factory=list)

    @property
    def reader(self) -> Reader:
        """How this person reads."""
        return Reader(workspace=self.stage.workspace, profile=self.profile)

    def wait(self, look: Callable[[], Seen | None], what: str, timeout: float | None = None) -> Seen:
        """Wait until `look` finds something; NotSeenError with `what` where it does not."""
        seen = self.stage.workspace.wait_until(look, self.patience if timeout is None else timeout)
        if not seen:
            raise NotSeenError(f"{self.profile.name} does not see {what}; told by Slack: {self.toasts()}")
        return seen

    def toasts(self) -> list[str]:
        """List what Slack itself told this person."""
        with self.stage.workspace.lock:
            return [each.text for each in self.stage.workspace.toasts if each.user == self.profile.id]

    def agrees(self, placed: Placed, *, confirm: bool) -> bool:
        """Go through an element's confirm dialog, if it has one; it stands between press and payload."""
        dialog = placed.element.get("confirm")
        if dialog:
            self.dialogs.append(f"{dialog['title']['text']}\n{dialog['text']['text']}")
        return confirm or not dialog
