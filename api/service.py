"""What the endpoints share: engine, documents folder, jobs, counters, free places."""

from __future__ import annotations

import threading
import time
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, cast

import anyio.to_thread
from fastapi import Depends, Request

from api.asked import AskedQuestions
from api.collections import DEFAULT, Catalogue, PutAway
from api.feedback import Feedback
from api.jobs import Jobs
from api.keys import KeyStore
from api.links import Links
from api.messages import UiLang
from api.metrics import Metrics
from api.moves import Moves
from api.pages import Pages
from api.places import CALLER, Places
from api.settings import Settings
from api.storage import Storage
from corpus.collection import Documents, Scan
from corpus.document import (
    IndexReadOnlyError,
    Lang,
    Source,
    UnknownCollectionError,
    UnknownDocumentError,
)
from index.encoder import Encoder
from index.reader import Reader
from index.searchable import Searchable
from qa.engine import Answer, Engine, Query
from qa.evaluation.decided import Decisions
from qa.suggest import Suggestions, suggested

SUGGESTED = 4
"""Questions in each language that a collection suggests."""

WISHES_S = 1.0
"""Seconds that go into trying the questions which the owner wrote, at once."""


class Library:
    """The documents as last looked at; a file that did not change is not read again."""

    LARGE = 1_000
    """Files from which on one look serves for a while: 20,000 take half a second to look at."""

    WHILE_S = 3.0
    """The while, at least; no more than a sixth of the time goes into looking."""

    def __init__(
        self, collection: Documents, storage: Storage, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.collection = collection
        self._storage = storage
        self._clock = clock
        self._known: dict[str, Source] = {}
        self._last: Scan | None = None
        self._until = 0.0
        self._lock = threading.Lock()

    def scan(self, index: Searchable | None) -> Scan:
        """The folder now; a large one as it was a while ago, if it was not changed through here.

        The build's own list saves reading what it has seen already, and stands for the folder while its disk is away.
        """
        if self._storage.problem() is not None:
            return Scan(tuple(_sources(index).values()) if index else (), ())
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
    """One collection being served; settings, encoder, reader, counters and places are those of all collections.

    ``data`` is the collection's own data directory. ``links`` are paths, for the page and programs at the same address;
    :func:`links_for` gives whole addresses.
    """

    name: str
    data: Path
    settings: Settings
    engine: Engine
    encoder: Encoder
    library: Library
    pages: Pages
    jobs: Jobs
    metrics: Metrics
    places: Places
    links: Links
    storage: Storage
    feedback: Feedback
    asked: AskedQuestions
    decisions: Decisions
    moves: Moves
    reader: Reader | None = None
    answers: RatedAnswers = field(default_factory=RatedAnswers)
    shelf: object = None
    """The documents as they were listed last, for whoever lists them."""

    told: set[str] = field(default_factory=set)
    _languages: tuple[str, dict[str, int]] | None = None
    _suggestions: Suggestions | None = None
    _searching: threading.Lock = field(default_factory=threading.Lock)
    _wishes: tuple[str, dict[tuple[Lang, str], bool]] | None = None

    def close(self) -> None:
        """Stop its builds, keep what waits to be kept, and let go of what is kept open, but for its index."""
        self.jobs.close()
        self.asked.close()
        self.moves.close()

    def present_id(self, doc_id: str) -> str:
        """The id that answers know a document by: its own, or another one if it was moved since the id was given out."""
        moved = self.moves.now(doc_id)
        index = self.engine.index
        if moved is None or index is None:
            return doc_id
        return doc_id if any(one.doc_id == doc_id for one in index.documents()) else moved

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

    def suggested(self) -> list[tuple[Lang, str]]:
        """Questions drawn from the active build, ``(language, question)``.

        Each call goes on with the search for half a second until it is through; one at a time, the others get what there is.
        """
        index = self.engine.index
        if index is None:
            return []
        if self._suggestions is None or self._suggestions.build_id != index.build_id:
            self._suggestions = Suggestions(self.engine)
        so_far = self._suggestions
        if not self._searching.acquire(blocking=False):
            return so_far.best(SUGGESTED)
        try:
            return suggested(self.engine, SUGGESTED, so_far=so_far)
        finally:
            self._searching.release()

    def answered(self, wishes: Sequence[tuple[Lang, str]]) -> list[tuple[Lang, str]]:
        """Those of the questions that the active build answers; one that there is no time for stays, and is asked next time."""
        index = self.engine.index
        if index is None:
            return list(wishes)
        if self._wishes is None or self._wishes[0] != index.build_id:
            self._wishes = (index.build_id, {})
        known, end = self._wishes[1], time.monotonic() + WISHES_S
        for lang, question in wishes:
            if (lang, question) not in known and time.monotonic() < end:
                answer = self.engine.ask(Query(question, lang))
                if answer.missing:
                    break
                known[lang, question] = answer.status == "answered"
        return [wish for wish in wishes if known.get(wish, True)]


def _holds(index: Searchable, doc_id: str, words: str) -> bool:
    try:
        return words in index.document(doc_id, blocks=False).text
    except UnknownDocumentError:
        return False


def _sources(index: Searchable) -> dict[str, Source]:
    return {source.doc_id: source for source in index.manifest.sources}


class Collections:
    """The collections of a ``catalogue``, each opened when it is first asked for.

    ``first`` is ``default``, which is always open; ``open_one`` opens another one by its name and data directory.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        first: Service,
        open_one: Callable[[str, Path], Service],
        keys: KeyStore,
    ) -> None:
        self.catalogue = catalogue
        self._keys = keys
        self.first = first
        self._open_one = open_one
        self._opened: dict[str, tuple[object, Service]] = {}
        self._lock = threading.Lock()
        # the first look at a server is here, where no request waits for it
        catalogue.identity(DEFAULT)

    def opened(self, name: str) -> Service | None:
        """The collection, if it is open and still there. Never waits for long."""
        if name == DEFAULT:
            return self.first
        identity, service = self._opened.get(name, (None, None))
        return None if service is None or self._is_removed(name, identity) else service

    def _is_removed(self, name: str, identity: object) -> bool:
        """Whether a collection is gone; where the disk with all of them is away, they go on being read."""
        there = self.catalogue.identity(name)
        return there != identity and self.first.storage.problem() is None

    def get(self, name: str) -> Service:
        """The collection, opened now unless it was.

        :raises UnknownCollectionError: when there is none of that name.
        """
        with self._lock:
            service = self.opened(name)
            if service is None:
                folder = self.catalogue.folder_of(name)
                identity = self.catalogue.identity(name)
                service = self._open_one(name, folder)
                self._opened[name] = identity, service
            return service

    def unnamed(self) -> str:
        """The collection that a question is about which names none."""
        return DEFAULT if self.first.engine.index is not None else self.catalogue.unnamed()

    def served(self) -> list[Service]:
        """Those that are open."""
        with self._lock:
            there = map(self.opened, self._opened)
            return [self.first, *(service for service in there if service is not None)]

    def delete(self, name: str) -> None:
        """Remove a collection. What builds in it is stopped; questions under way are answered.

        :raises CollectionError: for ``default``, UnknownCollectionError when there is none of that name.
        """
        self._let_go(name)
        self.catalogue.delete(name)

    def put_away(self, name: str) -> PutAway:
        """Remove a collection so that it can be put back for an hour; errors as :meth:`delete`."""
        self._let_go(name)
        return self.catalogue.put_away(name)

    def rename(self, name: str, new: str) -> None:
        """Give a collection another name, which its keys follow. What builds in it is stopped.

        :raises CollectionError: for ``default`` or a name that cannot be, CollectionExistsError for one that is there,
            UnknownCollectionError when there is none of the old name.
        """
        self._let_go(name)
        self.catalogue.rename(name, new)
        self._keys.follow_rename(name, new)

    def _let_go(self, name: str) -> None:
        with self._lock:
            _, service = self._opened.pop(name, (None, None))
        if service is not None:
            service.close()

    def reload(self) -> bool:
        """Take new builds, and let go of collections that another process removed; True when there was one to take."""
        with self._lock:
            gone = [name for name in self._opened if self.opened(name) is None]
            left = [self._opened.pop(name) for name in gone]
        for _, service in left:
            service.close()
        self.catalogue.forget()
        for service in self.served():
            service.storage.problem()
        taken = any([service.engine.reload() for service in self.served()])
        for service in self.served():
            service.jobs.look()
        return taken

    def close(self) -> None:
        """Stop the builds of all, and close all but the first, which was given."""
        self.first.close()
        with self._lock:
            services, self._opened = list(self._opened.values()), {}
        for _, service in services:
            service.close()
            service.engine.close()


def collections_of(request: Request) -> Collections:
    """The collections that a request may be about."""
    return cast(Collections, request.app.state.collections)


async def service_of(request: Request) -> Service:
    """The collection that a request is about.

    :raises UnknownCollectionError: when there is none of the name in its address.
    """
    collections, name = collections_of(request), request.state.collection
    service = collections.opened(name)
    if service is None:
        # Opening reads files
        service = await anyio.to_thread.run_sync(collections.get, name)
    request.state.served = name
    return service


async def service_named(request: Request, name: str) -> Service:
    """A collection that is named in the body of a request; its key must hold there.

    :raises UnknownCollectionError: when there is none of that name, or the key knows of none.
    """
    allowed: set[str] | None = request.state.collections
    if allowed is not None and name not in allowed:
        raise UnknownCollectionError(f"there is no collection {name[:100]!r} for this key")
    request.state.collection = name
    return await service_of(request)


def links_for(request: Request, service: Service) -> Links:
    """The links of a collection as whole addresses, for whoever shows them somewhere else."""
    return replace(service.links, root=request.state.base)


def request_id_of(request: Request) -> str:
    """The id that the gate gave to a request."""
    return cast(str, request.state.request_id)


def lang_of(request: Request) -> UiLang:
    """The language of messages that the gate chose for a request."""
    return cast(UiLang, request.state.lang)


# Dependencies that are plain functions run in the thread pool, where they would wait for a free
# thread behind the very questions that are being counted: so they are coroutines.
async def _collections(request: Request) -> Collections:
    return collections_of(request)


async def _request_id(request: Request) -> str:
    return request_id_of(request)


async def _lang(request: Request) -> UiLang:
    return lang_of(request)


TheService = Annotated[Service, Depends(service_of)]
AllCollections = Annotated[Collections, Depends(_collections)]
RequestId = Annotated[str, Depends(_request_id)]
UiLanguage = Annotated[UiLang, Depends(_lang)]


@contextmanager
def placed(service: Service) -> Iterator[None]:
    """A place among the questions in flight; raises ProblemError overloaded when there is none."""
    caller = CALLER.get()
    service.places.take(caller)
    service.metrics.in_flight(service.places.taken)
    try:
        yield
    finally:
        service.places.leave(caller)
        service.metrics.in_flight(service.places.taken)


async def take_place(service: TheService) -> AsyncIterator[None]:
    """Holds a place as long as the request lasts."""
    with placed(service):
        yield


def _writable(service: TheService) -> None:
    service.storage.check()


def _buildable(service: TheService) -> None:
    kept_here = service.settings.documents == "folder"
    if service.settings.index and kept_here and not (service.data / "documents").is_dir():
        raise IndexReadOnlyError(
            "the documents of this index are kept on another host; expected a folder 'documents' in the data directory here: "
            "change them and build where they are"
        )
    service.storage.check()


def _local(service: TheService) -> None:
    if service.settings.index and service.settings.documents == "folder":
        raise IndexReadOnlyError(
            "the index is kept outside of the data directory; expected one in it: make, rename and delete collections with "
            "`fuente collections` where the documents are, then run `fuente build` there"
        )
    service.storage.check()


def _switchable(service: TheService) -> None:
    if not service.settings.index:
        service.storage.check()


Writable = Depends(_writable)
"""For routes that write: refuses with storage_unavailable where the data directory is away. It looks at the disk, in a
thread."""

Buildable = Depends(_buildable)
"""For routes that change documents or make builds: refuses with index_read_only where the documents are on another host."""

Local = Depends(_local)
"""For routes that change collections: refuses with index_read_only where the index is kept somewhere else without the documents."""

Switchable = Depends(_switchable)
"""For routes that choose a build: refuses with storage_unavailable where the data directory with the builds is away."""

Place = Annotated[None, Depends(take_place)]
"""A place among the questions in flight, until the response (a stream too) has been sent."""
