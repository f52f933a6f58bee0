"""Each alerting rule fires when it should, not before, and leads to a page that says what to do."""

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PROMETHEUS = ROOT / "deploy/prometheus"
WORKER = 'job="vigil-worker",instance="worker-1:9180"'
LEARNER = 'job="vigil-learner",instance="learner:9180"'
SIGN = {"sign": "heart_rate"}
DELIVERER = 'job="vigil-deliverer",instance="deliverer:9180"'
OLDEST = "vigil_oldest_unanswered_high_alert_age_seconds"
AGE = "vigil_gateway_reading_age_seconds_bucket"
STEP_SECONDS = 5
MINUTE, HOUR = 60, 3600
"""A rule that waits for an hour is evaluated each minute here, others every 5 s as they are deployed."""

Series = dict[str, str]
"""What Prometheus scraped every 5 s: a run of values, as promtool writes it, by series."""

# Every rule with what should make it fire, the seconds after which it may not and must, and its labels beyond severity.
FIRING: dict[str, list[tuple[Series, int, int, dict[str, str]]]] = {
    "VigilWorkerDown": [
        ({f"up{{{WORKER}}}": "1 1 0x40"}, 35, 45, {"job": "vigil-worker", "instance": "worker-1:9180"}),
    ],
    "VigilLag": [
        ({f'vigil_lag_records{{{WORKER},partition="3"}}': "10 1001x40"}, 60, 70, {"partition": "3"}),
    ],
    "VigilNoTicks": [
        (
            {f"vigil_last_tick_age_seconds{{{WORKER}}}": "0+5x40", f"vigil_partitions_restored{{{WORKER}}}": "4x40"},
            60,
            70,
            {"job": "vigil-worker", "instance": "worker-1:9180"},
        ),
        (
            {f"vigil_partitions_restored{{{WORKER}}}": "4x40"},
            25,
            35,
            {"job": "vigil-worker", "instance": "worker-1:9180"},
        ),
    ],
    "VigilDeadLetters": [
        (
            {f'vigil_dead_letters_total{{{WORKER},reason="undecodable"}}': "0 0 0 1x40"},
            10,
            20,
            {"reason": "undecodable"},
        ),
    ],
    "VigilShift": [
        ({f'vigil_learner_feature_shift_psi{{{LEARNER},sign="heart_rate"}}': "0.1 0.25x500"}, 1800, 1810, SIGN),
        ({f"vigil_learner_score_shift_psi{{{LEARNER}}}": "0.1 0.3x500"}, 1800, 1810, {"sign": "forecasts"}),
    ],
    "VigilHighAlertUnanswered": [
        ({f'{OLDEST}{{{WORKER},ward="A1"}}': "0+5x200"}, 600, 610, {"ward": "A1"}),
    ],
    "VigilNotWatched": [
        ({f"vigil_partitions_restored{{{WORKER}}}": "8 8 6x40"}, 65, 75, {}),
        ({f"up{{{WORKER}}}": "0x40"}, 55, 65, {}),
    ],
    "VigilRestartLoop": [
        (
            {f"vigil_process_start_time_seconds{{{WORKER}}}": "100x10 200x10 300x10 400x40"},
            160,
            170,
            {"job": "vigil-worker", "instance": "worker-1:9180"},
        ),
    ],
    "VigilCheckpointOld": [
        ({f'vigil_checkpoint_age_seconds{{{WORKER},partition="3"}}': "0 301x40"}, 60, 70, {"partition": "3"}),
    ],
    "VigilGatewaySilent": [
        ({f'vigil_gateway_heartbeat_age_seconds{{{WORKER},gateway="g1"}}': "0+5x60"}, 115, 130, {"gateway": "g1"}),
    ],
    "VigilGatewayLate": [
        (
            {
                f'{AGE}{{{WORKER},gateway="g1",le="60.0"}}': "0+8x200",
                f'{AGE}{{{WORKER},gateway="g1",le="+Inf"}}': "0+10x200",
            },
            600,
            620,
            {"gateway": "g1"},
        ),
    ],
    "VigilCoverageLow": [
        (
            {
                f'vigil_patients_monitored{{{WORKER},ward="A1"}}': "10x500",
                f'vigil_patients_never_scored{{{WORKER},ward="A1"}}': "3x500",
            },
            1795,
            1810,
            {"ward": "A1"},
        ),
    ],
    "VigilBurdenHigh": [
        (
            {
                f'vigil_patients_monitored{{{WORKER},ward="A1"}}': "1440x900",
                f'vigil_alerts_total{{{WORKER},ward="A1",kind="news2",priority="high"}}': "0+2x900",
            },
            3600,
            3675,
            {"ward": "A1"},
        ),
    ],
    "VigilLearnerDown": [
        ({f"up{{{LEARNER}}}": "1 1 0x100"}, 305, 315, {"job": "vigil-learner", "instance": "learner:9180"}),
    ],
    "VigilNotLearning": [
        (
            {
                f'vigil_outputs_total{{{WORKER},topic="examples"}}': "0+1x900",
                f'vigil_learner_examples_total{{{LEARNER},model="deterioration"}}': "5x900",
            },
            3600,
            3675,
            {},
        ),
    ],
    "VigilDelivererDown": [
        ({f"up{{{DELIVERER}}}": "1 1 0x40"}, 35, 45, {"job": "vigil-deliverer", "instance": "deliverer:9180"}),
    ],
    "VigilUndelivered": [
        (
            {f'vigil_undelivered_alerts{{{DELIVERER},priority="{priority}"}}': "0 1x60"},
            180,
            190,
            {"priority": priority},
        )
        for priority in ("high", "medium")
    ],
}
# What is as it should be, for hours.
QUIET: Series = {
    f"up{{{WORKER}}}": "1x2000",
    f"up{{{DELIVERER}}}": "1x2000",
    f"up{{{LEARNER}}}": "1 1 0x50 1x2000",
    f"vigil_process_start_time_seconds{{{WORKER}}}": "100x10 200x10 300x2000",
    f'vigil_checkpoint_age_seconds{{{WORKER},partition="3"}}': "0 300x2000",
    f'vigil_gateway_heartbeat_age_seconds{{{WORKER},gateway="g1"}}': "0 5 59x2000",
    f'{AGE}{{{WORKER},gateway="g1",le="60.0"}}': "0+19x2000",
    f'{AGE}{{{WORKER},gateway="g1",le="+Inf"}}': "0+20x2000",
    f'{AGE}{{{WORKER},gateway="unknown",le="60.0"}}': "0x2000",
    f'{AGE}{{{WORKER},gateway="unknown",le="+Inf"}}': "0+20x2000",
    f'vigil_patients_monitored{{{WORKER},ward="A1"}}': "30x2000",
    f'vigil_patients_never_scored{{{WORKER},ward="A1"}}': "6x2000",
    f'vigil_alerts_total{{{WORKER},ward="A1",kind="news2",priority="high"}}': "0+0.01x2000",
    f'vigil_outputs_total{{{WORKER},topic="examples"}}': "0+1x2000",
    f'vigil_learner_examples_total{{{LEARNER},model="deterioration"}}': "0+1x2000",
    f'vigil_undelivered_alerts{{{DELIVERER},priority="low"}}': "3x2000",
    f'vigil_undelivered_alerts{{{DELIVERER},priority="high"}}': "0 1x30 0x2000",
    f'vigil_lag_records{{{WORKER},partition="3"}}': "0 20 1000x2000",
    f"vigil_last_tick_age_seconds{{{WORKER}}}": "0 5 3x2000",
    f"vigil_partitions_restored{{{WORKER}}}": "8x2000",
    f'vigil_dead_letters_total{{{WORKER},reason="undecodable"}}': "7x2000",
    f'{OLDEST}{{{WORKER},ward="A1"}}': "0+5x120 0x2000",
    f'vigil_learner_feature_shift_psi{{{LEARNER},sign="heart_rate"}}': "0 0.3x300 0.2499x2000",
    f"vigil_learner_score_shift_psi{{{LEARNER}}}": "0.1x2000",
}


@pytest.fixture
def promtool(requires_program: Callable[[str], str], tmp_path: Path) -> Callable[..., str]:
    """Runs unit tests of rules, and says what was wrong."""
    program = requires_program("promtool")

    def run(tests: list[dict[str, Any]], step_seconds: int = STEP_SECONDS) -> str:
        file = tmp_path / "tests.yml"
        rules = [str(each) for each in sorted((PROMETHEUS / "rules").glob("*.yml"))]
        file.write_text(json.dumps({"rule_files": rules, "evaluation_interval": f"{step_seconds}s", "tests": tests}))
        done = subprocess.run([program, "test", "rules", str(file)], capture_output=True, text=True, check=False)
        return "" if done.returncode == 0 else done.stdout + done.stderr

    return run


@pytest.fixture(scope="module")
def rules(read_yaml: Callable[[str], Any]) -> list[dict[str, Any]]:
    [group] = read_yaml("deploy/prometheus/rules/vigil.yml")["groups"]
    found: list[dict[str, Any]] = group["rules"]
    return found


def case(series: Series, *questions: tuple[int, str, list[dict[str, str]]]) -> dict[str, Any]:
    """One unit test: at each second, which of the named alert's labels are firing."""
    return {
        "interval": f"{STEP_SECONDS}s",
        "input_series": [{"series": name, "values": values} for name, values in series.items()],
        "promql_expr_test": [
            {
                "expr": f'count by ({", ".join(labels[0])}) (ALERTS{{alertname="{alert}", alertstate="firing"}})'
                if labels
                else f'ALERTS{{alertname=~"{alert}", alertstate="firing"}}',
                "eval_time": f"{second}s",
                "exp_samples": [{"labels": written(each), "value": 1} for each in labels],
            }
            for second, alert, labels in questions
        ],
    }


def written(labels: dict[str, str]) -> str:
    return "{" + ", ".join(f'{name}="{value}"' for name, value in labels.items()) + "}"


def test_the_configuration_and_the_rules_are_ones_that_prometheus_takes(
    requires_program: Callable[[str], str],
) -> None:
    command = [requires_program("promtool"), "check", "config", "prometheus.yml"]

    done = subprocess.run(command, cwd=PROMETHEUS, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert "28 rules found" in done.stdout
    assert "17 rules found" in done.stdout


@pytest.mark.parametrize(
    ("alert", "series", "silent", "firing", "labels"),
    [(alert, *each) for alert, cases in FIRING.items() for each in cases],
)
def test_a_rule_fires_when_it_should_and_not_before(
    alert: str,
    series: Series,
    silent: int,
    firing: int,
    labels: dict[str, str],
    promtool: Callable[..., str],
) -> None:
    step = STEP_SECONDS if firing < HOUR else MINUTE

    assert promtool([case(series, (silent, alert, []), (firing, alert, [labels]))], step) == ""


@pytest.mark.parametrize(("step", "seconds"), [(STEP_SECONDS, (60, 600, 1200)), (MINUTE, (2 * HOUR,))])
def test_nothing_fires_while_all_is_well(step: int, seconds: tuple[int, ...], promtool: Callable[..., str]) -> None:
    questions = [(second, ".*", []) for second in seconds]

    assert promtool([case(QUIET, *questions)], step) == ""


# Two hours of it: what was scraped, and what must have been recorded of it, within a twentieth.
RECORDED: dict[str, tuple[Series, dict[str, str], float]] = {
    "ward:vigil_patient_days:sum1d": (
        {
            'vigil_patients_monitored{instance="a",ward="A1"}': "20x120",
            'vigil_patients_monitored{instance="b",ward="A1"}': "4x120",
        },
        {"ward": "A1"},
        2,
    ),
    "ward:vigil_alerts:per_patient_day1d": (
        {
            'vigil_patients_monitored{ward="A1"}': "24x120",
            'vigil_alerts_total{ward="A1",kind="news2",priority="high"}': "0+0.1x120",
            'vigil_alerts_total{ward="A1",kind="limit",priority="medium"}': "0+0.2x120",
        },
        {"ward": "A1"},
        18,
    ),
    "ward:vigil_patients_foretold:ratio": (
        {
            'vigil_patients_monitored{ward="A1"}': "10x120",
            'vigil_patients_without_risk{ward="A1",reason="no-model"}': "3x120",
            'vigil_patients_without_risk{ward="A1",reason="nothing-known"}': "1x120",
        },
        {"ward": "A1"},
        0.6,
    ),
    "job:vigil_time_to_acknowledge_seconds:p50_rate6h": (
        {
            'vigil_time_to_acknowledge_seconds_bucket{job="w",le="60.0"}': "0+1x120",
            'vigil_time_to_acknowledge_seconds_bucket{job="w",le="120.0"}': "0+3x120",
            'vigil_time_to_acknowledge_seconds_bucket{job="w",le="+Inf"}': "0+4x120",
        },
        {"job": "w"},
        90,
    ),
    "job:vigil_alert_feedback:actionable_ratio_increase1d": (
        {
            'vigil_alert_feedback_total{job="w",usefulness="actionable"}': "0+3x120",
            'vigil_alert_feedback_total{job="w",usefulness="not-actionable"}': "0+1x120",
        },
        {"job": "w"},
        0.75,
    ),
    "gateway:vigil_gateway_readings:late_ratio_rate15m": (
        {f'{AGE}{{gateway="g1",le="60.0"}}': "0+6x120", f'{AGE}{{gateway="g1",le="+Inf"}}': "0+8x120"},
        {"gateway": "g1"},
        0.25,
    ),
    "gateway:vigil_gateway_refused_measurements:per_reading_rate15m": (
        {
            'vigil_gateway_refused_measurements_total{gateway="g1",reason="sentinel"}': "0+2x120",
            'vigil_gateway_refused_measurements_total{gateway="g1",reason="implausible"}': "0+1x120",
            'vigil_gateway_readings_total{gateway="g1",device_type="monitor"}': "0+30x120",
        },
        {"gateway": "g1"},
        0.1,
    ),
    "job:vigil_dead_letters:ratio_rate5m": (
        {
            'vigil_dead_letters_total{job="w",reason="invalid"}': "0+1x120",
            'vigil_records_processed_total{job="w"}': "0+50x120",
        },
        {"job": "w"},
        0.02,
    ),
}


def test_what_is_recorded_is_what_its_name_says(promtool: Callable[..., str]) -> None:
    tests = [
        {
            "name": name,
            "interval": "1m",
            "input_series": [{"series": each, "values": values} for each, values in series.items()],
            "promql_expr_test": [
                {
                    "expr": f"abs({name} / {value} - 1) < bool 0.05",
                    "eval_time": "2h",
                    "exp_samples": [{"labels": written(labels), "value": 1}],
                }
            ],
        }
        for name, (series, labels, value) in RECORDED.items()
    ]

    assert promtool(tests, step_seconds=MINUTE) == ""


def test_every_rule_is_tried(rules: list[dict[str, Any]]) -> None:
    assert {rule["alert"] for rule in rules} == FIRING.keys()


def test_every_rule_says_what_is_wrong_and_leads_to_what_to_do(rules: list[dict[str, Any]]) -> None:
    for rule in rules:
        annotations = rule["annotations"]
        page, _, anchor = annotations["runbook_url"].partition("#")
        sections = sections_of(page)
        assert rule["labels"]["severity"] in ("critical", "warning")
        assert all(annotations[name] for name in ("summary", "description"))
        assert anchor == rule["alert"].lower()
        for said in ("What it means", "What to look at", "What to do"):
            assert f"**{said}.**" in sections[anchor]


def test_no_section_of_the_runbook_is_of_a_rule_that_is_gone(rules: list[dict[str, Any]]) -> None:
    ours = {name for name in sections_of("docs/runbook.md") if name.startswith("vigil")}

    assert ours == {rule["alert"].lower() for rule in rules}


def sections_of(page: str) -> dict[str, str]:
    """The sections of a page by their anchors."""
    text = (ROOT / page).read_text(encoding="utf-8")
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)[1:]
    return {title.lower().replace(" ", "-"): body for title, body in zip(parts[::2], parts[1::2], strict=True)}
