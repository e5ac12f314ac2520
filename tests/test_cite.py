"""A quote is cited only where the document has exactly these words at exactly this place."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import Document, Heading, Passage
from qa.cite import Evidence, Quote, cite, holds

SPANISH = (
    "El ñandú\n\n"
    "¿Vuela el ñandú? ¡No! 🪶 Corre por la pampa, y en el año 1997 lo vio una niña.\n\n"
    "La niña\n\n"
    "La niña vive en la montaña. Su perro también.\n"
)
ENGLISH = "The river\n\nThe river Amazon is long. It doesn't end in Peru.\n"


def document(text, lang, doc_id="a.md", pages=()):
    titles = ("El ñandú", "La niña", "The river")
    headings = [
        Heading(text.index(f"{t}\n"), text.index(f"{t}\n") + len(t), 1, t)
        for t in titles
        if f"{t}\n" in text
    ]
    return Document(doc_id, "Un título", lang, text, pages, tuple(headings), "0" * 64)


def passage(doc, start, end):
    return Passage(
        f"{doc.doc_id}#char={start},{end}",
        doc.doc_id,
        start,
        end,
        doc.text[start:end],
        doc.lang,
        "Un título",
    )


def quote(doc, words, score=0.5):
    """These words of a document, in a passage that begins two characters before them."""
    start = doc.text.index(words)
    around = passage(doc, max(0, start - 2), min(len(doc.text), start + len(words) + 2))
    return Quote(around, start, start + len(words), score)


BOTH = [
    (document(SPANISH, "es"), "¿Vuela el ñandú? ¡No!"),
    (document(SPANISH, "es"), "🪶 Corre por la pampa, y en el año 1997"),
    (document(ENGLISH, "en"), "It doesn't end in Peru."),
]
CASES = pytest.mark.parametrize(("doc", "words"), BOTH, ids=["es", "emoji", "en"])


@CASES
def test_words_that_stand_there_hold(doc, words):
    found = quote(doc, words)
    assert found.text == words
    assert holds(found, doc)


@CASES
@pytest.mark.parametrize("by", [-2, -1, 1, 2])
def test_a_quote_of_a_text_that_moved_does_not_hold(doc, words, by):
    found = quote(doc, words)
    moved = doc.text[-by:] if by < 0 else "x" * by + doc.text
    assert not holds(found, replace(doc, text=moved))


@CASES
def test_a_quote_of_an_altered_text_does_not_hold(doc, words):
    found = quote(doc, words)
    for at in range(found.start, found.end):
        altered = doc.text[:at] + "%" + doc.text[at + 1 :]
        assert not holds(found, replace(doc, text=altered))


@pytest.mark.parametrize(
    ("words", "other"),
    [
        ("en el año 1997", "en el ano 1997"),
        ("¿Vuela el ñandú?", " Vuela el ñandú?"),
        ("La niña vive", "la niña vive"),
        ("montaña", "montan\u0303"),
    ],
)
def test_not_even_an_accent_or_a_mark_may_differ(words, other):
    doc = document(SPANISH, "es")
    assert not holds(quote(doc, words), replace(doc, text=SPANISH.replace(words, other)))


@CASES
def test_a_quote_of_another_document_does_not_hold(doc, words):
    assert not holds(quote(doc, words), replace(doc, doc_id="b.md"))


@CASES
def test_a_quote_that_leaves_its_passage_or_is_empty_does_not_hold(doc, words):
    found = quote(doc, words)
    inside = found.passage
    assert holds(replace(found, start=inside.start, end=inside.end), doc)
    assert not holds(replace(found, start=inside.start - 1), doc)
    assert not holds(replace(found, end=inside.end + 1), doc)
    assert not holds(replace(found, start=found.end), doc)
    assert not holds(replace(found, start=found.end, end=found.start), doc)
    assert not holds(replace(found, start=-5, end=-1), doc)


def test_a_passage_whose_words_are_not_the_documents_is_not_quoted():
    doc = document(SPANISH, "es")
    found = quote(doc, "La niña vive en la montaña.")
    invented = found.passage.text.replace("montaña", "pampa  ")
    assert not holds(replace(found, passage=replace(found.passage, text=invented)), doc)


@CASES
def test_a_citation_tells_where_its_words_stand(doc, words):
    found = quote(doc, words, score=0.75)
    answer = "Según él: " + words
    made = cite(2, Evidence(found, doc), answer, 10, len(answer))
    assert made.quote == doc.text[made.start : made.end] == words
    assert (made.answer_start, made.answer_end) == (10, 10 + len(words))
    assert (made.number, made.doc_id, made.title) == (2, doc.doc_id, "Un título")
    assert (made.score, made.lang, made.page) == (0.75, doc.lang, None)
    assert made.passage_id == found.passage.passage_id
    assert made.verbatim


@CASES
def test_a_citation_of_other_words_than_the_quotes_says_so(doc, words):
    made = cite(1, Evidence(quote(doc, words), doc), "Dicho de otro modo.", 0, 19)
    assert (made.quote, made.verbatim) == (words, False)


@CASES
def test_a_highlight_outside_its_quote_is_refused(doc, words):
    n = len(words)
    assert Evidence(quote(doc, words), doc, (0, n)).highlight == (0, n)
    for marked in ((0, n + 1), (-1, 2), (3, 3)):
        with pytest.raises(ValueError, match="not inside a quote"):
            Evidence(quote(doc, words), doc, marked)


@pytest.mark.parametrize(
    ("words", "page", "section"),
    [
        ("¿Vuela el ñandú?", 1, ("El ñandú",)),
        ("lo vio una niña", 2, ("El ñandú",)),
        ("Su perro también.", 3, ("La niña",)),
    ],
)
def test_page_and_section_are_those_of_the_quotes_beginning(words, page, section):
    pages = (0, SPANISH.index("lo vio"), SPANISH.index("Su perro"))
    doc = document(SPANISH, "es", pages=pages)
    made = cite(1, Evidence(quote(doc, words), doc), words, 0, len(words))
    assert (made.page, made.section_path) == (page, section)


TEXT = st.text(st.sampled_from("aeiouñáé¿?¡! .\n🪶"), min_size=1, max_size=30)


@given(TEXT, TEXT, st.data())
def test_whatever_holds_is_a_slice_of_the_document(text, other, data):
    ours, theirs = document(text, "es"), document(other, "es")
    numbers = st.integers(-3, len(text) + 3)
    a, b = sorted(data.draw(st.tuples(st.integers(0, len(text)), st.integers(0, len(text)))))
    found = Quote(passage(ours, a, b), data.draw(numbers), data.draw(numbers), 0.0)
    for doc in (ours, theirs):
        if holds(found, doc):
            made = cite(1, Evidence(found, doc), found.text, 0, len(found.text))
            assert made.quote
            assert doc.text[made.start : made.end] == made.quote
    expected = a <= found.start < found.end <= b
    assert holds(found, ours) == expected
