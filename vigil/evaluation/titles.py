"""What predictors are called where people read of them."""

_TITLES = {
    "news2": "NEWS2",
    "news2_last": "NEWS2, last values",
    "mews": "MEWS",
    "mews_last": "MEWS, last values",
    "qsofa": "qSOFA",
    "vitals_only_sirs": "SIRS, vitals only",
    "shock_index": "shock index",
}


def titled(name: str, *, is_online: bool = True) -> str:
    """A rule by its own name; a model with whether it learns online or was fitted at once, since both may share one."""
    if name in _TITLES:
        return _TITLES[name]
    return f"{name.replace('_', ' ')}, {'online' if is_online else 'batch'}"
