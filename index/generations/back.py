"""The way back: a generation in an engine, written as a build of a data directory.

It is written in segments of some passages. Run again after it was cut short, it goes on after the last that is whole.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import numpy as np

from corpus.document import Document
from index.encoding.passages import passage_keys, pieces
from index.generations.searched import GenerationIndex
from index.local.build import (
    Progress,
    check_build,
    fsync_file,
    keep_here,
    unwritten,
    write_own_segment,
)
from index.local.manifest import BuildLayout, Manifest, SegmentFacts
from index.local.store import Index, activate, build_lock, fsync_folder
from index.searchable import DocumentInfo

# A segment more costs each question some time, and one that is cut short is written from its beginning.
_SEGMENT_PASSAGES = 100_000
# So many are asked of the server at once, some 5 kB each.
_AT_ONCE = 500


def bring(index: GenerationIndex, data: Path, progress: Callable[[Progress], None]) -> bool:
    """Make a generation the active build of a data directory, under the id that it has; False where it was there already and had
    only to be activated. ``progress`` is told where it stands, in documents. The files that the documents were made
    of are not in the server, so a later build there needs its folder ``documents``.

    :raises IndexUnavailableError: when the server does not answer; what was written is kept for the next time.
    :raises BuildRunningError: when another process builds in the directory.
    :raises StorageError, StoreError: when the build cannot be written.
    """
    try:
        data.mkdir(parents=True, exist_ok=True)
        with build_lock(data):
            is_new = not (data / "builds" / index.build_id).exists()
            if is_new:
                _write(index, data, progress)
        if not is_new:
            activate(data, index.build_id)
    except (OSError, sqlite3.Error) as error:
        raise unwritten(data, error, "fuente migrate") from error
    return is_new


def _write(index: GenerationIndex, data: Path, progress: Callable[[Progress], None]) -> None:
    facts, infos = index.manifest, index.documents()
    layout = BuildLayout(data / "builds" / f".{index.build_id}.partial")
    layout.folder.mkdir(exist_ok=True)
    segments, done = [], 0
    shares = list(_shares(infos, _SEGMENT_PASSAGES))
    for number, share in enumerate(shares):
        name = index.build_id if len(shares) == 1 else f"{index.build_id}-part{number}"
        told = f"{name}:{[(info.doc_id, info.n_passages) for info in share]}"
        note = layout.folder / f".{name}.json"
        known = _noted(note, told)
        if known is None:
            shutil.rmtree(layout.segment(name).folder, ignore_errors=True)

            def step(n: int, before: int = done) -> None:
                progress(Progress("write", before + n, len(infos)))

            known = _segment(index, layout, name, share, step)
            _note(note, told, known)
        segments.append(known)
        done += len(share)
        progress(Progress("write", done, len(infos)))
    Manifest(
        format=facts.format,
        build_id=facts.build_id,
        created_at=facts.created_at,
        encoder=facts.encoder,
        splitting=facts.splitting,
        n_documents=facts.n_documents,
        n_passages=facts.n_passages,
        languages=facts.languages,
        sources=facts.sources,
        skipped=facts.skipped,
        segments=tuple(segments),
        probe=facts.probe,
        packs=facts.packs,
        reading=facts.reading,
    ).write(layout.manifest)
    for note in layout.folder.glob(".*.json"):
        note.unlink()
    fsync_file(layout.manifest)
    fsync_folder(layout.folder)
    with closing(Index.open_folder(layout)) as made:
        check_build(made, lambda: None)
        keep_here(data, made)


def _shares(infos: Sequence[DocumentInfo], most: int) -> Iterator[Sequence[DocumentInfo]]:
    """Documents in their order, as many together as have at most so many passages, or one that has more; none together where
    there are none."""
    share: list[DocumentInfo] = []
    n = 0
    for info in infos:
        if share and n + info.n_passages > most:
            yield share
            share, n = [], 0
        share.append(info)
        n += info.n_passages
    yield share


def _segment(
    index: GenerationIndex,
    layout: BuildLayout,
    name: str,
    share: Sequence[DocumentInfo],
    step: Callable[[int], None],
) -> SegmentFacts:
    documents: list[Document] = []
    passages, codes = [], []
    vectors = [np.zeros((0, index.manifest.encoder.dim), dtype=np.float32)]
    for some in _shares(share, _AT_ONCE):
        step(len(documents))
        documents += [index.document(info.doc_id) for info in some]
        rows = [row for info in some for row in index.passages_of(info.doc_id)]
        # a long document has more of them than are asked for at once
        for few in pieces(rows, _AT_ONCE):
            held, found = index.stored(few)
            passages += [one.place.passage for one in held]
            codes += [one.codes for one in held]
            vectors.append(found)
    keys = passage_keys(index.manifest.encoder, passages)
    return write_own_segment(
        layout, name, documents, passages, keys, np.concatenate(vectors), codes
    )


def _note(path: Path, told: str, segment: SegmentFacts) -> None:
    """Say that a segment is whole, and of which documents."""
    partial = path.with_suffix(".partial")
    of = hashlib.sha256(told.encode()).hexdigest()
    partial.write_text(json.dumps({"of": of, "segment": asdict(segment)}), "utf-8")
    fsync_file(partial)
    os.replace(partial, path)


def _noted(path: Path, told: str) -> SegmentFacts | None:
    """The segment that was written, None where it was not, or of other documents."""
    try:
        found = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return None
    if found["of"] != hashlib.sha256(told.encode()).hexdigest():
        return None
    known = found["segment"]
    files = {name: (str(digest), int(size)) for name, (digest, size) in known["files"].items()}
    return SegmentFacts(known["segment_id"], known["n_passages"], (), files)
