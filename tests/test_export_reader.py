"""The files that a reader is exported to: the same numbers as in torch, and the words of its encoder."""

import numpy as np
import pytest
from conftest import needs_training
from test_export import PIECES, small_model

from corpus.document import EncoderError
from index.encoder import ONNX_FILE
from index.reader import READER_FILE, OnnxReader, load_reader
from index.training.e5 import make_tokenizer
from index.training.export import export_encoder
from index.training.reader import export_reader, named_as_bert

pytestmark = [pytest.mark.filterwarnings("ignore"), pytest.mark.slow, needs_training]

ALL_PIECES = [*PIECES, "¶"]
READINGS = (
    ("¿La niña cruzó el puente?", "el puente", "la niña cruzó el puente 126 niña"),
    ("the girl crossed the bridge ?", "", "The girl crossed the bridge 126 the girl"),
)


def trained():
    """A reader of two layers as training leaves it, from a BERT with random weights."""
    state = {k: v.numpy() for k, v in small_model(vocab_size=len(ALL_PIECES)).state_dict().items()}
    rng = np.random.default_rng(5)
    weights = {
        "bert.pos.weight": state["embeddings.position_embeddings.weight"],
        "bert.typ": state["embeddings.token_type_embeddings.weight"][0],
        "bert.ln.weight": state["embeddings.LayerNorm.weight"],
        "bert.ln.bias": state["embeddings.LayerNorm.bias"],
        "seg": rng.standard_normal((3, 64)) * 0.05,
    }
    parts = {
        "o": "attention.output.dense",
        "ln1": "attention.output.LayerNorm",
        "fi": "intermediate.dense",
        "fo": "output.dense",
        "ln2": "output.LayerNorm",
    }
    for i in (0, 1):
        for end in ("weight", "bias"):
            thirds = [
                state[f"encoder.layer.{i}.attention.self.{n}.{end}"]
                for n in ("query", "key", "value")
            ]
            weights[f"bert.layers.{i}.qkv.{end}"] = np.concatenate(thirds)
            for short, long in parts.items():
                weights[f"bert.layers.{i}.{short}.{end}"] = state[f"encoder.layer.{i}.{long}.{end}"]
    for name, n_out in (("tokens", 3), ("pool", 64), ("ans", 1)):
        weights[f"{name}.weight"] = rng.standard_normal((n_out, 64)) * 0.3
        weights[f"{name}.bias"] = rng.standard_normal(n_out)
    return weights


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """An encoder's folder with its reader."""
    folder = tmp_path_factory.mktemp("export") / "lector"
    scores = [-8.0 if piece == "▁" else -2.0 for piece in ALL_PIECES]
    rng = np.random.default_rng(2)
    export_encoder(
        small_model(vocab_size=len(ALL_PIECES)),
        make_tokenizer(ALL_PIECES, scores),
        folder,
        late={
            "head_weight": np.linalg.qr(rng.standard_normal((64, 16)))[0].T,
            "head_bias": rng.standard_normal(16),
            "idf": np.ones(len(ALL_PIECES)),
            "stress": np.zeros(16),
        },
        sentence=(np.eye(64), np.zeros(64)),
        max_tokens=40,
        log=lambda _: None,
    )
    lines = []
    limits = {"max_question": 8, "max_heading": 4, "max_tokens": 32}
    export_reader(trained(), folder, **limits, readings=READINGS, log=lines.append)
    assert lines[0].startswith(f"exported {folder / READER_FILE}")
    return folder


def test_the_joint_projections_are_parted_again():
    named = named_as_bert(trained())
    state = small_model(vocab_size=len(ALL_PIECES)).state_dict()
    for name, values in named.items():
        assert np.array_equal(values, state[name].numpy())
    assert set(state) - set(named) == {"embeddings.word_embeddings.weight"}


def test_every_token_stands_where_it_says_and_lines_do_not_run_together(folder):
    text = "la niña\n\n cruzó el puente"
    [reading] = load_reader(str(folder)).read("¿La niña?", [("el puente", text)])
    words = [text[a:b] for a, b in zip(reading.starts, reading.ends, strict=True)]
    assert words == ["la", "niña", "cruzó", "el", "puente"]
    assert all(0 <= chance <= 1 for chance in reading.marked)
    assert len(reading.opens) == len(reading.closes) == len(words)


def test_a_passage_is_read_alike_alone_and_among_others(folder):
    reader = OnnxReader(folder, threads=3)
    passages = [("", "la niña"), ("el puente", "the girl crossed the bridge 126"), ("", "puente")]
    together = reader.read("¿El puente?", passages)
    for one, passage in zip(together, passages, strict=True):
        [alone] = reader.read("¿El puente?", [passage])
        assert alone.answers == one.answers
        assert np.array_equal(alone.marked, one.marked)


def test_the_heading_and_the_question_are_read_too(folder):
    reader = load_reader(str(folder))
    [plain] = reader.read("¿La niña?", [("", "el puente 126")])
    [under] = reader.read("¿La niña?", [("the bridge", "el puente 126")])
    [asked] = reader.read("the girl", [("", "el puente 126")])
    assert len({plain.answers, under.answers, asked.answers}) == 3


def test_of_what_is_too_long_the_beginning_is_read(folder):
    reader = load_reader(str(folder))
    [reading] = reader.read("la " * 50, [("el " * 50, "puente " * 60)])
    assert len(reading.starts) == 32 - 8 - 4 - 4
    [nothing] = reader.read("la", [("", "")])
    assert len(nothing.starts) == 0


def test_the_words_of_the_encoder_are_not_written_twice(folder):
    words = len(ALL_PIECES) * 64
    assert words > 1000
    table = (folder / ONNX_FILE).read_bytes()
    graph = (folder / READER_FILE).read_bytes()
    assert ONNX_FILE.encode() in graph
    assert table[:64] not in graph


def test_beside_another_encoder_it_is_refused(folder, tmp_path):
    for name in (READER_FILE, "reader.json", "tokenizer.json"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    (tmp_path / ONNX_FILE).write_bytes((folder / ONNX_FILE).read_bytes() + b" ")
    with pytest.raises(EncoderError, match="it shares the words of"):
        load_reader(str(tmp_path))


def test_weights_that_are_not_finite_are_refused(folder, tmp_path):
    import shutil

    copy = tmp_path / "copia"
    shutil.copytree(folder, copy)
    weights = trained()
    weights["ans.weight"] = np.full((1, 64), np.nan)
    with pytest.raises(EncoderError, match="agree to a correlation"):
        export_reader(weights, copy, max_tokens=32, readings=READINGS, log=lambda _: None)
