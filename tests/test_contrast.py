"""The stage that teaches: what is nearly right, what it learns, the merging, and that it continues where it stopped."""

import random
from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the extra [train] is not installed")

from tiny_image import image_bytes  # noqa: E402

from index.training.contrast import (  # noqa: E402
    Contrast,
    ContrastOptions,
    Learner,
    _Questions,
    cross_entropy,
    mine,
)
from index.training.e5 import (  # noqa: E402
    PASSAGE_PREFIX,
    QUERY_PREFIX,
    SPECIAL_PIECES,
    cut,
    make_model,
    make_tokenizer,
    read_image,
)
from index.training.late import TokenHead, content_pieces  # noqa: E402
from index.training.text import Asked, Corpora  # noqa: E402

ANIMALS = {"ñandú": "rhea", "perro": "dog", "zorro": "fox", "cóndor": "condor", "puma": "cougar"}
PLACES = {"montaña": "mountain", "río": "river", "plaza": "square", "jardín": "garden"}
WORDS = [*ANIMALS, *ANIMALS.values(), *PLACES, *PLACES.values(), "vio", "saw", "dónde", "where", "query:", "passage:"]  # fmt: skip
PIECES = [
    *SPECIAL_PIECES,
    *(f"▁{word}" for word in WORDS),
    "▁",
    *"abcdefghijklmnopqrstuvwxyzñóúé?¿.",
]
OPTIONS = ContrastOptions(
    minutes=5,
    head_minutes=5,
    max_steps=40,
    batch=8,
    batch_sentences=4,
    nearly_right=3,
    learning_rate=3e-3,
    learning_rate_head=1e-2,
    max_tokens_question=24,
    max_tokens_passage=24,
    merges=(0.5, 1.0),
)


def corpora():
    made = Corpora()
    for es_a, en_a in ANIMALS.items():
        for es_p, en_p in PLACES.items():
            told = {"es": f"{es_a} vio {es_p}", "en": f"{en_a} saw {en_p}"}
            asked = {"es": f"dónde {es_a} {es_p}", "en": f"where {en_a} {en_p}"}
            for ask in told:
                for tell in told:
                    made.questions.append(Asked(asked[ask], "", told[tell]))
            made.held_out.append(Asked(asked["es"], "", told["en"]))
            made.sentences.setdefault("own", []).append((told["en"], told["es"]))
    return made


@pytest.fixture(scope="module")
def image(tmp_path_factory):
    path = tmp_path_factory.mktemp("image") / "image.bin"
    path.write_bytes(image_bytes(PIECES))
    return read_image(path)


def begin(image):
    pieces, scores, tensors = cut(image, range(len(PIECES)))
    learner = Learner(make_model(image.shape, tensors), make_tokenizer(pieces, scores))
    rng = np.random.default_rng(1)
    weight = rng.standard_normal((16, 32)).astype(np.float32)
    content = content_pieces(pieces)
    idf = np.ones(len(pieces), dtype=np.float32)
    return learner, TokenHead(weight, np.zeros(16, np.float32), idf, content, "cpu")


def test_texts_of_any_length_have_the_vectors_of_each_alone(image):
    learner, _ = begin(image)
    texts = ["perro", "dónde vio ñandú montaña", "", "dog saw river " * 9]
    found = learner.vectors(texts, QUERY_PREFIX, 16)
    for text, row in zip(texts, found, strict=True):
        learner.tokenizer.no_padding()
        learner.tokenizer.enable_truncation(16)
        ids = torch.tensor([learner.tokenizer.encode(QUERY_PREFIX + text).ids])
        with torch.no_grad():
            mean = learner.model(input_ids=ids).last_hidden_state[0].mean(0)
        assert float(torch.cosine_similarity(mean, row, dim=0)) == pytest.approx(1, abs=1e-5)


def test_prefix_special_tokens_and_padding_are_not_inside_a_text(image):
    learner, _ = begin(image)
    states = learner.states(["perro vio", "ñandú"], PASSAGE_PREFIX, 16)
    inside = [[PIECES[i] for i in ids[inner]] for ids, inner in zip(states.ids, states.inner, strict=True)]  # fmt: skip
    assert inside == [["▁perro", "▁vio"], ["▁ñandú"]]
    assert states.there.sum(1).tolist() == [5, 4]


def test_what_is_nearly_right_is_near_of_another_body_and_not_above_the_right_one(image):
    learner, _ = begin(image)
    asked = [replace(one, heading=h) for one in corpora().questions[:24] for h in ("", "zorro")]
    found = mine(learner, asked, OPTIONS)
    passages = list(dict.fromkeys((one.heading, one.body) for one in asked))
    assert found.shape == (len(asked), 3)
    told = learner.vectors([Asked("", h, b).passage for h, b in passages], PASSAGE_PREFIX, 24)
    questions = learner.vectors([one.question for one in asked], QUERY_PREFIX, 24)
    scores = (questions @ told.T).numpy()
    for one, row, wrong in zip(asked, scores, found, strict=True):
        own = row[passages.index((one.heading, one.body))]
        fit = [
            i for i, (_, body) in enumerate(passages) if body != one.body and row[i] <= own + 0.005
        ]
        best = sorted(fit, key=lambda i: -row[i])[:3]
        assert set(wrong[: len(best)].tolist()) == set(best) or np.allclose(
            row[wrong[: len(best)]], row[best], atol=1e-5
        )


def test_questions_are_drawn_by_their_weight_and_no_body_twice():
    asked = [Asked("a?", "", "A", 3.0), Asked("b?", "", "B", 1.0), Asked("c?", "", "B", 0.0)]
    drawn = _Questions(asked, np.array([[1], [0], [0]]))
    rng = random.Random(1)
    firsts = [drawn.draw(1, rng)[0][0].rstrip("?") for _ in range(400)]
    assert set(firsts) == {"a", "b"}
    assert 250 < firsts.count("a") < 350
    questions, passages = drawn.draw(2, rng)
    assert len(questions) == 2
    assert sorted(one.body for one in passages[:2]) == ["A", "B"]
    # each with its own nearly right one
    assert [one.body for one in passages[2:]] == [
        {"A": "B", "B": "A"}[p.body] for p in passages[:2]
    ]


def test_what_a_search_found_in_vain_stands_beside_its_question():
    found = (("Título", "hallado"), ("", "found"))
    asked = [Asked("a?", "", "A", found=found), Asked("b?", "", "B")]
    drawn = _Questions(asked, np.array([[1], [0]]))
    rng = random.Random(2)
    wrong = set()
    for _ in range(40):
        _, passages = drawn.draw(2, rng)
        beside = dict(zip((p.body for p in passages[:2]), passages[2:], strict=True))
        assert beside["B"].body == "A"
        wrong.add((beside["A"].heading, beside["A"].body))
    assert wrong == set(found)


def test_the_loss_both_ways_counts_the_columns_that_have_a_row():
    scores = torch.tensor([[2.0, 0.0, 5.0], [0.0, 2.0, 5.0]])
    one = cross_entropy(scores, 0.0)
    both = cross_entropy(scores, 0.5)
    assert float(one) == pytest.approx(float(torch.logsumexp(scores[0], 0) - 2), abs=1e-5)
    back = float(torch.logsumexp(torch.tensor([2.0, 0.0]), 0) - 2)
    assert float(both) == pytest.approx(float(one) + 0.5 * back, abs=1e-5)


def stage(image, work, options=OPTIONS):
    learner, head = begin(image)
    lines = []
    made = Contrast(learner, head, corpora(), options, work=work, seed=3, log=lines.append)
    return made, lines


@pytest.mark.slow
def test_questions_find_their_passages_after_it_in_both_scores(image, tmp_path):
    made, _ = stage(image, tmp_path)
    figures = made.train()
    assert figures["steps"] == 40
    assert set(figures["merges"]) == {"0.5", "1.0"}
    for score in ("dense", "late"):
        assert figures["end"][score] > figures["start"][score] + 0.1, figures


@pytest.mark.slow
def test_a_run_started_again_continues_in_the_stage_where_it_stopped(image, tmp_path):
    short = replace(OPTIONS, max_steps=3, merges=(1.0,))
    made, _ = stage(image, tmp_path, short)
    first = made.train()
    again, lines = stage(image, tmp_path, short)
    second = again.train()
    assert lines[0] == "head: resumed at step 3"
    assert second == first
    for name, values in made.learner.model.state_dict().items():
        assert torch.equal(values, again.learner.model.state_dict()[name]), name
    np.testing.assert_array_equal(
        made.head.tables()["head_weight"], again.head.tables()["head_weight"]
    )
