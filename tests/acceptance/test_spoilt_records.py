"""Garbage, and readings that are spoilt in any field, have one answer each and never end the fold."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from models import codec
from models.events import Assessment, DeadLetter
from tests.acceptance.stories import GARBAGE

examples = settings(max_examples=300, deadline=None, derandomize=True, database=None)


@examples
@given(st.lists(st.one_of(st.binary(max_size=40), st.sampled_from(GARBAGE)), max_size=5))
def test_garbage_is_one_dead_letter_each_and_never_an_exception(wards, values):
    ward = wards()

    for value in values:
        [letter] = ward.send(value)
        assert isinstance(letter, DeadLetter)
        assert letter.value == value


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)
READING = {
    "type": "Reading",
    "reading_id": "d1-1",
    "patient_id": "p1",
    "device_id": "d1",
    "effective_at": "2026-11-21T03:00:00Z",
    "received_at": "2026-11-21T03:00:00Z",
    "measurements": [{"code": "8867-4", "value": 72, "unit": "/min"}],
}


spoilt_fields = st.dictionaries(
    st.sampled_from([*sorted(READING), "device_type", "origin", "v"]), json_values, max_size=2
)
spoilt_measurements = st.fixed_dictionaries(
    {
        "code": st.sampled_from(["8867-4", "9279-1", "59408-5", "8310-5", "67775-7", "9269-2", "3150-0", "2339-0"]),
        "value": json_values,
        "unit": st.sampled_from(["/min", "%", "Cel", "[degF]", "{score}", "mmol/L", None, "kg"]),
    }
)
spoilt_readings = spoilt_fields | st.fixed_dictionaries({"measurements": st.lists(spoilt_measurements, max_size=3)})


@examples
@given(st.lists(spoilt_readings, min_size=1, max_size=6))
def test_a_reading_spoilt_in_any_field_is_one_assessment_or_one_dead_letter(wards, spoilt):
    ward = wards()
    ward.tick("03:00:00")

    for changes in spoilt:
        if changes.get("type") == "Tick":
            continue
        outputs = ward.send(json.dumps({**READING, **changes}).encode())
        answers = [output for output in outputs if isinstance(output, Assessment | DeadLetter)]
        assert len(answers) == 1, changes
        assert getattr(answers[0], "reason", None) != "fold-failed", answers
        codec.encode(answers[0])
