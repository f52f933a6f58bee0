"""Which version of a model is in force: the highest heard of that was not withdrawn."""

from msgspec import Struct, field

from models.events import ModelPublished, ModelWithdrawn, Weight
from models.risk.prediction import Predictor, UnusableModel
from models.risk.stay_model import Form, StayPredictor

_KEPT = 3


class Kept(Struct, array_like=True):
    """One version as it was published: all that scoring needs. Only a model of stays has a curve."""

    version: int
    intercept: float
    weights: list[Weight]
    curve: bytes | None = None

    def predictor(self) -> Predictor | StayPredictor:
        """The same, to score with."""
        if self.curve is None:
            return Predictor(self.version, self.intercept, self.weights)
        return StayPredictor(self.version, Form(self.intercept, self.weights, self.curve))


class Registry(Struct):
    """The last three versions, the oldest first, and how many publications came too late to matter.

    `latest` is the highest version ever heard: what is not above it is ignored, a version that was withdrawn too.
    """

    latest: int = -1
    ignored: int = 0
    kept: list[Kept] = field(default_factory=list)

    def publish(self, model: ModelPublished) -> None:
        """Takes a version into force if it is above all before; raises UnusableModel and changes nothing."""
        if model.version <= self.latest:
            self.ignored += 1
            return
        if (model.curve is None) == (model.model == "stay"):
            raise UnusableModel(f"version {model.version}: a model of stays has a curve, and no other")
        new = Kept(model.version, model.intercept, model.weights, model.curve)
        new.predictor()
        self.latest = model.version
        self.kept = [*self.kept, new][-_KEPT:]

    def withdraw(self, withdrawn: ModelWithdrawn) -> None:
        """Goes back to the last version before; when none of those is kept, nothing is foretold."""
        self.kept = [kept for kept in self.kept if kept.version < withdrawn.version]

    @property
    def in_force(self) -> Predictor | StayPredictor | None:
        """What to score with; made anew, so ask once a change."""
        return self.kept[-1].predictor() if self.kept else None
