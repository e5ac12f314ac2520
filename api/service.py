"""What the endpoints share: engine, documents folder, jobs, counters, free places."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Annotated, Literal, TypeVar, TypeVarTuple, cast

from fastapi import Depends, Request

from api.jobs import Jobs
from api.messages import UiLang
from api.metrics import Metrics
from api.problems import ProblemError
from api.settings import Settings
from corpus.collection import Collection, Scan
from corpus.document import Source, UnknownDocumentError
from index.encoder import Encoder
from index.searchable import Searchable
from qa.engine import Answer, Engine
from qa.suggest import suggested

Given = TypeVarTuple("Given")
Result = TypeVar("Result")


class Library:
    """The documents folder as last looked at; a file that did not change is not read again."""

    LARGE = 1_000
    """Files from which on one look serves for a while: 20,000 take half a second to look at."""

    WHILE_S = 3.0
    """The while, at least; no more than a sixth of the time goes into looking."""

    def __init__(self, documents: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self.collection = Collection(documents)
        self._clock = clock
        self._known: dict[str, Source] = {}
        self._last: Scan | None = None
        self._until = 0.0
        self._lock = threading.Lock()

    def scan(self, index: Searchable | None) -> Scan:
        """The folder now; a large one as it was a while ago, if it was not changed through here.

        The build's own list saves reading what it has seen already.
        """
        with self._lock:
            last = self._last
            if last is not None and len(last.sources) >= self.LARGE and self._clock() < self._until:
                return last
            if not self._known and index is not None:
                self._known = _sources(index)
            began = self._clock()
            self._last = self.collection.scan(known=self._known)
            ended = self._clock()
            self._until = ended + max(self.WHILE_S, 5 * (ended - began))
            self._known = {source.doc_id: source for source in self._last.sources}
            return self._last

    def forget(self) -> None:
        """Says that the folder has changed: the next look is a new one."""
        with self._lock:
            self._last = None


# While one question is in the encoder or in FAISS, which let go of the interpreter, another has it;
# a third one only makes the two lose time over who goes next. Answers a second on two cores, with
# one thread 175, two 260, four 205, eight 200.
AT_ONCE = 2


class Places:
    """The questions in flight, ``AT_ONCE`` of them being worked on, the others waiting their turn.

    Counted on the event loop, before a thread is asked for: a full thread pool must not hide that
    there are too many.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.taken = 0
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="question")
        # As many as there may be questions: each is idle until others have answered
        self._waiting = ThreadPoolExecutor(limit, thread_name_prefix="waiting")

    async def work(self, function: Callable[[*Given], Result], *given: *Given) -> Result:
        """What the function gives, run in a thread when its turn comes: first come, first served.

        Who waits holds no thread, so that uploads and listings find one; and a thread takes the next
        by itself, without waiting for the event loop to hand it over.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, partial(function, *given))

    async def wait(self, function: Callable[[*Given], Result], *given: *Given) -> Result:
        """What the function gives that spends its time waiting for others, such as a model behind an address.

        It runs in a thread of its own, so that those for questions stay free.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._waiting, partial(function, *given))

    def close(self) -> None:
        """Let the threads go; those that work on a question end it first."""
        self._threads.shutdown(wait=False)
        self._waiting.shutdown(wait=False)

    def take(self) -> None:
        """Takes a place; raises ProblemError overloaded when there is none."""
        if self.taken >= self.limit:
            raise ProblemError(
                "overloaded", "in_flight", {"taken": self.taken, "limit": self.limit}
            )
        self.taken += 1

    def leave(self) -> None:
        """Gives the place back."""
        self.taken -= 1


class RatedAnswers:
    """What feedback must know of the last answers, by request id, in this process only.

    Beyond ``limit`` the oldest is forgotten; a restart forgets all. Feedback on a forgotten answer is kept without it.
    """

    def __init__(self, limit: int = 1000) -> None:
        self._limit = limit
        self._kept: OrderedDict[str, Answer] = OrderedDict()
        self._lock = threading.Lock()

    def keep(self, request_id: str, answer: Answer) -> None:
        """Remembers an answer; a later one of the same request id takes its place."""
        # The passages are the bulk of an answer, and no thumb is about them
        with self._lock:
            self._kept[request_id] = replace(answer, hits=(), trace=None)
            self._kept.move_to_end(request_id)
            if len(self._kept) > self._limit:
                self._kept.popitem(last=False)

    def get(self, request_id: str) -> Answer | None:
        """The answer, None when it is not known any more."""
        with self._lock:
            return self._kept.get(request_id)


@dataclass(slots=True)
class Service:
    """One running service."""

    settings: Settings
    engine: Engine
    encoder: Encoder
    library: Library
    jobs: Jobs
    metrics: Metrics
    places: Places
    feedback_lock: threading.Lock = field(default_factory=threading.Lock)
    answers: RatedAnswers = field(default_factory=RatedAnswers)
    _languages: tuple[str, dict[str, int]] | None = None
    _suggested: tuple[str, list[tuple[Literal["es", "en"], str]]] | None = None

    def rated(self, request_id: str) -> Answer | None:
        """The answer of a request as feedback may keep it; None when it is not known any more.

        Words that the active build does not hold are left out: they were taken away since.
        """
        answer, index = self.answers.get(request_id), self.engine.index
        if answer is None or index is None or index.build_id == answer.build_id:
            return answer
        held = tuple(c for c in answer.citations if _holds(index, c.doc_id, c.quote))
        return replace(answer, citations=held)

    def languages(self) -> dict[str, int]:
        """Documents of the active build by language; counted once for each build."""
        index = self.engine.index
        if index is None:
            return {}
        if self._languages is None or self._languages[0] != index.build_id:
            counted = Counter(str(document.lang) for document in index.documents())
            self._languages = (index.build_id, dict(sorted(counted.items())))
        return self._languages[1]

    def suggested(self) -> list[tuple[Literal["es", "en"], str]]:
        """Questions drawn from the active build, ``(language, question)``; looked for once for each build."""
        index = self.engine.index
        if index is None:
            return []
        if self._suggested is None or self._suggested[0] != index.build_id:
            self._suggested = (index.build_id, suggested(self.engine))
        return self._suggested[1]


def _holds(index: Searchable, doc_id: str, words: str) -> bool:
    try:
        return words in index.document(doc_id).text
    except UnknownDocumentError:
        return False


def _sources(index: Searchable) -> dict[str, Source]:
    return {source.doc_id: source for source in index.manifest.sources}


def service_of(request: Request) -> Service:
    """The service that a request came to."""
    return cast(Service, request.app.state.service)


def request_id_of(request: Request) -> str:
    """The id that the gate gave to a request."""
    return cast(str, request.state.request_id)


def lang_of(request: Request) -> UiLang:
    """The language of messages that the gate chose for a request."""
    return cast(UiLang, request.state.lang)


# Dependencies that are plain functions run in the thread pool, where they would wait for a free
# thread behind the very questions that are being counted: so they are coroutines.
async def _service(request: Request) -> Service:
    return service_of(request)


async def _request_id(request: Request) -> str:
    return request_id_of(request)


async def _lang(request: Request) -> UiLang:
    return lang_of(request)


TheService = Annotated[Service, Depends(_service)]
RequestId = Annotated[str, Depends(_request_id)]
UiLanguage = Annotated[UiLang, Depends(_lang)]


async def _place(service: TheService) -> AsyncIterator[None]:
    service.places.take()
    service.metrics.in_flight(service.places.taken)
    try:
        yield
    finally:
        service.places.leave()
        service.metrics.in_flight(service.places.taken)


Place = Annotated[None, Depends(_place)]
"""A place among the questions in flight, until the response (a stream too) has been sent."""
