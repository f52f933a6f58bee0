"""How figures are written for people."""

from models.evaluation.figures import Figures, Range


def figure(value: float | None, interval: Range | None = None) -> str:
    """A figure to three decimals with its interval, as `.812 (.790 to .833)`; a dash where it can't be told."""
    if value is None:
        return "-"
    if interval is None or interval[0] is None or interval[1] is None:
        return _short(value)
    return f"{_short(value)} ({_short(interval[0])} to {_short(interval[1])})"


def of(figures: Figures, name: str) -> str:
    """One of a predictor's figures with its interval."""
    value: float | None = getattr(figures, name)
    return figure(value, figures.interval.get(name))


def counted(counts: dict[str, int]) -> list[tuple[str, str]]:
    """What was counted, each kind in words."""
    return [(kind.replace("/", ": ").replace("-", " "), f"{count:,}") for kind, count in sorted(counts.items())]


def state_size(count: int, *, is_pickled: bool) -> str:
    """Bytes of a model's state, and whether they are only those of a pickle."""
    return f"{count:,} as a pickle" if is_pickled else f"{count:,}"


def _short(value: float) -> str:
    return f"{value:.3f}".replace("0.", ".", 1) if abs(value) < 1 else f"{value:.3f}"
