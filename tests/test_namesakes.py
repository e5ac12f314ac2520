"""Whose a document is, where the names of several say the same kind of thing."""

from types import SimpleNamespace

import pytest

from qa.select.namesakes import AskedNames

HAYAS = (
    "Albergue Las Hayas",
    "es",
    "El desayuno cuesta 4 euros. En temporada alta se reserva antes.",
)
JUVENIL = ("Normas de la Residencia Juvenil Sur", "es", "La puerta se cierra a las doce.")
FINCH = ("Finch Boat Hire", "en", "The deposit is £30. Bring the card of the Gull Club with you.")
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
        # Nothing says that it is of the same kind
        ("¿Dan desayuno en el Hotel Miramar?", HAYAS, False),
        # The first word has a capital in any case
        ("Heron Boat Hire?", FINCH, False),
        ("WHAT IS THE DEPOSIT AT HERON BOAT HIRE?", FINCH, False),
    ],
)
def test_the_document_of_another_organisation(question, document, another):
    assert asked(question, *document) is another
