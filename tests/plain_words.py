"""The content words of a question as the search makes them, over documents that hold each of them alike."""

from corpus.languages import LANGS
from index.searchable import QueryWord
from qa.words import content_spans


def words_of(question, lang, known=lambda word: True):
    """Each content word stands for itself alone and weighs 1; ``known``: whether a passage holds it."""
    return [
        QueryWord(
            text=question[start:end],
            name=question[start].isdigit() or (start > 1 and question[start].isupper()),
            terms={one: [(term, 1.0)] for one in LANGS},
            keys={one: [] for one in LANGS},
            priors=dict.fromkeys(LANGS, 0.0),
            idf=dict.fromkeys(LANGS, 1.0),
            known=known(question[start:end]),
        )
        for term, start, end in content_spans(question, lang)
    ]
