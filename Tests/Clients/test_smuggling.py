"""S49: requests of two readings, sent to the program itself and through a proxy in front of it.

What a proxy and a server read differently is how one person's request becomes the beginning of another's. Behind the proxy
all requests share one connection, and after each attempt a stranger asks: he must get his own answer.
"""

import socket
import subprocess

import pytest

from support.foreign import _wait_for_port
from support.ports import free_port
from support.weir import Weir

NGINX = """\
daemon off;
user root;
worker_processes 1;
error_log {home}/nginx-error.log;
pid {home}/nginx.pid;
events {{ worker_connections 128; }}
http {{
    access_log off;
    client_body_temp_path {home}/body; proxy_temp_path {home}/proxy; fastcgi_temp_path {home}/fastcgi;
    uwsgi_temp_path {home}/uwsgi; scgi_temp_path {home}/scgi;
    upstream weir {{ server 127.0.0.1:{server}; keepalive 1; }}
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass http://weir;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header Host $http_host;
            proxy_request_buffering off;
        }}
    }}
}}
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with Weir(tmp_path_factory.mktemp("smuggling")) as weir:
        yield weir


@pytest.fixture(scope="module")
def proxy(server, tmp_path_factory):
    home = tmp_path_factory.mktemp("nginx")
    port = free_port()
    (home / "nginx.conf").write_text(NGINX.format(home=home, server=server.port, port=port))
    nginx = subprocess.Popen(["/usr/sbin/nginx", "-c", home / "nginx.conf", "-e", home / "nginx-error.log"],
                             start_new_session=True)
    _wait_for_port(port, nginx)
    yield port
    nginx.terminate()
    nginx.wait(20)


HIDDEN = b"GET /smuggled-%d HTTP/1.1\r\nHost: hidden\r\n\r\n"
ASK = b"GET /asked-by-somebody-else HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"


def post(fields: bytes, body: bytes = b"", path: bytes = b"/x", version: bytes = b"HTTP/1.1") -> bytes:
    return b"POST " + path + b" " + version + b"\r\nHost: h\r\n" + fields + b"\r\n" + body


def coding(value: bytes, name: bytes = b"Transfer-Encoding", length: bytes = b"") -> bytes:
    return post(name + b":" + value + b"\r\n" + length, b"0\r\n\r\n")


def chunk(head: bytes, body: bytes = b"hello\r\n0\r\n\r\n") -> bytes:
    return post(b"Transfer-Encoding: chunked\r\n", head + body)


LENGTH = b"Content-Length: 6\r\n"
CASES = {
    # a length and a coding
    "both": coding(b" chunked", length=LENGTH),
    "both, the length first": post(LENGTH + b"Transfer-Encoding: chunked\r\n", b"0\r\n\r\n"),
    "both, and the length is too long": coding(b" chunked", length=b"Content-Length: 60\r\n"),
    # lengths
    "two lengths": post(b"Content-Length: 0\r\nContent-Length: 44\r\n"),
    "two lengths, the longer first": post(b"Content-Length: 44\r\nContent-Length: 0\r\n"),
    "a list of lengths": post(b"Content-Length: 0, 44\r\n"),
    "a list of equal lengths": post(b"Content-Length: 0, 0\r\n"),
    "a plus": post(b"Content-Length: +0\r\n"),
    "a minus": post(b"Content-Length: -1\r\n"),
    "hexadecimal": post(b"Content-Length: 0x0\r\n"),
    "an exponent": post(b"Content-Length: 0e0\r\n"),
    "a point": post(b"Content-Length: 0.0\r\n"),
    "a space within": post(b"Content-Length: 0 0\r\n"),
    "an underscore": post(b"Content-Length: 0_0\r\n"),
    "nothing": post(b"Content-Length: \r\n"),
    "too large for 64 bits": post(b"Content-Length: 18446744073709551616\r\n"),
    "other digits": post("Content-Length: \u0660\r\n".encode()),
    "a quoted length": post(b"Content-Length: \"0\"\r\n"),
    "a length with a comma": post(b"Content-Length: 0,\r\n"),
    # codings
    "an unknown coding": coding(b" xchunked"),
    "chunked and not last": coding(b" chunked, identity"),
    "identity": coding(b" identity", length=LENGTH),
    "chunked twice": coding(b" chunked, chunked"),
    "two fields": coding(b" chunked\r\nTransfer-Encoding: identity", length=LENGTH),
    "two fields the other way round": coding(b" identity\r\nTransfer-Encoding: chunked", length=LENGTH),
    "quoted": coding(b" \"chunked\"", length=LENGTH),
    "a vertical tab": coding(b" \x0bchunked", length=LENGTH),
    "a form feed": coding(b" \x0cchunked", length=LENGTH),
    "a parameter": coding(b" chunked;a=b", length=LENGTH),
    "a NUL behind it": coding(b" chunked\0", length=LENGTH),
    "a byte beyond ASCII": coding(b" chunked\xa0", length=LENGTH),
    "nothing as coding": coding(b"", length=LENGTH),
    "a comma before it": coding(b" ,chunked", length=LENGTH),
    # names
    "a space before the colon": coding(b" chunked", b"Transfer-Encoding ", LENGTH),
    "a tab before the colon": coding(b" chunked", b"Transfer-Encoding\t", LENGTH),
    "a space before the name": coding(b" chunked", b" Transfer-Encoding", LENGTH),
    "a carriage return in the name": coding(b" chunked", b"Transfer\r-Encoding", LENGTH),
    "a NUL in the name": coding(b" chunked", b"Transfer\0-Encoding", LENGTH),
    "a name of nothing": post(b": a\r\n" + LENGTH, b"123456"),
    "a line without a colon": post(b"X\r\n" + LENGTH, b"123456"),
    "a name in brackets": post(b"(X): a\r\n" + LENGTH, b"123456"),
    # lines
    "a lone line feed ends a field": post(b"X: a\nTransfer-Encoding: chunked\r\n" + LENGTH, b"0\r\n\r\n"),
    "a lone carriage return ends a field": post(b"X: a\rTransfer-Encoding: chunked\r\n" + LENGTH, b"0\r\n\r\n"),
    "lone line feeds end the head": b"POST /x HTTP/1.1\nHost: h\nContent-Length: 6\nTransfer-Encoding: chunked\n\n0\r\n\r\n",
    "a folded field": coding(b"\r\n chunked", length=LENGTH),
    "a folded field by a tab": coding(b"\r\n\tchunked", length=LENGTH),
    "a folded length": post(b"Content-Length:\r\n 0\r\n"),
    "a NUL in a value": post(b"X: a\0b\r\n" + LENGTH, b"123456"),
    # chunks
    "a size with a plus": chunk(b"+5\r\n"),
    "a size with a minus": chunk(b"-5\r\n"),
    "a size with 0x": chunk(b"0x5\r\n"),
    "a size with a space in front": chunk(b" 5\r\n"),
    "a size that is none": chunk(b"g\r\n"),
    "a size too large": chunk(b"ffffffffffffffffff\r\n"),
    "no line end behind a chunk": chunk(b"5\r\n", b"helloXX0\r\n\r\n"),
    "a lone line feed behind a size": chunk(b"5\n"),
    "a lone carriage return behind a size": chunk(b"5\r"),
    "an extension with a line feed": chunk(b"5;a\nb\r\n"),
    "an extension with a carriage return": chunk(b"5;a\rb\r\n"),
    "no size": chunk(b"\r\n"),
    # targets and versions
    "no version": b"POST /x\r\nHost: h\r\nContent-Length: 6\r\n\r\n123456",
    "another version": post(LENGTH, b"123456", version=b"HTTP/9.9"),
    "a version in small letters": post(LENGTH, b"123456", version=b"http/1.1"),
    "a version without a number": post(LENGTH, b"123456", version=b"HTTP/"),
    "chunks in version 1.0": post(b"Transfer-Encoding: chunked\r\n" + LENGTH, b"0\r\n\r\n", version=b"HTTP/1.0"),
    "no target": post(LENGTH, b"123456", path=b""),
    "a target with a space": post(LENGTH, b"123456", path=b"/x y"),
    "a target with a tab": post(LENGTH, b"123456", path=b"/x\ty"),
    "two hosts": post(b"Host: evil\r\n" + LENGTH, b"123456"),
    "a host that is none": b"POST /x HTTP/1.1\r\nHost: a\"b<c>\r\nContent-Length: 6\r\n\r\n123456",
    "an authority of another host": post(LENGTH, b"123456", path=b"http://evil/x"),
    "two slashes": post(LENGTH, b"123456", path=b"//evil/x"),
}
assert len(CASES) >= 60
# What has one reading only, and may be answered with what is at that place: nothing.
PLAIN = {"an authority of another host", "two slashes"}


def talk(port: int, request: bytes, closes: bool = True) -> bytes:
    """All that is answered; the connection is closed for writing behind the request, unless the request says so itself."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        answer = b""
        try:
            connection.sendall(request)
            if closes:
                connection.shutdown(socket.SHUT_WR)
            while piece := connection.recv(1 << 16):
                answer += piece
        except (ConnectionResetError, BrokenPipeError):
            pass
        return answer


@pytest.mark.parametrize("case", CASES)
def test_s49_nothing_hides_behind_an_ambiguous_request(case, server):
    answer = talk(server.port, CASES[case] + HIDDEN % 1 + HIDDEN % 2)
    statuses = [int(part[:3]) for part in answer.split(b"HTTP/1.1 ")[1:]]
    if case in PLAIN:
        assert statuses[0] in (400, 404, 405) and len(statuses) <= 3, answer[:600]
        return
    assert len(statuses) <= 1 and all(status >= 400 for status in statuses), answer[:600]
    assert b"smuggled" not in answer, answer[:600]


@pytest.mark.parametrize("case", CASES)
def test_s49_behind_a_proxy_nobody_gets_anothers_answer(case, server, proxy):
    talk(proxy, CASES[case] + HIDDEN % 1 + HIDDEN % 2)
    for _ in range(3):
        answer = talk(proxy, ASK, closes=False)
        assert answer.count(b"HTTP/1.1 ") == 1 and b"asked-by-somebody-else" in answer, answer[:600]
