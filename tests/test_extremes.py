"""Which rows, labels and items have the most or the least of what a question asks for so."""

import pytest
from hash_encoder import HashEncoder

from corpus.languages.detection import detect
from corpus.parse import parse
from corpus.split import Splitting
from index.local.build import index_documents
from index.translation import TranslationTable
from qa.calibration import load_calibration
from qa.rank import distinct
from qa.retrieve import retrieve
from qa.select.extremes import AskedMost, sought

ENCODER = HashEncoder(4096)
TABLE = TranslationTable(
    {
        "es-en": {"fianc": [("deposit", 0.6)]},
        "en-es": {"seat": [("plaz", 0.6)], "cours": [("curs", 0.9)]},
    }
)
FUSION = load_calibration().fusion


@pytest.mark.parametrize(
    ("question", "ways"),
    [
        ("¿Cuál es el taller más caro?", {"money": 1}),
        ("¿Cuál es el taller más barato que hay?", {"money": -1}),
        ("¿Qué sale menos caro?", {"money": -1}),
        ("¿Cuánto vale la entrada más cara?", {"money": 1}),
        ("el que menos dura", {"time": -1}),
        ("¿En qué línea se tarda más?", {"time": 1}),
        ("la excursión más larga", {"length": 1, "time": 1}),
        ("¿Qué tren es el más rápido?", {"speed": 1, "time": -1}),
        ("¿Qué mochila pesa menos?", {"weight": -1}),
        ("la torre más alta", {"height": 1}),
        ("Which workshop is the most expensive?", {"money": 1}),
        ("How much is the cheapest ticket?", {"money": -1}),
        ("Which one costs the least?", {"money": -1}),
        ("Which tour takes the longest?", {"time": 1}),
        ("Can you tell me which is the heaviest?", {"weight": 1}),
        ("the oldest tree", {"age": 1}),
        ("highest deposit", {"height": 1}),
        ("menos plazas", {}),
        ("¿Qué refugio tiene más camas?", {}),
        ("Which hut has the fewest beds?", {}),
    ],
)
def test_the_most_and_the_least_are_asked_for(question, ways):
    found = sought(question)
    assert found is not None
    assert dict(found.ways) == ways
    assert found.ways or found.named


@pytest.mark.parametrize(
    "question",
    [
        "¿Hay algo más barato que el taller de teatro?",
        "¿Hay algún taller más barato?",
        "What is cheaper than the kayak?",
        "Is the kayak the cheapest?",
        "¿Es el yoga el más caro?",
        "¿Pueden entrar los mayores de 18 años?",
        "¿Cuánto pagan las personas mayores?",
        "¿Qué descuento hay para mayores?",
        "¿Qué autobús va a la Plaza Mayor?",
        "¿Avisan al menos dos días antes?",
        "a lo más, ¿cuántos?",
        "¿Está más o menos cerca?",
        "¿Llego no más tarde de las diez?",
        "¿Qué más se puede llevar?",
        "¿Cuánto cuesta una hora más?",
        "How long must I stay at least?",
        "at most how many",
        "What is the latest news?",
        "most of the boats",
        "What is the longest I can stay?",
        "What is the second cheapest course?",
        "¿Cuáles son los tres cursos más caros?",
        "Why is the launch the most expensive?",
        "¿Cómo reservo el curso más barato?",
        "the cheapest course and the one with the most seats",
        "¿Cuándo abre la piscina?",
    ],
)
def test_what_looks_like_it_asks_for_something_else(question):
    assert sought(question) is None


@pytest.fixture
def best(tmp_path):
    """The first cells of what a question asks for in some documents, by name; each stands in one of the passages."""

    def of(question, *texts, suffix="md", n=12, max_tokens=200):
        documents = [parse(text.encode(), f"d{k}.{suffix}") for k, text in enumerate(texts)]
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        folder.mkdir()
        index = index_documents(documents, ENCODER, folder, Splitting(max_tokens=max_tokens))
        lang, _ = detect(question)
        retrieved = retrieve(question, lang, index, ENCODER, TABLE, FUSION)
        passages = distinct(index, retrieved, {}, n)
        most = AskedMost(question, retrieved.asked.words, passages, index, far=9.0)
        found = []
        for ranked in most.passages:
            passage = ranked.passage
            for told in most._of(ranked):
                for start, end in told.best_in(passage.start, passage.end):
                    found.append(index.document(passage.doc_id).text[start:end])
        return sorted(found)

    return of


COURSES = """# Cursos

| Curso | Precio | Duración | Plazas | Edad |
|---|---|---|---|---|
| Cerámica de torno | 60 € | 3 meses | 10 | 12-99 |
| Cerámica a mano | 48,50 € | 8 semanas | 12 | 6-12 |
| Teatro | 75 € | 100 días | 20 | 14-99 |
| Huerto | gratis | 6 semanas | 15 | 6-99 |
| Total | 183,50 € | | 57 | |
"""
BOATS = """# Boats

| Boat | Seats | Half day | Full day | Deposit |
|---|---|---|---|---|
| Canoe | 2 | £18 | £30 | £40 |
| Kayak | 1 | £15 | £25 | £40 |
| Pedalo | 5 | £27 | £45 | £30 |
| Launch | 8 | £70 | £115 | £1,250 |
"""


WHEELS = """# Ruedas

| Rueda | Diámetro (mm) | Año |
|---|---|---|
| Trasera | 622 | 2019 |
| Delantera | 584 | 2021 |
| Infantil | 406 | 2024 |
"""


@pytest.mark.parametrize(
    ("question", "text", "names"),
    [
        ("¿Cuál es el curso más caro?", COURSES, ["Teatro"]),
        ("el curso más barato", COURSES, ["Huerto"]),
        ("¿Qué curso dura más?", COURSES, ["Teatro"]),
        ("¿Qué curso tiene menos plazas?", COURSES, ["Cerámica de torno"]),
        ("Which course has the most seats?", COURSES, ["Teatro"]),
        # Among those that have more of what is asked
        ("¿Cuál es el curso de cerámica más barato?", COURSES, ["Cerámica a mano"]),
        ("¿Cuál es el curso más caro para niños de 8 años?", COURSES, ["Cerámica a mano"]),
        ("Which boat has the highest deposit?", BOATS, ["Launch"]),
        ("Which boat has the lowest deposit?", BOATS, ["Pedalo"]),
        ("¿Cuál es la rueda más grande?", WHEELS, ["Trasera"]),
        ("Which is the smallest wheel?", WHEELS, ["Infantil"]),
        ("¿Qué barco tiene la fianza más alta?", BOATS, ["Launch"]),
        # The columns that may be meant say the same, or one of them is named
        ("What is the most expensive boat?", BOATS, ["Launch"]),
        ("What is the cheapest boat?", BOATS, []),
        ("What is the cheapest boat for a full day?", BOATS, ["Kayak"]),
        # Nothing that is compared
        ("Which is the heaviest boat?", BOATS, []),
        ("¿Cuál es el curso más barato en Villaseca?", COURSES, []),
        ("¿Cuánto cuesta la cerámica?", COURSES, []),
    ],
)
def test_the_row_that_has_it_is_found_by_the_column_that_tells(best, question, text, names):
    found = best(question, text)
    assert [one.split(" | ")[0] for one in found] == names


@pytest.mark.parametrize(
    ("question", "cells", "names"),
    [
        # A range counts by the end that is asked for
        ("¿Qué casa es la más cara?", "A;90-110 €|B;100 €|C;40-105 €", "A"),
        ("¿Qué casa es la más barata?", "A;90-110 €|B;100 €|C;40-105 €", "C"),
        # All that have the same, up to three
        ("¿Qué casa es la más barata?", "A;20 €|B;20,00 €|C;40 €", "AB"),
        ("¿Qué casa es la más barata?", "A;2 €|B;2 €|C;2 €|D;2 €|E;3 €", ""),
        # Too few, too few told, or of several kinds
        ("¿Qué casa es la más barata?", "A;20 €|B;30 €", ""),
        ("¿Qué casa es la más barata?", "A;20 €|B;30 €|C;consultar", ""),
        ("¿Qué casa es la más barata?", "A;20 €|B;30 €|C;25 €|D;40 €|E;consultar", "A"),
        ("¿Qué casa es la más barata?", "A;20 €/mes|B;3 €/día|C;25 €/mes", ""),
        ("¿Qué casa es la más barata?", "A;20|B;30|C;4", "C"),
        ("¿Qué casa es la más antigua?", "A;1920|B;1850|C;2004", ""),
    ],
)
def test_what_cannot_be_told_is_not_decided(best, question, cells, names):
    rows = cells.replace("|", "\n")
    found = best(question, f"Casa;Precio\n{rows}\n", suffix="csv")
    assert [one[len("Casa: ")] for one in found] == list(names)


def test_the_oldest_has_the_earliest_year_and_the_greatest_age(best):
    built = "Puente;Construcción\nViejo;1582\nMedio;1850\nNuevo;2004\n"
    assert "Viejo" in best("¿Cuál es el puente más antiguo?", built, suffix="csv")[0]
    aged = "Tree,Age\nOak,310\nElm,95\nYew,820\n"
    assert "Yew" in best("Which is the oldest tree?", aged, suffix="csv")[0]


@pytest.mark.parametrize(
    ("text", "suffix"),
    [
        ("Precio por hora de cada sala:\n\nSala Roble: 45 €\nSala Haya: 120 €\nSala Olmo: 28,50 €\n\nCierra a las diez.\n", "txt"),
        ("# Salas\n\nPor una hora:\n\n- Sala Roble: 45 €\n- Sala Haya – 120 €\n- Sala Olmo: 28,50 €\n", "md"),
        ("<h1>Salas</h1><dl><dt>Sala Roble</dt><dd>45 €</dd><dt>Sala Haya</dt><dd>120 €</dd><dt>Sala Olmo</dt><dd>28,50 €</dd></dl>", "html"),
    ],
)  # fmt: skip
def test_labels_and_items_with_a_value_each_are_compared(best, text, suffix):
    [found] = best("¿Cuál es la sala más cara?", text, suffix=suffix)
    assert found.startswith("Sala Haya")
    [found] = best("Which is the cheapest?", text, suffix=suffix)
    assert found.startswith("Sala Olmo")


def test_what_one_thing_costs_in_several_ways_is_not_compared(best):
    one = (
        "# Gimnasio\n\nMatrícula: 30 €\n\nMensualidad: 45 €\n\nSeguro: 12 €\n\nAbre a las siete.\n"
    )
    assert best("¿Cuál es el gimnasio más caro?", one) == []


def test_all_rows_of_a_table_count_and_the_passage_with_it_is_brought(best):
    rows = "".join(f"Árbol {n};{5 + n * 7 % 11} m\n" for n in range(80))
    text = f"Árbol;Altura\n{rows}Árbol grande;31,2 m\n"
    found = best("¿Cuál es el árbol más alto?", text, suffix="csv", n=1, max_tokens=60)
    assert found == ["Árbol: Árbol grande; Altura: 31,2 m."]
