"""Block Kit as strict as Slack: every rule as data, every violation with its JSON pointer (docs.slack.dev, Block Kit).

Slack's own wording is not published: the sentences follow those seen in reports, the pointers follow the documents.
"""

from sandbox.slack.block_rules.findings import Finding
from sandbox.slack.block_rules.wholes import check_message, check_options, check_view, text_length

__all__ = ["Finding", "check_message", "check_options", "check_view", "text_length"]
