"""A Slack workspace of our own: the wire protocol as strict as Slack's, and people who use it by words."""

from sandbox.slack.person import Person
from sandbox.slack.server import SlackSandbox
from sandbox.slack.workspace import Workspace

__all__ = ["Person", "SlackSandbox", "Workspace"]
