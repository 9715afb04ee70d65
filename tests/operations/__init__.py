"""Verbs against real databases and a strict AWS, with a Slack that a test can break."""
