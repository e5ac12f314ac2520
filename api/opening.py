"""What answers questions, opened by the settings: here, and nowhere else, the doors choose what fills each stage.

A writer of answers (:mod:`qa.compose`), an index somewhere else (:class:`index.searchable.Builds`) or a selector of another
kind is named here once, for HTTP and the command line alike. What is heavy is imported when it is opened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from api.collections import Catalogue, FolderCatalogue, name_of
from api.messages import translated
from api.settings import Settings
from corpus.document import SettingsError

if TYPE_CHECKING:
    from api.asked import AskedQuestions
    from api.audit import Audit
    from api.feedback import Feedback
    from api.jobs import Build, Jobs
    from api.keys import KeyStore
    from api.links import Grants
    from api.moves import Moves
    from corpus.collection import Documents
    from index.encoder import Encoder
    from index.encoding.pool import BuildPool
    from index.generations.write import Moved, Opened
    from index.local.build import Into
    from index.local.store import Index
    from index.milvus.store import MilvusBuilds
    from index.objects import Objects
    from index.postgres.moment import Moment
    from index.postgres.store import PostgresBuilds
    from index.reader import Reader
    from index.searchable import KeptBuilds
    from qa.engine import Engine
    from qa.evaluation.decided import Decisions
    from qa.rerank import Reranker


@dataclass(frozen=True, slots=True)
class Models:
    """What is loaded once for all collections."""

    encoder: Encoder
    reader: Reader | None
    reranker: Reranker | None


def load_models(settings: Settings, encoder: Encoder | None = None) -> Models:
    """The models of the settings; with ``encoder`` in the place of theirs.

    :raises FuenteError: when one cannot be loaded.
    """
    from index.encoder import load_encoder
    from index.reader import load_reader
    from qa.rerank import load_reranker

    return Models(
        encoder or load_encoder(settings.encoder),
        load_reader(settings.encoder),
        load_reranker(settings.reranker),
    )


def catalogue_of(settings: Settings) -> Catalogue:
    """Which collections there are: those of the folders of the data directory, or with the documents in a server those of all hosts
    that share it; errors as :func:`builds_of`."""
    if settings.documents == "index":
        from api.shared_collections import SharedCatalogue
        from index.postgres.collections import CollectionTable

        return SharedCatalogue(CollectionTable(settings.index), settings.data)
    return FolderCatalogue(settings.data)


def builds_of(settings: Settings, data: Path) -> KeptBuilds:
    """Where the builds of the collection in a data directory are kept.

    :raises MissingExtraError: when it is kept in a server and what asks that is not installed.
    """
    if settings.index:
        return builds_at(settings.index, name_of(data))
    from index.local.store import LocalBuilds

    return LocalBuilds(data)


def is_milvus(url: str) -> bool:
    """Whether an address of an index is one of Milvus; the others are of PostgreSQL."""
    return url.startswith("milvus://")


def builds_at(url: str, collection: str) -> PostgresBuilds | MilvusBuilds:
    """The builds of a collection in a server; errors as :func:`builds_of`."""
    if is_milvus(url):
        from index.milvus.store import MilvusBuilds

        return MilvusBuilds(url, collection)
    from index.postgres.store import PostgresBuilds

    return PostgresBuilds(url, collection)


def move_to(url: str, collection: str, index: Index, encoder: Encoder) -> Moved:
    """Put a local build, by ``encoder``, into a server; errors as :func:`builds_of`, and as writing there."""
    from index.generations.write import move

    return move(_writing_at(url), url, collection, index, encoder)


def _writing_at(url: str) -> Opened:
    # Said first what to install where the package of a server is missing
    import_module("index.milvus.server" if is_milvus(url) else "index.postgres.server")
    if is_milvus(url):
        from index.milvus.write import writing as in_milvus

        return in_milvus
    from index.postgres.write import writing as in_postgres

    return in_postgres


def into_of(settings: Settings, data: Path) -> Into | None:
    """What keeps a new build of the collection in a data directory, for :func:`index.local.build.build`; None where that is
    the data directory; errors as :func:`builds_of`."""
    if not settings.index:
        return None
    from index.generations.write import building

    return partial(building, _writing_at(settings.index), settings.index, name_of(data))


def documents_of(settings: Settings, data: Path) -> Documents:
    """Where the documents of the collection in a data directory are kept; errors as :func:`builds_of`."""
    if settings.documents == "index":
        from index.postgres.originals import PostgresDocuments

        return PostgresDocuments(settings.index, name_of(data), _objects_of(settings))
    from corpus.collection import Collection

    return Collection(data / "documents")


def _objects_of(settings: Settings) -> Objects | None:
    """Where the bytes of documents in a server are kept; None where that has them."""
    if not settings.originals:
        return None
    from index.objects import Objects

    return Objects(settings.originals, "FUENTE_ORIGINALS")


def jobs_of(settings: Settings, data: Path, build: Build, after: Callable[[], object]) -> Jobs:
    """What keeps and runs the jobs of the collection in a data directory: this process, or with their documents in a server all that
    share it; errors as :func:`builds_of`."""
    if settings.documents == "index":
        from api.shared_jobs import SharedJobs
        from index.postgres.queue import JobQueue

        queue = JobQueue(settings.index, name_of(data))
        return SharedJobs(queue, build, after, builds=settings.builds == "yes")
    from api.jobs import LocalJobs

    return LocalJobs(build, after)


def keys_of(settings: Settings) -> KeyStore:
    """Where the keys are kept that are not in the settings: in a file of the data directory, or with the documents in a server, for all
    services that share it; errors as :func:`builds_of`, and as reading the file."""
    if settings.documents == "index":
        from api.shared_keys import SharedKeys
        from index.postgres.keys import KeyTable

        return SharedKeys(KeyTable(settings.index), settings.data)
    from api.keys import FileKeys

    return FileKeys(settings.data)


def grants_of(settings: Settings) -> Grants | None:
    """What opens documents by links without a key: with the secret of the data directory, or with the documents in a server with those
    of all services that share it; None where links have no time. Errors as :func:`builds_of`, and as reading the secret."""
    if not settings.link_hours:
        return None
    from api.links import FileSecret, Grants

    if settings.documents == "index":
        from api.shared_links import SharedSecrets
        from index.postgres.link_secrets import SecretTable

        known = SharedSecrets(SecretTable(settings.index), settings.data)
        return Grants(known, settings.link_hours)
    return Grants(FileSecret(settings.data), settings.link_hours)


def feedback_of(settings: Settings, data: Path) -> Feedback:
    """Where the feedback on answers of the collection in a data directory is kept: there, or with the documents in a server, for all
    services that share it; errors as :func:`builds_of`."""
    from api.feedback import FeedbackFile, SharedFeedback

    max_bytes = settings.max_feedback_mb * 2**20
    if settings.documents == "index":
        from index.postgres.feedback import FeedbackTable

        return SharedFeedback(FeedbackTable(settings.index, name_of(data), max_bytes))
    return FeedbackFile(data, max_bytes)


def asked_of(settings: Settings, data: Path) -> AskedQuestions:
    """What keeps the questions asked of the collection in a data directory: files there, or with the documents a server, for all services
    that share it; errors as :func:`builds_of`."""
    from api.asked import DAY_BYTES, FOLDER, MOST_BYTES, AskedFiles, AskedQuestions

    if settings.documents == "index":
        from api.shared_asked import SharedAsked
        from index.postgres.asked import AskedTable

        table = AskedTable(settings.index, name_of(data), 2 * DAY_BYTES, MOST_BYTES)
        return AskedQuestions(SharedAsked(table, data), settings.question_days)
    return AskedQuestions(AskedFiles(data / FOLDER), settings.question_days)


def decisions_of(settings: Settings, data: Path) -> Decisions:
    """Where the decisions of the owner of the collection in a data directory are kept: there, or with the documents in a server, for all
    services that share it; errors as :func:`builds_of`."""
    from qa.evaluation.decided import MOST_DECIDED, DecisionFile

    if settings.documents == "index":
        from api.shared_asked import SharedDecisions
        from index.postgres.decided import DecidedTable

        return SharedDecisions(DecidedTable(settings.index, name_of(data), MOST_DECIDED), data)
    return DecisionFile(data)


def moves_of(settings: Settings, data: Path) -> Moves:
    """Where it is kept what documents of the collection in a data directory were called before: there, or with the documents in a
    server, for all services that share it; errors as :func:`builds_of`."""
    from api.moves import MOST_BYTES, FileMoves

    if settings.documents == "index":
        from api.shared_moves import SharedMoves
        from index.postgres.moves import MoveTable

        return SharedMoves(MoveTable(settings.index, name_of(data), MOST_BYTES), data)
    return FileMoves(data)


def audit_of(settings: Settings) -> Audit:
    """What keeps who changed what: a file of the data directory, or with the documents a server, for all services that share it;
    errors as :func:`builds_of`."""
    from api.audit import MOST_BYTES, Audit, AuditFile

    if settings.documents == "index":
        from api.shared_audit import SharedAuditLines
        from index.postgres.audit import AuditTable

        return Audit(SharedAuditLines(AuditTable(settings.index, MOST_BYTES)))
    return Audit(AuditFile(settings.data))


def moment_of(settings: Settings) -> AbstractContextManager[Moment] | None:
    """What hosts share, all of it as it is at one moment; None where all that there is is in the data directory. Errors as
    :func:`builds_of`."""
    if settings.documents != "index":
        return None
    from index.postgres.moment import moment

    return moment(settings.index, _objects_of(settings))


def pool_of(settings: Settings, on: str | None) -> BuildPool | None:
    """What reads the files and encodes the passages of a build, for :func:`index.local.build.build`: ``processes`` of this machine, ``ray`` or
    ``ray://HOST:PORT``; None for what a build uses by itself, or for processes where the settings have results kept, as it has no units.

    :raises SettingsError: when ``on`` is none of them.
    """
    if on is None and not settings.results:
        return None
    from index.encoder import load_encoder
    from index.encoding.processes import processes
    from index.encoding.ray import cluster
    from index.encoding.units import Units

    opens = partial(load_encoder, settings.encoder, threads=1)
    results = settings.results or None
    if on is None or on == "processes":
        return Units(opens, processes, results)
    if on == "ray" or on.startswith("ray://"):
        return Units(opens, partial(cluster, on if on != "ray" else None), results)
    raise SettingsError(f"--on {on!r}: expected processes, ray or ray://HOST:PORT")


@contextmanager
def pause_of(settings: Settings) -> Iterator[Callable[[float, Event], bool]]:
    """What waits so many seconds between two looks for a new build, or until it is told of one, as PostgreSQL
    does; it gives whether the event, which ends it, is set. For one thread; errors as :func:`builds_of`."""
    if not settings.index or is_milvus(settings.index):
        yield lambda seconds, stop: stop.wait(seconds)
        return
    from index.postgres.switches import Switches

    with closing(Switches(settings.index)) as switches:
        yield switches.wait


def open_engine(settings: Settings, data: Path, models: Models) -> Engine:
    """The engine of the collection in a data directory; one without an index answers nothing, and says why; errors as
    :func:`builds_of`."""
    from qa.calibration import load_calibration
    from qa.engine import Engine

    return Engine(
        builds_of(settings, data),
        models.encoder,
        calibration=load_calibration(settings.encoder, data),
        reranker=models.reranker,
        reader=models.reader,
        min_confidence=settings.min_confidence,
        max_question_chars=settings.max_question_chars,
        reasons=lambda reason, lang: translated(reason, "en" if lang == "en" else "es"),
    )
