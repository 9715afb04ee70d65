"""The bot with a Slack workspace and an AWS of its own: to try it, to tell its story, to test it."""
