"""Whose a document or a number is, where the names of several have something in common."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from plain_words import words_of

from qa.select.alike.namesakes import AskedNames, AskedPersons

HAYAS = (
    "Albergue Las Hayas",
    "es",
    "El desayuno cuesta 4 euros. En temporada alta se reserva antes.",
)
JUVENIL = ("Normas de la Residencia Juvenil Sur", "es", "La puerta se cierra a las doce.")
FINCH = ("Finch Boat Hire", "en", "The deposit is £30. Bring the card of the Gull Club with you.")
TILLY = ("Tilly’s Growers, Inc.", "en", "Tilly’s Growers spent $400 on seed.")
TERMS = ("Terms of hire", "en", "The deposit is £30.")


def asked(question, title, lang, text):
    index = SimpleNamespace(document=lambda doc_id, blocks: SimpleNamespace(text=text))
    passage = SimpleNamespace(doc_id="d", lang=lang)
    ranked = SimpleNamespace(passage=passage, place=SimpleNamespace(title=title))
    return AskedNames(question, index).are_of_another(ranked)


@pytest.mark.parametrize(
    ("question", "document", "another"),
    [
        ("¿Cuánto cuesta el desayuno en el Albergue El Puerto?", HAYAS, True),
        ("How much is breakfast at Albergue El Puerto?", HAYAS, True),
        ("¿Cuánto vale el desayuno del albergue Alta Vista?", HAYAS, True),
        ("¿A qué hora cierra la Residencia Juvenil Norte?", JUVENIL, True),
        ("What is the deposit at Heron Boat Hire?", FINCH, True),
        # The name asked about, or a part of it, or none, or one that the document mentions
        ("¿Cuánto cuesta el desayuno en el Albergue Las Hayas?", HAYAS, False),
        ("¿Cuánto cuesta el desayuno en el albergue de Hayas?", HAYAS, False),
        ("¿Cuánto cuesta el desayuno en el albergue?", HAYAS, False),
        ("What is the deposit at the Gull Boat Hire?", FINCH, False),
        ("What is the deposit at Heron Boat Hire?", TERMS, False),
        # However an owner is written
        ("How much did Tilly's Growers spend on seed?", TILLY, False),
        ("¿Cuánto gastó Tilly’s Growers en semillas?", TILLY, False),
        ("How much did the Tilly Growers spend on seed?", TILLY, False),
        ("How much did Mabel's Growers spend on seed?", TILLY, True),
        # Nothing says that it is of the same kind
        ("¿Dan desayuno en el Hotel Miramar?", HAYAS, False),
        # The first word has a capital in any case
        ("Heron Boat Hire?", FINCH, False),
        ("WHAT IS THE DEPOSIT AT HERON BOAT HIRE?", FINCH, False),
    ],
)
def test_the_document_of_another_organisation(question, document, another):
    assert asked(question, *document) is another


BOATMEN = "es", "Patrón: Eva Ruiz Soto; teléfono: 055 231. Eva Mª Ruiz Lago guarda la llave."
CREW = "en", "The cook is Tom Ash Reed. Phone Tom Ash on Mondays."
ROWS = "es", "Apellidos: Ruiz Soto; Nombre: Eva Luz; Teléfono: 055 231."
PENN = "en", "Surname | Name | Phone\nPenn | Ruth Ann | 055 231\nPenn | Rob | 055 232\nSoto | Eva Luz | 055 233"  # fmt: skip


def asked_of(question, lang, text, quoted=None, document=""):
    index = SimpleNamespace(document=lambda doc_id, blocks: SimpleNamespace(text=text + document))
    passage = SimpleNamespace(doc_id="d", lang=lang, heading="", text=text)
    ranked = SimpleNamespace(passage=passage, place=SimpleNamespace(title=""))
    persons = AskedPersons(question, words_of(question, lang), index)
    return persons.are_others(ranked, text if quoted is None else quoted)


@pytest.mark.parametrize(
    ("question", "source", "others"),
    [
        ("¿Qué teléfono tiene Eva Ruiz Peral?", BOATMEN, True),
        ("¿Qué teléfono tiene Eva Peral Ruiz?", ROWS, True),
        ("What is the phone number of Tom Finch Reed?", (*CREW[:1], CREW[1][:28]), True),
        ("¿Qué teléfono tiene Eva Peral Soto?", PENN, True),
        ("What is the number of Ruth Mary Penn?", PENN, True),
        ("What is the number of Ruth Penn?", PENN, False),
        # as they are called, or with less than that, or by a letter
        ("¿Qué teléfono tiene Eva Ruiz Soto?", BOATMEN, False),
        ("¿Qué teléfono tiene Eva Ruiz?", BOATMEN, False),
        ("¿Qué guarda Eva María Ruiz Lago?", BOATMEN, False),
        ("¿Qué teléfono tiene Eva Luz Ruiz Soto?", ROWS, False),
        ("What is the phone number of Tom Ash Finch?", CREW, False),
        # with a slip of the pen, or by a short form
        ("¿Qué teléfono tiene Eva Ruiz Sotto?", BOATMEN, False),
        ("What is the phone number of Tom KTR?", CREW, False),
        # no person's name
        ("Who is in The Tom Finch?", CREW, False),
        ("Who is the Tom Finch?", CREW, False),
        ("¿Qué teléfono tiene Peral?", BOATMEN, False),
        ("¿QUÉ TELÉFONO TIENE EVA RUIZ PERAL?", BOATMEN, False),
    ],
)
def test_a_person_who_has_a_part_of_the_name_is_another_one(question, source, others):
    assert asked_of(question, *source) is others


def test_whoever_is_called_so_elsewhere_in_the_document_may_be_meant():
    question = "¿Qué teléfono tiene Eva Ruiz Peral?"
    assert not asked_of(question, *BOATMEN, document=" Llamad a Eva Ruiz Peral.")
    # Where nobody is named the passage tells
    assert asked_of(question, *BOATMEN, quoted="Se le llama al 055 231.")
    assert not asked_of(question, "es", "Se le llama al 055 231.")


def test_a_name_that_begins_with_a_word_of_another_meaning_is_no_person():
    words = words_of("Who paid Tom Finch Reed?", "en")
    meaning = [replace(word, terms=word.terms | {"es": [("tambor", 0.9)]}) for word in words]
    index = SimpleNamespace(document=lambda doc_id, blocks: SimpleNamespace(text=CREW[1][:28]))
    passage = SimpleNamespace(doc_id="d", lang="en", heading="", text=CREW[1][:28])
    ranked = SimpleNamespace(passage=passage, place=SimpleNamespace(title=""))
    others = [
        AskedPersons("Who paid Tom Finch Reed?", some, index).are_others(ranked, passage.text)
        for some in (words, meaning)
    ]
    assert others == [True, False]
