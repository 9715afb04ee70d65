"""People's words are cleaned, clipped and escaped in one place."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocks.text import bare, channel, clip, inline, left, paragraph, person, utc, when
from tests.blocks.lint_rules import loose_markup
from tests.blocks.states import HOSTILE

ANY_TEXT = st.text(alphabet=st.characters(), max_size=200)


@given(ANY_TEXT, st.integers(min_value=2, max_value=60))
def test_inline_never_leaves_markup_nor_more_than_asked_for(words: str, most: int) -> None:
    shown = inline(words, most)

    assert 1 <= len(shown) <= most
    assert not loose_markup(shown)
    assert not set("\n\r\t`*~") & set(shown)


@given(ANY_TEXT, st.integers(min_value=2, max_value=60))
def test_plain_and_rich_text_are_never_empty_nor_too_long(words: str, most: int) -> None:
    assert 1 <= len(bare(words, most)) <= most
    assert 1 <= len(paragraph(words, most)) <= most


@pytest.mark.parametrize("words", HOSTILE)
def test_nothing_invisible_or_turning_survives(words: str) -> None:
    hidden = set("\u202e\u202c\u2066\u2069\u200b\ufeff\ud800")

    assert not hidden & set(inline(words, 5_000))
    assert not hidden & set(bare(words, 5_000))
    assert not hidden & set(paragraph(words, 5_000))


def test_names_become_one_line() -> None:
    assert inline("Rita\n\nof  accounts") == "Rita of accounts"
    assert bare("\u3164\n") == "-"


def test_escaping_is_slacks() -> None:
    assert inline("<a & b>") == "&lt;a &amp; b&gt;"


def test_clipping_happens_before_an_entity_is_cut() -> None:
    assert inline("&&&", 11) == "&amp;&amp;…"
    assert inline("&&", 10) == "&amp;&amp;"
    assert clip("abcdef", 4) == "abc…"


def test_a_paragraph_keeps_its_lines() -> None:
    assert paragraph("one\r\ntwo\n\nthree: <!channel>", 100) == "one\ntwo\n\nthree: <!channel>"


def test_a_moment_is_shown_in_the_readers_zone_with_utc_to_fall_back_on() -> None:
    in_berlin = datetime(2026, 3, 2, 10, 5, tzinfo=timezone(timedelta(hours=1)))

    assert when(in_berlin) == "<!date^1772442300^{date_short_pretty} at {time}|2026-03-02 09:05 UTC>"
    assert utc(datetime(2026, 3, 2, 9, 5, tzinfo=UTC)) == "2026-03-02 09:05 UTC"


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(seconds=59), "less than a minute"),
        (timedelta(seconds=-5), "less than a minute"),
        (timedelta(minutes=14, seconds=59), "14 min"),
        (timedelta(hours=2), "2 h"),
        (timedelta(hours=1, minutes=5), "1 h 5 min"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=3, hours=4, minutes=50), "3 days 4 h"),
    ],
)
def test_what_is_left_is_said_in_its_two_largest_units(span: timedelta, words: str) -> None:
    assert left(span) == words


def test_only_real_ids_become_mentions() -> None:
    assert person("U0RITA", "Rita") == "<@U0RITA> (Rita)"
    assert person("W0RITA", " ") == "<@W0RITA>"
    assert person("jitbot", "") == "jitbot"
    assert person("U1> <!channel", "") == "U1&gt; &lt;!channel"
    assert channel("C0ADMINS") == "<#C0ADMINS>"
    assert channel("!channel>") == "!channel&gt;"
