"""Stories: some minutes, or hours, of a ward where everything may happen."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from models.events import Alert

PATIENTS = ["p1", "p2", "p3"]
GATEWAYS = ["g25", "g1"]
"""One whose silence this partition tells, and one of another partition."""
EXTREMES = {
    "HR": [0, 28, 49, 72, 75, 121, 135, 300, 301, -100, float("nan"), "72"],
    "RR": [0, 7, 16, 18, 21, 25, 31, 101],
    "SPO2": [0, 75, 79, 85, 89, 91, 95, 97, 101],
    "SBP": [19, 85, 95, 120, 125, 165, 230],
    "DBP": [70, 71, 72, 145],
    "TEMP": [35.0, 35.9, 36.8, 37.0, 39.1, 98.6, (104, "[degF]")],
    "GLUCOSE": [39, 53, 65, 100, 260],
    "CGM": [39, "LOW", 65, 100],
    "ACVPU": ["A", "V", "X"],
    "GCS": [15, 9],
    "FIO2": [21, 40],
    "FLOW": [0, 2],
}
GARBAGE = [b"", b"{", b"null", b"[]", b'{"type": "Tick"}', b'{"type": "Snooze", "patient_id": "p1"}', b"\xff\xfe\x00"]


def tell(ward: Any, random: Random, records: int = 200) -> None:
    """Tells a random story to a ward."""
    now = ward.time("03:00:00")
    for patient in PATIENTS:
        ward.adult(patient, now, ward="A1", setting=random.choice(["ward", "home", None]))
    for _ in range(records):
        now += timedelta(seconds=random.choice([0, 1, 5, 5, 5, 15, 30, 60, 900]))
        random.choice(HAPPENINGS)(ward, random, now)


def clock(ward: Any, random: Random, now: datetime) -> None:
    ward.tick(now)


def stream(ward: Any, random: Random, now: datetime) -> None:
    patient = random.choice(PATIENTS)
    signs = {sign: random.choice(EXTREMES[sign]) for sign in random.sample(["HR", "RR", "SPO2", "SBP"], 2)}
    for step in range(random.choice([1, 6, 12])):
        at = now + timedelta(seconds=5 * step)
        if random.random() < 0.5:
            ward.tick(at)
        gateway = {"gateway_id": random.choice(GATEWAYS)}
        ward.reading(patient, at, device=random.choice(["d1", "d1", "d2"]), fields=gateway, **signs)


def measure(ward: Any, random: Random, now: datetime) -> None:
    signs = random.sample(sorted(EXTREMES), random.choice([1, 2, 5]))
    device_type = random.choice(["monitor", "wearable", "cgm", "fingerstick", "laboratory", "manual"])
    values = {sign: random.choice(EXTREMES[sign]) for sign in signs}
    ward.typed(device_type, random.choice(PATIENTS), now, **values)


def late_or_early(ward: Any, random: Random, now: datetime) -> None:
    away = timedelta(seconds=random.choice([-700_000, -90_000, -7_200, -90, -30, 30, 90, 590, 700]))
    ward.observe(random.choice(PATIENTS), now + away, received_at=now, HR=random.choice([72, 125, 150]), SPO2=97)


def answer(ward: Any, random: Random, now: datetime) -> None:
    alerts = [output for output in ward.outputs if isinstance(output, Alert)]
    if alerts:
        expires_at = random.choice([None, now + timedelta(seconds=20)])
        ward.acknowledge(random.choice(alerts[-20:]), now, expires_at=expires_at)


def silence(ward: Any, random: Random, now: datetime) -> None:
    alerts = [output for output in ward.outputs if isinstance(output, Alert)]
    until = now + timedelta(seconds=random.choice([0, 60, 900, 14_400, 20_000]))
    if not alerts or random.random() < 0.3:
        ward.pause(random.choice(PATIENTS), now, until)
        return
    alert = random.choice(alerts[-20:])
    random.choice(
        [
            lambda: ward.snooze(alert, now, until),
            lambda: ward.feedback(alert, now),
            lambda: ward.report(alert, now, delivered=random.random() < 0.5),
        ]
    )()


def beat(ward: Any, random: Random, now: datetime) -> None:
    ward.heartbeat(random.choice(GATEWAYS), now - timedelta(seconds=random.choice([0, 0, 0, 40, -90])))


def news(ward: Any, random: Random, now: datetime) -> None:
    patient = random.choice(PATIENTS)
    if random.random() < 0.1:
        ward.outcome(patient, now, random.choice(["death", "deterioration", "discharge", "transfer"]))
    else:
        said = random.choice([{"on_oxygen": True}, {"on_oxygen": None}, {"spo2_scale": 2}, {"age": 10}, {"age": 60}])
        ward.context(patient, now, **said)


def repeat(ward: Any, random: Random, now: datetime) -> None:
    ward.send(random.choice(ward.log))


def garbage(ward: Any, random: Random, now: datetime) -> None:
    ward.send(random.choice(GARBAGE))


HAPPENINGS = [clock, stream, stream, measure, measure, late_or_early, answer, news, repeat, garbage, silence, beat]
