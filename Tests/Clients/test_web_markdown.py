"""Documents, names and messages that people write, in a browser: formulas and diagrams are drawn, and nothing runs."""

import base64
import subprocess
import urllib.parse

import pytest
import requests

from support.browser import expect_clean, look, make_user
from support.weir import Weir

PIXEL = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
EVIL = "<img src=x onerror=alert(1)>"
EVIL_REF = "<img/src=x/onerror=alert(1)>"

ATTACKS = [
    "<script>alert(1)</script>", "<scr<script>ipt>alert(1)</script>", EVIL, "<img/src=x/onerror=alert(1)>",
    "<IMG SRC=x OnErRoR=alert(1)>", "<img src=`x`onerror=alert(1)>", "<svg onload=alert(1)>", "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href=javascript:alert(1)><text y=20>go</text></a></svg>", "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=x onerror=alert(1)&gt;\">",
    "<form><math><mtext></form><form><mglyph><style></math><img src=x onerror=alert(1)>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">", "<textarea><img title=\"</textarea><img src=x onerror=alert(1)>\">",
    "<style><img src=\"</style><img src=x onerror=alert(1)>\">", "<style>body{background:red url(http://127.0.0.2:9/x)}</style>",
    "<iframe src=javascript:alert(1)></iframe>", "<iframe srcdoc='<script>alert(1)</script>'></iframe>", "<object data=javascript:alert(1)></object>",
    "<embed src=javascript:alert(1)>", "<details open ontoggle=alert(1)>x</details>", "<video src=x onerror=alert(1)></video>",
    "<body onload=alert(1)>", "<input autofocus onfocus=alert(1)>", "<marquee onstart=alert(1)>x</marquee>", "<base href=http://127.0.0.2:9/>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>", "<link rel=stylesheet href=http://127.0.0.2:9/x.css>",
    "<a href=javascript:alert(1)>go</a>", "<a href='java&#9;script:alert(1)'>go</a>", "<a href=&#106;avascript:alert(1)>go</a>",
    "[go](javascript:alert(1))", "[go](java&Tab;script:alert(1))", "[go](&#x6A;avascript:alert(1))", "[go](data:text/html,<script>alert(1)</script>)",
    "[go]: javascript:alert(1)\n\n[go]", "<javascript:alert(1)>", "![x](http://127.0.0.2:9/x.png)", "![x](//127.0.0.2:9/x.png)", "![x](/\\127.0.0.2:9/x.png)",
    "<picture><source srcset=http://127.0.0.2:9/x><img src=//127.0.0.2:9/y></picture>", "![\" onerror=alert(1) \"](x)", "[x](a \"onclick=alert(1)\")",
    "`<script>alert(1)</script>`", "```html\n<script>alert(1)</script>\n```", "```\"><script>alert(1)</script>\nx\n```", "$$</span><script>alert(1)</script>$$",
    "$$\\href{javascript:alert(1)}{x}$$", "# \"><img src=x onerror=alert(1)>", "|<img src=x onerror=alert(1)>|\n|-|\n|<script>alert(1)</script>|",
    "<!--><img src=x onerror=alert(1)>-->", "<![CDATA[<script>alert(1)</script>]]>", "<div style='position:fixed;inset:0'>x</div>",
    "<div data-island=//127.0.0.2:9/x.mjs>x</div>", "<div hx-get=/logout hx-trigger=load>x</div>", "</div></main><script>alert(1)</script>",
    "```mermaid\ngraph TD\nA[\"<img src=x onerror=alert(1)>\"] --> B\nclick B \"javascript:alert(1)\"\n```", "<table background=javascript:alert(1)><tr><td>x",
]

CARD = """---
license: mit
---
# A model

Some *text* with $$E = mc^2$$ and \\\\(a_1 + b_2\\\\), costs $5 and $6. 这是**“重点”**内容。

## Use

```python
from transformers import pipeline
print(pipeline("fill-mask")("x"))  # well
```

#### Numbers

| Task | Score | Note |
|:-|-:|-|
| a | 1.25 | b |

> [!NOTE]
> Read this.

- [x] trained
- [ ] published

![inside](x.png) ![outside](https://img.shields.io/x.svg)

```mermaid
graph LR
  A[Base] --> B[Tuned]
```

<details><summary>More</summary>

Inside.

</details>
"""


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    home = tmp_path_factory.mktemp("markdown")
    with Weir(home / "hub") as weir:
        make_user(weir, "ada")
        token = weir.token("ada", "write")
        for name in ("card", "evil"):
            made = requests.post(f"{weir.url}/api/repos/create", json={"name": name}, headers={"Authorization": f"Bearer {token}"}, timeout=10)
            assert made.status_code == 200, made.text
        push(weir, home / "card", token, "card", {"README.md": CARD.encode(), "x.png": PIXEL}, "Describe the model")
        attacks = "\n\n".join(f"attack {number}\n\n{text}\n\n</div>" for number, text in enumerate(ATTACKS))
        files = {"README.md": f"---\nlicense: mit\ntags:\n- '{EVIL}'\n---\n{attacks}\n\nthe end\n".encode(), "x": PIXEL, f"{EVIL}.md": attacks.encode(),
                 f"{EVIL}.py": f"# {EVIL}\nx = '{EVIL}'\n".encode(), f"{EVIL}.json": b'{"<script>alert(1)</script>": "<script>alert(1)</script>"}'}
        weir.refs = push(weir, home / "evil", token, "evil", files, f"{EVIL}\n\n<script>alert(1)</script>", refs=True)
        yield weir


def push(weir, folder, token, name, files, message, refs=False):
    """Commits files and pushes them; with `refs`, also a branch and a tag of hostile names. Says which were taken."""
    folder.mkdir()

    def git(*arguments):
        return subprocess.run(["git", "-c", "user.name=" + (EVIL if refs else "Ada"), "-c", "user.email=a@b.c", *arguments], cwd=folder,
                              capture_output=True, text=True, timeout=60)

    git("init", "-q", "-b", "main")
    for path, content in files.items():
        (folder / path).write_bytes(content)
    git("add", "-A")
    assert git("commit", "-q", "-m", message).returncode == 0
    url = weir.url.replace("://", f"://ada:{token}@") + f"/ada/{name}"
    pushed = git("push", "-q", "--force", url, "main")
    assert pushed.returncode == 0, pushed.stderr
    taken = ["main"]
    if refs:
        git("tag", EVIL_REF)
        taken += [ref for ref in (f"HEAD:refs/heads/{EVIL_REF}", f"refs/tags/{EVIL_REF}") if git("push", "-q", url, ref).returncode == 0]
    return taken


def watched(hub_page, hub, **options):
    page = hub_page(hub, **options)
    page.on("dialog", lambda dialog: (page.problems.append(f"a dialog on {page.url}: {dialog.message}"), dialog.dismiss()))
    return page


def test_a_card_is_drawn_whole_and_everyone_can_read_it(hub, hub_page):
    for lang, theme, width in (("en", "light", 1280), ("zh", "dark", 390)):
        page = watched(hub_page, hub, lang=lang, theme=theme, width=width)
        page.goto("/models/ada/card")
        document = page.locator(".markdown")
        assert document.locator("h2#md-a-model").count() == 1 and document.locator("h3, h4").count() >= 2
        assert document.locator("strong", has_text="“重点”").count() == 1
        assert document.locator("a.md-external", has_text="outside").count() == 1
        assert document.locator("img").count() == 1
        if document.get_attribute("data-island"):
            page.wait_for_selector(".math[data-done] .katex")
            assert page.locator(".math[data-done]").count() == 2
        if page.locator(".md-diagram[data-island]").count():
            page.wait_for_selector("pre.mermaid", state="hidden")
            page.locator(".md-diagram").scroll_into_view_if_needed()
            frame = page.frame_locator(".md-diagram iframe")
            frame.locator("svg").wait_for()
            assert "Tuned" in frame.locator("body").inner_text()
            # The frame reaches nothing of the hub's.
            assert page.locator(".md-diagram iframe").get_attribute("sandbox") == "allow-scripts"
        expect_clean(page, lang)
        look(page, f"markdown-{lang}-{theme}-{width}")


def test_a_card_reads_without_scripts(hub, hub_page):
    page = watched(hub_page, hub, javascript=False)
    page.goto("/models/ada/card")
    assert "E = mc^2" in page.inner_text(".markdown") and "graph LR" in page.inner_text(".markdown")


def test_nothing_that_people_write_runs(hub, hub_page):
    page = watched(hub_page, hub)
    revision = "main"
    name = urllib.parse.quote(EVIL, safe="")
    for path in ("", f"/tree/{revision}", f"/blob/{revision}/README.md", f"/blob/{revision}/{name}.md", f"/blob/{revision}/{name}.py",
                 f"/blob/{revision}/{name}.json", f"/blame/{revision}/{name}.py", f"/commits/{revision}", "/branches",
                 f"/tree/{urllib.parse.quote(EVIL_REF, safe='')}" if len(hub.refs) > 1 else ""):
        answer = page.goto("/models/ada/evil" + path)
        assert answer.status < 500, (path, answer.status)
        found = page.evaluate("""() => {
            const main = document.querySelector("main"), out = [];
            for (const e of main.querySelectorAll("*")) for (const a of e.attributes) {
                if (a.name.startsWith("on") || a.name === "style" && !e.closest(".katex, [data-island]")) out.push(e.outerHTML.slice(0, 200));
                if (["href", "src", "action"].includes(a.name) && /^\\s*(javascript|data|vbscript):/i.test(a.value)) out.push(e.outerHTML.slice(0, 200));
            }
            for (const e of main.querySelectorAll(".markdown :is(script, style, svg:not(.icon):not(.katex svg), math:not(.katex math), object, embed, form, base, meta, link)"))
                out.push(e.outerHTML.slice(0, 200));
            return out;
        }""")
        assert not found, (path, found[:5])
    page.goto("/models/ada/evil")
    assert "the end" in page.inner_text(".markdown")
    # Every link that looks like one of theirs is pressed.
    for link in page.locator(".markdown a", has_text="go").all():
        link.click(no_wait_after=True)
    page.wait_for_timeout(300)
    assert page.url.split("#")[0].startswith(hub.url)
