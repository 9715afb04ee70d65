"""IAM Identity Center as the bot's operations use it."""

from aws.assignments import Assignments
from aws.permission_sets import PermissionSets


class IdentityCenter(PermissionSets, Assignments):
    """One instance of Identity Center: its permission sets (aws.permission_sets) and assignments (aws.assignments)."""
