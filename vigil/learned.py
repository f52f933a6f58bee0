"""What a run's learner made of its examples: the versions in force, or why there is none."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, get_args

import msgspec
from msgspec import Struct, field

from models.events import Example, ModelName, StayEnded, StayExample
from models.risk.gate import LEAST_OF_EACH
from vigil.published_models import PublishedVersion, read_models

_examples = msgspec.json.Decoder(Example | StayExample | StayEnded)
_WORST: dict[ModelName, str] = {"deterioration": "the worst came of", "stay": "death came of"}


class Models(Struct, frozen=True):
    """The version in force of each model that has one, and of the others why not."""

    in_force: dict[ModelName, PublishedVersion] = field(default_factory=dict)
    unpublished: dict[str, str] = field(default_factory=dict)


class Told:
    """How many examples of each model there were, and of how many the worst came; those of a stay when it has ended."""

    def __init__(self) -> None:
        self.labels: dict[ModelName, Counter[bool]] = {model: Counter() for model in get_args(ModelName)}
        self._waiting: Counter[str] = Counter()

    def take(self, value: bytes) -> None:
        """Counts one record."""
        match _examples.decode(value):
            case Example(label=label):
                self.labels["deterioration"][label] += 1
            case StayExample(patient_id=patient_id):
                self._waiting[patient_id] += 1
            case StayEnded(patient_id=patient_id, died=bool(died)):
                self.labels["stay"][died] += self._waiting.pop(patient_id, 0)

    def why_not(self, model: ModelName) -> str:
        """Why there is no version after these examples."""
        came, stayed_away = self.labels[model][True], self.labels[model][False]
        known = f"{_WORST[model]} {came:,} of {came + stayed_away:,} examples"
        if min(came, stayed_away) < LEAST_OF_EACH:
            return f"too few to begin: {known}, and of each kind {LEAST_OF_EACH} are needed"
        return (
            f"{known}, but no candidate has passed a trial: it takes enough later examples, and must do no worse there "
            "than always telling how often it came"
        )


def models_of(client: Mapping[str, Any], prefix: str, told: Told) -> Models:
    """What stands on the log of each model, beside what was told of its examples."""
    found = Models()
    for model in get_args(ModelName):
        log = read_models(client, prefix, model)
        if log.in_force is not None:
            found.in_force[model] = log.summary(log.in_force)
        else:
            found.unpublished[model] = told.why_not(model)
    return found
