"""How a holder gets in: the link to the console and the lines for the AWS CLI."""

import re
from urllib.parse import quote

from access.request import Request
from blocks.message import Block
from blocks.parts import preformatted, section
from blocks.text import bare

_URL = re.compile(r"https?://[^\s<>|]+")


def way_in(request: Request, set_name: str, portal_url: str, region: str) -> list[Block]:
    """Show console link and CLI lines; nothing where the portal is not known."""
    portal = portal_url.rstrip("/")
    if not _URL.fullmatch(portal):
        return []
    profile = _profile(f"{request.account_name}-{set_name}")
    return [
        section(f"<{_console_link(request, set_name, portal)}|Open the AWS console>"),
        preformatted("AWS CLI: add to ~/.aws/config", _profile_lines(request, set_name, portal, region, profile)),
        preformatted("Then", f"aws sso login --profile {profile}\nexport AWS_PROFILE={profile}"),
    ]


def _console_link(request: Request, set_name: str, portal: str) -> str:
    """Make the shortcut link, escaped for mrkdwn.

    https://docs.aws.amazon.com/singlesignon/latest/userguide/createshortcutlink.html
    """
    account, role = quote(request.account_id, safe=""), quote(set_name, safe="")
    return f"{portal}/#/console?account_id={account}&role_name={role}".replace("&", "&amp;")


def _profile_lines(request: Request, set_name: str, portal: str, region: str, profile: str) -> str:
    """Write the profile; https://docs.aws.amazon.com/cli/latest/userguide/sso-configure-profile-legacy.html."""
    lines = [f"[profile {profile}]", f"sso_start_url = {portal}"]
    if region:
        lines.append(f"sso_region = {bare(region)}")
    return "\n".join([*lines, f"sso_account_id = {bare(request.account_id)}", f"sso_role_name = {bare(set_name)}"])


def _profile(name: str) -> str:
    """Make a profile's name that a shell takes as one harmless word, whatever the account is called."""
    return re.sub(r"[^A-Za-z0-9_.]+", "-", name).strip("-.")[:80] or "jit"
