"""What looks on once a minute and raises no alert: flat lines, spikes, drifts, trends, the trees, and other scores.

It looks at readings that came in time, after the alerts were made, and has a state of its own: whatever it does or
fails to do, it changes no alert and no patient's picture.
"""

import zlib
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple, TypeVar

import msgspec
from msgspec import Struct, field, structs

from models.alerting.policy import Rules
from models.detectors import drift, flat_line, half_space_trees, rhythm, spike, trend
from models.detectors.drift import Drift
from models.detectors.flat_line import FlatRun
from models.detectors.half_space_trees import Packed, PooledTrees
from models.detectors.trend import Trend
from models.events import Finding, Forecast, OtherScores
from models.instants import MINUTE, moment_of
from models.other_scores import other_scores
from models.picture import Patient
from models.stretch import Stretch, stretches
from models.vital_signs import SIGNS
from models.worn import Worn, is_worn

KEY = b"lookout/"
_WATCHED = KEY + b"patient/"
_TREES = KEY + b"trees"
_EVERY = MINUTE
_HOME = "home"  # Where people climb stairs and run, a pulse says nothing unless steps tell that they rest.
_SHARE_AT_HOME = 0.25  # Sport without steps takes half an hour or more, an illness days.
_Rhythms = dict[str, tuple[float, float]]
_State = TypeVar("_State")


class Watched(Struct, gc=False, array_like=True):
    """What is remembered of one patient, by code; what is usual takes no place.

    `last` is the time of the last look, `scored` that of the last look of the trees. `rare` is since when the trees
    find the signs rare, with how often in a row; they are told the second time. `worn` is of a watch at home.
    """

    last: int | None = None
    runs: dict[str, FlatRun] = field(default_factory=dict)
    spikes: dict[str, int] = field(default_factory=dict)
    drifts: dict[str, Drift] = field(default_factory=dict)
    scored: int | None = None
    rare: tuple[int, int] | None = None
    worn: Worn | None = None
    trends: dict[str, Trend] = field(default_factory=dict)
    rhythms: dict[str, bytes] = field(default_factory=dict)


class Look(NamedTuple):
    """What one look has to tell."""

    findings: list[Finding]
    forecasts: list[Forecast]
    scores: OtherScores


class Lookout:
    """The looks at all patients of one partition."""

    def __init__(self) -> None:
        self._watched: dict[str, Watched] = {}
        self._due: dict[str, datetime] = {}
        self._trees = PooledTrees()
        self._changed: set[str] = set()
        self._is_trees_changed = self._is_trees_begun = False

    def is_due(self, patient_id: str, at: datetime) -> bool:
        """Whether a minute has passed since the last look at a patient; asked at each reading, so it is quick."""
        due = self._due.get(patient_id)
        return due is None or at >= due

    def look(self, patient: Patient, at: int, now: int, rules: Rules) -> Look:
        """What each detector begins or ceases to find or foretell: scored first, then learned; and other scores.

        `at` is the reading's time, `now` the partition's clock, by which scores judge freshness.
        """
        watched = self._watched.setdefault(patient.id, Watched())
        self._changed.add(patient.id)
        found = stretches(patient, watched.last)
        watched.last = at
        self._due[patient.id] = moment_of(at + _EVERY)
        told: list[Finding | None] = []
        for stretch in found:
            told += _look_at_sensor(watched, stretch)
        rhythms = _rhythms_at(watched, at)
        told += _look_for_drift(watched, patient, found, at, rhythms, rules)
        if watched.scored is None or at >= watched.scored + half_space_trees.EVERY:
            told.append(self._score(watched, patient, at, rhythms))
        if is_worn(patient):
            watched.worn = watched.worn or Worn()
            told += watched.worn.look(patient, at)
        _learn_rhythms(watched, patient, found)
        return Look(
            findings=[finding for finding in told if finding is not None],
            forecasts=_look_ahead(watched, patient, found, at, rhythms, rules),
            scores=other_scores(patient, now),
        )

    def forget(self, patient_id: str) -> None:
        """Begins anew with a patient."""
        if patient_id in self._watched:
            self._watched[patient_id] = Watched()
            self._due.pop(patient_id, None)
            self._changed.add(patient_id)

    def _score(self, watched: Watched, patient: Patient, at: int, rhythms: _Rhythms) -> Finding | None:
        features = half_space_trees.features_of(patient, at, rhythms)
        if features is None:
            return None
        watched.scored = at
        score, share = self._trees.score(features)
        before, is_rare = watched.rare, share <= half_space_trees.RARE
        since, times = before or (at, 0)
        watched.rare = (since, min(times + 1, 2)) if is_rare else None
        finding = None
        if is_rare and times == 1:
            drivers = self._trees.drivers(features, score)
            finding = half_space_trees.begun(features, drivers, since, score, share)
        elif not is_rare and times == 2:
            finding = half_space_trees.over(since, score)
        self._trees.learn(features, None if is_rare and times == 0 else score)  # Or it would bear witness to itself.
        self._is_trees_changed = self._is_trees_begun = True
        return finding

    # --- Checkpoints -------------------------------------------------------------------------------------------------

    def changed(self) -> list[tuple[bytes, bytes]]:
        """Entries that changed since the last call, by key."""
        entries = [self._watched_entry(patient_id) for patient_id in sorted(self._changed)]
        if self._is_trees_changed:
            entries.append(self._trees_entry())
        self._changed.clear()
        self._is_trees_changed = False
        return entries

    def entries(self) -> Iterator[tuple[bytes, bytes]]:
        """All of it, by key."""
        for patient_id in sorted(self._watched):
            yield self._watched_entry(patient_id)
        if self._is_trees_begun:
            yield self._trees_entry()

    def readable(self) -> Iterator[tuple[str, object]]:
        """All of it, by key, as plain values; of the trees only how they are."""
        for patient_id in sorted(self._watched):
            yield (
                (_WATCHED + patient_id.encode()).decode(),
                msgspec.to_builtins(structs.asdict(self._watched[patient_id])),
            )
        if self._is_trees_begun:
            yield _TREES.decode(), msgspec.to_builtins(self._trees.pack())

    def restore(self, key: bytes, value: bytes) -> None:
        """Takes one entry back; raises msgspec.MsgspecError or ValueError on anything else."""
        if key == _TREES:
            try:
                packed = zlib.decompress(value)
            except zlib.error as error:
                raise ValueError(f"it does not decompress: {error}") from error
            self._trees.restore(msgspec.msgpack.decode(packed, type=Packed))
            self._is_trees_begun = True
        elif key.startswith(_WATCHED):
            patient_id = key[len(_WATCHED) :].decode()
            watched = self._watched[patient_id] = msgspec.msgpack.decode(value, type=Watched)
            if watched.last is not None:
                self._due[patient_id] = moment_of(watched.last + _EVERY)
        else:
            raise ValueError("no entry of what looks on")

    def _watched_entry(self, patient_id: str) -> tuple[bytes, bytes]:
        return _WATCHED + patient_id.encode(), msgspec.msgpack.encode(self._watched[patient_id])

    def _trees_entry(self) -> tuple[bytes, bytes]:
        return _TREES, zlib.compress(msgspec.msgpack.encode(self._trees.pack()), level=1)


def _look_at_sensor(watched: Watched, stretch: Stretch) -> list[Finding | None]:
    """Flat lines and spikes of one sign."""
    code = stretch.sign.code
    run, flat = flat_line.look(watched.runs.get(code), stretch)
    told_at, jumped = spike.look(watched.spikes.get(code), stretch)
    _keep(watched.runs, code, run)
    _keep(watched.spikes, code, told_at)
    return [flat, jumped]


def _rhythms_at(watched: Watched, at: int) -> _Rhythms:
    """What is usual at this hour, by code, of the signs of which it is known."""
    usuals = ((code, rhythm.usual_at(packed, at, SIGNS[code].baseline)) for code, packed in watched.rhythms.items())
    return {code: usual for code, usual in usuals if usual is not None}


def _learn_rhythms(watched: Watched, patient: Patient, found: list[Stretch]) -> None:
    """Takes a value of each sign in each quarter of an hour; at home of somebody who rests, or of whom nobody knows."""
    for stretch in found:
        code, usual, at = stretch.sign.code, stretch.sign.baseline, stretch.history.at
        if code not in half_space_trees.SIGNS_SEEN or usual is None or not rhythm.is_due(watched.rhythms.get(code), at):
            continue
        value = stretch.history.median if stretch.is_continuous else stretch.values[-1]
        if (value == 0 and stretch.sign.zero_is_urgent) or rhythm.is_at_rest(patient, at) is False:
            continue
        watched.rhythms[code] = rhythm.learning(watched.rhythms.get(code), value, at, usual)


def _look_for_drift(
    watched: Watched, patient: Patient, found: list[Stretch], at: int, rhythms: _Rhythms, rules: Rules
) -> list[Finding | None]:
    """Drifts as they go on; at home only of signs whose rhythm is known, and only while steps tell of rest."""
    share = 1.0
    if patient.known.setting == _HOME:
        share = _SHARE_AT_HOME
        found = [each for each in found if each.sign.code in rhythms] if rhythm.is_at_rest(patient, at) else []
    told: list[Finding | None] = []
    drifts = watched.drifts
    for stretch in found:
        code = stretch.sign.code
        before = drifts.get(code)
        _keep(drifts, code, now := drift.look(before, stretch, rhythms.get(code), share=share))
        if before is not None and now is None:
            told.append(drift.end(before, code))
    if any(each.is_to_be_told for each in drifts.values()):
        fresh = frozenset(code for code in patient.vitals if (seen := patient.observe(code, at)) and seen.is_fresh)
        for stretch in found:
            code, baseline = stretch.sign.code, stretch.vital.baseline
            if baseline is not None:
                usual, _ = rhythms.get(code) or (baseline.mean, 0.0)
                told.append(drift.tell(drifts, code, patient, fresh, usual, rules))
    return told


def _look_ahead(
    watched: Watched, patient: Patient, found: list[Stretch], at: int, rhythms: _Rhythms, rules: Rules
) -> list[Forecast]:
    """The trends as they go on, but not at home; one of a sign that went stale is over."""
    trends = watched.trends
    forecasts: list[Forecast | None] = []
    if patient.known.setting == _HOME:
        found = []
    for stretch in found:
        baseline, code = stretch.vital.baseline, stretch.sign.code
        if baseline is None:
            continue
        usual, _ = rhythms.get(code) or (baseline.mean, 0.0)
        before = trends.get(code)
        now, told = trend.look(before, stretch, patient, usual, rules)
        if now is not before:
            _keep(trends, code, now)
        forecasts.append(told)
    for code in [code for code in trends if (seen := patient.observe(code, at)) is None or not seen.is_fresh]:
        forecasts.append(trend.over(trends.pop(code), code, patient, rules))
    return [told for told in forecasts if told is not None]


def _keep(kept: dict[str, _State], code: str, value: _State | None) -> None:
    """Puts a state in its place, or takes it away."""
    if value is not None:
        kept[code] = value
    else:
        kept.pop(code, None)
