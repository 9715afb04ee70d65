"""The AWS managed policies as moto knows them, for attaching and for listing."""

import json
from functools import cache
from typing import Any

from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.models import AWSManagedPolicy, iam_backends

REGION = "us-east-1"


@cache
def _data() -> dict[str, dict[str, Any]]:
    return dict(json.loads(aws_managed_policies_data))


@cache
def policy_arns() -> frozenset[str]:
    """List the ARNs of all AWS managed policies, each under its real path."""
    return frozenset(f"arn:aws:iam::aws:policy{each['Path']}{name}" for name, each in _data().items())


@cache
def _policies() -> dict[str, AWSManagedPolicy]:
    made = [AWSManagedPolicy.from_data(name, "aws", REGION, data) for name, data in _data().items()]
    return {each.arn: each for each in made}


def load_into(account_id: str) -> None:
    """Let moto list the managed policies in one account; moto itself would load them anew for every account."""
    backend = iam_backends[account_id]["global"]
    backend.aws_managed_policies = list(_policies().values())
    backend.managed_policies = dict(_policies())
