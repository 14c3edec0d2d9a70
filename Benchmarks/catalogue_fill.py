"""Invented repositories, written into a hub's database as commits would write them; bytes there are none.

Triggers stay on, so that what they keep is what a hub would have kept. Words and tags follow Zipf's law: some stand in
half of all READMEs, most in a handful.
"""

import bisect
import itertools
import json
import pathlib
import random
import sqlite3
import time

TASKS = ["text-generation", "text-classification", "translation", "summarization", "text-to-image",
         "feature-extraction", "automatic-speech-recognition", "image-classification", "question-answering"]
LIBRARIES = ["transformers", "diffusers", "gguf", "sentence-transformers", "peft", "onnx"]
LICENSES = ["apache-2.0", "mit", "cc-by-nc-4.0", "llama3", "gpl-3.0", "openrail", "other"]
LANGUAGES = ["en", "zh", "fr", "de", "ja", "es", "ru", "ar", "ko"]
WORDS = ["qwen", "llama", "mistral", "bert", "whisper", "tiny", "large", "base", "instruct", "chat", "vision", "code",
         "math", "medical", "legal", "embed", "rerank", "quantized", "distilled", "finetuned"]
VOCABULARY = WORDS + [f"word{number}" for number in range(5_000)]
TAGS = 5_000
BATCH = 10_000


class Zipf:
    """Numbers from 0, the small ones often."""

    def __init__(self, chance: random.Random, count: int, skew: float):
        self.chance = chance
        self.steps = list(itertools.accumulate(1 / (number + 1) ** skew for number in range(count)))

    def draw(self) -> int:
        return bisect.bisect(self.steps, self.chance.random() * self.steps[-1])


def fill(path: pathlib.Path, count: int, reader: str | None = None):
    """Writes `count` repositories: every fifth a dataset, every tenth from an upstream, every twentieth private.

    - reader: an account that owns some, is in organisations that own some, and is granted others."""
    chance = random.Random(1)
    tag, word = Zipf(chance, TAGS, 1.05), Zipf(chance, len(VOCABULARY), 0.95)
    base = sqlite3.connect(path)
    base.execute("PRAGMA synchronous = OFF")
    base.execute("PRAGMA cache_size = -400000")
    now = int(time.time() * 1000)
    owners = [f"owner-{number}" for number in range(count // 50 + 1)]
    base.executemany("INSERT OR IGNORE INTO namespaces (name_key, name, origin, created_at) VALUES (?, ?, 'local', ?)",
                     [(owner, owner, now) for owner in owners])
    user = base.execute("SELECT id FROM users WHERE name_key = ?", (reader,)).fetchone() if reader else None
    for number, owner in enumerate(owners[::2]):
        base.execute("INSERT INTO organisations (id, name, name_key, full_name, created_at) VALUES (?,?,?,?,?)",
                     (500_000 + number, owner, owner, owner, now))
        if user and number < 20:
            base.execute("INSERT INTO memberships (organisation_id, user_id, role, created_at) VALUES (?,?,1,?)",
                         (500_000 + number, user[0], now))
    for start in range(0, count, BATCH):
        _write(base, chance, tag, word, owners, range(start, min(count, start + BATCH)), now)
    if user:
        closed = base.execute("SELECT id FROM repositories WHERE visibility = 'private' ORDER BY id LIMIT 200")
        base.executemany(
            "INSERT INTO grants (id, subject, subject_id, repository_id, role, effect, created_by, created_at) "
            "VALUES (?, 'user', ?, ?, 1, 'allow', 'root', ?)",
            [(700_000 + number, user[0], key, now) for number, (key,) in enumerate(closed.fetchall())])
    base.commit()
    base.execute("INSERT INTO repository_search (repository_search) VALUES ('optimize')")
    base.commit()
    base.close()


def _write(base, chance, tag, word, owners, numbers, now):
    rows, facets, texts, states, acquired = [], [], [], [], []
    for number in numbers:
        key = 1_000_000_000 + number
        kind = "dataset" if number % 5 == 4 else "model"
        owner = chance.choice(owners)
        name = "-".join(chance.sample(WORDS, 3)) + f"-{number}"
        visibility = "private" if number % 20 == 7 else "internal" if number % 50 == 11 else "public"
        task, library, license = chance.choice(TASKS), chance.choice(LIBRARIES), chance.choice(LICENSES)
        languages = chance.sample(LANGUAGES, chance.randint(1, 3))
        tags = sorted({f"tag-{tag.draw()}" for _ in range(5)})
        if kind == "dataset":
            card = {"license": license, "task_categories": [task], "language": languages, "tags": tags}
            said = [(f"task_categories:{task}", "task_categories", task), (f"license:{license}", "license", license),
                    *((f"language:{each}", "language", each) for each in languages)]
        else:
            card = {"license": license, "pipeline_tag": task, "library_name": library, "language": languages,
                    "tags": tags}
            said = [(library, "library", library), (task, "pipeline_tag", task),
                    *((each, "language", each) for each in languages),
                    (f"license:{license}", "license", license)]
        said += [(each, "other", each) for each in tags]
        updated = now - chance.randint(0, 90_000_000) * 100
        mirror = ("hf", "hf", f"{owner}/{name}", f"{owner}/{name}") if number % 10 == 3 else (None,) * 4
        rows.append((key, kind, owner, owner, name, name, visibility, "mirror" if mirror[0] else "local", *mirror,
                     "main", json.dumps(card), json.dumps([each[0] for each in said]),
                     updated - chance.randint(0, 10 ** 9), updated, chance.randint(0, 10 ** 6),
                     chance.randint(0, 10 ** 4), int(10 ** chance.uniform(6, 11.5))))
        facets += [(key, each, each, facet, content) for each, facet, content in said]
        body = " ".join(VOCABULARY[word.draw()] for _ in range(60))
        texts.append((key, f"{owner} {name}".replace("-", " "),
                      " ".join(each[0] for each in said).replace("-", " ").replace(":", " "), "", body))
        states.append((key, 1))
        if mirror[0] and number % 20 == 3:
            acquired.append((key, f"{number:040x}", now))
    base.executemany(
        "INSERT INTO repositories (id, kind, namespace, namespace_key, name, name_key, visibility, origin, mirror, "
        "upstream, upstream_path, upstream_key, default_branch, card, tags, created_at, updated_at, downloads, likes, "
        "git_bytes) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)", rows)
    base.executemany("INSERT OR IGNORE INTO repository_facets (repository_id, tag_key, tag, facet, content) "
                     "VALUES (?,?,?,?,?)", facets)
    base.executemany("INSERT OR REPLACE INTO repository_search (rowid, name, tags, description, body) "
                     "VALUES (?,?,?,?,?)", texts)
    base.executemany("INSERT OR IGNORE INTO card_states (repository_id, reader) VALUES (?,?)", states)
    base.executemany("INSERT INTO acquired_commits (repository_id, commit_id, has_history, acquired_at) "
                     "VALUES (?,?,0,?)", acquired)
    base.commit()


def fill_files(path: pathlib.Path, rows: int):
    """Links each invented repository to as many large files as make `rows` in all, each stored once and scanned."""
    base = sqlite3.connect(path)
    base.execute("PRAGMA synchronous = OFF")
    base.execute("PRAGMA cache_size = -800000")
    base.execute("PRAGMA temp_store_directory = '" + str(path.parent) + "'")
    repositories = base.execute("SELECT COUNT(*) FROM repositories WHERE id >= 1000000000").fetchone()[0]
    each = max(1, rows // max(1, repositories))
    # The index over all digests is made at the end: put in one by one, every row is another page of a large file.
    base.execute("DROP INDEX links_sha256")
    for start in range(0, repositories, 5_000):
        base.execute(
            """
            WITH RECURSIVE file (number) AS (SELECT 0 UNION ALL SELECT number + 1 FROM file WHERE number + 1 < ?),
            made AS MATERIALIZED (
                SELECT r.id AS id, lower(hex(randomblob(32))) AS digest, abs(random()) % 1000000000 AS size
                FROM repositories r CROSS JOIN file WHERE r.id >= 1000000000 + ? AND r.id < 1000000000 + ?)
            INSERT INTO links (repository_id, sha256, size, path, is_proved)
            SELECT id, digest, size, 'weights/' || substr(digest, 1, 8) || '.safetensors', 1 FROM made
            ORDER BY id, digest
            """, (each, start, start + 5_000))
        base.commit()
    base.execute("CREATE INDEX links_sha256 ON links (sha256)")
    base.execute("INSERT OR IGNORE INTO blobs (sha256, size, stored_at) SELECT sha256, size, 0 FROM links "
                 "ORDER BY sha256")
    base.commit()
    # A hub that has been running for a while has scanned what it has.
    version, verdict, findings = base.execute(
        "SELECT version, verdict, findings FROM scans WHERE scanner = 'weir' ORDER BY verdict LIMIT 1").fetchone()
    base.execute(
        "INSERT OR IGNORE INTO scans (sha256, scanner, version, size, format, verdict, findings, scanned_at, milliseconds) "
        "SELECT sha256, 'weir', ?, size, 'safetensors', ?, ?, 0, 1 FROM blobs ORDER BY sha256", (version, verdict, findings))
    base.commit()
    base.close()
