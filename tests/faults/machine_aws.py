"""Identity Center without a wire: boto3's methods lead straight into the sandbox's AWS, through one border."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

from botocore.exceptions import ClientError

from aws.clients import Clients
from aws.directory import Directory
from aws.identity_center import IdentityCenter
from aws.instance import Instance
from aws.throttle import Throttle
from sandbox.aws.directory import DIRECTORY, check_store
from sandbox.aws.errors import AwsError
from sandbox.aws.faults import Faults
from sandbox.aws.instances import check_instance
from sandbox.aws.permission_sets import create_permission_set
from sandbox.aws.wire import IDENTITY_CENTER
from sandbox.aws.world import DirectoryUser, Holding, World
from tests.faults.machine_gates import Borders, Side

INSTANCE = Instance(arn="arn:aws:sso:::instance/ssoins-1111111111111111", store_id="d-1111111111")
Answer = dict[str, Any]
Told = Callable[[str], None]


def found_aws(now: Callable[[], datetime], accounts: tuple[str, ...], emails: tuple[str, ...]) -> World:
    """Give an organization with these accounts and people, and the set PowerUser that an administrator made."""
    world = World(
        now=now,
        management_account="999999999999",
        instance_arn=INSTANCE.arn,
        store_id=INSTANCE.store_id,
        faults=Faults(),
    )
    world.accounts = {each: each for each in accounts}
    for email in emails:
        name = email.partition("@")[0]
        world.users[name] = DirectoryUser(id=name, user_name=name, email=email, enabled=True)
    create_permission_set(world, {"Name": "PowerUser"})
    return world


class Api:
    """One boto3 client: `create_account_assignment(**params)` and all the others; `told` hears of every operation."""

    def __init__(self, world: World, borders: Borders, told: Told, *, directory: bool = False) -> None:
        self._world = world
        self._borders = borders
        self._told = told
        self._directory = directory

    def __getattr__(self, method: str) -> Callable[..., Answer]:
        operation = "".join(each.capitalize() for each in method.split("_"))
        return lambda **params: self._borders.passing(Side.AWS, operation, lambda: self._answer(operation, params))

    def _answer(self, operation: str, params: Answer) -> Answer:
        self._world.settle()
        try:
            if self._directory:
                check_store(self._world, params)
            else:
                check_instance(self._world, operation, params)
            answer = (DIRECTORY if self._directory else IDENTITY_CENTER)[operation](self._world, params)
        except AwsError as error:
            raise ClientError({"Error": {"Code": error.code, "Message": error.message}}, operation) from error
        finally:
            self._told(operation)
        return answer


def reach(world: World, borders: Borders, told: Told) -> tuple[IdentityCenter, Directory]:
    """Make the bot's own AWS side anew, with nothing remembered."""
    center, store = Api(world, borders, told), Api(world, borders, told, directory=True)
    clients = cast(Any, Clients)(
        reads=center, changes=center, identity_store=store, iam=center, throttle=Throttle(rate=1_000_000)
    )
    return IdentityCenter(clients, INSTANCE), Directory(clients, INSTANCE)


def subject_of(world: World, holding: Holding) -> str:
    """Name the target of an assignment as the outbox does."""
    return f"{holding.principal_id}/{holding.account_id}/{world.sets[holding.set_arn].name}"
