"""Views over the real client: triggers, stacks, hashes, external ids, sizes and the Home tab."""

import pytest
from slack_sdk import WebClient

from sandbox.slack import Person, SlackSandbox, Workspace
from tests.sandbox.slack.bolt_apps import Clock
from tests.sandbox.slack.kit import error, home, modal, plain, refusal, section, typed


@pytest.fixture
def trigger(workspace: Workspace, ada: Person) -> str:
    """Give a fresh trigger_id of Ada's."""
    return workspace.tickets.trigger(ada.profile.id, workspace.now())


def _trigger(person: Person) -> str:
    return person.workspace.tickets.trigger(person.profile.id, person.workspace.now())


def test_a_trigger_works_once(client: WebClient, trigger: str, ada: Person) -> None:
    client.views_open(trigger_id=trigger, view=modal(section("hello")))

    assert ada.modal.texts() == ["hello"]
    assert error(client.views_open, trigger_id=trigger, view=modal(section("x"))) == "exchanged_trigger_id"


def test_a_trigger_dies_after_three_seconds(client: WebClient, clock: Clock, ada: Person) -> None:
    in_time, too_late = _trigger(ada), _trigger(ada)
    clock.pass_(3)
    assert client.views_open(trigger_id=in_time, view=modal(section("x")))["ok"]

    clock.pass_(0.01)
    assert error(client.views_open, trigger_id=too_late, view=modal(section("x"))) == "expired_trigger_id"
    assert error(client.views_open, trigger_id="1.2.3", view=modal(section("x"))) == "invalid_trigger_id"


def test_a_broken_view_is_told_with_pointers_under_view(client: WebClient, trigger: str) -> None:
    answer = refusal(client.views_open, trigger_id=trigger, view=modal(section("x"), title=plain("t" * 25)))

    assert answer["error"] == "invalid_arguments"
    assert "errors" not in answer
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] must be less than 25 characters [json-pointer:/view/title/text]"
    ]


def test_a_view_has_a_largest_size(client: WebClient, trigger: str) -> None:
    view = modal(*(section("x" * 3000) for _ in range(84)))

    assert error(client.views_open, trigger_id=trigger, view=view) == "view_too_large"


def test_three_views_are_the_highest_stack_of_one_person(client: WebClient, ada: Person, grace: Person) -> None:
    client.views_open(trigger_id=_trigger(ada), view=modal(section("1")))
    client.views_push(trigger_id=_trigger(ada), view=modal(section("2")))
    third = client.views_push(trigger_id=_trigger(ada), view=modal(section("3")))["view"]

    assert error(client.views_push, trigger_id=_trigger(ada), view=modal(section("4"))) == "push_limit_reached"
    assert [each.text for each in ada.modals] == ["1", "2", "3"]
    assert third["previous_view_id"] == ada.modals[1].view.id
    assert client.views_open(trigger_id=_trigger(grace), view=modal(section("hers")))["ok"]


def test_a_stale_hash_is_a_conflict(client: WebClient, trigger: str, ada: Person) -> None:
    opened = client.views_open(trigger_id=trigger, view=modal(section("1")))["view"]
    updated = client.views_update(view_id=opened["id"], hash=opened["hash"], view=modal(section("2")))["view"]

    assert updated["hash"] != opened["hash"]
    stale = {"view_id": opened["id"], "hash": opened["hash"], "view": modal(section("3"))}
    assert error(client.views_update, **stale) == "hash_conflict"
    assert ada.modal.texts() == ["2"]


def test_a_closed_view_is_not_found(client: WebClient, trigger: str, ada: Person) -> None:
    view_id = client.views_open(trigger_id=trigger, view=modal(section("1")))["view"]["id"]
    ada.modal.close()

    assert error(client.views_update, view_id=view_id, view=modal(section("2"))) == "not_found"


def test_an_external_id_is_unique_and_names_a_view(client: WebClient, trigger: str, ada: Person, grace: Person) -> None:
    client.views_open(trigger_id=trigger, view=modal(section("1"), external_id="mine"))

    twin = modal(section("2"), external_id="mine")
    assert error(client.views_open, trigger_id=_trigger(grace), view=twin) == "duplicate_external_id"
    assert client.views_update(external_id="mine", view=twin)["ok"]
    assert ada.modal.texts() == ["2"]


def test_input_is_kept_only_under_the_same_two_ids(client: WebClient, trigger: str, ada: Person) -> None:
    """A new initial value does not show under the old ids; a new action_id starts anew."""
    view_id = client.views_open(trigger_id=trigger, view=modal(typed("Why"), typed("Where")))["view"]["id"]
    ada.modal.fills("Why", "because").fills("Where", "there")

    changed = typed("Where", action_id="other", initial_value="anew")
    client.views_update(view_id=view_id, view=modal(typed("Why", initial_value="ignored"), changed))

    assert ada.modal.value("Why") == "because"
    assert ada.modal.value("Where") == "anew"


def test_the_home_tab_shows_what_was_published(client: WebClient, ada: Person) -> None:
    first = client.views_publish(user_id=ada.profile.id, view=home(section("first")))["view"]
    client.views_publish(user_id=ada.profile.id, hash=first["hash"], view=home(section("second")))

    assert ada.home.texts() == ["second"]
    stale = {"user_id": ada.profile.id, "hash": first["hash"], "view": home(section("third"))}
    assert error(client.views_publish, **stale) == "hash_conflict"
    assert error(client.views_publish, user_id=ada.profile.id, view=modal(section("x"))) == "invalid_arguments"


def test_a_home_tab_that_is_off_takes_nothing(workspace: Workspace, ada: Person) -> None:
    with SlackSandbox(workspace, manifest={"features": {}}) as sandbox:
        client = WebClient(token="xoxb-sandbox", base_url=sandbox.api_url, retry_handlers=[])

        assert error(client.views_publish, user_id=ada.profile.id, view=home(section("x"))) == "not_enabled"
