"""The error that a command ends with: one line that says what to do."""

import click


class CommandFailed(click.ClickException):
    """What the command promised did not happen; the message says why and what to do."""
