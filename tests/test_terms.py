"""A term of a document that stands for what is asked for, and what the document means by it."""

import pytest
from hash_encoder import HashEncoder
from local_server import write_documents
from underliner import Underliner

from corpus.document import Passage
from index.local.build import build
from qa.cite import Quote
from qa.engine import Engine, Query
from qa.select.terms import defined_in

HIRE = """"Boat House" means the shed at 3 Reed Lane.
"Hire Time" means six hours from noon.
The oars lie in the Boat House. Boats come back within the Hire Time. The fee is £4.
The mast is kept at 5 Mill Row (the "Mast Store"). Masts are brought to the Mast Store.
"""
ALQUILER = """Se entiende por «Cobertizo» la nave de la calle Junco, 3.
«Tiempo de alquiler» significa seis horas desde el mediodía.
Los remos están en el Cobertizo. Las barcas vuelven dentro del Tiempo de alquiler.
"""


def meant(question, text, said):
    passage = Passage("d#", "d", 0, len(text), text, "en", "")
    start = text.index(said)
    at = defined_in(question, Quote(passage, start, start + len(said), 1.0), lambda: text)
    return None if at is None else text[at : text.index("\n", at)]


@pytest.mark.parametrize(
    ("question", "text", "said", "begins"),
    [
        ("Where are the oars?", HIRE, "The oars lie in the Boat House.", "Boat House"),
        ("Where do the masts go?", HIRE, "Masts are brought to the Mast Store.", "Mast Store"),
        ("How long may I keep a boat?", HIRE, "Boats come back within the Hire Time.", "Hire Time"),
        ("¿Dónde están los remos?", ALQUILER, "Los remos están en el Cobertizo.", "Cobertizo"),
        ("¿Cuánto tiempo tengo la barca?", ALQUILER, "Las barcas vuelven dentro del Tiempo de alquiler.", "Tiempo"),
        # The question has the term, the term stands not for what is asked, or the quote says it
        ("Where is the Boat House?", HIRE, "The oars lie in the Boat House.", None),
        ("What lies there?", HIRE, "The oars lie in the Boat House.", None),
        ("How long are the oars?", HIRE, "The oars lie in the Boat House.", None),
        ("Where are boats paid?", HIRE, "Boats come back within the Hire Time.", None),
        ("Where is the shed?", HIRE, '"Boat House" means the shed at 3 Reed Lane.', None),
    ],
)  # fmt: skip
def test_the_place_where_a_term_that_answers_is_explained(question, text, said, begins):
    found = meant(question, text, said)
    assert found is None if begins is None else found.startswith(begins)


@pytest.mark.parametrize(
    ("question", "lang", "text", "said", "meaning"),
    [
        ("Where do the oars lie?", "en", HIRE, "The oars lie in the Boat House.", '"Boat House" means the shed at 3 Reed Lane.'),
        ("¿Dónde están los remos?", "es", ALQUILER, "Los remos están en el Cobertizo.", "Se entiende por «Cobertizo» la nave de la calle Junco, 3."),
    ],
)  # fmt: skip
def test_the_meaning_of_a_term_is_quoted_after_it(tmp_path, question, lang, text, said, meaning):
    write_documents(tmp_path, {"hire.txt": text.replace("\n", "\n\n")})
    build(tmp_path, HashEncoder())
    engine = Engine(tmp_path, HashEncoder(), reader=Underliner(said))
    citations = engine.ask(Query(question, lang)).citations
    assert [c.quote for c in citations] == [said, meaning]
    assert not any(c.differs for c in citations)
    engine.close()
