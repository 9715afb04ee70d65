"""Tests of the bot's way to AWS, against the strict sandbox."""
