"""The commands people type: `jitbot run` and its neighbours."""

import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from bot import commands, reconciling, revoking, sweeping
from bot.configuration import Configuration, ConfigurationProblems, load_configuration
from bot.settings import Settings, SettingsProblems, read_settings

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Temporary AWS access that really ends.")
config_app = typer.Typer(no_args_is_help=True, help="The configuration file.")
db_app = typer.Typer(no_args_is_help=True, help="The database.")
audit_app = typer.Typer(no_args_is_help=True, help="The audit log.")
sessions_app = typer.Typer(no_args_is_help=True, help="Sessions.")
app.add_typer(config_app, name="config")
app.add_typer(db_app, name="db")
app.add_typer(audit_app, name="audit")
app.add_typer(sessions_app, name="sessions")

_UNUSABLE = 2
Found = TypeVar("Found")
ConfigPath = Annotated[Path, typer.Option("--config", help="The configuration file.", envvar="JITBOT_CONFIG")]
DEFAULT = Path("jitbot.yml")


def _or_leave(read: Callable[[], Found]) -> Found:
    """Return what was read, or leave with every problem in words."""
    try:
        return read()
    except (ConfigurationProblems, SettingsProblems) as problems:
        for each in problems.problems:
            typer.echo(each, err=True)
        raise typer.Exit(_UNUSABLE) from None


def _configuration(path: Path) -> Configuration:
    return _or_leave(lambda: load_configuration(path))


def _settings() -> Settings:
    return _or_leave(read_settings)


def _done(code: int) -> None:
    if code:
        raise typer.Exit(code)


def _of_the_demo(name: str) -> Any:
    """Import a module of the demo, whose sandbox is an extra that the running bot does not need."""
    try:
        return import_module(f"bot.demo.{name}")
    except ModuleNotFoundError as missing:
        typer.echo(
            f"jitbot: {missing.name} is not installed here: type make demo or make story in a checkout.", err=True
        )
        raise typer.Exit(_UNUSABLE) from None


@app.command()
def run(
    config: ConfigPath = DEFAULT,
    *,
    http: Annotated[bool, typer.Option("--http", help="Take Slack's requests over HTTP, not Socket Mode.")] = False,
) -> None:
    """Run the bot until it is told to stop (SIGTERM or Ctrl-C)."""
    settings = _settings()
    _or_leave(lambda: settings.require_slack(http=http))
    _done(commands.run(settings, _configuration(config), str(config), http=http))


@app.command()
def demo(
    port: Annotated[int, typer.Option(help="Where the Slack of the demo listens; 0 takes a free port.")] = 8765,
) -> None:
    """Run the bot with a Slack workspace and an AWS of its own, on this machine."""
    _done(_of_the_demo("run").run_demo(port))


@app.command()
def story() -> None:
    """Tell one standard and one custom request from asking to expiry, as it really happens, and end."""
    _done(_of_the_demo("story").tell_story(sys.stdout))


@config_app.command("check")
def config_check(config: ConfigPath = DEFAULT) -> None:
    """Check the configuration; every mistake is told with its line and its mend."""
    typer.echo(commands.summary(_configuration(config), str(config)))


@db_app.command("upgrade")
def db_upgrade(config: ConfigPath = DEFAULT) -> None:  # noqa: ARG001 - every command takes it
    """Bring the database's tables up to date."""
    _done(commands.upgrade(_settings()))


@audit_app.command("verify")
def audit_verify(
    config: ConfigPath = DEFAULT,  # noqa: ARG001 - every command takes it
    anchor: Annotated[str, typer.Option(help="seq:hash from a checkpoint, to notice a cut or rewritten log.")] = "",
) -> None:
    """Check the chain of the audit log, beside a running bot too."""
    _done(commands.verify(_settings(), anchor))


@audit_app.command("export")
def audit_export(config: ConfigPath = DEFAULT) -> None:  # noqa: ARG001 - every command takes it
    """Write the audit log as JSON Lines to standard output, beside a running bot too."""
    _done(commands.export(_settings(), sys.stdout))


@sessions_app.command("list")
def sessions_list(config: ConfigPath = DEFAULT) -> None:  # noqa: ARG001 - every command takes it
    """List live sessions, the one that ends first first."""
    _done(commands.list_sessions(_settings(), sys.stdout))


@sessions_app.command("revoke")
def sessions_revoke(
    request: Annotated[str, typer.Argument(help="The number of the request, such as REQ-1042.")],
    reason: Annotated[str, typer.Option(help="Why; the holder and the audit log read it.")],
    config: ConfigPath = DEFAULT,
) -> None:
    """End a session: the order goes into the database, beside a running bot too, and the bot removes the access."""
    _done(revoking.revoke(_settings(), _configuration(config), request, reason, sys.stdout))


@app.command()
def reconcile(
    config: ConfigPath = DEFAULT,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only read; works beside a running bot.")] = False,
) -> None:
    """Compare what AWS holds with the sessions; leaves with 1 where something differs."""
    _done(reconciling.reconcile(_settings(), _configuration(config), sys.stdout, dry_run=dry_run))


@app.command()
def sweep(config: ConfigPath = DEFAULT) -> None:
    """Take away what is over and still there, without the bot; leaves with 1 where there was something, or no bot."""
    _done(sweeping.sweep(_settings(), _configuration(config), sys.stdout))


def main() -> None:
    """Start the command line; what the database or the system refuses is said in words."""
    try:
        app()
    except (*commands.REFUSALS, OSError) as refusal:
        typer.echo(f"jitbot: {commands.in_words(refusal)}", err=True)
        sys.exit(_UNUSABLE)
