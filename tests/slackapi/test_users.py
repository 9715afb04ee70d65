"""User objects of every kind: only full members of the bot's own workspace count."""

from typing import Any

import pytest

from access.people import Membership
from slackapi.users import Home, home_of, membership_of, person_of

HOME = Home(team_id="T1")
GRID = Home(team_id="T1", enterprise_id="E1")
ORG = Home(team_id="E1", enterprise_id="E1", org_wide=True)
FULL, GUEST, GONE, FOREIGN = Membership.FULL, Membership.GUEST, Membership.DEACTIVATED, Membership.FOREIGN


def in_org(*teams: str, enterprise: str = "E1") -> dict[str, Any]:
    """Build the Grid part of a user object whose own workspace is another one."""
    return {"team_id": "T7", "enterprise_user": {"enterprise_id": enterprise, "teams": list(teams)}}


@pytest.mark.parametrize(
    ("home", "user", "membership"),
    [
        (HOME, {"team_id": "T1"}, FULL),
        (HOME, {"team_id": "T1", "deleted": True}, GONE),
        (HOME, {"team_id": "T9", "deleted": True}, GONE),
        (HOME, {"team_id": "T1", "is_restricted": True}, GUEST),
        (HOME, {"team_id": "T1", "is_restricted": True, "is_ultra_restricted": True}, GUEST),
        (HOME, {"team_id": "T1", "is_bot": True}, GUEST),
        (HOME, {"team_id": "T1", "is_workflow_bot": True}, GUEST),
        (HOME, {"team_id": "T1", "is_stranger": True}, FOREIGN),
        (HOME, {"team_id": "T9"}, FOREIGN),
        (HOME, {}, FOREIGN),
        (HOME, in_org("T1"), FOREIGN),
        (Home(team_id=""), {"team_id": ""}, FOREIGN),
        (GRID, in_org("T1", "T7"), FULL),
        (GRID, in_org("T7"), FOREIGN),
        (GRID, in_org("T1", enterprise="E9"), FOREIGN),
        (GRID, {**in_org("T1"), "is_restricted": True}, GUEST),
        (ORG, in_org("T7"), FULL),
        (ORG, in_org("T7", enterprise="E9"), FOREIGN),
    ],
)
def test_membership(home: Home, user: dict[str, Any], membership: Membership) -> None:
    """Guests, bots, deactivated people and people of other workspaces are told apart; doubt counts as foreign."""
    assert membership_of(user, home) is membership


@pytest.mark.parametrize("change", [{"is_restricted": True}, {"team_id": "T9"}, {"is_email_confirmed": False}])
def test_only_the_verified_address_of_a_full_member_counts(change: dict[str, Any]) -> None:
    """An address that anybody could have typed leads to no identity in AWS."""
    user = {"id": "U1", "team_id": "T1", "is_email_confirmed": True, "profile": {"email": "ada@example.com"}}
    assert person_of(user, HOME).email == "ada@example.com"
    assert person_of({**user, **change}, HOME).email == ""


@pytest.mark.parametrize(
    ("user", "name"),
    [
        ({"id": "U1", "profile": {"real_name": "Ada L", "display_name": "ada"}, "name": "al"}, "Ada L"),
        ({"id": "U1", "profile": {"real_name": "", "display_name": "ada"}}, "ada"),
        ({"id": "U1", "profile": None}, "U1"),
    ],
)
def test_the_real_name_is_shown(user: dict[str, Any], name: str) -> None:
    """Display names can be anything; the real name comes first, the id last."""
    assert person_of(user, HOME).name == name


def test_the_home_is_read_from_auth_test() -> None:
    """An org-wide installation is told by auth.test."""
    auth = {"team_id": "E1", "enterprise_id": "E1", "is_enterprise_install": True, "user_id": "UBOT"}
    assert home_of(auth) == Home(team_id="E1", enterprise_id="E1", org_wide=True, bot_user_id="UBOT")
