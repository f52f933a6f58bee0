"""Logs say what happens once, also while the broker is away."""

import logging

from streams.logs import Flood


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def line(name: str = "aiokafka.client", number: int = 10, text: str = "gone") -> logging.LogRecord:
    return logging.LogRecord(name, logging.ERROR, "client.py", number, text, None, None)


def test_a_library_that_repeats_itself_is_heard_once_in_a_while() -> None:
    clock = Clock()
    flood = Flood(quiet_seconds=30, clock=clock)

    heard = [flood.filter(line()) for _ in range(100)]
    clock.now = 30
    late = line(text="still gone")

    assert heard.count(True) == 1
    assert flood.filter(late)
    assert late.getMessage() == "still gone (and 99 more like it)"


def test_another_place_is_heard() -> None:
    flood = Flood()

    assert flood.filter(line(number=1))
    assert flood.filter(line(number=2))


def test_a_broker_that_is_away_is_told_once_in_our_words_wherever_the_clients_say_it() -> None:
    clock = Clock()
    flood = Flood(quiet_seconds=30, clock=clock)
    said = [
        "Failed fetch messages from 1: KafkaConnectionError: Connection at 127.0.0.1:9092 closed",
        "<KafkaTCPTransport [127.0.0.1:9092<-32928]>: socket disconnected",
        "Unable connect to node with id 1: [Errno 111] Connect call failed ('127.0.0.1', 9092)",
        "Unable to update metadata from [1]",
        "No node available for metadata refresh - backoff/retry",
        "Marking the coordinator dead (node 1)for group vigil-live.",
        "Group Coordinator Request failed: NodeNotReadyError: Attempt to send a request to node which is not ready.",
    ]
    lines = [line(number=number, text=text) for number, text in enumerate(said)]

    heard = [each for each in lines if flood.filter(each)]
    clock.now = 30
    late = line(name="kafka.net", text="Bootstrap connection to bootstrap-0 failed")

    assert [each.getMessage() for each in heard] == [f"no broker can be reached: going on trying ({said[0]})"]
    assert flood.filter(late)
    assert late.getMessage().endswith("failed) (and 6 more like it)")
    assert flood.filter(line(number=9, text="Topic nowhere is not authorized"))


def test_our_own_lines_are_always_heard() -> None:
    flood = Flood()

    assert all(flood.filter(line(name="streams.partition")) for _ in range(10))
