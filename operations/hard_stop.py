"""The hard stop: AWS itself denies everything once a session's end has come, whoever holds credentials still."""

from datetime import datetime

from access import session_lifecycle
from access.hard_stop import expiry_of, with_expiry
from access.session import Session, SessionStatus
from aws.errors import classify_failure
from aws.progress import State, poll
from operations.deps import Deps
from operations.grant import LONGEST_LOOK, NEXT_LOOK, load
from operations.outcome import Done, Later, Outcome
from operations.settle import settle, there
from storage.outbox import Claimed


def set_hard_stop(deps: Deps, claimed: Claimed) -> Outcome:
    """Bring the hard stop of an active session to its exact end. Safe to repeat.

    Until then it stands at the latest end that was possible when the set was made, which is never earlier.
    """
    request, session = load(deps, claimed)
    cut = session.ends_at
    if session.status is not SessionStatus.ACTIVE or session.cut_at in {None, cut}:
        return Done.FINISH
    if not deny_from(deps, session, cut):
        return Later(words="AWS is still bringing the end to the account", after=NEXT_LOOK, polite=True)
    now = deps.clock.now()
    settle(
        deps,
        request.id,
        lambda latest, current: session_lifecycle.confirm_hard_stop(latest, there(current), cut, now),
    )
    return Done.FINISH


def deny_from(deps: Deps, session: Session, cut: datetime) -> bool:
    """Let the session's own set deny everything after `cut`; tells whether the account has it by now.

    Raises the troubles of `aws.errors`. Safe to repeat with the same `cut`, which orders nothing that the account has:
    each order holds up the removal, for AWS takes one at a time for a set in an account.
    """
    center = deps.identity_center
    policy = center.inline_policy(session.set_arn)
    wanted = with_expiry(policy, cut)
    if expiry_of(policy) != expiry_of(wanted):
        center.put_inline_policy(session.set_arn, wanted)
    elif center.has_latest(session.set_arn, session.account_id):
        return True
    operation = center.request_provisioning(session.set_arn, session.account_id)
    progress = poll(lambda: center.provisioning_status(operation), deps.wait, bound=LONGEST_LOOK)
    if progress.state is State.FAILED:
        raise classify_failure(progress.reason)
    return progress.over
