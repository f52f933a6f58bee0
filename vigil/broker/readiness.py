"""Whether a broker answers."""

import socket
import struct

from kafka.protocol.admin import DescribeClusterRequest, DescribeClusterResponse

_VERSION = 0
_PATIENCE_SECONDS = 2.0


def answers(host: str, port: int, cluster_id: str) -> bool:
    """Asks whoever listens for its cluster, and tells whether it is the wanted one with its node at work."""
    request = DescribeClusterRequest[_VERSION](include_cluster_authorized_operations=False)
    request.with_header(client_id="vigil")
    try:
        with socket.create_connection((host, port), timeout=_PATIENCE_SECONDS) as connection:
            connection.sendall(request.encode(header=True, framed=True))
            (size,) = struct.unpack(">i", _receive(connection, 4))
            answer = _receive(connection, size)
    except OSError:
        return False
    response = DescribeClusterResponse.decode(answer, version=_VERSION, header=True)
    return bool(response.cluster_id == cluster_id and response.brokers)


def _receive(connection: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        part = connection.recv(size - len(data))
        if not part:
            raise ConnectionResetError("the broker closed the connection")
        data += part
    return data
