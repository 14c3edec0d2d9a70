"""What stands between Weir and a goal it misses: shown beside the number, and only while it is missed."""

WORDS = "SQLite's index of words tells of each repository that holds one, here of up to 100,000: 43 % of the CPU by profile"

# The beginning of a group and of a goal -> why, and what limits it physically. Only what a profile or an account of time
# has shown stands here; docs/performance.md tells of each.
REASONS = {
    ("warm", "CPU for each GiB"):
        "nine tenths of the CPU are `sendfile` itself (by profile, eight streams); the rest is the event loop's turns",
    ("warm", "throughput"):
        "the server has one processor, and what a GiB costs it decides how fast it goes: nine tenths are `sendfile` itself (by "
        "profile, eight streams), the rest is the event loop's turns",
    ("cold", "first byte after the upstream's, nothing known"):
        "half of it passes before the file is asked for: three questions to the upstream one after another, a pack indexed by git "
        "in a process, four durable transactions; then the download's own work holds the server's only processor (by profile)",
    ("cold", "last first byte of sixteen"): "they wait for the one who asks about the unknown repository",
    ("", "greatest peak of memory"):
        "a thousand clients of one cold file: some 60 KB each while they wait for its first byte (by heap profile), beside 66 MiB "
        "of mapped text and what four connections received; nginx's slice cache has its peak there too, in the table",
    ("metadata", "tree: answers a second (and for each CPU second), of Olah"):
        "Olah gives that answer from a file, in 0.35 ms of CPU: a twentieth of it is what nginx needs for a file on the disk",
    ("limited", "of a 100 MiB/s upstream, one connection"):
        "0.04 of some 0.6 s that are lost in eleven pass before the first byte; what the others are was not looked into",
    ("upload", "basic: CPU"):
        "a fifth is the search for signatures in what came, a fifth copies bytes from the socket and into the page cache (by profile)",
    ("upload", "multipart: CPU"): "a sixth is the search for signatures in what came, a sixth copies bytes (by profile)",
    ("commits", "durable commits"):
        "2.2 ms of CPU each, more than a third of it system calls: four git objects in files of their own. On two processors "
        "that is 900 a second at most",
    ("resting", "memory at rest"):
        "a fifth is its own; the rest is the mapped text of the program and of its libraries, which the kernel takes back at need",
    ("catalogue", "idle"): "66 MiB are mapped text of the program and its libraries; 0.6 KiB for each repository are the lists in memory",
    ("catalogue", "home ada"):
        "until all repositories have been gathered once after a start, a page of somebody signed in waits 300 ms for what is "
        "recommended to him",
    ("catalogue", "search"): WORDS,
    ("catalogue", "REST search"): WORDS,
    ("catalogue", "palette"): WORDS,
}


def reason(goal: dict) -> str:
    """Why a goal is missed; empty when nothing is known, or it is met."""
    if goal["met"] is not False:
        return ""
    fitting = [key for key in REASONS if key[0] == goal["group"] and goal["goal"].startswith(key[1])]
    return REASONS[max(fitting, key=lambda key: len(key[1]))] if fitting else ""
