"""Everything Slack shows, as pure functions: (state, viewer, now) in, Block Kit out."""
