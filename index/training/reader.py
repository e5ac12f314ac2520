"""How a trained reader becomes the two files that ship beside its encoder: the int8 graph and its card.

The graph is that of the encoder with fewer layers and other ends (see :mod:`index.training.export`): vectors that say
which of question, heading and passage a piece belongs to, three numbers for every piece, and one for the passage. Beside its
encoder the word table, a third of that, is not written again: the graph names the place in the encoder's own file where it
stands.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from corpus.document import EncoderError
from index.encoder import ONNX_FILE, files_hash, first_line, open_session
from index.reader import READER_CARD, READER_FILE, ReaderCard
from index.training.export import (
    MICROSOFT,
    OPSET,
    SAMPLE_TEXTS,
    Floats,
    Graph,
    Layers,
    activities,
    shrinking,
)

# A question, what stands over a passage, and the passage, to see which channels are large.
SAMPLE_READINGS = tuple(
    (question, heading, " ".join(SAMPLE_TEXTS[i:] + SAMPLE_TEXTS[:i]))
    for i, (question, heading) in enumerate(
        (
            ("¿Cuántos libros se pueden sacar en préstamo?", "Biblioteca › Préstamo"),
            ("when does the library open on saturdays", ""),
            ("¿Quién preside el comité?", "Actas › 14 de mayo de 1998"),
            ("How must the rent be paid?", "Tenancy agreement › 4. Rent"),
        )
    )
)
# What the parts of a layer are called in a trained reader and in a BERT.
LAYER_PARTS = (
    ("o", "attention.output.dense"),
    ("ln1", "attention.output.LayerNorm"),
    ("fi", "intermediate.dense"),
    ("fo", "output.dense"),
    ("ln2", "output.LayerNorm"),
)
_LEAST_AGREEMENT = 0.99


def named_as_bert(weights: Mapping[str, Floats]) -> dict[str, Floats]:
    """The layers of a trained reader, ``bert.*`` with joint projections, by the names of ``BertModel.state_dict()``."""
    named = {
        "embeddings.position_embeddings.weight": weights["bert.pos.weight"],
        "embeddings.token_type_embeddings.weight": weights["bert.typ"][None],
        "embeddings.LayerNorm.weight": weights["bert.ln.weight"],
        "embeddings.LayerNorm.bias": weights["bert.ln.bias"],
    }
    for i in range(n_layers(weights)):
        for end in ("weight", "bias"):
            thirds = np.split(weights[f"bert.layers.{i}.qkv.{end}"], 3)
            for name, third in zip(("query", "key", "value"), thirds, strict=True):
                named[f"encoder.layer.{i}.attention.self.{name}.{end}"] = third
            for short, long in LAYER_PARTS:
                named[f"encoder.layer.{i}.{long}.{end}"] = weights[f"bert.layers.{i}.{short}.{end}"]
    return named


def n_layers(weights: Mapping[str, Floats]) -> int:
    """How many layers a trained reader has."""
    return 1 + max(int(name.split(".")[2]) for name in weights if name.startswith("bert.layers."))


def weights_of(graph: Path, neurons: int) -> dict[str, Floats]:
    """The weights of a reader read back from its int8 graph, by the names that ``export_reader`` takes: float32, without the word
    table, ``neurons`` in each layer.

    What evened out the channels is taken back, so that they mean what trained weights do, but for the rounding. Neurons that
    the graph leaves out are zeros, for which training finds no slope: they stay out.

    :raises EncoderError: when the file is not the graph of a reader.
    """
    import onnx
    from onnx import numpy_helper

    try:
        model = onnx.load(str(graph), load_external_data=False)
        tables = {
            table.name: numpy_helper.to_array(table)
            for table in model.graph.initializer
            if table.name != "words"
        }
        return _weights_of(tables, neurons)
    except Exception as error:
        raise EncoderError(
            f"{graph}: {type(error).__name__}: {first_line(error)}; expected the graph of a reader with up to {neurons} neurons a layer"
        ) from error


def _weights_of(tables: Mapping[str, npt.NDArray[Any]], neurons: int) -> dict[str, Floats]:
    def wide(name: str) -> Floats:
        product: Floats = tables[f"{name}.weight"].astype(np.float32) * tables[f"{name}.scale"]
        return product

    count = sum(name.endswith(".joint.weight") for name in tables)
    hidden = len(tables["hidden.0.gain"])
    whole = np.ones(hidden, dtype=np.float32)
    shrinks = [tables[f"{i}.attended.factor"] for i in range(count)] + [whole]
    found: dict[str, Floats] = {
        "bert.pos.weight": tables["positions.half"].astype(np.float32),
        "bert.typ": np.zeros(hidden, dtype=np.float32),  # the positions hold it
        "bert.ln.weight": tables["hidden.0.gain"] * shrinks[0],
        "bert.ln.bias": tables["hidden.0.shift"] * shrinks[0],
        "seg": tables["parts"],
    }
    for i in range(count):
        layer, middle, after = f"bert.layers.{i}", tables[f"{i}.added.factor"], shrinks[i + 1]
        into = [wide(f"{i}.wide")]
        into_bias = [tables[f"{i}.wide.bias"]]
        back = [wide(f"{i}.thought")]
        if f"{i}.slim.bias" in tables:
            into.append(tables[f"{i}.slim.product.weight"])
            into_bias.append(tables[f"{i}.slim.bias"])
            back.append(tables[f"{i}.slim.thought.weight"])
        silent = neurons - sum(map(len, back))
        into.append(np.zeros((hidden, silent), dtype=np.float32))
        into_bias.append(np.zeros(silent, dtype=np.float32))
        back.append(np.zeros((silent, hidden), dtype=np.float32))
        found |= {
            f"{layer}.qkv.weight": (wide(f"{i}.joint") / shrinks[i][:, None]).T,
            f"{layer}.qkv.bias": tables[f"{i}.joint.bias"],
            f"{layer}.o.weight": wide(f"{i}.seen").T,
            f"{layer}.o.bias": tables[f"{i}.seen.bias"],
            f"{layer}.ln1.weight": tables[f"{i}.middle.gain"] * middle,
            f"{layer}.ln1.bias": tables[f"{i}.middle.shift"] * middle,
            f"{layer}.fi.weight": (np.concatenate(into, axis=1) / middle[:, None]).T,
            f"{layer}.fi.bias": np.concatenate(into_bias),
            f"{layer}.fo.weight": np.concatenate(back).T,
            f"{layer}.fo.bias": tables[f"{i}.thought.bias"],
            f"{layer}.ln2.weight": tables[f"hidden.{i + 1}.gain"] * after,
            f"{layer}.ln2.bias": tables[f"hidden.{i + 1}.shift"] * after,
        }
    for end, name in (("tokens", "tokens"), ("pool", "pooled.sum"), ("ans", "answers.row")):
        found[f"{end}.weight"] = tables[f"{name}.product.weight"].T
        found[f"{end}.bias"] = tables[f"{name}.bias"]
    return {name: np.ascontiguousarray(values, np.float32) for name, values in found.items()}


def export_reader(
    weights: Mapping[str, npt.NDArray[np.floating]],
    folder: Path,
    *,
    out: Path | None = None,
    max_question: int = 64,
    max_heading: int = 40,
    max_tokens: int = 336,
    readings: Sequence[tuple[str, str, str]] = SAMPLE_READINGS,
    log: Callable[[str], None] = print,
) -> None:
    """Write graph and card of a reader into the ``folder`` of the encoder whose words it shares, or with the words and the
    tokenizer into the folder ``out``.

    ``weights`` are those that training leaves, without the word table. ``readings``: question, heading and passage of some
    examples, which show which channels are large; on them the finished graph is compared with torch.

    :raises EncoderError: when the graph says something else than the model in torch.
    """
    import torch
    from safetensors.numpy import load_file
    from tokenizers import Tokenizer

    floats = {name: np.asarray(values, dtype=np.float32) for name, values in weights.items()}
    words = load_file(folder / "model.safetensors")["embeddings.word_embeddings.weight"]
    named = named_as_bert(floats)
    model = _Model.of(named, words.astype(np.float32), floats, folder)
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    limits = (max_question, max_heading, max_tokens)
    rows = [_ids(tokenizer, reading, limits) for reading in readings]
    shared = files_hash([folder / ONNX_FILE]) if out is None else ""
    card = ReaderCard(n_layers(floats), *limits, shared)
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        shutil.copy(folder / "tokenizer.json", out)
    path = (out or folder) / READER_FILE
    activity = activities(model, _Rows(rows), [str(i) for i in range(len(rows))])
    table, scales = _words_of(folder / ONNX_FILE, shared=out is None)
    _write_graph(named, floats, model.config, activity, (table, scales), path, max_tokens)
    path.with_name(READER_CARD).write_text(json.dumps(asdict(card), indent=1) + "\n", "utf-8")
    # over all of them: of one that says little, the rounding is a large part
    theirs: list[Floats] = []
    ours: list[Floats] = []
    session = open_session(path)
    for ids in rows:
        with torch.no_grad():
            tokens, answers = model.outputs(torch.tensor([ids]))
        found, found_answers = session.run(
            ["tokens", "answers"],
            {"input_ids": np.array([ids]), "segments": _segments(np.array([ids]))},
        )
        theirs += [tokens.numpy().ravel(), answers.numpy()]
        ours += [found.ravel(), found_answers]
    agreement = float(np.corrcoef(np.concatenate(theirs), np.concatenate(ours))[0, 1])
    if not agreement >= _LEAST_AGREEMENT:
        raise EncoderError(
            f"{path}: the int8 graph and the model in torch agree to a correlation of {agreement:.3f} only; expected at "
            f"least {_LEAST_AGREEMENT}; look for weights that are not finite or far larger than the rest"
        )
    size = path.stat().st_size
    log(f"exported {path}: {size / 1e6:.1f} MB, int8 against float32: correlation {agreement:.4f}")


# --------------------------------------------------------------------------- in torch


class _Rows:
    """In the place of a tokenizer: the pieces of the readings by their numbers."""

    def __init__(self, rows: Sequence[Sequence[int]]):
        self._rows = rows

    def encode(self, number: str) -> _Row:
        """The pieces of a reading."""
        return _Row(list(self._rows[int(number)]))


class _Row:
    def __init__(self, ids: list[int]):
        self.ids = ids


class _Model:
    """A reader in torch; called as a ``BertModel`` is, and watched as one."""

    def __init__(self, bert: Any, ends: Mapping[str, Any]):
        self._bert, self._ends = bert, ends
        self.config = bert.config

    @classmethod
    def of(
        cls, named: Mapping[str, Floats], words: Floats, weights: Mapping[str, Floats], folder: Path
    ) -> _Model:
        """The model of those weights, otherwise configured as the encoder of the folder."""
        import torch
        from transformers import BertConfig, BertModel

        config = BertConfig.from_pretrained(folder)
        config.num_hidden_layers = n_layers(weights)
        config.max_position_embeddings = len(weights["bert.pos.weight"])
        bert = BertModel(config, add_pooling_layer=False).eval()
        state = {name: torch.tensor(values) for name, values in named.items()}
        state["embeddings.word_embeddings.weight"] = torch.tensor(words)
        bert.load_state_dict(state, strict=False)
        ends = {k: torch.tensor(v) for k, v in weights.items() if not k.startswith("bert.")}
        return cls(bert, ends)

    def named_modules(self) -> Iterator[tuple[str, Any]]:
        """Those of the BertModel."""
        yield from self._bert.named_modules()

    def __call__(self, input_ids: Any) -> Any:
        """The last hidden states of a reading."""
        import torch

        segments = torch.tensor(_segments(input_ids.numpy()))
        rows = self._bert.embeddings.word_embeddings(input_ids) + self._ends["seg"][segments]
        return self._bert(inputs_embeds=rows).last_hidden_state

    def outputs(self, input_ids: Any) -> tuple[Any, Any]:
        """What the graph gives."""
        import torch

        hidden = self(input_ids)

        def linear(x: Any, name: str) -> Any:
            return torch.nn.functional.linear(
                x, self._ends[f"{name}.weight"], self._ends[f"{name}.bias"]
            )

        whole = linear(torch.tanh(linear(hidden[:, 0], "pool")), "ans")
        return linear(hidden, "tokens"), whole[:, 0]


def _ids(tokenizer: Any, reading: tuple[str, str, str], limits: tuple[int, int, int]) -> list[int]:
    """The pieces of a reading, as a reader puts them together."""
    first, last = tokenizer.encode("").ids
    asked, above, text = (tokenizer.encode(part, add_special_tokens=False).ids for part in reading)
    row = [first, *asked[: limits[0]], last, *above[: limits[1]], last, *text]
    return [*row[: limits[2] - 1], last]


def _segments(ids: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The part that each piece of a row belongs to: the question and its end 0, the heading and its end 1, the rest 2."""
    end = ids[:, -1:]
    found: npt.NDArray[np.int64] = np.minimum(2, np.cumsum(ids == end, axis=1) - (ids == end))
    return found


# --------------------------------------------------------------------------- as a graph


def _write_graph(
    named: Mapping[str, Floats],
    weights: Mapping[str, Floats],
    config: Any,
    activity: Mapping[str, Any],
    words: tuple[Any, Floats],
    path: Path,
    max_tokens: int,
) -> None:
    """Write the int8 graph: ``input_ids`` and ``segments`` int64[1, length] to ``tokens`` float32[1, length, 3] and
    ``answers`` float32[1]."""
    import onnx
    from onnx import TensorProto, helper

    graph = Graph()
    count = int(config.num_hidden_layers)
    shrinks = [
        shrinking(activity[f"encoder.layer.{i}.attention.self.query"].largest) for i in range(count)
    ]
    shrinks.append(np.ones(int(config.hidden_size), dtype=np.float32))
    layers = Layers(graph, named, float(config.layer_norm_eps))
    x = layers.normed(
        _add_rows(graph, named, weights["seg"], words, max_tokens),
        "hidden.0",
        "embeddings.LayerNorm",
        shrinks[0],
    )
    graph.constant("thirds", np.full(3, int(config.hidden_size), dtype=np.int64))
    for i in range(count):
        middle = shrinking(activity[f"encoder.layer.{i}.intermediate.dense"].largest)
        x = layers.attention(i, x, int(config.num_attention_heads), shrinks[i], middle)
        found = activity[f"encoder.layer.{i}.output.dense"]
        x = layers.thought(i, x, found, middle, shrinks[i + 1])

    def linear(x: str, name: str, output: str) -> str:
        product = graph.float_product(
            x, f"{output}.product", np.ascontiguousarray(weights[f"{name}.weight"].T)
        )
        return graph.node(
            "Add", [product, graph.constant(f"{output}.bias", weights[f"{name}.bias"])], output
        )

    linear(x, "tokens", "tokens")
    first = graph.node(
        "Gather", [x, graph.constant("first", np.zeros(1, dtype=np.int64))], "whole", axis=1
    )
    pooled = graph.node("Tanh", [linear(first, "pool", "pooled.sum")], "pooled")
    alone = graph.constant("alone", np.array([1, 2], dtype=np.int64))
    graph.node("Squeeze", [linear(pooled, "ans", "answers.row"), alone], "answers")
    floats, whole = TensorProto.FLOAT, TensorProto.INT64
    made = helper.make_graph(
        graph.nodes,
        "reader",
        [
            helper.make_tensor_value_info(name, whole, ["batch", "length"])
            for name in ("input_ids", "segments")
        ],
        [
            helper.make_tensor_value_info("tokens", floats, ["batch", "length", 3]),
            helper.make_tensor_value_info("answers", floats, ["batch"]),
        ],
        list(graph.constants.values()),
    )
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(MICROSOFT, 1)]
    model = helper.make_model(made, opset_imports=opsets, ir_version=11, producer_name="fuente")
    onnx.save(model, str(path))


def _add_rows(
    graph: Graph,
    named: Mapping[str, Floats],
    segments: Floats,
    words: tuple[Any, Floats],
    max_tokens: int,
) -> str:
    """The rows of the pieces, their positions and their parts, added up."""
    from onnx import TensorProto

    positions = named["embeddings.position_embeddings.weight"][:max_tokens]
    positions = positions + named["embeddings.token_type_embeddings.weight"][0]
    graph.constants["words"], scales = words
    rows = graph.node("Gather", ["words", "input_ids"], "rows.int8")
    rows = graph.node("Cast", [rows], "rows.float", to=TensorProto.FLOAT)
    scale = graph.node("Gather", [graph.constant("words.scale", scales), "input_ids"], "rows.scale")
    rows = graph.node("Mul", [rows, scale], "rows")
    length = graph.node("Shape", ["input_ids"], "length", start=1, end=2)
    zero = graph.constant("zero", np.zeros(1, dtype=np.int64))
    half = graph.constant("positions.half", positions.astype(np.float16))
    wide = graph.node("Cast", [half], "positions", to=TensorProto.FLOAT)
    places = graph.node("Slice", [wide, zero, length, zero], "places")
    placed = graph.node("Add", [rows, places], "placed")
    parts = graph.node("Gather", [graph.constant("parts", segments), "segments"], "part")
    return graph.node("Add", [placed, parts], "parted")


def _words_of(encoder: Path, *, shared: bool) -> tuple[Any, Floats]:
    """The word table of an encoder's graph, ``shared`` as a tensor that names its place in that file, and its scales."""
    import onnx
    from onnx import TensorProto, numpy_helper

    tables = {table.name: table for table in onnx.load(str(encoder)).graph.initializer}
    words, raw = tables["words"], tables["words"].raw_data
    scales = numpy_helper.to_array(tables["words.scale"])
    if not shared:
        return words, scales
    offset = encoder.read_bytes().index(raw)
    place = TensorProto(name="words", dims=words.dims, data_type=words.data_type)
    place.data_location = TensorProto.EXTERNAL
    for key, value in (("location", encoder.name), ("offset", offset), ("length", len(raw))):
        place.external_data.add(key=key, value=str(value))
    return place, scales
