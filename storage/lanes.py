"""Lanes of the outbox: effects of one lane never wait behind another lane's, so nothing holds up a revocation."""

from enum import StrEnum

from access.changes import EffectKind


class Lane(StrEnum):
    """Which pool of workers performs an effect."""

    REVOKE = "revoke"
    GRANT = "grant"
    SLACK = "slack"

    @classmethod
    def of(cls, kind: EffectKind) -> "Lane":
        """Tell the lane of a kind of effect."""
        match kind:
            case EffectKind.REVOKE | EffectKind.VERIFY_ABSENT | EffectKind.REVOKE_ALL:
                return cls.REVOKE
            case EffectKind.GRANT | EffectKind.HARD_STOP:
                return cls.GRANT
            case _:
                return cls.SLACK


def priority(kind: EffectKind, *, urgent: bool = False) -> int:
    """Rank a kind within its lane, lowest first: `urgent` removals, other removals, looking again.

    In Slack's lane people come before the record.
    """
    match kind:
        case EffectKind.REVOKE:
            return 0 if urgent else 1
        case EffectKind.VERIFY_ABSENT:
            return 2
        case EffectKind.AUDIT_LINE | EffectKind.REFRESH_HOMES:
            return 1
        case _:
            return 0
