"""A tiny image of the kind that training starts from: random weights, the same every time, over the pieces that are wanted."""

import struct

import numpy as np

from index.training.e5 import SPECIAL_PIECES

HIDDEN, LAYERS, HEADS, WIDE, POSITIONS = 32, 2, 4, 64, 64
SPARE_ROWS = 3  # rows that belong to no piece, as the image has them


def weights(n_pieces):
    """Whole numbers of -8..7 times a scale for every block, and floats: what the image says, by its own names."""
    rng = np.random.default_rng(4)
    blocks = {"emb.word": (n_pieces + SPARE_ROWS, HIDDEN)}
    floats = {"emb.pos": (POSITIONS, HIDDEN), "emb.type": (1, HIDDEN)}
    norms = ["emb.ln"]
    for i in range(LAYERS):
        for name in ("q", "k", "v", "ao"):
            blocks[f"l{i}.{name}.w"], floats[f"l{i}.{name}.b"] = (HIDDEN, HIDDEN), (HIDDEN,)
        blocks[f"l{i}.fi.w"], floats[f"l{i}.fi.b"] = (WIDE, HIDDEN), (WIDE,)
        blocks[f"l{i}.fo.w"], floats[f"l{i}.fo.b"] = (HIDDEN, WIDE), (HIDDEN,)
        norms += [f"l{i}.aln", f"l{i}.oln"]
    found = {}
    for name, shape in blocks.items():
        scales = rng.uniform(0.01, 0.06, (shape[0] * shape[1] // 32, 1)).astype(np.float16)
        found[name] = (rng.integers(-8, 8, (len(scales), 32)), scales, shape)
    for name, shape in floats.items():
        found[name] = (0.1 * rng.standard_normal(shape)).astype("<f4")
    for name in norms:
        found[f"{name}.w"] = rng.uniform(0.8, 1.2, HIDDEN).astype("<f4")
        found[f"{name}.b"] = (0.1 * rng.standard_normal(HIDDEN)).astype("<f4")
    return found


def packed(value):
    if not isinstance(value, tuple):
        return value.tobytes()
    whole, scales, _ = value
    nibbles = (whole + 8).astype(np.uint8)
    halves = nibbles[:, :16] | nibbles[:, 16:] << 4
    return b"".join(
        scale.tobytes() + half.tobytes() for scale, half in zip(scales, halves, strict=True)
    )


def image_bytes(pieces):
    """The image of those pieces, special ones first, whose scores fall from -1 to -9."""
    assert list(pieces[:4]) == list(SPECIAL_PIECES)
    texts = [piece.encode() for piece in pieces]
    bounds = np.cumsum([0, *map(len, texts)]).astype("<u4")
    scores = np.linspace(-1, -9, len(pieces)).astype("<f4")
    rules = struct.pack("<IBI", 0xAA, 1, ord("a"))
    rows = len(pieces) + SPARE_ROWS
    head = b"E5S1" + struct.pack("<I", 1)
    head += struct.pack("<7if", HIDDEN, LAYERS, HEADS, WIDE, rows, POSITIONS, 1, 1e-12)
    head += struct.pack("<i5iQ", 32, len(pieces), 0, 2, 1, 3, int(bounds[-1]))
    head += bounds.tobytes() + scores.tobytes() + b"".join(texts)
    head += struct.pack("<iI", 1, len(rules)) + rules
    tensors = {name: packed(value) for name, value in weights(len(pieces)).items()}
    table = 4 + sum(2 + len(name) + 21 for name in tensors)
    at, entries, body = len(head) + table, b"", b""
    for name, raw in tensors.items():
        entries += struct.pack("<H", len(name)) + name.encode()
        entries += struct.pack("<BIQQ", 1, len(raw), at + len(body), len(raw))
        body += raw
    return head + struct.pack("<i", len(tensors)) + entries + body
