"""Who somebody is, who owns an account and who runs Identity Center: asked of Slack, remembered briefly."""

import logging
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse, WebClient

from access.people import Membership, Person, Roster, SlackId
from slackapi.cache import Cache
from slackapi.errors import LookUpFailed, classify
from slackapi.standing import NotingClient
from slackapi.users import Home, home_of, person_of

PERSON_SECONDS = 60.0
GROUP_SECONDS = 60.0
EMAIL_SECONDS = 600.0
NOBODY_SECONDS = 60.0
log = logging.getLogger(__name__)


class People:
    """Looks people up; every failure is `LookUpFailed` and counts as no.

    `monotonic` gives seconds; `pool` asks for several principals at the same time where it is given.
    """

    def __init__(
        self, reading: WebClient, monotonic: Callable[[], float], pool: ThreadPoolExecutor | None = None
    ) -> None:
        self._reading = reading
        self._pool = pool
        self._persons: Cache[SlackId, Person] = Cache(monotonic)
        self._groups: Cache[str, frozenset[SlackId]] = Cache(monotonic)
        self._emails: Cache[str, SlackId | None] = Cache(monotonic)
        self._home: Cache[str, Home] = Cache(monotonic)
        self._lock = threading.Lock()
        self._unresolved: set[str] = set()

    @property
    def unresolved(self) -> frozenset[str]:
        """The e-mail addresses that belong to nobody who could decide, as seen last."""
        with self._lock:
            return frozenset(self._unresolved)

    @property
    def trouble(self) -> str | None:
        """Say for readiness that Slack takes the bot's token no longer, or None."""
        return self._reading.standing.trouble if isinstance(self._reading, NotingClient) else None

    def person(self, slack_id: SlackId) -> Person:
        """Say who somebody is now: users.info, at most a minute old."""
        return self._persons.get(slack_id, lambda: self._load_person(slack_id), lambda _: PERSON_SECONDS)

    def members(self, principals: Iterable[str]) -> frozenset[SlackId]:
        """Resolve e-mail addresses and user group ids (S…); an address of nobody is left out, the rest must succeed."""
        asked = list(dict.fromkeys(principals))
        found = map(self._resolve, asked) if self._pool is None else self._pool.map(self._resolve, asked)
        return frozenset[SlackId]().union(*found)

    def roster(self, owners: Iterable[str], admins: Iterable[str]) -> Roster:
        """Say who owns one account and who runs Identity Center now."""
        return Roster(owners=self.members(owners), admins=self.members(admins))

    def forget(self, slack_id: SlackId) -> None:
        """Ask anew about this person next time (event user_change)."""
        self._persons.forget(slack_id)
        # an address that belonged to nobody may now be theirs
        self._emails.forget_where(lambda known: known is None or known == slack_id)

    def forget_group(self, group_id: str) -> None:
        """Ask anew about this user group next time (event subteam_members_changed)."""
        self._groups.forget(group_id)

    def home(self) -> Home:
        """Say which workspace the bot itself belongs to: auth.test, asked once."""
        return self._home.get("home", lambda: home_of(_ask(self._reading.auth_test)), lambda _: float("inf"))

    def _resolve(self, principal: str) -> frozenset[SlackId]:
        if "@" in principal:
            email = principal.lower()
            found = self._emails.get(
                email, lambda: self._load_email(email), lambda known: EMAIL_SECONDS if known else NOBODY_SECONDS
            )
            return frozenset({found} if found else ())
        return self._groups.get(principal, lambda: self._load_group(principal), lambda _: GROUP_SECONDS)

    def _load_person(self, slack_id: SlackId) -> Person:
        response = _ask(lambda: self._reading.users_info(user=slack_id))
        return person_of(_dict(response, "user"), self.home())

    def _load_email(self, email: str) -> SlackId | None:
        try:
            response = self._reading.users_lookupByEmail(email=email)
        except SlackApiError as error:
            if error.response.get("error") == "users_not_found":
                self._leave_out(email, "nobody in this workspace has this address")
                return None
            raise _failed(error) from error
        except Exception as error:
            raise _failed(error) from error
        person = person_of(_dict(response, "user"), self.home())
        if person.membership is not Membership.FULL:
            self._leave_out(email, f"this person is a {person.membership}")
        elif person.email != email:
            self._leave_out(email, "Slack has not verified this person's address")
        else:
            with self._lock:
                self._unresolved.discard(email)
            return person.slack_id
        return None

    def _load_group(self, group_id: str) -> frozenset[SlackId]:
        team = self.home().team_id
        response = _ask(lambda: self._reading.usergroups_users_list(usergroup=group_id, team_id=team))
        users = response.get("users")
        if not isinstance(users, list) or not users:
            raise LookUpFailed(f"The Slack user group {group_id} has no members: nobody can decide for it.")
        return frozenset(SlackId(str(each)) for each in users)

    def _leave_out(self, email: str, why: str) -> None:
        with self._lock:
            new = email not in self._unresolved
            self._unresolved.add(email)
        if new:
            log.warning("%s is left out of the approvers: %s. Check the configuration.", email, why)


def _ask(send: Callable[[], SlackResponse]) -> SlackResponse:
    try:
        return send()
    except Exception as error:
        raise _failed(error) from error


def _failed(error: Exception) -> LookUpFailed:
    return LookUpFailed(f"Slack could not be asked who somebody is: {classify(error).words}")


def _dict(response: SlackResponse, key: str) -> dict[str, Any]:
    value = response.get(key)
    if not isinstance(value, dict):
        raise LookUpFailed("Slack's answer tells nothing about this person.")
    return value
