"""What came of units, kept in :mod:`index.objects` until their build serves: who begins one again, on whatever host, takes it from there.

A result is one object with its own checksum before it, named by the hash of all that decides it. One that is not whole is made again.
"""

from __future__ import annotations

import hashlib
import io
import pickle
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, is_dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from corpus.document import EncoderError, MissingExtraError
from index.objects import Objects

if TYPE_CHECKING:
    from index.encoding.units import Lasting

_SUM_BYTES: Final = 32
_REMOVED_AT_ONCE: Final = 16


@dataclass(frozen=True, slots=True)
class Kept:
    """A unit that is run only if what came of it is not at a URL yet, under its name: a :class:`index.encoding.units.Unit`."""

    url: str
    name: str
    unit: Lasting

    @property
    def size(self) -> int:
        """See :class:`index.encoding.units.Unit`."""
        return self.unit.size

    def run(self) -> bytes:
        """See :class:`index.encoding.units.Unit`; StorageError when what is kept cannot be had."""
        objects = kept_at(self.url)
        try:
            kept = objects.get(self.name)
        except MissingExtraError as error:
            # of this node; the error itself could not be sent to where the build is
            raise EncoderError(str(error)) from error
        if kept is not None and hashlib.sha256(kept[_SUM_BYTES:]).digest() == kept[:_SUM_BYTES]:
            return kept[_SUM_BYTES:]
        made = self.unit.run()
        if self.unit.is_lasting(made):
            objects.put(self.name, hashlib.sha256(made).digest() + made)
        return made


@lru_cache(maxsize=1)
def kept_at(url: str) -> Objects:
    """Where results are kept."""
    return Objects(url, "FUENTE_RESULTS")


def remove(url: str, names: Iterable[str]) -> None:
    """Take results away; errors as :meth:`index.objects.Objects.remove`."""
    with ThreadPoolExecutor(_REMOVED_AT_ONCE, thread_name_prefix="results") as threads:
        list(threads.map(kept_at(url).remove, names))


def loads(made: bytes) -> Any:
    """What a unit pickled. It comes from elsewhere: nothing in it is called but what results are made of.

    :raises EncoderError: when it is anything else.
    """
    try:
        return _Results(io.BytesIO(made)).load()
    except Exception as error:  # of many kinds, as pickle says
        raise EncoderError(
            f"what came of some files or passages is nothing that a unit of a build says ({type(error).__name__}); "
            "expected what this program wrote: see who can write to FUENTE_RESULTS, empty it, and build again"
        ) from error


_ARRAYS: Final = {
    ("numpy", "dtype"),
    ("numpy", "ndarray"),
    ("numpy._core.numeric", "_frombuffer"),
    ("numpy._core.multiarray", "_reconstruct"),
}
_OURS: Final = {"corpus.document", "index.part", "index.sentences", "index.tokens"}


class _Results(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in _ARRAYS:
            return super().find_class(module, name)
        if module in _OURS and "." not in name:
            found = super().find_class(module, name)
            if isinstance(found, type) and is_dataclass(found):
                return found
        raise pickle.UnpicklingError(f"{module}.{name}")
