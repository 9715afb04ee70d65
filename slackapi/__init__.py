"""The outgoing side of Slack: posting, updating, direct messages, people and user groups."""
