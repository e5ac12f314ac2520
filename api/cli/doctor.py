"""``fuente doctor``."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from typing import TYPE_CHECKING

from api import __version__
from api.cli.opening import settings_of
from api.cli.parser import Commands
from api.messages import UiLang, say, told, translated
from api.settings import Settings, terminal_language
from corpus.document import FuenteError, shown_name

if TYPE_CHECKING:
    from index.encoder import Encoder


def add(commands: Commands) -> None:
    """The command and its argument."""
    parser, text = commands.add("doctor", _doctor), commands.help_of("doctor")
    parser.add_argument("--download", metavar="MODEL", help=text("download"))


def _doctor(arguments: argparse.Namespace) -> int:
    settings, lang = settings_of(arguments), terminal_language()
    from index.encoder import load_encoder, shipped_encoders
    from qa.calibration import load_calibration

    if arguments.download:
        card = load_encoder(arguments.download, allow_download=True).card
        words = {"name": card.name, "dim": card.dim, "model": arguments.download}
        print(say(lang, "terminal.doctor.downloaded", **words))
        return 0
    print(f"fuente {__version__}, Python {sys.version.split()[0]}")
    _print_packages(lang)
    _print_programs(lang)
    none = say(lang, "terminal.doctor.none")
    print(say(lang, "terminal.doctor.shipped", names=", ".join(shipped_encoders()) or none))
    print(say(lang, "terminal.doctor.data", folder=settings.data.resolve()))
    encoder = load_encoder(settings.encoder)
    size = {"dim": encoder.card.dim, "tokens": encoder.card.max_tokens}
    print(say(lang, "terminal.doctor.encoder", name=encoder.card.name, **size))
    own, shipped = load_calibration(settings.encoder, settings.data), load_calibration()
    # What a reader finds is weighed by these, whatever the others were fitted to
    weighed = own.readings or shipped.readings or own.confidence
    # Those that come with Fuente say it in English and at length, those of one's own name a file
    is_own = weighed != shipped.readings
    on = weighed.fitted.on if is_own else say(lang, "terminal.doctor.fitted")
    print(say(lang, "terminal.doctor.weights", on=on, date=weighed.fitted.date))
    return _print_index(settings, encoder, lang)


def _print_packages(lang: UiLang) -> None:
    from importlib import metadata

    needed = ("faiss-cpu", "onnxruntime", "fastapi", "uvicorn")
    for package in (*needed, "sentence-transformers", "torch"):
        try:
            print(f"  {package} {metadata.version(package)}")
        except metadata.PackageNotFoundError:
            key = "missing" if package in needed else "optional"
            print(f"  {say(lang, f'terminal.doctor.{key}', package=package)}")


def _print_programs(lang: UiLang) -> None:
    """Other programs that read what Fuente does not read by itself, and where they are."""
    import shutil

    for program, reads in (("tesseract", "scans"), ("soffice", "old_office")):
        what = say(lang, f"terminal.doctor.{reads}")
        path = shutil.which(program)
        key = "program" if path else "no_program"
        print(f"  {say(lang, f'terminal.doctor.{key}', program=program, what=what, path=path)}")


def _print_index(settings: Settings, encoder: Encoder, lang: UiLang) -> int:
    from api.opening import builds_of

    try:
        with closing(builds_of(settings, settings.data)) as builds:
            for build in builds.infos():
                state = build.problem or say(lang, "terminal.doctor.passages", n=build.n_passages)
                line = say(lang, "terminal.doctor.build", build_id=build.build_id, state=state)
                print(f"{'*' if build.active else ' '} {line}")
            index = builds.open(encoder)
    except FuenteError as error:
        print(say(lang, "terminal.doctor.wrong", error=told(error, lang)))
        return 1
    holds = {"documents": index.manifest.n_documents, "passages": index.manifest.n_passages}
    print(say(lang, "terminal.doctor.answers", build_id=index.build_id, **holds))
    for skipped in index.manifest.skipped:
        words = {
            "name": shown_name(skipped.doc_id),
            "reason": translated(skipped.reason, lang) or skipped.reason,
        }
        print(f"  {say(lang, 'terminal.doctor.skipped', **words)}")
    return 0
