"""IAM Identity Center as the bot's operations use it."""

from aws.listing import Listing
from aws.permission_sets import PermissionSets


class IdentityCenter(PermissionSets, Listing):
    """One instance: its permission sets (aws.permission_sets), assignments (aws.assignments), and lists of both."""
