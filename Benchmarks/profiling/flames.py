"""Stacks that perf saw, folded, told as text, and drawn as a flame graph: no tool beside perf and this file."""

import collections
import html
import subprocess

WIDTH, LINE = 1400, 17


def folded(script: str) -> collections.Counter:
    """`perf script` -> how often each stack, outermost frame first, was seen."""
    found, stack = collections.Counter(), []
    for line in script.splitlines() + [""]:
        if not line.strip():
            if stack:
                found[tuple(reversed(stack))] += 1
            stack = []
        elif line[0] in " \t":
            # "  55d0c0  symbol+0x12 (/path/to/binary)"
            words = line.strip().split(" ", 1)
            name = words[1].rsplit(" (", 1)[0].rsplit("+0x", 1)[0] if len(words) > 1 else words[0]
            stack.append(name or "[unknown]")
    return found


def readable(stacks: collections.Counter) -> collections.Counter:
    """With Swift's names in words."""
    names = sorted({frame for stack in stacks for frame in stack})
    try:
        done = subprocess.run(["swift", "demangle", "--compact", "--simplified"], input="\n".join(names), text=True,
                              capture_output=True, timeout=120)
        words = dict(zip(names, done.stdout.splitlines())) if done.returncode == 0 else {}
    except OSError:
        words = {}
    told = collections.Counter()
    for stack, count in stacks.items():
        told[tuple(words.get(frame, frame)[:160] for frame in stack)] += count
    return told


def text(stacks: collections.Counter, top: int = 40) -> str:
    """Functions by the time in themselves, and by the time in them and all they call."""
    total = sum(stacks.values()) or 1
    own, whole = collections.Counter(), collections.Counter()
    for stack, count in stacks.items():
        own[stack[-1]] += count
        for frame in set(stack):
            whole[frame] += count
    lines = [f"{total} samples", "", "in themselves"]
    lines += [f"{count / total * 100:6.2f} %  {frame}" for frame, count in own.most_common(top)]
    lines += ["", "with all they call"]
    lines += [f"{count / total * 100:6.2f} %  {frame}" for frame, count in whole.most_common(top * 2)]
    return "\n".join(lines) + "\n"


def drawn(stacks: collections.Counter, title: str) -> str:
    """An SVG: a frame's width is its share of the samples, its children stand above it."""
    total = sum(stacks.values()) or 1
    root: dict = {"count": 0, "children": {}}
    for stack, count in stacks.items():
        node = root
        node["count"] += count
        for frame in stack:
            node = node["children"].setdefault(frame, {"count": 0, "children": {}})
            node["count"] += count
    boxes, deepest = [], 0

    def place(node: dict, left: float, level: int):
        nonlocal deepest
        for name, child in sorted(node["children"].items()):
            width = child["count"] / total * WIDTH
            if width >= 0.5:
                deepest = max(deepest, level)
                boxes.append((left, level, width, name, child["count"]))
                place(child, left, level + 1)
            left += width

    place(root, 0, 0)
    height = (deepest + 3) * LINE
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" font-family="monospace" font-size="11">',
             f'<text x="4" y="13">{html.escape(title)}</text>']
    for left, level, width, name, count in boxes:
        top, hue = height - (level + 1) * LINE, sum(name.encode()) % 50
        shown = html.escape(name[:int(width / 6.7)]) if width > 20 else ""
        parts.append(f'<g><title>{html.escape(name)} {count / total * 100:.2f} %</title><rect x="{left:.1f}" y="{top}" '
                     f'width="{width:.1f}" height="{LINE - 1}" fill="hsl({hue},80%,65%)"/>'
                     f'<text x="{left + 2:.1f}" y="{top + 12}">{shown}</text></g>')
    return "\n".join([*parts, "</svg>"]) + "\n"
