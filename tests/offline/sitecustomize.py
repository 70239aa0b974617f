"""Refuse every connection that would leave this machine: in this process, or in a child with this folder on its path.

Python imports a module of this name when it starts, so a child process needs only ``PYTHONPATH`` to be held to it.
"""

from __future__ import annotations

import socket
from typing import Any

LOCAL = {"127.0.0.1", "::1", "localhost", ""}

_connect = socket.socket.connect
_resolve = socket.getaddrinfo


def _guarded_connect(self: socket.socket, address: Any) -> None:
    if self.family != getattr(socket, "AF_UNIX", None) and address[0] not in LOCAL:
        raise ConnectionRefusedError(f"nothing may leave the machine: {address[0]}")
    _connect(self, address)


def _guarded_resolve(host: Any, *args: Any, **kwargs: Any) -> Any:
    if host is not None and host not in LOCAL:
        raise ConnectionRefusedError(f"nothing may leave the machine: {host}")
    return _resolve(host, *args, **kwargs)


socket.socket.connect = _guarded_connect  # type: ignore[method-assign]
socket.getaddrinfo = _guarded_resolve
