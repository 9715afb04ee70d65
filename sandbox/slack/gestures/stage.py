"""What every gesture stands on."""

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.slack.app import InstalledApp
from sandbox.slack.delivery import Answer, Kind
from sandbox.slack.payloads import Payloads
from sandbox.slack.people import Profile
from sandbox.slack.wire import Json
from sandbox.slack.workspace import Workspace

TROUBLE = "We had some trouble connecting. Try again?"
"""What stands over a modal whose submission got no usable answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """The workspace, the app in it, and the way there; `post` blocks until the acknowledgement or its deadline.

    Gestures are called from any thread but the server's own, and never while holding the workspace's lock.
    """

    workspace: Workspace
    app: InstalledApp
    payloads: Payloads
    post: Callable[[Kind, Json], Answer]
    fire: Callable[[Json], None]

    def interact(self, who: Profile, payload: Json) -> Answer:
        """Deliver an interaction; where the app does not acknowledge it, the person sees an error."""
        if not self.app.manifest.interactivity_on:
            answer = Answer(acked=False, problem="interactivity is switched off")
        else:
            answer = self.post(Kind.INTERACTIVE, payload)
        if not answer.acked:
            self.workspace.toast(who.id, f"{TROUBLE} ({answer.problem})")
        return answer
