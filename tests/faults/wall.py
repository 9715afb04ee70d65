"""A wall clock that jumps as wall clocks do, beside monotonic time, which does not."""

from datetime import datetime, timedelta

from bot.clock import MovableClock


class Wall(MovableClock):
    """A clock whose time of day can be set, back and ahead, while its monotonic time goes its own way."""

    _set = timedelta(0)

    def now(self) -> datetime:
        """Tell the time of day as it was set."""
        return super().now() + self._set

    def jump(self, by: timedelta) -> None:
        """Set the time of day: a correction by NTP, an administrator, or a machine that slept."""
        self._set += by
