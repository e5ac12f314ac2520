"""``fuente ask`` and ``fuente search``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING
from uuid import uuid4

from api.cli.opening import collection_of, engine_of, print_json, settings_of
from api.cli.parser import Commands, at_least_1
from api.messages import UiLang, decimal, group, say
from api.settings import terminal_language
from corpus.document import shown_name
from corpus.languages import PACKS

if TYPE_CHECKING:
    from qa.engine import Answer, SearchResult


def add(commands: Commands) -> None:
    """The two commands; their arguments are the same."""
    text = commands.help_of("ask")
    for name, run, shown in (("ask", _ask, 5), ("search", _search, 10)):
        parser = commands.add(name, run, of_collection=True)
        parser.set_defaults(asks=True)
        # Typed without quotes it comes in words
        parser.add_argument("question", type=_typed, nargs="+", help=text("question"))
        parser.add_argument("--lang", choices=tuple(PACKS), help=text("lang"))
        parser.add_argument(
            "-k", type=at_least_1, default=shown, metavar="N", help=text("k", default=shown)
        )
        parser.add_argument(
            "--mode", choices=_Modes(), default="hybrid", metavar="MODE", help=text("mode")
        )
        parser.add_argument(
            "--reranker", metavar="M", help=say(commands.lang, "terminal.help.reranker")
        )
        parser.add_argument("--json", action="store_true", help=text("json"))
        parser.add_argument("--explain", action="store_true", help=text("explain"))


class _Modes:
    """The modes of searching; only a command that names one loads what it takes to know them."""

    def __iter__(self) -> Iterator[str]:
        from qa.retrieve import MODES

        return iter(MODES)

    def __contains__(self, mode: object) -> bool:
        return mode in tuple(self)


def _typed(argument: str) -> str:
    """A question as it was typed, also where the locale does not say in which encoding the terminal wrote it."""
    try:
        data = argument.encode(sys.getfilesystemencoding(), "surrogateescape")
        return data.decode("utf-8")
    except UnicodeEncodeError:
        return argument
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _ask(arguments: argparse.Namespace) -> int:
    from qa.engine import Query, SearchOptions

    engine = engine_of(settings_of(arguments, reranker=arguments.reranker))
    answer = engine.ask(
        Query(" ".join(arguments.question), arguments.lang),
        SearchOptions(limit=arguments.k, mode=arguments.mode, explain=arguments.explain),
    )
    if arguments.json:
        from api.links import Links
        from api.native.schemas import answer_body

        body = answer_body(
            answer,
            f"cli-{uuid4().hex[:12]}",
            Links(collection=collection_of(arguments)),
            explain=arguments.explain,
        )
        print_json(body.model_dump(mode="json", exclude_unset=True))
        return 0
    _print_answer(answer)
    return 0


def _print_answer(answer: Answer) -> None:
    from api.explanation import band_of

    lang: UiLang = "es" if answer.lang == "es" else "en"
    sure = None
    if answer.citations and answer.status == "answered" and answer.kind == "answer":
        sure = _how_sure(answer.confidence, lang)
        # Whoever reads the quotes has to know before that little speaks for them
        if band_of(answer.confidence) == "low":
            print(f"{sure}\n")
            sure = None
    print(_marked(answer) if sys.stdout.isatty() else answer.text)
    if answer.citations:
        print()
        roles = group(lang, "page.roles")
        for c in answer.citations:
            place = _place(c.title, c.page, c.ocr_confidence, lang)
            # What only explains a quote beside it, such as the names of its columns, says so
            place += f", {roles[c.role]}" if c.role in roles else ""
            print(f"[{c.number}] {place}  ({shown_name(c.doc_id)}, {c.start}–{c.end})")
        if sure is not None:
            print(f"\n{sure}")
    elif answer.hits:
        print(f"\n{say(lang, 'terminal.nearest')}")
        for hit in answer.hits:
            print(f"  {hit.rank}. {hit.title}: {_shorten(hit.passage.text)}")
    if answer.trace is not None:
        from api.explanation import lines_of_answer

        print("\n" + "\n".join(lines_of_answer(answer)))


def _how_sure(confidence: float, lang: UiLang) -> str:
    from api.explanation import band_of

    key = f"terminal.confidence.{band_of(confidence)}"
    return say(lang, key, value=decimal(lang, confidence, 2))


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

    engine = engine_of(settings_of(arguments, reranker=arguments.reranker))
    result = engine.search(
        Query(" ".join(arguments.question), arguments.lang),
        SearchOptions(limit=arguments.k, mode=arguments.mode, explain=arguments.explain),
    )
    if arguments.json:
        from api.links import Links
        from api.native.schemas import search_body

        body = search_body(
            result,
            f"cli-{uuid4().hex[:12]}",
            Links(collection=collection_of(arguments)),
            explain=arguments.explain,
        )
        print_json(body.model_dump(mode="json", exclude_unset=True))
        return 0
    _print_hits(result)
    return 0


def _place(title: str, page: int | None, ocr_confidence: float | None, lang: UiLang) -> str:
    place = title if page is None else say(lang, "terminal.page_of", title=title, page=page)
    if ocr_confidence is None:
        return place
    recognised = say(lang, "terminal.recognised", percent=f"{100 * ocr_confidence:.0f}")
    return f"{place}, {recognised}"


def _print_hits(result: SearchResult) -> None:
    from qa.shortfall import remark

    lang = terminal_language()
    if said := remark(result.missing, lang):
        print(f"{said}\n")
    for hit in result.hits:
        place = _place(hit.title, hit.page, hit.ocr_confidence, lang)
        print(f"{hit.rank:>3}. {hit.score:.3f}  {place}  ({shown_name(hit.passage.passage_id)})")
        if hit.duplicates:
            print(f"     = {', '.join(map(shown_name, hit.duplicates))}")
        print(f"     {_shorten(hit.passage.text)}")
    if result.trace is not None:
        from api.explanation import lines_of_search

        print("\n" + "\n".join(lines_of_search(result)))
