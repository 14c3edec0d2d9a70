"""Probes, metrics, logs without secrets, graceful shutdown, and the command line itself."""

import json
import os
import re
import signal
import socket
import subprocess
import time

import pytest

from support.clients import csghub_client, hub_client
from support.content import MEBIBYTE, small_model
from support.hostile import HostileProxy
from support.weir import BINARY, NOT_FOUND, OK, USAGE, Weir, eventually, run_weir

COMMANDS = [[], ["serve"], ["user"], ["user", "create"], ["token"], ["token", "create"], ["import"], ["sample"],
            ["policy"], ["policy", "check"], ["explain"], ["verify"], ["audit"], ["audit", "verify"]]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_has_help(command):
    result = run_weir(*command, "--help")
    assert result.returncode == OK and "USAGE:" in result.stdout and len(result.stdout) > 100


@pytest.mark.parametrize("arguments", [["nonsense"], ["serve", "--nonsense"], ["import"], ["token", "create"],
                                       ["serve", "--data", "/tmp/x", "--listen", "nonsense"]])
def test_misuse_is_a_usage_error(arguments):
    result = run_weir(*arguments, timeout=20)
    assert result.returncode == USAGE and result.stderr.strip()


def test_a_missing_thing_is_not_found(tmp_path):
    weir = Weir(tmp_path)
    assert weir.command("token", "create", "--user", "nobody").returncode == NOT_FOUND
    assert weir.explain("model:acme/absent").returncode in (OK, NOT_FOUND)


def test_s59_a_token_is_printed_alone_and_stored_hashed(tmp_path):
    weir = Weir(tmp_path)
    weir.checked("user", "create", "alice")
    token = weir.checked("token", "create", "--user", "alice", "--scope", "read")
    assert re.fullmatch(r"\S{20,}", token)
    for path in weir.data.rglob("*"):
        if path.is_file():
            assert token.encode() not in path.read_bytes(), path


def test_s12_there_is_no_default_account(tmp_path):
    with Weir(tmp_path) as weir:
        for user, secret in (("admin", "admin"), ("root", "root"), ("weir", "weir"), ("admin", "")):
            assert weir.get("/api/whoami-v2", auth=(user, secret)).status_code == 401
        assert weir.get("/api/whoami-v2").status_code == 401


def test_the_ready_line_is_one_line_with_the_url(gateway):
    assert gateway.url in gateway.first_line


def test_probes(gateway):
    assert gateway.get("/livez").status_code == 200
    assert gateway.get("/readyz").status_code == 200


def test_metrics_are_prometheus_text(gateway):
    gateway.get("/acme/tiny/resolve/main/config.json")
    page = gateway.get("/metrics")
    assert page.headers["Content-Type"].startswith("text/plain")
    names = {name for name, _ in gateway.metrics()}
    assert {"hub_http_requests_total", "hub_upstream_requests_total", "hub_upstream_bytes_total",
            "hub_cache_requests_total", "process_resident_memory_bytes"} <= names
    assert any(name.startswith("hub_http_request_duration_seconds") for name in names)
    # Labels come from closed sets: no name of a repository makes a new series.
    assert "acme" not in page.text and "tiny" not in page.text
    for line in page.text.splitlines():
        assert line.startswith("#") or re.fullmatch(r"[a-zA-Z_:][\w:]*(\{.*\})? \S+", line), line


def test_cache_metrics_tell_hits_from_misses(make_gateway, community):
    gateway = make_gateway(community.url)
    path = "/acme/tiny/resolve/main/model.safetensors"
    gateway.get(path)
    assert gateway.metric("hub_cache_requests_total", result="miss") >= 1
    hits = gateway.metric("hub_cache_requests_total", result="hit")
    gateway.get(path)
    assert gateway.metric("hub_cache_requests_total", result="hit") > hits


def test_logs_are_one_json_object_a_line(gateway):
    gateway.get("/acme/tiny/resolve/main/config.json", headers={"X-Request-Id": "trace-me-42"})

    def record():
        return [r for r in gateway.log_records() if "trace-me-42" in json.dumps(r)]

    found = eventually(record, 5, lambda: gateway.log()[-2000:])[-1]
    assert found.keys() >= {"ts", "level", "msg"}
    text = gateway.log()
    assert all(line.startswith("{") for line in text.splitlines() if line.strip()), text[:500]


def test_a_request_id_comes_back(gateway):
    answer = gateway.get("/api/tasks", headers={"X-Request-Id": "my-own-id"})
    assert answer.headers["X-Request-Id"] == "my-own-id"
    assert gateway.get("/livez").headers["X-Request-Id"]


def test_s59_secrets_never_reach_the_log(community, make_gateway, git, tmp_path):
    """Canaries in every place a secret can travel; none may turn up in a log, a metric or an error."""
    canary = "hf_canary" + "S3cr3t" * 4
    (tmp_path / "token").write_text(canary)
    (tmp_path / "token").chmod(0o600)
    gateway = make_gateway(community.url, upstream={"auth": {"tokenFile": str(tmp_path / "token")}})
    own = gateway.token("alice")
    answers = [
        gateway.get("/api/whoami-v2", headers={"Authorization": f"Bearer {canary}"}),
        gateway.get("/api/whoami-v2", headers={"Authorization": f"Bearer {own}"}),
        gateway.get(f"/acme/tiny/resolve/main/config.json?token={canary}"),
        gateway.get(f"/api/models/acme/{canary}"),
        gateway.get("/acme/tiny.git/info/refs?service=git-upload-pack", auth=("alice", canary)),
        gateway.get("/acme/tiny.git/info/refs?service=git-upload-pack", auth=("alice", own)),
        gateway.get("/api/whoami-v2", headers={"Cookie": f"session={canary}", "X-Api-Key": canary}),
        gateway.post("/acme/tiny.git/info/lfs/objects/batch", data=canary),
        gateway.get("/acme/tiny.git/info/refs", headers={"Authorization": f"X-OPENCSG-Sync-Token{canary}"}),
    ]
    git.try_run("clone", f"http://alice:{own}@127.0.0.1:{gateway.port}/acme/tiny.git", tmp_path / "clone")
    hub_client("2.4.0", tmp_path / "hub", gateway.url, token=own).cli("hf", "download", "acme/tiny")
    csghub_client(tmp_path / "csg", gateway.url, own).cli("csghub-cli", "download", "acme/tiny", "--local-dir", tmp_path / "c")
    gateway.get("/acme/nested/resolve/main/model.safetensors")
    gateway.stop()
    everything = gateway.log() + "".join(gateway._lines)
    # A name in a path is not a secret, whatever it looks like; the query and every header are.
    lines = [line for line in everything.splitlines() if f"/api/models/acme/{canary}" not in line]
    assert not [line for line in lines if canary in line]
    assert own not in everything
    signed = re.findall(r"(?:sig|signature|token|X-Amz-Signature)=([\w%.-]{16,})", everything)
    assert not signed, signed[:3]
    assert answers[0].status_code == 401 and canary not in answers[0].text


def test_a_shutdown_lets_a_running_download_end(community, make_gateway):
    with HostileProxy(community.url) as proxy:
        gateway = make_gateway(proxy.url)
        assert gateway.get("/acme/large/resolve/main/config.json").status_code == 200
        proxy.bytes_per_second = 24 * MEBIBYTE
        reader = subprocess.Popen(
            ["curl", "-sS", "--noproxy", "*", "-o", "/dev/null", "-w", "%{http_code} %{size_download}",
             gateway.url + "/acme/large/resolve/main/model.safetensors"], stdout=subprocess.PIPE, text=True)
        eventually(lambda: proxy.body_bytes() > 4 * MEBIBYTE, 20)
        gateway.process.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        with pytest.raises(OSError):
            socket.create_connection(("127.0.0.1", gateway.port), timeout=1).recv(1)
            raise OSError("accepted, but answers nothing new")
        assert reader.communicate(timeout=60)[0] == f"200 {64 << 20}"
        assert reader.returncode == 0
        assert gateway.process.wait(30) == 0


def test_a_stuck_client_does_not_hold_the_shutdown_for_ever(community, make_gateway):
    gateway = make_gateway(community.url)
    lazy = socket.create_connection(("127.0.0.1", gateway.port))
    lazy.sendall(b"GET /acme/large/resolve/main/model.safetensors HTTP/1.1\r\nHost: x\r\n\r\n")
    lazy.recv(1000)
    begun = time.monotonic()
    gateway.process.send_signal(signal.SIGTERM)
    gateway.process.wait(60)
    assert time.monotonic() - begun < 45
    lazy.close()


def test_a_second_server_on_the_same_data_says_so(gateway, tmp_path):
    result = subprocess.run([BINARY, "serve", "--data", gateway.data, "--listen", f"127.0.0.1:{gateway.port}",
                             "--mirrors", gateway.mirrors], capture_output=True, text=True, timeout=30)
    assert result.returncode != 0 and result.stderr.strip()
    assert gateway.get("/livez").status_code == 200


def test_expect_continue_is_answered(gateway):
    with socket.create_connection(("127.0.0.1", gateway.port), timeout=5) as connection:
        connection.sendall(b"POST /acme/tiny.git/info/lfs/objects/batch HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
                           b"Content-Type: application/vnd.git-lfs+json\r\nContent-Length: 40\r\n\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 100")
        connection.sendall(b'{"operation":"download","objects":[]}   ')
        assert b"HTTP/1.1 " in connection.recv(1000)


def test_s47_gzip_bodies_are_read_and_bombs_are_not(gateway):
    import gzip
    headers = {"Content-Type": "application/vnd.git-lfs+json", "Content-Encoding": "gzip"}
    body = gzip.compress(b'{"operation":"download","objects":[{"oid":"' + b"0" * 64 + b'","size":1}]}')
    answer = gateway.post("/acme/tiny.git/info/lfs/objects/batch", data=body, headers=headers)
    assert answer.status_code == 200 and answer.json()["objects"][0]["error"]["code"] == 404
    bomb = gzip.compress(b" " * (200 * MEBIBYTE))
    before = gateway.metric("process_resident_memory_bytes")
    assert gateway.post("/acme/tiny.git/info/lfs/objects/batch", data=bomb, headers=headers).status_code in (400, 413)
    assert gateway.metric("process_resident_memory_bytes") < before + 64 * MEBIBYTE


def test_commands_work_while_the_server_runs(tmp_path):
    home = tmp_path / "hub"
    home.mkdir()
    with Weir(home) as weir:
        token = weir.token("carol", scope="write")
        assert weir.get("/api/whoami-v2", headers={"Authorization": f"Bearer {token}"}).json()["name"] == "carol"
        weir.import_folder(small_model(tmp_path / "m", "m", "mit"), "model:acme/m")
        assert weir.get("/api/models/acme/m").status_code == 200
        assert weir.command("verify").returncode == OK


def test_the_sample_is_the_same_everywhere(tmp_path):
    one, two = Weir(tmp_path / "one"), Weir(tmp_path / "two")
    for weir in (one, two):
        assert weir.command("sample").returncode == OK
        assert weir.command("sample").returncode == OK, "a second time changes nothing"
    assert one.stored_blobs().keys() == two.stored_blobs().keys()
    with one, two:
        lists = [sorted((m["id"], m["sha"]) for m in weir.get("/api/models?full=true").json()) for weir in (one, two)]
        licences = {tag for m in one.get("/api/models?full=true").json() for tag in m["tags"] if tag.startswith("license:")}
        datasets = one.get("/api/datasets").json()
    assert lists[0] == lists[1] and len(lists[0]) >= 3
    assert len(licences) >= 3 and datasets


def heaps(pid: int) -> int:
    """How many heaps glibc has made for threads: 64 MiB of addresses each, of which the beginning is in use."""
    width, rows = 64 * MEBIBYTE, []
    for line in open(f"/proc/{pid}/maps"):
        addresses, rights = line.split()[:2]
        rows.append((*(int(each, 16) for each in addresses.split("-")), rights))
    return sum(1 for one, other in zip(rows, rows[1:])
               if one[2] == "rw-p" and one[0] % width == 0
               and other == (one[1], one[0] + width, "---p"))


def test_memory_stays_small_with_many_readers(community, make_gateway):
    gateway = make_gateway(community.url)
    url = gateway.url + "/acme/large/resolve/main/model.safetensors"
    assert gateway.get("/acme/large/resolve/main/model.safetensors").status_code == 200
    readers = [subprocess.Popen(["curl", "-sS", "--noproxy", "*", "--limit-rate", "20M", "-o", "/dev/null", url])
               for _ in range(64)]
    assert all(reader.wait(120) == 0 for reader in readers)
    peak = int(re.search(r"VmHWM:\s+(\d+) kB", open(f"/proc/{gateway.process.pid}/status").read()).group(1)) * 1024
    assert peak <= 250 * MEBIBYTE, peak / MEBIBYTE
    # Each would keep the most that was ever needed of it.
    assert heaps(gateway.process.pid) <= max(2, os.cpu_count())
