"""The stage that teaches a reader, in miniature: what it draws, that it learns, goes on where it stopped, and is written down."""

import json
import random
import shutil
from dataclasses import replace

import numpy as np
import pytest
from conftest import needs_training
from test_answered import write
from test_export_reader import READINGS, trained
from test_export_reader import folder as _folder

from corpus.document import CorpusError, EncoderError
from index.encoder import ENCODERS_FOLDER
from index.reader import READER_CARD, READER_FILE, OnnxReader
from index.training import reading as module
from index.training.answered import Answered, Books
from index.training.reader import weights_of
from index.training.reading import (
    Example,
    Reading,
    ReadingOptions,
    Readings,
    TorchReader,
    figures_of,
    loss_of,
    row_of,
    train_reader,
)

pytestmark = [pytest.mark.filterwarnings("ignore"), pytest.mark.slow, needs_training]
folder = _folder

LIMITS = {"max_question": 8, "max_heading": 4, "max_tokens": 32}
OPTIONS = ReadingOptions(
    minutes=1000, max_steps=12, batch=8, rest=1, learning_rate=3e-3, learning_rate_ends=3e-3,
    measured_every=12, measured=20, **LIMITS,
)  # fmt: skip
WORDS = ["la", "niña", "the", "girl", "cruzó", "crossed", "puente", "bridge"]


def asked_of(n):
    """Questions of which one word stands in the passage; a number behind it answers."""
    rng, found = random.Random(7), []
    for i in range(n):
        told = [f"{word} 126" if rng.random() < 0.3 else word for word in rng.choices(WORDS, k=9)]
        passage = " ".join(told)
        at = passage.find("126")
        spans = ((at, at + 3),) if at >= 0 else ()
        units = ((max(0, at - 6), at + 3),) if at >= 0 else ()
        found.append(
            Answered(("¿la niña?", "the girl ?"), "own", f"d{i % 5}", "el puente", passage, at >= 0, spans, units)
        )  # fmt: skip
    return found


ASKED = asked_of(60)
BOOKS = Books(ASKED[20:], ASKED[:10], ASKED[10:20])


def tokenizer_of(folder):
    from tokenizers import Tokenizer

    return Tokenizer.from_file(str(folder / "tokenizer.json"))


def model_of(folder, weights=None):
    from safetensors.numpy import load_file

    words = load_file(folder / "model.safetensors")["embeddings.word_embeddings.weight"]
    return TorchReader(weights or trained(), words.astype(np.float32), heads=4, epsilon=1e-12)


def stage(folder, work, options=OPTIONS, log=lambda _: None):
    work.mkdir(exist_ok=True)
    return Reading(
        model_of(folder), tokenizer_of(folder), BOOKS, options, work=work, seed=3, log=log
    )


def one_thread():
    import torch

    torch.set_num_threads(1)


def test_a_reader_that_is_taught_knows_more_than_before(folder, tmp_path):
    one_thread()
    taught = stage(folder, tmp_path, replace(OPTIONS, max_steps=30, merges=(1.0,)))
    examples = drawn_of(Readings(BOOKS.taught, OPTIONS, None), 5)
    rows = [row_of(tokenizer_of(folder), one, OPTIONS) for one in examples]
    before = float(loss_of(taught.model, rows, examples, OPTIONS).detach())
    words = taught.model.words.clone()
    lowest = taught.model.weights["bert.layers.0.fi.weight"].clone()
    figures = taught.train()
    after = float(loss_of(taught.model, rows, examples, OPTIONS).detach())
    assert after < 0.9 * before
    assert figures["steps"] >= 30
    assert set(figures["start"]) == {"written", "open"}
    assert figures["merges"]["best"] == 1.0
    # the encoder's words and the layer that rests are as they were
    assert (taught.model.words == words).all()
    assert (taught.model.weights["bert.layers.0.fi.weight"] == lowest).all()


def drawn_of(readings, seed=1):
    """All examples of a draw."""
    return [one for group in readings.draw(random.Random(seed)) for one in group]


class _Stopped(Exception):
    pass


def test_a_run_that_was_stopped_ends_with_the_weights_of_one_that_was_not(
    folder, tmp_path, monkeypatch
):
    one_thread()
    monkeypatch.setattr(module, "_SAVE_EVERY_S", -1.0)

    def stop(line):
        if "after 12 steps" in line:
            raise _Stopped

    options = replace(OPTIONS, max_steps=20)
    whole = stage(folder, tmp_path / "whole", options)
    whole.train()
    with pytest.raises(_Stopped):
        stage(folder, tmp_path / "parts", options, log=stop).train()
    lines = []
    rest = stage(folder, tmp_path / "parts", options, log=lines.append)
    rest.train()
    assert lines[0].startswith("reading: resumed at step ")
    for name, values in whole.model.weights.items():
        assert np.array_equal(values.detach().numpy(), rest.model.weights[name].detach().numpy())


def test_what_is_learnt_is_merged_with_the_start(folder, tmp_path):
    one_thread()
    weights = trained()
    figures = stage(folder, tmp_path, replace(OPTIONS, merges=(0.0, 0.5))).train()
    assert {"best", "0.0", "0.5"} == set(figures["merges"])
    nothing = stage(folder, tmp_path / "none", replace(OPTIONS, merges=(0.0,)))
    nothing.train()
    found = nothing.model.weights["ans.weight"].detach().numpy()
    assert np.allclose(found, weights["ans.weight"], atol=1e-6)


def test_a_batch_is_read_as_each_is_read_alone(folder):
    model, tokenizer = model_of(folder), tokenizer_of(folder)
    examples = [Example.of("¿la niña?", one) for one in ASKED[:6]]
    examples.append(replace(examples[0], passage="la", answers=False, spans=(), units=()))
    rows = [row_of(tokenizer, one, OPTIONS) for one in examples]
    together = float(loss_of(model, rows, examples, OPTIONS))
    alone = [float(loss_of(model, [r], [e], OPTIONS)) for r, e in zip(rows, examples, strict=True)]
    assert together == pytest.approx(np.mean(alone), rel=1e-4)


def test_the_passages_of_one_question_compete(folder):
    import torch

    model, tokenizer = model_of(folder), tokenizer_of(folder)
    right = Example.of("¿la niña?", next(one for one in ASKED if one.answers))
    wrong = replace(right, passage="la niña", answers=False, spans=(), units=())
    rows = [row_of(tokenizer, one, OPTIONS) for one in (right, wrong)]

    def lost(groups):
        told = [replace(one, group=g) for one, g in zip((right, wrong), groups, strict=True)]
        return float(loss_of(model, rows, told, OPTIONS))

    assert lost((0, 0)) == lost((1, 2)) == lost((1, 0))
    with torch.no_grad():
        said = model.outputs(rows)[1].numpy()
    rank = np.log(np.exp(said).sum()) - said[0]
    assert lost((1, 1)) - lost((0, 0)) == pytest.approx(OPTIONS.weight_ranks * rank / 2, rel=1e-3)


def test_two_questions_about_one_passage_compete_where_it_answers_one(folder):
    model, tokenizer = model_of(folder), tokenizer_of(folder)
    passage = "la niña cruzó 126 puente"
    yes = Example("¿la niña?", "", passage, True, ((14, 17),), ((0, 17),), twins=1)
    no = Example("the girl ?", "", passage, False, twins=1)
    rows = [row_of(tokenizer, one, OPTIONS) for one in (yes, no)]
    answers = model.outputs(rows)[1]
    told = [loss_of(model, rows, pair, OPTIONS) for pair in ([yes, no], [replace(yes, twins=0), replace(no, twins=0)])]  # fmt: skip
    less = float((answers[1] - answers[0]).detach())
    assert float((told[0] - told[1]).detach()) == pytest.approx(
        OPTIONS.weight_twins * np.log1p(np.exp(less)) / 2, abs=1e-5
    )


def test_a_question_comes_with_one_that_its_passage_answers_otherwise():
    passage = "La lancha sale a las nueve y vuelve de noche."
    asked = [
        Answered(("¿a qué hora sale?", "when does it leave?"), "own", "d", "", passage, True, ((17, 26),), ((0, 45),)),
        Answered(("¿cuánto cuesta?", "how much is it?"), "own", "d", "", passage, False, (), ()),
        Answered(("¿quién la lleva?",), "own", "e", "", "La lleva Ana desde junio.", True, ((9, 12),), ((0, 25),)),
    ]  # fmt: skip
    options = replace(OPTIONS, twins=1.0, changed=0.0, removed=0.0, plain=0.0)
    for group in Readings(asked, options, None).draw(random.Random(2)):
        twins = [one for one in group if one.twins]
        alone = group[0].question.startswith("¿quién")
        assert [one.answers for one in twins] in ([], [True, False], [False, True])
        assert (twins == []) is alone
        assert len({one.twins for one in twins}) <= 1


def test_of_what_a_teacher_says_nothing_is_left_to_learn_for_itself(folder):
    model, tokenizer = model_of(folder), tokenizer_of(folder)
    examples = [Example.of("¿la niña?", one) for one in ASKED[:6]]
    rows = [row_of(tokenizer, one, OPTIONS) for one in examples]
    options = replace(OPTIONS, weight_teacher=1.0)
    layers, ends = model.learning(0)
    loss_of(model, rows, examples, options, model_of(folder)).backward()
    # cross entropy is least where both say the same: no slope
    assert max(float(one.grad.abs().max()) for one in (*layers, *ends) if one.grad is not None) < 1e-4  # fmt: skip


def test_a_reader_read_back_from_its_graph_says_what_the_graph_says(folder):
    back = weights_of(folder / READER_FILE, 96)
    for name, values in trained().items():
        # the neurons are in another order, positions and their type one
        if not name.startswith(("bert.pos", "bert.typ")) and ".fi." not in name and ".fo.weight" not in name:  # fmt: skip
            assert np.allclose(back[name], values, atol=0.02), name
        elif name.startswith("bert.layers."):
            assert back[name].shape == values.shape
    assert least_agreement(folder, model_of(folder, back), READINGS, OPTIONS) > 0.999


def test_so_does_the_one_that_ships():
    shipped = ENCODERS_FOLDER / "fuente-es-en"
    from safetensors.numpy import load_file

    words = load_file(shipped / "model.safetensors")["embeddings.word_embeddings.weight"]
    weights = weights_of(shipped / READER_FILE, 1536)
    model = TorchReader(weights, words.astype(np.float32), heads=12, epsilon=1e-12)
    text = "La biblioteca está junto al río.\nAbre de diez a ocho. El carné cuesta 12 euros al año."
    readings = [("¿Cuánto cuesta el carné?", "Biblioteca", text), ("Is there wifi?", "", text)]
    assert least_agreement(shipped, model, readings, ReadingOptions()) > 0.999


def least_agreement(folder, model, readings, options):
    """The least correlation of what torch and the graph say about a reading."""
    import torch

    reader, tokenizer, found = OnnxReader(folder), tokenizer_of(folder), []
    for question, heading, passage in readings:
        row = row_of(tokenizer, Example(question, heading, passage, True), options)
        with torch.no_grad():
            [tokens], answers = model.outputs([row])
        ours = tokens.numpy()[row.text]
        [theirs] = reader.read(question, [(heading, passage)])
        assert row.starts.tolist() == theirs.starts.tolist()
        said = np.log(theirs.marked / (1 - theirs.marked))
        found.append(
            np.corrcoef(
                np.concatenate([ours.T.ravel(), answers.numpy()]),
                np.concatenate([said, theirs.opens, theirs.closes, [theirs.answers]]),
            )[0, 1]
        )
    return min(found)


@pytest.mark.parametrize("neurons", [96, 3])
def test_a_file_that_is_no_reader_is_told_in_one_line(folder, tmp_path, neurons):
    (tmp_path / READER_FILE).write_bytes(
        (folder / READER_FILE).read_bytes() if neurons == 3 else b"x"
    )
    with pytest.raises(EncoderError, match=f"expected the graph of a reader with up to {neurons}"):
        weights_of(tmp_path / READER_FILE, neurons)


# --------------------------------------------------------------------------- what is drawn


class _Sure:
    """A reader that is the surer of a passage the longer it is."""

    def read(self, question, passages):
        class Said:
            def __init__(self, answers):
                self.answers = answers

        return [Said(len(text)) for _, text in passages]


def places(n, answer):
    """The first answers, the others resemble it, each by a letter longer than the one before."""
    told = f"La pieza roja pesa {answer}."
    at = told.index(answer)
    span = ((at, at + len(answer)),)
    others = [f"La pieza roja pesa mucho{'o' * i}." for i in range(n)]
    right = Answered(("¿Cuánto pesa la pieza roja?",), "own", "a", "Pesos", told, True, span, span)
    wrong = [
        Answered(("¿Y?",), "own", "a", "Pesos", text, False, (), (), weight=1e-9) for text in others
    ]
    return right, others, [right, *wrong]


def test_a_question_comes_with_the_passages_that_the_reader_of_the_start_is_surest_about():
    right, others, asked = places(4, "30 kg")
    options = ReadingOptions(
        bare=0, plain=0, removed=0, cropped=0, joined=0, most_wrong=1, resembling=4
    )
    drawn = drawn_of(Readings(asked, options, _Sure()))
    assert {e.passage for e in drawn if e.answers} == {right.passage}
    assert {e.passage for e in drawn if not e.answers} == {others[-1]}
    assert all(e.spans == e.units == () for e in drawn if not e.answers)
    drawn = drawn_of(Readings(asked, options, None))
    assert {e.passage for e in drawn if not e.answers} == {others[0]}


def test_where_the_answer_is_long_what_is_preferred_to_it_is_left_alone():
    _, others, asked = places(30, "lo que diga la placa que va soldada a su base")
    options = ReadingOptions(
        bare=0, plain=0, removed=0, cropped=0, joined=0, most_wrong=1, resembling=30
    )
    drawn = drawn_of(Readings(asked, options, _Sure()))
    found = {e.passage for e in drawn if not e.answers}
    assert found
    assert max(map(len, found)) < len(asked[0].passage)


@pytest.mark.parametrize("answers", [True, False])
def test_what_was_found_for_a_question_is_read_in_place_of_what_resembles_it(answers):
    right, _, [_, *others] = places(4, "lo que diga la placa que va soldada a su base")
    found = (("Pesos", "Cada pieza pesa lo suyo."), ("Pesos", "De los pesos no se dice nada."))
    right = replace(right, found=found)
    if not answers:
        right = replace(right, answers=False, spans=(), units=())
    options = ReadingOptions(
        bare=0, plain=0, changed=0, removed=0, cropped=0, joined=0, most_wrong=1
    )
    drawn = drawn_of(Readings([right, *others], options, _Sure()))
    # the longest, also where the answer is longer still
    assert {e.passage for e in drawn if e.passage != right.passage} == {found[1][1]}


def test_in_half_the_bits_nearly_the_same_is_said(folder):
    model, tokenizer = model_of(folder), tokenizer_of(folder)
    half = TorchReader(trained(), model.words.numpy(), heads=4, epsilon=1e-12, bfloat16=True)
    rows = [row_of(tokenizer, Example.of("¿la niña?", one), OPTIONS) for one in ASKED[:6]]
    (tokens, answers), (halves, halved) = model.outputs(rows), half.outputs(rows)
    for ours, theirs in zip([*tokens, answers], [*halves, halved], strict=True):
        assert not np.array_equal(ours.detach().numpy(), theirs.detach().numpy())
        assert np.allclose(ours.detach().numpy(), theirs.detach().numpy(), atol=0.1)


def test_some_questions_are_changed_so_that_their_passage_does_not_answer():
    told = "En 1902 la pieza costaba 30 euros."
    one = Answered(("¿Cuánto costaba en 1902?",), "own", "a", "", told, True, ((25, 33),), ((0, 34),))  # fmt: skip
    options = ReadingOptions(changed=1, plain=0, bare=1, removed=0, cropped=0)
    drawn = drawn_of(Readings([one], options, None))
    assert sum(e.answers for e in drawn) == len(drawn) / 2
    assert all("1902" not in e.question for e in drawn if not e.answers)


# --------------------------------------------------------------------------- the whole


def data_of(folder):
    rows = [
        {
            "question": one.questions[0], "lang": "es", "passage": one.passage, "title": f"d{i % 180}", "answerable": one.answers,
            "answers": [one.passage[a:b] for a, b in one.spans], "answer_start": [a for a, _ in one.spans],
        }
        for i, one in enumerate(asked_of(360))
    ]  # fmt: skip
    write(folder / "qa" / "own.jsonl.gz", *rows)
    return folder


@pytest.mark.parametrize("begun", [True, False], ids=["goes-on", "from-the-encoder"])
@pytest.mark.parametrize("teacher", [0.0, 100.0], ids=["alone", "with-a-teacher"])
def test_a_reader_is_written_beside_its_encoder(folder, tmp_path, begun, teacher):
    one_thread()
    out = tmp_path / "out"
    shutil.copytree(folder, out)
    if not begun:
        (out / READER_FILE).unlink()
        (out / READER_CARD).unlink()
    options = replace(
        OPTIONS, layers=(1,), rest=1, max_steps=4, measured=4, teacher_minutes=teacher
    )
    lines = []
    figures = train_reader(data_of(tmp_path / "data"), out, tmp_path / "work", options, threads=1, log=lines.append)  # fmt: skip
    reader = OnnxReader(out)
    assert reader.card.n_layers == (2 if begun else 1)
    assert np.isfinite(reader.read("¿la niña?", [("", "la niña 126")])[0].answers)
    told = json.loads((out / "reading.json").read_text("utf-8"))
    assert told["figures"]["steps"] == figures["steps"] >= 4
    assert told["options"]["batch"] == 8
    assert any(line.startswith("exported ") for line in lines)
    assert ("reading: the teacher" in lines) is bool(teacher)
    assert (tmp_path / "work" / READER_FILE).exists() is begun
    # from nothing it learns to tell the parts of a row too
    parts = weights_of(out / READER_FILE, 96)["seg"]
    assert parts.any()
    assert np.allclose(parts, trained()["seg"], atol=1e-6) is begun


def test_a_reader_needs_an_encoder_and_questions(folder, tmp_path):
    with pytest.raises(EncoderError, match="holds no encoder; expected model.safetensors"):
        train_reader(tmp_path, tmp_path / "none", tmp_path / "work")
    with pytest.raises(CorpusError, match="lacks questions with the words that answer them"):
        train_reader(tmp_path, folder, tmp_path / "work")


def test_where_nothing_can_be_told_apart_there_is_no_figure(folder):
    figures = figures_of(model_of(folder), tokenizer_of(folder), [], OPTIONS)
    assert np.isnan(figures["auroc"])
    assert np.isnan(figures["inside"])


def test_marks_are_lifted(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(Reading, "train", lambda _: {"steps": 0})
    out = tmp_path / "out"
    shutil.copytree(folder, out)
    options = replace(OPTIONS, lift=2.0)
    train_reader(data_of(tmp_path / "data"), out, tmp_path / "work", options, threads=1, log=lambda _: None)  # fmt: skip
    lifted = weights_of(out / READER_FILE, 96)["tokens.bias"] - trained()["tokens.bias"]
    assert np.allclose(lifted, [2.0, 0.0, 0.0], atol=1e-3)
