"""Half a minute of as much as the limit lets through: within a twentieth of it, however many share it, and when it changes."""

import time

import pytest

from support import hostile
from support.bandwidth import (
    MIB, flowing, gateway_with, many_files, measure, small_pieces, transfers, window_at_next_minute)

pytestmark = [pytest.mark.drill, pytest.mark.timeout(900)]

RATE = 4 * MIB
SECONDS = 30
TOLERANCE = 0.05


@pytest.fixture(scope="module")
def files(community, tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    for count, size in ((1, 150), (4, 40), (16, 14)):
        many_files(community, folder / str(count), f"files-{count}", count, size * MIB)


@pytest.fixture
def proxy(community, files, monkeypatch):
    small_pieces(monkeypatch)
    with hostile.HostileProxy(community.url) as proxy:
        yield proxy


def report(what: str, stretch, expected: float):
    sent, counted = stretch.deviations(expected)
    print(f"{what}: {stretch.seconds:.2f} s, server sent {stretch.sent} ({sent:+.2%}), counter {stretch.counted} "
          f"({counted:+.2%}), expected {expected:.0f}")
    assert abs(sent) <= TOLERANCE and abs(counted) <= TOLERANCE


@pytest.mark.parametrize("count", [1, 4, 16])
def test_the_limit_is_what_comes(proxy, tmp_path, count):
    with gateway_with(tmp_path, proxy.url, {"bandwidth": f"{RATE // MIB}MiB/s", "connections": 16}) as gateway:
        with transfers(gateway, f"files-{count}", count):
            flowing(proxy, count)
            stretch = measure(proxy, gateway, SECONDS)
            report(f"{count} transfers", stretch, RATE * stretch.seconds)


@pytest.mark.parametrize("next_rate", [RATE // 4, 7 * MIB], ids=["narrower", "wider"])
def test_a_window_begins_meanwhile(proxy, tmp_path, next_rate):
    window, start = window_at_next_minute(f"{next_rate // MIB}MiB/s", lead=25)
    limits = {"bandwidth": f"{RATE // MIB}MiB/s", "bandwidthWindows": [window], "connections": 16}
    with gateway_with(tmp_path, proxy.url, limits) as gateway:
        # Not long before, or the files are at their end too early.
        time.sleep(max(0.0, start - time.time() - 20))
        with transfers(gateway, "files-16", 16):
            flowing(proxy, 16)
            time.sleep(max(0.0, start - time.time() - SECONDS / 2))
            begun = time.time()
            assert begun < start
            stretch = measure(proxy, gateway, SECONDS)
            before = start - begun
            report("across a window", stretch, RATE * before + next_rate * (stretch.seconds - before))
