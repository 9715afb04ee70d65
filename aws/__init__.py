"""The bot's way to AWS: IAM Identity Center, its directory, the managed policies."""
