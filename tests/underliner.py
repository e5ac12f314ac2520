"""A reader that needs no model: it underlines the phrases that it was given, wherever they stand."""

import re

import numpy as np

from index.reader import Reading


class Underliner:
    """Underlines ``phrases``; ``answer`` are the words that answer shortest; a passage without any of them does not answer."""

    def __init__(self, *phrases, answer="", sure=3.0):
        self.phrases, self.answer, self.sure = phrases, answer, sure
        self.asked = []

    def read(self, question, passages):
        """Readings by words."""
        self.asked.append((question, list(passages)))
        return [self._reading(text) for _, text in passages]

    def _reading(self, text):
        spans = np.array([m.span() for m in re.finditer(r"\w+|[^\w\s]", text)]).reshape(-1, 2)
        starts, ends = spans[:, 0].astype(np.int32), spans[:, 1].astype(np.int32)
        marked = np.full(len(spans), 0.03, dtype=np.float32)
        for phrase in self.phrases:
            at = text.find(phrase)
            if at >= 0:
                marked[(starts >= at) & (ends <= at + len(phrase))] = 0.9
        opens, closes = np.zeros((2, len(spans)), dtype=np.float32)
        at = text.find(self.answer) if self.answer else -1
        if at >= 0:
            opens[starts == at] = 9
            closes[ends == at + len(self.answer)] = 9
        answers = self.sure if (marked > 0.5).any() else -self.sure
        return Reading(starts, ends, marked, opens, closes, answers)
