"""One answer from beginning to end: its time, its record, its way to the log, and what became of it."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from aiokafka.errors import KafkaError

from consumers.answers.desk import Desk
from consumers.answers.log_time import NoTime, now_of
from consumers.answers.wishes import PauseWish, RecommendationWish, Wish, answer_of, decision_of, pause_of
from models import codec
from models.events import Alert, Answer, AnswerResult


class Answering:
    """Answers alerts and recommendations and pauses patients at one desk, each within the seconds given.

    Raises, beside what the desk raises, NoTime where a log has no time to count from, and `codec.Undecodable` for what
    no worker could read; of either nothing was published.
    """

    def __init__(self, client: Mapping[str, Any], desk: Desk) -> None:
        self._client = client
        self._desk = desk

    async def answer(self, wish: Wish, alert: Alert, seconds: float) -> AnswerResult:
        """What became of an answer to an alert."""
        deadline = asyncio.get_running_loop().time() + seconds
        now = await self._now(alert.subject, deadline, alert.at)
        return await self._give(answer_of(wish, alert, now), alert.subject, deadline)

    async def pause(self, wish: PauseWish, patient_id: str, seconds: float) -> AnswerResult:
        """What became of a pause for a patient."""
        deadline = asyncio.get_running_loop().time() + seconds
        now = await self._now(patient_id, deadline, None)
        return await self._give(pause_of(wish, patient_id, now), patient_id, deadline)

    async def decide(
        self, wish: RecommendationWish, patient_id: str, recommendation_id: str, seconds: float
    ) -> AnswerResult:
        """What became of an answer to a recommendation for a patient."""
        deadline = asyncio.get_running_loop().time() + seconds
        now = await self._now(patient_id, deadline, None)
        return await self._give(decision_of(wish, patient_id, recommendation_id, now), patient_id, deadline)

    async def _now(self, subject: str, deadline: float, otherwise: datetime | None) -> datetime:
        try:
            async with asyncio.timeout_at(deadline):
                return await now_of(self._client, self._desk.topics, self._desk.partition(subject), otherwise)
        except (KafkaError, TimeoutError) as error:
            raise NoTime(f"Kafka does not tell the time of its log ({type(error).__name__})") from error

    async def _give(self, answer: Answer, subject: str, deadline: float) -> AnswerResult:
        codec.decode(codec.encode(answer))
        return await self._desk.give(answer, subject, deadline - asyncio.get_running_loop().time())
