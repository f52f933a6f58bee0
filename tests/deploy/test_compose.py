"""What `docker compose` starts: of the specification, pinned, whole, and closed to the outside."""

import json
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from pydantic import SecretStr, ValidationError

from consumers.api.settings import ApiSettings
from consumers.ward.settings import WardSettings
from streams.settings import WorkerSettings
from vigil.broker.jars import LOCK
from vigil.cli import cli
from vigil.delivery_file import load_configuration

ROOT = Path(__file__).parents[2]
# The Compose Specification's own schema, unchanged, with its licence (Apache-2.0) beside it.
SPECIFICATION = Path(__file__).parent / "compose-spec" / "compose-spec.json"
PUBLISHED = {
    "api": ["127.0.0.1:9160:9160"],
    "ward": ["127.0.0.1:9170:9170"],
    "prometheus": ["127.0.0.1:9090:9090"],
    "grafana": ["127.0.0.1:3000:3000"],
}

Compose = dict[str, Any]


@pytest.fixture(scope="module")
def compose(read_yaml: Callable[[str], Any]) -> Compose:
    return read_yaml("docker-compose.yml")


def ours(compose: Compose) -> Compose:
    return {name: service for name, service in compose["services"].items() if "build" in service}


def workers(compose: Compose) -> list[str]:
    return [name for name, service in ours(compose).items() if service["command"][0] == "worker"]


def test_it_is_what_the_specification_allows(compose: Compose) -> None:
    schema = json.loads(SPECIFICATION.read_text(encoding="utf-8"))

    jsonschema.Draft202012Validator(schema).validate(compose)
    with pytest.raises(jsonschema.ValidationError, match="imagine"):
        jsonschema.validate({"services": {"kafka": {"imagine": "a mistake"}}}, schema)


def test_every_image_has_a_version(compose: Compose) -> None:
    bases = re.findall(r"^FROM (\S+)", (ROOT / "deploy/Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)

    for image in [service["image"] for service in compose["services"].values()] + bases:
        assert re.fullmatch(r"[a-z/-]+:v?\d+\.\d+\.\d+(-[a-z-]+)?", image), image


def test_kafka_is_the_version_that_is_embedded(compose: Compose) -> None:
    lock = tomllib.loads(LOCK.read_text(encoding="utf-8"))
    [embedded] = [jar["version"] for jar in lock["dependencies"] if jar["artifactId"] == "kafka_2.13"]

    assert compose["services"]["kafka"]["image"] == f"apache/kafka:{embedded}"


def test_vigils_own_image_is_of_this_version(compose: Compose) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert {service["image"] for service in ours(compose).values()} == {f"vigil:{project['version']}"}


def test_only_what_people_look_at_or_answer_through_is_published_and_only_on_loopback(compose: Compose) -> None:
    published = {name: service["ports"] for name, service in compose["services"].items() if "ports" in service}

    assert published == PUBLISHED
    assert not any("network_mode" in service for service in compose["services"].values())


def test_everything_that_is_mounted_exists_and_nothing_can_be_changed_through_it(compose: Compose) -> None:
    mounted = [mount for service in compose["services"].values() for mount in service.get("volumes", [])]
    files = [mount for mount in mounted if mount.startswith(".")]
    volumes = {mount.partition(":")[0] for mount in mounted if not mount.startswith(".")}

    assert files
    for mount in files:
        source, _, mode = mount.split(":")
        assert (ROOT / source).exists(), source
        assert mode == "ro"
    assert volumes == set(compose["volumes"])


def test_every_command_is_one_that_vigil_knows(compose: Compose) -> None:
    for service in ours(compose).values():
        arguments = list(service["command"])
        command = cli
        while isinstance(getattr(command, "commands", None), dict) or command is cli:
            found = command.get_command(None, arguments.pop(0))  # type: ignore[attr-defined]
            assert found is not None, service["command"]
            command = found
        command.make_context("vigil", arguments)


def test_two_workers_work_on_what_is_made_and_fed(compose: Compose) -> None:
    prefixes = {prefix_of(service["command"]) for service in ours(compose).values()}
    names = [ours(compose)[name]["command"][-1] for name in workers(compose)]

    assert len(prefixes) == 1
    assert names == workers(compose)
    assert len(names) == 2


def test_prometheus_asks_every_worker_the_learner_and_the_deliverer(
    compose: Compose, read_yaml: Callable[[str], Any]
) -> None:
    jobs = read_yaml("deploy/prometheus/prometheus.yml")["scrape_configs"]
    port = WorkerSettings().metrics_port

    asked = {job["job_name"]: job["static_configs"] for job in jobs}
    assert asked["vigil-worker"] == [{"targets": [f"{name}:{port}" for name in workers(compose)]}]
    assert asked["vigil-learner"] == [{"targets": [f"learner:{port}"]}]
    assert asked["vigil-deliverer"] == [{"targets": [f"deliverer:{port}"]}]
    for name in workers(compose):
        assert compose["services"][name]["environment"]["VIGIL_WORKER_METRICS_HOST"] == "0.0.0.0"
    learner = compose["services"]["learner"]["environment"]
    assert (learner["VIGIL_LEARNER_METRICS_HOST"], learner["VIGIL_LEARNER_METRICS_PORT"]) == ("0.0.0.0", str(port))
    deliverer = compose["services"]["deliverer"]["environment"]
    assert (deliverer["VIGIL_DELIVERY_METRICS_HOST"], deliverer["VIGIL_DELIVERY_METRICS_PORT"]) == (
        "0.0.0.0",
        str(port),
    )


def test_the_deliverer_of_the_simulated_ward_calls_nobody(compose: Compose) -> None:
    deliverer = compose["services"]["deliverer"]
    [mount] = deliverer["volumes"]
    source, target, _ = mount.split(":")
    file = deliverer["command"][deliverer["command"].index("--config") + 1]

    found = load_configuration(ROOT / source / Path(file).relative_to(target))

    assert {receiver.kind for receiver in found.receivers.values()} == {"console"}
    assert [route.origins for route in found.routes] == [["simulated"]]


def test_grafana_finds_its_data_source_and_the_dashboards(compose: Compose, read_yaml: Callable[[str], Any]) -> None:
    mounts = dict(mount.split(":")[:2] for mount in compose["services"]["grafana"]["volumes"])
    [provider] = read_yaml("deploy/grafana/provisioning/dashboards/vigil.yml")["providers"]
    [source] = read_yaml("deploy/grafana/provisioning/datasources/prometheus.yml")["datasources"]
    home = compose["services"]["grafana"]["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]

    assert mounts["./deploy/grafana/dashboards"] == provider["options"]["path"]
    assert home == f"{provider['options']['path']}/service.json"
    assert (ROOT / "deploy/grafana/dashboards/service.json").exists()
    assert mounts["./deploy/grafana/provisioning"] == "/etc/grafana/provisioning"
    assert source["url"] == "http://prometheus:9090"


def test_vigils_containers_may_do_nothing_that_they_need_not(compose: Compose) -> None:
    for service in ours(compose).values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
    assert "\nUSER 10001\n" in (ROOT / "deploy/Dockerfile").read_text(encoding="utf-8")


def test_the_image_gets_every_room(compose: Compose) -> None:
    dockerfile = (ROOT / "deploy/Dockerfile").read_text(encoding="utf-8")
    allowed = (ROOT / "deploy/Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    rooms = [room.rstrip("*") for room in project["tool"]["setuptools"]["packages"]["find"]["include"]]

    for room in rooms:
        assert f"\nCOPY {room} {room}\n" in dockerfile
        assert f"!{room}" in allowed


def test_the_image_is_made_from_the_hashed_lock_and_asks_a_worker_for_its_health() -> None:
    dockerfile = (ROOT / "deploy/Dockerfile").read_text(encoding="utf-8")

    assert "--no-deps --require-hashes --only-binary :all: --requirement requirements.txt" in dockerfile
    assert f"'http://127.0.0.1:{WorkerSettings().metrics_port}/healthz'" in dockerfile


def test_only_what_serves_metrics_is_asked_for_its_health(compose: Compose) -> None:
    asked = [name for name, service in ours(compose).items() if not service.get("healthcheck", {}).get("disable")]

    assert asked == [*workers(compose), "learner", "api", "ward", "deliverer"]


@pytest.mark.parametrize(("name", "settings"), [("api", ApiSettings), ("ward", WardSettings)])
def test_what_people_answer_through_comes_only_for_who_asks_for_it_and_not_without_a_token(
    name: str, settings: type[ApiSettings | WardSettings], compose: Compose
) -> None:
    service = compose["services"][name]
    port = settings.model_fields["port"].default

    assert service["profiles"] == [name]
    assert service["environment"][f"VIGIL_{name.upper()}_TOKEN"] == f"${{VIGIL_{name.upper()}_TOKEN:-}}"
    assert f"'http://127.0.0.1:{port}/healthz'" in service["healthcheck"]["test"][-1]
    with pytest.raises(ValidationError, match="16 printable ASCII"):
        settings(host=service["environment"][f"VIGIL_{name.upper()}_HOST"], token=SecretStr(""))


def prefix_of(command: list[str]) -> str:
    """The prefix of the topics that a command is about."""
    if "--run" in command:
        return f"replay-{command[command.index('--run') + 1]}"
    return command[command.index("--prefix") + 1]
