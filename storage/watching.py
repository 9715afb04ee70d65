"""What a transaction has done so far: whether it wrote, and whether an error has spoilt it."""

from typing import Any

from sqlalchemy import Connection, Engine, ExceptionContext, event

_WROTE = "jitbot wrote"
_SPOILT = "jitbot spoilt"


class TransactionGone(Exception):  # noqa: N818 - it states a fact
    """An error ended this transaction; nothing more may be done in it, and nothing of it is kept.

    Both databases would go on as if nothing had happened: SQLite rolls back by itself when the disk is full and commits
    the next statement alone, PostgreSQL answers COMMIT with a silent rollback.
    """

    def __init__(self) -> None:
        super().__init__("an error ended this transaction; begin a new one")


def watch(engine: Engine) -> None:
    """Keep note in every transaction of an engine; listeners that execute anything must be added later."""
    event.listen(engine, "begin", _begun)
    event.listen(engine, "before_cursor_execute", _refuse_when_spoilt)
    event.listen(engine, "after_cursor_execute", _note_write)
    event.listen(engine, "handle_error", _note_error)


def has_written(db: Connection) -> bool:
    """Tell whether rows were inserted, changed or deleted; raises `TransactionGone` where an error spoilt it."""
    if db.info.get(_SPOILT):
        raise TransactionGone
    return bool(db.info.get(_WROTE))


def _begun(db: Connection) -> None:
    db.info[_WROTE] = db.info[_SPOILT] = False


def _refuse_when_spoilt(db: Connection, *_: object) -> None:
    if db.info.get(_SPOILT):
        raise TransactionGone


def _note_write(db: Connection, _cursor: object, _statement: str, _parameters: object, context: Any, _: bool) -> None:  # noqa: FBT001 - SQLAlchemy's signature
    if context.isinsert or context.isupdate or context.isdelete:
        db.info[_WROTE] = True


def _note_error(context: ExceptionContext) -> None:
    if context.connection is not None and not context.is_pre_ping and not context.connection.invalidated:
        context.connection.info[_SPOILT] = True
