"""The command ``dongjian``: one module of this package for each subcommand, loaded when asked.

The list of commands is made of the modules' docstrings, "``dongjian name``: what it does.", so that
it imports nothing. A module ``streams/cli/<name>.py`` exposes a click command or group as
``command``; underscores of the name are hyphens on the command line. Exit codes: 0 done, 1 done
and something was wrong (said on standard error), 2 wrong usage or settings.
"""

from __future__ import annotations

import ast
import importlib
import importlib.util
import pkgutil
from importlib.abc import InspectLoader

import click

from schemas.errors import DongjianError, SettingsError

__all__ = ["main"]


class _Subcommands(click.Group):
    """Finds subcommands by module, so that ``dongjian decode`` does not import Kafka and Faust."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        names = (module.name for module in pkgutil.iter_modules(__path__))
        return sorted(name.replace("_", "-") for name in names if not name.startswith("_"))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        module = importlib.import_module(_module(cmd_name))
        command = module.command
        if not isinstance(command, click.Command):
            raise TypeError(f"{module.__name__}.command is no click command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [(name, _purpose(name)) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl(rows)

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except SettingsError as error:
            raise click.UsageError(str(error)) from error
        except DongjianError as error:
            raise click.ClickException(str(error)) from error


def _module(name: str) -> str:
    return f"{__name__}.{name.replace('-', '_')}"


def _purpose(name: str) -> str:
    """First line of a subcommand's module, without the command's name."""
    spec = importlib.util.find_spec(_module(name))
    if spec is None or not isinstance(spec.loader, InspectLoader):
        return ""
    source = spec.loader.get_source(spec.name) or ""
    line = (ast.get_docstring(ast.parse(source)) or "").partition("\n")[0]
    said = line.partition(": ")[2] or line
    return said[:1].upper() + said[1:]


@click.command(cls=_Subcommands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="dongjian", prog_name="dongjian")
def main() -> None:
    """Dongjian (东检): continuous legal supervision for procuratorates.

    Record changes of agencies come in through Kafka or the embedded log; supervision models
    (法律监督模型) look at each at once; alerts (监督线索) go to Redis, and are withdrawn when the
    record behind them is corrected.

    Each command explains itself: dongjian COMMAND --help
    """
