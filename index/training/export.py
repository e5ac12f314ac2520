"""How a trained encoder becomes the folder that ships: the weights for torch, the int8 graph for a processor, the tables.

The graph is written node by node rather than traced from torch: it holds what one text needs and nothing else – no
padding mask, the three projections of attention as one product, bias and scales inside each product – and the int8
products are those that onnxruntime runs with one scale for the activations of a text and one for each output column
of the weights. The packages are imported inside the functions that use them.
"""

from __future__ import annotations

import json
import shutil
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from corpus.document import EncoderError
from index.encoder import CARD_FILE, LATE_FILE, ONNX_FILE, OnnxEncoder
from index.models.sentence import SentenceTransformerEncoder

Floats = npt.NDArray[np.float32]

_OPSET = 20  # the first with Gelu
_MICROSOFT = "com.microsoft"  # onnxruntime's own operators

# A token's vector takes in as much of each neighbour's: two pieces of a word, or a name's first and second part, are then
# looked for together. Late interaction over XQuAD rose by .002 to .006 in every direction, as much with .15 or .25.
_NEIGHBOUR = 0.2

# What [CLS] weighs at least: next to real pieces nothing, but a text without any still has a direction.
_CLS_WEIGHT = 1e-6

# Int8 has one scale for all activations of a text, so one large channel leaves few steps to the rest. Of the input of
# a product, channels this many times as large as the median one are made smaller and their weights larger (Xiao et
# al. 2023, arXiv:2211.10438); of the neurons, whose GELU no scale passes, the largest are computed in float32. On
# 84 texts the least cosine with float32 rose from .992 to .998.
_LARGE = 1.5
_FLOAT_NEURONS = 8

# Running text to see which channels are large, and to compare the finished graph with torch.
SAMPLE_TEXTS = (
    "¿Cuántos años tenía la niña cuando su familia se mudó a la montaña?",
    "The library opens at nine, and on Saturdays at ten; members may borrow up to six books for three weeks.",
    "Lima, 1996",
    "En 1.998 se midieron 37 glaciares: doce habían perdido más del 40 % de su superficie (véase la tabla 3).",
    "Who discovered that bees dance to tell each other where the flowers are?",
    "El comité, presidido por María Fernández-Olmos, rechazó la propuesta por 14 votos contra 9.",
    "Water boils at a lower temperature on a mountain, because the air there presses less on its surface.",
    "que es la fotosintesis",
    '"No vuelvas", le dijo; y cerró la puerta. Afuera llovía sobre los tejados de Cuenca.',
    "Section 4.2: The tenant shall pay the rent on the first day of each month, e.g. by bank transfer.",
)
_LEAST_COSINE = 0.95


def late_interaction_tables(
    model: Any,
    tokenizer: Any,
    pairs: Sequence[tuple[str, str]],
    dim: int = 128,
    *,
    n_texts: int = 600,
) -> dict[str, npt.NDArray[np.float16]]:
    """``projection`` float16[hidden, dim] (PCA of token vectors, no mean removed) and ``idf`` float16[n_pieces].

    The idf of a piece is that of a text in its own language: ln((N + 1) / (df + 0.5)), scaled to mean 1 over
    the pieces of running text, so frequent pieces of either language weigh little.
    """
    import torch

    tokenizer.no_padding()
    tokenizer.enable_truncation(256)
    hidden: list[Any] = []
    model.eval()
    device = next(model.parameters()).device
    with torch.no_grad():
        for text in [side for pair in pairs[: n_texts // 2] for side in pair]:
            ids = torch.tensor([tokenizer.encode(text).ids], device=device)
            hidden.append(model(input_ids=ids).last_hidden_state[0, 1:-1].cpu().numpy())
    model.train()
    tokens = np.concatenate(hidden)
    dim = min(dim, tokens.shape[1])
    tokens /= np.linalg.norm(tokens, axis=1, keepdims=True)
    values, vectors = np.linalg.eigh(tokens.T @ tokens)
    projection = vectors[:, np.argsort(values)[::-1][:dim]]
    # PCA packs the variance into the first axes; a rotation spreads it so that every axis earns its bits
    rotation = np.linalg.qr(np.random.default_rng(7).standard_normal((dim, dim)))[0]
    n_pieces = tokenizer.get_vocab_size()
    idf = np.zeros(n_pieces)
    best = np.full(n_pieces, np.inf)
    for side in (0, 1):
        df = np.zeros(n_pieces)
        for encoding in tokenizer.encode_batch([p[side] for p in pairs], add_special_tokens=False):
            df[list(set(encoding.ids))] += 1
        best = np.minimum(best, np.log((len(pairs) + 1) / (df + 0.5)))
        seen = df[df > 0]
        idf[:] = best / (np.sum(best[df > 0] * seen) / np.sum(seen))
    return {"projection": (projection @ rotation).astype(np.float16), "idf": idf.astype(np.float16)}


def with_foreign_letters(tokenizer: Any) -> Any:
    """A copy of a WordPiece tokenizer that reads a Latin letter it has no piece for as the letter without its marks.

    Without it one such letter makes an unknown piece of the whole word: of "Erdoğan", and of the number in "3º".
    One letter becomes one letter, so offsets stay. Of a tokenizer of another kind it is a copy and no more.
    """
    from tokenizers import Regex, Tokenizer, models, normalizers

    copy = Tokenizer.from_str(tokenizer.to_str())
    if not isinstance(copy.model, models.WordPiece):
        return copy
    vocab = copy.get_vocab()

    def known(letter: str) -> bool:
        return letter in vocab and f"##{letter}" in vocab

    letters: dict[str, str] = {}
    for code in (*range(0xAA, 0x250), *range(0x1E00, 0x1F00)):
        letter = chr(code)
        plain = unicodedata.normalize("NFKD", letter)[0]
        if letter.islower() and plain != letter and not known(letter) and known(plain):
            letters[plain] = letters.get(plain, "") + letter
    steps = [normalizers.Replace(Regex(f"[{found}]"), plain) for plain, found in letters.items()]
    copy.normalizer = normalizers.Sequence([copy.normalizer, *steps])
    return copy


class _Graph:
    """Nodes and constants of an ONNX graph, in the order in which they are added."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: dict[str, Any] = {}

    def constant(self, name: str, values: npt.ArrayLike) -> str:
        from onnx import numpy_helper

        self.constants[name] = numpy_helper.from_array(np.ascontiguousarray(values), name)
        return name

    def node(
        self, op: str, inputs: Sequence[str], *outputs: str, domain: str = "", **facts: Any
    ) -> str:
        """Adds a node; gives the name of its first output."""
        from onnx import helper

        self.nodes.append(helper.make_node(op, inputs, outputs, domain=domain, **facts))
        return outputs[0]

    def norm(self, x: str, output: str, weight: Floats, bias: Floats, epsilon: float) -> str:
        gain, shift = (
            self.constant(f"{output}.{n}", v) for n, v in (("gain", weight), ("shift", bias))
        )
        return self.node("LayerNormalization", [x, gain, shift], output, axis=-1, epsilon=epsilon)

    def product(self, x: str, output: str, weight: Floats, bias: Floats) -> str:
        """``x @ weight + bias`` in int8; ``weight`` float32[n_in, n_out]."""
        quantised, scales = _int8(weight, axis=0)
        return self.node(
            "DynamicQuantizeMatMul",
            [
                x,
                self.constant(f"{output}.weight", quantised),
                self.constant(f"{output}.scale", scales[0]),
                "",
                self.constant(f"{output}.bias", bias),
            ],
            output,
            domain=_MICROSOFT,
        )

    def float_product(self, x: str, output: str, weight: Floats) -> str:
        """``x @ weight`` in float32."""
        return self.node("MatMul", [x, self.constant(f"{output}.weight", weight)], output)


def _int8(values: Floats, *, axis: int) -> tuple[npt.NDArray[np.int8], Floats]:
    """Whole numbers of -127..127 and the scales that bring them back, one for each line along ``axis``."""
    scales = np.maximum(np.abs(values).max(axis=axis, keepdims=True), 1e-12) / 127
    return np.rint(values / scales).astype(np.int8), scales.astype(np.float32)


def largest_activations(model: Any, tokenizer: Any, texts: Sequence[str]) -> dict[str, Floats]:
    """The largest absolute value of every channel that enters a linear layer, over some texts.

    By the name of the layer, as in ``BertModel.named_modules()``: float32[n_in].
    """
    import torch

    found: dict[str, Any] = {}

    def watch(name: str) -> Callable[[Any, Any], None]:
        def keep(_: Any, inputs: Any) -> None:
            largest = inputs[0].detach().abs().flatten(0, -2).amax(0)
            found[name] = torch.maximum(found.get(name, largest), largest)

        return keep

    hooks = [
        layer.register_forward_pre_hook(watch(name))
        for name, layer in model.named_modules()
        if isinstance(layer, torch.nn.Linear) and name.startswith("encoder.")
    ]
    limit = int(model.config.max_position_embeddings)
    with torch.no_grad():
        for text in texts:
            model(input_ids=torch.tensor([tokenizer.encode(text).ids[:limit]]))
    for hook in hooks:
        hook.remove()
    return {name: largest.numpy() for name, largest in found.items()}


def _shrinking(largest: Floats) -> Floats:
    """What to divide each channel by, float32[n], 1 for all but the large ones."""
    factors: Floats = np.maximum(1, largest / (_LARGE * np.median(largest))).astype(np.float32)
    return factors


def write_graph(
    weights: Mapping[str, Floats],
    config: Any,
    pooling_weights: Floats | None,
    head: Floats | None,
    projection: Floats,
    largest: Mapping[str, Floats],
    path: Path,
    *,
    max_tokens: int,
) -> None:
    """Write the int8 graph of a BERT encoder to ``path``.

    ``weights`` are those of ``BertModel.state_dict()``, ``config`` its configuration, ``largest`` comes from
    ``largest_activations``. The graph takes
    ``input_ids`` int64[batch, length] of texts of one length, without padding, and gives
    ``sentence_embedding`` float32[batch, hidden], unit rows: the direction of (sum_i w[id_i] h_i) @ head, where all weigh
    alike without ``pooling_weights`` and nothing is turned without ``head``, and
    ``token_vectors`` float32[batch, length, late_dim], unit rows: the directions of (u_i + a u_{i-1} + a u_{i+1}) @
    projection, where u_i is the direction of h_i, and nothing for the first and last token of the text.
    """
    import onnx
    from onnx import TensorProto, helper

    hidden, epsilon = int(config.hidden_size), float(config.layer_norm_eps)
    graph = _Graph()

    def linear(name: str) -> tuple[Floats, Floats]:
        return weights[f"{name}.weight"].T, weights[f"{name}.bias"]

    def normed(x: str, output: str, name: str, shrink: Floats) -> str:
        gain, shift = weights[f"{name}.weight"] / shrink, weights[f"{name}.bias"] / shrink
        return graph.norm(x, output, gain, shift, epsilon)

    def added(x: str, shrunk: str, output: str, shrink: Floats) -> str:
        factor = graph.constant(f"{output}.factor", shrink)
        return graph.node(
            "Add", [x, graph.node("Mul", [shrunk, factor], f"{output}.whole")], output
        )

    words, scales = _int8(weights["embeddings.word_embeddings.weight"], axis=1)
    # one text has one segment, so its vector belongs to every position
    positions = (
        weights["embeddings.position_embeddings.weight"][:max_tokens]
        + weights["embeddings.token_type_embeddings.weight"][0]
    )
    rows = graph.node("Gather", [graph.constant("words", words), "input_ids"], "rows.int8")
    rows = graph.node("Cast", [rows], "rows.float", to=TensorProto.FLOAT)
    scale = graph.node("Gather", [graph.constant("words.scale", scales), "input_ids"], "rows.scale")
    rows = graph.node("Mul", [rows, scale], "rows")
    length = graph.node("Shape", ["input_ids"], "length", start=1, end=2)
    zero = graph.constant("zero", np.zeros(1, dtype=np.int64))
    places = graph.node(
        "Slice", [graph.constant("positions", positions), zero, length, zero], "places"
    )
    x = graph.node("Add", [rows, places], "placed")
    n_layers = int(config.num_hidden_layers)
    # what each hidden state is divided by; the last one goes out as it is
    shrinks = [
        _shrinking(largest[f"encoder.layer.{i}.attention.self.query"]) for i in range(n_layers)
    ]
    shrinks.append(np.ones(hidden, dtype=np.float32))
    x = normed(x, "hidden.0", "embeddings.LayerNorm", shrinks[0])

    thirds = graph.constant("thirds", np.full(3, hidden, dtype=np.int64))
    for i in range(n_layers):
        layer = f"encoder.layer.{i}"
        parts = [linear(f"{layer}.attention.self.{part}") for part in ("query", "key", "value")]
        joint = graph.product(
            x,
            f"{i}.joint",
            np.concatenate([weight for weight, _ in parts], axis=1) * shrinks[i][:, None],
            np.concatenate([bias for _, bias in parts]),
        )
        split = [f"{i}.query", f"{i}.key", f"{i}.value"]
        graph.node("Split", [joint, thirds], *split, axis=-1)
        context = graph.node(
            "MultiHeadAttention",
            split,
            f"{i}.context",
            domain=_MICROSOFT,
            num_heads=int(config.num_attention_heads),
        )
        seen = graph.product(context, f"{i}.seen", *linear(f"{layer}.attention.output.dense"))
        shrink = _shrinking(largest[f"{layer}.intermediate.dense"])
        x = normed(
            added(seen, x, f"{i}.attended", shrinks[i]),
            f"{i}.middle",
            f"{layer}.attention.output.LayerNorm",
            shrink,
        )
        order = np.argsort(-largest[f"{layer}.output.dense"], kind="stable")
        few, many = order[:_FLOAT_NEURONS], order[_FLOAT_NEURONS:]
        into, into_bias = linear(f"{layer}.intermediate.dense")
        back, back_bias = linear(f"{layer}.output.dense")
        into = into * shrink[:, None]
        wide = graph.product(x, f"{i}.wide", into[:, many], into_bias[many])
        wide = graph.node("Gelu", [wide], f"{i}.wide.gelu")
        thought = graph.product(wide, f"{i}.thought", back[many], back_bias)
        slim = graph.float_product(x, f"{i}.slim.product", into[:, few])
        slim_bias = graph.constant(f"{i}.slim.bias", into_bias[few])
        slim = graph.node(
            "Gelu", [graph.node("Add", [slim, slim_bias], f"{i}.slim")], f"{i}.slim.gelu"
        )
        slim = graph.float_product(slim, f"{i}.slim.thought", back[few])
        thought = graph.node("Add", [thought, slim], f"{i}.all")
        x = normed(
            added(thought, x, f"{i}.added", shrink),
            f"hidden.{i + 1}",
            f"{layer}.output.LayerNorm",
            shrinks[i + 1],
        )

    _add_outputs(graph, x, pooling_weights, head, projection)
    floats = TensorProto.FLOAT
    made = helper.make_graph(
        graph.nodes,
        "encoder",
        [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["batch", "length"])],
        [
            helper.make_tensor_value_info("sentence_embedding", floats, ["batch", hidden]),
            helper.make_tensor_value_info(
                "token_vectors", floats, ["batch", "length", projection.shape[1]]
            ),
        ],
        list(graph.constants.values()),
    )
    model = helper.make_model(
        made,
        opset_imports=[helper.make_opsetid("", _OPSET), helper.make_opsetid(_MICROSOFT, 1)],
        ir_version=10,
        producer_name="fuente",
    )
    onnx.save(model, str(path))


def _add_outputs(
    graph: _Graph,
    x: str,
    pooling_weights: Floats | None,
    head: Floats | None,
    projection: Floats,
) -> None:
    """From the last hidden states ``x`` to the two outputs."""
    from onnx import TensorProto

    zero, one, two, minus_one, minus_two, end = (
        graph.constant(name, np.full(1, value, dtype=np.int64))
        for name, value in (
            ("zero", 0),
            ("one", 1),
            ("two", 2),
            ("minus.one", -1),
            ("minus.two", -2),
            ("end", 2**31),
        )
    )
    units = graph.node("LpNormalization", [x], "units", axis=-1, p=2)
    inner = graph.node("Slice", [units, one, minus_one, one], "units.inner")
    room = graph.constant("room", np.array([0, 2, 0, 0, 2, 0], dtype=np.int64))
    inner = graph.node("Pad", [inner, room], "units.room")
    before = graph.node("Slice", [inner, zero, minus_two, one], "units.before")
    after = graph.node("Slice", [inner, two, end, one], "units.after")
    beside = graph.node("Add", [before, after], "units.beside")
    part = graph.constant("neighbour", np.float32(_NEIGHBOUR))
    beside = graph.node("Mul", [beside, part], "units.part")
    tokens = graph.node("Add", [units, beside], "blended")
    tokens = graph.float_product(tokens, "projected", projection)
    graph.node("LpNormalization", [tokens], "token_vectors", axis=-1, p=2)
    if pooling_weights is None:
        total = graph.node("ReduceMean", [x, one], "total", keepdims=0)
    else:
        pooling = graph.constant("pooling", pooling_weights)
        share = graph.node("Gather", [pooling, "input_ids"], "share")
        share = graph.node("Unsqueeze", [share, one], "share.row")
        total = graph.node("MatMul", [share, x], "total.row")
        total = graph.node("Squeeze", [total, one], "total")
    if head is not None:
        # half the bytes; onnxruntime widens it once, when it loads
        half = graph.constant("head", head.astype(np.float16))
        turn = graph.node("Cast", [half], "head.float", to=TensorProto.FLOAT)
        total = graph.node("MatMul", [total, turn], "turned")
    graph.node("LpNormalization", [total], "sentence_embedding", axis=-1, p=2)


def export_encoder(
    model: Any,
    tokenizer: Any,
    out: Path,
    *,
    pooling_weights: npt.NDArray[np.floating] | None = None,
    head: npt.NDArray[np.floating] | None = None,
    late: Mapping[str, npt.NDArray[np.floating]],
    max_tokens: int,
    query_prefix: str = "",
    passage_prefix: str = "",
    texts: Sequence[str] = SAMPLE_TEXTS,
    name: str | None = None,
    log: Callable[[str], None] = print,
) -> None:
    """Write an encoder folder to ``out``, whole or not at all; a folder already there is replaced.

    ``model`` is a transformers ``BertModel`` with GELU, ``tokenizer`` the ``tokenizers.Tokenizer`` of its vocabulary, which
    puts one special token before a text and one after it; the folder gets ``with_foreign_letters`` of a WordPiece one.
    ``pooling_weights`` float32[n_pieces], >= 0: what a piece weighs in the mean of the token vectors; the first token of a text
    weighs at least 1e-6, so that a text of nothing but special and unknown pieces has a vector too; None is the plain mean.
    ``head`` [hidden, hidden] is what the mean is multiplied with, stored as float16; None leaves it as it is. ``late`` holds
    ``projection`` [hidden, late_dim] and ``idf`` [n_pieces]; both are stored as float16. The prefixes stand before each
    question and each passage. ``texts`` show which channels
    are large, and the finished graph is compared with torch on the first 100. ``name`` is the name that
    the card carries, that of the folder when None. The folder holds the float16 weights, which sentence-transformers 5.5 and
    newer load in float32 (a WordWeights module before a weighted mean, a Dense one for a head), and the int8 graph of the same weights.

    :raises ValueError: when the tables do not fit the model, or the model is none this graph can express.
    :raises EncoderError: when the int8 vectors are far from those of the model.
    """
    config = model.config
    n_pieces, hidden = int(config.vocab_size), int(config.hidden_size)
    projection, idf = (np.asarray(late[part], dtype=np.float16) for part in ("projection", "idf"))
    if projection.shape[0] != hidden or idf.shape != (n_pieces,):
        raise ValueError(
            f"projection {projection.shape} and idf {idf.shape}; expected {hidden} lines and {n_pieces} pieces"
        )
    if config.hidden_act != "gelu" or max_tokens > config.max_position_embeddings:
        raise ValueError(
            f"a model with {config.hidden_act} and {config.max_position_embeddings} positions; "
            f"expected gelu and at least {max_tokens}"
        )
    tokenizer = with_foreign_letters(tokenizer)
    tokenizer.no_padding()
    tokenizer.no_truncation()
    pooling = _checked_pooling(pooling_weights, n_pieces, tokenizer.encode("").ids[0])
    turn = _checked_head(head, hidden)
    model = model.to("cpu").float().eval()

    partial = out.with_name(f".{out.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    prompts = {"query": query_prefix, "document": passage_prefix}
    _save_for_torch(model, tokenizer, pooling, turn, prompts, partial, max_tokens)
    weights = {key: value.float().numpy() for key, value in model.state_dict().items()}
    largest = largest_activations(model, tokenizer, texts)
    write_graph(
        weights,
        config,
        pooling,
        turn,
        projection.astype(np.float32),
        largest,
        partial / ONNX_FILE,
        max_tokens=max_tokens,
    )
    with (partial / LATE_FILE).open("wb") as file:
        np.savez_compressed(file, projection=projection, idf=idf)
    card = {
        "name": name or out.name,
        "dim": hidden,
        "max_tokens": max_tokens,
        "pooling": "mean" if pooling is None else "weighted mean",
        "query_prefix": query_prefix,
        "passage_prefix": passage_prefix,
    }
    _write_json(partial / CARD_FILE, card)
    least = _least_cosine(partial, texts[:100])
    if not least >= _LEAST_COSINE:  # nor when it is not a number
        raise EncoderError(
            f"{partial}: the int8 graph and the model in torch agree to a cosine of {least:.3f} only; expected at "
            f"least {_LEAST_COSINE}; look for weights that are not finite or far larger than the rest"
        )
    shutil.rmtree(out, ignore_errors=True)
    partial.replace(out)
    size = sum(f.stat().st_size for f in out.rglob("*") if f.is_file())
    log(f"exported {out}: {size / 1e6:.1f} MB, int8 against float32: cosine {least:.4f} or more")


def _checked_pooling(
    weights: npt.NDArray[np.floating] | None, n_pieces: int, first: int
) -> Floats | None:
    """The weights of the mean as they are stored; ``first`` is the piece that begins every text."""
    if weights is None:
        return None
    pooling = np.array(weights, dtype=np.float32)
    if pooling.shape != (n_pieces,) or not (np.isfinite(pooling) & (pooling >= 0)).all():
        raise ValueError(
            f"pooling weights of shape {pooling.shape}; expected {n_pieces} finite ones, none negative"
        )
    pooling[first] = max(pooling[first], _CLS_WEIGHT)
    # four digits, as the configuration of WordWeights writes them
    return np.array([float(f"{weight:.4g}") for weight in pooling], dtype=np.float32)


def _checked_head(head: npt.NDArray[np.floating] | None, hidden: int) -> Floats | None:
    if head is None:
        return None
    turn = np.asarray(head, dtype=np.float16).astype(np.float32)
    if turn.shape != (hidden, hidden) or not np.isfinite(turn).all():
        raise ValueError(
            f"a head of shape {turn.shape}; expected {hidden} lines of {hidden}, all finite"
        )
    return turn


def _special_tokens(tokenizer: Any, pad_id: int) -> dict[str, str]:
    """The special tokens by the names that transformers has for them."""
    model = json.loads(tokenizer.to_str())["model"]
    first, last = tokenizer.encode("").tokens
    found = {
        "cls_token": first,
        "sep_token": last,
        "pad_token": tokenizer.id_to_token(pad_id),
        "unk_token": model.get("unk_token") or tokenizer.id_to_token(model.get("unk_id") or 0),
    }
    for token in ("[MASK]", "<mask>"):
        if tokenizer.token_to_id(token) is not None:
            found["mask_token"] = token
    return found


def _write_json(path: Path, facts: Any) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(facts, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _save_for_torch(
    model: Any,
    tokenizer: Any,
    pooling: Floats | None,
    head: Floats | None,
    prompts: Mapping[str, str],
    folder: Path,
    max_tokens: int,
) -> None:
    """Save the sentence-transformers part of the folder.

    Its configuration is written here and not by sentence-transformers, which writes the paths and keys of its own version:
    those below have been read by every version since 2.
    """
    from safetensors.numpy import save_file

    hidden = int(model.config.hidden_size)
    model.half().save_pretrained(folder)
    model.float()
    # stored in half precision, computed in full: half is slow on a processor, and some modules know only full
    config = json.loads((folder / "config.json").read_text("utf-8"))
    _write_json(folder / "config.json", {**config, "dtype": "float32"})
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    facts = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": max_tokens,
        "model_input_names": ["input_ids", "attention_mask"],
        **_special_tokens(tokenizer, int(model.config.pad_token_id)),
    }
    _write_json(folder / "tokenizer_config.json", facts)
    _write_json(
        folder / "sentence_bert_config.json", {"max_seq_length": max_tokens, "do_lower_case": False}
    )
    _write_json(
        folder / "config_sentence_transformers.json",
        {"prompts": dict(prompts), "default_prompt_name": None, "similarity_fn_name": "cosine"},
    )
    modules = [("Transformer", "")]
    if pooling is not None:
        modules.append(("WordWeights", f"{len(modules)}_WordWeights"))
        vocab = tokenizer.get_vocab()
        pieces = sorted(vocab, key=vocab.__getitem__)
        shares = {
            piece: float(f"{weight:.4g}") for piece, weight in zip(pieces, pooling, strict=True)
        }
        words = {"vocab": pieces, "word_weights": shares, "unknown_word_weight": 0.0}
        place = folder / modules[-1][1]
        place.mkdir()
        # it names every piece twice: without spaces a third of the size
        text = json.dumps(words, ensure_ascii=False, separators=(",", ":"))
        (place / "config.json").write_text(text + "\n", "utf-8")
        save_file({"emb_layer.weight": pooling[:, None].copy()}, place / "model.safetensors")
    modules.append(("Pooling", f"{len(modules)}_Pooling"))
    mean = {"word_embedding_dimension": hidden, "pooling_mode_mean_tokens": True}
    others = ("cls_token", "max_tokens", "mean_sqrt_len_tokens")
    mean |= {f"pooling_mode_{other}": False for other in others}
    _write_json(folder / modules[-1][1] / "config.json", mean)
    if head is not None:
        modules.append(("Dense", f"{len(modules)}_Dense"))
        turn = {
            "in_features": hidden,
            "out_features": hidden,
            "bias": False,
            "activation_function": "torch.nn.modules.linear.Identity",
        }
        _write_json(folder / modules[-1][1] / "config.json", turn)
        half = np.ascontiguousarray(head.T.astype(np.float16))
        save_file({"linear.weight": half}, folder / modules[-1][1] / "model.safetensors")
    modules.append(("Normalize", f"{len(modules)}_Normalize"))
    listed = [
        {"idx": i, "name": str(i), "path": path, "type": f"sentence_transformers.models.{kind}"}
        for i, (kind, path) in enumerate(modules)
    ]
    _write_json(folder / "modules.json", listed)


def _least_cosine(folder: Path, texts: Sequence[str]) -> float:
    """The least cosine of the int8 and the torch vector of a text, both as the folder gives them."""
    ours = OnnxEncoder(folder, threads=1).encode_passages(texts)
    theirs = SentenceTransformerEncoder(str(folder)).encode_passages(texts)
    return float((ours * theirs).sum(axis=1).min())
