"""Messages as Slack shows them: threads, what one person alone sees, who is notified, quotes, and the Home tab."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.page.studio import Studio, opened_studio, plain


@pytest.fixture(scope="module")
def studio(browser: Browser) -> Iterator[Studio]:
    """Open a workspace for all tests of this file."""
    with opened_studio(browser) as studio:
        yield studio


def test_replies_stand_in_their_thread(studio: Studio) -> None:
    """A reply is counted under its first message, and read by opening the thread."""
    first, reply = studio.says(text="the first"), studio.says(text="the reply")
    with studio.workspace.lock:
        first.thread_ts = reply.thread_ts = first.ts
        studio.workspace.announce("message_changed")
    thread = studio.page.locator("details.thread")
    expect(thread).to_contain_text("1 reply")
    expect(studio.page.get_by_text("the reply")).to_be_hidden()
    thread.locator("summary").click()
    expect(studio.page.get_by_text("the reply")).to_be_visible()
    studio.says(text="something else")
    expect(studio.page.get_by_text("the reply")).to_be_visible()


def test_an_ephemeral_message_is_for_one(studio: Studio) -> None:
    """What is for ann says so; what is for ben is not on ann's page at all."""
    for name, words in (("ann", "for ann alone"), ("ben", "for ben alone")):
        said = studio.says(text=words)
        person = studio.workspace.people.named(name)
        assert person
        with studio.workspace.lock:
            said.ephemeral_to = person.id
            studio.workspace.announce("message_changed")
    expect(studio.window.message("for ann alone")).to_contain_text("Only visible to you")
    expect(studio.page.get_by_text("for ben alone")).to_have_count(0)
    assert "for ben alone" not in studio.page.content()


def test_what_notifies_everybody_is_seen(studio: Studio) -> None:
    """An unescaped <!channel> is marked as notifying; the escaped one is nothing but words."""
    studio.says({"type": "section", "text": {"type": "mrkdwn", "text": "loud <!channel>"}})
    expect(studio.window.message("loud @channel")).to_contain_text("notifies @channel")
    studio.says({"type": "section", "text": {"type": "mrkdwn", "text": "calm &lt;!channel&gt;"}})
    expect(studio.window.message("calm <!channel>")).not_to_contain_text("notifies")


def test_quoted_lines_have_their_bar_and_code_keeps_its_marks(studio: Studio) -> None:
    """Lines that begin with > are quoted, unless they are code."""
    text = "before\n> one\n> two\nafter\n```> three```"
    studio.says({"type": "section", "text": {"type": "mrkdwn", "text": text}})
    shown = studio.window.message("before")
    expect(shown.locator(".quoted")).to_have_text("one\ntwo", use_inner_text=True)
    expect(shown.locator("code.pre")).to_contain_text("three")


def test_a_changed_message_changes_in_place(studio: Studio) -> None:
    """An edit is shown where the message stands; a deleted message is gone."""
    said = studio.says(text="before the edit")
    with studio.workspace.lock:
        said.text, said.edited = "after the edit", said.ts
        studio.workspace.announce("message_changed")
    expect(studio.window.message("after the edit")).to_contain_text("(edited)")
    expect(studio.page.get_by_text("before the edit")).to_have_count(0)
    with studio.workspace.lock:
        studio.workspace.messages.remove(said)
        studio.workspace.announce("message_deleted")
    expect(studio.page.get_by_text("after the edit")).to_have_count(0)


def test_the_home_tab_is_drawn_and_changes(studio: Studio) -> None:
    """What an app publishes stands in its Home tab, live."""
    studio.window.goes_to(f"{studio.url}/as/ann/home")
    expect(studio.page.get_by_text("has not drawn a Home tab for you yet")).to_be_visible()
    ann = studio.workspace.people.named("ann")
    assert ann
    for words in ("Welcome", "Welcome back"):
        with studio.workspace.lock:
            content = {"type": "home", "blocks": [{"type": "header", "text": plain(words)}]}
            studio.workspace.views.publish(ann.id, content, studio.workspace.now())
            studio.workspace.announce("home_published", user=ann.id)
        expect(studio.page.get_by_role("heading", name=words, exact=True)).to_be_visible()
    studio.window.goes_to(f"{studio.url}/as/ann/general")
