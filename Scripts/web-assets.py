"""Takes out of packages the files that the website uses, makes them small, and lists them in manifest.json.

    web-assets.py all WHEELS OUT VERSIONS   everything but the icons; leaves WHEELS/lucide.zip
    web-assets.py icons LUCIDE.ZIP OUT      the sprite of the icons that the sources name
"""

import gzip
import hashlib
import json
import pathlib
import re
import subprocess
import sys
import zipfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
# Latin letters, punctuation and the few arrows and signs that pages use; everything else comes from the system.
CHARACTERS = "U+0000-00FF,U+0131,U+0152-0153,U+2000-206F,U+20AC,U+2122,U+2190-2193,U+2212,U+2318"
TRUETYPE = pathlib.Path("/usr/share/fonts/truetype")
FONTS = {
    "inter": TRUETYPE / "inter-vf/Inter-roman.var.ttf",
    "mono": TRUETYPE / "jetbrains-mono/JetBrainsMono-Regular.ttf",
    "mono-bold": TRUETYPE / "jetbrains-mono/JetBrainsMono-Bold.ttf",
}
KATEX = pathlib.Path("/usr/share/javascript/katex")
DEBIAN_LICENCES = {"katex": "libjs-katex", "inter": "fonts-inter-variable", "jetbrains-mono": "fonts-jetbrains-mono"}
# Names that Lucide gave up, which people still know.
FORMER = {"circle-help": "circle-question-mark", "alert-triangle": "triangle-alert", "check-circle": "circle-check-big",
          "x-circle": "circle-x", "alert-circle": "circle-alert", "edit": "square-pen", "home": "house"}
TEXTS = {".js", ".css", ".svg"}
SHAPES = {"path", "circle", "rect", "line", "polyline", "polygon", "ellipse"}


def wheel(folder: pathlib.Path, name: str) -> zipfile.ZipFile:
    return zipfile.ZipFile(next(folder.glob(f"{name}-*.whl")))


def write(path: pathlib.Path, content: bytes):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    if path.suffix in TEXTS:
        # Sent as it is to browsers that take it, so that no server packs it again.
        path.with_name(path.name + ".gz").write_bytes(gzip.compress(content, 9, mtime=0))


def take_folder(archive: zipfile.ZipFile, folder: str, out: pathlib.Path):
    for name in archive.namelist():
        # Maps are for those who mend the libraries themselves.
        if name.startswith(folder) and not name.endswith(("/", ".map")):
            write(out / name.removeprefix(folder), archive.read(name))


def take_wheels(wheels: pathlib.Path, out: pathlib.Path):
    with wheel(wheels, "django_htmx") as archive:
        scripts = "django_htmx/static/django_htmx"
        write(out / "htmx/htmx.min.js", archive.read(f"{scripts}/htmx-2.min.js"))
        write(out / "htmx/sse.js", archive.read(f"{scripts}/ext/hx-sse-2.min.js"))
        write(out / "licences/htmx.txt", archive.read("django_htmx-1.29.0.dist-info/licenses/LICENSE"))
    with wheel(wheels, "nicegui") as archive:
        for part in ("codemirror", "mermaid"):
            take_folder(archive, f"nicegui/elements/{part}/dist/", out / part)
        write(out / "licences/codemirror-mermaid.txt", archive.read("nicegui-3.18.0.dist-info/licenses/LICENSE"))
    with wheel(wheels, "lucide") as archive:
        write(wheels / "lucide.zip", archive.read("lucide/lucide.zip"))
        write(out / "licences/lucide.txt", archive.read("lucide-1.1.4.dist-info/licenses/LICENSE"))


def take_katex(out: pathlib.Path):
    if not KATEX.exists():
        print("assets: KaTeX is not installed; formulas stay TeX")
        return
    write(out / "katex/katex.js", (KATEX / "katex.js").read_bytes())
    css = (KATEX / "katex.min.css").read_text()
    # One form of each font is enough: every browser that runs the site's scripts reads it.
    css = re.sub(r",url\([^)]*\.(?:woff|ttf)\) format\([^)]*\)", "", css)
    names = sorted(set(re.findall(r"url\(fonts/([\w-]+\.woff2)\)", css)))
    assert names and "fonts/" in css and ".ttf" not in css, "katex.min.css is not what it was"
    write(out / "katex/katex.css", css.encode())
    for name in names:
        write(out / "katex/fonts" / name, (TRUETYPE / "katex" / name).read_bytes())


def take_fonts(out: pathlib.Path):
    (out / "fonts").mkdir(parents=True, exist_ok=True)
    for name, source in FONTS.items():
        if not source.exists():
            print(f"assets: {source} is not installed; the system's font is used")
            continue
        subprocess.run(
            [sys.executable, "-m", "fontTools.subset", str(source), f"--unicodes={CHARACTERS}", "--layout-features=*",
             "--flavor=woff2", f"--output-file={out / 'fonts' / name}.woff2"], check=True)


def take_licences(out: pathlib.Path, versions: str):
    for name, package in DEBIAN_LICENCES.items():
        source = pathlib.Path("/usr/share/doc") / package / "copyright"
        if source.exists():
            write(out / f"licences/{name}.txt", source.read_bytes())
    write(out / "licences/NOTICE.txt", f"""The website is served with works of others, taken unchanged from these packages unless said.

htmx 2 and its extension for server-sent events   django-htmx 1.29.0 (htmx.txt; htmx itself: 0BSD)
CodeMirror 6, Mermaid 11                          nicegui 3.18.0 (codemirror-mermaid.txt; both MIT)
Lucide icons, those used, as one sprite           lucide 1.1.4 (lucide.txt; ISC and MIT)
KaTeX and its fonts                               libjs-katex, fonts-katex (katex.txt; MIT, fonts OFL)
Inter, fewer characters, as woff2                 fonts-inter-variable (inter.txt; OFL 1.1)
JetBrains Mono, fewer characters, as woff2        fonts-jetbrains-mono (jetbrains-mono.txt; OFL 1.1)

{versions}""".encode())


def named_icons() -> tuple[set[str], set[str]]:
    """Icons that the sources surely name, and words in them that may name one."""
    sure = {line.strip() for line in (ROOT / "Scripts/web-icons.txt").read_text().splitlines()
            if line.strip() and not line.startswith("#")}
    perhaps: set[str] = set()
    for folder in ("Sources/WebPages", "Sources/HubServer/Web"):
        for path in (ROOT / folder).rglob("*.swift"):
            text = path.read_text()
            for call in re.findall(r"Icon\.view\(([^()]*)\)|\bicon: ([^,)\n]*)", text):
                sure |= {word for part in call for word in re.findall(r'"([a-z0-9-]+)"', part)}
            perhaps |= set(re.findall(r'"([a-z][a-z0-9]*(?:-[a-z0-9]+)*)"', text))
    for path in (ROOT / "Sources/WebAssets/Files").glob("*.mjs"):
        sure |= set(re.findall(r"icons\.svg#([a-z0-9-]+)", path.read_text()))
    return sure, perhaps


def make_sprite(lucide: pathlib.Path, out: pathlib.Path):
    sure, perhaps = named_icons()
    symbols, missing = [], []
    with zipfile.ZipFile(lucide) as archive:
        files = {pathlib.PurePosixPath(name).stem: name for name in archive.namelist() if name.endswith(".svg")}
        files |= {old: files[new] for old, new in FORMER.items() if old not in files and new in files}
        missing = sorted(sure - files.keys())
        # A word may be an icon's name by chance; only names with a dash are rarely anything else.
        for name in sorted((sure & files.keys()) | {word for word in perhaps & files.keys() if "-" in word}):
            text = archive.read(files[name]).decode()
            inner = re.search(r"<svg[^>]*>(.*)</svg>", text, re.S).group(1)
            tags = set(re.findall(r"<\s*([\w:!?-]+)", inner))
            assert tags <= SHAPES, f"{name}: {tags - SHAPES}"
            assert not re.search(r"\bon\w+=|href|style=", inner), name
            shapes = " ".join(inner.split())
            symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{shapes}</symbol>')
    write(out / "icons.svg", ('<svg xmlns="http://www.w3.org/2000/svg">' + "\n".join(symbols) + "</svg>\n").encode())
    write_manifest(out)
    print(f"assets: {len(symbols)} icons")
    if missing:
        # Nothing is drawn there; the tests in a browser say on which page.
        print(f"assets: Lucide has no icon named {', '.join(missing)}", file=sys.stderr)


def write_manifest(out: pathlib.Path):
    files = {str(path.relative_to(out)): hashlib.sha256(path.read_bytes()).hexdigest()
             for path in sorted(out.rglob("*")) if path.is_file() and path.name != "manifest.json"}
    write(out / "manifest.json", (json.dumps(files, indent=0) + "\n").encode())


if __name__ == "__main__":
    verb, source, out = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    if verb == "all":
        take_wheels(source, out)
        take_katex(out)
        take_fonts(out)
        take_licences(out, pathlib.Path(sys.argv[4]).read_text())
        size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
        print(f"assets: {size / 1e6:.1f} MB without icons")
    else:
        make_sprite(source, out)
