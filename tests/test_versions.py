"""What another document says in the place of a quote, where both are versions of one text."""

import pytest
from hash_encoder import HashEncoder
from local_server import write_documents
from plain_words import words_of
from underliner import Underliner

from corpus.document import Passage
from index.local.build import build
from index.searchable import Place
from qa.cite import Quote
from qa.differing.versions import version
from qa.engine import Engine, Query
from qa.select import Span, Unit

HALL = "El salón se alquila con fianza. La fianza se devuelve en diez días. Se limpia al acabar."


def place(text, doc_id, heading="", lang="es", path=()):
    passage = Passage(f"{doc_id}#", doc_id, 0, len(text), text, lang, heading)
    return Place(passage, "Normas", None, path)


def quoted(at, words, answer=""):
    start = at.passage.text.index(words)
    span = Span(words.index(answer), words.index(answer) + len(answer), 0.9) if answer else None
    return Unit(Quote(at.passage, start, start + len(words), 1.0), 1.0, span=span)


def found(question, own, words, other, answer="", units=()):
    asked = words_of(question, "es")
    return version(question, asked, quoted(own, words, answer), own, other, units)


@pytest.mark.parametrize(
    ("other", "says", "same"),
    [
        (HALL, "La fianza se devuelve en diez días.", True),
        (HALL.upper(), "LA FIANZA SE DEVUELVE EN DIEZ DÍAS.", True),
        (HALL.replace("diez", "10"), "La fianza se devuelve en 10 días.", True),
        (HALL.replace("diez", "doce"), "La fianza se devuelve en doce días.", False),
        (HALL.replace("se dev", "no se dev"), "La fianza no se devuelve en diez días.", False),
        (HALL.replace(" en diez días", " al alcalde"), "La fianza se devuelve al alcalde.", False),
        (HALL.replace("limpia", "barre"), "La fianza se devuelve en diez días.", True),
        ("El salón abre en mayo. La fianza son diez euros.", None, None),
    ],
)
def test_the_sentence_that_says_the_same_or_something_else_is_found(other, says, same):
    own, there = place(HALL, "a.md"), place(other, "b.md")
    one = found("¿Cuándo se devuelve?", own, "La fianza se devuelve en diez días.", there)
    assert (one and one.unit.quote.text, one and one.same) == (says, same)


def test_only_the_sentence_with_the_words_that_answer_is_compared():
    own, there = place(HALL, "a.md"), place(HALL.replace("diez", "doce"), "b.md")
    words = HALL[HALL.index("La fianza") :]
    assert found("¿Qué se limpia?", own, words, there, answer="al acabar").same
    one = found("¿Cuándo se devuelve?", own, words, there, answer="diez días")
    assert not one.same
    assert one.unit.quote.text == words.replace("diez", "doce")


def test_a_list_with_another_item_is_another_version_and_the_unit_there_is_given():
    lines = "Hay que llevar:\nEl carné de socio.\nUna foto.\n"
    own, there = place(f"{lines}El recibo.", "a.md"), place(f"{lines}La llave.", "b.md")
    whole = quoted(there, there.passage.text)
    one = found("¿Qué hay que llevar?", own, own.passage.text, there, "Una foto", [whole])
    assert one.unit is whole
    assert not one.same


def test_under_another_heading_or_another_question_stands_no_version():
    said = "Se paga en la oficina en efectivo."
    own, there = (place(said, f"{n}.md", path=("Normas", n)) for n in ("1. Cuota", "2. Multa"))
    assert found("¿Dónde se paga?", own, said, there) is None
    there = place(said, "b.md", path=("Normas", "7. Cuota"))
    assert found("¿Dónde se paga?", own, said, there).same
    own, there = (place(f"¿{n}?\n\n{said}", f"{n}.md") for n in ("La cuota", "La multa"))
    assert found("¿Dónde se paga?", own, said, there) is None


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("¿Cuándo se devuelve la fianza?", 0),
        ("¿Cuándo se devuelve la fianza según la edición nueva?", -1),
        ("¿Cuándo se devuelve la fianza según la edición vieja?", 1),
        ("¿Cuándo se devuelve la fianza en Ágreda?", 1),
        ("¿Cuándo se devuelve la fianza en Ágreda y según la edición nueva?", 0),
    ],
)
def test_whether_the_question_names_one_of_them_is_told(question, named):
    own = place(f"{HALL} Vale en Ágreda.", "vieja.md")
    there = place(HALL, "normas_nueva.md")
    assert found(question, own, "La fianza se devuelve en diez días.", there).named == named


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("¿Qué diferencia hay entre el bono A y el bono B?", 0),
        ("¿Cuánto dura el bono A?", 1),
        ("¿Cuánto dura el bono B?", -1),
        ("¿A qué hora acaba el bono B?", -1),
        ("A QUE HORA ACABA EL BONO", 0),
    ],
)
def test_a_letter_names_a_version_though_it_is_a_word_elsewhere(question, named):
    said = "El bono A dura diez días y se paga en la oficina."
    own = place(said, "a1.md", "Bono A")
    there = place(said.replace("bono A", "bono B").replace("diez", "doce"), "b1.md", "Bono B")
    assert found(question, own, said, there).named == named


def test_a_word_of_what_is_quoted_names_a_version_unless_it_is_asked_whether_it_is_so():
    said = "El molino de agua abre al amanecer y cierra a las diez."
    own, there = place(said, "a.md"), place(said.replace("agua", "viento"), "b.md")
    assert found("¿Cuándo abre el molino de agua?", own, said, there).named == 1
    assert found("¿Cuándo abre el molino de viento?", own, said, there).named == -1
    assert found("¿Cuándo abre el molino?", own, said, there).named == 0
    assert found("¿Abre el molino de agua?", own, said, there).named == 0


VERSIONS = {
    "2019.txt": "Se permite cocer pan en el patio los domingos.\n",
    "2021.txt": "Se prohíbe cocer pan en el patio los domingos.\n",
    "2023.txt": "Se permite cocer pan en el patio los sábados.\n",
    "copia.txt": "Se prohíbe cocer pan en el patio los domingos.\n",
    "oven.txt": "The oven is of clay and is swept by the miller each week.\n",
}


def test_all_that_versions_say_otherwise_is_quoted_and_copies_once(tmp_path):
    write_documents(tmp_path, VERSIONS)
    build(tmp_path, HashEncoder())
    engine = Engine(tmp_path, HashEncoder(), reader=Underliner("cocer pan en el patio"))
    answer = engine.ask(Query("¿Se puede cocer pan en el patio?", "es"))
    said = [VERSIONS[name].strip() for name in ("2019.txt", "2021.txt", "2023.txt")]
    assert sorted(c.quote for c in answer.citations) == sorted(said)
    assert [c.differs for c in answer.citations] == [False, True, True]
    engine.close()


EDITIONS = {
    "en": {
        "a.md": "# Kiln rules 2029\n\nEach potter may fire two pots of clay.\n",
        "b.md": "# Kiln rules 2031\n\nThese replace the rules of 2029.\n\nEach potter may fire six pots of clay.\n",
        "c.md": "# Kiln rules 2030\n\nEach potter may fire four pots of clay.\n",
    },
    "es": {
        "a.md": "# Normas del horno (2029)\n\nCada alfarero puede cocer dos vasijas de barro.\n",
        "b.md": "# Normas del horno (2031)\n\nSustituyen a las de 2029.\n\nCada alfarero puede cocer seis vasijas de barro.\n",
        "c.md": "# Normas del horno (2030)\n\nCada alfarero puede cocer cuatro vasijas de barro.\n",
    },
}


@pytest.mark.parametrize(
    ("question", "lang", "said"),
    [
        ("How many pots may each potter fire?", "en", ["six", "two", "four"]),
        ("How many pots may each potter fire now?", "en", ["six"]),
        ("How many pots could each potter fire in 2029?", "en", ["two"]),
        ("¿Cuántas vasijas puede cocer cada alfarero?", "es", ["seis", "dos", "cuatro"]),
        ("¿Cuántas vasijas puede cocer actualmente cada alfarero?", "es", ["seis"]),
        ("¿Cuántas vasijas podía cocer cada alfarero en 2029?", "es", ["dos"]),
    ],
)
def test_of_versions_the_one_in_force_is_quoted_first_and_what_held_before_as_older(
    tmp_path, question, lang, said
):
    documents = EDITIONS[lang]
    write_documents(tmp_path, documents | {"oven.txt": VERSIONS["oven.txt"]})
    build(tmp_path, HashEncoder())
    reader = Underliner(*(text.strip().split("\n")[-1] for text in documents.values()))
    engine = Engine(tmp_path, HashEncoder(), reader=reader)
    answer = engine.ask(Query(question, lang))
    told = [next(word for word in said if word in c.quote) for c in answer.citations]
    assert (told[0], sorted(told[1:])) == (said[0], sorted(said[1:]))
    assert [c.differs for c in answer.citations] == [False, *[True] * (len(said) - 1)]
    older = "\nBefore that, according to" if lang == "en" else "\nAntes, según"
    assert answer.text.count(older) == len(said) - 1
    engine.close()


@pytest.mark.parametrize(
    ("question", "lang", "own", "other"),
    [
        (
            "¿Dónde ensaya el Coro Brezo Blanco de Alto Nela?",
            "es",
            "El Coro Brezo Blanco de Alto Nela ensaya en la calle Olmo 7.\n",
            "En la misa de alba hubo 40 panes, vino y queso para el Coro Brezo Blanco de Alto Nela.\n",
        ),
        (
            "Where does Heath Choir rehearse?",
            "en",
            "Heath Choir rehearses at 7 Elm Street.\n",
            "Heath Choir sings 12 hymns.\n",
        ),
    ],
)
def test_another_figure_that_does_not_answer_contradicts_nothing(
    tmp_path, question, lang, own, other
):
    write_documents(tmp_path, {"a.txt": own, "b.txt": other, "oven.txt": VERSIONS["oven.txt"]})
    build(tmp_path, HashEncoder())
    both = Engine(tmp_path, HashEncoder(), reader=Underliner(own.strip(), other.strip()))
    assert {c.doc_id for c in both.ask(Query(question, lang)).citations} == {"a.txt", "b.txt"}
    one = Engine(tmp_path, HashEncoder(), reader=Underliner(own.strip()))
    assert [c.doc_id for c in one.ask(Query(question, lang)).citations] == ["a.txt"]


def test_a_correction_in_all_words_of_the_question_is_quoted_though_the_reader_doubts_it(tmp_path):
    own = "Se acuerda que sea de 18 euros el saco el precio de la leña de encina.\n"
    other = "Donde dice 81, debe decir 13 como precio de la leña de encina, por acta.\n"
    write_documents(tmp_path, {"a.txt": own, "b.txt": other, "oven.txt": VERSIONS["oven.txt"]})
    build(tmp_path, HashEncoder())
    engine = Engine(tmp_path, HashEncoder(), reader=Underliner("sea de 18"))
    asked = engine.ask(Query("¿Cuál es el precio de la leña de encina?", "es"))
    assert [c.doc_id for c in asked.citations] == ["a.txt", "b.txt"]
