"""Which version of a model is published: a candidate is frozen, tried, and held back when it did worse.

A candidate is tried on examples that were looked at only after all that it learned was known: patients look alike from
hour to hour, so a model that has just learned a patient's last hour would seem to foretell the next one.
"""

import heapq
from collections.abc import Callable, Mapping
from typing import Protocol

from msgspec import Struct, field
from msgspec.structs import replace

from models.events import ModelName, ModelPublished, Origin, Weight
from models.instants import moment_of
from models.risk.lesson import Lesson
from models.risk.progress import Progress, loss
from models.risk.subgroups import Subgroups

LEAST_OF_EACH = 10


class Frozen(Struct, array_like=True):
    """A model as it was after the example at offset `version`; `known_at`: no label that it learned is later."""

    version: int
    known_at: int
    lesson: Lesson
    model: bytes


_Forecast = tuple[int, float, float, int, bool, str, str, str]
"""When it counts, what the candidate and the one in force foretold, known points, what came; age band, sex, unit."""


class _Trial(Struct, array_like=True):
    """Log loss of the candidate, and of the version in force on the same examples.

    `waiting` holds forecasts until a quiet course would be known too: bad news comes first, and would weigh too much.
    """

    examples: int = 0
    loss: float = 0.0
    loss_in_force: float = 0.0
    waiting: list[_Forecast] = field(default_factory=list)


class Standing(Struct):
    """All that a gate remembers."""

    lesson: Lesson = field(default_factory=Lesson)
    known_at: int = 0
    held_back: int = 0
    progress: Progress = field(default_factory=Progress)
    subgroups: Subgroups = field(default_factory=Subgroups)
    candidate: Frozen | None = None
    trial: _Trial = field(default_factory=_Trial)
    in_force: Frozen | None = None
    published: ModelPublished | None = None


class Question(Struct, frozen=True):
    """One example, looked at `at`; its forecast counts from `counts_at` on. `groups` are age band, sex and unit."""

    at: int
    counts_at: int
    known_points: int
    groups: tuple[str, str, str]
    features: Mapping[str, float]


class Predicts(Protocol):
    """A frozen model."""

    def predict(self, features: Mapping[str, float], /) -> float:
        """The probability that the worst comes."""


class Told(Struct, frozen=True):
    """What is published of a frozen model."""

    intercept: float
    weights: list[Weight]
    curve: bytes | None = None


class Kind(Struct, frozen=True, kw_only=True):
    """Of which model a gate is, how its frozen form is taken up and told, and how long a trial is.

    A trial lasts for one example in `growth` of those learned, at least `least` and at most `most`.
    """

    name: ModelName
    taken_up: Callable[[bytes], Predicts]
    told: Callable[[bytes], Told]
    least: int
    most: int
    growth: int


class Gate:
    """The candidate and the version in force of one model, and the judgement between them."""

    def __init__(self, kind: Kind, by: str, origin: Origin) -> None:
        self.standing = Standing()
        self._kind = kind
        self._by = by
        self._origin: Origin = origin
        self._candidate: Predicts | None = None
        self._in_force: Predicts | None = None

    def judge(self, question: Question, label: bool) -> tuple[float, float] | None:
        """What the candidate and the version in force foretell, if the candidate can know nothing of the example."""
        standing = self.standing
        if standing.candidate is None or self._candidate is None or question.at < standing.candidate.known_at:
            return None
        foretold = self._candidate.predict(question.features)
        in_force = self._foretold_in_force(question.features)
        forecast = (question.counts_at, foretold, in_force, question.known_points, label, *question.groups)
        heapq.heappush(standing.trial.waiting, forecast)
        return foretold, in_force

    def learned(self, at: int, known_at: int, label: bool) -> None:
        """One more example was learned; forecasts of which anything would be known by now are counted."""
        standing, trial = self.standing, self.standing.trial
        standing.lesson.take(at, label)
        standing.known_at = max(standing.known_at, known_at)
        while trial.waiting and trial.waiting[0][0] <= standing.known_at:
            _, foretold, in_force, known_points, came, *groups = heapq.heappop(trial.waiting)
            trial.examples += 1
            trial.loss += loss(foretold, came)
            trial.loss_in_force += loss(in_force, came)
            standing.progress.count(foretold, known_points, came)
            standing.subgroups.count(groups, foretold, known_points, came)

    @property
    def is_due(self) -> bool:
        """Whether there is enough for a first candidate, or to decide: the more is known, the longer a trial."""
        lesson, kind = self.standing.lesson, self._kind
        if self.standing.candidate is None:
            return min(lesson.positives, lesson.examples - lesson.positives) >= LEAST_OF_EACH
        return self.standing.trial.examples >= min(max(lesson.examples // kind.growth, kind.least), kind.most)

    def decide(self) -> bool:
        """Publishes the candidate, unless it did worse than the version in force; whether there is a new version."""
        standing, candidate = self.standing, self.standing.candidate
        if candidate is None:
            return False
        if standing.trial.loss > standing.trial.loss_in_force:
            standing.held_back += 1
            return False
        standing.in_force, self._in_force = candidate, self._candidate
        told = self._kind.told(candidate.model)
        standing.published = ModelPublished(
            version=candidate.version,
            model=self._kind.name,
            at=moment_of(candidate.known_at),
            by=self._by,
            intercept=told.intercept,
            weights=told.weights,
            curve=told.curve,
            quality=standing.progress.quality(),
            learned=candidate.lesson.told(),
            subgroups=standing.subgroups.told(standing.progress),
            origin=self._origin,
        )
        return True

    def freeze(self, offset: int, model: bytes) -> None:
        """Makes the model as it is now the candidate, and begins its trial."""
        standing = self.standing
        standing.candidate = Frozen(offset, standing.known_at, replace(standing.lesson), model)
        self._candidate = self._kind.taken_up(model)
        standing.trial = _Trial()

    def restore(self, standing: Standing) -> None:
        """Goes on from what was remembered."""
        self.standing = standing
        self._candidate = None if standing.candidate is None else self._kind.taken_up(standing.candidate.model)
        self._in_force = None if standing.in_force is None else self._kind.taken_up(standing.in_force.model)

    def _foretold_in_force(self, features: Mapping[str, float]) -> float:
        """What the version in force says or, while there is none, how often it came to the worst so far."""
        if self._in_force is not None:
            return self._in_force.predict(features)
        lesson = self.standing.lesson
        return (lesson.positives + 1) / (lesson.examples + 2)
