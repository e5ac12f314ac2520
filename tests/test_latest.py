"""The last of several meetings or newsletters, read as that of its day."""

from types import SimpleNamespace

import pytest
from plain_words import words_of

from corpus.document import Passage
from index.searchable import Place
from qa.latest import of_the_latest

MINUTES = {
    "a.md": ("Rowing club", "Minutes of the meeting held on 9 May 2031\n\nPresent: A. Reed."),
    "b.md": ("Rowing club", "Minutes of the meeting held on 6 June 2031\n\nPresent: B. Lowe."),
}
ACTAS = {
    "acta-1.md": ("Acta de la junta", "9 de mayo de 2031\n\nPreside Ana Gil."),
    "acta-2.md": ("Acta de la junta", "8 de mayo de 2031\n\nPreside Luis Paz."),
}
BULLETINS = {
    "n1.md": ("Boletín, mayo de 2031", "Hay baile."),
    "n2.md": ("Boletín, abril de 2031", "Hay cine."),
}


def read(question, lang, documents):
    places = [
        Place(Passage(name, name, 0, len(text), text, lang, ""), title, None, ())
        for name, (title, text) in documents.items()
    ]
    index = SimpleNamespace(
        document=lambda doc_id, blocks: SimpleNamespace(text=documents[doc_id][1])
    )
    return of_the_latest(question, lang, words_of(question, lang), lambda: places, index)


@pytest.mark.parametrize(
    ("question", "lang", "documents", "full"),
    [
        ("Who was present at the last meeting?", "en", MINUTES, "Who was present at the meeting of 6 June 2031?"),
        ("Who came to the most recent committee meeting?", "en", MINUTES, "Who came to the committee meeting of 6 June 2031?"),
        ("What do the latest minutes say?", "en", MINUTES, "What do the minutes of 6 June 2031 say?"),
        ("¿Quién presidió la última junta?", "es", ACTAS, "¿Quién presidió la junta del 9 de mayo de 2031?"),
        ("¿Quién presidió la última reunión?", "es", ACTAS, "¿Quién presidió la reunión del 9 de mayo de 2031?"),
        ("¿Quién presidió la junta más reciente?", "es", ACTAS, "¿Quién presidió la junta del 9 de mayo de 2031?"),
        ("¿Qué dice el último boletín?", "es", BULLETINS, "¿Qué dice el boletín de mayo de 2031?"),
    ],
)  # fmt: skip
def test_the_last_of_some_things_is_that_of_the_last_day(question, lang, documents, full):
    assert read(question, lang, documents) == full


@pytest.mark.parametrize(
    ("question", "lang", "documents"),
    [
        ("Who was present at the meeting?", "en", MINUTES),
        ("Who was present at the last supper?", "en", MINUTES),
        ("What is the last name of A. Reed?", "en", MINUTES),
        ("When was the last meeting?", "en", MINUTES),
        ("Who was present at the last two meetings?", "en", MINUTES),
        ("Who was present at the last meeting?", "en", {"a.md": MINUTES["a.md"]}),
        ("¿Quién presidió las últimas juntas?", "es", ACTAS),
        ("¿Quién presidió la última junta?", "es", BULLETINS),
    ],
)
def test_other_questions_stay_as_they_are(question, lang, documents):
    assert read(question, lang, documents) == question
