"""The names that a document has of its own: they say where to look, not what to look for."""

import pytest
from hash_encoder import HashEncoder
from local_server import write_documents

from corpus.language import fold
from corpus.parse import parse
from corpus.split import Splitting
from index.local.build import build, index_documents
from index.translation import TranslationTable
from qa.answering import AnsweringFromPassages
from qa.calibration import load_calibration
from qa.engine import Engine, Query, SearchOptions
from qa.own import is_in
from qa.retrieve import retrieve

FILLER = {
    "es": "\n\n".join(
        f"## Artículo {n}\n\nEl archivo {n} guarda las actas." for n in range(20, 28)
    ),
    "en": "\n\n".join(f"## Article {n}\n\nArchive {n} keeps the minutes." for n in range(20, 28)),
}
BYLAWS = {
    "es": "# Estatutos de 1993\n\n## Artículo 1\n\nSe constituye la peña de montaña y cultura llamada Peña Dorada, asociación de Peña "
    "Dorada.\n\n## Artículo 2\n\nConstituyen los fines de la asociación:\n\n- la marcha\n- el canto\n\n",
    "en": "# By-laws of 1993\n\n## Article 1\n\nThere is hereby set up the mountain and culture club called Golden Ridge, association of "
    "Golden Ridge.\n\n## Article 2\n\nThe aims of the association are:\n\n- walking\n- singing\n\n",
}
OTHERS = {
    "es": "# Estatutos de 2001\n\n## Artículo 1\n\nSe constituye la asociación Laguna Verde.\n\n## Artículo 2\n\nConstituyen los fines de la "
    "asociación:\n\n- la pesca\n\n",
    "en": "# By-laws of 2001\n\n## Article 1\n\nThe association Green Lagoon is set up.\n\n## Article 2\n\nThe aims of the association are:\n\n"
    "- fishing\n\n",
}
QUESTIONS = {
    "es": "¿Cuáles son los fines de la asociación Peña Dorada?",
    "en": "What are the aims of the Golden Ridge association?",
}


AIMS = {"es": "la marcha", "en": "walking"}


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    data = tmp_path_factory.mktemp("own")
    texts = {
        f"{name}-{lang}.md": texts[lang] + FILLER[lang]
        for name, texts in (("ours", BYLAWS), ("others", OTHERS))
        for lang in ("es", "en")
    }
    write_documents(data, texts)
    build(data, HashEncoder(), splitting=Splitting(max_tokens=40))
    made = Engine(data, HashEncoder())
    yield made
    made.close()


@pytest.mark.parametrize("lang", ["es", "en"])
def test_what_says_the_rest_of_the_question_comes_before_what_repeats_the_name(engine, lang):
    first = engine.search(Query(QUESTIONS[lang], lang)).hits[0]
    assert first.passage.doc_id == f"ours-{lang}.md"
    assert AIMS[lang] in first.passage.text


@pytest.mark.parametrize("lang", ["es", "en"])
def test_no_passage_scores_less_and_the_best_of_a_document_as_before(engine, monkeypatch, lang):
    options = SearchOptions(limit=200)
    after = engine.search(Query(QUESTIONS[lang], lang), options).hits
    with monkeypatch.context() as patched:
        patched.setattr("qa.answering.steered", lambda question, retrieved, index, again: retrieved)
        before = engine.search(Query(QUESTIONS[lang], lang), options).hits
    assert AIMS[lang] not in before[0].passage.text
    scores = {(h.passage.doc_id, h.passage.start): h.score for h in after}
    assert all(scores[h.passage.doc_id, h.passage.start] >= h.score for h in before)
    assert after[0].score == pytest.approx(before[0].score)
    assert [h.score for h in after] == sorted(scores.values(), reverse=True)


GUIDES = {
    "guia.md": "# Guía de primeros auxilios\n\n## Tráfico\n\nBotiquín de primeros auxilios, que son los primeros auxilios.\n\n## Anexo\n\n"
    "Un botiquín portátil que se precie ha de llevar gasas, vendas y también tijeras.\n\n"
    + FILLER["es"],
    "guide.md": "# Swimming pool rules\n\n## Traffic\n\nChildren have the swimming pool. The pool is for swimming.\n\n## Annex\n\n"
    "Any small children are to bring along armbands and also a towel.\n\n" + FILLER["en"],
}


@pytest.mark.parametrize(
    ("question", "lang", "says"),
    [
        ("qué tiene que llevar el botiquín de primeros auxilios", "es", "gasas"),
        ("what do children have to bring to the swimming pool", "en", "armbands"),
    ],
)
def test_what_the_question_says_of_a_title_says_where_to_look(tmp_path, question, lang, says):
    write_documents(tmp_path, GUIDES)
    build(tmp_path, HashEncoder(), splitting=Splitting(max_tokens=40))
    engine = Engine(tmp_path, HashEncoder())
    first = engine.search(Query(question, lang)).hits[0]
    engine.close()
    assert says in first.passage.text


@pytest.mark.parametrize(
    ("question", "lang", "rest"),
    [
        # with small words between, and in translation
        ("¿Qué lleva la guía de primeros auxilios?", "es", "¿Qué lleva la ?"),
        ("What do the rules of the pool bring?", "en", None),  # not as the title has it
        ("What does the law on fishing say of trout?", "en", "What does the say of trout?"),
        (
            "¿Qué traen los niños, por las normas de la piscina?",
            "es",
            "¿Qué traen los niños, por las ?",
        ),
        ("What does a first look bring?", "en", None),  # one word alone
    ],
)
def test_the_words_of_a_title_are_left_out_in_either_language(
    tmp_path, monkeypatch, question, lang, rest
):
    law = {"ley.md": "# Ley de la pesca\n\n## Uno\n\nQueda vedada la trucha.\n"}
    asked = _searched_for(tmp_path, monkeypatch, GUIDES | law, Query(question, lang))
    assert asked == [question, *([rest] if rest else [])]


LODGINGS = {
    "es.md": "# Reglas de la estancia\n\nVillas y casas Golondrina · Ronda\n\n## Uno\n\nEl jardín se riega de noche.\n\n"
    + FILLER["es"],
    "en.md": "# House rules\n\nKittiwake Lodges and Cabins · Ripon\n\n## One\n\nThe garden is watered at night.\n\n"
    + FILLER["en"],
}


@pytest.mark.parametrize(
    ("question", "lang", "rest"),
    [
        # in another number and order than the first lines have it, and in translation
        ("¿Cuándo se riega en la villa Golondrina?", "es", "¿Cuándo se riega en la ?"),
        ("¿Cuándo se riega en la villa de Golondrina?", "es", "¿Cuándo se riega en la ?"),
        ("When is it watered at the Kittiwake lodge?", "en", "When is it watered at the ?"),
        ("What are the rules of Kittiwake for gardens?", "en", "What are the for gardens?"),
        ("¿Cuándo riegan las casas y villas Golondrina?", "es", "¿Cuándo riegan las ?"),
        ("When are the Kittiwake cabins and lodges watered?", "en", "When are the watered?"),
        # what stands elsewhere is asked for
        ("¿Cuándo se riega el jardín Golondrina?", "es", "¿Cuándo se riega el jardín ?"),
        ("When is the Kittiwake garden watered?", "en", "When is the garden watered?"),
    ],
)
def test_what_the_line_with_a_name_calls_it_is_left_out_with_it(
    tmp_path, monkeypatch, question, lang, rest
):
    asked = _searched_for(tmp_path, monkeypatch, LODGINGS, Query(question, lang))
    assert asked == [question, rest]


@pytest.mark.parametrize(
    ("question", "lang"),
    [
        ("¿Qué es Peña Dorada?", "es"),  # nothing else is asked
        ("What is Golden Ridge?", "en"),
        ("¿Cuáles son los fines de la asociación?", "es"),  # no name
        ("What are the aims of the Silver Creek association?", "en"),  # nobody's name
    ],
)
def test_a_question_without_name_or_with_nothing_else_is_asked_once(
    engine, monkeypatch, question, lang
):
    asked = []
    monkeypatch.setattr(
        "qa.answering.AnsweringFromPassages._retrieve",
        _counted(AnsweringFromPassages._retrieve, asked),
    )
    engine.search(Query(question, lang))
    assert asked == [question]


@pytest.mark.parametrize("lang", ["es", "en"])
def test_documents_and_languages_that_are_not_asked_stay_out(engine, lang):
    other = {"es": "en", "en": "es"}[lang]
    only = SearchOptions(document_ids=(f"others-{lang}.md",))
    found = engine.search(Query(QUESTIONS[lang], lang), only).hits
    assert {h.passage.doc_id for h in found} == {f"others-{lang}.md"}
    found = engine.search(Query(QUESTIONS[lang], lang), SearchOptions(languages=(other,))).hits
    assert {h.passage.lang for h in found} == {other}


def test_in_the_order_of_one_leg_the_name_counts(engine):
    first = engine.search(Query(QUESTIONS["en"], "en"), SearchOptions(mode="lexical")).hits[0]
    assert "walking" not in first.passage.text


def _searched_for(folder, monkeypatch, documents, query):
    """What a search in some documents looks for, the question first."""
    write_documents(folder, documents)
    build(folder, HashEncoder(), splitting=Splitting(max_tokens=40))
    engine = Engine(folder, HashEncoder())
    asked = []
    counted = _counted(AnsweringFromPassages._retrieve, asked)
    monkeypatch.setattr("qa.answering.AnsweringFromPassages._retrieve", counted)
    engine.search(query)
    engine.close()
    return asked


def _counted(retrieve, asked):
    def counting(self, question, allowed):
        asked.append(question.full)
        return retrieve(self, question, allowed)

    return counting


@pytest.mark.parametrize(
    ("question", "lang", "texts", "names"),
    [
        (
            "¿Qué se practica en QUIM 102?",
            "es",
            ("QUIM 101, primer curso.\n\nSe practica con agua.", "QUIM 102, segundo curso.\n\nSe practica con ácidos."),
            (("QUIM",), ("QUIM 102",)),
        ),
        (
            "What does Order 7741 say about nets?",
            "en",
            ("Order 7740 of the harbour.\n\nNets are dried.", "Order 7741 of the harbour.\n\nNets are mended."),
            (("Order",), ("Order 7741",)),
        ),
        ("¿Qué se practica en 102?", "es", ("QUIM 102, segundo curso.",), ((),)),
    ],
)  # fmt: skip
def test_a_name_with_a_number_is_that_of_the_document_with_that_number(
    tmp_path, question, lang, texts, names
):
    documents = [parse(text.encode(), f"d{n}.txt") for n, text in enumerate(texts)]
    encoder = HashEncoder(4096)
    index = index_documents(documents, encoder, tmp_path, Splitting(max_tokens=40))
    table = TranslationTable({"es-en": {}, "en-es": {}})
    own = retrieve(question, lang, index, encoder, table, load_calibration().fusion).own
    found = {
        place.passage.doc_id: own.of_document(place) for place in index.places([*range(len(index))])
    }
    assert [found[f"d{n}.txt"] for n in range(len(texts))] == list(names)


@pytest.mark.parametrize(
    ("name", "text", "held"),
    [
        ("AMPA", "los socios de la A.M.P.A. del colegio", True),
        ("A. M. P. A.", "los socios del AMPA", False),  # four names of one letter
        ("A.M.P.A.", "los socios del AMPA", True),
        ("Peña ROCA", "la Peña R.O.C.A. de Baza", True),
        ("Harbour Ltd. K.R.", "Harbour Ltd K.R.", True),
        ("PTA", "the P. T. A. meets on Mondays", True),
        ("PTA", "the ptas meet on Mondays", False),
        ("Roca", "la R.O.C.A. de Baza", False),  # no short form
        ("SA", "vino s. a comer", False),
    ],
)
def test_a_short_form_is_the_same_name_with_stops(name, text, held):
    assert is_in(name, fold(text)) is held
