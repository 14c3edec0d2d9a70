"""giftless, an LFS server, with files on the disk, under gunicorn: two processes of four threads."""

import pathlib

from ..ledger import Skip
from ..paths import python_of
from ..processes import Server


def giftless(home: pathlib.Path, port: int) -> Server:
    python = python_of("giftless")
    if not python.exists():
        raise Skip("giftless is not installed; `make bench` does it")
    home.mkdir(parents=True, exist_ok=True)
    settings = ("{AUTH_PROVIDERS: ['giftless.auth.allow_anon:read_write'], LEGACY_ENDPOINTS: false,"
                f" TRANSFER_ADAPTERS: {{basic: {{options: {{storage_options: {{path: {home}/lfs}}}}}}}}}}")
    return Server([python, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--workers", 2, "--threads", 4,
                   "--timeout", 300, "--log-level", "critical", "giftless.wsgi_entrypoint:app"], port,
                  environment={"GIFTLESS_CONFIG_STR": settings}, cwd=home, log=home / "giftless.log")
