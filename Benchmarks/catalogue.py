"""Measures lists, counts, searches and pages of the website over 100,000 invented repositories.

    WEIR_BENCH_REPOSITORIES=100000     how many
    WEIR_BENCH_FILE_ROWS=10000000      how many links to files they have, for the start and the memory
    WEIR_BENCH_ROUNDS=60               how often each page is asked for
    WEIR_BENCH_ROWS=lists,idle,files,scale   fewer parts
    WEIR_BENCH_SCALE=1000,10000,100000 sizes of the catalogue between which growth is measured
    WEIR_BENCH_FILES=1000,10000,100000,1000000   files of one repository between which growth is measured
    WEIR_BENCH_KEEP=/some/folder       keeps the databases that were made, and takes those that are there
    WEIR_BENCH_QUICK=1                 a tenth of everything

lists   time to the first byte of every kind of page, for strangers and for somebody with private repositories,
        organisations and grants; the server's CPU time for each beside it, since others may use the machine
idle    resident memory once the server is up and nobody asks, how long it takes to be up, both with all rows of files
files   one repository of many files: push, tree, folder of 10,000 entries, one more commit; a file of 100,000 lines
scale   the exponent b of cost = a n^b, by least squares over the logarithms; n log n is 1.11 between these sizes
"""

import contextlib
import http.client
import json
import math
import os
import pathlib
import platform
import re
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse

from bench import BINARY, QUICK, ROOT, Weir, cpu_seconds, memory_mib, tree, version_of
from catalogue_fill import LICENSES, TASKS, WORDS, fill, fill_files

REPOSITORIES = int(os.environ.get("WEIR_BENCH_REPOSITORIES", 10_000 if QUICK else 100_000))
FILE_ROWS = int(os.environ.get("WEIR_BENCH_FILE_ROWS", 1_000_000 if QUICK else 10_000_000))
ROUNDS = int(os.environ.get("WEIR_BENCH_ROUNDS", 20 if QUICK else 60))
ROWS = os.environ.get("WEIR_BENCH_ROWS", "lists,idle,files,scale").split(",")
SCALE = [int(each) for each in os.environ.get("WEIR_BENCH_SCALE", "1000,10000,100000").split(",")
         if int(each) <= REPOSITORIES]
FILES = [int(each) for each in os.environ.get(
    "WEIR_BENCH_FILES", "1000,10000,100000" if QUICK else "1000,10000,100000,1000000").split(",")]
KEEP = os.environ.get("WEIR_BENCH_KEEP")
RESULT = ROOT / "Benchmarks/results/catalogue.json"
# Nothing of what the database speaks of is on disk, so nobody should look for it.
FLAGS = ("--log-level", "warning", "--gc-every", "off", "--scrub-every", "off")
LIST, CARD, FACETS, SEARCH = 0.05, 0.08, 0.2, 0.05
# Of n log n between 10^3 and 10^5, and between 10^3 and 10^6; what is measured scatters.
EXPONENT = {"repositories": 1.11, "files": 1.1}


class Results:
    def __init__(self):
        self.rows: list[dict] = []

    def times(self, row: str, values: list[float], target: float | None, cpu: float, size: int):
        """Seconds to the first byte, of which the 95th percentile has the target."""
        values = sorted(values)
        p95 = values[max(0, math.ceil(len(values) * 0.95) - 1)]
        entry = {"row": row, "metric": "ttfb_s", "median": statistics.median(values), "p95": p95, "min": values[0],
                 "max": values[-1], "runs": len(values), "cpu_s": cpu, "bytes": size}
        verdict = ""
        if target is not None:
            entry |= {"target": f"p95 at most {target * 1e3:.0f} ms", "met": p95 <= target}
            verdict = f"   {'met' if p95 <= target else 'NOT MET'}: {target * 1e3:.0f} ms"
        self.rows.append(entry)
        print(f"{row:44} min {values[0] * 1e3:7.1f}  median {entry['median'] * 1e3:7.1f}  p95 {p95 * 1e3:7.1f} ms  "
              f"cpu {cpu * 1e3:7.1f} ms{verdict}", flush=True)

    def number(self, row: str, metric: str, value: float, target: str | None = None, met: bool | None = None):
        entry = {"row": row, "metric": metric, "median": value, "min": value, "max": value, "runs": 1}
        if target is not None:
            entry |= {"target": target, "met": met}
        self.rows.append(entry)
        verdict = "" if target is None else f"   {'met' if met else 'NOT MET'}: {target}"
        print(f"{row + ' ' + metric:44} {value:12.3f}{verdict}", flush=True)


class Asker:
    """One connection that stays open, as a browser's or a client's does."""

    def __init__(self, weir: Weir, token: str | None = None):
        self.connection = http.client.HTTPConnection("127.0.0.1", weir.port, timeout=300)
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}
        self.used = time.monotonic()

    def get(self, path: str, accept: str = "text/html") -> tuple[float, bytes, http.client.HTTPMessage]:
        """Seconds until the first byte is there, and everything."""
        if time.monotonic() - self.used > 10:
            # The server ends connections that nothing is asked on.
            self.connection.close()
        self.used = time.monotonic()
        begun = time.perf_counter()
        self.connection.request("GET", path, headers={**self.headers, "Accept": accept})
        answer = self.connection.getresponse()
        first = time.perf_counter() - begun
        body = answer.read()
        if answer.status != 200:
            raise SystemExit(f"{path}: {answer.status} {body[:300]!r}")
        return first, body, answer.headers


def measure(results: Results, weir: Weir, asker: Asker, row: str, paths: list[str], target: float | None,
            rounds: int = ROUNDS):
    accept = "application/json" if paths[0].startswith("/api/") else "text/html"
    for path in paths[:2]:
        asker.get(path, accept)
    used = cpu_seconds(tree(weir.process.pid))
    times, size = [], 0
    for number in range(rounds):
        first, body, _ = asker.get(paths[number % len(paths)], accept)
        times.append(first)
        size = max(size, len(body))
    results.times(row, times, target, (cpu_seconds(tree(weir.process.pid)) - used) / rounds, size)


def made(count: int, home: pathlib.Path, files: int = 0) -> pathlib.Path:
    """A data folder with so many repositories, and `ada`, who sees more than strangers."""
    kept = pathlib.Path(KEEP) / f"catalogue-{count}-{files}" if KEEP else home / f"catalogue-{count}-{files}"
    data = kept / "data"
    if (kept / "complete").exists():
        return kept
    shutil.rmtree(kept, ignore_errors=True)
    kept.mkdir(parents=True)
    weir = Weir(kept)
    (kept / "token").write_text(weir.token("ada"))
    begun = time.monotonic()
    fill(data / "weir.db", count, "ada")
    for number in range(5):
        weir.import_folder(card_folder(kept / "card"), f"model:ada/card-{number}")
    if files:
        weir.start(timeout=120)
        try:
            wait_for_scan(data / "weir.db")
        finally:
            weir.stop()
        fill_files(data / "weir.db", files)
    (kept / "complete").touch()
    print(f"{count} repositories with {files} files written in {time.monotonic() - begun:.1f} s, "
          f"{(data / 'weir.db').stat().st_size / 2 ** 20:.0f} MiB", flush=True)
    return kept


def wait_for_scan(path: pathlib.Path, most: float = 120):
    """Waits until a file has been scanned: invented ones have the same result."""
    deadline = time.monotonic() + most
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as base:
        while not base.execute("SELECT 1 FROM scans WHERE scanner = 'weir' LIMIT 1").fetchone():
            if time.monotonic() > deadline:
                raise RuntimeError("no file was scanned")
            time.sleep(0.2)


def card_folder(folder: pathlib.Path) -> pathlib.Path:
    """A repository with a README of the usual length."""
    folder.mkdir(exist_ok=True)
    paragraph = "A **model** of [`some` kind](https://example.org), with $x^2$ and `code`. " * 6
    table = "| task | score |\n|---|---|\n" + "\n".join(f"| task {number} | 0.{number} |" for number in range(20))
    (folder / "README.md").write_text(
        "---\nlicense: apache-2.0\npipeline_tag: text-generation\nlibrary_name: transformers\ntags: [bench]\n"
        "language: [en, zh]\n---\n# A card\n\n" + "\n\n".join(
            f"## Part {number}\n\n{paragraph}\n\n{table}\n\n```python\nimport weir\nprint({number})\n```"
            for number in range(8)))
    (folder / "config.json").write_text('{"architectures": ["LlamaForCausalLM"], "hidden_size": 4096}\n')
    (folder / "model.safetensors").write_bytes(b"\x02\0\0\0\0\0\0\0{}" + os.urandom(1 << 20))
    return folder


def served(kept: pathlib.Path) -> Weir:
    weir = Weir(kept, flags=FLAGS)
    weir.start(timeout=120)
    return weir


def settled(weir: Weir, seconds: float = 3, most: float = 180, spare: float = 0.05):
    """Waits until the server has used no more than `spare` seconds of CPU for a while."""
    deadline, last, since = time.monotonic() + most, -1.0, time.monotonic()
    while time.monotonic() < deadline and time.monotonic() - since < seconds:
        used = cpu_seconds(tree(weir.process.pid))
        if used - last > spare:
            last, since = used, time.monotonic()
        time.sleep(0.25)


# -- lists

def deep(asker: Asker, path: str, pages: int) -> list[str]:
    """Addresses of pages far down a list, by its own links."""
    found = []
    for _ in range(pages):
        page = asker.get(path)[1].decode()
        # The buttons of theme and language keep the page's own cursor.
        follow = [each for each in re.findall(r'href="([^"]*[?&](?:amp;)?cursor=[^"]*)"', page)
                  if "theme=" not in each and "lang=" not in each]
        if not follow:
            break
        path = urllib.parse.urljoin(path, follow[-1].replace("&amp;", "&"))
        found.append(path)
    return found[-5:]


def lists(results: Results, home: pathlib.Path):
    kept = made(REPOSITORIES, home, FILE_ROWS if "idle" in ROWS else 0)
    weir = served(kept)
    try:
        stranger, ada = Asker(weir), Asker(weir, (kept / "token").read_text())
        settled(weir, 2)
        results.number("lists", "first_list_s", stranger.get("/models")[0])
        for who, asker in (("stranger", stranger), ("ada", ada)):
            for sort in ("updated", "downloads", "likes", "size", "parameters", "created"):
                measure(results, weir, asker, f"list {sort} {who}", [f"/models?sort={sort}"], LIST)
            measure(results, weir, asker, f"list datasets {who}", ["/datasets"], LIST)
            measure(results, weir, asker, f"list deep {who}", deep(asker, "/models?sort=likes", 40), LIST)
            measure(results, weir, asker, f"home {who}", ["/"], LIST)
            measure(results, weir, asker, f"card {who}", [f"/models/ada/card-{number}" for number in range(5)], CARD)
            measure(results, weir, asker, f"facets narrowed {who}", [
                f"/models?task={task}&license={license}" for task in TASKS for license in LICENSES[:3]], FACETS)
            measure(results, weir, asker, f"facets tags {who}", [
                f"/models?tag=tag-{number}" for number in range(1, 9)], FACETS)
            measure(results, weir, asker, f"search list {who}", [f"/models?q={word}" for word in WORDS], SEARCH)
            measure(results, weir, asker, f"search list sorted {who}", [
                f"/models?q={word}&sort=likes" for word in WORDS], SEARCH)
            measure(results, weir, asker, f"search two words {who}", [
                f"/search?q={one}+{other}" for one, other in zip(WORDS, WORDS[3:])], SEARCH)
            measure(results, weir, asker, f"search rare {who}", [
                f"/search?q=word{number}" for number in range(40, 4_800, 97)], SEARCH)
            measure(results, weir, asker, f"search by name {who}", [
                f"/search?q=tiny-{number}" for number in range(40)], SEARCH)
            measure(results, weir, asker, f"search deep {who}", deep(asker, "/models?q=chat", 20), SEARCH)
            measure(results, weir, asker, f"palette {who}", [
                f"/search/palette?q={word[:length]}" for word in WORDS for length in (1, 2, 3, 9)], SEARCH)
            api = "/api/models?limit=30&"
            measure(results, weir, asker, f"REST search {who}", [f"{api}search={word}" for word in WORDS], SEARCH)
            measure(results, weir, asker, f"REST search two words {who}", [
                f"{api}search={one}+{other}" for one, other in zip(WORDS, WORDS[3:])], SEARCH)
            measure(results, weir, asker, f"REST search rare {who}", [
                f"{api}search=word{number}" for number in range(40, 4_800, 97)], SEARCH)
            measure(results, weir, asker, f"REST search sorted {who}", [
                f"{api}search={word}&sort=downloads" for word in WORDS], SEARCH)
            measure(results, weir, asker, f"REST search and filter {who}", [
                f"{api}search={word}&filter={task}" for word, task in zip(WORDS, TASKS)], SEARCH)
            for sort in ("lastModified", "createdAt", "downloads", "likes"):
                measure(results, weir, asker, f"REST list {sort} {who}", [f"{api}sort={sort}"], LIST)
            measure(results, weir, asker, f"REST filter {who}", [
                f"{api}filter={task},license:{license}" for task in TASKS for license in LICENSES[:3]], LIST)
            measure(results, weir, asker, f"REST author {who}", [
                f"{api}author=owner-{number}" for number in range(20)], LIST)
            measure(results, weir, asker, f"REST tags by type {who}", ["/api/models-tags-by-type"], FACETS, 10)
        results.number("lists", "rss_after_mib", memory_mib(tree(weir.process.pid), "VmRSS"))
        results.number("lists", "rss_peak_mib", memory_mib(tree(weir.process.pid), "VmHWM"))
    finally:
        weir.stop(timeout=120)


# -- idle

def idle(results: Results, home: pathlib.Path):
    kept = made(REPOSITORIES, home, FILE_ROWS)
    starts = []
    for _ in range(3):
        weir = Weir(kept, flags=FLAGS)
        begun = time.monotonic()
        weir.start(timeout=120)
        starts.append(time.monotonic() - begun)
        try:
            settled(weir)
            rss = memory_mib(tree(weir.process.pid), "VmRSS")
            peak = memory_mib(tree(weir.process.pid), "VmHWM")
            used = cpu_seconds(tree(weir.process.pid))
            Asker(weir).get("/models")
            settled(weir, 2)
            after = memory_mib(tree(weir.process.pid), "VmRSS")
        finally:
            weir.stop(timeout=120)
    results.number("idle", "start_s", statistics.median(starts), "at most 1 s", statistics.median(starts) <= 1)
    results.number("idle", "cpu_until_quiet_s", used)
    results.number("idle", "rss_mib", rss, "at most 60 MiB", rss <= 60)
    results.number("idle", "rss_after_a_list_mib", after)
    results.number("idle", "rss_peak_mib", peak)


# -- growth

def exponent(sizes: list[int], costs: list[float]) -> float:
    xs, ys = [math.log(each) for each in sizes], [math.log(max(each, 1e-3)) for each in costs]
    x, y = statistics.mean(xs), statistics.mean(ys)
    return sum((a - x) * (b - y) for a, b in zip(xs, ys)) / sum((a - x) ** 2 for a in xs)


def fitted(results: Results, row: str, sizes: list[int], costs: list[float], kind: str):
    found = exponent(sizes, costs)
    print("   ", "  ".join(f"{size}: {cost * 1e3:.2f} ms" for size, cost in zip(sizes, costs)))
    results.number(row, "exponent", found, f"at most {EXPONENT[kind]}", found <= EXPONENT[kind])


def scale(results: Results, home: pathlib.Path):
    asked = {
        "list": "/models", "deep list": "/models?sort=likes", "facets": f"/models?task={TASKS[0]}&license=mit",
        "search": "/models?q=chat", "palette": "/search/palette?q=ch",
        "REST search": "/api/models?search=chat&limit=30", "REST list": "/api/models?limit=30", "card": "/models/ada/card-0",
    }
    costs: dict[str, list[float]] = {name: [] for name in [*asked, "start to quiet"]}
    for count in SCALE:
        weir = served(made(count, home))
        try:
            settled(weir)
            costs["start to quiet"].append(cpu_seconds(tree(weir.process.pid)))
            asker = Asker(weir, (weir.home / "token").read_text())
            for name, path in asked.items():
                accept = "application/json" if path.startswith("/api/") else "text/html"
                costs[name].append(min(asker.get(path, accept)[0] for _ in range(30)))
        finally:
            weir.stop(timeout=120)
    for name, values in costs.items():
        fitted(results, f"scale repositories {name}", SCALE, values, "repositories")


def files(results: Results, home: pathlib.Path):
    costs: dict[str, list[float]] = {}
    folder = home / "files"
    folder.mkdir()
    weir = Weir(folder, flags=FLAGS)
    weir.start()
    try:
        token = weir.token("ada", "write")
        asker = Asker(weir, token)
        pids = tree(weir.process.pid)
        for count in FILES:
            name = f"files-{count}"
            weir.checked("repository", "create", f"model:ada/{name}")
            repository = many_files(folder / name, count)
            used = cpu_seconds(pids)
            subprocess.run(["git", "-C", repository, "-c", f"http.extraHeader=Authorization: Bearer {token}", "push",
                            "--quiet", f"{weir.url}/ada/{name}", "main"], check=True, capture_output=True)
            # Digests, scans and the catalogue follow within seconds.
            settled(weir, 12, spare=0.2)
            costs.setdefault("push", []).append(cpu_seconds(pids) - used)
            shutil.rmtree(repository)
            # The first time for all sizes: only small ones are remembered whole.
            costs.setdefault("whole tree", []).append(whole_tree(weir, asker, name, count))
            for what, path in {
                "info": f"/api/models/ada/{name}", "root page": f"/models/ada/{name}/tree/main", "card page": f"/models/ada/{name}",
                "folder page": f"/models/ada/{name}/tree/main/0000", "file page": f"/models/ada/{name}/blob/main/0000/000000.txt",
                "history page": f"/models/ada/{name}/commits/main",
            }.items():
                accept = "application/json" if path.startswith("/api/") else "text/html"
                costs.setdefault(what, []).append(min(asker.get(path, accept)[0] for _ in range(10)))
            spent = []
            for number in range(3):
                begun = time.perf_counter()
                commit(weir, name, number, token)
                spent.append(time.perf_counter() - begun)
            costs.setdefault("one more commit", []).append(min(spent))
        for what, values in costs.items():
            fitted(results, f"scale files {what}", FILES, values, "files")
        weir.checked("repository", "create", "model:ada/wide")
        wide = many_files(folder / "wide", 10_000, each=10_000)
        (wide / "train.log").write_text("".join(
            f"2026-01-01T00:00:00Z step {number} loss {1 / (number + 1):.6f}\n" for number in range(100_000)))
        subprocess.run(["git", "-C", wide, "add", "train.log"], check=True)
        subprocess.run(["git", "-C", wide, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "log"],
                       check=True)
        subprocess.run(["git", "-C", wide, "-c", f"http.extraHeader=Authorization: Bearer {token}", "push", "--quiet",
                        f"{weir.url}/ada/wide", "main"], check=True, capture_output=True)
        for row, path, target in (
                ("folder of 10,000 page", "/models/ada/wide/tree/main/0000", 0.2),
                ("folder of 10,000 API", "/api/models/ada/wide/tree/main/0000", 0.2),
                ("log of 100,000 lines page", "/models/ada/wide/blob/main/train.log", 0.2)):
            measure(results, weir, asker, row, [path], target, 20)
        results.number("files", "rss_peak_mib", memory_mib(pids, "VmHWM"))
    finally:
        weir.stop(timeout=120)


def whole_tree(weir: Weir, asker: Asker, name: str, count: int) -> float:
    """Seconds in which all pages of a recursive listing are answered."""
    path, seen, spent = f"/api/models/ada/{name}/tree/main?recursive=true", 0, 0.0
    while path:
        first, body, headers = asker.get(path, "application/json")
        spent += first
        seen += sum(each["type"] == "file" for each in json.loads(body))
        following = re.search(r"<([^>]*)>", headers["Link"] or "")
        path = following.group(1).removeprefix(weir.url) if following else None
    if seen != count:
        raise SystemExit(f"{name}: {seen} files listed")
    return spent


def many_files(folder: pathlib.Path, count: int, each: int = 1_000) -> pathlib.Path:
    """A repository of one commit with small files, so many in a folder."""
    subprocess.run(["git", "init", "-q", "-b", "main", folder], check=True)
    importer = subprocess.Popen(["git", "-C", folder, "fast-import", "--quiet"], stdin=subprocess.PIPE)
    out = importer.stdin
    readme = b"---\nlicense: mit\n---\n# Many files\n"
    out.write(b"commit refs/heads/main\ncommitter a <a@b> 1700000000 +0000\ndata 4\nmany\n")
    out.write(b"M 100644 inline README.md\ndata %d\n%s\n" % (len(readme), readme))
    for number in range(count - 1):
        text = b"file %d\n" % number
        out.write(b"M 100644 inline %04d/%06d.txt\ndata %d\n%s\n" % (number // each, number, len(text), text))
    out.close()
    if importer.wait() != 0:
        raise SystemExit("git fast-import failed")
    subprocess.run(["git", "-C", folder, "reset", "-q", "--mixed"], check=False, stdout=subprocess.DEVNULL)
    return folder


def commit(weir: Weir, name: str, number: int, token: str):
    lines = [{"key": "header", "value": {"summary": "one more"}},
             {"key": "file", "value": {"path": f"0000/more-{number}.txt", "content": f"more {number}\n"}}]
    weir.post(f"/api/models/ada/{name}/commit/main", data="\n".join(json.dumps(line) for line in lines), timeout=600,
              headers={"Authorization": f"Bearer {token}", "Content-Type": "application/x-ndjson"}).raise_for_status()


def main() -> int:
    known = {"lists": lists, "idle": idle, "files": files, "scale": scale}
    unknown = [name for name in ROWS if name not in known]
    if unknown:
        raise SystemExit(f"unknown parts {unknown}; known: {', '.join(known)}")
    results, load = Results(), os.getloadavg()[0]
    home = pathlib.Path(tempfile.mkdtemp(prefix="weir-bench-", dir=os.environ.get("WEIR_BENCH_DIR")))
    try:
        for name in ROWS:
            known[name](results, home)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    cpu = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(json.dumps({
        "machine": {"cpu": cpu.group(1) if cpu else platform.machine(), "cores": os.cpu_count(),
                    "kernel": platform.release(), "load_average_before": load, "load_average": os.getloadavg()[0]},
        "versions": {"weir": version_of(str(BINARY), "--version")},
        "repositories": REPOSITORIES, "file_rows": FILE_ROWS, "rows": results.rows}, indent=1) + "\n")
    missed = [row for row in results.rows if row.get("met") is False]
    print(f"\n{len(results.rows)} rows, {len(missed)} not met, load {load:.1f} to {os.getloadavg()[0]:.1f}; "
          f"written to {RESULT.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
