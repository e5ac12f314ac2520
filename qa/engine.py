"""One question in, an answer with citations out: the deep module that HTTP and command line share.

understand → retrieve → rank → select → compose → verify, or a reply where nothing is asked of a passage: each stage is a
module of its own, and three of them are contracts that others can fill (:mod:`index.legs`, :mod:`qa.select`,
:mod:`qa.compose`).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from corpus.document import FuenteError, IndexUnavailableError, Lang, NoIndexError
from index.encoder import Encoder, translation_folder
from index.legs import PROPOSING
from index.local.store import LocalBuilds
from index.reader import Reader
from index.searchable import Builds, Searchable
from index.translation import TranslationTable
from qa.answering import (
    Abstention,
    Answer,
    Answering,
    AnsweringFromPassages,
    AnsweringWithoutDocuments,
    PassageHit,
    SearchOptions,
    SearchResult,
    Stages,
)
from qa.calibration import Calibration, load_calibration
from qa.compose import Composer
from qa.compose.extractive import Extractive
from qa.fuse import checked
from qa.locate import Located, locate
from qa.rerank import Reranker
from qa.select import Selector
from qa.select.reader import ByReader
from qa.select.rules import Rules
from qa.several import answering, apart, message_of
from qa.talking import MAX_LISTED, Talking, reply_to
from qa.understand import Query, Question

__all__ = [
    "Abstention",
    "Answer",
    "Answering",
    "Engine",
    "Located",
    "PassageHit",
    "Query",
    "Question",
    "SearchOptions",
    "SearchResult",
]


class Engine:
    """Answers questions from the active build of a data directory, or of other ``builds``.

    Safe to use from several threads: each question takes one reference to the index and keeps it, so a
    reload never mixes two builds in one answer. Without a ``selector`` a ``reader`` says what answers, and without
    that rules do; it also orders passages that the search finds about as good. When there is no usable build, ``index`` is None and
    ``problem`` says why; asking then raises that problem. ``reasons`` says why a file could not be read in the language of whoever asks, for which
    a build has English words.

    :raises SettingsError: for a calibration that does not fit the stages.
    """

    def __init__(
        self,
        builds: Path | Builds,
        encoder: Encoder,
        *,
        calibration: Calibration | None = None,
        reranker: Reranker | None = None,
        reader: Reader | None = None,
        selector: Selector | None = None,
        composer: Composer | None = None,
        min_confidence: float | None = None,
        max_question_chars: int = 2000,
        reasons: Callable[[str, Lang], str | None] | None = None,
    ):
        calibration = calibration or load_calibration()
        self._builds = LocalBuilds(builds) if isinstance(builds, Path) else builds
        self._encoder = encoder
        self._stages = Stages(
            encoder=encoder,
            table=TranslationTable.load(translation_folder()),
            fusion=checked(calibration.fusion, tuple(leg.name for leg in PROPOSING)),
            reranker=reranker,
            reader=reader,
            selector=selector or _selector(calibration, reader),
            composer=composer or Extractive(),
            min_confidence=min_confidence,
            max_question_chars=max_question_chars,
            reasons=reasons or (lambda reason, lang: reason if lang == "en" else None),
        )
        self._reload_lock = threading.Lock()
        self._index: Searchable | None = None
        self._problem: FuenteError | None = None
        self._refused: str | None = None
        self.reload()

    @property
    def encoder(self) -> Encoder:
        """The encoder that questions go through."""
        return self._encoder

    @property
    def selector(self) -> Selector:
        """What judges which words answer."""
        return self._stages.selector

    @property
    def composer(self) -> Composer:
        """What writes the answers."""
        return self._stages.composer

    @property
    def best_score(self) -> float:
        """The score of a passage in which every leg finds all that there is to find: none has more."""
        close = self._stages.fusion.close
        return max(sum(s.weights.values()) + s.constant for s in (close.same, close.across))

    @property
    def index(self) -> Searchable | None:
        """The build that is serving, None when there is none."""
        return self._index

    @property
    def problem(self) -> FuenteError | None:
        """Why no build is serving, or why the newest one was refused; None when all is well."""
        return self._problem

    def serving(self) -> Searchable:
        """The build that is serving.

        :raises StoreError: what is wrong, when there is none.
        """
        index = self._index
        if index is None:
            assert self._problem is not None
            raise self._problem
        return index

    def reload(self) -> bool:
        """Take the current build, if it is another one; True when it swapped.

        A build that is damaged or foreign is refused: the one before it keeps serving and ``problem`` says why.
        """
        with self._reload_lock:
            try:
                wanted = self._builds.current_id()
            except FuenteError as error:
                self._problem = error
                return False
            serving = self._index.build_id if self._index else None
            if wanted is not None and (wanted == serving or wanted == self._refused):
                if wanted == serving:
                    self._problem, self._refused = None, None
                return False
            try:
                index = self._builds.open(self._encoder)
            except FuenteError as error:
                self._problem = error
                # a server that was away comes back with the same build
                self._refused = None if isinstance(error, IndexUnavailableError) else wanted
                return False
            # The old index is not closed: questions under way still read it, and it goes with the last of them
            self._index, self._problem, self._refused = index, None, None
            return True

    def close(self) -> None:
        """Stop serving."""
        index, self._index = self._index, None
        self._problem = NoIndexError("the engine is closed; open another one")
        if index:
            index.close()

    def search(self, query: Query, options: SearchOptions | None = None) -> SearchResult:
        """Passages for a question.

        :raises EmptyQuestionError, QuestionTooLongError: for a question that cannot be asked.
        :raises StoreError: when no build is serving.
        :raises UnknownDocumentError: when a document asked for is not there.
        """
        chosen = options or SearchOptions()
        query = replace(query, previous=apart(query.previous))
        question = self._stages.understand(query)
        return self._from_passages(question, query, chosen, self.serving()).searched()

    def ask(self, query: Query, options: SearchOptions | None = None) -> Answer:
        """An answer to a question; errors as :meth:`search`."""
        return self.ask_in_steps(query, options).answer()

    def ask_in_steps(self, query: Query, options: SearchOptions | None = None) -> Answering:
        """An answer in the making: its passages are found, or it is the reply to talk; errors as :meth:`search`."""
        began = time.perf_counter()
        chosen, index = options or SearchOptions(), self.serving()
        query = replace(query, previous=apart(query.previous))
        question = self._stages.understand(query)
        remark = question.remark
        if remark is not None:

            def search(text: str) -> SearchResult:
                asked = replace(question, text=text, read_as=None)
                wide = replace(chosen, limit=MAX_LISTED * 3, mode="hybrid", explain=False)
                return self._from_passages(asked, query, wide, index).result

            reply = reply_to(remark, query.lang or remark.lang, index, chosen, search)
            if reply is not None:
                return Talking(question, reply, index, began)
        message = message_of(query.text, question.lang)
        if message is None:
            return self._from_passages(question, query, chosen, index)

        def ask(one: Query) -> AnsweringFromPassages:
            return self._from_passages(self._stages.understand(one), one, chosen, index)

        return answering(message, question, query, ask, chosen.limit)

    def ask_without_documents(self, query: Query) -> Answering:
        """What is said to a question where there is no document, so that no build is needed to know it.

        :raises EmptyQuestionError, QuestionTooLongError: for a question that cannot be asked.
        """
        return AnsweringWithoutDocuments(self._stages.understand(query), self.composer.name)

    def _from_passages(
        self, question: Question, query: Query, options: SearchOptions, index: Searchable
    ) -> AnsweringFromPassages:
        return AnsweringFromPassages(self._stages, question, query, options, index)

    def locate(self, doc_id: str, start: int, end: int, context: int = 300) -> Located:
        """A place in a document with at most ``context`` code points on either side.

        :raises StoreError: when no build is serving.
        :raises UnknownDocumentError: when there is no such document.
        :raises ValueError: when ``[start, end)`` is not inside the text.
        """
        return locate(self.serving(), doc_id, start, end, context)


def _selector(calibration: Calibration, reader: Reader | None) -> Selector:
    """What judges which words answer where nobody says: the reader, with weights of its own or else the shipped ones."""
    if reader is None:
        return Rules(calibration)
    weighed = calibration.readings or load_calibration().readings
    rules = Rules(calibration)
    return rules if weighed is None else ByReader(reader, weighed, rules)
