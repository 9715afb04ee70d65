"""The AWS managed policies that can be offered: those that AWS lists, and the list that ships with the bot.

A policy is named as people choose it: its name, with its path where it has one (`job-function/ViewOnlyAccess`).
"""

from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Any

from aws.clients import Clients
from aws.errors import translated

PAGE = 1000
MOST_PAGES = 50
_SERVICE_ROLE = "service-role/"
_OFFERED = frozenset({"", "job-function/"})


def policy_arn(name: str, partition: str = "aws") -> str:
    """Make the ARN of an AWS managed policy from its name with path."""
    return f"arn:{partition}:iam::aws:policy/{name}"


def offerable(names: Iterable[str], *, service_roles: bool = False) -> tuple[str, ...]:
    """Keep what people may choose, sorted by name.

    Plain policies and job functions; service roles where asked for; never those for service-linked roles or root
    tasks, which no permission set takes.
    """
    paths = _OFFERED | {_SERVICE_ROLE} if service_roles else _OFFERED
    found = {each for each in names if each[: len(each) - len(_bare(each))] in paths}
    return tuple(sorted(found, key=lambda each: (_bare(each).lower(), each)))


def _bare(name: str) -> str:
    return name.rpartition("/")[2]


@cache
def shipped_policies() -> tuple[str, ...]:
    """Read the list that ships with the bot, one name with path per line."""
    text = resources.files("aws").joinpath("managed_policies.txt").read_text("ascii")
    return tuple(text.split())


def fetch_policies(clients: Clients) -> tuple[str, ...]:
    """List all AWS managed policies (iam ListPolicies, Scope=AWS); raises Busy or Refused of aws.errors."""
    found: list[str] = []
    marker: dict[str, Any] = {}
    for _ in range(MOST_PAGES):
        with clients.standing.noted(), translated():
            answer = clients.iam.list_policies(Scope="AWS", MaxItems=PAGE, **marker)
        found.extend(f"{each['Path']}{each['PolicyName']}".removeprefix("/") for each in answer["Policies"])
        if not answer.get("IsTruncated"):
            break
        marker = {"Marker": answer["Marker"]}
    return tuple(found)
