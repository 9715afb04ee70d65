"""`jitbot story`: a standard and a custom request, told from asking to expiry, as they really happen over the wire."""

import tempfile
import time
from datetime import timedelta
from typing import TextIO

from bot.demo.world import World
from bot.logs import set_up_logs
from bot.settings import LogFormat, LogLevel
from sandbox.slack.person import Person
from sandbox.slack.seen_message import SeenMessage
from storage import chain

PATIENCE = 30.0
OWNERS = "#payments-owners"
ADMINS = "#sso-admins"
AUDIT = "#jit-audit"
POLICY = """{
  "Version": "2012-10-17",
  "Statement": [{"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "arn:aws:s3:::invoices/*"}]
}"""


class Teller:
    """Writes the story: who does what, and what is then seen where."""

    def __init__(self, world: World, out: TextIO) -> None:
        self._world = world
        self._out = out

    def chapter(self, words: str) -> None:
        """Begin a chapter."""
        self._out.write(f"\n━━ {words} ━━\n")

    def does(self, name: str, words: str) -> None:
        """Tell what somebody does."""
        self._out.write(f"\n▶ {self._time()}  {name} {words}\n")

    def sees(self, name: str, words: str, where: str = "dm") -> SeenMessage:
        """Wait until somebody reads these words, and show the message."""
        message = self._world.people[name].waits_for(words, where, PATIENCE)
        place = "a direct message" if where == "dm" else where
        self._out.write(f"  {name} sees in {place}:\n")
        for line in message.text.splitlines():
            self._out.write(f"    │ {line}\n")
        if message.buttons():
            self._out.write(f"    │ [{'] ['.join(message.buttons())}]\n")
        return message

    def aws(self) -> None:
        """Show what Identity Center holds."""
        held = [f"{user} has {name} in {account}" for account, user, name in self._world.aws.assignments()]
        self._out.write(f"  AWS holds: {'; '.join(held) or 'no assignment'}\n")

    def later(self, words: str, by: timedelta) -> None:
        """Move the clock."""
        self._world.clock_moves(by)
        self._out.write(f"\n⏩ {words}\n")

    def _time(self) -> str:
        return f"{self._world.clock.now():%H:%M}"


def send_form(person: Person) -> None:
    """Press Send request, and again where the form says that the bot is still finding out who the person is in AWS."""
    form = person.modal
    deadline = time.monotonic() + PATIENCE
    form.submit()
    while form.is_open and time.monotonic() < deadline:
        form.submit()


def tell_story(out: TextIO) -> int:
    """Play both stories in a small company of their own; returns 0 where all came out as told."""
    set_up_logs(LogLevel.ERROR, LogFormat.TEXT)
    with (
        tempfile.TemporaryDirectory(prefix="jitbot-story-") as folder,
        World(f"sqlite:///{folder}/jitbot.db") as world,
    ):
        teller = Teller(world, out)
        standard_story(world, teller)
        custom_story(world, teller)
        return _closing(world, teller, out)


def standard_story(world: World, teller: Teller) -> None:
    """Tell a standard request: one level."""
    rita = world.people["rita"]
    teller.chapter("A standard request: an owner or an SSO admin decides")
    command = "/jit request prod-payments ReadOnly 2h INC-12: payments are stuck in the queue"
    teller.does("rita", f"types {command}, looks at the form that opens filled in, and sends it")
    rita.types(command, channel="#general")
    send_form(rita)
    card = teller.sees("olga", "REQ-1001", OWNERS)
    teller.does("olga", "presses Approve")
    card.press("Approve")
    teller.sees("rita", "you have ReadOnly")
    teller.aws()
    teller.later("15 minutes before the end", timedelta(hours=1, minutes=46))
    teller.sees("rita", "ends")
    teller.later("the end", timedelta(minutes=15))
    teller.sees("rita", "has expired")
    teller.sees("olga", "Expired", OWNERS)
    teller.aws()


def custom_story(world: World, teller: Teller) -> None:
    """Tell a custom request: two levels, two people."""
    rita = world.people["rita"]
    teller.chapter("A custom request: an owner first, then an SSO admin")
    teller.does("rita", "uses the shortcut Request AWS access and defines a permission set of her own")
    rita.shortcut("Request AWS access")
    _fill_in_custom(world)
    card = teller.sees("olga", "REQ-1002", OWNERS)
    teller.does("olga", "presses Approve and confirms")
    card.press("Approve", confirm=True)
    second = teller.sees("ada", "REQ-1002", ADMINS)
    teller.does("olga", "looks at it again: the second level is for somebody else")
    teller.sees("olga", "Pending Admin", OWNERS)
    teller.does("ada", "presses Approve and confirms")
    second.press("Approve", confirm=True)
    teller.sees("rita", "you have JIT-invoices")
    teller.aws()
    teller.later("one hour later", timedelta(hours=1, minutes=1))
    teller.sees("rita", "JIT-invoices in prod-payments has expired")
    teller.sees("ada", "Expired", ADMINS)
    teller.aws()


def _fill_in_custom(world: World) -> None:
    rita = world.people["rita"]
    rita.modal.fills("AWS account", "prod-payments")
    rita.modal.fills("Permission set type", "Custom")
    rita.modal.fills("Name", "invoices")
    rita.modal.fills("Inline policy", POLICY)
    rita.modal.fills("Justification", "Compare the invoices of October with the bank's list")
    send_form(rita)


def _closing(world: World, teller: Teller, out: TextIO) -> int:
    """Show the audit channel and verify the chain behind it."""
    teller.chapter("What security sees")
    teller.sees("sam", "Expired · REQ-1002", AUDIT)
    out.write(f"\n  all of {AUDIT}:\n")
    out.writelines(f"    │ {each.text}\n" for each in world.people["sam"].channel(AUDIT))
    with world.parts.deps.database.read() as db:
        verified = chain.verify(db)
    left = world.aws.assignments()
    sets = [each.name for each in world.aws.permission_sets() if each.name.startswith("JIT-")]
    out.write(f"\n  the audit log is {'whole' if verified.ok else 'BROKEN'}: {verified.entries} entries\n")
    out.write(f"  left in AWS: {len(left)} assignments, {len(sets)} custom permission sets\n")
    return 0 if verified.ok and not left and not sets else 1
