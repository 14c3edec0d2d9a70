"""A hub as one is after a while: copies of an upstream in every state, work of its own, people, talk, jobs, refusals.

    with web_sample(folder) as hub:
        hub.url, hub.models["mirrored"], hub.token("ada")

`hub.community` is the upstream. Names say what is what, so that a picture of a page can be judged by somebody who was
not there. Everything is made the way people make it: imports, commits, pulls through the gateway, requests.
"""

import base64
import contextlib
import json
import os
import pathlib
import sqlite3
import struct
import subprocess
import time

from . import content
from .browser import make_user
from .weir import ROOT, Weir, eventually, fast_upstream, mirror_document

API = "/api/gateway/v1"
DANGEROUS = b"\x80\x02cos\nsystem\nX\x0b\x00\x00\x00echo hacked\x85R."
LONG_NAME = "a-model-whose-name-is-as-long-as-names-may-reasonably-be-and-then-some-more-instruct-q4"
DAY = 86_400_000

CHAT_CARD = """---
license: apache-2.0
language:
- zh
- en
library_name: transformers
pipeline_tag: text-generation
base_model: Qwen/Qwen3-8B-Instruct
datasets:
- acme/reviews
tags:
- chat
- 中文
model-index:
- name: chat-zh
  results:
  - task: {type: text-generation, name: 文本生成}
    dataset: {name: C-Eval, type: ceval}
    metrics:
    - {type: accuracy, value: 71.4, name: Accuracy}
---
# Chat-ZH 8B

**面向中文对话的指令微调模型**，在 `Qwen/Qwen3-8B-Instruct` 的基础上用内部评测数据微调。这是**“重点”**内容。

An instruction-tuned model for Chinese conversations, made by acme for customer service.

## Results

| Benchmark | Base | Chat-ZH | Change |
|:--|--:|--:|--:|
| C-Eval | 68.9 | **71.4** | +2.5 |
| CMMLU | 66.2 | **69.8** | +3.6 |
| GSM8K | 74.1 | 73.9 | −0.2 |

The loss is $$\\mathcal{L}(\\theta) = -\\sum_{t=1}^{T} \\log p_\\theta(x_t \\mid x_{<t})$$ over the answers only.

## 用法

```python
from transformers import AutoModelForCausalLM, AutoTokenizer

tokenizer = AutoTokenizer.from_pretrained("acme/chat-zh")
model = AutoModelForCausalLM.from_pretrained("acme/chat-zh", device_map="auto")
print(model.generate(**tokenizer("你好，", return_tensors="pt"), max_new_tokens=64))
```

- [x] Safety review
- [ ] Long context above 32k tokens

```mermaid
graph LR; base[Qwen3-8B] --> tune[Fine-tuning]; reviews[(acme/reviews)] --> tune; tune --> chat[chat-zh];
```

> Not for medical or legal advice. 不适用于医疗或法律建议。
"""


def plain_card(license: str, title: str, words: str, task: str, library: str = "transformers", **more) -> str:
    lines = [f"license: {license}", f"pipeline_tag: {task}", f"library_name: {library}",
             *(f"{name}: {value}" for name, value in more.items())]
    return "---\n" + "\n".join(lines) + f"\n---\n# {title}\n\n{words}\n"


def safetensors(path: pathlib.Path, tensors: dict[str, list[int]]):
    """A file with a true header, as small as its shapes are."""
    header, offset = {"__metadata__": {"format": "pt"}}, 0
    for name, dimensions in tensors.items():
        size = 2
        for each in dimensions:
            size *= each
        header[name] = {"dtype": "BF16", "shape": dimensions, "data_offsets": [offset, offset + size]}
        offset += size
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + content.random_bytes(path.name, offset))


def model(folder: pathlib.Path, card: str, hidden: int = 64) -> pathlib.Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "README.md").write_text(card, encoding="utf-8")
    (folder / "config.json").write_text(json.dumps(
        {"model_type": "qwen3", "architectures": ["Qwen3ForCausalLM"], "hidden_size": hidden,
         "max_position_embeddings": 32768, "torch_dtype": "bfloat16"}, indent=2) + "\n")
    safetensors(folder / "model.safetensors", {
        "model.embed_tokens.weight": [512, hidden], "model.layers.0.self_attn.q_proj.weight": [hidden, hidden],
        "model.norm.weight": [hidden]})
    return folder


def reviews(folder: pathlib.Path) -> pathlib.Path:
    """A dataset of two splits as CSV, with texts of both languages, numbers, and cells that are empty."""
    (folder / "data").mkdir(parents=True)
    (folder / "README.md").write_text(
        "---\nlicense: cc-by-4.0\nlanguage:\n- zh\n- en\ntask_categories:\n- text-classification\npretty_name: 商品评论\n"
        "configs:\n- config_name: default\n  data_files:\n  - {split: train, path: data/train.csv}\n"
        "  - {split: test, path: data/test.csv}\n---\n# 商品评论\n\n用户评论与评分。Customer reviews with a score.\n",
        encoding="utf-8")
    texts = ("物流很快，包装完好。", "Arrived broken, but was replaced.", "质量一般，“颜值”不错", "Exactly as described", "")
    for split, rows in (("train", 1200), ("test", 80)):
        lines = ["id,text,language,score,verified"]
        for row in range(rows):
            text = texts[row % len(texts)].replace('"', '""')
            score = "" if row % 17 == 0 else f"{(row * 7 % 50) / 10:.1f}"
            lines.append(f'{row},"{text}",{"zh" if row % 5 in (0, 2) else "en"},{score},{"true" if row % 3 else "false"}')
        (folder / f"data/{split}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def parquet(folder: pathlib.Path) -> pathlib.Path | None:
    """The same kind of thing as Parquet; none where the environment that writes it is not installed."""
    python = ROOT / ".venv/hf240/bin/python"
    if not python.exists():
        return None
    (folder / "data").mkdir(parents=True)
    (folder / "README.md").write_text("---\nlicense: mit\nlanguage: en\ntask_categories:\n- question-answering\n---\n# Sums\n")
    subprocess.run(
        [str(python), "-c",
         "import pyarrow as a, pyarrow.parquet as p, sys\n"
         "r = range(2000)\n"
         "p.write_table(a.table({'question': [f'What is {i} plus {i * 3}?' for i in r], 'answer': [4 * i for i in r],\n"
         " 'steps': [[f'{i}', f'{3 * i}'] for i in r], 'hard': [i > 1500 for i in r]}), sys.argv[1])",
         str(folder / "data/train-00000-of-00001.parquet")], check=True, timeout=60)
    return folder


#: Each says so if it runs: a page that shows these is looked at for `window.xss`.
HOSTILE = '"><img src=x onerror="window.xss=1"><script>window.xss=1</script>'
HOSTILE_CARD = f"""---
license: mit
tags:
- '{HOSTILE}'
language: en
pipeline_tag: "<svg onload=window.xss=1>"
---
# <script>window.xss=1</script> {HOSTILE}

[link](javascript:window.xss=1) [other](JaVaScRiPt&colon;window.xss=1) ![x](x" onerror="window.xss=1)
<svg><script>window.xss=1</script></svg><iframe srcdoc="<script>parent.xss=1</script>"></iframe>
<a href="javascript:window.xss=1" onclick="window.xss=1">a</a><style>*{{display:none}}</style>
<details open ontoggle=window.xss=1><form action=//evil.example><input autofocus onfocus=window.xss=1></form></details>
<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=window.xss=1&gt;">

$$\\href{{javascript:window.xss=1}}{{x}} \\htmlData{{x=1}}{{y}}$$

```mermaid
graph LR; a["<img src=x onerror=window.xss=1>"] --> b; click a "javascript:window.xss=1"
```
"""


class Writer:
    """Somebody who changes things over HTTP."""

    def __init__(self, hub: Weir, token: str):
        self.hub = hub
        self.headers = {"Authorization": f"Bearer {token}"}

    def post(self, path: str, body: dict | str, accept: tuple = (200, 201, 202), **options):
        arguments = {"data": body.encode()} if isinstance(body, str) else {"json": body}
        answer = self.hub.post(path, headers=self.headers, **arguments, **options)
        assert answer.status_code in accept, f"{path}: {answer.status_code} {answer.text[:300]}"
        return answer.json() if answer.content and "json" in answer.headers.get("Content-Type", "") else {}

    def create(self, kind: str, name: str, private: bool = False, **more):
        namespace, bare = name.split("/")
        self.post("/api/repos/create", {"type": kind, "name": bare, "organization": namespace, "private": private, **more})

    def commit(self, kind: str, name: str, summary: str, files: dict[str, str | bytes], revision: str = "main",
               pull_request: bool = False) -> dict:
        lines = [{"key": "header", "value": {"summary": summary, "description": ""}}]
        for path, text in files.items():
            data = text if isinstance(text, bytes) else text.encode()
            lines.append({"key": "file", "value": {
                "path": path, "content": base64.b64encode(data).decode(), "encoding": "base64"}})
        return self.post(f"/api/{kind}s/{name}/commit/{revision}{'?create_pr=1' if pull_request else ''}",
                         "\n".join(map(json.dumps, lines)) + "\n")


def fill_upstream(hub: Weir, folder: pathlib.Path):
    """What the hub above has."""
    bert = "feature-extraction"
    for name, license, title, words, task in (
            ("Qwen/Qwen3-8B-Instruct", "apache-2.0", "Qwen3 8B Instruct", "A general model. 通用大语言模型。", "text-generation"),
            ("BAAI/bge-m3", "mit", "BGE M3", "Embeddings in more than 100 languages.", bert),
            ("audio/whisper-small-zh", "apache-2.0", "Whisper small, Chinese", "普通话语音识别。", "automatic-speech-recognition"),
            ("research/vision-tower", "cc-by-nc-4.0", "Vision tower", "For research only.", "image-classification"),
            ("zoo/old-checkpoint", "mit", "An old checkpoint", "Kept as it was found.", "text-classification"),
            ("zoo/under-review", "llama3.1", "Under review", "Somebody must look at its licence.", "text-generation"),
            (f"zoo/{LONG_NAME}", "mit", "A long name", "Names may be long.", "text-generation")):
        source = model(folder / name, plain_card(license, title, words, task))
        if name == "zoo/old-checkpoint":
            (source / "pytorch_model.bin").write_bytes(DANGEROUS)
        hub.import_folder(source, f"model:{name}")
    sums = parquet(folder / "sums")
    if sums:
        hub.import_folder(sums, "dataset:math/sums")
    hub.import_folder(reviews(folder / "opinions"), "dataset:shop/opinions")


def fill_own(hub: Weir, folder: pathlib.Path):
    """What people made here."""
    ada, bob, lin = (Writer(hub, hub.tokens[name]) for name in ("ada", "bob", "lin"))
    hub.import_folder(model(folder / "chat", CHAT_CARD), "model:acme/chat-zh")
    lin.commit("model", "acme/chat-zh", "Say what it is not for", {"LIMITS.md": "# Limits\n\nNo medical advice.\n"})
    lin.commit("model", "acme/chat-zh", "Add a script that tries it", {
        "scripts/try_it.py": "import sys\n\n\ndef main(words: list[str]) -> int:\n    \"\"\"Prints what was said.\"\"\"\n"
                             "    print(\" \".join(words))  # 打印\n    return 0\n\n\nsys.exit(main(sys.argv[1:]))\n",
        "配置/说明.md": "# 说明\n"})
    bob.commit("model", "acme/chat-zh", "Tell how it was measured", {"EVALUATION.md": "# Evaluation\n\nC-Eval, five shots.\n"},
               pull_request=True)
    bob.post("/api/models/acme/chat-zh/discussions", {
        "title": "Does it work with vLLM?", "description": "I get `KeyError: 'qwen3'` on 0.6.\n\n```\nvllm serve acme/chat-zh\n```"})
    lin.post("/api/models/acme/chat-zh/discussions/2/comment", {"comment": "0.9 or newer. 需要 0.9 以上版本。"})
    hub.import_folder(reviews(folder / "reviews"), "dataset:acme/reviews")
    bob.create("model", "bob/hostile")
    bob.commit("model", "bob/hostile", HOSTILE, {
        "README.md": HOSTILE_CARD, "<img src=x onerror=window.xss=1>.md": HOSTILE_CARD, "a'b\"c&d.py": HOSTILE,
        "page.html": f"<script>window.xss=1</script>{HOSTILE}", "picture.svg":
            '<svg xmlns="http://www.w3.org/2000/svg"><script>window.xss=1</script><image href="x" onerror="window.xss=1"/></svg>',
        "data.csv": f"id,{HOSTILE.replace(',', '')}\n1,{HOSTILE.replace(',', '')}\n"})
    bob.post("/api/models/bob/hostile/branch/x%22%3E%3Csvg%20onload%3D1", {}, accept=(200, 201, 400, 404, 409, 422))
    bob.post("/api/models/bob/hostile/discussions", {"title": HOSTILE, "description": HOSTILE_CARD})
    for kind, name, more, files in (
            ("space", "acme/demo", {"sdk": "static"}, {"index.html": "<h1>Demo</h1>\n", "README.md": "---\nsdk: static\n---\n# Demo\n"}),
            ("model", "bob/experiment", {"private": True}, {"README.md": plain_card("mit", "Experiment", "Not for others.", "text-generation")}),
            ("model", "bob/empty", {}, {})):
        (bob if name.startswith("bob/") else ada).create(kind, name, **more)
        if files:
            (bob if name.startswith("bob/") else ada).commit(kind, name, "First commit", files)
    for name in ("bob", "lin", "ada"):
        Writer(hub, hub.tokens[name]).post("/api/models/acme/chat-zh/like", {}, accept=(200, 201, 204))


def pull(hub: Weir, name: str, file: str = "model.safetensors", kind: str = "", user: str = "bob", status: int = 200):
    """One file through the gateway, as a client reads it."""
    seen = []

    def read():
        answer = hub.get(f"/{kind}{name}/resolve/main/{file}", headers={"Authorization": f"Bearer {hub.tokens[user]}"})
        seen.append(f"{answer.status_code} {answer.headers.get('X-Error-Message', '')}")
        # A refusal is false by itself.
        return answer.status_code == status
    # What must be scanned before it is given out is asked for again a little later.
    return eventually(read, 20, lambda: f"{name} did not answer {status} but {seen[-1]}")


def learn_of_changes(hub: Weir, name: str):
    """Has the hub look through its upstream, until it knows that a copy is behind."""
    ada = {"Authorization": f"Bearer {hub.tokens['ada']}"}
    hub.post(f"{API}/catalog:refresh", headers=ada)
    eventually(lambda: hub.get(f"{API}/catalog/huggingface/model/{name}", headers=ada).json()["local"]["status"] == "behind", 30)


def queue_jobs(hub: Weir):
    """Jobs that wait and that failed: states which in life take a day to come about."""
    now = int(time.time() * 1000)
    rows = [("queued", now + DAY, None), ("paused", now + DAY, None),
            ("failed", now, "The upstream 'huggingface' did not answer within 5 s.")]
    with sqlite3.connect(hub.data / "weir.db", timeout=30) as database:
        for index, (state, due, failure) in enumerate(rows):
            first = database.execute("SELECT COALESCE(MAX(id), 0) + 1 FROM jobs").fetchone()[0]
            values = {"id": first, "kind": "sync", "subject": f"model:Qwen/Qwen3-{index}B@main", "account": "org:acme",
                      "requested_by": "lin", "priority": 2, "payload": "{}", "state": state, "not_before": due,
                      "created_at": now - index * 3_600_000, "updated_at": now}
            if failure:
                values |= {"failure_code": "upstream-timeout", "failure": failure}
            database.execute(f"INSERT INTO jobs ({','.join(values)}) VALUES ({','.join('?' * len(values))})", list(values.values()))
    database.close()


@contextlib.contextmanager
def web_sample(folder: pathlib.Path):
    """Both servers, filled. The hub knows `models` by state, `tokens` by person, and `community`, what is above it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "community").mkdir()
    (folder / "hub").mkdir()
    with Weir(folder / "community") as community:
        fill_upstream(community, folder / "sources-above")
        document = mirror_document(
            "huggingface", [fast_upstream("huggingface", "weir", community.url)],
            cache={"ttl": {"ref": "100ms", "negative": "100ms"}},
            rules=[{"id": "legal-look", "match": {"repo": ["zoo/under-review"]}, "action": "review",
                    "message": "the legal desk decides about this licence"}],
            license={"deny": ["flag:non-commercial"]}, scan={"required": ["pickle", "safetensors"], "serveBeforeScan": False})
        with Weir(folder / "hub", [document]) as hub:
            hub.community = community
            # A new password ends the tokens there are, so it comes first.
            for name in ("ada", "bob", "lin", "carol"):
                make_user(hub, name, admin=name == "ada")
            hub.tokens = {"ada": hub.token("ada", "admin", admin=True), "bob": hub.token("bob", "write"),
                          "lin": hub.token("lin", "write"), "carol": hub.token("carol", "write")}
            hub.checked("org", "create", "acme", "--owner", "lin")
            hub.checked("org", "add", "acme", "bob", "--role", "reader")
            hub.checked("quota", "set", "acme", "--bytes", "2GB")
            fill_own(hub, folder / "sources-own")
            for name in ("Qwen/Qwen3-8B-Instruct", "audio/whisper-small-zh", f"zoo/{LONG_NAME}"):
                pull(hub, name)
            pull(hub, "shop/opinions", "data/train.csv", kind="datasets/")
            # The upstream moves on after it was copied.
            for text in ("Better on dialects.", "Smaller vocabulary."):
                (folder / "sources-above/audio/whisper-small-zh/NEWS.md").write_text(text + "\n")
                community.import_folder(folder / "sources-above/audio/whisper-small-zh", "model:audio/whisper-small-zh")
            learn_of_changes(hub, "audio/whisper-small-zh")
            pull(hub, "research/vision-tower", "README.md", status=403)
            pull(hub, "zoo/under-review", "README.md", status=403)
            pull(hub, "zoo/old-checkpoint", "pytorch_model.bin", status=403)
            hub.post(f"{API}/sync", json={"repo": "model:Qwen/Qwen3-8B-Instruct"},
                     headers={"Authorization": f"Bearer {hub.tokens['ada']}"})
            queue_jobs(hub)
            hub.models = {
                "mirrored": "Qwen/Qwen3-8B-Instruct", "behind": "audio/whisper-small-zh", "absent": "BAAI/bge-m3",
                "blocked": "research/vision-tower", "quarantined": "zoo/old-checkpoint", "review": "zoo/under-review",
                "long": f"zoo/{LONG_NAME}", "own": "acme/chat-zh", "private": "bob/experiment", "empty": "bob/empty",
                "hostile": "bob/hostile"}
            yield hub


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as home, web_sample(pathlib.Path(home)) as sample:
        print(f"{sample.url}  people: ada (administrator), lin, bob, carol; password: correct horse battery")
        with contextlib.suppress(KeyboardInterrupt):
            while True:
                time.sleep(60)
