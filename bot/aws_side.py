"""Finds Identity Center, when it is first needed and for as long as AWS does not answer."""

import threading
from dataclasses import dataclass

from aws.clients import Clients
from aws.directory import Directory
from aws.identity_center import IdentityCenter
from aws.instance import find_instance


@dataclass(frozen=True, slots=True)
class FoundAws:
    """One instance of Identity Center with its directory."""

    identity_center: IdentityCenter
    directory: Directory


class AwsFinder:
    """Gives the instance, found once; until then every call tries, and raises what AWS raised."""

    def __init__(self, clients: Clients, instance_arn: str | None) -> None:
        self._clients = clients
        self._instance_arn = instance_arn or ""
        self._lock = threading.Lock()
        self._found: FoundAws | None = None

    def __call__(self) -> FoundAws:
        """Return the instance; raises `aws.errors.Busy` where AWS does not answer, `Refused` where none fits."""
        with self._lock:
            if self._found is None:
                instance = find_instance(self._clients, self._instance_arn)
                self._found = FoundAws(IdentityCenter(self._clients, instance), Directory(self._clients, instance))
            return self._found

    @property
    def trouble(self) -> str | None:
        """Say that Identity Center was not found yet, for readiness."""
        return None if self._found else "IAM Identity Center has not answered yet"
