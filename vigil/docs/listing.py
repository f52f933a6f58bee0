"""Programs shown on a page as they stand in their files."""

from collections.abc import Callable
from pathlib import Path


def listing(name: str) -> Callable[[Path], str]:
    """A Python file of the repository as a block of code."""

    def render(root: Path) -> str:
        return f"```python\n{(root / name).read_text(encoding='utf-8').rstrip()}\n```"

    return render
