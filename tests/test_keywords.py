"""Questions of a few words and no more: which they are, in which language, and what has none of their words."""

from dataclasses import replace

import pytest
from plain_words import words_of

from corpus.document import Passage
from index.searchable import Place
from index.translation import TranslationTable
from qa.select.keywords import are_keywords, has_none
from qa.understand import Query, understand

ORDINARY = {
    "es": {"tarif": 0.01, "jabal": 0.004, "vel": 0.002, "marc": 0.02, "hotel": 0.01},
    "en": {"wild": 0.01, "boar": 0.003, "candl": 0.002, "mark": 0.02, "hotel": 0.012},
}
TABLE = TranslationTable({"es-en": {}, "en-es": {}}, ORDINARY)


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("tarifa velas", "es"),
        ("jabalíes?", "es"),
        ("candle marks", "en"),
        ("WILD BOAR?", "en"),
        # as ordinary in the one as in the other, a name, or in neither
        ("hotel?", "und"),
        ("hotel Velas", "und"),
        ("Candle", "und"),
        ("Candle marks", "en"),
        ("Kerzen?", "und"),
    ],
)
def test_words_alone_tell_the_language_of_a_question(text, lang):
    question = understand(Query(text), 1000, TABLE)
    assert question.lang == lang
    assert (0.5 < question.lang_confidence <= 1) is (lang != "und")
    assert understand(Query(text, "en"), 1000, TABLE).lang == "en"


@pytest.mark.parametrize(
    ("question", "lang", "expected"),
    [
        ("tarifa velas?", "es", True),
        ("precio de la tarifa", "es", True),
        ("candle price", "en", True),
        ("price of a candle", "en", True),
        ("price candle wick wax", "en", False),
        ("how much are candles", "en", False),
        ("cuánto valen las velas", "es", False),
        ("¿Admiten velas?", "es", False),
        ("is smoking allowed", "en", False),
        ("???", "en", False),
    ],
)
def test_keywords_are_words_of_content_without_a_sentence(question, lang, expected):
    assert are_keywords(question, words_of(question, lang)) is expected


@pytest.mark.parametrize(
    ("question", "lang", "there", "expected"),
    [
        ("tarifa velas?", "es", {}, True),
        ("cera mechas?", "es", {}, False),
        ("wax?", "en", {}, True),
        ("wax?", "en", {"wax": "cer"}, False),
        # the heading and the title count
        ("artesanía mechas?", "es", {}, False),
        ("taller mechas?", "es", {}, False),
    ],
)
def test_a_passage_with_none_of_the_words(question, lang, there, expected):
    said = "La cera se compra por kilos."
    passage = Passage("p", "d", 0, len(said), said, "es", "Artesanía")
    words = [
        replace(word, terms=word.terms | {"es": [(there[word.text], 0.03)]})
        if word.text in there
        else word
        for word in words_of(question, lang)
    ]
    assert has_none(words, Place(passage, "Taller", None, ("Artesanía",))) is expected
