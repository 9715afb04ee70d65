"""People at their Slack, for hours: they ask, decide, end and revoke, each at their own pace."""

import random
import threading
from collections import Counter
from collections.abc import Callable
from itertools import count

from bot.demo.world import World
from sandbox.slack.finding import NotSeenError
from sandbox.slack.person import DM, Person
from sandbox.slack.seen_message import SeenMessage

TARGETS = (
    "prod-payments ReadOnly",
    "prod-payments PowerUser",
    "data-lake ReadOnly",
    "data-lake Billing",
    "playground ReadOnly",
    "playground PowerUser",
)
CHANNELS = {
    "olga": ("#payments-owners",),
    "omar": ("#payments-owners",),
    "oscar": ("#data-lake-owners",),
    "ada": ("#sso-admins",),
    "alan": ("#sso-admins",),
}
GROUPS = (("rita", "sam"), ("olga", "oscar"), ("omar", "ada"), ("alan",))
"""Who acts in which thread: one person does one thing at a time."""
_PATIENCE = 5.0
_LOOKED_AT = 40


class Load:
    """Acts until it is stopped; `accepted` are the justifications of forms that Slack showed as taken."""

    def __init__(self, world: World, seed: int, pause: float) -> None:
        self.accepted: list[str] = []
        self.done: Counter[str] = Counter()
        self._world = world
        self._pause = pause
        self._numbers = count(1)
        self._over = threading.Event()
        self._people = {n: Person(world.slack, each.profile, patience=_PATIENCE) for n, each in world.people.items()}
        self._threads = [
            threading.Thread(target=self._act, args=(group, random.Random(seed + number)), daemon=True)  # noqa: S311 - no secret
            for number, group in enumerate(GROUPS)
        ]

    def start(self) -> None:
        """Let everybody begin."""
        for each in self._threads:
            each.start()

    def stop(self) -> None:
        """Let everybody finish what they are at."""
        self._over.set()
        for each in self._threads:
            each.join(60)

    def _act(self, group: tuple[str, ...], dice: random.Random) -> None:
        acts: list[tuple[str, Callable[[str, random.Random], bool]]] = [
            ("asked", self._ask),
            ("asked custom", self._ask_custom),
            ("decided", self._decide),
            ("ended", self._end),
        ]
        while not self._over.wait(dice.expovariate(1 / self._pause)):
            name = dice.choice(group)
            words, act = dice.choices(acts, weights=(4, 1, 6, 4))[0]
            try:
                self.done[words if act(name, dice) else "had nothing to do"] += 1
            except NotSeenError:
                self.done["missed"] += 1
            finally:
                self._close(name)

    def _ask(self, name: str, dice: random.Random) -> bool:
        why = f"soak-{next(self._numbers):06d} because"
        self._people[name].types(f"/jit request {dice.choice(TARGETS)} 1h {why}")
        return self._send(name, why)

    def _ask_custom(self, name: str, dice: random.Random) -> bool:
        person, why = self._people[name], f"soak-{next(self._numbers):06d} because"
        person.types(f"/jit request {dice.choice(TARGETS).split()[0]}")
        form = person.modal
        form.fills("Permission set type", "Custom")
        for label, value in {"Name": "soak", "Managed policies": ["ReadOnlyAccess"], "Justification": why}.items():
            form.fills(label, value)
        return self._send(name, why)

    def _send(self, name: str, why: str) -> bool:
        form = self._people[name].modal
        for _ in range(4):
            form.submit()
            if not form.is_open:
                self.accepted.append(why)
                return True
            if self._over.wait(0.5):
                break
        return False

    def _decide(self, name: str, dice: random.Random) -> bool:
        card = self._card(name, CHANNELS.get(name, ()), "Approve", dice)
        if card is None:
            return False
        if dice.random() < 0.8:
            card.press("Approve")
            return True
        card.press("Reject")
        return self._reason(name)

    def _end(self, name: str, dice: random.Random) -> bool:
        if card := self._card(name, (DM,), "I'm done", dice):
            card.press("I'm done")
            return True
        card = self._card(name, CHANNELS.get(name, ()), "Revoke", dice)
        if card is None:
            return False
        card.press("Revoke")
        return self._reason(name)

    def _reason(self, name: str) -> bool:
        form = self._people[name].modal
        form.fills("Reason", "as the soak wants it").submit()
        return not form.is_open

    def _card(self, name: str, places: tuple[str, ...], button: str, dice: random.Random) -> SeenMessage | None:
        shown = [each for place in places for each in self._people[name].channel(place)[-_LOOKED_AT:]]
        found = [each for each in shown if button in each.buttons()]
        return dice.choice(found) if found else None

    def _close(self, name: str) -> None:
        """Close what is still open, as somebody does who gives up."""
        for each in reversed(self._people[name].modals):
            each.dismiss()
            return
