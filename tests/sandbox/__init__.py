"""Tests of the sandbox: a Slack and an AWS of our own."""
