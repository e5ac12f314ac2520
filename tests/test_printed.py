"""Pages of PDFs as they are printed: what is lit holds the ink of the quote, however the page is turned and cropped."""

from __future__ import annotations

import base64
import io
import re
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import numpy as np
import pytest
from hash_encoder import HashEncoder
from PIL import Image
from starlette.testclient import TestClient
from test_pdf import pdf_of

from api.app import create_app, routers_of
from api.pages import Pages
from api.problems import ProblemError
from api.settings import load_settings
from corpus.collection import Collection
from corpus.document import Skipped, UnknownDocumentError, UnreadableDocumentError
from corpus.parse import parse
from corpus.printed import MAX_PIXELS, PrintedFile, Wanted
from corpus.readers.pool import end_idle, read, read_page
from index.local.build import build
from qa.engine import Engine

LINES = ("La campana se guarda en la torre", "y nadie la toca de noche")
QUOTE = "guarda en la torre y nadie"
DRAWN = "".join(
    f"BT /F1 24 Tf 100 {500 - 50 * n} Td ({line}) Tj ET " for n, line in enumerate(LINES)
)
FORMS = {
    "plain": "",
    "turned": "/Rotate 90",
    "cropped": "/CropBox [80 400 500 600]",
    "both": "/Rotate 270 /CropBox [80 400 500 600]",
    "upside down": "/Rotate 180",
}

# Text that is level on a page that is shown turned
LEVEL = {
    "turned": f"q 0 1 -1 0 595 0 cm {DRAWN} Q",
    "upside down": f"q -1 0 0 -1 595 842 cm {DRAWN} Q",
}


def printed(data, wanted):
    with closing(PrintedFile(data)) as file:
        return file.page(wanted)


def picture_of(page):
    return Image.open(io.BytesIO(base64.b64decode(page.picture)))


def ink(image, boxes):
    """Dark pixels of the picture, and those of them that lie in one of the boxes."""
    dark = np.asarray(image.convert("L")) < 128
    inside = np.zeros_like(dark)
    height, width = dark.shape
    for left, top, right, bottom in boxes:
        across = slice(int(left * width), int(right * width) + 1)
        inside[int(top * height) : int(bottom * height) + 1, across] = True
    return int(dark.sum()), int((dark & inside).sum())


@pytest.mark.parametrize(("form", "drawn"), [*((form, DRAWN) for form in FORMS), *LEVEL.items()])
def test_the_boxes_of_the_lines_hold_all_ink_and_those_of_the_quote_their_share(form, drawn):
    data = pdf_of(drawn, of_page=FORMS[form])
    text = parse(data, "a.pdf").text
    start = text.replace("\n", " ").index(QUOTE)
    known = printed(data, Wanted(1, 0, text, ((start, start + len(QUOTE)), (0, 0))))
    picture = picture_of(printed(data, Wanted(1, 900)))
    assert abs(picture.width / picture.height - known.width / known.height) < 0.01
    assert [line.text for line in known.lines] == list(LINES)
    whole, lined = ink(picture, [line.box for line in known.lines])
    assert lined == whole > 1000
    quoted, nothing = known.marks
    assert (len(quoted), nothing) == (2, ())
    letters = sum(map(str.isalnum, QUOTE)) / sum(map(str.isalnum, "".join(LINES)))
    assert abs(ink(picture, quoted)[1] / whole - letters) < 0.1


def test_a_grey_page_is_png_and_a_coloured_one_jpeg_of_bounded_size():
    grey = printed(pdf_of(DRAWN), Wanted(1, 600))
    assert (grey.media_type, picture_of(grey).format, picture_of(grey).width) == (
        "image/png",
        "PNG",
        600,
    )
    red = printed(pdf_of("1 0 0 rg 0 0 300 300 re f"), Wanted(1, 600))
    assert (red.media_type, picture_of(red).format) == ("image/jpeg", "JPEG")
    tall = pdf_of(DRAWN).replace(b"[0 0 595 842]", b"[0 0 100 9999]")
    picture = picture_of(printed(tall, Wanted(1, 2400)))
    assert picture.width * picture.height <= MAX_PIXELS * 1.01
    with pytest.raises(UnreadableDocumentError, match="has 1 pages; expected one of them, not 2"):
        printed(pdf_of(DRAWN), Wanted(2, 600))


def test_a_page_is_drawn_by_a_process_with_limits(tmp_path):
    (tmp_path / "a.pdf").write_bytes(pdf_of(DRAWN))
    (tmp_path / "b.pdf").write_bytes(b"%PDF-1.7 nada")
    collection = Collection(tmp_path)
    sources = {one.doc_id: one for one in collection.scan().sources}
    source, page = read_page(collection, sources["a.pdf"], Wanted(1, 600))
    assert source == sources["a.pdf"]
    assert picture_of(page).width == 600
    _, failed = read_page(collection, sources["b.pdf"], Wanted(1, 600))
    assert isinstance(failed, Skipped)
    _, late = read_page(collection, sources["a.pdf"], Wanted(1, 2400), timeout_s=0.0)
    assert "longer than the limit of 0 s" in late.reason


def test_a_file_whose_pages_are_looked_at_stays_open_until_another_is_wanted(tmp_path):
    end_idle()
    padding = f"<< /Length {2**26} >> stream\n{'0' * 2**26}\nendstream"
    (tmp_path / "a.pdf").write_bytes(pdf_of(DRAWN, DRAWN))
    (tmp_path / "b.pdf").write_bytes(pdf_of(DRAWN))
    (tmp_path / "large.pdf").write_bytes(pdf_of(DRAWN, extra=[padding]))
    collection = Collection(tmp_path)
    a, b, large = collection.scan().sources

    def shown(source, page=1):
        found, page = read_page(collection, source, Wanted(page, 300))
        return (found, page.reason) if isinstance(page, Skipped) else found

    assert shown(a) == a
    (tmp_path / "a.pdf").write_bytes(pdf_of(DRAWN.replace("noche", "tarde")))
    [anew, *_] = collection.scan().sources
    # the one that was asked for, and not what the file has become
    assert shown(a, 2) == a
    assert shown(anew) == anew != a
    assert shown(anew, 2) == (anew, "the PDF has 1 pages; expected one of them, not 2")
    # the worker that has one open reads others, too
    [(_, document)] = read(collection, [b], workers=1)
    assert document.doc_id == "b.pdf"
    assert shown(b) == b
    for source in (b, large):
        assert shown(source) == source
        (tmp_path / source.doc_id).unlink()
    assert shown(large)[0] is None, "a file of more than 64 MiB is not kept"
    end_idle()


def test_pages_are_kept_within_their_bytes_and_never_of_another_file(tmp_path):
    data = pdf_of(DRAWN)
    (tmp_path / "a.pdf").write_bytes(data)
    document = parse(data, "a.pdf")
    pages = Pages(Collection(tmp_path), max_bytes=60_000)
    first = pages.get(document, Wanted(1, 300))
    assert pages.get(document, Wanted(1, 300)) is first
    for width in range(600, 2401, 300):
        pages.get(document, Wanted(1, width))
    assert pages.n_bytes <= 60_000
    assert pages.get(document, Wanted(1, 300)) is not first
    (tmp_path / "a.pdf").write_bytes(pdf_of(DRAWN.replace("noche", "tarde")))
    with pytest.raises(ProblemError, match="not the one that was read any more"):
        pages.get(document, Wanted(1, 900, "x"))
    (tmp_path / "a.pdf").unlink()
    with pytest.raises(UnknownDocumentError, match="is gone from the folder"):
        pages.get(document, Wanted(1, 900, "x"))
    with pytest.raises(ProblemError, match="no pages that can be shown"):
        pages.get(parse(b"uno", "a.txt"), Wanted(1, 300))


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    data: Path = tmp_path_factory.mktemp("printed")
    (data / "documents").mkdir()
    (data / "documents" / "año.pdf").write_bytes(pdf_of(DRAWN, DRAWN.replace("noche", "tarde")))
    (data / "documents" / "b.txt").write_text("La campana está en la torre.")
    build(data, HashEncoder())
    app = create_app(load_settings({"FUENTE_RELOAD_S": "0"}, data), Engine(data, HashEncoder()))
    with TestClient(app, base_url="http://127.0.0.1") as client:
        yield client


def test_the_service_gives_lines_places_and_pictures_with_headers_that_let_nothing_run(client):
    window = client.get("/v1/documents/año.pdf/window?page=2").json()
    assert (window["printed"], window["pages"]) == (True, 2)
    assert client.get("/v1/documents/b.txt/window").json()["printed"] is False
    start = window["start"] + 3
    body = client.get(f"/v1/documents/año.pdf/pages/2?mark={start}-{start + 7}&mark=0-9").json()
    assert (body["page"], body["pages"], len(body["lines"])) == (2, 2, 2)
    assert [len(boxes) for boxes in body["marks"]] == [1, 0]
    url = "/v1/documents/año.pdf/pages/2/picture"
    picture = client.get(f"{url}?width=600&v={body['sha256']}")
    assert picture.headers["content-type"] == "image/png"
    assert picture.headers["cache-control"] == "private, max-age=86400"
    assert picture.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert picture.headers["x-content-type-options"] == "nosniff"
    assert Image.open(io.BytesIO(picture.content)).width == 600
    etag = {"If-None-Match": picture.headers["etag"]}
    assert client.get(f"{url}?width=600", headers=etag).status_code == 304
    assert client.get(f"{url}?width=600").headers["cache-control"] == "private, no-cache"


@pytest.mark.parametrize("value", ["9" * 5_000, "0" * 5_000 + "1", "1e9", "-1", "²", "x" * 5_000])
def test_no_address_with_an_odd_value_in_it_is_an_error_of_ours(client, value):
    for router in routers_of():
        for route in router.routes:
            path = re.sub(r"{[^}]*}", quote(value), getattr(route, "path", ""))
            if "GET" in (getattr(route, "methods", None) or ()):
                assert client.get(path).status_code < 500, route.path


@pytest.mark.parametrize(
    ("path", "status", "es"),
    [
        ("año.pdf/pages/3", 404, "2 páginas"),
        ("año.pdf/pages/0/picture", 404, "2 páginas"),
        ("año.pdf/pages/1/picture?width=601", 422, "width"),
        ("año.pdf/pages/1/picture?width=99999", 422, "width"),
        ("b.txt/pages/1", 404, "0 páginas"),
        ("nada.pdf/pages/1", 404, "nada.pdf"),
        (f"año.pdf/pages/{'9' * 5_000}", 404, "999"),
        (f"año.pdf/pages/{'9' * 5_000}/picture", 404, "999"),
    ],
)
def test_a_page_that_is_not_there_is_a_problem_in_the_readers_language(client, path, status, es):
    response = client.get(f"/v1/documents/{path}", headers={"Accept-Language": "es"})
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert es in str(response.json())
