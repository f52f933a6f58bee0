"""The `vigil` command, which finds its subcommands in the files of `vigil/commands`."""

import importlib.metadata
import sys
from typing import NoReturn

import click

from vigil.discovered_commands import DiscoveredCommands


def _print_version(ctx: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    if wanted:
        click.echo(f"vigil {importlib.metadata.version('vigil-monitor')}")
        ctx.exit()


@click.group(
    cls=DiscoveredCommands,
    package="vigil.commands",
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version, help="Show the version."
)
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Vigil watches people's vital signs and explains every alert it raises.

    It assists clinicians and never replaces them: it is decision support, not a medical device. It never treats and
    never hides, and it says what it does not know.

    \b
    Start here:
        vigil demo
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def main() -> NoReturn:
    """Runs the command line and leaves with its exit status: 0 only when what was promised happened."""
    try:
        status = cli.main(prog_name="vigil", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        sys.exit(0)
    except click.ClickException as error:
        click.echo(f"vigil: {_explain(error)}", err=True)
        sys.exit(error.exit_code)
    except click.Abort:
        sys.exit(130)
    sys.exit(status if isinstance(status, int) else 0)


def _explain(error: click.ClickException) -> str:
    message = error.format_message()
    if isinstance(error, click.UsageError) and error.ctx is not None:
        return f"{message} See: {error.ctx.command_path} --help"
    return message
