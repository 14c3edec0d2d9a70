"""The unmodified clients, each in its own home folder and process, with a time limit."""

import dataclasses
import json
import os
import pathlib
import subprocess
import textwrap

from .weir import ROOT

HUB_VERSIONS = {"0.36.2": "hf036", "1.33.0": "hf133", "2.4.0": "hf240"}
_RESULT = "@@result "


@dataclasses.dataclass
class Output:
    """What a client said; `text` is both streams, because clients differ in where they print a refusal."""

    returncode: int
    stdout: str
    stderr: str

    @property
    def text(self) -> str:
        return self.stdout + self.stderr

    @property
    def ok(self) -> bool:
        return self.returncode == 0

    def checked(self) -> "Output":
        assert self.ok, f"exit {self.returncode}\n{self.text[-6000:]}"
        return self


def _environment(home: pathlib.Path, more: dict) -> dict:
    home.mkdir(parents=True, exist_ok=True)
    base = {
        "PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8", "NO_COLOR": "1", "TERM": "dumb",
        "PYTHONDONTWRITEBYTECODE": "1", "COLUMNS": "400", "TMPDIR": os.environ.get("TMPDIR", "/tmp"),
    }
    return {**base, **{k: str(v) for k, v in more.items() if v is not None}}


def _run(arguments: list[str], environment: dict, cwd: pathlib.Path | None, timeout: float) -> Output:
    try:
        done = subprocess.run(arguments, capture_output=True, text=True, errors="replace", env=environment, cwd=cwd,
                              timeout=timeout, stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired as late:
        said = "".join((s.decode(errors="replace") if isinstance(s, bytes) else s or "")[-3000:]
                       for s in (late.stdout, late.stderr))
        raise AssertionError(f"{arguments[:6]} took more than {timeout} s:\n{said}") from None
    return Output(done.returncode, done.stdout, done.stderr)


class PythonClient:
    """A virtual environment with one version of a client library."""

    def __init__(self, environment_name: str, home: pathlib.Path, **variables):
        self.folder = ROOT / ".venv" / environment_name
        self.home = pathlib.Path(home)
        self.variables = variables
        # Runs the client inside something, such as the network namespace of a server.
        self.prefix: list[str] = []

    def environment(self, **more) -> dict:
        return _environment(self.home, {**self.variables, **more})

    def cli(self, program: str, *arguments, timeout: float = 90, cwd=None, **more) -> Output:
        # Through the interpreter: a script's first line names the folder it was installed to, not where it is now.
        interpreter, script = self.folder / "bin/python", self.folder / "bin" / program
        return _run([*self.prefix, str(interpreter), str(script), *map(str, arguments)], self.environment(**more),
                    cwd, timeout)

    def run(self, code: str, *arguments, timeout: float = 120, cwd=None, **more) -> Output:
        """Runs `code` with `args` as its list of strings and `result(value)` to hand a JSON value back."""
        program = ("import json, sys\nargs = sys.argv[1:]\n"
                   f"def result(value): print({_RESULT!r} + json.dumps(value), flush=True)\n" + textwrap.dedent(code))
        return _run([*self.prefix, str(self.folder / "bin/python"), "-c", program, *map(str, arguments)],
                    self.environment(**more), cwd, timeout)

    def value(self, code: str, *arguments, **options):
        """What `code` passed to `result`; fails with the client's own output when it did not get there."""
        output = self.run(code, *arguments, **options)
        lines = [line for line in output.stdout.splitlines() if line.startswith(_RESULT)]
        assert output.ok and lines, f"exit {output.returncode}\n{output.text[-6000:]}"
        return json.loads(lines[-1][len(_RESULT):])


def hub_client(version: str, home: pathlib.Path, endpoint: str, token: str | None = None, **more) -> PythonClient:
    """huggingface_hub of `version` with an empty cache below `home`."""
    return PythonClient(
        HUB_VERSIONS[version], home, HF_ENDPOINT=endpoint, HF_HOME=home / "hf", HF_TOKEN=token,
        HF_HUB_DISABLE_TELEMETRY="1", HF_HUB_DISABLE_PROGRESS_BARS="1",
        HF_HUB_DOWNLOAD_TIMEOUT="20", HF_HUB_ETAG_TIMEOUT="20", DO_NOT_TRACK="1", **more)


def csghub_client(home: pathlib.Path, domain: str, token: str | None = None, **more) -> PythonClient:
    return PythonClient("csg", home, CSGHUB_DOMAIN=domain, CSGHUB_TOKEN=token, CSGHUB_HOME=home, HF_HOME=home / "hf",
                        HF_HUB_DISABLE_TELEMETRY="1", HF_HUB_DISABLE_PROGRESS_BARS="1", DO_NOT_TRACK="1", **more)


class Git:
    """git and git-lfs with their own configuration, never the developer's."""

    def __init__(self, home: pathlib.Path, **variables):
        self.home = pathlib.Path(home)
        self.home.mkdir(parents=True, exist_ok=True)
        configuration = self.home / "gitconfig"
        if not configuration.exists():
            configuration.write_text(textwrap.dedent("""\
                [user]
                    name = Weir Test
                    email = test@example.org
                [init]
                    defaultBranch = main
                [protocol]
                    version = 2
                [advice]
                    detachedHead = false
                [filter "lfs"]
                    clean = git-lfs clean -- %f
                    smudge = git-lfs smudge -- %f
                    process = git-lfs filter-process
                    required = true
                """))
        self.variables = {
            "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": configuration, "GIT_TERMINAL_PROMPT": "0",
            "GIT_AUTHOR_DATE": "2026-01-02T03:04:05Z", "GIT_COMMITTER_DATE": "2026-01-02T03:04:05Z",
            "GIT_ASKPASS": "/bin/false", **variables}
        self.prefix: list[str] = []

    def try_run(self, *arguments, cwd=None, timeout: float = 90, **more) -> Output:
        environment = _environment(self.home, {**self.variables, **more})
        return _run([*self.prefix, "git", *map(str, arguments)], environment, cwd, timeout)

    def run(self, *arguments, cwd=None, **more) -> str:
        output = self.try_run(*arguments, cwd=cwd, **more)
        assert output.ok, f"git {arguments}: exit {output.returncode}\n{output.text[-6000:]}"
        return output.stdout.strip()

    def refs(self, url: str, **more) -> dict[str, str]:
        """`{ref: commit}` as the remote advertises them."""
        lines = self.run("ls-remote", url, **more).splitlines()
        return {name: commit for commit, name in (line.split("\t") for line in lines)}


def curl(*arguments, prefix=(), timeout: float = 120) -> Output:
    return _run([*prefix, "curl", "--silent", "--show-error", "--noproxy", "*", *map(str, arguments)],
                _environment(pathlib.Path("/tmp"), {}), None, timeout)
