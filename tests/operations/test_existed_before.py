"""What existed before the bot stays, whatever else is noted of the session that was given it."""

from access.session import SessionStatus
from operations.end import revoke_session
from storage import sessions
from tests.access.given import MINUTE, OLAF
from tests.operations.company import IN_AWS, PAYMENTS, Company


def test_what_existed_before_is_never_removed_even_where_it_was_asked_for_too(company: Company) -> None:
    """The note that it existed before counts alone: no other note makes it the bot's to take away."""
    company.lanes = IN_AWS
    request = company.active()
    with company.database.begin() as db:
        sessions.save(db, company.session(request).changed(existed_before=True))
    assert company.session(request).sent_at is not None
    revoke_session(company.deps, request.id, OLAF.slack_id, "The incident is over.")
    company.drain()
    company.pass_time(10 * MINUTE)
    assert company.session(request).status is SessionStatus.REVOKED
    assert company.aws.assignments() == [(PAYMENTS, "rita", "ReadOnly")]
