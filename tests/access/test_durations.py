"""Durations: exactly the eleven for access and the five for a sign-in, however they are spelled."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access.durations import AccessDuration, SessionDuration

ELEVEN = {
    "1 hour": timedelta(hours=1),
    "2 hours": timedelta(hours=2),
    "4 hours": timedelta(hours=4),
    "8 hours": timedelta(hours=8),
    "12 hours": timedelta(hours=12),
    "1 day": timedelta(days=1),
    "2 days": timedelta(days=2),
    "3 days": timedelta(days=3),
    "1 week": timedelta(weeks=1),
    "2 weeks": timedelta(weeks=2),
    "1 month": timedelta(days=30),
}
FIVE = {"1 hour": "PT1H", "2 hours": "PT2H", "4 hours": "PT4H", "8 hours": "PT8H", "12 hours": "PT12H"}


def test_access_lasts_exactly_one_of_eleven_lengths_and_a_month_is_thirty_days() -> None:
    assert {each.value: each.length for each in AccessDuration} == ELEVEN


def test_the_eleven_are_offered_shortest_first() -> None:
    hours = [each.hours for each in AccessDuration]
    assert hours == sorted(hours) == [1, 2, 4, 8, 12, 24, 48, 72, 168, 336, 720]


@pytest.mark.parametrize(
    ("words", "duration"),
    [
        ("1h", AccessDuration.HOUR_1),
        ("2h", AccessDuration.HOURS_2),
        ("2 hours", AccessDuration.HOURS_2),
        ("2 hour", AccessDuration.HOURS_2),
        (" 4H ", AccessDuration.HOURS_4),
        ("8   Hours", AccessDuration.HOURS_8),
        ("12h", AccessDuration.HOURS_12),
        ("1d", AccessDuration.DAY_1),
        ("24h", AccessDuration.DAY_1),
        ("2d", AccessDuration.DAYS_2),
        ("3 days", AccessDuration.DAYS_3),
        ("7 days", AccessDuration.WEEK_1),
        ("1w", AccessDuration.WEEK_1),
        ("1 week", AccessDuration.WEEK_1),
        ("2w", AccessDuration.WEEKS_2),
        ("2 weeks", AccessDuration.WEEKS_2),
        ("14d", AccessDuration.WEEKS_2),
        ("1mo", AccessDuration.MONTH_1),
        ("1 month", AccessDuration.MONTH_1),
        ("1 months", AccessDuration.MONTH_1),
        ("30d", AccessDuration.MONTH_1),
        ("720h", AccessDuration.MONTH_1),
    ],
)
def test_an_access_duration_is_read_from_words(words: str, duration: AccessDuration) -> None:
    assert AccessDuration.parse(words) is duration


NO_DURATIONS = ["", " ", "h", "2", "0h", "-1h", "1.5h", "3h", "5 hours", "31d", "4w", "2mo", "1m", "1 year", "1h2h"]


@pytest.mark.parametrize("words", [*NO_DURATIONS, "1h ago", "9999h", "two hours", "1\u200bh"])
def test_what_is_none_of_the_eleven_is_not_read_as_one(words: str) -> None:
    assert AccessDuration.parse(words) is None


@pytest.mark.parametrize("duration", list(AccessDuration))
def test_every_access_duration_is_read_back_from_its_own_words(duration: AccessDuration) -> None:
    assert AccessDuration.parse(duration.value) is duration
    assert AccessDuration.parse(f"{duration.hours}h") is duration


@given(st.sampled_from(AccessDuration), st.sampled_from(AccessDuration))
def test_one_duration_is_within_another_exactly_when_it_is_not_longer(
    one: AccessDuration, other: AccessDuration
) -> None:
    assert one.within(other) is (one.length <= other.length)


@given(st.integers(min_value=0, max_value=999), st.sampled_from(["h", "hours", "d", "days", "w", "weeks", "mo"]))
def test_no_other_number_of_hours_is_ever_read(number: int, unit: str) -> None:
    hours = number * {"h": 1, "d": 24, "w": 168, "m": 720}[unit[0]]
    found = AccessDuration.parse(f"{number} {unit}")
    assert (found.hours if found else None) == (hours if hours in {each.hours for each in AccessDuration} else None)


@given(st.text())
def test_reading_any_text_never_breaks(words: str) -> None:
    assert AccessDuration.parse(words) in {None, *AccessDuration}
    assert SessionDuration.parse(words) in {None, *SessionDuration}


def test_a_sign_in_lasts_exactly_one_of_five_lengths_written_as_aws_does() -> None:
    assert {each.value: each.iso for each in SessionDuration} == FIVE
    assert [each.hours for each in SessionDuration] == [1, 2, 4, 8, 12]


@pytest.mark.parametrize("duration", list(SessionDuration))
def test_every_session_duration_is_read_back_from_its_own_words(duration: SessionDuration) -> None:
    assert SessionDuration.parse(duration.value) is duration
    assert SessionDuration.parse(f"{duration.hours}h") is duration


@pytest.mark.parametrize("words", [*NO_DURATIONS, "1 day", "24h", "PT1H"])
def test_what_is_none_of_the_five_is_not_read_as_one(words: str) -> None:
    assert SessionDuration.parse(words) is None
