"""List the alerts that stand, look at one, and answer."""

import click

from vigil.discovered_commands import DiscoveredCommands


@click.group(cls=DiscoveredCommands, package=__name__)
def command() -> None:
    """List the alerts that stand, look at one, and answer.

    An answer is a record on the log like any other, and the workers say what becomes of it. On live topics its time is
    that of the wall clock; topics of a replay or a simulation have a time of their own, and there it is that of the
    newest tick on the patient's partition.

    \b
    Example:
        vigil alerts list --ward A1
    """
