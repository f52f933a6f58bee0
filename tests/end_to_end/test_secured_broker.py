"""A Kafka that asks for TLS, a certificate and a password: each client of a run gets in, or it is told why not."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import vigil.broker.server
from vigil.broker import Broker
from vigil.broker.configuration import server_properties
from vigil.broker.ports import LOOPBACK, free_port

LOGIN = "org.apache.kafka.common.security.plain.PlainLoginModule"
REPLAY = [sys.executable, "-m", "vigil", "replay", "sample", "--limit", "2", "--workers", "1", "--json"]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory, requires_program: Callable[[str], str]) -> Path:
    """A certificate that vouches for itself and its key, in one file, for the broker and its clients."""
    folder = tmp_path_factory.mktemp("tls")
    key, certificate, both = folder / "key.pem", folder / "certificate.pem", folder / "both.pem"
    names = ["-subj", "/CN=vigil", "-addext", f"subjectAltName=IP:{LOOPBACK}"]
    command = [requires_program("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", *names]
    subprocess.run([*command, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    both.write_bytes(key.read_bytes() + certificate.read_bytes())
    return both


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory, certificate: Path) -> Iterator[str]:
    """The address of a listener for clients that have a certificate and know the password."""
    door = free_port()

    def with_a_door(port: int, controller_port: int) -> str:
        return server_properties(port, controller_port) + secured_listener(port, controller_port, door, certificate)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vigil.broker.server, "server_properties", with_a_door)
        with Broker(tmp_path_factory.mktemp("secured")):
            yield f"{LOOPBACK}:{door}"


def secured_listener(port: int, controller_port: int, door: int, certificate: Path) -> str:
    """Kafka's settings of one more listener; of two lines with one name Java takes the later."""
    plain, own = f"PLAINTEXT://{LOOPBACK}:{port}", f"DOOR://{LOOPBACK}:{door}"
    settings = {
        "listeners": f"{plain},CONTROLLER://{LOOPBACK}:{controller_port},{own}",
        "advertised.listeners": f"{plain},{own}",
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,DOOR:SASL_SSL",
        "sasl.enabled.mechanisms": "PLAIN",
        "listener.name.door.plain.sasl.jaas.config": f'{LOGIN} required user_vigil="sesame";',
        "listener.name.door.ssl.client.auth": "required",
        "listener.name.door.ssl.keystore.type": "PEM",
        "listener.name.door.ssl.keystore.location": str(certificate),
        "listener.name.door.ssl.truststore.type": "PEM",
        "listener.name.door.ssl.truststore.location": str(certificate),
    }
    return "".join(f"{name}={value}\n" for name, value in settings.items())


def replay(address: str, certificate: Path, **changes: str) -> subprocess.CompletedProcess[str]:
    settings = {
        "SECURITY_PROTOCOL": "SASL_SSL",
        "SASL_USERNAME": "vigil",
        "SASL_PASSWORD": "sesame",
        "TLS_CA": str(certificate),
        "TLS_CERTIFICATE": str(certificate),
        **changes,
    }
    environment = os.environ | {f"VIGIL_KAFKA_{name}": value for name, value in settings.items()}
    return subprocess.run(
        [*REPLAY, "--broker", address], capture_output=True, text=True, check=False, timeout=120, env=environment
    )


def test_a_whole_run_gets_in(secured: str, certificate: Path) -> None:
    done = replay(secured, certificate)

    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["processed"] == report["published"] > 0
    assert report["assessments"] > 0
    assert (report["missing"], report["doubled"]) == (0, 0)


@pytest.mark.parametrize("wrong", [{"SASL_PASSWORD": "guess"}, {"SECURITY_PROTOCOL": "PLAINTEXT"}])
def test_who_is_not_let_in_is_told_in_one_line(secured: str, certificate: Path, wrong: dict[str, str]) -> None:
    done = replay(secured, certificate, **wrong)

    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("vigil: ")
    assert done.stderr.count("\n") == 1
