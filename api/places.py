"""The questions in flight: how many there may be, whose turn it is, and how long those who are refused should wait."""

from __future__ import annotations

import asyncio
import math
import threading
import time
from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import ContextVar, copy_context
from functools import partial
from typing import Any, Final, TypeVar, TypeVarTuple

from api.problems import ProblemError

Given = TypeVarTuple("Given")
Result = TypeVar("Result")

# While one question is in the encoder or in FAISS, which let go of the interpreter, another has it;
# a third one only makes the two lose time over who goes next. Answers a second on two cores, with
# one thread 175, two 260, four 205, eight 200.
AT_ONCE: Final = 2

CALLER: ContextVar[str] = ContextVar("caller", default="")
"""Who asks: a key, or an address. The gate sets it for each request."""

# So many of the places are kept for callers who hold none, once there are enough to share.
_SHARED_FROM: Final = 8
_KEPT_SHARE: Final = 4
_LONGEST_WAIT_S: Final = 60
_WEIGHT_OF_LAST: Final = 0.1


class Places:
    """The questions in flight, ``AT_ONCE`` of them being worked on, the others waiting their turn, caller by caller.

    Counted on the event loop, before a thread is asked for: a full thread pool must not hide that
    there are too many. One caller cannot have all of many places.
    """

    def __init__(self, limit: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.limit = limit
        self.taken = 0
        self._clock = clock
        self._of: Counter[str] = Counter()
        self._kept = limit // _KEPT_SHARE if limit >= _SHARED_FROM else 0
        self._turns = _Turns()
        self._step_s = 0.1
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="question")
        # As many as there may be questions: each is idle until others have answered
        self._waiting = ThreadPoolExecutor(limit, thread_name_prefix="waiting")

    async def work(self, function: Callable[[*Given], Result], *given: *Given) -> Result:
        """What the function gives, run in a thread when its turn comes: callers take turns, each in the order of its calls.

        Who waits holds no thread, so that uploads and listings find one; and a thread takes the next
        by itself, without waiting for the event loop to hand it over.
        """
        result = self._turns.add(CALLER.get(), partial(copy_context().run, function, *given))
        self._threads.submit(self._take_turn)
        return await asyncio.wrap_future(result)

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

    def check(self, caller: str) -> None:
        """Nothing when there is a place for the caller.

        :raises ProblemError: overloaded, with the time after which there should be one.
        """
        n_theirs = self.limit - (self._kept if self._of[caller] else 0)
        if self.taken >= n_theirs:
            raise ProblemError(
                "overloaded",
                "in_flight",
                {"taken": self.taken, "limit": self.limit},
                headers={"Retry-After": str(self.retry_after_s)},
            )

    def take(self, caller: str = "") -> None:
        """Takes a place; errors as :meth:`check`."""
        self.check(caller)
        self.taken += 1
        self._of[caller] += 1

    def leave(self, caller: str = "") -> None:
        """Gives the place back."""
        self.taken -= 1
        self._of[caller] -= 1
        if not self._of[caller]:
            del self._of[caller]

    @property
    def retry_after_s(self) -> int:
        """Until those in flight are answered, by what the last ones took."""
        return min(_LONGEST_WAIT_S, max(1, math.ceil(self.taken * self._step_s / AT_ONCE)))

    def _take_turn(self) -> None:
        result, function = self._turns.next()
        if not result.set_running_or_notify_cancel():
            return  # nobody waits for it any more
        began = self._clock()
        try:
            found = function()
        except BaseException as error:
            self._took(began)
            result.set_exception(error)
        else:
            self._took(began)
            result.set_result(found)

    def _took(self, began: float) -> None:
        # Threads may lose a measurement to each other; the mean does not mind
        self._step_s += _WEIGHT_OF_LAST * (self._clock() - began - self._step_s)


_Work = tuple["Future[Any]", Callable[[], Any]]


class _Turns:
    """What waits, by caller; the callers take turns."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: OrderedDict[str, deque[_Work]] = OrderedDict()

    def add(self, caller: str, function: Callable[[], Result]) -> Future[Result]:
        """Put at the end of the caller's own queue."""
        result: Future[Result] = Future()
        with self._lock:
            self._waiting.setdefault(caller, deque()).append((result, function))
        return result

    def next(self) -> _Work:
        """The first of the caller whose turn it is."""
        with self._lock:
            caller, queue = self._waiting.popitem(last=False)
            work = queue.popleft()
            if queue:
                self._waiting[caller] = queue
            return work
