"""Of which day a document is, where there is one of each: minutes, newsletters."""

from types import SimpleNamespace

import pytest
from plain_words import words_of

from corpus.document import Passage
from qa.select.times.sittings import AskedSitting

MINUTES = (
    "Rowing club",
    "en",
    "Minutes of the meeting held on 9 May 2031\n\nPresent: A. Reed.\n\nThe accounts of 2030 were approved. On 6 June the boiler is looked at.",
)
ACTA = (
    "Cofradía",
    "es",
    "Acta de la junta del 9 de mayo de 2031\n\nPreside Ana Gil.\n\nSe aprueban las cuentas de 2030.",
)
FERIA = ("Programa de la feria, del 3 al 10 de mayo de 2031", "es", "Hay baile en la plaza.")
RULES = ("Rules of 9 May 2031", "en", "Members over 16 may row alone.")
NOTICE = ("Notice", "en", "The office is closed on 9 May 2031.\n\nPresent your card.")


def is_another(question, lang, document, quoted):
    title, of, text = document
    index = SimpleNamespace(document=lambda doc_id, blocks: SimpleNamespace(text=text))
    passage = Passage("p", "d.txt", 0, len(text), text, of, "")
    ranked = SimpleNamespace(passage=passage, place=SimpleNamespace(title=title))
    assert quoted in text
    return AskedSitting(question, words_of(question, lang), index).is_another(ranked, quoted)


@pytest.mark.parametrize(
    ("question", "lang", "document", "quoted", "expected"),
    [
        ("Who was present at the April meeting?", "en", MINUTES, "A. Reed", True),
        ("Who was present at the meeting of 2030?", "en", MINUTES, "A. Reed", True),
        ("Who was present at the meeting on 12th May?", "en", MINUTES, "A. Reed", True),
        ("¿Quién presidió la junta de 2030?", "es", ACTA, "Ana Gil", True),
        ("¿Quién presidió la junta del 10 de mayo?", "es", ACTA, "Ana Gil", True),
        ("¿Quién presidió la junta del 10/05/2031?", "es", ACTA, "Ana Gil", True),
        ("Who was present at the meeting on 2031-05-12?", "en", MINUTES, "A. Reed", True),
        ("¿Quién presidió la junta del año 2030?", "es", ACTA, "Ana Gil", True),
        ("¿Hay baile en la feria de junio?", "es", FERIA, "baile", True),
        # The one asked about
        ("Who was present at the May meeting?", "en", MINUTES, "A. Reed", False),
        ("Who was present at the 9 May 2031 meeting?", "en", MINUTES, "A. Reed", False),
        ("¿Quién presidió la junta del 9/05/2031?", "es", ACTA, "Ana Gil", False),
        ("¿Quién presidió la junta de 2031?", "es", ACTA, "Ana Gil", False),
        ("¿Hay baile en la feria del 5 de mayo?", "es", FERIA, "baile", False),
        # The quote speaks of that day
        ("What did the meeting of 2030 cost?", "en", MINUTES, "accounts of 2030", False),
        ("What is done at the meeting of 6 June?", "en", MINUTES, "On 6 June the boiler", False),
        # Something else is of that day, or it is so in that year, or none or several are named, or the day is asked for
        ("What were the accounts of 2030?", "en", MINUTES, "A. Reed", False),
        ("Who was present in 2030?", "en", MINUTES, "A. Reed", False),
        ("Who was present at the meeting?", "en", MINUTES, "A. Reed", False),
        ("Who came to the April meeting and the June meeting?", "en", MINUTES, "A. Reed", False),
        ("When was the meeting of 2030?", "en", MINUTES, "A. Reed", False),
        ("May we leave the meeting early?", "en", MINUTES, "A. Reed", False),
        ("Who may row under the rules of 2030?", "en", RULES, "Members over 16", False),
        # The day of a sentence is not that of the document
        ("Is the office open on the meeting of April?", "en", NOTICE, "Present your card", False),
    ],
)
def test_minutes_of_another_day(question, lang, document, quoted, expected):
    assert is_another(question, lang, document, quoted) is expected
