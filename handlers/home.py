"""The home tab: opened, and its pages turned."""

from slack_bolt import Args

from access.people import SlackId
from blocks.home import Page, read_page
from handlers.drawing import draw
from handlers.safely import Handling, presser
from operations.home import open_home, show_or_order


def home_opened(handling: Handling, args: Args) -> None:
    """Draw the home tab of somebody who opened it, from its first page; the app's other tabs are none of ours."""
    args.ack()
    event = args.body["event"]
    if event.get("tab") != "home":
        return
    slack_id = SlackId(event["user"])
    handling.deps.home_memory.turned(slack_id, Page(), _hash_of(event))
    draw(handling.deps, handling.drawing, slack_id, open_home)


def page_turned(handling: Handling, args: Args) -> None:
    """Show another page of a part, or all parts again."""
    args.ack()
    value = str((args.body.get("actions") or [{}])[0].get("value") or "")
    handling.deps.home_memory.turned(presser(args), read_page(value) if value else Page(), _hash_of(args.body))
    draw(handling.deps, handling.drawing, presser(args), show_or_order)


def _hash_of(body: dict[str, object]) -> str:
    view = body.get("view")
    return str(view.get("hash") or "") if isinstance(view, dict) else ""
