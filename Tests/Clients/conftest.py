"""Real, unmodified clients against the release binary (WEIR_BIN, or .build/release/weir)."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from support.fixtures import *  # noqa: E402,F401,F403
from support.browser import *  # noqa: E402,F401,F403
