"""Gestures as Slack sends them, through the real Bolt app, and what people see of them."""
