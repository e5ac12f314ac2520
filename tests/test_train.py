"""The recipe of the encoder in miniature: from a tiny image and made-up text to a folder that answers."""

import gzip
import json
from dataclasses import replace

import numpy as np
import pytest
from tiny_image import image_bytes

from corpus.document import CorpusError, EncoderError

pytest.importorskip("onnx", reason="the extra [train] is not installed")

from index.training import train as recipe
from index.training.contrast import ContrastOptions
from index.training.e5 import SPECIAL_PIECES
from index.training.train import TrainOptions

# The same word order in both languages, so that a pair is easily made.
SUBJECTS = {"niña": "girl", "abuela": "grandmother", "vecino": "neighbour", "ñandú": "rhea", "perro": "dog"}  # fmt: skip
VERBS = {"cruzó": "crossed", "miró": "watched", "pintó": "painted", "olvidó": "forgot"}
THINGS = {"montaña": "mountain", "puente": "bridge", "jardín": "garden", "río": "river", "plaza": "square"}  # fmt: skip
WORDS = SUBJECTS | VERBS | THINGS
PIECES = [
    *SPECIAL_PIECES, "▁query", "▁passage", "▁La", "▁la", "▁The", "▁the", *(f"▁{w}" for p in WORDS.items() for w in p),
    "▁", *"abcdefghijklmnopqrstuvwxyzñóúáéíTL.:?¿0123456789", "▁дом",
]  # fmt: skip


def made_up_pairs():
    """(English, Spanish), a hundred of them, of words that each occur beside many others."""
    return [
        (f"The {es_s} {es_v} the {es_t}.", f"La {s} {v} la {t}.")
        for s, es_s in SUBJECTS.items()
        for v, es_v in VERBS.items()
        for t, es_t in THINGS.items()
    ]


def write_lines(path, lines):
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines)


def write_corpora(data):
    pairs = made_up_pairs()
    write_lines(data / "parallel" / "own.tsv.gz", [f"{english}\t{spanish}" for english, spanish in pairs])  # fmt: skip
    write_lines(
        data / "dict" / "words.tsv.gz", [f"{english}\t{spanish}" for spanish, english in WORDS.items()]
    )  # fmt: skip
    rows = []
    for i, pair in enumerate(pairs):
        for lang, told in zip(("en", "es"), pair, strict=True):
            asked = " ".join(told.rstrip(".").split()[1::2])
            rows.append({"id": str(i), "lang": lang, "question": asked, "passage": told})
    write_lines(data / "qa" / "own.jsonl.gz", [json.dumps(row) for row in rows])


def test_a_folder_that_lacks_a_kind_of_text_is_told_by_name(tmp_path):
    options = TrainOptions(tmp_path / "none", tmp_path / "work", tmp_path / "out")
    with pytest.raises(CorpusError, match=r"none lacks parallel/\*\.tsv\.gz, dict/.*qa/"):
        recipe.train(options, log=lambda _: None)


def test_a_start_that_is_nowhere_is_told(tmp_path):
    write_corpora(tmp_path / "data")
    options = TrainOptions(tmp_path / "data", tmp_path / "work", tmp_path / "out", start="nada")
    with pytest.raises(EncoderError, match=r"'nada'.*pip install"):
        recipe.train(options, log=lambda _: None)


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """Options of a run; the lines it wrote, and those when it was started again."""
    folder = tmp_path_factory.mktemp("train")
    (folder / "start.bin").write_bytes(image_bytes(PIECES))
    write_corpora(folder / "data")
    options = TrainOptions(
        data=folder / "data",
        work=folder / "work",
        out=folder / "mi-codificador",
        start=str(folder / "start.bin"),
        least=2,
        table_pairs=200,
        late_dim=16,
        max_tokens=48,
        threads=1,
        contrast=ContrastOptions(
            minutes=2,
            head_minutes=2,
            max_steps=3,
            batch=8,
            batch_sentences=8,
            nearly_right=3,
            max_tokens_question=16,
            max_tokens_passage=32,
            merges=(0.5, 1.0),
        ),
    )
    first, second = [], []
    recipe.train(options, log=first.append)
    recipe.train(replace(options, out=folder / "otra-vez"), log=second.append)
    return options, first, second


# torch and onnx warn about themselves while they export
quiet = pytest.mark.filterwarnings("ignore")
TEXTS = ["La niña cruzó el puente.", "The girl crossed the bridge.", "¿Año? ¡Ñandú!"]


@quiet
@pytest.mark.slow
def test_a_run_started_again_continues_and_reports_its_steps(trained):
    options, first, second = trained
    assert any(line.startswith("vocabulary: ") for line in first)
    assert not any("resumed" in line for line in first)
    assert second[0].startswith("vocabulary: found")
    assert "head: resumed at step 3" in second
    told = json.loads((options.out / "training.json").read_text("utf-8"))
    assert told["contrast"]["steps"] == 3
    assert set(told["contrast"]["merges"]) == {"0.5", "1.0"}
    assert set(told["contrast"]["end"]) == {"dense", "late"}
    assert told["options"]["contrast"]["batch"] == 8
    assert not {"data", "work", "out"} & set(told["options"])
    # nothing half-written is left beside it
    assert [p.name for p in options.out.parent.iterdir() if p.name.startswith(".")] == []


@quiet
@pytest.mark.slow
def test_the_finished_encoder_loads_and_keeps_accents(trained):
    from index.encoder import OnnxEncoder, load_encoder
    from index.translation import TranslationTable

    options = trained[0]
    encoder = load_encoder(str(options.out))
    assert isinstance(encoder, OnnxEncoder)
    card = encoder.card
    assert (card.name, card.dim, card.max_tokens) == ("mi-codificador", 32, 48)
    assert (card.query_prefix, card.passage_prefix) == ("query: ", "passage: ")
    vectors = encoder.encode_passages(TEXTS)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-4)
    [encoded] = encoder.encode_tokens([TEXTS[0]], "query")
    assert encoded.tokens.shape[1] == 16
    words = [
        TEXTS[0][a:b] for a, b in zip(encoded.starts.tolist(), encoded.ends.tolist(), strict=True)
    ]
    assert {"niña", "cruzó", "puente"} <= set(words)
    # longer than it can take
    assert np.isfinite(encoder.encode_queries(["niña " * 500])).all()
    assert TranslationTable.load(options.out).translate("puent", "es-en")[0][0] == "bridg"


@quiet
@pytest.mark.slow
def test_sentence_transformers_gives_the_same_vectors_but_for_the_rounding(trained):
    from sentence_transformers import SentenceTransformer

    from index.encoder import load_encoder

    options = trained[0]
    model = SentenceTransformer(str(options.out), device="cpu")
    theirs = model.encode_document(TEXTS)
    ours = load_encoder(str(options.out)).encode_passages(TEXTS)
    assert (ours * theirs).sum(axis=1).min() > 0.97
