"""The Slack workspace in the browser: one more client on the same gestures, for people instead of tests."""
