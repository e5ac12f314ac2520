"""Late interaction: which passage meets the question's words best."""

import numpy as np
import pytest
from hash_encoder import HashEncoder

from corpus.language import term_spans
from index.tokens import IN_HEADING, TokenIndex, compress, max_sim
from qa.rerank import QueryTokens, interact

ENCODER = HashEncoder(512)
PASSAGES = [
    ("es", "La niña cruzó el río con su perro."),
    ("es", "El río nace en la montaña; la niña lo mira."),
    ("es", "El café crece a la sombra."),
    ("en", "The girl crossed the river with her dog."),
    ("en", "Coffee grows in the shade."),
    ("es", "¿Y tú? ¡No!"),
]


@pytest.fixture(scope="module")
def tokens():
    encoded = ENCODER.encode_tokens([text for _, text in PASSAGES], "passage")
    codes = [compress(text, 0, e, lang) for (lang, text), e in zip(PASSAGES, encoded, strict=True)]
    return TokenIndex.build(codes, 512)


def query(text, lang):
    return QueryTokens.of(text, term_spans(text, lang), ENCODER.encode_tokens([text], "query")[0])


def order(tokens, text, lang):
    met = interact(query(text, lang), tokens, range(len(PASSAGES)))
    return [m.row for m in sorted(met, key=lambda m: -m.score)]


@pytest.mark.parametrize(
    ("text", "lang", "best"),
    [
        ("¿Quién cruzó el río con el perro?", "es", 0),
        ("¿Dónde nace el río de la montaña?", "es", 1),
        ("quien cruzo el rio con el perro", "es", 0),
        ("¿Crece el café a la sombra?", "es", 2),
        ("Which girl crossed with her dog?", "en", 3),
        ("Does coffee grow in the shade?", "en", 4),
    ],
)
def test_the_passage_with_the_questions_words_comes_first(tokens, text, lang, best):
    assert order(tokens, text, lang)[0] == best


def test_a_passage_with_more_of_the_words_scores_higher(tokens):
    met = interact(query("niña río perro", "es"), tokens, [0, 1, 2])
    assert met[0].score > met[1].score > met[2].score
    # all three, two and none of three, less what two bits a dimension lose
    assert met[0].score == pytest.approx(1, abs=0.12)
    assert met[1].score == pytest.approx(2 / 3, abs=0.12)
    assert met[2].score == pytest.approx(0, abs=0.15)


def test_a_word_of_more_weight_decides(tokens):
    plain = query("perro montaña", "es")
    for word, best in (("perro", 0), ("montaña", 1)):
        weights = np.where(plain.starts == plain.text.index(word), 5.0, 1.0).astype(np.float32)
        tilted = QueryTokens(plain.text, plain.vectors, weights, plain.starts)
        first, second = interact(tilted, tokens, [0, 1])
        assert (first if first.score > second.score else second).row == best


def test_interactions_come_in_the_order_asked_for_with_what_they_were_made_of(tokens):
    asked = query("¿Quién cruzó el río?", "es")
    rows = [3, 0, 5, 2]
    met = interact(asked, tokens, rows)
    assert [m.row for m in met] == rows
    for m in met:
        assert m.cosines.shape == (len(asked.weights), len(m.starts))
        assert m.score == max_sim(m.cosines, asked.weights)[0]
        assert -1 <= m.score <= 1.001
        text = PASSAGES[m.row][1]
        assert all(start < len(text) and start != IN_HEADING for start in m.starts)
    # a passage of function words has nothing to meet
    assert met[2].score == 0.0
    assert met[2].cosines.shape[1] == 0


def test_function_words_and_marks_of_a_question_are_left_out():
    for text, lang, kept in (
        ("¿Quién fue el dueño de la caña?", "es", ["dueño", "caña"]),
        ("Who was the owner of the house?", "en", ["owner", "house"]),
    ):
        found = query(text, lang)
        assert [text[s:].split()[0].rstrip("?") for s in found.starts] == kept
        assert found.vectors.shape == (2, 512)
        assert len(found.weights) == 2


@pytest.mark.parametrize(("text", "lang"), [("¿Quién es él?", "es"), ("Who is he?", "en")])
def test_a_question_of_function_words_keeps_them_all(text, lang):
    assert len(query(text, lang).weights) == 3


def test_no_rows_meet_nothing(tokens):
    assert interact(query("río", "es"), tokens, []) == []
