"""The language of questions that are a few words and no more."""

import pytest

from index.translation import TranslationTable
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
