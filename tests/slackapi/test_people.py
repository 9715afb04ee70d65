"""Who somebody is and who may decide is asked of Slack, and every doubt counts as no."""

import logging
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from typing import Any

import pytest

from access.people import Membership, Roster, SlackId
from slackapi.clients import Clients
from slackapi.errors import LookUpFailed
from slackapi.people import People
from tests.slackapi.fake import Answer, FakeSlack

ADA = SlackId("U1")
NOT_FOUND = Answer({"ok": False, "error": "users_not_found"})
DOWN = Answer({"ok": False, "error": "internal_error"}, 500)


class Time:
    """Seconds that a test moves."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        """Tell the seconds."""
        return self.seconds


@pytest.fixture(name="time")
def make_time() -> Time:
    """Make a clock that stands still."""
    return Time()


@pytest.fixture(name="people")
def make_people(clients: Clients, time: Time) -> People:
    """Make the look-ups of the fake Slack, without the waits between tries."""
    clients.reading.retry_handlers = []
    return People(clients.reading, time)


def user(slack_id: str = "U1", email: str = "ada@example.com", **more: Any) -> dict[str, Any]:
    """Build a user object of a full member."""
    return {
        "user": {
            "id": slack_id,
            "team_id": "T1",
            "name": "ada",
            "is_email_confirmed": True,
            "profile": {"real_name": "Ada Lovelace", "email": email},
            **more,
        }
    }


def test_a_person_is_described(slack: FakeSlack, people: People) -> None:
    """Name, lower-case e-mail address and membership come from users.info."""
    slack.answer("users.info", user(email="Ada@Example.com"))
    person = people.person(ADA)
    assert (person.name, person.email, person.membership) == ("Ada Lovelace", "ada@example.com", Membership.FULL)


def test_a_person_is_remembered_for_a_minute(slack: FakeSlack, people: People, time: Time) -> None:
    """The second look within a minute asks nobody; a minute later Slack is asked again."""
    slack.answer("users.info", user(), user(deleted=True))
    people.person(ADA)
    time.seconds += 59
    assert people.person(ADA).membership is Membership.FULL
    time.seconds += 2
    assert people.person(ADA).membership is Membership.DEACTIVATED


def test_an_event_makes_it_forget_a_person(slack: FakeSlack, people: People) -> None:
    """user_change is heeded at once."""
    slack.answer("users.info", user(), user(deleted=True))
    people.person(ADA)
    people.forget(ADA)
    assert people.person(ADA).membership is Membership.DEACTIVATED


def test_owners_are_found_by_address_and_group(slack: FakeSlack, people: People) -> None:
    """A roster unites addresses and groups; the group is asked for in the bot's own workspace."""
    slack.answer("users.lookupByEmail", lambda asked: user("U1" if asked["email"] == "ada@example.com" else "U9"))
    slack.answer("usergroups.users.list", {"users": ["U2", "W3"]})
    roster = people.roster(["ada@example.com", "S0PAYMENTS"], ["ada@example.com"])
    assert roster == Roster(
        owners=frozenset({SlackId("U1"), SlackId("U2"), SlackId("W3")}), admins=frozenset({SlackId("U1")})
    )
    assert slack.asked("usergroups.users.list") == [{"usergroup": "S0PAYMENTS", "team_id": "T1"}]
    assert len(slack.asked("users.lookupByEmail")) == 1


@pytest.mark.parametrize(
    "answer",
    [
        NOT_FOUND,
        user(deleted=True),
        user(is_restricted=True),
        user(team_id="T9"),
        user(is_email_confirmed=False),
        user(email="someone-else@example.com"),
    ],
)
def test_an_address_of_nobody_is_left_out_and_told_once(
    slack: FakeSlack, people: People, time: Time, caplog: pytest.LogCaptureFixture, answer: Any
) -> None:
    """The other owners can still decide; the log says it once, and a check can list it."""
    slack.answer("users.lookupByEmail", answer)
    slack.answer("usergroups.users.list", {"users": ["U2"]})
    with caplog.at_level(logging.WARNING, "slackapi.people"):
        for _ in range(2):
            assert people.members(["ada@example.com", "S0PAYMENTS"]) == {SlackId("U2")}
            time.seconds += 700
    assert [record.name for record in caplog.records].count("slackapi.people") == 1
    assert people.unresolved == {"ada@example.com"}


def test_an_address_that_is_mended_counts_again(slack: FakeSlack, people: People, time: Time) -> None:
    """Nobody is remembered as nobody for longer than a minute."""
    slack.answer("users.lookupByEmail", NOT_FOUND, user())
    assert people.members(["ada@example.com"]) == frozenset()
    time.seconds += 61
    assert people.members(["ada@example.com"]) == {ADA}
    assert people.unresolved == frozenset()


@pytest.mark.parametrize(
    ("method", "principal", "answer"),
    [
        ("users.lookupByEmail", "ada@example.com", DOWN),
        ("users.lookupByEmail", "ada@example.com", Answer({"ok": False, "error": "missing_scope"})),
        ("usergroups.users.list", "S1", DOWN),
        ("usergroups.users.list", "S1", {"users": []}),
        ("usergroups.users.list", "S1", {}),
        ("usergroups.users.list", "S1", Answer({"ok": False, "error": "no_such_subteam"})),
        ("usergroups.users.list", "S1", Answer({"ok": False, "error": "plan_upgrade_required"})),
    ],
)
def test_a_failing_look_up_is_a_no(slack: FakeSlack, people: People, method: str, principal: str, answer: Any) -> None:
    """An outage, an empty group or a missing scope never widens who may decide."""
    slack.answer(method, answer)
    with pytest.raises(LookUpFailed):
        people.members([principal])


def test_a_failure_is_not_remembered(slack: FakeSlack, people: People) -> None:
    """The next press asks again."""
    slack.answer("usergroups.users.list", {"users": []}, {"users": ["U2"]})
    with pytest.raises(LookUpFailed):
        people.members(["S1"])
    assert people.members(["S1"]) == {SlackId("U2")}


def test_an_unknown_person_is_a_no(slack: FakeSlack, people: People) -> None:
    """Somebody Slack does not describe cannot ask or decide."""
    slack.answer("users.info", Answer({"ok": False, "error": "user_not_found"}))
    with pytest.raises(LookUpFailed, match="no such person"):
        people.person(ADA)


def test_an_event_makes_it_forget_a_group(slack: FakeSlack, people: People) -> None:
    """Somebody who left the group decides no more."""
    slack.answer("usergroups.users.list", {"users": ["U2", "U3"]}, {"users": ["U3"]})
    people.members(["S1"])
    people.forget_group("S1")
    assert people.members(["S1"]) == {SlackId("U3")}


def test_forgetting_a_person_forgets_their_address(slack: FakeSlack, people: People) -> None:
    """An owner who was deactivated is no owner, without waiting ten minutes."""
    slack.answer("users.lookupByEmail", user(), user(deleted=True))
    assert people.members(["ada@example.com"]) == {ADA}
    people.forget(ADA)
    assert people.members(["ada@example.com"]) == frozenset()


def test_twenty_presses_make_one_call(slack: FakeSlack, people: People) -> None:
    """Many who ask for the same group at once share one look-up."""
    people.home()
    go = Barrier(20)

    def slowly(_: object) -> dict[str, Any]:
        arrived.wait(5)
        return {"users": ["U2"]}

    arrived = Event()
    slack.answer("usergroups.users.list", slowly)

    def press() -> frozenset[SlackId]:
        if go.wait(5) == 0:
            arrived.set()
        return people.members(["S1"])

    with ThreadPoolExecutor(20) as pool:
        answers = [future.result() for future in [pool.submit(press) for _ in range(20)]]
    assert set(answers) == {frozenset({SlackId("U2")})}
    assert len(slack.asked("usergroups.users.list")) == 1


def test_a_pool_asks_for_several_at_once(slack: FakeSlack, clients: Clients, time: Time) -> None:
    """Three addresses are looked up side by side where there are threads for it."""
    together = Barrier(3)

    def answer(asked: Any) -> dict[str, Any]:
        together.wait(5)
        return user("U" + asked["email"][0], asked["email"])

    slack.answer("users.lookupByEmail", answer)
    with ThreadPoolExecutor(3) as pool:
        found = People(clients.reading, time, pool).members(["1@x.io", "2@x.io", "3@x.io"])
    assert found == {SlackId("U1"), SlackId("U2"), SlackId("U3")}
