"""Measure how well Vigil foretells on labelled records, in stream order."""

import click

from vigil.discovered_commands import DiscoveredCommands


@click.group(cls=DiscoveredCommands, package=__name__)
def command() -> None:
    """Measure how well Vigil foretells on labelled records: predict, then learn, never looking ahead.

    \b
    Example:
        vigil evaluate physionet2012 --learn set-a.tar.gz:Outcomes-a.txt --judge set-b.tar.gz:Outcomes-b.txt
    """
