"""Network addresses as settings write them: `host:port`."""

from typing import NamedTuple

LAST_PORT = 65_535


class Address(NamedTuple):
    """A host and a port to listen on; port 0 lets the system choose."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def parse_address(words: str) -> Address:
    """Read `127.0.0.1:8080`, `[::1]:8080` or `:8080` (every interface); raises ValueError."""
    host, colon, port = words.strip().rpartition(":")
    if not colon or not port.isdecimal() or int(port) > LAST_PORT:
        raise ValueError(f"write host:port, such as 127.0.0.1:8080, not {words!r}")
    bare = host[1:-1] if host.startswith("[") and host.endswith("]") else host
    if ":" in bare and bare == host:
        raise ValueError(f"write an IPv6 address in brackets, such as [::1]:8080, not {words!r}")
    return Address(bare or "0.0.0.0", int(port))  # noqa: S104 - only where no host is named
