"""The folder that an encoder is exported to: two runtimes of the same weights, and nothing half-written."""

import json

import numpy as np
import pytest

from corpus.document import EncoderError
from index.encoder import SentenceTransformerEncoder, load_encoder
from index.export import export_encoder, late_interaction_tables, with_foreign_letters

pytest.importorskip("onnx", reason="the packages for training are not installed")

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
pytestmark = pytest.mark.filterwarnings("ignore")


def tokenizer_of(pieces):
    from index.train import _wordpiece

    return _wordpiece({piece: i for i, piece in enumerate(pieces)})


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


def export(out, model=None, pooling_weights=None, late=None, max_tokens=40, name=None):
    lines = []
    export_encoder(
        model or small_model(),
        tokenizer_of(PIECES),
        out,
        pooling_weights=weights() if pooling_weights is None else pooling_weights,
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


def by_hand(text, pooling):
    """The vector as the formula says: the direction of the weighted sum of the token vectors."""
    import torch

    ids = tokenizer_of(PIECES).encode(text).ids[:40]
    with torch.no_grad():
        hidden = small_model()(input_ids=torch.tensor([ids])).last_hidden_state[0].numpy()
    total = (pooling[ids][:, None] * hidden).sum(axis=0)
    return total / np.linalg.norm(total)


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


def test_token_vectors_are_those_of_the_projection(exported):
    import torch

    _, ours, _ = exported
    [whole] = ours.encode_tokens(["la niña"], "query")
    ids = tokenizer_of(PIECES).encode("la niña").ids
    with torch.no_grad():
        hidden = small_model()(input_ids=torch.tensor([ids])).last_hidden_state[0, 1:-1].numpy()
    expected = hidden @ tables()["projection"]
    expected /= np.linalg.norm(expected, axis=1, keepdims=True)
    assert whole.tokens.shape == (2, 16)
    assert whole.tokens.dtype == np.float32
    assert (whole.tokens * expected).sum(axis=1).min() > 0.98
    np.testing.assert_allclose(np.linalg.norm(whole.tokens, axis=1), 1, atol=1e-5)
    idf = tables()["idf"].astype(np.float16)
    of_pieces = [idf[PIECES.index("la")], idf[PIECES.index("niña")]]
    np.testing.assert_allclose(whole.weights, of_pieces, rtol=1e-3)


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
        ({"max_tokens": 41}, "40 positions; expected gelu and at least 41"),
    ],
    ids=["length", "nan", "negative", "idf", "positions"],
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
