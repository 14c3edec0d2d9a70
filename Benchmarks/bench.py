"""Races Weir, nginx and Olah on one file, in one run, round by round.

    make bench                              1 GiB, 3 rounds
    WEIR_BENCH_QUICK=1 make bench           128 MiB, 1 round
    WEIR_BENCH_MIB=512 WEIR_BENCH_ROUNDS=5  other sizes
    WEIR_BENCH_SUBJECTS=weir,nginx-slice    fewer subjects

Clients are curl processes. CPU is what the server's processes used (/proc/PID/stat, children included), so it can be
compared although clients share the machine; wall-clock figures cannot be compared with other machines' or other days'.
Upstream is a Weir behind an nginx that counts the body bytes it passes on, one port for each subject.
"""

import concurrent.futures
import json
import os
import pathlib
import platform
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "Tests/Clients"))

from support.content import write_random  # noqa: E402
from support.ports import free_port  # noqa: E402
from support.weir import BINARY, Weir, mirror_document  # noqa: E402

QUICK = bool(os.environ.get("WEIR_BENCH_QUICK"))
MIB = int(os.environ.get("WEIR_BENCH_MIB", 128 if QUICK else 1024))
ROUNDS = int(os.environ.get("WEIR_BENCH_ROUNDS", 1 if QUICK else 3))
SUBJECTS = os.environ.get("WEIR_BENCH_SUBJECTS", "weir,nginx-sendfile,nginx-slice,olah").split(",")
SCENARIOS = ["idle", "cold-1", "warm-1", "warm-8", "warm-64", "cold-16"]
RESULT = ROOT / "Benchmarks/results/latest.json"
TICKS = os.sysconf("SC_CLK_TCK")
PATH = "/acme/bench/resolve/main/model.safetensors"

NGINX = """\
daemon off; user root; worker_processes {workers};
error_log {home}/error.log crit; pid {home}/pid;
events {{ worker_connections 1024; }}
http {{
    access_log off; sendfile on; tcp_nopush on; client_max_body_size 0;
    client_body_temp_path {home}/body; proxy_temp_path {home}/temp; fastcgi_temp_path {home}/fastcgi;
    uwsgi_temp_path {home}/uwsgi; scgi_temp_path {home}/scgi;
    {body}
}}
"""


def wait_for(port: int, seconds: float = 30):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit(f"nothing listens on port {port}")


class Server:
    """A process with its children, whose CPU time and memory can be read."""

    def __init__(self, arguments, port: int, environment=None, cwd=None):
        self.port = port
        self.process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=cwd,
                                        env={**os.environ, **(environment or {})}, start_new_session=True)
        wait_for(port)

    @property
    def pids(self) -> list[int]:
        return tree(self.process.pid)

    def stop(self):
        os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def tree(root: int) -> list[int]:
    """`root` and every process below it."""
    found, queue = [], [root]
    while queue:
        pid = queue.pop()
        found.append(pid)
        try:
            queue += [int(child) for task in os.listdir(f"/proc/{pid}/task")
                      for child in open(f"/proc/{pid}/task/{task}/children").read().split()]
        except OSError:
            pass
    return found


def cpu_seconds(pids: list[int]) -> float:
    """User and system time of `pids`, and of those of their children that have ended."""
    total = 0
    for pid in pids:
        try:
            fields = open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()
        except OSError:
            continue
        total += sum(int(field) for field in fields[11:15])
    return total / TICKS


def memory_mib(pids: list[int], key: str) -> float:
    total = 0
    for pid in pids:
        try:
            match = re.search(rf"^{key}:\s+(\d+) kB", open(f"/proc/{pid}/status").read(), re.MULTILINE)
            total += int(match.group(1)) if match else 0
        except OSError:
            continue
    return total / 1024


def forget_peaks(pids: list[int]):
    for pid in pids:
        try:
            pathlib.Path(f"/proc/{pid}/clear_refs").write_text("5")
        except OSError:
            pass


def nginx(home: pathlib.Path, body: str, port: int, workers: int = 2) -> Server:
    home.mkdir(parents=True, exist_ok=True)
    (home / "nginx.conf").write_text(NGINX.format(home=home, body=body, workers=workers))
    return Server(["/usr/sbin/nginx", "-c", str(home / "nginx.conf"), "-e", str(home / "error.log")], port)


class Upstream:
    """The hub everyone pulls from, behind an nginx with one counted port for each subject."""

    def __init__(self, home: pathlib.Path):
        folder = home / "content"
        write_random(folder / "model.safetensors", MIB << 20, "bench")
        (folder / "README.md").write_text("---\nlicense: apache-2.0\n---\n# bench\n")
        self.file = folder / "model.safetensors"
        (home / "hub").mkdir()
        self.hub = Weir(home / "hub")
        self.hub.import_folder(folder, "model:acme/bench", timeout=600)
        self.hub.start()
        self.ports = {subject: free_port() for subject in SUBJECTS}
        self.log = home / "counter/access.log"
        servers = "".join(
            f"server {{ listen 127.0.0.1:{port}; location / {{ proxy_pass {self.hub.url}; proxy_buffering off;"
            f" proxy_http_version 1.1; proxy_set_header Connection ''; proxy_set_header Host $http_host; }} }}\n"
            for port in self.ports.values())
        (home / "counter").mkdir()
        body = (f"log_format counted '$server_port $body_bytes_sent $request_method $status';\n"
                f"access_log {self.log} counted;\n{servers}")
        self.counter = nginx(home / "counter", body, next(iter(self.ports.values())))

    def url(self, subject: str) -> str:
        return f"http://127.0.0.1:{self.ports[subject]}"

    def bytes_for(self, subject: str) -> int:
        """Body bytes `subject` was sent; a line is written when its request ends."""
        time.sleep(0.3)
        wanted = str(self.ports[subject])
        return sum(int(line.split()[1]) for line in self.log.read_text().splitlines() if line.split()[0] == wanted)

    def stop(self):
        self.counter.stop()
        self.hub.stop()


class Subject:
    """One contestant: `start()` gives it an empty cache."""

    has_cold = True

    def __init__(self, name: str, home: pathlib.Path, upstream: Upstream):
        self.name, self.home, self.upstream = name, home / name, upstream
        self.port = 0

    def start(self):
        shutil.rmtree(self.home, ignore_errors=True)
        self.home.mkdir(parents=True)
        self.port = free_port()
        self.launch()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}{PATH}"


class WeirSubject(Subject):
    def launch(self):
        self.weir = Weir(self.home, [mirror_document("bench", [
            {"name": "hub", "type": "weir", "url": self.upstream.url(self.name)}])]).start()
        self.port = self.weir.port

    @property
    def pids(self):
        return tree(self.weir.process.pid)

    def stop(self):
        self.weir.stop()


class ServerSubject(Subject):
    @property
    def pids(self):
        return self.server.pids

    def stop(self):
        self.server.stop()


class NginxSendfile(ServerSubject):
    """The yardstick for a warm file: nothing but the file on the disk."""

    has_cold = False

    def launch(self):
        root = self.home / "root" / PATH.strip("/")
        root.parent.mkdir(parents=True)
        os.link(self.upstream.file, root)
        self.server = nginx(self.home, f"server {{ listen 127.0.0.1:{self.port}; root {self.home}/root; }}", self.port)


class NginxSlice(ServerSubject):
    """The yardstick for a cold file: a caching proxy that checks nothing."""

    def launch(self):
        body = (f"proxy_cache_path {self.home}/cache keys_zone=c:10m max_size=64g inactive=1d;\n"
                f"server {{ listen 127.0.0.1:{self.port}; location / {{ slice 8m; proxy_cache c; proxy_cache_lock on;"
                " proxy_cache_lock_timeout 600s; proxy_cache_key $uri$slice_range; proxy_set_header Range $slice_range;"
                " proxy_set_header Connection ''; proxy_http_version 1.1; proxy_cache_valid 200 206 1h;"
                f" proxy_ignore_headers Cache-Control Expires Vary; proxy_pass {self.upstream.url(self.name)}; }} }}")
        self.server = nginx(self.home, body, self.port)


class Olah(ServerSubject):
    def launch(self):
        upstream = f"127.0.0.1:{self.upstream.ports[self.name]}"
        mine = f"127.0.0.1:{self.port}"
        folder = ROOT / ".venv/olah"
        self.server = Server(
            [str(folder / "bin/python"), str(folder / "bin/olah-cli"), "--host", "127.0.0.1", "--port", str(self.port),
             "--repos-path", str(self.home / "repos"), "--log-path", str(self.home / "logs"),
             "--hf-scheme", "http", "--hf-netloc", upstream, "--hf-lfs-netloc", upstream,
             "--mirror-scheme", "http", "--mirror-netloc", mine, "--mirror-lfs-netloc", mine], self.port,
            cwd=self.home)


KINDS = {"weir": WeirSubject, "nginx-sendfile": NginxSendfile, "nginx-slice": NginxSlice, "olah": Olah}


def read(url: str, offset: int | None = None, length: int | None = None) -> tuple[float, int]:
    """One curl: (seconds to the first byte, bytes)."""
    ranged = [] if offset is None else ["--range", f"{offset}-{offset + length - 1}"]
    done = subprocess.run(["curl", "--silent", "--show-error", "--fail", "--noproxy", "*", "--output", "/dev/null",
                           *ranged, "--write-out", "%{time_starttransfer} %{size_download}", url],
                          capture_output=True, text=True, timeout=1800)
    if done.returncode != 0:
        raise SystemExit(f"{url}: curl ended with {done.returncode}: {done.stderr}")
    first, size = done.stdout.split()
    return float(first), int(float(size))


def measure(subject: Subject, scenario: str) -> dict[str, float]:
    kind, _, count = scenario.partition("-")
    if kind == "idle":
        time.sleep(2)
        return {"rss_mib": memory_mib(subject.pids, "VmRSS")}
    clients, size = int(count), MIB << 20
    # 64 whole files would take minutes and say the same: each of the 64 reads another eighth.
    jobs = ([(subject.url, (number % 8) * (size // 8), size // 8) for number in range(clients)]
            if clients == 64 else [(subject.url,)] * clients)
    upstream_before = subject.upstream.bytes_for(subject.name) if kind == "cold" else 0
    forget_peaks(subject.pids)
    cpu, begun = cpu_seconds(subject.pids), time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(clients) as pool:
        results = list(pool.map(lambda job: read(*job), jobs))
    seconds = time.monotonic() - begun
    used = cpu_seconds(subject.pids) - cpu
    total = sum(bytes_ for _, bytes_ in results)
    expected = sum(job[2] if len(job) > 1 else size for job in jobs)
    if total != expected:
        raise SystemExit(f"{subject.name} {scenario}: {total} bytes instead of {expected}")
    values = {
        "cpu_s_per_gib": used / (total / 2**30), "mib_per_s": total / 2**20 / seconds,
        "first_byte_s": max(first for first, _ in results), "peak_rss_mib": memory_mib(subject.pids, "VmHWM"),
    }
    if kind == "cold":
        values["upstream_bytes_ratio"] = (subject.upstream.bytes_for(subject.name) - upstream_before) / size
    return values


def version_of(*command: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=20)
    except OSError:
        return "unknown"
    return ((done.stdout + done.stderr).strip().splitlines() or ["unknown"])[0]


def main():
    unknown = [name for name in SUBJECTS if name not in KINDS]
    if unknown:
        raise SystemExit(f"unknown subjects {unknown}; known: {', '.join(KINDS)}")
    home = pathlib.Path(tempfile.mkdtemp(prefix="weir-bench-", dir=os.environ.get("WEIR_BENCH_DIR")))
    samples: dict[tuple[str, str, str], list[float]] = {}
    upstream = Upstream(home)
    try:
        subjects = [KINDS[name](name, home, upstream) for name in SUBJECTS]
        for number in range(ROUNDS):
            # A subject at a time, in another order each round, so that no one always runs first.
            for subject in subjects[number % len(subjects):] + subjects[:number % len(subjects)]:
                for scenario in SCENARIOS:
                    if scenario.startswith("cold") and not subject.has_cold:
                        continue
                    if scenario in ("idle", "cold-16"):
                        if scenario == "cold-16":
                            subject.stop()
                        subject.start()
                    values = measure(subject, scenario)
                    for metric, value in values.items():
                        samples.setdefault((scenario, subject.name, metric), []).append(value)
                    print(f"round {number + 1}  {scenario:8} {subject.name:15} " +
                          "  ".join(f"{k} {v:.3f}" for k, v in values.items()), flush=True)
                subject.stop()
    finally:
        upstream.stop()
        shutil.rmtree(home, ignore_errors=True)

    rows = [{"scenario": scenario, "subject": subject, "metric": metric, "median": statistics.median(values),
             "min": min(values), "max": max(values), "runs": len(values)}
            for (scenario, subject, metric), values in samples.items()]
    cpu = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    report = {
        "machine": {"cpu": cpu.group(1) if cpu else platform.machine(), "cores": os.cpu_count(),
                    "memory_mib": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20,
                    "kernel": platform.release(), "file_mib": MIB, "load_average": os.getloadavg()[0]},
        "versions": {"weir": version_of(str(BINARY), "--version"), "nginx": version_of("/usr/sbin/nginx", "-v"),
                     "olah": version_of(str(ROOT / ".venv/olah/bin/python"), "-c",
                                        "import importlib.metadata as m; print(m.version('olah'))"),
                     "curl": version_of("curl", "--version")},
        "rows": rows,
    }
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(json.dumps(report, indent=1) + "\n")
    table(rows)
    print(f"written to {RESULT.relative_to(ROOT)}")


def table(rows: list[dict]):
    """Medians, one line for each scenario and metric, one column for each subject."""
    values = {(r["scenario"], r["metric"], r["subject"]): r["median"] for r in rows}
    print(f"\n{'':30}" + "".join(f"{name:>16}" for name in SUBJECTS))
    for scenario in SCENARIOS:
        for metric in dict.fromkeys(r["metric"] for r in rows if r["scenario"] == scenario):
            cells = [values.get((scenario, metric, name)) for name in SUBJECTS]
            print(f"{scenario + ' ' + metric:30}" + "".join(f"{'-' if c is None else f'{c:.3f}':>16}" for c in cells))


if __name__ == "__main__":
    main()
