"""An LFS batch of a thousand objects: for objects that are here, and for ones that are not, beside giftless."""

import hashlib
import json

from .. import processors
from ..clients import rate
from ..ledger import turns
from ..paths import Weir, free_port
from ..peers.giftless import giftless
from ..processes import Watch, tree

LFS = "application/vnd.git-lfs+json"


def objects(count: int, seed: str) -> dict[str, bytes]:
    contents = [f"{seed} {number}".encode().ljust(200, b".") for number in range(count)]
    return {hashlib.sha256(content).hexdigest(): content for content in contents}


def question(operation: str, asked: dict[str, bytes]) -> bytes:
    return json.dumps({"operation": operation, "transfers": ["basic"], "ref": {"name": "refs/heads/main"},
                       "objects": [{"oid": oid, "size": len(content)} for oid, content in asked.items()]}).encode()


def run(options, ledger, home):
    here, new = objects(options.lfs_objects, "here"), objects(options.lfs_objects, "new")
    folder = home / "content"
    folder.mkdir(parents=True)
    (folder / "README.md").write_text("---\nlicense: mit\n---\n# objects\n")
    store = home / "giftless/lfs/ada/many"
    store.mkdir(parents=True)
    for number, (oid, content) in enumerate(here.items()):
        (folder / f"{number:04}.safetensors").write_bytes(content)
        (store / oid).write_bytes(content)
    (home / "weir").mkdir()
    weir = Weir(home / "weir", flags=("--log-level", "warning"))
    weir.prefix = processors.on(processors.SERVER)
    weir.import_folder(folder, "model:ada/many", timeout=600)
    weir.start()
    servers, ports = {}, {"weir": weir.port}
    try:
        token = weir.token("ada", "write")
        ports["giftless"] = free_port()
        servers["giftless"] = giftless(home / "giftless", ports["giftless"])
        paths = {"weir": "/ada/many.git/info/lfs/objects/batch", "giftless": "/ada/many.git/info/lfs/objects/batch"}
        for operation, asked in (("download", here), ("upload", new)):
            body = question(operation, asked)
            for number in range(options.rounds):
                for subject in turns(list(ports), number):
                    headers = {"Accept": LFS, "Content-Type": LFS}
                    if subject == "weir":
                        headers["Authorization"] = f"Bearer {token}"
                    pids = (lambda: tree(weir.process.pid)) if subject == "weir" else (lambda: servers[subject].pids)
                    try:
                        with Watch(pids) as seen:
                            found = rate(home / "wrk", ports[subject], paths[subject], options.seconds, 4, "POST",
                                         headers, body)
                    except RuntimeError as error:
                        if subject == "weir":
                            raise
                        ledger.skip(f"lfs-batch-{operation}", subject, str(error))
                        continue
                    ledger.note(f"lfs-batch-{operation}", subject, per_s=found.per_second, p50_ms=found.p50_ms,
                                p99_ms=found.p99_ms, cpu_ms_each=seen.cpu * 1000 / found.requests,
                                peak_rss_mib=seen.peak_mib)
    finally:
        for server in servers.values():
            server.stop()
        weir.stop()
