"""How often Python looks for garbage in cycles, where a process folds."""

import gc

_ALLOCATIONS_BEFORE_COLLECTION = 100_000
_YOUNG_COLLECTIONS_BEFORE_OLD = 50


def collect_seldom() -> None:
    """Lets Python look for garbage in cycles seldom: a fold makes none, and a look goes through every patient held.

    With the defaults a worker spends a quarter of its time on it. What is imported by now is never looked at again.
    """
    gc.freeze()
    gc.set_threshold(_ALLOCATIONS_BEFORE_COLLECTION, _YOUNG_COLLECTIONS_BEFORE_OLD, _YOUNG_COLLECTIONS_BEFORE_OLD)
