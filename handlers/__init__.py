"""One Slack gesture in, one operation called, words out."""
