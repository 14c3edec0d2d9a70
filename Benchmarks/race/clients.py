"""Clients of a race: downloads, and requests over and over by wrk."""

import dataclasses
import json
import pathlib
import re
import resource
import subprocess
import sys

from . import processors

HERE = pathlib.Path(__file__).parent


@dataclasses.dataclass
class Download:
    status: int
    first_byte: float
    size: int
    seconds: float


def download(port: int, jobs: list[dict]) -> list[Download]:
    """All `jobs` at once; each is `{"path": …, "range": [first, last]}`."""
    def room():
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 8192)), hard))
    done = subprocess.run([*processors.on(processors.CLIENT), sys.executable, str(HERE / "drain.py")], text=True,
                          input=json.dumps({"port": port, "jobs": jobs}), capture_output=True, timeout=2000,
                          preexec_fn=room)
    if done.returncode != 0:
        raise RuntimeError(f"the download client ended with {done.returncode}: {done.stderr[-2000:]}")
    return [Download(*each) for each in json.loads(done.stdout)]


def expect(downloads: list[Download], sizes: list[int]) -> int:
    """The bytes of all, which must have come whole."""
    wrong = [(each.status, each.size, size) for each, size in zip(downloads, sizes)
             if each.status not in (200, 206) or each.size != size]
    if wrong:
        raise RuntimeError(f"{len(wrong)} of {len(sizes)} downloads are not what they should be; the first: status "
                           f"{wrong[0][0]}, {wrong[0][1]} of {wrong[0][2]} bytes")
    return sum(sizes)


@dataclasses.dataclass
class Rate:
    per_second: float
    requests: int
    p50_ms: float
    p99_ms: float


LUA = """
wrk.method = {method}
wrk.path = {path}
{headers}
{body}
function done(summary, latency)
    local errors = summary.errors
    io.write(string.format("answered %d wrong %d lost %d seconds %.3f p50 %.3f p99 %.3f\\n", summary.requests,
        errors.status, errors.connect + errors.read + errors.write + errors.timeout, summary.duration / 1e6,
        latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
"""


def heads(port: int, path: str, seconds: int, connections: int, headers: dict | None = None) -> Rate:
    """`HEAD` over and over: wrk waits for the body that does not come."""
    done = subprocess.run([*processors.on(processors.CLIENT), sys.executable, str(HERE / "heads.py")], text=True,
                          input=json.dumps({"port": port, "path": path, "seconds": seconds, "connections": connections,
                                            "headers": headers or {}}), capture_output=True, timeout=seconds + 120)
    if done.returncode != 0:
        raise RuntimeError(f"HEAD {path}: {done.stderr.strip().splitlines()[-1][:300]}")
    return Rate(**json.loads(done.stdout))


def rate(home: pathlib.Path, port: int, path: str, seconds: int, connections: int, method: str = "GET",
         headers: dict | None = None, body: bytes | None = None) -> Rate:
    """The same request over and over by `connections` connections."""
    home.mkdir(parents=True, exist_ok=True)
    script = home / "wrk.lua"
    content = ""
    if body is not None:
        (home / "body").write_bytes(body)
        content = f'local file = io.open({json.dumps(str(home / "body"))}, "rb")\nwrk.body = file:read("*a")\nfile:close()'
    script.write_text(LUA.format(
        method=json.dumps(method), path=json.dumps(path), body=content,
        headers="\n".join(f"wrk.headers[{json.dumps(k)}] = {json.dumps(v)}" for k, v in (headers or {}).items())))
    threads = min(2, len(processors.CLIENT), connections)
    done = subprocess.run(
        [*processors.on(processors.CLIENT), "wrk", f"-t{threads}", f"-c{connections}", f"-d{seconds}s", "--timeout",
         "60s", "-s", str(script), f"http://127.0.0.1:{port}"], capture_output=True, text=True, timeout=seconds + 120)
    found = re.search(r"answered (\d+) wrong (\d+) lost (\d+) seconds (\S+) p50 (\S+) p99 (\S+)", done.stdout)
    if not found:
        raise RuntimeError(f"wrk said: {done.stdout[-500:]} {done.stderr[-500:]}")
    answered, wrong, _, took, p50, p99 = (float(word) for word in found.groups())
    if not answered:
        raise RuntimeError(f"{method} {path}: not one answer in {seconds} s")
    if wrong:
        raise RuntimeError(f"{method} {path}: {wrong:.0f} of {answered:.0f} answers were errors")
    return Rate(answered / took, int(answered), p50, p99)
