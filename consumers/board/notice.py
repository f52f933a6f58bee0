"""What a reader must be told before anything else: that the page is old."""


def staleness(now: float, *, heard_at: float, moved_at: float, lag: int, patience_seconds: float) -> str | None:
    """One sentence when the page no longer follows, by the wall clock in seconds; nothing while it does.

    `heard_at` is when a record last came, `moved_at` when the workers last got on, `lag` how many records wait.
    """
    silent = now - heard_at
    if silent > patience_seconds:
        return f"Nothing has come from Kafka for {silent:.0f} s: what stands here is that old, or older."
    stuck = now - moved_at
    if lag and stuck > patience_seconds:
        return f"The workers have not got on for {stuck:.0f} s, {lag:,} records wait: what stands here is old."
    return None
