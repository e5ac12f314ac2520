"""parse: examples per format, every error's message, invariants on random bytes, golden files."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import io
import subprocess
import sys
import threading
import unicodedata
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_office import MADE

from corpus.document import (
    HOLDERS,
    Block,
    CorpusError,
    Document,
    UnreadableDocumentError,
    UnsupportedFormatError,
)
from corpus.parse import MAX_BYTES, SUFFIXES, parse
from corpus.readers import container as read_zip
from corpus.readers.draft import known_words, seam
from corpus.readers.rows import MAX_FIELD_CHARS

DATA = Path(__file__).parent / "data"


def text_of(data: bytes | str, doc_id: str) -> str:
    return parse(data.encode() if isinstance(data, str) else data, doc_id).text


def headings_of(document: Document) -> list[tuple[int, str]]:
    return [(heading.level, heading.text) for heading in document.headings]


def check_invariants(document: Document) -> None:
    text = document.text
    assert text
    assert text == text.strip()
    assert unicodedata.is_normalized("NFC", text)
    text.encode("utf-8")
    assert not any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t" for c in text)
    assert "\n\n\n" not in text
    for heading in document.headings:
        assert text[heading.start : heading.end] == heading.text
        assert 1 <= heading.level <= 6
        assert "\n" not in heading.text
    assert [h.start for h in document.headings] == sorted(h.start for h in document.headings)
    assert list(document.page_starts) == sorted(document.page_starts)
    assert all(0 <= start <= len(text) for start in document.page_starts)
    assert document.title
    assert "\n" not in document.title
    check_blocks(document)


def check_blocks(document: Document) -> None:
    """Blocks stand in order, each inside the one that holds it, and every character that is no space is in exactly one leaf."""
    text = document.text
    covered = 0
    for number, block in enumerate(document.blocks):
        assert 0 <= block.start < block.end <= len(text)
        assert text[block.start : block.end].strip() == text[block.start : block.end]
        for a, b in block.cells or ():
            assert block.start <= a <= b <= block.end
        if block.parent is not None:
            holder = document.blocks[block.parent]
            assert block.parent < number
            assert holder.kind in HOLDERS
            assert holder.start <= block.start
            assert block.end <= holder.end
        if block.kind not in HOLDERS:
            assert not text[covered : block.start].strip()
            covered = block.end
    assert not text[covered:].strip()
    assert [(b.start, b.end) for b in document.blocks if b.kind == "heading"] == [
        (h.start, h.end) for h in document.headings
    ]


# A PDF by hand: one content stream per page, Helvetica in WinAnsi, 12 points.
def pdf_of(*pages: list[tuple[float, float, str]]) -> bytes:
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids ["
        + b" ".join(b"%d 0 R" % (4 + 2 * i) for i in range(len(pages)))
        + b"] /Count %d >>" % len(pages),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for i, lines in enumerate(pages):
        stream = b"BT /F1 12 Tf\n"
        for x, y, text in lines:
            escaped = text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(")
            stream += b"1 0 0 1 %d %d Tm (%s) Tj\n" % (x, y, escaped.replace(b")", b"\\)"))
        stream += b"ET"
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % (5 + 2 * i)
        )
        objects.append(b"<< /Length %d >> stream\n%s\nendstream" % (len(stream), stream))
    out = b"%PDF-1.4\n"
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)
    return out


def column(*lines: str, top: float = 700) -> list[tuple[float, float, str]]:
    return [(72, top - 14 * i, line) for i, line in enumerate(lines)]


def docx_of(fill: Callable[[docx.document.Document], object]) -> bytes:
    document = docx.Document()
    fill(document)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OPS/libro.opf"/></rootfiles></container>'
)
OPF = (
    '<package xmlns="http://www.idpf.org/2007/opf"><metadata '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Los años del ñandú</dc:title></metadata>'
    '<manifest><item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
    '<item id="dos" href="cap%20dos.xhtml" media-type="application/xhtml+xml"/>'
    '<item id="uno" href="../uno.xhtml" media-type="application/xhtml+xml"/>'
    '<item id="css" href="a.css" media-type="text/css"/></manifest>'
    '<spine><itemref idref="nav"/><itemref idref="uno"/><itemref idref="dos"/></spine></package>'
)


def chapter(body: str) -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml">'
        f"<head><title/></head><body>{body}</body></html>"
    )


def epub_of(**changes: str | bytes | None) -> bytes:
    parts: dict[str, str | bytes | None] = {
        "META-INF/container.xml": CONTAINER,
        "OPS/libro.opf": OPF,
        "OPS/nav.xhtml": chapter("<nav><p>Índice</p></nav>"),
        "uno.xhtml": chapter("<h1>Uno</h1><p>¿Dónde está el ñandú?</p><script/><p>Aquí.</p>"),
        "OPS/cap dos.xhtml": chapter("<h1>Two</h1><p>The rhea is gone.</p>"),
    }
    parts.update(changes)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as container:
        for name, content in parts.items():
            if content is not None:
                container.writestr(name, content)
    return file.getvalue()


# Text -------------------------------------------------------------------------------------------


def test_parse_gives_the_whole_document_of_a_text_file() -> None:
    data = "¿Qué pasó en 1897?\r\n\r\nLa señora Núñez compró el almacén.\r\n".encode()
    assert parse(data, "actas/informe_anual-2024.txt") == Document(
        doc_id="actas/informe_anual-2024.txt",
        title="Informe anual 2024",
        lang="es",
        text="¿Qué pasó en 1897?\n\nLa señora Núñez compró el almacén.",
        page_starts=(),
        headings=(),
        sha256=hashlib.sha256(data).hexdigest(),
        blocks=(
            Block("pair", 0, 54, cells=((0, 18), (20, 54))),
            Block("paragraph", 0, 18, parent=0),
            Block("paragraph", 20, 54, parent=0),
        ),
    )


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("La señora compró el almacén de la calle Mayor en mayo.", "es"),
        ("The lady bought the warehouse on Main Street in May.", "en"),
    ],
)
def test_parse_tells_spanish_from_english(text: str, lang: str) -> None:
    assert parse(text.encode(), "a.txt").lang == lang


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
def test_parse_reads_accents_and_ñ_in_every_usual_encoding(encoding: str) -> None:
    text = "¿Cuántos años tenía el ñandú? ¡Más de diez!"
    assert text_of(text.encode(encoding), "a.txt") == text


def test_parse_keeps_a_utf8_file_utf8_when_one_byte_is_damaged() -> None:
    text = "año niño cañón señal mañana otoño araña piña caña leña sueño baño " * 2
    damaged = text.encode() + b"\xff fin"
    assert text_of(damaged, "a.txt").startswith("año niño cañón")


def test_parse_normalises_to_nfc_once() -> None:
    decomposed = unicodedata.normalize("NFD", "El año del pingüino, ¡qué año!")
    assert len(decomposed) == 34
    assert text_of(decomposed, "a.txt") == "El año del pingüino, ¡qué año!"


def test_parse_removes_what_cannot_be_seen() -> None:
    hidden = "El\u200b a\xf1o\u202e\u2066 fue\ufeff bueno\u2069\x07\U000e0041.\xa0¿S\xed?"
    assert text_of(hidden, "a.txt") == "El año fue bueno. ¿Sí?"


FAMILY, SCOTLAND = (
    "👨\u200d👩\u200d👧",
    "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
)


@pytest.mark.parametrize("suffix", [".txt", ".md", ".html", ".csv"])
@pytest.mark.parametrize(
    "said",
    [
        f"La fiesta {FAMILY} es el sábado.",
        f"The flag of Scotland {SCOTLAND} and ❤\ufe0f\u200d🔥 for 👩🏽\u200d🌾.",
        f"Two families {FAMILY}{FAMILY} came.",
        "Se escribe می\u200cخواهم en persa y क्\u200dष en hindi.",
    ],
)
def test_parse_keeps_what_joins_the_pieces_of_an_emoji_or_word(said: str, suffix: str) -> None:
    assert parse(f"{said}\n".encode(), f"a{suffix}").text.rstrip(".") == said.rstrip(".")


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("La\u200d ni\u200cña 👧\u200d vino.\u200d", "La niña 👧 vino."),
        ("\u200d👧 came\u200d\u200d👦 home", "👧 came👦 home"),
        # Text can be hidden behind a flag
        ("The 🏴" + "\U000e0067" * 9 + "\U000e007f flew.", "The 🏴 flew."),
        ("El 🏴\U000e0067\U000e0062\U000e0073 voló.", "El 🏴 voló."),
        ("ser\xadvicio\u200b de\ufeff میخ\u200b", "servicio de میخ"),
    ],
)
def test_parse_removes_joiners_that_join_nothing(written: str, text: str) -> None:
    assert text_of(written, "a.txt") == text


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("\x1b[1;31mError:\x1b[0m la \x1b]0;título\x07bomba falló.", "Error: la bomba falló."),
        ("N\x08NO\x08OM\x08MB\x08BR\x08RE\x08E", "NOMBRE"),
        ("La seÃ±ora NÃºÃ±ez dijo â€œsÃ­â€\x9d a 25 Â°C. Â¿QuÃ©?", "La señora Núñez dijo “sí” a 25 °C. ¿Qué?"),
        ("The cafÃ© isnâ€™t open ðŸ˜€.", "The café isn’t open 😀."),
        ("La se\u00c3\u00b1ora dijo \u00e2\u0080\u009cs\u00c3\u00ad\u00e2\u0080\u009d, caf\u00c3\u00a9 \u00e2\u0080\u0093 5 \u00e2\u0082\u00ac.", "La señora dijo “sí”, café – 5 €."),
        ("\ufeff\ufeffTwo marks of joined files.", "Two marks of joined files."),
        ("El signo Ã± es una ñ mal leída.", "El signo Ã± es una ñ mal leída."),
        ("Una canção de São Tomé: Ãrvore Ã", "Una canção de São Tomé: Ãrvore Ã"),
        ("a Â\u20ac b", "a Â\u20ac b"),
    ],
)  # fmt: skip
def test_marks_of_terminals_and_texts_encoded_twice_are_undone(written: str, text: str) -> None:
    assert text_of(written, "a.txt") == text
    assert text_of(f"<p>{written}</p>", "a.html") == text


def test_parse_spells_out_ligatures_and_soft_hyphens() -> None:
    assert text_of("La o\ufb01cina di\xadf\xed\xad\ncil", "a.txt") == "La oficina difícil"


def test_parse_squeezes_blank_lines_and_line_ends() -> None:
    assert text_of("uno  \r\n\r\n \t\r\n\n\rdos\x0ctres\u2029cuatro", "a.txt") == (
        "uno\n\ndos\n\ntres\n\ncuatro"
    )


def test_parse_joins_the_lines_of_a_hard_wrapped_paragraph() -> None:
    wrapped = (
        "La señora Núñez llegó a Mérida en 1897 y compró el almacén de la\n"
        "calle Mayor. Nadie sabía entonces que doce años después un incen-\n"
        "dio lo destruiría. ¡Qué desgracia!\n\n"
        "Nobody was hurt in the fire, and the letters, which had been kept in a\n"
        "well-closed box, were saved.\n"
    )
    assert text_of(wrapped, "a.txt") == (
        "La señora Núñez llegó a Mérida en 1897 y compró el almacén de la calle Mayor. Nadie sabía "
        "entonces que doce años después un incendio lo destruiría. ¡Qué desgracia!\n\n"
        "Nobody was hurt in the fire, and the letters, which had been kept in a well-closed box, "
        "were saved."
    )


def test_parse_joins_the_lines_of_a_paragraph_whose_first_stands_further_in() -> None:
    wrapped = (
        "      Sección 2.  La sala de lectura abre por las tardes, pero jamás\n"
        "en agosto, y quien tiene carné puede llevarse tres libros a su casa si\n"
        "los devuelve.\n"
    )
    text = text_of(f"Normas.\n\n{wrapped}", "a.txt")
    assert "abre por las tardes, pero jamás en agosto, y quien" in text
    centred = "Club of the Old Mill and of its Boats and Oars and Lamps\n      Founded on the second of May in the year 1984\n           Changed in 1990\n"
    assert "Lamps\n" in text_of(f"Rules.\n\n{centred}", "a.txt")


def test_parse_keeps_the_lines_of_verse_and_lists() -> None:
    verse = "Caminante, son tus huellas\nel camino y nada más;\nCaminante, no hay camino,"
    items = "- un barril de aceite de oliva de primera\n- dos arrobas de vino tinto de Toro y Rueda"
    assert text_of(f"{verse}\n\n{items}", "a.txt") == f"{verse}\n\n{items}"


# Markdown ---------------------------------------------------------------------------------------


def test_parse_takes_markdown_headings_and_leaves_the_marks_out() -> None:
    document = parse(
        b"# El *a\xc3\xb1o* #\n\nUno.\n\nSegundo\n-------\nDos.\n\n#### C#\n\n#no es\n", "nota.md"
    )
    assert document.text == "El año\n\nUno.\n\nSegundo\n\nDos.\n\nC#\n\n#no es"
    assert headings_of(document) == [(1, "El año"), (2, "Segundo"), (4, "C#")]
    assert document.title == "El año"
    assert document.heading_path(document.text.index("Dos")) == ("El año", "Segundo")


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("un [enlace](https://x.es/a_(b) 'ñ') y [otro][1]\n\n[1]: http://y.es", "un enlace y otro"),
        ("**negrita**, *cursiva*, ***ambas***, __fuerte__, _suave_", "negrita, cursiva, ambas, fuerte, suave"),
        ("uno ~~tachado~~ `a*b*c` ``x`` snake_case_name 2*3*4", "uno a*b*c x snake_case_name 2*3*4"),
        (r"\*literal\* &eacute; &ntilde;", "*literal* é ñ"),
        ("![foto del ñandú](a.png) <https://e.org/a_b_c>", "foto del ñandú https://e.org/a_b_c"),
        ("línea<br>nueva <b>fuerte</b> a < b", "línea\nnueva fuerte a < b"),
        ("una\nsola frase  \notra línea", "una sola frase\notra línea"),
        ("- uno\n- [x] dos\n  sigue\n    - tres\n\nfin", "uno\n[x] dos sigue\ntres\n\nfin"),
        ("1. primero\n2. segundo", "1. primero\n2. segundo"),
        ("> cita\n> sigue\n\n---\n\nfin", "cita sigue\n\nfin"),
        ("| Año | País |\n|---|:-:|\n| 1897 | `ES` |", "Año | País\n1897 | ES"),
        ("```python\ndef f(x):\n\n    return x * 2  # ¡sí!\n```\nfin", "def f(x):\n\n    return x * 2  # ¡sí!\n\nfin"),
        ("antes <!-- no --> después <!--\n# tampoco\n--> fin", "antes después\n\nfin"),
        ("Dato.[^1]\n\n[^1]: La nota.", "Dato.\n\nLa nota."),
    ],
)  # fmt: skip
def test_parse_strips_light_markup_so_that_quotes_read_well(markdown: str, text: str) -> None:
    assert text_of(markdown, "a.markdown") == text


def test_headings_of_markdown_may_have_no_space_after_their_signs() -> None:
    document = parse(
        "#Reglas de C#\n\n###Plazos###\nHasta mayo, #remo.\n\n#remo\n\n##¿Where?\nLeeds. Room\n#4.".encode(),
        "a.md",
    )
    assert headings_of(document) == [(1, "Reglas de C#"), (3, "Plazos"), (2, "¿Where?")]
    assert document.text.endswith("Hasta mayo, #remo.\n\n#remo\n\n¿Where?\n\nLeeds. Room #4.")
    assert text_of("Busca #Remo o\n#Lago.", "a.md") == "Busca #Remo o #Lago."


def test_parse_of_markdown_keeps_the_lines_of_code_that_stand_further_in() -> None:
    document = parse(
        "# Guía\n\nEscriba:\n\n    make build\n      cd año\n\n    make serve\n\nUn texto que\n    sigue.\n\n- uno\n\n"
        "    sigue uno\n\nNota[^1].\n\n[^1]: Primera.\n\n    Segunda.\n\nEnd:\n\n\tls -l\n# Fin".encode(),
        "a.md",
    )
    code = [document.text[b.start : b.end] for b in document.blocks if b.kind == "code"]
    assert code == ["make build\n  cd año\n\nmake serve", "ls -l"]
    assert "Un texto que sigue." in document.text
    assert [h.text for h in document.headings] == ["Guía", "Fin"]


@pytest.mark.parametrize(
    ("indented", "expected"),
    [
        (["    Atentamente,", "        Rosa Vidal, tesorera"], ["Atentamente,\nRosa Vidal, tesorera"]),
        (["\tMill Lane Trust", "\tLeeds LS1 4AP"], ["Mill Lane Trust\nLeeds LS1 4AP"]),
        (
            ["    1. The garden:", "", "    • Weeding;", "    • Watering the beds."],
            ["1. The garden:", "Weeding;", "Watering the beds."],
        ),
        (["    * Los vuelos cuestan 60 €.", "    * El hotel, 90 €."], ["Los vuelos cuestan 60 €.", "El hotel, 90 €."]),
    ],
)  # fmt: skip
def test_what_stands_four_spaces_in_and_is_prose_is_no_code(
    indented: list[str], expected: list[str]
) -> None:
    document = parse("\n".join(["# Acta", "", "Se levanta.", "", *indented, "", "Fin."]).encode(), "a.md")  # fmt: skip
    inner = [b for b in document.blocks if b.kind in ("paragraph", "item", "code", "label")]
    assert "code" not in {b.kind for b in inner}
    assert [document.text[b.start : b.end] for b in inner] == ["Se levanta.", *expected, "Fin."]


@pytest.mark.parametrize(
    ("first", "second", "third"),
    [
        ("**Artículo 1 – Riego**", "**Artículo 2 – Keys**", "**Artículo 3 – Llaves**"),
        ("## Riego", "## Keys", "## Llaves"),
    ],
)
def test_plain_text_that_is_written_in_markdown_is_read_as_such(
    first: str, second: str, third: str
) -> None:
    body = "Se riega **de noche**, de diez a once, y nadie deja el grifo abierto cuando se va."
    text = f"{first}\n\n{body}\n\n{second}\n\nThe key hangs *behind* the door of the shed.\n\n{third}\n\n{body}\n"
    document = parse(text.encode(), "a.txt")
    assert [h.text for h in document.headings] == [
        one.strip("*# ") for one in (first, second, third)
    ]
    assert "*" not in document.text
    few = parse(f"{first}\n\n{body}\n".encode(), "a.txt")
    assert few.text == f"{first}\n\n{body}"


def test_underlined_lines_of_plain_text_are_headings() -> None:
    text = "ESTATUTOS\n=========\n\n1. Objeto\n---------\nEl club cuida del lago y de sus barcas.\n\nSee also:\n---\nEnd"
    document = parse(text.encode(), "a.txt")
    assert [(h.level, h.text) for h in document.headings] == [(1, "ESTATUTOS"), (2, "1. Objeto")]
    assert document.text.startswith("ESTATUTOS\n\n1. Objeto\n\nEl club cuida")


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("# Año {#ano .clase}\n\n[TOC]\n\nHola", "Año\n\nHola"),
        ("# Uno\n\n* Índice\n{:toc .toc-2}\n\n1. TOC\n{:toc}\n\n* Hola\n{:.lead}", "Uno\n\nHola"),
        ("Ver [[wiki|el enlace]] y [[Otra]].", "Ver el enlace y Otra."),
        ("::: note\nAviso\n:::\n\nFin", "Aviso\n\nFin"),
        (':::tip[Consejo]\nBeba agua.\n:::\n\n!!! warning "Ojo"\n    Hay perro.', "Consejo\nBeba agua.\n\nOjo\nHay perro."),
        ("> [!WARNING]\n> Hay perro.", "Hay perro."),
        ("!!! note\n\n    Hay **perro**.", "Hay perro."),
        ("!!! Atención a todos", "!!! Atención a todos"),
        ("Vea :material-map: [el plano](plano.md){ .boton } hoy.", "Vea el plano hoy."),
        ("Nos vemos :wink:, hasta el lunes :tada:", "Nos vemos, hasta el lunes"),
        ("Perros :x: y gatos :white_check_mark:", "Perros ❌ y gatos ✅"),
        ("**:rotating_light: Bring :cow: milk at 10:30:45.**", "Bring 🐄 milk at 10:30:45."),
        (":author: Jane, `:wink:` and a:b:c", ":author: Jane, :wink: and a:b:c"),
        ("Wow!!! A great day", "Wow!!! A great day"),
        ("{% include aviso.html %}\n\nLa piscina abre a las {{ hora }}diez.\n{: .lead}\n\n{{< note >}}", "La piscina abre a las diez."),
        ("Write `{% raw %}` and `{{ x }}` as they are, {a} too.", "Write {% raw %} and {{ x }} as they are, {a} too."),
        ("Apúntese:\n\n[Aquí](/a)\n{ .boton }\n\n![](lago.png){.hero}\n\nFin\n{.wide}", "Apúntese:\n\nAquí\n\nFin"),
        ("Cards :es: :uruguay: :uk:, :octocat: too\n\n{x, y}", "Cards 🇪🇸 🇺🇾 🇬🇧, too\n\n{x, y}"),
        ("# `![Logo of the club](logo.png) Rules\n\nUno.\n\n![El escudo](e.png) Estatutos\n===", "Rules\n\nUno.\n\nEstatutos"),
        ("# ![The old mill](mill.png)\n\nOne.", "The old mill\n\nOne."),
        ("1. uno\n1. dos\n1. tres\n\nFin\n\n1. cuatro", "1. uno\n2. dos\n3. tres\n\nFin\n\n1. cuatro"),
        ("1. one\n\t* a\n\t* b\n1. two\n3. five", "1. one\na\nb\n2. two\n3. five"),
    ],
)  # fmt: skip
def test_what_programs_take_for_themselves_in_markdown_is_no_text(written: str, text: str) -> None:
    assert text_of(written, "a.md") == text


_SHORTCODES = (
    '[vc_row type="wide"][vc_column]{0}[accordion style="x"][accordion_tab title="¿Hay taquillas?"][vc_column_text]Hay 20 [b]taquillas[/b]'
    ' junto a la puerta.[/vc_column_text][/accordion_tab][accordion_tab title="May I bring guests?"]{1}Two of them.{1}[/accordion_tab]'
    "[/accordion][/vc_column][/vc_row]"
)


@pytest.mark.parametrize(
    "page",
    [
        ("---\npost_title: Club\n---\n" + _SHORTCODES.format("Bienvenidos\n", "\n"), "a.md"),
        (_SHORTCODES.format("Bienvenidos\n\n", "\n"), "a.txt"),
        (
            f"<title>Club</title><p>{_SHORTCODES.format('</p><p>Bienvenidos</p>', '<p>')}</p>",
            "a.html",
        ),
    ],
    ids=["markdown", "text", "page"],
)
def test_shortcodes_are_markup_and_their_titles_head_what_they_hold(page: tuple[str, str]) -> None:
    document = parse(page[0].encode(), page[1])
    assert document.text == (
        "Bienvenidos\n\n¿Hay taquillas?\n\nHay 20 taquillas junto a la puerta.\n\nMay I bring guests?\n\nTwo of them."
    )
    assert [level for level, _ in headings_of(document)] == [2, 2]
    assert sum(block.kind == "pair" for block in document.blocks) == 2


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("# Baile\n\n[tab title=&quot;Mayo&quot;]El día 3.[/tab]", "Baile\n\nMayo\n\nEl día 3."),
        ('Antes\n\n[slider id="4"]\n\n[gallery]\n\nFin', "Antes\n\nFin"),
        ("[caption id='1']![El molino](m.jpg) El molino[/caption]", "El molino El molino"),
        (
            "He [sic] said [1] so, [name], [a](b).\n\n[name]",
            "He [sic] said [1] so, [name], a.\n\n[name]",
        ),
        ('Type `[tab title="x"]y[/tab]` there.', 'Type [tab title="x"]y[/tab] there.'),
        ('Put [form id="1"] on a page.', 'Put [form id="1"] on a page.'),
        ('```\n[tab title="x"]y[/tab]\n```', '[tab title="x"]y[/tab]'),
    ],
)
def test_only_what_is_a_shortcode_is_read_as_one(written: str, text: str) -> None:
    assert text_of(written, "a.md") == text


@pytest.mark.parametrize(
    "front", ['---\ntitle: "Año: cero"\n---\n', "+++\ntitle = 'Año: cero'\n+++\n"]
)
def test_parse_takes_the_title_from_front_matter(front: str) -> None:
    document = parse(f"{front}# Otro\n\nTexto".encode(), "a.md")
    assert document.title == "Año: cero"
    assert document.text == "Otro\n\nTexto"


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("● Normas de la piscina", "Normas de la piscina"),
        ("■ Rules of the pool ■", "Rules of the pool ■"),
        ("Notas de `<img alt=x>`", "Notas de <img alt=x>"),
        ("«La casa» de todos", "«La casa» de todos"),
        ("The `--quiet` option", "The --quiet option"),
    ],
)
def test_a_title_loses_a_bullet_before_it_and_nothing_else(heading: str, title: str) -> None:
    assert parse(f"# {heading}\n\nTexto.\n".encode(), "a.md").title == title


def test_tags_within_the_title_of_a_page_are_no_part_of_it() -> None:
    said = [
        parse(f"<title>{title}</title><p>El taller abre los lunes.</p>".encode(), "a.html").title
        for title in ("Garantía – <strong class=x>Barcas</strong>", "Oars &lt;br/&gt; and jetties", "Si a < b y c > d", "&lt;b&gt;: palabras en negrita")
    ]  # fmt: skip
    assert said == [
        "Garantía – Barcas",
        "Oars and jetties",
        "Si a < b y c > d",
        "<b>: palabras en negrita",
    ]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("# ■\n\nEl huerto abre a las nueve.", "Aviso huerto"),
        ("# ★ ★\n\n# Opening hours\n\nNine to five.", "Opening hours"),
    ],
)
def test_a_heading_of_nothing_but_ornaments_is_no_title(text: str, title: str) -> None:
    assert parse(text.encode(), "aviso_huerto.md").title == title


# HTML -------------------------------------------------------------------------------------------

PAGE = """<!doctype html><html><head><title>Un a&ntilde;o &mdash; Diario</title><style>p{}</style></head>
<body><nav>Menú</nav><header><img alt="x"><h1>El Diario</h1>Suscríbase</header>
<main><article><header><h2>El <em>ñandú</em></h2></header>
<p>Hola <b>mun</b>do &amp; m&aacute;s,<br>otra línea.<sup class="reference">[1]</sup></p>
<ul><li>uno<li>dos<ul><li>tres</ul></ul>
<table><caption>Ventas</caption><tr><th>País</th><th>Año</th></tr><tr><td>España</td><td>1897</td></tr></table>
<pre>a
   b</pre><div hidden>no</div><div style="display: none">no</div><p aria-hidden="true">no</p>
<aside>Un recuadro</aside><blockquote>¡Sí!<footer>Ana</footer></blockquote></article></main>
<footer><p>Calle Mayor, 3</p><p>© 2024 El Diario</p></footer><script>var no;</script><template>no</template></body></html>"""


def test_parse_gives_what_a_reader_of_the_page_sees() -> None:
    document = parse(PAGE.encode(), "a.html")
    assert document.title == "Un año — Diario"
    assert document.text == (
        "El Diario\n\nEl ñandú\n\nHola mundo & más,\notra línea.\n\nuno\ndos\ntres\n\nVentas\n\n"
        "País | Año\nEspaña | 1897\n\na\n   b\n\nUn recuadro\n\n¡Sí!\n\nAna\n\nCalle Mayor, 3"
    )
    assert headings_of(document) == [(1, "El Diario"), (2, "El ñandú")]


def html(body: str) -> str:
    return parse(f"<html><body>{body}</body></html>".encode(), "a.html").text


@pytest.mark.parametrize(
    "body",
    [
        '<header><h1><img src="logo.png"></h1></header><p>Abrimos en mayo.</p>',
        '<header><h1><a href="/"><img alt="Logo"></a></h1><h1> </h1></header><h2></h2><p>Abrimos en mayo.</p>',
        "<h1></h1><ul><li></li></ul><table><tr><td></td></tr></table><dl><dt></dt><dd></dd></dl><p>Abrimos en mayo.</p>",
    ],
)  # fmt: skip
def test_headings_lists_and_tables_may_be_empty(body: str) -> None:
    page = parse(f"<title>Barcas del Lago</title>{body}".encode(), "a.html")
    assert (page.title, page.text) == ("Barcas del Lago", "Abrimos en mayo.")


@pytest.mark.parametrize(
    "row",
    [
        '<div class="x"><div class="check" onclick="t()">✓</div><span>{}</span></div>',
        '<div class="x"><div>☐</div> <div><b>{}</b></div></div>',
        "<div><span>•</span>{}</div>",
    ],
)
def test_a_mark_in_a_box_of_its_own_begins_the_item_beside_it(row: str) -> None:
    items = ["Recoger las toallas", "Hand back both keys"]
    page = parse(f"<h1>Cabaña</h1>{''.join(map(row.format, items))}".encode(), "a.html")
    said = [page.text[one.start : one.end] for one in page.blocks if one.kind == "item"]
    assert [one[0] in "✓☐•" and one[2:] for one in said] == items


def test_a_mark_beside_others_or_below_a_name_is_a_value() -> None:
    row = "<div><div>{}</div><div>✓</div><div>Sí</div></div>"
    page = html(f"<h1>Cabaña</h1>{row.format('Toallas')}{row.format('Sauna')}")
    assert page == "Cabaña\n\nToallas\n\n✓\n\nSí\n\nSauna\n\n✓\n\nSí"


@pytest.mark.parametrize(
    ("front", "back"), [("card-front", "card-back"), ("cara frente", "cara reverso")]
)
def test_the_back_of_a_card_that_turns_over_is_read_and_the_button_is_not(
    front: str, back: str
) -> None:
    turn = '<button class="flip-toggle" aria-pressed="false">Click to flip</button>'
    sides = f"""<section class="{front}">{turn}<p>Se acampa en mayo.</p></section>
        <section class="{back}" aria-hidden="true">{turn}<p>Traed linterna.</p></section>"""
    assert html(f"<h1>Campo</h1>{sides}") == "Campo\n\nSe acampa en mayo.\n\nTraed linterna."
    hidden = '<p>Se acampa.</p><a class="back" aria-hidden="true">Arriba del todo</a>'
    assert "Arriba" not in html(f"<h1>Campo</h1>{hidden}")


def test_lines_of_markdown_break_where_a_backslash_says_so_in_what_is_folded_as_well() -> None:
    folded = "<details>\n<summary>Qué traer</summary>\n\nToallas \\\nJabón y\npeine\n\n</details>\n"
    assert text_of(f"# Cabaña\n\n{folded}", "a.md").endswith("Toallas\nJabón y peine")


_LAW = """Ley de Barcas
Contenido
Tabla de reformas . . . . . . . . . . . . . . . . 205,101
Ley de Barcas . . . . . . . . . . . . . . . . . . 205,201
1 Título
2 Boats to be tied up
3 Luces
Hoja 205,001

[The next page is 205,101]
1 Título
(1) Esta ley se llama Ley de
Barcas.
(2) Rige desde mayo.
2 Boats to be tied up
No person may leave a boat
unless it is tied up.
[Section 2: replaced in 1990.]
LEY DE BARCAS s 2
Hoja 205,101

3 Luces
(1) Toda barca lleva 2 Luces
de noche y las
LEY DE BARCAS s 3
Hoja 205,102

enciende a las ocho.
(2) Nadie las apaga.
"""


def test_a_law_without_marks_has_its_sections_for_headings_and_no_feet_of_pages() -> None:
    document = parse(_LAW.encode(), "ley.md")
    titles = ["1 Título", "2 Boats to be tied up", "3 Luces"]
    assert headings_of(document) == [(2, title) for title in titles]
    assert "(1) Toda barca lleva 2 Luces de noche y las enciende a las ocho." in document.text
    assert "tied up.\n\n[Section 2: replaced in 1990.]\n\n3 Luces" in document.text
    assert not any(word in document.text for word in ("Hoja", "LEY DE BARCAS", "next page"))
    said = [document.text[b.start : b.end] for b in document.blocks if b.kind == "contents"]
    assert [one.partition(" .")[0] for one in said[-2:]] == ["Tabla de reformas", "Ley de Barcas"]


@pytest.mark.parametrize(
    "text",
    [
        # A list of few words, sections that nothing divides, and what has marks of its own
        "1 Remos\n2 Velas\n3 Anclas\n(1) Se piden en caja.\n(2) Se devuelven.",
        "1 Remos\nSe piden.\n2 Velas\nSe cosen.\n3 Anclas\nSe pesan.",
        "# Ley\n\n1 Remos\n(1) Se piden.\n2 Velas\n(1) Se cosen.\n3 Anclas\n(1) Se pesan.",
    ],
)
def test_counted_lines_that_may_be_anything_are_no_sections(text: str) -> None:
    assert not [title for _, title in headings_of(parse(text.encode(), "a.md")) if title[0] == "3"]


def test_a_list_of_names_in_what_a_name_means_has_entries_of_its_own() -> None:
    inner = "<dl><dt>Child<dd>5 €<dt>Adult<dd>9 €</dl>"
    page = f"<h1>Cuotas</h1><dl><dt>Socios<dd>Pagan en mayo.<dt>Guests<dd>{inner}<dd>Al llegar.<dt>Otros<dd>Nada</dl>"
    document = parse(page.encode(), "a.html")
    said = [
        tuple(document.text[start:end] for start, end in block.cells)
        for block in document.blocks
        if block.kind == "definition"
    ]
    entries = [("Socios", "Pagan en mayo."), ("Child", "5 €"), ("Adult", "9 €"), ("Otros", "Nada")]
    assert said == entries
    assert "Guests\n\nChild" in document.text


@pytest.mark.parametrize("order", [("tfoot", "tbody"), ("tbody", "tfoot")])
def test_the_foot_of_a_table_comes_last_wherever_it_is_written(order: tuple[str, str]) -> None:
    rows = {
        "tbody": "<tr><td>Remos</td><td>4</td></tr><tr><td>Velas</td><td>5</td></tr>",
        "tfoot": "<tr><td>Total</td><td>9</td></tr>",
    }
    body = "".join(f"<{one}>{rows[one]}</{one}>" for one in order)
    table = f"<table><thead><tr><th>Cosa</th><th>Número</th></tr></thead>{body}</table>"
    assert html(f"<p>Hay:</p>{table}") == "Hay:\n\nCosa | Número\nRemos | 4\nVelas | 5\nTotal | 9"
    assert html(f"<p>Hay:</p><table><tfoot>{rows['tbody']}</tfoot></table>").endswith(
        "Hay:\n\nRemos | 4\nVelas | 5"
    )


_SUBSCRIBE = "<form><input type=email><button>Go</button></form>"


@pytest.mark.parametrize(
    ("box", "is_read"),
    [
        ("<div><h4>¿Te ha sido útil esta página?</h4><form><label>Sí</label><input type=radio><textarea></textarea></form></div>", False),
        ("<p>Was this page helpful? <button>Yes</button> <button>No</button></p>", False),
        ('<div id="respond" class="comment-respond"><h3>Leave a reply</h3><p>Your address is kept secret.</p><form><textarea></textarea></form></div>', False),
        (f"<div><h3>Stay close</h3><div><p>Our newsletter comes out in May.</p>{_SUBSCRIBE}</div></div>", False),
        ('<section class="related-posts"><h2>More</h2><article><a href="/b">Velas</a><p>How to mend a sail at home.</p></article></section>', False),
        ('<div><a href="/a">Anterior</a> 1 <a href="/2">2</a> <a href="/3">3</a> <a href="/b">Siguiente »</a></div>', False),
        ('<ul><li>1</li><li><a href="/2">2</a></li><li><a href="/2">Next</a></li></ul>', False),
        ("<article><aside>Lee también: <a href='/b'>Cómo se cosen las velas</a></aside></article>", False),
        ("<div><h3>Stay in touch</h3><p>Get our newsletter every month.</p><a href='/n'>Sign up</a></div>", False),
        ("<section><h3>Suscríbete al boletín</h3><p>Lo que pasa en el lago.</p><p><a href='/n'>Suscribirme</a></p></section>", False),
        ("<div><p>Newsletter</p><p>Subscribe to get it by e-mail.</p><form><input type=email><button>Subscribe</button></form></div>", False),
        # … but this is text
        ("<p>Was this boat helpful?</p><p>It carries 3.</p>", True),
        (f"<div><p>Ask by e-mail for a seat.</p>{_SUBSCRIBE}</div>", True),
        ("<div><p>The newsletter comes by e-mail on 1 May.</p><a href='/n'>Sign up</a></div>", True),
        ("<ul><li><a href='/n'>Sign up</a></li><li>Get the newsletter</li><li><a href='/m'>Mend a boat</a></li></ul>", True),
        ('<div class="related-costs"><p>La fianza son 20 €. <a href="/b">Ver</a></p></div>', True),
        ('<ul><li><a href="/1">1</a></li><li><a href="/2">2</a></li></ul>', True),
        ("<article><aside>Lee también las normas del lago: no se nada.</aside></article>", True),
    ],
)  # fmt: skip
def test_what_is_to_rate_to_subscribe_or_to_read_next_is_no_text(box: str, is_read: bool) -> None:
    page = f"<h1>Barcas</h1><p>Se rema en mayo.</p>{box}<p>Traed chaleco.</p>"
    said = html(page).removeprefix("Barcas\n\nSe rema en mayo.").removesuffix("Traed chaleco.")
    assert bool(said.strip()) == is_read


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("By <a href='/a'>Ann Lowe</a>", "Ann Lowe"),
        ("Por Eva de la Cruz y Luis Sanz | 3 de mayo de 2031", "Eva de la Cruz y Luis Sanz"),
        ("Written by Ann B. Lowe", "Ann B. Lowe"),
        ("By Appointment Only", ""),
        ("Por la mañana hay barcas", ""),
    ],
)
def test_a_line_that_says_who_wrote_a_text_is_a_label(line: str, name: str) -> None:
    page = f"<h1>Barcas</h1><p>{line}</p><p>Se rema en mayo.</p>"
    document = parse(page.encode(), "a.html")
    labels = [block for block in document.blocks if block.kind == "label"]
    said = [document.text[slice(*(block.cells or ((0, 0),))[1])] for block in labels]
    assert said == ([name] if name else [])


def test_who_wrote_a_page_is_read_among_the_buttons_that_share_it() -> None:
    links = "<a href='/eva'>Por Eva Gil</a> <a href='/f'>Facebook</a> <a href='/w'>WhatsApp</a>"
    page = f'<h1>Barcas</h1><div class="share">{links}</div><p>Se rema en mayo.</p>'
    assert html(page) == "Barcas\n\nPor Eva Gil\n\nSe rema en mayo."
    head = f"<header><h1>Barcas</h1><div>Por Eva Gil</div></header>{page[page.index('<p>') :]}"
    assert html(head) == html(page)


def test_a_sentence_goes_on_behind_what_is_left_out_of_it() -> None:
    aside = '<aside class="related-links"><a href="/b">Velas</a></aside>'
    page = f"<article><h1>Barcas</h1><p>Las barcas {aside} se guardan en mayo.</p><p>Fin.</p></article>"
    assert html(page) == "Barcas\n\nLas barcas se guardan en mayo.\n\nFin."


def _card(name: str, *lines: str) -> str:
    body = "".join(f"<p>{line}</p>" for line in lines)
    reach = (
        '<a href="https://wa.me/34600555010">WhatsApp →</a> <a href="https://lago.es">lago.es →</a>'
    )
    head = f'<div class="x-card-head"><span class="x-card-name">{name}</span> <a href="https://lago.es/@{name}">@{name.lower()}</a></div>'
    return f'<div class="x-card">{head}{body}<div class="x-card-footer">{reach}</div></div>'


def test_cards_alike_have_their_names_for_headings_and_their_feet_are_read() -> None:
    cards = _card("Remos", "Barcas de remo.") + _card("Velas", "Sailing boats for two.")
    document = parse(f"<h1>Lago</h1><h2>Quién alquila</h2><div>{cards}</div>".encode(), "a.html")
    assert headings_of(document)[2:] == [(3, "Remos"), (3, "Velas")]
    assert "Barcas de remo.\n\nWhatsApp → (34600555010) lago.es →" in document.text
    # One alone may be called so for anything
    alone = parse(f"<h1>Lago</h1>{_card('Remos', 'Barcas.')}".encode(), "a.html")
    assert headings_of(alone) == [(1, "Lago")]


def _column(name: str, *items: str) -> str:
    listed = "".join(f"<li>{item}</li>" for item in items)
    return f'<div class="box"><div><i></i> {name}</div><div><ul>{listed}</ul></div></div>'


def _grid(names: list[str], *cells: str) -> str:
    head = "".join(f'<div class="cell bold">{name}</div>' for name in names)
    body = "".join(f'<div class="cell">{cell}</div>' for cell in cells)
    return f'<div class="grid">{head}{body}</div>'


@pytest.mark.parametrize(
    ("body", "rows"),
    [
        (_grid(["Horas", "Precio"], "½", "6 €", "1", "10 €", "2", "18 €"), ["Horas | Precio", "½ | 6 €", "1 | 10 €", "2 | 18 €"]),
        (_grid(["Boat", "Seats", "Per hour"], "Canoe", "3", "$9", "Kayak", "1", "$7.50"), ["Boat | Seats | Per hour", "Canoe | 3 | $9", "Kayak | 1 | $7.50"]),
        (
            f'<div class="row">{_column("Barca", "De 1 a 3 plazas", "De 4 a 6 plazas")}{_column("Invierno", "5 €", "8 €")}{_column("Verano", "7 €", "12 €")}</div>',
            ["Barca | Invierno | Verano", "De 1 a 3 plazas | 5 € | 7 €", "De 4 a 6 plazas | 8 € | 12 €"],
        ),
        # What lists have in common is not that they are columns: of another length, without names of rows, with words
        (f'<div class="row">{_column("Boat", "Canoe", "Kayak", "Raft")}{_column("Price", "$5", "$8")}</div>', []),
        (f'<div class="row">{_column("Monday", "9:00", "11:00")}{_column("Friday", "10:00", "12:00")}</div>', []),
        (f'<div class="row">{_column("Básico", "Una barca", "2 remos")}{_column("Completo", "Dos barcas", "4 remos")}</div>', []),
        (f'<div>{_column("Boat", "Canoe", "Kayak")}{_column("Price", "$5", "$8")}</div>', []),
        (_grid(["Remar", "Nadar"], "Todo el año", "En verano", "Con chaleco", "Sin chaleco"), []),
        (_grid(["Boat", "Price"], "Canoe", "$9", "Kayak"), []),
    ],
)  # fmt: skip
def test_a_grid_of_boxes_is_a_table_where_cells_or_columns_are_sure(
    body: str, rows: list[str]
) -> None:
    document = parse(f"<h1>Lago</h1><p>Se rema en mayo.</p>{body}".encode(), "a.html")
    said = [
        " | ".join(document.text[start:end] for start, end in block.cells)
        for block in document.blocks
        if block.kind == "row"
    ]
    assert said == rows


@pytest.mark.parametrize(
    ("lines", "labels"),
    [
        (["Teléfono", "944 555 010", "Correo", "taller@lago.es"], ["Teléfono\n944 555 010", "Correo\ntaller@lago.es"]),
        (["Opening hours", "Monday 9:00 to 14:00", "Friday 9:00 to 12:00"], ["Opening hours\nMonday 9:00 to 14:00\nFriday 9:00 to 12:00"]),
        (["Address", "12 Mill Lane"], ["Address\n12 Mill Lane"]),
        # The hours are no number to call
        (["Emergency:", "01632 555 013", "01632 555 014", "Wed 9:00 to 14:00"], ["Emergency:\n01632 555 013\n01632 555 014"]),
        # What asks, or heads other things, names none of them
        (["Contact us?", "01632 555 013"], []),
        (["Horarios", "Se rema todo el año."], []),
    ],
)  # fmt: skip
def test_a_line_that_names_how_somebody_is_reached_and_what_stands_below_are_one(
    lines: list[str], labels: list[str]
) -> None:
    boxes = "".join(f'<div class="col">{line}</div>' for line in lines)
    page = f"<html><body><h1>Lago</h1><p>Se rema en mayo.</p>{boxes}</body></html>"
    document = parse(page.encode(), "a.html")
    found = [document.text[b.start : b.end] for b in document.blocks if b.kind == "label"]
    assert found == labels


@pytest.mark.parametrize(
    ("notice", "is_read"),
    [
        ('<p id="talla-error" class="mt-1 hidden">Esa talla se ha agotado.</p>', False),
        ('<div class="alert d-none">We could not send it.</div>', False),
        ('<div id="toast" class="fixed">¡Añadido a la cesta!</div>', False),
        ('<span class="invalid-feedback">Please choose a size.</span>', False),
        ('<div id="cart-drawer"><h2>Your bag</h2><p>Your bag is empty</p><p>Total 0 €</p></div>', False),
        ('<div class="carrito"><p>El carrito está vacío.</p></div>', False),
        # … but this is text
        ('<p class="alert">Cerramos en agosto.</p>', True),
        ('<div class="message hidden md:block">We close in August.</div>', True),
        ('<p class="toast">French toast, 4 €</p>', True),
        ('<div class="cart"><p>What if my cart is empty? Reload the page.</p></div>', True),
        ('<div class="cesta"><p>La cesta de verduras pesa 5 kg.</p></div>', True),
    ],
)  # fmt: skip
def test_what_a_form_or_a_shop_has_not_said_yet_is_no_text(notice: str, is_read: bool) -> None:
    page = f"<script>run()</script><h1>Camisetas</h1><p>Cuestan 9 €.</p>{notice}"
    said = html(page).removeprefix("Camisetas\n\nCuestan 9 €.")
    assert bool(said) == is_read


@pytest.mark.parametrize("said", ["Sacar al perro", "Walk the dog"])
def test_the_name_of_a_picture_that_a_font_draws_is_no_word(said: str) -> None:
    picture = '<span class="material-symbols-outlined text-3xl">pet_supplies</span>'
    assert html(f"<h2>{picture}{said}</h2><p>Dos veces al día. Twice a day.</p>") == (
        f"{said}\n\nDos veces al día. Twice a day."
    )
    assert "Two dogs" in html(f'<p class="material-icons-text">Two dogs</p><p>{said}.</p>')


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<h2><button>¿Cómo me apunto?</button></h2><div>En la oficina.</div>", "¿Cómo me apunto?\n\nEn la oficina."),
        ('<button class="accordion">How do I join?</button><p>At the office.</p>', "How do I join?\n\nAt the office."),
        ("<p>Elija.</p><button>Enviar</button>", "Elija."),
        ('<h2>Plazos</h2><div class="panel" style="display:none">Hasta mayo.</div>', "Plazos\n\nHasta mayo."),
        ('<p>Fees</p><div class="tab-pane" aria-hidden="true">Two euros.</div>', "Fees\n\nTwo euros."),
        ('<p>Uno.</p><div style="display:none">oculto</div><p hidden>hidden</p>', "Uno."),
        ("<p>Cuesta <del>60</del> <ins>42</ins> euros, at <s>8:00</s> 9:30.</p>", "Cuesta 42 euros, at 9:30."),
        ('<div id="cookie-banner">Usamos cookies.</div><p>El taller.</p>', "El taller."),
        ('<div class="gdpr-bar">Al seguir navegando acepta nuestra política.</div><p>El taller.</p>', "El taller."),
        ('<div class="menu"><ul><li><a href="/">Inicio</a></li></ul></div><p>The shop.</p>', "The shop."),
        ('<div class="menu"><p>Sopa de ajo</p><p>Pan</p></div>', "Sopa de ajo\n\nPan"),
        ("<main><aside>Traiga el DNI.</aside></main><aside>Lo más leído</aside>", "Traiga el DNI."),
        ('<p>Uno.</p><footer><p>Tel. <a href="tel:600">600</a></p></footer>', "Uno.\n\nTel. 600"),
        ('<p>15<span style="vertical-align:super">3</span> días, H<small style="vertical-align: sub">2</small>O</p>', "15³ días, H2O"),
        ("<style>.n, a.note{font-size:8px;vertical-align:super}</style><p>Takes 45<span class=n>3</span> minutes, £50<a class=note>(4)</a></p>", "Takes 45³ minutes, £50⁽⁴⁾"),
        ("<style>.m{display:none}</style><button aria-expanded=false aria-controls=k>Más</button><div id=k class=m>Los lunes.</div><div class=m>No.</div>", "Más\n\nLos lunes."),
        ('<p>Dura 4<a class="footnote-ref" href="#f1">1</a> años, 7<a role="doc-noteref" href="#f2"><sup>2</sup></a> meses, 18<span class="superscript">3</span> días y 2<a epub:type="noteref" href="#f4">4</a> horas.</p>', "Dura 4¹ años, 7² meses, 18³ días y 2⁴ horas."),
        ("<p lang=es>Lo llaman <q>El Pozo</q>, o <q>«La Sima»</q>.</p>", "Lo llaman «El Pozo», o «La Sima»."),
        ("<p>She said <q lang=en>No</q>.</p>", "She said “No”."),
        ("<p>Unos <ruby>zuecos<rp>(</rp><rt>madreñas</rt><rp>)</rp></ruby> y <ruby>pan<rt></rt></ruby>.</p>", "Unos zuecos (madreñas) y pan."),
        ('<p>Se fundó en 1903.<span epub:type="pagebreak" title="21">21</span> It grew<a role="doc-pagebreak">[p. xii]</a>.</p>', "Se fundó en 1903. It grew."),
        ('<p>Era <span epub:type="pagebreak">una casa</p>', "Era una casa"),
        ('<p>Antes <span class="sr">12 €.</span><i hidden>12</i><span class="sr">Ahora 9 €.</span></p>', "Antes 12 €. Ahora 9 €."),
        ("<p>Cuesta 18<sup>1, 2</sup> euros.</p>", "Cuesta 18¹, ² euros."),
        ("<section><header><button>¿Cuánto dura?</button></header><div>Una hora.</div></section>", "¿Cuánto dura?\n\nUna hora."),
        ("<div><div class=h><button>Parking</button></div><div>Twenty places.</div></div><div><div class=h><button>Dogs</button></div><div>Outside.</div></div>", "Parking\n\nTwenty places.\n\nDogs\n\nOutside."),
        ("<div><p>A lamp.</p><div><button>Add</button></div></div><div><div><button>Add</button></div><div>A chair.</div></div>", "A lamp.\n\nA chair."),
        ("<p>10<sup>&minus;3</sup> g y 10<sup>–6</sup> m</p>", "10⁻³ g y 10⁻⁶ m"),
        ("<p>15<sup>3</sup> días, 10<sup>6</sup>, m<sup>2</sup>, 4.<sup>a</sup>, 1<sup>st</sup></p>", "15³ días, 10⁶, m², 4.ª, 1st"),
        ("<ol><li>uno<li>dos</ol><ol start=5><li>cinco</ol>", "1. uno\n2. dos\n\n5. cinco"),
        ('<p>Sale a las <span style="text-decoration: line-through">7</span> 8.</p>', "Sale a las 8."),
        ('<p>It is <i style="color:red;text-decoration-line:line-through">9</i> 8 pounds.</p>', "It is 8 pounds."),
        ('<h3>Becas</h3><div style="display:none">Cubren la mitad.</div>', "Becas\n\nCubren la mitad."),
        ('<p>Cuesta <span class="text-gray line-through">90</span> 75. Now <b class="tachado">8</b> 9.</p>', "Cuesta 75. Now 9."),
        ("<style>.antes, .price em.was{color:red;text-decoration:line-through}</style><p class=antes>390 euros</p><p>340 euros</p><p class=price><em class=was>$14</em> $9</p>", "340 euros\n\n$9"),
        ("<style>.k{text-decoration:line-through} .k{text-decoration:none} @media print{.w{text-decoration:line-through}} a:hover{text-decoration:line-through}</style><p class=k>Diez.</p><p class=w>Two. <a href=x>Ñu</a></p>", "Diez.\n\nTwo. Ñu"),
        ('<p>El coro ensaya.<sup><a href="#cmnt1" id="cmnt_ref1">[a]</a></sup></p><div><p><a href="#cmnt_ref1" id="cmnt1">[a]</a><span>Really?</span></p><p>¿Sí?</p></div>', "El coro ensaya."),
        ('<p>Fee.<a class="MsoCommentReference">[A1]</a></p><div style="mso-element:comment-list"><p>[A1] Ojo.</p></div>', "Fee."),
        ("<p>¿Cuándo se paga?</p><p hidden>En julio.</p>", "¿Cuándo se paga?\n\nEn julio."),
        ('<a href="#x">Parking</a><p>Free.</p><div id="x" hidden>Twenty places.</div>', "Parking\n\nFree.\n\nTwenty places."),
        ('<div><button class="accordion">¿Cuánto cuesta? <span class="icon">+</span></button><div>Ocho.</div></div>', "¿Cuánto cuesta?\n\nOcho."),
        ("<h3>Is it far? <i>▾</i></h3><p>A <b>+</b> is an extra.</p>", "Is it far?\n\nA + is an extra."),
        ("<p><b>18,50 €</b><i>Precio por noche</i></p>", "18,50 € Precio por noche"),
        ("<div>30<small>Julio</small></div><p><span>Doors</span><span>Show</span></p><p><b>desde</b><i>20:30 h</i></p><p><b>Comité</b><small>Se reúne</small></p>", "30 Julio\n\nDoors Show\n\ndesde 20:30 h\n\nComité Se reúne"),
        ("<p>pal<span>abra</span>, 4<b>B</b>, m<span>2</span>, Mc<b>Donald</b>, nota<sup><a>12</a></sup></p>", "palabra, 4B, m2, McDonald, nota¹²"),
        ('<b data-target="#y">Menú</b><p>Hoy.</p><div id="y" class="modal" hidden>Ventana</div>', "Menú\n\nHoy."),
    ],
)  # fmt: skip
def test_a_page_says_what_its_reader_sees_and_no_more(body: str, text: str) -> None:
    assert html(body) == text


@pytest.mark.parametrize(
    "body",
    [
        "<div class=q><button>{0}</button><div>{1}</div></div><div class=q><button>{2}</button><div>{3}</div></div>",
        "<ul><li><button>{0}</button><p>{1}</p></li> <li><button>{2}</button><p>{3}</p></li></ul>",
        "<button onclick='f(1)'>{0}</button><div>{1}</div><button onclick='f(2)'>{2}</button><div>{3}</div>",
        "<button aria-controls=a>{0}</button><div id=a role=region>{1}</div><p>x</p><button aria-controls=b>{2}</button><p id=b>{3}</p>",
        "<dl><dt><button>{0}</button></dt><dd>{1}</dd><dt><button>{2}</button></dt><dd>{3}</dd></dl>",
    ],
)
def test_plain_buttons_are_the_titles_of_the_blocks_after_them(body: str) -> None:
    said = ("Cambio de titular", "Es gratuito.", "Night rate", "Nine pence from one to six.")
    text = html(body.format(*said))
    assert [said in text for said in said] == [True] * 4
    document = parse(f"<body>{body.format('¿Es caro?', 'Ocho euros.', 'Is it far?', 'No.')}".encode(), "a.html")  # fmt: skip
    assert {"pair", "item"} & {block.kind for block in document.blocks}


@pytest.mark.parametrize(
    "title",
    [
        "<div class=head><h3>Requisitos</h3></div>",
        "<label for=k>Guided tours</label>",
        "<p><strong>Requisitos</strong></p>",
        "<div onclick='f()'>Guided tours</div>",
        '<div role="button">Requisitos</div>',
        '<div class="acc-title">Guided tours</div>',
    ],
)
def test_what_is_hidden_below_a_title_of_any_kind_is_a_panel(title: str) -> None:
    hidden = "<div class=x style='display:none'>Se pide el título. Every Sunday.</div>"
    assert "Every Sunday." in html(f"<p>Uno.</p>{title}{hidden}")
    sheet = "<style>.x{display:none}</style><script>f()</script>"
    assert "Every Sunday." in html(f"{sheet}{title}<div class=x>Every Sunday.</div>")


@pytest.mark.parametrize(
    "body",
    [
        "<form><label for=m>Correo</label><div class=x style='display:none'>No sirve.</div></form>",
        "<p><b>Welcome</b></p><div class='msg error' hidden>No sirve.</div>",
        "<p>Abrimos los lunes.</p><div style='display:none'>No sirve.</div>",
        "<label>Menú</label><div class=popup hidden>No sirve.</div>",
        "<p>The trail.<span id=more hidden>No sirve.</span></p>",
    ],
)
def test_what_is_hidden_elsewhere_is_no_panel(body: str) -> None:
    assert "No sirve" not in html(body)


def test_the_rest_of_a_text_is_read_where_a_button_shows_more_of_it() -> None:
    body = "<p>La senda sube.<span id=dots>..</span><span id=more style='display:none'> It is 5 km long.</span></p>"
    assert "It is 5 km long." in html(f"{body}<button onclick='f()'>Leer más</button>")


@pytest.mark.parametrize(
    "body",
    [
        "<div><button>{0}</button><p>Camiseta.</p></div><div><button>{0}</button><p>Mug.</p></div>",
        "<div><button>{0}</button><p>Hoy cerramos.</p></div><p>Open.</p>",
        "<button>{0}</button><button>Print</button><p>Uno.</p>",
        "<p>Elija una de las dos.</p><button>{0}</button> de nuevo <p>Two.</p>",
        "<button>{0}</button><div><a href=/a>Inicio</a> <a href=/b>Shop</a></div><p>Uno.</p>",
        "<div>¿Dudas? <button>{0}</button><p>Uno.</p></div><div><button>Send</button><p>Two.</p></div>",
    ],
)
def test_buttons_to_press_are_no_titles(body: str) -> None:
    assert "Añadir" not in html(body.format("Añadir"))


SHEET = "<style>/* p */ .oculto, p.not-shown { display: none } #x{visibility:hidden} .hoja{display:none} .hoja.abierta{display:block} @media print { .web { display: none } } .box .y{display:none!important}</style>"


@pytest.mark.parametrize(
    ("body", "text", "hidden"),
    [
        ('<h2>Tarifa</h2><p class="a oculto">Nueve euros.</p><p>Ocho euros.</p>', "Tarifa\n\nOcho euros.", "Nueve euros."),
        ('<p>Eight pounds.</p><p class="not-shown">Nine pounds.</p><div class="not-shown">Ten.</div>', "Eight pounds.\n\nTen.", "Nine pounds."),
        ('<p>Uno.</p><p id="x">Dos.</p>', "Uno.", "Dos."),
        ('<p>Uno.</p><div class="box"><p class="y">Two.</p></div><p class="y">Tres.</p>', "Uno.\n\nTres.", "Two."),
        ('<p>Uno.</p><p class="hoja">Dos.</p><p class="web">Three.</p>', "Uno.\n\nDos.\n\nThree.", None),
        ('<script></script><h2>Fees</h2><p class="oculto">Nine pounds.</p>', "Fees\n\nNine pounds.", None),
        ('<p>Uno.</p><p style="color:#fff">Dos.</p>', "Uno.", "Dos."),
        ('<p>One.</p><p style="color: rgb(255, 255, 255); background: #FFF">Two.</p>', "One.", "Two."),
        ('<p>One.</p><p style="color:white;background-color:navy">Two.</p>', "One.\n\nTwo.", None),
        ('<table bgcolor="#000"><tr><td style="color:white">Tres</td></tr></table>', "Tres", None),
        ('<style>.z{background:teal}</style><p class="z" style="color:#ffffff">Cuatro.</p>', "Cuatro.", None),
        ('<p>Uno.</p><p style="font-size: 0px">Dos.</p>', "Uno.", "Dos."),
        ('<p style="font-size:0"><span style="font-size:12px">Uno.</span></p><p style="font-size:0.9em">Dos.</p>', "Uno.\n\nDos.", None),
    ],
)  # fmt: skip
def test_what_a_page_hides_by_its_styles_is_left_out_and_listed(
    body: str, text: str, hidden: str | None
) -> None:
    document = parse(f"<html><head>{SHEET}</head><body>{body}</body></html>".encode(), "a.html")
    assert document.text == text
    assert [(one.text, one.reason) for one in document.left_out] == (
        [(hidden, "hidden")] if hidden else []
    )


@pytest.mark.parametrize(
    ("body", "text", "left_out"),
    [
        ("<main><p>Uno.</p></main><aside><h2>Aviso</h2><p>La oficina cierra el lunes por obras.</p></aside>",
         "Uno.\n\nAviso\n\nLa oficina cierra el lunes por obras.", []),
        ("<p>One.</p><aside><p>The office is closed on Monday.</p><nav><a href=/>Home</a></nav></aside>",
         "One.\n\nThe office is closed on Monday.", ["Home"]),
        ("<header><a href=/>Club</a><h1>Normas</h1><p>El club abre todos los días del año.</p><p>Portal</p></header><p>Uno.</p>",
         "Normas\n\nEl club abre todos los días del año.\n\nUno.", ["Club", "Portal"]),
        ("<article><header><h2>Lead</h2><p>The mayor said so</p></header><p>One.</p></article>",
         "Lead\n\nThe mayor said so\n\nOne.", []),
        ("<section><header><h2>Apartado</h2><p>Entrada al apartado</p></header><p>One.</p></section>",
         "Apartado\n\nEntrada al apartado\n\nOne.", []),
        ("<p>Uno.</p><aside>Tel. 975 123 456</aside>", "Uno.\n\nTel. 975 123 456", []),
        ('<p>Uno.</p><aside><h3>Lo más leído</h3><ul><li><a href="/">El pleno aprueba las cuentas del año.</a></ul></aside>',
         "Uno.", ["Lo más leído El pleno aprueba las cuentas del año."]),
    ],
)  # fmt: skip
def test_what_frames_a_page_is_left_out_only_where_it_says_nothing(
    body: str, text: str, left_out: list[str]
) -> None:
    document = parse(f"<html><body>{body}</body></html>".encode(), "a.html")
    assert document.text == text
    assert [" ".join(one.text.split()) for one in document.left_out] == left_out


@pytest.mark.parametrize(
    "banner",
    [
        '<div id="cc-window"><p>We use cookies. Read <a href=/p>more</a>.</p><p><button>Accept all</button><button>Reject</button></p></div>',
        '<section><div>Este sitio usa cookies propias.</div><div><a href="#">Aceptar</a> <a href="#">Rechazar</a></div></section>',
        '<div role="dialog">Esta página usa galletas para recordar su visita.</div>',
        "<p>Nous utilisons des cookies. <button>Tout accepter</button></p>",
        '<div>We store information on your device. <input type="button" value="Agree"></div>',
    ],
)
def test_a_banner_about_cookies_is_told_by_its_words_and_its_buttons(banner: str) -> None:
    document = parse(f"<body>{banner}<h1>Taller</h1><p>Dura un mes.</p>".encode(), "a.html")
    assert document.text == "Taller\n\nDura un mes."
    assert document.left_out[0].reason == "cookie banner"


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ('<h1>Política de cookies</h1><div class="cookie-policy"><p>La de sesión dura una hora.</p></div>', "La de sesión dura una hora."),
        ('<title>Cookies we set</title><table id="cookies"><tr><td>lang</td><td>a year</td></tr></table>', "lang | a year"),
        ('<h1>Quirófano</h1><div class="consent-form"><p>I consent to the operation.</p></div>', "I consent to the operation."),
        ('<h2 id="consentimiento-informado">Consentimiento informado</h2><p>Se firma antes.</p>', "Consentimiento informado"),
        ('<ul class="cookies"><li>Oat biscuits, 2 euros</li></ul>', "Oat biscuits, 2 euros"),
        ('<div class="site cookie-accepted"><h1>Taller</h1><p>Cierra en mayo.</p></div>', "Cierra en mayo."),
    ],
)  # fmt: skip
def test_what_is_named_after_cookies_or_consent_for_its_subject_is_text(
    page: str, said: str
) -> None:
    assert said in html(f"<body>{page}</body>")


@pytest.mark.parametrize(
    "banner",
    [
        '<div class="consent">Este sitio utiliza cookies de terceros.</div>',
        '<section class="gdpr-overlay"><p>Manage your privacy consent</p></section>',
        '<div id="onetrust-sdk"><p>Su elección</p></div>',
        '<a class="cookie-link" href="#">Cookie settings</a>',
        '<div class="cc-window" role="dialog"><p>This website stores data.</p><a>Got it!</a></div>',
        '<div data-hook="root" aria-label="Cookie banner"><p>Algunas herramientas son esenciales.</p></div>',
        '<div id="didomi-host"><p>Nosotros y nuestros socios tratamos datos.</p></div>',
        '<div id="qc-cmp2-container"><p>We value your choices.</p></div>',
        '<div class="cky-consent-bar"><p>Guardamos datos para mejorar.</p></div>',
        '<div class="barra-cookies"><p>Solicitamos permiso para medir sus visitas.</p></div>',
        '<div role="dialog" aria-label="cookieconsent"><p>We store your data to give you the best. You may accept.</p><b>Allow</b></div>',
    ],
)
def test_a_banner_without_buttons_is_told_by_its_name_and_words(banner: str) -> None:
    assert html(f"<body>{banner}<h1>Taller</h1><p>Dura un mes.</p>") == "Taller\n\nDura un mes."


def test_a_page_about_cookies_is_text() -> None:
    body = (
        "<main><h1>Cookies</h1><p>The session cookie lasts an hour.</p><a href=/b>Accept</a></main>"
    )
    assert html(body).startswith("Cookies\n\nThe session cookie lasts an hour.")
    assert html("<p>Hornee las cookies.</p><div><button>Aceptar</button></div>").startswith(
        "Hornee"
    )
    notice = '<div class="aviso-cookies"><p>Este sitio emplea cookies de análisis.</p></div>'
    assert html(f"{notice}{body}").startswith("Cookies\n\nThe session")
    assert "emplea cookies" in html(f"<h1>Cookies</h1>{notice}")


def test_a_table_with_headers_has_rows_whatever_its_cells_hold() -> None:
    body = (
        "<table><tr><th>Service<th>Price<th>Notes<tr><td>Key<td>4 €<td><p>Fast.</p><p>Bring it.</p>"
        "<tr><td>Horas<td>7 €<td><table><tr><td>Lunes<td>9<tr><td>Martes<td>10</table></table>"
    )
    assert html(body) == (
        "Service | Price | Notes\nKey | 4 € | Fast. Bring it.\nHoras | 7 € | Lunes 9 Martes 10"
    )
    named = (
        "<table><tr><td><h4>Sala</h4><td><h4>Aforo</h4><tr><td>Azul<td>30<tr><td>Roja<td>45</table>"
    )
    assert html(named) == "Sala | Aforo\nAzul | 30\nRoja | 45"


def test_a_table_that_lays_out_a_page_has_no_rows() -> None:
    prose = "The library lends six books to each reader. " * 9
    body = f"<table><tr><td><h2>News</h2><td>One<tr><td><p>{prose}</p><p>Two.</p><td>x</table>"
    assert "|" not in html(body)
    nested = "<table><tr><td>Menu<td><table><tr><td>Uno<td>1</table></table>"
    assert html(nested).split() == ["Menu", "Uno", "|", "1"]


def test_a_table_of_a_page_may_have_names_of_columns_and_a_title_that_no_mark_tells() -> None:
    named = (
        "<tr><td>Berth<td>Summer<td>Winter<tr><td>Small<td>312<td>208<tr><td>Large<td>544<td>377"
    )
    for title in ("", "<tr><td colspan=3>Tarifas del puerto"):
        document = parse(f"<body><table>{title}{named}</table>".encode(), "a.html")
        check_blocks(document)
        found = [(b.kind, b.level) for b in document.blocks if b.kind in ("caption", "row")]
        assert found[-3:] == [("row", 1), ("row", 0), ("row", 0)]
        assert len(found) == (4 if title else 3)


def test_roles_make_a_table_of_other_elements() -> None:
    body = (
        "<div role=table><div role=row><span role=columnheader>Día</span><span role=columnheader>Hora</span></div>"
        "<div role=row><span role=cell>Monday</span><span role=cell>9</span></div></div>"
    )
    document = parse(f"<body>{body}".encode(), "a.html")
    assert document.text == "Día | Hora\nMonday | 9"
    assert [b.level for b in document.blocks if b.kind == "row"] == [1, 0]


def test_items_of_a_page_have_the_numbers_that_are_shown() -> None:
    page = (
        "<ol start=4><li>Pagar<li>Firmar<ol type=a><li>aquí<li>allí</ol></ol>"
        "<ol style='list-style-type: upper-roman'><li>One<li value=4>Four</ol><ol type=i><li>x</ol>"
    )
    assert parse(page.encode(), "a.html").text.split() == (
        "4. Pagar 5. Firmar a. aquí b. allí I. One IV. Four i. x".split()
    )


def test_what_stands_in_the_fields_of_a_form_is_text() -> None:
    page = (
        "<p>Nombre: <input value='Ana Sanz'><input type=hidden value=x><input type=submit value=Enviar></p>"
        "<p>Town: <select><option>Elche<option selected>Alcoy</select></p><textarea>Sin gluten</textarea>"
    )
    text = parse(page.encode(), "a.html").text
    assert text == "Nombre: Ana Sanz\n\nTown: Alcoy\n\nSin gluten"


def test_links_at_the_foot_of_a_page_are_a_menu_and_an_address_is_text() -> None:
    page = (
        "<main><p>Abrimos a las nueve.</p></main><footer><ul><li><a href=/a>Aviso legal</a></ul>"
        "<ul><li>Calle Mayor 4<li><a href=tel:600123456>600 123 456</a></ul></footer>"
    )
    document = parse(page.encode(), "a.html")
    assert document.text == "Abrimos a las nueve.\n\nCalle Mayor 4\n600 123 456"
    assert [one.text for one in document.left_out] == ["Aviso legal"]


def test_sections_of_a_record_have_their_headings() -> None:
    record = (
        '{"id": 7, "sections": [{"heading": "Turnos", "content": "Se riega los lunes."},'
        ' {"heading": "Fees", "content": "Nine pounds."}], "author": {"title": "Dr.", "name": "Ana"}}'
    )
    document = parse(record.encode(), "a.jsonl")
    assert [(h.text, h.level) for h in document.headings] == [("Turnos", 2), ("Fees", 2)]
    assert document.text.startswith("id: 7; author title: Dr.; author name: Ana.\n\nTurnos\n\nSe")


_TABS = {
    "aria": '<div role="tablist"><button role="tab" id="t1" aria-controls="p1">Soria</button><button role="tab" id="t2" aria-controls="p2">Leeds</button></div>'
    '<div role="tabpanel" id="p1" aria-labelledby="t1"><p>Cierra a las dos.</p></div><div role="tabpanel" id="p2" aria-labelledby="t2" hidden><p>It shuts at six.</p></div>',
    "links": '<ul class="nav nav-tabs"><li><a data-toggle="tab" href="#so">Soria</a></li><li><a data-toggle="tab" href="#le">Leeds</a></li></ul>'
    '<div class="tab-content"><div id="so" class="tab-pane"><p>Cierra a las dos.</p></div><div id="le" class="tab-pane"><p>It shuts at six.</p></div></div>',
    "script": "<div><button onclick=\"show(event, 'so')\">Soria</button><button onclick=\"show(event, 'le')\">Leeds</button></div>"
    '<div id="so" class="tabcontent"><p>Cierra a las dos.</p></div><div id="le" class="tabcontent" style="display:none"><p>It shuts at six.</p></div>',
    "in order": '<div class="tabs-container"><ul role="tablist"><li role="tab">Soria</li><li role="tab">Leeds</li></ul><div><div role="tabpanel"><p>Cierra a las dos.</p></div>'
    '<div role="tabpanel" hidden><p>It shuts at six.</p></div></div></div>',
    "labels": '<div class="tabbed-set"><input id="a1" type="radio"><input id="a2" type="radio"><div class="tabbed-labels"><label for="a1">Soria</label><label for="a2">Leeds</label></div>'
    '<div class="tabbed-content"><div class="tabbed-block"><p>Cierra a las dos.</p></div><div class="tabbed-block"><p>It shuts at six.</p></div></div></div>',
    "data": '<div class="bar"><button data-tab="so">Soria</button><button data-tab="le">Leeds</button></div>'
    '<div><div class="town" id="so"><p>Cierra a las dos.</p></div><div class="town" id="le"><p>It shuts at six.</p></div></div>',
    "data within ids": '<div class="bar"><button role="tab" data-tab="so">Soria</button><button role="tab" data-tab="le">Leeds</button></div>'
    '<div class="town" id="of-so"><p>Cierra a las dos.</p></div><div class="town" id="of-le"><p>It shuts at six.</p></div>',
    "over each": '<div role="tablist"><div role="tab" aria-controls="q1">Soria</div><div role="tab" aria-controls="q2">Leeds</div></div><div role="tab" aria-controls="q1">Soria</div>'
    '<div role="tabpanel" id="q1"><p>Cierra a las dos.</p></div><div role="tab" aria-controls="q2">Leeds</div><div role="tabpanel" id="q2"><p>It shuts at six.</p></div>',
    "said again": '<ul role="tablist"><li role="tab"><a href="#d1">Soria</a></li><li role="tab"><a href="#d2">Leeds</a></li></ul>'
    '<div id="d1" role="tabpanel"><h3>Soria</h3><p>Cierra a las dos.</p></div><div id="d2" role="tabpanel"><p>It shuts at six.</p></div>',
}


@pytest.mark.parametrize("kind", _TABS)
def test_the_title_of_a_tab_stands_over_what_it_shows(kind: str) -> None:
    document = parse(f"<h1>Horario</h1><h2>Oficinas</h2>{_TABS[kind]}".encode(), "a.html")
    assert document.text == (
        "Horario\n\nOficinas\n\nSoria\n\nCierra a las dos.\n\nLeeds\n\nIt shuts at six."
    )
    assert headings_of(document)[2:] == [(3, "Soria"), (3, "Leeds")]


def test_elements_of_html_in_markdown_are_no_text() -> None:
    text = "# Acta\n\n<aside>\n💡 Se abre el martes.\n\n</aside>\n\n<article>It opens <time>at ten</time>.</article>\n"
    assert text_of(text.encode(), "a.md") == "Acta\n\n💡 Se abre el martes.\n\nIt opens at ten."


def test_lists_of_google_keep_their_depth_and_their_letters() -> None:
    style = (
        '.lst-kix_a1b-0>li:before{content:"" counter(lst-ctn-kix_a1b-0,decimal) ". "}'
        '.lst-kix_a1b-1>li:before{content:"(" counter(lst-ctn-kix_a1b-1,lower-latin) ") "}'
    )
    page = (
        f'<style>{style}</style><h1>Taller</h1><ol class="c1 lst-kix_a1b-0 start" start="1"><li>Barrer.</li></ol>'
        '<ol class="c1 lst-kix_a1b-1 start" start="1"><li>El patio.</li><li>The yard.</li></ol>'
        '<ol class="c1 lst-kix_a1b-0" start="2"><li>Cerrar.</li></ol>'
    )
    document = parse(page.encode(), "a.html")
    items = [(b.level, document.text[b.start : b.end]) for b in document.blocks if b.kind == "item"]
    assert items == [(1, "1. Barrer."), (2, "a. El patio."), (2, "b. The yard."), (1, "2. Cerrar.")]


def test_a_banner_may_end_in_the_word_cookies_right_before_its_button() -> None:
    page = "<div class=b1><p>Al seguir acepta las cookies</p><button>Permitir</button></div><main><h1>Lago</h1><p>Se rema en mayo.</p></main>"
    document = parse(page.encode(), "a.html")
    assert document.text == "Lago\n\nSe rema en mayo."
    assert [one.reason for one in document.left_out] == ["cookie banner"]


@pytest.mark.parametrize(
    "panel",
    [
        '<div><div role="button" tabindex="0" aria-expanded="false"><p>Precio</p></div><div class="k"><div><p>Nueve euros.</p></div></div></div>',
        '<ul><li><a class="t" href="javascript:void(0);">Precio</a><div style="display:none"><p>Nueve euros.</p></div></li></ul>',
        '<div class="card"><div id="h"><button class="btn" data-toggle="collapse" data-target="#c">Precio</button></div><div id="c" class="collapse"><div>Nueve euros.</div></div></div>',
    ],
)
def test_what_is_pressed_to_unfold_a_panel_is_read_with_it(panel: str) -> None:
    more = '<button aria-expanded="false">Hours</button><div style="display:none">From nine to two.</div>'
    document = parse(f"<h1>Lago</h1>{panel}{more}".encode(), "a.html")
    assert " ".join(document.text.split()) == "Lago Precio Nueve euros. Hours From nine to two."
    pairs = [document.text[b.start : b.end] for b in document.blocks if b.kind == "pair"]
    assert pairs[-1] == "Hours\n\nFrom nine to two."


def test_the_numbers_of_slides_are_no_titles() -> None:
    page = '<h1>Lago</h1><ul role="tablist"><li role="tab" aria-controls="s1">1</li><li role="tab" aria-controls="s2">2</li></ul><div id="s1" role="tabpanel"><p>Se rema.</p></div><div id="s2" role="tabpanel"><p>We swim.</p></div>'
    assert [h.text for h in parse(page.encode(), "a.html").headings] == ["Lago"]


def test_titles_of_an_accordion_are_read_where_they_stand() -> None:
    page = (
        '<h1>Ayuda</h1><div role="tab" id="c1"><h4><a data-toggle="collapse" href="#b1">Pagos</a></h4></div><div id="b1" role="tabpanel" aria-labelledby="c1"><p>Con tarjeta.</p></div>'
        '<h4 role="tab" id="c2" aria-controls="b2">Returns</h4><div id="b2" role="tabpanel" aria-labelledby="c2"><p>Within a week.</p></div>'
    )
    document = parse(page.encode(), "a.html")
    assert headings_of(document) == [(1, "Ayuda"), (4, "Pagos"), (4, "Returns")]


def test_a_button_in_an_item_does_not_make_an_item_of_what_follows_the_list() -> None:
    page = "<h1>Casa</h1><ul><li><button>Añadir</button></li></ul><p>Abre a las diez.</p>"
    document = parse(page.encode(), "a.html")
    assert [block.kind for block in document.blocks] == ["heading", "paragraph"]


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("a.html", "<table><tr><th>Sala<th>Abre<tr><td>Roja<td>Lunes de 9 a 14<br>Friday all day<tr><td>Blue<td>de 9<br>a 14</table>"),
        ("a.md", "| Sala | Abre |\n|--|--|\n| Roja | Lunes de 9 a 14<br>Friday all day |\n| Blue | de 9<br>a 14 |\n"),
    ],
)  # fmt: skip
def test_lines_of_a_cell_stand_apart(name: str, table: str) -> None:
    said = "Sala | Abre\nRoja | Lunes de 9 a 14; Friday all day\nBlue | de 9 a 14"
    assert text_of(table.encode(), name) == said


@pytest.mark.parametrize(
    ("cells", "rows"),
    [
        (["Lunes<br>Martes", "10:00 - 11:00<br>12:00 - 14:00", "10 €<br>15 €"], ["Lunes | 10:00 - 11:00 | 10 €", "Martes | 12:00 - 14:00 | 15 €"]),
        (["Adult", "1 day<br>3 days", "$10<br>$25"], ["Adult | 1 day | $10", "Adult | 3 days | $25"]),
        # Not as many, one that goes on, words only, an address
        (["Lunes", "10:00<br>12:00<br>14:00", "10 €<br>15 €"], ["Lunes | 10:00; 12:00; 14:00 | 10 €; 15 €"]),
        (["Del 3 de mayo<br>al 5 de mayo", "10 €<br>15 €"], ["Del 3 de mayo al 5 de mayo | 10 €; 15 €"]),
        (["Ana Ruiz<br>Luis Gil", "The red<br>The blue"], ["Ana Ruiz; Luis Gil | The red; The blue"]),
        (["Club de Remo<br>Calle Mayor, 4", "600 111 222<br>600 333 444"], ["Club de Remo; Calle Mayor, 4 | 600 111 222; 600 333 444"]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["a.html", "a.md"])
def test_cells_with_as_many_values_in_lines_are_several_rows(
    name: str, cells: list[str], rows: list[str]
) -> None:
    names = ["Uno", "Dos", "Three"][: len(cells)]
    table = "".join(f"<tr><td>{'<td>'.join(row)}" for row in (names, cells))
    if name == "a.md":
        table = f"| {' | '.join(names)} |\n|{'--|' * len(cells)}\n| {' | '.join(cells)} |\n"
    else:
        table = f"<table>{table}</table>"
    assert text_of(table, name) == "\n".join([" | ".join(names), *rows])


def test_a_table_in_markdown_may_have_borders() -> None:
    text = (
        "Salas:\n\n+------+--------+\n| Sala | Places |\n+:=====+=======:+\n| Roja | 30 con |\n|      | mesas  |\n+------+--------+\n"
        "| Blue | *12*   |\n+------+--------+\n\n+ one\n+ two\n"
    )
    document = parse(text.encode(), "a.md")
    assert document.text == ("Salas:\n\nSala | Places\nRoja | 30 con mesas\nBlue | 12\n\none\ntwo")
    assert [b.level for b in document.blocks if b.kind == "row"] == [1, 0, 0]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("El ==riego== es el %%mirar%% lunes.", "El riego es el lunes."),
        ("Riegan los socios^[Desde el año pasado.] del [[Pozo]].\n\nFin.", "Riegan los socios del Pozo.\n\nFin.\n\nDesde el año pasado."),
        ("![[mapa.png|250]]\n\nSee [[Tools#Rake]], [[Tools|the shed]] and [[Fees|Rule #3]].", "See Tools > Rake, the shed and Rule #3."),
        ("- Rake the path ^task-1\n- Oil the gate", "Rake the path\nOil the gate"),
        # What only looks like such marks
        ("It holds that a == b and c==d; 10^[2] is 100, 5%% and 6%%.", "It holds that a == b and c==d; 10^[2] is 100, 5%% and 6%%."),
        ("The area is side ^2", "The area is side ^2"),
    ],
)  # fmt: skip
def test_marks_of_obsidian_are_no_text(text: str, read: str) -> None:
    assert text_of(text, "a.md") == read


def test_what_pandoc_writes_for_itself_is_no_text() -> None:
    text = "% The barn\n% A. Fell\n% May 2023\n\nIt is dry.\n\n\\newpage\n\nOwner\n:   Ada.\n\n    She has the key.\n"
    document = parse(text.encode(), "a.md")
    assert document.title == "The barn"
    assert document.text == "It is dry.\n\nOwner\nAda.\n\nShe has the key."
    assert text_of("% of rain\nin May", "a.md") == "% of rain in May"


def test_a_table_in_markdown_may_have_no_bars() -> None:
    text = "Horas:\n\n  Sala       Aforo\n  --------  ------\n  Roja          30\n  Del pozo      12\n\nFin.\n"
    document = parse(text.encode(), "a.md")
    assert document.text == "Horas:\n\nSala | Aforo\nRoja | 30\nDel pozo | 12\n\nFin."
    assert [b.level for b in document.blocks if b.kind == "row"] == [1, 0, 0]


@pytest.mark.parametrize(
    "table",
    [
        "+------+-------+\n| Sala | Aforo |\n+------+-------+\n| Roja | 30    |\n| Azul | 12    |\n+------+-------+",
        "┌──────┬───────┐\n│ Sala │ Aforo │\n├──────┼───────┤\n│ Roja │ 30    │\n├──────┼───────┤\n│ Azul │ 12    │\n│      │       │\n└──────┴───────┘",
    ],
)
def test_a_table_in_plain_text_may_be_drawn(table: str) -> None:
    document = parse(f"Las salas:\n{table}\n2 rows in set\n\nThe end.\n".encode(), "a.txt")
    assert document.text == (
        "Las salas:\n\nSala | Aforo\nRoja | 30\nAzul | 12\n\n2 rows in set\n\nThe end."
    )
    assert [b.level for b in document.blocks if b.kind == "row"] == [1, 0, 0]


def test_a_frame_around_words_is_no_table() -> None:
    text = "+----------+\n| Beware!  |\n+----------+"
    assert "row" not in {block.kind for block in parse(text.encode(), "a.txt").blocks}


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Fecha: 3 de mayo\nEstado: hecho\nEtiquetas: uno, dos", "Fecha: 3 de mayo\nEstado: hecho\nEtiquetas: uno, dos"),
        ("**Place:** the old mill\n**Time**: 10:00", "Place: the old mill\nTime: 10:00"),
        # Prose that wraps
        ("Note: the mill is shut\nuntil May: it is old", "Note: the mill is shut until May: it is old"),
        ("Aviso: se cierra hoy\nSe abre: mañana o\npasado mañana.", "Aviso: se cierra hoy Se abre: mañana o pasado mañana."),
    ],
)  # fmt: skip
def test_lines_of_markdown_that_are_each_a_name_with_its_value_stay_lines(
    text: str, read: str
) -> None:
    assert text_of(f"# Acta\n\n{text}\n".encode(), "a.md") == f"Acta\n\n{read}"


def test_a_term_in_markdown_has_its_meaning() -> None:
    document = parse(b"Fianza\n: Dos meses de renta.\n", "a.md")
    (block,) = document.blocks
    assert (block.kind, cells_of(document, block)) == (
        "definition",
        ["Fianza", "Dos meses de renta."],
    )


def test_cells_of_a_page_stand_in_their_columns() -> None:
    body = (
        "<table><thead><tr><td>Día<td>Mañana<td>Tarde</thead><tr><td rowspan=2>Lunes<td>9<td>16"
        "<tr><td>10<td>17<tr><td colspan=2>Martes<td>18</table>"
    )
    document = parse(f"<html><body>{body}".encode(), "a.html")
    check_blocks(document)
    rows = [b for b in document.blocks if b.kind == "row"]
    assert [b.level for b in rows] == [1, 0, 0, 0]
    assert [cells_of(document, b) for b in rows] == [
        ["Día", "Mañana", "Tarde"],
        ["Lunes", "9", "16"],
        ["Lunes", "10", "17"],
        ["Martes", "", "18"],
    ]


def test_a_term_and_what_it_means_are_a_definition_and_a_question_in_its_place_a_pair() -> None:
    body = "<dl><dt>Cuota<dd>Veinte euros.<dt>Is it free?<dd>Yes, for members.</dl>"
    document = parse(f"<html><body>{body}".encode(), "a.html")
    check_blocks(document)
    assert document.text == "Cuota\nVeinte euros.\n\nIs it free?\nYes, for members."
    definition, pair = document.blocks[:2]
    assert (definition.kind, cells_of(document, definition)) == (
        "definition",
        ["Cuota", "Veinte euros."],
    )
    assert (pair.kind, cells_of(document, pair)) == ("pair", ["Is it free?", "Yes, for members."])


def test_a_markdown_text_between_two_rules_is_text() -> None:
    assert text_of("---\nEl faro mide treinta metros.\n---\nThe end.", "a.md").startswith("El faro")
    assert text_of("---\ntitle: Faro\ntags:\n  - mar\n---\nThe end.", "a.md") == "The end."


def test_the_summary_in_a_front_matter_is_text() -> None:
    assert text_of(
        '---\ndescription: "La torre mide treinta metros."\ndate: 2024\n---\nThe end.', "a.md"
    ) == ("La torre mide treinta metros.\n\nThe end.")


@pytest.mark.parametrize(
    ("table", "text"),
    [
        ("Zona;Vecinos;;Turistas;\n;Día;Mes;Día;Mes\nRoja;1;20;6;90\n", "Zona: Roja; Vecinos Día: 1; Vecinos Mes: 20; Turistas Día: 6; Turistas Mes: 90."),
        ("Fees 2031;;;;\n;Adults;;Children;\nClub;Day;Year;Day;Year\nOaks;5;80;2;30\n", "Fees 2031\n\nClub: Oaks; Adults Day: 5; Adults Year: 80; Children Day: 2; Children Year: 30."),
    ],
)  # fmt: skip
def test_columns_of_the_same_name_are_told_apart_by_their_groups(table: str, text: str) -> None:
    assert text_of(table.encode(), "a.csv").startswith(text)


def test_sections_of_a_sheet_say_the_names_of_columns_once() -> None:
    rows = ("I. Personal;S/. 3.200,50", "Concepto;Unidad;Veces;Precio", "Guía;hora;2;12,5", "II. Boats;;;", "Concepto;Unidad;Veces;Precio", "Bote;día;1;80,5")  # fmt: skip
    document = parse("\n".join(rows).encode(), "a.csv")
    assert document.text == (
        "I. Personal: S/. 3.200,50\n\nConcepto: Guía; Unidad: hora; Veces: 2; Precio: 12,5.\n\nII. Boats\n\n"
        "Concepto: Bote; Unidad: día; Veces: 1; Precio: 80,5."
    )
    assert [b.kind for b in document.blocks].count("table") == 2
    assert document.blocks[0].kind == "label"


def zone(name: str, sum_: str, streets: str) -> str:
    return f'<div class="card"><div class="letter">{name}</div><div class="sum">{sum_}</div><p class="of">{streets}</p></div>'


def test_boxes_that_are_alike_are_the_rows_of_a_table() -> None:
    boxes = (
        zone("A", "+1 €", "Alzina, Balança")
        + zone("B", "+2 €", "Mill Road, Quay")
        + zone("C", "+6 €", "Petúnies")
    )
    document = parse(
        f"<body><h1>Zonas</h1>{boxes}<p>Se paga al subir.</p></body>".encode(), "a.html"
    )
    assert [b.kind for b in document.blocks] == [
        "heading",
        "table",
        "row",
        "row",
        "row",
        "paragraph",
    ]
    assert cells_of(document, document.blocks[3]) == ["B", "+2 €", "Mill Road, Quay"]


def test_boxes_that_name_each_piece_may_be_without_one_of_them() -> None:
    people = (
        ("Ana Ruiz", "Presidenta", "Lleva las barcas", "ana@lago.example 975 000 001"),
        ("Tom Mill", "Treasurer", "", "tom@lago.example 975 000 002"),
        ("Eva Sanz", "Vocal", "", "eva@lago.example 975 000 003"),
    )
    boxes = "".join(
        "<div class=member>"
        + "".join(f"<div class=m{n}>{piece}</div>" for n, piece in enumerate(person) if piece)
        + "</div>"
        for person in people
    )
    document = parse(f"<h1>Junta</h1><section>{boxes}</section>".encode(), "a.html")
    rows = [cells_of(document, block) for block in document.blocks if block.kind == "row"]
    assert rows == [list(person) for person in people]
    nameless = boxes.replace("class=m", "title=m")
    document = parse(f"<h1>Junta</h1><section>{nameless}</section>".encode(), "a.html")
    assert all(block.kind != "row" for block in document.blocks)


@pytest.mark.parametrize(
    "boxes",
    [
        zone("A", "+1 €", "Alzina"),
        zone("A", "", "Alzina") + zone("B", "+2 €", "Quay") + zone("C", "+6 €", "Mill Road"),
        zone("Ana", "barro", "taller") + zone("Tom", "glaze", "yard"),
        zone("¿Cuánto cuesta?", "Cuesta 3 € al mes.", "sí") + zone("¿Dónde?", "En el muelle 4.", "no"),
        zone("A", "+1 €", '<span hidden>9</span>Alzina') + zone("B", "+2 €", "Quay") + zone("C", "3 €", "Mill Road"),
        zone("A", "+1 €", "<b>Alzina</b><ul><li>Quay</ul>") + zone("B", "+2 €", "<ul><li>Mill Road</ul>"),
    ],
)  # fmt: skip
def test_one_box_and_boxes_of_questions_people_and_lists_are_no_table(boxes: str) -> None:
    document = parse(f"<body><h1>Zonas</h1>{boxes}</body>".encode(), "a.html")
    assert all(block.kind != "row" for block in document.blocks)


def test_one_of_the_boxes_that_are_alike_may_have_only_words_and_a_link() -> None:
    boxes = "".join(
        f"<div><p>{name}</p>{value}</div>"
        for name, value in (
            ("12 km", "<p>del mar</p>"),
            ("3", "<p>kayaks máx. por guía</p>"),
            ("6+", "<p>years of age</p>"),
            ("SUP", '<a href="/tabla">tabla de remo</a>'),
        )
    )
    document = parse(f"<h1>Remo</h1><section>{boxes}</section><p>Se sale.".encode(), "a.html")
    rows = [cells_of(document, block) for block in document.blocks if block.kind == "row"]
    assert rows == [
        ["12 km", "del mar"],
        ["3", "kayaks máx. por guía"],
        ["6+", "years of age"],
        ["SUP", "tabla de remo"],
    ]


def test_numbers_drawn_before_paragraphs_are_those_of_items() -> None:
    steps = "".join(
        f"<div><div class=n>{n}</div><div><b>{name}.</b> Se hace en el muelle.</div></div>"
        for n, name in enumerate(("Pide hora", "Bring the boat", "Firma"), 1)
    )
    document = parse(f"<h1>Amarre</h1>{steps}".encode(), "a.html")
    assert document.text.split("\n\n")[1:] == [
        "1. Pide hora. Se hace en el muelle.",
        "2. Bring the boat. Se hace en el muelle.",
        "3. Firma. Se hace en el muelle.",
    ]
    assert [block.kind for block in document.blocks] == ["heading", "list", "item", "item", "item"]
    counts = (
        "<h1>Club</h1><div>4</div><p>barcas</p><div>5</div><p>guides</p><div>6</div><p>remos</p>"
    )
    assert "item" not in [block.kind for block in parse(counts.encode(), "a.html").blocks]


def test_a_sign_before_a_sum_is_its_own_and_no_sign_to_unfold() -> None:
    page = '<body><h1>Zonas</h1><div><span class="plus">+</span>3 €</div><button>¿Dónde? <span class="plus">+</span></button></body>'
    assert "+3 €" in text_of(page, "a.html")
    assert "Dónde? +" not in text_of(page, "a.html")


def test_one_numbered_section_of_several_is_no_title() -> None:
    sections = "\n\n".join(
        f"## {n}. {name}\n\nSe dice en voz alta. It is said aloud."
        for n, name in enumerate(("Pilotos", "Season", "Puntos"), 1)
    )
    assert parse(sections.encode(), "reglas-del-rally.md").title == "Reglas del rally"
    parts = (
        "## Voto\n\n"
        + "Se dice en voz alta. " * 90
        + "\n\n# Primer momento\n\nSe vota.\n\n# Segundo momento\n\nSe cuenta.\n"
    )
    assert parse(parts.encode(), "reglas.md").title == "Voto"
    assert parse(b"# 1. Pilotos\n\nSe dice una vez.", "reglas.md").title == "1. Pilotos"


@pytest.mark.parametrize(
    ("headings", "title"),
    [
        (("2. Objetivos", "Riego", "Bees"), "Huerto del rio"),
        (("6- Fees", "Riego", "Bees"), "Huerto del rio"),
        (("Riesgos:", "Benefits:", "Contacto:", "Firma:"), "Huerto del rio"),
        (("1. Objetivos", "Riego", "Bees"), "1. Objetivos"),
        (("Riesgos", "Benefits:", "Contacto"), "Riesgos"),
    ],
)
def test_a_later_section_and_one_of_several_with_a_colon_are_no_titles(
    headings: tuple[str, ...], title: str
) -> None:
    body = "Se dice aquí lo que vale para todos los huertos. It is said of every plot on the hill."
    text = f"{body}\n\n" + "".join(f"## {heading}\n\n{body}\n\n" for heading in headings)
    assert parse(text.encode(), "huerto-del-rio.md").title == title


def test_the_header_of_a_csv_may_stand_below_a_title() -> None:
    data = "Tarifas de 2024;;\n;;\nProducto;Precio;Nota\nTomate;1,25;al kilo\nPera;2;\nPrecios con IVA;;\n"
    document = parse(data.encode(), "a.csv")
    assert document.text == (
        "Tarifas de 2024\n\nProducto: Tomate; Precio: 1,25; Nota: al kilo.\nProducto: Pera; Precio: 2.\n\nPrecios con IVA"
    )
    assert [b.kind for b in document.blocks] == ["paragraph", "table", "row", "row", "paragraph"]
    assert cells_of(document, document.blocks[2]) == ["Tomate", "1,25", "al kilo"]


def test_a_conversation_in_a_json_line_is_a_question_and_its_answer() -> None:
    line = (
        '{"conversations": [{"from": "human", "value": "¿Dónde está la llave?"},'
        ' {"from": "gpt", "value": "Under the pot."}], "height": {"value": 14, "unit": "m"}}'
    )
    document = parse(line.encode(), "a.jsonl")
    assert document.text == (
        "¿Dónde está la llave?\n\nUnder the pot.\n"
        "conversations from: human; conversations from: gpt; height value: 14; height unit: m."
    )


def test_headings_lists_and_paragraphs_in_markdown_may_be_html() -> None:
    page = (
        "Antes.\n<h2>Reglas</h2>\n<p>Se pide:</p>\n<ol>\n  <li>Un carné.</li>\n\n  <li>Una foto.</li>\n</ol>\n"
        "<p>Se abre a las diez.</p>\n<p>Se cierra a las dos.</p>\n\n<p align=center>\n\n## Barcas\n\n</p>\n\nTiene\n<ul> sin fin"
    )
    document = parse(page.encode(), "a.md")
    assert headings_of(document) == [(2, "Reglas"), (2, "Barcas")]
    said = [(b.kind, document.text[b.start : b.end]) for b in document.blocks if b.kind != "list"]
    assert said[2:7] == [
        ("paragraph", "Se pide:"),
        ("item", "1. Un carné."),
        ("item", "2. Una foto."),
        ("paragraph", "Se abre a las diez."),
        ("paragraph", "Se cierra a las dos."),
    ]


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("A. Los remos.\nB. Las velas.\nC. El ancla.", ["A. Los remos.", "B. Las velas.", "C. El ancla."]),
        ("Cada socio:\n\nPaga en mayo.\nCuida su barca.\nViene a la junta", ["Paga en mayo.", "Cuida su barca.", "Viene a la junta"]),
        ("Cada socio:\nPaga en mayo.\nCuida su barca.\nViene a la junta.", ["Paga en mayo.", "Cuida su barca.", "Viene a la junta."]),
        ("La barca es de todos.\n\nSe usa en mayo.\nSe cuida.\nSe pinta.", []),
        ("Cada socio:\n\nPaga en mayo\ny en junio.\nCuida su barca.", []),
    ],
)  # fmt: skip
def test_lines_of_markdown_below_a_lead_in_are_items(text: str, items: list[str]) -> None:
    document = parse(text.encode(), "a.md")
    found = [document.text[b.start : b.end] for b in document.blocks if b.kind == "item"]
    assert found == items


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("La gesƟón del comiƩé y el soŌware", "La gestión del comitté y el software"),
        ("El Ɵempo de la adminisƟón", "El tiempo de la administión"),
        ("Ɵpo de barca", "tipo de barca"),
        ("REUNIOƵN DE MIEƵRCOLES", "REUNIÓN DE MIÉRCOLES"),
        ("The staƯ of the oƯice", "The staff of the office"),
        ("Ƶal və ƯNG", "Ƶal və ƯNG"),
        ("Ɵmet ile İzmir, kƟ", "Ɵmet ile İzmir, kƟ"),
    ],
)
def test_ligatures_that_a_file_names_wrongly_are_their_letters(written: str, said: str) -> None:
    assert text_of(written, "a.txt") == said


@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_a_degree_sign_among_ordinals_counts_items(between: str) -> None:
    lines = ("3º regata Muros: 16 de abril", "4° regata S. Lobo: 21 de mayo", "5º regata Noia: 2 de junio")  # fmt: skip
    document = parse(between.join(("Hay tres regatas:", *lines)).encode(), "a.txt")
    found = [document.text[b.start : b.end] for b in document.blocks if b.kind == "item"]
    assert found == [line.replace("°", "º") for line in lines]


def test_degrees_stay_degrees() -> None:
    said = "1º Gire la rueda\n\n25° a la derecha y pare.\n\n2º Cierre la válvula"
    assert parse(said.encode(), "a.txt").text == said


def test_signs_of_links_beside_headings_and_leaps_over_menus_are_no_text() -> None:
    page = ('<a href="#top">Skip to main content</a><h1>Barcas<a href="#barcas">¶</a></h1><p>Ver <a href="#2">#2</a>.</p>')  # fmt: skip
    document = parse(page.encode(), "a.html")
    assert document.text == "Barcas\n\nVer #2."
    assert [one.text for one in document.left_out] == ["Skip to main content"]


def test_a_title_that_does_not_end_goes_on_in_the_next_heading() -> None:
    assert parse(b"# The Rules of\n\n# The River Club\n\nText.", "a.md").title == "The Rules of The River Club"  # fmt: skip


@pytest.mark.parametrize("stamp", ["DRAFT", "Enrolled", "BORRADOR", "For immediate release:"])
def test_what_is_stamped_upon_a_paper_is_no_title(stamp: str) -> None:
    text = f"# {stamp}\n\n# Boats on the Lake\n\nNobody rows by night.\n"
    assert parse(text.encode(), "a.md").title == "Boats on the Lake"


@pytest.mark.parametrize(
    ("over", "name"),
    [("An Ordinance Concerning", "Boats on the Lake"), ("Ordenanza de", "Barcas del lago")],
)
def test_a_bill_is_called_by_its_name_and_not_by_the_town_that_makes_it(
    over: str, name: str
) -> None:
    text = f"# Soria\n\nBill 12\n\n## {over}\n\n## {name}\n\nNobody rows by night.\n"
    assert parse(text.encode(), "a.md").title == f"{over} {name}"


def test_a_bar_with_a_backslash_is_a_bar_of_its_cell_in_a_table_of_markdown() -> None:
    text = "| Clave | Meaning |\n|---|---|\n| `a\\|b` | ñ \\| either |\n"
    assert text_of(text, "a.md") == "Clave | Meaning\na|b | ñ | either"


def test_a_table_in_markdown_needs_no_bars_at_its_ends_and_may_be_html() -> None:
    document = parse(b"Name | Price\n--- | ---\nKey | 3\nLock | 5\n\nEnd a|b.\n", "a.md")
    assert document.text == "Name | Price\nKey | 3\nLock | 5\n\nEnd a|b."
    assert [b.level for b in document.blocks if b.kind == "row"] == [1, 0, 0]
    page = "Antes.\n<table>\n<tr><th>Plato</th><th>Precio</th></tr>\n<tr><td>Sopa<td>4 €</table>\n\nFin.\n"
    document = parse(page.encode(), "a.md")
    assert document.text == "Antes.\n\nPlato | Precio\nSopa | 4 €\n\nFin."
    assert text_of("<table><tr><th>A<th>B<tr><td>1<td>2", "a.md") == "A | B\n1 | 2"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("La cuota es de 20 € al año.".encode("iso8859-15"), "La cuota es de 20 € al año."),
        ("El año. The café.".encode("utf-16-le") + b"\n", "El año. The café."),
        ("\ufeffEl año. The café.".encode("utf-16-le") + b"\n", "El año. The café."),
        ("\ufeffEl año. The café.".encode("utf-16-be") + b"\0", "El año. The café."),
        ("\ufeffEl año. The café.".encode("utf-32-le") + b"\n\0\0", "El año. The café."),
        ("El año del café".encode()[:-1], "El año del caf"),
        ("A small café".encode("cp1252"), "A small café"),
        (b"El puerto abre a las seis.\n" + bytes(99), "El puerto abre a las seis."),
        ("Barco;Dueño\nOla;Iñigo\n".encode("mac_roman"), "Barco;Dueño\nOla;Iñigo"),
        ("Pan 2,10 €\nSal 1,00 €\n".encode("mac_roman"), "Pan 2,10 €\nSal 1,00 €"),
        ("Niño y cigüeña.\n".encode() + "Otro año, ¿no?\n".encode("cp1252"), "Niño y cigüeña.\nOtro año, ¿no?"),
    ],
)  # fmt: skip
def test_a_text_in_an_encoding_that_it_does_not_name_or_in_two_is_read(
    data: bytes, text: str
) -> None:
    assert text_of(data, "a.txt") == text


def test_a_json_line_may_have_its_texts_at_any_depth() -> None:
    lines = (
        '{"pregunta": "¿Cuándo abre?", "respuesta": {"texto": "A las ocho.", "fuente": "web"}}\n'
        '{"messages": [{"role": "user", "content": "Where is it?"}, {"role": "assistant", "content": "In Elm Street."}]}'
    )
    document = parse(lines.encode(), "a.jsonl")
    assert document.text == (
        "¿Cuándo abre?\n\nA las ocho.\nrespuesta fuente: web.\n\n"
        "Where is it?\n\nIn Elm Street.\nmessages role: user; messages role: assistant."
    )
    assert [b.kind for b in document.blocks].count("pair") == 2


def test_one_nul_byte_does_not_make_a_text_unreadable() -> None:
    text = "El puerto abre a las seis. The harbour opens at six. " * 3
    assert text_of("Uno.\x00 " + text, "a.txt").startswith("Uno. El puerto")
    # In a short text too, where no other control character stands beside them
    assert text_of("Muelle;Calado\nSur;\x00\x0012 m\n", "a.csv") == "Muelle: Sur; Calado: 12 m."
    assert text_of("The pier\x00\x00 is long.\x1a", "a.txt") == "The pier is long."
    # Room between words parts them
    assert text_of(
        "Cierra el muelle.\x00\x00\x00\x00The pi\x00er is long.\x00Abre hoy.", "a.txt"
    ) == ("Cierra el muelle. The pier is long. Abre hoy.")


@pytest.mark.parametrize("room", [64, 4096])
def test_room_that_a_program_did_not_fill_parts_lines_and_is_no_binary_data(room: int) -> None:
    text = "La campana pesa dos toneladas." + "\x00" * room + "The keeper is Inés Vogel.\n"
    assert text_of(text, "a.txt") == "La campana pesa dos toneladas.\nThe keeper is Inés Vogel."
    padded = "".join(line.ljust(40, "\x00") for line in ("Señal: roja", "Lamp: paraffin"))
    assert text_of(padded, "a.txt") == "Señal: roja\nLamp: paraffin"


def test_parse_keeps_the_furniture_of_a_page_that_is_nothing_else() -> None:
    page = (
        "<body hidden><nav>Inicio <a>Años</a></nav><script>no</script><footer>Pie</footer></body>"
    )
    assert text_of(page, "a.htm") == "Inicio Años\n\nPie"


@pytest.mark.parametrize(
    ("name", "text", "title"),
    [
        ("normas.html", "<h2>No se facturan</h2><ul><li>Pilas</li></ul><h2>Se facturan</h2><p>Esquís.</p>", "Normas"),
        ("cover.md", "# Not covered\n\nFloods.\n\n# Covered\n\nStorms.\n", "Cover"),
        ("normas.md", "# Lo que no se factura\n\n## Pilas\n\nDe litio.\n\n## Botes\n\nDe gas.\n", "Lo que no se factura"),
        ("dogs.md", "# Dogs\n\nOn a lead.\n\n# Cats\n\nAt home.\n", "Dogs"),
        ("hut.txt", "CONTENTS\n\n1. Rent of the hut ........ 3\n2. Keys of the hut ........ 4\n3. Rubbish ........ 5\n\n1. RENT\n\nIt is let for seventy pounds.\n\n2. KEYS\n\nFetch them from the man.\n", "Hut"),
    ],
)  # fmt: skip
def test_a_heading_that_rules_what_stands_below_it_or_heads_contents_is_no_title(
    name: str, text: str, title: str
) -> None:
    document = parse(text.encode(), name)
    assert document.title == title
    if name == "hut.txt":
        assert document.heading_path(document.text.index("It is let")) == ("1. RENT",)


@pytest.mark.parametrize(
    ("name", "text", "contents"),
    [
        ("a.html", "<h1>Club</h1><p>On this page</p><ol><li><a href='#a'>How long does it last?</a><ul><li><a href='#c'>Years</a><li><a href='#d'>Months</a></ul><li><a href='#b'>Who may leave?</a></ol><p>It lasts a year.</p>", ["On this page", "1. How long does it last?", "Years", "Months", "2. Who may leave?"]),
        ("a.md", "# Club\n\n1. [¿Cuánto dura?](#a)\n2. [Bajas](#b)\n   - [Plazo](#c)\n\nDura un año.\n", ["1. ¿Cuánto dura?", "2. Bajas", "Plazo"]),
        ("a.html", "<p>See:</p><ul><li><a href='#x'>Towels</a> to bring</li><li><a href='#y'>Boats</a></li></ul>", []),
        ("a.html", "<p>Véase:</p><ul><li><a href='/x'>Toallas</a></li><li><a href='/y'>Barcas</a></li></ul>", []),
        ("a.md", "- [Toallas](#x) y jabón\n- [Boats](http://x.test/#y)\n", []),
    ],
)  # fmt: skip
def test_items_that_are_links_to_places_of_the_text_are_its_contents(
    name: str, text: str, contents: list[str]
) -> None:
    document = parse(text.encode(), name)
    found = [document.text[b.start : b.end] for b in document.blocks if b.kind == "contents"]
    assert found == contents


def test_parse_reads_a_layout_table_as_prose() -> None:
    page = "<table><tr><td><h1>Título</h1><p>Uno.</p><p>Two.</p></td><td>Al lado</td></tr></table>"
    assert text_of(page, "a.html") == "Título\n\nUno.\n\nTwo.\n\nAl lado"


@pytest.mark.parametrize("encoding", ["cp1252", "cp850", "mac_roman"])
@pytest.mark.parametrize(
    "text",
    [
        "El buzón está junto al árbol más pequeño de la montaña.",
        "¿Cuándo abre? El año pasado, señora Núñez.",
        "EL NIÑO COMIÓ PIÑA EN EL CAFÉ",
        "Größe, Straße, Mädchen über München.",
        "The café was built in 1901 by Zoë Brontë.",
        "Señal única",
        "Menú del día: Núñez, Peña",
        "Cuota: £5 al año",
    ],
)
def test_parse_tells_windows_dos_and_macintosh_files_apart(text: str, encoding: str) -> None:
    assert parse(text.encode(encoding), "a.txt").text == text


@pytest.mark.parametrize(
    "text",
    [
        "┌──────────────┐\n│ Niño: 12 años │\n└──────────────┘\nEl señor del buzón pagó.",
        "╔══════╗\n║ FARM ║\n╚══════╝\nThe café of Zoë Brontë is in the hall.",
        "El tractor lo lleva Íñigo Peña.\n├─────┼────┤\n│ 12  │ 30 │",
    ],
)
def test_parse_knows_the_boxes_of_dos_from_letters(text: str) -> None:
    assert parse(text.encode("cp850"), "a.txt").text == text


@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman"])
@pytest.mark.parametrize(
    "text",
    [
        "The old house—built in 1901—isn’t “new” any more.",
        "El señor –que no vino– debe 20 € al «club».",
    ],
)
def test_parse_knows_dashes_and_quotation_marks_from_letters(text: str, encoding: str) -> None:
    assert parse(text.encode(encoding), "a.txt").text == text


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("windows-1252", "cp1252"),
        ("iso-8859-1", "cp1252"),
        ("ISO-8859-15", "iso-8859-15"),
        ("iso-8859-15", "cp1252"),
    ],
)
def test_parse_believes_the_charset_a_page_names(name: str, encoding: str) -> None:
    page = f'<meta charset="{name}"><p>¿El año? Cuesta 5 €.</p>'.encode(encoding)
    assert text_of(page, "a.html") == "¿El año? Cuesta 5 €."


def test_parse_ignores_a_charset_that_is_a_trap() -> None:
    page = '<meta charset="unicode_escape"><p>El año</p>'.encode("cp1252")
    assert text_of(page, "a.html") == "El año"


def test_parse_reads_xhtml_with_an_empty_title() -> None:
    assert text_of('<?xml version="1.0"?>' + chapter("<p>Año</p>")[38:], "a.html") == "Año"


# PDF --------------------------------------------------------------------------------------------


def test_parse_joins_the_lines_of_a_pdf_and_makes_divided_words_whole() -> None:
    page = column(
        "El funcionamiento del aparato es sencillo. El funciona-",
        "miento del motor, en cambio, es bien-",
        "intencionado. In 2020-",
        "2021 the well-",
        "known señor Núñez-",
        "Pérez sold it.",
    )
    assert text_of(pdf_of(page), "a.pdf") == (
        "El funcionamiento del aparato es sencillo. El funcionamiento del motor, en cambio, es "
        "bienintencionado. In 2020-2021 the well-known señor Núñez-Pérez sold it."
    )


def test_parse_starts_a_paragraph_after_a_gap() -> None:
    page = column("Uno y medio.", "Dos años.") + column("¿Tres?", "Cuatro más.", top=640)
    assert "Dos años.\n\n¿Tres? Cuatro más." in text_of(pdf_of(page), "a.pdf")


def test_parse_knows_where_each_page_of_a_pdf_begins() -> None:
    document = parse(pdf_of(column("Uno, ñandú."), [], column("Three."), []), "a.pdf")
    assert document.text == "Uno, ñandú.\n\nThree."
    assert document.page_starts == (0, 13, 13, 19)
    assert document.page_at(document.text.index("ñandú")) == 1
    assert document.page_at(document.text.index("Three")) == 3


@pytest.mark.parametrize(
    ("left", "right", "elsewhere", "joined"),
    [
        ("un plan político-", "social de vivienda", "", "político-social"),
        ("un curso teórico-", "práctico de poda", "", "teórico-práctico"),
        ("la relación calidad-", "precio del menú", "El precio y la calidad.", "calidad-precio"),
        ("a long-", "term plan", "A term as long as a year.", "long-term"),
        ("un plan político-", "/social", "", "político-/social"),
        ("se hizo económi-", "camente", "", "económicamente"),
        ("ACUERDA LA CONTRATA-", "CIÓN DE LA BANDA", "", "CONTRATACIÓN DE"),
        ("THE COUNCIL OR ITS REPRE-", "SENTATIVE", "", "REPRESENTATIVE"),
        ("LA JUNTA DE CASTILLA-", "LA MANCHA", "", "CASTILLA-LA MANCHA"),
        ("Firma José Pérez-", "Galdós por la ONU", "", "Pérez-Galdós"),
        ("se hizo rápida-", "mente", "La mente es rápida.", "rápidamente"),
        ("la organiza-", "ción del baile", "", "organización"),
        ("el bien-", "estar de todos", "Estar bien.", "bienestar"),
        ("the news-", "paper", "A paper with news, a newspaper.", "newspaper"),
        (
            "Véase http://lago.test/",
            "normas/pesca.html para más.",
            "",
            "http://lago.test/normas/pesca.html",
        ),
        ("see www.lake.test/fishing-", "rules for more", "", "www.lake.test/fishing-rules"),
        ("see https://lake.test", "/rules.", "", "https://lake.test/rules"),
        ("escriba a barcas@", "lago.test en mayo", "", "barcas@lago.test"),
        ("write to boats", "@lake.test in May", "", "boats@lake.test"),
        ("socios y/", "o amigos", "", "y/ o"),
        ("la cuenta del concurso", "@barcasdelago.", "", "concurso @barcasdelago"),
        ("tag the club", "@lakeboats in May", "", "club @lakeboats"),
        ("a dual-", "language school", "", "dual-language"),
        ("a full-", "time warden", "", "full-time"),
        ("out of full-", "ness of heart", "", "fullness"),
        ("a 6-", "month period", "", "6-month"),
        ("costs thirty-", "four dollars", "", "thirty-four"),
        ("Forty-", "eight hours before", "", "Forty-eight"),
        ("a thirty-", "year lease", "", "thirty-year"),
        ("the two-", "thirds that voted", "", "two-thirds"),
        ("a one-", "way street", "", "one-way"),
        ("nine-", "teen pounds and six-", "", "nineteen"),
        ("a six-", "pence coin", "", "sixpence"),
        ("rose four-", "fold in a year", "", "fourfold"),
        ("proud of one-", "self and of ten-", "", "oneself"),
        ("at ten-", "ant's cost", "", "tenant's"),
        ("lends short-", "and long-term boats", "", "short- and long-term"),
        ("lends short-", "or long-term boats", "", "short- or long-term"),
        ("cursos pre-", "y posparto", "", "pre- y posparto"),
        ("ask the doct-", "or a nurse", "", "doctor a nurse"),
        ("a life-", "sustaining spring", "", "life-sustaining"),
        ("the X-", "ray room", "", "X-ray"),
        ("a so-", "called expert", "", "so-called"),
        ("the check-", "in desk", "", "check-in"),
        ("the next-", "door garden", "", "next-door"),
        ("a university-", "based course", "", "university-based"),
        ("has de-", "based the coin", "", "debased"),
        ("keep the map up-", "to-date", "Ask the warden.", "up-to-date"),
        ("keep it up-to-", "date", "Ask the warden.", "up-to-date"),
        ("a state-of-the-", "art kiln", "Ask the warden.", "state-of-the-art"),
        ("el orden suje-", "to-verbo", "La norma del acto.", "sujeto-verbo"),
        ("el ayunta\u2010", "miento abona", "", "el ayuntamiento"),
        ("the manage\u2010", "ment team", "", "the management"),
        ("in 2020\u2010", "2021", "", "2020\u20102021"),
        ("el pacto franco-", "-argelino de 1962", "", "el pacto franco-argelino"),
        ("the rule --", "-v prints more", "", "-- -v"),
        ("a part\u2010", "whole table", "The part\u2010whole rule.", "part\u2010whole"),
        ("un curso de 6-", "8 meses", "", "6-8"),
        ("abre a las 6 -", "salvo los lunes", "", "6 - salvo"),
    ],
)
def test_what_stands_at_a_line_end_joins_with_what_follows_as_it_was_written(
    left: str, right: str, elsewhere: str, joined: str
) -> None:
    cut, between = seam(left, right, known_words(elsewhere))
    assert joined in left[: len(left) - cut] + between + right


def test_parse_carries_a_sentence_and_a_divided_word_over_a_page_end() -> None:
    document = parse(
        pdf_of(column("El almacén ardió en"), column("agosto de 1909. The ware-"), column("house burned.")),
        "a.pdf",
    )  # fmt: skip
    assert document.text == "El almacén ardió en agosto de 1909. The warehouse burned."
    assert [document.text[start:][:6] for start in document.page_starts] == [
        "El alm",
        "agosto",
        "house ",
    ]


def test_parse_drops_running_titles_and_page_numbers_of_a_pdf() -> None:
    words = ["uno", "dos", "tres", "cuatro", "cinco", "six"]
    pages = [
        [(72, 800, "Anales de Mérida" if i % 2 else "Vol. 12"), *column(f"Sección {word}."), (290, 30, f"{i + 7}")]
        for i, word in enumerate(words)
    ]  # fmt: skip
    # The first page says it once.
    text = "\n\n".join(f"Sección {word}." for word in words)
    assert text_of(pdf_of(*pages), "a.pdf") == f"Vol. 12\n\n{text}"


def test_parse_keeps_a_number_that_is_no_page_number() -> None:
    pages = [
        [*column("El año de la cosecha fue"), (72, 30, year)] for year in ("1897", "1850", "1909")
    ]
    assert all(year in text_of(pdf_of(*pages), "a.pdf") for year in ("1897", "1850", "1909"))


def test_parse_reads_pdfs_in_several_threads() -> None:
    data = (DATA / "informe.pdf").read_bytes()
    expected = parse(data, "a.pdf")
    found: list[Document] = []
    threads = [
        threading.Thread(target=lambda: found.append(parse(data, "a.pdf"))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert found == [expected] * 8


# DOCX -------------------------------------------------------------------------------------------


def test_parse_reads_the_headings_tables_and_title_of_a_word_file() -> None:
    def fill(document: docx.document.Document) -> None:
        document.core_properties.title = "Acta de la reunión"
        document.add_heading("Orden del día", 1)
        document.add_paragraph("¿Cuántos años? Diez.")
        document.add_heading("Accounts", 2)
        table = document.add_table(2, 2)
        for cell, text in zip(table._cells, ("País", "Año", "España", "1897"), strict=True):
            cell.text = text
        document.add_paragraph("uno", "List Bullet")
        document.add_paragraph("two", "List Bullet")

    document = parse(docx_of(fill), "a.docx")
    assert document.text == (
        "Orden del día\n\n¿Cuántos años? Diez.\n\nAccounts\n\nPaís | Año\nEspaña | 1897\n\nuno\ntwo"
    )
    assert headings_of(document) == [(1, "Orden del día"), (2, "Accounts")]
    assert document.title == "Acta de la reunión"
    assert document.page_starts == ()


def test_parse_reads_insertions_and_content_controls_but_no_deletions_of_a_word_file() -> None:
    def fill(document: docx.document.Document) -> None:
        document._body._element.insert(
            0,
            parse_xml(
                f"<w:sdt {nsdecls('w')}><w:sdtContent><w:p><w:r><w:t>Uno </w:t></w:r><w:ins><w:r><w:t>más"
                "</w:t></w:r></w:ins><w:del><w:r><w:delText>menos</w:delText></w:r></w:del><w:r><w:tab/>"
                "<w:t>año</w:t><w:br/><w:t>fin</w:t></w:r></w:p></w:sdtContent></w:sdt>"
            ),
        )

    assert text_of(docx_of(fill), "a.docx") == "Uno más año\nfin"


def test_parse_takes_the_first_heading_for_a_word_file_without_a_title() -> None:
    data = docx_of(lambda document: document.add_heading("El ñandú", 1))
    assert parse(data, "a.docx").title == "El ñandú"


# EPUB -------------------------------------------------------------------------------------------


def test_parse_reads_the_chapters_of_a_book_in_the_order_of_its_spine() -> None:
    document = parse(epub_of(), "libro.epub")
    assert document.text == "Uno\n\n¿Dónde está el ñandú?\n\nAquí.\n\nTwo\n\nThe rhea is gone."
    assert headings_of(document) == [(1, "Uno"), (1, "Two")]
    assert document.title == "Los años del ñandú"


def test_parse_reads_a_book_with_a_chapter_missing() -> None:
    assert text_of(epub_of(**{"uno.xhtml": None}), "a.epub") == "Two\n\nThe rhea is gone."


TABS = """# Entrada

=== "A pie"

    **Requisitos:**

    - Carné

    ```sh
    if abrir; then
        echo **pasa**
    ```

=== "En **coche**"

    === "De día"

        Entra por la verja.

    === "De noche"

        Entra por el puente.

    !!! warning "Ojo"
        Hay perro.

{after}
"""


@pytest.mark.parametrize(
    ("after", "headings"),
    [
        ("## Salida\n\nPor la puerta.", [(1, "Entrada"), (2, "A pie"), (2, "En coche"), (2, "Salida")]),
        ("", [(1, "Entrada"), (2, "A pie"), (2, "En coche")]),
        # What goes on below tabs is not of the last
        ("Esto vale para todos.", [(1, "Entrada")]),
    ],
)  # fmt: skip
def test_tabs_of_markdown_are_sections_and_hold_what_they_would_without(
    after: str, headings: list[tuple[int, str]]
) -> None:
    document = parse(TABS.replace("{after}", after).encode(), "a.md")
    assert [(h.level, h.text) for h in document.headings] == headings
    kinds = [block.kind for block in document.blocks if block.kind not in ("list", "heading")]
    captions = (["caption", "caption"], ["caption"] * 4)[after.startswith("Esto")]
    assert sorted(kinds) == sorted(
        [*captions, "caption", "paragraph", "item", "code", "paragraph", "paragraph", "paragraph"]
        + ["paragraph"] * bool(after)
    )
    assert "Requisitos:\n\nCarné\n\nif abrir; then\n    echo **pasa**\n\nEn coche" in document.text


def test_tabs_in_tabs_are_deeper_sections() -> None:
    text = '=== "Day"\n\n    === "Gate"\n\n        Come in.\n\n    === "Bridge"\n\n        Go round.\n\n=== "Night"\n\n    Closed.\n'
    document = parse(f"# Ways in\n\n{text}".encode(), "a.md")
    assert [(h.level, h.text) for h in document.headings] == [
        (1, "Ways in"), (2, "Day"), (3, "Gate"), (3, "Bridge"), (2, "Night"),
    ]  # fmt: skip


def test_what_a_folded_notice_asks_its_text_answers() -> None:
    text = '??? question "¿Puedo traer perro?"\n\n    Sí, **atado**.\n\n???+ note "May I smoke?"\n    No.\n'
    document = parse(text.encode(), "a.md")
    assert [b.kind for b in document.blocks] == ["pair", "paragraph", "paragraph"] * 2
    assert document.text == "¿Puedo traer perro?\n\nSí, atado.\n\nMay I smoke?\nNo."


def test_items_in_a_cell_stand_apart() -> None:
    page = (
        "<table><tr><th>Valor</th><th>Regla</th></tr><tr><td>Trato</td><td><ul><li>Ser amable<li>Ser <b>abierto</b></ul></td></tr>"
        "<tr><td>Order</td><td><ol><li>Look</li><li><p>Listen</p></li></ol></td></tr><tr><td>Una</td><td><ul><li>Sola</ul></td></tr></table>"
    )
    document = parse(page.encode(), "a.html")
    rows = ["Valor | Regla", "Trato | • Ser amable • Ser abierto", "Order | 1. Look 2. Listen", "Una | Sola"]  # fmt: skip
    assert document.text.split("\n") == rows

    def fill(word: docx.document.Document) -> None:
        table = word.add_table(rows=2, cols=2)
        for cell, lines in zip(table._cells, ("Valor", "Regla", "Trato", ""), strict=True):
            cell.text = lines
        for said in ("Ser amable", "Be open"):
            table.cell(1, 1).add_paragraph(said, style="List Bullet")

    assert parse(docx_of(fill), "a.docx").text == "Valor | Regla\nTrato | • Ser amable • Be open"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_front_matter_of_a_page_is_none_of_its_text(end: str) -> None:
    page = end.join(("---", "title: Preguntas", "layout: page", "description: Lo que se pregunta.", "---", "<h2>Cuota</h2><p>Diez euros.</p>"))  # fmt: skip
    document = parse(page.encode(), "a.html")
    assert (document.title, document.text) == (
        "Preguntas",
        "Lo que se pregunta.\n\nCuota\n\nDiez euros.",
    )
    assert [(one.text, one.reason) for one in document.left_out] == [
        ("layout: page", "front matter")
    ]
    rules = "--- Notice ---<p>Ten euros.</p>"
    assert parse(rules.encode(), "a.html").text == "--- Notice ---\n\nTen euros."


def test_numbers_that_are_drawn_before_headings_are_theirs() -> None:
    page = "<span>{}</span><div><h2>Cocina</h2><p>Se friega.</p></div><span>{}</span><div><h2>Trash</h2><p>On Friday.</p></div>"
    document = parse(page.format("1", "2").encode(), "a.html")
    assert [h.text for h in document.headings] == ["1 Cocina", "2 Trash"]
    assert document.text == "1 Cocina\n\nSe friega.\n\n2 Trash\n\nOn Friday."
    # Prices are none
    assert parse(page.format("30", "12").encode(), "a.html").text.startswith("30\n\nCocina")
    # Counted up twice on one page, before bold lines too
    twice = (page + "<h2>Pasos</h2>" + page.replace("h2", "b")).format("1", "2", "1", "2")
    assert [h.text for h in parse(twice.encode(), "a.html").headings] == [
        "1 Cocina", "2 Trash", "Pasos", "1 Cocina", "2 Trash",
    ]  # fmt: skip


def test_a_button_that_holds_a_paragraph_is_a_card_and_its_text_is_read() -> None:
    page = "<h1>Club</h1><p>Turn the cards.</p><button><b>Llaves</b><p>Las llaves las guarda la maestra del taller.</p></button><button>Guardar y volver a la lista de socios.</button>"
    document = parse(page.encode(), "a.html")
    assert "Las llaves las guarda la maestra del taller." in document.text
    assert [one.text for one in document.left_out] == ["Guardar y volver a la lista de socios."]


@pytest.mark.parametrize("link", ["← Volver a la lista", "‹ Back", "↩", "Back to top ↑"])
def test_a_link_that_leads_back_is_no_text(link: str) -> None:
    page = f"<div><a href=x>{link}</a></div><h1>House</h1><p>Shoes off, see <a href=y>the hall → stairs</a>.</p>"
    document = parse(page.encode(), "a.html")
    assert document.text == "House\n\nShoes off, see the hall → stairs."
    assert parse(f"<a href=x>{link} …</a>".encode(), "a.html").text.startswith(link)


def test_links_that_are_drawn_as_buttons_lead_elsewhere() -> None:
    text = "The pool is open.\n\n[:material-arrow-left: Back](index.md){ .md-button }\n[Files](../x/){ .md-button .md-button--primary }\n"
    document = parse(text.encode(), "a.md")
    assert document.text == "The pool is open."
    assert [(one.text, one.reason) for one in document.left_out] == [
        ("Back Files", "menu or navigation")
    ]


@pytest.mark.parametrize(
    ("one", "two", "levels"),
    [
        # The file's title says which heading is the chapter's
        ("<title>Pan</title><h1>Pan</h1><h1>Masa</h1><h2>Agua</h2><p>Dos.</p>", "<h1>Soup</h1><p>Two.</p>", [1, 2, 3, 1]),
        # Headings that stand in many chapters are parts of each
        ("<h1>Pan</h1><h1>Pasos</h1><p>Dos.</p>", "<h1>Sopa</h1><h1>Pasos</h1><p>Three.</p>", [1, 2, 1, 2]),
        # A file may hold several chapters
        ("<title>Cocina</title><h1>Pan</h1><p>Uno.</p><h1>Sopa</h1><p>Dos.</p>", "<h1>Rice</h1><p>Two.</p>", [1, 1, 1]),
        ("<h1>Notas</h1><h1>Pan</h1><p>Uno.</p>", "<h1>Notas</h1><h1>Rice</h1><p>Two.</p>", [1, 1, 1, 1]),
        ("<h2>Pan</h2><h1>Sopa</h1><p>Uno.</p>", "<p>Two.</p>", [2, 1]),
    ],
)  # fmt: skip
def test_the_title_of_a_chapter_is_above_its_other_headings(
    one: str, two: str, levels: list[int]
) -> None:
    document = parse(
        epub_of(**{"uno.xhtml": f"<html>{one}</html>", "OPS/cap dos.xhtml": chapter(two)}), "a.epub"
    )
    assert [heading.level for heading in document.headings] == levels


def test_the_contents_of_a_book_that_tex4ht_made_are_no_list() -> None:
    lines = "<br/>".join(
        f"<span class='sectionToc'>{n} <a href='uno.xhtml#s'>{name}</a></span>"
        for n, name in (("1", "El muelle"), ("1.1", "Los remos"), ("1.2", "The boats"))
    )
    page = chapter(f"<h2>Índice</h2><div class='tableofcontents'>{lines}</div><p>Se reman.</p>")
    document = parse(epub_of(**{"uno.xhtml": page}), "a.epub")
    found = [document.text[b.start : b.end] for b in document.blocks if b.kind == "contents"]
    assert found == ["1 El muelle\n1.1 Los remos\n1.2 The boats"]
    assert all(block.kind != "item" for block in document.blocks)


# CSV and JSON lines -----------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^", ":"])
def test_parse_makes_a_sentence_of_each_csv_row(delimiter: str) -> None:
    rows = [
        "País;Año;Notas",
        'España;1897;"¿qué ""tal""?\nbien"',
        "Perú;1900;",
        "Chile;1901;fine;extra",
    ]
    data = "\n".join(rows).replace(";", delimiter)
    assert text_of(data, "a.csv") == (
        'País: España; Año: 1897; Notas: ¿qué "tal"? bien.\n'
        "País: Perú; Año: 1900.\n"
        "País: Chile; Año: 1901; Notas: fine; extra."
    )


def test_parse_reads_decimal_commas_and_excels_delimiter_line() -> None:
    assert text_of("sep=;\npeso;alto\n1,5;2,5\n3,5;4,5", "a.csv") == (
        "peso: 1,5; alto: 2,5.\npeso: 3,5; alto: 4,5."
    )


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        (
            'pieza;precio;lugar\nllave;"3;Soria\ntuerca;4;Ávila\nnuez;5;Toro',
            ['pieza: llave; precio: "3; lugar: Soria.', "pieza: tuerca; precio: 4; lugar: Ávila.", "pieza: nuez; precio: 5; lugar: Toro."],
        ),
        (
            'part,price,place\n"key,3,Leeds\nnut,4,"York\nbolt,5,Hull',
            ['part: "key; price: 3; place: Leeds.', 'part: nut; price: 4; place: "York.', "part: bolt; price: 5; place: Hull."],
        ),
        (
            'part,price,place\nkey,3,"Leeds\nnut,4,York"\n"bolt, long",5,"Hull',
            ['part: key; price: 3; place: "Leeds.', 'part: nut; price: 4; place: York".', 'part: bolt, long; price: 5; place: "Hull.'],
        ),
        (
            'tubo,medida,nota\nuno,"1" de ancho",bien\ndos,"2\n3",mal',
            ["tubo: uno; medida: 1 de ancho\"; nota: bien.", "tubo: dos; medida: 2; 3; nota: mal."],
        ),
    ],
)  # fmt: skip
def test_a_quotation_mark_that_is_never_closed_harms_its_own_row_only(
    data: str, lines: list[str]
) -> None:
    assert text_of(data, "a.csv").split("\n") == lines


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        (
            'grupo,lunes,martes,jueves,viernes\nFaro,9,10,11,12\nOla,9,"10 a 11\n18 a 19",no,sí\nRía,1,2,3,4',
            ["grupo: Faro; lunes: 9; martes: 10; jueves: 11; viernes: 12.",
             "grupo: Ola; lunes: 9; martes: 10 a 11; 18 a 19; jueves: no; viernes: sí.",
             "grupo: Ría; lunes: 1; martes: 2; jueves: 3; viernes: 4."],
        ),
        (
            'team,mon,tue,wed,thu,fri\nOak,1,2,3,4,5\nElm,"9 am\n6 pm",10,"9 am\n6 pm",10,no',
            ["team: Oak; mon: 1; tue: 2; wed: 3; thu: 4; fri: 5.",
             "team: Elm; mon: 9 am 6 pm; tue: 10; wed: 9 am 6 pm; thu: 10; fri: no."],
        ),
        (
            'item,size,"price\n(euros)",shop,place\nkey,2,3,Bell,Leeds\nnut,1,4,Hill,York',
            ["item: key; size: 2; price (euros): 3; shop: Bell; place: Leeds.",
             "item: nut; size: 1; price (euros): 4; shop: Hill; place: York."],
        ),
    ],
)  # fmt: skip
def test_a_row_with_lines_in_its_cells_is_whole_where_it_is_as_wide_as_the_others(
    data: str, lines: list[str]
) -> None:
    assert text_of(data, "a.csv").split("\n") == lines


def test_signs_of_times_and_prose_are_no_columns() -> None:
    assert text_of("hora\n10:30:15\n11:45:00", "a.csv") == "hora: 10:30:15.\nhora: 11:45:00."
    assert text_of("Nota: a: b\nLugar: c: d", "a.csv").startswith("Nota: a: b: Lugar: c: d")


@pytest.mark.parametrize(
    ("doc_id", "data"),
    [
        ("a.tsv", "País\tAño\nPerú\t1900\n"),
        ("a.text", "País: Perú; Año: 1900."),
        ("a.xhtml", '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body><p>País: Perú; Año: 1900.</p></body></html>'),
    ],
)  # fmt: skip
def test_other_suffixes_of_a_format_are_read(doc_id: str, data: str) -> None:
    assert text_of(data, doc_id) == "País: Perú; Año: 1900."


def test_parse_reads_a_csv_of_one_column_and_one_without_header() -> None:
    assert text_of("frase\nHola, señora, ¿qué tal?\nBien", "a.csv") == (
        "frase: Hola, señora, ¿qué tal?\nfrase: Bien."
    )
    assert text_of("1,2\n3,4", "a.csv") == "1; 2.\n3; 4."
    people = "Ana Ruiz,ana@lago.test,Cuenca\nJohn Hill,john@lake.test,Leeds\n"
    assert text_of(people, "a.csv").startswith("Ana Ruiz; ana@lago.test; Cuenca.\nJohn Hill")
    assert text_of("Ana,600 111 222\nJohn,600 333 444\n", "a.csv").startswith("Ana; 600 111 222.")


@pytest.mark.parametrize(
    ("csv", "text"),
    [
        ("Madrid;3.223.000;Plaza Mayor\nSoria;39.000;Plaza Herradores\nLugo;98.000;Praza Maior", "Madrid; 3.223.000; Plaza Mayor.\n"),
        ("Kettle,2024-01-05,Ivy Dunn\nLamp,2024-01-09,Ned Cole\nClock,2024-02-11,Ivy Dunn", "Kettle; 2024-01-05; Ivy Dunn.\n"),
        ("Coro;10:00;Patio\nTeatro;11:30;Sala\nCena;21:00;Patio", "Coro; 10:00; Patio.\n"),
        ("York,202800,Minster\nLeeds,536300,Town Hall\nHull,267000,Minster", "York; 202800; Minster.\n"),
        ("Muro;45 €;enero de 2024\nTejado;51 €;marzo de 2024", "Muro; 45 €; enero de 2024.\n"),
        ("Rent,$900,1 Jan 2024\nWater,$80,5 Jan 2024", "Rent; $900; 1 Jan 2024.\n"),
        ("Pozo;84,37\nHorno;12,20\nTorno;9", "Pozo; 84,37.\n"),
        ("Kettle,Ivy Dunn,34\nLamp,Ned Cole,29\nClock,Sue Park,41", "Kettle; Ivy Dunn; 34.\n"),
        ("Lugo;10000;Soria;15000\nCuenca;8000;León;\nBath;9000;York;12000", "Lugo; 10000; Soria; 15000.\n"),
        # Words of the column come again below it
        ("Grúa;parada;Ana\nNoria;en marcha;Luis\nTorno;parada;Eva", "Grúa; parada; Ana.\n"),
        ("Tarea;Quién;Listo\nPintar;Ana;sí\n;;\nTarea;Quién;Fecha\nBarrer;Eva;lunes", "Tarea: Pintar;"),
        ("Hasta;50 €;100 €\nGestión;2 €;3 €\nEnvío;4 €;0 €", "Hasta: Gestión; 50 €: 2 €;"),
        ("Barco;2023\nOla;31\nIsla;40", "Barco: Ola; 2023: 31."),
        ("Flota de hoy\n\nBarco;Remos\nOla;4\nIsla;6", "Flota de hoy\n\nBarco: Ola; Remos: 4.\n"),
        # Years, days, codes and dates are names of columns of other numbers
        ("Villa;2022;2023\nSoria;39.000;39.100\nLugo;98.000;97.900", "Villa: Soria; 2022: 39.000;"),
        ("Shop,28001,28002\nNorth,20280,30100\nSouth,41500,20800", "Shop: North; 28001: 20280;"),
        ("Gasto;01/01/2024;01/02/2024\nLuz;84,37;90,10\nAgua;12,20;11,00", "Gasto: Luz; 01/01/2024: 84,37;"),
        ("Cosa;1,5 kg;3 kg\nHarina;2,10;4,00\nSal;0,90;1,70", "Cosa: Harina; 1,5 kg: 2,10;"),
    ],
)  # fmt: skip
def test_a_first_row_with_a_value_of_its_column_is_no_header(csv: str, text: str) -> None:
    assert text_of(csv.encode(), "a.csv").startswith(text)


@pytest.mark.parametrize(
    ("csv", "text"),
    [
        ("Ventas;;\nTienda;Calle Nueva 14;\nResponsable;Noelia Bravo;\n;;\nArtículo;Unidades;Importe\nGorra;12;144,00\nBufanda;7;105,00\n", "Ventas\n\nTienda: Calle Nueva 14\n\nResponsable: Noelia Bravo\n\nArtículo: Gorra; Unidades: 12; Importe: 144,00."),
        ("Site,Fell Top,\nObserver,Una Webb,\nDay,Rain (mm),Wind\nMon,3.2,18\nTue,0.0,25\n", "Site: Fell Top\n\nObserver: Una Webb\n\nDay: Mon; Rain (mm): 3.2; Wind: 18."),
        ("Titular;Asociación El Robledal\nFecha;Concepto;Importe;Saldo\n03/01/2024;Luz;-84,37;1.915,63\n15/01/2024;Cuotas;620,00;2.535,63\n", "Titular: Asociación El Robledal\n\nFecha: 03/01/2024; Concepto: Luz;"),
        # A header without a name for its last column, with remarks in few rows
        ("Nombre;Ciudad;\nAna;Soria;\nLuis;Lugo;viene en mayo\nEva;León;\n", "Nombre: Ana; Ciudad: Soria.\nNombre: Luis; Ciudad: Lugo; viene en mayo."),
        ("Name,Age,\nKim,32,\nLou,40,late\nAnn,28,\n", "Name: Kim; Age: 32.\nName: Lou; Age: 40; late."),
    ],
)  # fmt: skip
def test_names_with_values_above_a_table_are_not_its_header(csv: str, text: str) -> None:
    assert text_of(csv.encode(), "a.csv").startswith(text)


@pytest.mark.parametrize(
    ("csv", "lines"),
    [
        (
            'Día,Guía,Nota\nlunes,Inés,"Gritó \\"vamos\\", y llovió"\nmartes,Bo,"He said \\"no\\""\n',
            ['Día: lunes; Guía: Inés; Nota: Gritó "vamos", y llovió.', 'Día: martes; Guía: Bo; Nota: He said "no".'],
        ),
        # A cell may end in a backslash
        (
            'Day,Folder,Who\nMonday,"C:\\new\\",Ana\nTuesday,"D:\\old\\",Bo\n',
            ["Day: Monday; Folder: C:\\new\\; Who: Ana.", "Day: Tuesday; Folder: D:\\old\\; Who: Bo."],
        ),
    ],
)  # fmt: skip
def test_quotation_marks_of_a_csv_may_have_a_backslash_before_them(
    csv: str, lines: list[str]
) -> None:
    assert text_of(csv, "a.csv").split("\n") == lines


def test_a_csv_may_have_its_header_again_below_empty_rows_and_a_row_of_too_many_cells() -> None:
    csv = (
        "Day,Walk,Guide,,\nMonday,Mill,Inés,,\nmartes,Dunas,Bo,,\n,,,,\nDay,Walk,Guide,,\n"
        "Friday,Lake,Ana\nsábado,Faro,Hugo,frío,windy\n"
    )
    assert text_of(csv, "a.csv").split("\n") == [
        "Day: Monday; Walk: Mill; Guide: Inés.",
        "Day: martes; Walk: Dunas; Guide: Bo.",
        "Day: Friday; Walk: Lake; Guide: Ana.",
        "Day: sábado; Walk: Faro; Guide: Hugo; frío; windy.",
    ]


@pytest.mark.parametrize(
    ("csv", "labels"),
    [
        ("Horario;9:00-14:00\nDirección;Calle Luna, 4\nTeléfono;600 111 222\n", ["Horario: 9:00-14:00", "Dirección: Calle Luna, 4", "Teléfono: 600 111 222"]),
        ("Name:,The Old Mill\nOwner:,Ivy Dunn\nRooms:,7\n", ["Name: The Old Mill", "Owner: Ivy Dunn", "Rooms: 7"]),
        ("Boat,Oars\nGull,4\nTern,two\n", []),
    ],
)  # fmt: skip
def test_names_with_values_of_several_kinds_in_a_csv_are_labels(
    csv: str, labels: list[str]
) -> None:
    document = parse(csv.encode(), "a.csv")
    found = [document.text[b.start : b.end] for b in document.blocks if b.kind == "label"]
    assert found == labels


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.html", "<h1>Coro</h1><p><strong>Ensayo</strong><br>Lunes a las 20:00</p><p><b>Sala</b><br/>Old Hall</p><p><b>Nota.</b><br>Se canta.</p>"),
        ("a.md", "# Coro\n\n**Ensayo**  \nLunes a las 20:00\n\n**Sala**\\\nOld Hall\n\n**Nota.**  \nSe canta.\n"),
    ],
)  # fmt: skip
def test_a_name_in_bold_over_its_value_in_a_paragraph_is_a_label(name: str, data: str) -> None:
    document = parse(data.encode(), name)
    labels = [document.text[b.start : b.end] for b in document.blocks if b.kind == "label"]
    assert labels == ["Ensayo\nLunes a las 20:00", "Sala\nOld Hall"]


def test_numbers_of_json_lines_stay_as_they_are_written() -> None:
    assert (
        text_of('{"precio": 12.50, "code": 7, "n": 1e3}', "a.jsonl")
        == "precio: 12.50; code: 7; n: 1e3."
    )


def test_parse_reads_json_lines() -> None:
    document = parse(
        '{"title": "El año", "text": "Uno.\\u2028Dos.", "id": 7}\n\n'
        '{"Título": "Otro", "body": "Three."}\n'
        '{"país": "Perú", "year": 1900, "nada": null, "sí": true, "lista": ["a", 1], "obj": {"x": 1}}'
        "".encode(),
        "datos.jsonl",
    )
    assert document.text == (
        "El año\n\nUno.\nDos.\nid: 7.\n\nOtro\n\nThree.\n\npaís: Perú; year: 1900; sí: true; lista: a, 1; obj x: 1."
    )
    assert headings_of(document) == [(1, "El año"), (1, "Otro")]
    assert document.title == "Datos"


# Titles -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("doc_id", "title"),
    [
        ("a/b/informe_anual-2024.txt", "Informe anual 2024"),
        ("Acta 2024-05-14.txt", "Acta 2024-05-14"),
        ("año.v1.2.txt", "Año v1.2"),
        (unicodedata.normalize("NFD", "ñandú") + ".txt", "Ñandú"),
    ],
)
def test_parse_makes_a_file_name_readable_when_there_is_no_title(doc_id: str, title: str) -> None:
    assert parse(b"texto", doc_id).title == title


def test_parse_does_not_believe_a_title_that_a_program_wrote() -> None:
    page = "<title>Microsoft Word - acta.doc</title><h1>El acta</h1><p>x</p>"
    assert parse(page.encode(), "a.html").title == "El acta"


# Errors -----------------------------------------------------------------------------------------


def zip_bomb(name: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as container:
        container.writestr(name, b" " * 40_000_000)
    return file.getvalue()


def lying_zip() -> bytes:
    """A part of 200,000 bytes of which the directory says that it has 10."""
    data = bytearray(epub_of(**{"uno.xhtml": chapter("<p>año</p>" * 20_000)}))
    real = len(chapter("<p>año</p>" * 20_000).encode()).to_bytes(4, "little")
    while (at := data.find(real)) >= 0:
        data[at : at + 4] = (10).to_bytes(4, "little")
    return bytes(data)


ENCRYPTED_BOOK = (
    '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><EncryptedData><CipherData>'
    '<CipherReference URI="uno.xhtml"/></CipherData></EncryptedData></encryption>'
)
ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><container>&b;</container>'

UNREADABLE = {
    "empty": (b"", "a.txt", "the file is empty (0 bytes)"),
    "white space": (b" \n\t \xc2\xa0\xe2\x80\x8b\n", "a.txt", "only white space"),
    "markup only": (b"<html><body><script>x</script></body></html>", "a.html", "only white space or markup"),
    "NUL bytes": (b"hola\x00\x01\x02 mundo \x00\x00", "a.txt", "holds NUL bytes"),
    "control bytes": (bytes(range(1, 32)) * 20, "a.md", "control characters, so this is binary data"),
    "broken pdf": (b"%PDF-1.7\nno, esto no", "a.pdf", "the PDF is broken"),
    "cut pdf": (pdf_of(column("El año"))[:60], "a.pdf", "the PDF is broken"),
    "encrypted pdf": ((DATA / "cifrado.pdf").read_bytes(), "a.pdf", "the PDF is encrypted"),
    "scanned pdf": (pdf_of([], []), "a.pdf", "2 pages and no text layer, so it is probably a scan; install tesseract"),
    "broken docx": (b"PK\x03\x04basura", "a.docx", "its zip container is broken"),
    "not a docx": (epub_of(), "a.docx", "this is not a Word document (.docx) or it is broken"),
    "old or encrypted docx": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 9, "a.docx", "an old Office file or one with a password"),
    "docx bomb": (zip_bomb("word/document.xml"), "a.docx", "this looks like a zip bomb"),
    "broken epub": (b"PK basura", "a.epub", "its zip container is broken"),
    "not an epub": (docx_of(lambda d: d.add_paragraph("año")), "a.epub", "it has no META-INF/container.xml"),
    "epub with a bad package": (epub_of(**{"OPS/libro.opf": "<package"}), "a.epub", "it is broken"),
    "epub without chapters": (epub_of(**{"uno.xhtml": None, "OPS/cap dos.xhtml": None}), "a.epub", "no readable chapter (2 are missing"),
    "protected epub": (epub_of(**{"META-INF/encryption.xml": ENCRYPTED_BOOK}), "a.epub", "protected against copying (uno.xhtml"),
    "epub with entities": (epub_of(**{"META-INF/container.xml": ENTITIES}), "a.epub", "declares XML entities"),
    "epub bomb": (zip_bomb("uno.xhtml"), "a.epub", "this looks like a zip bomb"),
    "lying epub": (lying_zip(), "a.epub", "it is broken"),
    "csv with a huge field": (f'a,b\nuno,dos\n"{"x" * (MAX_FIELD_CHARS + 1)}",1'.encode(), "a.csv", "begins on line 3 cannot be read"),
    "csv with an open quote": (b'a,b\n"' + b"uno " * 50_000, "a.csv", "a quotation mark (\") that is never closed"),
    "bad json line": (b'{"a": "b"}\n\n{"a": \n', "a.jsonl", "line 3 is not valid JSON"),
    "json line that is no object": (b'{"a": "b"}\n["a"]\n', "a.jsonl", "line 2 holds a JSON list"),
    "deep json": (b"[" * 200_000, "a.jsonl", "line 1 is not valid JSON"),
    "bad json": (b'{"a": ', "a.json", "this is not valid JSON"),
    "deeper json": (b"[" * 200_000, "a.json", "this is not valid JSON"),
}  # fmt: skip


@pytest.mark.parametrize("name", UNREADABLE)
def test_parse_says_in_one_line_why_a_file_cannot_be_read(name: str) -> None:
    data, doc_id, message = UNREADABLE[name]
    with pytest.raises(UnreadableDocumentError) as caught:
        parse(data, doc_id)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 420


@pytest.mark.parametrize(("doc_id", "found"), [("a.xyz", "'.xyz'"), ("LEEME", "without a suffix")])
def test_parse_names_the_suffix_it_cannot_read_and_those_it_can(doc_id: str, found: str) -> None:
    with pytest.raises(UnsupportedFormatError) as caught:
        parse(b"x", doc_id)
    assert found in str(caught.value)
    assert all(suffix in str(caught.value) for suffix in SUFFIXES)


@pytest.mark.parametrize(
    "text",
    [
        "Tercera. El perro puede vivir aquí.\n",
        "FIRST: The tenant may keep a dog in the flat all year.\n",
    ],
)
def test_the_number_of_a_clause_is_no_title(text: str) -> None:
    assert parse(text.encode(), "contrato.txt").title == "Contrato"


def test_parse_reads_a_suffix_in_capitals() -> None:
    assert text_of("año", "ACTA.TXT") == "año"


def test_parse_refuses_a_file_over_the_limit() -> None:
    with pytest.raises(
        UnreadableDocumentError, match="209,715,201 bytes and the limit is 209,715,200"
    ):
        parse(bytes(MAX_BYTES + 1), "a.txt")


def test_parse_reads_a_part_in_pieces_up_to_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    container = read_zip.open_zip(epub_of(), "a book")
    monkeypatch.setattr(read_zip, "_MAX_PART_BYTES", 100)
    with pytest.raises(UnreadableDocumentError, match="unpacks to more than 100 bytes"):
        read_zip.read_part(container, "uno.xhtml")


@pytest.mark.parametrize(
    ("page", "text"),
    [
        (b"<div>" * 200_000 + "¿año?".encode(), "¿año?"),
        (b"<b>" * 3000 + b"<p>x" * 20_000, "x\n\nx"),
        (b"<table><tr><td>" * 1000 + b"hola", "hola"),
        (b"<p " + b"a=1 " * 200_000 + b">hola", "hola"),
        (b"<!--" * 200_000 + b"--><p>hola", "hola"),
    ],
)
def test_parse_survives_html_made_to_break_parsers(page: bytes, text: str) -> None:
    assert text in text_of(page, "a.html")


@pytest.mark.slow
@pytest.mark.parametrize(
    "pattern",
    ["[", "[](", "**a ", "*", "`", "`a``b", ">", "|  ", "# ", "<!---->", "<a ", "~~a", "&amp", "\\*", "- ", "_a", "a\n", " \n"],
)  # fmt: skip
def test_parse_of_markdown_takes_no_quadratic_time(pattern: str) -> None:
    # 200,000 characters; a quadratic rule would take minutes.
    data = (pattern * (200_000 // len(pattern)) + "\n\nañó").encode()
    assert text_of(data, "a.md").endswith(("añó", pattern.strip()))


@pytest.mark.parametrize(
    ("csv", "text"),
    [
        ("'Plato';'Ración'\n'Callos';'9,00'\n'Bar D''Oro; sur';'7,50'\n'Sopa \"fría\"';4\n", "Plato: Callos; Ración: 9,00.\nPlato: Bar D'Oro; sur; Ración: 7,50.\nPlato: Sopa \"fría\"; Ración: 4."),
        ("'Boat','Note','Oars'\n'Gull','red,\nold','4'\n'Tern','blue','2'\n", "Boat: Gull; Note: red, old; Oars: 4.\nBoat: Tern; Note: blue; Oars: 2."),
        # A nickname is no quoted cell
        ("nombre,apodo\nAna,'la Rubia'\nLuis,'el Zurdo'\n", "nombre: Ana; apodo: 'la Rubia'.\nnombre: Luis; apodo: 'el Zurdo'."),
    ],
)  # fmt: skip
def test_cells_of_a_csv_file_may_stand_between_apostrophes(csv: str, text: str) -> None:
    assert text_of(csv.encode(), "a.csv") == text


def test_hours_on_lines_of_one_cell_stay_apart_and_a_comma_alone_says_nothing() -> None:
    csv = 'Sala,Lunes,Martes\nRemo,"9 - 10 AM\n6:30 - 7:30 PM\npara mayores",NO\nVela,NO,","\nYoga,"17:00 a 18:00 h\n19:00 a 20:00 h",NO\n'
    found = parse(csv.encode(), "a.csv").text
    assert "Lunes: 9 - 10 AM; 6:30 - 7:30 PM para mayores" in found
    assert "Sala: Vela; Lunes: NO." in found
    assert "Lunes: 17:00 a 18:00 h; 19:00 a 20:00 h" in found


def test_items_typed_in_a_cell_have_bullets_and_an_address_has_no_stop_behind_it() -> None:
    csv = 'Ask,Answer,Note\nHow do I join?,"Bring:\n- A photo\n- Your own oar\n\nAsk at the desk.",https://remo.example/join/7\n¿Y si llueve?,"Se rema - con chubasquero","Rellene:"\n'
    assert text_of(csv, "a.csv") == (
        "Ask: How do I join?; Answer: Bring: • A photo • Your own oar Ask at the desk.; Note: https://remo.example/join/7\n"
        "Ask: ¿Y si llueve?; Answer: Se rema - con chubasquero; Note: Rellene:"
    )


def test_numbered_lines_with_dots_to_a_page_are_contents_and_prices_are_not() -> None:
    index = "Contents\n\n1. The fees of the club and how they are\n   to be paid ........ 3\n2. Keys ........ 4\n3. Boats .... 5\n\n\n1. Fees\n\nThe fee is two pounds a week.\n"
    wines = "Wines:\n\n1. Red ........ 7\n2. White ........ 4\n3. Cider .... 5\n\nAll of them are poured by the landlord.\n"
    kinds = [block.kind for block in parse(index.encode(), "a.txt").blocks]
    assert kinds.count("contents") == 4
    kinds = [block.kind for block in parse(wines.encode(), "a.txt").blocks]
    assert (kinds.count("item"), kinds.count("contents")) == (3, 0)


def test_a_few_words_over_links_to_places_of_a_page_are_of_its_contents() -> None:
    page = "<h1>Club</h1><div><p>On this page</p><ul><li><a href='#a'>Fees</a></li><li><a href='#b'>Boats</a></li></ul></div><h2 id=a>Fees</h2><p>The fee is two pounds.</p><h2 id=b>Boats</h2><p>There are six.</p>"
    document = parse(page.encode(), "a.html")
    contents = [document.text[b.start : b.end] for b in document.blocks if b.kind == "contents"]
    assert contents == ["On this page", "Fees", "Boats"]


# JSON and subtitles -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("json", "text"),
    [
        ('[{"title": "Pozo", "text": "El agua es de todos."}, {"title": "Senda", "text": "Se barre en mayo."}]', "Pozo\n\nEl agua es de todos.\n\nSenda\n\nSe barre en mayo."),
        ('{"club": "Los Pinos", "cuota": 12.50, "abierto": true, "baja": null}', "club: Los Pinos; cuota: 12.50; abierto: true."),
        ('{"anno": 2021, "faq": [{"q": "Who mends the oars?", "a": "The boatman."}, {"q": "When?", "a": "In May."}]}', "anno: 2021.\n\nWho mends the oars?\n\nThe boatman.\n\nWhen?\n\nIn May."),
        ('{"boats": [{"name": "Gull", "oars": 4}], "huts": [{"name": "Reed", "beds": 6}]}', "boats\n\nname: Gull; oars: 4.\n\nhuts\n\nname: Reed; beds: 6."),
        ('[["Barca", "Remos", "Asientos"], ["Ola", 4, 3], ["Isla", 2, 5]]', "Barca: Ola; Remos: 4; Asientos: 3.\nBarca: Isla; Remos: 2; Asientos: 5."),
        ('["The pier is shut.", "", "The key is lost."]', "The pier is shut.\n\nThe key is lost."),
        ('"La llave está en la taberna."', "La llave está en la taberna."),
    ],
)  # fmt: skip
def test_json_is_read_record_by_record(json: str, text: str) -> None:
    assert text_of(json.encode(), "a.json") == text


@pytest.mark.parametrize(
    ("json", "text"),
    [
        (
            '{"hotel": "El Puente", "notas": [{"texto": "Olía a humedad. Nadie vino.", "autor": "Saúl Vera", "puntos": 4}, {"texto": "El patio es pequeño. Volveremos.", "autor": "Irene Paz", "puntos": 7}]}',
            "hotel: El Puente.\n\nautor: Saúl Vera; puntos: 4; texto: Olía a humedad. Nadie vino.\n\nautor: Irene Paz; puntos: 7; texto: El patio es pequeño. Volveremos.",
        ),
        (
            '[{"title": "Crash", "body": "It stops. It says nothing.", "number": 41, "user": {"login": "tofu"}, "comments": [{"user": {"login": "mara"}, "body": "Mended in 3.2. Please try."}]}]',
            "Crash\n\nIt stops. It says nothing.\nnumber: 41; user login: tofu.\n\nuser login: mara; comments body: Mended in 3.2. Please try.",
        ),
        ('[{"date": "2024-05-01", "text": "The pier was shut. It rained."}]', "date: 2024-05-01; text: The pier was shut. It rained."),
        # What a program notes tells nothing of the text, and a long text is quoted by its sentences, below who said it
        ('[{"id": "a7", "lang": "es", "text": "El muelle se cerró. Llovía."}]', "El muelle se cerró. Llovía.\nid: a7; lang: es."),
        ('[{"author": "Ivy Cole", "text": "%s"}]' % ("It rained. " * 60), "Ivy Cole\n\nauthor: Ivy Cole.\n\n" + "It rained. " * 59 + "It rained."),
        ('{"avisos": {"obras": ["Se cierra el lunes.", "Hay un desvío.", "calle Real"]}}', "avisos obras: Se cierra el lunes. Hay un desvío., calle Real."),
    ],
)  # fmt: skip
def test_a_text_of_a_record_stays_with_who_said_it(json: str, text: str) -> None:
    assert text_of(json.encode(), "a.json").replace("  ", " ") == text


@pytest.mark.parametrize(
    ("json", "text"),
    [
        (
            '{"result": {"vivero": "La Umbría", "plantas": [{"planta": "Sauce", "litros": 9}, {"planta": "Olmo", "litros": 4}]}}',
            "result vivero: La Umbría.\n\nresult vivero: La Umbría; plantas planta: Sauce; plantas litros: 9.\nresult vivero: La Umbría; plantas planta: Olmo; plantas litros: 4.",
        ),
        (
            '[{"order": "K-77", "lines": [{"item": "Oar", "pieces": 2}, {"item": "Rope", "pieces": 5}], "buyer": {"name": "Ivy Cole", "town": "Ryde"}}]',
            "order: K-77; buyer name: Ivy Cole; buyer town: Ryde.\n\norder: K-77; buyer name: Ivy Cole; lines item: Oar; lines pieces: 2.\norder: K-77; buyer name: Ivy Cole; lines item: Rope; lines pieces: 5.",
        ),
        ('{"Soria": {"ríos": 3, "molinos": 2}, "León": {"ríos": 7, "molinos": 5}}', "Soria ríos: 3; Soria molinos: 2.\nLeón ríos: 7; León molinos: 5."),
        # One fact each is no record
        ('[{"name": "Gull", "tags": [{"tag": "red"}, {"tag": "old"}]}]', "name: Gull; tags tag: red; tags tag: old."),
    ],
)  # fmt: skip
def test_records_in_a_record_are_rows_that_say_whose_they_are(json: str, text: str) -> None:
    assert text_of(json.encode(), "a.json") == text


@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
@pytest.mark.parametrize(
    "json",
    [
        '{"pozo": "Hondo", "m": 30}\n{"pozo": "Seco", "m": 4}\n',
        '{\n "pozo": "Hondo",\n "m": 30\n}\n{\n "pozo": "Seco",\n "m": 4\n}',
        '[{"pozo": "Hondo", "m": 30},\n {"pozo": "Seco", "m": 4}]',
    ],
)
def test_records_of_json_may_stand_in_lines_or_in_a_list_under_either_name(
    name: str, json: str
) -> None:
    assert text_of(json.encode(), name) == "pozo: Hondo; m: 30.\n\npozo: Seco; m: 4."


def test_values_that_are_marked_up_for_a_page_are_read_as_it_shows_them() -> None:
    record = '{"title": "Aseos", "text": "<p>Se abre a las <b>diez</b>.</p><ul><li>Hay jab&oacute;n</li></ul>"}'
    assert text_of(record.encode(), "a.jsonl") == "Aseos\n\nSe abre a las diez.\n\nHay jabón"
    rows = 'Boat,Note\nGull,"<p>It is <em>red</em>.<br>It has 4&nbsp;oars.</p>"\nTern,a < b > c\n'
    assert text_of(rows.encode(), "a.csv") == (
        "Boat: Gull; Note: It is red. It has 4 oars.\nBoat: Tern; Note: a < b > c."
    )


def test_a_line_that_is_no_record_is_left_out_of_those_that_are() -> None:
    lines = '{"q": "¿Qué pasó?", "a": "Se abrió la presa."}\n{"q": roto}\n{"aviso": "The lock is shut"}\n{"aviso": "El pu'
    with pytest.raises(UnreadableDocumentError, match="line 2 is not valid JSON"):
        parse(lines.encode(), "a.jsonl")
    document = parse((lines + '\n{"note": "It rains"}').encode(), "a.jsonl")
    assert (
        document.text
        == "¿Qué pasó?\n\nSe abrió la presa.\n\naviso: The lock is shut.\n\nnote: It rains."
    )
    assert [(one.text, one.reason) for one in document.left_out] == [
        ('{"q": roto}', "not a record"),
        ('{"aviso": "El pu', "not a record"),
    ]


def cues(*said: tuple[float, float, str], comma: bool) -> str:
    """Cues with when each begins and ends, in seconds."""

    def time(seconds: float) -> str:
        return f"00:{int(seconds) // 60:02}:{seconds % 60:06.3f}".replace(
            ".", "," if comma else "."
        )

    return "".join(
        f"{n}\n{time(a)} --> {time(b)}\n{text}\n\n" for n, (a, b, text) in enumerate(said, 1)
    )


def test_subtitles_are_what_is_said_in_paragraphs() -> None:
    said = (
        (1, 3, "<i>El molino se abre</i>"), (3, 5, "a las nueve\nde la mañana."), (5.5, 6, "{\\an8}Y se cierra de noche."),
        (70, 72, "La harina es de trigo."), (72.5, 73, "- ¿Cuánto vale?"), (73, 74, "- Dos euros."),
        (74, 75, "[Ana] ¿Y la miel?\n- Three euros."),
    )  # fmt: skip
    text = text_of(cues(*said, comma=True).encode(), "a.srt")
    assert text == (
        "El molino se abre a las nueve de la mañana. Y se cierra de noche.\n\nLa harina es de trigo.\n\n"
        "- ¿Cuánto vale?\n\n- Dos euros.\n\n[Ana] ¿Y la miel?\n\n- Three euros."
    )


def test_captions_of_the_web_say_who_speaks_and_what_rolls_once() -> None:
    said = (
        (1, 3, "<v Ann>The mill opens"), (3, 5, "<v Ann>The mill opens\n<00:00:03.500><c>at nine &amp; shuts</c>"), (5, 7, "at nine &amp; shuts\nat dusk."),
        (7, 9, "<v.loud Bob Hale>Who has the key?"),
    )  # fmt: skip
    head = "WEBVTT - Mill\n\nSTYLE\n::cue { color: red }\n\nNOTE seen by nobody\n\n"
    text = text_of((head + cues(*said, comma=False)).encode(), "a.vtt")
    assert text == "Ann: The mill opens at nine & shuts at dusk.\n\nBob Hale: Who has the key?"


def test_a_long_talk_is_parted_at_a_sentence() -> None:
    said = [(n, n + 1, f"The bell of the chapel number {n} is rung by hand.") for n in range(20)]
    text = text_of(cues(*said, comma=True).encode(), "a.srt")
    assert [len(part.split(". ")) for part in text.split("\n\n")] == [9, 9, 2]


# Invariants on random input -----------------------------------------------------------------------

SEEDS: dict[str, list[bytes]] = {
    ".txt": ["La señora\nNúñez-\nPérez\r\n\r\n¿Qué?".encode(), "ñandú".encode("utf-16")],
    ".md": ["# Año\n\n- *a*\n\n| a | b |\n|---|---|\n```\nx\n```\n> [c](d) <!-- e -->".encode()],
    ".html": [PAGE.encode()],
    ".pdf": [
        pdf_of(column("El año", "del ñan-", "dú"), column("Two")),
        (DATA / "informe.pdf").read_bytes(),
    ],
    ".docx": [docx_of(lambda document: document.add_heading("Año", 1))],
    ".epub": [epub_of()],
    ".csv": ['País;Año\n"España";1897\n'.encode()],
    ".jsonl": ['{"title": "Año", "text": "¿Sí?"}\n{"a": [1, "ñ"]}\n'.encode()],
}
SEEDS |= {
    ".json": ['{"normas": [{"title": "Año", "text": "¿Sí?"}, ["a", 1]], "b": {"ñ": 2}}'.encode()],
    ".srt": ["1\n00:00:01,000 --> 00:00:02,500\n<i>El año</i>\n\n2\n00:01:00,0 --> 00:01:01,0\nÑu\n".encode()],
    ".vtt": ["WEBVTT\n\nNOTE no\n\n00:01.000 --> 00:02.500\n<v Eva>El año\n".encode()],
}  # fmt: skip
SEEDS[".ndjson"] = SEEDS[".jsonl"]
SEEDS |= {suffix: [made()] for suffix, made in MADE.items()}
SEEDS |= {".xlsm": SEEDS[".xlsx"], ".pptm": SEEDS[".pptx"]}
SEEDS[".markdown"] = SEEDS[".md"]
SEEDS[".htm"] = SEEDS[".xhtml"] = SEEDS[".html"]
SEEDS |= {".text": SEEDS[".txt"], ".tsv": SEEDS[".csv"]}


@st.composite
def mutated(draw: st.DrawFn, suffix: str) -> bytes:
    data = bytearray(draw(st.sampled_from(SEEDS[suffix])))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(data)))
        cut = draw(st.integers(0, 12))
        data[at : at + cut] = draw(st.binary(max_size=8))
    return bytes(data[: draw(st.one_of(st.just(len(data)), st.integers(0, len(data))))])


# What LibreOffice reads for us, which takes it seconds
OLD = {".doc", ".docm", ".xls", ".xlsb", ".ppt", ".pps"}


@pytest.mark.parametrize("suffix", sorted(SUFFIXES - OLD))
def test_parse_raises_nothing_but_corpus_errors_whatever_the_bytes(suffix: str) -> None:
    @settings(
        max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    @given(st.one_of(st.binary(max_size=300), mutated(suffix)))
    def check(data: bytes) -> None:
        with contextlib.suppress(CorpusError):
            check_invariants(parse(data, f"a{suffix}"))

    check()


@pytest.mark.parametrize("suffix", [".txt", ".md", ".html", ".csv"])
def test_parse_keeps_its_invariants_on_random_text(suffix: str) -> None:
    odd = st.sampled_from(
        list(
            "\u0301\u0303ñé#*_|`<>[]()-\n\r\t\x0c\xad\u200b\u200c\u200d\u2028\ufeff ,;:\"'&¿¡👩\ufe0f🏴\U000e0067\U000e007fمक"
        )
    )

    @settings(max_examples=80, deadline=None, database=None)
    @given(st.lists(st.one_of(odd, st.text(max_size=5)), max_size=60))
    def check(pieces: list[str]) -> None:
        data = "".join(pieces).encode("utf-8", "surrogatepass")
        try:
            document = parse(data, f"a{suffix}")
        except CorpusError:
            return
        check_invariants(document)
        # What parse gives, it gives again.
        assert parse(data, f"a{suffix}") == document

    check()


# Real output ------------------------------------------------------------------------------------


def test_parse_gives_the_golden_text_of_a_pdf_with_pages_headings_and_running_titles(
    check_golden: Callable[[str, object], None],
) -> None:
    document = parse((DATA / "informe.pdf").read_bytes(), "informe.pdf")
    check_invariants(document)
    check_golden("parse_informe_pdf", to_json(document))


def test_parse_gives_the_golden_text_of_a_web_page(
    check_golden: Callable[[str, object], None],
) -> None:
    document = parse((DATA / "articulo.html").read_bytes(), "articulo.html")
    check_invariants(document)
    check_golden("parse_articulo_html", to_json(document))


def test_parse_gives_the_golden_text_of_a_note_in_markdown(
    check_golden: Callable[[str, object], None],
) -> None:
    document = parse((DATA / "nota.md").read_bytes(), "nota.md")
    check_invariants(document)
    check_golden("parse_nota_md", to_json(document))


def cells_of(document: Document, block: Block) -> list[str] | None:
    return None if block.cells is None else [document.text[a:b] for a, b in block.cells]


def to_json(document: Document) -> dict[str, object]:
    record = dataclasses.asdict(document)
    return {
        **record,
        "text": document.text.split("\n"),
        "page_starts": list(document.page_starts),
        "headings": [list(dataclasses.astuple(heading)) for heading in document.headings],
        "recognised": [list(dataclasses.astuple(one)) for one in document.recognised],
        "left_out": [list(dataclasses.astuple(one)) for one in document.left_out],
        "blocks": [
            [b.kind, b.level, b.parent, document.text[b.start : b.end], cells_of(document, b)]
            for b in document.blocks
        ],
    }


def test_parse_imports_no_format_library_before_it_needs_one() -> None:
    code = (
        "import sys, corpus.parse, corpus.collection\n"
        "found = {'pypdfium2', 'docx', 'selectolax', 'lxml'} & set(sys.modules)\n"
        "sys.exit(', '.join(found) or 0)"
    )
    subprocess.run(
        [sys.executable, "-c", code], check=True, cwd=Path(__file__).parent.parent, timeout=60
    )


def test_a_first_row_that_begins_as_those_below_it_do_names_no_columns() -> None:
    rows = "09:00,Barca,Puerto\n09:30,Coro,Iglesia\n10:00,Comida,Patio\n"
    assert text_of(rows, "a.csv") == "09:00; Barca; Puerto.\n09:30; Coro; Iglesia.\n10:00; Comida; Patio."  # fmt: skip
    assert text_of(f"Hora,Acto,Lugar\n{rows}", "a.csv").startswith("Hora: 09:00; Acto: Barca;")


def test_a_first_line_that_ends_in_the_form_of_a_society_is_the_title() -> None:
    rest = (
        "\n\nTITULO PRIMERO\n\nDEL NOMBRE Y EL FARO\n\nARTÍCULO PRIMERO.- La sociedad cuida el faro.\n\n"
        "ARTÍCULO SEGUNDO.- Members pay in May.\n"
    )
    for title in ("ESTATUTOS DE LOS AMIGOS DEL FARO, A. C.", "RULES OF THE LAMP SOCIETY LTD."):
        assert parse(f"{title}{rest}".encode(), "a.txt").title == title
    assert (
        parse(f"El faro abre a las 8 a. m.{rest}".encode(), "a.txt").title
        != "El faro abre a las 8 a. m."
    )


@pytest.mark.parametrize(
    ("name", "price", "more"),
    [
        ("Plan Sauce", "Desde 19 €/mes", "10 % de descuento con carné"),
        ("Willow plan", "$21 per month!", "15% off for members"),
        ("Tarifa Chopo", "S/ 45 por persona", "20 euros de fianza"),
        ("Aspen fee", "USD 45 a head", "20 EUR de fianza"),
    ],
)
@pytest.mark.parametrize("suffix", ["html", "md"])
def test_a_price_set_as_a_heading_is_said_of_what_the_heading_above_it_names(
    name, price, more, suffix
):
    html = f"<h1>Oferta</h1><h3>{name}</h3><p>Dos clases.</p><h2>{price}</h2><h3>{more}</h3><h3>Otra</h3><p>Tres.</p>"
    md = f"# Oferta\n\n### {name}\n\nDos clases.\n\n## {price}\n\n### {more}\n\n### Otra\n\nTres.\n"
    document = parse({"html": html, "md": md}[suffix].encode(), f"plan.{suffix}")
    assert [h.text for h in document.headings] == ["Oferta", name, "Otra"]
    assert price in document.text
    assert more in document.text


@pytest.mark.parametrize(
    "heading",
    [
        "100% lana: cómo se lava",
        "2024",
        "De 9 a 14",
        "50 € ¿o más?",
        "COP 26 en la ribera",
        "CAD 101",
    ],
)
def test_a_heading_with_a_figure_that_is_no_price_stays_one(heading):
    document = parse(f"# Taller\n\n## {heading}\n\nTexto.\n".encode(), "taller.md")
    assert [h.text for h in document.headings] == ["Taller", heading]


def body_of(page: str) -> str:
    return parse(f"<html><body>{page}</body></html>".encode(), "a.html").text


@pytest.mark.parametrize(
    ("frame", "text"),
    [
        ('<nav><a href="/">Inicio</a> <a href="/c">Cuotas</a> <a href="tel:+34975000111">975 000 111</a></nav>', "975 000 111"),
        ('<nav><ul><li><a href="/">Home</a></li><li><a href="/fees">Fees</a></li></ul><div><h5>Find us</h5><p>The Old Mill<br>Wexcombe</p></div><p>Mon–Fri 9am–4pm</p><p>Our story</p></nav>',
         "Find us\nThe Old Mill\nWexcombe\nMon–Fri 9am–4pm"),
        ('<div role="navigation"><a href="/">Portada</a><span>Horario</span><p>Horario</p><p>Martes y jueves, de 17 a 19 h</p></div>', "Horario\nMartes y jueves, de 17 a 19 h"),
        ('<header role="banner"><a href="/">Club</a><div>C/ Olmo 17, bajo</div><div>Fax: 975 000 112</div></header>', "C/ Olmo 17, bajo\nFax: 975 000 112"),
        ('<ul class="menu"><li><a href="/">Home</a></li><li><a href="mailto:hall@thornby.example">Write to us</a></li></ul>', "Write to us (hall@thornby.example)"),
        ('<nav><a href="#">200 metros sur del parque, Liberia</a><a href="/rutas">Rutas</a></nav>', "200 metros sur del parque, Liberia"),
        ('<nav><a href="/1">1990</a> <a href="/2">2004-2005</a> <a href="/3">12/05/2024</a> <a href="/4">10 11 12 13</a> 1.250.000 €</nav>', ""),
    ],
)  # fmt: skip
def test_of_a_menu_how_and_when_somebody_is_reached_is_read(frame: str, text: str) -> None:
    assert body_of(f"{frame}<main><p>Uno.</p></main>") == f"{text}\n\nUno.".strip()


def test_what_is_not_read_of_a_menu_is_told_as_one() -> None:
    page = "<nav><ul><li><a href=/>Home</a><li><a href=/f>Fees</a></ul><p>555-014-2277</p><p>News</p></nav><p>One.</p>"
    document = parse(page.encode(), "a.html")
    assert [" ".join(one.text.split()) for one in document.left_out] == ["Home Fees News"]


def test_how_somebody_is_reached_is_read_once_and_where_most_is_said() -> None:
    menu = "<nav><a href=/>Inicio</a> <span>975 000 111</span></nav>"
    assert body_of(f"{menu}{menu}<p>Uno.</p>") == "975 000 111\n\nUno."
    foot = "<footer><p>Teléfono: 975 000 111</p></footer>"
    assert body_of(f"{menu}<p>Uno.</p>{foot}") == "Uno.\n\nTeléfono: 975 000 111"


def test_a_page_of_nothing_but_a_menu_with_a_number_is_read_whole() -> None:
    page = "<nav><a href=/>Cuotas</a> <a href=/h>Fees</a> <span>975 000 111</span></nav>"
    assert body_of(page) == "Cuotas Fees 975 000 111"


@pytest.mark.parametrize(
    ("link", "text"),
    [
        ('<a href="mailto:ana%40club.example?subject=Hola">Ana Sanz</a>', "Ana Sanz (ana@club.example)"),
        ('<a href="mailto:?subject=Read+this">Share</a>', "Share"),
        ('<a href="mailto:ana@club.example">ana@club.example</a>', "ana@club.example"),
        ('<a href="tel:+34975000111">Llámanos</a>', "Llámanos (+34975000111)"),
        ('<a href="tel:+34975000111">975 000 111</a>', "975 000 111"),
        ('<a href="https://wa.me/50600001111?text=Hi">WhatsApp</a>', "WhatsApp (50600001111)"),
        ('<a href="/cdn-cgi/l/email-protection" class="__cf_email__" data-cfemail="2342634d0d4c5144">[email&#160;protected]</a>', "a@n.org"),
        ('<a href="/cdn-cgi/l/email-protection" data-cfemail="zz">[email protected]</a>', "[email protected]"),
    ],
)  # fmt: skip
def test_the_address_that_a_link_writes_to_or_dials_is_said(link: str, text: str) -> None:
    assert body_of(f"<main><p>{link}</p></main>") == text


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ('<p>The <abbr title="fee for late return">FLR</abbr> is £2; no <abbr title="fee for late return">FLR</abbr> in May.</p>', "The FLR (fee for late return) is £2; no FLR in May."),
        ('<p>El <abbr title="Plan de Acción Vecinal">PAV</abbr> dura un año.</p>', "El PAV (Plan de Acción Vecinal) dura un año."),
        ('<p>Plan de Acción Vecinal (<abbr title="Plan de Acción Vecinal">PAV</abbr>)</p>', "Plan de Acción Vecinal (PAV)"),
        ('<p>Name <abbr title="required">*</abbr> on <abbr title="Monday">Mon</abbr>, <abbr title="2026-04-01T10:00">1 April</abbr>, <abbr title="see below">FLR</abbr></p>', "Name * on Mon, 1 April, FLR"),
    ],
)  # fmt: skip
def test_a_short_form_is_spelled_out_where_the_page_says_it_nowhere_else(
    page: str, text: str
) -> None:
    assert body_of(f"<main>{page}</main>") == text


@pytest.mark.parametrize(
    "foot",
    ["<footer>{}</footer>", '<div id="footer">{}</div>', '<div role="contentinfo">{}</div>', '<div class="wide pie">{}</div>', '<div class="container-footer">{}</div><script>1</script>'],
)  # fmt: skip
def test_the_foot_of_a_page_keeps_what_it_says_and_loses_its_links(foot: str) -> None:
    said = (
        "<h4>Enlaces</h4><p><a href=/a>Aviso legal</a> | <a href=/p>Privacy</a></p><h4>Visit us</h4><p>Calle Olmo 17</p>"
        "<p>Powered by WordPress</p><p>Designed & Built by <a>Olmedo</a></p><p>Design: Olmedo</p><p>Website made by Olmedo</p><p>Web realizada por Olmedo</p><p>Un club de barrio.<br>© 2024 El Olmo</p><p>Club El Olmo © 2024. Con cariño.</p>All rights reserved"
    )
    page = f"<h2>Normas</h2><h3>Pistas</h3><p>Se reservan.</p>{foot.format(said)}"
    document = parse(page.encode(), "a.html")
    assert document.text == (
        "Normas\n\nPistas\n\nSe reservan.\n\nVisit us\n\nCalle Olmo 17\n\nUn club de barrio."
    )
    # It stands in no section of the text
    assert headings_of(document) == [(2, "Normas"), (3, "Pistas"), (2, "Visit us")]


def test_the_foot_of_a_page_is_no_part_of_the_last_answer() -> None:
    page = "<h2>¿Hay taquillas?</h2><p>Sí, cuestan un euro.</p><footer><p>Calle Olmo 17</p><p>We open at nine.</p></footer>"
    document = parse(page.encode(), "a.html")
    pairs = [document.text[b.start : b.end] for b in document.blocks if b.kind == "pair"]
    assert pairs == ["¿Hay taquillas?\n\nSí, cuestan un euro."]


def test_links_beside_a_page_and_the_way_to_it_are_menus() -> None:
    page = (
        '<div class="breadcrumb"><a href=/>Inicio</a> &gt; Normas del comedor</div>'
        '<div class="sidebar"><ul><li><a href=/r>Rooms</a><li><a href=/p>Precios</a></ul><h3>Bookings</h3><p>Tel. 555 010 441</p></div>'
        '<div class="breadcrumb-area"><h1>Normas</h1></div><p>Uno.</p>'
    )
    assert body_of(page) == "Bookings\n\nTel. 555 010 441\n\nNormas\n\nUno."


def test_names_and_values_that_a_style_sheet_parts_are_two_words() -> None:
    page = (
        "<p><span>Saturday</span><span>9am - 5pm</span></p><p><span>Lab</span><span>Friday 9:00</span></p>"
        "<p><span>Profesor</span><span>Dr. Ruiz</span></p><p><span>E-mail</span><span>ruiz@u.example</span></p>"
        "<p><span>Helado (dos bolas)</span><b>3.50€</b></p><p><span>Tinte</span><b>9 €</b></p><p>H<b>2</b>O, <b>a</b>nd W<i>eb</i></p>"
    )
    assert body_of(page).split("\n\n") == [
        "Saturday 9am - 5pm", "Lab Friday 9:00", "Profesor Dr. Ruiz", "E-mail ruiz@u.example", "Helado (dos bolas) 3.50€",
        "Tinte 9 €", "H2O, and Web",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("style", "name"),
    [
        ("", '<span style="font-weight:bold">{}</span>'),
        ("", '<span style="color:red;FONT-WEIGHT: 700">{}</span>'),
        ("<style>.c4{font-weight:700}.c5{font-weight:400}</style>", '<span class="c4">{}</span>'),
    ],
)
def test_letters_that_a_style_sets_bold_are_bold(style: str, name: str) -> None:
    page = f"{style}<h1>Clases</h1>" + "".join(
        f"<p>{name.format(said)}</p><p>{below}</p>"
        for said, below in (("Suave", "Los lunes, 9 €"), ("Prenatal", "Thursdays, 10 €"), ("Fuerte", "Los martes, 8 €"))
    )  # fmt: skip
    document = parse(page.encode(), "a.html")
    labels = [document.text[b.start : b.end] for b in document.blocks if b.kind == "label"]
    assert labels == [
        "Suave\nLos lunes, 9 €",
        "Prenatal\nThursdays, 10 €",
        "Fuerte\nLos martes, 8 €",
    ]


def test_what_a_style_takes_out_of_bold_is_not_bold() -> None:
    page = '<h1>Acta</h1><b style="font-weight:normal"><p>Se abre la sesión</p><p>The meeting was held in the hall as agreed.</p></b>'
    assert headings_of(parse(page.encode(), "a.html")) == [(1, "Acta")]


LETTER = (
    ("El riego se hace de noche, cuando el sol no seca el agua antes de que baje.", "El abono se echa en marzo, y otra vez en junio si las hojas amarillean.", "La poda es en enero y la hacen dos personas con las tijeras del cobertizo"),
    ("Water the beds at night, when the sun does not dry them before it sinks in.", "Feed them in March, and once more in June where the leaves turn yellow.", "Prune in January, two people together, with the shears from the shed"),
)  # fmt: skip


@pytest.mark.parametrize("said", LETTER)
def test_paragraphs_between_blank_lines_of_a_page_are_told_apart(said: tuple[str, ...]) -> None:
    typed = "\n\n        ".join(said)
    page = f"<body><h1>Huerto</h1><div>\n        {typed}\n <a href='x'>Mapa</a> {{}}</div>"
    document = parse(page.format("").encode(), "a.html")
    found = [document.text[b.start : b.end] for b in document.blocks if b.kind == "paragraph"]
    assert found == [*said[:-1], f"{said[-1]} Mapa"]
    # What an item, a definition, a link or bold words hold is one
    for tag in ("ul><li", "dl><dt>Huerto</dt><dd", "p><a href='x'", "p><b"):
        whole = parse(f"<body><h1>Huerto</h1><{tag}>{typed}</body>".encode(), "a.html").text
        assert " ".join(said) in " ".join(whole.split()), tag
        assert f"{said[0]}\n\n{said[1]}" not in whole, tag


@pytest.mark.parametrize("loose", ["El taller dura\n\n\n 3 horas\n\n\n y cuesta 12 €.", "Precio:\n\n 12 €\n\n por persona", "Lunes\n\nMartes\n\nJueves"])  # fmt: skip
def test_blank_lines_that_a_template_leaves_in_a_sentence_do_not_part_it(loose: str) -> None:
    assert html(f"<h1>Huerto</h1><p>\n {loose} \n</p>").endswith(" ".join(loose.split()))


FILLED_IN = """---
templateKey: campsite-page
title: Bungalós
description: Un camping junto al
  río, abierto todo el año
image: /img/rio.jpg
rules: >-
  #### Entrada

  * Se entra entre las cuatro y las nueve de la tarde.

  * No se admiten perros en los bungalós ni en la piscina.
highSeason:
  - price: 160
    name: 4 plazas
  - name: 6 plazas
    price: 190
questions:
  - question: May I pay by card?
    answer: In July and August only, since the office is closed the rest of the year.
    icon: card
languages:
  - code: es
services: [Wifi, Ducha]
---
"""


def test_a_page_that_is_filled_in_by_a_form_says_what_its_fields_say() -> None:
    document = parse(FILLED_IN.encode(), "a.md")
    assert document.title == "Bungalós"
    assert document.text == (
        "Un camping junto al río, abierto todo el año\n\nRules\n\nEntrada\n\n"
        "Se entra entre las cuatro y las nueve de la tarde.\nNo se admiten perros en los bungalós ni en la piscina.\n\n"
        "High season\n\nName | Price\n4 plazas | 160\n6 plazas | 190\n\nQuestions\n\nMay I pay by card?\n\n"
        "In July and August only, since the office is closed the rest of the year.\n\nServices\n\nWifi\nDucha"
    )
    assert [h.text for h in document.headings] == [
        "Rules", "Entrada", "High season", "Questions", "May I pay by card?", "Services",
    ]  # fmt: skip
    [left_out] = document.left_out
    assert left_out.text == ("templateKey: campsite-page image: /img/rio.jpg languages: - code: es")


def test_a_web_page_that_is_filled_in_by_a_form_says_what_its_fields_say() -> None:
    document = parse(f"{FILLED_IN}<h2>Llegar</h2><p>Por el puente.</p>".encode(), "a.html")
    assert "Entrada\n\nSe entra entre las cuatro" in document.text
    assert document.text.endswith("Wifi\nDucha\n\nLlegar\n\nPor el puente.")


@pytest.mark.parametrize(
    "fields",
    [
        # told to a program alone
        "layout: page\nsections:\n  - id: one\n    url: /one\n    label: One",
        # a name for what stands elsewhere, and one that stands for itself
        "rules: &all " + "no se admiten perros ni gatos " * 9 + "\nagain: *all",
        "rules: " + "no se admiten perros ni gatos " * 9 + "\nmore: [[[",
        "rules: " + "[" * 5000,
    ],
)
def test_front_matter_that_says_nothing_or_cannot_be_read_is_left_out(fields: str) -> None:
    document = parse(f"---\ntitle: Faro\n{fields}\n---\nThe end.".encode(), "a.md")
    assert (document.title, document.text) == ("Faro", "The end.")


BOX = '<div class="box">\n    <h4>{}</h4>\n\n    <p>{}</p>\n</div>\n'


def test_what_is_framed_in_html_within_markdown_is_read_as_html() -> None:
    written = f"# Remo\n\nSe rema *todos* los días.\n\n{BOX.format('Aviso', 'Nadie rema solo.')}\n## Boats\n\nTwo."
    document = parse(written.encode(), "a.md")
    assert document.text == (
        "Remo\n\nSe rema todos los días.\n\nAviso\n\nNadie rema solo.\n\nBoats\n\nTwo."
    )
    assert [h.text for h in document.headings] == ["Remo", "Aviso", "Boats"]


def test_markdown_within_a_frame_is_read_as_markdown() -> None:
    inside = BOX.format("Aviso", "Nadie rema solo.")
    written = f"<div>\n\n## Remo\n\nSe rema **todos** los días.\n\n{inside}\n</div>\n\nThe end."
    document = parse(written.encode(), "a.md")
    assert document.text == (
        "Remo\n\nSe rema todos los días.\n\nAviso\n\nNadie rema solo.\n\nThe end."
    )
    assert [h.text for h in document.headings] == ["Remo", "Aviso"]


def test_buttons_of_an_accordion_are_the_titles_of_what_they_open() -> None:
    written = '<div>\n<button class="accordion-toggle">Chalecos</button>\n<div><p>Se llevan siempre.</p></div>\n</div>\n\n## The end'
    document = parse(written.encode(), "a.md")
    [pair] = [block for block in document.blocks if block.kind == "pair"]
    assert cells_of(document, pair) == ["Chalecos", "Se llevan siempre."]


def test_of_front_matter_what_people_ask_for_is_read() -> None:
    front = 'layout: place\ntitle: Banco\nwhen: Mondays at 1pm\ntelefono: "Norte: 604 520 65 40 <br> Sur: 604 444 80 20"\nemail: a@b.org\nlocation: /donde'
    document = parse(f"---\n{front}\n---\n# Food\n\nFree.".encode(), "a.md")
    assert document.text == (
        "When: Mondays at 1pm\n\nTelefono: Norte: 604 520 65 40; Sur: 604 444 80 20\n\nEmail: a@b.org\n\nFood\n\nFree."
    )
    assert [one.text for one in document.left_out] == ["layout: place location: /donde"]


def test_links_of_markdown_that_write_or_dial_say_where() -> None:
    written = "Escriba a [Ana Ruiz](mailto:ana@club.es), [llame](tel:+34600111222) or [see](https://x.org/a). [b@club.es](mailto:b@club.es)"
    assert text_of(written, "a.md") == (
        "Escriba a Ana Ruiz (ana@club.es), llame (+34600111222) or see. b@club.es"
    )


def test_lines_with_the_bullets_of_a_page_are_items() -> None:
    document = parse("Members must:\n• Be 18\n•Pay\n\n✓ Done".encode(), "a.md")
    assert [block.kind for block in document.blocks if block.kind == "item"] == ["item"] * 3


@pytest.mark.parametrize(
    ("lines", "items"),
    [
        ("➤ Ser socio\n➤ Pay the fee", ["Ser socio", "Pay the fee"]),
        ("✅ Perros con correa\n❌ Smoking", ["✅ Perros con correa", "❌ Smoking"]),
        ("✔️ Mayores de edad\n▶️ Adults", ["Mayores de edad", "Adults"]),
    ],
)
def test_lines_with_other_signs_of_items_are_items(lines: str, items: list[str]) -> None:
    document = parse(f"# Club\n\nReglas:\n{lines}\n\nGracias.\n".encode(), "a.md")
    assert [document.text[b.start : b.end] for b in document.blocks if b.kind == "item"] == items
    assert document.text.startswith("Club\n\nReglas:\n\n")


def test_lines_of_a_paragraph_with_names_in_bold_are_lines() -> None:
    written = "**¿Hay wifi?**\nNo hay.\n\n**Time:** 9 am\n**Why:** because\n\nUna **palabra**\nen negrita."
    assert text_of(written, "a.md") == (
        "¿Hay wifi?\nNo hay.\n\nTime: 9 am\nWhy: because\n\nUna palabra en negrita."
    )


def test_what_all_summaries_say_is_pressed_and_what_stands_below_the_last_is_no_answer() -> None:
    folded = "".join(
        f"<details><summary><span>{name}</span> <span>+ See all</span></summary><p>{said}</p></details>"
        for name, said in (("Kayak hire", "Bring a card."), ("Alquiler de velas", "Trae el DNI."))
    )
    document = parse(f"<h1>Club</h1>{folded}<p>El muelle</p><h2>Más".encode(), "a.html")
    assert "See all" not in document.text
    pairs = [cells_of(document, block) for block in document.blocks if block.kind == "pair"]
    assert pairs == [["Kayak hire", "Bring a card."], ["Alquiler de velas", "Trae el DNI."]]


def test_a_small_line_over_a_heading_is_of_the_section_below() -> None:
    page = (
        "<h1>Puerto</h1><p>Abre a las nueve.</p>"
        "<div><p>Desde 12 €</p><h2>Alquiler de velas</h2><p>Se paga al salir.</p></div>"
        "<div><span>How to join</span><h2>Come aboard with us.</h2><p>Bring a form.</p></div>"
        "<div><p>Dudas</p><h2>¿Cómo llego?</h2><p>Por el muelle.</p></div>"
        "<div><p>Se cierra si llueve.</p><h2>Avisos</h2><p>Se leen en la puerta.</p></div>"
        "<div><p>Capítulo II</p><h2>Del muelle</h2><p>Es de todos.</p></div>"
    )
    document = parse(page.encode(), "a.html")
    assert document.text.split("\n\n")[2:] == [
        "Alquiler de velas", "Desde 12 €", "Se paga al salir.",
        "How to join", "Come aboard with us.", "Bring a form.",
        "Dudas", "¿Cómo llego?", "Por el muelle.",
        "Se cierra si llueve.", "Avisos", "Se leen en la puerta.", "Capítulo II", "Del muelle", "Es de todos.",
    ]  # fmt: skip
    assert [text for _, text in headings_of(document)] == [
        "Puerto", "Alquiler de velas", "How to join", "Come aboard with us.", "¿Cómo llego?", "Avisos",
        "Capítulo II", "Del muelle",
    ]  # fmt: skip


def test_a_short_sentence_set_as_heading_is_one_below_the_small_line_that_names_its_section() -> (
    None
):
    page = (
        "<h1>Club de remo</h1><div><span>Tarifas</span><h2>Cuentas claras para remar.</h2></div><p>Se paga en mayo.</p>"
        "<div><span>Mission</span><h2>Row often. Row well.</h2></div><p>We meet on the quay.</p>"
        "<div><span>Pago</span><h2>Con el carné en la mano se paga la cuota en la caseta del muelle.</h2></div><p>O en la web.</p>"
    )
    document = parse(page.encode(), "a.html")
    assert headings_of(document) == [
        (1, "Club de remo"), (2, "Tarifas"), (3, "Cuentas claras para remar."), (2, "Mission"), (2, "Pago"),
    ]  # fmt: skip


def test_a_link_beside_another_element_is_no_part_of_its_last_word() -> None:
    page = (
        "<h1>Club</h1><div><span>12 Quay Road, Hull HU1 2AB</span><a href='tel:+441482555776'>(01482) 555776</a></div>"
        "<div><b>Muelle 4, 12045</b><a href='mailto:ana@remo.es'>ana@remo.es</a></div>"
        "<p><a href='x'>S</a><b>ol</b></p>"
    )
    assert parse(page.encode(), "a.html").text.split("\n\n")[1:] == [
        "12 Quay Road, Hull HU1 2AB (01482) 555776", "Muelle 4, 12045 ana@remo.es", "Sol",
    ]  # fmt: skip


def test_a_button_that_dials_a_number_said_elsewhere_is_not_read_again() -> None:
    page = (
        "<h1>Clínica</h1><p>Se atiende los martes.</p>"
        "<footer><h3>Contacto</h3><p>(9044) 555-7766</p></footer>"
        "<div class='sticky-cta'><a class='btn' href='tel:+519044555{}'>{}</a><a class='btn' href='cita.html'>Cita</a></div>"
    )
    dialled = parse(page.format("7766", "Llámanos").encode(), "a.html").text
    assert "5557766" not in dialled
    assert "(9044) 555-7766" in dialled
    assert parse(page.format("7766", "Urgencias").encode(), "a.html").text.endswith(
        "Urgencias (+5190445557766)"
    )
    assert "+5190445551234" in parse(page.format("1234", "Llámanos").encode(), "a.html").text


def test_short_lines_that_count_up_over_text_in_one_paragraph_are_headings() -> None:
    text = "Pueden remar quienes sepan nadar y tengan al día la cuota de la temporada que empieza en marzo."
    page = (
        f"<h1>Club</h1><h2>Normas</h2><p>1. Remeros<br><br>{text}<br><br><br>2. Cuotas<br>a. Se paga en marzo.<br>b. Se paga en mayo.<br><br>"
        f"3. Avisos<br><br>Hay dos clases:<br><br>1. Los de la puerta, que pone el vocal.<br>2. Los de la web.<br><br>4. Bajas<br><br>{text}</p>"
    )
    document = parse(page.encode(), "a.html")
    assert headings_of(document) == [
        (1, "Club"), (2, "Normas"), (3, "1. Remeros"), (3, "2. Cuotas"), (3, "3. Avisos"), (3, "4. Bajas"),
    ]  # fmt: skip
    items = [document.text[b.start : b.end] for b in document.blocks if b.kind == "item"]
    assert items == [
        "a. Se paga en marzo.", "b. Se paga en mayo.", "1. Los de la puerta, que pone el vocal.", "2. Los de la web.",
    ]  # fmt: skip
    # A list with room between its items
    listed = f"<h1>Club</h1><p>{text}<br><br>1. Remo<br><br>2. Vela<br><br>3. Buceo</p>"
    assert headings_of(parse(listed.encode(), "a.html")) == [(1, "Club")]


def test_an_item_that_answers_by_its_sign_is_not_of_what_plain_items_are_led_in_to() -> None:
    page = "# Club\n\nNo se permite en el muelle:\n\n- pescar\n- nadar\n\n- ✔ Remar se permite\n- ✔ Pintar, también\n"
    document = parse(page.encode(), "a.md")
    lists = [
        document.text[b.start : b.end].split("\n")[-1] for b in document.blocks if b.kind == "list"
    ]
    assert lists == ["nadar", "✔ Pintar, también"]


def test_a_number_drawn_before_bold_words_leaves_them_a_title() -> None:
    page = "<h1>Normas</h1>" + "".join(
        f"<article><span>0{n}</span><b>{title}</b><p>{text}</p></article>"
        for n, (title, text) in enumerate(
            (("DNI en mano", "Se enseña al entrar."), ("Chaleco", "Se presta.")), 1
        )
    )
    document = parse(page.encode(), "a.html")
    assert [text for _, text in headings_of(document)] == ["Normas", "01 DNI en mano", "02 Chaleco"]


def test_what_is_said_for_a_picture_is_a_caption_where_it_says_something_and_never_a_heading() -> (
    None
):
    written = (
        "# Muelle\n\n![El muelle desde la torre](a.png)\n\nSe sube por la escalera de piedra.\n\n"
        "## Old mill\n![Old mill][mill] ![Mill](b.png)\nThe mill opens at nine.\n\n"
        "![img_2041_mill](c.jpg)\n*Seen from the quay*\n\n- Press ![Start](s.png) twice.\n  ![the red button below](r.png)\n"
    )
    document = parse(written.encode(), "a.md")
    assert document.text == (
        "Muelle\n\nEl muelle desde la torre\n\nSe sube por la escalera de piedra.\n\n"
        "Old mill\n\nThe mill opens at nine.\n\nSeen from the quay\n\nPress Start twice."
    )
    assert [text for _, text in headings_of(document)] == ["Muelle", "Old mill"]
    assert document.blocks[1].kind == "caption"


def test_a_front_matter_tells_of_its_event_and_asks_nothing() -> None:
    written = (
        "---\ntitle: Regata\ndescription: ¿Quién puede remar?\nmeta:\n  date:\n    - 3 May 2 pm\n    - 4 May 9 am\n"
        "  location: The old quay\n  who: Everyone who can swim.\n  map: /a.png\n  color: red\n---\n\nSe sale del muelle.\n"
    )
    document = parse(written.encode(), "a.md")
    assert document.text == (
        "¿Quién puede remar?\n\nDate: 3 May 2 pm; 4 May 9 am\nLocation: The old quay\nWho: Everyone who can swim.\n\nSe sale del muelle."
    )
    assert "pair" not in [block.kind for block in document.blocks]
    seo = "---\ntitle: Regata\nmeta:\n  robots: none\n  who: us\n---\n\nSe sale del muelle.\n"
    assert text_of(seo, "a.md") == "Se sale del muelle."


def test_contents_of_the_page_what_opens_a_menu_and_rows_of_links_are_no_text() -> None:
    page = (
        '<div><li role=button aria-haspopup=true class="dropdown-toggle"><a href="#">Ciudad</a></li></div>'
        "<main><h1>Muelle</h1><aside><p>On this page</p><a href='#a'>Horas</a><a href='#b'>Boats</a><a href='#c'>Precio</a></aside>"
        "<h2 id=a>Horas</h2><p>Abre a las nueve.</p><a href='#'>Read more</a> <a href='#'>Close</a>"
        "<h2 id=b>Boats</h2><p>Two of them.</p><h2 id=c>Precio</h2><p>Tres euros.</p></main>"
        "<p><a href=/x>Mapa</a><span>/</span><a href=/y>Noticias</a><span>/</span><a href=/z>Glosario</a></p>"
    )
    assert text_of(page, "a.html") == (
        "Muelle\n\nHoras\n\nAbre a las nueve.\n\nBoats\n\nTwo of them.\n\nPrecio\n\nTres euros."
    )


@pytest.mark.parametrize(
    ("named", "heading", "title"),
    [
        ("Club Náutico Sur", "Reglas del varadero", "Reglas del varadero | Club Náutico Sur"),
        ("Home", "Boat hire", "Boat hire"),
        ("Reglas - Club Sur", "Regla del varadero", "Reglas - Club Sur"),
        ("Boat hire prices", "All you need to know.", "Boat hire prices"),
    ],
)
def test_a_title_that_is_only_of_the_site_stands_behind_that_of_the_page(
    named: str, heading: str, title: str
) -> None:
    page = f"<title>{named}</title><h1>{heading}</h1><p>Se paga.</p><h2>Horas</h2><p>A las dos.</p>"
    assert parse(page.encode(), "a.html").title == title
    two = page.replace("h2>", "h1>")
    assert parse(two.encode(), "a.html").title == named


def test_letters_that_stand_in_below_an_item_count_items_in_markdown() -> None:
    written = (
        "1. Se paga\n    a. en el muelle,\n    b. by post:\n        i. with a stamp\n        ii. sin sello\n"
        "2. It opens\n   p. 3 of the guide says when.\n"
    )
    document = parse(written.encode(), "a.md")
    assert document.text.split("\n") == [
        "1. Se paga", "a. en el muelle,", "b. by post:", "i. with a stamp", "ii. sin sello",
        "2. It opens p. 3 of the guide says when.",
    ]  # fmt: skip
    items = [block for block in document.blocks if block.kind == "item"]
    assert [block.level for block in items] == [1, 3, 3, 5, 5, 1]


def test_lines_of_a_paragraph_counted_by_letters_are_items_in_markdown() -> None:
    written = "El dinero se usa así:\n(a) para remos\ny velas;\n(b) to mend the quay;\n(c) para el faro.\n\nLo dice\na) el club.\n"
    document = parse(written.encode(), "a.md")
    assert document.text == (
        "El dinero se usa así:\n(a) para remos y velas;\n(b) to mend the quay;\n(c) para el faro.\n\nLo dice a) el club."
    )
    assert [block.kind for block in document.blocks].count("item") == 3


def test_the_parts_of_a_law_in_akoma_ntoso_are_blocks() -> None:
    def item(number: str, said: str) -> str:
        return f'<span class="akn-item"><span class="akn-num">{number}</span><span class="akn-p">{said}</span></span>'

    page = (
        '<h3>7. Boats</h3><span class="akn-hcontainer"><span class="akn-content"><span class="akn-p">A <span class="akn-term">boat</span> is—</span>'
        f'<span class="akn-p">kept as</span>{item("(a)", "a raft;")}{item("(b)", "a canoe,")}<span class="akn-wrapUp">if it floats.</span></span></span>'
    )
    assert text_of(page, "a.html").split() == (
        "7. Boats A boat is— kept as (a) a raft; (b) a canoe, if it floats.".split()
    )
    document = parse(page.encode(), "a.html")
    assert [block.kind for block in document.blocks].count("item") == 2


def test_what_is_folded_up_stands_under_its_summary() -> None:
    written = "# Becas\n\n<details>\n<summary>Viajes</summary>\n\n- **500** euros\n\n**[Web](http://x.org)**\n\n</details>\n<details><summary>Who <b>pays</b>?</summary>\n\nThe *club*.\n\n</details>"
    document = parse(written.encode(), "a.md")
    assert [h.text for h in document.headings] == ["Becas", "Viajes"]
    assert document.text == "Becas\n\nViajes\n\n500 euros\n\nWeb\n\nWho pays?\n\nThe club."


@pytest.mark.parametrize("answer", ["La paga *Ana*.", "La paga Ana.", "- Ana\n- Luis"])
def test_a_folded_question_of_markdown_is_answered_to_its_end(answer: str) -> None:
    folded = (
        f"<details>\n<summary><b>¿Quién paga la barca?</b></summary>\n\n{answer}\n\n</details>\n"
    )
    document = parse(f"# Barcas\n\n{folded}\n---\n\n_Puesto al día en mayo_\n``\n".encode(), "a.md")
    assert [h.text for h in document.headings] == ["Barcas"]
    (pair,) = (block for block in document.blocks if block.kind == "pair")
    asked, said = (document.text[a:b] for a, b in pair.cells)
    assert (asked, said.split()[-1].strip(".")) == (
        "¿Quién paga la barca?",
        answer.split()[-1].strip(".*"),
    )
    assert document.text.endswith("\n\nPuesto al día en mayo")


def test_items_that_say_their_numbers_are_not_counted_twice() -> None:
    rules = "".join(f"<li><span>{n}.</span><span>Rule {n}.</span></li>" for n in (4, 5, 6))
    assert text_of(f"<ol style='margin:0'>{rules}</ol>", "a.html") == (
        "4. Rule 4.\n5. Rule 5.\n6. Rule 6."
    )
    assert text_of("<ol><li>1 kg</li><li>3) Pay</li></ol>", "a.html") == "1. 1 kg\n2. 3) Pay"


def test_numbers_in_boxes_of_their_own_are_those_of_the_items() -> None:
    steps = "<li><span class='step__num'>{}</span><b>{}</b></li>"
    listed = f"<ol>{steps.format(1, '¿Quién rema?')}{steps.format(2, 'Who pays?')}</ol>"
    assert text_of(listed, "a.html") == "1. ¿Quién rema?\n2. Who pays?"
    streets = "<ul><li><span>01</span>17-20 Elm Road</li><li><span>02</span>Calle Olmo 9</li></ul>"
    assert text_of(streets, "a.html") == "1. 17-20 Elm Road\n2. Calle Olmo 9"
    amounts = "<ul><li><b>1</b> kg de harina</li><li><b>2</b> eggs</li></ul>"
    assert text_of(amounts, "a.html") == "1 kg de harina\n2 eggs"


@pytest.mark.parametrize(
    "heading",
    [
        "ARTÍCULO CUADRAGÉSIMO PRIMERO.-",
        "Artículo 15 º.-",
        "Articulo17:",
        "CAPITULO V: De los derechos y obligaciones de los integrantes de la comisión directiva",
        "CAPÍTULO V. DE LOS DERECHOS Y OBLIGACIONES DE LOS SOCIOS ACTIVOS Y HONORARIOS DEL CLUB.",
    ],
)
def test_articles_and_chapters_are_headings_however_they_are_written(heading: str) -> None:
    written = (
        f"La sede\n\n{heading}\n\nLos socios pagan su cuota al principio de cada mes.\n\nThe end."
    )
    assert heading in [h.text for h in parse(written.encode(), "a.txt").headings]


def test_a_heading_of_an_article_may_end_in_a_full_stop() -> None:
    title = "Artículo 12.- Naturaleza del Patronato y carácter del cargo de patrono de la casa."
    document = parse(f"# Estatutos\n\n### {title}\n\nEs gratuito.".encode(), "a.md")
    assert [h.text for h in document.headings] == ["Estatutos", title]


def test_an_answer_has_all_rows_of_its_table() -> None:
    rows = "\n".join(f"| Cosa {n} | {n} € |" for n in range(20))
    asked = "**{}**\n\n{}\n\n"
    written = asked.format("¿Qué se cubre?", f"| Qué | Hasta |\n|---|---|\n{rows}")
    document = parse((written + asked.format("Who pays?", "The club.")).encode(), "a.md")
    first = next(block for block in document.blocks if block.kind == "pair")
    assert document.text[first.start : first.end].endswith("Cosa 19 | 19 €")


WINDOW = '<h1>Boda</h1><p>Hay que venir.</p><button data-modal="{}">Ver más</button><div class="modal" id="a" aria-hidden="true"><h3>Oficina</h3><p>Se llama al 614 410 38 77 de lunes a viernes.</p>{}</div>'


def test_a_window_that_a_button_opens_is_read() -> None:
    assert text_of(WINDOW.format("a", ""), "a.html").endswith(
        "Oficina\n\nSe llama al 614 410 38 77 de lunes a viernes."
    )
    # one that opens by itself and asks for something, and one with something to fill in
    wants = WINDOW.format("b", "<p>Suscríbete a nuestro boletín.</p>")
    for page in (wants, WINDOW.format("a", "<input name=mail>")):
        assert text_of(page, "a.html") == "Boda\n\nHay que venir."


@pytest.mark.parametrize(
    "opener",
    [
        '<a href="#" onclick="openModal(&quot;lk&quot;)">Taquillas</a>',
        "<a href=\"javascript:abrir('lk', 2)\">Taquillas</a>",
        '<button data-popup="#lk" type="button">Taquillas</button>',
        '<a data-fancybox data-src="#lk">Taquillas</a>',
    ],
)
def test_a_window_is_read_whatever_attribute_says_what_opens_it(opener: str) -> None:
    window = '<div class="modal" id="lk" style="display: none"><p>{}</p></div>'
    for said in ("Cabina 4: precio 3 euros al día", "Two lockers: number 4, number 9"):
        assert said in html(f"<h1>Gym</h1><p>Uno.</p>{opener}{window.format(said)}")
        other = window.replace("lk", "lkx").format(said)
        assert said not in html(f"<h1>Gym</h1><p>Uno.</p>{opener}{other}")


def test_a_window_that_nothing_is_seen_to_open_is_read_for_its_sentences() -> None:
    for box in ('class="lightbox" style="display:none"', 'class="modal" aria-hidden="true"'):
        page = f"<h1>Gym</h1><p>Uno.</p><div {box}><p>{{}}</p></div>"
        for said in ("Lockers are emptied every Sunday night.", "La sauna se cierra una hora antes que la piscina."):  # fmt: skip
            assert said in html(page.format(said))
        for said in (
            "Join our newsletter and hear of all our events first.",
            "Gracias por escribirnos, su mensaje nos ha llegado bien.",
            "Get 15% off when you buy two passes at once.",
            "Lista de tarifas",
        ):
            assert said not in html(page.format(said))


def test_a_window_above_the_title_that_asks_for_something_is_left_out_though_no_style_on_the_page_hides_it() -> (
    None
):
    box = '<div id="call-overlay"><div>{0}<h3>¿Hablamos?</h3><p>Deja tu número y te llamamos.</p><input type="tel"></div></div>'
    close = '<button class="call-close">✕</button>'
    page = f"{box}<h1>Club</h1><p>The boathouse opens at nine.</p>"
    assert text_of(page.format(close), "a.html") == "Club\n\nThe boathouse opens at nine."
    assert "te llamamos" in text_of(page.format(""), "a.html")
    below = "<h1>Club</h1><p>Uno.</p>" + box.format(close)
    assert "te llamamos" in text_of(below, "a.html")


def test_a_page_does_not_say_that_it_loads() -> None:
    page = '<div id="spinner"><span>Loading...</span></div><h1>Club</h1><p class="note">Cargando</p><script>1</script>'
    assert text_of(page, "a.html") == "Club\n\nCargando"


def test_a_link_with_an_arrow_that_stands_alone_only_leads_on() -> None:
    page = "<h1>Club</h1><div><p>Se rema.</p>{}</div><ul><li><a href=/c>Canoas →</a></li></ul>"
    for link in ("<a href=/b>Our boats →</a>", '<p><a href="#cuotas">Ver cuotas »</a></p>'):
        assert text_of(page.format(link), "a.html") == "Club\n\nSe rema.\n\nCanoas →"
    for link in (
        "<a href=/b>remo.example →</a>",
        "<p>Todo: <a href=/c>cuotas →</a></p>",
        "<a href=/d>«Remo y vela»</a>",
    ):
        assert text_of(page.format(link), "a.html").count("\n\n") == 3


def test_numbered_lines_in_bold_over_text_in_a_word_document_are_headings() -> None:
    def fill(word: docx.document.Document) -> None:
        for title, rules in (("Nombre", 2), ("Members", 3)):
            word.add_paragraph(style="List Number").add_run(title).bold = True
            for n in range(rules):
                word.add_paragraph(f"El club es de quien lo usa, {title} {n}.")
        for item in ("Sol", "Luna", "Mar"):
            word.add_paragraph(style="List Number").add_run(item).bold = True

    document = parse(docx_of(fill), "a.docx")
    assert [h.text for h in document.headings] == ["1. Nombre", "2. Members"]
    items = [document.text[b.start : b.end] for b in document.blocks if b.kind == "item"]
    assert items == ["3. Sol", "4. Luna", "5. Mar"]


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ('<div>\n<input type="radio" id="a"><label for="a">¿Cuánto?</label>\n<div>Nueve euros.\n\n* uno\n* dos\n\nFin.</div>\n</div>', "¿Cuánto?\n\nNueve euros.\n\nuno\ndos\n\nFin."),
        ('<meta charset="UTF-8">\n\nSe rema.\n\n<script src="a.js">\nlet a = 1;\n\nb();\n</script>\n\n<style>\np { top: 0 }\n\n</style>\nThe end <style>b {}</style>.', "Se rema.\n\nThe end ."),
        ('<form\n  action="/x"\n  method="post">\nPrecio: **9 €**\n</form>\n', "Precio: 9 €"),
        ('<x-doc href="a.docx">\n<x-slot:title>Solicitud</x-slot>\n</x-doc>\n\nWrite <your-name> here.', "Solicitud\n\nWrite <your-name> here."),
        ("<div>\n\n**Remo**\n\n<p>Uno.</p>\n    <p>Dos.</p>\n</div>", "Remo\n\nUno.\n\nDos."),
        ("*Venga **[aquí](x.md)<br/>***", "Venga aquí"),
        ("***Nota:** no hay luz*", "Nota: no hay luz"),
        ("Obras:\n\n{% for o in obras %}\n1. {{ o.title }}\n{% endfor %}\n\nThe end.", "Obras:\n\nThe end."),
    ],
)  # fmt: skip
def test_what_programs_and_pages_read_in_markdown_is_no_text(written: str, text: str) -> None:
    assert text_of(written, "a.md") == text


def test_front_matter_may_have_no_lines_around_it() -> None:
    document = parse(b"Title: Faro\nDate: 2031-01-02\nCategory: mar\n\n# Visita\n\nSube.", "a.md")
    assert (document.title, document.text) == ("Faro", "Visita\n\nSube.")
    assert document.left_out[0].text == "Date: 2031-01-02 Category: mar"
    meeting = "Title: Picnic\nVenue: The lake\n\nBring bread."
    assert "The lake" in text_of(meeting, "a.md")


def test_front_matter_may_have_lost_its_first_line() -> None:
    fields = 'title: La regata\nversion: "2.1"\ntags:\n- mar\n---\n'
    document = parse(f"{fields}\n# Salida\n\nA las nueve.".encode(), "a.md")
    assert (document.title, document.text) == ("La regata", "Salida\n\nA las nueve.")
    assert document.left_out[0].reason == "front matter"
    said = parse(b"Title: Picnic\nBring bread and water.\n---\n\nAt the lake.", "b.md")
    assert "Bring bread and water." in said.text


def test_a_field_of_front_matter_that_is_the_text_is_no_heading() -> None:
    words = "El faro se sube a pie y hay que llevar agua, pan y un abrigo porque arriba el viento sopla muy fuerte todo el año."
    front = f"---\ntitle: Faro\nbody: >-\n  {words}\n\n\n  ## Precio\n\n\n  Tres euros.\n---\n"
    document = parse(front.encode(), "a.md")
    assert document.text == f"{words}\n\nPrecio\n\nTres euros."


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("<p><b>Qué se recicla</b><span>PDF de una página</span></p>", "Qué se recicla PDF de una página"),
        ("<p><strong>Not the town website.</strong><a href='/t'>Town hall</a></p>", "Not the town website. Town hall"),
        ("<p><span>AVISO</span><b>Cierra en mayo</b></p>", "AVISO Cierra en mayo"),
        ("<p><b>H</b><i>ola</i>, <b>S.</b><b>A.</b>, infor<b>mación</b>, <span>el </span><span>Mc</span><span>Donald</span></p>", "Hola, S.A., información, el McDonald"),
    ],
)  # fmt: skip
def test_words_of_two_elements_that_meet_are_two(written: str, text: str) -> None:
    assert text_of(written, "a.html") == text


def test_names_of_columns_below_names_of_groups_may_have_an_empty_corner_of_any_cell() -> None:
    page = (
        "<table><tr><td colspan=1></td><th colspan=2>Mayo</th><th colspan=2>Junio</th></tr>"
        "<tr><td></td><td>Lun. - Jue.</td><td>Vie. - Dom.</td><td>Lun. - Jue.</td><td>Vie. - Dom.</td></tr>"
        "<tr><td>Adulto</td><td>9 €</td><td>11 €</td><td>10 €</td><td>12 €</td></tr></table>"
    )
    document = parse(page.encode(), "a.html")
    rows = [block for block in document.blocks if block.kind == "row"]
    assert [row.level for row in rows] == [1, 1, 0]
    assert cells_of(document, rows[1])[1] == "Lun. - Jue."


def test_a_title_over_all_columns_may_be_marked_as_their_header() -> None:
    page = (
        "<table><tr><th colspan=2>Five shows</th></tr><tr><td>Adult</td><td>Youth</td></tr>"
        "<tr><td>$40</td><td>$20</td></tr></table>"
    )
    page = page.replace("</td></tr>", "</td><td>Dog</td></tr>", 1).replace(
        "$20</td>", "$20</td><td>$1</td>"
    )
    document = parse(page.replace("colspan=2", "colspan=3").encode(), "a.html")
    kinds = [(block.kind, block.level) for block in document.blocks if block.kind != "table"]
    assert kinds == [("caption", 0), ("row", 1), ("row", 0)]


def test_a_box_that_stands_out_among_alike_ones_is_one_of_them() -> None:
    box = '<div class="{}"><p>{}</p><p>{}</p></div>'
    boxes = [
        box.format("b", "Primer turno", "1 - 4 mayo"),
        box.format("b loud", "Second turn", "6 - 9 May"),
        box.format("b", "Tercer turno", "12 - 15 mayo"),
        box.format("b", "Cuarto turno", "17 - 20 mayo"),
    ]
    document = parse(f"<h1>Lago</h1><div>{''.join(boxes)}</div>".encode(), "a.html")
    rows = [cells_of(document, block) for block in document.blocks if block.kind == "row"]
    assert rows[1] == ["Second turn", "6 - 9 May"]
    assert len(rows) == 4


@pytest.mark.parametrize(
    "pressed",
    [
        '<p class="actions"><a class="btn" href="/a">Crear cuenta</a> <a class="btn btn-ghost" href="/b">See prices</a></p>',
        '<p><a href="/guias" class="back">Guías del lago</a></p>',
        '<div><a href="/lago">Leer más →</a></div>',
        '<p><a href="https://x.org">📘</a> <a href="https://y.org">🎵</a></p>',
        '<form><ul><li><label>Nombre*</label><input name="n"></li><li><label>Your email</label><input name="e"></li></ul></form>',
        '<div class="newsletter-box"><h3>Novedades</h3><form><label>Write to us</label><input name="e"></form></div>',
        '<div aria-label="Advertisement space"><b>Place for rent</b></div>',
        "<p>✟</p><div>×</div>",
        '<form><label for="t">Tipo de visita</label><select id="t"><option value="">Elija</option><option>Con guía</option></select><p><label>Guests<input type=number min=2 value=2></label></p>'
        '<label for="m">¿Alguna alergia?</label><textarea id="m"></textarea><button>Enviar</button></form>',
        "<p><a href><span>LIKE</span></a></p><p><a href><b>SHARE</b></a></p><p>Tweet</p>",
        '<p><a class="btn" href="/a.pdf">Download PDF</a> <a class="btn" href="/b.pdf">Descargar</a></p>',
    ],
)
def test_what_is_to_press_or_to_fill_in_and_ornaments_are_no_text(pressed: str) -> None:
    page = f"<h1>Lago</h1><p>Se rema en mayo.</p>{pressed}<p>Bring a coat.</p>"
    assert text_of(page, "a.html") == "Lago\n\nSe rema en mayo.\n\nBring a coat."


def test_links_that_say_something_are_text_whatever_their_look() -> None:
    page = (
        '<h1>Lago</h1><p>Llame al <a class="btn" href="tel:600111222">remero</a>.</p><p><a class="btn" href="/p">Reservar: 9 €</a></p>'
        '<p>Lea las <a class="button" href="/n">normas</a> antes.</p><p>Sauna</p><p>✓</p>'
    )
    assert text_of(page, "a.html") == (
        "Lago\n\nLlame al remero (600111222).\n\nReservar: 9 €\n\nLea las normas antes.\n\nSauna\n\n✓"
    )


def test_what_a_form_says_beside_the_names_of_its_blank_fields_is_text() -> None:
    form = (
        "<form><p>Se avisa un día antes.</p><label for=a>Adultos (9 €)</label><input id=a><p><label><input type=radio> Saturday 4 May</label></p>"
        "<p><label for=b>Town</label><input id=b value=Alcoy></p><label for=c>We never pass it on.</label><input id=c><button>Enviar</button></form>"
    )
    said = (
        "Lago Se avisa un día antes. Adultos (9 €) Saturday 4 May Town Alcoy We never pass it on."
    )
    assert " ".join(text_of(f"<h1>Lago</h1>{form}", "a.html").split()) == said
    # A form that nothing sends is one to print
    page = "<h1>Lago</h1><form><label for=q>Town of birth</label><input id=q></form>"
    assert text_of(page, "a.html") == "Lago\n\nTown of birth"


def test_a_link_that_says_which_document_it_leads_to_is_text_also_with_the_look_of_a_button() -> (
    None
):
    for said in ("Download Entry Form (PDF)", "Descargar normas del lago", "Bases (DOCX)"):
        link = f'<a class="btn" href="/f">{said}</a>'
        assert text_of(f"<h1>Lago</h1><p>Uno.</p><p>{link}</p>", "a.html").endswith(said)
        assert text_of(f"# Lago\n\nUno.\n\n[{said}](/f){{.btn}}\n", "a.md").endswith(said)


@pytest.mark.parametrize(
    "buttons",
    [
        "[Reservar ya](/a){.btn .btn-primary} [Ask us](/b){: .btn}",
        '<a href="/a"\n  class="btn blue">\n Reservar ya</a>\n<a class="button" href="/b">Ask us</a>',
        '<div>\n<p><a class="btn" href="/a">Reservar ya</a>\n\n<a class="btn" href="/b">Ask us</a></p>\n</div>',
    ],
)
def test_buttons_in_markdown_are_no_text(buttons: str) -> None:
    written = f"# Lago\n\nSe rema en mayo.\n\n{buttons}\n\nBring a coat.\n"
    assert text_of(written, "a.md") == "Lago\n\nSe rema en mayo.\n\nBring a coat."


def test_one_word_that_may_be_of_a_button_to_share_is_text() -> None:
    assert text_of("<h1>Acciones</h1><p>Share</p><p>A part of a firm.</p>", "a.html") == (
        "Acciones\n\nShare\n\nA part of a firm."
    )
    assert "E-mail" in text_of("<h1>Club</h1><p>Facebook</p><p>E-mail</p>", "a.html")


_SHEETS = (
    "The boathouse opens at seven and closes at nine in the evening, but for those who",
    "row alone. They must be back an hour before that. Oars are hung up dry.",
    "El remo se guarda seco. La barca se lava con agua dulce después de cada salida y se",
    "cubre con su lona. Nadie rema solo de noche.",
)


@pytest.mark.parametrize(
    ("before", "between"),
    [
        ("", "\n\n{}\n\x0c"),
        ("Boat club\nHouse rules\n\n", "\n\x0cBoat club\nHouse rules\n\n"),
        ("Boat club\nHouse rules\n\n", "\nBoat club\nHouse rules\nPage {}\n\n"),
        ("Boat club\nHouse rules\n\n", "\n\nBoat club | Página {} de 9\n\n"),
    ],
)
def test_the_heads_and_feet_of_pages_in_plain_text_are_no_text(before: str, between: str) -> None:
    written = before + _SHEETS[0]
    for n, sheet in enumerate(_SHEETS[1:], 2):
        number = "" if "{}" in between else f"\n\n- {n} -"
        written += number + between.format(n) + sheet
    document = parse(written.encode(), "a.txt")
    joined = document.text.replace("\n", " ")
    assert "but for those who row alone" in joined
    assert "cada salida y se cubre" in joined
    assert [document.text.count(line) for line in ("House rules", "Page", "Página")] == [
        before.count("House rules"), 0, 0,
    ]  # fmt: skip
    assert document.left_out[0].reason == "repeated at the edge of pages"


def test_lines_of_plain_text_that_may_number_pages_stay_where_nothing_is_sure() -> None:
    for numbers in ((2, 3), (2, 3, 3), (7, 12, 30)):
        written = "".join(f"Se rema en mayo.\n\nPage {n}\n\nBring coat {n}.\n\n" for n in numbers)
        assert text_of(written, "a.txt").count("Page ") == len(numbers)
    # A script for a comic is divided so
    written = "".join(
        f"Page {n}\n\nPanel 1\n\nThe boat sinks for time {n}.\n\n" for n in range(1, 6)
    )
    assert text_of(written, "a.txt").count("Page ") == 5


def test_when_a_page_was_written_is_no_heading() -> None:
    text = "El plazo se cuenta en días hábiles desde la firma, y el club lo publica en su puerta cada mes de enero.\n\n"
    written = f"# Plazos\n\nActualizado el 17 de mayo de 2031\n\n{text}## Cuotas\n\n{text}{text}"
    assert [h.text for h in parse(written.encode(), "a.md").headings] == ["Plazos", "Cuotas"]


def test_below_a_heading_of_its_own_the_head_of_a_page_says_what_the_page_is_about() -> None:
    page = (
        "<header><a href=/>Inicio</a><p>Remo joven</p><h1>Colonia de remo</h1><p>Del 3 al 9 de mayo, a orillas del lago.</p><h2>Datos</h2>"
        "<div><p>Edad</p><p>4 a 15 años</p></div><p>Horario</p><p>9:00 - 14:00</p><p><a href=/b>Book</a></p></header><main><p>Bring a coat.</p></main>"
    )
    document = parse(page.encode(), "a.html")
    assert document.text == (
        "Colonia de remo\n\nDel 3 al 9 de mayo, a orillas del lago.\n\nDatos\n\nEdad\n\n4 a 15 años\n\nHorario\n9:00 - 14:00\n\nBring a coat."
    )


def test_a_line_of_links_beside_the_text_of_a_page_is_a_menu() -> None:
    links = "<a href=/a>Inicio</a> <a href=/b>Work with us</a>\n<a href=/c>Términos</a>"
    page = f"<div class=overlay>{links}</div><h1>Remo</h1><article><p>Se rema.</p><p>{links}</p></article>"
    assert text_of(page, "a.html") == "Remo\n\nSe rema.\n\nInicio Work with us Términos"


def test_an_aside_belongs_to_no_answer_above_it() -> None:
    page = (
        "<main><h1>Remo</h1><h3>¿Cuánto cuesta?</h3><p>Nueve euros.</p><aside><p>Are you tired? Buy a motor boat today.</p></aside>"
        "<h3>Who rows?</h3><aside><p>Anybody may row here.</p></aside></main>"
    )
    document = parse(page.encode(), "a.html")
    pairs = [document.text[b.start : b.end] for b in document.blocks if b.kind == "pair"]
    assert pairs == ["¿Cuánto cuesta?\n\nNueve euros.", "Who rows?\n\nAnybody may row here."]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("<h1>Club</h1><p><b>Clases</b><br>{0}</p><p>{1}</p>", "a.html"),
        ("# Club\n\n**Clases**\n{0}\n\n{1}\n", "a.md"),
    ],
)
def test_a_bold_line_over_prose_in_one_paragraph_is_its_title(written: str, name: str) -> None:
    prose = (
        "Las clases se dan en la pista dos cuando no hay torneo, y quien las quiera las pide al menos un día antes en la caseta. "
        "The coach keeps the list of those who come and calls them when it rains."
    )
    document = parse(written.format(prose, "Bring a racket.").encode(), name)
    assert [h.text for h in document.headings] == ["Club", "Clases"]
    assert document.text == f"Club\n\nClases\n{prose}\n\nBring a racket."


def test_a_bold_line_over_what_leads_in_to_a_list_is_its_title() -> None:
    page = "<h1>Club</h1><p><b>Turnos</b><br>Los niños juegan así:</p><ul><li>Lunes.</li><li>Friday.</li></ul>"
    document = parse(page.encode(), "a.html")
    assert [h.text for h in document.headings] == ["Club", "Turnos"]


@pytest.mark.parametrize(
    "page",
    [
        "<section><h3>¿Cuándo abren?</h3><p>A las nueve.</p><h3>¿Y si llueve?</h3><footer><p>Calle Mayor, 4, 28001 Madrid</p></footer></section>",
        "<ul><li><h3>¿Cuándo abren?</h3><p>A las nueve.</p></li><li><a href='faq.html#2'><h4>And when it rains?</h4></a></li></ul><p>We row all year.</p>",
    ],
)
def test_what_stands_below_a_question_that_is_answered_elsewhere_is_no_answer(page: str) -> None:
    document = parse(f"<h1>Remo</h1>{page}".encode(), "a.html")
    pairs = [document.text[b.start : b.end] for b in document.blocks if b.kind == "pair"]
    assert pairs == ["¿Cuándo abren?\n\nA las nueve."]


@pytest.mark.parametrize(
    ("price", "read"),
    [
        ("<h4>990</h4><span>€</span>", "990 €"),
        ("<p>1.250</p><sup>€</sup>", "1.250 €"),
        ("<span>$</span><h3>25</h3><span>/month</span>", "$25/month"),
        ("<p>$25</p><p>/ persona</p>", "$25/ persona"),
    ],
)
def test_a_sign_of_money_beside_its_sum_is_of_it(price: str, read: str) -> None:
    page = f"<h1>Remo</h1><h2>Básico</h2><div>{price}<p>Con barca.</p></div>"
    assert text_of(page, "a.html") == f"Remo\n\nBásico\n\n{read}\n\nCon barca."


@pytest.mark.parametrize("beside", ["Sala 3", "2 horas", "Ana"])
def test_a_sign_of_money_beside_no_sum_is_an_ornament(beside: str) -> None:
    assert text_of(f"<h1>Remo</h1><p>{beside}</p><p>€</p>", "a.html") == f"Remo\n\n{beside}"
    assert text_of("<p>€</p>", "a.html") == "€"


def test_what_has_the_look_of_a_heading_by_its_class_is_one() -> None:
    page = (
        "<div><span class='h2'>1. Becas</span><br><small>Para quien rema todo el año.</small></div><p class='h3 mb-2'>Requisitos:</p>"
        "<ul><li>Ser socio</li></ul><div class='text-center h3'><b>When to ask</b></div><p>In May.</p>"
    )
    document = parse(page.encode(), "a.html")
    found = [(2, "1. Becas"), (3, "Requisitos:"), (3, "When to ask")]
    assert headings_of(document) == found


@pytest.mark.parametrize(
    "styled",
    [
        "<p class='h2'>12,50 €</p>",
        "<p class='h3'>Aquí se rema todo el año.</p>",
        "<p>Hay <span class='h4'>muchas</span> barcas</p>",
        "<ul><li><span class='h5'>Ser socio</span></li></ul>",
        "<p class='h100'>Ser socio</p>",
    ],
)
def test_a_class_makes_no_heading_of_a_price_a_sentence_a_word_or_an_item(styled: str) -> None:
    page = f"<h1>Remo</h1>{styled}<p>The club has been on the river since it was dug.</p>"
    assert headings_of(parse(page.encode(), "a.html")) == [(1, "Remo")]


def test_what_several_elements_say_that_are_called_heads_of_sections_are_headings() -> None:
    page = "<h1>Remo</h1><p class=sectionHeader>CUOTAS</p><p>Son 20 euros.</p><div class='section-title sectionHeader'>Once</div><p class=sectionHeader>Boats</p><p>Nine.</p>"
    document = parse(page.encode(), "a.html")
    assert [(h.text, h.level) for h in document.headings] == [("Remo", 1), ("CUOTAS", 2), ("Boats", 2)]  # fmt: skip


def test_a_large_figure_is_of_the_words_below_it_that_go_on() -> None:
    page = "<h1>Remo</h1><div><div>40</div><div>días para devolverla</div></div><p>+9</p><p>Boats</p><p>986555111</p><p>ana@club.example</p>"
    assert body_of(page).split("\n\n")[1:] == [
        "40 días para devolverla",
        "+9",
        "Boats",
        "986555111",
        "ana@club.example",
    ]


def test_bold_words_between_the_items_of_a_list_are_titles_each() -> None:
    term = "<u><strong>{}</strong></u><ul><li>Alta: mayo</li><li>Fees: June</li></ul><br>"
    terms = ["Primer turno", "Second term", "Tercer turno"]
    page = f"<h1>Plazos</h1><ul>{''.join(map(term.format, terms))}</ul>"
    document = parse(page.encode(), "a.html")
    assert [h.text for h in document.headings] == ["Plazos", *terms]


@pytest.mark.parametrize(
    "menu",
    [
        "<div class='topnav' id='bar'><div class='dropdown'><button class='dropbtn'>Más</button><div><a href='/b'>Barcas</a><h4>Otros</h4></div></div>"
        "<a href='/c'><div>Cuotas</div></a><a href='/i'>Home</a></div>",
        "<a class='md-skip' href='#remo'>2. Skip to content</a>",
    ],
)
def test_a_bar_of_links_and_a_leap_over_a_menu_are_no_text(menu: str) -> None:
    page = f"<body>{menu}<h1 id='remo'>2. Remo</h1><p>Se rema todo el año.</p></body>"
    assert text_of(page, "a.html") == "2. Remo\n\nSe rema todo el año."


def test_what_is_named_after_a_foot_and_has_text_below_it_is_none() -> None:
    card = "<div><h3>{}</h3><div class='card-footer'><p>{}</p></div></div>"
    page = f"<h1>Remo</h1>{card.format('Barcas', 'Hecho por los socios')}{card.format('Oars', 'Made by all')}<p>Se rema todo el año.</p>"
    assert text_of(page, "a.html") == (
        "Remo\n\nBarcas\n\nHecho por los socios\n\nOars\n\nMade by all\n\nSe rema todo el año."
    )


@pytest.mark.parametrize(
    ("one", "other"), [("date--left", "date--right"), ("item label", "item value")]
)
def test_two_boxes_side_by_side_by_their_classes_are_a_name_and_its_value(
    one: str, other: str
) -> None:
    boxes = f"<div><div class='{one}'><p>{{}}</p></div><div class='{other}'><p>{{}}</p></div></div>"
    shown = boxes.format("Fecha", "7 de mayo") + boxes.format("Teacher", "Ana Ruiz")
    document = parse(f"<h1>Remo</h1><p>Se rema.</p>{shown}".encode(), "a.html")
    labels = [cells_of(document, b) for b in document.blocks if b.kind == "label"]
    assert labels == [["Fecha", "7 de mayo"], ["Teacher", "Ana Ruiz"]]


@pytest.mark.parametrize(
    "boxes",
    [
        "<div><div class='left'>Ana Ruiz</div><div class='right'>Luis Gil</div></div>",  # once
        2 * "<div><div class='left'><h2>Ana Ruiz</h2></div><div class='right'>Rema.</div></div>",
        2 * "<div><div class='left'>Ana Ruiz</div><div class='wide'>Rema.</div></div>",
        2 * "<div><div class='left'>She rows all year.</div><div class='right'>Rema.</div></div>",
    ],
)
def test_other_boxes_side_by_side_are_no_name_and_value(boxes: str) -> None:
    document = parse(f"<h1>Remo</h1><p>Se rema.</p>{boxes}".encode(), "a.html")
    assert not [b for b in document.blocks if b.kind == "label"]


@pytest.mark.parametrize(
    "row",
    [
        "<div class=row><span>{}</span><span>{}</span></div>",
        "<div><strong>{}</strong><span>{}</span></div>",
        "<div class='d-flex'><span>{}</span> <span>{}</span></div>",
    ],
)
def test_two_elements_that_fill_each_row_are_a_name_and_its_value(row: str) -> None:
    shown = row.format("Lun – Mié", "9–13 · 16–19") + row.format("Where", "Old pier")
    document = parse(f"<h1>Remo</h1><p>Se rema.</p>{shown}".encode(), "a.html")
    labels = [cells_of(document, b) for b in document.blocks if b.kind == "label"]
    assert labels == [["Lun – Mié", "9–13 · 16–19"], ["Where", "Old pier"]]


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (2 * "<div><b>20 min</b><span>en la sala</span></div>", 2 * "20 min en la sala "),
        (2 * "<div class=f><span>Bring</span><span>a towel</span></div>", 2 * "Bring a towel "),
        (2 * "<li><b>R</b><span>emo</span></li>", 2 * "Remo "),
        (2 * "<li><span>Ca</span><span>noa</span></li>", 2 * "Canoa "),
        (2 * "<div><span>Ana</span> <span>Ruiz</span></div>", 2 * "Ana Ruiz "),
        ("<p><b>Ba</b><span>rca</span></p>", "Barca "),
        (2 * "<div><i class='material-icons'>phone</i><span>600 100</span></div>", 2 * "600 100 "),
        ("<div class=f><span>9</span><span>€</span><span>/mes</span></div>", "9€/mes "),
    ],
)
def test_elements_that_fill_a_box_are_apart_but_not_within_a_word(written: str, text: str) -> None:
    page = f"<style>.f {{ display: flex }}</style><h1>Remo</h1><p>Se rema.</p>{written}"
    document = parse(page.encode(), "a.html")
    assert document.text.split()[3:] == text.split()
    assert not [b for b in document.blocks if b.kind == "label"]


def test_rows_of_several_elements_are_a_table() -> None:
    row = "<div class='{}'><span>{}</span> <span>{}</span> <b>{}</b></div>"
    rows = [("r h", "Pier", "Barca", "Plazas"), ("r", "Norte", "Trainera", "Up to 14"), ("r", "Sur", "Bote", "4")]  # fmt: skip
    document = parse(f"<h1>Remo</h1><p>Se rema.</p>{''.join(row.format(*r) for r in rows)}".encode(), "a.html")  # fmt: skip
    found = [b for b in document.blocks if b.kind == "row"]
    assert [b.level for b in found] == [1, 0, 0]
    assert cells_of(document, found[1]) == ["Norte", "Trainera", "Up to 14"]
    phrases = 3 * row.format("r", "Del 3", "al 5", "de mayo")
    other = parse(f"<h1>Remo</h1><p>Se rema.</p>{phrases}".encode(), "a.html")
    assert "Del 3 al 5 de mayo" in other.text


def test_links_that_are_cards_are_paragraphs_each() -> None:
    card = "<a class=card href='/{0}.html'><span>{0}</span> <small>{1}</small></a>"
    cards = card.format("Normas", "Lo que se pide a quien rema.") + card.format("Oars", "All sizes")
    page = f"<main><h1>Remo</h1><p>Se rema.</p><div>{cards}</div><p>Hay 9 barcas.</p></main>"
    assert text_of(page, "a.html").split("\n\n")[2:4] == [
        "Normas Lo que se pide a quien rema.",
        "Oars All sizes",
    ]


def test_a_foot_keeps_an_address_on_a_map_and_loses_the_names_of_its_menus() -> None:
    places = "https://www.google.com/maps/place/Olmo+17"
    foot = (
        "<span>Nosotros</span><ul><li><a href=/e>Equipo</a></li><li><a href=/s>Our services</a></li></ul>"
        f"<p>Write to us</p><ul><li><a href='{places}'>Olmo 17/4, Soria</a></li><li><a href='{places}'>Ver mapa</a></li>"
        "<li><a href='mailto:ana@club.example'>ana@club.example</a></li></ul>"
        "<p>Un club de barrio:</p><ul><li><a href=/r>Remo</a></li></ul><p>Copyright. All rights reserved by leo@web.example</p>"
    )
    page = f"<h1>Lago</h1><p>Se rema todo el año.</p><footer>{foot}</footer>"
    assert body_of(page).split("\n\n", 2)[2].split() == (
        "Write to us Olmo 17/4, Soria ana@club.example Un club de barrio:".split()
    )


@pytest.mark.parametrize(
    "above",
    [
        '<div><a href="https://u.example"><i></i> Ir a la Universidad del Lago</a></div>',
        '<p><a href="/">Back to Lake College</a></p>',
        '<div class="w"><a href="/">Home</a><i>/</i><span>Prices and boats</span></div>',
        "<form><p>2 noches</p><div>Check-in</div><input name=a readonly><select name=n><option value=''>Rooms</select><input type=submit></form>",
    ],
)
def test_a_way_back_and_a_form_to_book_above_the_title_are_no_text(above: str) -> None:
    text = "<h1>Tarifas</h1><p>Se rema todo el año.</p>"
    below = "<p><a href=#top>Back to top</a></p><p><a href=#a>Volver al inicio</a></p>"
    assert text_of(f"{above}{text}{below}", "a.html") == "Tarifas\n\nSe rema todo el año."
    assert text_of(f"{text}{above}", "a.html") != "Tarifas\n\nSe rema todo el año."


def test_a_link_to_the_first_page_in_the_box_of_the_title_is_no_text() -> None:
    box = "<div><a href=/>Inicio</a><h1>Tarifas</h1><p>Se rema todo el año.</p></div>"
    assert text_of(box, "a.html") == "Tarifas\n\nSe rema todo el año."
    said = "<p><a href=/>Inicio</a> de la liga: mayo.</p><h1>Liga</h1><p>Se rema.</p>"
    assert text_of(said, "a.html").startswith("Inicio de la liga: mayo.")


def test_an_address_of_two_lines_and_a_mail_in_a_heading_stay_in_the_foot() -> None:
    place = "https://www.google.com/maps/place/Olmo+17"
    menu = "<ul><li><a href=/r>Remo</a></li><li><a href=/s>Our boats</a></li></ul>"
    foot = (
        f"<div class=footer-menu>{menu}<div>Contacto</div><a href='{place}'><div>Olmo 17,</div><div>42001 Soria</div></a></div>"
        "<h2>Write</h2><h3>ana@club.example</h3>"
    )
    page = f"<h1>Lago</h1><p>Se rema en Olmo 17, 42001 Soria.</p><footer>{foot}</footer>"
    assert "Olmo 17,\n" not in text_of(page, "a.html")
    assert text_of(page, "a.html").endswith("Write\n\nana@club.example")
    elsewhere = page.replace("Olmo 17, 42001 Soria.", "42001 Soria.")
    assert "Contacto\nOlmo 17, 42001 Soria" in text_of(elsewhere, "a.html")


def test_lines_over_their_prices_are_labels_where_several_stand_in_turn() -> None:
    fees = {
        "SOCIOS": "12 €",
        "Remeros de otros clubes del lago": "COP 40.000<br>USD 10",
        "Anyone else": "£30 per day",
    }
    shown = "".join(f"<p>{name}</p><p>{fee}</p>" for name, fee in fees.items())
    document = parse(f"<h1>Tarifas</h1>{shown}<p>Se paga en mayo.</p>".encode(), "a.html")
    labels = [cells_of(document, b) for b in document.blocks if b.kind == "label"]
    assert labels == [[name, fee.replace("<br>", "\n")] for name, fee in fees.items()]
    # Each price stands over what it is of, or there are two
    below = "".join(f"<p>{fee}</p><p>{name}</p>" for name, fee in fees.items())
    for page in (f"{below}<p>9 €</p>", "<p>Socios</p><p>12 €</p><p>Guests</p><p>£30</p>"):
        blocks = parse(f"<h1>Tarifas</h1>{page}".encode(), "a.html").blocks
        assert all(block.kind != "label" for block in blocks)


@pytest.mark.parametrize(
    "clock",
    [
        "<div class=count><div><span id=days>00</span><p>Days</p></div><div><span id=hours>00</span><p>Hours</p></div><div><span id=seconds>00</span><p>Seconds</p></div></div>",
        "<ul id=countdown><li>--<br>días</li><li>--<br>horas</li><li>--<br>minutos</li><li>--<br>segundos</li></ul>",
    ],
)
def test_a_clock_that_counts_down_is_no_text(clock: str) -> None:
    page = (
        f"<h1>Feria</h1><section><h2>Falta poco</h2>{clock}<p>Se abre el 7 de mayo.</p></section>"
    )
    assert text_of(page, "a.html") == "Feria\n\nFalta poco\n\nSe abre el 7 de mayo."
    lasts = "<h1>Feria</h1><p class=second>It lasts 3 days, 2 hours and 10 seconds.</p>"
    assert text_of(lasts, "a.html").endswith("10 seconds.")


@pytest.mark.parametrize(
    "box",
    [
        "<div class='testimonial-card'><p>{}</p><h4>{}</h4></div>",
        "<div class='testimonio'><p>{}</p><div class=who><h4>{}</h4><span>Socio</span></div></div>",
        "<li><p>“{}”</p><h4>{}</h4></li>",
    ],
)
def test_who_is_quoted_heads_nothing(box: str) -> None:
    quotes = box.format("Remamos toda la mañana y volvimos contentos.", "Familia Ruiz")
    quotes += box.format("The boats are light and the lake is quiet.", "Tom Mill")
    page = f"<h1>Remo</h1><h2>Opiniones</h2><section>{quotes}</section><h2>Precio</h2><p>Doce euros.</p>"
    assert headings_of(parse(page.encode(), "a.html")) == [
        (1, "Remo"),
        (2, "Opiniones"),
        (2, "Precio"),
    ]
    above = "<div><h4>Barcas</h4><p>“Son ligeras y las guarda el club en el muelle”</p></div>"
    assert len(headings_of(parse(f"<h1>Remo</h1>{above * 2}".encode(), "a.html"))) == 3


@pytest.mark.parametrize("words", ["Síguenos en nuestras redes:", "Follow us on social media"])
def test_words_over_the_signs_of_social_networks_at_the_foot_are_no_text(words: str) -> None:
    foot = f"<footer><p>{words}</p><a href='https://i.example/club'><img src=i.png></a><p>Muelle 5, Vigo</p></footer>"
    page = f"<h1>Remo</h1><p>Se rema todo el año.</p>{foot}"
    assert body_of(page).split("\n\n")[2:] == ["Muelle 5, Vigo"]


def test_a_remark_between_the_items_of_a_list_is_of_the_item_before_it() -> None:
    page = "<h1>Remo</h1><ol><li>Pedir la llave.</li> (solo en mayo) <li>Row back.</li></ol>"
    document = parse(page.encode(), "a.html")
    assert document.text == "Remo\n\n1. Pedir la llave. (solo en mayo)\n2. Row back."
    assert [b.kind for b in document.blocks if b.kind in ("list", "item")].count("list") == 1


def test_a_form_above_the_title_that_tells_something_is_text() -> None:
    form = "<form><p>{}</p><input name=a><button>Enviar</button></form><h1>Lago</h1>"
    for said in ("Rowing costs 9 € a day", "Abrimos a las 10", "Se rema todo el año."):
        assert said in text_of(form.format(said), "a.html")


def test_empty_lines_part_a_paragraph_of_a_page_and_not_an_address() -> None:
    rows = "Se rema todo el año, también en invierno, salvo con hielo o con niebla."
    page = f"<h1>Lago</h1><p>{rows}<br><br>Boats are cleaned by those who took them.<br>Oars as well.<br><br>NORMAS (pdf)</p>"
    address = "<p>Club El Olmo<br>Calle Olmo 17<br><br>975 000 111<br>ana@club.example</p>"
    document = parse(f"{page}{address}".encode(), "a.html")
    said = [document.text[b.start : b.end] for b in document.blocks if b.kind == "paragraph"]
    assert said == [
        rows,
        "Boats are cleaned by those who took them.\nOars as well.\n\nNORMAS (pdf)",
        "Club El Olmo\nCalle Olmo 17\n\n975 000 111\nana@club.example",
    ]
    assert text_of(f"<ul><li>{rows}<br><br>Boats are cleaned.</li></ul>", "a.html") == (
        f"{rows}\n\nBoats are cleaned."
    )


@pytest.mark.parametrize(
    ("name", "text", "rows"),
    [
        (
            "a.csv",
            "Muelle,Barca,Precio\nNorte,Remo,10 €\n,Vela,12 €\nSur,Remo,8 €\n,Vela,9 €\n,Total,39 €\n",
            ["Muelle: Norte; Barca: Vela; Precio: 12 €.", "Barca: Total; Precio: 39 €."],
        ),
        (
            "a.md",
            "| Pier | Boat | Fare |\n|---|---|---|\n| North | oar | 10 |\n| | Sail | 12 |\n| South | oar | 8 |\n| | Sail | 9 |\n",
            ["North | Sail | 12", "South | Sail | 9"],
        ),
    ],
)
def test_an_empty_first_cell_is_of_the_group_above_it(
    name: str, text: str, rows: list[str]
) -> None:
    found = parse(text.encode(), name).text.split("\n")
    assert set(rows) <= set(found)
    # Where something else is missing as well, or names come again, nobody knows
    sep = "," if name == "a.csv" else "|"
    gap = text.replace(f"{sep}12 €", sep).replace("| 12 ", "| ")
    assert not set(rows[:1]) & set(parse(gap.encode(), name).text.split("\n"))


@pytest.mark.parametrize("cell", ["td", "th"])
def test_the_names_of_columns_that_stand_again_within_a_table_are_said_once(cell: str) -> None:
    table = "<table><tr><th>Barca</th><th>Precio</th></tr><tr><td>Remo</td><td>9 €</td></tr>"
    table += f"<tr><{cell}>Barca</{cell}><{cell}>Precio</{cell}></tr><tr><td>Vela</td><td>12 €</td></tr></table>"
    assert parse(table.encode(), "a.html").text == "Barca | Precio\nRemo | 9 €\nVela | 12 €"
    lines = "| Boat | Fare |\n|---|---|\n| Oar | 9 € |\n| Boat | Fare |\n| Sail | 12 € |\n"
    assert parse(lines.encode(), "a.md").text == "Boat | Fare\nOar | 9 €\nSail | 12 €"


def test_a_table_of_markdown_may_have_its_names_in_two_rows() -> None:
    table = "| | Mañana | | Tarde | |\n|---|---|---|---|---|\n| Día | Abre | Cierra | Abre | Cierra |\n| Lunes | 9 | 13 | 16 | 20 |\n| Martes | 9 | 14 | 17 | 20 |\n"
    document = parse(table.encode(), "a.md")
    assert [block.level for block in document.blocks if block.kind == "row"] == [1, 1, 0, 0]


def test_a_head_of_a_page_that_is_closed_at_its_end_is_read() -> None:
    rules = "".join(
        f"<p>Artículo {n}</p><p>Cada vecina tiene un voto en la junta, y quien falta puede darlo por escrito a otra que asista.</p>"
        for n in range(1, 30)
    )
    menu = "<ul class='menu'><li><a href='/a'>Inicio</a></li><li><a href='/b'>Fotos</a></li><li><a href='/c'>Mapa</a></li></ul>"
    page = f"<body><header>{menu}<h1>Estatutos</h1>{rules}</header></body>"
    document = parse(page.encode(), "a.html")
    assert document.title == "Estatutos"
    assert document.text.count("Cada vecina") == 29
    assert "Fotos" not in document.text


def test_names_in_bold_within_a_line_of_markdown_have_each_its_value() -> None:
    assert text_of("**Día:** lunes **Room:** *4*", "a.md") == "Día: lunes\nRoom: 4"
    prose = "**Ojo:** se rema **de noche** sin luz."
    assert text_of(prose, "a.md") == "Ojo: se rema de noche sin luz."


def test_a_term_of_markdown_may_have_several_meanings() -> None:
    document = parse(b"Remo\n: Pala larga.\n: A sport.\n", "a.md")
    assert document.text == "Remo\nPala larga.\nA sport."


def test_a_field_within_a_note_is_a_label() -> None:
    document = parse("# Remo\n\nCuota:: 20 €\n\nLibre desde mayo.".encode(), "a.md")
    assert "Cuota: 20 €" in document.text
    assert [block.kind for block in document.blocks][1] == "label"


_ROWED = "<h1>Remo</h1><p>Se rema todo el año en el lago, también cuando llueve.</p>"


@pytest.mark.parametrize(
    "around",
    [
        '<div class="mw-parser-output"></div><div id="footer-info">This page was last edited in May.</div>',
        '<div class="elementor-location-popup"><h2>Pide tu cita por WhatsApp</h2><form><label>Nombre <input></label><button>Send</button></form></div>',
        '<footer><p>Website © El Olmo • Built by <a href="mailto:leo@web.example">Leo</a></p><p>Fotos © Ana Ruiz</p></footer>',
        '<div class="a-location-footer"><p>Congreso internacional de remo de montaña © olmo copyright 2031. Una web de la comarca. All rights reserved</p></div><div class="pop-up"><form><label>Nombre <input></label><button>Send</button></form></div>',
        '<h2 class="sr-only">Jump to:</h2><label class="screen-reader-text">Search the lake</label>',
        '<a href=/r class="bg-white px-8 py-3 rounded-full">Enquire About Rowing 🐾</a>',
        '<a href=/r style="padding:12px; background:#06c; border-radius:8px">Pedir una barca</a>',
    ],
)  # fmt: skip
def test_what_stands_around_the_text_is_left_out(around: str) -> None:
    assert html(f"{_ROWED}{around}") == html(_ROWED)


def test_who_is_logged_in_to_a_wiki_heads_nothing() -> None:
    user = '<div id="user-tools"><div id="personal"><h2><span>Anonymous</span></h2></div></div>'
    assert html(f'{user}<div class="mw-parser-output">{_ROWED}</div>') == html(_ROWED)


def test_what_is_only_read_aloud_and_heads_a_text_is_read() -> None:
    told = '<h2 class="sr-only">Horario</h2><p>De 9 a 14 h, todos los días.</p>'
    assert "Horario" in html(f"{_ROWED}{told}")


def test_a_bar_of_links_to_call_keeps_whom_one_calls() -> None:
    bar = '<div class="mobile-cta-bar"><a href="tel:975000111">Call</a><a href="mailto:ana@club.example">Email</a><a href=/v>Book a Visit</a></div>'
    assert html(f"{_ROWED}{bar}").endswith("Call (975000111) Email (ana@club.example)")


@pytest.mark.parametrize(
    "look",
    [
        'style="border-radius:20px; padding:4px 14px; font-weight:700"',
        "class=tag",
    ],
)
def test_a_badge_heads_nothing(look: str) -> None:
    rule = "<style>.tag {font-weight: 700; padding: .3rem .8rem; border-radius: 2rem}</style>"
    badge = f"<div><div><p><b>Basic</b></p></div><span {look}>Required to row</span></div><ul><li>An oar</li><li>A boat</li></ul>"
    document = parse(f"{rule}{_ROWED}{badge}".encode(), "a.html")
    assert [heading.text for heading in document.headings][:2] == ["Remo", "Basic"]
    assert "Required to row" not in [heading.text for heading in document.headings]


def test_a_small_line_in_bold_over_the_title_is_no_title_and_who_writes_heads_no_slogan() -> None:
    over = "<div><span style='font-weight:700; display:block'>Documentos legales</span><h1>Cancelar</h1></div>"
    foot = "<footer><div>El Olmo</div><p>Clases de remo con cariño para familias enteras, en todo el lago.</p></footer>"
    rest = "<p>Se cancela por escrito hasta dos días antes de la fecha de entrada.</p>" * 3
    document = parse(f"{over}{rest}{foot}".encode(), "a.html")
    assert [heading.text for heading in document.headings] == ["Cancelar"]


def test_a_bold_line_with_a_plus_is_the_title_of_what_is_added() -> None:
    boxes = "".join(
        f"<div><p style='font-weight:700'>{name}</p><ul><li>✓ An oar</li><li>✓ A boat</li></ul></div>"
        for name in ("Basic rowing", "+ Storage of boats")
    )
    document = parse(f"{_ROWED}{boxes}".encode(), "a.html")
    assert [h.text for h in document.headings] == ["Remo", "Basic rowing", "+ Storage of boats"]


def test_buttons_to_a_file_each_are_a_list_and_one_to_the_same_file_is_said_once() -> None:
    names = ("Matrícula de barcas", "Storage of oars", "Traspaso", "Baja")
    buttons = [
        f'<a class="btn blue" href="https://drive.google.com/file/d/{n}/view">{name}</a>'
        for n, name in enumerate(names)
    ]
    rows = f"<div>{''.join(buttons[:2])}</div><div>{''.join(buttons[2:])}</div>"
    document = parse(f"{_ROWED}{rows}".encode(), "a.html")
    items = [document.text[b.start : b.end] for b in document.blocks if b.kind == "item"]
    assert items == list(names)
    again = '<div><a class="btn" href=f.pdf>⬇ Download the {} form</a></div>'
    assert html(f"{_ROWED}{again.format('rowing')}{again.format('same')}").endswith(
        "\n\n⬇ Download the rowing form"
    )
    assert html(f"{_ROWED}<div>{'<a class=btn href=f.pdf>Descargar</a>' * 4}</div>") == html(_ROWED)


def test_a_column_of_links_beside_the_text_of_an_old_page_is_a_menu() -> None:
    links = "".join(f"<p><a href=boat{n}.html>Boat {n}</a>" for n in range(9))
    told = "<p>La barca salió del muelle viejo en mayo y volvió al caer la tarde.</p>" * 9
    page = "<h1>Tarifas</h1><table><tr><td><h2>Index</h2>{}</td><td>{}</td></tr></table>"
    document = parse(page.format(links, told).encode(), "a.html")
    assert "Boat 3" not in document.text
    assert document.left_out[0].text.startswith("Index Boat 0 Boat 1")
    # Beside a few words, and where they are files, they are what the page is for
    files = links.replace(".html", ".pdf")
    for one in (page.format(links, "<p>Todas.</p>"), page.format(files, told)):
        assert "Boat 3" in text_of(one, "a.html")


def test_a_line_in_the_largest_letters_of_an_old_page_is_a_heading_and_whose_it_is_none() -> None:
    page = (
        "<font size=7><big>La Golondrina</big></font><p>Es una barca de remos.</p>"
        '<font size="5"><b>Upkeep</b></font><br>It is tarred in March.'
        "<h6>Copyright © 2001 by Ann Gil</h6><p>Se ve desde el muelle.</p>"
    )
    document = parse(page.encode(), "a.html")
    assert [(h.text, h.level) for h in document.headings] == [("La Golondrina", 1), ("Upkeep", 3)]
    assert document.text.endswith("It is tarred in March.\n\nSe ve desde el muelle.")


def test_boxes_alike_with_a_tag_over_what_they_say_are_rows() -> None:
    box = "<div class=case><span class='tag {}'>{}</span><div class=time>{}</div><p>{}</p></div>"
    boxes = (
        box.format("ok", "Devolución completa", "+72 h", "Se avisa con tres días de antelación"),
        box.format("half", "Half of it", "24–72 h", "You write to us the day before"),
        box.format("no", "Nada", "-24 h", "Se avisa el mismo día"),
    )
    document = parse(f"{_ROWED}<div>{''.join(boxes)}</div>".encode(), "a.html")
    rows = [document.text[b.start : b.end] for b in document.blocks if b.kind == "row"]
    assert rows[1] == "Half of it | 24–72 h | You write to us the day before"
    assert len(rows) == 3


def test_what_stands_on_a_page_again_for_narrow_screens_is_read_once() -> None:
    told = "<h3>{}</h3><p>Se rema los lunes, con un monitor en cada barca.</p>"
    page = (
        f"{_ROWED}<div class='cards mobile'>{told.format('Clases')}</div>"
        f"<div class='cards desktop'><div>{told.format('Clases')}</div></div>"
    )
    assert html(page) == html(f"{_ROWED}{told.format('Clases')}")
    # What only narrow screens show is read, and of two such copies one
    alone = f"<div class='d-md-none'>{told.format('Classes')}</div>"
    assert "Se rema los lunes" in html(f"{_ROWED}{alone}")
    assert html(f"{_ROWED}{alone * 2}").count("Se rema los lunes") == 1


def test_headings_in_a_list_of_links_to_places_of_the_page_are_its_contents() -> None:
    asked = ("¿Cuándo se rema?", "What does it cost?", "¿Hay taquillas?")
    links = "".join(f"<li><a href=#q{n}><h2>{one}</h2></a></li>" for n, one in enumerate(asked))
    told = "".join(
        f"<div id=q{n}><h2>{one}</h2><p>Sí, {n}.</p></div>" for n, one in enumerate(asked)
    )
    document = parse(f"{_ROWED}<ul>{links}</ul>{told}".encode(), "a.html")
    assert [h.text for h in document.headings] == ["Remo", *asked]


def test_a_first_row_that_alone_is_in_bold_names_two_columns() -> None:
    def kinds_of(*rows: str) -> list[int]:
        page = f"{_ROWED}<table>{''.join(rows)}</table>"
        return [b.level for b in parse(page.encode(), "a.html").blocks if b.kind == "row"]

    head = "<tr><td><b>Barca</b></td><td><strong>For whom</strong></td></tr>"
    below = "<tr><td>Canoa</td><td>Quien nada</td></tr><tr><td>Dinghy</td><td>Children</td></tr>"
    assert kinds_of(head, below) == [1, 0, 0]
    assert kinds_of(head, below, head.replace("Barca", "Balsa")) == [0, 0, 0, 0]
    assert kinds_of(head.replace("Barca", "Barca:"), below) == [0, 0, 0]


_PROSE = (
    "El club la lleva en el muelle desde hace años, y nadie la ha visto nunca parada en la orilla."
)


def _heads_of(page: str) -> list[str]:
    return [h.text for h in parse(page.encode(), "a.html").headings]


def test_lines_of_boxes_and_what_somebody_is_head_no_text_below() -> None:
    def divs(*lines: str) -> str:
        return "".join(f"<div>{line}</div>" for line in lines)

    page = f"<h1>Remo</h1><p>{_PROSE}</p>{divs('Cuota', _PROSE)}"
    assert _heads_of(page) == ["Remo", "Cuota"]
    told = divs("Socios Votan", "Members row", "Juveniles Aprenden", _PROSE)
    assert _heads_of(f"<h1>Remo</h1><p>{_PROSE}</p>{told}") == ["Remo"]
    said = "".join(divs(name, "Socia", _PROSE) for name in ("Ana Ruiz", "Eva Gil"))
    assert _heads_of(f"<h1>Remo</h1><p>{_PROSE}</p>{said}") == ["Remo"]


def test_names_below_what_each_says_are_no_headings() -> None:
    said = "".join(f"<p>{_PROSE}</p><div>{name}</div>" for name in ("Ana Ruiz", "John Oar"))
    assert _heads_of(f"<h1>Remo</h1>{said}<h2>Cuotas</h2><p>{_PROSE}</p>") == ["Remo", "Cuotas"]
    told = "".join(f"<div>{name}</div><p>{_PROSE}</p>" for name in ("Ana Ruiz", "John Oar"))
    assert _heads_of(f"<h1>Remo</h1><p>{_PROSE}</p>{told}") == ["Remo", "Ana Ruiz", "John Oar"]


def test_bold_lines_that_are_values_or_files_or_many_are_no_headings() -> None:
    place = "<p>Nos vemos en:</p><p><b>Muelle Viejo</b></p><p>Calle del Remo 4</p>"
    assert _heads_of(f"<h1>Remo</h1>{place}<p>{_PROSE}</p>") == ["Remo"]
    files = "<p><b>Rules of the Jetty (PDF)</b></p><p><b>Acta de mayo.pdf (antigua)</b></p>"
    assert _heads_of(f"<h1>Remo</h1><p>{_PROSE}</p>{files}<h2>Fin</h2>") == ["Remo", "Fin"]
    fields = "".join(f"<p><b>{one}</b></p>" for one in ("Nombre", "Barca", "Oars", "Tu muelle"))
    page = f"<h1>Remo</h1>{f'<p>{_PROSE}</p>' * 8}{fields}<p>Sí</p>"
    assert _heads_of(page) == ["Remo"]
    assert _heads_of(page.replace("<p>Sí</p>", f"<p>{_PROSE}</p>"))[1:] != []


def _read_and_left(page: str) -> tuple[str, list[str]]:
    document = parse(f"<h1>Remo</h1><p>{_PROSE}</p>{page}".encode(), "a.html")
    return document.text.removeprefix(f"Remo\n\n{_PROSE}").strip(), [
        " ".join(one.text.split()) for one in document.left_out
    ]


@pytest.mark.parametrize(
    "names",
    [
        "elementor-element elementor-hidden-desktop elementor-hidden-tablet elementor-hidden-mobile",
        "elementor-hidden-phone elementor-hidden-desktop elementor-hidden-tablet",
        "vc_row vc_hidden-lg vc_hidden-md vc_hidden-sm vc_hidden-xs",
        "fusion-no-small-visibility fusion-no-medium-visibility fusion-no-large-visibility",
        "hide-on-desktop hide-on-tablet hide-on-mobile",
        "kvs-lg-false kvs-md-false kvs-sm-false",
    ],
)
def test_what_a_builder_hides_on_each_screen_is_not_read(names: str) -> None:
    read, left = _read_and_left(f"<div class='{names}'><p>Cuota vieja: 3 €</p></div>")
    assert (read, left) == ("", ["Cuota vieja: 3 €"])
    on_some = " ".join(names.split()[:-1]).replace("phone", "x").replace("_hidden-sm", "_x")
    assert _read_and_left(f"<div class='{on_some}'>Cuota: 5 €</div>")[0] == "Cuota: 5 €"


@pytest.mark.parametrize(
    "part",
    [
        "<p>2 minutos de lectura</p>",
        "<div>Less than 1 min read</div>",
        "<p><a href=/a>Castellano</a> · <a href=/b>Valencià</a></p>",
        "<div>Compartir</div>",
        "<a href='#curso'>Saltar al curso</a>",
        "<a href='#booking'>Skip to booking</a>",
        "<div class=bar><span>We use cookies to row better.</span> <a href='#'>x</a></div>",
        "<h3>Temas relacionados</h3><ul><li><a rel=tag href=/r>Remos</a></li><li><a rel=tag href=/b>Barcas</a></li></ul>",
        "<div class=page__related><h4>Otras</h4><p><a href=/a>Se rema más</a></p></div>",
        "<div><h4>You may also like</h4><h3><a href=/a>Old oars</a></h3><p>They break …</p></div>",
    ],
)
def test_what_is_said_of_the_page_is_no_text_of_it(part: str) -> None:
    assert _read_and_left(part)[0] == ""


def test_lines_that_only_look_like_those_are_read() -> None:
    for said in ("Se lee en 2 minutos.", "5 min", "Español", "Compartir barca", "Cookies: 2 €"):
        assert _read_and_left(f"<div>{said}</div>")[0] == said
    box = "<div><h4>You may also like</h4><h3>Old oars</h3><p>They break soon.</p></div>"
    assert "Old oars" in _read_and_left(box)[0]


def test_what_a_form_says_when_it_is_sent_or_filled_in_wrong_is_not_read() -> None:
    field = (
        "<input name=n aria-describedby=err-n><span class=error-msg id=err-n>Pon tu nombre</span>"
    )
    said = "<p class=form-ok role=status>Gracias. Hemos recibido tu solicitud.</p>"
    form = f"<form>{field}<button>Enviar</button>{said}</form><script>1</script>"
    read, left = _read_and_left(form)
    assert read == ""
    assert {"Pon tu nombre", "Gracias. Hemos recibido tu solicitud."} <= set(left)
    thanks = "<p class=success>Thank you for rowing with us since 1990.</p><script>1</script>"
    assert "Thank you" in _read_and_left(thanks)[0]
    hint = "<input name=n aria-describedby=hint><span id=hint>Como en el DNI</span>"
    assert "DNI" in _read_and_left(f"<form>{hint}</form><script>1</script>")[0]


def test_two_columns_are_named_by_words_that_name_columns() -> None:
    def levels(*rows: tuple[str, str]) -> list[int]:
        cells = "".join(f"<tr><td>{one}</td><td>{two}</td></tr>" for one, two in rows)
        blocks = parse(f"{_ROWED}<table>{cells}</table>".encode(), "a.html").blocks
        return [block.level for block in blocks if block.kind == "row"]

    below = ("Ana Ruiz", "Los Remos"), ("Eva Gil", "The Oars")
    assert levels(("Nombre", "Organización"), *below) == [1, 0, 0]
    assert levels(("Name", "Role"), *below) == [1, 0, 0]
    assert levels(("Nombre", "Ana Ruiz"), ("Cargo", "Vocal"), ("Lugar", "Muelle")) == [0, 0, 0]
    assert levels(("Name", "Place"), ("Role", "Rower"), ("Team", "Oars")) == [0, 0, 0]
