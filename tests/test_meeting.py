"""Late interaction: which passage meets the question's words best."""

import re

import numpy as np
import pytest
from hash_encoder import HashEncoder
from oracle import max_sim

from corpus.language import term_spans
from index.meeting import interact
from index.searchable import QueryTokens
from index.sentences import SentenceIndex, compress_sentences
from index.tokens import IN_HEADING, TokenIndex, compress

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
    return TokenIndex.build(codes, 512), sentence_index(PASSAGES)


def sentence_index(passages):
    """Every passage cut after ";" and "!", each piece with its own vector."""
    made = []
    for _, text in passages:
        spans = [(m.start(), m.end()) for m in re.finditer(r"[^;!]+[;!]?", text)]
        made.append(
            compress_sentences(ENCODER.encode_passages([text[a:b] for a, b in spans]), spans)
        )
    return SentenceIndex.build(made, 512)


def meet(asked, tokens, rows):
    [vector] = ENCODER.encode_queries([asked.text])
    return interact(asked, vector, *tokens, rows)


def query(text, lang):
    return QueryTokens.of(text, term_spans(text, lang), ENCODER.encode_tokens([text], "query")[0])


def order(tokens, text, lang):
    met = meet(query(text, lang), tokens, range(len(PASSAGES)))
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
    met = meet(query("niña río perro", "es"), tokens, [0, 1, 2])
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
        first, second = meet(tilted, tokens, [0, 1])
        assert (first if first.score > second.score else second).row == best


def test_interactions_come_in_the_order_asked_for_with_what_they_were_made_of(tokens):
    asked = query("¿Quién cruzó el río?", "es")
    rows = [3, 0, 5, 2]
    met = meet(asked, tokens, rows)
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


@pytest.mark.parametrize(
    ("text", "lang", "row"), [("¿La niña mira el río?", "es", 1), ("the dog crossed", "en", 3)]
)
def test_each_sentence_meets_the_question_with_its_own_tokens_and_vector(tokens, text, lang, row):
    asked = query(text, lang)
    [met] = meet(asked, tokens, [row])
    kept = tokens[1].codes_of(row)
    vectors, spans = kept.codes / np.linalg.norm(kept.codes, axis=1, keepdims=True), kept.spans
    assert len(met.sentence_late) == len(met.sentence_dense) == len(spans) == 1 + (row == 1)
    for n, (start, end) in enumerate(spans.tolist()):
        inside = (met.starts >= start) & (met.starts < end)
        by_hand = max_sim(met.cosines[:, inside], asked.weights)[0]
        assert met.sentence_late[n] == pytest.approx(by_hand, abs=1e-5)
        [vector] = ENCODER.encode_queries([text])
        assert met.sentence_dense[n] == pytest.approx(float(vectors[n] @ vector), abs=1e-5)
    if row == 1:
        assert met.sentence_late[1] > met.sentence_late[0]


def test_tokens_of_the_heading_belong_to_no_sentence():
    heading, text = "El puente", "La niña cruzó el río."
    whole = f"{heading}\n{text}"
    [encoded] = ENCODER.encode_tokens([whole], "passage")
    index = TokenIndex.build([compress(whole, len(heading) + 1, encoded, "es")], 512)
    both = index, sentence_index([("es", text)])
    [met] = meet(query("¿puente?", "es"), both, [0])
    assert met.score == pytest.approx(1, abs=0.12)
    assert met.sentence_late[0] < 0.3
    [met] = meet(query("¿niña?", "es"), both, [0])
    assert met.sentence_late[0] == pytest.approx(1, abs=0.12)


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


@pytest.mark.parametrize(
    ("text", "lang"), [("¿Quién cruzó el río con la niña?", "es"), ("the dog and the río", "en")]
)
def test_a_passage_is_met_alike_alone_and_among_others(tokens, text, lang):
    asked = query(text, lang)
    rows = [2, 5, 1, 0, 4, 3]
    assert len(tokens[0].codes_of(5).starts) == 0
    for row, among in zip(rows, meet(asked, tokens, rows), strict=True):
        [alone] = meet(asked, tokens, [row])
        assert among.row == alone.row == row
        assert among.score == pytest.approx(alone.score, abs=1e-6)
        for name in ("cosines", "sentence_late", "sentence_dense"):
            of_both = getattr(among, name), getattr(alone, name)
            np.testing.assert_allclose(*of_both, atol=1e-6, err_msg=name)
        np.testing.assert_array_equal(among.starts, alone.starts)
        np.testing.assert_array_equal(among.spans, alone.spans)


def test_a_question_without_weight_meets_with_0(tokens):
    asked = query("río", "es")
    light = QueryTokens(asked.text, asked.vectors, np.zeros(1, np.float32), asked.starts)
    for met in meet(light, tokens, [0, 5, 1]):
        assert met.score == 0.0
        assert not met.sentence_late.any()


def test_no_rows_meet_nothing(tokens):
    assert meet(query("río", "es"), tokens, []) == []
