"""PDFs made by hand, one content stream a page: what is drawn where, and what the text then says."""

from __future__ import annotations

import itertools
import math
import random
import re
import shutil
import zlib
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from corpus.document import Document, LeftOut, UnreadableDocumentError
from corpus.locate import locate
from corpus.parse import parse
from corpus.readers.pdf import lines_of, recognise
from corpus.readers.pdf.layout import ordered
from corpus.readers.pdf.lines import set_in_rows
from corpus.readers.pdf.names import GlyphNames
from corpus.readers.pdf.paragraphs import parts_of
from corpus.readers.pdf.runs import Run, Sheet

DATA = Path(__file__).parent / "data"


def pdf_of(
    *pages: str,
    title: str = "",
    extra: Sequence[str] = (),
    of_page: str = "",
    of_file: str = "",
    of_pages: str = "",
) -> bytes:
    """F1 is Helvetica, F2 bold, F3 Times, F4 Courier; ``extra`` objects are numbered from 6 on; ``of_pages``: what all pages inherit in place of their size."""
    fonts = ("Helvetica", "Helvetica-Bold", "Times-Roman")
    objects = [f"<< /Type /Catalog /Pages 2 0 R {of_file} >>", ""]
    objects += [
        f"<< /Type /Font /Subtype /Type1 /BaseFont /{f} /Encoding /WinAnsiEncoding >>"
        for f in fonts
    ]
    objects += extra
    courier = "/F4 << /Type /Font /Subtype /Type1 /BaseFont /Courier >>"
    kids = []
    for page in pages:
        objects.append(f"<< /Length {len(page.encode('cp1252'))} >> stream\n{page}\nendstream")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R {'' if of_pages else '/MediaBox [0 0 595 842]'} /Resources << /Font << {courier} /F1 3 0 R /F2 4 0 R /F3 5 0 R >> >>"
            f" /Contents {len(objects)} 0 R {of_page} >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} {of_pages} >>"
    objects.append(f"<< /Title ({title}) >>")
    out, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content.encode("cp1252"))
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    info = b"/Info %d 0 R" % len(objects) if title else b""
    return out + b"trailer << /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF" % (
        len(objects) + 1,
        info,
        start,
    )


def at(x: float, y: float, text: str, size: float = 11, font: str = "F1") -> str:
    escaped = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    return f"BT /{font} {size} Tf 1 0 0 1 {x} {y} Tm ({escaped}) Tj ET\n"


def lines(
    x: float, y: float, *texts: str, size: float = 11, font: str = "F1", step: float = 14
) -> str:
    return "".join(at(x, y - n * step, text, size, font) for n, text in enumerate(texts))


def read(*pages: str, **more: object) -> Document:
    return parse(pdf_of(*pages, **more), "a.pdf")  # type: ignore[arg-type]


def rows(document: Document) -> list[tuple[int, str]]:
    return [(b.level, document.text[b.start : b.end]) for b in document.blocks if b.kind == "row"]


LEFT = (
    "El taller de cerámica abre los",
    "martes por la tarde, y quien",
    "venga por primera vez no paga",
    "nada por el barro ni el horno.",
)
RIGHT = ("The library lends bicycles for", "a whole week, but the bell has", "to be brought back by itself in", "a small bag made of brown felt.")  # fmt: skip


@pytest.mark.parametrize("by_row", [True, False])
def test_columns_are_read_one_after_the_other_whatever_the_order_of_the_file(by_row: bool) -> None:
    if by_row:
        drawn = "".join(
            at(60, 700 - 14 * n, a) + at(320, 700 - 14 * n, b)
            for n, (a, b) in enumerate(zip(LEFT, RIGHT, strict=True))
        )
    else:
        drawn = lines(60, 700, *LEFT) + lines(320, 700, *RIGHT)
    text = read(at(60, 760, "Hoja del barrio", 18, "F2") + drawn).text
    assert " ".join(LEFT) in text
    assert " ".join(RIGHT) in text
    assert text.index(LEFT[3]) < text.index(RIGHT[0])


def test_a_heading_over_full_lines_between_two_parts_in_columns_stands_between_them() -> None:
    full = (
        "The boats leave from the lower pier whenever the water has risen above the red mark, and",
        "quien llegue tarde espera al siguiente barco en la caseta del guarda hasta las diez.",
    )
    drawn = lines(60, 740, *LEFT) + lines(320, 740, *RIGHT)
    drawn += at(60, 660, "The lower pier", 13, "F2") + lines(60, 640, *full)
    drawn += lines(60, 590, *RIGHT) + lines(320, 590, *LEFT)
    document = read(drawn)
    said = [LEFT[0], LEFT[3], RIGHT[0], RIGHT[3], "The lower pier", full[0], full[1], RIGHT[0]]
    at_ = 0
    for words in said:
        at_ = document.text.index(words, at_)
    assert [head.text for head in document.headings] == ["The lower pier"]


def test_a_table_has_rows_with_cells_and_a_header() -> None:
    table = (
        ("Sala", "Mañana", "Tarde"),
        ("Grande", "40,00", "55,00"),
        ("Pequeña", "15,50", "20,00"),
    )
    drawn = "".join(
        at(60 + 120 * k, 700 - 16 * n, cell)
        for n, row in enumerate(table)
        for k, cell in enumerate(row)
    )
    document = read(at(60, 740, "Alquiler de salas", 16, "F2") + drawn)
    assert rows(document) == [
        (1, "Sala | Mañana | Tarde"),
        (0, "Grande | 40,00 | 55,00"),
        (0, "Pequeña | 15,50 | 20,00"),
    ]


@pytest.mark.parametrize(("cos", "sin"), [(0.7071, 0.7071), (0.5, 0.866)])
def test_slanted_names_stand_over_their_columns(cos: float, sin: float) -> None:
    names = ("Barcas de remo", "Rafts", "Kayaks")
    drawn = "".join(
        f"BT /F1 10 Tf {cos} {sin} -{sin} {cos} {204 + 50 * n} 660 Tm ({name}) Tj ET\n"
        for n, name in enumerate(names)
    )
    table = (
        ("Molino", "12", "4", "9"),
        ("Sea gate", "7", "15", "3"),
        ("Upper lock", "2", "8", "6"),
    )
    for n, row in enumerate(table):
        drawn += "".join(
            at(60 + k * 50 + 92 * (k > 0), 640 - 16 * n, cell) for k, cell in enumerate(row)
        )
    document = read(at(60, 780, "Barcas y otras", 18, "F2") + drawn)
    assert rows(document) == [(1, "Barcas de remo | Rafts | Kayaks")] + [
        (0, " | ".join(row)) for row in table
    ]


def test_words_of_a_slanted_line_are_whole_though_it_names_no_column() -> None:
    drawn = "BT /F1 10 Tf 0.7071 0.7071 -0.7071 0.7071 300 500 Tm (Rafts lie idle) Tj ET\n"
    assert "Rafts lie idle" in read(lines(60, 720, *LEFT) + drawn).text


def test_an_empty_cell_keeps_its_place_unless_its_column_is_mostly_empty() -> None:
    table = (
        ("Máquina", "Socios", "Guests", "Cargo", "Plazo"),
        ("Torno", "9 €", "14 €", "", "3 horas"),
        ("Band saw", "7 €", "", "", "2 hours"),
        ("Láser", "25 €", "40 €", "", "90 minutos"),
        ("Kiln", "30 €", "45 €", "5 €", "one day"),
    )
    drawn = "".join(
        at(60 + 90 * k, 700 - 16 * n, cell)
        for n, row in enumerate(table)
        for k, cell in enumerate(row)
        if cell
    )
    assert [text for _, text in rows(read(drawn))][1:] == [
        "Torno | 9 € | 14 € | 3 horas",
        "Band saw | 7 € | | 2 hours",
        "Láser | 25 € | 40 € | 90 minutos",
        "Kiln | 30 € | 45 € | 5 € | one day",
    ]


def test_a_cell_of_several_lines_between_rules_is_one_cell() -> None:
    rule = "".join(f"50 {y} m 500 {y} l S\n" for y in (715, 685, 655, 625))
    drawn = (
        at(60, 700, "Perros") + lines(200, 704, "se admiten con correa", "y bozal", step=12)
        + at(60, 670, "Cats") + lines(200, 674, "stay in a basket that", "can be closed", step=12)
        + at(60, 640, "Loros") + lines(200, 644, "no entran sin permiso", "de la portera", step=12)
    )  # fmt: skip
    found = [text for _, text in rows(read(rule + drawn))]
    assert found == [
        "Perros | se admiten con correa y bozal",
        "Cats | stay in a basket that can be closed",
        "Loros | no entran sin permiso de la portera",
    ]


@pytest.mark.parametrize(
    ("before", "after"), [("en un plazo de 15", " días hábiles."), ("within 15", " working days.")]
)
def test_a_raised_number_is_no_digit_of_the_number_before_it(before: str, after: str) -> None:
    drawn = f"BT /F1 11 Tf 1 0 0 1 60 700 Tm ({before}) Tj /F1 7 Tf 5 Ts (3) Tj 0 Ts /F1 11 Tf ({after}) Tj ET\n"
    text = read(drawn + at(60, 100, "3 Ley de la casa / law of the house.", 8)).text
    assert f"{before}³{after}" in text
    assert "153" not in text


def test_words_without_spaces_between_them_are_parted_by_their_distance() -> None:
    drawn = "BT /F1 11 Tf 1 0 0 1 60 700 Tm [(La) -300 (casa) -300 (del) -300 (ni\xf1o) -300 (was) -300 (built) -300 (twice.)] TJ ET\n"
    assert read(drawn).text == "La casa del niño was built twice."


@pytest.mark.parametrize(
    ("drawn", "said"),
    [
        (r"(La llave se deja en el buz\363n) -110 (del) -110 (portal.)", "La llave se deja en el buzón del portal."),
        (r"(Keys are left at the desk,) -110 (not under) -110 (the mat.)", "Keys are left at the desk, not under the mat."),
    ],
)  # fmt: skip
def test_a_narrow_gap_parts_words_where_letters_stand_evenly(drawn: str, said: str) -> None:
    assert read(f"BT /F1 11 Tf 1 0 0 1 60 700 Tm [{drawn}] TJ ET\n").text == said


def test_letters_moved_a_little_towards_each_other_stay_one_word() -> None:
    drawn = (
        "BT /F1 11 Tf 1 0 0 1 60 700 Tm [(The f) -60 (inal office ref) -60 (uses nobody)] TJ ET\n"
    )
    assert read(drawn).text == "The final office refuses nobody"
    wide = (
        "BT /F1 11 Tf 2 Tw 1 0 0 1 60 700 Tm [(The office of promo) -105 (tion is closed)] TJ ET\n"
    )
    assert read(wide).text == "The office of promotion is closed"


@pytest.mark.parametrize("said", ["El agua se corta a las diez.", "The water is cut off at ten."])
def test_letters_that_lean_run_level(said: str) -> None:
    leaning = f"BT /F1 11 Tf 1 0 0.34 1 60 650 Tm ({said}) Tj ET\n"
    document = read(at(60, 700, "Aviso a la casa. Notice to the house.") + leaning)
    assert said in document.text
    assert document.left_out == ()


@pytest.mark.parametrize("name", ["Artículo", "Article"])
def test_names_of_articles_in_the_margin_stand_before_their_texts(name: str) -> None:
    texts = (
        ("La huerta abre a las ocho y cierra cuando se va el sol,", "que en invierno es a las cinco y media de la tarde."),
        ("Water is shared among the plots by turns, and nobody may", "take more than the barrel of the plot holds in a week."),
        ("Las herramientas se guardan limpias en el cobertizo azul,", "y quien rompa una la paga o la cambia por otra igual."),
    )  # fmt: skip
    drawn = ""
    for n, said in enumerate(texts, 1):
        drawn += at(60, 760 - 60 * n, f"{name} {n}.", font="F2") + lines(150, 760 - 60 * n, *said)
    document = read(drawn)
    for n, said in enumerate(texts, 1):
        start = document.text.index(said[0])
        assert document.text.startswith(f"{name} {n}. {' '.join(said)}", start - len(name) - 4)
        assert document.heading_path(start) == (f"{name} {n}.",)


def test_the_end_of_a_sentence_in_larger_letters_is_no_heading() -> None:
    long = (
        "El patio se cierra a las once y no se deja nada en las escaleras, ni de noche ni de día."
    )
    drawn = at(60, 700, long) + at(60, 672, "of the yard.", 14, "F2") + at(60, 640, long)
    drawn += at(60, 612, "PÉREZ, SOTO, LUNA,", 14, "F2") + at(60, 580, long)
    assert read(at(60, 760, "Casa del patio", 20, "F2") + drawn).headings[1:] == ()
    title = at(60, 700, "ALQUILER DE BARCAS,", 20, "F2") + at(60, 640, "FIANZA Y SEGURO", 16, "F2")
    named = read(title + at(60, 600, long) + at(60, 572, "Horario", 14, "F2") + at(60, 540, long))
    assert "ALQUILER DE BARCAS," in " ".join(heading.text for heading in named.headings)


@pytest.mark.parametrize("word", ["RESOLUCIÓN", "SCHEDULE"])
def test_letters_set_apart_are_one_word(word: str) -> None:
    spelled = " ".join(word)
    assert read(
        at(60, 700, spelled, 14, "F2") + at(60, 650, "Se aprueba el gasto. It is approved.")
    ).text.startswith(word + "\n")
    spaced = f"BT /F2 14 Tf 4 Tc 1 0 0 1 60 700 Tm ({word}) Tj 0 Tc ET\n"
    assert read(spaced + at(60, 650, "Se aprueba el gasto. It is approved.")).text.startswith(
        word + "\n"
    )


def test_words_of_a_heading_whose_letters_are_set_close_are_parted() -> None:
    drawn = "BT /F2 14 Tf -0.65 Tc 1 0 0 1 60 700 Tm [(CAP\xcdTULO) -165 (II) -165 (ADMISI\xd3N) -160 (Y) -165 (FEES)] TJ 0 Tc ET\n"
    document = read(drawn + at(60, 660, "La cuota es de 45 euros. It is paid in May."))
    assert document.text.startswith("CAPÍTULO II ADMISIÓN Y FEES\n")


def test_a_space_of_the_file_parts_words_however_narrow_but_for_one_behind_a_ligature() -> None:
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /FirstChar 65 /LastChar 65 /Widths [500] /ToUnicode 7 0 R >>"
    said = "begincmap 1 begincodespacerange <00> <ff> endcodespacerange\n1 beginbfchar <41> <00660069> endbfchar\nendcmap"
    unicode = f"<< /Length {len(said)} >> stream\n{said}\nendstream"
    narrow = "BT /F1 11 Tf 1 0 0 1 60 700 Tm [(La casa de ) 262 (los remos is one of ) 270 (joy)] TJ ET\n"
    joined = "BT /F9 11 Tf 1 0 0 1 60 660 Tm (A) Tj /F1 11 Tf [( ) 275 (nal de curso)] TJ ET\n"
    data = pdf_of(narrow + joined, extra=[font, unicode])
    text = parse(data.replace(b"/F3 5 0 R >>", b"/F3 5 0 R /F9 6 0 R >>"), "a.pdf").text
    assert text.split("\n\n") == ["La casa de los remos is one of joy", "final de curso"]


def drawn_glyphs(text: str, name: str = "a", below: str = "") -> bytes:
    """A page whose glyphs are drawn one by one and have names that say no more than their codes, over others ``below``."""
    codes = sorted(set(text.encode("latin-1")))
    glyphs = " ".join(f"/{name}{code} 7 0 R" for code in codes)
    drawn = "500 0 0 0 450 700 d1 0 0 450 700 re f"
    widths = " ".join("500" for _ in range(256))
    numbers = " ".join(f"{code} /{name}{code}" for code in codes)
    page = "".join(
        f"BT /F4 11 Tf 1 0 0 1 60 {700 - 20 * n} Tm <{line.encode('latin-1').hex()}> Tj ET\n"
        for n, line in enumerate(text.split("\n"))
    )
    return pdf_of(
        page + below,
        lines(60, 700, *LEFT),
        extra=[
            f"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 500 700] /FontMatrix [.001 0 0 .001 0 0] /CharProcs << {glyphs} >>"
            f" /Encoding << /Type /Encoding /Differences [{numbers}] >> /FirstChar 0 /LastChar 255 /Widths [{widths}] >>",
            f"<< /Length {len(drawn)} >> stream\n{drawn}\nendstream",
        ],
    ).replace(b"/F3 5 0 R >>", b"/F3 5 0 R /F4 6 0 R >>")


def test_one_letter_words_beside_numbers_are_parted_by_the_spaces_of_the_file() -> None:
    said = "La nota va de 0 a 10, y el 4 o 5 de mayo se da. I got 7 a year."
    assert read("-0.65 Tc\n" + at(60, 700, said)).text == said


def cork(text: str) -> str:
    """What is read of a page whose glyphs TeX numbers in an encoding of its own."""
    return parse(drawn_glyphs(text), "a.pdf").text.removesuffix(" ".join(LEFT)).strip()


# The codes are those of the letters in the order in which a program met them, from "!" or "A" on.
@pytest.mark.parametrize(
    "codes",
    [
        "!\"#$%&#'( )*+$ ,' &-. /#$,$ ,' 0-*1' &-.2$ ",
        "ABCDEFGHCI FBCJ HK BCLF KM ANDHB ANCFDE",
        "\x81\x82\x83\x84\x85\x86\x87 \x88\x89\x8a\x8b\x8c \x8d\x8e",
        "ABCDEDFEGHIJBCBDKICBCFBLCMNIOICPCJEIKKBCBCFBLCGJQ",
    ],
)
@pytest.mark.parametrize("name", ["g", "glyph", "cid:", "C00"])
def test_glyphs_that_are_only_numbered_are_recognised_or_told_and_never_text(
    codes: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = drawn_glyphs(codes, name)
    monkeypatch.setattr(recognise.shutil, "which", lambda name: None)
    document = parse(data, "a.pdf")
    assert document.text == " ".join(LEFT)
    (told,) = document.left_out
    assert told.page == 1
    assert told.reason.startswith("its fonts name no characters, and ")
    assert "install tesseract" in told.reason
    word = Run("Recognised.", 1, 60, 700, 120, 12)
    monkeypatch.setattr(
        recognise, "recognised", lambda page, number, budget: recognise.Reading([word], 0.9)
    )
    document = parse(data, "a.pdf")
    assert document.text.startswith("Recognised.")
    assert [one.page for one in document.recognised] == [1]


def test_a_page_of_which_some_lines_cannot_be_decoded_keeps_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(recognise.shutil, "which", lambda name: None)
    data = drawn_glyphs(
        "ABCDEFGHCI FBCJ HK BCLF KM ANDHB ANCFDE FBCJ ANDHB",
        "g",
        below=at(60, 400, "The museum is closed on Mondays."),
    )
    document = parse(data, "a.pdf")
    assert document.text.startswith("The museum is closed on Mondays.")
    assert [one.page for one in document.left_out] == [1]


def test_ligatures_and_marks_of_fonts_of_tex_are_letters_and_marks() -> None:
    said = cork(
        "La de\x1cnici\xf3n que Je\x1berson dio en la o\x1ccina, \xbeQu\xe9 in\x1duye en ello? The o\x1ece in town \x10closes\x11 at six."
    )
    assert (
        said
        == "La definición que Jefferson dio en la oficina, ¿Qué influye en ello? The office in town “closes” at six."
    )


def test_names_of_people_in_a_font_of_tex_are_no_gibberish() -> None:
    names = ("Je\x1berson Lobo Paz", "Ruby V\xe9lez Corrales", "Adriana Patricia Bulla", "Mauricio Rojas Henao", "Sandra Milena Toloza", "Carmen Ligia Mosquera")  # fmt: skip
    said = " ".join(cork("\n".join(names)).split())
    assert said == " ".join(("Jefferson Lobo Paz", *names[1:]))


def ligature_font(*names: str) -> str:
    return (
        f"<< /Type /Encoding /BaseEncoding /WinAnsiEncoding /Differences [1 {' '.join(names)}] >>"
    )


LIGATURES = ("/T_h", "/f_i", "/Th.liga", "/uni00540068", "/f_iacute", "/T#5Fh", "/g_17")
LIGATURE_FONT = "<< /Type /Font /Subtype /Type1 /BaseFont /Times-Italic /Encoding 7 0 R >>"


def test_ligatures_are_told_by_the_names_of_their_glyphs() -> None:
    drawn = at(60, 700, "\x01e of\x02cer. \x03ey fish. \x04us. Su\x05o. \x06at.", font="F9")
    data = pdf_of(drawn, extra=[LIGATURE_FONT, ligature_font(*LIGATURES)])
    data = data.replace(b"/F3 5 0 R >>", b"/F3 5 0 R /F9 6 0 R >>")
    assert parse(data, "a.pdf").text == "The officer. They fish. Thus. Sufío. That."


def test_names_of_glyphs_are_found_in_a_stream_of_objects() -> None:
    held = f"6 0 7 {len(LIGATURE_FONT) + 1} "
    stream = zlib.compress(f"{held}{LIGATURE_FONT} {ligature_font(*LIGATURES)}".encode())
    known = GlyphNames(
        b"9 0 obj << /Type /ObjStm /N 2 /First %d /Filter /FlateDecode >>\nstream\n%b\nendstream"
        % (len(held), stream)
    )
    assert known.meaning("Times-Italic", 1) == "Th"
    assert known.meaning("ABCDEF+Times-Italic", 1) == "Th"
    assert known.meaning("Times-Italic", 7) == known.meaning("Times-Roman", 1) == ""


def test_a_font_is_known_without_the_letters_that_tell_its_subset() -> None:
    font = LIGATURE_FONT.replace("/Times", "/QWERTY+Times").replace("7 0 R", ligature_font("/f_i"))
    known = GlyphNames(f"9 0 obj {font} endobj".encode())
    assert known.meaning("Times-Italic", 1) == known.meaning("QWERTY+Times-Italic", 1) == "fi"


def test_one_glyph_for_two_letters_that_the_file_calls_unknown_is_ti() -> None:
    # "A" and "Á" stand for them, as wide as "t" and "i" in the first font and wider in the second
    said = "2 beginbfchar <41> <FFFD> <C1> <FFFD> endbfchar"
    head = "begincmap 1 begincodespacerange <00> <ff> endcodespacerange"
    unicode = f"<< /Length {len(head) + len(said) + 10} >> stream\n{head}\n{said}\nendcmap\nendstream"  # fmt: skip
    fonts = []
    for width in (500, 800):
        widths = {"t": 278, "i": 222, "A": width, "Á": width}
        listed = " ".join(str(widths.get(chr(code), 556)) for code in range(32, 256))
        fonts.append(
            f"<< /Type /Font /Subtype /TrueType /BaseFont /Faro{width} /Encoding /WinAnsiEncoding /FirstChar 32 /LastChar 255 /Widths [{listed}] /ToUnicode 8 0 R >>"
        )
    drawn = at(60, 700, "El arÁculo Aene tinta of the tie and its informaAon", font="F8")
    drawn += at(60, 600, "Is it cerAn?", font="F9")
    data = pdf_of(drawn, extra=[*fonts, unicode])
    data = data.replace(b"/F3 5 0 R >>", b"/F3 5 0 R /F8 6 0 R /F9 7 0 R >>")
    assert parse(data, "a.pdf").text.split("\n\n") == [
        "El artículo tiene tinta of the tie and its information",
        "Is it cer\ufffdn?",
    ]


def test_control_characters_of_a_font_that_numbers_its_glyphs_are_no_ligatures() -> None:
    assert "fi" not in cork("La casa de abajo es una \x1c\x1b\x1d\x1c con \x1b\x1c\x1d y \x1b\x1e.")
    assert "fi" not in cork("The house is open from nine to six, and \x03\x1c is closed in May.")


def test_a_control_character_that_draws_nothing_is_a_space() -> None:
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding << /Differences [1 /space] >> /ToUnicode 7 0 R >>"
    said = "1 beginbfchar <01> <0001> endbfchar"
    head = "begincmap 1 begincodespacerange <00> <ff> endcodespacerange"
    length = len(head) + len(said) + 10
    unicode = f"<< /Length {length} >> stream\n{head}\n{said}\nendcmap\nendstream"
    data = pdf_of(at(60, 700, "Keys\x01of\x01the\x01boats", font="F9"), extra=[font, unicode])
    data = data.replace(b"/F3 5 0 R >>", b"/F3 5 0 R /F9 6 0 R >>")
    assert parse(data, "a.pdf").text == "Keys of the boats"


def test_an_initial_letter_belongs_to_its_word() -> None:
    drawn = (
        at(60, 680, "H", 36, "F3")
        + lines(90, 700, "abía una vez un faro sin farero en la punta de la isla,", "y nadie subía sus escalones desde el año de la riada.", font="F3")
        + at(60, 672, "La luz se encendía sola.", font="F3")
    )  # fmt: skip
    assert read(drawn).text.startswith(
        "Había una vez un faro sin farero en la punta de la isla, y nadie"
    )


@pytest.mark.parametrize(
    ("letter", "first", "second", "begins"),
    [
        ("A", "long time ago a keeper lived in the lighthouse", "and nobody climbed its stairs after the flood.", "A long time ago"),
        ("A", "long the river stand the houses of the fishermen", "and nobody lives in them after the flood.", "Along the river"),
        ("A", "small boat is moored at the end of the pier", "and nobody rows it after the flood.", "A small boat"),
        ("A", "nother boat is moored at the end of the pier", "and nobody rows it after the flood.", "Another boat"),
        ("A", "fter the flood the boat was moored at the pier", "and nobody rows it any more.", "After the flood"),
        ("A", "gainst the wind the boat was rowed to the pier", "and nobody rows it any more.", "Against the wind"),
        ("I", "was born in the house at the end of the pier", "and nobody lives in it any more.", "I was born"),
        ("I", "n the house at the end of the pier lived a keeper", "and nobody lives in it any more.", "In the house"),
        ("A", "la orilla del lago llegaron los barcos de la isla", "y nadie los vio desde el año de la riada.", "A la orilla"),
        ("A", "hora que el lago está bajo llegan los barcos a la isla", "y nadie los vio desde el año de la riada.", "Ahora que"),
        ("A", "finales de año llegaron los barcos a la isla", "y nadie los vio desde el día de la riada.", "A finales de"),
        ("Y", "la casa del faro se quedó vacía en el año de la riada", "y nadie vive en ella desde entonces.", "Y la casa"),
        ("Y", "a nadie vive en la casa del faro desde la riada", "que se llevó los barcos del lago.", "Ya nadie"),
    ],
)  # fmt: skip
def test_an_initial_letter_that_is_a_word_stands_apart(
    letter: str, first: str, second: str, begins: str
) -> None:
    beside = 60 + (14 if letter == "I" else 30)
    drawn = at(60, 680, letter, 36, "F3") + lines(beside, 700, first, second, font="F3")
    assert read(drawn).text.startswith(f"{begins} ")


def test_an_initial_letter_with_a_space_behind_it_stands_apart() -> None:
    drawn = (
        at(60, 680, "O", 36, "F3")
        + at(93, 700, "tra vez subió el agua hasta la puerta de la casa,", font="F3")
        + at(90, 686, "y nadie vive en ella desde entonces.", font="F3")
    )
    assert read(drawn).text.startswith("O tra vez")


@pytest.mark.parametrize("blank", [0, 20])
def test_an_initial_letter_is_a_word_where_the_file_has_a_space_behind_it(blank: float) -> None:
    """The space stands on the line that follows; that behind each paragraph of a word processor stands on the letter's own."""
    behind = at(90, 680, " ", 36, "F3") if blank else ""
    first = "tra vez subió el agua hasta la puerta de la casa,"
    drawn = (
        at(60, 680, "O", 36, "F3")
        + behind
        + at(90, 700, first if blank else f" {first}", font="F3")
        + at(92.75, 686, "y nadie vive en ella desde entonces.", font="F3")
    )
    assert read(drawn).text.startswith("Otra vez" if blank else "O tra vez")


def test_what_is_printed_twice_to_look_bold_is_said_once() -> None:
    text = "La cuota es de 45 euros. The fee is 45."
    assert (
        read(at(60, 700, text) + at(60.4, 700, text) + at(60, 660, "Se paga en enero.")).text
        == f"{text}\n\nSe paga en enero."
    )


@pytest.mark.parametrize(
    "text",
    [
        "El barco de Pago Pago cuesta 44 44 y zarpa solo los martes, martes.",
        "It had had the old sails mended, mended twice.",
    ],
)
def test_words_that_are_printed_upon_those_of_their_line_are_said_once(text: str) -> None:
    ((_, (line,)),) = lines_of(pdf_of(at(60, 700, text)), [1])
    places = line.edges
    starts = [0, *(n + 1 for n, char in enumerate(text) if char == " ")]
    words = "".join(
        at(round(places[2 * start] + aside, 2), 700, word)
        for aside in (0.4, 0.2)
        for start, word in zip(starts, text.split(), strict=True)
    )
    assert read(at(60, 700, text) + words).text == text


def test_a_ligature_that_is_wider_than_high_is_whole() -> None:
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /FirstChar 65 /LastChar 68 /Widths [778 1400 556 333] /ToUnicode 7 0 R >>"
    said = "4 beginbfchar <41> <004F> <42> <00660066> <43> <0065> <44> <0072> endbfchar"
    head = "begincmap 1 begincodespacerange <00> <ff> endcodespacerange"
    unicode = f"<< /Length {len(head) + len(said) + 10} >> stream\n{head}\n{said}\nendcmap\nendstream"  # fmt: skip
    data = pdf_of(at(60, 700, "ABCD", font="F9"), extra=[font, unicode])
    data = data.replace(b"/F3 5 0 R >>", b"/F3 5 0 R /F9 6 0 R >>")
    assert parse(data, "a.pdf").text == "Offer"


@pytest.mark.parametrize("aside", [0.0, 0.06])
def test_letters_on_the_cuts_of_a_page_drawn_in_strips_are_said_once(aside: float) -> None:
    text = "The office of the pier keeps all keys, y el farero llama a las llaves por su apellido."
    ((_, (line,)),) = lines_of(pdf_of(at(60, 700, text)), [1])
    cuts = [0, 5, 6, 20, 33, 34, 60, 75, len(text) - 1]
    strips = [text[a : b + 1] for a, b in itertools.pairwise([*cuts, len(text)])]
    page = "".join(
        at(round(line.edges[2 * cut] + aside * (n % 2), 3), y, strip)
        for n, (cut, strip) in enumerate(zip(cuts, strips, strict=True))
        for y in (700, 686)
    )
    assert read(page).text == f"{text} {text}"


def test_an_accent_that_is_a_glyph_of_its_own_stands_upon_its_letter() -> None:
    drawn = "BT /F1 11 Tf 1 0 0 1 60 700 Tm [(El camin) 0 (\xb4) 333 (on pesa tres to)] TJ (neladas.) Tj ET\n"
    assert read(drawn).text == "El camión pesa tres toneladas." or "ó" in read(drawn).text


def test_a_page_laid_on_its_side_is_read_along_its_lines() -> None:
    drawn = "".join(
        f"BT /F1 11 Tf 0 1 -1 0 {100 + 14 * n} 60 Tm ({text}) Tj ET\n"
        for n, text in enumerate(LEFT)
    )
    assert read(drawn).text == " ".join(LEFT)


@pytest.mark.parametrize(
    ("drawn", "hidden"),
    [
        ("BT 3 Tr /F1 11 Tf 1 0 0 1 60 650 Tm (La cuota es de 90 euros.) Tj ET\n", True),
        ("1 1 1 rg BT /F1 11 Tf 1 0 0 1 60 650 Tm (La cuota es de 90 euros.) Tj ET 0 g\n", True),
        ("1 g 0 0 595 842 re f BT /F1 11 Tf 1 0 0 1 60 650 Tm (La cuota es de 90 euros.) Tj ET 0 g\n", True),
        ("0 0 0.5 rg 50 640 300 30 re f 1 g BT /F1 11 Tf 1 0 0 1 60 650 Tm (La cuota es de 90 euros.) Tj ET 0 g\n", False),
        ("q 300 0 0 30 50 640 cm BI /W 1 /H 1 /BPC 8 /CS /G ID x EI Q BT 3 Tr /F1 11 Tf 1 0 0 1 60 650 Tm (La cuota es de 90 euros.) Tj 0 Tr ET\n", False),
        ("0.9 g BT /F1 11 Tf 1 0 0 1 60 650 Tm (La cuota es de 90 euros.) Tj ET 0 g\n", False),
    ],
    ids=["no ink", "white", "white on a white box", "white on blue", "over a picture", "light grey"],
)  # fmt: skip
def test_text_that_nobody_sees_is_left_out_and_listed(drawn: str, hidden: bool) -> None:
    document = read(at(60, 700, "La cuota es de 45 euros. The fee is 45.") + drawn)
    said = "La cuota es de 90 euros."
    assert (said in document.text) is not hidden
    left_out = [(said, 1, "hidden")] if hidden else []
    assert [(one.text, one.page, one.reason) for one in document.left_out] == left_out


def test_white_names_of_rows_on_the_dark_ground_of_a_form_are_text() -> None:
    ground = "0 0.3 0.7 rg 0 0 100 120 re f"
    form = f"<< /Type /XObject /Subtype /Form /BBox [0 0 100 120] /Matrix [1 0 0 1 50 620] /Length {len(ground)} >> stream\n{ground}\nendstream"
    names = ("Contact", "Fee", "Contact", "Place", "Contact", "Email")
    said = ("Ana Lobo, oars", "12 euros", "Leo Paz, sails", "Lower pier", "Eva Gil, keys", "by post")  # fmt: skip
    page = "/X Do 1 g\n" + lines(60, 720, *names, step=18) + "0 g\n" + lines(200, 720, *said, step=18)  # fmt: skip
    data = pdf_of(page + lines(60, 560, *LEFT), extra=[form])
    document = parse(
        data.replace(b"/F3 5 0 R >> >>", b"/F3 5 0 R >> /XObject << /X 6 0 R >> >>"), "a.pdf"
    )
    assert document.text.count("Contact") == 3
    assert document.left_out == ()


@pytest.mark.parametrize("below", ["1 g", "0.8 g"], ids=["white halo", "pale shadow"])
@pytest.mark.parametrize("last", [False, True], ids=["drawn first", "drawn last"])
def test_words_with_a_halo_or_a_shadow_are_read_once(below: str, last: bool) -> None:
    said, off = "The ferry costs 12 euros.", 0.0 if below == "1 g" else 1.5
    halo, words = f"q {below} {at(60 + off, 650 - off, said, 20)} Q\n", at(60, 650, said, 20)
    page = lines(60, 720, *LEFT) + (words + halo if last else halo + words)
    document = read(page, page.replace("12 euros", "15 euros"))
    assert document.text.count("The ferry costs 12 euros.") == 1
    assert document.text.count("The ferry costs 15 euros.") == 1
    assert not [one for one in document.left_out if one.reason == "hidden"]


def test_a_watermark_and_line_numbers_are_left_out_and_listed() -> None:
    mark = "q 0.8 g BT /F2 60 Tf 0.7071 0.7071 -0.7071 0.7071 150 300 Tm (BORRADOR) Tj ET Q\n"
    numbers = lines(36, 700, *map(str, range(1, 5)), size=8)
    document = read(mark + numbers + lines(60, 700, *LEFT))
    assert document.text == " ".join(LEFT)
    assert set(document.left_out) == {
        LeftOut("BORRADOR", 1, "watermark"),
        LeftOut("1–4", 1, "line numbers"),
    }


MINUTES = (
    "The witness said that she had worked at the mill for fourteen years and",
    "had never seen the gate locked. El capataz guardaba las llaves del almacén",
    "en una caja de hojalata, y la multa por dejar la puerta abierta era de dos",
    "guineas, which was taken from the wages of the man on duty. The engine came",
    "late, and the whole stock of cloth was lost. Nadie resultó herido aquella",
    "noche, pero el molino cerró.",
)


@pytest.mark.parametrize("x", [40, 520])
@pytest.mark.parametrize("first", [1, 9, 98])
def test_numbers_in_the_letters_of_the_text_count_the_lines_of_prose_and_no_items(
    first: int, x: float
) -> None:
    def numbered(*texts: str) -> Document:
        counted = lines(x, 700, *(str(first + n) for n in range(len(texts))))
        return read(at(75, 740, "Acta", 16, "F2") + counted + lines(75, 700, *texts))

    document = numbered(*MINUTES)
    assert document.text == f"Acta\n\n{' '.join(MINUTES)}"
    assert document.left_out == (LeftOut(f"{first}–{first + 5}", 1, "line numbers"),)
    steps = numbered("batir los huevos", "pour the milk in slowly", "mezclar", "añadir la sal", "bake", "servir")  # fmt: skip
    assert str(first + 2) in steps.text


def test_every_fifth_line_may_have_a_small_number_and_a_last_page_few() -> None:
    def page(first: int, *texts: str) -> str:
        counted = "".join(
            at(500, 700 - 14 * n, str(first + n), 7)
            for n in range(len(texts))
            if (first + n) % 5 == 0
        )
        return lines(60, 700, *texts) + counted

    document = read(page(1, *MINUTES, *MINUTES), page(13, *MINUTES[:4]))
    bare = read(lines(60, 700, *MINUTES, *MINUTES), lines(60, 700, *MINUTES[:4]))
    assert document.text == bare.text
    assert [one.text for one in document.left_out] == ["5–10", "15"]
    prices = lines(60, 700, "Tea", "Café", "Leche", "Bread", "Miel", "Zumo")
    assert "5" in read(prices + at(200, 700, "5", 8) + at(200, 658, "10", 8)).text


@pytest.mark.parametrize(("beside", "size", "first"), [(540, 6, 9), (306, 6, 1), (306, 6, 9)])
def test_each_of_two_columns_may_have_numbers_of_its_lines(
    beside: float, size: float, first: int
) -> None:
    drawn = "".join(
        at(44, 700 - 14 * n, str(1 + n), size)
        + at(60, 700 - 14 * n, left)
        + at(beside, 700 - 14 * n, str(first + n), size)
        + at(320, 700 - 14 * n, right)
        for n, (left, right) in enumerate(zip((*LEFT, *RIGHT), (*RIGHT, *LEFT), strict=True))
    )
    document = read(drawn)
    assert " ".join(document.text.split()) == " ".join((*LEFT, *RIGHT, *RIGHT, *LEFT))
    assert [one.text for one in document.left_out] == ["1–8", f"{first}–{first + 7}"]


@pytest.mark.parametrize("word", ["MUESTRA", "SAMPLE"])
def test_large_words_with_the_text_printed_across_them_are_a_watermark(word: str) -> None:
    mark = f"q 0.9 g BT /F2 60 Tf 1 0 0 1 60 662 Tm ({word}) Tj ET Q\n"
    document = read(mark + lines(60, 700, *LEFT, *LEFT))
    assert document.text == " ".join([*LEFT, *LEFT])
    assert document.left_out == (LeftOut(word, 1, "watermark"),)
    cover = read(at(60, 700, word, 60, "F2") + lines(60, 640, *LEFT)).text
    assert cover.startswith(word)


def test_small_numbers_right_of_the_lines_count_them_too_and_numbers_of_items_do_not() -> None:
    counted = lines(500, 700, *map(str, range(1, 5)), size=8)
    document = read(lines(60, 700, *LEFT) + counted)
    assert document.text == " ".join(LEFT)
    assert document.left_out == (LeftOut("1–4", 1, "line numbers"),)
    steps = at(60, 740, "Pasos", 16, "F2") + lines(40, 700, *map(str, range(1, 5)))
    left_out = read(steps + lines(60, 700, *LEFT)).left_out
    assert "line numbers" not in [one.reason for one in left_out]


@pytest.mark.parametrize(
    ("material", "said"), [("adobe", "CASAS DE ADOBE"), ("piedra", "CASAS DE ADO-BE")]
)
def test_a_word_divided_in_capitals_is_whole_where_the_text_has_it(
    material: str, said: str
) -> None:
    head = at(60, 760, "CASAS DE ADO-", 16, "F2") + at(60, 742, "BE", 16, "F2")
    text = read(head + lines(60, 700, f"Son de {material} las casas.")).text
    assert text.startswith(f"{said}\n")


def test_two_notes_to_a_word_are_raised_together() -> None:
    drawn = "BT /F1 11 Tf 1 0 0 1 60 700 Tm (See rule 12) Tj /F1 7 Tf 5 Ts (1,2) Tj 0 Ts /F1 11 Tf ( y la norma.) Tj ET\n"
    assert read(drawn).text == "See rule 12¹,² y la norma."


def test_no_line_goes_because_another_stands_in_its_place_on_other_pages() -> None:
    def prose(first: str, n: int) -> str:
        return lines(
            60,
            780,
            first,
            *(
                f"Paragraph {k} of part {n} tells what the mason did in week {n * k + 3}."
                for k in range(40)
            ),
        )

    def table(n: int) -> str:
        return lines(
            60,
            780,
            "Fecha        Concepto        Importe",
            *(f"{d:02}/0{n}/2021   Cal y arena   {n}{d},00" for d in range(1, 40)),
        )

    document = read(
        prose("La obra costó nueve mil euros.", 1), prose("Its builder was called Ann Lobo.", 2),
        table(3), table(4), table(5), prose("El tejado se hizo con pizarra.", 6),
    )  # fmt: skip
    for said in ("nueve mil euros", "Ann Lobo", "pizarra"):
        assert said in document.text
    assert document.text.count("Importe") == 3
    assert document.left_out == ()


def test_running_heads_are_said_once_and_what_is_left_out_is_listed() -> None:
    def page(n: int) -> str:
        return at(60, 815, "Vecinos de la Ribera, tel. 900 123 456", 9) + lines(60, 760, f"Punto {n}. Hablan {n + 2} personas.") + at(280, 30, f"Página {n} de 4", 9)  # fmt: skip

    document = read(*(page(n) for n in range(1, 5)))
    assert document.text.count("900 123 456") == 1
    assert "Página" not in document.text
    reasons = {(one.page, one.reason) for one in document.left_out}
    assert reasons == {(n, "page number") for n in range(1, 5)} | {
        (n, "repeated at the edge of pages") for n in range(2, 5)
    }


@pytest.mark.parametrize(
    ("head", "greeting", "begun", "ended", "then"),
    [
        (
            "Colegio La Encina",
            "Estimada señora {name}:",
            "le concedemos la ayuda de {n} euros, que se ingresará en su cuenta",
            "bancaria antes de que acabe el mes.",
            "Pase por la secretaría el día {n}.",
        ),
        (
            "Borough of Elmstead",
            "Dear Ms {name},",
            "your fine of {n} dollars is waived, and you will be paid within three",
            "weeks.",
            "Come to the town hall at {n} o'clock.",
        ),
    ],
)
@pytest.mark.parametrize("greeted", [True, False])
def test_letters_of_one_text_have_whole_sentences_on_each_page(
    head: str, greeting: str, begun: str, ended: str, then: str, greeted: bool
) -> None:
    def page(n: int, name: str) -> str:
        own = {"name": name, "n": n}
        y = 740 if greeted else 776
        first = at(60, 740, greeting.format(**own)) if greeted else ""
        return at(60, 790, head, 9) + first + lines(60, y - 20, begun.format(**own), ended) + lines(60, y - 64, then.format(**own), then.format(**own))  # fmt: skip

    document = read(page(40, "Toro"), page(95, "Núñez"), page(210, "Dow"), page(75, "Gil"))
    assert document.text.count(f"{begun.split()[-1]} {ended}") == 4
    assert document.text.count(head) == 1


@pytest.mark.parametrize(
    ("names", "price"),
    [
        (("Mochila Teide", "Saco Urbión", "Linterna Peña"), "Precio: 49 euros"),
        (("Harwick branch", "Selby branch"), "Open Monday to Friday, 9 to 5"),
    ],
)
def test_sheets_that_are_laid_out_alike_say_what_is_the_same_below_their_titles(
    names: tuple[str, ...], price: str
) -> None:
    body = ("The {name} of page {n} has a ramp at the side door", "y se cuelga en el gancho {n}.")
    pages = [
        at(60, 815, "Anuario 2024", 8)
        + at(60, 780, name, 16, "F2")
        + at(60, 750, price)
        + lines(60, 700, *(line.format(name=name, n=n) for line in body * 3))
        for n, name in enumerate(names, 5)
    ]
    document = read(*pages)
    assert document.text.count(price) == len(names)
    assert {one.text for one in document.left_out} == {"Anuario 2024"}


@pytest.mark.parametrize(
    ("firsts", "xs", "repeated"),
    [
        ((("pintan", "los", "socios"), ("todos", "los", "botes")), (60, 110, 140), "los socios"),
        ((("sell", "their", "oars"), ("mend", "their", "sails")), (60, 100, 140), "their oars"),
        ((("3.", "La red se seca al sol."), ("3.", "El ancla se guarda.")), (60, 85), "3. La red"),
    ],
)
def test_words_and_numbers_within_a_line_are_no_running_heads(
    firsts: tuple[tuple[str, ...], ...], xs: tuple[int, ...], repeated: str
) -> None:
    def page(n: int, words: tuple[str, ...]) -> str:
        first = "".join(at(x, 780, word) for x, word in zip(xs, words, strict=True))
        return first + lines(60, 740, *(f"{LONG} {n}{k}." for k in range(9)))

    document = read(*(page(n, words) for n, words in enumerate(firsts)))
    assert document.left_out == ()
    assert repeated in " ".join(document.text.split())


@pytest.mark.parametrize("size", [11, 14])
def test_roman_numbers_of_pages_may_be_in_capitals(size: int) -> None:
    pages = [
        lines(60, 760, *[f"{LONG} {number}"] * 20) + at(290, 40, number, size, "F2")
        for number in ("II", "III", "IV", "V")
    ]
    document = read(*pages)
    assert [(one.text, one.reason) for one in document.left_out] == [
        (number, "page number") for number in ("II", "III", "IV", "V")
    ]


def test_headings_that_count_with_the_pages_are_no_page_numbers() -> None:
    pages = [
        at(60, 790, f"Cuestionario {n}", 16, "F2")
        + lines(60, 740, f"¿Cuántas horas duerme en la noche {n + 3}?", f"Name a town with {n + 6} bridges.")
        for n in (1, 2, 3)
    ]  # fmt: skip
    text = read(*pages).text
    assert [f"Cuestionario {n}" in text for n in (1, 2, 3)] == [True] * 3


@pytest.mark.parametrize(
    ("last", "first", "whole"),
    [
        (
            "La puerta del garaje se cierra a las once de la",
            "noche salvo los viernes.",
            "once de la noche salvo",
        ),
        (
            "The lift of the back stairs is looked after by the",
            "Harrow Company of Leeds.",
            "after by the Harrow Company",
        ),
    ],
)
def test_a_sentence_goes_on_past_a_note_and_overleaf(last: str, first: str, whole: str) -> None:
    body = lines(
        60,
        700,
        "Una frase sin más que se lee en la hoja y otra que la sigue.",
        "Another line of the body, to make the page look like one.",
    )
    document = read(
        body + at(60, 640, last) + at(60, 60, "1 Nota al pie, note at the foot.", 8),
        at(60, 780, first)
        + lines(60, 740, "Aquí empieza otra cosa distinta.", "Here begins another thing."),
    )
    assert whole in document.text
    assert document.page_at(document.text.index("Nota al pie")) == 1
    assert document.page_at(document.text.index(first)) == 2
    assert any(
        b.kind == "footnote" and "Nota" in document.text[b.start : b.end] for b in document.blocks
    )


def test_sums_below_a_table_are_rows_of_their_own() -> None:
    table = (
        ("Concepto", "Uds.", "Precio", "Importe"),
        ("Mesa de pino", "2", "31,00", "62,00"),
        ("Portes", "1", "9,00", "9,00"),
    )
    places = (60, 300, 370, 460)
    drawn = "".join(
        at(x, 700 - 16 * n, cell)
        for n, row in enumerate(table)
        for x, cell in zip(places, row, strict=True)
    )
    sums = at(370, 640, "Total") + at(460, 640, "71,00")
    assert [text for _, text in rows(read(drawn + sums))] == [
        *(" | ".join(row) for row in table),
        "Total | 71,00",
    ]


def test_a_table_of_contents_is_marked_as_one() -> None:
    index = (
        "1. Plazo de la devolución .................... 4",
        "2. Fines for late books ............ 6",
        "3. Pérdidas .................. 7",
    )
    document = read(
        at(60, 740, "Índice", 16, "F2") + lines(60, 700, *index),
        lines(60, 700, "Se devuelve antes de un mes."),
    )
    kinds = [b.kind for b in document.blocks if "...." in document.text[b.start : b.end]]
    assert kinds == ["contents"] * 3


@pytest.mark.parametrize("title", ["Índice alfabético", "Alphabetical index"])
def test_the_lines_of_an_index_at_the_end_are_contents(title: str) -> None:
    index = ("Archivo, horario del, 5", "Comedores, 4", "Fines for late books, 7")
    document = read(at(60, 740, title, 16, "F2") + lines(60, 700, *index))
    assert [b.kind for b in document.blocks] == ["heading", *["contents"] * 3]


def test_what_is_typed_into_a_form_or_upon_a_page_is_text() -> None:
    field = "<< /Type /Annot /Subtype /Widget /FT /Tx /T (nombre) /V (Marta Núñez) /Rect [140 695 300 712] /F 4 /DA (/Helv 11 Tf 0 g) >>"
    box = "<< /Type /Annot /Subtype /FreeText /Contents (Moved to 12 May.) /Rect [60 640 360 660] /DA (/Helv 11 Tf 0 g) /F 4 >>"
    hidden = "<< /Type /Annot /Subtype /FreeText /Contents (never shown) /Rect [60 540 360 560] /DA (/Helv 11 Tf 0 g) /F 2 >>"
    text = read(
        at(60, 700, "Inquilina:") + at(60, 600, "Se paga el día uno."),
        extra=[field, box, hidden], of_page="/Annots [6 0 R 7 0 R 8 0 R]",
        of_file="/AcroForm << /Fields [6 0 R] /DA (/Helv 11 Tf 0 g) >>",
    ).text  # fmt: skip
    assert "Inquilina: Marta Núñez" in text
    assert "Moved to 12 May." in text
    assert "never shown" not in text


@pytest.mark.parametrize(
    ("own", "title"),
    [
        ("A27109-27123", "Ordenanza de ruidos"),
        ("untitled", "Ordenanza de ruidos"),
        ("AMBIENTE", "Ordenanza de ruidos"),
        ("Microsoft Word - borrador3.doc", "Ordenanza de ruidos"),
        ("Ruidos: ordenanza de la villa", "Ruidos: ordenanza de la villa"),
    ],
)
def test_the_title_is_that_of_the_document_and_not_of_its_producer(own: str, title: str) -> None:
    drawn = at(60, 760, "Ordenanza de ruidos", 18, "F2") + lines(
        60, 700, "La villa calla de noche. Nobody shouts in the street.", "De día se habla."
    )
    assert read(drawn, title=own).title == title


def test_a_heading_in_capitals_stands_apart_from_the_sentence_behind_it() -> None:
    drawn = at(60, 790, "USE OF THE BOATS", font="F2") + lines(60, 770, LONG, LONG)
    drawn += at(60, 730, "NORMAS DEL MUELLE", font="F2") + lines(60, 710, LONG, LONG)
    drawn += at(60, 660, "RULES OF THE HOUSE Guests are to") + lines(72, 646, "• close the door", "• leave the oars here")  # fmt: skip
    drawn += at(60, 600, "HORARIO DE VERANO Las barcas salen a las nueve y vuelven a las ocho.")
    document = read(drawn)
    assert [head.text for head in document.headings] == ["USE OF THE BOATS", "NORMAS DEL MUELLE", "RULES OF THE HOUSE", "HORARIO DE VERANO"]  # fmt: skip
    assert "RULES OF THE HOUSE\n\nGuests are to" in document.text
    alone = read(lines(60, 780, "LA CASA DEL FARO Los guardas viven en ella desde mayo.", LONG))
    assert alone.text.startswith("LA CASA DEL FARO Los guardas viven")


def test_a_time_that_stands_beside_the_lines_of_a_talk_is_in_a_row_with_it() -> None:
    talks = (
        ("9:00 am - 9:40 am", ("Las barcas de Soria", "y sus velas"), "Ana Lobo, patrona", -7),
        ("9:40 am - 10:30 am", ("How the lamp is lit",), "Leo Paz", 0),
        ("10:30 am - 11:00 am", ("Café",), "", -5),
        ("11:00 am - 11:50 am", ("Knots for beginners, with", "a rope for everyone"), "Rosa Gil", -20),
        ("11:50 am", ("Cierre en el muelle",), "Una barca para cada cual", -9),
    )  # fmt: skip
    drawn, y = at(60, 780, "Jornada del lago", 18, "F2"), 740
    for time, talk, speaker, beside in talks:
        drawn += at(60, y + beside, time) + lines(220, y, *talk, font="F2")
        y -= 14 * len(talk)
        drawn += at(224, y - 4, speaker) if speaker else ""
        y -= 36
    assert [said for _, said in rows(read(drawn))] == [
        f"{time} | {' '.join(filter(None, (*talk, speaker)))}" for time, talk, speaker, _ in talks
    ]


def test_a_stamp_in_large_letters_is_no_title() -> None:
    drawn = at(250, 790, "DRAFT", 30) + at(60, 740, "Normas de las barcas", 16, "F2")
    assert read(drawn + lines(60, 700, LONG, LONG)).title == "Normas de las barcas"


def test_a_short_bold_line_is_a_heading() -> None:
    drawn = "".join(
        at(60, y, head, 11, "F2") + lines(60, y - 20, "Se cuenta con todo detalle lo que pasa en la casa, que es grande.", "And then it is told once more in other words than before.")
        for y, head in ((760, "Uso de la terraza"), (680, "Keys and locks"))
    )  # fmt: skip
    assert [h.text for h in read(drawn).headings] == ["Uso de la terraza", "Keys and locks"]


@pytest.mark.parametrize("bold", [True, False])
def test_a_font_whose_name_is_a_number_says_itself_whether_it_is_bold(
    bold: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pypdfium2.raw as pdfium

    head = bytes(44) + bold.to_bytes(2) + bytes(8)
    tables = b"".join(
        name + bytes(4) + (44).to_bytes(4) + len(head).to_bytes(4) for name in (b"cmap", b"head")
    )
    file = b"\0\1\0\0" + (2).to_bytes(2) + bytes(6) + tables + head

    def data(_font: object, buffer: Any, length: int, size: Any) -> int:
        size._obj.value = len(file)
        if length:
            buffer[:] = file
        return 1

    monkeypatch.setattr(pdfium, "FPDFFont_GetFontData", data)
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /CIDFont+F2 /Encoding /WinAnsiEncoding >>"
    page = at(60, 760, "Keys of the boats", font="F9") + lines(60, 740, LONG, LONG)
    file_of_page = pdf_of(page, extra=[font]).replace(b"/F3 5 0 R >>", b"/F3 5 0 R /F9 6 0 R >>")
    headings = [heading.text for heading in parse(file_of_page, "a.pdf").headings]
    assert headings == (["Keys of the boats"] if bold else [])


@pytest.mark.parametrize(
    ("title", "verses"),
    [
        (
            "Rowers' Pledge",
            ("I row with my crew,", "in wind or in rain,", "I mend what I break,", "and lend my oar again"),
        ),
        (
            "Promesa del remero",
            ("Remo con los míos,", "cuido de la barca,", "digo lo que pienso", "y cumplo lo que digo.", "¡Siempre a flote!"),
        ),
    ],
)  # fmt: skip
def test_verses_in_large_letters_are_text_below_their_heading(
    title: str, verses: tuple[str, ...]
) -> None:
    document = read(
        lines(60, 780, *[LONG] * 6)
        + at(200, 620, title, 24)
        + lines(200, 590, *verses, size=18, step=20)
    )
    assert [one.text for one in document.headings] == [title]
    assert " ".join(verses) in document.text


def test_a_large_title_of_several_lines_is_no_verse() -> None:
    title = ("Reglamento del puerto,", "aprobado en junta", "y dado a conocer", "a los socios")
    document = read(lines(60, 780, *title, size=18, step=20) + lines(60, 640, *[LONG] * 6))
    assert [one.text for one in document.headings] == [" ".join(title)]


@pytest.mark.parametrize(
    ("item", "title"),
    [
        ("Bring the oars and the key that you were given back to the warden of the boathouse", "WHEN YOU COME BACK"),
        ("Traiga los remos y la llave que le dieron al guarda que está en la caseta del muelle", "AL VOLVER DEL PASEO"),
    ],
)  # fmt: skip
def test_a_title_in_capitals_left_of_the_bullets_ends_the_item_that_fills_its_line(
    item: str, title: str
) -> None:
    page = lines(72, 760, f"• {LONG}", f"• {item}") + at(60, 732, title)
    document = read(page + lines(72, 718, f"• {LONG}", f"• {LONG}"))
    assert [one.text for one in document.headings] == [title]
    assert [b.kind for b in document.blocks].count("item") == 4


@pytest.mark.parametrize(
    ("asked", "scale", "below"),
    [
        ("How often do you row?", ("0 - Never", "1 - In summer", "2 - Each week"), ("Place", "How often")),
        ("¿Con qué frecuencia rema?", ("1 = Nunca", "2 = En verano", "3 = Cada semana"), ("Lugar", "Frecuencia")),
    ],
)  # fmt: skip
def test_a_scale_is_one_line_and_no_heading_though_its_steps_stand_apart(
    asked: str, scale: tuple[str, ...], below: tuple[str, ...]
) -> None:
    steps = "".join(at(x, 560, step, 16) for x, step in zip((80, 230, 400), scale, strict=True))
    names = "".join(at(x, 500, name, 11, "F2") for x, name in zip((20, 370), below, strict=True))
    places = lines(20, 480, "On the lake", "On the river", "En el mar")
    document = read(lines(60, 780, *[LONG] * 9) + at(60, 590, asked) + steps + names + places)
    said = " ".join(scale)
    assert said in document.text
    assert not any(step in one.text for one in document.headings for step in scale)


def test_a_part_of_a_page_without_a_run_has_no_rows() -> None:
    assert set_in_rows([]) == []


def test_steps_of_a_scale_over_cells_name_their_columns() -> None:
    names = ("1 - Nunca", "2 - A veces", "3 - Siempre")
    page = "".join(
        at(x, y, text)
        for y, row in ((700, names), (680, ("doce", "ocho", "seis")), (660, ("uno", "dos", "tres")))
        for x, text in zip((60, 200, 340), row, strict=True)
    )
    assert [cells for _, cells in rows(read(page))][0] == " | ".join(names)


def test_a_degree_sign_among_ordinals_counts_items_and_is_located() -> None:
    dates = ("3º regata Muros: 16 de abril", "4° regata S. Lobo: 21 de mayo", "5º regata Noia: 2 de junio")  # fmt: skip
    data = pdf_of(lines(60, 700, "Hay tres regatas:", *dates))
    document = parse(data, "a.pdf")
    assert [b.kind for b in document.blocks].count("item") == 3
    start = document.text.index("4º regata")
    assert locate(data, document, (start, start + 20))[0].page == 1


@pytest.mark.parametrize(
    "labels",
    [
        (
            ("Socio:", "Carné:"),
            ("Teléfono:", "Otro:"),
            ("Barca:",),
            ("Amarre:", "Desde:"),
            ("Vela:", "Remo:"),
        ),
        (
            ("Member:", "Card:"),
            ("Phone:", "Mobile:"),
            ("Boat:",),
            ("Berth:", "Since:"),
            ("Sail:", "Oar:"),
        ),
    ],
)
def test_labels_over_lines_to_write_on_are_rows_though_some_have_no_line(
    labels: tuple[tuple[str, ...], ...],
) -> None:
    page = ""
    for n, (row, blank) in enumerate(zip(labels, (110, 300, 110, 110, 110), strict=True)):
        y = 700 - 22 * n
        page += "".join(at(x, y, label) for x, label in zip((60, 400), row, strict=False))
        page += f"{blank} {y - 1} m 390 {y - 1} l S\n"
    found = [cells.split(" | ") for _, cells in rows(read(page))]
    assert [[cell for cell in row if cell] for row in found] == [list(row) for row in labels]


def test_what_stands_centred_below_the_number_of_a_chapter_names_it() -> None:
    drawn = at(60, 800, "Reglamento del club de remo", 16, "F2")
    for y, number, name in ((760, "CAPÍTULO I", "Horario de verano"), (660, "CHAPTER II", "Boats and oars too")):  # fmt: skip
        drawn += at(276, y, number) + at(262, y - 14, name) + lines(60, y - 40, LONG, LONG)
    drawn += at(60, 560, "CAPÍTULO III") + at(60, 546, "Rema quien sabe nadar") + at(60, 532, LONG)
    assert [head.text for head in read(drawn).headings] == ["Reglamento del club de remo", "CAPÍTULO I", "Horario de verano", "CHAPTER II", "Boats and oars too", "CAPÍTULO III"]  # fmt: skip


def test_a_line_that_begins_where_items_do_is_none_of_an_item_where_these_go_on_further_in() -> (
    None
):
    drawn, y = "", 790
    for n in range(8):
        drawn += at(60, y, f"• Boat {n} is moored at the far end of the pier by the lamp, and the oars of it are") + at(72, y - 14, "kept in the shed.")  # fmt: skip
        y -= 28
    drawn += at(60, y, "• Llama al farero. Teléfono 600") + at(60, y - 14, "A wet rope is slippery by night.")  # fmt: skip
    document = read(drawn + at(60, y - 28, "• Tie it up."))
    assert items_of(document)[-2:] == ["• Llama al farero. Teléfono 600", "• Tie it up."]
    assert "\n\nA wet rope is slippery by night." in document.text


def test_a_bold_line_that_warns_is_a_heading() -> None:
    said = "If you pay the harbour dues at the counter then you have a key to the boat house!"
    warned = ("PELIGRO – Cuerda bajo tensión", "CAUTION – Hot lamp!", "Muelle resbaladizo!")
    drawn = "".join(
        at(60, 760 - 90 * n, head, font="F2") + lines(60, 740 - 90 * n, LONG, LONG)
        for n, head in enumerate((*warned, said))
    )
    assert [head.text for head in read(drawn).headings] == [*warned]


def test_a_bold_title_goes_on_in_small_letters_behind_what_is_shortened_in_brackets() -> None:
    drawn = lines(60, 760, LONG, LONG) + at(60, 700, "4.2 Number of the boat (B-No.)", font="F2")
    drawn += at(84, 686, "and of its oars", font="F2") + lines(60, 660, LONG, LONG)
    assert [head.text for head in read(drawn).headings] == [
        "4.2 Number of the boat (B-No.) and of its oars"
    ]


# places ------------------------------------------------------------------------------------------


def test_locate_gives_the_rectangles_of_a_quote_line_by_line() -> None:
    data = pdf_of(
        at(60, 760, "Hoja del barrio", 18, "F2") + lines(60, 700, *LEFT) + lines(320, 700, *RIGHT)
    )
    document = parse(data, "a.pdf")
    start = document.text.index("bell has")
    (place,) = locate(data, document, (start, start + len("bell has to be brought")))
    assert place.page == 1
    assert len(place.rectangles) == 2
    (left, low, right, high), second = place.rectangles
    assert 320 < left < right < 480
    assert low < 686 < high < 700
    assert second[0] == pytest.approx(320, abs=2)
    assert second[1] < 672 < second[3]


def test_locate_finds_every_word_of_a_document_in_its_place() -> None:
    data = (DATA / "informe.pdf").read_bytes()
    document = parse(data, "informe.pdf")
    for n, start in enumerate(range(0, len(document.text) - 30, 97)):
        span = (start, start + 30)
        places = locate(data, document, span)
        assert {place.page for place in places} <= {
            document.page_at(start),
            document.page_at(start + 29),
        }
        assert places, document.text[slice(*span)]
        for left, low, right, high in itertools.chain(*(place.rectangles for place in places)):
            assert 0 < left < right < 595, n
            assert 0 < low < high < 842, n


def test_locate_gives_nothing_for_a_document_without_pages() -> None:
    data = "El año.".encode()
    assert locate(data, parse(data, "a.txt"), (0, 2)) == ()


def test_locate_refuses_a_span_outside_the_text() -> None:
    data = pdf_of(at(60, 700, "El año."))
    with pytest.raises(ValueError, match=r"the span is \(3, 99\)"):
        locate(data, parse(data, "a.pdf"), (3, 99))


# pictures ----------------------------------------------------------------------------------------


def picture_of(data: bytes) -> bytes:
    """A PDF whose only page is a picture of the first page of another."""
    import pypdfium2

    pdf = pypdfium2.PdfDocument(data)
    gray = pdf[0].render(scale=3, grayscale=True).to_numpy()
    pdf.close()
    height, width = gray.shape[:2]
    stream = gray.tobytes().hex()
    image = (
        f"<< /Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceGray /BitsPerComponent 8"
        f" /Filter /ASCIIHexDecode /Length {len(stream) + 1} >> stream\n{stream}>\nendstream"
    )
    page = "q 595 0 0 842 0 0 cm /Im Do Q\n"
    return pdf_of(page, extra=[image]).replace(
        b"/F3 5 0 R >> >>", b"/F3 5 0 R >> /XObject << /Im 6 0 R >> >>"
    )


def test_a_scan_without_an_engine_says_how_to_install_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognise.shutil, "which", lambda name: None)
    with pytest.raises(
        UnreadableDocumentError, match=r"no text layer.*apt install tesseract-ocr tesseract-ocr-spa"
    ):
        parse(picture_of(pdf_of(at(60, 700, "Nada que leer."))), "a.pdf")


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")
def test_a_page_that_is_a_picture_is_read_and_marked() -> None:
    data = picture_of(
        pdf_of(
            lines(
                60,
                700,
                "El archivo abre los martes a las diez.",
                "The archive keeps maps of the harbour.",
                size=14,
                step=20,
            )
        )
    )
    document = parse(data, "a.pdf")
    assert "El archivo abre los martes a las diez." in document.text
    assert "maps of the harbour" in document.text
    [page] = document.recognised
    assert page.page == 1
    assert 0.8 < page.confidence <= 1
    assert document.ocr_confidence_at(len(document.text) - 1) == page.confidence
    start = document.text.index("archive keeps")
    (place,) = locate(data, document, (start, start + len("archive keeps")))
    assert place.rectangles[0][1] < 684 < place.rectangles[0][3]


def test_a_bullet_of_a_font_of_symbols_begins_an_item() -> None:
    text = read(lines(60, 700, "Se pide:", "· un carné", "· una foto")).text
    assert text == "Se pide:\n· un carné\n· una foto"


def test_two_lines_set_wide_are_no_table() -> None:
    drawn = "".join(
        at(60, y, a) + at(185, y, b)
        for y, a, b in ((700, "de educación, cultura y", "deporte que conlleva el"), (686, "reconocimiento público", "of the two schools of it"))
    )  # fmt: skip
    assert (
        rows(
            read(at(60, 714, "La casa recibe el premio que concede cada año el ministerio") + drawn)
        )
        == []
    )


def test_a_page_that_is_a_picture_is_told_and_the_others_are_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(recognise.shutil, "which", lambda name: None)
    image = "<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 /Length 1 >> stream\n0\nendstream"
    data = pdf_of(
        at(60, 700, "El archivo abre los martes."), "q 595 0 0 842 0 0 cm /Im Do Q\n", extra=[image]
    )
    document = parse(
        data.replace(b"/F3 5 0 R >> >>", b"/F3 5 0 R >> /XObject << /Im 6 0 R >> >>"), "a.pdf"
    )
    assert document.text == "El archivo abre los martes."
    (told,) = document.left_out
    assert told.page == 2
    assert "install tesseract" in told.reason


def test_no_word_is_lost_or_added_wherever_the_pieces_of_a_page_stand() -> None:
    chosen = ("casa", "el", "de", "12", "3,50", "–", "1.", "a)", "Total:", "the", "¿Qué?", "ñandú")
    for seed in range(200):
        rng = random.Random(seed)
        runs = []
        for n, x in itertools.product(
            range(rng.randrange(1, 30)),
            rng.choice([[60], [60, 320], [36, 60, 320], [60, 150, 250, 400]]),
        ):
            text = " ".join(rng.choices(chosen, k=rng.randrange(1, 8)))
            left, height = x + rng.choice([0, 0, 5]), rng.choice([11, 11, 8, 18])
            runs.append(
                Run(
                    text,
                    1,
                    left,
                    780 - n * 14 + rng.choice([0, 0, 3, -2]),
                    left + 5 * len(text),
                    height,
                )
            )
        rules = [(50.0, rng.uniform(300, 780), 500.0) for _ in range(rng.choice([0, 3, 20]))]
        parts = parts_of(ordered(Sheet(1, runs, rules)))
        said = Counter(word for part in parts for word in part.text.replace("|", " ").split())
        assert said == Counter(word for run in runs for word in run.text.split()), seed


def test_a_running_head_that_repeats_the_title_is_not_said_again() -> None:
    pages = [
        at(60, 815, "Normas del huerto", 9)
        + lines(60, 700, f"Bancal {n}: garlic and {n + 3} rows of beans.")
        for n in range(4)
    ]
    pages[0] += at(60, 760, "Normas del huerto", 18, "F2")
    assert read(*pages).text.count("Normas del huerto") == 1


def test_a_page_of_so_many_is_a_page_number_wherever_a_scanner_put_it() -> None:
    pages = [
        lines(
            60,
            700,
            f"Los vecinos de la calle {'ABC'[n - 1]} pagan en mayo.",
            f"{'Uno Dos Tres'.split()[n - 1]} meses dura.",
        )
        + at(300 + 20 * n, 30 + 9 * n, f"{n} de 3")
        for n in (1, 2, 3)
    ]
    document = parse(pdf_of(*pages), "a.pdf")
    assert " de 3" not in document.text
    assert [one.reason for one in document.left_out] == ["page number"] * 3


def test_a_sentence_set_wide_beside_a_picture_is_no_table() -> None:
    wide = [
        at(60, 686, "de")
        + at(120, 686, "lectura,")
        + at(230, 686, "canto y")
        + at(330, 686, "baile"),
        at(60, 672, "para")
        + at(140, 672, "mayores")
        + at(230, 672, "de ochenta")
        + at(330, 672, "años"),
    ]
    text = lines(60, 700, "El centro ha recibido este año el premio a los talleres") + "".join(wide)
    document = read(text + lines(60, 658, "que se dan en la casa de cultura los lunes de mayo."))
    assert all(block.kind == "paragraph" for block in document.blocks)


def test_a_sentence_in_large_letters_is_text() -> None:
    text = at(60, 740, "Campamento de verano", size=20)
    text += at(60, 700, "If your child needs a boat, one will be lent to you.", size=14)
    document = read(
        text + lines(60, 670, *["Los grupos salen a las nueve y vuelven a las dos."] * 4)
    )
    assert [h.text for h in document.headings] == ["Campamento de verano"]


def test_names_of_columns_that_stand_askew_are_over_their_columns() -> None:
    rows = [("Week of May", "9:00 to 12:00", "$59"), ("Week of June", "13:00 to 16:00", "$69")] * 2
    text = at(60, 700, "Week") + at(190, 700, "Time") + at(268, 700, "Fee")
    for n, row in enumerate(rows):
        text += "".join(
            at(x, 684 - 16 * n, cell) for x, cell in zip((60, 190, 300), row, strict=True)
        )
    text += at(60, 590, "Total to pay:") + at(240, 590, "$59")
    document = read(text)
    cells = [
        [document.text[a:b] for a, b in block.cells or ()]
        for block in document.blocks
        if block.kind == "row"
    ]
    assert cells[:2] == [["Week", "Time", "Fee"], list(rows[0])]


def test_a_line_left_of_a_bullet_is_none_of_its_item() -> None:
    text = lines(80, 700, "• Clases", "• Liga") + at(60, 672, "Los detalles se dan en mayo.")
    document = read(text)
    assert document.text.endswith("\n\nLos detalles se dan en mayo.")


def test_a_number_in_the_middle_of_a_phrase_begins_no_item() -> None:
    document = read(
        lines(60, 700, "El viernes se celebra el acto de los alumnos de", "4.º de ESO.")
    )
    assert [block.kind for block in document.blocks] == ["paragraph"]


def test_the_last_line_of_a_note_in_the_place_of_a_foot_is_text() -> None:
    feet = ["Asociación de vecinos de la Vega", "y ahí sigue la dirección larga", ""]
    pages = []
    for n, (note, foot) in enumerate(
        zip(["", "¹ Los mapas están en el archivo,", ""], feet, strict=True)
    ):
        page = lines(
            60, 700, *[f"El vecino {chr(65 + n)} de la calle {chr(75 + n)} paga el agua."] * 3
        )
        page += at(60, 62, note, 8) if note else ""
        pages.append(page + at(60, 52, foot or feet[0], 8))
    document = parse(pdf_of(*pages, *[pages[0].replace("vecino", "socio")] * 2), "a.pdf")
    assert "y ahí sigue la dirección larga" in document.text


def test_lettered_titles_in_the_letters_of_the_body_are_headings() -> None:
    body = ["El conjunto de datos se repartió en tres partes de igual peso y se midió."] * 3
    text = at(60, 740, "II. RESULTADOS", 16) + lines(60, 700, "B. Medidas tomadas")
    document = read(text + lines(60, 670, *body))
    assert [(h.text, h.level) for h in document.headings][1:] == [("B. Medidas tomadas", 3)]


def test_prose_that_is_set_wide_to_its_measure_is_no_table() -> None:
    words = [
        ("Los", "mapas", "viejos"),
        ("que", "guarda", "el"),
        ("archivo", "se", "prestan"),
        ("en", "la", "sala."),
    ]
    sheet = Sheet(
        1,
        [
            Run(word, 1, left, 700 - 14 * n, left + 30, 11)
            for n, row in enumerate(words)
            for left, word in zip((60, 170, 270), row, strict=True)
        ],
    )
    assert all(isinstance(piece, Run) for piece in ordered(sheet))


@pytest.mark.parametrize(
    ("heading", "body"),
    [
        ("Artículo {}:", "La junta de {} se reúne y levanta acta de todo."),
        ("Section {}", "Boats of {} may be lent to members for a whole week."),
        ("{}.", "El huerto de {} se riega al caer la tarde."),
    ],
)
def test_a_numbered_heading_that_counts_with_the_pages_is_text(heading: str, body: str) -> None:
    def part(n: int, y: float) -> str:
        return at(60, y, heading.format(n), 12, "F2") + lines(
            60, y - 30, body.format("ABCDEF"[n - 1])
        )

    pages = [part(1, 740) + part(2, 600) + part(3, 460)]
    pages += [
        at(60, 790, f"De la {what}", 14) + part(n, 760) for n, what in zip((4, 5, 6), "GHI", strict=True)
    ]  # fmt: skip
    document = read(*pages, lines(60, 700, "Firmado por la presidenta y por el secretario."))
    for n in range(1, 7):
        # A bare number is that of the text below it
        assert any(
            f"{line} ".startswith(f"{heading.format(n)} ") for line in document.text.split("\n")
        )
    assert document.left_out == ()


@pytest.mark.parametrize("number", ["Página {} de 4", "Page {}", "{}/4"])
def test_a_foot_that_only_says_the_page_of_a_text_named_above_is_left_out(number: str) -> None:
    def page(n: int, *texts: str) -> str:
        return lines(60, 700, *texts) + at(60, 40, f"Normas · {number.format(n)}", 8)

    pages = [page(1, "Normas de la piscina", "", "Se necesita:")]
    pages += [page(2, "- Gorro.", "- Toalla."), page(3, "Hay duchas."), page(4, "Y taquillas.")]
    document = read(*pages)
    assert "Normas ·" not in document.text
    assert [one.page for one in document.left_out] == [1, 2, 3, 4]


def test_a_foot_that_is_said_once_stands_before_a_list_that_goes_on_overleaf() -> None:
    def page(n: int, *texts: str) -> str:
        return lines(60, 700, *texts) + at(60, 40, f"Club Ribera, tel. 900 123 456 · Page {n}", 8)

    pages = [page(1, "The club lends boats.", "", "Bring with you:", "- A towel."), page(2, "- A cap.", "- Soap.")]  # fmt: skip
    document = read(*pages, page(3, "Showers are warm."), page(4, "Lockers are free."))
    assert "Bring with you:\n- A towel.\n\n- A cap.\n- Soap." in document.text
    assert document.text.count("900 123 456") == 1
    assert [b.kind for b in document.blocks if b.kind == "list"] == ["list"]


def test_a_numbered_heading_beside_a_table_heads_what_follows() -> None:
    def table(y: float) -> str:
        cells = (("Day", "Room"), ("Monday", "Blue"), ("Friday", "Green"))
        return "".join(
            at(60, y - 14 * n, a) + at(200, y - 14 * n, b) for n, (a, b) in enumerate(cells)
        )

    def heading(y: float, number: str, title: str) -> str:
        return at(60, y, number, 14, "F2") + at(95, y, title, 14, "F2")

    page = heading(760, "4.1", "Rooms") + table(740) + heading(680, "5", "Conduct")
    page += lines(
        60, 655, *["Members greet each other and leave the rooms as they found them."] * 3
    )
    document = read(page)
    assert [h.text for h in document.headings] == ["4.1 Rooms", "5 Conduct"]
    assert len(rows(document)) == 3


def test_the_words_of_a_drawing_beside_the_text_are_read_below_it_and_head_nothing() -> None:
    prose = (
        "La cooperativa tiene una asamblea y",
        "una junta, que rinde cuentas una vez",
        "al año ante todas las personas socias",
        "y responde de las obras que se hacen",
        "en el molino viejo durante el invierno",
        "y de los gastos que se han aprobado.",
        "Cada grupo de trabajo elige a quien lo",
        "coordina y avisa a la junta por carta",
        "cuando hace falta dinero para semilla.",
    )
    drawn = at(380, 703, "asamblea", 18) + at(385, 681, "junta", 9)
    for n, letter in enumerate("GRUPO"):
        drawn += "".join(at(x, 662 - 16 * n, letter, 16) for x in (350, 400, 450))
    page = lines(60, 700, *prose) + drawn + at(60, 550, "3.1 Cuentas", 14, "F2")
    page += lines(
        60,
        525,
        *["Las cuentas se guardan en la caja fuerte del molino y cada año se leen en voz alta."]
        * 3,
    )
    document = read(page)
    assert " ".join(prose[:6]) in document.text
    assert not rows(document)
    assert "GRUPO GRUPO GRUPO" in document.text
    assert [h.text for h in document.headings] == ["3.1 Cuentas"]


@pytest.mark.parametrize("dots", [True, False])
def test_contents_in_columns_are_contents_line_by_line(dots: bool) -> None:
    entries = [
        ("1", "Purpose", 2, True), ("1.1", "Who we are", 2, False), ("1.2", "On the site", 3, False),
        ("2", "Boats", 4, True), ("2.1", "Care of boats", 4, False), ("2.2", "Keys", 5, False),
    ]  # fmt: skip
    page = at(60, 760, "Contents", 16, "F2")
    for n, (number, title, to, chapter) in enumerate(entries):
        y, font = 720 - 18 * n, "F2" if chapter else "F1"
        line = title + (" . . . . . . . . . . . . . . . ." if dots and not chapter else "")
        x = 60 if chapter else 76
        page += at(x, y, number, 11, font) + at(x + 26, y, line, 11, font)
        page += at(500, y, str(to), 11, font)
    page += lines(60, 560, *["The club lends boats to its members for a whole week in May."] * 3)
    document = read(page)
    contents = [document.text[b.start : b.end] for b in document.blocks if b.kind == "contents"]
    assert [line[: line.find(title) + len(title)] for line, (_, title, _, _) in zip(contents, entries, strict=True)] == [
        f"{number} {title}" for number, title, _, _ in entries
    ]  # fmt: skip
    assert not rows(document)


def test_dots_that_lead_to_a_number_leave_the_words_before_them_apart() -> None:
    dots = "".join(at(160 + 7.6 * n, 700, ".") for n in range(40))
    document = read(at(60, 700, "On the site") + dots + at(500, 700, "4"))
    assert document.text.startswith("On the site .")


def test_hollow_bullets_that_are_small_o_mark_items() -> None:
    page = at(60, 720, "Los libros se devuelven:")
    for n, item in enumerate(("Primaria, el 21 de junio.", "Secundaria, el 18 de junio.", "Infantil, en mayo.")):  # fmt: skip
        page += at(70, 700 - 14 * n, "o") + at(95, 700 - 14 * n, item)
    document = read(page)
    items = [document.text[b.start : b.end] for b in document.blocks if b.kind == "item"]
    assert items == ["o Primaria, el 21 de junio.", "o Secundaria, el 18 de junio.", "o Infantil, en mayo."]  # fmt: skip


def disc(x: float, y: float, r: float, paint: str) -> str:
    k = 0.55 * r
    return (
        f"{x - r} {y} m {x - r} {y + k} {x - k} {y + r} {x} {y + r} c {x + k} {y + r} {x + r} {y + k} {x + r} {y} c "
        f"{x + r} {y - k} {x + k} {y - r} {x} {y - r} c {x - k} {y - r} {x - r} {y - k} {x - r} {y} c {paint}\n"
    )


def items_of(document: Document) -> list[str]:
    return [document.text[b.start : b.end] for b in document.blocks if b.kind == "item"]


@pytest.mark.parametrize(
    ("mark", "drawn"),
    [
        ("•", lambda x, y: disc(x, y, 2, "f")),
        ("•", lambda x, y: f"{x - 2} {y - 2} 4 4 re f\n"),
        ("◦", lambda x, y: disc(x, y, 3, "S")),
        ("☐", lambda x, y: f"{x - 3} {y - 3} 6 6 re S\n"),
    ],
)
def test_bullets_that_are_drawn_mark_items(mark: str, drawn: Callable[[float, float], str]) -> None:
    said = ("Call the warden", "Call 112, if needed", "Write a note")
    page = lines(60, 720, "If the alarm rings:") + lines(80, 700, *said)
    page += "".join(drawn(70, 703 - 14 * n) for n in range(3))
    document = read(page)
    assert items_of(document) == [f"{mark} {one}" for one in said]
    start = document.text.index("112")
    left = locate(pdf_of(page), document, (start, start + 3))[0].rectangles[0][0]
    assert 90 < left < 120


def test_pictures_as_high_as_the_letters_below_one_another_mark_items() -> None:
    said = ("Bring the keys back.", "Traer remos secos.", "Lock the gate.")
    page = lines(80, 700, *said, step=20)
    places = [(64, 699 - 20 * n) for n in range(3)]
    picture = "q 10 0 0 10 {} {} cm BI /W 1 /H 1 /BPC 8 /CS /G ID 0 EI Q\n"
    marks = "".join(picture.format(*place) for place in places)
    assert items_of(read(page + marks)) == [f"• {one}" for one in said]
    # One before the second line of a text, and those before what names the paragraphs below it, are ornaments
    text = lines(80, 700, "La barca se guarda", "en la caseta del", "guarda del río.", step=20)
    assert not items_of(read(text + marks))
    named = ("HORARIO: de 9 a 13 horas.", "UNIFORME: el de verano.", "NOTAS: el lunes.")
    assert not items_of(read(lines(80, 700, *named, step=20) + marks))
    # … and so are those that stand here and there; squares as high are ticked
    strewn = "".join(picture.format(x - 4 * n, y) for n, (x, y) in enumerate(places))
    ticked = "".join(f"{x} {y} 10 10 re f\n" for x, y in places)
    assert not items_of(read(page + strewn))
    assert not items_of(read(page + ticked))


@pytest.mark.parametrize(
    "drawn",
    [
        "68 701 4 4 re f\n",  # One alone is an ornament
        "1 1 1 rg 68 701 4 4 re f 68 687 4 4 re f 0 g\n",  # What is white is not seen
        "20 701 4 4 re f 20 687 4 4 re f\n",  # Too far away
    ],
)
def test_other_small_drawings_are_no_bullets(drawn: str) -> None:
    document = read(drawn + lines(80, 700, "El horno se enciende", "los lunes y los viernes."))
    assert document.text == "El horno se enciende los lunes y los viernes."


def test_marks_of_items_that_no_space_parts_from_them_mark_items() -> None:
    document = read(
        lines(
            60,
            700,
            "1.Se aplica a los socios.",
            "2.Está prohibido:",
            "a.Pescar en la presa;",
            "b.Encender fuego; y",
            "c.Acampar.",
            "3.La multa es de 30 euros.",
        )  # fmt: skip
    )
    assert items_of(document) == [
        "1. Se aplica a los socios.", "2. Está prohibido:", "a. Pescar en la presa;",
        "b. Encender fuego; y", "c. Acampar.", "3. La multa es de 30 euros.",
    ]  # fmt: skip


def test_a_number_or_letter_that_counts_with_no_other_is_no_mark() -> None:
    text = read(lines(60, 700, "Reunidos en la sede", "a.Cuenta 12 y", "2.Era un lunes.")).text
    assert "a.Cuenta" in text
    assert "2.Era" in text


@pytest.mark.parametrize(
    ("lead", "said"),
    [
        ("13 jugadores inscritos:", ("7 titulares y el arquero", "6 reservas con otro arquero.")),
        ("Bring to the boat:", ("A towel", "Two pairs of shoes", "Soap.")),
    ],
)
def test_short_lines_further_in_than_their_lead_in_are_items(
    lead: str, said: Sequence[str]
) -> None:
    long = "The club lends boats to its members for a whole week, and oars too."
    document = read(
        lines(60, 740, long, long, lead)
        + lines(90, 698, *said)
        + lines(60, 698 - 14 * len(said), "14 jugadores en la lista", long)
    )
    assert items_of(document) == list(said)
    assert f"{said[-1]}\n\n14 jugadores en la lista" in document.text


def test_paragraphs_further_in_than_a_title_with_a_colon_are_no_items() -> None:
    page = at(60, 740, "TESORERO:") + lines(90, 720, "Lleva las cuentas del club.", "Cobra las cuotas.")  # fmt: skip
    long = "The club lends boats to its members for a whole week, and oars too."
    document = read(page + lines(60, 660, *[long] * 4))
    assert items_of(document) == []


@pytest.mark.parametrize(
    ("lead", "said"),
    [
        ("The boat is lent when", ("the keeper agrees; or", "nobody has asked for it in the last two weeks.")),
        ("El aviso dirá:", ("el día y la hora de la salida; y", "quién lleva las llaves de la caseta de los remos.")),
    ],
)  # fmt: skip
def test_what_stands_below_a_line_that_ends_in_and_is_a_line_of_its_own(
    lead: str, said: Sequence[str]
) -> None:
    document = read(lines(60, 740, LONG, LONG, lead) + lines(90, 690, *said, step=18))
    assert "\n".join(said) in document.text
    goes_on = (f"{LONG[:60]} whole weeks; and", "that is all that it does.")
    assert " ".join(goes_on) in read(lines(60, 740, *goes_on, LONG)).text


def test_short_lines_below_a_lead_in_are_lines_of_their_own() -> None:
    long = "The club lends boats to its members for a whole week, and oars too."
    document = read(lines(60, 740, long, "Bring to the boat:", "A towel", "Shoes", "Soap"))
    assert items_of(document) == ["A towel", "Shoes", "Soap"]


def test_the_next_question_further_left_than_an_answer_begins_anew() -> None:
    page = ""
    asked = ("¿Cómo contacto con la empresa?", "Si estoy enferma, ¿a quién aviso?", "¿Dónde pago la cuota?")  # fmt: skip
    answers = (("cocina@ejemplo.org",), ("cocina@ejemplo.org", "con un justificante del médico o de la médica del centro de salud"), ("En la caja del comedor.",))  # fmt: skip
    y = 740
    for question, answer in zip(asked, answers, strict=True):
        page += at(60, y, question) + lines(100, y - 26, *answer, step=26)
        y -= 26 * (1 + len(answer))
    document = read(page)
    pairs = [b.cells or () for b in document.blocks if b.kind == "pair"]
    assert [document.text[a:b] for (a, b), _ in pairs] == list(asked)
    assert [document.text[a:b] for _, (a, b) in pairs] == [" ".join(one) for one in answers]


def test_the_second_line_of_a_paragraph_that_begins_further_in_goes_on() -> None:
    first = "The committee, which is elected in May by all the members of the"
    document = read(at(80, 740, first) + lines(60, 726, "Club, lends its boats. It meets on the first Monday of the month.", "Minutes are kept."))  # fmt: skip
    assert document.text.startswith(f"{first} Club, lends")


def test_lines_with_a_long_dash_below_a_lead_in_are_items() -> None:
    said = ("— Tener catorce años el día del sorteo.", "— Vivir en la provincia.")
    document = read(lines(60, 740, "Para participar se requiere:", *said, "Se avisará por carta."))
    assert items_of(document)[0] == said[0]
    assert items_of(read(lines(60, 740, "Llegó tarde.", "— Buenas noches, dijo.", "— Ya era hora.")) ) == []  # fmt: skip


LONG = "The club lends boats to its members for a whole week, and oars and two keys too."


def test_bold_letters_that_end_within_a_sentence_make_no_heading() -> None:
    page = at(
        60, 740, "If you have more work than you can do you are expected to tell it soon", 11, "F2"
    )
    document = read(page + lines(60, 726, "to the committee at once.", *[LONG] * 4))
    assert not document.headings
    assert "to tell it soon to the committee at once." in document.text


def test_a_bold_line_that_a_lead_in_announces_is_no_heading() -> None:
    page = at(60, 760, "3. El cartel", 15, "F2") + lines(60, 735, LONG, LONG)
    page += at(60, 690, "El cartel llevará este texto:") + at(
        60, 670, "FIESTA DEL AGUA 2031", 11, "F2"
    )
    page += (
        lines(60, 640, LONG, LONG) + at(60, 590, "4. El premio", 15, "F2") + lines(60, 565, LONG)
    )
    assert [h.text for h in read(page).headings] == ["3. El cartel", "4. El premio"]


def test_bold_titles_stay_headings_though_a_lead_in_stands_before_the_first() -> None:
    page = lines(60, 740, LONG, "Members can choose:")
    for n, title in enumerate(("Boats", "Oars")):
        page += at(60, 690 - 80 * n, title, 11, "F2") + lines(60, 670 - 80 * n, LONG, LONG)
    assert [h.text for h in read(page).headings] == ["Boats", "Oars"]


def test_names_and_who_has_them_in_large_letters_are_no_heading() -> None:
    page = at(60, 760, "Casa del Mar", 24) + at(60, 720, "Dueña: Ana Lobo Directora: Eva Paz", 15)
    page += at(60, 680, "Chapter 1: Boats", 15) + lines(60, 650, *[LONG] * 5)
    assert [h.text for h in read(page).headings] == ["Casa del Mar", "Chapter 1: Boats"]


@pytest.mark.parametrize(("sign", "shown"), [("\xd8", "➢"), ("\xfc", "✓"), ("!", "➢"), ("-", "-")])
def test_signs_of_a_font_of_pictures_mark_items(sign: str, shown: str) -> None:
    drawn = lines(75, 726, "Fires are lit at the hearth alone.", "Dogs are led.", "Bells are kept.")
    page = at(60, 740, "In the wood:") + drawn
    page += "".join(at(60, 726 - 14 * n, sign, 11, "F3") for n in range(3))
    data = pdf_of(page).replace(b"/BaseFont /Times-Roman", b"/BaseFont /Wingdings  ")
    document = parse(data, "a.pdf")
    assert items_of(document) == [
        f"{shown} {one}"
        for one in ("Fires are lit at the hearth alone.", "Dogs are led.", "Bells are kept.")
    ]


PROSE_LEFT = (
    "The society lends its boats to all",
    "who have paid for the year, and to",
    "their children where they can swim",
    "from one bank of the river to the o-",
    "ther. Whoever has broken a rudder is",
    "to bring it to the joiner, who sends",
    "the bill to the society. A boat that",
    "comes back late costs two euros more",
)
PROSE_RIGHT = (
    "for each hour. Boats that nobody has",
    "asked for by noon are lent to guests",
    "of the town hall, who pay no more as",
    "long as they are two to a boat. When",
    "the river is high the master decides",
    "whether boats go out, and tells it a",
    "day before at the landing stage with",
    "a red flag that hangs from the mast.",
)
NOTE = ("The master", "has the keys", "and is there", "from nine to", "twelve in the", "morning.")


@pytest.mark.parametrize("x", [30, 500])
def test_a_narrow_note_beside_two_columns_leaves_them_columns(x: float) -> None:
    page = lines(130, 700, *PROSE_LEFT, size=10) + lines(320, 700, *PROSE_RIGHT, size=10)
    page += lines(x, 693, *NOTE, size=10)
    document = read(page)
    assert not rows(document)
    assert "to the other. Whoever has broken a rudder is to bring it to the joiner" in document.text
    assert " ".join(PROSE_RIGHT) in document.text
    assert " ".join(NOTE) in document.text


def test_two_columns_whose_lines_seldom_stand_at_one_height_are_columns() -> None:
    sheet = Sheet(1)
    for n, one in enumerate("abcdefghijkl"):
        # The first three lines stand at one height, as those of one justified paragraph would
        low = 700 - 12 * n - (5 if n > 2 else 0)
        sheet.runs.append(Run(f"left line {one} of the prose", 1, 57, 700 - 12 * n, 262, 10))
        sheet.runs.append(Run(f"right line {one} of the prose", 1, 276, low, 482, 10))
    read_as = [piece.text for piece in ordered(sheet) if isinstance(piece, Run)]
    expected = [f"{side} line {n} of the prose" for side in ("left", "right") for n in "abcdefghijkl"]  # fmt: skip
    assert read_as == expected


def test_items_below_a_lead_in_that_begins_at_their_marks_are_items_of_its_column() -> None:
    page = lines(60, 700, *PROSE_LEFT, *PROSE_LEFT[:5], size=10)
    page += at(320, 700, "Whoever wants to know more may ask for:", 10)
    titles = ("The book of the river and its banks,", "A list of all boats with the years,", "How the landing stage has been made,", "What the river was called before it,", "Songs of those who went to the town,", "Letters from those who came back it")  # fmt: skip
    for n, one in enumerate(titles):
        page += at(320, 686 - 28 * n, "•", 10)
        page += lines(338, 686 - 28 * n, one, "which has been printed by the society", size=10)
    document = read(page)
    assert not rows(document)
    assert len(items_of(document)) == len(titles)


def test_what_an_article_is_about_on_its_line_belongs_to_its_heading() -> None:
    page = ""
    for n, name in enumerate(("Nombre", "Personas que la forman. Edad", "Sede y lugar")):
        page += at(60, 740 - 60 * n, f"Art. {n + 1}º {name}")
        page += lines(60, 726 - 60 * n, "Se constituye una sociedad que presta barcas a quien haya pagado la cuota", "del año y sepa nadar.", "Dura sin plazo.")  # fmt: skip
    document = read(page)
    assert [h.text for h in document.headings][:2] == ["Art. 1º Nombre", "Art. 2º Personas que la forman. Edad"]  # fmt: skip
    assert "nadar.\n\nDura sin plazo." in document.text


def test_lines_that_end_early_with_a_full_stop_are_paragraphs() -> None:
    short = ("Calle del Mar: números 3 al 9.", "Calle Alta: números 1 al 7.", "Plaza: el 4.")
    document = read(lines(60, 740, "The society has its boats below these houses, and nowhere else on the banks.", *short, LONG))  # fmt: skip
    assert "\n\n".join(short) in document.text


def test_lines_further_in_that_each_end_with_a_full_stop_are_items_of_their_lead_in() -> None:
    listed = tuple(f"During month {n} each buyer is given {9 - n} bags of paper, no more." for n in (1, 2, 3))  # fmt: skip
    page = lines(60, 740, LONG, "It comes into force little by little in these steps, month by month, for all the shops:")  # fmt: skip
    document = read(page + lines(90, 712, *listed) + at(60, 660, LONG))
    assert items_of(document) == list(listed)


def test_a_numbered_title_over_items_counted_in_another_way_is_a_heading() -> None:
    page = lines(60, 740, LONG, "12) The bell is rung at nine.", "3.2 Use of the swimming pool", "1) Children come with somebody who can swim.", "2) Glass stays at home.")  # fmt: skip
    page += lines(60, 660, "3.3 Bicycles", "1) They stand in the cellar.", "2) They are locked.")
    document = read(page)
    assert [h.text for h in document.headings] == ["3.2 Use of the swimming pool", "3.3 Bicycles"]
    assert "1) Children come with somebody who can swim." in items_of(document)


def test_a_number_said_again_in_figures_on_the_next_line_begins_no_item() -> None:
    page = lines(60, 740, "The society has to tell each of its members the date of the meeting fifteen", "(15) days before it, in a letter, and on the board of the landing stage.")  # fmt: skip
    assert "fifteen (15) days before it" in read(page).text


def test_the_size_of_a_page_may_be_said_once_for_all_pages() -> None:
    page = lines(60, 820, "La veleta es de cobre.", "The bell weighs a ton.")
    document = read(page, page, of_pages="/MediaBox [0 0 595 842]")
    assert document.text.startswith("La veleta es de cobre. The bell")


def framed(x: float, y: float, width: float, height: float) -> str:
    return f"{x} {y} {width} {height} re S\n"


def test_what_stands_in_frames_is_read_frame_by_frame() -> None:
    drawn = at(60, 780, "News of the river", 18, "F2")
    boxes = {
        (50, 640, 240): ("Boats are lent from nine to twelve,", "and each has two oars and a rope", "that are counted when it is back."),
        (50, 560, 240): ("The bell is rung twice at noon for", "whoever is still on the water."),
        (300, 610, 240): ("Swimming is taught on Mondays by", "the master, who asks for nothing", "but a towel and a note from home", "that says how old the child is."),
        (50, 480, 490): ("The meeting of the year is in May. Whoever cannot come may send", "a letter that says what they would have said."),
    }  # fmt: skip
    for (x, y, width), said in boxes.items():
        drawn += framed(x, y, width, 20 + 14 * len(said))
        drawn += lines(x + 8, y + 14 * len(said), *said)
    document = read(drawn)
    assert not rows(document)
    for said in boxes.values():
        assert " ".join(said) in document.text


def test_frames_that_touch_are_cells_of_a_table() -> None:
    drawn = ""
    for n, cells in enumerate((("Sala", "Precio"), ("Grande con\nventanas", "40,00\nal día"), ("Pequeña y\nsin luz", "15,50\nal día"))):  # fmt: skip
        for k, cell in enumerate(cells):
            x, y = 60 + 200 * k, 700 - 40 * n
            drawn += framed(x, y, 200, 40) + lines(x + 6, y + 25, *cell.split("\n"))
    assert rows(read(drawn))[1:] == [(0, "Grande con ventanas | 40,00 al día"), (0, "Pequeña y sin luz | 15,50 al día")]  # fmt: skip


def test_a_frame_across_lines_of_the_text_leaves_them_in_order() -> None:
    said = ("Write to the master by letter, or by the", "address that is printed on the board of it.", "It is read on Mondays.")  # fmt: skip
    stamp = framed(250, 695, 120, 40) + lines(260, 722, "RIVER SOCIETY", "SEAL")
    text = read(lines(60, 740, *said) + stamp).text
    assert text.index(said[0]) < text.index(said[1].split()[0]) < text.index(said[2])


def test_the_last_row_of_a_ruled_table_may_have_its_name_between_its_lines() -> None:
    drawn, y = "", 700
    table = (("Name", ("What it is",), "Price"), ("Boat", ("A boat with two oars for a whole day,", "and a rope."), "12.00"), ("Guide", ("The guide shows the way to the town", "and back again."), "20.00"), ("Help", ("Whoever is in need may ring the bell", "by day and by night."), ""))  # fmt: skip
    for name, said, price in table:
        drawn += f"50 {y + 12} m 500 {y + 12} l S\n" + lines(160, y, *said, size=10, step=12)
        drawn += at(60, y - 6 * (len(said) - 1), name, 10) + at(440, y - 6 * (len(said) - 1), price, 10)  # fmt: skip
        y -= 12 * len(said) + 6
    drawn += f"50 {y + 12} m 500 {y + 12} l S\n" + at(60, y - 30, "All prices are for members.")
    found = rows(read(drawn))
    assert found[-1][1] == "Help | Whoever is in need may ring the bell by day and by night."
    assert len(found) == 4


def ruled(x: Sequence[float], y: float, skipped: Sequence[int] = ()) -> str:
    """A horizontal rule drawn cell by cell, between those of ``x``."""
    return "".join(
        f"{a} {y} m {b} {y} l S\n"
        for n, (a, b) in enumerate(itertools.pairwise(x))
        if n not in skipped
    )


def test_rules_that_are_drawn_cell_by_cell_part_the_columns() -> None:
    x, drawn = (60, 290, 400, 540), ruled((60, 290, 400, 540), 715)
    table = (("Thing", "How much", "What for"), ("Wood of the old bridge (all of it)", "1 kg", "Cut in\nshort ends"), ("Rope", "50 g", ""), ("Tar", "20 g", ""))  # fmt: skip
    for n, (name, much, what) in enumerate(table):
        y = 700 - 32 * n
        drawn += at(66 if n else 150, y, name) + at(296 if n else 330, y, much)
        drawn += lines(406 if n else 440, y + 6, *what.split("\n"), step=12) + ruled(x, y - 15)
    assert [said for _, said in rows(read(drawn))] == [
        "Thing | How much | What for",
        "Wood of the old bridge (all of it) | 1 kg | Cut in short ends",
        "Rope | 50 g",
        "Tar | 20 g",
    ]


def test_a_cell_that_reaches_over_several_rows_is_read_with_each() -> None:
    x, drawn = (60, 150, 430, 540), ruled((60, 150, 430, 540), 715)
    said = ("Boats are shown on the river.", "The master sings an old song.", "Whoever likes may row along.")  # fmt: skip
    for n, one in enumerate(said):
        drawn += at(166, 700 - 30 * n, one) + ruled(x, 685 - 30 * n, () if n == 2 else (0, 2))
    drawn += at(66, 700, "9.00 to 12.00") + at(436, 670, "Great landing stage")
    drawn += at(66, 610, "13.00") + at(166, 610, "All sit down and eat.") + ruled(x, 595)
    assert [one for _, one in rows(read(drawn))] == [
        *(f"9.00 to 12.00 | {one} | Great landing stage" for one in said),
        "13.00 | All sit down and eat.",
    ]


FINES = (
    ("What a rower does", "First time", "Again"),
    ("Takes out a boat of\nthe club at night and\nwithout a lamp", "A written warning", "1. Three days ashore\n2. A month ashore"),
)  # fmt: skip


def test_the_lines_of_a_key_that_fill_its_cell_are_one_row_of_a_small_table() -> None:
    x, drawn = (60, 170, 330, 540), ruled((60, 170, 330, 540), 715) + ruled((60, 170, 330, 540), 693)  # fmt: skip
    for y, cells in zip((700, 680), FINES, strict=True):
        drawn += "".join(lines(a + 5, y, *c.split("\n")) for a, c in zip(x, cells, strict=False))
    whole = [" | ".join(cells).replace("\n", " ") for cells in FINES]
    assert [said for _, said in rows(read(drawn + ruled(x, 646)))] == whole


def test_short_keys_in_one_box_are_rows_though_one_has_nothing_beside_it() -> None:
    x, drawn = (60, 95, 240, 540), ruled((60, 95, 240, 540), 715) + ruled((60, 95, 240, 540), 638)
    sailings = (("9am", "Lerma", "Ana Lobo"), ("11am", "Soria", "Leo Paz"), ("5pm", "El faro", ""), ("6pm", "Lerma", "Rosa Gil"))  # fmt: skip
    for n, row in enumerate(sailings):
        drawn += "".join(at(a + 4, 700 - 17 * n, c) for a, c in zip(x, row, strict=False) if c)
    assert [said for _, said in rows(read(drawn))] == [" | ".join(filter(None, row)) for row in sailings]  # fmt: skip


def test_a_line_over_the_edge_of_two_cells_is_parted_there() -> None:
    x, drawn = (60, 202, 400, 540), ruled((60, 202, 400, 540), 715)
    for n in range(3):
        drawn += at(66, 700 - 30 * n, f"{n}. The widest words here, n") + at(
            205, 700 - 30 * n, "are of wood"
        )
        drawn += at(406, 700 - 30 * n, f"{n} euros") + ruled(x, 685 - 30 * n)
    assert rows(read(drawn))[1][1] == "1. The widest words here, n | are of wood | 1 euros"


def test_short_words_and_signs_are_not_one_word_set_apart() -> None:
    assert "2 – 5 g / kg" in read(lines(60, 700, LONG, "2 – 5 g / kg", LONG)).text


def test_an_address_in_large_letters_is_no_heading() -> None:
    document = read(at(60, 760, "Boats", 24) + lines(60, 700, LONG, LONG) + at(60, 640, "http://river.example.org/boats", 18) + lines(60, 610, LONG, LONG))  # fmt: skip
    assert [h.text for h in document.headings] == ["Boats"]


@pytest.mark.parametrize(
    ("last", "first", "second"),
    [
        ("La llave del cobertizo la guarda en su casa doña Eulalia", "Peñarrubia, que vive al lado del", "lavadero."),
        ("The key of the shed is kept at her own house by Mrs Hester", "Fairweather of Mill Lane.", "Nobody else has one."),
    ],
)  # fmt: skip
def test_a_sentence_goes_on_with_a_name_overleaf_and_in_the_next_column(
    last: str, first: str, second: str
) -> None:
    before = ("The shed was built of old planks by the keeper of the lock", "and painted green by the men of the lower village in spring", "before the flood came and took the lower half of it away.")  # fmt: skip
    joined = f"{last} {first}"
    assert joined in read(lines(60, 700, *before, last), lines(60, 780, first, second)).text
    column = lines(60, 700, *before, last, size=8) + lines(330, 700, first, second, *before, size=8)
    assert joined in read(column).text
    # A line that had room for the next word, and a heading overleaf
    short = " ".join(last.split()[:6])
    assert (
        f"{short} {first}" not in read(lines(60, 700, *before, short), lines(60, 780, first)).text
    )
    headed = lines(60, 780, "Normas del cobertizo") + lines(60, 750, *before)
    assert f"{last} Normas" not in read(lines(60, 700, *before, last), headed).text


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_large_title_turned_in_the_margin_stands_before_the_lines_beside_it(side: str) -> None:
    items = ("Taller de velas", "Reading of maps", "Nudos para todos", "Rowing in the dark", "Remo de mar")  # fmt: skip
    turned = "0 1 -1 0 80 490" if side == "left" else "0 -1 1 0 500 620"
    title = f"BT /F1 20 Tf {turned} Tm (Cursos del muelle) Tj ET\n"
    page = lines(60, 760, LONG, LONG) + lines(200, 640, *items, step=32) + title
    text = read(page + lines(60, 420, LONG)).text
    assert text.index(LONG) < text.index("Cursos del muelle") < text.index(items[0])
    small = page.replace("/F1 20 Tf", "/F1 8 Tf")
    assert read(small).text.endswith("Cursos del muelle")


@pytest.mark.parametrize("word", ["Copia controlada 7", "Page 1 of the printer's file"])
def test_what_stands_turned_beside_several_pages_is_said_once_and_parts_no_sentence(
    word: str,
) -> None:
    mark = f"BT /F1 8 Tf 0 1 -1 0 25 300 Tm ({word}) Tj ET\n"
    document = read(
        mark + lines(60, 700, *LEFT[:3]), mark + lines(60, 700, LEFT[3], *RIGHT), mark + lines(60, 700, *RIGHT)
    )  # fmt: skip
    assert " ".join(LEFT) in document.text
    assert document.text.count(word) == 1
    assert document.left_out == tuple(
        LeftOut(word, page, "repeated at the edge of pages") for page in (2, 3)
    )


@pytest.mark.parametrize("first", [1, 97])
def test_numbers_of_lines_that_stand_near_them_are_no_words_of_theirs(first: int) -> None:
    drawn = "".join(
        at(44, 700 - 14 * n, str(first + n), 8) + at(62 if first > 1 else 54, 700 - 14 * n, text)
        for n, text in enumerate((*LEFT, *RIGHT))
    )
    document = read(drawn)
    assert document.text == " ".join((*LEFT, *RIGHT))
    assert document.left_out == (LeftOut(f"{first}–{first + 7}", 1, "line numbers"),)
    items = "".join(
        at(44, 700 - 14 * n, str(n + 1)) + at(54, 700 - 14 * n, f"{word} de la casa")
        for n, word in enumerate(("Pan", "Queso", "Miel", "Nueces", "Higos"))
    )
    assert "2 Queso" in read(items).text


def test_a_table_with_rules_has_its_columns_however_near_they_are() -> None:
    x, drawn = (60, 132, 182, 280), ruled((60, 132, 182, 280), 715)
    table = (("Nombre", "Puesto", "Clave"), ("Ana Bru", "guarda", "41"), ("Hugo Holgado", "cocinero", "48"), ("Hilde Hobbes", "porter", "55"), ("Ivo Gil", "monitor", "62"))  # fmt: skip
    for n, cells in enumerate(table):
        drawn += "".join(at(a + 2, 700 - 18 * n, cell) for a, cell in zip(x, cells, strict=False))
        drawn += ruled(x, 695 - 18 * n)
    assert [said for _, said in rows(read(drawn))] == [" | ".join(cells) for cells in table]


BREAKDOWNS = (
    ("Aviso", ("Motivo",), ("Arreglo",)),
    ("A-1", ("Entra aire por la junta de", "goma del depósito"), ("Apriete la tuerca con la llave", "hasta que deje de silbar")),
    ("A-2", ("El filtro está lleno de arena",), ("Lávelo",)),
    ("A-3", ("Cable suelto",), ("Desenchufe la bomba y avise a", "quien la instaló")),
)  # fmt: skip


def halfway(
    table: Sequence[tuple[str, Sequence[str], Sequence[str]]], x: tuple[float, float, float]
) -> str:
    """A table without rules, each cell halfway up its row."""
    drawn, y = "", 700.0
    for key, *cells in table:
        n_lines = max(map(len, cells))
        middle = y - 6.5 * (n_lines - 1)
        drawn += at(x[0], middle, key, font="F2" if y == 700 else "F1")
        for left, cell in zip(x[1:], cells, strict=True):
            font = "F2" if y == 700 else "F1"
            drawn += lines(left, middle + 6.5 * (len(cell) - 1), *cell, font=font, step=13)
        y -= 13 * (n_lines - 1) + 22
    return drawn


def test_rows_without_rules_are_told_by_the_gaps_between_them() -> None:
    drawn = at(60, 740, "Averías de la bomba", 16, "F2") + halfway(BREAKDOWNS, (60, 130, 330))
    assert rows(read(drawn)) == [
        (n == 0, " | ".join((key, *map(" ".join, cells))))
        for n, (key, *cells) in enumerate(BREAKDOWNS)
    ]


def test_keys_that_stand_on_lines_of_their_own_are_a_column() -> None:
    table = [("No.", ("Part",), ("Fee",))] + [
        (str(n), (f"The {thing} of the mill that is cleaned", "every spring by two members"), (f"{n}0", "pounds"))
        for n, thing in enumerate(("wheel", "hopper", "race", "stone", "sluice", "loft"), 1)
    ]  # fmt: skip
    found = rows(read(at(60, 740, "The mill", 16, "F2") + halfway(table, (60, 100, 400))))
    assert found[0] == (1, "No. | Part | Fee")
    assert found[3] == (
        0,
        "3 | The race of the mill that is cleaned every spring by two members | 30 pounds",
    )
    assert len(found) == 7


GROUPS = (
    [(170, "Winter"), (350, "Summer")],
    [(60, "Court"), (140, "Day"), (220, "Night"), (320, "Day"), (400, "Night")],
    *([(60, name), *((140 + 80 * k + 20 * (k > 1), f"{n + k}.00") for k in range(4))] for n, name in enumerate(("North", "South", "East"), 3)),
)  # fmt: skip


@pytest.mark.parametrize("bold", [True, False])
def test_names_of_groups_of_columns_are_a_header_too(bold: bool) -> None:
    drawn = "".join(
        at(x, 700 - 20 * n, text, font="F2" if bold and n < 2 else "F1")
        for n, row in enumerate(GROUPS)
        for x, text in row
    )
    assert rows(read(at(60, 740, "Fees", 16, "F2") + drawn)) == [
        (1, "Winter | Summer"),
        (1, "Court | Day | Night | Day | Night"),
        (0, "North | 3.00 | 4.00 | 5.00 | 6.00"),
        (0, "South | 4.00 | 5.00 | 6.00 | 7.00"),
        (0, "East | 5.00 | 6.00 | 7.00 | 8.00"),
    ]


def test_units_below_the_names_of_columns_are_of_the_header() -> None:
    table = (("Pozo", "Hondura", "Agua"), ("", "m", "litros"), ("Viejo", "12", "300"), ("Nuevo", "31", "950"), ("Sur", "8", "70"))  # fmt: skip
    drawn = "".join(
        at(60 + 120 * k, 700 - 16 * n, cell)
        for n, row in enumerate(table)
        for k, cell in enumerate(row)
        if cell
    )
    found = rows(read(at(60, 740, "Pozos", 16, "F2") + drawn))
    assert found[0] == (1, "Pozo | Hondura m | Agua litros")
    assert [level for level, _ in found[1:]] == [0, 0, 0]


def wide(rows: Sequence[Sequence[Sequence[str]]], y: float = 780) -> str:
    """A table without rules, its cells at the top of their rows."""
    drawn = ""
    for row in rows:
        for x, cell in zip((60, 160, 420), row, strict=True):
            drawn += lines(x, y, *cell, step=13)
        y -= 13 * (max(map(len, row)) - 1) + 24
    return drawn


OVERLEAF = (
    (("Obra",), ("Qué se hace",), ("Coste",)),
    (("Tejado",), ("se cambian las tejas rotas", "y se limpian los canalones"), ("40 euros",)),
    (("Pozo",), ("se saca el barro y se cierra", "con una tapa de hierro que"), ("90 euros",)),
    ((), ("no pese más de veinte kilos",), ()),
    (("Cerca",), ("se pinta de verde",), ("15 euros",)),
    (("Patio",), ("se barre cada jueves del", "año con escobas nuevas"), ("20 euros",)),
)


def test_a_row_that_goes_on_overleaf_is_one() -> None:
    document = read(wide(OVERLEAF[:3]), wide(OVERLEAF[3:]))
    assert [text for _, text in rows(document)][2:] == [
        "Pozo | se saca el barro y se cierra con una tapa de hierro que no pese más de veinte kilos | 90 euros",
        "Cerca | se pinta de verde | 15 euros",
        "Patio | se barre cada jueves del año con escobas nuevas | 20 euros",
    ]


@pytest.mark.parametrize("tail", ["No pese más de veinte kilos", "12 kilos"])
def test_a_row_without_its_key_may_be_one_of_its_own(tail: str) -> None:
    ended = (*OVERLEAF[:2], (("Pozo",), ("se saca el barro.",), ("90 euros",)))
    over = (((), (tail,), ("7 euros",)), *OVERLEAF[4:])
    found = [text for _, text in rows(read(wide(ended), wide(over)))]
    assert found[2:4] == ["Pozo | se saca el barro. | 90 euros", f"{tail} | 7 euros"]


def test_the_first_lines_of_an_entry_of_contents_are_contents() -> None:
    entries = ("1. De las cuotas de los socios y de la manera de pagarlas", "cuando se entra a mitad de año ................ 2", "2. De las barcas ................ 3", "3. De quienes guardan la llave del cobertizo y de lo que", "han de hacer si se pierde ................ 4")  # fmt: skip
    index = at(60, 780, "Índice", 16, "F2") + lines(60, 750, *entries)
    document = read(index, at(60, 780, "1. Cuotas", 14, "F2") + lines(60, 750, "Son doce euros."))
    kinds = [(b.kind, document.text[b.start : b.end]) for b in document.blocks]
    assert [text for kind, text in kinds if kind == "contents"] == list(entries)
    assert kinds[-1] == ("paragraph", "Son doce euros.")


def test_the_short_end_of_two_columns_is_prose_and_no_table() -> None:
    left = (
        "La cofradía reparte el pescado los lunes en la lonja",
        "vieja, y quien llega tarde se queda con la morralla",
        "del arrastre, que vale para hacer caldo.",
        "Las redes se tienden al sol en el muelle de poniente",
    )
    right = (
        "hasta que se secan del todo y se guardan en la nave",
        "que hay junto al faro.",
        "El farero tiene la llave y la presta a quien la pide.",
    )
    drawn = lines(60, 700, *left[:3], size=9) + lines(60, 650, left[3], size=9)
    drawn += lines(320, 714, *right[:2], size=9) + lines(320, 678, right[2], size=9)
    text = read(at(60, 760, "La cofradía", 18, "F2") + drawn).text
    assert " ".join(left[:3]) in text
    assert " ".join((left[3], *right[:2])) in text


def test_a_lettered_list_beside_a_column_of_prose_is_no_table() -> None:
    items = (
        ("Cuando la barca se presta a quien no", "es socio, o este la alquila a otro sin", "que lo sepa la cofradía, o cuando ella", "va y viene del muelle con más gente a", "bordo de las 6 que caben."),
        ("When the boat is taken out in the dark", "without a lamp at the bow, or astern,", "and nobody on the pier has been told", "when it will be back, nor how many go", "out in it."),
        ("Cuando se navega con la bandera roja", "en el muelle, aunque haya poca mar, o", "el patrón duerme a bordo y no hay una", "persona más que vele por la barca ni", "por las redes."),
    )  # fmt: skip
    heads = ("LO QUE NO SE CUBRE", "La cofradía no responde de los daños en estos casos:")
    prose = ("El socio avisa a la cofradía del daño el día", "que lo ve, y lleva la barca a la nave, donde", "la mira el carpintero, que dice lo que vale", "to mend it. The board reads what he writes", "and pays within a month, unless the boat", "was lent to somebody else, for then nothing", "is paid at all and the deposit is kept, as", "el artículo anterior dice. Si nadie avisa no", "se paga nada, salvo que la mar lo impida y", "se pruebe con el parte del faro, que se pide", "al farero en la caseta del muelle viejo, los", "days on which he is there. Whoever needs it", "sooner asks the board for form 12, and gets", "it in a letter that goes with the boat on", "Monday, when the sea allows. Las cartas que", "no se recogen en un mes se devuelven a quien", "las mandó, con una nota.")  # fmt: skip
    drawn = lines(60, 700, *heads, size=9) + lines(320, 700, *prose, size=9)
    y = 700 - 2 * 14
    for letter, item in zip("abc", items, strict=True):
        drawn += at(66, y, f"{letter})", 9) + lines(125, y, *item, size=9)
        y -= 14 * len(item)
    document = read(drawn)
    found = [document.text[b.start : b.end] for b in document.blocks if b.kind == "item"]
    assert found == [f"{x}) {' '.join(one)}" for x, one in zip("abc", items, strict=True)]
    assert not any(block.kind == "row" for block in document.blocks)


def test_a_number_in_larger_letters_makes_no_heading_of_its_item() -> None:
    items = (
        ("Bring the key of the boathouse back on", "the day after the regatta."),
        ("Lavar las velas con agua dulce antes de", "guardarlas en el armario."),
        ("Leave no rope on the jetty, not even when", "it is wet or belongs to nobody."),
    )
    drawn = at(60, 760, "De quien usa el cobertizo se espera:")
    for n, both in enumerate(items):
        drawn += at(60, 730 - 40 * n, f"{n + 1})", 14) + lines(90, 730 - 40 * n, *both)
    document = read(drawn)
    assert [h.text for h in document.headings] == []
    assert [document.text[b.start : b.end] for b in document.blocks if b.kind == "item"] == [
        f"{n + 1}) {' '.join(both)}" for n, both in enumerate(items)
    ]


def test_a_line_without_tall_letters_is_as_large_as_the_others() -> None:
    # A font that says it rises less than its letters do has letters of as many heights as they are
    low = "<< /Type /FontDescriptor /FontName /Acme /Flags 32 /Ascent 420 /Descent -120 /ItalicAngle 0 /StemV 80 /FontBBox [0 -200 900 800] >>"
    font = "<< /Type /Font /Subtype /TrueType /BaseFont /Acme /Encoding /WinAnsiEncoding /FontDescriptor 6 0 R >>"
    drawn = lines(
        60,
        700,
        "Los porteros del local, quienes llegan tarde al ensayo, no",
        "nos reservan a nosotros nuestros asientos caros, y un",
        "vigilante los abre. The doors are shut at half past eight.",
        step=13,
    )
    document = read(drawn, extra=(low, font), of_page="/Resources << /Font << /F1 7 0 R >> >>")
    assert [block.kind for block in document.blocks] == ["paragraph"]
    assert "no nos reservan a" in document.text


def test_names_and_values_over_a_table_are_labels_and_the_table_has_its_header() -> None:
    lefts = (60, 170, 260, 350)
    drawn = at(60, 740, "Muelle:") + at(170, 740, "Santa Olaja")
    drawn += at(60, 726, "Day:") + at(170, 726, "Sunday")
    table = [("Barca", "Sale", "Returns", "Plazas")]
    table += [(f"Nutria {n}", f"{9 + n}.15", f"{11 + n}.40", f"{20 + n}") for n in range(5)]
    for n, row in enumerate(table):
        drawn += "".join(at(x, 712 - 14 * n, cell) for x, cell in zip(lefts, row, strict=True))
    document = read(drawn)
    labels = [b.cells for b in document.blocks if b.kind == "label"]
    assert [[document.text[a:b] for a, b in cells or ()] for cells in labels] == [
        ["Muelle", "Santa Olaja"],
        ["Day", "Sunday"],
    ]
    assert rows(document)[0] == (1, "Barca | Sale | Returns | Plazas")
    assert [level for level, _ in rows(document)] == [1, 0, 0, 0, 0, 0]


def test_hours_below_hours_begin_a_row_though_the_rule_between_them_is_missing() -> None:
    said = [
        ("09:00 - 09:45", "Opening by the mayor", "Sala Norte"),
        ("09:50 - 10:30", "Cómo se talla un remo", "Taller"),
        ("10:30 - 11:00", "Tea and biscuits", "Patio"),
        ("11:00 - 12:15", "La sal y las redes", "Sala Norte"),
        ("12:20 - 13:00", "Knots for beginners", "Taller"),
    ]
    rules = "".join(f"50 {y} m 500 {y} l S\n" for y in (714, 698, 650, 634, 618))
    drawn = "".join(
        at(x, 702 - 16 * n, cell)
        for n, row in enumerate(said)
        for x, cell in zip((60, 170, 360), row, strict=True)
    )
    assert [text for _, text in rows(read(rules + drawn))] == [" | ".join(row) for row in said]


def test_a_heading_with_a_roman_number_over_numbered_items_is_no_table() -> None:
    drawn = at(60, 760, "Normas del palomar", 18, "F2")
    drawn += at(60, 700, "VII.", font="F2") + at(110, 700, "Del grano y del agua", font="F2")
    for n, said in enumerate(("El grano se guarda en seco.", "Water is changed every morning.")):
        drawn += at(60, 680 - 20 * n, f"{n + 1}.") + at(110, 680 - 20 * n, said)
    document = read(drawn)
    assert rows(document) == []
    assert "VII. Del grano y del agua\n" in document.text
    assert "2. Water is changed every morning." in document.text


@pytest.mark.parametrize("mark", ["[a]", "[8]", "[9][12]"])
def test_the_mark_of_a_comment_stands_at_its_word_and_parts_no_sentence(mark: str) -> None:
    drawn = at(60, 700, "El barco sale a las siete, salvo")
    drawn += at(60, 685, "in heavy fog or snow") + at(161, 689, mark, 6.6)
    drawn += at(150 + 4 * len(mark) + 10, 685, ", y vuelve a las nueve.")
    drawn += at(60, 640, f"{mark} The harbour master decides.")
    text = read(drawn).text
    assert text.startswith(f"El barco sale a las siete, salvo in heavy fog or snow{mark}")
    assert f"\n\n{mark} The harbour master decides." in text


def test_a_large_number_beside_a_paragraph_is_no_word_of_it() -> None:
    drawn = at(110, 700, "Sign up", 16, "F2")
    drawn += at(110, 680, "Rellena la hoja y déjala en el buzón de")
    drawn += at(70, 672, "3", 30, "F2") + at(110, 665, "la portería antes del lunes.")
    text = read(drawn + at(60, 600, " ".join(LEFT), 11)).text
    assert "en el buzón de la portería antes del lunes." in text
    assert "3" in text


def test_the_first_section_in_large_letters_is_no_title() -> None:
    drawn = at(60, 760, "II. De quien se apunta", 16, "F2") + lines(60, 730, *LEFT)
    drawn += at(60, 640, "III. What is paid", 16, "F2") + lines(60, 610, *RIGHT)
    drawn += at(60, 520, "IV. De las llaves", 16, "F2") + lines(60, 490, *LEFT)
    assert "De quien se apunta" not in read(drawn).title


_SHORT = ("La sala de lectura abre por la mañana y se cierra los sábados y", "las fiestas, y nadie puede entrar en ella con paraguas ni bolsas.")  # fmt: skip


@pytest.mark.parametrize(
    "foot",
    [
        "Impreso el 12/03/2024 10:4{n}",
        "Printed on Tuesday, March 12, 2024 at 10:4{n} AM - page {n} of 3",
        "Documento generado el 12 de marzo de 2024 a las 10:41 h por jlopez - Hoja {n}",
        "Fecha y hora de impresión: 12-mar-2024 10:41:0{n}",
    ],
)
@pytest.mark.parametrize("size", [8, 11])
def test_the_time_of_printing_is_no_text_and_parts_no_sentence(foot: str, size: float) -> None:
    pages = (
        lines(60, 780, *_SHORT * 15, "Los libros que se piden se entregan a los lectores en un"),
        lines(60, 780, "plazo de veinte minutos.", *_SHORT * 15),
        lines(60, 780, *_SHORT * 15),
    )
    document = read(*(page + at(60, 30, foot.format(n=n), size) for n, page in enumerate(pages, 1)))
    assert "a los lectores en un plazo de veinte minutos." in document.text
    assert "10:4" not in document.text
    assert {one.reason for one in document.left_out} == {"time of printing"}


def test_what_a_browser_prints_over_a_page_is_no_text_and_a_time_in_the_text_is() -> None:
    page = at(60, 815, "12/3/24, 10:41", 8) + at(250, 815, "Reading rooms", 8)
    page += at(60, 20, "https://example.org/rooms", 8) + at(520, 20, "1/1", 8)
    assert "10:41" not in read(page + lines(60, 780, *_SHORT)).text
    for said in ("12/03/2024 10:41 Entrada de Juan", "El libro fue impreso el 12/03/2024 a las 10:41 en Soria."):  # fmt: skip
        assert said in read(lines(60, 780, said, *_SHORT)).text


def test_pages_of_a_preface_are_numbered_in_small_roman_numbers() -> None:
    document = read(*(lines(60, 780, *_SHORT) + at(290, 40, n) for n in ("iv", "v", "vi")))
    assert document.text == "\n\n".join([" ".join(_SHORT)] * 3)


_HALVES = ("Los libros que se piden en el mostrador se entregan en un plazo de", "veinte minutos y se devuelven por la tarde.")  # fmt: skip
_PRICES = (("Sala", "Mañana", "Tarde"), ("Grande", "40,00", "55,00"), ("Pequeña", "15,50", "20,00"))


@pytest.mark.parametrize(
    ("foot", "head"),
    [
        (at(60, 60, "Fuente: memoria del archivo, 2023.", 8), ""),
        (at(60, 60, "1 Según el acuerdo de la junta de mayo."), ""),
        (at(60, 60, "Calle Mayor 3, 40001 Segovia"), ""),
        ("", at(200, 810, "Figura 2. Plano de la sala", 9)),
        ("", at(200, 810, "Table 2. Plan of the room")),
        ("", "".join(at(60 + 120 * k, 830 - 12 * n, c) for n, r in enumerate(_PRICES) for k, c in enumerate(r))),
    ],
)  # fmt: skip
def test_notes_captions_and_tables_at_the_edge_of_pages_part_no_sentence(
    foot: str, head: str
) -> None:
    document = read(
        lines(60, 780, *_SHORT * 10, _HALVES[0]) + foot,
        head + lines(60, 780, _HALVES[1], *_SHORT * 10),
    )
    assert " ".join(_HALVES) in document.text
    assert document.text.count("\n\n") >= 1


def test_a_note_below_the_first_of_two_columns_parts_no_sentence() -> None:
    left = ("El club presta palas a los", "socios durante un mes, y", "cada uno paga una fianza de")
    right = ("veinte euros al recogerlas. El", "frontón se alquila por horas,", "y la luz se paga aparte.")  # fmt: skip
    note = at(60, 640, "1 Según el acuerdo.", 8)
    text = read(lines(60, 700, *left) + note + lines(320, 700, *right)).text
    assert " ".join((*left, *right)) in text


def test_a_sentence_that_goes_on_in_brackets_or_quotation_marks_overleaf_is_whole() -> None:
    for last, first in (
        ("La azotea se cierra con llave todas las noches del año", "(salvo en agosto) a las nueve y media."),
        ("The chairman said that the roof would be locked", "“at half past nine”, and nothing else."),
    ):  # fmt: skip
        text = read(lines(60, 780, *_SHORT * 10, last), lines(60, 780, first, *_SHORT * 10)).text
        assert f"{last} {first}" in text


def test_halves_of_a_sentence_that_sheets_for_many_people_have_overleaf_stay() -> None:
    pages = []
    for name in ("Ana", "Luis", "Marta"):
        pages.append(
            at(60, 780, f"Ficha de {name}", 14, "F2") + lines(60, 750, *_SHORT)
            + at(60, 60, "Parents who are late to collect their child must telephone the")
        )  # fmt: skip
        pages.append(
            at(60, 780, "office of the school before two o'clock.") + lines(60, 740, *_SHORT)
        )
    said = "must telephone the office of the school before two o'clock."
    assert read(*pages).text.count(said) == 3


def test_a_line_far_below_the_middle_of_a_phrase_is_none_of_it() -> None:
    text = read(lines(60, 780, *_SHORT, "Tipo de") + at(60, 500, "Firma del padre")).text
    assert "Tipo de\n\nFirma del padre" in text


def test_the_columns_of_an_alphabetical_index_are_read_one_after_the_other() -> None:
    left = ("abejas, 3, 18", "barns, 7–9", "  of stone, 8", "carros, 12", "ducks, 4", "eras, 5, 9")
    right = (
        "fairs, 6",
        "gallinas, 14",
        "hornos, 15",
        "  de pan, 16",
        "inns, see taverns",
        "lakes, 2",
    )
    entries = at(60, 740, "Index", 16, "F2") + lines(60, 700, *left) + lines(320, 700, *right)
    text = " ".join(read(entries).text.split())
    assert text == " ".join(" ".join(("Index", *left, *right)).split())
    prices = ("Té, 3", "Queso, 4", "Agua, 2", "Miel, 9", "Zumo, 5", "Pan, 1")
    rows = read(lines(60, 700, *prices) + lines(320, 700, *right)).text
    assert "Té, 3 | fairs, 6" in rows


def test_days_and_hours_over_the_pages_of_a_diary_stay() -> None:
    document = read(*(at(60, 800, f"1{n}/03/2024 10:{n}0") + lines(60, 760, *_SHORT) for n in range(4)))  # fmt: skip
    assert [f"1{n}/03/2024 10:{n}0" in document.text for n in range(4)] == [True] * 4


_BOX = "<< /Type /XObject /Subtype /Form /BBox [0 0 200 20] /Resources << /Font << /Helv 3 0 R >> >> /Length 70 >> stream\nBT /Helv 11 Tf 2 5 Td (Signed by Ana Gil on 3 May.) Tj ET            \nendstream"


@pytest.mark.parametrize(
    ("kind", "of_file"),
    [
        ("/FreeText /DA (/Helv 11 Tf 0 g)", ""),
        ("/FreeText /Contents () /DA (/Helv 11 Tf 0 g)", ""),
        ("/Widget /FT /Sig /T (s)", "/AcroForm << /Fields [7 0 R 8 0 R] >>"),
        ("/Stamp /Name /Approved /Contents (Approved)", ""),
    ],
)
def test_what_only_the_appearance_of_a_text_box_a_stamp_or_a_signature_says_is_text(
    kind: str, of_file: str
) -> None:
    field = (
        "<< /Type /Annot /Subtype /Widget /FT /Tx /T (a) /V (Soria) /Rect [120 695 300 715] /F 4 >>"
    )
    for flags, seen in (("4", True), ("2", False)):
        box = f"<< /Type /Annot /Subtype {kind} /Rect [60 640 260 660] /F {flags} /AP << /N 6 0 R >> >>"
        document = read(
            at(60, 700, "Province:"),
            extra=[_BOX, box, field],
            of_page="/Annots [7 0 R 8 0 R]",
            of_file=of_file or "/AcroForm << /Fields [8 0 R] >>",
        )
        assert document.text.startswith("Province: Soria")
        assert ("Signed by Ana Gil on 3 May." in document.text) is seen


def test_the_label_of_a_field_of_several_lines_may_stand_beside_its_middle() -> None:
    fields = [
        "<< /Type /Annot /Subtype /Widget /FT /Tx /T (a) /V (QK77) /Rect [220 695 350 713] /F 4 >>",
        "<< /Type /Annot /Subtype /Widget /FT /Ch /Ff 2097152 /T (b) /V [(Tue) (Sat)] /Opt [(Tue) (Sat) (Sun)] /I [0 1] /Rect [220 630 350 690] /F 4 >>",
    ]
    document = read(
        at(60, 700, "Número de socio:") + at(60, 660, "Days offered:"),
        extra=fields,
        of_page="/Annots [6 0 R 7 0 R]",
        of_file="/AcroForm << /Fields [6 0 R 7 0 R] >>",
    )
    assert [[document.text[a:b] for a, b in x.cells] for x in document.blocks if x.cells] == [
        ["Número de socio", "QK77"],
        ["Days offered", "Tue, Sat"],
    ]


_OPTIONS = "/Opt [[(a1) (Ma\\361ana, de 9 a 14)] [(b2) (Tarde, de 16 a 20)] [(c3) (Night shift)]]"


@pytest.mark.parametrize(
    ("field", "said"),
    [
        (f"/FT /Ch /Ff 131072 /V (b2) {_OPTIONS}", "Turno: Tarde, de 16 a 20"),
        (f"/FT /Ch /Ff 393216 /V (otro) {_OPTIONS}", "Turno: otro"),
        (f"/FT /Ch /Ff 2097152 /V [(a1) (c3)] {_OPTIONS}", "Turno: Mañana, de 9 a 14, Night shift"),
        ("/FT /Ch /Ff 131072 /V (Tarde) /Opt [(Tarde) (Night)]", "Turno: Tarde"),
        ("/FT /Tx /Ff 8192 /V (secreto)", "Turno:"),
    ],
)
def test_what_is_chosen_of_a_list_is_said_as_the_list_shows_it(field: str, said: str) -> None:
    widget = f"<< /Type /Annot /Subtype /Widget /T (t) /Rect [120 695 400 715] /F 4 {field} >>"
    document = read(
        lines(60, 700, "Turno:", "Se ruega puntualidad.", step=20),
        extra=[widget],
        of_page="/Annots [6 0 R]",
        of_file="/AcroForm << /Fields [6 0 R] >>",
    )
    assert document.text.split("\n")[0] == said


def test_fields_of_a_file_that_lost_its_form_when_files_were_merged_keep_their_values() -> None:
    widget = (
        "<< /Type /Annot /Subtype /Widget /FT /Tx /T (t) /V (Soria) /Rect [120 695 300 715] /F 4 >>"
    )
    text = read(at(60, 700, "Province:"), extra=[widget], of_page="/Annots [6 0 R]").text
    assert text == "Province: Soria"


@pytest.mark.parametrize("colour", ["0.85 g", "0.8 0.85 1 rg", "0 0 0 0.15 k"])
@pytest.mark.parametrize(("y", "size"), [(300, 60), (690, 30)])
def test_large_pale_words_are_a_watermark_though_they_are_upright(
    colour: str, y: float, size: float
) -> None:
    mark = f"q {colour} {at(150, y, 'BORRADOR', size, 'F2')} Q\n"
    for drawn in (mark + lines(60, 700, *_SHORT * 3), lines(60, 700, *_SHORT * 3) + mark):
        document = read(drawn)
        assert document.text == " ".join(_SHORT * 3)
        assert document.left_out == (LeftOut("BORRADOR", 1, "watermark"),)


def test_pale_words_on_several_pages_or_over_all_of_one_are_a_watermark() -> None:
    mark = "q 0.85 g " + at(60, 760, "DRAFT", 24, "F2") + "Q\n"
    text = read(*(mark + lines(60, 700, *_SHORT) for _ in range(2))).text
    assert text == "\n\n".join([" ".join(_SHORT)] * 2)
    tiles = "".join(at(60 + 150 * n % 450, 690 - 9 * n, "copia.example", 11) for n in range(6))
    assert read(f"q 0.85 g {tiles} Q\n" + lines(60, 700, *_SHORT * 3)).text == " ".join(_SHORT * 3)


def test_pale_words_on_a_dark_ground_and_those_that_are_not_pale_are_text() -> None:
    title = "q 0.1 0.2 0.5 rg 50 740 500 60 re f 0.9 g " + at(60, 760, "Escuela", 36, "F2") + "Q\n"
    assert "Escuela" in read(title + lines(60, 700, *_SHORT * 3)).text
    title = "q 0.6 0.7 0.9 rg " + at(60, 760, "Escuela", 36, "F2") + "Q\n"
    assert "Escuela" in read(title + lines(60, 700, *_SHORT * 3)).text


@pytest.mark.parametrize(
    "shape",
    ["{n} {t}", "{n} ........ {t}", "p. {n} {t}", "{n} – {t}", "{t} (page {n})", "{n}|{t}"],
)
def test_contents_may_have_the_number_of_the_page_first(shape: str) -> None:
    titles = (("1. Opening hours", 3), ("2. Multas por retraso", 5), ("3. Lost books", 8))
    drawn = at(60, 740, "Contents", 16, "F2")
    for n, (title, page) in enumerate(titles):
        for k, cell in enumerate(shape.format(n=page, t=title).split("|")):
            drawn += at(60 + 40 * k, 700 - 16 * n, cell)
    document = read(drawn + lines(60, 600, "9 personas caben en la sala de lectura.", *_SHORT))
    kinds = [block.kind for block in document.blocks]
    assert kinds.count("contents") == 3
    assert kinds[-1] == "paragraph"


def test_dots_may_lead_from_the_page_to_its_title_without_a_head() -> None:
    document = read(lines(60, 700, "4 ..... Plazos", "6 ..... Fines", "9 ..... Carnés"), lines(60, 700, *_SHORT))  # fmt: skip
    assert [block.kind for block in document.blocks].count("contents") == 3


_FULL = ("El taller de cerámica abre los", "martes por la tarde, y quien lo", "pida antes del lunes no paga por", "el barro ni por el horno. Los", "esmaltes se venden en la misma", "sala, y las piezas se recogen a", "la semana siguiente en la caja.")  # fmt: skip
_ALSO = ("The library lends bicycles for", "a whole week, but the bell has", "to be brought back by itself in", "a small bag made of brown felt.", "readers who lose it pay for one", "and wait for a month until they", "are lent a bicycle again there.")  # fmt: skip


@pytest.mark.parametrize("n_last", [2, 3, 7])
@pytest.mark.parametrize("by_row", [True, False])
def test_the_last_of_three_columns_may_have_two_lines(n_last: int, by_row: bool) -> None:
    columns = (_FULL, _ALSO, _FULL[:n_last])
    places = [(x, 700 - 13 * n, line) for x, column in zip((40, 215, 390), columns, strict=True) for n, line in enumerate(column)]  # fmt: skip
    places.sort(key=lambda place: (-place[1], place[0]) if by_row else (0, 0))
    text = read("".join(at(x, y, line, 9) for x, y, line in places)).text
    assert text == "\n\n".join(" ".join(column) for column in columns)


def test_lines_of_three_columns_that_end_alike_are_columns() -> None:
    columns = (("El club presta raquetas a los", "socios durante un mes, y cada", "uno paga una fianza al club.."), ("La piscina abre en verano los", "días de labor por la mañana y", "los de fiesta todo el día...."), ("y la luz se paga en la caja alta", "y en la caja alta se paga la luz", "la luz y la caja alta se paga en"))  # fmt: skip
    drawn = "".join(
        at(40 + 175 * k, 700 - 13 * n, line, 9)
        for n in range(3)
        for k, line in enumerate(c[n] for c in columns)
    )
    text = read(drawn).text
    assert all(" ".join(column[:2]) in text for column in columns)


@pytest.mark.parametrize("mark", ["{}:", "{}.", "{})"])
def test_numbers_of_lines_may_have_a_sign_behind_them(mark: str) -> None:
    drawn = "".join(
        at(35, 700 - 14 * n, mark.format(n + 1)) + at(60, 700 - 14 * n, line)
        for n, line in enumerate(_SHORT * 4)
    )
    assert read(drawn).text == " ".join(_SHORT * 4)
    items = "".join(
        at(35, 700 - 14 * n, mark.format(n + 1)) + at(60, 700 - 14 * n, f"Norma de la sala {word}")
        for n, word in enumerate(("grande", "small", "alta", "blue", "fría", "old"))
    )
    assert mark.format(3) in read(items).text


@pytest.mark.parametrize(
    ("head", "size"),
    [("Expediente {}", 11), ("Day {}", 11), ("Factura 2024/{}", 11), ("Total: {},00 EUR", 11), ("Expediente n.º 4{}", 11), ("202{}", 14)],
)  # fmt: skip
def test_what_each_page_is_about_may_count_as_the_pages_do(head: str, size: float) -> None:
    pages = (
        at(60, 800, head.format(n), size)
        + lines(60, 760, f"Solicita {name} una ayuda.", "It is granted.")
        for n, name in enumerate(("Ana", "Luis", "Eva", "Juan"), 1)
    )
    text = read(*pages).text
    assert [head.format(n) in text for n in range(1, 5)] == [True] * 4


@pytest.mark.parametrize(
    "foot", ["Reglamento {}", "Rules - {}", "Hoja {}", "Seite {}", "Página | {}"]
)
def test_a_foot_that_counts_with_the_pages_and_stands_within_a_sentence_is_none_of_it(
    foot: str,
) -> None:
    pages = (
        lines(60, 780, *_SHORT * 10, "La azotea se cierra con llave todos los días a las"),
        lines(60, 780, "nueve de la noche.", *_SHORT * 10),
        lines(60, 780, *_SHORT * 10),
    )
    text = read(*(page + at(290, 40, foot.format(n)) for n, page in enumerate(pages, 1))).text
    assert "a las nueve de la noche." in text
    assert foot.format(2) not in text


def test_the_domain_of_a_mailbox_keeps_its_hyphen_at_a_line_end() -> None:
    text = read(lines(60, 700, "Write to ana@club-", "raquetas.example before Monday.")).text
    assert text == "Write to ana@club-raquetas.example before Monday."


@pytest.mark.parametrize(
    ("last", "first", "font"),
    [
        ("Artículo 7. La azotea se cierra con llave a las", "nueve de la noche.", "F1"),
        ("Section 5. The swimming pool of the house is open from", "ten in the morning until eight.", "F1"),
        ("Las fiestas en el local se piden al presidente con", "una semana de antelación.", "F2"),
    ],
)  # fmt: skip
def test_the_half_of_a_sentence_that_goes_on_overleaf_is_no_heading(
    last: str, first: str, font: str
) -> None:
    document = read(
        lines(60, 780, *_SHORT * 10) + at(60, 480, last, font=font),
        at(60, 780, first, font=font) + lines(60, 740, *_SHORT * 10),
    )
    whole = f"{last} {first}"
    kind = next(
        block.kind
        for block in document.blocks
        if document.text[block.start : block.end].endswith(whole[-20:])
    )
    assert whole in document.text
    assert kind == "paragraph"


def test_frames_of_prose_that_stand_close_are_read_one_after_the_other() -> None:
    drawn, told = "", []
    for x, width, sizes in ((40, 246, (5, 4, 3)), (290, 260, (3, 6, 3))):
        y = 780
        for n in sizes:
            said = (f"Of the boat {x + n} it is said that", *PROSE_RIGHT[: n - 1])
            y -= 14 * n + 16
            drawn += framed(x, y, width, 14 * n + 12) + lines(x + 8, y + 14 * n - 3, *said, size=10)
            told.append(" ".join(said))
    across = "A frame below goes all the way across, three points under those above it, with a line"
    drawn += framed(40, 510, 510, 50) + lines(48, 546, across, across, across, size=10)
    document = read(drawn)
    assert not rows(document)
    assert all(one in document.text for one in told)


def test_a_running_head_narrows_no_columns_below_it() -> None:
    head = at(60, 790, "Gaceta del Río 12", 9, "F2") + at(
        237, 790, "Martes, 4 de mayo de 2031", 9, "F2"
    )
    head += at(500, 790, "1203", 9, "F2")
    page = head + lines(60, 765, *PROSE_LEFT * 3, size=10)
    page += lines(320, 765, *PROSE_RIGHT * 3, size=10)
    document = read(page)
    assert not rows(document)
    assert document.text.count(" ".join(PROSE_RIGHT)) == 3
    assert document.text.index("two euros more") < document.text.index(PROSE_RIGHT[0])


def test_specks_at_the_edge_of_a_scan_leave_its_columns() -> None:
    page = lines(60, 765, *PROSE_LEFT, size=10) + lines(300, 765, *PROSE_RIGHT, size=10)
    page += "".join(at(545, 765 - 14 * n, ("~;:'", ".,-;", ":~.'")[n % 3], 8) for n in range(0, 10, 2))  # fmt: skip
    document = read(page)
    assert not rows(document)
    assert " ".join(PROSE_RIGHT[:3]) in document.text


def posts(x: Sequence[float], low: float, high: float) -> str:
    return "".join(f"{a} {low} m {a} {high} l S\n" for a in x)


def tables(document: Document) -> list[list[str]]:
    """The rows of each table."""
    return [
        [
            document.text[b.start : b.end]
            for b in document.blocks
            if b.parent == n and b.kind == "row"
        ]
        for n, table in enumerate(document.blocks)
        if table.kind == "table"
    ]


def test_upright_rules_part_columns_that_touch() -> None:
    x = (60, 160, 240, 320, 420)
    drawn = posts(x, 628, 718) + "".join(f"60 {y} m 420 {y} l S\n" for y in (718, 700, 682, 664, 646, 628))  # fmt: skip
    table = (("Curso", "Cuota socios", "Cuota invitados", "Sala"), ("Torno de alfarero", "9 euros al mes", "14 euros", "Patio"), ("Encuadernación", "7 euros", "", "Desván"), ("Bordado y costura", "8 euros al mes", "12 euros al mes", ""), ("Cerámica", "6 euros", "11 euros", "Patio"))  # fmt: skip
    for n, cells in enumerate(table):
        for a, cell in zip(x, cells, strict=False):
            drawn += at(a + 3, 705 - 18 * n, cell, 10.5)
    assert [said for _, said in rows(read(drawn))] == [
        "Curso | Cuota socios | Cuota invitados | Sala",
        "Torno de alfarero | 9 euros al mes | 14 euros | Patio",
        "Encuadernación | 7 euros | | Desván",
        "Bordado y costura | 8 euros al mes | 12 euros al mes",
        "Cerámica | 6 euros | 11 euros | Patio",
    ]


@pytest.mark.parametrize("is_ruled", [True, False])
def test_a_table_that_goes_on_overleaf_keeps_the_names_of_its_columns(is_ruled: bool) -> None:
    x = (60, 200, 300, 420)
    pages = []
    for first in (0, 4):
        page = ""
        named = (("Barca", "Socios", "Guests"),) if not first else ()
        table = (*named, *((f"Barca {n + 1}", f"{n + 3} €", f"{n + 8} €") for n in range(first, first + 4)))  # fmt: skip
        if is_ruled:
            page += ruled(x, 715) + "".join(ruled(x, 697 - 18 * n) for n in range(len(table)))
        for n, cells in enumerate(table):
            font = "F2" if cells[0] == "Barca" else "F1"
            page += "".join(at(a + 3, 702 - 18 * n, cell, font=font) for a, cell in zip(x, cells, strict=False))  # fmt: skip
        pages.append(page)
    whole = tables(read(*pages))
    assert [len(table) for table in whole] == [9]
    other = pages[1].replace("Barca 5", "Vela").replace("(7 €)", "(Abril)")
    assert [len(table) for table in tables(read(pages[0], at(60, 740, LONG) + other))] == [5, 4]


# What is wrong with a boat, and why
FAULTS = (
    ("{} takes in water", ("A plank is loose: drive in a wedge from the left.", "The seam is dry: tar it once in May, by daylight.", "Falta la tapa: busca otra en el almacén del faro.")),
    ("No gira", ("La cuerda está rota: cámbiala por la de cáñamo.", "Hay algas en el eje: quítalas con la hoz pequeña.")),
    ("No cierra", ("La bisagra roza: ponle grasa y espera media hora.", "The latch is bent: knock it straight on the quay.")),
    ("Does not float", ("There is sand in it: shovel it out at low water.", "Falta aire en el flotador: hínchalo con la bomba.", "The keel is off: bring the boat to the yard by cart.")),
    ("The oar is heavy and wet by now", ("It was not dried: leave it in the sun for a week.", "El mango es de roble: pide otro más ligero a Rosa.", "Someone swapped it: ask the keeper for the list.")),
)  # fmt: skip


def faults_on(boat: str) -> str:
    """A page of a table with keys that reach over several rows, which no rule parts; the last one has no rule below it."""
    x, y = (60, 171, 540), 760
    drawn = ruled(x, y + 12) + at(64, y, "Fault", 9.5, "F2") + at(180, y, "Why and what", 9.5, "F2")
    for key, causes in FAULTS:
        drawn += ruled(x, y - 6)
        key = key.format(boat).replace("heavy and ", "heavy and\n")
        drawn += lines(64, y - 18, *key.split("\n"), step=12)
        for n, cause in enumerate(causes):
            y -= 18
            drawn += ruled(x, y + 12, (0,)) if n else ""
            drawn += at(173 if "\n" in key else 180, y, f"{cause} {boat}")
    return drawn


def test_a_long_table_whose_keys_reach_over_rows_is_one_with_its_header_said_once() -> None:
    boats = ("Alba", "Brisa", "Calma", "Duna", "Estela")
    document = read(*map(faults_on, boats))
    said = [(boat, key, cause) for boat in boats for key, causes in FAULTS for cause in causes]
    assert tables(document) == [
        ["Fault | Why and what", *(f"{key.format(b)} | {cause} {b}" for b, key, cause in said)]
    ]
    assert document.left_out == ()


def test_numbered_steps_beside_pictures_are_read_column_by_column() -> None:
    left = ("2. Saca la vela del cofre y", "sacúdela en el muelle.", "3. Átala con la cuerda azul.", "4. Mira el viento.")  # fmt: skip
    right = ("5. Raise the small sail at the", "stern of the boat.", "6. Cast off.", "7. Steer by the lighthouse.")  # fmt: skip
    heights = (700, 686, 570, 440)
    drawn = "".join(at(60 + 12 * (n == 1), y, left[n]) for n, y in enumerate(heights))
    drawn += "".join(at(320 + 12 * (n == 1), y - 9 * (n > 1), right[n]) for n, y in enumerate(heights))  # fmt: skip
    assert items_of(read(drawn)) == [
        "2. Saca la vela del cofre y sacúdela en el muelle.",
        *left[2:],
        "5. Raise the small sail at the stern of the boat.",
        *right[2:],
    ]


def test_steps_that_go_on_beside_the_text_that_they_begin_below_are_no_cells() -> None:
    drawn = lines(60, 700, *LEFT, "1. Abre la llave del agua.")
    drawn += lines(320, 700, "2. Raise the lid.", "3. Pour in one jug of cold water", "and wait.", "4. Stir it.", "5. Cierra la tapa.")  # fmt: skip
    document = read(drawn)
    assert items_of(document) == ["1. Abre la llave del agua.", "2. Raise the lid.", "3. Pour in one jug of cold water and wait.", "4. Stir it.", "5. Cierra la tapa."]  # fmt: skip
    assert " ".join(LEFT) in document.text


def test_a_number_in_smaller_letters_makes_no_note_of_its_step() -> None:
    drawn = lines(60, 760, *[LONG] * 4, step=16)
    for n, said in enumerate(("Cierra la llave.", "Take out the drawer.", "Vacía el cubo.")):
        drawn += (
            f"BT /F1 9.5 Tf 1 0 0 1 60 {680 - 16 * n} Tm ({n + 1}. ) Tj /F1 11 Tf ({said}) Tj ET\n"
        )
    assert items_of(read(drawn)) == ["1. Cierra la llave.", "2. Take out the drawer.", "3. Vacía el cubo."]  # fmt: skip


def test_rows_in_one_box_are_told_by_the_figures_of_a_column() -> None:
    drawn = "".join(f"50 {y} m 520 {y} l S\n" for y in (718, 700, 596))
    drawn += at(60, 705, "Ref.") + at(120, 705, "What it is") + at(440, 705, "Price")
    y = 686
    for n, said in enumerate((("Rope of hemp",), ("A lamp for the landing stage that", "is lit by the master at dusk"), ("Bell",), ("Oar",), ("A flag of red cloth",))):  # fmt: skip
        drawn += at(60, y, f"K-{n}") + lines(120, y, *said) + at(440, y, f"{n + 2},50 €")
        y -= 14 * len(said) + 1
    drawn += at(60, 584, "All") + at(440, 584, "22,50 €") + "50 576 m 520 576 l S\n"
    assert [said for _, said in rows(read(drawn))][1:-1] == [
        "K-0 | Rope of hemp | 2,50 €",
        "K-1 | A lamp for the landing stage that is lit by the master at dusk | 3,50 €",
        "K-2 | Bell | 4,50 €",
        "K-3 | Oar | 5,50 €",
        "K-4 | A flag of red cloth | 6,50 €",
    ]


def test_a_key_beside_several_rows_is_read_with_each() -> None:
    x = (60, 160, 300, 400, 520)
    drawn = posts(x, 610, 718) + "".join(f"60 {y} m 520 {y} l S\n" for y in (718, 700, 664, 628, 610))  # fmt: skip
    drawn += "".join(f"160 {y} m 400 {y} l S\n" for y in (682, 646))
    table = ((("Taller", "Turno", "Cuota", "Dónde"), 706), (("", "por la mañana", "9 €", ""), 687), (("", "por la tarde", "7 €", ""), 669), (("", "in the morning", "8 €", ""), 651), (("", "in the evening", "6 €", ""), 633), (("Sewing", "at noon", "4 €", "Attic"), 615))  # fmt: skip
    for cells, y in table:
        drawn += "".join(at(a + 3, y, cell) for a, cell in zip(x, cells, strict=False) if cell)
    for name, place, y in (("Cerámica", "Patio", 678), ("Binding", "Cellar", 642)):
        drawn += at(63, y, name) + at(403, y, place)
    assert [said for _, said in rows(read(drawn))][1:] == [
        "Cerámica | por la mañana | 9 € | Patio",
        "Cerámica | por la tarde | 7 € | Patio",
        "Binding | in the morning | 8 € | Cellar",
        "Binding | in the evening | 6 € | Cellar",
        "Sewing | at noon | 4 € | Attic",
    ]


def test_the_title_over_nothing_but_a_table_is_a_heading() -> None:
    drawn = at(60, 740, "Prices of the river bank 2031", 15)
    for n in range(9):
        drawn += at(60, 700 - 16 * n, f"Boat of {n} oars") + at(300, 700 - 16 * n, f"{n},00 €") + at(420, 700 - 16 * n, "a day")  # fmt: skip
    document = read(drawn)
    assert document.title == "Prices of the river bank 2031"
    assert [h.text for h in document.headings] == ["Prices of the river bank 2031"]


def test_bold_letters_that_close_a_bracket_go_on_with_its_sentence() -> None:
    page = lines(
        60, 740, LONG, "The bell is rung by the guard at eight, and by nobody else. [Amended"
    )
    page += at(60, 712, "3-4-2031, approved 5-6-2031]", font="F2") + at(60, 680, LONG)
    document = read(page)
    assert "nobody else. [Amended 3-4-2031, approved 5-6-2031]" in document.text
    assert not document.headings


def test_small_numbered_capitals_are_headings_and_no_notes() -> None:
    page = ""
    for n, name in enumerate(("DATOS DE LA BARCA", "DESCRIPTION OF THE OARS"), 1):
        page += at(60, 800 - 90 * n, f"{n}. {name}", 8) + lines(60, 780 - 90 * n, LONG, LONG)
    assert [h.text for h in read(page).headings] == ["1. DATOS DE LA BARCA", "2. DESCRIPTION OF THE OARS"]  # fmt: skip


def test_words_set_large_within_a_sentence_make_no_heading_of_their_line() -> None:
    said = ("The society lends its boats to whoever has paid for the year, and also to all of", "their children where they can swim from one bank of the river", "to the other without a rest. Nobody is lent a boat after dusk, and who has", "broken a rudder brings it to the joiner, who sends the bill.")  # fmt: skip
    page = at(60, 740, said[0]) + at(60, 722, said[1], 13.2) + lines(60, 706, *said[2:])
    document = read(page + at(60, 650, LONG) + at(60, 600, LONG))
    assert not document.headings
    assert " ".join(said) in document.text
    title = at(
        60, 780, "A heading that goes on in a line below it and fills all of the first", 13.2
    )
    title += at(60, 764, "of the two", 13.2)
    assert [h.text for h in read(title + lines(60, 730, LONG, LONG, LONG)).headings] == [
        "A heading that goes on in a line below it and fills all of the first of the two"
    ]


@pytest.mark.parametrize(
    ("numbers", "name"), [(("1.2", "2.2", "3.2"), "Duties"), (("3.", "3.", "3."), "")]
)
def test_a_number_and_what_it_counts_stay_together_at_the_edge_of_pages(
    numbers: tuple[str, ...], name: str
) -> None:
    things = ("La barca", "The bell", "El farol")
    pages = [
        at(60, 790, number, font="F2") + at(90, 790, name or f"{thing} es del club.", font="F2")
        + lines(60, 740, f"{thing} belongs to whoever has found it on the river.", "No se presta.")
        for number, thing in zip(numbers, things, strict=True)
    ]  # fmt: skip
    text = read(*pages).text
    for number, thing in zip(numbers, things, strict=True):
        assert f"{number} {name or f'{thing} es del club.'}" in text


def test_bullets_at_the_top_of_pages_are_no_running_heads() -> None:
    pages = [
        at(60, 800, "•") + at(80, 800, f"{thing} belongs to whoever has found it.") + lines(60, 760, LONG, LONG)
        for thing in ("The bell", "La barca", "Each oar", "El farol")
    ]  # fmt: skip
    assert len(items_of(read(*pages))) == 4


@pytest.mark.parametrize(
    "dated",
    ["Last revised May 2031", "Actualizado el 3 de mayo de 2031", "Martes, 4 de mayo de 2031"],
)
def test_when_it_was_written_is_no_title(dated: str) -> None:
    page = at(60, 780, dated, 20) + at(60, 740, "Rules of the landing stage", 20)
    page += lines(60, 700, LONG, LONG, LONG)
    assert read(page).title == "Rules of the landing stage"
    assert read(page, title=dated).title == "Rules of the landing stage"
    monthly = at(60, 780, "Hoja del río, mayo de 2031", 20) + lines(60, 700, LONG, LONG, LONG)
    assert read(monthly).title == "Hoja del río, mayo de 2031"


@pytest.mark.parametrize(
    ("before", "rest", "after"),
    [
        ("Forman parte de la ribera, aunque no se ha dicho aún todo, CANDELAS, LA", "HOYA, NAVAHONDA Y EL CASAR", "y quien quiera más."),
        ("The bank is made of these villages, as far as anybody knows, and of THE", "MILL, THORNBY AND LONG HILL", "and who wants to join."),
    ],
)  # fmt: skip
def test_bold_capitals_that_go_on_in_a_phrase_are_no_heading(before: str, rest: str, after: str) -> None:  # fmt: skip
    page = at(60, 780, "De la ribera", 15) + lines(60, 750, LONG, LONG, before)
    page += at(60, 694, rest, font="F2") + at(60, 680, after) + lines(60, 640, LONG, LONG)
    assert [h.text for h in read(page).headings] == ["De la ribera"]


def test_how_a_document_ends_says_nothing_of_its_first_heading() -> None:
    page = at(60, 780, "Rules of the landing stage", 15) + lines(60, 750, LONG, LONG, LONG)
    page += at(60, 640, "Se firma en la ribera por la mano de la")
    assert [h.text for h in read(page).headings] == ["Rules of the landing stage"]


@pytest.mark.parametrize("beside", [("Importe en euros (con tasas)", 170, 380), ("Fee", 420, 330)])
def test_a_column_whose_numbers_begin_beside_its_name_is_one(beside: tuple[str, float, float]) -> None:  # fmt: skip
    name, left, number = beside
    drawn = at(60, 700, "Barca") + at(left, 700, name)
    for n, (boat, sum_) in enumerate((("Alondra", "120"), ("Nutria", "95"), ("Heron", "240"))):
        drawn += at(60, 684 - 16 * n, boat) + at(number, 684 - 16 * n, sum_)
    assert rows(read(at(60, 740, "Muelle", 16, "F2") + drawn)) == [
        (1, f"Barca | {name}"),
        (0, "Alondra | 120"),
        (0, "Nutria | 95"),
        (0, "Heron | 240"),
    ]


def test_two_names_beside_their_columns_are_of_two() -> None:
    drawn = at(60, 700, "Barca") + at(150, 700, "Importe") + at(289, 700, "Importe con tasas")
    for n, sums in enumerate((("12,50", "22,00"), ("", "31,00"), ("9,75", "18,25"))):
        drawn += at(60, 684 - 16 * n, f"Barca {'ABC'[n]}")
        drawn += "".join(at(x, 684 - 16 * n, s) for x, s in zip((219, 411), sums, strict=True) if s)
    found = rows(read(at(60, 740, "Muelle", 16, "F2") + drawn))
    assert found[1:] == [(0, "Barca A | 12,50 | 22,00"), (0, "Barca B | | 31,00"), (0, "Barca C | 9,75 | 18,25")]  # fmt: skip


def test_of_the_rest_of_a_table_overleaf_credits_and_charges_are_told_apart() -> None:
    def drawn(*table: tuple[str, ...], y: float) -> str:
        return "".join(
            at(x, y - 16 * n, cell)
            for n, row in enumerate(table)
            for x, cell in zip((60, 140, 300, 420), row, strict=True)
            if cell
        )

    first = [("Fecha", "Concepto", "Abono", "Cargo"), ("01/05", "Cuota", "20,00", "")]
    first += [(f"0{n}/05", "Luz", "", f"{n}0,00") for n in (2, 3)]
    second = [("04/05", "Feria", "15,00", ""), ("05/05", "Gas", "", "30,00")]
    second += [("06/05", "Agua", "", "12,00")]
    document = read(drawn(*first, y=160), drawn(*second, y=780))
    assert (0, "05/05 | Gas | | 30,00") in rows(document)


@pytest.mark.parametrize("left", [("Azul", "9 €", "Remos y chaleco"), ("Roja", "12 €", "Vela")])
def test_the_last_row_of_a_table_overleaf_is_one_of_it(left: tuple[str, str, str]) -> None:
    def drawn(*table: tuple[str, ...], y: float) -> str:
        return "".join(
            at(x, y - 30 * n, cell)
            for n, row in enumerate(table)
            for x, cell in zip((60, 200, 300), row, strict=True)
        )

    head = ("Barca", "Cuota", "Incluye")
    first = drawn(head, ("Verde", "5 €", "Remos"), ("Blanca", "7 €", "Remos y toldo"), y=160)
    # What a cell goes on with stands below it, what follows the table beside no cell
    second = drawn(left, y=780) + at(300, 766, "y una boya de color")
    second += lines(60, 700, "Las barcas se devuelven limpias antes de que se haga de noche.")
    document = read(at(60, 740, "Muelle", 16, "F2") + first, second)
    assert rows(document) == [
        (1, "Barca | Cuota | Incluye"),
        (0, "Verde | 5 € | Remos"),
        (0, "Blanca | 7 € | Remos y toldo"),
        (0, f"{left[0]} | {left[1]} | {left[2]} y una boya de color"),
    ]
    assert [b.kind for b in document.blocks].count("table") == 1


def test_a_line_of_text_overleaf_is_no_row_of_the_table_before() -> None:
    table = "".join(
        at(x, 700 - 16 * n, cell)
        for n, row in enumerate((("Barca", "Cuota"), ("Verde", "5 €"), ("Blanca", "7 €")))
        for x, cell in zip((60, 300), row, strict=True)
    )
    text = "Las barcas se devuelven limpias antes de que se haga de noche."
    document = read(at(60, 740, "Muelle", 16, "F2") + table, lines(60, 780, text, text))
    assert len(rows(document)) == 3


@pytest.mark.parametrize(
    ("first", "second", "font"),
    [("3.", "Conclusiones", "F2"), ("Art. 4", "Del pago", "F2"), ("a)", "Presentar la solicitud", "F1"), ("Fecha:", "3 de mayo", "F1"), ("3.", "Conclusiones", "F1")],
)  # fmt: skip
def test_what_heads_the_text_overleaf_is_no_row_of_the_table_before(first: str, second: str, font: str) -> None:  # fmt: skip
    table = "".join(
        at(x, 130 - 16 * n, cell)
        for n, row in enumerate((("Barca", "Cuota"), ("Verde", "5 €"), ("Blanca", "7 €")))
        for x, cell in zip((60, 110), row, strict=True)
    )
    begins = at(60, 780, first, font=font) + at(112, 780, second, font=font)
    text = lines(60, 740, "Las barcas se devuelven limpias antes de que se haga de noche.")
    found = rows(read(at(60, 300, "Muelle", 16, "F2") + table, begins + text))
    assert not any(second in said for _, said in found)


def test_a_letterhead_of_many_lines_is_said_once() -> None:
    head = ("INSTITUTO LA RIBERA", "NIT 900 100 200", "Resolución 481 de 2007 de la Secretaría", "Municipal de Educación.", "CÓDIGO: PAAD 600", "Tel. 614 20 20", "MANUAL DE CONVIVENCIA")  # fmt: skip
    said = ("El patio se abre a las ocho.", "Nobody runs in the corridor.", "Los libros se devuelven en junio.", "Lunch is at two.")  # fmt: skip
    pages = [
        lines(150, 820, *head, size=9, step=11)
        + lines(60, 690, text, f"{n + 3}. Vienen {'dos tres cuatro cinco'.split()[n]} personas.", "The end of it is near.", *LEFT)
        for n, text in enumerate(said)
    ]  # fmt: skip
    document = read(*pages)
    assert [document.text.count(line) for line in head] == [1] * len(head)
    assert all(text in document.text for text in said)
    # What counts with the pages so far in is the number of an item
    assert [f"{n + 3}. Vienen" in document.text for n in range(4)] == [True] * 4


def test_items_in_larger_letters_are_no_headings() -> None:
    page = lines(60, 760, *LEFT) + lines(60, 690, "• Lugar: la escuela del río", "• Fecha: 9 de mayo", size=14, step=20)  # fmt: skip
    page += lines(60, 630, *RIGHT) + at(60, 560, "• RISKS", 14) + lines(60, 540, *LEFT)
    document = read(page)
    assert [h.text for h in document.headings] == ["• RISKS"]
    items = [document.text[b.start : b.end] for b in document.blocks if b.kind == "item"]
    assert items == ["• Lugar: la escuela del río", "• Fecha: 9 de mayo"]


def test_a_bold_number_and_title_over_items_that_count_on_is_a_heading() -> None:
    page = at(60, 760, "3. El robot", 14, "F2")
    y = 735
    for title, first in (("3.2 Peso", 4), ("3.3 Control", 6)):
        page += at(60, y, title, 11, "F2")
        page += lines(60, y - 20, f"{first}. El robot pesa menos de dos kilos.", f"{first + 1}. It has no more than one battery.")  # fmt: skip
        y -= 70
    page += lines(60, y, *LEFT)
    assert [h.text for h in read(page).headings] == ["3. El robot", "3.2 Peso", "3.3 Control"]


def test_ligatures_at_private_places_are_letters_and_signs_there_are_none() -> None:
    font = (
        "<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman /Encoding"
        " << /BaseEncoding /WinAnsiEncoding /Differences [1 /uniF001 /uniF002] >> >>"
    )
    page = "".join(
        f"BT /F4 11 Tf 1 0 0 1 60 {700 - 20 * n} Tm <{said.encode('cp1252').hex()}> Tj ET\n"
        for n, said in enumerate(("La o\x01cina y la \x02or, in\x02ada.", "The bene\x01t \x01rst.", "\x02   Search"))
    )  # fmt: skip
    data = pdf_of(page, extra=[font]).replace(b"/F3 5 0 R >>", b"/F3 5 0 R /F4 6 0 R >>")
    said = parse(data, "a.pdf").text
    assert "La oficina y la flor, inflada." in said
    assert "The benefit first." in said
    assert not re.search("fl ?Search", said)


def test_what_is_too_long_for_a_heading_is_one_text() -> None:
    large = lines(
        60, 700, "We mend bicycles because a town is quieter with them, and", "because nobody should pay twice for the same wheel. Our", "workshop opens in the evening, when the market has closed", "and the street is ours. Bring what you have, even half of a", "frame, and somebody will sit down with you and look at what", "can still be saved from it.", size=16, step=19,
    )  # fmt: skip
    document = read(at(60, 760, "Welcome", 20) + large + lines(60, 560, *(LEFT + RIGHT) * 4), lines(60, 760, *(LEFT + RIGHT) * 5))  # fmt: skip
    assert [h.text for h in document.headings] == ["Welcome"]
    assert "the same wheel. Our workshop opens" in document.text


@pytest.mark.parametrize(
    "said",
    [
        ("EL HUERTO NO PUEDE USARSE LOS DOMINGOS SIN QUE", "LO AUTORICE ANTES LA JUNTA DE VECINOS."),
        ("The last boat must be back at the jetty before", "Sunset Bell rings, and nobody waits for it."),
    ],
)  # fmt: skip
def test_a_sentence_that_is_bold_in_part_is_one(said: tuple[str, str]) -> None:
    first, second = ("F1", "F2") if said[0].isupper() else ("F2", "F1")
    page = at(60, 700, said[0], font=first) + at(60, 686, said[1], font=second)
    document = read(lines(60, 760, *LEFT) + page + lines(60, 640, *RIGHT))
    assert " ".join(said) in document.text
    assert not any(said[0][:10] in h.text for h in document.headings)


def test_a_sentence_in_capitals_is_one_whatever_stands_between_its_lines() -> None:
    said = ("SE CONVOCA A TODOS LOS VECINOS DE LA CALLE DEL RÍO A LA REUNIÓN QUE SE CELEBRA EN EL", "MOLINO, EL LUNES A LAS OCHO.")  # fmt: skip
    page = lines(60, 760, *LEFT) + at(60, 690, said[0], 9) + at(60, 670, said[1], 9)
    assert " ".join(said) in read(page + lines(60, 620, *RIGHT)).text


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("La junta aplica lo que se dice en los artículos", "3º y siguientes de las normas del huerto."),
        ("Whoever keeps hens follows what is said in Section", "4.02 of the rules, and nothing else."),
        ("Payments go, in this order, to: 1) rent 2) the fees", "3) the bell, and what is left is given back."),
        ("El taller admite a veinte personas (o a un grupo de", "10) y cierra en agosto, como todos los años."),
        ("The cups are given to those who earn a mark (from 0 to", "10). Nobody has more than one."),
    ],
)  # fmt: skip
def test_a_number_within_a_sentence_begins_no_item(first: str, second: str) -> None:
    document = read(lines(60, 700, first, second))
    assert f"{first} {second}" in document.text


def test_words_in_capitals_by_themselves_head_a_text_and_a_list() -> None:
    page = lines(60, 760, *LEFT) + lines(
        60, 690, "1. Nobody rows alone on the lake.", "2. A boat is cleaned and locked before dark.", "QUIET HOURS", "1. The bell is not rung after ten.", "2. Dogs sleep at home.", "LAS MULTAS", "Quien rompa un remo paga otro igual, y quien pierda dos se queda sin", "barca hasta que llegue el verano.",
    )  # fmt: skip
    document = read(page)
    assert [h.text for h in document.headings] == ["QUIET HOURS", "LAS MULTAS"]


def test_a_text_below_a_short_item_is_none_of_it() -> None:
    page = lines(60, 700, "Please bring:", "1. A letter from the school", "2. Half of the fee", "Quien cambie de idea antes de agosto lo dice por escrito en la oficina,", "y recupera lo que ha pagado.")  # fmt: skip
    document = read(page)
    items = [document.text[b.start : b.end] for b in document.blocks if b.kind == "item"]
    assert items == ["1. A letter from the school", "2. Half of the fee"]


def test_lines_that_begin_with_the_same_name_are_not_one() -> None:
    page = lines(
        60, 700, "Km: 12, fuente del molino", "Km: 25, the old bridge", "Km: 31, casa del guarda"
    )
    said = read(page + lines(60, 600, *LEFT)).text
    assert "molino\nKm: 25, the old bridge\nKm: 31" in said


def test_a_label_over_another_is_no_name_of_it() -> None:
    page = lines(60, 760, *LEFT) + at(60, 690, "Requisitos: ninguno") + at(60, 672, "Tareas:", font="F2")  # fmt: skip
    document = read(
        page
        + lines(60, 650, "• llevar las cuentas del club y contarlas en mayo", "• ring the bell")
    )
    labels = [[document.text[a:b] for a, b in x.cells] for x in document.blocks if x.kind == "label"]  # fmt: skip
    assert labels == [["Requisitos", "ninguno"]]


def test_numbers_in_a_column_of_their_own_are_those_of_the_paragraphs_beside_them() -> None:
    said = (
        ("Anyone may write to the council about a road, a lamp or", "a bench, and gets an answer within a week."),
        ("La respuesta la firma la secretaria o, si es de ella de quien", "se habla, la alcaldesa."),
        ("The council hears of each of these letters when it meets,", "and says what has been done about it."),
    )  # fmt: skip
    page = "".join(at(45, 700 - 36 * n, str(n + 1)) for n in range(3))
    page += "".join(lines(74, 700 - 36 * n, *pair) for n, pair in enumerate(said))
    document = read(page)
    items = [document.text[b.start : b.end] for b in document.blocks if b.kind == "item"]
    assert items == [f"{n} {' '.join(pair)}" for n, pair in enumerate(said, 1)]


@pytest.mark.parametrize("times", [("9.30am", "11am", "5.30pm"), ("9:30", "11:00", "17:30")])
def test_the_hours_of_one_day_are_rows_of_their_own(times: Sequence[str]) -> None:
    x, drawn, y = (60, 120, 190, 300), ruled((60, 120, 190, 300), 718), 704
    days = (("Mon", ("Rowing", "Sailing", "Knots")), ("Tue", ("Swimming", "Diving", "Tides")), ("Wed", ("Nets", "Bait", "Oars")))  # fmt: skip
    for day, done in days:
        drawn += at(64, y, day) + lines(124, y, *times) + lines(194, y, *done)
        y -= 46
        drawn += ruled(x, y + 10)
    found = [said for _, said in rows(read(at(60, 760, "Week", 16, "F2") + drawn))]
    assert found == [
        f"{day} | {time} | {one}"
        for day, done in days
        for time, one in zip(times, done, strict=True)
    ]


def test_upright_rules_part_the_columns_of_a_single_row() -> None:
    what = (
        "La boca del pozo",
        "zumba, y el cubo",
        "sale lleno de alas",
        "o de barro seco.",
        "De noche no se",
        "oye nada.",
    )
    todo = (
        "Se tapa con un saco",
        "mojado, y se espera",
        "a que caiga la noche.",
        "Después se quita el",
        "nido con la pala.",
        "Quien tenga alergia",
        "llama al guarda.",
        "El saco se lava.",
    )
    drawn = posts((150, 280), 500, 720)
    drawn += "50 720 m 420 720 l S\n50 500 m 420 500 l S\n" + at(54, 705, "Avispas y abejas")
    drawn += lines(154, 705, *what) + lines(284, 705, *todo)
    (row,) = rows(read(at(60, 760, "Plagas del pozo", 16, "F2") + drawn))
    assert row[1] == f"Avispas y abejas | {' '.join(what)} | {' '.join(todo)}"


def justified(x: float, y: float, right: float, text: str) -> str:
    """A line set wide to end at ``right``, of letters that are as wide as each other."""
    words = text.split()
    assert not set("".join(words)) - set("Labdeghnopqu")
    gap = (right - x - 6.116 * sum(map(len, words))) / (len(words) - 1)
    drawn = ""
    for word in words:
        drawn += at(x, y, word)
        x += 6.116 * len(word) + gap
    return drawn


@pytest.mark.parametrize(
    ("first", "second", "last"),
    [
        ("La bodega queda honda", "de una bodega honda en paga", "y nadie la guarde de noche en el patio."),
        ("Lead one good hen and", "one hoop on a pond no dude", "the geese about an old boat in the mud."),
    ],
)  # fmt: skip
def test_two_lines_set_wide_above_a_full_one_are_no_table(
    first: str, second: str, last: str
) -> None:
    full = " ".join(["ande"] * 9)
    right = 60 + 6.116 * 36 + 3.058 * 8
    drawn = justified(60, 700, right, first) + justified(60, 686, right, second)
    drawn += at(60, 672, full) + at(60, 658, last)
    document = read(at(60, 740, "Estanque", 16, "F2") + drawn)
    assert not rows(document)
    assert f"{first} {second} {full} {last}" in document.text


def test_two_lines_beside_a_picture_that_go_on_in_small_letters_are_no_table() -> None:
    left = ("The ferry stops at the old mill on", "and its crew rings a bell made of")
    right = ("warm days", "tin")
    drawn = lines(60, 700, *left) + lines(460, 700, *right)
    drawn += lines(
        60, 672, "which hangs over the door of the cabin, beside the lamp that nobody may touch."
    )
    document = read(at(60, 740, "Ferry", 16, "F2") + drawn)
    assert not rows(document)
    assert "on warm days and its crew rings a bell made of tin which hangs" in document.text


@pytest.mark.parametrize("form", ["{}", "Página {}", "{}|Page"])
def test_the_number_of_a_page_that_begins_a_chapter_stands_elsewhere(form: str) -> None:
    things = ("keel", "rudder", "anchor", "tiller", "hull", "mast", "lamp", "bilge")
    pages = []
    for n, thing in enumerate(things, 1):
        body = lines(60, 700, f"The {thing} is scraped and", f"tarred by whoever broke the {thing}", step=30)  # fmt: skip
        place = (280, 640) if n in (2, 6) else (500, 740)
        pages.append(body + at(*place, form.format(n)))
    document = read(*pages)
    assert [one.text for one in document.left_out] == [form.format(n) for n in range(1, 9)]


def test_a_number_alone_that_counts_no_page_stays() -> None:
    pages = [at(500, 740, str(n)) + lines(60, 700, f"Remo {n}, largo", "De fresno") for n in range(1, 6)]  # fmt: skip
    pages[2] += at(280, 600, "1974")
    assert "1974" in read(*pages).text


def test_a_running_head_said_once_beside_the_number_of_its_page_goes() -> None:
    heads = ("DE LAS BARCAS", "DE LAS BARCAS", "DE LAS BARCAS", "DEL MUELLE", "DE LA LONJA")
    pages = [
        at(60, 740, head) + at(500, 740, str(n)) + lines(60, 708, f"Cada quien amarra la barca {n} donde", "le toca según el libro del puerto,", step=28)
        for n, head in enumerate(heads, 1)
    ]  # fmt: skip
    document = read(at(60, 740, "Ordenanza", 20, "F2") + at(60, 700, "Se aprueba hoy."), *pages)
    assert "DEL MUELLE" not in document.text
    assert "DE LA LONJA" not in document.text


@pytest.mark.parametrize(
    ("heads", "alone"),
    [
        (("LAS BARCAS", "LAS BARCAS", "LAS BARCAS"), "EL CÓDIGO DE LOS REMEROS"),
        (("THE BOATS", "THE BOATS", "THE BOATS"), "CHAPTER II"),
    ],
)
def test_what_one_page_alone_says_in_the_place_of_a_running_head_stays(
    heads: Sequence[str], alone: str
) -> None:
    pages = [
        at(60, 740, head, 14, "F2")
        + lines(60, 700, f"Cada quien amarra la barca {n} donde", "le toca (chapter II) según el libro.")
        for n, head in enumerate((*heads, alone), 1)
    ]  # fmt: skip
    document = read(*pages)
    assert alone in [head.text for head in document.headings]
    assert alone not in [one.text for one in document.left_out]


def test_a_foot_that_all_pages_have_is_said_below_the_last_and_parts_no_text() -> None:
    foot = at(60, 40, "Cofradía de San Telmo, teléfono 600 100 200", 8)
    document = read(
        at(60, 780, "Cofradía", 16, "F2") + lines(60, 700, *LEFT[:3]) + foot,
        lines(60, 780, LEFT[3], *RIGHT) + foot,
        lines(60, 780, "The bell is rung at noon, and no", "boat leaves after it.") + foot,
    )
    assert " ".join(LEFT) in document.text
    assert document.text.endswith("teléfono 600 100 200")
    assert [one.page for one in document.left_out] == [1, 2]
    shorter = read(
        lines(60, 780, *LEFT) + foot, lines(60, 780, *RIGHT) + foot, lines(60, 780, *LEFT)
    )
    assert [one.page for one in shorter.left_out] == [2]


def test_a_head_of_several_lines_is_said_once_though_pages_are_two() -> None:
    head = at(400, 780, "Lending", 14, "F2") + at(450, 760, "LN-4")
    head += at(60, 736, "Title: Oars and sails", 16) + lines(60, 722, "Approved by: the harbour board", "Since: 3 May 2011")  # fmt: skip
    document = read(
        head + at(60, 680, "Oars", 12, "F2") + lines(60, 660, *RIGHT),
        head + at(60, 680, "Sails", 12, "F2") + lines(60, 660, *LEFT),
    )
    for said in ("Lending", "LN-4", "Title: Oars and sails", "Approved by", "Since"):
        assert document.text.count(said) == 1
    assert [h.text for h in document.headings if h.text in ("Oars", "Sails")] == ["Oars", "Sails"]


def test_columns_beside_a_frame_that_end_paragraphs_at_one_height_are_read_one_after_the_other() -> (
    None
):
    page = at(180, 780, "Regatta of the bay", 18, "F2")
    page += lines(60, 720, *LEFT) + lines(320, 720, *RIGHT)
    page += lines(
        60, 640, "Se sale del muelle viejo a las", "diez, y no se espera a nadie."
    ) + lines(320, 640, "Each crew brings its own oars", "and a bell that can be heard.")
    page += framed(310, 500, 220, 80) + lines(320, 560, "Prizes", "- a cup of tin", "- a rope")
    page += lines(60, 560, "El faro se apaga durante toda", "la prueba, salvo que haya niebla")
    text = read(page).text
    places = [
        text.index(said)
        for said in (
            LEFT[3],
            "no se espera a nadie",
            "haya niebla",
            RIGHT[0],
            "Each crew",
            "a cup of tin",
        )
    ]
    assert places == sorted(places)


def test_bare_numbers_that_count_items_of_prose_are_read_before_each() -> None:
    drawn, y = "", 700
    items = (
        ("Whoever takes a boat out writes the", "hour on the slate by the door and", "comes back before the lamp is lit,", "unless the harbour master agrees."),
        ("Los remos se devuelven secos a su", "armario, y quien rompa uno lo dice", "al guarda ese mismo día, aunque sea", "de noche o no haya nadie cerca."),
        ("Nets are mended on the jetty only,", "and no hook may be left on it, not", "even in a box that has been shut."),
    )  # fmt: skip
    for n, item in enumerate(items, 1):
        drawn += at(60, y, str(n)) + lines(90, y, *item)
        y -= 14 * len(item) + 4
    document = read(at(60, 760, "Harbour", 16, "F2") + drawn)
    for n, item in enumerate(items, 1):
        assert f"{n} {' '.join(item)}" in document.text


@pytest.mark.parametrize("head", ["CONTENTS", "Índice"])
def test_entries_of_contents_with_drawn_leaders_are_no_table(head: str) -> None:
    drawn = at(60, 780, head, 20)
    entries = (("Boats", "3"), ("Oars", "4"), ("Ropes and knots", ""), ("Reef knot", "6"), ("Bowline", "6"), ("Lamps", "9"), ("Bells", "12"))  # fmt: skip
    for n, (name, page) in enumerate(entries):
        y = 740 - 22 * n
        drawn += at(60, y, name) + (at(500 - 6.1 * len(page), y, page) if page else "")
        drawn += f"160 {y} m 480 {y} l S\n" if page else ""
    document = read(drawn, at(60, 780, "Boats", 16, "F2") + lines(60, 750, *RIGHT))
    assert not rows(document)
    found = [document.text[b.start : b.end] for b in document.blocks if b.kind == "contents"]
    assert found == [f"{name} {page}".strip() for name, page in entries]


def test_the_title_of_a_part_over_all_of_its_pages_is_said_on_the_first() -> None:
    parts = ("De las barcas", "De las barcas", "De las barcas", "Of the jetty", "Of the jetty")
    bodies = (LEFT[:2], LEFT[2:], RIGHT[:2], RIGHT[2:], ("Nobody fishes there.",))
    pages = [at(60, 780, part, 22) + lines(60, 700, *body) for part, body in zip(parts, bodies, strict=True)]  # fmt: skip
    document = read(at(60, 600, "Ordenanza del puerto", 26, "F2"), *pages)
    for part in set(parts):
        assert document.text.count(part) == 1
    assert document.text.index("Of the jetty") > document.text.index(RIGHT[1])


def test_a_text_too_long_for_its_cell_ends_where_the_next_cell_begins() -> None:
    table = (
        ("Trámite", "Qué se pide", "Quién", "Plazo"),
        ("Alta", "Hoja y foto", "Oficina del muelle", "Un día"),
        ("Cambio", "Nombre de la barca, color, eslora y manga", "Vigilante", "Dos días"),
        ("Baja", "Hoja firmada", "Oficina del muelle", "Un día"),
        ("Loan", "Card and key", "Harbour master", "One day"),
    )
    places = (60, 130, 275, 400)
    drawn = "".join(
        at(x, 700 - 18 * n, cell)
        for n, row in enumerate(table)
        for x, cell in zip(places, row, strict=True)
    )
    found = rows(read(lines(60, 760, *LEFT[:2]) + drawn))
    assert [said for _, said in found] == [" | ".join(row) for row in table]


def test_cells_that_stand_near_are_parted_where_other_rows_have_a_gap() -> None:
    table = (
        ("Boat", "Days", "Renewals", "Fine"),
        ("Punt", "21 days", "2", ".10/day"),
        ("Skiff", "14 days", "2", ".10/day"),
        ("Kayak", "7 days", "3", "1.00/day"),
        ("Barcaza", "", "", ".20/day"),
        ("Canoa", "", "", ".30/day"),
    )
    places = (60, 150, 240, 254)
    drawn = "".join(
        at(x if n or k < 2 else x + 60 * (k - 2) - 30, 700 - 16 * n, cell)
        for n, row in enumerate(table)
        for k, (x, cell) in enumerate(zip(places, row, strict=True))
    )
    found = [said for _, said in rows(read(drawn))]
    assert found[1:4] == [" | ".join(row) for row in table[1:4]]


def test_a_name_and_several_values_with_dots_between_are_a_row() -> None:
    drawn = at(60, 700, "Línea", font="F2") + at(160, 700, "Adult", font="F2")
    drawn += at(230, 700, "Niño", font="F2")
    fares = (("Muelle", "$1.90", "$1.65"), ("Faro", "$1.40", "$0.95"), ("Town", "$3.00", "$2.50"))
    for n, (name, *prices) in enumerate(fares, 1):
        drawn += at(60, 700 - 16 * n, f"{name}{'.' * 20} {prices[0]} {'.' * 12} {prices[1]}")
    found = rows(read(drawn + lines(60, 600, *LEFT)))
    assert found == [(1, "Línea | Adult | Niño"), *((0, " | ".join(row)) for row in fares)]


def test_a_bold_article_right_below_a_table_is_no_row_of_it() -> None:
    drawn = "".join(
        at(60 + 260 * k, 700 - 16 * n, cell) + f"50 {696 - 16 * n} m 500 {696 - 16 * n} l S\n"
        for n, row in enumerate(
            (("Puesto", "Premio"), ("1", "90,00"), ("2", "60,00"), ("3", "30,00"))
        )
        for k, cell in enumerate(row)
    )
    drawn += at(60, 622, "Artículo 5. BARCAS DE APOYO", font="F2")
    drawn += "1 1 1 rg " + "".join(f"50 {y} 450 14 re f\n" for y in (602, 588)) + "0 0 0 rg\n"
    document = read(drawn + at(60, 606, f"{' '.join(LEFT[:2])} de la mañana, entra."))
    assert "Artículo 5. BARCAS DE APOYO" in [h.text for h in document.headings]


def test_numbers_and_short_words_in_turn_are_no_letters_set_apart() -> None:
    assert "DE 7 A 9 A" in read(at(60, 700, "DE 7 A 9 A") + lines(60, 650, *LEFT)).text


@pytest.mark.parametrize(
    "second", ["Port Authority and are kept dry.", "Muelle Viejo y se guardan."]
)
def test_an_item_that_is_indented_goes_on_at_the_margin(second: str) -> None:
    first = "C. The oars and the lamps of all boats belong to the Old"
    drawn = at(130, 700, first) + at(60, 686, second) + lines(60, 660, "The boats are lent for a day to whoever asks for one at the jetty house.")  # fmt: skip
    assert f"{first} {second}" in read(drawn).text


def test_a_title_with_a_roman_number_is_on_its_own_though_no_space_parts_it() -> None:
    full = "Quien pide una barca la devuelve al muelle antes de que se haga de noche, y firma."
    drawn = "".join(
        lines(60, 760 - 60 * n, f"{number}. {title}", full, full)
        for n, (number, title) in enumerate(
            (("I", "Barcas"), ("II", "Oars"), ("III", "Otros remos"))
        )
    )
    assert [h.text for h in read(drawn).headings] == ["I. Barcas", "II. Oars", "III. Otros remos"]


@pytest.mark.parametrize("mark", ["**", "†"])
def test_a_line_that_begins_with_the_mark_of_a_note_is_a_note_of_its_own(mark: str) -> None:
    drawn = at(60, 700, "Prices include tax") + at(60, 686, f"{mark} Precio de cada hora de remo.")
    document = read(lines(60, 780, *LEFT) + drawn)
    said = [document.text[b.start : b.end] for b in document.blocks]
    assert said[-2:] == ["Prices include tax", f"{mark} Precio de cada hora de remo."]


@pytest.mark.parametrize(
    "line",
    ["12 Jetty Row, Oldport, ME 04530", "Phone (207) 555-0148", "Dirección: calle del Remo 4", "207-555-0148"],
)  # fmt: skip
@pytest.mark.parametrize(("size", "font"), [(16, "F1"), (11, "F2")])
def test_an_address_or_a_telephone_number_is_no_heading(line: str, size: int, font: str) -> None:
    document = read(at(60, 780, "Oldport", 20) + at(60, 740, line, size, font) + lines(60, 700, *LEFT))  # fmt: skip
    assert [h.text for h in document.headings] == ["Oldport"]


def test_the_names_of_two_blanks_above_are_no_heading() -> None:
    drawn = at(60, 720, "_" * 20 + "  " + "_" * 16) + at(60, 700, "Firma del vigilante Date", font="F2")  # fmt: skip
    assert not read(drawn + lines(60, 650, *LEFT)).headings


def test_rows_of_dashes_say_nothing() -> None:
    table = (("Cuotas", "90", "-"), ("", "-", "-"), ("", "-", "-"), ("Boats", "-", "60"), ("Total", "90", "60"))  # fmt: skip
    drawn = "".join(
        at(60 + 120 * k, 700 - 16 * n, cell)
        for n, row in enumerate(table)
        for k, cell in enumerate(row)
        if cell  # fmt: skip
    )
    drawn += "".join(f"50 {712 - 16 * n} m 420 {712 - 16 * n} l S\n" for n in range(6))
    found = [said for _, said in rows(read(drawn))]
    assert found == ["Cuotas | 90 | -", "Boats | - | 60", "Total | 90 | 60"]


def test_the_name_of_a_part_and_its_page_over_its_contents_are_contents() -> None:
    drawn = at(60, 780, "Guide", 22) + at(60, 740, "Las barcas 4", font="F2")
    drawn += lines(80, 722, f"Boats {'. ' * 30}4", f"Remos {'. ' * 30}5")
    drawn += at(60, 690, "The jetty 6", font="F2") + at(80, 672, f"Lamps {'. ' * 30}6")
    document = read(drawn, lines(60, 700, *LEFT), lines(60, 700, *RIGHT))
    assert [h.text for h in document.headings] == ["Guide"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Remar de noche sin luz se castiga con las multas de las letras", "a) y b) de la norma quinta, y con nada más."),
        ("Los guardas del muelle tienen los derechos de los incisos d),", "e) y f) de la norma quinta de este club."),
        ("The bell is kept by the guard of the jetty, as is said in Article IV,", "Section 2. The guard rings it at noon and at dusk."),
        ("The harbour is looked after by a guard, a cook and by six", "(6) Rowers. Each of them has a key to the lamp store."),
    ],
)  # fmt: skip
def test_what_a_full_line_refers_to_begins_no_item_and_no_section(first: str, second: str) -> None:
    document = read(lines(60, 700, first, second))
    assert f"{first} {second}" in document.text


def test_an_article_at_the_foot_of_a_page_stays_below_one_without_its_stop() -> None:
    foot = lines(
        60, 132, "Artículo 6. La cuota se paga en la caseta antes del día veinte de ese mes"
    )
    foot += lines(
        60, 100, "Artículo 7. Quien no vaya a usar su barca lo dirá por escrito al guarda"
    )
    document = read(
        lines(60, 700, *LEFT) + foot, lines(60, 760, "diciendo los días que estará fuera.", *RIGHT)
    )
    assert "escrito al guarda diciendo los días" in document.text
    assert document.text.index("Artículo 6") < document.text.index("Artículo 7")


@pytest.mark.parametrize("marks", [("1.", "2.", "3."), ("4.2.1", "4.2.2", "4.2.3")])
def test_numbers_on_lines_of_their_own_are_those_of_the_texts_below(marks: Sequence[str]) -> None:
    texts = ("Whoever takes a boat out", "Los remos se devuelven secos", "Nets are mended here.")
    drawn = "".join(
        at(60, 700 - 60 * n, mark, font="F2") + at(60, 678 - 60 * n, said)
        for n, (mark, said) in enumerate(zip(marks, texts, strict=True))
    )
    document = read(at(60, 760, "Harbour", 16, "F2") + drawn)
    found = [document.text[b.start : b.end] for b in document.blocks if b.kind == "item"]
    assert found == [f"{mark} {said}" for mark, said in zip(marks, texts, strict=True)]


@pytest.mark.parametrize("name", ["PARÁGRAFO PRIMERO:", "MOORING:", "Parágrafo 2.-"])
def test_a_name_in_capitals_after_a_full_line_that_ends_its_sentence_begins_anew(name: str) -> None:
    said = "b) The oars are given back dry, and whoever breaks one says it that day."
    document = read(lines(60, 700, said, f"{name} Quien rema de noche lleva una luz en la proa,"))
    assert said in [document.text[b.start : b.end] for b in document.blocks if b.kind == "item"]


def test_numbers_of_notes_raised_at_the_end_of_the_next_line_part_no_sentence() -> None:
    first, second = "Las barcas que se piden en la caseta se devuelven", "antes del anochecer."
    drawn = lines(60, 700, first, second, font="F2")
    drawn += at(168, 690, "42 43", 6)
    document = read(drawn + lines(60, 660, *LEFT, *RIGHT))
    assert f"{first} {second}⁴² ⁴³" in document.text
    assert not document.headings


def test_large_letters_that_go_on_in_small_ones_are_text() -> None:
    large = (
        "Por otra parte, la junta del muelle prepara",
        "un plan de las barcas en el que se dice con",
    )
    small = (
        "todo detalle quién rema, quién mira y quién guarda las llaves",
        "de la caseta, y a qué hora.",
    )
    drawn = lines(60, 720, *large, size=16, step=20) + lines(60, 682, *small, size=11.5)
    document = read(drawn + lines(60, 640, *LEFT * 5))
    assert " ".join((*large, *small)) in document.text
    assert not document.headings


def test_labels_below_one_another_are_parted_where_their_lines_have_room() -> None:
    drawn = lines(60, 700, "The harbour committee met in the boat house, as it does each month.")
    drawn += lines(60, 660, "Present: Ann Lobo, Leo Paz, Eva Roca, Max Sol, Ida Luz, Tom Mar,")
    drawn += lines(60, 646, "Ada Vega", "Not present: Max Vega", "Guests: Ana Sol")
    document = read(drawn)
    names = [document.text[slice(*b.cells[0])] for b in document.blocks if b.cells]
    assert names[-2:] == ["Not present", "Guests"]


def test_a_few_words_on_a_line_of_their_own_over_a_sentence_are_none_of_it() -> None:
    said = (
        "Whoever cannot come to the harbour on that day can ring the bell",
        "from home, and we ring it together.",
    )
    document = read(lines(60, 700, "Night of the bell", *said))
    assert document.text == f"Night of the bell\n\n{' '.join(said)}"


def test_a_dash_that_begins_the_line_below_a_full_one_is_one_of_the_sentence() -> None:
    said = ("Here is the oldest of the gulls in the place that it likes best", "- the bench beside the boat house, which is now white.")  # fmt: skip
    assert " ".join(said) in read(lines(60, 700, *said)).text
    items = ("- remar de noche sin luz en la proa ni en la popa de la barca", "- prestar la barca a otros.")  # fmt: skip
    assert "\n".join(items) in read(lines(60, 700, "Se prohíbe:", *items)).text


@pytest.mark.parametrize(
    ("last", "first"),
    [
        ("a. Taking a boat out at night, or lending it to people who", "b. Rowing without a light after the bell has rung,"),
        ("a) prestar la barca a quien no es del club sin decirlo a la", "b) Remar de noche sin luz,"),
    ],
)  # fmt: skip
def test_an_item_that_begins_a_page_is_one_of_its_own(last: str, first: str) -> None:
    above = lines(60, 700, "Nobody may do this:", last)
    document = read(above, lines(60, 760, first, "unless the committee has said so."))
    assert f"{last}\n\n{first}" in document.text or f"{last}\n{first}" in document.text


def test_rows_of_a_table_that_fills_pages_are_no_heads_and_no_page_numbers() -> None:
    names = ("Horno", "Loom", "Sastrería", "Mill", "Imprenta", "Forge")
    prices = ("5,00", "7,50", "12,00")

    def page(n: int) -> str:
        drawn = ""
        for k, name in enumerate(names):
            cells = ("0", "50", prices[(n + k) % 3], "51", "100", prices[n % 3])
            drawn += at(60, 780 - 22 * k + 4, f"{name} {'ABCD'[n]}", 10)
            drawn += "".join(at(200 + 50 * m, 780 - 22 * k, said) for m, said in enumerate(cells))
        return drawn

    document = read(*map(page, range(4)))
    assert document.left_out == ()
    said = [text for _, text in rows(document)]
    assert said[:2] == ["Horno A | 0 | 50 | 5,00 | 51 | 100 | 5,00", "Loom A | 0 | 50 | 7,50 | 51 | 100 | 5,00"]  # fmt: skip
    assert len(said) == 4 * len(names)


def test_the_tabs_of_an_index_at_the_edge_of_the_pages_are_left_out() -> None:
    body = (
        "The rules of the pool are read out on the first day of the season,",
        "y de las multas responde quien firma. The fines are paid at the",
        "desk, y quien no las paga no entra en la sala de las máquinas.",
    )
    tabs = at(540, 690, "The rules", 7, "F2") + at(542, 650, "De las multas", 7, "F2")
    only = at(541, 600, "Tel. 5512", 7)
    pages = [lines(60, 700, f"Parte {n} of the book, que sigue.", *body) for n in range(10, 16)]
    document = read(*(page + tabs + only for page in pages))
    assert document.text.count("Tel. 5512") == 1
    assert not document.headings
    assert document.text.lower().count("the rules") == len(pages)
    assert Counter(one.text for one in document.left_out)["De las multas"] == len(pages)


def test_numbers_that_begin_anew_on_each_page_count_its_lines() -> None:
    bill = ("AN ACT about the bridge", "FOR the repair of the arch", "(a) Obras", "(b) Plazos de pago", "City Code", "(Edition 9)")  # fmt: skip

    def page(n: int) -> str:
        said = (*bill, f"Section {n}", *bill)
        counted = lines(36, 700, *(str(k + 1) for k in range(len(said))))
        return at(200, 760, "Bill of the council") + counted + lines(70, 700, *said)

    left_out = {(one.page, one.text) for one in read(*map(page, (31, 42, 53))).left_out}
    assert {(n, "1–13") for n in (1, 2, 3)} <= left_out
    alone = read(page(31))
    assert "line numbers" not in {one.reason for one in alone.left_out}


@pytest.mark.parametrize("number", ["P á g i n a {} | 9", "P a g e {} | 9"])
def test_the_number_of_a_page_may_be_set_in_spaced_letters_near_the_text(number: str) -> None:
    pages = [
        lines(60, 100, f"Aviso {n + 7} del tablón.", "The notice board is cleared each week.")
        + at(400, 72, number.format(n))
        for n in (1, 2, 3, 4)
    ]
    document = read(*pages)
    assert {one.reason for one in document.left_out} == {"page number"}
    assert number[:7] not in document.text


def test_two_printed_pages_on_one_are_read_one_after_the_other() -> None:
    drawn = at(60, 520, "Bienvenida", 20) + lines(60, 480, *LEFT) + at(40, 30, "2")
    drawn += lines(560, 530, *RIGHT, step=22) + at(940, 30, "3")
    document = read(drawn, of_pages="/MediaBox [0 0 1000 600]")
    assert document.text == f"Bienvenida\n\n{' '.join(LEFT)}\n\n{' '.join(RIGHT)}"
    assert [one.reason for one in document.left_out] == ["page number"] * 2


@pytest.mark.parametrize("name", ["Artículo {}º", "Article {}."])
def test_names_of_articles_beside_texts_without_room_between_them_stand_over_these(
    name: str,
) -> None:
    texts = (
        ("La piscina abre a las diez de la mañana y nadie se baña antes de que llegue", "quien la vigila, ni después de que se haya ido a su casa por la tarde, aunque", "haga calor."),
        ("Whoever brings a guest writes the name of the guest in the book at the gate", "and pays for the day before the guest goes in, and no member brings more than", "three of them on one day, but for the last of August and the first of", "September."),
        ("El vestuario se cierra con llave y la llave se deja en el tablero de la oficina", "para quien venga luego, que la devuelve allí."),
    )  # fmt: skip
    drawn, y = "", 700
    for n, said in enumerate(texts, 1):
        drawn += at(50, y, name.format(n)) + lines(120, y, *said, step=12)
        y -= 12 * len(said)
    document = read(drawn)
    for n, said in enumerate(texts, 1):
        assert document.heading_path(document.text.index(said[0])) == (name.format(n),)
        assert " ".join(said) in document.text


def test_rows_of_a_grid_with_high_cells_are_rows_of_one_table() -> None:
    table = (
        ("Barca azul", "Óleo", "£40"),
        ("Red kite", "Ink", "£55"),
        ("Dos gatos", "Lápiz", "£70"),
        ("Old gate", "Print", "£85"),
    )
    x, y, drawn = (50, 250, 380, 500), 700, ""
    for n in range(len(table) + 1):
        drawn += "".join(
            f"{a} {y - 100 * n} m {b} {y - 100 * n} l S\n" for a, b in itertools.pairwise(x)
        )
    for n, (name, how, price) in enumerate(table):
        base = y - 100 * n - 55
        drawn += at(255, base, how) + at(55, base, name)
        drawn += at(385, base + 7, price) + at(385, base - 7, "framed")
    assert [said for _, said in rows(read(drawn))] == [
        f"{name} | {how} | {price} framed" for name, how, price in table
    ]


def test_underlined_words_are_not_parted_by_their_underlines() -> None:
    table = {"Mayo": ("9 - Coro del barrio entero y su banda", "23 - Banda"), "June": ("6 - Late songs of the old river boats", "13 - Drums", "27 - Brass"), "Julio": ("4 - Guitarra sola en el patio",)}  # fmt: skip
    drawn, y = at(60, 760, "Conciertos", 16, "F2"), 700
    for month, said in table.items():
        drawn += at(60, y, month)
        for line in said:
            drawn += at(125, y, line) + f"125 {y - 2} m {125 + 4.6 * len(line)} {y - 2} l S\n"
            y -= 14
        y -= 14
    assert [text for _, text in rows(read(drawn))] == [
        f"{month} | {' '.join(said)}" for month, said in table.items()
    ]


@pytest.mark.parametrize(
    ("title", "then"), [("CUOTAS DEL CLUB", "Multas"), ("FEES OF THE CLUB", "Fines")]
)
def test_numbers_with_a_hanging_tab_are_no_column_where_headings_stand_between(
    title: str, then: str
) -> None:
    said = (
        ("La cuota se paga en enero y no se devuelve a quien se va antes", "de que acabe el año."),
        ("Members who pay late lose the right to vote until they have paid", "what they owe."),
        ("Quien deba dos cuotas recibe una carta y después otra, y luego", "se le da de baja."),
    )

    def items(y: int) -> str:
        return "".join(
            at(60, y - 32 * n, f"{n + 1})") + lines(85, y - 32 * n, *text, step=15)
            for n, text in enumerate(said)
        )

    drawn = at(60, 740, "4", 14) + at(85, 740, title, 14) + items(715)
    drawn += at(60, 600, then, 11, "F2") + items(580)
    document = read(drawn)
    assert not rows(document)
    assert sum(block.kind == "item" for block in document.blocks) == 2 * len(said)
    assert [heading.text for heading in document.headings] == [f"4 {title}", then]


def test_dates_beside_a_frame_stand_with_what_is_on_then() -> None:
    prose = (
        "El coro ensaya en la sala de abajo",
        "y quien quiera cantar puede venir a",
        "any of the evenings, with or without",
        "a book of songs, que se prestan allí.",
    )
    dates = (("6/27", "Cena del coro"), ("7/4", "No meeting"), ("7/11", "Prueba de voces"))
    drawn = lines(60, 700, *prose) + "50 640 260 80 re S\n"
    drawn += "".join(
        at(360, 700 - 20 * n, day) + at(420, 700 - 20 * n, what)
        for n, (day, what) in enumerate(dates)
    )
    drawn += at(420, 640, "Birthdays", 11, "F2") + at(360, 620, "8/2") + at(420, 620, "Aurora Lope")
    document = read(drawn)
    assert [said for _, said in rows(document)] == [
        *(f"{day} | {what}" for day, what in dates),
        "Birthdays",
        "8/2 | Aurora Lope",
    ]
    assert " ".join(prose) in document.text


def test_times_set_near_each_other_are_cells_of_their_columns() -> None:
    stops = ("Plaza Mayor", "Mill Lane", "Estación", "Harbour")

    def time(stop: int, k: int) -> str:
        return f"{8 + k:02}{10 + 7 * stop}"

    drawn = at(60, 740, "Línea 4", 16, "F2")
    for n, stop in enumerate(stops):
        drawn += at(60, 700 - 16 * n, stop)
        drawn += "".join(
            at(200 + 31.6 * k, 700 - 16 * n, time(n, k)) for k in range(7) if (n, k) != (2, 6)
        )
    assert [said for _, said in rows(read(drawn))] == [
        " | ".join((stop, *(time(n, k) for k in range(7) if (n, k) != (2, 6))))
        for n, stop in enumerate(stops)
    ]


def test_names_set_upwards_beside_rows_stand_before_their_first() -> None:
    groups = {
        "BEBIDAS": ("Agua con gas", "Lemon tea", "Zumo de pera"),
        "BREAD": ("Hogaza", "Rye loaf", "Panecillo"),
    }
    drawn, said = at(60, 790, "Carta", 16, "F2"), []
    for n, (group, names) in enumerate(groups.items()):
        y = 740 - 120 * n
        drawn += f"BT /F2 10 Tf 0 1 -1 0 50 {y - 44} Tm ({group}) Tj ET\n"
        said.append(group)
        for k, name in enumerate(names):
            drawn += at(70, y - 20 * k, name) + at(300, y - 20 * k, f"{n + 2},{k}0 euros")
            said.append(f"{name} | {n + 2},{k}0 euros")
    document = read(drawn)
    assert [text.removesuffix(" |") for _, text in rows(document)] == said
    assert document.text.count("BREAD") == 1


def test_the_end_of_a_long_key_in_a_list_of_prices_is_no_row() -> None:
    drawn = (
        at(60, 740, "Tarta de manzana") + at(300, 734, "$18")
        + at(60, 720, "Scones with jam and") + at(300, 714, "$22") + at(60, 706, "clotted cream")
        + at(60, 680, "Pan de centeno") + at(300, 680, "$9")
        + at(60, 660, "Lemon pie") + at(300, 660, "$15")
        + at(60, 640, "Torta de nuez") + at(300, 640, "$21")
    )  # fmt: skip
    assert [text for _, text in rows(read(drawn))] == [
        "Tarta de manzana | $18",
        "Scones with jam and clotted cream | $22",
        "Pan de centeno | $9",
        "Lemon pie | $15",
        "Torta de nuez | $21",
    ]


@pytest.mark.parametrize("colon", [":", ""])
@pytest.mark.parametrize("step", [14, 30])
def test_names_at_the_left_have_the_values_on_their_lines(colon: str, step: int) -> None:
    form = (
        ("Titular del carné de socio", "Irene Sáenz de Tejada"),
        ("Barca", "La Golondrina Azul"),
        ("Place of mooring", "Third jetty, next to the crane"),
        ("Patrón de la guardia", "Eneko Goñi Lasa"),
    )
    drawn = "".join(
        at(60, 700 - step * n, name + colon) + at(202, 700 - step * n, value)
        for n, (name, value) in enumerate(form)
    )
    said = read(at(60, 760, "Ficha de amarre", 16, "F2") + drawn).text
    for name, value in form:
        assert re.search(f"{name}{colon or r' [|]'} {value}", said)


@pytest.mark.parametrize("step", [46, 56])
def test_a_table_below_two_columns_of_prose_has_cells_of_its_own(step: int) -> None:
    table = (("Barco", "Eslora", "Canon"), ("Skiff", "14", "210 €"), ("Canoa", "9", "135 €"))
    prose = "".join(
        at(60, 700 - 14 * n, a) + at(315, 700 - 14 * n, b)
        for n, (a, b) in enumerate(zip(LEFT, RIGHT, strict=True))
    )
    drawn = "".join(
        at(60 + 150 * k, 658 - step - 16 * n, cell)
        for n, row in enumerate(table)
        for k, cell in enumerate(row)
    )
    document = read(prose + drawn)
    assert [said for _, said in rows(document)] == [" | ".join(row) for row in table]
    assert " ".join(LEFT) in document.text
    assert " ".join(RIGHT) in document.text


def test_headings_of_two_columns_on_one_line_leave_them_columns() -> None:
    left = (
        *LEFT,
        "",
        "Horno",
        "• Lo enciende la maestra.",
        "• Se apaga a las ocho",
        "  de la tarde.",
    )
    right = ("The library lends bicycles to", "whoever has a card, and keeps", "the key of each at its", "desk.", "", "Bells", "• One bell for each", "  bicycle, please.", "• No horns.")  # fmt: skip
    drawn = "".join(
        at(x, 700 - 14 * n, said, font="F2" if said in ("Horno", "Bells") else "F1")
        for x, column in ((60, left), (262, right))
        for n, said in enumerate(column)
        if said
    )
    document = read(at(60, 760, "Casa de oficios", 18, "F2") + drawn)
    assert not rows(document)
    assert " ".join(LEFT) in document.text
    assert "One bell for each bicycle, please." in document.text


def test_boxes_side_by_side_whose_lines_go_on_are_read_one_after_the_other() -> None:
    boxes = (
        ("Pida la llave en", "la portería", "y deje el carné", "a quien la guarda"),
        ("Open the", "shed and choose", "a boat with", "both oars"),
        ("Vuelva antes de que", "anochezca y ate", "la barca a la", "argolla de siempre"),
    )
    drawn = "".join(
        at(x + 5 * (n % 2), 700 - 13 * n, line)
        for x, box in zip((60, 220, 380), boxes, strict=True)
        for n, line in enumerate(box)
    )
    text = read(drawn).text
    assert all(" ".join(box) in text for box in boxes)


def test_words_in_small_letters_below_the_names_of_columns_are_rows() -> None:
    words = (("Palabra", "Meaning"), ("barca", "boat"), ("remo", "oar"), ("vela", "sail"))
    drawn = "".join(
        at(60 + 150 * k, 700 - 16 * n, word)
        for n, row in enumerate(words)
        for k, word in enumerate(row)
    )
    assert [said for _, said in rows(read(drawn))] == [" | ".join(row) for row in words]


def test_words_set_wide_are_one_line_though_another_column_stands_beside_them() -> None:
    def wide(y: float, text: str, space: float) -> str:
        return f"BT /F1 11 Tf {space} Tw 1 0 0 1 60 {y} Tm ({text}) Tj 0 Tw ET\n"

    drawn = wide(700, "EL DUEÑO cede", 28.7) + lines(
        60, 686, *["la barca a los socios del club"] * 4
    )
    drawn += wide(630, "por LAS NORMAS", 24.8) + at(60, 616, "se dice.")
    drawn += lines(230, 695, "The keeper of the boats may", "lend one to whoever asks and", "leaves a card at the desk of", "the club before noon, or the", "day before where it is a big", "one with oars.")  # fmt: skip
    text = read(drawn).text
    assert "EL DUEÑO cede la barca a los socios" in text
    assert "por LAS NORMAS se dice." in text


def boxed(x: Sequence[float], low: float, high: float) -> str:
    """The cells of a row, each with its four edges."""
    return "".join(f"{a} {low} {b - a} {high - low} re S\n" for a, b in itertools.pairwise(x))


def test_a_form_whose_rows_have_cells_of_their_own_is_read_cell_by_cell() -> None:
    form: tuple[tuple[tuple[float, ...], tuple[str, ...]], ...] = (
        ((60, 540), ("DATOS DE LA EMPRESA",)),
        ((60, 130, 380, 430, 540), ("Name", "Boats & Oars of Lerma S.L.", "CIF", "B-900300")),
        ((60, 170, 380, 430, 540), ("Representante", "Nerea Iturri Bo", "DNI", "1.017.235")),
        ((60, 150, 250, 350, 540), ("País", "Uruguay", "Place of business", "Colonia")),
        ((60, 190, 540), ("Dirección de avisos", "Calle del Puerto 26, torre 6, piso 938")),
    )
    drawn = ""
    for n, (x, cells) in enumerate(form):
        drawn += boxed(x, 700 - 18 * n, 718 - 18 * n)
        drawn += "".join(at(a + 4, 705 - 18 * n, cell) for a, cell in zip(x, cells, strict=False))
    drawn = at(60, 740, "1.", font="F2") + at(110, 740, "GENERALIDADES", font="F2") + drawn
    found = [
        " | ".join(document.text[a:b] for a, b in block.cells)
        for document in [read(drawn)]
        for block in document.blocks
        if block.kind in ("row", "label")
    ]
    assert found == [" | ".join(cells) for _, cells in form]


@pytest.mark.parametrize("key", ["Alcance del\nencargo", "Scope of\nthe work"])
def test_lines_of_a_first_cell_above_its_key_are_of_its_row(key: str) -> None:
    x = (60, 150, 540)
    drawn = at(60, 760, "Se entiende por estas palabras lo que sigue a cada una:")
    drawn += ruled(x, 715) + ruled(x, 640) + ruled(x, 605)
    first = ("Es la fase en la que, mientras hablan, las partes dicen lo que", "han de tener las barcas y lo que no se ha pedido para", "ellas, y hasta dónde llega el taller con", "los trabajos del astillero.")  # fmt: skip
    drawn += lines(156, 700, *first) + lines(66, 686, *key.split("\n"))
    drawn += at(66, 625, "Oar") + at(156, 625, "What a boat is rowed with.")
    assert [said for _, said in rows(read(drawn))] == [
        f"{key.replace(chr(10), ' ')} | {' '.join(first)}",
        "Oar | What a boat is rowed with.",
    ]


def test_lines_filled_with_the_colour_of_their_cell_part_no_rows() -> None:
    def filled(a: float, low: float, b: float, high: float) -> str:
        return f"0.9 0.9 0.95 rg {a} {low} {b - a} {high - low} re f 0 g\n"

    x, drawn = (60, 300, 540), ""
    table = (
        (
            (
                "Lend, sell or hand on the boats",
                "of the club to others, or leave",
                "them unlocked at a jetty",
            ),
            ("Pintar la quilla", "de otro color"),
        ),  # fmt: skip
        (
            (
                "Salir sin avisar a la guardia de",
                "turno ni dejar dicho a qué",
                "hora se piensa volver",
            ),
            ("Take the oars", "home"),
        ),  # fmt: skip
    )
    for n, row in enumerate(table):
        low, high = 650 - 60 * n, 710 - 60 * n
        for a, b, cell in zip(x[:-1], x[1:], row, strict=True):
            drawn += filled(a, low, b, high)
            for k, line in enumerate(cell):
                y = high - 20 - 14 * k
                drawn += filled(a + 5, y - 4, b - 5, y + 10) + at(a + 6, y, line)
        drawn += ruled(x, low)
    drawn = drawn + ruled(x, 710)
    assert [said for _, said in rows(read(drawn))] == [
        " | ".join(" ".join(cell) for cell in row) for row in table
    ]


def test_a_sentence_that_ends_every_page_several_times_is_said_once() -> None:
    same = "What is said here holds for each and every boat of the club."
    pages = (
        at(60, 790, f"Artículo {n}. {name}", 12, "F2")
        + lines(
            60, 765, f"La norma de {name} la escribió el socio número {n * n + 3}.", *[same] * 3
        )
        for n, name in enumerate(("cuotas", "bajas", "llaves", "barcas", "remos"), 1)
    )
    assert same in read(*pages).text


_TENANCY = (
    ("The tenant pays the rent at the end of each month, between the first day and", "the seventh, into the account that the owner names in a letter to him.", "After ten days he pays a fine of five in the hundred."),
    ("Las obras menores corren a cargo del inquilino, quien debe avisar de ellas al", "dueño con quince días de antelación y enseñarle lo que van a costar. Las que", "tocan a la cubierta las paga el dueño por entero."),
    ("The owner may see the house once a year, if he has said so by a letter that", "comes eight days before, and never on a Sunday or a feast of the town."),
)  # fmt: skip
_NOTES = (("Rent and", "its payment"), ("Obras y", "reparaciones"), ("Visits of", "the owner"))


@pytest.mark.parametrize("x", [36, 510])
@pytest.mark.parametrize(("size", "step"), [(11, 14), (8, 14), (8, 9.5)])
def test_notes_of_several_lines_in_the_margin_stand_before_their_paragraphs(
    x: float, size: float, step: float
) -> None:
    drawn = at(120, 740, "CONTRATO", 16, "F2")
    for n, (text, note) in enumerate(zip(_TENANCY, _NOTES, strict=True)):
        drawn += lines(120 if x < 100 else 60, 700 - 56 * n, *text)
        drawn += lines(x, 700 - 56 * n, *note, size=size, font="F2", step=step)
    said = [" ".join(both) for pair in zip(_NOTES, _TENANCY, strict=True) for both in pair]
    assert " ".join(read(drawn).text.split()) == " ".join(["CONTRATO", *said])


def test_bold_marks_of_items_are_no_notes_in_the_margin() -> None:
    texts = (*_TENANCY[0], *_TENANCY[1], _TENANCY[2][0])
    marks = ((0, "a)"), (2, "b)"), (3, "c)"), (6, "d)"))
    drawn = lines(92, 700, *texts)
    drawn += "".join(at(60, 700 - 14 * n, mark, font="F2") for n, mark in marks)
    items = [block for block in read(drawn).blocks if block.kind == "item"]
    assert len(items) == len(marks)


def drawn_rows(x: Sequence[float], top: float, table: Sequence[Sequence[str]]) -> str:
    return "".join(
        at(left, top - 16 * n, cell)
        for n, row in enumerate(table)
        for left, cell in zip(x, row, strict=True)
    )


@pytest.mark.parametrize("head", [("Votes", "Half", "Third"), ("Votos", "3/5", "4/7")])
def test_a_header_that_is_printed_over_the_rest_of_a_table_overleaf_is_one_of_one_table(
    head: tuple[str, str, str],
) -> None:
    first = [(str(n), str(n // 2 + 1), str(n // 3 + 1)) for n in range(10, 50)]
    rest = [(str(n), str(n // 2 + 1), str(n // 3 + 1)) for n in range(50, 60)]
    x = (60.0, 200.0, 340.0)
    document = read(drawn_rows(x, 780, [head, *first]), drawn_rows(x, 780, [head, *rest]))
    assert [block.kind for block in document.blocks].count("table") == 1
    said = [" | ".join(row) for row in (head, *first, *rest)]
    assert rows(document) == [(n == 0, row) for n, row in enumerate(said)]


def test_forms_that_are_laid_out_alike_are_tables_of_their_own() -> None:
    forms = [
        [("Taller", "Sala", "Curso"), ("Nombre", name, "2031"), ("Plazas", "doce", "ocho")]
        for name in ("Barro", "Vidrio")
    ]
    document = read(*(drawn_rows((60, 200, 340), 700, form) for form in forms))
    assert [row for _, row in rows(document)].count("Taller | Sala | Curso") == 2


@pytest.mark.parametrize(
    ("first", "second", "third"),
    [
        ("Quien rema paga", "la mitad de", "cada viaje largo."),
        ("A rower pays", "the half of", "each long trip."),
    ],
)
def test_what_a_line_is_drawn_through_is_left_out_and_listed(
    first: str, second: str, third: str
) -> None:
    def through(x: float, y: float, to: float) -> str:
        return f"0.6 w {x} {y} m {to} {y} l S\n"

    line = at(60, 700, first) + at(200, 700, second) + at(300, 700, third)
    whole = at(60, 670, "Nobody lends a boat.") + at(60, 640, "Las llaves se quedan en casa.")
    drawn = line + whole + through(199, 703.5, 258) + through(60, 673.5, 164)
    drawn += through(60, 638, 190)  # Only underlined
    document = read(drawn)
    assert second not in document.text
    assert "Nobody" not in document.text
    assert "Las llaves se quedan en casa." in document.text
    assert document.left_out == (
        LeftOut(second, 1, "struck out"),
        LeftOut("Nobody lends a boat.", 1, "struck out"),
    )


def test_words_in_a_line_that_are_struck_out_leave_one_space() -> None:
    said = "The club lends its boats for nine ten days."
    drawn = at(60, 700, said) + "0.6 w 195.5 703.3 m 216 703.3 l S\n"
    assert read(drawn).text == "The club lends its boats for ten days."


@pytest.mark.parametrize("items", [("Una pala", "Dos remos"), ("A spade", "Two oars")])
def test_the_letter_that_word_sets_for_a_hollow_bullet_is_one(items: tuple[str, str]) -> None:
    drawn = at(60, 700, "• Material:")
    for n, item in enumerate(items):
        drawn += at(96, 684 - 16 * n, "o", font="F4") + at(114, 684 - 16 * n, item)
    text = read(drawn).text
    assert [line.strip() for line in text.split("\n") if line] == [
        "• Material:",
        *(f"◦ {item}" for item in items),
    ]


@pytest.mark.parametrize(
    "prose",
    [
        ("La barca se lava al volver y se deja seca en el", "cobertizo, con los remos en su sitio y la llave", "colgada detrás de la puerta, como estaba antes de", "salir al agua esa mañana."),
        ("Each boat is washed on its return and is left dry in", "the shed, with the oars in their place and the key", "hung up behind the door, where it was before the", "crew went out that morning."),
    ],
)  # fmt: skip
def test_lines_further_apart_than_those_of_a_paragraph_are_things_of_their_own(
    prose: tuple[str, ...],
) -> None:
    names = ("Aceites Luna", "Bodega Sol", "Casa Nube", "Huerta Rayo", "Panes Brisa")
    drawn = ""
    for n in range(3):
        drawn += lines(60, 790 - 230 * n, *prose, step=14)
        drawn += lines(60, 720 - 230 * n, *names, step=24)
    parts = read(drawn).text.split("\n\n")
    assert parts == [" ".join(prose), *names] * 3


@pytest.mark.parametrize("name", ["Section", "Artículo"])
def test_a_section_in_the_margin_is_one_line_with_a_text_that_has_a_raised_mark(name: str) -> None:
    drawn, y = "", 780
    for n in range(1, 4):
        text = f"Besides what these rules say elsewhere, the {n}"
        right = 130 + 6 * len(text)
        drawn += at(60, y, f"{name} {n}.") + at(130, y, text, 10, "F4") + at(right, y + 4, "th", 6)
        drawn += at(right + 13, y, "mate of each", 10, "F4") + at(60, y - 14, "boat shall:")
        for k, duty in enumerate(("Keep the keys.", "Count the oars.", "Lock the gate.")):
            drawn += at(96, y - 40 - 15 * k, f"{chr(65 + k)}.") + at(130, y - 40 - 15 * k, duty)
        y -= 120
    document = read(drawn)
    assert not rows(document)
    assert document.text.count("elsewhere, the 2th mate of each boat shall:") == 1
    assert [h.text for h in document.headings if h.text.startswith(name)] == [f"{name} {n}." for n in range(1, 4)]  # fmt: skip


@pytest.mark.parametrize("end", [".-", ". -", ".–"])
def test_an_article_that_begins_a_page_below_a_stop_with_a_dash_is_one_of_its_own(end: str) -> None:
    first = lines(60, 700, "Artículo 8.- El socio que pierda la llave del embarcadero la paga, y", f"no vuelve a salir al lago hasta entonces{end}")  # fmt: skip
    second = lines(60, 780, "Artículo 9.- Los remos se guardan en el cobertizo, secos y por", "parejas, y quien los deja fuera paga los que falten.-")  # fmt: skip
    assert "\n\nArtículo 9.-" in read(first, second).text


@pytest.mark.parametrize(
    ("prose", "names"),
    [
        (("Las barcas salen del embarcadero viejo cada media hora mientras haya luz, y la", "última vuelve cuando suena la campana de la torre, aunque falte gente."), ("Domingos, de 9 a 11", "Lunes, de 10 a 13", "Martes y jueves, de 16 a 19", "Sábados, cerrado")),
        (("Whoever wants to sit on the board of the club writes to the keeper of the lake", "before the last day of the month, and these are the people who have done so"), ("Ann Lobo", "Leo Paz", "Grace Ryder", "Tom Vega")),
    ],
)  # fmt: skip
@pytest.mark.parametrize("font", ["F1", "F2"])
def test_a_few_words_each_one_below_another_are_lines_of_their_own_and_no_headings(
    prose: tuple[str, ...], names: tuple[str, ...], font: str
) -> None:
    drawn = lines(60, 760, *prose) + lines(60, 718, *names, font=font)
    drawn += lines(60, 648, *prose) + lines(60, 606, *prose)
    document = read(drawn)
    assert "\n" + "\n".join(names) + "\n" in document.text
    assert not document.headings


def test_short_lines_of_a_sentence_stay_one() -> None:
    whole = ("The boats are kept by", "Ann Lobo and by", "Leo Paz, who has", "The Old Mill and", "Grace's barn for it.")  # fmt: skip
    drawn = lines(60, 760, *LONG.split("|")) + lines(60, 700, *whole) + at(60, 600, "The lake has one landing stage, and it is shut from dusk till dawn all year.")  # fmt: skip
    assert " ".join(whole) in read(drawn).text


@pytest.mark.parametrize(
    ("closing", "signed", "after"),
    [
        ("Given at the old mill of Soria this 3rd day of May, 2031", (("Ann Lobo", "Chair"), ("Grace Ryder", "Secretary")), "Notes"),
        ("Soria, a tres de mayo del año dos mil treinta y uno.-", (("ANA LOBO RIVAS", "Presidenta"), ("Leo Paz", "Secretario")), "Notas"),
        ("Atentamente,", (("Ana Lobo", "Presidenta"), ("Leo Paz", "Secretario")), "Notas"),
    ],
)  # fmt: skip
def test_names_below_the_end_of_a_text_are_no_headings_and_what_stands_over_a_text_is(
    closing: str, signed: tuple[tuple[str, str], ...], after: str
) -> None:
    drawn, y = at(60, 800, "Acta", 18, "F2"), 770
    for n in range(1, 5):
        drawn += lines(60, y, f"{n}. {LONG}", LONG)
        y -= 50
    drawn += at(60, y, closing)
    for name, office in signed:
        y -= 40
        drawn += at(60, y, name, font="F2") + at(60, y - 16, office)
    drawn += at(60, y - 60, after, font="F2") + lines(60, y - 80, LONG, LONG)
    assert [heading.text for heading in read(drawn).headings] == ["Acta", after]


@pytest.mark.parametrize(
    ("closing", "font"),
    [
        ("Este reglamento se expide el día 3 de mayo de 2031 en la villa de Soria.", "F1"),
        ("In witness whereof, the members sign.", "F1"),
        ("Soria, mayo de 2031.-", "F2"),
        ("DADO EN SORIA, EL DÍA TRES DE MAYO DEL AÑO DOS MIL TREINTA Y UNO.", "F2"),
    ],
)
@pytest.mark.parametrize("office", ["Fundadora principal del club de remo del río Duero.", ""])
def test_who_signs_in_capitals_below_where_and_when_a_text_was_given_is_no_heading(
    closing: str, font: str, office: str
) -> None:
    drawn = at(60, 800, "Acta", 18, "F2")
    drawn += "".join(lines(60, 770 - 50 * n, f"{n + 1}. {LONG}", LONG) for n in range(4))
    drawn += at(60, 560, closing, font=font) + at(60, 520, "ANA LOBO RIVAS", font="F2")
    drawn += at(60, 504, office, font="F2") if office else ""
    assert [heading.text for heading in read(drawn).headings] == ["Acta"]


def test_where_and_when_something_is_heads_what_is_said_of_it() -> None:
    drawn = at(60, 800, "Torneo", 18, "F2") + lines(60, 770, LONG, LONG, LONG)
    for n, town in enumerate(("Soria", "Burgos", "Lugo")):
        y = 700 - 80 * n
        drawn += at(60, y, f"{town}, {n + 3} de mayo de 2031", font="F2")
        drawn += at(60, y - 20, "Plaza Mayor") + lines(60, y - 40, LONG, LONG)
    assert [heading.text[:4] for heading in read(drawn).headings] == [
        "Torn",
        "Sori",
        "Burg",
        "Lugo",
    ]


def test_a_heading_below_a_sentence_with_a_date_is_one() -> None:
    drawn = "".join(lines(60, 790 - 50 * n, f"{n + 1}. {LONG}", LONG) for n in range(4))
    drawn += at(60, 560, "Las barcas se piden hasta el 3 de mayo de 2031.")
    drawn += at(60, 520, "Premios", font="F2") + at(60, 500, "Dos remos y una llave")
    drawn += at(60, 460, "Jurado", font="F2") + lines(60, 440, LONG, LONG)
    assert [heading.text for heading in read(drawn).headings] == ["Premios", "Jurado"]


def kinds(document: Document) -> list[tuple[str, str]]:
    return [(b.kind, document.text[b.start : b.end]) for b in document.blocks]


def underlined(x: float, y: float, text: str, width: float) -> str:
    return at(x, y, text) + f"{x} {y - 1.5} {width} 0.7 re f\n"


def test_a_few_words_that_are_underlined_are_a_heading() -> None:
    drawn = ""
    for n, (name, width) in enumerate((("Normas de vestir", 84.4), ("Lost Keys", 50.1))):
        drawn += underlined(297 - width / 2, 700 - 120 * n, name, width)
        drawn += lines(60, 670 - 120 * n, LONG, LONG)
    drawn += underlined(60, 440, "see the rules of the boat house,", 160)
    drawn += "0 0 1 rg " + underlined(60, 400, "Faro de Soria", 69) + "0 g\n" + lines(60, 370, LONG)
    drawn += at(60, 330, "Curso") + underlined(120, 330, "Segundo de remo", 83.7)
    document = read(drawn + lines(60, 300, LONG, LONG))
    assert [heading.text for heading in document.headings] == ["Normas de vestir", "Lost Keys"]


def test_centred_lines_of_a_few_words_are_each_one_of_their_own() -> None:
    words = {"fiebre": 30.6, "dolor sin causa clara": 104, "red and watery eyes": 98, "tos": 14.7, "chills": 26.9}  # fmt: skip
    drawn = lines(60, 700, LONG, LONG) + at(60, 660, "No traiga a quien tenga:")
    drawn += "".join(
        at(297 - width / 2, 640 - 14 * n, word) for n, (word, width) in enumerate(words.items())
    )
    said = read(drawn + lines(60, 540, LONG, LONG)).text.split("\n")
    assert set(words) <= {line.removeprefix("- ") for line in said}


@pytest.mark.parametrize("said", ["5 days a week cost 40 euros.", "225 South Street, Soria"])
def test_small_letters_that_begin_with_a_count_are_no_note(said: str) -> None:
    drawn = (
        lines(60, 700, LONG, LONG, LONG, LONG) + at(60, 620, said, 8) + lines(60, 580, LONG, LONG)
    )
    assert ("paragraph", said) in kinds(read(drawn))
    note = "1 Nota de la junta."
    assert ("footnote", note) in kinds(read(drawn.replace(said, note)))


def test_a_greeting_and_a_farewell_stand_by_themselves() -> None:
    drawn = lines(60, 700, "Estimadas familias,", f"Las {LONG}", LONG)
    drawn += lines(60, 640, "Reciban un cordial saludo", "Amigos del Faro")
    text = read(drawn).text
    assert text.startswith("Estimadas familias,\n\nLas ")
    assert text.endswith("Reciban un cordial saludo\n\nAmigos del Faro")


def test_a_line_of_signs_at_the_head_of_all_pages_is_not_said_on_the_first_of_them() -> None:
    head = at(60, 800, "Amigos del Faro", 9) + at(60, 788, "_" * 60, 9)
    pages = [
        head + lines(60, 700, f"Día {n}. {LONG}", *[LONG] * 30) for n in ("uno", "dos", "tres")
    ]
    text = read(*pages).text
    assert text.startswith("Amigos del Faro")
    assert "_" not in text


def test_a_pointer_to_another_paper_in_bold_is_no_heading() -> None:
    drawn = at(60, 740, "Faro", font="F2") + lines(60, 720, LONG, LONG)
    drawn += at(60, 680, "See attached report for the notes", font="F2")
    drawn += at(60, 650, "Muelle", font="F2") + lines(60, 630, LONG, LONG)
    assert [heading.text for heading in read(drawn).headings] == ["Faro", "Muelle"]


@pytest.mark.parametrize(
    "name", ["CMBX10", "ABCDEF+SFBX1000", "NimbusRomNo9L-Medi", "NimbusSanL-Bol"]
)
def test_bold_fonts_of_tex_are_bold(name: str) -> None:
    drawn = at(60, 740, "1 Barcas prestadas", font="F9") + lines(60, 720, LONG, LONG)
    font = f"<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>"
    data = pdf_of(drawn, extra=[font]).replace(b"/F3 5 0 R >>", b"/F3 5 0 R /F9 6 0 R >>")
    assert [head.text for head in parse(data, "a.pdf").headings] == ["1 Barcas prestadas"]


def test_a_bold_name_over_the_text_in_the_other_cell_of_the_next_row_is_a_heading() -> None:
    rows_ = (("Curso:", "Segundo"), ("Horas:", "3"), ("Profesora:", "Ana Lobo"))
    drawn = "".join(
        at(60, 700 - 18 * n, name, font="F2") + at(240, 700 - 18 * n, value)
        for n, (name, value) in enumerate(rows_)
    )
    said = (
        "El faro y sus lámparas, con",
        "what the keeper has to know of",
        "them before the night.",
    )
    drawn += at(60, 646, "Contenidos", font="F2") + lines(240, 628, *said)
    for y in (714, 696, 678, 660, 642, 590):
        drawn += f"55 {y} 180 0.5 re f\n235 {y} 200 0.5 re f\n"
    document = read(drawn + lines(60, 520, LONG, LONG))
    assert ("heading", "Contenidos") in kinds(document)
    assert ("paragraph", " ".join(said)) in kinds(document)


def test_labels_that_nobody_filled_in_are_no_values_of_others() -> None:
    drawn = lines(60, 700, LONG, LONG) + at(60, 660, "Name:") + at(240, 660, "Date of birth:")
    drawn += at(60, 640, "Correo: Teléfono:") + at(60, 600, "Barca: Lobo")
    document = read(drawn)
    labels = [document.text[slice(*b.cells[0])] for b in document.blocks if b.kind == "label"]
    assert labels == ["Barca"]


def test_the_underlined_name_below_the_number_of_an_article_is_of_its_heading() -> None:
    drawn = at(280, 740, "ARTICLE 1") + underlined(281, 726, "BOATS", 39.1)
    drawn += (
        lines(60, 700, LONG, LONG) + at(280, 660, "ARTICLE 2") + underlined(284, 646, "OARS", 32)
    )
    document = read(drawn + lines(60, 620, LONG, LONG))
    assert [heading.text for heading in document.headings] == ["ARTICLE 1 BOATS", "ARTICLE 2 OARS"]


def test_a_numbered_line_in_bold_with_a_colon_is_a_heading_and_no_label() -> None:
    drawn = at(60, 740, "2 Change to the course: Boats and Oars", font="F2") + lines(
        60, 720, LONG, LONG
    )
    drawn += at(60, 680, "Fecha: 3 de mayo", font="F2") + lines(60, 660, LONG, LONG)
    document = read(drawn)
    assert [head.text for head in document.headings] == ["2 Change to the course: Boats and Oars"]


def spread(x: float, y: float, said: str, right: float, font: str = "F4") -> str:
    """Words in letters of 6.6 points with equal gaps from ``x`` to ``right``."""
    words = said.split()
    gap = (right - x - 6.6 * sum(map(len, words))) / (len(words) - 1)
    drawn = ""
    for word in words:
        drawn += at(x, y, word, 11, font)
        x += 6.6 * len(word) + gap
    return drawn


@pytest.mark.parametrize(
    "said",
    [
        ("2) The boats and oars are open to all our members in", "harbour, as well as the two ropes of the old bell", "boathouse, but not those which hang upon a nail in", "the hall."),
        ("2) Las barcas y remos son de todos los socios que", "pidan antes de las seis de la tarde al guarda", "del muelle salvo que ese lunes no haya ninguna en", "el agua."),
    ],
)  # fmt: skip
def test_lines_set_wide_one_below_the_other_are_no_table(said: Sequence[str]) -> None:
    drawn = at(60, 742, "1) Short.", 11, "F4") + spread(60, 728, said[0], 500)
    drawn += "".join(spread(78, 714 - 14 * n, line, 500) for n, line in enumerate(said[1:3]))
    document = read(drawn + at(78, 686, said[3], 11, "F4"))
    assert not rows(document)
    assert " ".join(said) in document.text


def test_lines_set_wide_may_be_half_a_line_further_apart() -> None:
    said = ("The harbour is open from the first of May to the end of", "October unless Ann Lobo", "forbids it on 3 days", "that the keeper has put up on the board.")  # fmt: skip
    right = 60 + 6.6 * len(said[0])
    drawn = at(60, 740, said[0], 11, "F4") + at(60, 671, said[3], 11, "F4")
    drawn += spread(60, 717, said[1], right) + spread(60, 694, said[2], right)
    assert read(drawn).text == " ".join(said)


def test_underlines_of_words_set_wide_part_no_rows() -> None:
    names = ("Boats", "Remos", "Sails", "Cuerda", "Tar", "Anclas", "Nets")
    drawn = "".join(
        at(60, 700 - 14 * n, f".{n}1", 11, "F4") + at(90, 700 - 14 * n, name, 11, "F4")
        for n, name in enumerate(names)
    )
    drawn += at(60, 602, ".81", 11, "F4")
    long = (
        "FEES OF THOSE WHO SELL OARS",
        "AND SAILS IN THE NEW HARBOUR AND",
        "ARE NO MEMBERS OF THE CLUB",
    )
    for n, line in enumerate(long):
        drawn += spread(90, 602 - 14 * n, line, 380) + f"90 {600.5 - 14 * n} m 380 {600.5 - 14 * n} l S\n"  # fmt: skip
    assert [said for _, said in rows(read(drawn))] == [
        *(f".{n}1 | {name}" for n, name in enumerate(names)),
        f".81 | {' '.join(long)}",
    ]


def test_numbers_below_one_another_beside_texts_are_rows_of_one_key() -> None:
    drawn = at(60, 740, "Tarifa", 16, "F2")
    codes = ("62100", "62800", "62900")
    for k, code in enumerate(codes):
        y = 700 - 56 * k
        drawn += at(60, y, code, 11, "F2")
        for n, said in enumerate(
            ("VENTA DE BARCAS", "Sale of used boats by their", "Otras ventas")
        ):
            drawn += at(120, y - 14 * (n + (n > 1)), f".{n}0") + at(
                150, y - 14 * (n + (n > 1)), said
            )
        drawn += at(150, y - 28, "owners")
    found = [said for _, said in rows(read(drawn))]
    assert found[:3] == [
        "62100 | .00 | VENTA DE BARCAS",
        "62100 | .10 | Sale of used boats by their owners",
        "62100 | .20 | Otras ventas",
    ]
    assert len(found) == 9


def test_sentences_each_beside_a_name_are_values() -> None:
    prices = (
        ("For each further bag", "Five pounds a bag."),
        ("Por maletas demasiado grandes", "Dos euros por cada palmo de más."),
        ("For a bicycle on board", "Ten pounds, or eight by post."),
    )
    drawn = "".join(
        at(60, 700 - 12 * n, name) + at(260, 700 - 12 * n, value)
        for n, (name, value) in enumerate(prices)
    )
    found = [said for _, said in rows(read(drawn))]
    assert found == [f"{name} | {value}" for name, value in prices]


def test_words_of_one_cell_that_stand_apart_are_in_one_column() -> None:
    drawn = at(60, 700, "Police") + at(220, 700, "101 (or 999 at night)")
    drawn += (
        at(60, 678, "Wharf") + at(104, 678, "keepers") + at(220, 678, "0117 940 11 for the wharf")
    )
    drawn += at(60, 665, "of the quays") + at(220, 656, "or 0117 940 12 for boats")
    drawn += at(60, 634, "Fire") + at(220, 634, "Call 940 13 by day and night")
    assert [len(said.split(" | ")) for _, said in rows(read(drawn))] == [2, 2, 2, 2]


def test_names_with_blanks_beside_them_are_rows_of_a_form() -> None:
    names = ("First boat / Primera barca", "Title of the race", "Oars (long\nshort or none)", "Paid by", "Skipper")  # fmt: skip
    x, y, drawn = (60, 220, 520), 700, at(56, 706, "Race Details:", 12, "F2")
    for name in names:
        high = 14 * (3 if name == "Paid by" else name.count("\n") + 1)
        drawn += boxed(x, y - high, y) + lines(64, y - 11, *name.split("\n"), font="F2")
        if name == "Paid by":
            drawn += lines(226, y - 11, "The club", "A sponsor", "Nobody")
        y -= high
    document = read(drawn + lines(60, y - 40, LONG, LONG))
    assert [said for _, said in rows(document)] == [
        "First boat / Primera barca",
        "Title of the race",
        "Oars (long short or none)",
        "Paid by | The club A sponsor Nobody",
        "Skipper",
    ]


def test_a_form_may_have_columns_whose_names_stand_over_blanks_and_edges_drawn_as_one() -> None:
    x = (60, 160, 340, 520)
    drawn = at(200, 700, "The member", font="F2") + at(380, 700, "The guest", font="F2")
    for n, name in enumerate(("", "Name", "Telephone", "Boat", "Oars")):
        y = 695 - 18 * n
        bars = "".join(f"{left} {y} 0.5 18 re " for left in x)
        drawn += f"60 {y} 460.5 0.5 re 60 {y + 18} 460.5 0.5 re {bars}f\n"
        drawn += at(64, y + 5, name, font="F2") if name else ""
    document = read(lines(60, 760, LONG, LONG) + drawn + lines(60, 560, LONG, LONG))
    assert [said for _, said in rows(document)] == [
        "The member | The guest", "Name", "Telephone", "Boat", "Oars",
    ]  # fmt: skip
    names = next(block for block in document.blocks if block.kind == "row")
    assert [document.text[start:end] for start, end in names.cells] == ["", "The member", "The guest"]  # fmt: skip


@pytest.mark.parametrize("title", ["Promises", "Compromisos"])
def test_a_line_over_a_box_of_cells_heads_it_though_words_above_share_a_gap(title: str) -> None:
    x = (60, 180, 420, 540)
    table = (("Who", "What", "When"), ("Treasurer", "Count the oars in the shed", "3 May"), ("All", "Ring the bell of the pier", "Always"))  # fmt: skip
    drawn = at(70, 760, "Meeting of the harbour") + at(400, 760, "19 of January")
    drawn += at(70, 747, "in the shed") + at(56, 724, title, 13)
    for n, cells in enumerate(table):
        drawn += boxed(x, 690 - 16 * n, 706 - 16 * n)
        drawn += "".join(
            at(left + 6, 694 - 16 * n, said) for left, said in zip(x, cells, strict=False)
        )
    document = read(drawn + lines(60, 600, *[LONG] * 4))
    assert ("heading", title) in kinds(document)
    assert [said for _, said in rows(document)] == [" | ".join(cells) for cells in table]


def test_boxes_of_cells_apart_from_each_other_are_tables_of_their_own() -> None:
    drawn, x = "", (60, 190, 400)
    for k, who in enumerate(("ROWERS", "KEEPERS")):
        y = 700 - 110 * k
        table = (("DRESS", who), ("Monday", "Blue"), ("Martes", "Gris / oscuro"), ("Friday", "Red"))
        for n, cells in enumerate(table):
            drawn += boxed(x, y - 20 * n - 6, y - 20 * n + 14)
            font = "F1" if n else "F2"
            drawn += at(70, y - 20 * n, cells[0], font=font) + at(200, y - 20 * n, cells[1], font=font)  # fmt: skip
    document = read(drawn)
    assert sum(block.kind == "table" for block in document.blocks) == 2
    assert [level for level, _ in rows(document)] == 2 * [1, 0, 0, 0]


def test_a_head_that_lines_of_the_text_are_printed_across_is_a_head() -> None:
    head = at(200, 783, "Acta del puerto", 11) + at(420, 783, "19 de enero", 11)
    pages = [
        at(60, 800, title, 13, "F2")
        + head
        + lines(60, y, f"{LONG} {title}")
        + lines(60, 720, *[f"{LONG} {title}"] * 30)
        for title, y in (("Oars", 770), ("Barcas", 779), ("Sails", 779))
    ]
    text = read(*pages).text
    assert text.count("Acta del puerto") == 1
    assert text.count("19 de enero") == 1


def test_the_boxes_at_the_head_and_the_foot_of_pages_are_said_whole_and_once() -> None:
    def page(n: int) -> str:
        drawn = boxed((60, 400, 480, 560), 786, 804) + boxed((60, 400, 480, 560), 768, 786)
        drawn += at(70, 790, "Rules of dress", 10, "F2") + at(410, 790, "Código", 10, "F2")
        drawn += at(490, 790, "R-05", 10, "F2") + at(410, 772, "Versión", 10, "F2")
        drawn += at(510, 772, "07", 10) + boxed((60, 230, 385, 560), 40, 58)
        drawn += at(70, 772, "of the harbour", 10, "F2")
        for x, said in ((56, "Escrito por:"), (235, "Leído por:"), (405, "Aprobado por:")):
            drawn += at(x, 72, said, 10, "F2")
        for x, said in ((100, "Club"), (250, "Treasurer"), (420, "Club")):
            drawn += at(x, 46, said, 10)
        return drawn + lines(130, 720, *[f"{LONG} {'abcd'[n]}"] * 40, size=8)

    text = read(*map(page, range(4))).text
    assert "07" in text[: text.index(LONG)]
    foot = text[text.rindex("Escrito por:") :]
    assert text.count("Escrito por:") == 1
    assert LONG not in foot
    assert [foot.count(said) for said in ("Aprobado por:", "Treasurer", "Club")] == [1, 1, 2]


def test_the_label_of_the_number_of_a_page_goes_with_it() -> None:
    def page(n: int) -> str:
        head = at(60, 800, "Rules of dress", 9) + at(400, 800, "Páginas", 9)
        return head + at(460, 800, f"Página {n} de 4", 9) + lines(60, 740, *[f"{LONG} {n}"] * 40)

    text = read(*map(page, range(1, 5))).text
    assert text.count("Rules of dress") == 1
    assert "Página" not in text


def test_days_below_one_another_are_each_a_line_of_its_own() -> None:
    days = (
        ("Sept. 4th Boats out for the", "new members at nine."),
        ("Sept. 9 Oars",),
        ("12 de octubre Comida en el", "muelle viejo, con baile."),
        ("Nov. 3rd No meeting today.", "Come to the quay instead."),
    )
    text = read(at(60, 740, "What is on", 16) + lines(60, 700, *[line for day in days for line in day])).text  # fmt: skip
    assert all(re.search(rf"^{re.escape(' '.join(day))}$", text, re.MULTILINE) for day in days)


def test_a_bold_line_that_says_what_will_be_done_is_no_heading() -> None:
    first = "El reglamento del puerto viejo del pueblo se revisará durante cada otoño"
    rest = "Asamblea de socios, para que se ajuste a lo que pasa."
    drawn = lines(60, 740, *[LONG] * 4) + at(60, 660, first, font="F2") + at(60, 646, rest)
    document = read(drawn)
    assert not document.headings
    assert f"{first} {rest}" in document.text


def test_a_few_words_over_a_text_in_a_narrow_column_are_none_of_it() -> None:
    said = ("Your child will need a", "towel and slippers for", "every day of the week.")
    assert read(lines(60, 700, "Swim things", *said)).text == f"Swim things\n\n{' '.join(said)}"


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("Datos de la regata", (("Muelle: el de abajo",), ("Hora: las nueve, y quien llegue", "tarde sale con los remos."), ("Barcas: de dos a seis",))),
        ("About the race", (("Pier: the lower one",), ("Hour: nine, and who comes after", "that sets out with the oars."), ("Boats: for two to six",))),
    ],
)  # fmt: skip
def test_dashes_of_a_font_of_signs_are_bullets_and_no_column(
    head: str, said: tuple[tuple[str, ...], ...]
) -> None:
    y, drawn = 700, at(60, 730, head, font="F2")
    for item in said:
        # In Symbol the hyphen is a minus sign
        drawn += at(78, y, "-", font="F9") + lines(96, y, *item)
        y -= 14 * len(item)
    symbol = "<< /Type /Font /Subtype /Type1 /BaseFont /Symbol >>"
    data = pdf_of(drawn + lines(60, y - 20, LONG, LONG), extra=[symbol])
    document = parse(data.replace(b"/F3 5 0 R >>", b"/F3 5 0 R /F9 6 0 R >>"), "a.pdf")
    assert items_of(document) == [f"\u2212 {' '.join(item)}" for item in said]
    assert not rows(document)


def test_small_pictures_and_ticks_drawn_as_pictures_are_bullets() -> None:
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /FirstChar 65 /LastChar 67 /Widths [1250 900 0] /ToUnicode 7 0 R >>"
    said = "3 beginbfchar <41> <D83DDEA7> <42> <2714> <43> <FE0F> endbfchar"
    head = "begincmap 1 begincodespacerange <00> <ff> endcodespacerange"
    unicode = f"<< /Length {len(head) + len(said) + 10} >> stream\n{head}\n{said}\nendcmap\nendstream"  # fmt: skip
    full = (
        "A wall of stone for the boats of the members, on the side of the river where it is deep."
    )
    drawn = ""
    for n, mark in enumerate(("A", "A", "BC", "BC")):
        drawn += at(60, 700 - 16 * n, mark, font="F9") + at(78, 700 - 16 * n, full)
    drawn += lines(60, 600, LONG, LONG, LONG)
    data = pdf_of(drawn, extra=[font, unicode])
    document = parse(data.replace(b"/F3 5 0 R >>", b"/F3 5 0 R /F9 6 0 R >>"), "a.pdf")
    assert items_of(document) == [f"🚧 {full}"] * 2 + [f"✔ {full}"] * 2


def test_numbered_lines_in_small_letters_above_the_text_are_items_and_no_notes() -> None:
    listed = ("1. Traer remos secos.", "2. Bring a lamp to the quay.", "3. Firmar en el libro.")
    drawn = lines(60, 760, LONG, LONG) + at(60, 720, "Quien quiera una barca", 9.5, "F2")
    drawn += lines(60, 706, *listed, size=9.5) + lines(60, 640, LONG, LONG, LONG)
    drawn += at(60, 60, "1. The first of the boats was built in 1911.", 9)
    document = read(drawn)
    assert items_of(document) == list(listed)
    assert [said for kind, said in kinds(document) if kind == "footnote"] == [
        "1. The first of the boats was built in 1911."
    ]


@pytest.mark.parametrize(
    "title",
    [
        ("REUNIÓN DE LOS SOCIOS DEL LAGO Y DE", "QUIENES VIVEN EN LA RIBERA, PARA", "HABLAR DE REMOS"),
        ("A MEETING OF THE MEMBERS AND OF ALL", "WHO LIVE BY THE RIVER, TO TALK ABOUT", "OARS"),
    ],
)  # fmt: skip
def test_the_lines_of_a_title_in_capitals_may_stand_further_apart_than_those_of_the_text(
    title: tuple[str, ...],
) -> None:
    column = ("The club lends its boats to whoever has", "paid for the year, and asks for two keys", "and a lamp. Nobody is lent a boat after", "dusk, when the bell rings.")  # fmt: skip
    drawn = lines(60, 740, *title, size=11.6, step=17)
    drawn += lines(60, 670, *column, step=12) + lines(60, 600, *column, step=12)
    document = read(drawn)
    assert document.text.split("\n\n")[0] == " ".join(title)


def test_a_line_that_ends_in_a_number_within_a_divided_word_is_none_of_the_contents() -> None:
    drawn = at(60, 780, "ÍNDICE", font="F2") + lines(60, 760, "Las barcas", "Los remos")
    drawn += lines(60, 700, "Los socios hablaron el martes de las barcas nuevas y de los remos. La a-", "sistencia fue, si no se contó mal, de 40", "personas.")  # fmt: skip
    document = read(drawn)
    assert "La asistencia fue, si no se contó mal, de 40 personas." in document.text
    assert not [kind for kind, _ in kinds(document) if kind == "contents"]


@pytest.mark.parametrize("month", ["November", "Mayo"])
def test_a_month_in_the_largest_letters_of_a_cover_is_no_title(month: str) -> None:
    cover = at(60, 700, "Friends of the Lower Pier", 30) + at(300, 200, month, 40)
    cover += at(300, 150, "2031", 40)
    assert read(cover, lines(60, 740, LONG, LONG)).title == "Friends of the Lower Pier"


def test_who_signs_at_the_end_is_no_title() -> None:
    drawn = at(60, 780, "Premio a la barca mejor cuidada", font="F2")
    drawn += lines(60, 750, *[LONG] * 30) + at(60, 300, "SOCIEDAD DEL LAGO", font="F2")
    drawn += at(60, 286, "Premio a la barca")
    assert read(drawn).title == "Premio a la barca mejor cuidada"


@pytest.mark.parametrize(
    "line", ["Correo: __________________", "Fax___________________", "EMAIL BOATS@PIER.EXAMPLE"]
)
def test_a_blank_to_write_on_and_where_mail_goes_head_nothing(line: str) -> None:
    drawn = at(60, 780, "Solicitud de barca", 15) + lines(60, 750, LONG, LONG)
    drawn += at(60, 700, line, font="F2") + lines(60, 670, LONG, LONG)
    assert [head.text for head in read(drawn).headings] == ["Solicitud de barca"]


def test_a_box_beside_the_first_items_of_a_list_is_no_part_of_them() -> None:
    items = (
        ("The club may refuse a boat to anyone", "who has come without a lamp."),
        ("Las normas pueden cambiar sin que se", "avise de ello a nadie de fuera."),
    )
    full = ("There is nothing to pay for a boat that is lent to a member on the first day of the week after", "the spring floods, or on the one before it.")  # fmt: skip
    box = ("Whoever takes a boat out has to be back", "on the quay when the bell rings, or pays", "for the night. Boats are lent by the club", "and the keeper of the lower pier, who has", "the keys of all sheds, at any hour.")  # fmt: skip
    drawn = lines(330, 759, *box, size=10, step=12.2)
    for n, item in enumerate((*items, *[full] * 6)):
        drawn += at(40, 730 - 28 * n, f"{n + 1})", 10)
        drawn += lines(66, 730 - 28 * n, *item, size=10, step=14)
    document = read(drawn)
    assert items_of(document) == [
        f"{n}) {' '.join(item)}" for n, item in enumerate((*items, *[full] * 6), 1)
    ]
    assert " ".join(box) in document.text


def test_a_running_head_goes_where_the_lines_of_a_page_stand_as_far_apart() -> None:
    head = at(60, 800, "Friends of the Lower Pier", 11)
    near = [head + lines(60, 765, *[f"{LONG} {n}"] * 40) for n in range(1, 4)]
    wide = head + lines(60, 765, *[f"Punto {n}: se habla de remos." for n in range(20)], step=33)
    assert read(*near, wide).text.count("Friends of the Lower Pier") == 1


def test_words_round_a_seal_are_no_text() -> None:
    seal = ""
    for n, piece in enumerate(("FRI", "END", "S O", "F T", "HE", "PI", "ER")):
        angle = math.radians(70 - 25 * n)
        cos, sin = math.cos(angle), math.sin(angle)
        seal += f"BT /F1 2 Tf {cos:.4f} {sin:.4f} {-sin:.4f} {cos:.4f} {500 + 5 * n} {800 - (n - 3) ** 2} Tm ({piece}) Tj ET\n"  # fmt: skip
    document = read(at(60, 780, "Hoja del muelle", 18) + lines(60, 740, LONG, LONG) + seal)
    assert document.text == f"Hoja del muelle\n\n{LONG} {LONG}"
    assert {one.reason for one in document.left_out} == {"watermark"}


def test_each_question_of_a_form_has_its_ticks_and_a_line_of_its_own() -> None:
    said = [
        "Nombre de la remera: Nora Paz Lobo, de la Real Sociedad de Remo del Lago Alto",
        "¿Sabe nadar?   Sí [X]   No [ ]",
        "Can anyone else bring the boat back to the old pier on Sundays?   Yes (x)   No ( )",
        "Turno:   ( ) 1.º, del 1 al 15 de julio   (X) 2.º, del 16 al 31 de julio",
        "Alergias: ninguna",
    ]
    document = read("".join(at(60, 700 - 14 * n, line) for n, line in enumerate(said)))
    assert [document.text[b.start : b.end] for b in document.blocks] == [
        " ".join(line.split()) for line in said
    ]


@pytest.mark.parametrize("spanish", [True, False])
def test_the_blocks_above_the_items_of_an_invoice_are_no_rows_and_its_totals_are(
    spanish: bool,
) -> None:
    # Amounts right-aligned, figures being of one width
    def right(x: float, y: float, text: str) -> str:
        return at(x - 5.56 * len(text.replace(",", "").replace(".", "")), y, text, 10)

    if spanish:
        names = ("Facturar a:", "Entregar en:", "Concepto", "Uds.", "Precio", "Importe")
        said, sums = (
            ("N.º: 118", "Vence: 3 de mayo"),
            ("Base imponible", "IVA 21 %", "Total de la factura"),
        )
    else:
        names = ("Bill to:", "Deliver to:", "Description", "Qty", "Rate", "Amount")
        said, sums = (
            ("Invoice no.: 118", "Due: 3 May"),
            ("Subtotal", "VAT 20%", "Deposit required (30%)"),
        )
    drawn = lines(60, 780, "Remos Lobo", "Muelle 3, Ribera", size=10) + lines(
        330, 780, *said, size=10
    )
    drawn += lines(60, 720, names[0], "Club del Lago", "Calle Alta, 9", size=10)
    drawn += lines(330, 720, names[1], "Nora Paz", "Calle Baja, 4", size=10)
    for x, name in zip((60, 330, 400, 470), names[2:], strict=True):
        drawn += at(x, 650, name, 10, "F2")
    for n, (item, count, rate, sum_) in enumerate(
        [
            ("Remo de haya", "2", "64,00", "128,00"),
            ("Barniz", "12", "9,50", "114,00"),
            ("Soga", "1", "70,00", "70,00"),
        ]
    ):
        y = 632 - 16 * n
        drawn += (
            at(60, y, item, 10) + at(330, y, count, 10) + right(424, y, rate) + right(505, y, sum_)
        )
    for n, (name, sum_) in enumerate(zip(sums, ("312,00", "65,52", "377,52"), strict=True)):
        drawn += at(330, 578 - 16 * n, name, 10) + right(505, 578 - 16 * n, sum_)
    document = read(drawn)
    labels = [document.text[b.start : b.end] for b in document.blocks if b.kind == "label"]
    assert labels == [
        *said,
        f"{names[0]} Club del Lago Calle Alta, 9",
        f"{names[1]} Nora Paz Calle Baja, 4",
    ]
    assert [re.sub(r"[ |]+\|", " |", row) for _, row in rows(document)] == [
        " | ".join(names[2:]),
        "Remo de haya | 2 | 64,00 | 128,00",
        "Barniz | 12 | 9,50 | 114,00",
        "Soga | 1 | 70,00 | 70,00",
        f"{sums[0]} | 312,00",
        f"{sums[1]} | 65,52",
        f"{sums[2]} | 377,52",
    ]


def test_dishes_with_their_prices_are_lines_of_their_own_with_the_numbers_behind_them() -> None:
    said = ["Tarta de queso … 6,50 € 1, 3, 7", "Leek soup … 4,50 € 3, 7", "Fruta de temporada … 4,00 €", "Arroz con leche … 5,00 € 7"]  # fmt: skip
    document = read(lines(60, 700, *said))
    assert document.text.split("\n") == said
    drawn = "".join(
        at(60, 700 - 16 * n, f"{name} {'.' * 60} {price}") + at(420, 700 - 16 * n, notes, 8)
        for n, (name, price, notes) in enumerate(
            [
                ("Flan", "4,50 €", "3, 7"),
                ("Soup", "6,00 €", ""),
                ("Tarta", "6,50 €", "1, 3, 7"),
                ("Queso", "8,00 €", "7"),
            ]
        )
    )
    found = [line.replace(".", "") for line in read(drawn).text.split("\n")]
    assert found == [
        "Flan  4,50 € | 3, 7",
        "Soup  6,00 €",
        "Tarta  6,50 € | 1, 3, 7",
        "Queso  8,00 € | 7",
    ]


@pytest.mark.parametrize(
    ("turned", "matrix"), [(90, "0 1 -1 0 595 0"), (180, "-1 0 0 -1 595 842"), (270, "0 -1 1 0 0 842")]
)  # fmt: skip
def test_a_page_that_is_turned_to_be_shown_is_read_as_it_is_shown(turned: int, matrix: str) -> None:
    drawn = "".join(f"60 {y} m 400 {y} l S\n" for y in (515, 485, 455, 425))
    for y, name, cell in ((504, "Perros", "con"), (474, "Cats", "without"), (444, "Loros", "no")):
        drawn += at(66, y - 4, name) + lines(200, y, f"{cell} bozal", "here", step=12)
    pages = [drawn, *(lines(60, 400, *LEFT[n:], *RIGHT[:n]) for n in range(3))]
    pages = [f"q {matrix} cm {page}{at(300, 30, str(n))} Q\n" for n, page in enumerate(pages, 1)]
    data = pdf_of(*pages, of_page=f"/Rotate {turned}")
    document = parse(data, "a.pdf")
    assert [one.text for one in document.left_out] == ["1", "2", "3", "4"]
    assert [text for _, text in rows(document)] == [
        "Perros | con bozal here",
        "Cats | without bozal here",
        "Loros | no bozal here",
    ]
    start = document.text.index("without bozal")
    (area,) = locate(data, document, (start, start + 13))
    (left, low, right, high) = area.rectangles[0]
    where = {90: (595 - 474, 200), 180: (595 - 200, 842 - 474), 270: (474, 842 - 200)}[turned]
    assert left - 12 < where[0] < right + 12
    assert low - 12 < where[1] < high + 12


def test_the_lines_of_a_table_may_be_one_path() -> None:
    edges = [(60, y, 420, y) for y in (718, 680, 654, 616)]
    edges += [(x, 616, x, 718) for x in (60, 160, 290, 420)]
    drawn = "".join(f"{a} {b} m {c} {d} l " for a, b, c, d in edges) + "S\n"
    cells = (("Barca de", "remos"), ("se presta", "a la semana", "siguiente"), ("mañana",))
    drawn += "".join(lines(64 + 115 * n, 706, *said, size=10, step=12) for n, said in enumerate(cells))  # fmt: skip
    cells = (("Canoe",), ("stays here", "at night"), ("evening",))
    drawn += "".join(lines(64 + 115 * n, 669, *said, size=10, step=12) for n, said in enumerate(cells))  # fmt: skip
    cells = (("Red", "oars"), ("not at all",), ("on the", "eve of", "the fair"))
    drawn += "".join(lines(64 + 115 * n, 642, *said, size=10, step=12) for n, said in enumerate(cells))  # fmt: skip
    assert [text for _, text in rows(read(drawn))] == [
        "Barca de remos | se presta a la semana siguiente | mañana",
        "Canoe | stays here at night | evening",
        "Red oars | not at all | on the eve of the fair",
    ]


def test_two_boxes_side_by_side_may_be_one_path() -> None:
    drawn = "50 640 220 78 re 320 640 220 78 re S\n"
    for x, names in ((60, ("Lunes", "Jueves", "Martes")), (330, ("Barca", "Canoa", "Remo"))):
        for n, name in enumerate(names):
            drawn += at(x, 700 - 20 * n - x / 100, name) + at(x + 90, 700 - 20 * n - x / 100, f"{9 + n} h")  # fmt: skip
    assert [text for _, text in rows(read(drawn))] == [
        "Lunes | 9 h",
        "Jueves | 10 h",
        "Martes | 11 h",
        "Barca | 9 h",
        "Canoa | 10 h",
        "Remo | 11 h",
    ]


def test_the_cells_of_a_drawn_row_may_have_many_lines_and_go_on_overleaf() -> None:
    x = (50, 200, 300, 440, 550)
    names = ("SERVICE", "HOW OFTEN", "PRICE", "CHOICE")
    first = "".join(at(a + 6, 722, name, 10, "F2") for a, name in zip(x, names, strict=False))
    first += at(206, 710, "(in a year)", 10, "F2")
    # The head and the last row are frames of their own, as an ink for each draws them
    first += "50 700 500 36 re S 50 90 500 90 re S\n" + posts(x[1:-1], 700, 736)
    first += posts(x, 180, 700) + posts(x[1:-1], 90, 180)
    for y in (670, 560, 450):
        first += f"300 {y} m 440 {y} l S\n"
    first += at(60, 686, "Lavado de barcas", 10, "F2") + at(210, 686, "Cuatro", 10)
    first += lines(450, 686, "Cuatro", "Dos", "Una", size=10, step=24)
    first += at(320, 682, "Muelle norte", 10, "F2")
    for y, name, price in ((640, "Nave A", "450 €"), (530, "Nave B", "460 €"), (420, "Nave C", "470 €")):  # fmt: skip
        first += at(330, y, name, 10, "F2") + at(335, y - 24, price, 10)
        first += lines(310, y - 48, "(hasta doce barcas,", "las demás aparte)", size=10, step=12)
    first += at(60, 166, "Repaso de remos", 10, "F2") + at(210, 166, "Dos", 10)
    first += at(320, 162, "Muelle sur", 10, "F2") + at(450, 166, "Dos", 10)
    rest = "50 600 500 200 re S 50 400 500 200 re S 50 500 m 550 500 l S\n"
    rest += posts(x[1:-1], 600, 800) + posts(x[1:-1], 400, 600)
    rest += at(330, 780, "Nave D", 10, "F2") + at(335, 756, "310 €", 10)
    rest += at(330, 700, "Nave E", 10, "F2") + at(335, 676, "320 €", 10)
    rest += at(60, 586, "Pintura", 10, "F2") + at(210, 586, "Una", 10) + at(450, 586, "Una", 10)
    rest += at(330, 582, "Nave F", 10, "F2") + at(335, 558, "90 €", 10)
    rest += at(60, 486, "Barniz", 10, "F2") + at(210, 486, "Tres", 10) + at(450, 486, "Tres", 10)
    rest += at(330, 482, "Nave G", 10, "F2") + at(335, 458, "80 €", 10)
    rest += lines(60, 360, LONG, LONG, size=10)
    document = read(first, rest)
    assert tables(document) == [
        [
            "SERVICE | HOW OFTEN (in a year) | PRICE | CHOICE",
            "Lavado de barcas | Cuatro | Muelle norte Nave A 450 € (hasta doce barcas, las demás aparte) Nave B 460 € (hasta doce barcas, las demás aparte)"
            " Nave C 470 € (hasta doce barcas, las demás aparte) | Cuatro Dos Una",
            "Repaso de remos | Dos | Muelle sur Nave D 310 € Nave E 320 € | Dos",
            "Pintura | Una | Nave F 90 € | Una",
            "Barniz | Tres | Nave G 80 € | Tres",
        ]
    ]


def test_a_gap_within_a_drawn_cell_is_none_between_columns() -> None:
    x, tops = (60, 180, 400, 480), (720, 660, 600, 540)
    drawn = posts(x, 540, 720) + "".join(f"60 {y} m 480 {y} l S\n" for y in tops)
    for n, name in enumerate(("Barca", "Canoe", "Remo")):
        y = 706 - 60 * n
        drawn += at(66, y, name, 10) + at(410, y, f"{n + 7} €", 10)
        drawn += lines(190, y - 6, "Se presta una semana", "y se devuelve limpia", size=10)
        drawn += at(200, y - 34, str(n), 10) + at(250, y - 34, "UNITS", 10)
    assert [text for _, text in rows(read(drawn))] == [
        f"{name} | Se presta una semana y se devuelve limpia {n} UNITS | {n + 7} €"
        for n, name in enumerate(("Barca", "Canoe", "Remo"))
    ]


def test_a_box_of_other_cells_below_a_table_and_a_line_is_a_table_of_its_own() -> None:
    drawn = posts((50, 200, 350, 500), 640, 720)
    drawn += "".join(f"50 {y} m 500 {y} l S\n" for y in (720, 700, 680, 660, 640))
    for n, cells in enumerate((("WHEN", "FEE", "HOUR"), ("Mañana", "160 €", "125 €"), ("Tarde", "640 €", "175 €"), ("Noche", "720 €", "195 €"))):  # fmt: skip
        drawn += "".join(at(60 + 150 * k, 706 - 20 * n, cell, 10) for k, cell in enumerate(cells))
    drawn += at(50, 626, "*These are not in the price.", 10) + at(50, 600, "CASETA:", 10, "F2")
    drawn += posts((50, 160, 500), 470, 590)
    drawn += "".join(f"50 {y} m 500 {y} l S\n" for y in range(470, 591, 20))
    for n, cells in enumerate((("How often", "What"), ("Cada mes", "Check the lamp and the two keys of the door"), ("", "Sweep the floor"), ("", "Oil the lock"), ("", "Mirar el tejado"), ("", "Contar los remos"))):  # fmt: skip
        drawn += "".join(at(56 + 110 * k, 576 - 20 * n, cell, 10, "F1" if n else "F2") for k, cell in enumerate(cells) if cell)  # fmt: skip
    assert [table[0] for table in tables(read(drawn))] == ["WHEN | FEE | HOUR", "How often | What"]


def test_boxes_to_sign_in_below_columns_are_read_behind_both() -> None:
    drawn = lines(50, 780, *LEFT, *LEFT) + lines(320, 780, *RIGHT, *RIGHT)
    drawn += "50 540 220 60 re S 320 540 220 60 re S\n"
    drawn += posts((50, 270, 320, 540), 500, 540) + "50 500 m 270 500 l S 320 500 m 540 500 l S\n"
    for a, who in ((60, "For the club"), (330, "Por quien alquila")):
        drawn += lines(a, 580, who, "and in its name", step=16) + at(a, 515, "Name:")
    drawn += at(50, 470, "The paper goes to whoever has the keys of the shed, by the end of the week, and no later.")  # fmt: skip
    text = read(drawn).text
    assert text.index("brown felt") < text.index("For the club") < text.index("Por quien alquila")


@pytest.mark.parametrize("label", ["FIG. 3", "Figura 12", "Figure 4. The pier"])
def test_the_label_of_a_figure_is_no_heading(label: str) -> None:
    drawn = at(60, 780, "The Keys of the Shed", 15) + lines(60, 750, LONG, LONG)
    drawn += at(60, 500, label, font="F2") + lines(60, 470, LONG, LONG)
    assert [head.text for head in read(drawn).headings] == ["The Keys of the Shed"]


@pytest.mark.parametrize("line", ["16201 Calle del Muelle", "818-756-0566 tel.", "3.500 vecinos"])
def test_the_number_of_a_house_or_a_telephone_is_no_mark_of_a_note(line: str) -> None:
    drawn = lines(60, 780, LONG, LONG, LONG) + at(60, 80, line, 8)
    assert [kind for kind, text in kinds(read(drawn)) if text == line] == ["paragraph"]


def test_below_a_striped_table_another_begins_a_row_of_its_own() -> None:
    drawn = ""
    for top, day, names in (
        (740, "Sábados", ("Muelle", "Plaza", "Faro", "Venta", "Puente", "Ermita")),
        (640, "Sundays", ("Pier", "Square", "Beacon", "Inn", "Bridge", "Chapel")),
    ):
        drawn += at(60, top, day, 9, "F2")
        drawn += "".join(at(180 + 40 * k, top - 4, f"L{k}", 8, "F2") for k in range(4))
        for n, name in enumerate(names):
            y = top - 20 - 12 * n
            drawn += f"0.9 g 55 {y - 3} 300 12 re f 0 g\n" if n % 2 == 0 else ""
            drawn += at(60, y, name, 8) + "".join(at(180 + 40 * k, y, f"{8 + k}:{10 + n}", 8) for k in range(4))  # fmt: skip
    found = [text for _, text in rows(read(drawn))]
    assert "Ermita | 8:15 | 9:15 | 10:15 | 11:15" in found
    assert not any("Ermita" in text and "Sundays" in text for text in found)


@pytest.mark.parametrize(
    "said",
    [
        ("Nombre y apellidos: ______________", "Calle, número y piso: ______ Tel.: ______", "Firma ________ Fecha ________", "Observaciones:"),
        ("Name of the boat: ____________", "Street, Town (no P.O. box): ____________", "Guardian ______ Date ______", "Remarks:"),
    ],
)  # fmt: skip
def test_lines_of_a_form_with_room_to_write_are_lines_of_their_own(said: Sequence[str]) -> None:
    document = read(lines(60, 760, LONG, LONG) + lines(60, 700, *said))
    assert document.text.split("\n")[-4:] == list(said)


def test_blanks_within_a_sentence_part_no_lines() -> None:
    said = ("On this day of ____________ the club of ____________", "Lake and of everybody who keeps a boat there on behalf of ______ says", "Nora is lent for a year.")  # fmt: skip
    assert " ".join(said) in read(lines(60, 700, *said)).text


def test_names_one_below_another_are_lines_of_their_own_though_no_full_line_is_near() -> None:
    groups = (
        *((f"{office}:", "NORA PAZ LOBO") for office in ("PRESIDENTA", "VOCAL", "CHAIR", "CLERK", "COOK")),
        ("TESORERÍA:", "LEO RÍOS VEGA", "ANA GIL SOTO", "RUTH POLO MAR"),
        ("ROWERS:", "IVY STONE", "MARK OLDHAM", "JUNE BROOK", "PETER HALL", "KATE LOWE"),
    )  # fmt: skip
    drawn, y = lines(60, 780, LONG, LONG), 720
    for group in groups:
        drawn += lines(60, y, *group, step=13)
        y -= 13 * len(group) + 16
    items = [name for group in groups[-2:] for name in group[1:]]
    assert items_of(read(drawn)) == items


@pytest.mark.parametrize("step", [15, 20])
def test_two_ruled_tables_side_by_side_are_read_one_after_the_other(step: int) -> None:
    earned = [
        ("Ingresos", "Euros"),
        ("Cuotas", "250"),
        ("Rifas", "40"),
        ("Barcas", "310"),
        ("Total", "600"),
    ]
    spent = [("Expenses", "Euros"), ("Paint", "90"), ("Ropes and oars", "75"), ("Keys", "12"), ("Repairs", "400"), ("Total", "577")]  # fmt: skip
    drawn = at(60, 760, "Cuentas del club de remo", 16, "F2")
    for x, rows_, apart in ((60, earned, 20), (320, spent, step)):
        for n, (name, sum_) in enumerate(rows_):
            y = 700 - apart * n
            drawn += at(x + 4, y, name) + at(x + 180, y, sum_)
            drawn += f"{x} {y - 4} m {x + 220} {y - 4} l S\n"
    below = ("TOTAL DEL AÑO", "600", "SPENT", "577")
    drawn += "".join(at(64 + 130 * n, 540, cell) for n, cell in enumerate(below))
    document = read(drawn)
    cells = [
        [document.text[a:b] for a, b in block.cells or ()]
        for block in document.blocks
        if block.kind == "row"
    ]
    if step == 20:  # Rows that share their rules are those of one table
        assert cells[1] == [*earned[1], *spent[1]]
    else:
        assert cells[: len(earned) + len(spent)] == [list(row) for row in earned + spent]
        assert document.text.endswith(" ".join(below))


def tick_box(x: float, y: float, inside: str = "") -> str:
    return f"{x} {y - 1} 9 9 re S\n{inside}"


@pytest.mark.parametrize(
    ("before", "yes", "no"), [("¿Sabe nadar?", "Sí", "No"), ("Can you swim?", "Yes", "No")]
)
@pytest.mark.parametrize(
    "tick",
    [
        lambda x, y: f"{x + 1} {y} m {x + 8} {y + 7} l S {x + 1} {y + 7} m {x + 8} {y} l S\n",
        lambda x, y: f"{x + 2} {y + 3} m {x + 4} {y} l {x + 10} {y + 9} l S\n",
        lambda x, y: f"{x + 2} {y + 1} 5 5 re f\n",
        lambda x, y: f"q .7 .7 -.7 .7 {x + 1} {y} cm 0 0 10 1 re f Q\n",
        lambda x, y: at(x + 1, y, "X", 10),
    ],
)
def test_boxes_that_are_drawn_beside_words_are_ticked_or_not(
    before: str, yes: str, no: str, tick: Callable[[float, float], str]
) -> None:
    drawn = at(60, 700, before) + tick_box(160, 700, tick(160, 700)) + at(174, 700, yes)
    drawn += tick_box(220, 700) + at(234, 700, no)
    assert read(drawn + at(60, 740, "Registro 31")).text.endswith(f"{before} ☒ {yes} ☐ {no}")
    behind = at(60, 680, f"{before} {yes}") + tick_box(160, 680) + at(190, 680, no)
    behind += tick_box(206, 680, tick(206, 680))
    assert read(behind).text.split("\n")[-1] == f"{before} {yes} ☐ {no} ☒"


@pytest.mark.parametrize(
    "drawn",
    [
        # One alone, those that letters are written in, cells with figures, and the keys of a chart
        tick_box(62, 700),
        "".join(tick_box(60 + 9 * n, 700) for n in range(6)),
        "".join(tick_box(60, 700 - 20 * n, at(62, 700 - 20 * n, str(n))) for n in range(2)),
        "".join(tick_box(62, y, f".4 g 62 {y - 1} 9 9 re f 0 g\n") for y in (700, 680)),
    ],
)
def test_other_boxes_beside_words_are_not_to_tick(drawn: str) -> None:
    text = read(drawn + lines(76, 700, "Remos de haya", "Oars for rent", step=20)).text
    assert not set("☐☒") & set(text)


def test_a_box_between_the_words_of_a_run_stands_there_in_the_text() -> None:
    drawn = "BT /F1 11 Tf 1 0 0 1 60 700 Tm [(Cash) -900 (Card)] TJ ET\n"
    drawn += "87.5 699.5 8 8 re S 60 680 8 8 re S\n" + at(72, 680, "Paid by Nora")
    assert read(drawn).text.split() == ["Cash", "☐", "Card", "☐", "Paid", "by", "Nora"]
