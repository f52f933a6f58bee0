"""One partition function for all: equal to Java's, and to what both clients have for it."""

import pytest
from aiokafka.partitioner import murmur2 as murmur2_of_aiokafka
from hypothesis import given
from hypothesis import strategies as st
from kafka.partitioner.default import murmur2 as murmur2_of_kafka_python

from models.partitioning import murmur2, partition_of

JAVA = {
    b"21": -973932308,
    b"foobar": -790332482,
    b"a-little-bit-long-string": -985981536,
    b"a-little-bit-longer-string": -1486304829,
    b"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8": -58897971,
    b"abc": 479470107,
}
"""From the Java client's own test, UtilsTest.testMurmur2."""


@pytest.mark.parametrize(("key", "signed"), JAVA.items())
def test_the_hash_is_that_of_java(key: bytes, signed: int) -> None:
    assert murmur2(key) == signed & 0xFFFFFFFF


@given(st.binary(max_size=70))
def test_the_hash_is_that_of_both_clients(key: bytes) -> None:
    assert murmur2(key) == murmur2_of_kafka_python(key) & 0xFFFFFFFF
    assert murmur2(key) == murmur2_of_aiokafka(key) & 0xFFFFFFFF


@given(st.text(min_size=1), st.integers(1, 1000))
def test_a_patient_has_the_partition_that_a_client_would_choose(patient_id: str, partitions: int) -> None:
    chosen = (murmur2_of_kafka_python(patient_id.encode()) & 0x7FFFFFFF) % partitions

    assert partition_of(patient_id, partitions) == chosen


def test_patients_are_shared_out_evenly() -> None:
    counts = [0] * 8
    for number in range(8_000):
        counts[partition_of(f"patient-{number}", 8)] += 1

    assert min(counts) > 900
    assert max(counts) < 1_100
