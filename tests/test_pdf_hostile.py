"""PDFs that cost far more to read than they say: streams drawn again and again, crowded pages, numbers that are none."""

from __future__ import annotations

import itertools
import random
import time
from collections.abc import Callable

import pytest
from test_pdf import at, pdf_of

import corpus.readers.pdf
from corpus.document import UnreadableDocumentError
from corpus.parse import parse
from corpus.readers.pdf import recognise
from corpus.readers.pdf.furniture import without_furniture
from corpus.readers.pdf.runs import Run, Sheet


def seconds(work: Callable[[], object]) -> float:
    """The least of three times, of this thread alone: the wait on a busy machine is not what the work costs."""
    took = []
    for _ in range(3):
        began = time.thread_time()
        work()
        took.append(time.thread_time() - began)
    return min(took)


def form(content: str, resources: str) -> str:
    return (
        f"<< /Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << {resources} >> /Length {len(content)} >> stream\n"
        f"{content}\nendstream"
    )


def test_a_drawing_that_every_page_makes_again_is_refused_with_what_it_took(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(corpus.readers.pdf, "_ANY_FILE_S", 0.05)
    drawings = (
        form(at(60, 700, "El agua"), "/Font << /F1 3 0 R >>"),
        form("/X Do " * 100, "/XObject << /X 6 0 R >>"),
    )
    bomb = pdf_of(
        *["/X Do " * 50] * 40,
        extra=drawings,
        of_page="/Resources << /XObject << /X 7 0 R >> >>",
    )
    with pytest.raises(UnreadableDocumentError, match=r"of its 40 pages took .* the limit is"):
        parse(bomb, "a.pdf")


def test_what_many_pages_may_take_grows_with_what_stands_on_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = iter(range(10**6))
    monkeypatch.setattr(corpus.readers.pdf.time, "thread_time", lambda: 0.01 * next(clock))
    monkeypatch.setattr(corpus.readers.pdf, "_ANY_FILE_S", 0.05)
    monkeypatch.setattr(corpus.readers.pdf, "_BYTE_S", 0)
    page = "".join(at(60, 700 - 14 * n, "El agua baja del monte al molino.") for n in range(40))
    assert parse(pdf_of(*[page] * 30), "a.pdf").text.count("molino") == 30 * 40
    with pytest.raises(UnreadableDocumentError, match="draws so much"):
        parse(pdf_of(*[at(60, 700, "Agua")] * 30), "a.pdf")


def test_the_time_of_ocr_does_not_count_and_one_page_alone_is_never_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [0.0]

    def recognised(page: object, number: int, budget: recognise.Budget) -> recognise.Reading:
        now[0] += 100
        return recognise.Reading([Run("Leído del papel", number, 60, 700, 200, 11)], 0.9)

    monkeypatch.setattr(corpus.readers.pdf.time, "thread_time", lambda: now[0])
    monkeypatch.setattr(recognise, "recognised", recognised)
    picture = "q 595 0 0 842 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID 0 EI Q\n"
    assert parse(pdf_of(picture, picture, picture), "a.pdf").text.count("Leído del papel") == 3

    hours = itertools.count(step=3600.0)
    monkeypatch.setattr(corpus.readers.pdf.time, "thread_time", lambda: next(hours))
    assert parse(pdf_of(at(60, 700, "El agua")), "a.pdf").text == "El agua"


@pytest.mark.slow
@pytest.mark.parametrize(
    "kinds",
    [
        (("El agua", 9.0),),
        (("a", 9.0),),
        (("El agua", 9.0), ("1", 5.0)),
        (("El agua", 9.0), ("1", 5.0), ("AA", 300.0)),
        (("El agua", 9.0), ("A", 30.0)),
        (("El agua", 9.0), ("AA", 60.0)),
        (("El agua", 9.0), ("´", 9.0)),
    ],
)
def test_a_page_with_four_times_the_words_takes_no_sixteen_times_as_long(
    kinds: tuple[tuple[str, float], ...],
) -> None:
    chance = random.Random(5)

    def page(n: int) -> bytes:
        drawn = (
            at(
                round(chance.uniform(9, 530), 2),
                round(chance.uniform(9, 830), 2),
                *kinds[k % len(kinds)],
            )
            for k in range(n)
        )
        return pdf_of("".join(drawn))

    few, many = page(1_500), page(6_000)
    parse(few, "a.pdf")
    assert seconds(lambda: parse(many, "a.pdf")) < 12 * seconds(lambda: parse(few, "a.pdf"))


@pytest.mark.slow
def test_heads_of_four_times_the_pages_take_no_sixteen_times_as_long() -> None:
    def sheets(n: int) -> list[Sheet]:
        return [
            Sheet(
                page,
                [
                    Run("Ordenanza del agua", page, 60, 800, 200, 8),
                    Run(f"Artículo {page * 7}", page, 60, 700, 200, 11),
                    Run("El agua baja del monte al molino.", page, 60, 680, 300, 11),
                    Run(f"Aviso {'abcdefg'[page % 7] * (page % 50)}", page, 60, 30, 200, 8),
                ],
            )
            for page in range(1, n + 1)
        ]

    took = seconds(lambda: without_furniture(sheets(1_000)))
    assert seconds(lambda: without_furniture(sheets(4_000))) < 12 * took
    many = sheets(4_000)
    without_furniture(many)
    assert all("Ordenanza del agua" not in [run.text for run in sheet.runs] for sheet in many[1:])


def test_what_a_broken_matrix_puts_nowhere_is_not_on_the_page() -> None:
    broken = "".join(
        f"BT /F1 9 Tf {matrix} Tm (perdido) Tj ET\n"
        for matrix in (
            "1e38 0 0 1e38 1e38 1e38",
            "0 0 0 0 0 0",
            "1e39 1e39 1e39 1e39 0 0",
            "1 0 0 1 1e39 -1e39",
        )
    )
    assert parse(pdf_of(broken + at(60, 700, "El agua baja.")), "a.pdf").text == "El agua baja."


def test_a_text_box_whose_frame_is_nowhere_is_not_on_the_page() -> None:
    boxes = "".join(
        f"<< /Type /Annot /Subtype /FreeText /Rect [{rect}] /Contents (perdido) /DA (/F1 9 Tf) >> "
        for rect in ("1e39 1e39 -1e39 -1e39", "0 0 1e39 1e39")
    )
    read = parse(pdf_of(at(60, 700, "El agua baja."), of_page=f"/Annots [{boxes}]"), "a.pdf")
    assert "El agua baja." in read.text
