"""Tests of the Slack workspace of our own: what Slack would refuse, it refuses."""
