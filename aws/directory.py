"""Finds people in the identity store: exactly one enabled user with exactly this e-mail address, or nobody."""

from dataclasses import dataclass
from typing import Any

from aws.clients import Clients
from aws.errors import NoSuchUser, NotThere, Refused, translated
from aws.instance import Instance


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryUser:
    """Somebody in the identity store; `email` is the address as the directory writes it."""

    id: str
    user_name: str
    email: str


class Directory:
    """The identity store of one instance; every call raises Busy, Refused or NotThere of aws.errors."""

    def __init__(self, clients: Clients, instance: Instance) -> None:
        self._client = clients.identity_store
        self._standing = clients.standing
        self._store_id = instance.store_id

    def user_by_email(self, email: str) -> DirectoryUser:
        """Find the one enabled user with this address (GetUserId by emails.value, then DescribeUser).

        Whether GetUserId minds upper and lower case is not documented, so both ways of writing it must lead to the
        same person. Raises NoSuchUser.
        """
        ids = {self._user_id(each) for each in {email, email.lower()}} - {None}
        if not ids:
            raise NoSuchUser(f"IAM Identity Center has no user with the address {email}.")
        if len(ids) > 1:
            raise NoSuchUser(f"IAM Identity Center has more than one user with the address {email}.")
        user = self._described(str(ids.pop()))
        address = next((each for each in _addresses(user) if same_address(each, email)), None)
        if address is None:
            raise NoSuchUser(f"IAM Identity Center answered with a user whose address is not {email}.")
        if user.get("UserStatus") != "ENABLED":
            raise NoSuchUser(f"The IAM Identity Center user with the address {email} is not enabled.")
        return DirectoryUser(id=user["UserId"], user_name=user.get("UserName", ""), email=address)

    def is_enabled(self, user_id: str) -> bool:
        """Tell whether a user exists and is enabled now."""
        try:
            return bool(self._described(user_id).get("UserStatus") == "ENABLED")
        except NoSuchUser:
            return False

    def address_of(self, user_id: str) -> str:
        """Tell a user's e-mail address, the user name where there is none, empty where there is no such user."""
        try:
            user = self._described(user_id)
        except NoSuchUser:
            return ""
        return str(next(iter(_addresses(user)), "") or user.get("UserName", ""))

    def _user_id(self, email: str) -> str | None:
        attribute = {"UniqueAttribute": {"AttributePath": "emails.value", "AttributeValue": email}}
        try:
            with self._standing.noted(), translated():
                answer = self._client.get_user_id(IdentityStoreId=self._store_id, AlternateIdentifier=attribute)  # type: ignore[arg-type]
        except NotThere as trouble:
            self._check_store(trouble)
            return None
        return answer["UserId"]

    def _described(self, user_id: str) -> Any:
        try:
            with self._standing.noted(), translated():
                return self._client.describe_user(IdentityStoreId=self._store_id, UserId=user_id)
        except NotThere as trouble:
            self._check_store(trouble)
            raise NoSuchUser("IAM Identity Center has no such user.") from trouble

    def _check_store(self, trouble: NotThere) -> None:
        """Raise what AWS said where the whole store is missing: that is no answer about a person."""
        if "IDENTITY_STORE" in f"{trouble.words} {trouble.resource}":
            raise Refused("AWS does not find the identity store of Identity Center.", alert=True) from trouble


def _addresses(user: Any) -> list[str]:
    return [each["Value"] for each in user.get("Emails") or [] if each.get("Value")]


def same_address(one: str, other: str) -> bool:
    """Compare two addresses; case counts for nothing among ASCII characters only, as others have unlike twins."""
    if one.isascii() and other.isascii():
        return one.lower() == other.lower()
    return one == other
