"""What stands within a line of a web page: formulas, quotations, sums of money; where two elements are two words, and a text is several."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from corpus.readers.draft import SURE_MARKS, Part, Parts, flat, is_ornament, raised
from corpus.readers.html.elements import said_in

ITEM_MARK: Final = f"[{SURE_MARKS}☐☑✅❌✗✘]"
"""What stands in an element of its own before an item, for a regular expression."""

COUNTER: Final = re.compile(r"\A\s*0\d\s*\Z")
"""What is drawn before each of several titles and counts them: "01"."""

# Where one element ends and the next begins a style sheet may part what the page has without a space: "30<small>Julio</small>"
_APART = (
    (
        re.compile(r"(?:[a-záéíóúüñ]{3}|[\d)%€$£])\Z"),
        re.compile(r"[A-ZÁÉÍÓÚÑ](?:[a-záéíóúüñ]{2}|[a-záéíóúüñ]?\s)|[¿¡][A-ZÁÉÍÓÚÑ]"),
    ),
    # … "Saturday<span>9am</span>", "Tinte<b>9 €</b>", "Instructor<span>Dr. Ruiz</span>", "E-mail<span>ana@club.es</span>"
    (
        re.compile(r"[A-Za-záéíóúüñ][a-záéíóúüñ]{2}\Z"),
        re.compile(
            r"[A-ZÁÉÍÓÚÑ][a-záéíóúüñ]{2}|\d{2}|\d ?(?:[ap]\.?m\b|[:.h]\d\d|[%€£]|h\b)|[$€£₡]\d|[A-Z][a-z]{1,3}\. |[\w.+-]+@\w"
        ),
    ),
    (re.compile(r"\)\Z"), re.compile(r"\d")),
    # … "<b>15 min</b><span>in the chair</span>" is left as it is: "<b>H</b>ola" looks alike; but "<span>4.</span>This" does not
    (re.compile(r"\d[.)]\Z"), re.compile(r"[A-Za-zÁÉÍÓÚÑáéíóúñ¿¡]")),
    # "<span>01</span><b>DNI in hand</b>"
    (COUNTER, re.compile(r"[A-ZÁÉÍÓÚÑ¿¡]")),
    # "<span>✓</span>Towels"
    (re.compile(rf"\A\s*{ITEM_MARK}\Z"), re.compile(r"[\w¿¡]")),
)
# … and where one ends and another begins at once: "<b>Guía</b><span>PDF", "<b>web.</b><a>Avisos", "<span>AVISO</span><b>Hoy"
_MEETING = (
    (
        re.compile(r"(?:[a-záéíóúüñ]{3}|(?:[a-záéíóúüñ]{2}|[€£$%])[.!?:…]|[®™])\Z"),
        re.compile(r"[A-ZÁÉÍÓÚÑ]{2}|[¿¡]?[A-ZÁÉÍÓÚÑ](?:[a-záéíóúüñ]|\s)"),
    ),
    (re.compile(r"[A-ZÁÉÍÓÚÑ]{2}\Z"), re.compile(r"[A-ZÁÉÍÓÚÑ][a-záéíóúüñ]{2}")),
)
_QUOTED = re.compile(r"\s*(?:[\"'“‘«„‹]|\Z)")
_IN_ANGLES: Final = frozenset("es fr it pt ca gl eu".split())
_WITHIN_WORD: Final = frozenset({"sup", "sub", "wbr", "font"})
_BLANK_LINES: Final = re.compile(r"\n[ \t\r]*\n\s*")
# So many paragraphs between blank lines, most of them long, are no accident of the source: templates leave blank lines within a sentence.
_LEAST_TYPED: Final = 3
LONG_TYPED: Final = 60
MONEY = re.compile(r"(?:US|MX|R|A|C)?\$|[€£¥₡]|S/\.?|EUR|USD|MXN|COP|CLP|ARS|PEN|GBP|[Ee]uros?")
_SUM_ALONE = re.compile(r"\d[\d.,'’]*")
_FIGURE = re.compile(r"[+~≈<>±]?\d[\d.,]{0,6}[+%kKM]?")
# "/month", "/ persona"
_PER = re.compile(r"/ ?[^\W\d_][^\n/]{0,24}")
_PRICED_IN: Final = ("heading", "paragraph", "caption")


_CAPITALS = re.compile(r"[^\W\d_a-zà-ÿ][\w.&-]*[^\W\d_a-zà-ÿ]\w?")


def spelled_out(node: Any, said: str) -> str:
    """What an ``abbr`` that is a short form, "DAB", says in full when it is pointed at: words of which its capitals are initials, in their
    order; "" for any other, an asterisk that means "required", a day of the week that is cut short."""
    words = flat((node.attributes or {}).get("title") or "")
    if _CAPITALS.fullmatch(said) is None or len(words) <= len(said):
        return ""
    initials = iter(word[0].casefold() for word in re.findall(r"[^\W\d_]+", words))
    return words if all(c.casefold() in initials for c in said if c.isupper()) else ""


def with_signs(parts: Parts) -> Parts:
    """The parts, with a sign of money in an element of its own, and what a sum is for, "/month", as parts of the sum beside them."""
    kept: list[Part] = []
    for n, part in enumerate(parts):
        before = kept[-1] if kept and kept[-1].kind in _PRICED_IN else Part("")
        after = parts[n + 1] if n + 1 < len(parts) else Part("")
        if part.kind not in _PRICED_IN:
            kept.append(part)
        elif _counts(before, part):
            before.text += f" {part.text}"
        elif MONEY.fullmatch(part.text):
            if _SUM_ALONE.fullmatch(before.text):
                before.text += f" {part.text}"
            elif after.kind in _PRICED_IN and _SUM_ALONE.fullmatch(after.text):
                after.text = f"{part.text}{after.text}"
            elif not is_ornament(part.text):
                kept.append(part)
        elif _PER.fullmatch(part.text) and _has_price(before.text):
            before.text += part.text
        else:
            kept.append(part)
    return Parts(kept) if kept else parts


def _counts(figure: Part, part: Part) -> bool:
    """Whether a figure stands large over the words that go on with it: "40", "days to return it"."""
    plain = figure.kind == part.kind == "paragraph"
    return plain and _FIGURE.fullmatch(figure.text) is not None and part.text[:1].islower()


def _has_price(text: str) -> bool:
    """Whether a text is a sum of money with its sign."""
    bare = MONEY.sub("", text).strip()
    return bare != text and _SUM_ALONE.fullmatch(bare) is not None


_MATH_MARKS: Final = {"mfrac": "/", "msup": "^", "msub": "_", "mover": "", "munder": ""}
_MAX_MATH_DEPTH: Final = 40


def formula(node: Any, depth: int = 0) -> str:
    """A formula on one line: a half is 1/2 and not 12; what else is noted of it is not read twice."""
    if node.tag == "-text":
        return flat(node.text_content or "")
    if node.tag in ("annotation", "annotation-xml") or depth > _MAX_MATH_DEPTH:
        return ""
    parts = [said for child in node.iter(include_text=True) if (said := formula(child, depth + 1))]
    mark = _MATH_MARKS.get(node.tag)
    if node.tag in ("msqrt", "mroot"):
        return f"√{_bracketed(''.join(parts[:1] if node.tag == 'mroot' else parts))}"
    if mark is None or len(parts) != 2:
        return (" " if node.tag in ("mtr", "mtd") else "").join(parts)
    base, other = map(_bracketed, parts)
    if node.tag == "msup" and (above := raised(parts[1])) != parts[1]:
        return base + above
    return f"{base}{mark}{other}"


def _bracketed(said: str) -> str:
    return said if len(said) == 1 or said.isalnum() else f"({said})"


def quotes(node: Any) -> tuple[str, str]:
    """The marks that a browser sets around a quotation in a line, by the language that the page says it is in; none where it has its own."""
    if _QUOTED.match(said_in(node)) or node.css_first("p, div, ul, table") is not None:
        return "", ""
    while node is not None and not (lang := (node.attributes or {}).get("lang") or ""):
        node = node.parent
    return ("«", "»") if node is not None and lang[:2].lower() in _IN_ANGLES else ("“", "”")


def typed(content: str) -> list[str]:
    """The paragraphs that a text without elements is, with blank lines between them as in a letter; [] where it is one. White space
    around the whole is one space."""
    before, after = (" " * content[at : at + 1 or None].isspace() for at in (0, -1))
    said = _BLANK_LINES.split(f"{before}{content.strip()}{after}")
    if len(said) < _LEAST_TYPED or 2 * sum(len(one.strip()) >= LONG_TYPED for one in said) < len(
        said
    ):
        return []
    ends = all(one.rstrip()[-1] in ".!?:…;" for one in said[:-1]) or len(said) > 2 * _LEAST_TYPED
    return said if ends and not any(one.lstrip()[:1].islower() for one in said) else []


@dataclass(frozen=True, slots=True)
class Taken:
    """What has been collected for a block."""

    lines: list[tuple[str, bool]]
    """Each line, and whether all of it is in bold."""
    spans: list[tuple[str, bool]]
    """Each piece, and whether it is."""
    strong: bool
    """Whether all lines are."""
    linked: int
    """How many characters of it stand in links …"""
    n_links: int
    """… and in how many pieces."""
    placed: bool
    """Whether some of it is an address that a map shows."""

    @property
    def text(self) -> str:
        """All lines."""
        return "\n".join(line for line, _ in self.lines)


class Words:
    """The words that are collected for a block, line by line."""

    def __init__(self) -> None:
        self._lines: list[list[str]] = [[]]
        self._spans: list[tuple[str, bool]] = []  # Each piece, and whether it is bold.
        self._plain: set[int] = set()  # The numbers of the lines that are not all bold.
        self._bold: list[
            bool
        ] = []  # Of each element around that says it, whether letters are bold.
        self._raised: list[int] = []  # Where each that stands above or below the line begins.
        self._between = (
            False  # An element that is no block has begun or ended since the last text …
        )
        self._closed = self._meeting = False  # … one has ended, and after it another begun.
        self._linked = self._n_links = 0
        self._placed = False

    @property
    def is_loud(self) -> bool:
        """Whether what comes is in bold."""
        return bool(self._bold and self._bold[-1])

    @property
    def is_raised(self) -> bool:
        """Whether what comes stands above or below the line."""
        return bool(self._raised)

    def add(self, said: str) -> None:
        """Something is said that is no text of the page itself, or white space."""
        self._lines[-1].append(said)

    def say(self, content: str, *, pre: bool, linked: bool, placed: bool) -> None:
        """A text of the page comes, after a space where two elements are two words; ``placed``: an address that a map shows, no link to
        press."""
        if self._between and not (pre or self._raised) and self._lines[-1]:
            left = self._lines[-1][-1][-4:]
            apart = _APART + _MEETING if self._meeting else _APART
            if any(ends.search(left) and begins.match(content) for ends, begins in apart):
                self._lines[-1].append(" ")
        self._between = self._closed = self._meeting = False
        self._lines[-1].append(content)
        self._spans.append((content.replace("\n", " "), self.is_loud))
        self._placed = self._placed or placed
        if linked and not placed:
            self._linked += len(flat(content))
            self._n_links += 1
        counts = COUNTER.match(content) is not None and not "".join(self._lines[-1][:-1]).strip()
        if not (self.is_loud or content.isspace() or counts):
            self._plain.add(len(self._lines) - 1)

    def open(self, tag: str) -> None:
        """An element that is no block begins."""
        if tag in ("sup", "sub"):
            self._raised.append(len(self._lines[-1]))
        else:
            self._between = tag not in _WITHIN_WORD
            self._meeting = self._between and self._closed

    def close(self, tag: str, *, is_block: bool) -> None:
        """An element ends."""
        self._closed = not is_block and tag not in _WITHIN_WORD
        self._between = self._between or self._closed

    def lower(self, tag: str) -> None:
        """What has been said since ``sup`` or ``sub`` began stands above the line or below it: 10⁶ is not 106."""
        at = self._raised.pop() if self._raised else None
        if at is not None and tag == "sup" and at <= len(self._lines[-1]):
            said = "".join(self._lines[-1][at:])
            self._lines[-1][at:] = [raised(said)]

    def embolden(self, bold: bool) -> None:
        """An element begins that says whether its letters are bold."""
        self._bold.append(bold)

    def end_bold(self) -> None:
        """It ends."""
        self._bold.pop()

    def begin_line(self, said: str = "") -> None:
        """A line begins, with these words."""
        self._lines.append([said] if said else [])
        self._spans.append(("\n", False))

    def restart(self) -> list[str]:
        """The lines, of which none is kept."""
        lines, self._lines = self._lines, [[]]
        self._spans = []
        return ["".join(line) for line in lines]

    def take(self, *, pre: bool) -> Taken:
        """What has been collected; ``pre``: with its white space."""
        spans, lines = self._spans, self.restart()
        text = "".join(lines).expandtabs(4) if pre else "\n".join(map(flat, lines))
        taken = Taken(
            [(line, n not in self._plain) for n, line in enumerate(text.split("\n"))],
            spans,
            not self._plain and any(bold for _, bold in spans),
            self._linked,
            self._n_links,
            self._placed,
        )
        self._plain, self._linked, self._n_links, self._placed = set(), 0, 0, False
        return taken
