"""The identity store: users with or without an e-mail address, enabled or disabled."""

from sandbox.aws.errors import invalid, missing
from sandbox.aws.paging import Answer, Params, page
from sandbox.aws.world import DirectoryUser, World


def check_store(world: World, params: Params) -> None:
    """Refuse another store."""
    if params["IdentityStoreId"] != world.store_id:
        missing("IDENTITY_STORE not found.")


def user_arn(user_id: str) -> str:
    """Make a user's ARN."""
    return f"arn:aws:identitystore:::user/{user_id}"


def get_user_id(world: World, params: Params) -> Answer:
    """Find a user by exactly this address or user name; users without an address do no harm."""
    attribute = params["AlternateIdentifier"].get("UniqueAttribute", {})
    path = str(attribute.get("AttributePath", "")).lower()
    if attribute and path not in {"emails.value", "username"}:
        invalid(f"The attribute {path} is not a unique attribute.")
    wanted = attribute.get("AttributeValue") or None
    known = {each.email if path == "emails.value" else each.user_name: each.id for each in world.users.values()}
    if wanted not in known:
        missing("USER not found.")
    return {"UserId": known[wanted], "IdentityStoreId": world.store_id, "UserArn": user_arn(known[wanted])}


def _described(world: World, user: DirectoryUser) -> Answer:
    answer: Answer = {
        "IdentityStoreId": world.store_id,
        "UserId": user.id,
        "UserArn": user_arn(user.id),
        "Revision": "1",
        "UserName": user.user_name,
        "DisplayName": user.user_name,
        "Name": {"GivenName": user.user_name, "FamilyName": "Example"},
        "UserStatus": "ENABLED" if user.enabled else "DISABLED",
    }
    if user.email:
        answer["Emails"] = [{"Value": user.email, "Type": "work", "Primary": True}]
    return answer


def describe_user(world: World, params: Params) -> Answer:
    """Describe a user."""
    user = world.users.get(params["UserId"])
    if user is None:
        missing("USER not found.")
    return _described(world, user)


def list_users(world: World, params: Params) -> Answer:
    """List users; the one filter there is goes by user name, every other is refused."""
    filters = params.get("Filters", [])
    if any(each["AttributePath"] != "UserName" for each in filters):
        invalid("Users can be filtered by UserName only.")
    names = {each["AttributeValue"] for each in filters}
    found = [_described(world, each) for each in world.users.values() if not names or each.user_name in names]
    return page(world, params, "Users", found)


DIRECTORY = {"GetUserId": get_user_id, "DescribeUser": describe_user, "ListUsers": list_users}
