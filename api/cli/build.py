"""``fuente build``: add documents, index what changed, follow the folder."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from api.cli.opening import print_json, settings_of, write_for_terminal
from api.cli.parser import Commands
from api.messages import UiLang, say, translated
from api.settings import Settings, terminal_language
from corpus.document import SettingsError, shown_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corpus.collection import Readable
    from corpus.document import LeftOut, Skipped
    from index.encoder import Encoder
    from index.encoding.pool import BuildPool
    from index.local.build import BuildReport

UNREAD: Final = 3
"""The exit status of ``--strict`` where a file or a page could not be read."""


def add(commands: Commands) -> None:
    """The command and its arguments."""
    parser, text = commands.add("build", _build, of_collection=True), commands.help_of("build")
    parser.add_argument("paths", nargs="*", metavar="PATH", help=text("paths"))
    parser.add_argument("--full", action="store_true", help=text("full"))
    parser.add_argument("--allow-removal", action="store_true", help=text("allow_removal"))
    parser.add_argument("--dry-run", action="store_true", help=text("dry_run"))
    parser.add_argument("--on", metavar="WHERE", help=text("on"))
    parser.add_argument("--results", metavar="URL", help=text("results"))
    parser.add_argument("--watch", action="store_true", help=text("watch"))
    parser.add_argument("--strict", action="store_true", help=text("strict"))
    parser.add_argument("--json", action="store_true", help=text("json"))


def _build(arguments: argparse.Namespace) -> int:
    lang = terminal_language()
    if arguments.watch and (arguments.dry_run or arguments.strict):
        key = "build.watch_or_dry" if arguments.dry_run else "build.watch_or_strict"
        print(f"fuente build: {say(lang, key)}", file=sys.stderr)
        return 2
    settings = settings_of(arguments, results=arguments.results)
    if arguments.watch and settings.documents == "index":
        raise SettingsError(
            "--watch follows the documents folder, and the documents are kept in the server of index; expected --watch without "
            "documents = index: leave it out, uploads are built by the service"
        )

    from api.cli.watch import follow
    from api.opening import builds_of, pool_of
    from corpus.storage import saving
    from index.encoder import load_encoder

    with saving(str(settings.data)):
        settings.data.mkdir(parents=True, exist_ok=True)
    pool = pool_of(settings, arguments.on)
    planned: dict[str, Path] = {}
    not_copied = _add(settings, arguments, planned, lang)
    encoder = load_encoder(settings.encoder)
    run = partial(_build_once, settings, encoder, pool, arguments, planned, lang)
    if not arguments.watch:
        report = run(full=arguments.full)
        return UNREAD if arguments.strict and (not_copied or _lacks(report)) else 0
    first = True

    def again() -> None:
        nonlocal first
        if first:
            run(full=arguments.full)
            first = False
        else:
            # Most of what changes in a folder that is worked in changes nothing in the index
            with closing(builds_of(settings, settings.data)) as builds:
                current = builds.current_id()
            run(full=False, unless=current)

    follow(
        settings.data / "documents",
        again,
        lambda text: print(f"fuente: {text}", file=sys.stderr, flush=True),
        lang,
    )
    return 0


def _lacks(report: BuildReport) -> bool:
    """Whether there is a file or a page that could not be read."""
    from api.left_out import unread_pages

    return bool(report.skipped or unread_pages(one for _, one in report.left_out))


def _unread_before(settings: Settings, report: BuildReport) -> list[tuple[str, LeftOut]]:
    """The pages that could not be read of the documents that are as they were: those are missing from answers all the same."""
    from api.left_out import unread_of
    from api.opening import builds_of

    kept = set(report.kept)
    with closing(builds_of(settings, settings.data)) as builds:
        if not kept or builds.current_id() is None:
            return []
        with closing(builds.open()) as index:
            ids = [one.doc_id for one in index.documents() if one.n_pages and one.doc_id in kept]
            return [(doc_id, one) for doc_id in ids for one in unread_of(index, doc_id)]


def _add(
    settings: Settings, arguments: argparse.Namespace, planned: dict[str, Path], lang: UiLang
) -> int:
    """Copy what the command names into the documents, or say what would be copied, which is ``planned`` then, by doc_id; gives how many
    files were not."""
    from api.fetching import fetch, is_link
    from api.opening import documents_of
    from corpus.collection import Collection

    collection = documents_of(settings, settings.data)
    left_out: list[Skipped] = []
    links = [path for path in arguments.paths if is_link(path)]
    if links and settings.fetch_links != "yes":
        raise SettingsError(
            'links are not followed; allow it with FUENTE_FETCH_LINKS=yes, or fetch_links = "yes" in config.toml'
        )
    for url in links:
        if arguments.dry_run:
            print(say(lang, "build.would_fetch", url=url), file=sys.stderr)
            continue
        fetched = fetch(url, settings.max_upload_mb * 2**20)
        collection.put(fetched.doc_id, fetched.data)
        print(say(lang, "build.fetched", name=shown_name(fetched.doc_id)), file=sys.stderr)
    for path in (Path(p).expanduser() for p in arguments.paths if not is_link(p)):
        if not arguments.dry_run:
            collection.add(path, left_out.append)
            continue
        for own, doc_id in Collection(settings.data / "documents").offered(path, left_out.append):
            planned[doc_id] = own
            print(say(lang, "build.would_copy", name=shown_name(doc_id)), file=sys.stderr)
    for skipped in left_out:
        reason = translated(skipped.reason, lang) or skipped.reason
        line = say(lang, "build.not_copied", name=shown_name(skipped.doc_id), reason=reason)
        print(line, file=sys.stderr)
    return len(left_out)


def _build_once(
    settings: Settings,
    encoder: Encoder,
    pool: BuildPool | None,
    arguments: argparse.Namespace,
    planned: Mapping[str, Path],
    lang: UiLang,
    *,
    full: bool,
    unless: str | None = None,
) -> BuildReport:
    """Build and print the report, unless the build is still that one."""
    from dataclasses import asdict, replace

    from api.cli.progress import ProgressTeller, report_lines
    from api.opening import documents_of, into_of
    from corpus.planned import Planned
    from index.local.build import build

    data, told = settings.data, ProgressTeller(sys.stderr, lang)
    documents: Readable = documents_of(settings, data)
    if planned:
        documents = Planned(documents, planned, data / "builds")
    try:
        report = build(
            data,
            encoder,
            documents=documents,
            into=into_of(settings, data),
            pool=pool,
            full=full,
            dry_run=arguments.dry_run,
            allow_removal=arguments.allow_removal,
            progress=told,
        )
    finally:
        told.end()
    if report.build_id is not None and report.build_id == unless:
        return report
    if arguments.strict:
        report = replace(report, left_out=(*report.left_out, *_unread_before(settings, report)))
    if report.build_id is not None:
        changes = {name: len(getattr(report, name)) for name in ("added", "changed", "removed")}
        write_for_terminal(settings, "build made", build_id=report.build_id, **changes)
    if not arguments.json:
        print("\n".join(report_lines(report, lang)), flush=True)
    elif arguments.watch:
        print(json.dumps(asdict(report), ensure_ascii=False), flush=True)
    else:
        print_json(asdict(report))
    return report
