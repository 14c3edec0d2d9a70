"""Free TCP ports for servers whose number must be known before they start (and kept over a restart)."""

import itertools
import os
import socket

# Below the kernel's ephemeral range, one slice for each xdist worker: nothing else takes a port between
# the moment it is chosen here and the moment the server binds it.
_WORKER = int("".join(filter(str.isdigit, os.environ.get("PYTEST_XDIST_WORKER", "gw0"))) or 0)
_FIRST = 20_000 + (os.getpid() * 37) % 1_000 + _WORKER * 1_500
_candidates = itertools.count(_FIRST)


def free_port() -> int:
    for port in _candidates:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError("no free port")
