"""The organization behind Identity Center, kept by moto: accounts with the ids we want, and the managed policies."""

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from moto.iam.models import iam_backends
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from moto.organizations.models import organizations_backends

from sandbox.aws.managed_policies import load_into

REGION = "us-east-1"
_FIRST_JOINED = datetime(2020, 1, 1, tzinfo=UTC).replace(tzinfo=None)  # moto reckons without time zones


@cache
def moto_application() -> DomainDispatcherApplication:
    """Build moto's server once per process; it keeps one world per management account."""
    return DomainDispatcherApplication(create_backend_app)


def found_organization(management_account: str) -> None:
    """Begin an organization with its management account only."""
    _backend(management_account).create_organization(region=REGION, FeatureSet="ALL")
    load_into(management_account)


def add_account(management_account: str, account_id: str, name: str) -> None:
    """Let an account join with this very id, where moto would make one up."""
    backend = _backend(management_account)
    backend.create_account(AccountName=name, Email=f"aws+{account_id}@example.com")
    account = backend.accounts[-1]
    iam_backends.pop(account.id, None)
    organizations_backends.master_accounts.pop(account.id, None)
    account.id = account_id
    # moto pages by the time of joining, so no two may be the same.
    account.create_time = _FIRST_JOINED + timedelta(minutes=len(backend.accounts))
    organizations_backends.master_accounts[account_id] = (management_account, backend.partition)


def suspend_account(management_account: str, account_id: str) -> None:
    """Close an account."""
    account = _backend(management_account).get_account_by_id(account_id)
    account.status = "SUSPENDED"
    account.state = "SUSPENDED"


def dissolve(management_account: str) -> None:
    """Forget the organization and all its accounts."""
    for account in _backend(management_account).accounts:
        organizations_backends.master_accounts.pop(account.id, None)
    organizations_backends.pop(management_account, None)
    iam_backends.pop(management_account, None)


def _backend(management_account: str) -> Any:
    return organizations_backends[management_account]["aws"]
