"""Measures what Weir takes in and what its API answers, each beside a peer in the same run.

    make bench                                  runs it after the race
    WEIR_BENCH_QUICK=1                          small and once
    WEIR_BENCH_ROWS=upload,commits,push,api     fewer rows

upload   server CPU seconds for each byte by LFS (one body, and parts) and Xet, beside `openssl dgst -sha256` of the bytes
commits  durable commits a second by the API, 32 writers on 32 repositories and 32 on one branch
push     200 pushes of one small commit each, beside `git http-backend` behind nginx and fcgiwrap; and one push of 200
api      repository info and tree listings with a token, beside nginx and a static file of the same size

Ratios are taken inside one run. CPU is the server's own (/proc/PID/stat), because the clients share the machine.
"""

import hashlib
import json
import os
import pathlib
import platform
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import requests

from bench import (BINARY, QUICK, ROOT, Server, Weir, cpu_seconds, forget_peaks, free_port, memory_mib, nginx, tree,
                   version_of, write_random)

ROUNDS = int(os.environ.get("WEIR_BENCH_ROUNDS", 1 if QUICK else 3))
ROWS = os.environ.get("WEIR_BENCH_ROWS", "upload,commits,push,api").split(",")
UPLOAD_MIB = int(os.environ.get("WEIR_BENCH_UPLOAD_MIB", 128 if QUICK else 512))
PUSHES = int(os.environ.get("WEIR_BENCH_PUSHES", 20 if QUICK else 200))
SECONDS = int(os.environ.get("WEIR_BENCH_SECONDS", 3 if QUICK else 10))
WRITERS = 32
RESULT = ROOT / "Benchmarks/results/service.json"
HERE = pathlib.Path(__file__).parent
LFS = "application/vnd.git-lfs+json"

# Row -> (target in words, whether a value meets it). Rows without a target are reported only.
TARGETS = {
    "upload lfs-basic cpu_ratio": ("at most 1.5 times hashing", lambda value: value <= 1.5),
    "upload lfs-multipart cpu_ratio": ("at most 1.5 times hashing", lambda value: value <= 1.5),
    "upload lfs-basic rss_ratio": ("flat: at most 1.25 times that of a small file", lambda value: value <= 1.25),
    "upload lfs-multipart rss_ratio": ("flat: at most 1.25 times that of a small file", lambda value: value <= 1.25),
    "commits many-repositories per_s": ("at least 1000", lambda value: value >= 1000),
    "push 200-pushes wall_ratio": ("at most 1.3 times git http-backend", lambda value: value <= 1.3),
    "api info per_s": ("at least 5000", lambda value: value >= 5000),
    "api tree per_s": ("at least 5000", lambda value: value >= 5000),
}


class Bench:
    """One Weir with a writer's token, and what was measured."""

    def __init__(self, home: pathlib.Path):
        self.home = home
        self.samples: dict[tuple[str, str], list[float]] = {}
        (home / "hub").mkdir()
        self.weir = Weir(home / "hub", flags=("--log-level", "warning"))
        self.weir.start()
        self.token = self.weir.token("ada", "write")
        self.headers = {"Authorization": f"Bearer {self.token}"}

    @property
    def pids(self) -> list[int]:
        return tree(self.weir.process.pid)

    def create(self, name: str):
        self.weir.checked("repository", "create", f"model:ada/{name}")

    def note(self, row: str, **values: float):
        for metric, value in values.items():
            self.samples.setdefault((row, metric), []).append(value)
        print(f"{row:28} " + "  ".join(f"{metric} {value:.3f}" for metric, value in values.items()), flush=True)

    def watched(self, body) -> tuple[float, float, float]:
        """(wall seconds, CPU seconds of the server, its peak MiB) of a piece of work."""
        pids = self.pids
        forget_peaks(pids)
        used, begun = cpu_seconds(pids), time.monotonic()
        body()
        return time.monotonic() - begun, cpu_seconds(self.pids) - used, memory_mib(self.pids, "VmHWM")


# -- upload

def hashing_seconds(file: pathlib.Path) -> float:
    """CPU of the fastest hasher at hand over the same bytes, which are in the page cache."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(["openssl", "dgst", "-sha256", str(file)], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def curl(*arguments, **options):
    done = subprocess.run(["curl", "--silent", "--show-error", "--fail", "--noproxy", "*", "--output", "/dev/null",
                           *arguments], capture_output=True, text=True, timeout=1800, **options)
    if done.returncode != 0:
        raise SystemExit(f"curl {arguments[-1]}: {done.stderr}")


def upload_by_lfs(bench: Bench, file: pathlib.Path, transfer: str):
    digest = hashlib.sha256()
    with open(file, "rb") as stream:
        while part := stream.read(1 << 20):
            digest.update(part)
    size = file.stat().st_size
    answer = bench.weir.post("/ada/uploads.git/info/lfs/objects/batch", data=json.dumps(
        {"operation": "upload", "transfers": [transfer], "objects": [{"oid": digest.hexdigest(), "size": size}]}),
        headers={**bench.headers, "Accept": LFS, "Content-Type": LFS}).json()
    action = answer["objects"][0]["actions"]["upload"]
    header = action.get("header", {})
    if answer.get("transfer", "basic") != transfer:
        raise SystemExit(f"asked for {transfer}, got {answer.get('transfer')}")

    def send():
        if transfer == "basic":
            curl("--upload-file", str(file), *(word for name, value in header.items()
                                                for word in ("--header", f"{name}: {value}")), action["href"])
            return
        width, tags = int(header["chunk_size"]), []
        parts = sorted((int(name), url) for name, url in header.items() if name.isdigit())
        for number, url in parts:
            with open(file, "rb") as stream:
                stream.seek((number - 1) * width)
                part = bench.home / "part"
                part.write_bytes(stream.read(width))
            tag = subprocess.run(["curl", "--silent", "--fail", "--noproxy", "*", "--output", "/dev/null", "--dump-header",
                                  "-", "--upload-file", str(part), url], capture_output=True, text=True, check=True).stdout
            found = re.search(r"(?im)^etag:\s*(\S+)", tag)
            tags.append({"partNumber": number, "etag": found.group(1) if found else ""})
        done = requests.post(action["href"], json={"oid": digest.hexdigest(), "parts": tags},
                             headers={"Accept": LFS, "Content-Type": LFS}, timeout=600)
        if done.status_code >= 300:
            raise SystemExit(f"completing an upload in parts: {done.status_code} {done.text}")

    return bench.watched(send)


XET = """
import sys
from huggingface_hub import HfApi
HfApi().upload_file(path_or_fileobj=sys.argv[2], path_in_repo=sys.argv[3], repo_id=sys.argv[1])
"""


def upload_by_xet(bench: Bench, file: pathlib.Path):
    python = next(iter(sorted((ROOT / ".venv").glob("hf[0-9]*/bin/python"), reverse=True)), None) or ROOT / ".venv/test/bin/python"
    environment = {**os.environ, "HF_ENDPOINT": bench.weir.url, "HF_TOKEN": bench.token,
                   "HF_HOME": str(bench.home / "hf"), "NO_PROXY": "*", "HF_HUB_DISABLE_PROGRESS_BARS": "1"}

    def send():
        done = subprocess.run([str(python), "-c", XET, "ada/uploads", str(file), file.name], env=environment,
                              capture_output=True, text=True, timeout=1800)
        if done.returncode != 0:
            raise SystemExit(f"upload by Xet: {done.stderr[-2000:]}")

    return bench.watched(send)


def upload(bench: Bench):
    bench.create("uploads")
    ways = {"lfs-basic": lambda file: upload_by_lfs(bench, file, "basic"),
            "lfs-multipart": lambda file: upload_by_lfs(bench, file, "multipart"),
            "xet": lambda file: upload_by_xet(bench, file)}
    for number in range(ROUNDS):
        for way, send in ways.items():
            peaks = {}
            # Smaller files are not sent in parts.
            small = 65 if way == "lfs-multipart" else 16
            for size in (small, UPLOAD_MIB):
                file = bench.home / f"{way}-{size}-{number}.bin"
                write_random(file, size << 20, f"{way} {size} {number}")
                hashing = hashing_seconds(file)
                wall, used, peaks[size] = send(file)
                file.unlink()
            bench.note(f"upload {way}", cpu_s_per_gib=used * 1024 / UPLOAD_MIB,
                       hashing_cpu_s_per_gib=hashing * 1024 / UPLOAD_MIB, cpu_ratio=used / max(hashing, 0.01),
                       mib_per_s=UPLOAD_MIB / wall, peak_rss_mib=peaks[UPLOAD_MIB],
                       rss_ratio=peaks[UPLOAD_MIB] / peaks[small])


# -- commits

def commits(bench: Bench):
    for number in range(WRITERS):
        bench.create(f"many-{number}")
    bench.create("one-0")
    for number in range(ROUNDS):
        for row, prefix, count in (("many-repositories", "ada/many-", WRITERS), ("one-branch", "ada/one-", 1)):
            output = {}

            def write():
                done = subprocess.run(
                    ["wrk", "-t2", f"-c{WRITERS}", f"-d{SECONDS}s", "--timeout", "30s", "-H",
                     f"Authorization: Bearer {bench.token}", "-s", str(HERE / "commits.lua"), bench.weir.url, "--", prefix,
                     str(count), f"{row}-{number}"], capture_output=True, text=True, timeout=600)
                found = re.search(r"commits (\d+) failed (\d+) seconds (\S+) p50_ms (\S+) p99_ms (\S+)", done.stdout)
                if not found:
                    raise SystemExit(f"wrk: {done.stdout} {done.stderr}")
                output["values"] = [float(word) for word in found.groups()]

            _, used, peak = bench.watched(write)
            count, failed, seconds, p50, p99 = output["values"]
            bench.note(f"commits {row}", per_s=(count - failed) / seconds, failed=failed, p50_ms=p50, p99_ms=p99,
                       cpu_ms_each=used * 1000 / max(1, count), peak_rss_mib=peak)


# -- push

class HTTPBackend:
    """`git http-backend` as its manual sets it up, behind nginx."""

    def __init__(self, home: pathlib.Path):
        home.mkdir()
        self.root, self.port = home / "repositories", free_port()
        self.root.mkdir()
        socket = free_port()
        self.children = Server(["/usr/sbin/fcgiwrap", "-c", "2", "-s", f"tcp:127.0.0.1:{socket}"], socket)
        self.front = nginx(
            home, f"server {{ listen 127.0.0.1:{self.port}; location / {{ client_max_body_size 0; include"
            f" /etc/nginx/fastcgi_params; fastcgi_request_buffering off; fastcgi_param SCRIPT_FILENAME"
            f" /usr/lib/git-core/git-http-backend; fastcgi_param GIT_PROJECT_ROOT {self.root}; fastcgi_param"
            f" GIT_HTTP_EXPORT_ALL 1; fastcgi_param PATH_INFO $uri; fastcgi_pass 127.0.0.1:{socket}; }} }}", self.port)

    def create(self, name: str) -> str:
        folder = self.root / f"{name}.git"
        git("init", "--quiet", "--bare", "-b", "main", str(folder))
        git("--git-dir", str(folder), "config", "http.receivepack", "true")
        return f"http://127.0.0.1:{self.port}/{name}.git"

    def stop(self):
        self.front.stop()
        self.children.stop()


def git(*arguments, cwd=None) -> str:
    done = subprocess.run(["git", *arguments], cwd=cwd, capture_output=True, text=True, timeout=600, env={
        **os.environ, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0",
        "NO_PROXY": "*", **{f"GIT_{who}_{what}": f"bench{'@example.org' if what == 'EMAIL' else ''}"
                            for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}})
    if done.returncode != 0:
        raise SystemExit(f"git {' '.join(arguments)}: {done.stderr}")
    return done.stdout.strip()


def push(bench: Bench):
    work = bench.home / "work"
    git("init", "--quiet", "-b", "main", str(work))
    names = []
    for number in range(PUSHES):
        (work / f"{number % 20}.txt").write_text(f"{number}\n" * 5)
        git("add", "--all", cwd=work)
        git("commit", "--quiet", "--message", f"commit {number}", cwd=work)
        names.append(git("rev-parse", "HEAD", cwd=work))
    backend = HTTPBackend(bench.home / "backend")
    try:
        for number in range(ROUNDS):
            walls = {}
            for subject in ("weir", "http-backend") if number % 2 == 0 else ("http-backend", "weir"):
                for row, steps in (("200-pushes", names), ("one-push-of-200", names[-1:])):
                    name = f"{row}-{number}"
                    if subject == "weir":
                        bench.create(name)
                        url = f"http://ada:{bench.token}@127.0.0.1:{bench.weir.port}/ada/{name}.git"
                    else:
                        url = backend.create(name)
                    used, begun = cpu_seconds(bench.pids), time.monotonic()
                    for commit in steps:
                        git("push", "--quiet", url, f"{commit}:refs/heads/main", cwd=work)
                    walls[subject, row] = time.monotonic() - begun
                    # fcgiwrap does not wait for its children: nobody knows what http-backend used.
                    if subject == "weir":
                        walls[row, "cpu"] = cpu_seconds(bench.pids) - used
            for row in ("200-pushes", "one-push-of-200"):
                bench.note(f"push {row}", wall_s=walls["weir", row], http_backend_wall_s=walls["http-backend", row],
                           wall_ratio=walls["weir", row] / walls["http-backend", row],
                           cpu_s=walls[row, "cpu"])
    finally:
        backend.stop()


# -- api

def requests_per_second(url: str, token: str | None) -> float:
    done = subprocess.run(
        ["wrk", "-t2", f"-c{WRITERS}", f"-d{SECONDS}s", *(["-H", f"Authorization: Bearer {token}"] if token else []), url],
        capture_output=True, text=True, timeout=600)
    found = re.search(r"Requests/sec:\s+(\S+)", done.stdout)
    if not found or "Non-2xx" in done.stdout:
        raise SystemExit(f"wrk {url}: {done.stdout} {done.stderr}")
    return float(found.group(1))


def api(bench: Bench):
    folder = bench.home / "content"
    folder.mkdir()
    (folder / "README.md").write_text("---\nlicense: apache-2.0\ntags: [bench]\n---\n# bench\n")
    for number in range(20):
        (folder / f"file-{number}.json").write_text(f'{{"number": {number}}}\n')
    bench.weir.import_folder(folder, "model:ada/read", "--private")
    paths = {"info": "/api/models/ada/read", "tree": "/api/models/ada/read/tree/main"}
    root, port = bench.home / "static", free_port()
    root.mkdir()
    for name, path in paths.items():
        answer = bench.weir.get(path, headers=bench.headers)
        answer.raise_for_status()
        (root / name).write_bytes(answer.content)
    static = nginx(bench.home / "static-server", f"server {{ listen 127.0.0.1:{port}; root {root}; }}", port)
    try:
        for _ in range(ROUNDS):
            for name, path in paths.items():
                output = {}
                _, used, peak = bench.watched(
                    lambda: output.update(rate=requests_per_second(bench.weir.url + path, bench.token)))
                peer = requests_per_second(f"http://127.0.0.1:{port}/{name}", None)
                bench.note(f"api {name}", per_s=output["rate"], nginx_per_s=peer, ratio=output["rate"] / peer,
                           cpu_ms_each=used * 1000 / (output["rate"] * SECONDS), peak_rss_mib=peak)
    finally:
        static.stop()


def main():
    known = {"upload": upload, "commits": commits, "push": push, "api": api}
    unknown = [name for name in ROWS if name not in known]
    if unknown:
        raise SystemExit(f"unknown rows {unknown}; known: {', '.join(known)}")
    home = pathlib.Path(tempfile.mkdtemp(prefix="weir-bench-", dir=os.environ.get("WEIR_BENCH_DIR")))
    load = os.getloadavg()[0]
    try:
        bench = Bench(home)
        try:
            for name in ROWS:
                known[name](bench)
        finally:
            bench.weir.stop()
    finally:
        shutil.rmtree(home, ignore_errors=True)
    rows = []
    for (row, metric), values in bench.samples.items():
        median = statistics.median(values)
        target, meets = TARGETS.get(f"{row} {metric}", (None, None))
        rows.append({"row": row, "metric": metric, "median": median, "min": min(values), "max": max(values),
                     "runs": len(values), **({"target": target, "met": meets(median)} if target else {})})
    cpu = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(json.dumps({
        "machine": {"cpu": cpu.group(1) if cpu else platform.machine(), "cores": os.cpu_count(),
                    "kernel": platform.release(), "load_average_before": load, "load_average": os.getloadavg()[0]},
        "versions": {"weir": version_of(str(BINARY), "--version"), "nginx": version_of("/usr/sbin/nginx", "-v"),
                     "git": version_of("git", "--version"), "openssl": version_of("openssl", "version")},
        "rows": rows}, indent=1) + "\n")
    print()
    for row in rows:
        verdict = "" if "met" not in row else f"   {'met' if row['met'] else 'NOT MET'}: {row['target']}"
        print(f"{row['row'] + ' ' + row['metric']:44}{row['median']:>12.3f}{verdict}")
    print(f"written to {RESULT.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
