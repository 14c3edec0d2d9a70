"""A small disk of a test's own."""

import contextlib
import os
import pathlib
import subprocess

import pytest


@contextlib.contextmanager
def small_disk(folder: pathlib.Path, size: str):
    """Mounts an empty file system of `size`, such as `96m`, at `folder`; skips the test where that is not possible."""
    if os.geteuid() != 0:
        pytest.skip("mounting a small disk needs root")
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "weir-test", folder]).returncode != 0:
        pytest.skip("this container may not mount")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)
