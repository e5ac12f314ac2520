"""What a collection would be with files that have not been copied into it: a build can be tried with them."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from corpus.collection import Collection, Readable, Scan, read_source
from corpus.document import Source


class Planned:
    """The documents of a collection and, by doc_id, files that would be added to them or stand in the place of some. Where these are
    read they stand in ``work`` for so long, which a build makes."""

    def __init__(self, documents: Readable, added: Mapping[str, Path], work: Path) -> None:
        self._documents = documents
        self._added = added
        self._work = work

    @property
    def place(self) -> str:
        """That of the collection."""
        return self._documents.place

    def expect(self, n: int, *, may_be_gone: bool) -> None:
        """As of the collection."""
        self._documents.expect(n, may_be_gone=may_be_gone)

    def scan(
        self,
        known: Mapping[str, Source] | None = None,
        waiting: Callable[[], None] = lambda: None,
    ) -> Scan:
        """See :meth:`corpus.collection.Collection.scan`."""
        there = self._documents.scan(known, waiting)
        found = [read_source(path, doc_id, None, waiting) for doc_id, path in self._added.items()]
        sources = [one for one in there.sources if one.doc_id not in self._added]
        skipped = [one for one in there.skipped if one.doc_id not in self._added]
        for one in found:
            if isinstance(one, Source):
                sources.append(one)
            else:
                skipped.append(one)
        return Scan(
            tuple(sorted(sources, key=lambda one: one.doc_id)),
            tuple(sorted(skipped, key=lambda one: (one.doc_id, one.reason))),
        )

    @contextlib.contextmanager
    def here(self, doc_ids: Sequence[str]) -> Iterator[Collection]:
        """A folder with those documents and files."""
        kept = [doc_id for doc_id in doc_ids if doc_id not in self._added]
        with (
            self._documents.here(kept) as there,
            tempfile.TemporaryDirectory(dir=self._work, prefix=".", suffix=".partial") as folder,
        ):
            lacking = dict(there.lacking)
            found = Collection(Path(folder))
            for doc_id in doc_ids:
                if doc_id in lacking:
                    continue
                own = self._added.get(doc_id) or there.path_of(doc_id)
                try:
                    _stand_in(own, found.path_of(doc_id))
                except OSError as error:
                    lacking[doc_id] = f"it cannot be read ({error.strerror})"
            yield Collection(found.documents, lacking)


def _stand_in(path: Path, target: Path) -> None:
    """Makes a file stand at another place as well, of the same bytes on the disk where that is one disk."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(path.resolve(), target)
    except OSError:
        shutil.copyfile(path, target)
