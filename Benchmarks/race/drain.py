"""A client that costs next to nothing: many downloads at once in one process, whose bytes the kernel throws away.

    python drain.py < {"port": …, "jobs": [{"path": …, "range": [first, last] | null, "headers": {…}}]}

`MSG_TRUNC` on a TCP socket drops what is there without copying it, so that the server under test gets the processors.
Prints `[[status, seconds to the first byte of the body, bytes of the body, seconds], …]`, one entry for each job.
"""

import json
import select
import socket
import sys
import time

ROOM = bytearray(8 << 20)
LIMIT_SECONDS = 1800


class Download:
    def __init__(self, port: int, job: dict):
        self.head, self.status, self.first, self.size, self.length = b"", 0, 0.0, 0, None
        self.begun, self.seconds = time.monotonic(), 0.0
        headers = {"Host": f"127.0.0.1:{port}", "Connection": "close", **job.get("headers", {})}
        if job.get("range"):
            headers["Range"] = f"bytes={job['range'][0]}-{job['range'][1]}"
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self.asked = f"GET {job['path']} HTTP/1.1\r\n{lines}\r\n".encode()
        self.socket = socket.socket()
        self.socket.setblocking(False)
        self.socket.connect_ex(("127.0.0.1", port))

    def send(self) -> bool:
        self.asked = self.asked[self.socket.send(self.asked):]
        return not self.asked

    def receive(self) -> bool:
        """Whether this was the end."""
        if self.length is None:
            part = self.socket.recv(16384)
            self.head += part
            head, found, body = self.head.partition(b"\r\n\r\n")
            if not found:
                return not part
            self.status = int(head.split(b" ", 2)[1])
            fields = dict(line.lower().split(b":", 1) for line in head.split(b"\r\n")[1:] if b":" in line)
            self.length = int(fields.get(b"content-length", b"-1"))
            got = len(body)
        else:
            got = self.socket.recv_into(ROOM, len(ROOM), socket.MSG_TRUNC)
            if got == 0:
                return True
        if got and not self.size:
            self.first = time.monotonic() - self.begun
        self.size += got
        return self.size == self.length

    def end(self):
        self.seconds = time.monotonic() - self.begun
        self.socket.close()


def main():
    asked = json.load(sys.stdin)
    poll, downloads = select.epoll(), {}
    every = [Download(asked["port"], job) for job in asked["jobs"]]
    for each in every:
        downloads[each.socket.fileno()] = each
        poll.register(each.socket, select.EPOLLOUT)
    deadline = time.monotonic() + LIMIT_SECONDS
    while downloads and time.monotonic() < deadline:
        for number, event in poll.poll(1):
            each = downloads[number]
            try:
                if event & select.EPOLLIN:
                    over = each.receive()
                elif event & (select.EPOLLERR | select.EPOLLHUP):
                    over = True
                else:
                    over = False
                    if each.send():
                        poll.modify(number, select.EPOLLIN)
            except BlockingIOError:
                continue
            except OSError:
                over = True
            if over:
                poll.unregister(number)
                del downloads[number]
                each.end()
    print(json.dumps([[each.status, each.first, each.size, each.seconds] for each in every]))


if __name__ == "__main__":
    main()
