"""The engine: questions in, answers with citations out, over builds that come and go."""

import json
import math
import random
import shutil
import threading
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from conftest import ROOT, SAMPLES
from hash_encoder import HashEncoder
from underliner import Underliner

from corpus.document import (
    DamagedIndexError,
    EmptyQuestionError,
    IncompatibleIndexError,
    NoIndexError,
    QuestionTooLongError,
    SettingsError,
    UnknownDocumentError,
)
from corpus.split import Splitting
from index.legs import LEGS
from index.local.build import build
from index.local.store import Index, activate, current_build_id
from index.reader import load_reader
from index.searchable import OpenIndex
from qa.calibration import load_calibration
from qa.cite import Quote
from qa.compose import Piece
from qa.engine import Engine, Query, SearchOptions
from qa.rank import CLOSE_CALL
from qa.select import Selection, Span, Unit, Why

RHEA = "cuentos/El año del ñandú.md"
DOCUMENTS = {
    RHEA: (
        "# El ñandú\n\n🪶 El ñandú corre deprisa por la pampa. ¿Vuela? ¡No! Pone doce huevos en un nido.\n\n"
        "## La niña\n\nLa niña Íñiga cruzó el río Amazonas en 1997 con su perro.\n"
    ),
    "rivers.txt": "The river Amazon is long. It begins high up in the Andes of Peru.\n",
    "cafe.txt": "El café crece a la sombra. La cosecha del café empieza en abril.\n",
}
# Word for word what a document says: any encoder and any sensible weights find it.
SURE = [
    ("La niña Íñiga cruzó el río Amazonas en 1997 con su perro.", "es", RHEA),
    ("La cosecha del café empieza en abril.", "es", "cafe.txt"),
    ("It begins high up in the Andes of Peru.", "en", "rivers.txt"),
]


def write(data, documents):
    for name, text in documents.items():
        path = data / "documents" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    data = tmp_path_factory.mktemp("engine") / "data"
    write(data, DOCUMENTS)
    build(data, HashEncoder())
    return data


@pytest.fixture(scope="module")
def engine(built):
    made = Engine(built, HashEncoder())
    yield made
    made.close()


@pytest.fixture
def data(built, tmp_path):
    """A copy to change."""
    return shutil.copytree(built, tmp_path / "data")


@pytest.fixture
def clock():
    minutes = iter(range(10_000))
    return lambda: datetime(2027, 1, 1, tzinfo=UTC) + timedelta(minutes=next(minutes))


def check_answer(answer, index):
    """Every quote and passage is its document's text, and stands in the answer where it says."""
    for c in answer.citations:
        document = index.document(c.doc_id)
        assert document.text[c.start : c.end] == c.quote
        assert answer.text[c.answer_start : c.answer_end] == c.quote
        assert (c.title, c.lang) == (document.title, c.lang)
        assert c.page == document.page_at(c.start)
    for hit in answer.hits:
        p = hit.passage
        assert index.document(p.doc_id).text[p.start : p.end] == p.text
    assert [c.number for c in answer.citations] == list(range(1, len(answer.citations) + 1))
    assert 0 <= answer.confidence <= 1
    assert (answer.status == "answered") == bool(answer.citations) == (answer.abstention is None)


# ------------------------------------------------------------------------- asking


class Picking:
    """A selector that quotes the given words of whatever passage has them, each passage for itself."""

    name = "picking"
    n_passages = 5

    def __init__(self, *words, most=9):
        self.words, self.most = words, most

    def select(self, question, passages, retrieved, index):
        units = []
        for words in self.words:
            passage = next(p.passage for p in passages if words in p.passage.text)
            start = passage.start + passage.text.index(words)
            units.append(Unit(Quote(passage, start, start + len(words), 1.0), 1.0))
        return Selection(tuple(units), tuple(units[: self.most]), 1.0, 0.0, Why())


@pytest.mark.parametrize("most", [1, 2])
def test_of_two_documents_that_say_different_things_both_are_quoted(tmp_path, most):
    said = ["El bono de la piscina cuesta 45 euros.", "El bono de la piscina cuesta 58 euros."]
    write(tmp_path, {f"tarifas-{n}.txt": f"{text}\n" for n, text in enumerate(said)})
    build(tmp_path, HashEncoder())
    engine = Engine(tmp_path, HashEncoder(), selector=Picking(*said, most=most))
    answer = engine.ask(Query("¿Cuánto cuesta el bono de la piscina?", "es"))
    check_answer(answer, engine.index)
    assert [c.differs for c in answer.citations] == [False, True]
    assert [c.quote for c in answer.citations] == said
    engine.close()


@pytest.mark.parametrize(
    ("question", "names_nothing"),
    [
        ("How much?", True),
        ("how long is it", True),
        ("¿Cuánto tiempo?", True),
        ("¿A qué hora?", True),
        ("¿Se puede?", True),
        ("How much is the pool?", False),
        ("¿Cuánto vale?", False),
        ("time", False),
    ],
)
def test_a_question_that_names_nothing_is_declined_unless_there_is_one_document(
    tmp_path, question, names_nothing
):
    said = "The pool costs 5 euros."
    write(tmp_path, {"a.txt": f"{said}\n"})
    build(tmp_path, HashEncoder())
    engine = Engine(tmp_path, HashEncoder(), selector=Picking(said))
    assert [c.quote for c in engine.ask(Query(question)).citations] == [said]
    write(tmp_path, {"b.txt": "The mill is open at noon.\n"})
    build(tmp_path, HashEncoder())
    engine.reload()
    answer = engine.ask(Query(question))
    assert [c.quote for c in answer.citations] == ([] if names_nothing else [said])
    engine.close()


WITH_LABELS = """# Vitaminas

## Vitamina K

Ayuda a coagular la sangre; en la casilla va una x. Media ½ taza, en s/n. La dosis β se anota.

## Артишок

Растёт в саду у реки.
"""


@pytest.mark.parametrize(
    ("question", "answered"),
    [
        *((letter, False) for letter in ("z", "x", "n?", "\\n", "C:\\", "r\\s", "ª", "y")),
        *(
            (greeting, False)
            for greeting in ("مساء الخير", "Спасибо", "早上好", "감사합니다", "धन्यवाद")
        ),
        ("¼", False),
        ("½", True),
        ("¿β?", True),
        ("¿γ?", False),
        ("K", True),
        ("¿y la k?", True),
        ("7", True),
        ("zz", True),
        ("Артишок", True),
        ("Где артишок?", True),
        ("¿s/n?", True),
    ],
)
def test_a_question_without_a_word_to_search_for_is_declined(tmp_path, encoder, question, answered):
    write(tmp_path, {"vitaminas.md": WITH_LABELS})
    build(tmp_path, encoder)
    engine = Engine(tmp_path, encoder, selector=Picking("Ayuda a coagular la sangre"))
    answer = engine.ask(Query(question))
    assert (answer.status == "answered") == answered
    engine.close()


PIECES = "".join(f"| Pieza {n} | {n} cm | {n} semanas |\n" for n in range(60))
EXPLAINED = {
    "rows": (
        f"# Catálogo\n\n| Nombre | Ancho | Espera |\n|---|---|---|\n{PIECES}",
        ["Pieza 47 | 47 cm | 47 semanas", "Pieza 48 | 48 cm | 48 semanas"],
        ["answer", "answer", "columns"],
        "Nombre | Ancho | Espera",
    ),
    "item": (
        "# Visitas\n\nPara entrar hay que traer:\n\n- El carné del club.\n- Una foto de carné.\n",
        ["Una foto de carné."],
        ["answer", "lead"],
        "Para entrar hay que traer:",
    ),
    "nothing": (
        "# Visitas\n\nEl carné del club cuesta diez euros.\n",
        ["El carné del club cuesta diez euros."],
        ["answer"],
        None,
    ),
}


@pytest.mark.parametrize("kind", EXPLAINED)
def test_what_a_quote_needs_beside_it_is_cited_after_the_quotes_that_answer(tmp_path, kind):
    text, words, roles, said = EXPLAINED[kind]
    write(tmp_path, {"a.md": text, "z.txt": "Otra cosa.\n"})
    build(tmp_path, HashEncoder(), splitting=Splitting(max_tokens=80))
    engine = Engine(tmp_path, HashEncoder(), selector=Picking(*words))
    answer = engine.ask(Query(" ".join(words), "es"), SearchOptions(explain=True))
    check_answer(answer, engine.index)
    assert [c.role for c in answer.citations] == roles
    assert [c.quote for c in answer.citations] == [*words, *([said] if said else [])]
    # The explanation is of what answers
    assert len(answer.trace.answer.spans) == len(words)
    engine.close()


@pytest.mark.parametrize(("text", "lang", "doc_id"), SURE)
def test_what_a_document_says_is_answered_with_its_words(engine, text, lang, doc_id):
    answer = engine.ask(Query(text, lang))
    check_answer(answer, engine.index)
    assert answer.status == "answered"
    assert answer.citations[0].quote == text
    assert answer.citations[0].doc_id == doc_id
    assert (answer.lang, answer.question.lang, answer.question.lang_confidence) == (lang, lang, 1.0)
    assert answer.build_id == engine.index.build_id
    assert answer.text.startswith("Según" if lang == "es" else "According")


@pytest.mark.parametrize(
    ("text", "lang", "words"),
    [
        ("¿Quién ganó el Mundial de Australia en 2031?", "es", "documentos"),
        ("Who was Godzilla's barber in Tokyo?", "en", "documents"),
    ],
)
def test_what_no_document_says_is_declined_in_the_questions_language(engine, text, lang, words):
    answer = engine.ask(Query(text, lang))
    check_answer(answer, engine.index)
    assert answer.status == "abstained"
    assert (answer.citations, answer.text) == ((), answer.abstention.message)
    assert words in answer.text
    assert answer.abstention.reason == "no_support"
    assert answer.abstention.confidence == answer.confidence < answer.abstention.threshold
    # the nearest passages are still shown
    assert answer.hits


def test_the_language_of_a_question_is_detected_unless_told(engine):
    for text, lang in (("¿Dónde crece el café?", "es"), ("Where does the river begin?", "en")):
        question = engine.search(Query(text)).question
        assert question.lang == lang
        assert 0 < question.lang_confidence <= 1
    assert engine.search(Query("café", "en")).question.lang == "en"
    # Where nothing else shows it, words of content do, and in capitals they are no names
    for text, lang in (("river", "en"), ("River banks", "en"), ("RÍO Y 3 PUENTES", "es")):
        assert engine.search(Query(text)).question.lang == lang
    unknown = engine.ask(Query("Amazonas"))
    assert (unknown.question.lang, unknown.lang) == ("und", "es")


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ("¿PONE EL ÑANDÚ 12 HUEVOS?", "¿PONE EL ÑANDÚ DOCE HUEVOS?"),
        ("DOES A RHEA LAY 12 EGGS?", "DOES A RHEA LAY DOCE EGGS?"),
        ("¿Pone el ñandú 12 huevos?", "¿Pone el ñandú doce huevos?"),
    ],
)
def test_what_is_asked_in_capitals_is_read_in_capitals(engine, text, read_as):
    found = engine.ask(Query(text))
    assert found.question.read_as == read_as
    assert not (found.abstention and found.abstention.unmentioned)


def test_search_ask_and_ask_in_steps_agree(engine):
    for text, lang, _ in SURE:
        query, options = Query(text, lang), SearchOptions(limit=2)
        searched, answered = engine.search(query, options), engine.ask(query, options)
        steps = engine.ask_in_steps(query, options)
        first, last = steps.result, steps.answer()
        assert steps.answer() is last
        assert steps.select().confidence == pytest.approx(last.confidence, abs=1e-4)
        assert searched.hits == first.hits == last.hits == answered.hits
        assert searched.question == first.question == last.question
        timeless = {"timings_ms": {}}
        assert replace(last, **timeless) == replace(answered, **timeless)
        assert replace(first, **timeless) == replace(searched, **timeless)
        assert answered.timings_ms["total"] >= answered.timings_ms["answer"] >= 0


@pytest.mark.parametrize(
    ("question", "lang", "texts"),
    [
        ("¿Cuándo es el mercado?", "es", ("¿Cuándo es el mercado? Nadie lo sabe.", "El mercado es los jueves.")),
        ("When is the market?", "en", ("When is the market? Nobody knows.", "The market is on Thursdays.")),
    ],
)  # fmt: skip
def test_the_passages_of_an_answer_begin_with_the_one_that_answers(tmp_path, question, lang, texts):
    write(tmp_path, {f"{n}.txt": text for n, text in enumerate((*texts, "El río es largo."))})
    build(tmp_path, HashEncoder())
    weighed = load_calibration()
    readings = replace(weighed.readings, units=weighed.readings.units | {"fused": 0.1})
    calibration = replace(weighed, readings=readings)
    engine = Engine(
        tmp_path,
        HashEncoder(),
        reader=Underliner(texts[1], sure=9.0),
        calibration=calibration,
    )
    query, options = Query(question, lang), SearchOptions(limit=2, explain=True)
    found, answer = engine.search(query, options), engine.ask(query, options)
    assert [hit.passage.text for hit in found.hits] == list(texts)
    assert [hit.passage.text for hit in answer.hits] == list(texts[::-1])
    assert [hit.rank for hit in answer.hits] == [1, 2]
    assert [hit.score for hit in answer.hits] == [hit.score for hit in found.hits[::-1]]
    told = [replace(one, reader=None) for one in answer.trace.passages]
    assert told == [replace(one, reader=None) for one in found.trace.passages[::-1]]
    # whoever asks for the order of one leg gets that
    one_leg = replace(options, mode="lexical")
    assert engine.ask(query, one_leg).hits == engine.search(query, one_leg).hits
    engine.close()


def test_hits_are_ranked_from_1_and_no_more_than_asked_for(engine):
    for limit in (1, 2, 50):
        hits = engine.search(Query("¿Qué crece en la pampa?"), SearchOptions(limit=limit)).hits
        assert [h.rank for h in hits] == list(range(1, len(hits) + 1))
        assert len(hits) == min(limit, len(engine.index))
        scores = [h.score for h in hits]
        assert scores == sorted(scores, reverse=True)


def test_a_hit_tells_where_its_passage_stands(engine):
    [hit] = engine.search(Query("La niña Íñiga cruzó el río", "es"), SearchOptions(limit=1)).hits
    assert hit.passage.doc_id == RHEA
    assert (hit.title, hit.page) == ("El ñandú", None)
    assert hit.section_path == ("El ñandú", "La niña")
    assert len(hit.scores) == len(LEGS)
    assert None not in hit.scores
    assert hit.cross_encoder is None


@pytest.mark.parametrize("mode", ["hybrid", "dense", "lexical"])
@pytest.mark.parametrize(("text", "lang", "doc_id"), SURE)
def test_every_mode_finds_and_answers(engine, mode, text, lang, doc_id):
    options = SearchOptions(mode=mode)
    assert engine.search(Query(text, lang), options).hits[0].passage.doc_id == doc_id
    answer = engine.ask(Query(text, lang), options)
    check_answer(answer, engine.index)
    assert answer.citations[0].quote == text


def test_a_lexical_search_for_words_nobody_wrote_finds_nothing(engine):
    answer = engine.ask(Query("¿Zzyzx?", "es"), SearchOptions(mode="lexical"))
    assert answer.hits == ()
    assert answer.abstention.reason == "nothing_found"
    assert answer.confidence == 0.0


def test_filters_limit_hits_and_citations(engine):
    text, lang, _ = SURE[0]
    only = engine.ask(Query(text, lang), SearchOptions(document_ids=("cafe.txt", "rivers.txt")))
    assert {h.passage.doc_id for h in only.hits} == {"cafe.txt", "rivers.txt"}
    assert {c.doc_id for c in only.citations} <= {"cafe.txt", "rivers.txt"}
    english = engine.search(Query(text, lang), SearchOptions(languages=("en",)))
    assert {h.passage.lang for h in english.hits} == {"en"}
    both = SearchOptions(languages=("en",), document_ids=("cafe.txt",))
    assert engine.ask(Query(text, lang), both).abstention.reason == "nothing_found"


@pytest.mark.parametrize("ask", ["search", "ask"])
def test_a_filter_on_an_unknown_document_is_an_error(engine, ask):
    with pytest.raises(UnknownDocumentError, match="ñandúes"):
        getattr(engine, ask)(
            Query("¿Vuela?"), SearchOptions(document_ids=("cafe.txt", "ñandúes.txt"))
        )


@pytest.mark.parametrize("text", ["", "   \n\t", "¿?", "¡¡¡!!! …", "🪶", "\u0301"])
def test_a_question_without_a_letter_or_digit_is_empty(engine, text):
    with pytest.raises(EmptyQuestionError, match="empty"):
        engine.ask(Query(text))
    with pytest.raises(EmptyQuestionError):
        engine.ask_in_steps(Query(text))


def test_a_question_may_be_as_long_as_the_limit_and_no_longer(built):
    engine = Engine(built, HashEncoder(), max_question_chars=20)
    assert engine.ask(Query("ñ" * 20)).status == "abstained"
    # white space is not counted twice, nor an accent of its own
    assert engine.search(Query(f"  ¿qué{' ' * 50}vuela?  ")).question.text == "¿qué vuela?"
    assert engine.search(Query("n\u0303" * 20)).question.text == "ñ" * 20
    with pytest.raises(QuestionTooLongError, match=r"21 characters.*20"):
        engine.ask(Query("ñ" * 21))
    engine.close()


@pytest.mark.parametrize(
    "text", ["¿Cuándo cruzó la niña Íñiga el río?", "¿Dónde pone sus huevos el ñandú? ¡Dímelo!"]
)
def test_a_question_is_the_same_however_its_accents_are_coded(engine, text):
    decomposed = unicodedata.normalize("NFD", text)
    assert decomposed != text
    ours, theirs = engine.ask(Query(text)), engine.ask(Query(decomposed))
    assert replace(ours, timings_ms={}) == replace(theirs, timings_ms={})
    assert theirs.question.text == text


@pytest.mark.parametrize(("text", "lang", "doc_id"), SURE)
def test_a_trace_is_there_only_when_asked_for(engine, text, lang, doc_id):
    plain = engine.ask(Query(text, lang))
    assert plain.trace is None
    assert engine.search(Query(text, lang)).trace is None
    told = engine.ask(Query(text, lang), SearchOptions(explain=True))
    first = told.trace.answer.units[0]
    assert first.unit.quote.text == told.citations[0].quote
    assert first.unit.quote.passage.doc_id == doc_id
    assert told.trace.answer.selection.confidence == pytest.approx(told.confidence, abs=1e-4)
    assert len(told.trace.passages) == len(told.hits)
    assert replace(told, trace=None, timings_ms={}) == replace(plain, timings_ms={})
    searched = engine.search(Query(text, lang), SearchOptions(explain=True))
    assert searched.trace == replace(told.trace, answer=None)


def test_the_legs_of_a_passage_add_up_to_what_orders_it(engine):
    for text, lang, _ in SURE:
        for asked in (lang, "en" if lang == "es" else "es"):
            told = engine.search(Query(text, asked), SearchOptions(explain=True))
            words = {word.text for word in told.trace.words}
            for hit, why in zip(told.hits, told.trace.passages, strict=True):
                assert [leg.name for leg in why.legs] == list(LEGS)
                assert tuple(leg.score for leg in why.legs) == hit.scores
                total = sum(leg.score * leg.weight for leg in why.legs) + why.constant
                assert why.sum == pytest.approx(total)
                assert why.fused == hit.score
                # the girl opens the document: what else is asked of it counts too
                named = "Íñiga" in text and hit.passage.doc_id == RHEA
                assert why.sum == pytest.approx(why.fused, abs=1e-5) or (
                    named and why.sum < why.fused
                )
                assert {match.word for match in why.matched} | set(why.missing) == words
                assert why.across == (hit.passage.lang != asked)
            late = LEGS.index("late")
            ranks = [why.legs[late].rank for why in told.trace.passages]
            assert sorted(ranks) == list(range(1, len(ranks) + 1))


def test_every_sentence_told_of_is_cited_or_has_a_reason(engine):
    for text, lang, _ in SURE:
        told = engine.ask(Query(text, lang), SearchOptions(explain=True))
        units = told.trace.answer.units
        assert [u.unit.quote.text for u in units if u.citation] == [c.quote for c in told.citations]
        reasons = {u.reason for u in units if u.citation is None}
        assert reasons <= {"same_words", "too_long", "score", "enough", "other"}
        assert reasons
    for text in ("¿Quién ganó el Mundial de Australia en 2031?", "Who was Godzilla's barber?"):
        told = engine.ask(Query(text), SearchOptions(explain=True)).trace.answer
        assert {u.reason for u in told.units} == {"below_threshold"}
        why = told.selection.why
        z = why.bias + sum(one.value * one.weight for one in why.confidence)
        assert 1 / (1 + math.exp(-z)) == pytest.approx(told.selection.confidence)


# ------------------------------------------------------------------------- the least confidence


@pytest.mark.parametrize(
    ("text", "lang"), [("¿Qué bebe Godzilla?", "es"), ("Who is Godzilla?", "en")]
)
def test_who_asks_says_how_sure_an_answer_must_be(built, text, lang):
    engine = Engine(built, HashEncoder())
    plain = engine.ask(Query(text, lang))
    assert plain.status == "abstained"
    assert plain.hits
    bold = engine.ask(Query(text, lang), SearchOptions(min_confidence=0.0))
    assert (bold.status, bold.confidence) == ("answered", plain.confidence)
    check_answer(bold, engine.index)
    # what the engine was told holds where the question says nothing, and not where it does
    shy = Engine(built, HashEncoder(), min_confidence=1.0)
    sure = Query(SURE[0][0], "es")
    declined = shy.ask(sure)
    assert (declined.status, declined.abstention.threshold) == ("abstained", 1.0)
    assert shy.ask(sure, SearchOptions(min_confidence=0.5)).status == "answered"
    shy.close()
    engine.close()


# ------------------------------------------------------------------------- other selectors and composers


class Titles:
    """A selector that takes the first words of the first passage for the answer."""

    name = "titles"
    n_passages = 2

    def __init__(self):
        self.asked = []

    def select(self, question, passages, retrieved, index):
        self.asked.append((question.full, question.lang, [p.passage.heading for p in passages]))
        if not passages:
            return Selection((), (), 0.0, 0.5, Why())
        passage = passages[0].passage
        end = passage.text.index(" ")
        quote = Quote(passage, passage.start, passage.start + end, 1.0)
        unit = Unit(quote, 1.0, (0.25,), Span(0, 1, 0.9))
        return Selection((unit,), (unit,), 0.75, 0.5, Why((), 0.0, {"start": 1.0}))


class Retold:
    """A composer in its own words, as a model would write them: two sentences, the first resting on all quotes."""

    name = "retold"
    waits = True

    def compose(self, question, evidence, first=1):
        yield Piece(f"{question.lang}: ")
        yield Piece("Así es [1]. ", tuple(range(len(evidence))))
        yield Piece("🪶")


@pytest.mark.parametrize(("text", "lang", "doc_id"), SURE)
def test_a_selector_of_ones_own_decides_what_answers(built, text, lang, doc_id):
    selector = Titles()
    engine = Engine(built, HashEncoder(), selector=selector)
    answer = engine.ask(Query(text, lang), SearchOptions(explain=True))
    check_answer(answer, engine.index)
    [citation] = answer.citations
    [(asked, asked_in, headings)] = selector.asked
    assert (asked, asked_in, len(headings)) == (text, lang, 2)
    assert citation.quote == answer.hits[0].passage.text.split(" ")[0]
    assert (citation.highlight, answer.confidence) == ((0, 1), 0.75)
    assert answer.trace.answer.units[0].unit.features == (0.25,)
    assert engine.ask(Query(text, lang), SearchOptions(min_confidence=0.8)).status == "abstained"
    engine.close()


@pytest.mark.parametrize(("text", "lang", "doc_id"), SURE)
def test_a_composer_of_ones_own_writes_the_answer_and_its_quotes_are_still_checked(
    built, text, lang, doc_id
):
    engine = Engine(built, HashEncoder(), composer=Retold())
    steps = engine.ask_in_steps(Query(text, lang))
    assert steps.waits
    pieces = list(steps.written())
    answer = steps.answer()
    assert "".join(piece.text for piece in pieces) == answer.text == f"{lang}: Así es [1]. 🪶"
    assert answer.generator == "retold"
    assert tuple(c for piece in pieces for c in piece.citations) == answer.citations
    for citation in answer.citations:
        assert answer.text[citation.answer_start : citation.answer_end] == "Así es [1]. "
        document = engine.index.document(citation.doc_id)
        assert document.text[citation.start : citation.end] == citation.quote
        assert not citation.verbatim
    assert answer.citations[0].quote == text
    declined = engine.ask(Query("Who was Godzilla's barber in Tokyo?", "en"))
    assert (declined.status, declined.citations) == ("abstained", ())
    engine.close()


def test_a_calibration_for_other_features_is_refused_when_the_engine_is_made(built):
    good = load_calibration()
    units = replace(good.units, weights={**good.units.weights, "colour": 1.0})
    with pytest.raises(SettingsError, match=r"units\.weights .*unknown colour"):
        Engine(built, HashEncoder(), calibration=replace(good, units=units))


# ------------------------------------------------------------------------- the words that answer


@pytest.mark.parametrize(
    ("text", "lang", "words"),
    [
        ("¿Cuándo cruzó la niña Íñiga el río Amazonas con su perro?", "es", "1997"),
        ("When did Íñiga cross the Amazonas?", "en", "1997"),
        ("¿Cuándo empieza la cosecha del café?", "es", "abril"),
    ],
)
def test_the_words_of_a_quote_that_answer_are_marked(engine, text, lang, words):
    answer = engine.ask(Query(text, lang), SearchOptions(explain=True))
    check_answer(answer, engine.index)
    first = answer.citations[0]
    start, end = first.highlight
    assert first.quote[start:end] == words
    assert answer.trace.answer.selection.why.asked_for == "date"
    assert answer.trace.answer.spans[0].start == start


def test_a_heading_is_context_and_never_quoted(tmp_path):
    write(
        tmp_path,
        {
            "a.md": "# El colibrí de Lima\n\n## ¿Cuándo vuela el colibrí?\n\nDe mayo a junio, cada mañana.\n",
            "b.md": "# The hummingbird\n\n## When does the hummingbird fly?\n\nFrom May to June, each morning.\n",
        },
    )
    build(tmp_path, HashEncoder())
    engine = Engine(tmp_path, HashEncoder())
    for text, words in (
        ("¿Cuándo vuela el colibrí de Lima?", "De mayo a junio, cada mañana."),
        ("When does the hummingbird fly?", "From May to June, each morning."),
    ):
        answer = engine.ask(Query(text))
        assert [h.passage.text for h in answer.hits if "vuela" in h.passage.text] == []
        # found by its heading
        assert answer.hits[0].passage.text == words
        assert {c.quote for c in answer.citations} <= {h.passage.text for h in answer.hits}
        assert answer.citations[0].quote == words
    engine.close()


# ------------------------------------------------------------------------- several documents

OPENING = {
    "lima.md": "# Museo de Lima\n\nEl museo de Lima abre a las nueve de la mañana. Tiene un patio.\n",
    "cusco.md": "# Museo de Cusco\n\nEl museo de Cusco abre a las diez de la mañana. Tiene una torre.\n",
    "leeds.md": "# Museum of Leeds\n\nThe museum of Leeds opens at eleven in the morning. It has a tower.\n",
    "york.md": "# Museum of York\n\nThe museum of York opens at noon every morning. It has a yard.\n",
    "otro.md": "# La niña\n\nLa niña cruzó el río con su perro. El perro come hierba.\n",
}


@pytest.mark.parametrize(
    ("text", "both"),
    [
        ("¿Cuándo abre el museo de Lima y el museo de Cusco?", {"lima.md", "cusco.md"}),
        ("¿Qué dicen Cusco y Lima de cuándo abre el museo?", {"lima.md", "cusco.md"}),
        ("When does the museum of Leeds and the museum of York open?", {"leeds.md", "york.md"}),
        ("¿Cuándo abre el museo de Lima?", {"lima.md"}),
        ("When does the museum of York open?", {"york.md"}),
    ],
)
def test_each_thing_a_question_names_gets_a_citation_of_its_own(tmp_path, text, both):
    write(tmp_path, OPENING)
    build(tmp_path, HashEncoder(1024))
    engine = Engine(tmp_path, HashEncoder(1024))
    answer = engine.ask(Query(text))
    check_answer(answer, engine.index)
    assert both <= {c.doc_id for c in answer.citations}
    if len(both) == 2:
        assert {c.doc_id for c in answer.citations} == both
    else:
        assert answer.citations[0].doc_id in both
    engine.close()


def test_the_same_words_in_two_files_are_one_hit_and_one_citation(tmp_path):
    text = DOCUMENTS["cafe.txt"]
    write(
        tmp_path, {**DOCUMENTS, "copia/café (2).txt": text, "más.txt": f"{text}Se vende en mayo.\n"}
    )
    build(tmp_path, HashEncoder())
    engine = Engine(tmp_path, HashEncoder())
    asked = Query("La cosecha del café empieza en abril.", "es")
    answer = engine.ask(asked, SearchOptions(limit=3, explain=True))
    check_answer(answer, engine.index)
    assert len(answer.hits) == 3
    assert len({h.passage.text for h in answer.hits}) == 3
    merged = {d for h in answer.hits for d in (h.passage.doc_id, *h.duplicates)}
    assert {"cafe.txt", "copia/café (2).txt"} <= merged
    # "más.txt" says more than the others: it repeats nothing, they may repeat it
    assert all("más.txt" not in h.duplicates for h in answer.hits)
    quotes = [c.quote for c in answer.citations]
    assert len(quotes) == len(set(quotes))
    assert answer.trace.merged
    assert all(merged.shared >= 0.9 for merged in answer.trace.merged)
    # a filter that leaves only the copy finds the copy
    only = engine.search(asked, SearchOptions(document_ids=("copia/café (2).txt",)))
    assert [h.passage.doc_id for h in only.hits] == ["copia/café (2).txt"]
    assert only.hits[0].duplicates == ()
    engine.close()


def test_a_document_and_its_translation_are_both_shown(tmp_path):
    write(
        tmp_path,
        {"a.txt": "El museo abre en mayo de 1997.\n", "b.txt": "The museum opens in May 1997.\n"},
    )
    build(tmp_path, HashEncoder())
    engine = Engine(tmp_path, HashEncoder())
    hits = engine.search(Query("¿Cuándo abre el museo?")).hits
    assert {h.passage.doc_id for h in hits} == {"a.txt", "b.txt"}
    assert all(h.duplicates == () for h in hits)
    engine.close()


class Backwards:
    """A reranker that likes best what the search liked least."""

    name = "backwards"

    def __init__(self):
        self.read = []

    def scores(self, question, passages):
        self.read.append((question, list(passages)))
        return np.arange(len(passages), dtype=np.float32)


def test_a_reranker_decides_the_order_and_leaves_the_scores_their_scale(built, engine):
    reranker = Backwards()
    reranked = Engine(built, HashEncoder(), reranker=reranker)
    text, lang, _ = SURE[0]
    plain = engine.search(Query(text, lang))
    found = reranked.search(Query(text, lang), SearchOptions(explain=True))
    assert [h.passage for h in found.hits] == [h.passage for h in plain.hits][::-1]
    assert [h.score for h in found.hits] == [h.score for h in plain.hits]
    assert [h.cross_encoder for h in found.hits] == [
        float(n) for n in reversed(range(len(plain.hits)))
    ]
    assert found.timings_ms["cross_encoder"] >= 0
    assert found.trace.passages[0].cross_encoder == len(plain.hits) - 1
    # it reads the heading too, and the question as it was understood
    [(question, passages)] = reranker.read
    assert question == text
    assert any(p.startswith("El ñandú") and "Íñiga" in p for p in passages)
    answer = reranked.ask(Query(text, lang))
    check_answer(answer, reranked.index)
    # a leg asked for by name is shown as it is
    dense = SearchOptions(mode="dense")
    same = reranked.search(Query(text, lang), dense)
    assert [h.passage for h in same.hits] == [
        h.passage for h in engine.search(Query(text, lang), dense).hits
    ]
    assert len(reranker.read) == 2
    reranked.close()


def test_of_passages_about_as_good_the_first_is_the_one_that_a_reader_believes_in(tmp_path):
    texts = [
        "El faro grande se enciende al anochecer.",
        "El faro grande se enciende a las nueve.",
        "Las gallinas duermen en el corral de atrás.",
    ]
    write(tmp_path, {f"{n}.txt": text for n, text in enumerate(texts)})
    build(tmp_path, HashEncoder())
    plain = Engine(tmp_path, HashEncoder())
    question = Query("¿Cuándo se enciende el faro grande?", "es")
    before = plain.search(question)
    assert before.hits[0].score - before.hits[1].score < CLOSE_CALL
    assert before.hits[0].score - before.hits[2].score > CLOSE_CALL
    second = before.hits[1].passage.text.split()[-1]
    reader = Underliner(second, sure=4.0)
    read = Engine(tmp_path, HashEncoder(), reader=reader)
    found = read.search(question, SearchOptions(explain=True))
    order = [before.hits[n].passage for n in (1, 0, 2)]
    assert [h.passage for h in found.hits] == order
    # what is far below is not read, and each place keeps its score
    assert [len(passages) for _, passages in reader.asked] == [2]
    assert [h.score for h in found.hits] == [h.score for h in before.hits]
    chances = [1 / (1 + math.exp(-4)), 1 / (1 + math.exp(4)), None]
    assert [h.reader for h in found.hits] == [pytest.approx(c) if c else None for c in chances]
    assert [p.reader for p in found.trace.passages] == [h.reader for h in found.hits]
    assert found.timings_ms["total"] >= found.timings_ms["reader"] > 0
    # what a passage scored is told as it was
    assert found.trace.passages[0].fused == before.hits[1].score
    # a leg asked for by name is shown as it is, and who names a reranker wants that one
    dense = SearchOptions(mode="dense")
    assert read.search(question, dense).hits == plain.search(question, dense).hits
    own = Engine(tmp_path, HashEncoder(), reader=reader, reranker=Backwards())
    assert [h.reader for h in own.search(question).hits] == [None] * 3
    assert len(reader.asked) == 1
    # an answer tells of those that it read
    answer = read.ask(question)
    assert [h.passage for h in answer.hits][:1] == order[:1]
    assert answer.hits[0].reader == pytest.approx(chances[0])
    assert answer.hits[-1].reader is None
    for one in (plain, read, own):
        one.close()


class Altered(Index):
    """A build whose documents are not what was indexed."""

    def document(self, doc_id, **_):
        found = super().document(doc_id)
        return replace(found, text=found.text.replace("1997", "1998").replace("abril", "mayo "))


def test_a_quote_that_does_not_hold_is_never_cited(built, engine):
    encoder = HashEncoder()
    index = Altered.open(built, encoder)
    altered = Engine(OpenIndex(index), encoder)
    for text, lang, doc_id in SURE:
        # the passages found still say it, the document no longer does
        assert engine.ask(Query(text, lang)).citations[0].quote == text
        answer = altered.ask(Query(text, lang))
        assert answer.hits[0].passage.doc_id == doc_id
        assert (text in answer.text) == (lang == "en")
        assert (text in [c.quote for c in answer.citations]) == (lang == "en")
        for c in answer.citations:
            assert index.document(c.doc_id).text[c.start : c.end] == c.quote
            assert answer.text[c.answer_start : c.answer_end] == c.quote
    index.close()


# ------------------------------------------------------------------------- places


def test_a_place_is_shown_with_the_text_around_it(engine):
    text = engine.index.document(RHEA).text
    start = text.index("¿Vuela? ¡No!")
    place = engine.locate(RHEA, start, start + 12, context=9)
    assert (place.before, place.quote, place.after) == (
        text[start - 9 : start],
        "¿Vuela? ¡No!",
        text[start + 12 : start + 21],
    )
    assert (place.title, place.lang, place.page) == ("El ñandú", "es", None)
    assert (place.section_path, place.n_chars) == (("El ñandú",), len(text))
    assert place.build_id == engine.index.build_id
    whole = engine.locate(RHEA, 0, len(text))
    assert (whole.before, whole.quote, whole.after) == ("", text, "")
    assert engine.locate(RHEA, 3, 3).quote == ""


def test_a_place_that_is_not_there_is_an_error(engine):
    n = len(engine.index.document("cafe.txt").text)
    with pytest.raises(UnknownDocumentError):
        engine.locate("café.txt", 0, 1)
    for start, end in ((-1, 3), (3, 2), (0, n + 1)):
        with pytest.raises(ValueError, match=f"{n} characters"):
            engine.locate("cafe.txt", start, end)


# ------------------------------------------------------------------------- builds


def test_without_a_build_asking_says_so_until_there_is_one(tmp_path):
    write(tmp_path, DOCUMENTS)
    engine = Engine(tmp_path, HashEncoder())
    assert engine.index is None
    assert isinstance(engine.problem, NoIndexError)
    for ask in (
        lambda: engine.ask(Query("¿Vuela?")),
        lambda: engine.search(Query("Does it fly?")),
        lambda: engine.locate("cafe.txt", 0, 1),
    ):
        with pytest.raises(NoIndexError):
            ask()
    build(tmp_path, HashEncoder())
    assert engine.reload()
    assert engine.problem is None
    assert engine.ask(Query(SURE[0][0], "es")).status == "answered"
    engine.close()


def test_an_empty_collection_is_answered_with_that(tmp_path):
    (tmp_path / "documents").mkdir()
    build(tmp_path, HashEncoder())
    engine = Engine(tmp_path, HashEncoder())
    answer = engine.ask(Query("¿Vuela el ñandú?"))
    assert (answer.abstention.reason, answer.hits, answer.confidence) == ("empty_index", (), 0.0)
    assert answer.text == "Todavía no hay documentos con los que responder."
    answer = engine.ask(Query("Does the rhea fly?"))
    assert answer.text == "There are no documents to answer from yet."
    engine.close()


def test_reload_takes_a_new_build_and_does_nothing_without_one(data, clock):
    engine = Engine(data, HashEncoder())
    old = engine.index.build_id
    assert not engine.reload()
    write(data, {"nuevo.txt": "El colibrí bebe néctar de las flores rojas."})
    build(data, HashEncoder(), now=clock)
    asked = Query("El colibrí bebe néctar de las flores rojas.", "es")
    assert all(c.doc_id != "nuevo.txt" for c in engine.ask(asked).citations)
    assert engine.reload()
    assert not engine.reload()
    assert engine.index.build_id == current_build_id(data) != old
    assert engine.ask(asked).citations[0].doc_id == "nuevo.txt"
    activate(data, old)
    assert engine.reload()
    assert engine.ask(asked).build_id == old
    engine.close()


def test_a_damaged_build_is_refused_and_the_one_before_goes_on_serving(data, clock):
    engine = Engine(data, HashEncoder())
    old = engine.index.build_id
    write(data, {"nuevo.txt": "El colibrí bebe néctar."})
    new = build(data, HashEncoder(), now=clock).build_id
    damaged = data / "builds" / new / new / "sentences-codes.npy"
    damaged.write_bytes(damaged.read_bytes()[:-1])
    for _ in range(2):
        assert not engine.reload()
        assert isinstance(engine.problem, DamagedIndexError)
        assert "sentences-codes.npy" in str(engine.problem)
    for text, lang, doc_id in SURE:
        answer = engine.ask(Query(text, lang))
        assert (answer.build_id, answer.citations[0].doc_id) == (old, doc_id)
    # mended, or the old one made the active one again: all is well
    activate(data, old)
    assert not engine.reload()
    assert engine.problem is None
    engine.close()


def test_a_build_of_another_encoder_is_refused(data, clock):
    engine = Engine(data, HashEncoder())
    old = engine.index.build_id
    build(data, HashEncoder(seed=1), full=True, now=clock)
    assert not engine.reload()
    assert isinstance(engine.problem, IncompatibleIndexError)
    assert engine.ask(Query("¿Vuela?")).build_id == old
    foreign = Engine(data, HashEncoder(seed=2))
    with pytest.raises(IncompatibleIndexError):
        foreign.ask(Query("¿Vuela?"))
    engine.close()


def test_an_answer_begun_before_a_reload_ends_with_its_own_build(data, clock):
    engine = Engine(data, HashEncoder())
    text, lang, doc_id = SURE[0]
    steps = engine.ask_in_steps(Query(text, lang))
    first = steps.result
    (data / "documents" / doc_id).write_text("Otra cosa muy distinta.", "utf-8")
    build(data, HashEncoder(), now=clock)
    assert engine.reload()
    last = steps.answer()
    assert last.build_id == first.build_id != engine.index.build_id
    assert last.citations[0].quote == text
    engine.close()


def test_answers_are_wholly_of_one_build_while_builds_are_swapped(tmp_path, clock):
    """32 threads ask; each build says the same in words of its own."""
    marks = ("alfa", "beta", "gamma")
    texts, ids = {}, []
    for mark in marks:
        written = {
            f"{mark}.txt": f"La niña cruzó el río con el perro {mark}. Era ya de noche.",
            "comun.txt": f"The girl crossed the river with the dog {mark}. It was late.",
        }
        shutil.rmtree(tmp_path / "documents", ignore_errors=True)
        write(tmp_path, written)
        ids.append(build(tmp_path, HashEncoder(), now=clock).build_id)
        texts[ids[-1]] = written
    engine = Engine(tmp_path, HashEncoder())
    stop = threading.Event()
    answers, failures = [], []

    def ask(number):
        text = "¿La niña cruzó el río con el perro?" if number % 2 else "Who crossed the river?"
        try:
            while not stop.is_set():
                answers.append(engine.ask(Query(text)))
        except Exception as error:  # whatever it is, it is a failure
            failures.append(error)

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(32)]
    for thread in threads:
        thread.start()
    swaps = 0
    while swaps < 12 or len(answers) < 200:
        if failures:
            break
        activate(tmp_path, ids[swaps % 3])
        swaps += engine.reload()
    stop.set()
    for thread in threads:
        thread.join(60)
    assert not failures
    assert {a.build_id for a in answers} == set(ids)
    for answer in answers:
        own = texts[answer.build_id]
        for hit in answer.hits:
            p = hit.passage
            assert own[p.doc_id][p.start : p.end] == p.text
        for c in answer.citations:
            assert own[c.doc_id][c.start : c.end] == c.quote
            assert answer.text[c.answer_start : c.answer_end] == c.quote
    engine.close()


# ------------------------------------------------------------------------- the samples


def random_question(rng, passage):
    """Some words of a passage, in their order or mixed, sometimes with marks around or folded."""
    words = passage.text.split()
    n = min(len(words), rng.randint(1, 12))
    at = rng.randrange(len(words) - n + 1)
    chosen = words[at : at + n] if rng.random() < 0.5 else rng.sample(words, n)
    text = " ".join(chosen)
    if rng.random() < 0.5:
        text = f"¿{text}?" if passage.lang == "es" else f"{text}?"
    return unicodedata.normalize("NFD", text) if rng.random() < 0.2 else text


@pytest.mark.slow
def test_every_citation_of_2000_random_questions_is_a_slice_of_its_document(tmp_path):
    data = tmp_path / "data"
    shutil.copytree(SAMPLES, data / "documents")
    # short passages: more beginnings and ends, and less to read for each question
    encoder = HashEncoder(32)
    build(data, encoder, splitting=Splitting(max_tokens=60))
    engine = Engine(data, encoder)
    index = engine.index
    texts = {d.doc_id: index.document(d.doc_id).text for d in index.documents()}
    rows = [index.rows_where([lang]).tolist() for lang in ("es", "en")]
    rng = random.Random(11)
    n_cited, langs = 0, set()
    for i in range(2000):
        [passage] = index.passages([rng.choice(rows[i % 2])])
        try:
            answer = engine.ask(Query(random_question(rng, passage)), SearchOptions(limit=3))
        except EmptyQuestionError:
            continue
        for c in answer.citations:
            assert texts[c.doc_id][c.start : c.end] == c.quote != ""
            assert answer.text[c.answer_start : c.answer_end] == c.quote
            langs.add(c.lang)
        n_cited += len(answer.citations)
    # enough to say something about both languages
    assert n_cited >= 200
    assert {"es", "en"} <= langs
    engine.close()


def plain(text):
    return unicodedata.normalize("NFC", text).casefold()


@pytest.fixture(scope="module")
def sample_answers(samples_data, encoder):
    """``(case, answer)`` for each question about the samples, asked with the encoder and the reader that ship."""
    engine = Engine(samples_data, encoder, reader=load_reader())
    lines = (ROOT / "tests" / "data" / "sample_questions.jsonl").read_text("utf-8").splitlines()
    cases = [json.loads(line) for line in lines if line.strip()]
    found = [(case, engine.ask(Query(case["question"]))) for case in cases]
    for _, answer in found:
        check_answer(answer, engine.index)
    engine.close()
    return found


def share_right(sample_answers, lang):
    right = [
        any(plain(wanted) in plain(c.quote) for wanted in case["answer"] for c in answer.citations)
        for case, answer in sample_answers
        if case["answer"] and case["lang"] == lang
    ]
    assert len(right) >= 10
    return sum(right) / len(right)


@pytest.mark.parametrize("lang", ["es", "en"])
def test_three_in_four_questions_about_the_samples_are_answered_right(sample_answers, lang):
    assert share_right(sample_answers, lang) >= 0.75


def test_spanish_is_answered_as_well_as_english(sample_answers):
    # twenty questions a language: one is five points
    assert abs(share_right(sample_answers, "es") - share_right(sample_answers, "en")) <= 0.2


def test_questions_off_the_samples_topics_are_all_declined(sample_answers):
    off = [(case, answer) for case, answer in sample_answers if not case["answer"]]
    assert {case["lang"] for case, _ in off} == {"es", "en"}
    assert [case["question"] for case, answer in off if answer.status == "answered"] == []


def test_the_language_of_every_sample_question_is_detected(sample_answers):
    assert [c["question"] for c, a in sample_answers if a.question.lang != c["lang"]] == []
