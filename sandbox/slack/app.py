"""The installed app: its tokens, its manifest, and how strict the workspace is with it."""

from dataclasses import dataclass, field

from sandbox.slack.faults import Faults
from sandbox.slack.limits import Limits
from sandbox.slack.manifest import Manifest


@dataclass(slots=True, kw_only=True)
class InstalledApp:
    """What Slack holds about the app, and the faults and limits laid on it."""

    bot_token: str
    app_token: str
    signing_secret: str
    manifest: Manifest = field(default_factory=Manifest)
    faults: Faults = field(default_factory=Faults)
    limits: Limits = field(default_factory=Limits)
    verification_token: str = "sandbox-verification"  # noqa: S105 - Slack's deprecated payload field, no secret
