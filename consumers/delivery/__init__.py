"""Delivery: every notification gets to people, at least once, and it is told where nobody could be reached.

What is due, to whom and when is worked out from the log alone by pure functions of the time (`routing`, `book`,
`plan`, `grouping`), so a restart comes to the same; the rest carries it out (`outbox`, `channels`) and keeps what was
delivered (`ledger`).
"""
