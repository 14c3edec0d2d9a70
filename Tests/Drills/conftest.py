"""The long tests share everything with the client tests but their patience."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "Clients"))

from support.fixtures import *  # noqa: E402,F401,F403
