"""git as a client, without anybody's configuration; and repositories made fast."""

import os
import pathlib
import random
import subprocess

from . import processors


def environment() -> dict:
    who = {f"GIT_{role}_{what}": f"bench{'@example.org' if what == 'EMAIL' else ''}"
           for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    return {**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0",
            "NO_PROXY": "*", **who}


def git(*arguments, cwd=None, data: bytes | None = None) -> str:
    done = subprocess.run([*processors.on(processors.CLIENT), "git", *map(str, arguments)], cwd=cwd, input=data,
                          capture_output=True, timeout=3600, env=environment())
    if done.returncode != 0:
        raise RuntimeError(f"git {' '.join(map(str, arguments))}: {done.stderr.decode(errors='replace')[-2000:]}")
    return done.stdout.decode().strip()


def history(folder: pathlib.Path, files: int, commits: int):
    """A bare repository of `files` small files, as configuration and annotations are, changed by `commits` commits."""
    git("init", "--quiet", "--bare", "-b", "main", folder)
    stream: list[bytes] = []

    def commit(number: int, changes: list[tuple[str, bytes]]):
        message = f"commit {number}".encode()
        stream.append(b"commit refs/heads/main\ncommitter bench <bench@example.org> %d +0000\ndata %d\n%s\n"
                      % (1_700_000_000 + number, len(message), message))
        for path, content in changes:
            stream.append(b"M 100644 inline %s\ndata %d\n%s\n" % (path.encode(), len(content), content))

    def content(number: int, version: int) -> bytes:
        text = random.Random(number * 1000 + version).randbytes(100 + number * 37 % 900).hex()
        return b'{"id": %d, "version": %d, "text": "%s"}\n' % (number, version, text.encode())

    def path(number: int) -> str:
        return f"part-{number // 1000:03}/{number // 100 % 10}/{number % 100:02}.json"

    card = b"---\nlicense: apache-2.0\n---\n# many\n"
    commit(0, [("README.md", card), *((path(number), content(number, 0)) for number in range(files - 1))])
    for step in range(1, commits):
        first = step * 9973
        commit(step, [(path(n % (files - 1)), content(n % (files - 1), step)) for n in range(first, first + 50)])
    git("--git-dir", folder, "fast-import", "--quiet", "--force", data=b"".join(stream))
    git("--git-dir", folder, "repack", "-adbq")
