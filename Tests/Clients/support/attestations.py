"""Signatures as strangers to this project verify them: openssl, model_signing, CycloneDX's and Croissant's own readers."""

import base64
import json
import pathlib
import subprocess

from .weir import ROOT

ATTEST = ROOT / ".venv" / "attest" / "bin"


def pae(payload_type: str, payload: bytes) -> bytes:
    """What a DSSE signature is over."""
    return b"DSSEv1 %d %s %d %s" % (len(payload_type), payload_type.encode(), len(payload), payload)


def openssl_accepts(envelope: dict, pem: str, folder: pathlib.Path) -> bool:
    """Whether openssl finds a signature of the envelope to be by the key."""
    payload = base64.b64decode(envelope["payload"])
    (folder / "key.pub").write_text(pem)
    (folder / "pae").write_bytes(pae(envelope["payloadType"], payload))
    is_ed25519 = "ED25519" in subprocess.run(
        ["openssl", "pkey", "-pubin", "-in", folder / "key.pub", "-noout", "-text"],
        capture_output=True, text=True).stdout
    for signature in envelope["signatures"]:
        (folder / "sig").write_bytes(base64.b64decode(signature["sig"]))
        if is_ed25519:
            command = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", folder / "key.pub", "-rawin",
                       "-in", folder / "pae", "-sigfile", folder / "sig"]
        else:
            command = ["openssl", "dgst", "-sha256", "-verify", folder / "key.pub", "-signature", folder / "sig",
                       folder / "pae"]
        if subprocess.run(command, capture_output=True).returncode == 0:
            return True
    return False


def payload(envelope: dict) -> dict:
    return json.loads(base64.b64decode(envelope["payload"]))


def sign(statement: dict, key: pathlib.Path, folder: pathlib.Path) -> dict:
    """An envelope signed by openssl with an Ed25519 key."""
    raw = json.dumps(statement).encode()
    (folder / "to-sign").write_bytes(pae("application/vnd.in-toto+json", raw))
    subprocess.run(["openssl", "pkeyutl", "-sign", "-inkey", key, "-rawin", "-in", folder / "to-sign",
                    "-out", folder / "signed"], check=True, capture_output=True)
    return {"payload": base64.b64encode(raw).decode(), "payloadType": "application/vnd.in-toto+json",
            "signatures": [{"keyid": "", "sig": base64.b64encode((folder / "signed").read_bytes()).decode()}]}


def make_key(path: pathlib.Path, algorithm: str = "ed25519") -> pathlib.Path:
    """A private key at `path`, its public half beside it as `.pub`."""
    how = ["-algorithm", "ed25519"] if algorithm == "ed25519" else [
        "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]
    subprocess.run(["openssl", "genpkey", *how, "-out", path], check=True, capture_output=True)
    subprocess.run(["openssl", "pkey", "-in", path, "-pubout", "-out", path.with_suffix(".pub")], check=True)
    path.chmod(0o600)
    return path


def model_signing(folder: pathlib.Path, signature: pathlib.Path, key: pathlib.Path) -> subprocess.CompletedProcess:
    """OpenSSF's verifier, with the network cut."""
    return subprocess.run(
        ["unshare", "-r", "-n", ATTEST / "model_signing", "verify", "key", folder, "--signature", signature,
         "--public_key", key], capture_output=True, text=True, timeout=60)


def cyclonedx_problem(text: str) -> str:
    """What CycloneDX's strict validator finds wrong; empty for nothing."""
    code = ("import sys\nfrom cyclonedx.validation.json import JsonStrictValidator\n"
            "from cyclonedx.schema import SchemaVersion\n"
            "e = JsonStrictValidator(SchemaVersion.V1_6).validate_str(sys.stdin.read())\nprint(e or '')")
    done = subprocess.run([ATTEST / "python", "-c", code], input=text, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.strip()


def croissant(text: str) -> dict:
    """What mlcroissant reads: names and digests of files, or its error."""
    code = ("import sys, json\nimport mlcroissant as c\n"
            "d = c.Dataset(jsonld=json.load(sys.stdin))\n"
            "print(json.dumps({'name': d.metadata.name, 'files': {f.id: f.sha256 for f in d.metadata.file_objects},"
            " 'warnings': list(d.metadata.ctx.issues.warnings)}))")
    done = subprocess.run([ATTEST / "python", "-c", code], input=text, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])
