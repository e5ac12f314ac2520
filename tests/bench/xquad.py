"""nDCG@10 of XQuAD from the local index and from the same index in PostgreSQL and in Milvus, which has to be the same.

    xquad.py PATH [--engines postgres milvus] [--every 1]               needs the extra [cluster-test]
    xquad.py PATH --engines                                             the local index alone

PATH is a folder with xquad.es.json and xquad.en.json. The protocol is that of ``fuente evaluate PATH``: the paragraphs of a language are
indexed, the questions of both languages are asked of them. The local index of a language is moved into a PostgreSQL server and a
file of Milvus Lite of its own, and each question asked of all of them, in turn. Fails where a figure differs in its fourth digit.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from running import percentile

from corpus.document import Lang
from corpus.split import Splitting
from index.encoder import Encoder, load_encoder
from index.generations.write import move
from index.local.build import index_documents
from index.local.store import Index
from index.reader import load_reader
from index.searchable import Builds, OpenIndex
from qa.engine import Engine, PassageHit, Query, SearchOptions
from qa.evaluation.dataset import Judgement, Squad, SquadQuestion, read_dataset
from qa.evaluation.evaluate import Remembering, documents_found, grades_of_documents, ndcg
from qa.retrieve import FIRST_STAGE_K

LOCAL = "local"
# A document's best passage can come late, as where they are evaluated.
OPTIONS = SearchOptions(limit=FIRST_STAGE_K)


@contextmanager
def in_postgres(index: Index, encoder: Encoder, folder: Path) -> Iterator[Builds]:
    from postgres_server import PostgresServer

    from index.postgres.store import PostgresBuilds
    from index.postgres.write import writing

    with closing(PostgresServer()) as server:
        move(writing, server.url, "xquad", index, encoder)
        yield PostgresBuilds(server.url, "xquad")


@contextmanager
def in_milvus(index: Index, encoder: Encoder, folder: Path) -> Iterator[Builds]:
    from milvus_lite.server_manager import server_manager_instance

    from index.milvus.store import MilvusBuilds
    from index.milvus.write import writing

    file = folder / "index.db"
    try:
        move(writing, f"milvus://{file}", "xquad", index, encoder)
        yield MilvusBuilds(f"milvus://{file}", "xquad")
    finally:
        server_manager_instance.release_server(str(file))


ENGINES = {"postgres": in_postgres, "milvus": in_milvus}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("path", type=Path)
    parser.add_argument("--engines", nargs="*", choices=ENGINES, default=list(ENGINES))
    parser.add_argument("--every", type=int, default=1, help="one question in so many")
    arguments = parser.parse_args()
    dataset = read_dataset(arguments.path)
    if not isinstance(dataset, Squad):
        sys.exit(f"{arguments.path} is not a folder of SQuAD files")
    sys.path.append(str(Path(__file__).parent.parent))
    encoder = Remembering(load_encoder("fuente-es-en"))
    alike = True
    print(f"{'':6} {'':9} nDCG@10      n  p50 ms  p95 ms  same first ten, equal scores")
    for told in dataset.documents:
        alike &= measured(dataset, told, encoder, arguments.engines, arguments.every)
    sys.exit(0 if alike else "nDCG@10 is not the same from all of them")


def measured(dataset: Squad, told: Lang, encoder: Encoder, names: list[str], every: int) -> bool:
    """Whether nDCG@10 of the questions about the paragraphs of a language is the same from all engines, to four digits."""
    reader = load_reader()
    whole = Splitting(max_tokens=encoder.card.max_tokens - 8)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="fuente-xquad-")))
        (folder / "index").mkdir()
        index = index_documents(dataset.documents[told], encoder, folder / "index", whole)
        builds: dict[str, Builds] = {LOCAL: OpenIndex(index)}
        for name in names:
            builds[name] = stack.enter_context(ENGINES[name](index, encoder, folder))
        engines = {
            name: stack.enter_context(
                closing(Engine(one, encoder, reader=reader, max_question_chars=100_000))
            )
            for name, one in builds.items()
        }
        return all(
            [
                asked_alike(f"{asked}-{told}", engines, questions[::every], asked)
                for asked, questions in dataset.questions.items()
            ]
        )


def asked_alike(
    direction: str, engines: dict[str, Engine], questions: Sequence[SquadQuestion], lang: Lang
) -> bool:
    values: dict[str, list[float]] = {name: [] for name in engines}
    times: dict[str, list[float]] = {name: [] for name in engines}
    same = dict.fromkeys(engines, 0)
    equal = dict.fromkeys(engines, 0)
    for question in questions:
        query = Query(question.text, lang)
        # or the first one asked would have the time of encoding
        engines[LOCAL].search(query, OPTIONS)
        ours: Sequence[PassageHit] = ()
        for name, engine in engines.items():
            began = time.perf_counter()
            hits = engine.search(query, OPTIONS).hits
            times[name].append((time.perf_counter() - began) * 1000)
            judged = () if question.unanswerable else (Judgement(question.doc_id),)
            grades = grades_of_documents(documents_found(hits), judged)
            values[name].append(ndcg(grades, [1] * len(judged)))
            first = hits[:10]
            if name == LOCAL:
                ours = first
            same[name] += [h.passage.passage_id for h in first] == [
                h.passage.passage_id for h in ours
            ]
            equal[name] += [(h.passage, h.score, h.scores) for h in first] == [
                (h.passage, h.score, h.scores) for h in ours
            ]
    n = len(questions)
    figures = {name: f"{sum(each) / n:.4f}" for name, each in values.items()}
    for name, figure in figures.items():
        p50, p95 = (percentile(times[name], share) for share in (0.5, 0.95))
        print(
            f"{direction:6} {name:9} {figure:>7} {n:6} {p50:7.1f} {p95:7.1f}  {same[name]}, {equal[name]}",
            flush=True,
        )
    return len(set(figures.values())) == 1


if __name__ == "__main__":
    main()
