"""The folder that an encoder is exported to: two runtimes of the same weights, and nothing half-written."""

import json
import shutil

import numpy as np
import pytest
from conftest import needs_training

from corpus.document import EncoderError
from index.encoder import load_encoder
from index.models.sentence import SentenceTransformerEncoder
from index.training.e5 import SPECIAL_PIECES, make_tokenizer
from index.training.export import Activity, _neurons, activities, export_encoder

WORDS = ["la", "niña", "the", "girl", "cruzó", "crossed", "puente", "bridge", "el", "126", "¿", "?"]
PIECES = [*SPECIAL_PIECES, "▁", *(f"▁{word}" for word in WORDS), "?", "▁query", "▁passage", ":"]
TEXTS = [
    "¿La niña cruzó el puente?",
    "The girl crossed the bridge 126",
    "la",
    "niña girl niña",
    "el puente " * 12,
]

# torch and transformers warn about themselves while a model is saved
pytestmark = [pytest.mark.filterwarnings("ignore"), pytest.mark.slow, needs_training]


def tokenizer():
    return make_tokenizer(PIECES, [-8.0 if piece == "▁" else -2.0 for piece in PIECES])


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
        "type_vocab_size": 1,
        "pad_token_id": 1,
    }
    return BertModel(BertConfig(**{**settings, **facts}), add_pooling_layer=False).eval()


def tables():
    rng = np.random.default_rng(2)
    weight = np.linalg.qr(rng.standard_normal((64, 16)))[0].T
    bias = rng.standard_normal(16)
    idf, stress = np.linspace(0.5, 2, len(PIECES)), rng.standard_normal(16)
    return {"head_weight": weight, "head_bias": bias, "idf": idf, "stress": stress}


def sentence():
    """Far enough from no change to change the vectors."""
    rng = np.random.default_rng(6)
    turn = np.eye(64) + 0.05 * rng.standard_normal((64, 64))
    return turn.astype(np.float16).astype(np.float32), 0.05 * rng.standard_normal(64)


def export(out, model=None, late=None, turned=None, max_tokens=40, name=None):
    lines = []
    export_encoder(
        model or small_model(),
        tokenizer(),
        out,
        late=late or tables(),
        sentence=sentence() if turned is None else turned,
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


def token_vectors(ids):
    """As the formula says, of every piece."""
    late = tables()
    return unit(hidden_of(ids) @ late["head_weight"].T + late["head_bias"])


@pytest.mark.parametrize("text", [*TEXTS, "", "漢字", "😀 xyz"])
def test_both_runtimes_give_the_centred_mean_of_all_tokens_after_the_prefix(exported, text):
    _, ours, theirs = exported
    for prefix, encode in (("query: ", "encode_queries"), ("passage: ", "encode_passages")):
        mean = unit(hidden_of(tokenizer().encode(prefix + text).ids).mean(axis=0))
        weight, bias = sentence()
        expected = unit(weight @ mean + bias)
        assert expected @ mean < 0.99
        assert getattr(theirs, encode)([text])[0] @ expected > 0.9999
        assert getattr(ours, encode)([text])[0] @ expected > 0.98


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
    assert (card.name, card.dim, card.max_tokens, card.pooling) == (
        "pequeño",
        64,
        40,
        "centred mean",
    )
    assert (card.query_prefix, card.passage_prefix) == ("query: ", "passage: ")
    assert theirs.card.max_tokens == 40
    assert (theirs.card.query_prefix, theirs.card.passage_prefix) == ("query: ", "passage: ")
    export(tmp_path / "carpeta", name="otro-nombre")
    facts = json.loads((tmp_path / "carpeta" / "fuente.json").read_text("utf-8"))
    assert facts["name"] == "otro-nombre"
    assert not [p for p in folder.parent.iterdir() if p.name.startswith(".")]
    assert sorted(p.name for p in folder.iterdir() if p.is_dir()) == ["1_Pooling", "3_Dense"]


def test_special_tokens_are_named_as_transformers_names_them(exported):
    named = {"cls_token": "<s>", "sep_token": "</s>", "pad_token": "<pad>", "unk_token": "<unk>"}
    facts = json.loads((exported[0] / "tokenizer_config.json").read_text("utf-8"))
    assert {key: facts.get(key) for key in named} == named
    assert "mask_token" not in facts


@pytest.mark.parametrize("text", ["", "la", "la niña", "¿la niña cruzó el puente 126?"])
def test_token_vectors_are_those_of_the_head(exported, text):
    _, ours, _ = exported
    [whole] = ours.encode_tokens([text], "query")
    ids = tokenizer().encode("query: " + text).ids
    # neither the first and the last token nor the two of the prefix
    expected = token_vectors(ids)[3:-1]
    assert whole.tokens.shape == (len(ids) - 4, 16)
    assert whole.tokens.dtype == np.float32
    np.testing.assert_allclose((whole.tokens * expected).sum(axis=1), 1, atol=0.02)
    np.testing.assert_allclose(np.linalg.norm(whole.tokens, axis=1), 1, atol=1e-5)
    idf = tables()["idf"].astype(np.float16)
    stress = np.exp(np.clip(whole.tokens @ tables()["stress"], -2, 2))
    np.testing.assert_allclose(whole.weights, idf[ids[3:-1]] * stress, rtol=5e-3)


def test_a_token_of_a_passage_weighs_what_its_piece_does(exported):
    [whole] = exported[1].encode_tokens(["la niña"], "passage")
    ids = tokenizer().encode("la niña", add_special_tokens=False).ids
    np.testing.assert_allclose(whole.weights, tables()["idf"][ids], rtol=1e-3)


def test_an_export_from_before_tokens_were_stressed_is_read(exported, tmp_path):
    folder = shutil.copytree(exported[0], tmp_path / "antes")
    with np.load(folder / "late.npz") as late:
        before = {name: values for name, values in late.items() if name != "stress"}
    np.savez(folder / "late.npz", **before)
    [whole] = load_encoder(str(folder)).encode_tokens(["la niña"], "query")
    ids = tokenizer().encode("la niña", add_special_tokens=False).ids
    np.testing.assert_allclose(whole.weights, tables()["idf"][ids], rtol=1e-3)


def test_tokens_stand_at_their_words_and_not_at_the_space_before(exported):
    text = "la  niña cruzó"
    for encoder in exported[1:]:
        [whole] = encoder.encode_tokens([text], "query")
        spans = list(zip(whole.starts, whole.ends, strict=True))
        assert [text[a:b] for a, b in spans] == ["la", "niña", "cruzó"]
        assert len(whole.tokens) == 3


def test_a_text_that_was_cut_has_the_tokens_of_its_beginning(exported):
    _, ours, _ = exported
    text = "la niña cruzó el puente 126 " * 12
    [whole] = ours.encode_tokens([text], "passage")
    ids = tokenizer().encode("passage: " + text).ids
    assert len(ids) > 60
    cut = [*ids[:39], ids[-1]]
    assert whole.tokens.shape == (36, 16)
    assert whole.ends[-1] < len(text) / 1.8
    expected = token_vectors(cut)[3:-1]
    np.testing.assert_allclose((whole.tokens * expected).sum(axis=1), 1, atol=0.02)


@pytest.mark.parametrize(
    "text", ["la niña", "  la\n\n niña ", "¿el puente?  126 ", "", " ", "a\u200bb c"]
)
def test_tokens_counted_word_by_word_are_those_of_the_whole_text(exported, text):
    ids = tokenizer().encode(text, add_special_tokens=False).ids
    assert exported[1].count_tokens(text) == len(ids)


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
        ({"late": {**tables(), "idf": np.ones(4)}}, rf"idf \(4,\); expected 64 columns.*{len(PIECES)}"),
        ({"late": {**tables(), "head_weight": np.eye(63)}}, r"a head of \(63, 63\)"),
        ({"late": {**tables(), "head_bias": np.ones(9)}}, r"and \(9,\)"),
        ({"late": {**tables(), "stress": np.ones(3)}}, r"stress \(3,\).*a bias and a stress for every line"),
        ({"turned": (np.eye(64), np.full(64, np.nan))}, r"by \(64, 64\) and \(64,\); expected 64 lines.*all finite"),
        ({"turned": (np.eye(63), np.zeros(64))}, r"by \(63, 63\) and \(64,\); expected 64 lines"),
        ({"max_tokens": 41}, "40 positions; expected gelu and at least 41"),
    ],
    ids=["idf", "head", "bias", "stress", "turn", "lines", "positions"],
)  # fmt: skip
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


def test_the_activity_is_that_of_all_tokens_of_all_texts():
    import torch

    model = small_model()
    found = activities(model, tokenizer(), TEXTS[:3])
    rows = []
    with torch.no_grad():
        for text in TEXTS[:3]:
            ids = torch.tensor([tokenizer().encode(text).ids])
            rows.append(model.embeddings(ids)[0])
    inputs = torch.cat(rows).numpy()
    query = found["encoder.layer.0.attention.self.query"]
    np.testing.assert_allclose(query.largest, abs(inputs).max(axis=0), rtol=1e-5)
    np.testing.assert_allclose(query.mean, inputs.mean(axis=0), atol=1e-5)
    np.testing.assert_allclose(query.spread, inputs.std(axis=0), rtol=1e-3, atol=1e-5)


def test_large_neurons_stay_floats_and_silent_ones_go():
    largest = np.array([5, 60, 4, 0.1, 4.5, 4, 0.1, 5.5, *[4.2] * 12], dtype=np.float32)
    spread = np.ones(20, dtype=np.float32)
    spread[[3, 6]] = 1e-3
    spread[1] = 9
    back = np.ones((20, 6), dtype=np.float32)
    few, many, silent = _neurons(Activity(largest, spread, spread), back)
    assert few.tolist() == [1]
    assert silent.tolist() == [3, 6]
    assert many.tolist() == [i for i in range(20) if i not in (1, 3, 6)]


def test_a_neuron_that_says_always_the_same_is_said_in_its_place(tmp_path):
    import torch

    model = small_model()
    with torch.no_grad():
        model.encoder.layer[1].intermediate.dense.weight[:40] = 0
        model.encoder.layer[1].intermediate.dense.bias[:40] = 2
    activity = activities(model, tokenizer(), TEXTS)["encoder.layer.1.output.dense"]
    back = model.encoder.layer[1].output.dense.weight.detach().numpy().T
    assert set(range(40)) <= set(_neurons(activity, back)[2].tolist())
    export(tmp_path / "callado", model=model)
    ours = load_encoder(str(tmp_path / "callado")).encode_passages(TEXTS)
    theirs = SentenceTransformerEncoder(str(tmp_path / "callado")).encode_passages(TEXTS)
    assert (ours * theirs).sum(axis=1).min() > 0.98
