"""From what the workspace and AWS hold to HTML; every word of somebody else is escaped by the templates."""
