"""git packs made by hand, for what git itself would never send."""

import hashlib
import struct
import zlib

COMMIT, TREE, BLOB, TAG, OFFSET_DELTA, REFERENCE_DELTA = 1, 2, 3, 4, 6, 7
NAMES = {COMMIT: "commit", TREE: "tree", BLOB: "blob", TAG: "tag"}


def object_id(type: int, content: bytes) -> str:
    return hashlib.sha1(f"{NAMES[type]} {len(content)}\0".encode() + content).hexdigest()


def head(type: int, size: int) -> bytes:
    """Type and size as they stand in front of an object."""
    byte, size = type << 4 | size & 15, size >> 4
    out = bytearray()
    while size:
        out.append(byte | 0x80)
        byte, size = size & 0x7F, size >> 7
    return bytes(out + bytes([byte]))


def entry(type: int, content: bytes, size: int | None = None, base: bytes = b"") -> bytes:
    """One object; `size` is what it says of itself, `base` what a delta is made from."""
    return head(type, len(content) if size is None else size) + base + zlib.compress(content)


def pack(entries: list[bytes], count: int | None = None) -> bytes:
    body = b"PACK" + struct.pack(">II", 2, len(entries) if count is None else count) + b"".join(entries)
    return body + hashlib.sha1(body).digest()


def tree(entries: list[tuple[str, str, str]]) -> bytes:
    """A tree of `(mode, name, id)`, in the order given."""
    return b"".join(f"{mode} {name}\0".encode() + bytes.fromhex(id) for mode, name, id in entries)


def commit(tree: str, message: str = "made by hand") -> bytes:
    who = "A <a@example.org> 1700000000 +0000"
    return f"tree {tree}\nauthor {who}\ncommitter {who}\n\n{message}\n".encode()


def number(value: int) -> bytes:
    """A size in the head of a delta."""
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(out + bytes([value]))


def offset(distance: int) -> bytes:
    """How far back the base of a delta is."""
    out = [distance & 0x7F]
    distance >>= 7
    while distance:
        distance -= 1
        out.insert(0, distance & 0x7F | 0x80)
        distance >>= 7
    return bytes(out)


def copies(size: int, times: int) -> bytes:
    """A delta's instructions: the first `size` bytes of the base, so many times; at most 0xFFFFFF."""
    return (b"\xf0" + size.to_bytes(3, "little")) * times


def packet(line: bytes) -> bytes:
    return b"%04x" % (len(line) + 4) + line


def push(ref: str, new: str, pack: bytes) -> bytes:
    """The body of a push that creates one ref."""
    line = f"{'0' * 40} {new} {ref}\0report-status object-format=sha1".encode()
    return packet(line) + b"0000" + pack
