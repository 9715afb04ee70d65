"""An upgrade in the middle of everything: what runs goes on, and ends on time."""

from collections.abc import Iterator

import pytest
from alembic import command

from access.session import SessionStatus
from operations.end import revoke_session
from storage.engines import open_postgresql, open_sqlite
from storage.migrating import configuration
from storage.migrations import REVISIONS
from storage.outbox import Lane
from storage.transactions import Database
from tests.access.given import HOUR, MINUTE, OLGA, a_custom_form, a_form
from tests.operations.company import Company


@pytest.fixture(name="database")
def own_database(empty_database_url: str) -> Iterator[Database]:
    """Make a database of its own, as its tables are changed."""
    database = Database(empty_database_url)
    database.upgrade()
    yield database
    database.close()


def take_back_to(database: Database, revision: str) -> None:
    """Give the database the tables of an older version, with all that they hold."""
    if database.path is None:
        engine = open_postgresql(database.url, pool_size=1)
    else:
        engine = open_sqlite(database.path, pool_size=1, foreign_keys=False)
    with engine.begin() as db:
        command.downgrade(configuration(db), revision)
    engine.dispose()


@pytest.mark.parametrize("revision", REVISIONS[:-1])
def test_version_upgrade_keeps_running_sessions(company: Company, revision: str) -> None:
    """A database of each older version: active sessions end on time, removals and grants under way are finished."""
    active, custom = company.active(), company.active(a_custom_form(duration="2 hours"))
    ending = company.active(a_form(set_name="PowerUser", duration="8 hours"))
    revoke_session(company.deps, ending.id, OLGA.slack_id, "Not needed any more.")
    granting, waiting = company.approved(a_form(duration="4 hours")), company.ask()
    ends_at = company.session(active).ends_at
    take_back_to(company.database, revision)

    company.database.upgrade()

    assert (company.session(active).ends_at, company.session(active).status) == (ends_at, SessionStatus.ACTIVE)
    company.drain(*Lane)
    assert company.session(ending).status is SessionStatus.REVOKED
    assert company.session(granting).status is SessionStatus.ACTIVE
    assert company.request(waiting).status.undecided
    company.clock.move_to(ends_at)
    company.pass_time(MINUTE, *Lane)
    assert company.session(active).status is company.session(custom).status is SessionStatus.EXPIRED
    assert len(company.aws.assignments()) == 1
    company.pass_time(2 * HOUR, *Lane)
    assert company.aws.assignments() == []
