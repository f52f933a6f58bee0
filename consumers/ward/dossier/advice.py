"""The recommendations of one patient: those that stand, and what became of those before."""

from msgspec import Struct
from msgspec.structs import replace

from consumers.ward.views.patient import RecommendationView
from models.alerting.state import RANK
from models.events import Decision, Recommendation, RecommendationKind

_MOST = 50


class _Told(Struct):
    """A recommendation as it was last told, and what was answered to it."""

    newest: Recommendation
    decision: Decision | None = None


class Advice:
    """The newest 50 recommendations of a patient; one of a kind stands, answered or not, until it is withdrawn."""

    __slots__ = ("_standing", "_told")

    def __init__(self) -> None:
        self._told: dict[str, _Told] = {}
        self._standing: dict[RecommendationKind, str] = {}

    def take(self, told: Recommendation) -> None:
        """Takes a recommendation as it is told: a new one takes the place of what stood of its kind."""
        name = told.recommendation_id
        standing = self._standing.pop(told.kind, None)
        if standing is not None and standing != name:
            if told.state == "withdrawn":  # Of one that stood before what stands: that stays.
                self._standing[told.kind] = standing
            else:
                before = self._told[standing]
                before.newest = replace(before.newest, state="withdrawn")
        known = self._told.setdefault(name, _Told(told))
        known.newest = told
        if told.state != "withdrawn":
            self._standing[told.kind] = name
            known.decision = None if told.state == "proposed" else told.state
        if len(self._told) > _MOST:
            del self._told[next(each for each in self._told if each not in self._standing.values())]

    def views(self) -> list[RecommendationView]:
        """Those that stand, the most urgent first; then the others, the newest first."""
        views = sorted((_view(told) for told in self._told.values()), key=lambda view: -view.at)
        return sorted(views, key=lambda view: 1 if view.state == "withdrawn" else -RANK[view.priority])


def _view(told: _Told) -> RecommendationView:
    newest = told.newest
    return RecommendationView(
        recommendation_id=newest.recommendation_id,
        at=newest.at.timestamp(),
        kind=newest.kind,
        priority=newest.priority,
        text=newest.text,
        reason=newest.reason,
        codes=newest.codes,
        source=newest.source,
        state=newest.state,
        decision=told.decision,
        answered_by=newest.answered_by,
        answered_at=None if newest.answered_at is None else newest.answered_at.timestamp(),
        answer_reason=newest.answer_reason,
    )
