"""The figures that Prometheus reads; no labels that name a person or an account."""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

_SECONDS = (0.5, 1, 2, 5, 10, 20, 40, 80, 160, 320, 640, 1800, 3600)


class Metrics:
    """All series of one process, in a registry of their own; gauges are set by the sweeps."""

    content_type = CONTENT_TYPE_LATEST

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        gauge, counter = self._gauge, self._counter
        self.expiry_lag = gauge("expiry_lag_seconds", "How long the oldest overdue session is overdue: alert above 60")
        self.overdue_sessions = gauge("overdue_sessions", "Sessions that are past their end and could not be ended yet")
        self.sessions = gauge("sessions", "Sessions by status", "status")
        self.requests_waiting = gauge("requests_waiting", "Undecided requests")
        self.last_tick = gauge("scheduler_last_tick_timestamp_seconds", "When the sweep ran last", "job")
        self.outbox_ready = gauge("outbox_ready", "Effects that are due", "kind")
        self.outbox_oldest_age = gauge("outbox_oldest_age_seconds", "Age of the oldest effect that is due", "kind")
        self.outbox_attempts = counter("outbox_attempts", "Effects performed", "kind", "outcome")
        self.revoke_failures = counter("revoke_failures", "Failed attempts to end a session", "reason")
        self.reconcile_orphans = counter("reconcile_orphans", "Assignments of ours in AWS that no session explains")
        self.grant_seconds = self._histogram("grant_seconds", "From the last approval to the proven grant")
        self.revoke_seconds = self._histogram("revoke_seconds", "From a session's end to the proven revocation")
        self.slack_errors = counter("slack_api_errors", "Errors that Slack answered", "code")
        self.aws_errors = counter("aws_api_errors", "Errors that AWS answered", "code")
        self.audit_seq = gauge("audit_seq", "Number of the newest entry of the audit log")
        self.clock_skew = gauge("db_clock_skew_seconds", "The database's clock less this machine's")
        self.socket_connected = gauge("socket_connected", "1 while connected to Slack over Socket Mode")
        self.socket_rebuilds = counter("socket_rebuilds", "Socket Mode connections built anew by the watchdog")

    def exposition(self) -> bytes:
        """Write all series as Prometheus reads them."""
        return generate_latest(self.registry)

    def watch_socket(self, connected: Callable[[], bool]) -> None:
        """Ask, whenever somebody reads the figures, whether Slack is connected."""
        self.socket_connected.set_function(lambda: float(connected()))

    def _gauge(self, name: str, words: str, *labels: str) -> Gauge:
        return Gauge(f"jitbot_{name}", words, labels, registry=self.registry)

    def _counter(self, name: str, words: str, *labels: str) -> Counter:
        return Counter(f"jitbot_{name}", words, labels, registry=self.registry)

    def _histogram(self, name: str, words: str) -> Histogram:
        return Histogram(f"jitbot_{name}", words, registry=self.registry, buckets=_SECONDS)
