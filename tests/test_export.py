"""The folder that an encoder is exported to: two runtimes of the same weights, and nothing half-written."""

import json

import numpy as np
import pytest
from conftest import needs_training

from corpus.document import EncoderError
from index.encoder import load_encoder
from index.models.sentence import SentenceTransformerEncoder
from index.training.export import (
    _NEIGHBOUR,
    _add_outputs,
    _Graph,
    export_encoder,
    late_interaction_tables,
    with_foreign_letters,
)

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
WORDS = ["la", "niña", "the", "girl", "cruzó", "crossed", "puente", "bridge", "el", "126", "¿", "?"]
PIECES = [*SPECIAL, *WORDS]
TEXTS = [
    "¿La niña cruzó el puente?",
    "The girl crossed the bridge 126",
    "la",
    "niña girl niña",
    "el puente " * 20,
]

# torch and transformers warn about themselves while a model is saved
pytestmark = [pytest.mark.filterwarnings("ignore"), needs_training]


def tokenizer_of(pieces):
    from index.training.train import _wordpiece

    return _wordpiece({piece: i for i, piece in enumerate(pieces)})


# of SentencePiece: a mark before each word, and a score
UNIGRAM = ["<s>", "<pad>", "</s>", "<unk>", "▁", *(f"▁{w}" for w in WORDS), "▁query:", "▁passage:"]


def unigram_tokenizer():
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

    pieces = [(piece, -8.0 if piece == "▁" else -2.0) for piece in UNIGRAM]
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=3, byte_fallback=False))
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    return tokenizer


def small_model(**facts):
    """A BERT of two layers with random weights, always the same."""
    import torch
    from transformers import BertConfig, BertModel

    torch.manual_seed(3)
    settings = {
        "vocab_size": len(PIECES),
        "hidden_size": 64,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "intermediate_size": 96,
        "max_position_embeddings": 40,
    }
    return BertModel(BertConfig(**{**settings, **facts}), add_pooling_layer=False).eval()


def tables():
    rng = np.random.default_rng(2)
    projection = np.linalg.qr(rng.standard_normal((64, 16)))[0]
    return {"projection": projection, "idf": np.linspace(0.5, 2, len(PIECES))}


def weights():
    """A weight for every piece, none for the special ones."""
    found = np.linspace(0.1, 3, len(PIECES)).astype(np.float32)
    found[: len(SPECIAL)] = 0
    return found


def turned():
    """A head that is far from leaving the mean as it is."""
    return np.eye(64) + np.random.default_rng(5).standard_normal((64, 64)) * 0.2


def export(out, model=None, pooling_weights=None, head=None, late=None, max_tokens=40, name=None):
    lines = []
    export_encoder(
        model or small_model(),
        tokenizer_of(PIECES),
        out,
        pooling_weights=weights() if pooling_weights is None else pooling_weights,
        head=head,
        late=late or tables(),
        max_tokens=max_tokens,
        name=name,
        log=lines.append,
    )
    return lines


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """A folder; the encoder that onnxruntime runs, and the one that torch runs."""
    folder = tmp_path_factory.mktemp("export") / "pequeño"
    [line] = export(folder)
    assert line.startswith(f"exported {folder}: ")
    return folder, load_encoder(str(folder)), SentenceTransformerEncoder(str(folder))


def unit(rows):
    return rows / np.linalg.norm(rows, axis=-1, keepdims=True)


def hidden_of(ids):
    """The last hidden states of a text, by torch: float32[n, 64]."""
    import torch

    with torch.no_grad():
        return small_model()(input_ids=torch.tensor([ids])).last_hidden_state[0].numpy()


def by_hand(text, pooling, head=None):
    """The vector as the formula says: the direction of (the weighted sum of the token vectors) @ head."""
    ids = tokenizer_of(PIECES).encode(text).ids[:40]
    total = pooling[ids] @ hidden_of(ids)
    return unit(total if head is None else total @ head)


def blended(hidden, projection):
    """Token vectors as the formula says, of the pieces between the first and the last token, one by one."""
    units = unit(hidden)[1:-1]
    found = []
    for i, own in enumerate(units):
        total = own.copy()
        if i:
            total += 0.2 * units[i - 1]
        if i + 1 < len(units):
            total += 0.2 * units[i + 1]
        found.append(unit(total @ projection))
    return np.array(found).reshape(-1, projection.shape[1])


def test_both_runtimes_give_the_weighted_mean(exported):
    _, ours, theirs = exported
    for text, int8, torch_row in zip(
        TEXTS, ours.encode_passages(TEXTS), theirs.encode_passages(TEXTS), strict=True
    ):
        if len(text) < 100:
            expected = by_hand(text, weights())
            assert torch_row @ expected > 0.9999
        assert int8 @ torch_row > 0.98


def test_a_piece_without_weight_does_not_move_the_vector(tmp_path):
    pooling = np.zeros(len(PIECES), dtype=np.float32)
    niña = PIECES.index("niña")
    pooling[niña] = 1
    export(tmp_path / "uno", pooling_weights=pooling)
    [row] = load_encoder(str(tmp_path / "uno")).encode_passages(["la niña cruzó el puente"])
    assert row @ by_hand("la niña cruzó el puente", pooling) > 0.98


@pytest.mark.parametrize("text", ["", "漢字", "xyz zyx", "😀"])
def test_a_text_of_unknown_pieces_only_has_a_finite_unit_vector(exported, text):
    _, ours, theirs = exported
    for encoder in (ours, theirs):
        [row] = encoder.encode_passages([text])
        assert np.linalg.norm(row) == pytest.approx(1, abs=1e-4)
    assert ours.encode_passages([text])[0] @ theirs.encode_passages([text])[0] > 0.98


def test_a_text_has_the_same_vector_alone_among_others_and_on_any_number_of_threads(exported):
    folder, ours, _ = exported
    together = ours.encode_passages(TEXTS)
    for threads in (1, 3):
        other = load_encoder(str(folder), threads=threads)
        for text, row in zip(TEXTS, together, strict=True):
            np.testing.assert_array_equal(other.encode_passages([text])[0], row)


def test_the_card_says_what_was_exported(exported, tmp_path):
    folder, ours, theirs = exported
    card = ours.card
    assert (card.name, card.dim, card.max_tokens) == ("pequeño", 64, 40)
    assert card.pooling == "weighted mean"
    assert theirs.card.max_tokens == 40
    export(tmp_path / "carpeta", name="otro-nombre")
    facts = json.loads((tmp_path / "carpeta" / "fuente.json").read_text("utf-8"))
    assert facts["name"] == "otro-nombre"
    assert not [p for p in folder.parent.iterdir() if p.name.startswith(".")]


def test_the_vector_of_both_runtimes_is_turned_by_the_head(tmp_path):
    folder = tmp_path / "girado"
    export(folder, head=turned())
    ours, theirs = load_encoder(str(folder)), SentenceTransformerEncoder(str(folder))
    for text, int8, torch_row in zip(
        TEXTS[:4], ours.encode_passages(TEXTS), theirs.encode_passages(TEXTS), strict=False
    ):
        expected = by_hand(text, weights(), turned())
        # the head stands there, and it is not its transpose
        assert expected @ by_hand(text, weights()) < 0.9
        assert expected @ by_hand(text, weights(), turned().T) < 0.9
        assert torch_row @ expected > 0.9999
        assert int8 @ expected > 0.98


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """The encoders of a folder with a Unigram vocabulary, the plain mean of all tokens and a prefix for either kind of text."""
    folder = tmp_path_factory.mktemp("plain") / "llano"
    model = small_model(vocab_size=len(UNIGRAM), pad_token_id=1)
    late = {**tables(), "idf": np.linspace(0.5, 2, len(UNIGRAM))}
    export_encoder(
        model,
        unigram_tokenizer(),
        folder,
        late=late,
        max_tokens=40,
        query_prefix="query: ",
        passage_prefix="passage: ",
        log=lambda _: None,
    )
    return model, folder, load_encoder(str(folder)), SentenceTransformerEncoder(str(folder))


def test_a_plain_mean_with_prefixes_is_the_same_in_both_runtimes(plain):
    import torch

    model, folder, ours, theirs = plain
    assert sorted(p.name for p in folder.iterdir() if p.is_dir()) == ["1_Pooling"]
    assert (ours.card.pooling, ours.card.query_prefix) == ("mean", "query: ")
    assert (theirs.card.query_prefix, theirs.card.passage_prefix) == ("query: ", "passage: ")
    with torch.no_grad():
        for text in ("la niña cruzó el puente", "the girl", "漢字", ""):
            for prefix, encode in (
                ("query: ", "encode_queries"),
                ("passage: ", "encode_passages"),
            ):
                ids = torch.tensor([unigram_tokenizer().encode(prefix + text).ids])
                expected = unit(model(input_ids=ids).last_hidden_state[0].numpy().mean(axis=0))
                assert getattr(theirs, encode)([text])[0] @ expected > 0.9999
                assert getattr(ours, encode)([text])[0] @ expected > 0.98


def test_tokens_that_begin_with_a_space_stand_at_their_words(plain):
    text = "la  niña cruzó"
    for encoder in plain[2:]:
        [whole] = encoder.encode_tokens([text], "query")
        spans = list(zip(whole.starts, whole.ends, strict=True))
        assert [text[a:b] for a, b in spans] == ["la", "niña", "cruzó"]
        assert len(whole.tokens) == 3


def test_special_tokens_are_named_as_transformers_names_them(plain, exported):
    named = {"cls_token": "<s>", "sep_token": "</s>", "pad_token": "<pad>", "unk_token": "<unk>"}
    facts = json.loads((plain[1] / "tokenizer_config.json").read_text("utf-8"))
    assert {key: facts.get(key) for key in named} == named
    assert "mask_token" not in facts
    facts = json.loads((exported[0] / "tokenizer_config.json").read_text("utf-8"))
    assert {facts[f"{kind}_token"] for kind in ("cls", "sep", "pad", "unk", "mask")} == set(SPECIAL)


@pytest.mark.parametrize("n_pieces", [0, 1, 2, 3, 9])
def test_the_outputs_of_the_graph_are_those_of_the_formula(n_pieces):
    import onnxruntime
    from onnx import TensorProto, helper

    graph = _Graph()
    projection = tables()["projection"].astype(np.float32)
    _add_outputs(graph, "x", weights(), turned().astype(np.float32), projection)
    floats = TensorProto.FLOAT
    made = helper.make_graph(
        graph.nodes,
        "outputs",
        [
            helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["batch", "length"]),
            helper.make_tensor_value_info("x", floats, ["batch", "length", 64]),
        ],
        [
            helper.make_tensor_value_info("sentence_embedding", floats, ["batch", 64]),
            helper.make_tensor_value_info("token_vectors", floats, ["batch", "length", 16]),
        ],
        list(graph.constants.values()),
    )
    model = helper.make_model(
        made, opset_imports=[helper.make_opsetid("", 20)], ir_version=10
    ).SerializeToString()
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    rng = np.random.default_rng(n_pieces)
    hidden = rng.standard_normal((n_pieces + 2, 64)).astype(np.float32)
    ids = np.array([2, *rng.integers(5, len(PIECES), n_pieces), 3])
    # what stands first and last is of no piece, and seen by none
    other = hidden.copy()
    other[[0, -1]] = rng.standard_normal((2, 64)) * 30
    for states in (hidden, other):
        pooling, tokens = session.run(
            ["sentence_embedding", "token_vectors"], {"input_ids": ids[None], "x": states[None]}
        )
        assert tokens.shape == (1, n_pieces + 2, 16)
        np.testing.assert_allclose(tokens[0, 1:-1], blended(hidden, projection), atol=1e-5)
        if n_pieces:
            head = turned().astype(np.float16).astype(np.float32)
            expected = unit(weights()[ids] @ hidden @ head)
            np.testing.assert_allclose(pooling[0], expected, atol=1e-5)


@pytest.mark.parametrize("text", ["", "la", "la niña", "¿La niña cruzó el puente 126?"])
def test_token_vectors_take_in_their_neighbours(exported, text):
    _, ours, _ = exported
    assert _NEIGHBOUR == 0.2
    [whole] = ours.encode_tokens([text], "query")
    ids = tokenizer_of(PIECES).encode(text).ids
    expected = blended(hidden_of(ids), tables()["projection"])
    assert whole.tokens.shape == (len(ids) - 2, 16)
    assert whole.tokens.dtype == np.float32
    np.testing.assert_allclose((whole.tokens * expected).sum(axis=1), 1, atol=0.02)
    np.testing.assert_allclose(np.linalg.norm(whole.tokens, axis=1), 1, atol=1e-5)
    idf = tables()["idf"].astype(np.float16)
    np.testing.assert_allclose(whole.weights, idf[ids[1:-1]], rtol=1e-3)


def test_a_text_that_was_cut_has_the_tokens_of_its_beginning(exported):
    _, ours, _ = exported
    text = "la niña cruzó el puente 126 " * 12
    [whole] = ours.encode_tokens([text], "passage")
    ids = tokenizer_of(PIECES).encode(text).ids
    assert len(ids) > 60
    cut = [*ids[:39], ids[-1]]
    expected = blended(hidden_of(cut), tables()["projection"])
    assert whole.tokens.shape == (38, 16)
    assert whole.ends[-1] < len(text) / 1.8
    np.testing.assert_allclose((whole.tokens * expected).sum(axis=1), 1, atol=0.02)


def test_an_export_replaces_a_folder_and_what_a_stopped_one_left(tmp_path):
    out = tmp_path / "codificador"
    for folder in (out, tmp_path / ".codificador.partial"):
        folder.mkdir()
        (folder / "old.txt").write_text("old", "utf-8")
    export(out)
    assert not (out / "old.txt").exists()
    assert [p.name for p in tmp_path.iterdir()] == ["codificador"]
    assert load_encoder(str(out)).count_tokens("la niña") == 2


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"pooling_weights": np.ones(3)}, r"shape \(3,\); expected 17"),
        ({"pooling_weights": np.full(len(PIECES), np.nan)}, "finite"),
        ({"pooling_weights": np.full(len(PIECES), -1.0)}, "none negative"),
        ({"late": {**tables(), "idf": np.ones(4)}}, r"idf \(4,\); expected 64 lines and 17"),
        ({"head": np.eye(63)}, r"head of shape \(63, 63\); expected 64 lines of 64, all finite"),
        ({"head": np.full((64, 64), np.inf)}, "all finite"),
        ({"max_tokens": 41}, "40 positions; expected gelu and at least 41"),
    ],
    ids=["length", "nan", "negative", "idf", "head", "infinite", "positions"],
)
def test_tables_that_do_not_fit_are_refused_and_the_folder_stays(tmp_path, wrong, message):
    out = tmp_path / "codificador"
    out.mkdir()
    with pytest.raises(ValueError, match=message):
        export(out, **wrong)
    assert [p.name for p in tmp_path.iterdir()] == ["codificador"]


def test_another_activation_is_refused(tmp_path):
    with pytest.raises(ValueError, match="a model with relu"):
        export(tmp_path / "x", model=small_model(hidden_act="relu"))


def test_weights_that_half_precision_cannot_hold_are_told_in_one_line(tmp_path):
    import torch

    model = small_model()
    with torch.no_grad():
        model.encoder.layer[0].output.dense.bias[0] = 1e6
    with pytest.raises(
        EncoderError, match=r"agree to a cosine of nan only; expected at least 0\.95"
    ) as e:
        export(tmp_path / "x", model=model)
    assert "\n" not in str(e.value)
    assert not (tmp_path / "x").exists()


def test_rare_pieces_weigh_more_and_the_projection_is_orthonormal():
    pairs = [("the girl", "la niña"), ("the bridge", "el puente"), ("the girl", "la niña")] * 10
    found = late_interaction_tables(small_model(), tokenizer_of(PIECES), pairs, dim=8)
    assert found["projection"].shape == (64, 8)
    columns = found["projection"].astype(np.float32)
    np.testing.assert_allclose(columns.T @ columns, np.eye(8), atol=5e-3)
    idf = dict(zip(PIECES, found["idf"].astype(float), strict=True))
    assert idf["the"] < idf["girl"] < idf["bridge"]
    assert idf["la"] < idf["puente"]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("El 3º", ["el", "3", "##o"]),
        ("Dođo o dogo", ["[UNK]", "o", "do", "##g", "##o"]),
        ("DOĞO", ["do", "##g", "##o"]),
        ("dộ", ["do"]),
        ("año", ["a", "##ñ", "##o"]),
        ("Ç", ["[UNK]"]),
    ],
)
def test_a_letter_without_a_piece_is_read_without_its_marks(text, tokens):
    pieces = [*SPECIAL, "el", "3", "do", "o", "##o", "g", "##g", "a", "##a", "ñ", "##ñ", "n", "##n"]
    mended = with_foreign_letters(tokenizer_of(pieces))
    encoding = mended.encode(text, add_special_tokens=False)
    assert encoding.tokens == tokens
    covered = {i for start, end in encoding.offsets for i in range(start, end)}
    assert covered == {i for i, c in enumerate(text) if not c.isspace()}
