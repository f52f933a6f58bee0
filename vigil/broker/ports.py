"""Ports on loopback."""

import random
import socket

LOOPBACK = "127.0.0.1"
_CANDIDATES = range(15_000, 30_000)
"""Below the ports that systems give to outgoing connections, where a client that retries could connect to itself."""
_TRIED = 1_000


class NoPortFree(Exception):
    """Something listens on every port that was tried; the message says where."""


def is_free(port: int) -> bool:
    """Tells whether a server could listen on the port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
            probe.listen()
        except OSError:
            return False
    return True


def free_from(first: int, together: int = 1) -> int:
    """The first of so many free ports that follow each other, from `first` on; raises NoPortFree."""
    for port in range(first, first + _TRIED):
        if all(is_free(port + number) for number in range(together)):
            return port
    raise NoPortFree(f"no port from {first} on is free")


def free_port(besides: int = 0) -> int:
    """Finds a free port other than the given one; another process can still take it first, so be ready to try again."""
    drawn = random.sample(_CANDIDATES, len(_CANDIDATES))
    return next(port for port in drawn if port != besides and is_free(port))
