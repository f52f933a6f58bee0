"""Tables for a terminal."""

from vigil.evaluation.page import Table


def columns(table: Table) -> list[str]:
    """A table as lines of one width a column, names to the left and figures to the right."""
    lines = [list(table.heads), *(list(row) for row in table.rows)]
    widths = [max(len(line[at]) for line in lines) for at in range(len(table.heads))]
    return [
        "  ".join(cell.ljust(width) if not at else cell.rjust(width) for at, (cell, width) in enumerate(pairs))
        for pairs in (list(zip(line, widths, strict=True)) for line in lines)
    ]
