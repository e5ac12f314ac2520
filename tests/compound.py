"""Writes the container of old Microsoft files (MS-CFB), as far as a mail of Outlook (MS-OXMSG) needs it."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field

SECTOR = 512
MINI = 64
CUTOFF = 4096
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD

Folder = Mapping[str, "bytes | Folder"]
"""A storage: streams and storages by name."""


@dataclass
class _Entry:
    name: str
    kind: int  # 1 a storage, 2 a stream, 5 the root
    data: bytes = b""
    child: int = FREE
    right: int = FREE
    start: int = END
    size: int = 0


@dataclass
class _Chains:
    """Sectors of one size, and for each the next of its stream."""

    sector: int
    data: bytearray = field(default_factory=bytearray)
    following: list[int] = field(default_factory=list)

    def add(self, stream: bytes) -> int:
        """The first sector of a stream."""
        n = -(-len(stream) // self.sector)
        first = len(self.following)
        self.data += stream.ljust(n * self.sector, b"\0")
        self.following += [*range(first + 1, first + n), END][:n]
        return first if n else END


def compound(root: Folder) -> bytes:
    """The bytes of a file that holds those storages and streams; for less than 7 MB."""
    entries = [_Entry("Root Entry", 5)]
    _enter(root, 0, entries)
    large, small = _Chains(SECTOR), _Chains(MINI)
    for entry in entries:
        if entry.kind == 2:
            entry.size = len(entry.data)
            entry.start = (large if entry.size >= CUTOFF else small).add(entry.data)
    entries[0].start, entries[0].size = large.add(bytes(small.data)), len(small.data)
    mini_fat = struct.pack(f"<{len(small.following)}I", *small.following)
    first_mini_fat = large.add(mini_fat.ljust(-(-len(mini_fat) // SECTOR) * SECTOR, b"\xff"))
    directory = b"".join(map(_packed, entries))
    first_directory = large.add(directory)
    n_fat = -(-(len(large.following) + 1) // (SECTOR // 4 - 1))
    places = range(len(large.following), len(large.following) + n_fat)
    fat = [*large.following, *[FAT] * n_fat]
    fat += [FREE] * (n_fat * SECTOR // 4 - len(fat))
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII109I",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        *(0x3E, 3, 0xFFFE, 9, 6),
        *(0, n_fat, first_directory, 0, CUTOFF),
        *(first_mini_fat, -(-len(mini_fat) // SECTOR), END, 0),
        *places,
        *[FREE] * (109 - n_fat),
    )
    return header + bytes(large.data) + struct.pack(f"<{len(fat)}I", *fat)


def _enter(folder: Folder, parent: int, entries: list[_Entry]) -> None:
    before: int | None = None
    for name, content in folder.items():
        number = len(entries)
        is_stream = isinstance(content, bytes)
        entries.append(_Entry(name, 2 if is_stream else 1, content if is_stream else b""))
        if before is None:
            entries[parent].child = number
        else:
            entries[before].right = number
        before = number
        if not is_stream:
            _enter(content, number, entries)


def _packed(entry: _Entry) -> bytes:
    name = entry.name.encode("utf-16-le") + b"\0\0"
    return struct.pack(
        "<64sHBBIII16xI16xIQ",
        name,
        len(name),
        entry.kind,
        1,
        *(FREE, entry.right, entry.child),
        0,
        entry.start if entry.size or entry.kind != 1 else 0,
        entry.size,
    )


def properties(header: bytes, texts: Mapping[int, str], more: Mapping[int, int | bytes]) -> Folder:
    """The streams of a mail, recipient or attachment: ``texts`` and ``more`` (numbers and bytes) by the number of the property."""
    table, streams = header, {}
    for number, text in texts.items():
        table += struct.pack("<HHIII", 0x1F, number, 6, 2 * len(text) + 2, 0)
        streams[f"__substg1.0_{number:04X}001F"] = text.encode("utf-16-le")
    for number, value in more.items():
        if isinstance(value, int):
            table += struct.pack("<HHIII", 0x03, number, 6, value, 0)
        else:
            table += struct.pack("<HHIII", 0x102, number, 6, len(value), 0)
            streams[f"__substg1.0_{number:04X}0102"] = value
    return {"__properties_version1.0": table, **streams}
