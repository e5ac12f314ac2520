"""The encoder that ships: its vectors, its tokens, and what a broken one says."""

import ast
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT, clean_environ, needs_models
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import EncoderError
from index.encoder import (
    ENCODERS_FOLDER,
    LATE_DIM,
    ONNX_FILE,
    OnnxEncoder,
    _pairs_overflow,
    load_encoder,
    shipped_encoders,
    translation_folder,
)
from index.models.sentence import SentenceTransformerEncoder, random_projection
from index.reader import READER_FILE

FOLDER = ENCODERS_FOLDER / "fuente-es-en"
TEXTS = [
    "¿Cuántos rehenes fueron liberados en la residencia del embajador?",
    "The hostages were freed by commandos after 126 days.",
    "El año pasado, la niña llevó caña de azúcar a la montaña.",
    "Lima",
]
# question, its translation, something else in the language of the question
TRIPLES = [
    (
        "¿Cuántos rehenes murieron en el rescate?",
        "How many hostages died in the rescue?",
        "¿A qué hora abre la biblioteca los sábados?",
    ),
    (
        "¿Cómo se prepara el café?",
        "How is coffee prepared?",
        "¿Quién dirigió el movimiento guerrillero?",
    ),
    (
        "The bees make honey in the hive.",
        "Las abejas hacen miel en la colmena.",
        "The court ruled against the state.",
    ),
    (
        "El niño nació el año siguiente.",
        "The child was born the following year.",
        "La papa se cultiva en los Andes.",
    ),
]


def test_the_encoder_that_ships_says_what_it_is(encoder):
    card = encoder.card
    assert (card.name, card.dim, card.max_tokens) == ("fuente-es-en", 384, 512)
    assert len(card.revision) == 16
    assert shipped_encoders() == ["fuente-es-en"]
    assert translation_folder() == FOLDER


def test_what_is_installed_is_small():
    files = [p for p in FOLDER.rglob("*") if p.is_file() and p.suffix != ".safetensors"]
    reader = FOLDER / READER_FILE
    assert sum(p.stat().st_size for p in files if p != reader) <= 40e6
    assert (FOLDER / ONNX_FILE).stat().st_size <= 38e6
    assert reader.stat().st_size <= 16e6


def test_vectors_are_unit_rows_of_floats(encoder):
    for vectors in (encoder.encode_queries(TEXTS), encoder.encode_passages(TEXTS)):
        assert vectors.shape == (len(TEXTS), 384)
        assert vectors.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_a_text_has_the_same_vector_alone_and_among_others(encoder):
    together = encoder.encode_passages(TEXTS)
    for text, row in zip(TEXTS, together, strict=True):
        np.testing.assert_array_equal(encoder.encode_passages([text])[0], row)
    np.testing.assert_array_equal(encoder.encode_passages(TEXTS[::-1]), together[::-1])
    np.testing.assert_array_equal(
        [e.vector for e in encoder.encode_tokens(TEXTS, "passage")], together
    )


@pytest.mark.parametrize("triple", TRIPLES, ids=lambda t: t[0])
def test_a_text_is_near_its_translation_and_far_from_another(encoder, triple):
    text, translation, other = encoder.encode_queries(triple)
    assert text @ translation > 0.6
    assert text @ translation > text @ other + 0.3


def test_no_texts_give_no_rows(encoder):
    assert encoder.encode_queries([]).shape == (0, 384)
    assert encoder.encode_tokens([], "query") == []


@pytest.mark.parametrize("text", ["", " ", "¿?", "😀", "\u0301", "漢字", "a" * 5000])
def test_odd_texts_have_finite_unit_vectors(encoder, text):
    [row] = encoder.encode_passages([text])
    assert np.isfinite(row).all()
    assert np.linalg.norm(row) == pytest.approx(1, abs=1e-5)
    [whole] = encoder.encode_tokens([text], "passage")
    assert np.isfinite(whole.tokens).all()
    assert all(0 <= a < b <= len(text) for a, b in zip(whole.starts, whole.ends, strict=True))


@given(st.lists(st.one_of(st.sampled_from(TEXTS), st.text(max_size=8)), max_size=8).map(" ".join))
def test_tokens_counted_word_by_word_are_those_of_the_whole_text(encoder, text):
    whole = encoder._tokenizer.encode(text, add_special_tokens=False).ids
    assert encoder.count_tokens(text) == len(whole)


@pytest.mark.parametrize("text", TEXTS)
def test_token_offsets_are_those_of_the_words(encoder, text):
    [whole] = encoder.encode_tokens([text], "query")
    assert whole.tokens.shape == (len(whole.starts), LATE_DIM)
    assert len(whole.weights) == len(whole.ends) == len(whole.starts)
    np.testing.assert_allclose(np.linalg.norm(whole.tokens, axis=1), 1, atol=1e-5)
    assert (np.diff(whole.starts) >= 0).all()
    covered = {i for a, b in zip(whole.starts, whole.ends, strict=True) for i in range(a, b)}
    assert covered == {i for i, c in enumerate(text) if not c.isspace()}


def test_token_offsets_count_code_points_after_an_emoji(encoder):
    text = "😀😀 Lima"
    [whole] = encoder.encode_tokens([text], "query")
    assert (whole.starts[-1], whole.ends[-1]) == (3, 7)


def test_rare_words_weigh_more_than_common_ones(encoder):
    text = "de Huántar"
    [whole] = encoder.encode_tokens([text], "query")
    weights = dict(
        zip(
            (text[a:b] for a, b in zip(whole.starts, whole.ends, strict=True)),
            whole.weights,
            strict=True,
        )
    )
    assert weights["de"] < max(w for t, w in weights.items() if t != "de")


def test_a_text_that_is_too_long_is_cut_and_keeps_its_beginning(encoder):
    long = "La niña vive en la montaña. " * 400
    assert encoder.count_tokens(long) > 2000
    [row] = encoder.encode_passages([long])
    assert np.linalg.norm(row) == pytest.approx(1, abs=1e-5)
    [whole] = encoder.encode_tokens([long], "passage")
    # but for the first and the last token and the two of the prefix
    assert len(whole.starts) == encoder.card.max_tokens - 4
    assert whole.starts[0] == 0


def test_tokens_are_counted_without_the_special_ones(encoder):
    assert encoder.count_tokens("") == 0
    assert encoder.count_tokens("la casa") == 2
    assert encoder.count_tokens("la casa la casa") == 4


@pytest.fixture(scope="module")
def tokenizer():
    from tokenizers import Tokenizer

    return Tokenizer.from_file(str(FOLDER / "tokenizer.json"))


@pytest.mark.parametrize(
    "text",
    [
        "José María Arguedas nació en Andahuaylas el 18 de enero de 1911.",
        "El 17,5 % de 1.234.567 habitantes, según el censo de 1993 (tabla 4.2).",
        "¿Quién fue Néstor Cerpa Cartolini? ¡Preguntádselo a Iñaki Güell!",
        "In 1969 Neil Armstrong flew 384,400 km; Apollo 11 weighed 45.7 t.",
        "Call +51 1 442-9000 before 08:30, ask for Ms. O'Connor-Núñez (room B-207).",
        "Skłodowska-Curie, Dvořák and Ångström shared €1,250.00.",
    ],
)
def test_names_years_and_numbers_survive_tokenisation(tokenizer, text):
    encoding = tokenizer.encode(text, add_special_tokens=False)
    assert "<unk>" not in encoding.tokens
    for token, (start, end) in zip(encoding.tokens, encoding.offsets, strict=True):
        assert token.removeprefix("▁") == text[start:end].lstrip()
    assert "".join(encoding.tokens) == "▁" + text.replace(" ", "▁")


@pytest.mark.parametrize(("one", "other"), [("1996", "1969"), ("12,5", "1,25"), ("año", "ano")])
def test_numbers_and_words_that_differ_in_one_place_are_different_tokens(tokenizer, one, other):
    assert tokenizer.encode(one).ids != tokenizer.encode(other).ids


def test_the_number_of_threads_changes_no_vector(encoder):
    alone = OnnxEncoder(FOLDER, threads=1)
    np.testing.assert_array_equal(alone.encode_passages(TEXTS), encoder.encode_passages(TEXTS))


def test_the_shipped_encoder_never_imports_torch(tmp_path):
    program = """
        import sys
        from index.encoder import load_encoder
        vectors = load_encoder().encode_queries(["¿Dónde está la niña?"])
        assert vectors.shape == (1, 384)
        print(sorted({"torch", "transformers", "sentence_transformers"} & set(sys.modules)))
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)],
        cwd=tmp_path,
        env=clean_environ(),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.strip() == "[]"


def test_the_random_projection_is_orthonormal_and_always_the_same():
    for dim in (64, 384):
        found = random_projection(dim)
        assert found.shape == (dim, min(dim, LATE_DIM))
        np.testing.assert_allclose(found.T @ found, np.eye(found.shape[1]), atol=1e-5)
        np.testing.assert_array_equal(found, random_projection(dim))


# ------------------------------------------------------------------------- the same folder in torch


@pytest.fixture(scope="module")
def in_torch():
    return SentenceTransformerEncoder(str(FOLDER))


@needs_models
def test_int8_vectors_are_those_of_the_whole_model(encoder, in_torch):
    ours, theirs = encoder.encode_passages(TEXTS), in_torch.encode_passages(TEXTS)
    cosines = (ours * theirs).sum(axis=1)
    assert cosines.min() >= 0.99, cosines


@needs_models
def test_the_model_in_torch_says_the_same_of_itself(encoder, in_torch):
    ours, theirs = encoder.card, in_torch.card
    assert (ours.name, ours.dim, ours.max_tokens) == (theirs.name, theirs.dim, theirs.max_tokens)
    assert (ours.query_prefix, ours.passage_prefix) == (theirs.query_prefix, theirs.passage_prefix)
    assert [encoder.count_tokens(t) for t in TEXTS] == [in_torch.count_tokens(t) for t in TEXTS]


@needs_models
def test_the_model_in_torch_gives_unit_vectors_and_offsets_of_words(in_torch):
    vectors = in_torch.encode_queries(TEXTS)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    for text, whole, row in zip(
        TEXTS, in_torch.encode_tokens(TEXTS, "query"), vectors, strict=True
    ):
        assert whole.vector @ row > 0.9999
        covered = {i for a, b in zip(whole.starts, whole.ends, strict=True) for i in range(a, b)}
        assert covered == {i for i, c in enumerate(text) if not c.isspace()}
    assert in_torch.encode_queries([]).shape == (0, 384)
    assert in_torch.encode_tokens([], "query") == []


# The oldest version that must load the folder, beside the one that is installed; `make test` puts it there.
OLDER = Path(sys.prefix) / "sentence-transformers-5.5"


@needs_models
@pytest.mark.slow
@pytest.mark.parametrize("version", ["installed", "5.5"])
def test_the_lines_of_the_model_card_give_the_vectors_of_the_int8_file(encoder, tmp_path, version):
    if version == "5.5" and not OLDER.is_dir():
        pytest.skip(f"{OLDER} is not there; make test installs it")
    card = (FOLDER / "README.md").read_text("utf-8")
    lines = re.search(r"^```python\n(.*?)^```$", card, re.M | re.S)[1]
    program = f"""
import numpy, sentence_transformers
{lines}
print("VERSION", sentence_transformers.__version__)
numpy.savez({str(tmp_path / "rows.npz")!r}, questions=questions, passages=passages)
"""
    environ = clean_environ()
    if version == "5.5":
        environ["PYTHONPATH"] = f"{OLDER}:{environ['PYTHONPATH']}"
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert done.returncode == 0, done.stderr
    told = done.stdout.split("VERSION ")[1]
    assert told.startswith("5.5.") if version == "5.5" else not told.startswith("5.5.")
    texts = {
        kind: re.search(rf"encode_{kind}\((\[.*\])\)", lines)[1] for kind in ("query", "document")
    }
    rows = np.load(tmp_path / "rows.npz")
    questions = encoder.encode_queries(ast.literal_eval(texts["query"]))
    passages = encoder.encode_passages(ast.literal_eval(texts["document"]))
    assert (questions * rows["questions"]).sum(axis=1).min() >= 0.99
    assert (passages * rows["passages"]).sum(axis=1).min() >= 0.99


# ------------------------------------------------------------------------- what cannot be loaded


@needs_models
@pytest.mark.parametrize(
    "name", ["no-such-model-anywhere", "", "/dev/null", "~nadie/x", "x" * 5000]
)
def test_an_unknown_model_is_told_in_one_line(name):
    with pytest.raises(EncoderError) as caught:
        load_encoder(name)
    message = str(caught.value)
    assert "\n" not in message
    assert "fuente-es-en" in message


@pytest.fixture
def copied(tmp_path):
    folder = tmp_path / "copia"
    folder.mkdir()
    for path in FOLDER.iterdir():
        if path.suffix in (".onnx", ".json", ".npz"):
            shutil.copy(path, folder / path.name)
    return folder


@pytest.mark.parametrize(
    ("file", "damage"),
    [
        (file, damage)
        for file in (ONNX_FILE, "tokenizer.json", "late.npz", "fuente.json")
        for damage in ("truncated", "garbage", "missing")
        # without its weights the folder is one of sentence-transformers
        if (file, damage) != (ONNX_FILE, "missing")
    ],
)
def test_a_damaged_folder_is_told_in_one_line(copied, file, damage):
    path = copied / file
    if damage == "missing":
        path.unlink()
    else:
        content = path.read_bytes()
        path.write_bytes(
            content[: len(content) // 2] if damage == "truncated" else b"\x00roto" * 20
        )
    with pytest.raises(EncoderError) as caught:
        load_encoder(str(copied))
    message = str(caught.value)
    assert "\n" not in message
    assert "copia" in message
    assert "expected model.int8.onnx" in message


@needs_models
def test_a_folder_without_any_model_is_told_in_one_line(tmp_path):
    with pytest.raises(EncoderError) as caught:
        load_encoder(str(tmp_path))
    assert "\n" not in str(caught.value)


def test_the_fingerprint_changes_with_everything_but_the_name(encoder, copied):
    other = OnnxEncoder(copied).card
    assert (other.name, other.fingerprint) == ("copia", encoder.card.fingerprint)
    facts = {name: getattr(other, name) for name in other.__dataclass_fields__}
    card = type(other)
    assert card(**{**facts, "name": "otro"}).fingerprint == other.fingerprint
    for name, value in [("revision", "x"), ("dim", 3), ("max_tokens", 9), ("query_prefix", "q: ")]:
        assert card(**{**facts, name: value}).fingerprint != other.fingerprint


def test_the_tests_run_on_this_checkout():
    assert ENCODERS_FOLDER.parent.parent == ROOT


@pytest.mark.parametrize(
    ("machine", "flags", "slower"),
    [
        ("x86_64", "flags : sse2 avx512f avx512_vnni", False),
        ("x86_64", "flags : sse2 avx2 avx_vnni", False),
        ("x86_64", "flags : sse2 avx2", True),
        ("AMD64", None, True),
        ("arm64", None, False),
    ],
)
def test_a_processor_whose_8_bit_products_overflow_takes_the_slower_way(
    monkeypatch, machine, flags, slower
):
    def read_text(path, *_):
        assert str(path) == "/proc/cpuinfo"
        if flags is None:
            raise FileNotFoundError(path)
        return flags

    monkeypatch.setattr("platform.machine", lambda: machine)
    monkeypatch.setattr("pathlib.Path.read_text", read_text)
    assert _pairs_overflow() == slower
