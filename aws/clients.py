"""Builds the boto3 clients, each once, at wiring; clients are thread-safe, boto3 sessions are not."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

from aws.standing import Standing
from aws.throttle import Throttle

if TYPE_CHECKING:
    from mypy_boto3_iam import IAMClient
    from mypy_boto3_identitystore import IdentityStoreClient
    from mypy_boto3_sso_admin import SSOAdminClient

READ = Config(
    connect_timeout=3,
    read_timeout=10,
    max_pool_connections=20,
    tcp_keepalive=True,
    retries={"mode": "standard", "total_max_attempts": 5},
)
WRITE = Config(
    connect_timeout=3,
    read_timeout=20,
    max_pool_connections=20,
    tcp_keepalive=True,
    # One attempt: botocore would send a change again after a lost answer, and two would be made.
    retries={"mode": "standard", "total_max_attempts": 1},
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clients:
    """All clients and what they share; `changes` is Identity Center with one attempt, `reads` with several."""

    reads: "SSOAdminClient"
    changes: "SSOAdminClient"
    identity_store: "IdentityStoreClient"
    iam: "IAMClient"
    throttle: Throttle = field(default_factory=Throttle)
    standing: Standing = field(default_factory=Standing)


def build_clients(
    region: str,
    *,
    throttle: Throttle | None = None,
    endpoint_url: str | None = None,
    read: Config = READ,
    write: Config = WRITE,
    session: boto3.session.Session | None = None,
) -> Clients:
    """Build the clients for one region (Identity Center's primary one).

    Credentials and AWS_ENDPOINT_URL are found as boto3 finds them, unless `endpoint_url` says otherwise.
    """
    session = session or boto3.session.Session(region_name=region)
    return Clients(
        reads=session.client("sso-admin", config=read, endpoint_url=endpoint_url),
        changes=session.client("sso-admin", config=write, endpoint_url=endpoint_url),
        identity_store=session.client("identitystore", config=read, endpoint_url=endpoint_url),
        iam=session.client("iam", config=read, endpoint_url=endpoint_url),
        throttle=throttle or Throttle(),
    )
