"""How a holder gets in: the link to the console and the lines for the AWS CLI."""

import re
from urllib.parse import quote

from access.request import Request
from blocks.message import Block
from blocks.parts import preformatted, section
from blocks.text import bare

NAME_MOST = 64
"""IAM's limit for a role's name, which holds the set's."""
_URL = re.compile(r"https?://[^\s<>|]{1,500}")


def way_in(request: Request, set_name: str, portal_url: str, region: str) -> list[Block]:
    """Show console link and CLI lines; nothing where the portal is not known."""
    portal, role = portal_url.rstrip("/"), bare(set_name, NAME_MOST)
    link = console_link(request, set_name, portal_url)
    if not link:
        return []
    profile = _profile(f"{request.account_name}-{role}")
    return [
        section(link),
        preformatted("AWS CLI: add to ~/.aws/config", _profile_lines(request, role, portal, region, profile)),
        preformatted("Then", f"aws sso login --profile {profile}\nexport AWS_PROFILE={profile}"),
    ]


def console_link(request: Request, set_name: str, portal_url: str) -> str:
    """Link to the console as this permission set, for mrkdwn; empty where the portal is not known."""
    portal = portal_url.rstrip("/")
    if not _URL.fullmatch(portal):
        return ""
    return f"<{_console_link(request, bare(set_name, NAME_MOST), portal)}|Open the AWS console>"


def _console_link(request: Request, role: str, portal: str) -> str:
    """Make the shortcut link, escaped for mrkdwn.

    https://docs.aws.amazon.com/singlesignon/latest/userguide/createshortcutlink.html
    """
    account, name = quote(request.account_id, safe=""), quote(role, safe="")
    return f"{portal}/#/console?account_id={account}&role_name={name}".replace("&", "&amp;")


def _profile_lines(request: Request, role: str, portal: str, region: str, profile: str) -> str:
    """Write the profile; https://docs.aws.amazon.com/cli/latest/userguide/sso-configure-profile-legacy.html."""
    lines = [f"[profile {profile}]", f"sso_start_url = {portal}"]
    if region:
        lines.append(f"sso_region = {bare(region)}")
    return "\n".join([*lines, f"sso_account_id = {bare(request.account_id)}", f"sso_role_name = {role}"])


def _profile(name: str) -> str:
    """Make a profile's name that a shell takes as one harmless word, whatever the account is called."""
    return re.sub(r"[^A-Za-z0-9_.]+", "-", name).strip("-.")[:80] or "jit"
