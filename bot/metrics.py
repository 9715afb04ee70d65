"""The figures that Prometheus reads; no labels that name a person or an account."""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, ProcessCollector, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST


class Metrics:
    """All series of one process, in a registry of their own; `bot.measuring` sets the gauges."""

    content_type = CONTENT_TYPE_LATEST

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        gauge = self._gauge
        self.expiry_lag = gauge("expiry_lag_seconds", "How long the oldest overdue session is overdue: alert above 60")
        self.overdue = gauge("overdue_sessions", "Sessions whose end is not proven in time: alert above 0")
        self.sessions = gauge("sessions", "Sessions by status", "status")
        self.last_sweep = gauge("last_sweep_age_seconds", "Seconds since the last sweep ended")
        self.outbox_ready = gauge("outbox_ready", "Effects that are due", "lane")
        self.outbox_oldest_age = gauge("outbox_oldest_age_seconds", "Age of the oldest effect that is due", "lane")
        self.outbox_attempts = self._counter("outbox_attempts", "Effects performed", "kind", "outcome")
        self.frozen = gauge("frozen", "1 while an SSO admin has frozen all granting")
        self.audit_seq = gauge("audit_seq", "Number of the newest entry of the audit log")
        self.slack_connected = gauge("slack_connected", "1 while Slack's payloads arrive")

    def exposition(self) -> bytes:
        """Write all series as Prometheus reads them."""
        return generate_latest(self.registry)

    def watch_slack(self, connected: Callable[[], bool]) -> None:
        """Ask, whenever somebody reads the figures, whether Slack is connected."""
        self.slack_connected.set_function(lambda: float(connected()))

    def watch_sweep(self, age: Callable[[], float]) -> None:
        """Ask, whenever somebody reads the figures, how long ago the last sweep ended."""
        self.last_sweep.set_function(age)

    def _gauge(self, name: str, words: str, *labels: str) -> Gauge:
        return Gauge(f"jitbot_{name}", words, labels, registry=self.registry)

    def _counter(self, name: str, words: str, *labels: str) -> Counter:
        return Counter(f"jitbot_{name}", words, labels, registry=self.registry)
