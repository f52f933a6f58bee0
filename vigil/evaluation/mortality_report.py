"""The evaluation of in-hospital death as it is told: for machines, on a terminal, and as a page."""

from collections.abc import Mapping, Sequence

import msgspec
from msgspec import Struct

from models.evaluation.figures import Figures
from vigil.evaluation.chart import Axis, Line, line_chart
from vigil.evaluation.mortality import Hour, ModelCost
from vigil.evaluation.page import Section, Table, page
from vigil.evaluation.subgroup_chart import subgroup_chart
from vigil.evaluation.tables import columns
from vigil.evaluation.titles import titled
from vigil.evaluation.wording import counted, figure, of, state_size

_FIGURES = {"auroc": "AUROC", "auprc": "AUPRC", "score1": "Score1", "brier": "Brier score"}


class Outcome(Struct, frozen=True, kw_only=True):
    """All that one evaluation found."""

    model: str
    features: str
    learned_from: list[str]
    judged_on: list[str]
    hours: dict[int, Hour]
    counts: dict[str, int]
    unreadable: list[str]
    seconds: float

    @property
    def remarks(self) -> list[str]:
        """What a reader must not overlook."""
        behind = [
            f"At hour {hour} the model falls behind for {grouping} {group}: AUROC {figure(each.auroc.value)}."
            for hour, found in self.hours.items()
            for grouping, groups in found.subgroups.items()
            for group, each in groups.items()
            if each.falls_behind
        ]
        unreadable = [f"No stay, or not readable: {', '.join(self.unreadable)}."] if self.unreadable else []
        return unreadable + behind


def as_json(outcome: Outcome) -> bytes:
    """One object; each hour holds the judged model's own figures, `peers`, `candidates` and `subgroups`."""
    told = {
        "model": outcome.model,
        "features": outcome.features,
        "learned_from": outcome.learned_from,
        "judged_on": outcome.judged_on,
        "hours": {str(hour): _hour(found) for hour, found in outcome.hours.items()},
        "cost": costs_of(outcome.hours),
        "counts": outcome.counts,
        "unreadable": outcome.unreadable,
        "remarks": outcome.remarks,
        "seconds": outcome.seconds,
    }
    return msgspec.json.encode(told)


def costs_of(hours: Mapping[int, Hour]) -> dict[str, ModelCost]:
    """What each online model takes at the last hour, at which it has the most to look at."""
    return hours[max(hours)].costs if hours else {}


def summary(outcome: Outcome) -> str:
    """The same for a terminal."""
    lines = [
        f"in-hospital death, learned from {', '.join(outcome.learned_from)}, judged on {', '.join(outcome.judged_on)}",
        "",
    ]
    for name in ("auroc", "score1"):
        lines += [*columns(_by_hour(outcome, name)), ""]
    lines += [f"{kind:<34}{count:>9}" for kind, count in counted(outcome.counts)]
    lines += ["", *outcome.remarks, f"{outcome.seconds:.0f} s"]
    return "\n".join(lines)


def as_page(outcome: Outcome) -> str:
    """The same as a page with charts."""
    lead = [
        (
            f"Asked at hours {', '.join(map(str, outcome.hours))} after admission: will this patient die in hospital? "
            "Each answer is the model's as it was at that moment; an outcome teaches only when its stay has ended."
        ),
        (
            f"Learned from {', '.join(outcome.learned_from)}; judged on {', '.join(outcome.judged_on)}; "
            f"features: {outcome.features}. Intervals are 95 %, by drawing patients 1,000 times."
        ),
        *outcome.remarks,
    ]
    overview = Section(
        "All hours",
        ["Batch models are fitted once on what is learned from; thresholds are chosen before the judged stays."],
        [_by_hour(outcome, name) for name in _FIGURES],
        [_course(outcome)],
    )
    sections = [overview, *(_section(outcome.model, hour, found) for hour, found in outcome.hours.items())]
    counts = Section("What was counted", (), [Table(("kind", "count"), counted(outcome.counts))])
    return page("In-hospital death", lead, [*sections, _cost(outcome), counts])


def _hour(found: Hour) -> dict[str, object]:
    own = msgspec.to_builtins(found.judged)
    beside = {name: msgspec.to_builtins(getattr(found, name)) for name in ("peers", "candidates", "subgroups")}
    return {"rows": found.rows, "deaths": found.deaths, "learned": found.learned, **own, **beside}


def _predictors(model: str, found: Hour) -> dict[str, Figures]:
    """Every predictor by its title, the judged one first."""
    online = {titled(name): figures for name, figures in {model: found.judged, **found.candidates}.items()}
    return online | {titled(name, is_online=False): figures for name, figures in found.peers.items()}


def _by_hour(outcome: Outcome, name: str) -> Table:
    """One figure of every predictor, a column an hour."""
    by_hour = {hour: _predictors(outcome.model, found) for hour, found in outcome.hours.items()}
    titles = list(dict.fromkeys(title for found in by_hour.values() for title in found))
    rows = [
        [title, *(of(found[title], name) if title in found else "-" for found in by_hour.values())] for title in titles
    ]
    return Table((_FIGURES[name], *(f"hour {hour}" for hour in by_hour)), [row for row in rows if {*row[1:]} != {"-"}])


def _course(outcome: Outcome) -> str:
    by_hour = {hour: _predictors(outcome.model, found) for hour, found in outcome.hours.items()}
    own = next(iter(next(iter(by_hour.values()))))
    wanted = [own, *(titled(name, is_online=False) for name in ("gradient_boosting", "logistic_regression"))]
    wanted += [titled(name) for name in ("news2_last", "mews_last")]
    lines = [
        Line(
            title,
            [(hour, found[title].auroc or float("nan")) for hour, found in by_hour.items() if title in found],
            has_marks=True,
        )
        for title in wanted
    ]
    return line_chart("AUROC by hour", Axis("hours after admission", 0, 48), Axis("AUROC", 0.5, 1), lines)


def _section(model: str, hour: int, found: Hour) -> Section:
    text = [f"{found.rows:,} stays judged, {found.deaths:,} deaths; {found.learned:,} stays learned from before."]
    heads = ("", "AUROC", "AUPRC", "Score1", "Brier", "slope", "ours ahead by (AUROC)", "ahead in")
    rows = [[title, *_row(figures)] for title, figures in _predictors(model, found).items()]
    return Section(f"Hour {hour}", text, [Table(heads, rows)], _charts(model, found))


def _row(figures: Figures) -> list[str]:
    ahead = figures.ahead.get("auroc") if figures.ahead else None
    slope = figures.calibration.slope if figures.calibration else None
    return [
        *(of(figures, name) for name in ("auroc", "auprc", "score1")),
        of(figures, "brier"),
        figure(slope),
        "-" if ahead is None else figure(ahead.value, (ahead.low, ahead.high)),
        "-" if ahead is None or ahead.share_greater is None else f"{ahead.share_greater:.1%}",
    ]


def _charts(model: str, found: Hour) -> list[str]:
    charts = [
        _drawn(found, "ROC", "false calls", "sensitivity", [Line("", [(0, 0), (1, 1)])]),
        _drawn(found, "precision and recall", "sensitivity", "positive predictive value", []),
        _reliability(model, found),
        _drawn(
            found, "alarms against sensitivity", "sensitivity", "share of stays called", [Line("", [(0, 0), (1, 1)])]
        ),
    ]
    title = "AUROC by care unit, age and sex (deaths of stays)"
    by_group = subgroup_chart(title, found.subgroups, found.judged.auroc)
    return [*(chart for chart in charts if chart), by_group]


def _drawn(found: Hour, kind: str, across: str, up: str, reference: Sequence[Line]) -> str:
    lines = [Line(title, curve) for title, curve in found.curves.get(kind, {}).items()]
    return line_chart(kind, Axis(across), Axis(up), [*reference, *lines]) if lines else ""


def _reliability(model: str, found: Hour) -> str:
    wanted = {titled(model): found.judged} | {
        titled(name, is_online=False): found.peers[name] for name in ("gradient_boosting",) if name in found.peers
    }
    lines = [
        Line(title, [(each.predicted, each.observed) for each in figures.calibration.bins], has_marks=True)
        for title, figures in wanted.items()
        if figures.calibration is not None
    ]
    perfect = Line("", [(0, 0), (1, 1)])
    return line_chart("reliability", Axis("foretold"), Axis("came"), [perfect, *lines])


def _cost(outcome: Outcome) -> Section:
    rows = [
        [
            titled(name),
            f"{cost.predict_us:,.0f}",
            f"{cost.learn_us:,.0f}",
            state_size(cost.state_bytes, is_pickled=cost.is_pickled),
        ]
        for name, cost in costs_of(outcome.hours).items()
    ]
    return Section("Cost", (), [Table(("online model", "us to predict", "us to learn", "bytes of state"), rows)])
