"""Reads Slack's user objects: who is a full member of the bot's workspace, and whose e-mail address counts; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from slack_sdk.web import SlackResponse

from access.people import Membership, Person, SlackId


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """The workspace (and, on Enterprise Grid, the organisation) that the bot's token belongs to."""

    team_id: str
    enterprise_id: str = ""
    org_wide: bool = False
    bot_user_id: str = ""


def home_of(auth: SlackResponse | Mapping[str, Any]) -> Home:
    """Read auth.test's answer."""
    return Home(
        team_id=str(auth.get("team_id") or ""),
        enterprise_id=str(auth.get("enterprise_id") or ""),
        org_wide=bool(auth.get("is_enterprise_install")),
        bot_user_id=str(auth.get("user_id") or ""),
    )


def person_of(user: Mapping[str, Any], home: Home) -> Person:
    """Read one user object (https://docs.slack.dev/reference/objects/user-object).

    The e-mail address is lower case, and empty unless this is a full member whose address Slack has verified.
    """
    profile: Mapping[str, Any] = user.get("profile") or {}
    slack_id = SlackId(str(user.get("id") or ""))
    membership = membership_of(user, home)
    trusted = membership is Membership.FULL and user.get("is_email_confirmed") is not False
    names = (profile.get("real_name"), user.get("real_name"), profile.get("display_name"), user.get("name"))
    return Person(
        slack_id=slack_id,
        name=next((str(each) for each in names if each), slack_id),
        email=str(profile.get("email") or "").strip().lower() if trusted else "",
        membership=membership,
    )


def membership_of(user: Mapping[str, Any], home: Home) -> Membership:
    """Say what somebody is to the bot's workspace; bots count as guests, and what cannot be told as foreign."""
    if user.get("deleted"):
        return Membership.DEACTIVATED
    if user.get("is_stranger") or not _at_home(user, home):
        return Membership.FOREIGN
    if any(user.get(flag) for flag in ("is_restricted", "is_ultra_restricted", "is_bot", "is_workflow_bot")):
        return Membership.GUEST
    return Membership.FULL


def _at_home(user: Mapping[str, Any], home: Home) -> bool:
    if home.team_id and user.get("team_id") == home.team_id:
        return True
    in_org = user.get("enterprise_user")
    if not home.enterprise_id or not isinstance(in_org, dict) or in_org.get("enterprise_id") != home.enterprise_id:
        return False
    # on Grid, team_id is the home workspace of the person; the list tells the others
    return home.org_wide or home.team_id in (in_org.get("teams") or ())
