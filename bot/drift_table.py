"""The answer of `jitbot reconcile`: a table of what differs between AWS and the sessions, and a count of the rest."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TextIO

from access.drift import Findings
from access.session import Assignment, Session
from storage.drift import Reported

_MOST_NAMED = 200
"""Users whose address is looked up, each a call to AWS; the rest is shown by its id."""
_TITLES = ("what", "user", "account", "permission set", "session")
Row = tuple[str, str, str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """How a user and a session are called: e-mail address by AWS's id, REQ number by the session's."""

    address_of: Callable[[str], str]
    label_of: Callable[[str], str]


def differences(found: Findings, known: Mapping[Assignment, Reported], now: datetime) -> int:
    """Count what differs and was not said to be left alone."""
    strange = sum(each not in known or known[each].open(now) for each in found.unlike)
    return strange + len(found.missing) + len(found.leftover) + len(found.leftover_sets)


def write_table(
    found: Findings, known: Mapping[Assignment, Reported], names: Names, now: datetime, out: TextIO
) -> None:
    """Write what differs, a row each, and how much was as it should be."""
    rows = list(_rows(found, known, now))
    users = sorted({row[1] for row in rows if row[1]})[:_MOST_NAMED]
    addresses = {user: names.address_of(user) or user for user in users}
    shown = [(*row[:1], addresses.get(row[1], row[1]), *row[2:4], names.label_of(row[4])) for row in rows]
    widths = [max(len(each[column]) for each in (_TITLES, *shown)) for column in range(len(_TITLES))]
    for line in (_TITLES, *shown) if shown else ():
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        out.write("  ".join(cells).rstrip() + "\n")
    out.writelines(f"not looked at: {each}\n" for each in found.looked.skipped)
    out.write(f"{len(found.expected)} ours and expected, {differences(found, known, now)} differ.\n")


def _rows(found: Findings, known: Mapping[Assignment, Reported], now: datetime) -> Iterator[Row]:
    for session in found.missing:
        yield _of_session("ours, but missing", found, session)
    for session in found.leftover:
        yield _of_session("ours, but should be gone", found, session)
    for session in found.leftover_sets:
        yield ("set that should be gone", "", session.account_id, found.name_of(session.set_arn), session.id)
    for each in found.unlike:
        what = "not ours" if each.principal_id else "set of nobody we know"
        row = known.get(each)
        settled = f" (left alone until {row.settled_until:%Y-%m-%d})" if row and _settled(row, now) else ""
        yield (f"{what}{settled}", each.principal_id, each.account_id, found.name_of(each.set_arn), "")


def _settled(row: Reported, now: datetime) -> bool:
    return row.settled_until is not None and not row.open(now)


def _of_session(what: str, found: Findings, session: Session) -> Row:
    return (what, session.principal_id, session.account_id, found.name_of(session.set_arn), session.id)
