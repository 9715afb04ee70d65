"""Who may come in: this machine's own windows, and nobody else's site."""

import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from sandbox.page.controls import Controls
from sandbox.page.server import PageServer
from sandbox.slack.server import SlackSandbox
from sandbox.slack.workspace import Workspace


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Open a page without any browser."""
    workspace = Workspace()
    workspace.add_channel("general", members=[workspace.add_person("ann")], with_bot=True)
    with SlackSandbox(workspace) as sandbox, PageServer(sandbox, Controls()) as server:
        yield server.url


def status(address: str, body: bytes | None = None, **headers: str) -> int:
    """Ask for an address and give the HTTP status."""
    named = {key.replace("_", "-"): value for key, value in headers.items()}
    try:
        with urllib.request.urlopen(urllib.request.Request(address, body, named)) as answer:  # noqa: S310 - loopback
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def test_the_front_door_leads_to_a_channel(address: str) -> None:
    """Without a name one is the first person, in the first channel, under a policy that runs our script alone."""
    with urllib.request.urlopen(address) as answer:  # noqa: S310 - loopback
        assert answer.url == f"{address}/as/ann/general"
        policy = answer.headers["content-security-policy"]
    assert "default-src 'none'; script-src 'self'" in policy
    assert "unsafe" not in policy


def test_a_name_of_another_machine_is_refused(address: str) -> None:
    """A site that lets its own name point here gets nothing."""
    assert status(address, Host="evil.example") == 400


def test_only_json_is_taken(address: str) -> None:
    """A form on another site can send no JSON, so it can make no gesture and pull no lever."""
    for path in ("/as/ann/do/type", "/world/heal/all"):
        assert status(address + path, b"{}", content_type="text/plain") == 415
        assert status(address + path, b"{}", content_type="application/json") == 200


@pytest.mark.parametrize("path", ["/as/nobody", "/as/ann/elsewhere", "/as/ann/elsewhere/live", "/nothing"])
def test_what_is_not_there_is_not_found(address: str, path: str) -> None:
    """People and places that do not exist have no window."""
    assert status(address + path) == 404


def test_an_unknown_gesture_is_told(address: str) -> None:
    """A gesture or lever that does not exist is answered in words."""
    request = urllib.request.Request(  # noqa: S310 - loopback
        f"{address}/as/ann/do/fly", b"{}", {"content-type": "application/json"}
    )
    with urllib.request.urlopen(request) as answer:  # noqa: S310 - loopback
        assert b"There is no gesture fly." in answer.read()
