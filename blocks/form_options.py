"""What the selects of the request form offer while somebody types: at most 100 at a time."""

from access.catalogue import Account, Catalogue
from blocks.inputs import OPTIONS_MOST
from blocks.message import Block
from blocks.parts import OPTION_MOST, VALUE_MOST, option
from blocks.text import clip

_ID_ROOM = len(" (111122223333)")


def account_option(account: Account) -> Block:
    """Offer one account, with its id always in sight."""
    return option(f"{clip(account.name, OPTION_MOST - _ID_ROOM)} ({account.id})", account.id)


def policy_option(name: str) -> Block:
    """Offer one managed policy; what a long name loses in the first line stands in the second."""
    return option(name, name, "" if len(name) <= OPTION_MOST else f"…{name[1 - OPTION_MOST :]}")


def set_option(name: str) -> Block:
    """Offer one permission set."""
    return option(name, name)


def account_options(catalogue: Catalogue, query: str) -> list[Block]:
    """List the accounts whose name or id holds every word typed."""
    return [account_option(each) for each in catalogue.search_accounts(query, OPTIONS_MOST)]


def policy_options(catalogue: Catalogue, query: str) -> list[Block]:
    """List the managed policies whose name holds every word typed."""
    found = [each for each in catalogue.search_policies(query, OPTIONS_MOST) if len(each) <= VALUE_MOST]
    return [policy_option(each) for each in found]


def set_options(catalogue: Catalogue, account_id: str, query: str) -> list[Block]:
    """List the permission sets of one account whose name holds every word typed."""
    account = catalogue.accounts.get(account_id)
    if account is None:
        return []
    words = query.lower().split()
    found = [each for each in offered_sets(catalogue, account) if all(word in each.lower() for word in words)]
    found.sort(key=lambda each: (not each.lower().startswith(query.lower().strip()), each.lower()))
    return [set_option(each) for each in found[:OPTIONS_MOST]]


def offered_sets(catalogue: Catalogue, account: Account) -> list[str]:
    """Name the standard permission sets of an account that exist, in the order of the configuration."""
    return [each for each in account.permission_sets if each in catalogue.standard_sets]
