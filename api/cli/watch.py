"""Following the documents folder: a build now, and again whenever something in it has changed."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from api.messages import UiLang, say, told
from corpus.document import BuildRunningError, CorpusError, FuenteError

# Files come in bursts: a build begins when nothing has changed for half a second, or after ten.
_QUIET_MS: Final = 500
_BURST_MS: Final = 10_000
_LOOK_MS: Final = 500
_AGAIN_S: Final = 60.0


def follow(
    documents: Path,
    build: Callable[[], None],
    tell: Callable[[str], None],
    lang: UiLang,
    clock: Callable[[], float] = time.monotonic,
) -> None:
    """Build now, and again whenever something below ``documents`` has changed, until interrupted.

    A failure is said in one line, and not again while it stays the same; it is tried again after a
    minute or at the next change, and as soon as another process that was building has ended.

    :raises CorpusError: when the folder cannot be followed.
    """
    said, again_at = "", math.inf
    is_first = True
    for has_changed in _changes(documents):
        if not has_changed and clock() < again_at:
            continue
        problem, again_at = "", math.inf
        try:
            build()
        except BuildRunningError:
            problem, again_at = say(lang, "build.other_builds"), clock()
        except FuenteError as error:
            problem, again_at = told(error, lang), clock() + _AGAIN_S
        if problem and problem != said:
            tell(problem)
        said = problem
        if is_first:
            tell(say(lang, "build.watching", folder=documents))
            is_first = False


def _changes(documents: Path) -> Iterator[bool]:
    """True when something may have changed, first of all at once; False now and then meanwhile."""
    from watchfiles import Change, watch

    top = os.path.abspath(documents)

    def is_visible(_: Change, path: str) -> bool:
        # As in a scan; also what Collection.put writes before it has its name.
        return f"{os.sep}." not in path[len(top) :]

    # None: as the system allows and WATCHFILES_FORCE_POLLING says.
    polling: bool | None = None
    if not documents.exists():
        documents.mkdir(parents=True)
    while True:
        is_first = True
        if not documents.exists():
            # Its disk is away: to make the folder anew would look as if all documents had been removed
            time.sleep(_LOOK_MS / 1000)
            yield False
            continue
        try:
            if not documents.is_dir():
                raise NotADirectoryError(f"it is no folder: {documents}")
            watched = os.stat(top).st_ino
            for changes in watch(
                top,
                watch_filter=is_visible,
                debounce=_BURST_MS,
                step=_QUIET_MS,
                rust_timeout=_LOOK_MS,
                yield_on_timeout=True,
                force_polling=polling,
            ):
                yield bool(changes) or is_first
                is_first = False
                if not os.path.exists(top) or os.stat(top).st_ino != watched:
                    break  # another folder stands there now, which nobody watches
        except (OSError, RuntimeError) as error:
            # More folders than the system lets one watch; looking at each file still works.
            if polling:
                raise CorpusError(
                    f"the folder {documents} cannot be followed ({error}); run `fuente build` instead"
                ) from error
            polling = True
