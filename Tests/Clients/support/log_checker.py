#!/usr/bin/env python3
"""Checks a transparency log without Weir: entries -> roots -> signatures -> checkpoints that were kept elsewhere.
usage: log_checker.py URL|EXPORT [--key VERIFIER_KEY]... [CHECKPOINT_FILE]...     (LOG_TOKEN: an auditor's token)"""
import base64, hashlib, json, os, pathlib, subprocess, sys, tempfile, urllib.request

def load(source):
    """Name, keys, entries and checkpoints of a hub's /api/gateway/v1/log, or of a file by 'weir audit export'."""
    if not source.startswith("http"):
        lines = [json.loads(line) for line in open(source, encoding="utf-8")]
        return lines[0], [l for l in lines if "index" in l], [l["checkpoint"] for l in lines if "checkpoint" in l]
    def get(path):
        headers = {"Authorization": f"Bearer {os.environ['LOG_TOKEN']}"} if "LOG_TOKEN" in os.environ else {}
        return json.load(urllib.request.urlopen(urllib.request.Request(source + path, headers=headers)))
    entries, notes, cursor = [], [], ""
    while page := get(f"/entries?start={len(entries)}")["entries"]:
        entries += page
    while page := get(f"/checkpoints{cursor}")["checkpoints"]:
        notes, cursor = notes + [c["note"] for c in page], f"?cursor={page[-1]['id']}"
    return get(""), entries, notes

def signed(text, lines, keys):
    """Whether one of the keys signed the note; openssl knows Ed25519, Python's library does not."""
    for (name, _, key), line in ((k.split("+", 2), l) for k in keys for l in lines):
        public, signature = base64.b64decode(key), base64.b64decode(line.split(" ")[2])
        mark = hashlib.sha256(name.encode() + b"\n" + public).digest()[:4]
        with tempfile.TemporaryDirectory() as d:
            der = bytes.fromhex("302a300506032b6570032100") + public[1:]
            [pathlib.Path(d, f).write_bytes(data) for f, data in (("k", der), ("s", signature[4:]), ("t", text.encode()))]
            verify = "openssl pkeyutl -verify -rawin -pubin -keyform DER -inkey k -sigfile s -in t".split()
            names = line.split(" ")[1] == name == text.split("\n")[0] and signature[:4] == mark and public[0] == 1
            if names and subprocess.run(verify, cwd=d, capture_output=True).returncode == 0:
                return True

def check(source, keys=(), files=()):
    (head, entries, notes), roots, edge = load(source), [hashlib.sha256().digest()], []
    for number, entry in enumerate(entries):
        digest = bytes.fromhex(entry["hash"])
        assert entry["index"] == number, f"entry {number} is missing"
        leaf = hashlib.sha256(b"\0" + entry["leaf"].encode()).digest() if "leaf" in entry else digest
        assert leaf == digest, f"entry {number} is not what was hashed"
        edge.append((1, digest))
        while len(edge) > 1 and edge[-1][0] == edge[-2][0]:
            (size, right), (_, left) = edge.pop(), edge.pop()
            edge.append((2 * size, hashlib.sha256(b"\1" + left + right).digest()))
        root = edge[-1][1]
        for _, left in edge[-2::-1]:
            root = hashlib.sha256(b"\1" + left + root).digest()
        roots.append(root)
    for note in notes + [open(f, encoding="utf-8").read() for f in files]:
        text, _, signatures = note.partition("\n\n")
        origin, size, root = text.split("\n")[:3]
        assert origin == head["origin"], f"a checkpoint of another log: {origin}"
        assert signed(text + "\n", signatures.splitlines(), keys or head["keys"]), f"nobody signed the checkpoint of {size}"
        assert int(size) < len(roots), f"the log was cut: a checkpoint has {size} entries, there are {len(entries)}"
        assert roots[int(size)] == base64.b64decode(root), f"the first {size} entries were rewritten or shown differently"
    return f"{len(entries)} entries, root {roots[-1].hex()}, {len(notes) + len(files)} checkpoints agree"

if __name__ == "__main__":
    keys = [b for a, b in zip(sys.argv, sys.argv[1:]) if a == "--key"]
    print(check(sys.argv[1], keys, [a for a in sys.argv[2:] if a not in keys + ["--key"]]))
