"""What stands before the text of a page that a program makes of a file: its front matter, facts for the program and, in some files,
all that the page says.

A site whose pages are filled in by a form keeps their words there: the rules of a campsite as one field, its prices as a list,
questions and answers as another. What a field says in sentences is then read as Markdown, as such programs do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import Any, Final

from corpus.document import LeftOut
from corpus.readers.draft import Draft, Part, PartKind

_FRONT_MATTER = re.compile(
    r"\A(?:---[ \t]*\n(.*?)\n(?:---|\.\.\.)|\+\+\+[ \t]*\n(.*?)\n\+\+\+)[ \t]*(?:\n|\Z)",
    re.DOTALL,
)
# As Pelican and MultiMarkdown have it, without a line of signs around: a title and more of what is noted of a page
_BARE_FRONT_MATTER = re.compile(
    r"\A(?=(?:[^\n]+\n){0,9}title:)(?:(?:title|subtitle|date|modified|author|authors|affiliation|category|categories|tags|keywords|slug|status"
    r"|summary|description|lang|language|template|layout|url|save_as|permalink|image|cover|css|base header level|copyright|revision)"
    r"[ \t]*:[^\n]*(?:\n|\Z)){2,}(?=[ \t]*(?:\n|\Z))",
    re.IGNORECASE,
)
# Without its first line of signs, as it is lost where a text is copied: nothing but fields down to the last one
_UNOPENED = re.compile(
    r"\A(?=(?:[^\n]+\n){0,9}title:[ \t])((?:[a-z][\w-]*:(?:[ \t][^\n]*)?\n|[ \t]+\S[^\n]*\n|-[ \t][^\n]*\n){2,})---[ \t]*(?:\n|\Z)",
    re.IGNORECASE,
)
# As Pandoc has it: title, authors and date, each behind a "%"
_TITLE_BLOCK = re.compile(r"\A%[ \t]+(\S[^\n]*)\n((?:%[^\n]*\n){0,2})(?=[ \t]*\n)")
# A line of it names a field, or goes on with one; anything else is text between two rules.
_LINE = re.compile(
    r"[\w.\"'-]+[ \t]*[:=](?:[ \t].*)?|[ \t]+\S.*|-[ \t].*|#.*|\[[^\]\n]+\]|[\]}]|[ \t]*"
)
_TITLE = re.compile(
    r"^(?:(?:post_)?title|título|titulo)\s*[:=][ \t]*(.+)$", re.MULTILINE | re.IGNORECASE
)
# What a page shows of it beside the title, whatever else stands there.
_SUMMARY = re.compile(
    r"^(description|summary|abstract|subtitle|descripción|descripcion|resumen|subtítulo|subtitulo)"
    r"\s*[:=][ \t]*([^\s>|].{10,})$",
    re.MULTILINE | re.IGNORECASE,
)
_FIELD = re.compile(r"[\"']?([\w.-]+)[\"']?[ \t]*[:=]")
# Fields for the program: addresses, pictures, how a page looks and where it stands.
_FOR_PROGRAMS = re.compile(
    r"(?:^|[_.-])(?:url|uri|link|href|src|slug|image|img|imagen|photo|foto|picture|icon|icono|logo|hero|thumb\w*|video|layout|template\w*|component|permalink|css|class|style|color|colour|script|js"
    r"|id|key|draft|published|order|weight|position|lang|language|locale|redirect\w*|alias\w*|meta|seo|og|twitter|keywords|tags?|categor\w*|sitemap|toc|nav\w*|menu|sidebar|robots|canonical"
    r"|version|type|alt|alternates|history|author\w*|date\w*|fecha\w*|excerpt|latitude|longitude)s?(?:[_.-]|$)"
)
# What people ask of a page, whatever else its front matter says
_ASKED_FOR = re.compile(
    r"(?:when|where|time|hours?|opening_?hours|schedule|venue|place|location|address|phone|telephone|tel|e?mail|price|cost|fee|contact"
    r"|cuando|donde|hora|horas?|horarios?|lugar|sede|direccion|dirección|telefonos?|teléfonos?|correo|precios?|coste?|costo|cuota|contacto)"
)
_ABOUT_EVENT: Final = frozenset("meta event evento details detalles info".split())
_ASKED_OF_EVENT: Final = frozenset("date dates fecha fechas who quien quién".split())
# Words that begin inside a name of a field: highSeason
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_ADDRESS = re.compile(
    r"\s*(?:\w+://|\.{0,2}/|#|\w[\w/.-]*\.(?:png|jpe?g|webp|svg|gif|pdf|html?|md)$)\S*\s*\Z"
)
_WORD = re.compile(r"[^\W\d_]{2,}")
_BREAK = re.compile(r"<br ?/?>|\n", re.IGNORECASE)
# A field with so many words says something; a page whose fields say so many is filled in by a form.
_SENTENCE_WORDS: Final = 8
_PAGE_WORDS: Final = 25
_MAX_CHARS: Final = 400_000
_MAX_DEPTH: Final = 6
# A field called so holds the text, and names nothing in it.
_OF_TEXT: Final = frozenset(
    "body content contents text markdown html contenido cuerpo texto".split()
)
_HEADED_BY: Final = (
    "question",
    "pregunta",
    "title",
    "titulo",
    "título",
    "name",
    "nombre",
    "heading",
    "label",
)


def without_front_matter(text: str) -> tuple[str, Draft, list[str]]:
    """A text below its front matter; what of that every page shows, its title and summary, with the rest as left out; and lines of
    Markdown for what it says beside that, none where it only tells a program what to do."""
    draft = Draft()
    if (block := _TITLE_BLOCK.match(text)) is not None:
        draft.title = block[1].strip()
        others = " ".join(block[2].replace("%", " ").split())
        draft.left_out = (LeftOut(others, 0, "front matter"),) if others else ()
        return text[block.end() :], draft, []
    front = _FRONT_MATTER.match(text)
    said = (front[1] or front[2] or "") if front is not None else ""
    if front is None and (front := _UNOPENED.match(text)) is not None:
        said = front[1].rstrip("\n")
    if front is None and (front := _BARE_FRONT_MATTER.match(text)) is not None:
        said = front[0].rstrip("\n")
    if front is None or not _is_front_matter(said):
        return text, draft, []
    found = _TITLE.search(said)
    if found is not None:
        draft.title = found[1].strip().strip("\"'")
    fields = _fields(said) if front.re is not _BARE_FRONT_MATTER and front[1] else {}
    summaries = {one[1]: one[2].strip().strip("\"'") for one in _SUMMARY.finditer(said)}
    for name, first_line in summaries.items():
        whole = fields.get(name)
        summary = " ".join(whole.split()) if isinstance(whole, str) else first_line
        # What it asks the text answers, or not
        kind: PartKind = "caption" if summary.endswith("?") else "paragraph"
        draft.parts.append(Part(summary, kind=kind))
    told = _told({name: value for name, value in fields.items() if name not in summaries})
    written = "\n".join("\n".join(("", *lines, "")) for lines in told.values()).split("\n")
    facts = list(_facts(said, {*told, *summaries}))
    draft.left_out = (LeftOut(" ".join(facts), 0, "front matter"),) if facts else ()
    return text[front.end() :], draft, written if told else []


def _is_front_matter(text: str) -> bool:
    lines = text.split("\n")
    return all(map(_LINE.fullmatch, lines)) and not lines[0].startswith((" ", "\t", "-"))


def _facts(said: str, told: Set[str]) -> Iterator[str]:
    """The lines of front matter that no page shows."""
    name = ""
    for line in said.split("\n"):
        field = _FIELD.match(line)
        name = field[1] if field is not None else name
        if name not in told and not _TITLE.match(line):
            yield line


def _told(fields: Mapping[str, Any]) -> dict[str, list[str]]:
    """Lines of Markdown for each field that a page filled in by a form shows, by its name; none where no field says anything in sentences."""
    shown = {
        name: value
        for name, value in fields.items()
        if not (_is_for_programs(name) or _TITLE.match(f"{name}: -"))
    }
    told = {name: list(_fact(name, value)) for name, value in shown.items()}
    prose = [text for value in shown.values() for text in _texts(value) if _is_prose(text)]
    if sum(len(_WORD.findall(text)) for text in prose) >= _PAGE_WORDS:
        told = {n: told[n] or list(_written(n, value, 2)) for n, value in shown.items()}
    about = {n: list(_facts_about(value)) for n, value in fields.items() if n in _ABOUT_EVENT}
    return {name: lines for name, lines in (about | told).items() if lines}


def _facts_about(value: Any) -> Iterator[str]:
    """The fields within one about an event that people ask for, each as a line, where they say when, where or for how much that is."""
    own = value if isinstance(value, dict) else {}
    said = {
        str(name): [
            " ".join(one.split()) for one in (field if isinstance(field, list) else [field])
        ]
        for name, field in own.items()
        if isinstance(field, str)
        or (isinstance(field, list) and all(isinstance(one, str) for one in field))
    }
    if any(_ASKED_FOR.fullmatch(name.lower()) for name in said):
        for name, values in said.items():
            asked = _ASKED_FOR.fullmatch(name.lower()) or name.lower() in _ASKED_OF_EVENT
            if asked and any(values) and not any(map(_ADDRESS.match, values)):
                yield f"{_spoken(name)}: {'; '.join(filter(None, values))}"


def _fact(name: str, value: Any) -> Iterator[str]:
    """A field that people ask for as a line with its name, "When: Mondays at 1 pm"."""
    if not _ASKED_FOR.fullmatch(_HUMP.sub("_", name).lower()) or not isinstance(value, str):
        return
    said = [" ".join(line.split()) for line in _BREAK.split(value)]
    if value.strip() and not _is_prose(value) and not _ADDRESS.match(value):
        yield f"{_spoken(name)}: {'; '.join(filter(None, said))}"


def _fields(said: str) -> dict[str, Any]:
    """Front matter in YAML as it is written, every scalar a string; none where it is no mapping, or refers to parts of itself."""
    import yaml

    class Plain(yaml.BaseLoader):  # type: ignore[misc]
        def compose_node(self, parent: Any, index: Any) -> Any:
            # one line can stand for millions
            if self.check_event(yaml.AliasEvent):
                raise yaml.YAMLError("an alias")
            return super().compose_node(parent, index)

    if len(said) > _MAX_CHARS:
        return {}
    try:
        found = yaml.load(said, Plain)
    except (yaml.YAMLError, RecursionError, ValueError):
        return {}
    return {str(name): value for name, value in found.items()} if isinstance(found, dict) else {}


def _texts(value: Any, depth: int = 0) -> Iterator[str]:
    """The strings within a value, but those of fields for programs."""
    if isinstance(value, str):
        yield value
    elif depth < _MAX_DEPTH and isinstance(value, list):
        for one in value:
            yield from _texts(one, depth + 1)
    elif depth < _MAX_DEPTH and isinstance(value, dict):
        for name, one in value.items():
            if not _is_for_programs(str(name)):
                yield from _texts(one, depth + 1)


def _written(name: str, value: Any, level: int) -> Iterator[str]:
    """A field as Markdown, under a heading of the given level with its name; nothing for a lone word or number, which says little without its page."""
    heading = "" if name.lower() in _OF_TEXT else f"{'#' * min(level, 6)} {_spoken(name)}"
    if isinstance(value, str):
        if _is_prose(value):
            yield from (heading, "", value)
    elif isinstance(value, dict):
        yield from _under(heading, list(_record(value, level + 1)))
    elif isinstance(value, list) and all(isinstance(one, str) for one in value):
        items = [
            f"- {' '.join(one.split())}"
            for one in value
            if _WORD.search(one) and not _ADDRESS.match(one)
        ]
        yield from _under(heading, items)
    elif isinstance(value, list) and level - 2 < _MAX_DEPTH:
        records = [one for one in value if isinstance(one, dict)]
        if any(_is_prose(text) for text in _texts(records)):
            lines = [line for one in records for line in ("", *_record(one, level + 1))]
        else:
            lines = list(_table(records))
        yield from _under(heading, lines)


def _under(heading: str, lines: Sequence[str]) -> Iterator[str]:
    if any(lines):
        yield from (heading, "", *lines)


def _record(facts: Mapping[Any, Any], level: int) -> Iterator[str]:
    """The fields of one thing, below the one that it is called by."""
    shown = {str(n): v for n, v in facts.items() if not _is_for_programs(str(n)) and v}
    head = next((n for n in _HEADED_BY if isinstance(shown.get(n), str)), None)
    if head is not None:
        yield from (f"{'#' * min(level, 6)} {' '.join(shown.pop(head).split())}", "")
    for name, value in shown.items():
        if not isinstance(value, str):
            yield from ("", *_written(name, value, level + 1), "")
        elif _is_prose(value):
            yield from ("", value, "")
        elif not _ADDRESS.match(value):
            yield from (f"{_spoken(name)}: {' '.join(value.split())}", "")


def _table(records: Sequence[Mapping[Any, Any]]) -> Iterator[str]:
    """Things that have only short fields, side by side: a row for each."""
    names = [
        name
        for name in dict.fromkeys(str(name) for one in records for name in one)
        if not _is_for_programs(name)
    ]
    cells = [[one.get(name, "") for name in names] for one in records]
    flat = [" ".join(cell.split()) for row in cells for cell in row if isinstance(cell, str)]
    if len(names) < 2 or len(flat) < len(names) * len(records) or any(map(_ADDRESS.match, flat)):
        return
    # the column that says which thing it is stands first
    first = next((names.index(name) for name in _HEADED_BY if name in names), 0)
    order = [first, *(n for n in range(len(names)) if n != first)]
    yield _row(_spoken(names[n]) for n in order)
    yield _row("---" for _ in order)
    for row in cells:
        yield _row(" ".join(row[n].split()).replace("|", "/") for n in order)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _is_for_programs(name: str) -> bool:
    return _FOR_PROGRAMS.search(_HUMP.sub("_", name).lower()) is not None


def _is_prose(text: str) -> bool:
    return len(_WORD.findall(text)) >= _SENTENCE_WORDS and not _ADDRESS.match(text)


def _spoken(name: str) -> str:
    """The name of a field as words: highSeason is "High season"."""
    words = " ".join(_HUMP.sub(" ", name).replace("_", " ").replace("-", " ").split())
    return words[:1].upper() + words[1:].lower() if words else name
