"""How long access lasts, and how long one AWS sign-in within it may last."""

import re
from datetime import timedelta
from enum import StrEnum
from typing import Self

_UNIT_HOURS = {"h": 1, "hour": 1, "hours": 1, "d": 24, "day": 24, "days": 24, "w": 168, "week": 168, "weeks": 168}
_MONTH_HOURS = 720
_UNIT_HOURS |= {"mo": _MONTH_HOURS, "month": _MONTH_HOURS, "months": _MONTH_HOURS}
_SPELLED = re.compile(r"(\d{1,3})\s*([a-z]+)")


def _hours(words: str) -> int | None:
    """Count the hours in words such as `2h`, `1 day` or `1 month`; None where they are no duration."""
    found = _SPELLED.fullmatch(words.strip().lower())
    if found is None or found[2] not in _UNIT_HOURS:
        return None
    return int(found[1]) * _UNIT_HOURS[found[2]]


class AccessDuration(StrEnum):
    """The eleven lengths of access that can be asked for; a month is 30 days."""

    HOUR_1 = "1 hour"
    HOURS_2 = "2 hours"
    HOURS_4 = "4 hours"
    HOURS_8 = "8 hours"
    HOURS_12 = "12 hours"
    DAY_1 = "1 day"
    DAYS_2 = "2 days"
    DAYS_3 = "3 days"
    WEEK_1 = "1 week"
    WEEKS_2 = "2 weeks"
    MONTH_1 = "1 month"

    @property
    def hours(self) -> int:
        """Its length in whole hours."""
        return _hours(self.value) or 0

    @property
    def length(self) -> timedelta:
        """Its length."""
        return timedelta(hours=self.hours)

    @classmethod
    def parse(cls, words: str) -> Self | None:
        """Read `2h`, `2 hours`, `1d`, `30d` or `1 month`; None where it is none of the eleven."""
        hours = _hours(words)
        return next((each for each in cls if each.hours == hours), None)

    def within(self, longest: "AccessDuration") -> bool:
        """Tell whether it is at most `longest`."""
        return self.hours <= longest.hours


class SessionDuration(StrEnum):
    """How long one AWS sign-in lives: Identity Center takes 1 to 12 hours, jitbot offers five of them."""

    HOUR_1 = "1 hour"
    HOURS_2 = "2 hours"
    HOURS_4 = "4 hours"
    HOURS_8 = "8 hours"
    HOURS_12 = "12 hours"

    @property
    def hours(self) -> int:
        """Its length in whole hours."""
        return _hours(self.value) or 0

    @property
    def iso(self) -> str:
        """Its length as AWS writes it: `PT1H` to `PT12H`."""
        return f"PT{self.hours}H"

    @classmethod
    def parse(cls, words: str) -> Self | None:
        """Read `2h` or `2 hours`; None where it is none of the five."""
        hours = _hours(words)
        return next((each for each in cls if each.hours == hours), None)
