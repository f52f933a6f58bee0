"""Reading the configuration that is deployed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def read_yaml() -> Callable[[str], Any]:
    """Reads a YAML file of the repository."""

    def read(name: str) -> Any:
        return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))

    return read
