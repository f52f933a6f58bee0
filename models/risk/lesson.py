"""What a model learned from, as it is told with every version."""

from msgspec import Struct

from models.events import Learned
from models.instants import moment_of


class Lesson(Struct, array_like=True):
    """What was learned from so far: how many examples, of how many the worst came, looked at from when to when."""

    examples: int = 0
    positives: int = 0
    since: int | None = None
    until: int = 0

    def take(self, at: int, label: bool) -> None:
        """Counts one more example."""
        self.examples += 1
        self.positives += label
        self.since = at if self.since is None else min(self.since, at)
        self.until = max(self.until, at)

    def told(self) -> Learned | None:
        """The same as it is published; nothing before the first example."""
        if self.since is None:
            return None
        return Learned(
            examples=self.examples,
            positives=self.positives,
            since=moment_of(self.since),
            until=moment_of(self.until),
        )
