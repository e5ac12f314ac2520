"""How a trained encoder becomes the folder that ships: the weights for torch, the int8 graph for a processor, the tables.

The graph is written node by node rather than traced from torch: it holds what one text needs and nothing else – no
padding mask, the three projections of attention as one product, bias and scales inside each product – and the int8
products are those that onnxruntime runs with one scale for the activations of a text and one for each output column
of the weights. The packages are imported inside the functions that use them.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from corpus.document import EncoderError
from index.encoder import CARD_FILE, LATE_FILE, ONNX_FILE, OnnxEncoder
from index.models.sentence import SentenceTransformerEncoder
from index.training.e5 import PASSAGE_PREFIX, QUERY_PREFIX

Floats = npt.NDArray[np.float32]

OPSET = 23  # the first with Attention
MICROSOFT = "com.microsoft"  # onnxruntime's own operators

# Int8 has one scale for all activations of a text, so one large channel leaves few steps to the rest. Of the input of
# a product, channels this many times as large as the median one are made smaller and their weights larger (Xiao et
# al. 2023, arXiv:2211.10438). Of the neurons, whose GELU no scale passes, at most so many are computed in float32: those
# that are larger than the next one after them by that factor (in seven of twelve layers there is one, up to twelve times as large).
_LARGE = 1.5
_FLOAT_NEURONS = 8

# Of what the neurons of a layer say, those that say least are left out up to this share, and what they say on average is
# added in their place. Three quarters of the last layer's go.
_UNHEARD = 2e-4

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


class Graph:
    """Nodes and constants of an ONNX graph, in the order in which they are added."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: dict[str, Any] = {}

    def constant(self, name: str, values: npt.ArrayLike) -> str:
        """Adds a constant; gives its name."""
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
        """The norm of ``x``, with that gain and shift."""
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
            domain=MICROSOFT,
        )

    def float_product(self, x: str, output: str, weight: Floats) -> str:
        """``x @ weight`` in float32."""
        return self.node("MatMul", [x, self.constant(f"{output}.weight", weight)], output)


def _int8(values: Floats, *, axis: int) -> tuple[npt.NDArray[np.int8], Floats]:
    """Whole numbers of -127..127 and the scales that bring them back, one for each line along ``axis``."""
    scales = np.maximum(np.abs(values).max(axis=axis, keepdims=True), 1e-12) / 127
    return np.rint(values / scales).astype(np.int8), scales.astype(np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Activity:
    """What enters a linear layer over some texts, float32[n_in] each: of every channel the ``largest`` absolute value, the
    ``mean``, and the ``spread`` around it, a standard deviation."""

    largest: Floats
    mean: Floats
    spread: Floats


def activities(model: Any, tokenizer: Any, texts: Sequence[str]) -> dict[str, Activity]:
    """The activity before every linear layer, by the name of the layer as in ``BertModel.named_modules()``."""
    import torch

    largest: dict[str, Any] = {}
    sums: dict[str, Any] = {}
    squares: dict[str, Any] = {}
    n = 0

    def watch(name: str) -> Callable[[Any, Any], None]:
        def keep(_: Any, inputs: Any) -> None:
            rows = inputs[0].detach().flatten(0, -2)
            most = rows.abs().amax(0)
            largest[name] = torch.maximum(largest.get(name, most), most)
            rows = rows.double()
            sums[name] = sums.get(name, 0) + rows.sum(0)
            squares[name] = squares.get(name, 0) + rows.square().sum(0)

        return keep

    hooks = [
        layer.register_forward_pre_hook(watch(name))
        for name, layer in model.named_modules()
        if isinstance(layer, torch.nn.Linear) and name.startswith("encoder.")
    ]
    limit = int(model.config.max_position_embeddings)
    with torch.no_grad():
        for text in texts:
            ids = tokenizer.encode(text).ids[:limit]
            model(input_ids=torch.tensor([ids]))
            n += len(ids)
    for hook in hooks:
        hook.remove()
    found = {}
    for name in largest:
        mean = sums[name] / n
        spread = (squares[name] / n - mean.square()).clamp_min(0).sqrt()
        found[name] = Activity(largest[name].numpy(), mean.float().numpy(), spread.float().numpy())
    return found


def shrinking(largest: Floats) -> Floats:
    """What to divide each channel by, float32[n], 1 for all but the large ones."""
    factors: Floats = np.maximum(1, largest / (_LARGE * np.median(largest))).astype(np.float32)
    return factors


def _neurons(activity: Activity, back: Floats) -> tuple[Any, Any, Any]:
    """Which neurons are computed in float32, which in int8, and which not at all, int64[n] each; ``back`` float32[n, hidden] is
    what each adds to the hidden state."""
    order = np.argsort(-activity.largest, kind="stable")
    sizes = activity.largest[order]
    n_float = int((sizes[:_FLOAT_NEURONS] > _LARGE * sizes[_FLOAT_NEURONS]).sum())
    few, rest = order[:n_float], np.sort(order[n_float:])
    said = np.square(activity.spread * np.linalg.norm(back, axis=1))[rest]
    quiet = np.argsort(said, kind="stable")
    heard = ~(np.cumsum(said[quiet]) <= _UNHEARD * said.sum())  # what is no number is heard
    return few, np.sort(rest[quiet[heard]]), np.sort(rest[quiet[~heard]])


def write_graph(
    weights: Mapping[str, Floats],
    config: Any,
    head: tuple[Floats, Floats],
    sentence: tuple[Floats, Floats],
    activity: Mapping[str, Activity],
    path: Path,
    *,
    max_tokens: int,
) -> None:
    """Write the int8 graph of a BERT encoder to ``path``.

    ``weights`` are those of ``BertModel.state_dict()``, ``config`` its configuration, ``head`` the weight float32[late_dim,
    hidden] and the bias float32[late_dim] of the token vectors, ``sentence`` the weight float32[hidden, hidden] and the bias
    float32[hidden] of the sentence vectors, ``activity`` what ``activities`` found. The graph takes
    ``input_ids`` int64[batch, length] of texts of one length, without padding, and gives
    ``sentence_embedding`` float32[batch, hidden], unit rows: the direction of weight @ u + bias, where u is the direction of
    the mean of the hidden states, and
    ``token_vectors`` float32[batch, length, late_dim], unit rows: the directions of weight @ h + bias.
    """
    import onnx
    from onnx import TensorProto, helper

    hidden = int(config.hidden_size)
    graph = Graph()
    n_layers, n_heads = int(config.num_hidden_layers), int(config.num_attention_heads)
    # what each hidden state is divided by; the last one goes out as it is
    shrinks = [
        shrinking(activity[f"encoder.layer.{i}.attention.self.query"].largest)
        for i in range(n_layers)
    ]
    shrinks.append(np.ones(hidden, dtype=np.float32))
    layers = Layers(graph, weights, float(config.layer_norm_eps))
    x = layers.normed(
        _add_rows(graph, weights, max_tokens), "hidden.0", "embeddings.LayerNorm", shrinks[0]
    )
    graph.constant("thirds", np.full(3, hidden, dtype=np.int64))
    for i in range(n_layers):
        middle = shrinking(activity[f"encoder.layer.{i}.intermediate.dense"].largest)
        x = layers.attention(i, x, n_heads, shrinks[i], middle)
        x = layers.thought(
            i, x, activity[f"encoder.layer.{i}.output.dense"], middle, shrinks[i + 1]
        )
    weight, bias = head
    tokens = graph.float_product(x, "projected", np.ascontiguousarray(weight.T))
    tokens = graph.node("Add", [tokens, graph.constant("projected.bias", bias)], "moved")
    graph.node("LpNormalization", [tokens], "token_vectors", axis=-1, p=2)
    one = graph.constant("one", np.ones(1, dtype=np.int64))
    mean = graph.node("ReduceMean", [x, one], "mean", keepdims=0)
    mean = graph.node("LpNormalization", [mean], "direction", axis=-1, p=2)
    floats = TensorProto.FLOAT
    weight, bias = sentence
    # as half as many bytes: they are widened when the graph is opened
    halves = graph.constant("turned.weight", weight.T.astype(np.float16))
    mean = graph.node("MatMul", [mean, graph.node("Cast", [halves], "turn", to=floats)], "turned")
    mean = graph.node("Add", [mean, graph.constant("turned.bias", bias)], "centred")
    graph.node("LpNormalization", [mean], "sentence_embedding", axis=-1, p=2)
    made = helper.make_graph(
        graph.nodes,
        "encoder",
        [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["batch", "length"])],
        [
            helper.make_tensor_value_info("sentence_embedding", floats, ["batch", hidden]),
            helper.make_tensor_value_info("token_vectors", floats, ["batch", "length", len(bias)]),
        ],
        list(graph.constants.values()),
    )
    model = helper.make_model(
        made,
        opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid(MICROSOFT, 1)],
        ir_version=11,
        producer_name="fuente",
    )
    onnx.save(model, str(path))


def _add_rows(graph: Graph, weights: Mapping[str, Floats], max_tokens: int) -> str:
    """The rows of the pieces and of their positions, one of each added."""
    from onnx import TensorProto

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
    # half the bytes; onnxruntime widens them once, when it loads
    half = graph.constant("positions.half", positions.astype(np.float16))
    wide = graph.node("Cast", [half], "positions", to=TensorProto.FLOAT)
    places = graph.node("Slice", [wide, zero, length, zero], "places")
    return graph.node("Add", [rows, places], "placed")


class Layers:
    """The two halves of every layer, added to a graph one after the other."""

    def __init__(self, graph: Graph, weights: Mapping[str, Floats], epsilon: float):
        self._graph = graph
        self._weights = weights
        self._epsilon = epsilon

    def _linear(self, name: str) -> tuple[Floats, Floats]:
        return self._weights[f"{name}.weight"].T, self._weights[f"{name}.bias"]

    def normed(self, x: str, output: str, name: str, shrink: Floats) -> str:
        """The norm of that name, each channel divided by ``shrink``."""
        gain, shift = (self._weights[f"{name}.{part}"] / shrink for part in ("weight", "bias"))
        return self._graph.norm(x, output, gain, shift, self._epsilon)

    def _added(self, x: str, shrunk: str, output: str, shrink: Floats) -> str:
        factor = self._graph.constant(f"{output}.factor", shrink)
        whole = self._graph.node("Mul", [shrunk, factor], f"{output}.whole")
        return self._graph.node("Add", [x, whole], output)

    def attention(self, i: int, x: str, n_heads: int, shrink: Floats, after: Floats) -> str:
        """What each token takes from the others; ``x`` is divided by ``shrink``, the result by ``after``."""
        graph, layer = self._graph, f"encoder.layer.{i}.attention"
        parts = [self._linear(f"{layer}.self.{part}") for part in ("query", "key", "value")]
        joint = graph.product(
            x,
            f"{i}.joint",
            np.concatenate([weight for weight, _ in parts], axis=1) * shrink[:, None],
            np.concatenate([bias for _, bias in parts]),
        )
        split = [f"{i}.query", f"{i}.key", f"{i}.value"]
        graph.node("Split", [joint, "thirds"], *split, axis=-1)
        context = graph.node(
            "Attention", split, f"{i}.context", q_num_heads=n_heads, kv_num_heads=n_heads
        )
        seen = graph.product(context, f"{i}.seen", *self._linear(f"{layer}.output.dense"))
        added = self._added(seen, x, f"{i}.attended", shrink)
        return self.normed(added, f"{i}.middle", f"{layer}.output.LayerNorm", after)

    def thought(self, i: int, x: str, activity: Activity, shrink: Floats, after: Floats) -> str:
        """What the neurons add to each token; ``x`` is divided by ``shrink``, the result by ``after``."""
        graph, layer = self._graph, f"encoder.layer.{i}"
        into, into_bias = self._linear(f"{layer}.intermediate.dense")
        back, back_bias = self._linear(f"{layer}.output.dense")
        few, many, silent = _neurons(activity, back)
        into = into * shrink[:, None]
        wide = graph.product(x, f"{i}.wide", into[:, many], into_bias[many])
        wide = graph.node("Gelu", [wide], f"{i}.wide.gelu", approximate="tanh")
        said = back_bias + activity.mean[silent] @ back[silent]
        thought = graph.product(wide, f"{i}.thought", back[many], said)
        if len(few):
            slim = graph.float_product(x, f"{i}.slim.product", into[:, few])
            slim_bias = graph.constant(f"{i}.slim.bias", into_bias[few])
            slim = graph.node("Add", [slim, slim_bias], f"{i}.slim")
            slim = graph.node("Gelu", [slim], f"{i}.slim.gelu", approximate="tanh")
            slim = graph.float_product(slim, f"{i}.slim.thought", back[few])
            thought = graph.node("Add", [thought, slim], f"{i}.all")
        added = self._added(thought, x, f"{i}.added", shrink)
        return self.normed(added, f"hidden.{i + 1}", f"{layer}.output.LayerNorm", after)


def export_encoder(
    model: Any,
    tokenizer: Any,
    out: Path,
    *,
    late: Mapping[str, npt.NDArray[np.floating]],
    sentence: tuple[npt.NDArray[np.floating], npt.NDArray[np.floating]],
    max_tokens: int,
    query_prefix: str = QUERY_PREFIX,
    passage_prefix: str = PASSAGE_PREFIX,
    texts: Sequence[str] = SAMPLE_TEXTS,
    name: str | None = None,
    log: Callable[[str], None] = print,
) -> None:
    """Write an encoder folder to ``out``, whole or not at all; a folder already there is replaced.

    ``model`` is a transformers ``BertModel`` with GELU, ``tokenizer`` the ``tokenizers.Tokenizer`` of its vocabulary, which
    puts one special token before a text and one after it. ``late`` holds ``head_weight`` [late_dim, hidden] and
    ``head_bias`` [late_dim], from a hidden state to a token vector, ``idf`` [n_pieces], what a piece of a question
    weighs, and ``stress`` [late_dim], by which its token counts more or less; all are stored as float16. ``sentence`` is a weight
    [hidden, hidden], stored as float16, and a bias [hidden], from the unit mean of the hidden states to the sentence vector (``SentenceHead``). The prefixes stand before each question and each passage. ``texts`` show which
    channels are large and which neurons are silent, and the finished graph is compared with torch on the first 100.
    ``name`` is the name that the card carries, that of the folder when None. The folder holds the float16 weights, which
    sentence-transformers 5.5 and newer load in float32, and the int8 graph of the same weights.

    :raises ValueError: when the tables do not fit the model, or the model is none this graph can express.
    :raises EncoderError: when the int8 vectors are far from those of the model.
    """
    config = model.config
    n_pieces, hidden = int(config.vocab_size), int(config.hidden_size)
    weight, bias, idf, stress = (
        np.asarray(late[part], dtype=np.float16)
        for part in ("head_weight", "head_bias", "idf", "stress")
    )
    if (
        weight.shape != (len(bias), hidden)
        or idf.shape != (n_pieces,)
        or stress.shape != bias.shape
    ):
        raise ValueError(
            f"a head of {weight.shape} and {bias.shape}, stress {stress.shape}, idf {idf.shape}; expected {hidden} columns, "
            f"a bias and a stress for every line, and {n_pieces} pieces"
        )
    # as the graph has it, in both runtimes
    turn = np.asarray(sentence[0], dtype=np.float16).astype(np.float32)
    moved = np.asarray(sentence[1], dtype=np.float32)
    if (turn.shape, moved.shape) != ((hidden, hidden), (hidden,)) or not (
        np.isfinite(turn).all() and np.isfinite(moved).all()
    ):
        raise ValueError(
            f"sentence vectors by {turn.shape} and {moved.shape}; expected {hidden} lines and columns and {hidden} numbers, "
            "all finite"
        )
    if config.hidden_act != "gelu" or max_tokens > config.max_position_embeddings:
        raise ValueError(
            f"a model with {config.hidden_act} and {config.max_position_embeddings} positions; "
            f"expected gelu and at least {max_tokens}"
        )
    tokenizer.no_padding()
    tokenizer.no_truncation()
    model = model.to("cpu").float().eval()

    partial = out.with_name(f".{out.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    prompts = {"query": query_prefix, "document": passage_prefix}
    _save_for_torch(model, tokenizer, (turn, moved), prompts, partial, max_tokens)
    # as the folder has them, so that both runtimes begin with the same weights
    weights = {key: value.half().float().numpy() for key, value in model.state_dict().items()}
    prefixes = (query_prefix, passage_prefix)
    seen = [prefixes[i % 2] + text for i, text in enumerate(texts)]
    write_graph(
        weights,
        config,
        (weight.astype(np.float32), bias.astype(np.float32)),
        (turn, moved),
        activities(model, tokenizer, seen),
        partial / ONNX_FILE,
        max_tokens=max_tokens,
    )
    with (partial / LATE_FILE).open("wb") as file:
        np.savez_compressed(file, head_weight=weight, head_bias=bias, idf=idf, stress=stress)
    card = {
        "name": name or out.name,
        "dim": hidden,
        "max_tokens": max_tokens,
        "pooling": "centred mean",
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
    sentence: tuple[Floats, Floats],
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
    mean = {"word_embedding_dimension": hidden, "pooling_mode_mean_tokens": True}
    others = ("cls_token", "max_tokens", "mean_sqrt_len_tokens")
    mean |= {f"pooling_mode_{other}": False for other in others}
    _write_json(folder / "1_Pooling" / "config.json", mean)
    place = folder / "3_Dense"
    same = {"in_features": hidden, "out_features": hidden, "bias": True}
    _write_json(
        place / "config.json", {**same, "activation_function": "torch.nn.modules.linear.Identity"}
    )
    weight, bias = (np.ascontiguousarray(part) for part in sentence)
    layer = {"linear.weight": weight, "linear.bias": bias}
    save_file(layer, place / "model.safetensors")
    modules = (
        ("Transformer", ""),
        ("Pooling", "1_Pooling"),
        ("Normalize", "2_Normalize"),
        ("Dense", "3_Dense"),
        ("Normalize", "4_Normalize"),
    )
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
