"""One demo on a run that is up: play, follow, show, and account for it all."""

import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

from consumers.board import Board
from consumers.board.notice import staleness
from consumers.board.pace import Pace
from consumers.following import Follower
from consumers.outputs import TopicName
from producers.feed import Feed
from producers.simulator.case import Case
from vigil.connection import told_in_one_line
from vigil.demo.controls import Controls
from vigil.demo.facts import Facts
from vigil.demo.keyboard import Keyboard
from vigil.demo.player import Player
from vigil.demo.progress import Progress
from vigil.demo.remarks import Remarks
from vigil.demo.report import OUTPUTS, Ending, Report, Tally
from vigil.demo.scenarios import Scenarios
from vigil.demo.source import Source
from vigil.demo.views import View
from vigil.demo.ward_page import WardPage
from vigil.errors import CommandFailed
from vigil.processing import wait_until_processed
from vigil.run import Run
from vigil.simulation.judging import Seen
from vigil.simulation.report import Truth, truth_of

_TOPICS: tuple[TopicName, ...] = ("patient-events", *OUTPUTS)
_REFRESH_SECONDS = 0.5
_STALL_SECONDS = 60.0
_START_PATIENCE_SECONDS = 30.0
_PATIENCE_SECONDS = 5.0
_PATIENCE_EVENT_SECONDS = 180.0


class Session:
    """Plays a source through a run; `began_at` is when the command began, by the monotonic clock."""

    def __init__(
        self,
        run: Run,
        source: Source,
        *,
        view: View,
        keyboard: Keyboard,
        began_at: float,
        metrics: str,
        remarks: Remarks,
        page: WardPage | None = None,
    ) -> None:
        self._run = run
        self._source = source
        self._view = view
        self._keyboard = keyboard
        self._began_at = began_at
        self._metrics = metrics
        self._remarks = remarks
        self._page = page
        self._board = Board()
        self._readings, self._assessments = Pace(), Pace()
        self._first_at: float | None = None
        self._player = Player(run, source.entries(), source.speed)
        self._controls: Controls | None = None
        if source.ward is not None and keyboard.is_there:
            self._controls = Controls(Scenarios(source.ward), self._board, self._player.publish_besides)
        names = {name: run.topic(name) for name in _TOPICS}
        self._follower = Follower(run.connection.for_aiokafka(), names)
        self._progress = Progress(run)

    def play(self, duration_seconds: float | None) -> Report:
        """Plays until the source is through, someone stops it or its time is over; then waits for the workers."""
        with told_in_one_line(), ExitStack() as stack:
            stack.enter_context(self._follower)
            stack.enter_context(self._progress)
            pool = stack.enter_context(ThreadPoolExecutor(max_workers=1))
            stack.callback(self._player.stop)
            playing = pool.submit(self._player.play)
            ending = self._watch(playing, duration_seconds)
            self._player.stop()
            feed = playing.result()
            self._await_workers(feed)
            return self._report(feed, ending)

    def _watch(self, playing: "Future[Feed]", duration_seconds: float | None) -> Ending:
        began = time.monotonic()
        try:
            while not playing.done():
                self._show()
                if duration_seconds is not None and time.monotonic() - began >= duration_seconds:
                    return "duration"
                self._obey(self._keyboard.pressed(_REFRESH_SECONDS))
        except KeyboardInterrupt:
            return "stopped"
        return "through"

    def _obey(self, keys: list[str]) -> None:
        if self._controls is not None:
            for key in keys:
                self._controls.press(key)

    def _await_workers(self, feed: Feed) -> None:
        with self._log_quoted():
            wait_until_processed(
                self._progress.offsets,
                feed.acknowledged,
                stall_seconds=_STALL_SECONDS,
                tell=lambda _: self._show(),
            )

    def _show(self) -> None:
        board, now = self._board, time.monotonic()
        for record in self._follower.new():
            board.take(record)
        if board.assessments and self._first_at is None:
            self._first_at = now
            self._view.stepped()
        self._readings.take(now, board.readings)
        self._assessments.take(now, board.assessments)
        self._view.show(board, self._facts(now))

    def _facts(self, now: float) -> Facts:
        board, player = self._board, self._player
        done = self._progress.processed - board.model_records
        notice = staleness(
            now,
            heard_at=self._follower.heard_at,
            moved_at=self._progress.moved_at,
            lag=player.sent - done,
            patience_seconds=self._patience_seconds,
        )
        controls = self._controls
        return Facts(
            credit=self._source.credit,
            speed=self._source.speed,
            sent=player.sent,
            total=player.total,
            processed=done,
            readings_per_second=self._readings.per_second,
            assessments_per_second=self._assessments.per_second,
            metrics=self._metrics,
            page=None if self._page is None else self._page.told,
            notice=notice,
            remark=self._remarks.current or (controls.remark if controls else None),
            begun=tuple(f"{case.scenario.name} {board.place(case.patient_id)}" for case in reversed(self._cases)),
            hints=controls.hints if controls else (),
            choice=controls.choice if controls else None,
        )

    @property
    def _patience_seconds(self) -> float:
        """How long nothing may come before that is said: a start takes longer, a slow clock ticks seldom."""
        if self._first_at is None:
            return _START_PATIENCE_SECONDS
        return max(_PATIENCE_SECONDS, _PATIENCE_EVENT_SECONDS / (self._source.speed or _PATIENCE_EVENT_SECONDS))

    @property
    def _cases(self) -> list[Case]:
        """The scenarios that have begun, the oldest first."""
        return [] if self._source.ward is None else [*self._source.ward.cases]

    def _truths(self, seen: Seen) -> list[Truth]:
        """What is true of each scenario up to where the log ends, held against what came of it."""
        latest = self._player.latest
        return [] if latest is None else seen.judged([truth_of(case, latest) for case in self._cases])

    def _report(self, feed: Feed, ending: Ending) -> Report:
        tally = Tally(self._player.ledger)
        processed = self._progress.offsets()
        tally.read(self._run)
        if self._page is not None:
            tally.join_entered(self._run, processed)
        counts = tally.ledger.counts
        return Report(
            prefix=self._run.prefix,
            ended=ending,
            seconds=round(time.monotonic() - self._began_at, 1),
            first_assessment_seconds=None if self._first_at is None else round(self._first_at - self._began_at, 1),
            patients=len(tally.patients),
            published=feed.published,
            ticks=feed.ticks,
            processed=feed.published_before(self._progress.offsets()),
            readings=tally.ledger.readings,
            measurements=tally.ledger.measurements,
            assessments=counts["assessments"],
            alerts=counts["alerts"],
            raised=tally.raised,
            told=tally.told,
            notified=tally.notified,
            recommendations=counts["recommendations"],
            model_version=self._board.model_version,
            dead_letters=dict(tally.ledger.dead_letters),
            missing=tally.ledger.missing,
            doubled=tally.ledger.doubled,
            refused=feed.refused,
            scenarios=self._truths(tally.seen),
            places={case.patient_id: self._board.place(case.patient_id) for case in self._cases},
        )

    @contextmanager
    def _log_quoted(self) -> Iterator[None]:
        """Adds the end of the workers' log, which goes away with the run, to what went wrong."""
        try:
            yield
        except CommandFailed as error:
            lines = self._run.log_file.read_text(errors="replace").splitlines() or ["nothing"]
            raise CommandFailed(f"{error.message} Their log ends: {lines[-1].strip()}") from error
