"""A workspace without any bot, in which blocks are put before somebody's eyes."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser

from sandbox.page.controls import Controls
from sandbox.page.server import PageServer
from sandbox.slack.ids import with_block_ids
from sandbox.slack.messages import Message
from sandbox.slack.server import SlackSandbox
from sandbox.slack.views import View
from sandbox.slack.workspace import Workspace
from tests.page.office import Window


class Studio:
    """A workspace without any bot, in which blocks are put before ann's eyes."""

    def __init__(self, sandbox: SlackSandbox, window: Window, url: str) -> None:
        self.sandbox = sandbox
        self.workspace = sandbox.workspace
        self.url = url
        self.window = window
        self.page = window.page

    def shows(self, *blocks: dict[str, Any], submit: bool = True) -> View:
        """Open a modal with these blocks."""
        content: dict[str, Any] = {"type": "modal", "title": plain("Try it"), "blocks": list(blocks)}
        content |= {"submit": plain("Send")} if submit else {}
        person = self.workspace.people.named("ann")
        assert person
        with self.workspace.lock:
            view = self.workspace.views.open(person.id, content, self.workspace.now())
            self.workspace.announce("view_opened", view=view.id, user=person.id)
        self.page.locator(f'dialog[data-view="{view.id}"]').wait_for()
        return view

    def says(self, *blocks: dict[str, Any], text: str = "words") -> Message:
        """Let the bot post a message with these blocks into #general."""
        with self.workspace.lock:
            ts = self.workspace.messages.fresh_ts(self.workspace.now())
            bot = self.workspace.bot.id
            channel = self.workspace.channels.named("general")
            assert channel
            said = Message(
                channel=channel.id, ts=ts, user=bot, bot_id="B0", text=text, blocks=with_block_ids(list(blocks))
            )
            self.workspace.say(said)
        self.page.locator(f'[id="m{said.channel}-{ts.replace(".", "-")}"]').wait_for()
        return said

    def value(self, view: View, key: str) -> Any:
        """Wait until nothing typed is on its way, and give what the workspace holds in a field."""
        self.page.locator("body:not(:has([data-dirty], [data-held]))").wait_for()
        state = view.inputs["b", "a"]
        return state[key]


def plain(words: str) -> dict[str, Any]:
    """Make a plain_text object."""
    return {"type": "plain_text", "text": words}


@contextmanager
def opened_studio(browser: Browser) -> Iterator[Studio]:
    """Open ann's window on a workspace of her own."""
    workspace = Workspace()
    ann = workspace.add_person("ann", tz="Europe/Berlin")
    ben = workspace.add_person("ben", real_name="Ben Bold")
    workspace.add_channel("general", members=[ann, ben], with_bot=True)
    with SlackSandbox(workspace) as sandbox, PageServer(sandbox, Controls()) as server:
        window = Window(browser.new_context().new_page())
        window.goes_to(f"{server.url}/as/ann/general")
        yield Studio(sandbox, window, server.url)
        window.page.context.close()
