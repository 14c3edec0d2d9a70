"""What people see of a repository: its card, files, history, and how to use it, with the snippets run as they stand."""

import json
import os
import re
import struct
import subprocess

import pytest
import requests

from support.browser import expect_clean, look, make_user
from support.clients import Git, PythonClient, csghub_client
from support.weir import Weir

CARD = """---
license: mit
pipeline_tag: text-generation
library_name: transformers
language: en
---
# Tiny

![A picture](picture.png) and [the code](src/run.py#L2).

## Use

Text.

## Limits

More.
"""
CONFIG = {"architectures": ["BertModel"], "model_type": "bert", "hidden_size": 8, "num_hidden_layers": 1,
          "num_attention_heads": 2, "intermediate_size": 16, "vocab_size": 8, "max_position_embeddings": 64}
# One black point.
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763606060000000040001"
    "f61738550000000049454e44ae426082")
# A drawing that would run something if a browser opened it as a page.
DRAWING = ('<svg xmlns="http://www.w3.org/2000/svg" width="7" height="5"><style>rect{fill:teal}</style>'
           '<script>window.xss=1</script><rect width="7" height="5"/></svg>')


def weights() -> bytes:
    header = {"layer.weight": {"dtype": "BF16", "shape": [100, 64], "data_offsets": [0, 12_800]}}
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + bytes(12_800)


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    home = tmp_path_factory.mktemp("web-repository")
    folder = home / "tiny"
    (folder / "src").mkdir(parents=True)
    (folder / "README.md").write_text(CARD)
    (folder / "config.json").write_text(json.dumps(CONFIG))
    (folder / "src/run.py").write_text("import sys\n\n\ndef main():\n    return 0\n")
    (folder / "picture.png").write_bytes(PICTURE)
    (folder / "drawing.svg").write_text(DRAWING)
    (folder / "table.csv").write_text("id,text\n1,<b>x</b>\n2,y\n")
    (folder / "model.safetensors").write_bytes(weights())
    (folder / "<img src=x onerror=window.xss=1>.txt").write_text("<script>window.xss=1</script>\n")
    with Weir(home / "hub") as hub:
        make_user(hub, "ada", admin=True)
        make_user(hub, "eve")
        hub.import_folder(folder, "model:ada/tiny")
        (folder / "src/run.py").write_text("import sys\n\n\ndef main():\n    return 1  # changed\n")
        hub.import_folder(folder, "model:ada/tiny")
        (folder / "README.md").write_text("---\nlicense: [mit\n---\n# Secret\n")
        hub.import_folder(folder, "model:ada/secret")
        wide = home / "wide"
        wide.mkdir()
        for number in range(1_200):
            (wide / f"part-{number:05}.txt").write_text(f"{number}\n")
        hub.import_folder(wide, "dataset:ada/wide")
        hub.tokens = {"ada": hub.token("ada", "write", admin=True)}
        requests.put(hub.url + "/api/models/ada/secret/settings", json={"private": True}, timeout=30,
                     headers={"Authorization": f"Bearer {hub.tokens['ada']}"}).raise_for_status()
        yield hub


def commit_of(hub) -> str:
    return hub.get("/api/models/ada/tiny").json()["sha"]


def test_a_short_address_leads_to_the_model_and_shadows_nothing(hub):
    answer = hub.get("/ada/tiny?x=1", allow_redirects=False)
    assert answer.status_code == 302 and answer.headers["Location"] == "/models/ada/tiny?x=1"
    for path in ("/console/nothing", "/models/ada", "/assets/none", "/api/nothing"):
        assert hub.get(path, allow_redirects=False).status_code in (200, 404), path
    assert hub.get("/livez").status_code == 200
    assert hub.get("/ada/tiny/resolve/main/config.json").json() == CONFIG


def test_the_card_tells_what_it_is(hub, hub_page):
    page = hub_page(hub, "/models/ada/tiny")
    side = page.inner_text("aside")
    for text in ("6.4k", "BF16", "64 tokens", "BertModel", "Text generation", "transformers", "9/9 stored and verified"):
        assert text in side, text
    assert page.inner_text("h1").replace("\n", "") .endswith("ada/tiny")
    picture = page.locator("article img").first
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 1
    assert page.locator("article a[href*='/blob/main/src/run.py']").count() == 1
    assert [link.get_attribute("href") for link in page.locator(".toc a").all()] == \
        ["#" + i for i in page.eval_on_selector_all("article :is(h1,h2,h3)[id]", "all => all.map(e => e.id)")]
    expect_clean(page)
    look(page, "card")
    phone = hub_page(hub, "/models/ada/tiny", lang="zh", theme="dark", width=390, javascript=False)
    assert "使用此模型" in phone.inner_text("main")
    look(phone, "card-phone")


def test_files_are_found_shown_and_kept(hub, hub_page):
    page = hub_page(hub, "/models/ada/tiny/tree/main")
    names = page.locator("table.files .file-name").all_inner_texts()
    assert names[0] == "src" and "<img src=x onerror=window.xss=1>.txt" in names
    assert page.evaluate("window.xss") is None
    expect_clean(page)
    page.keyboard.press("t")
    page.keyboard.type("saf")
    assert page.locator("table.files tbody tr:visible").count() == 1
    page.keyboard.press("Enter")
    page.wait_for_url("**/tree/main?q=saf")
    page.click("text=model.safetensors")
    text = page.inner_text("main")
    assert "layer.weight" in text and "100 × 64" in text.replace("[100, 64]", "100 × 64")
    expect_clean(page)

    page.goto("/models/ada/tiny/blob/main/src/run.py")
    page.click("#L2 a")
    page.click("#L4 a", modifiers=["Shift"])
    assert page.url.endswith("#L2-L4") and page.locator("tr.marked").count() == 3
    page.keyboard.press("y")
    page.wait_for_url(f"**/blob/{commit_of(hub)}/src/run.py#L2-L4")
    expect_clean(page)
    for name, words in (("table.csv", "<b>x</b>"), ("config.json", "BertModel"), ("README.md", "Limits")):
        page.goto(f"/models/ada/tiny/blob/main/{name}")
        assert words in page.inner_text(".blob"), name
        page.click("text=Source")
        assert page.locator("table.code tr").count() >= 1
    for name, width in (("picture.png", 1), ("drawing.svg", 7)):
        page.goto(f"/models/ada/tiny/blob/main/{name}")
        assert page.locator(".preview img").evaluate("image => image.decode().then(() => image.naturalWidth)") == width
    assert page.evaluate("window.xss") is None
    assert hub.get("/models/ada/tiny/blob/main/src", allow_redirects=False).headers["Location"].endswith("/tree/main/src")


def test_pictures_are_sent_as_pictures_and_run_nothing(hub):
    def sent(path, **headers):
        answer = hub.get(f"/ada/tiny/resolve/main/{path}", headers=headers)
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert "script" not in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        return answer.headers["Content-Type"]

    assert sent("picture.png") == "image/png"
    assert sent("drawing.svg", **{"Sec-Fetch-Dest": "image"}) == "image/svg+xml"
    for destination in ("document", "iframe", "embed", "object", "script"):
        assert sent("drawing.svg", **{"Sec-Fetch-Dest": destination}) == "application/octet-stream"
    assert sent("drawing.svg?download=true") == "application/octet-stream"


def test_a_wide_folder_is_paged_and_searched_without_scripts(hub, hub_page):
    page = hub_page(hub, "/datasets/ada/wide/tree/main", javascript=False, width=390)
    # The import adds .gitattributes, which has no large files here; folders come first.
    assert page.locator("table.files .file-name").count() == 1_000
    page.click("a[rel=next]")
    page.wait_for_load_state()
    assert 195 <= page.locator("table.files .file-name").count() <= 205
    page.fill("#find", "part-00777")
    page.click(".finder button")
    assert page.locator("table.files .file-name").all_inner_texts() == ["part-00777.txt"]


def test_history_differences_and_blame(hub, hub_page):
    page = hub_page(hub, "/models/ada/tiny/commits/main?path=src/run.py")
    assert page.locator(".commits li").count() == 2
    page.click(".commits li >> nth=0 >> .commit-title")
    text = page.inner_text("main")
    assert "return 1  # changed" in text and "return 0" in text and "1 file changed" in text
    expect_clean(page)
    page.click("text=Side by side")
    assert "return 1  # changed" in page.inner_text("main")
    page.goto("/models/ada/tiny/blame/main/src/run.py")
    assert page.locator("tr.blame-first").count() == 2
    expect_clean(page)
    page.goto(f"/models/ada/tiny/compare/{commit_of(hub)}...main")
    assert "Nothing is different" in page.inner_text("main")
    page.goto("/models/ada/tiny/branches")
    assert "main" in page.inner_text("table")
    expect_clean(page)


def test_a_private_card_with_mistakes_is_for_its_owner(hub, hub_page):
    assert hub.get("/models/ada/secret").status_code == 401
    stranger = hub_page(hub, "/models/ada/secret", user="eve")
    assert "nothing here" in stranger.inner_text("main").lower() and "Secret" not in stranger.inner_text("main")
    page = hub_page(hub, "/models/ada/secret", user="ada")
    alert = page.locator(".alert.warn").first
    assert "metadata" in alert.inner_text() and alert.locator("a").first.get_attribute("href").endswith("#L3") or \
        alert.locator("a[href*='plain=1#L']").count() == 1
    # Files are had by links, too: no program with a token is needed.
    with page.expect_download() as download:
        page.goto("/models/ada/secret/tree/main")
        page.click("tr:has-text('config.json') a[href*='download=true']")
    assert json.loads(download.value.path().read_text()) == CONFIG


def test_snippets_do_what_they_say(hub, hub_page, tmp_path):
    page = hub_page(hub, "/models/ada/tiny/snippets")
    found = {}
    for label in page.locator(".snippet-tabs label").all():
        title = label.inner_text()
        code = label.evaluate("label => label.nextElementSibling.querySelector('code').textContent")
        found[title] = code
    assert list(found)[:1] == ["Transformers"] and {"hf download", "git clone", "curl", "csghub-cli"} <= set(found)
    commit = commit_of(hub)
    assert all(hub.url in code and commit in code for code in found.values())

    shell = re.sub(r"^hf ", "python $HF ", found["hf download"], flags=re.M)
    client = PythonClient("hf240", tmp_path / "hf", HF_HOME=tmp_path / "cache", HF_HUB_DISABLE_TELEMETRY="1")
    environment = client.environment(HF=str(client.folder / "bin/hf"))
    environment["PATH"] = f"{client.folder / 'bin'}:{environment['PATH']}"
    done = subprocess.run(["sh", "-ec", shell], env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr[-2000:]
    assert list((tmp_path / "cache").rglob("model.safetensors"))[0].read_bytes() == weights()

    tool = Git(tmp_path / "git")
    (tmp_path / "clone").mkdir()
    settings = {name: str(value) for name, value in tool.variables.items()}
    subprocess.run(["sh", "-ec", found["git clone"]], env={**os.environ, "HOME": str(tool.home), **settings},
                   cwd=tmp_path / "clone", check=True, capture_output=True, timeout=60)
    assert (tmp_path / "clone/tiny/model.safetensors").read_bytes() == weights()
    subprocess.run(["sh", "-ec", found["curl"]], cwd=tmp_path, check=True, capture_output=True, timeout=30)
    assert json.loads((tmp_path / "config.json").read_text()) == CONFIG

    # Without torch here no weights can be loaded: the configuration comes the same way.
    code = re.sub(r"AutoModel\w*", "AutoConfig", found["Transformers"])
    out = client.run(code + "\nresult(model.hidden_size)")
    assert out.ok and "@@result 8" in out.stdout, out.text[-2000:]
    csg = csghub_client(tmp_path / "csg", hub.url)
    interpreter = csg.folder / "bin/python"
    shell = re.sub(r"^csghub-cli ", f"{interpreter} {csg.folder / 'bin/csghub-cli'} ", found["csghub-cli"], flags=re.M)
    done = subprocess.run(["sh", "-ec", shell], env=csg.environment(), cwd=tmp_path, capture_output=True, text=True,
                          timeout=60)
    assert done.returncode == 0, done.stdout[-1000:] + done.stderr[-1000:]
