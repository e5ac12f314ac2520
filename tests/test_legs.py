"""A leg is one file and its weights: all that builds an index or shows legs takes it from there."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT, told_by
from hash_encoder import HashEncoder

from api.messages import group
from corpus.document import Document
from index.legs import CLOSE, LEGS, PROPOSING, SHOWN, Asked
from index.local.build import build, index_documents
from index.searchable import QueryTokens
from index.translation import TranslationTable
from qa.calibration import load_calibration
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
    files = {path.stem for path in Path(ROOT / "index" / "legs").glob("*.py")}
    assert files - {"__init__", "contract"} == modules


# What somebody who adds a leg writes: this file, and weights. It finds names that are misspelt.
TRIGRAMS = """
from zlib import crc32

import numpy as np

from index.legs.contract import Proposals
from index.arrays import Arrays


def trigrams(text):
    return {crc32(text[i : i + 3].lower().encode()) for i in range(len(text) - 2)}


class TrigramIndex(Arrays):
    KIND, NAMES = "trigrams", ("keys", "offsets")

    @classmethod
    def make(cls, written):
        keys = [sorted(trigrams(p.text)) for p in written.passages]
        offsets = np.cumsum([0, *map(len, keys)])
        return cls([{"keys": np.array(sum(keys, []), dtype=np.uint32), "offsets": offsets}])

    def shares(self, asked, rows):
        held = [self._entries(row) for row in rows.tolist()]
        held = [len(asked & set(part["keys"][a:b].tolist())) for part, a, b in held]
        return np.array(held, dtype=np.float32) / max(1, len(asked))


class Trigrams:
    name, shown, parts = "trigrams", None, (TrigramIndex,)

    def propose(self, asked, index, k, allowed, also):
        kept, sought = index.part(TrigramIndex), trigrams(asked.text)
        rows = np.arange(len(index)) if allowed is None else allowed
        order = np.lexsort((rows, -kept.shares(sought, rows)))
        return Proposals(rows[order[:k]], lambda some: kept.shares(sought, some))


LEGS = (Trigrams(),)
"""

USED = """
import json, sys
from dataclasses import replace
from pathlib import Path
from hash_encoder import HashEncoder
from api.explanation import lines_of_search
from api.native.schemas import SearchRequest, search_body
from index.local.build import build
from index.local.store import Index, list_builds
from qa.calibration import load_calibration
from qa.engine import Engine, Query, SearchOptions

data, told = Path(sys.argv[1]), {}
try:
    Index.open(data)
except Exception as error:
    told["before"] = [type(error).__name__, str(error)]
report = build(data, HashEncoder(128))
told["encoded"], told["documents"] = report.n_encoded, report.n_documents
(data / "documents" / "new.txt").write_text("Un texto nuevo.", "utf-8")
told["then"] = build(data, HashEncoder(128)).n_encoded
[part, *_] = Index.open(data).manifest.segments
told["files"] = sorted(part.files)
shipped = load_calibration()
close = shipped.fusion.close
same = replace(close.same, weights={**close.same.weights, "trigrams": 5.0})
weighed = replace(shipped, fusion=replace(shipped.fusion, close=replace(close, same=same)))
engine = Engine(data, HashEncoder(128), calibration=weighed)
asked = Query("Tarzaparrilla", "es")
for mode in ("hybrid", SearchRequest(query="x", mode="trigrams").mode):
    result = engine.search(asked, SearchOptions(mode=mode, explain=True))
    told[mode] = result.hits[0].passage.doc_id
told["body"] = json.loads(search_body(result, "id", explain=True).model_dump_json())["data"][0]["explanation"]["legs"]
told["lines"] = "\\n".join(lines_of_search(result))
told["problems"] = [one.problem for one in list_builds(data)]
print(json.dumps(told))
"""


@pytest.mark.slow
def test_a_new_leg_that_keeps_something_of_its_own_is_one_file_and_its_weights(tmp_path):
    data = tmp_path / "data"
    (data / "documents").mkdir(parents=True)
    for n, (_, text) in enumerate([*TEXTS, ("es", "Zarzaparrilla duerme en el granero.")]):
        (data / "documents" / f"{n}.txt").write_text(text, "utf-8")
    build(data, ENCODER)  # by who does not know the leg
    for layer in ("corpus", "qa", "api", "tests"):
        (tmp_path / layer).symlink_to(ROOT / layer)
    weights = shutil.ignore_patterns("encoders", "questions", "__pycache__")
    shutil.copytree(ROOT / "index", tmp_path / "index", ignore=weights)
    (tmp_path / "index" / "encoders").symlink_to(ROOT / "index" / "encoders")
    (tmp_path / "index" / "legs" / "trigrams.py").write_text(TRIGRAMS, "utf-8")
    told = told_by(USED, tmp_path, str(data))
    kind, message = told["before"]
    assert kind == "IncompatibleIndexError"
    assert (
        "made before there was trigrams-keys.npy, trigrams-offsets.npy; run `fuente build`"
        in message
    )
    # the vectors are kept; what the leg keeps is made of the texts
    assert (told["encoded"], told["documents"], told["then"]) == (0, 5, 1)
    assert {"trigrams-keys.npy", "trigrams-offsets.npy", "dense.faiss"} <= set(told["files"])
    assert told["hybrid"] == told["trigrams"] == "4.txt"
    assert told["body"]["trigrams"]["weight"] == 5.0
    assert 0.5 < told["body"]["trigrams"]["score"] < 1
    assert "     trigrams  " in told["lines"]
    assert told["problems"][:2] == [None, None]


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
