"""Which of several documents that say different things is in force."""

from types import SimpleNamespace

import pytest

from corpus.document import Passage
from qa.cite import Quote
from qa.differing.editions import Editions, asks_for_current
from qa.select import Unit
from qa.select.times.years import without_replaced


class Shelf:
    """An index of two documents, each a title and a text by the name of its file."""

    def __init__(self, documents):
        self.documents = documents

    def document(self, doc_id, *, blocks=True):
        title, text = self.documents[doc_id]
        return SimpleNamespace(title=title, text=text)

    def unit(self, doc_id):
        text = self.documents[doc_id][1]
        passage = Passage(doc_id, doc_id, 0, len(text), text, "es", "")
        return Unit(Quote(passage, 0, len(text), 1.0), 1.0)


def two(newer, older):
    shelf = Shelf({"a.md": newer, "b.md": older})
    return Editions(shelf), shelf.unit("a.md"), shelf.unit("b.md")


@pytest.mark.parametrize(
    ("newer", "older"),
    [
        (("Normas del taller (2031)", "Hay torno."), ("Normas del taller (2029)", "No hay.")),
        (("Kiln rules v10", "Fire on Friday."), ("Kiln rules v9", "Fire on Monday.")),
        (("Kiln rules, 2nd edition 2", "On Friday."), ("Kiln rules, edition 1", "On Monday.")),
        (("Normas", "Fecha: 3 de mayo de 2031\n\nHay torno."), ("Normas", "Fecha: 2 de mayo de 2031\n\nNo hay.")),
        (("Normas", "Hay torno."), ("Normas", "DEROGADA\n\nNo hay torno.")),
        (("Rules", "Fire on Friday."), ("Rules (superseded)", "Fire on Monday.")),
        (("Rules 2029", "Fire on Friday."), ("Rules 2031", "Replaced by the rules of 2029.\n\nFire on Monday.")),
        (("Normas", "Estas normas sustituyen a las anteriores. Hay torno."), ("Normas", "No hay torno.")),
        (("Rules", "This supersedes the rules of 2029.\n\nFire on Friday."), ("Rules", "On Monday.")),
    ],
)  # fmt: skip
def test_the_one_in_force_is_told_by_its_name_its_day_and_what_it_says_of_others(newer, older):
    editions, one, other = two(newer, older)
    assert editions.is_newer(one, other)
    assert not editions.is_newer(other, one)
    assert editions.newest([other, one]) is one


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Rules", "Fire on Friday."), ("Rules", "Fire on Monday.")),
        (("Rules 2031", "Fire on Friday."), ("Rules", "Fire on Monday.")),
        (("Rules of May 2031", "On Friday."), ("Rules 2031", "On Monday.")),
        (("Rules", "The kiln replaces the oven."), ("Rules", "On Monday.")),
    ],
)
def test_where_nothing_tells_none_is_newer(one, other):
    editions, first, second = two(one, other)
    assert not editions.is_newer(first, second)
    assert not editions.is_newer(second, first)
    assert editions.newest([first, second]) is first


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Normas del taller (2031)", "Normas del taller 2029", True),
        ("Kiln rules v2", "Kiln rules v1 (superseded)", True),
        ("Acta de mayo de 2031", "Acta de junio de 2031", True),
        ("Fees of Oakham 2031", "Fees of Ely 2029", False),
    ],
)
def test_editions_of_one_document_are_called_the_same(one, other, expected):
    editions, first, second = two((one, "Hay torno."), (other, "No hay."))
    assert editions.are_of_one(first, second) is expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("¿Cuál es la cuota vigente?", True),
        ("¿Cuánto se paga actualmente?", True),
        ("What is the current fee?", True),
        ("¿Cuál es la cuota?", False),
        ("What was the fee?", False),
    ],
)
def test_who_asks_for_what_is_in_force(question, expected):
    assert asks_for_current(question) is expected


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Sustituyen a las de 2029. Hay torno.", "Sustituyen. Hay torno."),
        ("Quedan derogadas las normas anteriores; hay torno.", "Quedan derogadas; hay torno."),
        ("It replaces the rules of 2029.", "It replaces."),
        ("The kiln replaces the oven.", "The kiln replaces the oven."),
    ],
)
def test_what_a_text_takes_the_place_of_is_not_its_own(text, left):
    assert " ".join(without_replaced(text).split()).replace(" .", ".").replace(" ;", ";") == left
