"""Measures what comes from an upstream in a stretch of time: at the server that sends, and by the gateway's counter."""

import concurrent.futures
import contextlib
import dataclasses
import datetime
import socket
import threading
import time

import requests

from . import content, hostile
from .weir import Weir, eventually, fast_upstream, mirror_document

MIB = content.MEBIBYTE


@dataclasses.dataclass
class Stretch:
    seconds: float
    sent: int
    counted: int

    def deviations(self, expected: float) -> tuple[float, float]:
        """How far server and counter are from what should have come, as parts of it."""
        return self.sent / expected - 1, self.counted / expected - 1


def many_files(community: Weir, folder, name: str, count: int, size: int):
    """A repository of `count` files of `size` bytes at the community hub."""
    folder.mkdir(parents=True)
    (folder / "README.md").write_text(content.card(name, "mit"))
    for number in range(count):
        content.write_random(folder / f"part-{number:02}.bin", size, f"{name} {number}")
    community.import_folder(folder, f"model:acme/{name}", timeout=600)


def gateway_with(home, upstream: str, limits: dict) -> Weir:
    patient = {"timeouts": {"connect": "5s", "firstByte": "20s", "idle": "30s"}}
    return Weir(home, [mirror_document(
        "community", [fast_upstream("hub", "weir", upstream, limits=limits, **patient)])])


@contextlib.contextmanager
def transfers(gateway: Weir, name: str, count: int):
    """`count` clients that read a file each, until the block ends."""
    ended = threading.Event()

    def read(number: int):
        try:
            url = f"{gateway.url}/acme/{name}/resolve/main/part-{number:02}.bin"
            with requests.get(url, stream=True, timeout=120) as answer:
                for _ in answer.iter_content(1 << 16):
                    if ended.is_set():
                        return
        except requests.RequestException:
            if not ended.is_set():
                raise

    with concurrent.futures.ThreadPoolExecutor(count) as pool:
        running = [pool.submit(read, number) for number in range(count)]
        try:
            yield running
        finally:
            ended.set()


def small_pieces(monkeypatch):
    """What a proxy has sent is then what has come, to a few pieces: else megabytes of it stand in the kernel."""
    monkeypatch.setattr(hostile, "_STEP", 1 << 14)
    setup = hostile._Handler.setup

    def with_small_buffer(handler):
        handler.request.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 16)
        setup(handler)

    monkeypatch.setattr(hostile._Handler, "setup", with_small_buffer)


def measure(proxy: hostile.HostileProxy, gateway: Weir, seconds: float) -> Stretch:
    def sample():
        counted = gateway.metric("hub_upstream_bytes_total", purpose="blob")
        return time.monotonic(), proxy.body_bytes(), counted

    begun = sample()
    time.sleep(seconds)
    ended = sample()
    return Stretch(ended[0] - begun[0], ended[1] - begun[1], int(ended[2] - begun[2]))


def flowing(proxy: hostile.HostileProxy, count: int):
    """Waits until `count` transfers have begun, and the first moments are over."""
    eventually(lambda: sum(1 for r in proxy.seen("blob", "GET") if r.sent > 0) >= count, 60, "no transfer has begun")
    time.sleep(1)


def window_at_next_minute(bandwidth: str, lead: float) -> tuple[dict, float]:
    """A window that begins with the next minute, at least `lead` seconds from now, and when that is (Unix time)."""
    moment = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=lead)
    start = moment.replace(second=0, microsecond=0) + datetime.timedelta(minutes=1)
    return {"cron": f"{start.minute} {start.hour} * * *", "for": "10m", "bandwidth": bandwidth}, start.timestamp()
