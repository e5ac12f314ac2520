"""What glyphs mean that only their names in the file tell: ligatures, "T_h" and "uni00540068", which PDFium gives as bare numbers."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import Final

_OBJECT = re.compile(rb"(?<!\d)(\d{1,9})\s+\d{1,5}\s+obj\b")
_END = re.compile(rb"\b(?:endobj|stream|obj)\b")
_PACKED = re.compile(rb"/Type\s*/ObjStm\b")
_STREAM = re.compile(rb"\s*stream\r?\n?")
_FIRST = re.compile(rb"/First\s+(\d{1,9})\b")
_BASE_FONT = re.compile(rb"/BaseFont\s*/([^\s/<>\[\]()]+)")
_ENCODING = re.compile(rb"/Encoding\s+(\d{1,9})\s+\d{1,5}\s+R\b")
_DIFFERENCES = re.compile(rb"/Differences\s*\[([^\]]*)\]")
_TOKEN = re.compile(rb"/([^\s/<>\[\]()]*)|(\d+)")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_HEXES = re.compile(r"uni(?:[0-9A-F]{4}){1,8}")
_HEX = re.compile(r"u[0-9A-F]{4,6}")
# "Th.liga" names its letters with no sign between them
_UNPARTED = re.compile(r"([A-Za-z]{2,3})\.[a-z]?lig[a-z]?")
# What a file may cost that is made to cost much.
_MAX_DICT: Final = 20_000
_MAX_OBJECTS: Final = 200_000
_MAX_PACKED: Final = 1_000_000
_MAX_STREAMS: Final = 5_000
_MAX_INFLATED: Final = 50_000_000
_MAX_CODE: Final = 255


def meaning(name: str) -> str:
    """What a glyph of that name stands for by the rules of the Adobe Glyph List, where several letters do: without what follows a stop, each
    part between low lines a letter or numbers of such; "" of other names."""
    if found := _UNPARTED.fullmatch(name):
        return found[1]
    parts = [_part(part) for part in name.split(".", 1)[0].split("_")]
    return "".join(parts) if all(parts) else ""


def _part(name: str) -> str:
    if len(name) == 1 and name.isascii() and name.isalpha():
        return name
    if _HEXES.fullmatch(name):
        codes = [int(name[n : n + 4], 16) for n in range(3, len(name), 4)]
    elif _HEX.fullmatch(name):
        codes = [int(name[1:], 16)]
    else:
        return _ACCENTED.get(name, "")
    sound = all(0x20 < code < 0xD800 or 0xDFFF < code < 0x110000 for code in codes)
    return "".join(map(chr, codes)) if sound else ""


# Letters that stand in ligatures: "f_iacute".
_ACCENTED: Final = {
    "aacute": "á", "eacute": "é", "iacute": "í", "oacute": "ó", "uacute": "ú", "ntilde": "ñ", "udieresis": "ü",
    "hyphen": "-", "longs": "ſ", "dotlessi": "ı",
}  # fmt: skip


_SUBSET = re.compile(r"\A[A-Z]{6}\+")


def whole_name(font: str) -> str:
    """The name of a font without the letters that tell its subsets apart, which PDFium does not give of every one."""
    return _SUBSET.sub("", font)


class GlyphNames:
    """Which ligatures the fonts of a file have by the names of their glyphs; the file is looked through when one is asked for."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._known: dict[str, dict[int, str]] | None = None

    def meaning(self, font: str, code: int) -> str:
        """What a font calls the glyph of a code; "" where it does not say, or two fonts of that name say otherwise."""
        if self._known is None:
            self._known = _ligatures(self._data)
        return self._known.get(whole_name(font), {}).get(code, "")


def _ligatures(data: bytes) -> dict[str, dict[int, str]]:
    fonts: list[tuple[str, bytes]] = []
    encodings: dict[int, dict[int, str]] = {}
    if b"/Differences" not in data and b"/ObjStm" not in data:
        return {}
    for number, said in _objects(data):
        if font := _BASE_FONT.search(said):
            fonts.append((_unescaped(font[1]), said))
        else:
            encodings[number] = _differences(said)
    known: dict[str, dict[int, str]] = {}
    for name, said in ((whole_name(name), said) for name, said in fonts):
        reference = _ENCODING.search(said)
        means = encodings.get(int(reference[1]), {}) if reference else _differences(said)
        others = known.setdefault(name, {})
        for code, letters in means.items():
            others[code] = letters if others.get(code, letters) == letters else ""
    return known


def _objects(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Number and beginning of each object that tells of a font or of an encoding, those in streams of objects among them."""
    left, n_streams = _MAX_INFLATED, 0
    for n, start in enumerate(_OBJECT.finditer(data)):
        if n == _MAX_OBJECTS:
            return
        end = _END.search(data, start.end(), start.end() + _MAX_DICT)
        said = data[start.end() : end.start() if end else start.end() + _MAX_DICT]
        if end is not None and end[0] == b"stream" and _PACKED.search(said):
            n_streams += 1
            if n_streams > _MAX_STREAMS:
                return
            inflated = _inflated(data, end.start(), left)
            left -= len(inflated)
            yield from _packed(inflated, _FIRST.search(said))
        elif _is_of_font(said):
            yield int(start[1]), said


def _is_of_font(said: bytes) -> bool:
    return b"/Differences" in said or b"/BaseFont" in said


def _inflated(data: bytes, at: int, most: int) -> bytes:
    begins = _STREAM.match(data, at)
    if begins is None or most <= 0:
        return b""
    end = data.find(b"endstream", begins.end(), begins.end() + _MAX_PACKED)
    try:
        return zlib.decompressobj().decompress(data[begins.end() : end], most) if end > 0 else b""
    except zlib.error:
        return b""


def _packed(inflated: bytes, first: re.Match[bytes] | None) -> Iterator[tuple[int, bytes]]:
    """The objects of a stream, which begins with the number and the place of each."""
    if first is None or not _is_of_font(inflated):
        return
    base = int(first[1])
    numbers = [
        int(one)
        for one in inflated[: min(base, _MAX_PACKED)].split()
        if one.isdigit() and len(one) < 10
    ]
    places = numbers[1::2]
    for number, at, end in zip(numbers[::2], places, [*places[1:], len(inflated)], strict=False):
        said = inflated[base + at : min(base + end, base + at + _MAX_DICT)]
        if _is_of_font(said):
            yield number, said


def _differences(said: bytes) -> dict[int, str]:
    """The letters of ligatures by the codes that an encoding gives them."""
    found: dict[int, str] = {}
    own = _DIFFERENCES.match(said, max(0, said.find(b"/Differences")))
    code = 0
    for token in _TOKEN.finditer(own[1]) if own is not None else ():
        if token[2] is not None:
            code = min(int(token[2][:9]), _MAX_CODE + 1)
            continue
        if code <= _MAX_CODE and (means := meaning(_unescaped(token[1]))):
            found[code] = means
        code += 1
    return found


def _unescaped(name: bytes) -> str:
    return _ESCAPE.sub(lambda code: bytes([int(code[1], 16)]), name).decode("utf-8", "replace")
