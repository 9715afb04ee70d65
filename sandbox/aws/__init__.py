"""An AWS of our own: moto over HTTP, with Identity Center as strict and as slow as the real one."""

from sandbox.aws.faults import Fault, FaultKind, Faults, When
from sandbox.aws.server import AwsSandbox, HeldSet
from sandbox.aws.wire import Call

__all__ = ["AwsSandbox", "Call", "Fault", "FaultKind", "Faults", "HeldSet", "When"]
