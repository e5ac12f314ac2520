"""Of two headings that say opposite things the one that a question asks for."""

import pytest
from plain_words import words_of

from qa.select.alike.opposed import opposed

POOL = ("Swimming pool", "Not allowed in the pool"), ("Swimming pool", "Allowed in the pool")
REFUGIO = ("Normas", "Está prohibido"), ("Normas", "Está permitido")
GASTOS = ("Contrato", "Gastos incluidos"), ("Contrato", "Gastos no incluidos")
FALTAS = ("Reglamento", "Faltas graves"), ("Reglamento", "Faltas muy graves")
SEGURO = ("Póliza", "Lo que cubre el seguro"), ("Póliza", "Lo que no cubre el seguro")


def asked(question, lang, headings, documents=("d", "d"), of="es"):
    places = [(doc, of, path) for doc, path in zip(documents, headings, strict=True)]
    return opposed(question, words_of(question, lang, lambda _: True), places)


@pytest.mark.parametrize(
    ("question", "lang", "headings", "of", "contrary", "right"),
    [
        ("What is allowed in the pool?", "en", POOL, "en", 0, 1),
        ("What is not allowed in the pool?", "en", POOL, "en", 1, 0),
        ("What can't I bring to the pool?", "en", POOL, "en", 1, 0),
        ("¿Qué está prohibido en el refugio?", "es", REFUGIO, "es", 1, 0),
        ("¿Qué cosas están permitidas?", "es", REFUGIO, "es", 0, 1),
        ("¿Qué no queda excluido?", "es", REFUGIO, "es", 0, 1),
        ("¿Qué gastos no están incluidos?", "es", GASTOS, "es", 0, 1),
        ("¿Y qué gastos están incluidos?", "es", GASTOS, "es", 1, 0),
        ("¿Qué cubre el seguro?", "es", SEGURO, "es", 1, 0),
        ("¿Qué faltas son graves?", "es", FALTAS, "es", 1, 0),
        ("¿Cuáles son las faltas muy graves?", "es", FALTAS, "es", 0, 1),
    ],
)
def test_what_stands_below_the_opposite(question, lang, headings, of, contrary, right):
    assert asked(question, lang, headings, of=of) == ({contrary}, {right})


@pytest.mark.parametrize(
    ("question", "lang", "headings", "documents"),
    [
        # It is answered below either
        ("¿Puedo comer en el refugio?", "es", REFUGIO, ("d", "d")),
        ("Are dogs allowed?", "en", POOL, ("d", "d")),
        ("¿Es grave faltar tres días?", "es", FALTAS, ("d", "d")),
        ("¿Qué faltas son graves y cuáles muy graves?", "es", FALTAS, ("d", "d")),
        # Nothing in it is of allowing
        ("¿Qué pasa con los perros?", "es", REFUGIO, ("d", "d")),
        ("¿Qué está prohibido?", "es", REFUGIO, ("d", "e")),
        ("¿Qué está prohibido?", "es", (("Normas", "Está prohibido fumar"), ("Normas", "Está permitido pescar truchas")), ("d", "d")),
        ("¿Qué está prohibido?", "es", ((), ("Normas", "Está permitido")), ("d", "d")),
    ],
)  # fmt: skip
def test_where_nothing_is_opposed(question, lang, headings, documents):
    assert asked(question, lang, headings, documents) == (set(), set())
