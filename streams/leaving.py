"""How a worker leaves when it can't go on: at once, without committing; a supervisor starts a new one.

A fenced or failed transactional producer must never be used again, and with the broker gone neither a transaction nor a
producer's stop would ever return. Leaving is the one way out of both that loses and doubles nothing.
"""

import logging
import os
from enum import IntEnum
from typing import NoReturn, Protocol

log = logging.getLogger(__name__)


class ExitCode(IntEnum):
    """Why a worker left; all but the first ask for a restart, and UNUSABLE for a person as well."""

    STOPPED = 0
    FAILED = 70
    FENCED = 75
    UNUSABLE = 78
    UNANSWERED = 79


class UnusableError(Exception):
    """What Kafka holds can't be continued from; only a person can decide what to do."""


class Leave(Protocol):
    """Ends the worker; a test gives its own."""

    def __call__(self, code: ExitCode, reason: str) -> NoReturn:
        """Does not return."""


def leave(code: ExitCode, reason: str) -> NoReturn:
    """Ends this process now: no clean-up runs, nothing more is committed."""
    log.log(logging.CRITICAL if code else logging.INFO, "leaving (%s): %s", code.name.lower(), reason)
    logging.shutdown()
    os._exit(code)
