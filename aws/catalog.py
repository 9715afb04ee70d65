"""What AWS has to offer: the organization's accounts, and the managed policies (aws.managed_policies)."""

from dataclasses import dataclass
from typing import Any

from aws.clients import Clients
from aws.errors import translated
from aws.managed_policies import ManagedPolicies, known_policies
from aws.paging import pages

ACCOUNTS_PER_PAGE = 20
"""The most that organizations ListAccounts returns at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AwsAccount:
    """An account of the organization; only an active one can be assigned in."""

    id: str
    name: str
    active: bool


def list_accounts(clients: Clients) -> tuple[AwsAccount, ...]:
    """List all accounts of the organization; needs the management account or a delegated administrator.

    Raises Busy or Refused of aws.errors.
    """

    def page(token: dict[str, Any]) -> Any:
        with translated():
            return clients.organizations.list_accounts(MaxResults=ACCOUNTS_PER_PAGE, **token)

    return tuple(_account(each) for answer in pages(page) for each in answer["Accounts"])


def _account(found: Any) -> AwsAccount:
    # State took the place of Status on 2026-09-09; either may come.
    state = found.get("State") or found.get("Status")
    return AwsAccount(id=found["Id"], name=found.get("Name") or found["Id"], active=state == "ACTIVE")


def management_account(clients: Clients) -> str:
    """Tell the id of the organization's management account, in which the bot grants nothing by default."""
    with translated():
        organization = clients.organizations.describe_organization()["Organization"]
    return organization.get("MasterAccountId", "")


def offered_policies(clients: Clients, *, service_roles: bool = False) -> ManagedPolicies:
    """List the managed policies to offer, read from AWS now or else from the shipped list."""
    return ManagedPolicies(known_policies(clients), service_roles=service_roles)
