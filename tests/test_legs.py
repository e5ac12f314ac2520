"""A leg is one file and one line: all that shows legs takes them from there."""

from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT
from hash_encoder import HashEncoder

from api.messages import group
from corpus.document import Document
from index.local.build import index_documents
from index.searchable import QueryTokens
from index.translation import TranslationTable
from qa.calibration import load_calibration
from qa.legs import CLOSE, LEGS, PROPOSING, SHOWN, Asked
from qa.words import analyse, content_spans

ENCODER = HashEncoder(128)
TEXTS = [
    ("es", "El puente de madera cruza el río."),
    ("es", "La niña vive en Lima."),
    ("en", "The bridge of wood crosses the river."),
    ("es", "El molino muele maíz."),
]


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    documents = [
        Document(f"{i}", "", lang, text, (), (), "") for i, (lang, text) in enumerate(TEXTS)
    ]
    return index_documents(documents, ENCODER, tmp_path_factory.mktemp("legs"))


def asked(index, text, lang):
    table = TranslationTable({"es-en": {}, "en-es": {}})
    spans = content_spans(text, lang)
    [encoded] = ENCODER.encode_tokens([text], "query")
    words = analyse(text, spans, lang, table, index)
    return Asked(text, lang, words, encoded.vector, QueryTokens.of(text, spans, encoded))


def test_every_leg_has_a_name_of_its_own_a_weight_and_words_in_both_languages():
    assert len(set(LEGS)) == len(LEGS) == len(PROPOSING) + len(CLOSE)
    assert set(SHOWN.values()) <= set(LEGS)
    fusion = load_calibration().fusion
    for side in (fusion.close.same, fusion.close.across):
        assert set(side.weights) == set(LEGS)
    for lang in ("es", "en"):
        assert set(group(lang, "why.legs")) == set(LEGS)


def test_every_file_of_legs_is_registered():
    modules = {type(leg).__module__.rpartition(".")[2] for leg in (*PROPOSING, *CLOSE)}
    files = {path.stem for path in Path(ROOT / "qa" / "legs").glob("*.py")}
    assert files - {"__init__", "contract"} == modules


@pytest.mark.parametrize("leg", PROPOSING, ids=lambda leg: leg.name)
@pytest.mark.parametrize(
    ("text", "lang"), [("¿El puente del río?", "es"), ("Which bridge of wood?", "en")]
)
def test_a_proposing_leg_scores_what_others_propose_like_what_it_proposes(index, leg, text, lang):
    question = asked(index, text, lang)
    nothing, every = np.zeros(0, dtype=np.int64), np.arange(len(TEXTS))
    alone = leg.propose(question, index, 100, None, nothing)
    scores = alone.score(every)
    assert scores.dtype == np.float32
    # whether others came before it, come after it, or it proposes nothing at all
    for k, also in ((100, every), (1, nothing), (0, every[1:3]), (0, nothing)):
        again = leg.propose(question, index, k, None, also)
        assert again.rows.tolist() == alone.rows[:k].tolist()
        np.testing.assert_array_equal(again.score(every), scores)
        assert again.score(nothing).shape == (0,)
    order = np.lexsort((alone.rows, -scores[alone.rows]))
    assert alone.rows[order].tolist() == alone.rows.tolist()
    only = leg.propose(question, index, 100, every[1:], nothing)
    assert set(only.rows.tolist()) <= {1, 2, 3}


@pytest.mark.parametrize("leg", CLOSE, ids=lambda leg: leg.name)
def test_a_close_leg_scores_each_passage_and_the_right_one_best(index, leg):
    question = asked(index, "¿El puente de madera cruza el río?", "es")
    met = index.meet(question.tokens, question.vector, [3, 0, 1])
    scores = leg.scores(question, index, met)
    assert max(scores) == scores[1]
    assert leg.scores(question, index, []) == []
