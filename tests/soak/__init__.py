"""`make soak MINUTES=n`: people and faults against the real process, and a checker at the end."""
