"""The simulated ward: people, devices, gateways and scenarios as one stream of records in the order of delivery."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from random import Random

from models.events import OutcomeKind
from producers.entry import Entry
from producers.simulator import records
from producers.simulator.bedside import Monitor
from producers.simulator.case import Case, Plan, UnfitPatient, scenario_named
from producers.simulator.device import Device
from producers.simulator.faults import Delivery, Sent
from producers.simulator.pace import Pace
from producers.simulator.person import Person, inpatient, wearer
from producers.simulator.resident import Faults, Resident
from producers.simulator.scenario import Scenario, Setting
from producers.simulator.schedule import Schedule
from producers.simulator.vitals import Vitals

_DAY_SECONDS = 86_400.0
_SHORTEST_STAY, _LONGEST_STAY = 2.5 * _DAY_SECONDS, 6 * _DAY_SECONDS
_BED_IS_EMPTY = 3600.0
_OUTCOME_IS_TOLD_AFTER = 2.0  # Whatever was under way arrives first.
_SLOWEST, _QUICKEST = 0.9, 0.2  # From a device to the log, in seconds.
_FIRST_BEAT, _BEATS_EVERY = 1.0, 10.0
_WORSE: OutcomeKind = "deterioration"
_ENDS = frozenset({"death", "discharge", "transfer"})


class Ward:
    """Patients in beds and wearers at home, from `start_time` on; iterate for their records in the order of delivery.

    Patients are `p1`, `p2` ..., wearers `w1` ...; a bed that is left gets the next patient an hour later. The same
    arguments give the same bytes. Gateways of wards send heartbeats, which are for all partitions. It knows no wall
    clock and sends no ticks; without `lasts` it never ends. `pace` is how often monitors measure, if not as they do by
    themselves.
    """

    def __init__(
        self,
        start_time: datetime,
        *,
        patients: int,
        wearers: int = 0,
        plans: Sequence[Plan] = (),
        seed: int = 1,
        lasts: timedelta | None = None,
        pace: Pace | None = None,
    ) -> None:
        self.start_time = start_time
        self.end_time = None if lasts is None else start_time + lasts
        self.cases: list[Case] = []
        """Every scenario that has begun, with its patient and onset."""
        self._seed = seed
        self._schedule = Schedule()
        self._residents: dict[str, Resident] = {}
        self._gateways: dict[str, Faults] = {}
        self._wanted: deque[tuple[Resident, Scenario]] = deque()
        self._chosen: set[str] = set()
        self._admitted = 0
        self._pace = pace
        self._deteriorations: dict[str, list[float]] = {}
        for bed in range(patients):
            self._admit(bed, 0.0)
        for number in range(1, wearers + 1):
            patient_id = f"w{number}"
            self._welcome(self._resident(wearer(patient_id, self._chance(patient_id))), 0.0)
        for plan in plans:
            self._plan(plan)

    def start(self, scenario: str, patient_id: str) -> None:
        """Lets a scenario befall a patient from the next record on, even while another thread iterates.

        Raises UnknownScenario, or UnfitPatient when the patient is not there or the scenario is not for them.
        """
        self._wanted.append((self._fit(scenario, patient_id), scenario_named(scenario)))
        self._chosen.add(patient_id)

    def well(self, setting: Setting) -> list[str]:
        """Those of a setting to whom nothing has happened, and nothing is to happen, in the order of their coming."""
        there = [each for each in [*self._residents.values()] if not each.has_left and each.person.setting == setting]
        return [each.person.patient_id for each in there if each.person.patient_id not in self._chosen]

    def __iter__(self) -> Iterator[Entry]:
        """The records from where they were left; `at` is when the log gets one."""
        end_seconds = None if self.end_time is None else (self.end_time - self.start_time).total_seconds()
        while (due := self._schedule.next(end_seconds)) is not None:
            seconds, happen = due
            while self._wanted:
                self._begin(*self._wanted.popleft(), seconds)
            entry = happen(seconds)
            if entry is not None:
                yield entry

    # --- Scenarios ----------------------------------------------------------------------------------------------------

    def _fit(self, name: str, patient_id: str) -> Resident:
        scenario = scenario_named(name)
        resident = self._residents.get(patient_id)
        if resident is None or resident.has_left:
            present = [name for name, each in self._residents.items() if not each.has_left]
            some = f"there are {', '.join(present[:3])}{' ...' if len(present) > 3 else ''}" if present else "nobody is"
            raise UnfitPatient(f"There is no patient {patient_id} now; {some}.")
        if resident.person.setting != scenario.setting:
            raise UnfitPatient(f"{name} is for someone in the setting {scenario.setting}, which {patient_id} is not.")
        return resident

    def _plan(self, plan: Plan) -> None:
        resident, scenario = self._fit(plan.scenario, plan.patient_id), scenario_named(plan.scenario)
        self._chosen.add(plan.patient_id)
        self._equip(resident, scenario, 0.0)
        self._deteriorations[plan.patient_id] = [
            (plan.after + ending.after).total_seconds() for ending in scenario.endings if ending.kind == _WORSE
        ]
        self._schedule.plan(plan.after.total_seconds(), partial(self._begin, resident, scenario))

    def _begin(self, resident: Resident, scenario: Scenario, seconds: float) -> None:
        if resident.has_left:
            return
        person = resident.person
        onset, gateway_id = self._moment(seconds), person.gateway_id
        case = Case(scenario=scenario, patient_id=person.patient_id, gateway_id=gateway_id, onset=onset)
        self.cases.append(case)
        self._equip(resident, scenario, seconds)
        resident.befall(scenario, seconds, self._gateways[gateway_id])
        for ending in scenario.endings:
            self._schedule.plan(seconds + ending.after.total_seconds(), partial(self._end, resident, ending.kind))

    def _equip(self, resident: Resident, scenario: Scenario, seconds: float) -> None:
        for name in scenario.devices:
            device = resident.attach(name)
            if device is not None:
                self._switch_on(resident, device, seconds)

    # --- People come and go -------------------------------------------------------------------------------------------

    def _admit(self, bed: int, seconds: float) -> None:
        self._admitted += 1
        patient_id = f"p{self._admitted}"
        chance = self._chance(patient_id)
        resident = self._resident(inpatient(patient_id, bed, chance), bed)
        self._welcome(resident, seconds)
        stays = chance.uniform(_SHORTEST_STAY, _LONGEST_STAY)
        self._schedule.plan(seconds + stays, partial(self._discharge, resident))

    def _welcome(self, resident: Resident, seconds: float) -> None:
        person = resident.person
        self._residents[person.patient_id] = resident
        if person.gateway_id not in self._gateways:
            self._gateways[person.gateway_id] = Faults()
            if person.setting == "ward":  # A phone has one wearer, whose silence is told anyway.
                self._schedule.plan(seconds + _FIRST_BEAT, partial(self._beat, person.gateway_id))
        self._schedule.plan(seconds, lambda now: records.admission(person, self._moment(now)))
        for device in resident.devices.values():
            self._switch_on(resident, device, seconds)

    def _discharge(self, resident: Resident, seconds: float) -> None:
        """Sends a patient home, but nobody who is ill."""
        if seconds >= resident.is_ill_until:
            self._end(resident, "discharge", seconds)
        else:
            self._schedule.plan(resident.is_ill_until + _DAY_SECONDS, partial(self._discharge, resident))

    def _end(self, resident: Resident, kind: OutcomeKind, seconds: float) -> None:
        """Something really happens to a patient, who leaves by it or stays."""
        if resident.has_left:
            return
        patient_id, at = resident.person.patient_id, self._moment(seconds)
        self._schedule.plan(
            seconds + _OUTCOME_IS_TOLD_AFTER,
            lambda now: records.outcome(patient_id, kind, at, self._moment(now)),
        )
        if kind in _ENDS:
            resident.has_left = True
            if resident.bed is not None:
                self._schedule.plan(seconds + _BED_IS_EMPTY, partial(self._admit, resident.bed))

    def _resident(self, person: Person, bed: int | None = None) -> Resident:
        midnight = self.start_time.replace(hour=0, minute=0, second=0, microsecond=0)
        return Resident(person, f"{self._seed}/{person.patient_id}", (self.start_time - midnight).total_seconds(), bed)

    def _chance(self, patient_id: str) -> Random:
        return Random(f"{self._seed}/{patient_id}/person")

    # --- Readings -----------------------------------------------------------------------------------------------------

    def _switch_on(self, resident: Resident, device: Device, seconds: float) -> None:
        self._schedule.plan(seconds + device.first_after_seconds, partial(self._measure, resident, device))

    def _measure(self, resident: Resident, device: Device, seconds: float) -> None:
        if resident.has_left:
            return
        vitals = resident.vitals(seconds)
        found = resident.measure(device, seconds, vitals)
        pause = self._pause(resident, device, seconds, vitals)
        self._schedule.plan(seconds + pause, partial(self._measure, resident, device))
        if not found:
            return
        resident.readings += 1
        told = records.reading(resident.person, device, resident.readings, self._moment(seconds), found)
        self._send(resident, told, seconds)

    def _pause(self, resident: Resident, device: Device, seconds: float, vitals: Vitals) -> float:
        """How long until a device measures again."""
        if self._pace is None or device.name != Monitor.name:
            return device.pause_seconds(vitals)
        return self._pace.pause_seconds(seconds, self._deteriorations.get(resident.person.patient_id, ()))

    def _send(self, resident: Resident, told: Sent, seconds: float) -> None:
        """Lets a reading go its way, which faults make longer, double or none."""
        sent = resident.faults.deliver([(resident.network.uniform(_QUICKEST, _SLOWEST), told)], seconds)
        self._pass_on(resident.person.gateway_id, sent, seconds)

    def _beat(self, gateway_id: str, seconds: float) -> None:
        """A gateway says that it lives, and will again."""
        self._schedule.plan(seconds + _BEATS_EVERY, partial(self._beat, gateway_id))
        self._pass_on(gateway_id, [(_QUICKEST, records.heartbeat(gateway_id, self._moment(seconds)))], seconds)

    def _pass_on(self, gateway_id: str, sent: Iterable[Delivery], seconds: float) -> None:
        for under_way, each in self._gateways[gateway_id].deliver(sent, seconds):
            self._schedule.plan(seconds + under_way, partial(self._deliver, each))

    def _deliver(self, told: Sent, seconds: float) -> Entry:
        return records.delivered(told, self._moment(seconds))

    def _moment(self, seconds: float) -> datetime:
        """A time in seconds since the beginning, to the millisecond."""
        return self.start_time + timedelta(milliseconds=round(seconds * 1000))
