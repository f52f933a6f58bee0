"""What can be set for the learner."""

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from streams.settings import ProcessSettings


class LearnerSettings(ProcessSettings):
    """Settings of the learner, from `VIGIL_LEARNER_...` in the environment or `[learner]` in the file."""

    model_config = SettingsConfigDict(env_prefix="VIGIL_LEARNER_", frozen=True, use_attribute_docstrings=True)

    transaction_examples: int = Field(default=500, gt=0)
    """Learn at most this many examples in one transaction."""

    checkpoint_seconds: float = Field(default=60, ge=0)
    """Keep all that was learned, 8 MB and more, when what is kept is this old; later examples are learned again."""

    metrics_port: int = Field(default=9170, ge=0, le=65535)
    """The port of metrics and health; 0 takes a free one and logs it."""

    @property
    def group(self) -> str:
        """The consumer group, whose committed offset says what is learned."""
        return learner_group(self.prefix)


def learner_group(prefix: str) -> str:
    """The consumer group of the learners of a prefix, of whom one learns and the others stand by."""
    return f"vigil-{prefix}-learner"
