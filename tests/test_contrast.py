"""The second stage of training: its two scores against a plain computation, the merging, and what it learns."""

import random
from dataclasses import dataclass

import numpy as np
import pytest

from index.training.contrast import N_SPECIAL, ContrastOptions, _Model, contrast
from index.training.text import Corpora

torch = pytest.importorskip("torch", reason="the extra [train] is not installed")

ANIMALS = {"ñandú": "rhea", "perro": "dog", "zorro": "fox", "cóndor": "condor", "puma": "cougar"}
PLACES = {"montaña": "mountain", "río": "river", "plaza": "square", "jardín": "garden"}
PIECES = [
    "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "¿", "?", ".", "the", "el", "la", "saw", "vio", "dónde", "where",
    *ANIMALS, *ANIMALS.values(), *PLACES, *PLACES.values(), *(f"{n}" for n in range(30)),
]  # fmt: skip


@dataclass
class Student:
    model: object
    tokenizer: object


def student():
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import BertConfig, BertModel

    vocab = {p: i for i, p in enumerate(PIECES)}
    tokenizer = Tokenizer(models.WordPiece(vocab, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=len(PIECES),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    return Student(BertModel(config, add_pooling_layer=False), tokenizer)


def tables():
    rng = np.random.default_rng(2)
    idf = rng.uniform(0.1, 2, len(PIECES)).astype(np.float32)
    idf[PIECES.index("the")] = 0.05
    projection = np.linalg.qr(rng.standard_normal((32, 16)))[0].astype(np.float32)
    return {"projection": projection, "idf": idf}


ASKED = ["¿Dónde vio el perro?", "where the condor saw"]
TOLD = ["The fox saw the river.", "El ñandú vio la montaña.", "the"]


def test_both_scores_are_those_of_a_plain_computation():
    late = tables()
    model = _Model(student(), late["projection"], late["idf"])
    model.bert.eval()
    with torch.no_grad():
        questions, passages = model.encode(ASKED, 16), model.encode(TOLD, 16)
        found = model.late(questions, passages).numpy()

        def alone(text):
            model.tokenizer.no_padding()
            ids = model.tokenizer.encode(text).ids
            hidden = model.bert(input_ids=torch.tensor([ids])).last_hidden_state[0].numpy()
            kept = np.array(ids) >= N_SPECIAL
            return np.array(ids)[kept], hidden[kept]

        for i, question in enumerate(ASKED):
            ids, hidden = alone(question)
            mean = (np.sqrt(late["idf"][ids])[:, None] * hidden).sum(0)
            np.testing.assert_allclose(questions[0][i], mean / np.linalg.norm(mean), atol=1e-5)
            asked = hidden @ late["projection"]
            asked /= np.linalg.norm(asked, axis=1, keepdims=True)
            for j, passage in enumerate(TOLD):
                told_ids, told = alone(passage)
                told = (told @ late["projection"])[late["idf"][told_ids] >= 0.35]
                if not len(told):
                    assert found[i, j] == pytest.approx(-1)
                    continue
                told = told / np.linalg.norm(told, axis=1, keepdims=True)
                best = (asked @ told.T).max(1)
                expected = best @ late["idf"][ids] / late["idf"][ids].sum()
                assert found[i, j] == pytest.approx(expected, abs=1e-5)


def test_special_pieces_weigh_nothing():
    late = tables()
    weights = _Model(student(), late["projection"], late["idf"]).pooling_weights()
    assert weights[:N_SPECIAL].tolist() == [0] * N_SPECIAL
    np.testing.assert_allclose(weights[N_SPECIAL:], np.sqrt(late["idf"][N_SPECIAL:]), rtol=1e-5)


def corpora():
    pairs = [
        (f"The {en} saw the {there} {n} the {n}.", f"El {es} vio la {lugar} {n} el {n}.")
        for n in range(30)
        for es, en in ANIMALS.items()
        for lugar, there in PLACES.items()
    ]
    random.Random(3).shuffle(pairs)
    return Corpora(
        sentences={"own": pairs},
        paragraphs={"own": pairs},
        runs={"own": pairs},
        terms=[(en, es) for es, en in (ANIMALS | PLACES).items()],
        questions=[
            {"es": (s.replace("vio", "¿dónde"), s), "en": (e.replace("saw", "where"), e)}
            for e, s in pairs[:100]
        ],
        held_out=pairs[::6],
    )


def run(work, **facts):
    lines = []
    made = student()
    options = ContrastOptions(batch=16, batch_sentences=16, learning_rate=2e-3, **facts)
    result = contrast(made, corpora(), tables(), options, work=work, seed=4, log=lines.append)
    return made, result, lines


@pytest.mark.slow
def test_questions_find_their_passages_after_it_in_both_scores(tmp_path):
    _, result, lines = run(tmp_path, max_steps=60, merge=1.0, learning_rate_rows=2e-2)
    figures = result.figures["history"][-1]
    assert figures["step"] == 60
    chance = 1 / 100
    for direction in ("es-es", "en-en", "es-en", "en-es"):
        assert figures[f"late {direction}"] > 8 * chance
        assert figures[f"dense {direction}"] > 4 * chance
    assert result.pooling_weights.shape == (len(PIECES),)
    assert result.projection.shape == (32, 16)
    assert any("merged" in line for line in lines)


def test_it_goes_only_a_share_of_the_way_and_continues_where_it_stopped(tmp_path):
    whole, _, _ = run(tmp_path, max_steps=2, merge=1.0)
    half, _, lines = run(tmp_path, max_steps=2, merge=0.5)
    # the second run finds the first's last step done, and only merges
    assert lines[0].startswith("contrast: resumed at step 2")
    start = student().model.state_dict()
    moved = 0
    for name, end in whole.model.state_dict().items():
        if not end.is_floating_point():
            continue
        expected = (start[name] + end) / 2
        torch.testing.assert_close(half.model.state_dict()[name], expected)
        moved += int(not torch.equal(start[name], end))
    assert moved > 10
