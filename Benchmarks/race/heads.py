"""`HEAD` of one path over and over by many connections that stay open; reads what to do as JSON, prints a rate as JSON."""

import json
import select
import socket
import sys
import time


def main():
    asked = json.load(sys.stdin)
    headers = {"Host": f"127.0.0.1:{asked['port']}", **asked["headers"]}
    request = (f"HEAD {asked['path']} HTTP/1.1\r\n" + "".join(f"{k}: {v}\r\n" for k, v in headers.items()) + "\r\n").encode()
    poll, sockets, sent, seen, times = select.epoll(), {}, {}, {}, []
    for _ in range(asked["connections"]):
        each = socket.create_connection(("127.0.0.1", asked["port"]), timeout=60)
        each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        poll.register(each, select.EPOLLIN)
        sockets[each.fileno()], seen[each.fileno()] = each, b""
        sent[each.fileno()] = time.perf_counter()
        each.sendall(request)
    begun = time.perf_counter()
    while time.perf_counter() - begun < asked["seconds"]:
        for number, _ in poll.poll(1):
            part = sockets[number].recv(16384)
            if not part:
                sys.exit("a connection was closed")
            seen[number] += part
            if not seen[number].endswith(b"\r\n\r\n"):
                continue
            if seen[number][9:12] not in (b"200", b"302", b"307"):
                sys.exit(f"status {seen[number][9:12].decode()}")
            now = time.perf_counter()
            times.append(now - sent[number])
            seen[number], sent[number] = b"", now
            sockets[number].sendall(request)
    took = time.perf_counter() - begun
    if not times:
        sys.exit(f"not one answer in {asked['seconds']} s")
    times.sort()
    print(json.dumps({"per_second": len(times) / took, "requests": len(times), "p50_ms": times[len(times) // 2] * 1000,
                      "p99_ms": times[len(times) * 99 // 100] * 1000}))


if __name__ == "__main__":
    main()
