"""Writes what the documentation takes from the code, in the repository that is the working directory."""

from pathlib import Path

import click

from vigil.docs.pages import write


@click.command()
@click.option("--root", type=click.Path(file_okay=False, path_type=Path), default=".", help="The repository.")
def command(root: Path) -> None:
    """Write the generated parts of README.md and docs/, and name the files that changed."""
    for name in write(root):
        click.echo(f"wrote {name}")


if __name__ == "__main__":
    command()
