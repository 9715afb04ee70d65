"""Holds the catalogue in memory and keeps it fresh, so that forms never wait for AWS."""

import logging

from access.catalogue import Catalogue
from aws.clients import Clients
from aws.managed_policies import fetch_policies, offerable, shipped_policies
from bot.configuration import Configuration

log = logging.getLogger(__name__)


class Shelf:
    """The catalogue as it is now; at the start with the list of managed policies that ships with the bot."""

    def __init__(self, configuration: Configuration, clients: Clients) -> None:
        self._configuration = configuration
        self._clients = clients
        self._catalogue = configuration.catalogue(offerable(shipped_policies()))

    def __call__(self) -> Catalogue:
        """Return the catalogue, from memory."""
        return self._catalogue

    def refresh(self) -> None:
        """Read the managed policies from AWS; what was known stays where AWS does not answer or lists none."""
        policies = offerable(fetch_policies(self._clients))
        if policies and policies != self._catalogue.managed_policies:
            self._catalogue = self._configuration.catalogue(policies)
            log.info("%d managed policies are offered", len(policies))
