"""Lets `python -m bot` do what `jitbot` does."""

from bot.cli import main

main()
