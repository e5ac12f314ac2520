"""From a request to an answer, the same way for every door: in the threads for questions, counted, remembered for feedback.

Encoding a question is CPU work and belongs in a thread, never on the event loop; which thread and when, the places say
(see :class:`api.service.Places`).
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Iterator
from typing import TypeVar

from api.audit import note
from api.problems import problem_code
from api.service import Service
from corpus.document import FuenteError, NoIndexError
from qa.engine import Answer, Answering, Query, SearchOptions, SearchResult

Result = TypeVar("Result")

STREAM_HEADERS = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}

_ERRORS = logging.getLogger("fuente.errors")


async def answer_of(
    service: Service,
    query: Query,
    options: SearchOptions,
    request_id: str,
    render: Callable[[Answer], Result],
) -> Result:
    """The answer to a question as ``render`` writes it, in the thread in which it was found."""

    def finish(steps: Answering) -> Result:
        return render(answered(service, steps, request_id))

    _note(service, query)
    if not service.engine.composer.waits:
        return await service.places.work(lambda: finish(_asked(service, query, options)))
    steps = await begun(service, query, options)
    await service.places.work(steps.select)
    return await service.places.wait(finish, steps)


async def begun(service: Service, query: Query, options: SearchOptions) -> Answering:
    """An answer whose passages are found. What is wrong with a question shows here, before a response begins."""
    _note(service, query)
    return await service.places.work(_asked, service, query, options)


def _asked(service: Service, query: Query, options: SearchOptions) -> Answering:
    """The answer in the making; where nothing has been built since there is no document, that is the answer."""
    try:
        return service.engine.ask_in_steps(query, options)
    except NoIndexError:
        if _has_documents(service):
            raise
        return service.engine.ask_without_documents(query)


def _has_documents(service: Service) -> bool:
    """Whether there are documents that could be built, or nobody can tell."""
    if service.storage.problem() is not None:
        return True
    there = service.library.scan(None)
    return bool(there.sources or there.skipped)


def _note(service: Service, query: Query) -> None:
    """Have the log hold the question, where the owner wants that."""
    if service.settings.log_questions == "yes":
        note(question=query.text)


async def written(
    service: Service,
    steps: Answering,
    parts: Iterator[bytes],
    failed: Callable[[Exception], bytes],
    request_id: str,
) -> AsyncIterator[bytes]:
    """The ``parts`` of a stream as a door writes them, which takes the answer out of ``steps`` on the way.

    The status line is gone; what goes wrong can only be told inside the stream, as ``failed`` says it.
    """
    try:
        # What is known already need not wait for the answer
        yield await service.places.work(next, parts)
        if steps.waits:
            await service.places.work(steps.select)
            while (part := await service.places.wait(next, parts, None)) is not None:
                yield part
        else:
            for part in await service.places.work(list, parts):
                yield part
    except Exception as error:
        if not isinstance(error, FuenteError) or problem_code(error) == "internal_error":
            _ERRORS.exception("stream failed", extra={"fields": {"request_id": request_id}})
        yield failed(error)


def answered(service: Service, steps: Answering, request_id: str) -> Answer:
    """The whole answer, counted and remembered."""
    answer = steps.answer()
    service.metrics.question("ask", answer.question.lang, answer.status, service.name)
    service.metrics.index(answer.missing, answer.trips, service.name)
    service.answers.keep(request_id, answer)
    # Who wants an answer explained has asked the question before
    if answer.trace is None:
        service.asked.write(answer, request_id)
    return answer


def found(service: Service, query: Query, options: SearchOptions) -> SearchResult:
    """The passages for a question, counted; blocking."""
    _note(service, query)
    try:
        result = service.engine.search(query, options)
    except NoIndexError:
        if _has_documents(service):
            raise
        result = service.engine.ask_without_documents(query).result
    outcome = "found" if result.hits else "empty"
    service.metrics.question("search", result.question.lang, outcome, service.name)
    service.metrics.index(result.missing, result.trips, service.name)
    return result


def share(service: Service, score: float) -> float:
    """The score of a passage as a share of the highest that there can be, 0..1."""
    return round(min(1.0, max(0.0, score / service.engine.best_score)), 4)
