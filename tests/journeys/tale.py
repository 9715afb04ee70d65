"""What people do in the journeys, in few words: ask, decide, wait, and look at what AWS and the audit log hold."""

import itertools
import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from access.changes import BOT
from bot.clock import MovableClock
from bot.demo.world import World
from sandbox.aws.server import HeldSet
from sandbox.slack.open_view import OpenView
from sandbox.slack.person import DM, SELF, Person
from sandbox.slack.seen_message import SeenMessage
from storage import audit, chain, outbox

__all__ = ["ADMINS", "AUDIT", "DM", "OWNERS", "PATIENCE", "PAYMENTS", "SELF", "Tale", "reason"]

OWNERS = "#payments-owners"
ADMINS = "#sso-admins"
AUDIT = "#jit-audit"
PAYMENTS = "111122223333"
PATIENCE = 30.0
"""Real seconds until something that should be seen counts as not there; the machine may be busy."""
_LOOK_EVERY = 0.01
_numbers = itertools.count(1)
_LABEL = re.compile(r"REQ-\d+")


class Tale:
    """One company in which a journey plays; people go by their first names."""

    def __init__(self, world: World) -> None:
        self.world = world
        world.people = {
            name: Person(world.slack, each.profile, patience=PATIENCE) for name, each in world.people.items()
        }

    def __getitem__(self, name: str) -> Person:
        """Give somebody."""
        return self.world.people[name]

    def joins(self, name: str, channel: str = "", **traits: Any) -> Person:
        """Let somebody new join the workspace, and a channel."""
        profile = self.world.workspace.add_person(name, email=f"{name}@example.com", **traits)
        if channel:
            joined = self.world.workspace.channels.named(channel)
            assert joined is not None
            self.world.workspace.join(joined, profile)
        self.world.people[name] = Person(self.world.slack, profile, patience=PATIENCE)
        return self[name]

    # asking

    def opens_form(self, name: str = "rita", words: str = "") -> OpenView:
        """Type `/jit request …` in one's own notes, and give the form."""
        self[name].types(f"/jit request {words}")
        return self[name].modal

    def asks(self, name: str = "rita", what: str = "prod-payments ReadOnly 1h") -> str:
        """Ask for a standard permission set, and give the number of the request."""
        why = reason()
        return self.sends(self.opens_form(name, f"{what} {why}"), why)

    def asks_custom(self, name: str = "rita", account: str = "prod-payments", **fields: object) -> str:
        """Ask for a permission set of one's own; `fields` go by their labels with _ for a space."""
        form = self.opens_form(name, account)
        form.fills("Permission set type", "Custom")
        why = reason()
        wanted: dict[str, object] = {"Name": "invoices", "Managed policies": ["ReadOnlyAccess"], "Justification": why}
        wanted |= {label.replace("_", " "): value for label, value in fields.items()}
        for label, value in wanted.items():
            form.fills(label, value)
        return self.sends(form, str(wanted["Justification"]))

    def sends(self, form: OpenView, why: str) -> str:
        """Send a filled-in form that must be taken, and give the number of the request."""
        self.presses_send(form)
        assert not form.is_open, (form.errors(), form.screen.toasts())
        name = form.screen.profile.name
        card = self[name].waits_for(lambda: self._newest(name, DM, lambda each: why in each.text))
        found = _LABEL.search(card.text)
        assert found, card.text
        return found[0]

    def presses_send(self, form: OpenView) -> None:
        """Press Send request, and again where the bot does not know yet who somebody is in AWS."""
        deadline = time.monotonic() + PATIENCE
        form.submit()
        while form.is_open and any("Press Send request again" in each for each in form.errors().values()):
            assert time.monotonic() < deadline, form.errors()
            form.submit()

    # deciding

    def card(self, name: str, label: str, where: str = OWNERS, status: str = "") -> SeenMessage:
        """Wait until somebody sees the card of a request, in this status where one is given."""

        def is_it(message: SeenMessage) -> bool:
            top = message.text.partition("\n")[0]
            return top.startswith(f"{label} · ") and top.endswith(status)

        try:
            return self[name].waits_for(lambda: self._newest(name, where, is_it))
        except AssertionError as error:
            shown = [each.text for each in self[name].channel(where)]
            raise AssertionError(f"no card of {label} {status} in {where}, but {shown}") from error

    def approves(self, name: str, label: str, where: str = OWNERS) -> None:
        """Press Approve on a card."""
        self.card(name, label, where).press("Approve")

    def rejects(self, name: str, label: str, why: str, where: str = OWNERS) -> None:
        """Press Reject on a card and give the reason."""
        self.card(name, label, where).press("Reject")
        self.reasons(name, "Reject", label, why)

    def reasons(self, name: str, verb: str, label: str, why: str) -> None:
        """Give the reason in the modal that asks for it."""
        form = self[name].modal
        form.waits_until(lambda: form.title == f"{verb} {label}", f"the details of {label}")
        form.fills("Reason", why).submit()
        assert not form.is_open, form.errors()

    def granted(self, name: str = "rita", what: str = "prod-payments ReadOnly 1h", *, by: str = "olga") -> str:
        """Ask, have it approved by an owner, and wait until the access is there."""
        label = self.asks(name, what)
        self.approves(by, label)
        self.hears(name, label, "until")
        self.settles()
        return label

    # reading

    def hears(self, name: str, label: str, words: str) -> SeenMessage:
        """Wait for a direct message about a request that says these words; cards do not count."""

        def is_it(message: SeenMessage) -> bool:
            return f"{label}:" in message.text and words in message.text

        try:
            return self[name].waits_for(lambda: self._newest(name, DM, is_it))
        except AssertionError as error:
            raise AssertionError(f"{name} does not hear {words!r}, but {self.heard(name, label)}") from error

    def heard(self, name: str, label: str) -> list[str]:
        """List the direct messages about a request, cards left out."""
        return [each.text for each in self[name].dm() if f"{label}:" in each.text]

    def answer(self, name: str, gesture: Callable[[], object], where: str = SELF) -> SeenMessage:
        """Make a gesture, and give the answer that this person alone sees."""
        known = {each.ts for each in self[name].channel(where)}
        gesture()
        return self[name].waits_for(
            lambda: self._newest(name, where, lambda each: each.ephemeral and each.ts not in known)
        )

    def says(self, name: str, command: str) -> SeenMessage:
        """Type a command in one's own notes, and give the answer."""
        return self.answer(name, lambda: self[name].types(command))

    def _newest(self, name: str, where: str, wanted: Callable[[SeenMessage], bool]) -> SeenMessage | None:
        return next((each for each in reversed(self[name].channel(where)) if wanted(each)), None)

    # time

    def settles(self) -> None:
        """Wait until the bot has done all that is due."""
        self.until(lambda: not self._busy())

    def until(self, look: Callable[[], object]) -> None:
        """Wait until something is so inside the bot or AWS, of which Slack's screens tell nothing."""
        deadline = time.monotonic() + PATIENCE
        while not look():
            assert time.monotonic() < deadline, "it did not come to be"
            time.sleep(_LOOK_EVERY)

    def _busy(self) -> bool:
        deps = self.world.parts.deps
        with deps.database.read() as db:
            return any(each.ready for each in outbox.state(db, deps.clock.now()).values())

    def passes(self, **span: float) -> None:
        """Let time pass, and nothing else."""
        assert isinstance(self.world.clock, MovableClock)
        self.world.clock.move(timedelta(**span))

    def later(self, **span: float) -> None:
        """Let all that is due be done, let time pass, and let the bot sweep and do what has become due."""
        self.settles()
        self.passes(**span)
        self.world.tick()
        self.settles()

    def made_sets(self) -> list[HeldSet]:
        """List the custom permission sets that AWS holds."""
        return [each for each in self.world.aws.permission_sets() if each.name.startswith("JIT-")]

    # what is so

    def holds(self, name: str = "rita", account: str = PAYMENTS) -> list[str]:
        """List the permission sets that AWS holds for somebody in an account."""
        return [held for where, who, held in self.world.aws.assignments() if (where, who) == (account, name)]

    def entries(self, label: str = "") -> list[dict[str, Any]]:
        """List the audit log's entries, of one request where one is named."""
        with self.world.parts.deps.database.read() as db:
            found = [json.loads(line)["body"] for line in audit.export(db)]
        return [each for each in found if not label or each["request"] == label]

    def kinds(self, label: str) -> list[str]:
        """List what happened to a request, as the audit log names it."""
        return [each["kind"] for each in self.entries(label)]

    def audit_is_whole(self) -> bool:
        """Verify the chain of the audit log."""
        with self.world.parts.deps.database.read() as db:
            return chain.verify(db).ok

    @contextmanager
    def refuses(self, kind: str) -> Iterator[None]:
        """Claim that what follows is refused once, is in the audit log as this kind, and changes nothing in AWS."""
        before, held = len(self.entries()), self.world.aws.assignments()
        yield
        new = [each for each in self.entries()[before:] if each["actor"] != BOT]
        assert [each["kind"] for each in new] == ["refused"], new
        assert new[0]["details"]["refusal"] == kind
        assert self.world.aws.assignments() == held


def reason() -> str:
    """Make a justification that nobody gave before."""
    return f"INC-{next(_numbers)}: payments hang in the queue"
