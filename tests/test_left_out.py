"""What is left out of documents is known with its reason, in every format, from the reader to the command line."""

import ast
import io
import zipfile

import pytest
from conftest import ROOT
from hash_encoder import HashEncoder
from scanned import BOILER, partly_scanned

from api.left_out import (
    Gone,
    lines_of,
    reason_of_file,
    summary_of,
    together,
    unread_lines,
    unread_pages,
)
from api.messages import group
from corpus.document import CorpusError, LeftOut, Recognised
from corpus.parse import parse
from index.local.build import index_documents

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def zipped(parts):
    """A zip container with these parts."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as container:
        for name, content in parts.items():
            container.writestr(name, content)
    return data.getvalue()


def left_out(data, name):
    document = parse(data if isinstance(data, bytes) else data.encode(), name)
    for one in document.left_out:
        assert one.text not in document.text, one
    return {(one.reason, one.text) for one in document.left_out}


def test_of_a_web_page_menus_banners_and_what_is_struck_out_are_told():
    page = """<nav><a href="/a">Inicio</a> <a href="/b">Trámites</a></nav>
    <div class="cookie-bar">Usamos cookies propias</div>
    <p>La tasa es de <del>diez</del> <ins>doce</ins> euros.</p>
    <p hidden>Borrador sin revisar</p><script>var x = "no se dice"</script>
    <button>Enviar ahora</button>
    <footer><p>© 2024 Concejo de Robledo</p><p>Teléfono: 600 123 456</p></footer>"""
    assert left_out(page, "a.html") == {
        ("menu or navigation", "Inicio Trámites"),
        ("cookie banner", "Usamos cookies propias"),
        ("struck out", "diez"),
        ("hidden", "Borrador sin revisar"),
        ("button", "Enviar ahora"),
        ("whose page it is", "© 2024 Concejo de Robledo"),
    }
    assert "600 123 456" in parse(page.encode(), "a.html").text


def test_of_markdown_comments_link_targets_and_front_matter_are_told():
    text = """---
title: Opening hours
layout: page
---
Open ~~daily~~ on Mondays. <!-- ask Ann -->

See [the map][1].

[1]: https://example.org/map
"""
    assert left_out(text, "a.md") == {
        ("front matter", "layout: page"),
        ("struck out", "daily"),
        ("comment", "ask Ann"),
        ("link target", "https://example.org/map"),
    }


def test_of_a_word_document_what_is_deleted_hidden_or_struck_out_is_told():
    def run(text, look=""):
        return f"<w:r><w:rPr>{look}</w:rPr><w:t>{text}</w:t></w:r>"

    body = (
        "<w:p>"
        + run("La cuota es de ")
        + '<w:del w:id="1" w:author="a"><w:r><w:delText>veinte</w:delText></w:r></w:del>'
        + run("treinta", "<w:strike/>")
        + run(" cuarenta euros.")
        + run("Nota interna", "<w:vanish/>")
        + "</w:p>"
    )
    import docx

    buffer = io.BytesIO()
    docx.Document().save(buffer)
    made = io.BytesIO()
    with zipfile.ZipFile(buffer) as source, zipfile.ZipFile(made, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "word/document.xml":
                content = f"<w:document {W}><w:body>{body}</w:body></w:document>".encode()
            target.writestr(name, content)
    assert left_out(made.getvalue(), "a.docx") == {
        ("deleted", "veinte"),
        ("struck out", "treinta"),
        ("hidden", "Nota interna"),
    }


def test_of_rich_text_what_is_struck_out_or_hidden_is_told():
    rtf = (
        r"{\rtf1\ansi La reserva se paga {\strike en met\'e1lico}con tarjeta. "
        r"\v Borrador\v0  It is \strike never\strike0  refunded.\par}"
    )
    assert left_out(rtf, "a.rtf") == {
        ("struck out", "en metálico"),
        ("hidden", "Borrador"),
        ("struck out", "never"),
    }
    assert parse(rtf.encode(), "a.rtf").text == "La reserva se paga con tarjeta. It is refunded."


def test_of_a_sheet_hidden_rows_and_columns_are_told():
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["Curso", "Precio", "Margen"], ["Vela", 120, 9], ["Remo", 90, 7]):
        sheet.append(row)
    sheet.column_dimensions["C"].hidden = True
    sheet.row_dimensions[3].hidden = True
    buffer = io.BytesIO()
    book.save(buffer)
    assert left_out(buffer.getvalue(), "a.xlsx") == {
        ("hidden", "Margen 9"),
        ("hidden", "Remo 90 7"),
    }


def test_of_a_sheet_cells_that_are_struck_out_are_told():
    import openpyxl
    from openpyxl.styles import Font

    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["Ruta", "Price"], ["Cabo", 8], ["Faro", 9]):
        sheet.append(row)
    for cell in ("A2", "B2"):
        sheet[cell].font = Font(strike=True)
    buffer = io.BytesIO()
    book.save(buffer)
    assert left_out(buffer.getvalue(), "a.xlsx") == {("struck out", "Cabo"), ("struck out", "8")}


def test_the_same_words_of_several_pages_are_told_once():
    found = [
        LeftOut("Acta del pleno", 1, "repeated at the edge of pages"),
        LeftOut("1", 1, "page number"),
        LeftOut("Acta del pleno", 2, "repeated at the edge of pages"),
        LeftOut("2", 2, "page number"),
        LeftOut("", 4, "the page is damaged"),
    ]
    assert together(found) == [
        Gone("Acta del pleno", "repeated at the edge of pages", (1, 2)),
        Gone("1", "page number", (1, 2)),
        Gone("", "the page is damaged", (4,)),
    ]
    assert lines_of("a.pdf", found, [Recognised(3, 0.9), Recognised(5, 0.8)], "es") == [
        "  a.pdf, pág. 1–2: no está en el texto (se repite en el borde de las páginas): Acta del pleno",
        "  a.pdf, pág. 1–2: no está en el texto (número de página): 1",
        "  a.pdf, pág. 4: sin leer: la página está dañada",
        "  a.pdf, pág. 3, 5: texto reconocido en imágenes (OCR), confianza media 85 %",
    ]
    assert lines_of("a.md", [LeftOut("layout: page", 0, "front matter")], [], "en") == [
        "  a.md: not in the text (front matter): layout: page"
    ]


def test_what_is_left_out_on_purpose_is_summed_up_and_what_could_not_be_read_stands_apart():
    found = [
        LeftOut("Acta del pleno", 1, "repeated at the edge of pages"),
        LeftOut("1", 1, "page number"),
        LeftOut("Acta del pleno", 2, "repeated at the edge of pages"),
        LeftOut("2", 2, "page number"),
        LeftOut("", 4, "the page is damaged"),
        LeftOut("", 5, "OCR took more than 40 s"),
        LeftOut("", 6, "hidden slide"),
    ]
    assert unread_pages(found) == (4, 5)
    assert summary_of("a.pdf", found[:1], [Recognised(3, 0.9)], "es") == [
        "  a.pdf: una cosa no está en el texto (se repite en el borde de las páginas)",
        "  a.pdf, pág. 3: texto reconocido en imágenes (OCR), confianza media 90 %",
    ]
    assert summary_of("a.pdf", found, [], "en") == [
        "  a.pdf: 3 things are not in the text (repeated at the edge of pages, page number, hidden slide)"
    ]
    assert summary_of("a.pdf", found[4:6], [], "en") == []
    assert unread_lines("a.pdf", found, "en") == [
        "a.pdf, p. 4: the page is damaged",
        "a.pdf, p. 5: OCR took more than 40 s",
    ]
    assert unread_lines("a.pdf", found, "es") == [
        "a.pdf, pág. 4: la página está dañada",
        "a.pdf, pág. 5: el OCR tardó más de 40 s",
    ]


@pytest.mark.parametrize("lang", ["es", "en"])
def test_what_to_do_about_a_scan_is_told_where_it_is_listed(lang):
    reason = "the PDF has 1 page and no text layer, so it is probably a scan; install tesseract"
    said = reason_of_file(reason, lang)
    assert "tesseract" in said
    assert said.count("OCR") == 1


def test_of_a_pdf_pages_that_are_pictures_without_words_are_told_in_both_languages():
    document = parse(partly_scanned(BOILER), "boiler.pdf")
    assert unread_pages(document.left_out) == (2, 3, 5)
    [english], [spanish] = (
        unread_lines("boiler.pdf", document.left_out, lang) for lang in ("en", "es")
    )
    assert english.startswith("boiler.pdf, p. 2–3, 5: ")
    assert spanish.startswith("boiler.pdf, pág. 2–3, 5: ")
    words = {"the", "page", "found", "took"}
    assert words & set(english.split())
    assert not words & set(spanish.split())


def test_a_build_keeps_what_was_left_out_and_how_sure_the_engine_was(tmp_path):
    import dataclasses

    plain = parse("# Año\n\nEmpezó ~~tarde~~ pronto.\n".encode(), "a.md")
    document = dataclasses.replace(plain, page_starts=(0,), recognised=(Recognised(1, 0.87),))
    index = index_documents([document], HashEncoder(), tmp_path)
    kept = index.document("a.md")
    assert kept.left_out == (LeftOut("tarde", 0, "struck out"),)
    assert kept.recognised == (Recognised(1, 0.87),)
    assert index.places([0])[0].ocr_confidence == 0.87
    index.close()


def reasons_in_the_code():
    for path in sorted((ROOT / "corpus").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "LeftOut":
                last = node.args[2]
                if isinstance(last, ast.Constant):
                    yield last.value


@pytest.mark.parametrize("lang", ["es", "en"])
def test_every_reason_has_its_words(lang):
    assert set(reasons_in_the_code()) <= set(group(lang, "build.reasons"))


BAD_FILES = {
    "a.pdf": (b"%PDF-1.7 nada", "está dañado", "damaged"),
    "b.txt": (b"", "está vacío", "empty"),
    "c.txt": (b" \n ", "no contiene texto", "no text"),
    "d.txt": (b"a\x00b" * 9, "no es texto, sino datos", "not text but data"),
    "e.docx": (b"PK nada", "está dañado", "damaged"),
    "f.jsonl": (b"{,}", "está dañado", "damaged"),
    "g.rtf": (b"hola", "no es del formato", "not of the format"),
    "h.zip": (zipped({"a.png": "x"}), "no contiene ningún documento", "holds no document"),
    "i.epub": (zipped({"a.txt": "x"}), "está dañado", "damaged"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_why_a_file_is_skipped_is_told_in_both_languages_without_the_words_of_libraries(name):
    content, es, en = BAD_FILES[name]
    with pytest.raises(CorpusError) as caught:
        parse(content, name)
    assert es in reason_of_file(str(caught.value), "es")
    assert en in reason_of_file(str(caught.value), "en")


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("cannot read 'a b.txt': permission denied; change its permissions", "permisos"),
        ("reading took longer than the limit of 120 s; split the file", "más tiempo"),
        ("reading took more than the limit of 3,072 MB of memory; split the file", "memoria"),
        ("the file has 900 bytes and the limit is 800; split it", "demasiado grande"),
        ("the file crashed its reader (signal SIGSEGV); open it", "fallar"),
        ("the PDF is encrypted; expected one that opens without a password", "contraseña"),
        ("something of which nobody has heard", "no se ha podido leer"),
    ],
)
def test_reasons_that_no_small_file_gives_are_told_too(reason, words):
    assert words in reason_of_file(reason, "es")
