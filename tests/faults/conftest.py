"""The company of the operations' tests, for whoever asks for it."""

from tests.operations.conftest import empty_aws, found, make_clients, make_clock, run_aws

__all__ = ["empty_aws", "found", "make_clients", "make_clock", "run_aws"]
