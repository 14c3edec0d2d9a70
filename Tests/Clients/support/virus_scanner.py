"""A socket that speaks clamd's words, as slowly as a test wants."""

import contextlib
import pathlib
import socket
import struct
import tempfile
import threading
import time


class SimulatedClamd:
    """Finds whatever holds `word`; `delay` is in seconds before each verdict."""

    def __init__(self, word: bytes = b"EVIL", delay: float = 0):
        self.word, self.delay, self.streams = word, delay, 0
        # Paths of sockets are short.
        self.path = pathlib.Path(tempfile.mkdtemp(prefix="clamd")) / "ctl"
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(self.path))
        self._listener.listen()

    def __enter__(self) -> "SimulatedClamd":
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._listener.close()

    def _accept(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket):
        with connection, connection.makefile("rb") as stream:
            command = b""
            while (byte := stream.read(1)) not in (b"", b"\0"):
                command += byte
            if command == b"zVERSION":
                connection.sendall(b"ClamAV 9.9.9/1/Thu Jan  1 00:00:00 2026\0")
                return
            content = b""
            while (head := stream.read(4)) and (length := struct.unpack(">I", head.ljust(4, b"\0"))[0]):
                content += stream.read(length)
            time.sleep(self.delay)
            self.streams += 1
            answer = b"stream: Simulated.Virus FOUND\0" if self.word in content else b"stream: OK\0"
            with contextlib.suppress(BrokenPipeError):
                # Whoever asked may have been killed meanwhile.
                connection.sendall(answer)
