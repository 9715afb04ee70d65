"""Slack's rate limits, measured by the workspace's clock (docs.slack.dev, rate limits)."""

import math
from dataclasses import dataclass, field

PER_MINUTE = {1: 1, 2: 20, 3: 50, 4: 100}
"""Calls a minute each tier allows at least; we allow exactly that, as one bucket (C)."""
POSTS_PER_MINUTE = 60
"""One message a second in one channel."""


@dataclass(slots=True, kw_only=True)
class _Bucket:
    tokens: float
    filled: float


@dataclass(slots=True, kw_only=True)
class Limits:
    """Token buckets by method and by channel; `on` switches all of them, `burst` is ours (C)."""

    on: bool = True
    burst: int = 5
    per_minute: dict[int, int] = field(default_factory=lambda: dict(PER_MINUTE))
    _buckets: dict[str, _Bucket] = field(default_factory=dict)

    def spend_call(self, method: str, tier: int, now: float) -> int:
        """Spend one call of a method: 0, or the seconds to wait."""
        allowed = self.per_minute[tier]
        return self._spend(method, allowed, allowed, now)

    def spend_post(self, channel: str, now: float) -> int:
        """Spend one message in a channel: 0, or the seconds to wait."""
        return self._spend(f"post {channel}", POSTS_PER_MINUTE, self.burst, now)

    def _spend(self, key: str, per_minute: int, capacity: int, now: float) -> int:
        if not self.on:
            return 0
        bucket = self._buckets.setdefault(key, _Bucket(tokens=capacity, filled=now))
        per_second = per_minute / 60
        bucket.tokens = min(capacity, bucket.tokens + max(0.0, now - bucket.filled) * per_second)
        bucket.filled = now
        if bucket.tokens < 1:
            return max(1, math.ceil((1 - bucket.tokens) / per_second))
        bucket.tokens -= 1
        return 0
