"""A sandbox AWS with one account, one person and one permission set, reached by plain boto3 clients."""

from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from sandbox.aws import AwsSandbox
from tests.aws.conftest import Clock
from tests.aws.strict import check_strictly

ACCOUNT = "111122223333"


@pytest.fixture(scope="session")
def session() -> boto3.session.Session:
    """One session for all tests, because it reads botocore's large models."""
    return boto3.session.Session("testing", "testing", region_name="eu-west-1")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sandbox(clock: Clock) -> Iterator[AwsSandbox]:
    with AwsSandbox(clock) as running:
        running.add_account(ACCOUNT, "prod-payments")
        yield running


@pytest.fixture
def client(sandbox: AwsSandbox, session: boto3.session.Session) -> Callable[..., Any]:
    """Make a client that tries once, its answers held against the service model."""

    def make(service: str, **settings: float) -> Any:
        config = Config(retries={"total_max_attempts": 1}, **settings)  # type: ignore[arg-type]
        made = session.client(service, endpoint_url=sandbox.url, config=config)  # type: ignore[call-overload]
        check_strictly(made, requests=False)
        return made

    return make


@pytest.fixture
def sso(client: Callable[..., Any]) -> Any:
    return client("sso-admin")


@pytest.fixture
def instance(sandbox: AwsSandbox) -> dict[str, str]:
    return {"InstanceArn": sandbox.instance_arn}


@pytest.fixture
def a_set(sandbox: AwsSandbox, instance: dict[str, str]) -> dict[str, str]:
    """Parameters that name one permission set."""
    return {**instance, "PermissionSetArn": sandbox.add_permission_set("ReadOnly")}


@pytest.fixture
def order(sandbox: AwsSandbox, a_set: dict[str, str]) -> dict[str, str]:
    """Parameters of an assignment of that set to Ann."""
    user_id = sandbox.add_user("ann", "ann@example.com")
    target = {"TargetId": ACCOUNT, "TargetType": "AWS_ACCOUNT"}
    return {**a_set, **target, "PrincipalType": "USER", "PrincipalId": user_id}


@pytest.fixture
def refused() -> Callable[..., str]:
    """Make a call that must be refused, and return the code."""

    def call(operation: Callable[..., Any], **params: Any) -> str:
        with pytest.raises(ClientError) as error:
            operation(**params)
        return str(error.value.response["Error"]["Code"])

    return call
