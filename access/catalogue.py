"""What can be asked for: accounts, the permission sets of each, and the AWS managed policies."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from access.durations import AccessDuration
from access.permission_sets import StandardSet

_SHORTEST_START = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One AWS account and its rules; `owners` are e-mail addresses (lower case) and Slack user group ids."""

    id: str
    name: str
    owners: tuple[str, ...]
    owner_channel: str
    permission_sets: tuple[str, ...]
    custom_sets: bool = True
    longest_duration: AccessDuration = AccessDuration.MONTH_1

    @property
    def durations(self) -> tuple[AccessDuration, ...]:
        """The access durations that can be asked for here, shortest first."""
        return tuple(each for each in AccessDuration if each.within(self.longest_duration))


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """All that a form offers, held in memory; `managed_policies` are names in the order offered."""

    accounts: Mapping[str, Account]
    standard_sets: Mapping[str, StandardSet]
    managed_policies: tuple[str, ...] = ()
    _by_name: Mapping[str, Account] = field(init=False, repr=False, compare=False)
    _names: list[str] = field(init=False, repr=False, compare=False)
    _set_names: Mapping[str, str] = field(init=False, repr=False, compare=False)
    _policies: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        times = Counter(each.name.lower() for each in self.accounts.values())
        named = {each.name.lower(): each for each in self.accounts.values() if times[each.name.lower()] == 1}
        object.__setattr__(self, "_by_name", named)
        object.__setattr__(self, "_names", sorted(self._by_name))
        object.__setattr__(self, "_set_names", {each.lower(): each for each in self.standard_sets})
        object.__setattr__(self, "_policies", frozenset(self.managed_policies))

    def account(self, name_or_id: str) -> Account | None:
        """Find an account by its id or its whole name, whatever the case."""
        return self.accounts.get(name_or_id) or self._by_name.get(name_or_id.lower())

    def account_like(self, start: str) -> Account | None:
        """Find an account by its id or name, or by a beginning of at least three characters that only it has."""
        exact = self.account(start)
        if exact or len(start) < _SHORTEST_START:
            return exact
        first = bisect_left(self._names, start.lower())
        found = [each for each in self._names[first : first + 2] if each.startswith(start.lower())]
        return self._by_name[found[0]] if len(found) == 1 else None

    def set_like(self, name: str) -> str:
        """Give a standard set's name as it is written, whatever the case; empty where there is none."""
        return self._set_names.get(name.lower(), "")

    def search_accounts(self, query: str, most: int = 100) -> list[Account]:
        """List at most `most` accounts whose name or id holds every word typed, names that start with it first."""
        words = query.lower().split()
        found = [each for each in self.accounts.values() if all(w in f"{each.name.lower()} {each.id}" for w in words)]
        found.sort(key=lambda each: (not each.name.lower().startswith(query.lower().strip()), each.name.lower()))
        return found[:most]

    def search_policies(self, query: str, most: int = 100) -> list[str]:
        """List at most `most` managed policies that hold every word typed, those that start with it first."""
        words = query.lower().split()
        found = [each for each in self.managed_policies if all(word in each.lower() for word in words)]
        start = query.lower().strip()
        found.sort(key=lambda each: (not each.rpartition("/")[2].lower().startswith(start), each.lower()))
        return found[:most]

    def offers_policy(self, name: str) -> bool:
        """Tell whether a managed policy of this name can be asked for."""
        return name in self._policies
