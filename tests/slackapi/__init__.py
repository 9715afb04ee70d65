"""The outgoing side of Slack, against a small server that answers as Slack does."""
