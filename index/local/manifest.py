"""What a build says about itself, and every file name of the on-disk format."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from corpus.document import DamagedIndexError, IncompatibleIndexError, Skipped, Source
from corpus.split import Splitting
from corpus.storage import read_small
from index.compatibility import FORMAT
from index.encoder import EncoderCard
from index.legs import LEG_PARTS
from index.local.parts import PARTS
from index.part import Part

VECTOR_FORMATS = (4, 5, 6)
"""Formats whose vectors a new build can take over."""

_MAX_BYTES = 2**31


@dataclass(frozen=True, slots=True)
class SegmentLayout:
    """Paths of one segment's files."""

    folder: Path

    @property
    def documents(self) -> Path:
        """SQLite: parsed texts, and passages as offsets into them."""
        return self.folder / "documents.sqlite"

    def files(self, kinds: Sequence[type[Part]] = PARTS) -> list[Path]:
        """Every file, with those of the parts of these ``kinds``."""
        names = [name for kind in kinds for name in kind.file_names()]
        return [self.documents, *(self.folder / n for n in names)]


@dataclass(frozen=True, slots=True)
class BuildLayout:
    """Paths of one build: its manifest, and a folder for each segment. Builds share the files of the segments that they
    have in common (hard links), so any build can be removed without a thought for the others."""

    folder: Path

    @property
    def manifest(self) -> Path:
        """What the build is made of; written last."""
        return self.folder / "manifest.json"

    def segment(self, segment_id: str) -> SegmentLayout:
        """Where a segment's files are."""
        return SegmentLayout(self.folder / segment_id)


@dataclass(frozen=True, slots=True)
class SegmentFacts:
    """One segment of a build: ``n_passages`` in its files, the documents among them that were replaced or removed since
    (``gone``, ids in order), and each file's sha256 and size in bytes."""

    segment_id: str
    n_passages: int
    gone: tuple[str, ...]
    files: dict[str, tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything needed to reproduce, check and refuse a build.

    ``n_documents``, ``n_passages`` and ``languages`` (passages by language) are without what is gone. ``probe`` holds the
    encoder's rounded vectors of a fixed Spanish and a fixed English sentence: another model behind the same name gives
    other ones. ``packs`` are the languages that texts were told apart into, in the order in which they are numbered. ``reading`` is
    :func:`corpus.reading.reading_mark` when its documents were read, empty in builds from before it was kept.
    """

    format: int
    build_id: str
    created_at: str
    encoder: EncoderCard
    splitting: Splitting
    n_documents: int
    n_passages: int
    languages: dict[str, int]
    sources: tuple[Source, ...]
    skipped: tuple[Skipped, ...]
    segments: tuple[SegmentFacts, ...]
    probe: tuple[tuple[float, ...], ...]
    packs: tuple[str, ...] = ("es", "en")
    reading: str = ""

    @property
    def lacking(self) -> tuple[type[Part], ...]:
        """The kinds of parts that came with a leg after the build was made."""
        listed = [part.files for part in self.segments]
        return tuple(
            kind
            for kind in LEG_PARTS
            if any(not files.keys() & kind.file_names() for files in listed)
        )

    @property
    def size_bytes(self) -> int:
        """Bytes of all segments' files."""
        return sum(size for part in self.segments for _, size in part.files.values())

    def write(self, path: Path) -> None:
        """Write as JSON."""
        path.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n", "utf-8")

    @classmethod
    def read(cls, path: Path, formats: Sequence[int] = (FORMAT,)) -> Manifest:
        """Read what :meth:`write` wrote, in one of ``formats``.

        :raises DamagedIndexError: when it is missing or cannot be understood.
        :raises IncompatibleIndexError: when it is of another format.
        """
        try:
            raw = read_small(path, _MAX_BYTES).decode("utf-8")
            facts = json.loads(raw)
            found = facts["format"]
            if "\\ud" in raw.lower():
                # Half a surrogate pair can be written in JSON and nowhere else
                json.dumps(facts, ensure_ascii=False).encode("utf-8")
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            raise DamagedIndexError(
                f"{path} cannot be read ({type(error).__name__}: {error}); "
                "activate another build or run `fuente build --full`"
            ) from error
        if found not in formats:
            raise IncompatibleIndexError(
                f"build {path.parent.name} has format {found}, this version reads format {FORMAT}; "
                "run `fuente build`, which makes it anew"
            )
        try:
            return cls(
                format=found,
                build_id=str(facts["build_id"]),
                created_at=str(facts["created_at"]),
                encoder=EncoderCard(**facts["encoder"]),
                splitting=Splitting(**facts["splitting"]),
                n_documents=int(facts["n_documents"]),
                n_passages=int(facts["n_passages"]),
                languages={str(k): int(v) for k, v in facts["languages"].items()},
                sources=tuple(Source(**s) for s in facts["sources"]),
                skipped=tuple(Skipped(**s) for s in facts["skipped"]),
                segments=tuple(
                    SegmentFacts(
                        segment_id=str(part["segment_id"]),
                        n_passages=int(part["n_passages"]),
                        gone=tuple(str(d) for d in part["gone"]),
                        files={k: (str(v[0]), int(v[1])) for k, v in part["files"].items()},
                    )
                    for part in facts["segments"]
                ),
                probe=tuple(tuple(float(x) for x in row) for row in facts["probe"]),
                packs=_packs(facts.get("packs", ["es", "en"])),
                reading=str(facts.get("reading", "")),
            )
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            raise DamagedIndexError(
                f"{path} lacks or misstates a field ({type(error).__name__}: {error}); "
                "activate another build or run `fuente build --full`"
            ) from error


def _packs(told: list[str]) -> tuple[str, ...]:
    if not isinstance(told, list) or not all(isinstance(lang, str) for lang in told):
        raise TypeError(f"packs is {told!r}, expected a list of languages")
    return tuple(told)
