"""What Slack shows, and that Slack would take it."""
