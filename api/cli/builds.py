"""``fuente builds``: list, show, activate, prune."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from api.cli.opening import print_json, settings_of, write_for_terminal
from api.cli.parser import Commands, at_least_1
from api.left_out import lines_of_document
from api.messages import UiLang, decimal, group, say, translated
from api.settings import Settings, terminal_language
from corpus.document import shown_name

if TYPE_CHECKING:
    from index.searchable import BuildInfo, KeptBuilds


def add(commands: Commands) -> None:
    """The command and its arguments."""
    parser, text = commands.add("builds", _builds, of_collection=True), commands.help_of("builds")
    parser.add_argument(
        "action",
        nargs="?",
        choices=("list", "show", "activate", "prune"),
        default="list",
        help=text("action"),
    )
    parser.add_argument("build_id", nargs="?", metavar="ID", help=text("build_id"))
    parser.add_argument(
        "--keep", type=at_least_1, default=3, metavar="N", help=text("keep", default=3)
    )
    parser.add_argument(
        "--json", action="store_true", help=say(commands.lang, "terminal.help.json")
    )


def _builds(arguments: argparse.Namespace) -> int:
    settings, lang = settings_of(arguments), terminal_language()
    from api.opening import builds_of

    with closing(builds_of(settings, settings.data)) as builds:
        return _done(builds, settings, arguments, lang)


def _done(
    builds: KeptBuilds, settings: Settings, arguments: argparse.Namespace, lang: UiLang
) -> int:
    if arguments.action == "activate":
        if not arguments.build_id:
            print(
                f"fuente builds activate: {say(lang, 'terminal.builds.name_it')}", file=sys.stderr
            )
            return 2
        builds.activate(arguments.build_id)
        write_for_terminal(settings, "build activated", build_id=arguments.build_id)
        print(say(lang, "terminal.builds.active", build_id=arguments.build_id))
    elif arguments.action == "show":
        _show(builds, arguments.build_id, arguments.json, lang)
    elif arguments.action == "prune":
        removed = builds.prune(arguments.keep)
        write_for_terminal(settings, "builds removed", builds=removed)
        if removed:
            names = ", ".join(removed)
            print(say(lang, "terminal.builds.removed", n=len(removed), names=names))
        else:
            print(say(lang, "terminal.builds.nothing"))
    elif arguments.json:
        print_json([asdict(build) for build in builds.infos()])
    else:
        _print_builds(settings.data, builds.infos(), lang)
    return 0


def _show(builds: KeptBuilds, build_id: str | None, as_json: bool, lang: UiLang) -> None:
    """A build, the active one unless named: the files it could not use, and what is left out of its documents."""
    with closing(builds.open(build_id=build_id)) as index:
        manifest = index.manifest
        documents = [index.document(info.doc_id) for info in index.documents()]
    if as_json:
        print_json(
            {
                "build_id": index.build_id,
                "created_at": manifest.created_at,
                "n_documents": manifest.n_documents,
                "n_passages": manifest.n_passages,
                "skipped": [asdict(one) for one in manifest.skipped],
                "documents": [
                    {
                        "doc_id": document.doc_id,
                        "left_out": [asdict(one) for one in document.left_out],
                        "recognised": [asdict(one) for one in document.recognised],
                    }
                    for document in documents
                    if document.left_out or document.recognised
                ],
            }
        )
        return
    state = say(
        lang,
        "terminal.builds.holds",
        documents=manifest.n_documents,
        passages=manifest.n_passages,
        encoder=manifest.encoder.name,
        size=decimal(lang, manifest.size_bytes / 1e6, 1),
    )
    print(f"{index.build_id}  {manifest.created_at}  {state}")
    skipped = group(lang, "build.changes")["skipped"]
    for one in manifest.skipped:
        print(
            f"{skipped:>8}  {shown_name(one.doc_id)}: {translated(one.reason, lang) or one.reason}"
        )
    for document in documents:
        for line in lines_of_document(document, lang):
            print(line)


def _print_builds(data: Path, builds: list[BuildInfo], lang: UiLang) -> None:
    if not builds:
        print(say(lang, "terminal.builds.none", data=data))
    for build in builds:
        state = build.problem or say(
            lang,
            "terminal.builds.holds",
            documents=build.n_documents,
            passages=build.n_passages,
            encoder=build.encoder,
            size=decimal(lang, build.size_bytes / 1e6, 1),
        )
        print(f"{'*' if build.active else ' '} {build.build_id}  {build.created_at}  {state}")
