"""The people and user groups of the workspace, as Slack knows them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import TypedDict, Unpack
from zoneinfo import ZoneInfo

from sandbox.slack.wire import Json


class Traits(TypedDict, total=False):
    """What may be said about somebody when they join; everything has a usual value."""

    id: str
    real_name: str
    email: str
    tz: str
    team_id: str
    is_restricted: bool
    is_ultra_restricted: bool
    deleted: bool
    is_bot: bool


@dataclass(slots=True, kw_only=True)
class Profile:
    """Somebody in Slack; ids begin with U or W, without meaning (docs.slack.dev, Enterprise Grid)."""

    id: str
    name: str
    real_name: str
    team_id: str
    email: str = ""
    tz: str = "UTC"
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    deleted: bool = False
    is_bot: bool = False

    def offset(self, at: float) -> int:
        """Seconds east of UTC where they are, at the Unix time `at`."""
        delta = datetime.fromtimestamp(at, UTC).astimezone(ZoneInfo(self.tz)).utcoffset()
        return int(delta.total_seconds()) if delta else 0

    def as_slack(self, *, at: float, home_team: str, with_email: bool) -> Json:
        """Give the user object of users.info; the e-mail only where the app may read it."""
        profile: Json = {"real_name": self.real_name, "display_name": self.name, "team": self.team_id}
        if with_email and self.email:
            profile["email"] = self.email
        told: Json = {
            "id": self.id,
            "team_id": self.team_id,
            "name": self.name,
            "real_name": self.real_name,
            "deleted": self.deleted,
            "profile": profile,
            "is_bot": self.is_bot,
            "is_app_user": False,
            "updated": int(at),
        }
        if not self.deleted:
            told |= {"tz": self.tz, "tz_label": self.tz, "tz_offset": self.offset(at), "is_admin": False}
            told |= {"is_restricted": self.is_restricted, "is_ultra_restricted": self.is_ultra_restricted}
        if self.team_id != home_team:
            told["is_stranger"] = True
        return told


@dataclass(slots=True, kw_only=True)
class Group:
    """A user group (`S…`) that people mention as `@handle`."""

    id: str
    handle: str
    name: str
    members: list[str] = field(default_factory=list)
    disabled: bool = False

    def as_slack(self, *, team_id: str, include_users: bool) -> Json:
        """Give the user group object of usergroups.list."""
        told: Json = {
            "id": self.id,
            "team_id": team_id,
            "is_usergroup": True,
            "name": self.name,
            "handle": self.handle,
            "date_delete": 1 if self.disabled else 0,
            "user_count": len(self.members),
        }
        return told | ({"users": list(self.members)} if include_users else {})


class People:
    """Everybody the workspace knows, its own members and strangers from other workspaces."""

    def __init__(self, team_id: str) -> None:
        self.team_id = team_id
        self.by_id: dict[str, Profile] = {}
        self.groups: dict[str, Group] = {}
        self._numbers = count(1)

    def add(self, name: str, **traits: Unpack[Traits]) -> Profile:
        """Let somebody join; unset traits are those of a full member."""
        traits.setdefault("id", f"U0P{next(self._numbers):06d}")
        traits.setdefault("real_name", name.title())
        traits.setdefault("team_id", self.team_id)
        profile = Profile(name=name, **traits)
        if profile.id in self.by_id:
            raise ValueError(f"{profile.id} is taken")
        self.by_id[profile.id] = profile
        return profile

    def add_group(self, group_id: str, handle: str, members: Iterable[Profile]) -> Group:
        """Found a user group."""
        self.groups[group_id] = Group(id=group_id, handle=handle, name=handle, members=[each.id for each in members])
        return self.groups[group_id]

    def named(self, name: str) -> Profile | None:
        """Find somebody by the name people write after the @."""
        return next((each for each in self.by_id.values() if each.name == name), None)

    def with_email(self, email: str) -> Profile | None:
        """Find an active member by e-mail; deactivated people are not found (C: unverified)."""
        wanted = email.strip().lower()
        active = (each for each in self.by_id.values() if not each.deleted and each.team_id == self.team_id)
        return next((each for each in active if each.email.lower() == wanted), None)
