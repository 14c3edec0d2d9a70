"""What is raced: a module for each group, a function `run(options, ledger, home)` in each.

The order is that of the report. A name is what `--scenarios` takes.
"""

from . import (again, catalogue, clone, cold, commits, crowd, dead, lfs_batch, limited, metadata, push, resting, sync,
               upload, warm)

GROUPS = {"warm": warm, "cold": cold, "crowd": crowd, "limited": limited, "again": again, "dead": dead,
          "metadata": metadata, "catalogue": catalogue, "lfs-batch": lfs_batch, "upload": upload, "clone": clone,
          "push": push, "commits": commits, "sync": sync, "resting": resting}
