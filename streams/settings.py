"""What can be set for the connection to Kafka and for a worker."""

import re
import ssl
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from models.events import Origin

SecurityProtocol = Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"]
SaslMechanism = Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"]

_LOCAL = "127.0.0.1:9092"
_ADDRESS = re.compile(r"(\[[0-9A-Fa-f:.%]+\]|[^\s:\[\]/@]+):(?P<port>[0-9]{1,5})")
_LAST_PORT = 65535
_BOOTSTRAP_MS = 5_000  # A broker that is not there is told soon; the client's own default is 30 s.


class Connection(BaseSettings):
    """How every client reaches Kafka, from `VIGIL_KAFKA_...` in the environment or `[kafka]` in the file."""

    model_config = SettingsConfigDict(env_prefix="VIGIL_KAFKA_", frozen=True, use_attribute_docstrings=True)

    bootstrap_servers: str = Field(default=_LOCAL, min_length=1)
    """One or more brokers to ask first, HOST:PORT separated by commas."""

    security_protocol: SecurityProtocol = "PLAINTEXT"
    """Whether to encrypt (SSL), to log in (SASL), or both."""

    sasl_mechanism: SaslMechanism = "PLAIN"
    """How to log in, where the security protocol asks for it."""

    sasl_username: str | None = None
    """Who logs in."""

    sasl_password: SecretStr | None = None
    """The password to log in with."""

    tls_ca: Path | None = None
    """A file of certificates (PEM) to trust instead of the system's."""

    tls_certificate: Path | None = None
    """This client's own certificate (PEM), where the broker asks for one."""

    tls_key: Path | None = None
    """The private key (PEM) of the certificate, where it is not in the same file."""

    tls_key_password: SecretStr | None = None
    """The password of the private key."""

    @field_validator("bootstrap_servers")
    @classmethod
    def _are_addresses(cls, servers: str) -> str:
        addresses = [address.strip() for address in servers.split(",")]
        for address in addresses:
            found = _ADDRESS.fullmatch(address)
            if found is None or not 0 < int(found["port"]) <= _LAST_PORT:
                raise ValueError(f"{address!r} is not HOST:PORT, such as {_LOCAL}")
        return ",".join(addresses)

    @model_validator(mode="after")
    def _has_what_it_needs(self) -> Self:
        if self._logs_in and (self.sasl_username is None or self.sasl_password is None):
            raise ValueError(f"{self.security_protocol} needs a sasl_username and a sasl_password")
        if self.tls_key is not None and self.tls_certificate is None:
            raise ValueError("tls_key needs a tls_certificate")
        if self._encrypts:
            try:
                self._tls_context()
            except (OSError, ssl.SSLError) as error:
                raise ValueError(f"the files of tls_... make no TLS connection ({error})") from error
        return self

    @property
    def _logs_in(self) -> bool:
        return self.security_protocol.startswith("SASL_")

    @property
    def _encrypts(self) -> bool:
        return self.security_protocol.endswith("SSL")

    def for_aiokafka(self) -> dict[str, Any]:
        """Arguments for any client of aiokafka."""
        return self._client_arguments()

    def for_kafka_python(self) -> dict[str, Any]:
        """Arguments for any client of kafka-python, which gives up after 5 s when no broker answers its first call."""
        return self._client_arguments() | {"bootstrap_timeout_ms": _BOOTSTRAP_MS}

    def _client_arguments(self) -> dict[str, Any]:
        arguments: dict[str, Any] = {
            "bootstrap_servers": self.bootstrap_servers.split(","),
            "security_protocol": self.security_protocol,
        }
        if self._encrypts:
            arguments["ssl_context"] = self._tls_context()
        if self._logs_in and self.sasl_password is not None:
            arguments["sasl_mechanism"] = self.sasl_mechanism
            arguments["sasl_plain_username"] = self.sasl_username
            arguments["sasl_plain_password"] = self.sasl_password.get_secret_value()
        return arguments

    def _tls_context(self) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=self.tls_ca)
        if self.tls_certificate is not None:
            password = self.tls_key_password.get_secret_value() if self.tls_key_password is not None else None
            context.load_cert_chain(self.tls_certificate, self.tls_key, password)
        return context


class ProcessSettings(BaseSettings):
    """What a worker and the learner have in common: each holds partitions and writes in transactions."""

    model_config = SettingsConfigDict(frozen=True, use_attribute_docstrings=True)

    prefix: str = Field(default="live", pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$")
    """Which topics: live, simulated, or replay-<run>."""

    instance_id: str | None = None
    """A name that outlives a restart, so that a quick restart moves no partition; unique in the group."""

    session_timeout_seconds: float = Field(default=6, gt=0)
    """Take a process that sends no heartbeat for this long for dead."""

    heartbeat_seconds: float = Field(default=2, gt=0)
    """Send a heartbeat this often."""

    transaction_timeout_seconds: float = Field(default=10, gt=0)
    """Let the broker abort a transaction that is open for this long."""

    stop_timeout_seconds: float = Field(default=5, gt=0)
    """Leave after this long even if the last transaction is not done; nothing is lost by it."""

    stuck_seconds: float = Field(default=60, gt=0)
    """Call the process unhealthy when a record waits, or the broker is silent, for this long."""

    metrics_host: str = "127.0.0.1"
    """Where metrics and health are served; loopback unless something else guards them."""

    @property
    def origin(self) -> Origin:
        """The origin of records that name none, and of what this process publishes."""
        return origin_of(self.prefix)


class WorkerSettings(ProcessSettings):
    """Settings of one worker, from `VIGIL_WORKER_...` in the environment or `[worker]` in the file."""

    model_config = SettingsConfigDict(env_prefix="VIGIL_WORKER_", frozen=True, use_attribute_docstrings=True)

    checkpoint_seconds: float = Field(default=5, gt=0)
    """Write a checkpoint when the last one is this old."""

    checkpoint_records: int = Field(default=50_000, gt=0)
    """Write a checkpoint after this many records, which bounds what a restart folds again."""

    checkpoint_bytes: int = Field(default=32 * 1024 * 1024, gt=0)
    """Write a checkpoint after this many bytes of input."""

    transaction_records: int = Field(default=2_000, gt=0)
    """Fold at most this many records into one transaction."""

    metrics_port: int = Field(default=9180, ge=0, le=65535)
    """The port of metrics and health; 0 takes a free one and logs it."""

    @property
    def group(self) -> str:
        """The consumer group, whose committed offsets say what is done."""
        return f"vigil-{self.prefix}"


def origin_of(prefix: str) -> Origin:
    """The origin of records on topics with this prefix, where they name none."""
    if prefix.startswith("replay-"):
        return "replay"
    return "simulated" if prefix == "simulated" or prefix.startswith("simulated-") else "live"
