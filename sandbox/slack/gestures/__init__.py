"""What people do in Slack, and what Slack makes of it: payloads out, acknowledgements applied."""
