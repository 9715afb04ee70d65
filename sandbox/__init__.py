"""Worlds to try jitbot in on one machine: a Slack workspace and an AWS of our own."""
