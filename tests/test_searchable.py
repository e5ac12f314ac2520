"""What every index must do that a question is asked of: one suite for all implementations."""

import numpy as np
import pytest
from hash_encoder import HashEncoder
from plain_index import PlainIndex

from corpus import language
from corpus.document import UnknownDocumentError
from corpus.languages import LANGS
from index.local.build import build
from index.local.store import Index
from index.searchable import OpenIndex, QueryTokens, sentence_key
from qa.engine import Engine, Query, SearchOptions

ENCODER = HashEncoder(256)
OLD = {
    "b/niña.md": "# La niña\n\nLa niña Íñiga cruzó el río en 1997. ¿Sola? ¡No! Iba con su perro.\n",
    "a.txt": "El puente de madera se abrió en 1902. Lo cruza la niña.\n",
    "e.txt": "El horno cuece pan. Lo enciende el abuelo.\n",
    "f.txt": "The well is deep. Nobody drinks from it.\n",
    "gone.txt": "The lighthouse is gone. It shone for a hundred years.\n",
}
NOW = {
    **OLD,
    "c.txt": "The bridge of wood was opened in 1902. The girl crosses it with her dog.\n",
    "d.md": "# The mill 🪶\n\nThe mill grinds corn.\n\n## Hours\n\nThe mill opens at nine.\n",
}
del NOW["gone.txt"]


def write(folder, documents):
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.rglob("*.*"):
        old.unlink()
    for name, text in documents.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")


@pytest.fixture(scope="module")
def local(tmp_path_factory):
    data = tmp_path_factory.mktemp("whole") / "data"
    write(data / "documents", NOW)
    build(data, ENCODER)
    with_all = Index.open(data, ENCODER)
    yield with_all
    with_all.close()


def in_postgres(index, url):
    """The same in a PostgreSQL server."""
    from index.generations.write import move
    from index.postgres.store import PostgresBuilds
    from index.postgres.write import writing

    move(writing, url, "searchable", index, ENCODER)
    found = PostgresBuilds(url, "searchable").open(ENCODER)
    yield found
    found.close()


def in_milvus(index, url):
    """The same in Milvus."""
    from index.generations.write import move
    from index.milvus.store import MilvusBuilds
    from index.milvus.write import writing

    move(writing, url, "searchable", index, ENCODER)
    found = MilvusBuilds(url, "searchable").open(ENCODER)
    yield found
    found.close()


@pytest.fixture(scope="module", params=["local", "segments", "plain", "postgres", "milvus"])
def index(request, local, tmp_path_factory):
    """An index of the documents NOW."""
    if request.param == "local":
        yield local
        return
    if request.param == "plain":
        documents = [local.document(info.doc_id) for info in local.documents()]
        yield PlainIndex(documents, ENCODER)
        return
    if request.param == "postgres":
        yield from in_postgres(local, request.getfixturevalue("postgres").url)
        return
    if request.param == "milvus":
        yield from in_milvus(local, request.getfixturevalue("milvus"))
        return
    data = tmp_path_factory.mktemp("segments") / "data"
    write(data / "documents", OLD)
    build(data, ENCODER)
    write(data / "documents", NOW)
    with pytest.MonkeyPatch.context() as patch:
        # or so small a segment would be written into the new one
        patch.setattr("index.local.build.SMALL_SEGMENT", 0)
        build(data, ENCODER)
    found = Index.open(data, ENCODER)
    assert len(found.segments) == 2
    yield found
    found.close()


def asked(text, lang):
    """The tokens and the vector of a question."""
    [encoded] = ENCODER.encode_tokens([text], "query")
    return QueryTokens.of(text, language.term_spans(text, lang), encoded), encoded.vector


def words_of(text, lang):
    return {lang: [[(term, 1.0)] for term in language.terms(text, lang)]}


QUESTIONS = [
    ("¿Quién cruzó el río en 1997?", "es"),
    ("When was the bridge of wood opened?", "en"),
    ("¿La niña?", "es"),
]
CASES = pytest.mark.parametrize(("text", "lang"), QUESTIONS)


# ------------------------------------------------------------------------- what it holds


def test_documents_come_by_id_with_their_text(index, local):
    assert [info.doc_id for info in index.documents()] == sorted(NOW)
    assert index.documents() == local.documents()
    for doc_id in NOW:
        assert index.document(doc_id) == local.document(doc_id)
    for unknown in ("gone.txt", "ñ.md", ""):
        with pytest.raises(UnknownDocumentError):
            index.document(unknown)


def test_rows_ascend_by_document_and_place_and_every_passage_is_a_slice(index):
    places = index.places(range(len(index)))
    order = [(p.passage.doc_id, p.passage.start) for p in places]
    assert order == sorted(set(order))
    for place in places:
        p, document = place.passage, index.document(place.passage.doc_id)
        assert document.text[p.start : p.end] == p.text
        assert (place.title, place.page) == (document.title, document.page_at(p.start))
        assert place.section_path == document.heading_path(p.start)
    rows = [len(index) - 1, 0, 1, 0]
    assert index.places(rows) == [places[row] for row in rows]


def test_a_manifest_counts_what_is_there(index):
    about = index.manifest
    assert (about.n_documents, about.n_passages) == (len(NOW), len(index))
    assert sum(about.languages.values()) == len(index)
    assert about.encoder == ENCODER.card
    assert index.build_id
    assert about.created_at


def test_filters_give_rows_and_refuse_what_is_not_there(index):
    every = index.places(range(len(index)))
    assert index.rows_where() is None
    for languages, doc_ids in (
        (["es"], []),
        ([], ["c.txt", "a.txt"]),
        (["en"], ["d.md"]),
        (["es"], ["d.md"]),
    ):
        rows = index.rows_where(languages, doc_ids).tolist()
        assert rows == [
            row
            for row, place in enumerate(every)
            if (not languages or place.passage.lang in languages)
            and (not doc_ids or place.passage.doc_id in doc_ids)
        ]
    with pytest.raises(UnknownDocumentError):
        index.rows_where([], ["gone.txt"])
    rows = np.array([2, 0], dtype=np.int64)
    assert index.langs(rows).tolist() == [LANGS.index(every[r].passage.lang) for r in rows]


def test_terms_are_those_of_the_heading_and_of_each_sentence(index):
    for row, place in enumerate(index.places(range(len(index)))):
        p = place.passage
        heading, *sentences = index.sentence_terms(row)
        assert heading == {sentence_key(p.lang, t) for t in language.terms(p.heading, p.lang)}
        spans = list(p.sentences) or language.sentences(p.text)
        assert sentences == [
            {sentence_key(p.lang, t) for t in language.terms(p.text[a:b], p.lang)} for a, b in spans
        ]


# ------------------------------------------------------------------------- how a question meets it


@CASES
def test_the_nearest_have_the_highest_cosines(index, text, lang):
    _, vector = asked(text, lang)
    every = np.arange(len(index))
    cosines = index.cosines(vector, every)
    assert cosines.dtype == np.float32
    for k, allowed in ((3, None), (100, None), (2, every[1:4]), (0, None)):
        rows = every if allowed is None else allowed
        best = rows[np.lexsort((rows, -cosines[rows]))][:k]
        assert index.nearest(vector, k, allowed).tolist() == best.tolist()
    assert index.cosines(vector, every[:0]).shape == (0,)


@CASES
def test_matches_are_shares_of_the_question_and_come_best_first(index, text, lang):
    words = words_of(text, lang)
    every = np.arange(len(index))
    found = index.matching(words, 100, also=every)
    scores, rows = found.scores[0], found.rows[0]
    assert ((scores > 0) & (scores < 1)).all()
    assert (
        rows.tolist()
        == every[found.also > 0][
            np.lexsort((every[found.also > 0], -found.also[found.also > 0]))
        ].tolist()
    )
    np.testing.assert_allclose(scores, found.also[rows], atol=1e-6)
    held = {
        row
        for row, place in enumerate(index.places(every.tolist()))
        if place.passage.lang == lang
        and {t for word in words[lang] for t, _ in word}
        & set(language.terms(f"{place.passage.heading}\n{place.passage.text}", lang))
    }
    assert set(rows.tolist()) == held
    few = index.matching(words, 1, every[1:], also=every[:0])
    assert few.rows[0].tolist() == [row for row in rows.tolist() if row][:1]
    assert index.matching(words, 0, also=every).rows.shape == (1, 0)


def test_a_word_weighs_more_the_fewer_passages_hold_it(index):
    [nina], [madera], [none] = (language.terms(word, "es") for word in ("niña", "madera", "zzyzx"))
    weights = [index.weight("es", [(term, 1.0)]) for term in (nina, madera, none)]
    assert [w.seen for w in weights] == [2, 1, 0]
    assert weights[0].idf < weights[1].idf < weights[2].idf
    # what is ordinary everywhere is cheap here as well; half a translation is seen half as often
    assert index.weight("es", [(none, 1.0)], 0.5).idf < index.weight("es", [(none, 1.0)], 0.0).idf
    assert index.weight("es", [(nina, 0.5)]).seen == 1


@CASES
def test_a_meeting_tells_of_the_passage_and_of_each_sentence(index, text, lang):
    tokens, vector = asked(text, lang)
    rows = [len(index) - 1, 0, 2]
    for row, met in zip(rows, index.meet(tokens, vector, rows), strict=True):
        [place] = index.places([row])
        p = place.passage
        assert met.row == row
        assert met.spans.tolist() == [list(s) for s in p.sentences or language.sentences(p.text)]
        assert met.cosines.shape == (len(tokens.weights), len(met.starts))
        assert len(met.sentence_late) == len(met.sentence_dense) == len(met.spans)
        sentences = ENCODER.encode_passages([p.text[a:b] for a, b in met.spans.tolist()])
        np.testing.assert_allclose(met.sentence_dense, sentences @ vector, atol=0.02)
        assert met.score >= max(met.sentence_late.max() - 1e-5, 0)
    assert index.meet(tokens, vector, []) == []


# ------------------------------------------------------------------------- and all together


@pytest.mark.parametrize(
    ("text", "lang", "doc_id", "said"),
    [
        ("¿Cuándo cruzó Íñiga el río?", "es", "b/niña.md", "1997"),
        ("¿Cuándo se abrió el puente de madera?", "es", "a.txt", "1902"),
        ("When does the mill open?", "en", "d.md", "nine"),
    ],
)
def test_an_engine_answers_from_it_and_all_of_them_alike(index, local, text, lang, doc_id, said):
    answers = []
    for searched in (index, local):
        engine = Engine(OpenIndex(searched), ENCODER)
        answers.append(engine.ask(Query(text, lang), SearchOptions(explain=True)))
    ours, theirs = answers
    assert ours.build_id == index.build_id
    assert ours.citations[0].doc_id == doc_id
    assert said in ours.citations[0].quote
    assert ours.text == theirs.text
    # the local index keeps two bits of each token
    assert ours.confidence == pytest.approx(theirs.confidence, abs=0.15)
    assert ours.hits[0].passage == theirs.hits[0].passage
