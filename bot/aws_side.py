"""Finds Identity Center, when it is first needed and for as long as AWS does not answer."""

import threading
from dataclasses import dataclass

from aws.clients import Clients
from aws.directory import Directory
from aws.errors import AwsTrouble
from aws.identity_center import IdentityCenter
from aws.instance import Instance, find_instance


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
        self._words = "it has not answered yet"

    def __call__(self) -> FoundAws:
        """Return the instance; raises `aws.errors.Busy` where AWS does not answer, `Refused` where none fits."""
        with self._lock:
            if self._found is None:
                instance = self._find()
                self._found = FoundAws(IdentityCenter(self._clients, instance), Directory(self._clients, instance))
            return self._found

    @property
    def trouble(self) -> str | None:
        """Say for readiness why Identity Center was not found yet, or that AWS takes the credentials no longer."""
        if self._found is None:
            return f"IAM Identity Center was not found: {self._words}"
        return self._clients.standing.trouble

    def _find(self) -> Instance:
        try:
            return find_instance(self._clients, self._instance_arn)
        except AwsTrouble as trouble:
            self._words = self._clients.standing.trouble or str(trouble)
            raise
