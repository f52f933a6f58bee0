"""One patient's state in a checkpoint: explicit numbers, never a pickle."""

import msgspec
from msgspec import Struct
from river.utils import VectorDict

from benchmarks.reference.job import VITALS, Patient


class BadState(Exception):
    """A checkpoint entry that is not one of this job's."""


class _State(Struct, array_like=True):
    """All that the models of one patient have learned, in the order of VITALS; River gives its averages as bytes."""

    means: list[bytes]
    variances: list[bytes]
    seen: list[int]
    centres: list[float]
    spreads: list[float]
    weights: list[float]
    intercept: float
    steps: int


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(_State).decode


def encode_state(patient: Patient) -> bytes:
    """The state of a patient who has had a panel."""
    scaler, regression = patient.risk["StandardScaler"], patient.risk["LogisticRegression"]
    return _encode(
        _State(
            means=[patient.mean[name]._ewmean.__getstate__() for name in VITALS],
            variances=[patient.var[name]._ewvar.__getstate__() for name in VITALS],
            seen=[scaler.counts[name] for name in VITALS],
            centres=[scaler.means[name] for name in VITALS],
            spreads=[scaler.vars[name] for name in VITALS],
            weights=[regression.weights[name] for name in VITALS],
            intercept=regression.intercept,
            steps=regression.optimizer.n_iterations,
        )
    )


def decode_state(value: bytes) -> Patient:
    """The patient again; raises BadState on anything else."""
    try:
        state = _decode(value)
    except msgspec.DecodeError as error:
        raise BadState(str(error)) from error
    patient = Patient()
    for name, mean, variance in zip(VITALS, state.means, state.variances, strict=True):
        patient.mean[name]._ewmean.__setstate__(mean)
        patient.var[name]._ewvar.__setstate__(variance)
    scaler, regression = patient.risk["StandardScaler"], patient.risk["LogisticRegression"]
    scaler.counts.update(dict(zip(VITALS, state.seen, strict=True)))
    scaler.means.update(zip(VITALS, state.centres, strict=True))
    scaler.vars.update(zip(VITALS, state.spreads, strict=True))
    regression._weights = VectorDict(dict(zip(VITALS, state.weights, strict=True)))
    regression.intercept, regression.optimizer.n_iterations = state.intercept, state.steps
    return patient
