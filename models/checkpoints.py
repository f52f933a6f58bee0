"""What every state that is kept in Kafka has in common: it is read exactly, or not at all."""


class BadCheckpoint(Exception):
    """A checkpoint entry that this version can't read; going on without it would forget what was learned."""
