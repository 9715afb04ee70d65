"""The truth about AWS sessions that are open when access ends: cut at a moment, or able to work until one."""

from access.session import LONGEST_SIGN_IN_HOURS, Session, SessionStatus
from blocks.text import clock, when


def latest_end(session: Session) -> str:
    """Say when the last AWS session ends, for mrkdwn; empty where the end of the access is not known yet."""
    if session.existed_before or session.granted_at is None:
        return ""
    over = session.status in {SessionStatus.EXPIRED, SessionStatus.REVOKED, SessionStatus.FAILED}
    if session.cut_at is not None and session.latest_end == session.cut_at:
        verb = "were" if over else "are"
        return f"AWS sessions {verb} cut at {clock(session.cut_at)}: from then on AWS itself denies everything."
    if not over and session.status is not SessionStatus.ACTIVE:
        return ""
    unknown = "" if session.sign_in_hours else f", {LONGEST_SIGN_IN_HOURS} hours being the most AWS allows"
    return f"An open AWS session can work until {when(session.latest_end)} at the latest{unknown}."
