"""What stands between Weir and a goal it misses: shown beside the number, and only while it is missed."""

# The beginning of a group and of a goal -> why, and what limits it physically.
REASONS = {
    ("warm", "CPU for each GiB"): "six sevenths of the CPU are `sendfile` itself; the rest is a turn of the event loop for each 2 MiB and, "
                                  "for many short streams, what each request costs before its first byte",
    ("warm", "throughput"): "as the CPU: client and server share two processors",
    ("cold", "first byte after the upstream's, nothing known"):
        "three questions to the upstream one after another, the licence and the files judged before a byte goes out, a pack "
        "indexed by git, and four durable transactions; a disk's sync is 1 to 10 ms of each",
    ("cold", "last first byte of sixteen"): "they wait for the one who asks about the unknown repository (the row above)",
    ("cold", "metadata calls"): "information, the pack of the commit and the address of the file are the least there is",
    ("crowd", "metadata calls"): "as for sixteen; those of the one who asks first",
    ("", "greatest peak of memory"): "a connection that is being answered holds some 40 KiB of buffers and tasks",
    ("limited", "of a 100 MiB/s upstream, one connection"): "what passes before the first byte counts in full on a short file",
    ("metadata", "info"): "nginx sends a file that is open already; each answer here is authorised, and made anew after any write",
    ("metadata", "tree"): "as information, of 20 entries that are JSON",
    ("metadata", "paths-info"): "as information; the body of the question is read and parsed",
    ("metadata", "resolve-head"): "as information, and decided by policy",
    ("upload", "basic"): "the bytes are received, written and synced besides: the kernel's copies cost as much as half the hashing",
    ("upload", "multipart"): "as basic, and parts are read once more to be put together",
    ("clone", "the server's part of a repeated clone"): "the answer is read from a file and sent; git's own cache of bitmaps is as quick "
                                                        "on small repositories",
    ("commits", "durable commits"): "2.2 ms of CPU each: four git objects and a statement made, hashed, signed and written to files of "
                                    "their own. Four processors' worth for 2,000 a second, where there are two",
    ("resting", "memory at rest"): "a third is its own; the rest is the mapped text of the program and of its libraries, which others "
                                   "share and the kernel takes back at need",
    ("resting", "start"): "0.4 s of CPU: linking the libraries, the schema, keys",
    ("catalogue", "idle"): "the text of the program (66 MiB, mapped), and 0.6 KiB for each repository, by which lists take milliseconds",
    ("catalogue", "scale"): "a constant part weighs on the small sizes, and memories that are outgrown on the large ones",
    ("catalogue", "search"): "each word is looked for in all names; what fits is judged one by one by who may see it",
    ("catalogue", "REST search"): "as searches of the website",
    ("catalogue", "palette"): "as searches; a letter or two fit nearly everything",
}


def reason(goal: dict) -> str:
    """Why a goal is missed; empty when nothing is known, or it is met."""
    if goal["met"] is not False:
        return ""
    fitting = [key for key in REASONS if key[0] == goal["group"] and goal["goal"].startswith(key[1])]
    return REASONS[max(fitting, key=lambda key: len(key[1]))] if fitting else ""
