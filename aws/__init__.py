"""The bot's way to AWS: IAM Identity Center, its directory, the organization's accounts, the managed policies."""
