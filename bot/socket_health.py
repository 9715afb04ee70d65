"""Tells whether a Socket Mode client is well, and keeps its log short."""

import logging
import time

from slack_sdk.socket_mode.aiohttp import SocketModeClient


class ConnectionLost(Exception):  # noqa: N818 - it says what happened
    """The client did not mend its connection by itself."""


def is_healthy(client: SocketModeClient) -> bool:
    """Tell whether the connection is open and a pong came within four ping intervals, as the client itself counts."""
    session = client.current_session
    if client.closed or client.stale or session is None or session.closed:
        return False
    pong = client.last_ping_pong_time
    return pong is None or time.time() - pong < 4 * client.ping_interval


def plain_errors() -> logging.Logger:
    """Return the logger for the client: its errors are one line, because the supervisor says what follows."""
    logger = logging.getLogger("slack_sdk.socket_mode.jitbot")
    logger.addFilter(_one_line)
    return logger


def _one_line(record: logging.LogRecord) -> bool:
    record.exc_info = None
    return True
