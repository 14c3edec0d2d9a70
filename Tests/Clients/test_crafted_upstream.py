"""Repositories and git answers that nobody makes in good faith: refused with a reason, or served as the data they are."""

import hashlib
import json
import time

import pytest

from support.crafted import CraftedGitServer, packet, pointer
from support.weir import eventually

QUICK = {"ttl": {"ref": "1s", "negative": "1s"}}


@pytest.fixture
def crafted(tmp_path):
    with CraftedGitServer(tmp_path / "crafted") as server:
        yield server


@pytest.fixture
def gateway(crafted, make_gateway):
    return make_gateway(crafted.url, type="git-lfs", cache=QUICK)


def memory(gateway) -> int:
    """Resident bytes of the server at their highest."""
    with open(f"/proc/{gateway.process.pid}/status") as status:
        return next(int(line.split()[1]) << 10 for line in status if line.startswith("VmHWM"))


def assert_serves(gateway, crafted):
    """An honest repository beside the bad one is served, and quickly."""
    repository = crafted.repository(f"acme/honest{time.monotonic_ns()}")
    repository.publish(repository.files(a__txt="honest"))
    begun = time.monotonic()
    answer = gateway.get(f"/acme/{repository.folder.stem}/resolve/main/a.txt")
    assert (answer.status_code, answer.text) == (200, "honest")
    assert time.monotonic() - begun < 10


TREES = {
    "dot dot": lambda r: [("40000", "..", r.tree(r.files(passwd="x")))],
    "dot git": lambda r: [("40000", ".git", r.tree(r.files(config="[core]")))],
    "dot git in capitals": lambda r: [("40000", ".GIT", r.tree(r.files(config="[core]")))],
    "short name of dot git": lambda r: [("40000", "git~1", r.tree(r.files(config="[core]")))],
    "a path as a name": lambda r: [("100644", "a/../../etc/x", r.blob("x"))],
    "a linked gitmodules": lambda r: [("120000", ".gitmodules", r.blob("/etc/passwd"))],
    "an option as a submodule": lambda r: [
        ("100644", ".gitmodules", r.blob('[submodule "x"]\n\tpath=x\n\turl=--upload-pack=touch /tmp/x\n')), ("160000", "x", "1" * 40)],
}


@pytest.mark.parametrize("case", TREES)
def test_s28_a_malformed_tree_is_refused_with_gits_words(case, crafted, gateway):
    repository = crafted.repository("acme/bad")
    repository.publish([*TREES[case](repository), *repository.files(a__txt="a")])
    for path in ("/acme/bad/resolve/main/a.txt", "/api/models/acme/bad", "/acme/bad.git/info/refs?service=git-upload-pack"):
        answer = gateway.get(path)
        assert answer.status_code == 502 and "fsck" in answer.text, answer.text
    # Refused once, it is not fetched again for each request.
    fetches = [path for method, path, _ in crafted.requests if method == "POST"]
    assert len(fetches) <= 6, fetches
    assert_serves(gateway, crafted)


def test_s27_links_are_data_and_never_followed(crafted, gateway, git, tmp_path):
    repository = crafted.repository("acme/links")
    repository.publish([("120000", "link", repository.blob("/etc/passwd")), ("120000", "up", repository.blob("../../..")),
                        ("120000", "README.md", repository.blob("/etc/passwd")),
                        ("120000", "config.json", repository.blob("/etc/hostname")), *repository.files(a__txt="a")])
    for name, target in (("link", "/etc/passwd"), ("up", "../../.."), ("README.md", "/etc/passwd")):
        for word in ("resolve", "raw"):
            assert gateway.get(f"/acme/links/{word}/main/{name}").text == target
    assert gateway.get("/acme/links/resolve/main/up/etc/passwd").status_code == 404
    assert gateway.get("/acme/links/resolve/main/link/x").status_code == 404
    info = gateway.get("/api/models/acme/links?blobs=true&expand[]=cardData&expand[]=config")
    assert info.status_code == 200 and "root:" not in info.text
    git.run("clone", "--quiet", f"{gateway.url}/acme/links.git", tmp_path / "clone")


def test_names_of_any_bytes_stay_inside_their_places(crafted, gateway):
    repository = crafted.repository("acme/names")
    blob = repository.blob("x")
    names = [b"a\r\nX-Evil: 1", b"\xff\xfe", b"a\x1b[31m", b'quote";<script>', b"%2e%2e", b"back\\slash"]
    repository.publish([*(("100644", name, blob) for name in names), *repository.files(a__txt="a")])
    listing = gateway.get("/api/models/acme/names/tree/main")
    assert listing.status_code == 200 and len(listing.json()) == len(names) + 1
    for name in ("a%0D%0AX-Evil:%201", "a%1B%5B31m", "quote%22;%3Cscript%3E", "%252e%252e", "back%5Cslash"):
        answer = gateway.get(f"/acme/names/resolve/main/{name}")
        assert (answer.status_code, answer.text) == (200, "x"), name
        assert "X-Evil" not in answer.headers
    assert b"\x1b" not in gateway.log().encode()


def test_a_wide_and_a_deep_tree_are_served(crafted, gateway):
    repository = crafted.repository("acme/wide")
    blob = repository.blob("x")
    repository.publish([("100644", f"f{n:06}", blob) for n in range(20_000)] + repository.files(a__txt="a"))
    assert gateway.get("/acme/wide/resolve/main/f019999", timeout=60).text == "x"
    assert len(gateway.get("/api/models/acme/wide/tree/main").json()) == 1000
    deep = crafted.repository("acme/deep")
    tree = deep.tree(deep.files(leaf__txt="x"))
    for _ in range(1500):
        tree = deep.tree([("40000", "d", tree)])
    deep.publish([("40000", "d", tree), *deep.files(a__txt="a")])
    assert gateway.get("/acme/deep/resolve/main/a.txt", timeout=60).text == "a"
    assert gateway.get("/api/models/acme/deep/tree/main?recursive=true&limit=10").status_code == 200
    assert gateway.alive


def test_s33_a_tree_that_expands_without_end_is_refused(crafted, gateway):
    repository = crafted.repository("acme/bomb")
    tree = repository.tree([("100644", f"f{n}", repository.blob("x")) for n in range(10)])
    for _ in range(9):
        tree = repository.tree([("40000", f"d{n}", tree) for n in range(10)])
    repository.publish([("40000", "d", tree), *repository.files(a__txt="a")])
    answer = gateway.get("/acme/bomb/resolve/main/a.txt", timeout=60)
    assert answer.status_code == 422 and "too large" in answer.text
    begun = time.monotonic()
    for _ in range(20):
        assert gateway.get("/acme/bomb/resolve/main/a.txt", timeout=60).status_code == 422
    assert time.monotonic() - begun < 5, "the same bomb was unpacked again and again"
    assert memory(gateway) < 700 << 20
    assert_serves(gateway, crafted)


def front_matter(kind: str) -> str:
    if kind == "aliases in lists":
        return 'a0: &a0 ["x"]\n' + "".join(f'a{n}: &a{n} [*a{n - 1}, *a{n - 1}, "x"]\n' for n in range(1, 60))
    if kind == "aliases as keys":
        return 'a0: &a0 ["x"]\n' + "".join(f'a{n}: &a{n} [*a{n - 1}, *a{n - 1}, "x"]\n' for n in range(1, 25)) + "? *a24\n: 1\n? *a24\n: 2\n"
    if kind == "nesting":
        return "a: " + "[" * 400_000
    if kind == "a hundred thousand keys":
        return "".join(f"k{n}: 1\n" for n in range(100_000))
    return "license: mit\n---\n" + "x" * 10_000_000


@pytest.mark.parametrize("kind", ["aliases in lists", "aliases as keys", "nesting", "a hundred thousand keys", "ten megabytes"])
def test_a_card_cannot_explode(kind, crafted, gateway):
    repository = crafted.repository("acme/card")
    repository.publish(repository.files(README__md=f"---\n{front_matter(kind)}---\n# x\n", a__txt="a"))
    assert gateway.get("/acme/card/resolve/main/a.txt").text == "a"
    assert gateway.get("/api/models/acme/card").status_code == 200
    assert memory(gateway) < 900 << 20
    assert_serves(gateway, crafted)


def test_absurd_commits_and_pointers(crafted, gateway):
    repository = crafted.repository("acme/absurd")
    files = repository.files(a__txt="a", big__bin=pointer(oid="0" * 64, size=2**63 - 1), more__bin=pointer(oid="1" * 64, size=2**63 - 1))
    first = repository.commit(repository.tree(files), date="9223372036854775807 +9999", message="m" * 5_000_000)
    repository.branch(repository.commit(repository.tree(files), (first,), date="0 -2400", message=""))
    assert gateway.get("/acme/absurd/resolve/main/a.txt").text == "a"
    assert gateway.get("/api/models/acme/absurd?blobs=true").json()["usedStorage"] == 2**63 - 1
    commits = gateway.get("/api/models/acme/absurd/commits/main")
    assert commits.status_code == 200 and len(commits.content) < 200_000
    assert gateway.get("/acme/absurd/resolve/main/big.bin").status_code == 507
    assert gateway.alive


def test_made_up_sizes_do_not_pass_a_size_limit(crafted, make_gateway):
    gateway = make_gateway(crafted.url, type="git-lfs", rules=[
        {"id": "small-only", "match": {"repo": ["acme/*"]}, "when": "repo.size > 1000000", "action": "deny"}])
    repository = crafted.repository("acme/sum")
    repository.publish(repository.files(
        a__txt="a", b__bin=pointer(oid="0" * 64, size=2**63 - 1), c__bin=pointer(oid="1" * 64, size=2**63 - 1)))
    answer = gateway.get("/acme/sum/resolve/main/a.txt")
    assert answer.status_code == 403 and "small-only" in answer.text


# -- answers of the protocol

V2 = packet("version 2\n") + packet("ls-refs=unborn\n") + packet("fetch=shallow\n") + packet("object-format=sha1\n") + b"0000"


def test_refs_with_hostile_names_are_left_out(crafted, gateway, git):
    repository = crafted.repository("acme/refs")
    commit = repository.publish(repository.files(a__txt="a"))
    names = ["refs/heads/../../../config", "refs/heads/a\x1b[31m", "refs/heads/-x", "refs/heads/a..b", "refs/heads/x.lock",
             "refs/hub/secret", "../../HEAD", "refs/heads/a\0b", "refs/heads/" + "n" * 5000, "refs/heads/@{u}", "HEAD/..",
             "refs/heads/two words", "refs/heads/é"]
    lines = [packet(f"{commit} HEAD symref-target:refs/heads/main\n"), packet(f"{commit} refs/heads/main\n"),
             *(packet(f"{commit} {name}\n") for name in names)]
    crafted.answers[("acme/refs", "ls-refs")] = b"".join(lines) + b"0000"
    assert gateway.get("/acme/refs/resolve/main/a.txt").text == "a"
    shown = {branch["name"] for branch in gateway.get("/api/models/acme/refs/refs").json()["branches"]}
    assert "main" in shown and shown <= {"main", "-x", "é", "two"}
    advertised = git.refs(f"{gateway.url}/acme/refs.git")
    assert "refs/hub/secret" not in advertised and "refs/heads/main" in advertised
    assert not list(gateway.data.rglob("config*/*")) and gateway.alive
    for revision in ("..%2F..%2FHEAD", "refs%2Fheads%2F..%2Fmain", "-x%20--output=x", "main%00", "@%7Bu%7D", "main%5E%7B%2Fx%7D"):
        assert gateway.get(f"/acme/refs/resolve/{revision}/a.txt").status_code in (400, 404), revision


def test_refs_that_lead_nowhere_hurt_only_themselves(crafted, gateway, git, tmp_path):
    repository = crafted.repository("acme/nowhere")
    commit = repository.publish(repository.files(a__txt="a"))
    gone = "f" * 40
    crafted.answers[("acme/nowhere", "ls-refs")] = (
        packet(f"{commit} HEAD symref-target:refs/heads/main\n") + packet(f"{commit} refs/heads/main\n")
        + packet(f"{gone} refs/heads/gone\n") + packet(f"{gone} refs/tags/v1 peeled:{gone}\n") + b"0000")
    assert gateway.get("/acme/nowhere/resolve/main/a.txt").text == "a"
    for revision in ("gone", "v1", gone):
        answer = gateway.get(f"/acme/nowhere/resolve/{revision}/a.txt")
        assert answer.status_code in (404, 502, 503), (revision, answer.text)
    git.run("clone", "--quiet", "--single-branch", "--no-tags", "--branch", "main", f"{gateway.url}/acme/nowhere.git", tmp_path / "clone")


def test_a_default_branch_that_is_not_there(crafted, gateway):
    repository = crafted.repository("acme/unborn")
    commit = repository.publish(repository.files(a__txt="a"), "other")
    crafted.answers[("acme/unborn", "ls-refs")] = (
        packet("unborn HEAD symref-target:refs/heads/../../x\n") + packet(f"{commit} refs/heads/other\n") + b"0000")
    assert gateway.get("/acme/unborn/resolve/other/a.txt").text == "a"
    assert gateway.get("/acme/unborn/resolve/main/a.txt").status_code in (404, 200)
    assert gateway.get("/acme/unborn.git/info/refs?service=git-upload-pack").status_code == 200


@pytest.mark.parametrize("service", ["refs", "ls-refs"])
def test_a_huge_listing_of_refs_is_refused(service, crafted, gateway):
    repository = crafted.repository("acme/huge")
    commit = repository.publish(repository.files(a__txt="a"))
    lines = b"".join(packet(f"{commit} refs/heads/b{n:07}\n") for n in range(300_000))
    if service == "refs":
        first = packet(f"{commit} HEAD\0side-band-64k shallow symref=HEAD:refs/heads/main\n".encode())
        crafted.answers[("acme/huge", "refs")] = packet("# service=git-upload-pack\n") + b"0000" + first + lines + b"0000"
    else:
        crafted.answers[("acme/huge", "ls-refs")] = lines + b"0000"
    answer = gateway.get("/acme/huge/resolve/main/a.txt", timeout=60)
    assert answer.status_code == 502 and "more than" in answer.text, answer.text
    assert memory(gateway) < 900 << 20
    assert_serves(gateway, crafted)


@pytest.mark.parametrize("content", [
    b"", b"0000", b"ffff", b"zzzz", b"0003", packet("packfile\n"), packet("packfile\n") + packet(b"\x01PACK") + b"0000",
    packet("packfile\n") + packet(b"\x02progress\x1b[31m") + packet(b"\x03fatal: \x1b[31mno\r\nX: y") + b"0000",
    packet("shallow-info\n") + packet("shallow ../../etc/passwd\n") + b"0001" + packet("packfile\n") + b"0000",
    packet("ERR not\nhere"), b"0001" * 1000, packet("packfile\n") + packet(b"\x01PACK\0\0\0\x02\xff\xff\xff\xff" + b"x" * 100) + b"0000"],
    ids=range(12))
def test_a_broken_pack_answer_is_told(content, crafted, gateway):
    repository = crafted.repository("acme/broken")
    repository.publish(repository.files(a__txt="a"))
    crafted.answers[("acme/broken", "fetch")] = content
    answer = gateway.get("/acme/broken/resolve/main/a.txt")
    assert answer.status_code in (404, 413, 502, 503), answer.text
    assert b"\x1b" not in answer.content and answer.headers["X-Error-Message"]
    crafted.answers.clear()
    eventually(lambda: gateway.get("/acme/broken/resolve/main/a.txt").status_code == 200, 20)


def test_a_pack_with_holes_is_the_upstreams_fault(crafted, gateway):
    repository = crafted.repository("acme/holes")
    tree = repository.tree([("100644", "here.txt", repository.blob("here")), ("100644", "gone.txt", "e" * 40)])
    commit = repository.commit(tree)
    repository.branch(commit)
    import subprocess
    listed = "\n".join([commit, tree, repository.blob("here")]) + "\n"
    pack = subprocess.run(["git", f"--git-dir={repository.folder}", "pack-objects", "--stdout"], input=listed.encode(),
                          capture_output=True, check=True).stdout
    crafted.answers[("acme/holes", "fetch")] = packet("packfile\n") + packet(b"\x01" + pack) + b"0000"
    answer = gateway.get("/acme/holes/resolve/main/here.txt")
    assert answer.status_code == 502 and "holes" in answer.text, answer.text
    assert gateway.get("/acme/holes/resolve/main/gone.txt").status_code == 502


def test_objects_in_git_are_what_their_names_say(crafted, gateway):
    """A pack whose checksum is right and whose blob is another: the tree's name finds nothing."""
    repository = crafted.repository("acme/swap")
    right = repository.blob("right")
    tree = repository.tree([("100644", "a.txt", right)])
    commit = repository.commit(tree)
    repository.branch(commit)
    import subprocess
    listed = "\n".join([commit, tree, repository.blob("wrong")]) + "\n"
    pack = subprocess.run(["git", f"--git-dir={repository.folder}", "pack-objects", "--stdout"], input=listed.encode(),
                          capture_output=True, check=True).stdout
    crafted.answers[("acme/swap", "fetch")] = packet("packfile\n") + packet(b"\x01" + pack) + b"0000"
    answer = gateway.get("/acme/swap/resolve/main/a.txt")
    assert answer.status_code == 502 and "wrong" not in answer.text


# -- what a path would close, a digest must not open

FILES = [{"id": "no-onnx", "match": {"files": ["*.onnx"]}, "action": "deny", "message": "no ONNX here"}]


def ask_for(gateway, repository: str, content: bytes) -> dict:
    body = {"operation": "download", "objects": [{"oid": hashlib.sha256(content).hexdigest(), "size": len(content)}]}
    answer = gateway.post(f"/{repository}.git/info/lfs/objects/batch", data=json.dumps(body))
    assert answer.status_code == 200, answer.text
    return answer.json()["objects"][0]


def test_a_digest_does_not_open_a_file_that_its_path_closes(crafted, make_gateway):
    gateway = make_gateway(crafted.url, type="git-lfs", cache=QUICK, rules=FILES)
    closed, opened, old = b"closed" * 1000, b"open" * 1000, b"old" * 1000
    for content in (closed, opened, old):
        crafted.objects[hashlib.sha256(content).hexdigest()] = content
    repository = crafted.repository("acme/mixed")
    first = repository.commit(repository.tree(repository.files(past__onnx=pointer(old))))
    repository.publish(repository.files(a__onnx=pointer(closed), b__bin=pointer(opened)), parents=(first,))
    # Nothing of the repository is here yet: the digests are known from elsewhere.
    assert ask_for(gateway, "acme/mixed", closed)["error"]["code"] == 403
    href = ask_for(gateway, "acme/mixed", opened)["actions"]["download"]["href"]
    assert gateway.get(href[len(gateway.url):]).content == opened
    # One of another commit, whose path nobody here knows.
    past = ask_for(gateway, "acme/mixed", old)["error"]
    assert past["code"] == 403 and "no-onnx" in past["message"]
    for content in (closed, old):
        oid = hashlib.sha256(content).hexdigest()
        assert gateway.get(f"/acme/mixed.git/info/lfs/objects/{oid}?size={len(content)}").status_code == 403
        assert oid not in gateway.stored_blobs()


def test_git_does_not_carry_a_branch_that_policy_closes(crafted, make_gateway, git, tmp_path):
    gateway = make_gateway(crafted.url, type="git-lfs", cache=QUICK, rules=[
        {"id": "no-drafts", "match": {"revision": ["draft"]}, "action": "deny"},
        {"id": "no-nc", "when": 'license.flags.exists("non-commercial")', "action": "deny"}])
    repository = crafted.repository("acme/branches")
    main = repository.publish(repository.files(README__md="---\nlicense: mit\n---\n"))
    repository.publish(repository.files(README__md="---\nlicense: mit\n---\n", secret__txt="draft"), "draft", parents=(main,))
    licensed = repository.publish(repository.files(README__md="---\r\nlicense: cc-by-nc-4.0\r\n---\r\n", secret__txt="nc"), "nc")
    for branch, rule in (("draft", "no-drafts"), ("nc", "no-nc")):
        answer = gateway.get(f"/acme/branches/resolve/{branch}/secret.txt")
        assert answer.status_code == 403 and rule in answer.text
        for protocol in ("0", "2"):
            clone = git.try_run("-c", f"protocol.version={protocol}", "clone", "--single-branch", "--branch", branch,
                                f"{gateway.url}/acme/branches.git", tmp_path / f"{branch}{protocol}")
            assert not clone.ok and rule in clone.text, clone.text
    git.run("clone", "--quiet", "--single-branch", "--branch", "main", f"{gateway.url}/acme/branches.git", tmp_path / "main")
    fetched = git.try_run("fetch", "origin", licensed, cwd=tmp_path / "main")
    assert not fetched.ok and "no-nc" in fetched.text


def test_a_repository_without_a_default_branch_is_closed_all_the_same(crafted, make_gateway, git, tmp_path):
    gateway = make_gateway(crafted.url, type="git-lfs", cache=QUICK, rules=[
        {"id": "no-nc", "when": 'license.flags.exists("non-commercial")', "action": "deny"}])
    repository = crafted.repository("acme/headless")
    commit = repository.publish(repository.files(README__md="---\nlicense: cc-by-nc-4.0\n---\n"), "work")
    crafted.answers[("acme/headless", "ls-refs")] = packet(f"{commit} refs/heads/work\n") + b"0000"
    clone = git.try_run("clone", "--branch", "work", f"{gateway.url}/acme/headless.git", tmp_path / "clone")
    assert not clone.ok and "no-nc" in clone.text, clone.text


def test_browsing_gives_no_git(crafted, make_gateway, git, tmp_path):
    gateway = make_gateway(crafted.url, type="git-lfs", mode="browse")
    repository = crafted.repository("acme/look")
    repository.publish(repository.files(a__txt="a"), "work")
    clone = git.try_run("clone", "--branch", "work", f"{gateway.url}/acme/look.git", tmp_path / "clone")
    assert not clone.ok and "browse" in clone.text
