"""People, user groups and channels as the Web API tells of them, and the events that tell of changes."""

from collections.abc import Callable
from typing import Any

from slack_bolt import App
from slack_sdk import WebClient

from sandbox.slack import Person, Workspace
from tests.sandbox.slack.bolt_apps import SocketApp
from tests.sandbox.slack.kit import error


def test_a_person_is_found_by_id_and_by_email(client: WebClient, ada: Person) -> None:
    told = client.users_info(user=ada.profile.id)["user"]

    assert (told["name"], told["profile"]["email"], told["tz"]) == ("ada", "ada@example.com", "Europe/Berlin")
    assert client.users_lookupByEmail(email="ADA@example.com")["user"]["id"] == ada.profile.id
    assert error(client.users_info, user="U0NOBODY") == "user_not_found"
    assert error(client.users_lookupByEmail, email="nobody@example.com") == "users_not_found"


def test_a_deactivated_person_is_told_so_and_not_found_by_email(client: WebClient, ada: Person) -> None:
    ada.workspace.change_person(ada.profile, deleted=True)

    assert client.users_info(user=ada.profile.id)["user"]["deleted"] is True
    assert error(client.users_lookupByEmail, email="ada@example.com") == "users_not_found"


def test_people_of_other_workspaces_are_told_one_by_one_but_never_listed(
    workspace: Workspace, client: WebClient
) -> None:
    stranger = workspace.add_person("eve", team_id="T0OTHER", email="eve@example.org")

    told = client.users_info(user=stranger.id)["user"]
    listed = [each["id"] for each in client.users_list()["members"]]

    assert (told["team_id"], told["is_stranger"]) == ("T0OTHER", True)
    assert stranger.id not in listed
    assert "W0GRACE" in listed
    assert error(client.users_lookupByEmail, email="eve@example.org") == "users_not_found"


def test_guests_are_told_as_guests(workspace: Workspace, client: WebClient) -> None:
    guest = workspace.add_person("guest", is_restricted=True, is_ultra_restricted=True)

    told = client.users_info(user=guest.id)["user"]

    assert (told["is_restricted"], told["is_ultra_restricted"]) == (True, True)


def test_user_groups_are_listed_with_their_members(workspace: Workspace, client: WebClient, ada: Person) -> None:
    listed = client.usergroups_list(include_users=True)["usergroups"]
    assert [(each["id"], each["handle"], each["users"]) for each in listed] == [
        ("S0OWNERS", "owners-team", [ada.profile.id, "W0GRACE"])
    ]
    assert client.usergroups_users_list(usergroup="S0OWNERS")["users"] == [ada.profile.id, "W0GRACE"]
    assert error(client.usergroups_users_list, usergroup="S0NONE") == "no_such_subteam"
    workspace.free_plan = True
    assert error(client.usergroups_list) == "plan_upgrade_required"


def test_channels_are_told_with_their_members(client: WebClient, ada: Person) -> None:
    assert client.conversations_members(channel="C0OWNERS")["members"] == [ada.profile.id, "W0GRACE", "U0JITBOT"]
    assert client.conversations_info(channel="C0ELSE")["channel"]["is_member"] is False
    assert error(client.conversations_info, channel="C0CLOSED") == "channel_not_found"
    listed = client.conversations_list(types="public_channel,private_channel")["channels"]
    assert {each["name"] for each in listed} == {"owners", "secret", "elsewhere"}


def test_changes_of_people_and_groups_are_events(
    workspace: Workspace, app: App, over_socket: Callable[[], SocketApp], ada: Person
) -> None:
    """Deactivating somebody fires user_change; a changed user group fires subteam_members_changed."""
    heard: list[dict[str, Any]] = []

    def hear(event: dict[str, Any]) -> None:
        heard.append(event)
        workspace.announce("heard")

    app.event("user_change")(hear)
    app.event("subteam_members_changed")(hear)
    over_socket()

    workspace.change_person(ada.profile, deleted=True)
    workspace.change_group(workspace.people.groups["S0OWNERS"], [])

    assert workspace.wait_until(lambda: len(heard) == 2, 5)
    told = {each["type"]: each for each in heard}
    assert told["user_change"]["user"]["deleted"] is True
    assert told["subteam_members_changed"]["subteam_id"] == "S0OWNERS"


def test_long_lists_come_in_pages(workspace: Workspace, client: WebClient) -> None:
    for number in range(5):
        workspace.add_person(f"p{number}")
    everybody = [each["id"] for page in client.users_list(limit=3) for each in page["members"]]

    assert len(everybody) == len(set(everybody)) == 9


def test_direct_messages_are_listed_as_such(client: WebClient, ada: Person) -> None:
    channel = client.conversations_open(users=ada.profile.id)["channel"]["id"]

    listed = client.conversations_list(types="im")["channels"]

    assert [(each["id"], each["user"]) for each in listed] == [(channel, ada.profile.id)]
    assert error(client.conversations_open, users="U0NOBODY") == "user_not_found"
    assert error(client.conversations_open, users="U0JITBOT") == "cannot_dm_bot"
