"""The evaluation of deterioration as it is told: for machines, on a terminal, and as a page."""

from collections.abc import Mapping, Sequence

import msgspec
from msgspec import Struct

from models.evaluation.burden import Operation
from models.evaluation.contest import ONLINE
from vigil.evaluation.chart import Axis, Interval, Line, interval_chart, line_chart
from vigil.evaluation.deterioration import Beside, Found, Question
from vigil.evaluation.page import Section, Table, page
from vigil.evaluation.subgroup_chart import subgroup_chart
from vigil.evaluation.tables import columns
from vigil.evaluation.titles import titled
from vigil.evaluation.wording import counted, figure, of

_HEADS = ("", "AUROC", "AUPRC", "Brier", "ours ahead by (AUROC)")
_ALARMS = ("at sensitivity", "alarms a patient-day", "came true", "lead time, h (quartiles)", "reached")
_TITLES = {
    "first": "The first NEWS2 of 7 or more of a stay, within 6 h",
    "every": "Every NEWS2 of 7 or more, within 6 h",
}


class Outcome(Struct, frozen=True, kw_only=True):
    """All that one evaluation found."""

    learned_from: list[str]
    judged_on: list[str]
    found: Found
    counts: dict[str, int]
    unreadable: list[str]
    seconds: float

    @property
    def questions(self) -> dict[str, Question]:
        """Both questions by name."""
        return {"first": self.found.first, "every": self.found.every}


def as_json(outcome: Outcome) -> bytes:
    """One object: the first question's figures at the top, those of every one under `every`."""
    told = {
        "model": outcome.found.model,
        "learned_from": outcome.learned_from,
        "judged_on": outcome.judged_on,
        **_question(outcome.found.model, outcome.found.first),
        "every": _question(outcome.found.model, outcome.found.every),
        "cost": outcome.found.costs,
        "counts": outcome.counts,
        "unreadable": outcome.unreadable,
        "seconds": outcome.seconds,
    }
    return msgspec.json.encode(told)


def summary(outcome: Outcome) -> str:
    """The same for a terminal."""
    lines = [f"learned from {', '.join(outcome.learned_from)}, judged on {', '.join(outcome.judged_on)}"]
    for name, question in outcome.questions.items():
        lines += ["", f"{_TITLES[name]}: {_size(question)}", ""]
        lines += [*columns(_ranking(question)), "", *columns(_alarms(question))]
    lines += ["", *(f"{kind:<34}{count:>9}" for kind, count in counted(outcome.counts)), "", f"{outcome.seconds:.0f} s"]
    return "\n".join(lines)


def as_page(outcome: Outcome) -> str:
    """The same as a page with charts."""
    lead = [
        (
            "Asked at most once an hour while NEWS2 is below 7: will it come to 7 or more within 6 hours? "
            "Each answer is the model's as it was at that moment; a label teaches once it is known."
        ),
        (
            f"Learned from {', '.join(outcome.learned_from)}; judged on {', '.join(outcome.judged_on)}. "
            "An event is foretold if an answer in the 6 hours before it was an alarm; an alarm stands for 6 hours."
        ),
    ]
    sections = [_section(outcome.found.model, name, each) for name, each in outcome.questions.items()]
    counts = Section("What was counted", (), [Table(("kind", "count"), counted(outcome.counts))])
    return page("Deterioration", lead, [*sections, counts])


def _question(model: str, question: Question) -> dict[str, object]:
    own = question.found[ONLINE + model]
    return {
        "rows": question.rows,
        "patients": question.patients,
        "positives": question.positives,
        "patient_days": question.patient_days,
        **_beside(own),
        "peers": {name: _beside(each) for name, each in question.found.items() if not name.startswith(ONLINE)},
        "candidates": {
            name.removeprefix(ONLINE): _beside(each)
            for name, each in question.found.items()
            if name.startswith(ONLINE) and each is not own
        },
        "subgroups": question.subgroups,
    }


def _beside(each: Beside) -> dict[str, object]:
    figures: dict[str, object] = msgspec.to_builtins(each.figures)
    return {**figures, "alarms": each.alarms.at, "alarms_chosen_before": each.alarms.before}


def _titled(name: str) -> str:
    return titled(name.removeprefix(ONLINE), is_online=name.startswith(ONLINE))


def _size(question: Question) -> str:
    return (
        f"{question.rows:,} questions about {question.patients:,} patients, {question.positives:,} with yes for an "
        f"answer, over {question.patient_days:,.0f} patient-days"
    )


def _ranking(question: Question) -> Table:
    rows = []
    for name, each in question.found.items():
        ahead = each.figures.ahead["auroc"] if each.figures.ahead else None
        told = "-" if ahead is None else figure(ahead.value, (ahead.low, ahead.high))
        rows.append([_titled(name), *(of(each.figures, figure_) for figure_ in ("auroc", "auprc", "brier")), told])
    return Table(_HEADS, rows)


def _alarms(question: Question) -> Table:
    rows = [
        [_titled(name), f"{wanted}{remark}", *_operation(operation)]
        for name, each in question.found.items()
        for remark, operations in (("", each.alarms.at), (", threshold chosen before", each.alarms.before))
        for wanted, operation in operations.items()
    ]
    return Table(("", *_ALARMS), rows)


def _operation(operation: Operation) -> Sequence[str]:
    lead = operation.lead_time_hours
    return (
        f"{operation.alarms_per_patient_day:.2f}",
        figure(operation.precision),
        "-" if lead is None else f"{lead.median:.1f} ({lead.lower_quartile:.1f} to {lead.upper_quartile:.1f})",
        figure(operation.sensitivity),
    )


def _section(model: str, name: str, question: Question) -> Section:
    own = question.found[ONLINE + model]
    charts = [
        *_drawn(question.curves),
        _reliability(question),
        _lead_times(question),
        subgroup_chart("AUROC by care unit, age and sex (yes of all)", question.subgroups, own.figures.auroc),
    ]
    return Section(_TITLES[name], [f"{_size(question)}."], [_ranking(question), _alarms(question)], charts)


def _drawn(found: Mapping[str, Mapping[str, Sequence[tuple[float, float]]]]) -> list[str]:
    most = max((up for curve in found["alarms against sensitivity"].values() for _, up in curve), default=1.0) or 1.0
    axes = {
        "ROC": (Axis("false calls"), Axis("sensitivity"), [Line("", [(0, 0), (1, 1)])]),
        "precision and recall": (Axis("sensitivity"), Axis("positive predictive value"), []),
        "alarms against sensitivity": (Axis("share of events foretold"), Axis("alarms a patient-day", 0, most), []),
    }
    return [
        line_chart(kind, across, up, [*reference, *(Line(title, curve) for title, curve in found[kind].items())])
        for kind, (across, up, reference) in axes.items()
    ]


def _reliability(question: Question) -> str:
    lines = [
        Line(
            _titled(name),
            [(bin_.predicted, bin_.observed) for bin_ in (calibration.bins if calibration else ())],
            has_marks=True,
        )
        for name, each in question.found.items()
        for calibration in (each.figures.calibration,)
    ]
    return line_chart("reliability", Axis("foretold"), Axis("came"), [Line("", [(0, 0), (1, 1)]), *lines])


def _lead_times(question: Question) -> str:
    rows = [
        Interval(f"{_titled(name)}, {wanted}", lead.median, lead.lower_quartile, lead.upper_quartile)
        for name, each in question.found.items()
        for wanted, operation in each.alarms.at.items()
        if (lead := operation.lead_time_hours) is not None
    ]
    return interval_chart("lead time by sensitivity, median and quartiles", Axis("hours", 0, 6), rows)
