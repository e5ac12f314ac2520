"""Windows of a document and the words found in it, and the endpoints that give them to the reader."""

import hashlib
import random
import re
import threading
import time
import unicodedata
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient
from hash_encoder import HashEncoder
from hypothesis import given
from hypothesis import strategies as st

from api.app import create_app
from api.service import Library
from api.settings import load_settings
from api.storage import Storage
from corpus.collection import Collection
from corpus.document import Block, Document, Heading
from corpus.parse import parse
from corpus.window import MAX_PIECES, SLACK, find, window
from index.local.build import build
from qa.engine import Engine

VERSE = "Érase una mañana fría; el niño cruzó la montaña 🌊.\nIt was a cold morning – “so cold”.\n"


def document(text, page_starts=(), headings=()):
    return Document("a.txt", "A", "es", text, tuple(page_starts), tuple(headings), "")


def found(text, words):
    return [text[a:b] for a, b in find(text, words)]


@pytest.mark.parametrize(
    ("typed", "stands"),
    [
        ("erase", ["Érase"]),
        ("MAÑANA FRIA", ["mañana fría"]),
        ("niño", ["niño"]),
        ("nino", []),  # ñ is no n with an accent
        ("montana", []),
        ("cruzo la", ["cruzó la"]),
        ("🌊", ["🌊"]),
        ('"so cold"', ["“so cold”"]),
        ("morning - ", ["morning –"]),
        ("fría; el  NIÑO", ["fría; el niño"]),
        ("🌊.\nit was", ["🌊.\nIt was"]),
        ("[a-z].*", []),
        ("   ", []),
        ("", []),
    ],
)
def test_words_are_found_as_a_person_types_them(typed, stands):
    assert found(VERSE, typed) == stands


def test_an_accent_that_has_no_letter_of_its_own_is_passed_over():
    text = unicodedata.normalize("NFC", "la x̂ y la q̃")
    assert found(text, "x") == ["x̂"]
    assert found(text, "la q") == ["la q̃"]


@pytest.mark.parametrize(
    ("typed", "stands"),
    [
        ("👨👩", ["👨\u200d👩"]),
        ("👨\u200d👩", ["👨\u200d👩"]),
        ("❤", ["❤\ufe0f"]),
        ("the 🏴 flies", ["The 🏴\U000e0067\U000e0062\U000e007f flies"]),
        ("niña", ["niña"]),
        ("\u200d", []),
    ],
)
def test_what_joins_the_pieces_of_an_emoji_need_not_be_typed(typed, stands):
    text = "La niña 👨\u200d👩 y ❤\ufe0f. The 🏴\U000e0067\U000e0062\U000e007f flies."
    assert found(text, typed) == stands


@given(
    st.text(alphabet="aáñnb 🌊\n", max_size=60), st.text(alphabet="aAáñn", min_size=1, max_size=4)
)
def test_what_is_found_are_the_words_and_nothing_overlaps(text, words):
    def bare(some):
        return some.lower().replace("á", "a")

    spans = list(find(text, words))
    assert all(bare(text[a:b]) == bare(words) for a, b in spans)
    assert all(b <= c for (_, b), (c, _) in zip(spans, spans[1:], strict=False))
    assert bool(spans) == (bare(words) in bare(text))


@given(st.data(), st.text(alphabet="añ 🌊\u0301\n", max_size=80))
def test_the_pieces_of_a_window_are_its_text_and_windows_meet(data, text):
    at = data.draw(st.integers(0, len(text)))
    size = data.draw(st.integers(0, 20))
    span = st.tuples(st.integers(0, 90), st.integers(0, 90))
    marks = data.draw(st.lists(span, max_size=3))
    pages = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=4)))
    whole = document(text, pages)
    above = window(whole, at, size, 0, marks, "a")
    below = window(whole, at, 0, size, marks, "a")
    assert above.end == at == below.start
    both = window(whole, at, size, size, marks, "a")
    assert (both.start, both.end) == (above.start, below.end)
    inside = {place for a, b in find(text, "a") for place in range(a, b)}
    at_piece = both.start
    for piece in both.pieces:
        assert piece.start == at_piece
        at_piece += len(piece.text)
        assert piece.text == text[piece.start : at_piece] != ""
        for n in piece.marks:
            assert marks[n][0] <= piece.start < at_piece <= marks[n][1]
        assert piece.found == (piece.start in inside)
        assert (piece.page is not None) == (piece.start in pages)
    assert at_piece == both.end
    covered = {n: "" for n, (a, b) in enumerate(marks) if a < b <= len(text)}
    for piece in window(whole, 0, 0, len(text), marks).pieces:
        for n in piece.marks:
            covered[n] += piece.text
    assert covered == {n: text[marks[n][0] : marks[n][1]] for n in covered}


def test_rows_items_and_code_are_told_with_their_cells():
    html = (
        "<h1>Tarifas</h1><table><tr><th>Mes</th><th>Cuota</th><th>Plazas</th></tr>"
        "<tr><td>Enero</td><td></td><td>12</td></tr></table>"
        "<p>Hay dos:</p><ol><li>Llegar a tiempo.<ul><li>Nunca tarde.</li></ul></li><li>Pagar.</li></ol><pre>a = 1</pre>"
    )
    whole = parse(html.encode(), "a.html")
    shown = window(whole, 0, 0, len(whole.text))
    assert "".join(piece.text for piece in shown.pieces) == whole.text
    assert [(part.kind, part.level) for part in shown.parts] == [
        ("row", 1),
        ("row", 0),
        ("item", 1),
        ("item", 2),
        ("item", 1),
        ("code", 0),
    ]
    cells = [(piece.part, piece.cell, piece.text) for piece in shown.pieces]
    assert [one for one in cells if one[1] is not None] == [
        (0, 0, "Mes"),
        (0, 1, "Cuota"),
        (0, 2, "Plazas"),
        (1, 0, "Enero"),
        (1, 2, "12"),
        (2, 0, "1."),
        (4, 0, "2."),
    ]
    # inside a row, and beside one
    inside = window(whole, whole.text.index("Cuota"), 0, 1)
    assert [(piece.part, piece.cell) for piece in inside.pieces][:2] == [(0, 1), (0, None)]
    assert window(whole, 0, 0, 3).parts == ()


def test_a_row_of_very_many_cells_is_cut_in_no_time():
    row = " | ".join(["x"] * 50_000)
    cells = tuple((4 * n, 4 * n + 1) for n in range(50_000))
    whole = replace(document(row), blocks=(Block("row", 0, len(row), 0, None, cells),))
    began = time.monotonic()
    shown = window(whole, 0, 0, len(row))
    assert len(shown.pieces) == MAX_PIECES
    assert time.monotonic() - began < 5


def test_a_window_ends_with_a_line_where_one_is_near():
    text = "uno\ndos\ntres\ncuatro\n" * 10
    shown = window(document(text), text.index("tres") + 2, 4, 5)
    assert text[shown.start : shown.end] == "dos\ntres\ncuatro\n"


def test_a_line_of_a_million_letters_is_cut_between_characters_and_not_at_its_end():
    family = "👨‍👩‍👧‍👦"
    text = "e\u0301x\u0302" * 10 + family + "x" * 1_000_000
    for size in range(1, 40):
        shown = window(document(text), 0, 0, size)
        assert size <= shown.end <= size + SLACK
        rest = text[shown.end]
        assert not unicodedata.combining(rest)
        assert rest not in family[1:]
    assert window(document(text), 500_000, 100, 100).end == 500_100


def test_pages_headings_and_a_word_across_the_edge_are_told():
    text = "Título\nuna línea\nsegunda hoja\n"
    second = text.index("segunda")
    whole = document(text, [0, second, second], [Heading(0, 6, 1, "Título")])
    shown = window(whole, second, 3, 3, [(second, second + 7), (5, 4), (0, 999)], "segunda hoja")
    assert [(p.text, p.page, p.heading, p.marks, p.found) for p in shown.pieces] == [
        ("una línea\n", None, None, (), False),
        # pages 2 and 3 begin here: page 2 is empty
        ("segunda", 3, None, (0,), True),
        (" hoja", None, None, (), True),
        ("\n", None, None, (), False),
    ]
    first = window(whole, 0, 0, 2)
    assert [(p.text, p.page, p.heading) for p in first.pieces] == [
        ("Título", 1, 1),
        ("\n", None, None),
    ]
    # Only "do" of "segundo" fits: what ends after the window is found all the same.
    line = document("x" * 3000 + "palabra" + "x" * 3000)
    assert window(line, 0, 0, 3003, words="PALABRA").pieces[-1].found


@pytest.mark.parametrize("at", [-1, 4])
def test_a_place_outside_the_text_is_refused_with_both_numbers(at):
    with pytest.raises(ValueError, match=rf"at={at} .* 3 characters"):
        window(document("uno"), at, 1, 1)


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    data = tmp_path_factory.mktemp("data")
    (data / "documents" / "año").mkdir(parents=True)
    (data / "documents" / "año" / "verso.txt").write_text(VERSE * 3, "utf-8")
    build(data, HashEncoder())
    engine = Engine(data, HashEncoder())
    with TestClient(create_app(load_settings({}, data), engine), "http://127.0.0.1:8000") as client:
        yield client


PATH = "/v1/documents/año/verso.txt"


def test_the_window_of_a_document_is_its_text_with_the_places_asked_for(client):
    at = VERSE.index("niño")
    reply = client.get(f"{PATH}/window?at={at}&before=9&after=9&mark={at}-{at + 4}&find=fria")
    body = reply.json()
    assert reply.headers["X-Build-Id"] == body["build_id"]
    assert body["start"] == 0
    assert body["end"] == VERSE.index("\n") + 1
    assert "".join(piece["text"] for piece in body["pieces"]) == VERSE.splitlines(True)[0]
    assert [p["text"] for p in body["pieces"] if p["marks"] == [0]] == ["niño"]
    assert [p["text"] for p in body["pieces"] if p["found"]] == ["fría"]
    assert (body["characters"], body["pages"], body["page"]) == (3 * len(VERSE) - 1, None, None)
    whole = client.get(f"{PATH}").json()
    assert body["sha256"] == whole["sha256"]
    assert whole["modified_at"].endswith("Z")


def test_words_are_found_in_the_whole_document_and_counted_to_the_limit(client):
    body = client.get(f"{PATH}/find", params={"q": "EL NIÑO"}).json()
    assert [VERSE[p["start"] % len(VERSE) :][:7] for p in body["data"]] == ["el niño"] * 3
    assert body["has_more"] is False
    body = client.get(f"{PATH}/find", params={"q": "el niño", "limit": 2}).json()
    assert (len(body["data"]), body["has_more"]) == (2, True)
    assert client.get(f"{PATH}/find", params={"q": "zorro"}).json()["data"] == []


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("window?at=9999", "9999"),
        ("window?page=2", "0 pages, not 2"),
        ("window?mark=1,2", "mark"),
        ("window?after=999999999", "after"),
        ("find", "q"),
        ("find?q=x&limit=0", "limit"),
    ],
)
def test_a_wrong_place_gets_422_and_says_what_there_is(client, query, said):
    reply = client.get(f"{PATH}/{query}", headers={"Accept-Language": "en"})
    assert reply.status_code == 422
    assert reply.json()["code"] == "validation_error"
    assert said in reply.json()["detail"]


@pytest.mark.parametrize("query", ["window", "find?q=x"])
def test_a_document_that_is_not_there_gets_404(client, query):
    assert client.get(f"/v1/documents/nada.txt/{query}").status_code == 404


def test_windows_are_cut_and_words_found_one_after_another(client, monkeypatch):
    at_once, most = [], []

    def slowly(real):
        def cut(*given):
            at_once.append(1)
            most.append(len(at_once))
            time.sleep(0.02)
            at_once.pop()
            return real(*given)

        return cut

    monkeypatch.setattr("api.native.documents.window", slowly(window))
    monkeypatch.setattr("api.native.documents.find", slowly(find))
    replies = []

    def ask(query):
        replies.append(client.get(f"{PATH}{query}").status_code)

    asked = [
        threading.Thread(target=ask, args=(query,)) for query in ("/window", "/find?q=fría") * 4
    ]
    for one in asked:
        one.start()
    for one in asked:
        one.join()
    assert replies == [200] * 8
    assert max(most) == 1
    # One that fails gives its turn on
    assert client.get(f"{PATH}/window?at=999999").status_code == 422
    assert client.get(f"{PATH}/window").status_code == 200


def test_without_an_index_a_window_says_so(tmp_path):
    engine = Engine(tmp_path, HashEncoder())
    with TestClient(create_app(load_settings({}, tmp_path), engine), "http://127.0.0.1") as client:
        reply = client.get("/v1/documents/a.txt/window")
    assert (reply.status_code, reply.json()["code"]) == (503, "index_not_ready")


def test_documents_are_listed_by_their_state(client):
    assert client.get("/v1/documents?status=indexed").json()["total"] == 1
    assert client.get("/v1/documents?status=skipped").json()["total"] == 0
    assert client.get("/v1/documents?status=lost").status_code == 422


def test_the_caller_is_told_what_its_key_may_do(client, tmp_path):
    assert client.get("/v1/info").json()["scope"] == "admin"
    keys = ",".join(
        f"{scope}:{hashlib.sha256(scope.encode()).hexdigest()}" for scope in ("search", "index")
    )
    settings = load_settings({"FUENTE_KEYS": keys}, tmp_path)
    engine = Engine(tmp_path, HashEncoder())
    with TestClient(create_app(settings, engine), "http://127.0.0.1") as keyed:
        for scope in ("search", "index"):
            info = keyed.get("/v1/info", headers={"Authorization": f"Bearer {scope}"}).json()
            assert info["scope"] == scope


def test_a_large_folder_is_looked_at_once_for_a_while_and_anew_when_told(tmp_path, monkeypatch):
    monkeypatch.setattr(Library, "LARGE", 2)
    now = [0.0]
    library = Library(Collection(tmp_path), Storage(tmp_path), clock=lambda: now[0])
    names = ["año.txt", "b.txt", "c.txt"]

    def seen():
        return [source.doc_id for source in library.scan(None).sources]

    for n, name in enumerate(names):
        (tmp_path / name).write_text("x", "utf-8")
        # A small folder is always looked at; from two files on the look before serves.
        assert len(seen()) == min(n + 1, 2)
    now[0] += Library.WHILE_S
    assert len(seen()) == 3
    (tmp_path / "c.txt").unlink()
    assert len(seen()) == 3
    library.forget()
    assert len(seen()) == 2


def by_pattern(text, words):
    """The same by a regular expression, one letter at a time."""
    pieces = []
    for part in unicodedata.normalize("NFC", words).split():
        plain = [c for c in part if not "\u0300" <= c <= "\u036f"]
        if plain:
            pieces.append("".join(_class_of(c) + "[\u0300-\u036f]*" for c in plain))
    if not pieces:
        return []
    # As signs are passed over everywhere, a run of blanks may hold some
    pattern = "[\\s\u0300-\u036f]*\\s[\u0300-\u036f]*".join(pieces)
    return [m.span() for m in re.finditer(pattern, text)]


def _class_of(c):
    for signs in ("'’‘ʼ´`", '"“”„«»', "-‐‑‒–—", "aAáÁ", "ñÑ"):
        if c in signs:
            return f"[{re.escape(signs)}]"
    return f"[{re.escape(c.lower() + c.upper())}]"


@given(
    st.text(alphabet="aAáñÑn bxX\n\t“'’–7🌊σΣ", max_size=80),
    st.text(alphabet="aAáñn bx“'-7🌊σ", min_size=1, max_size=5),
)
def test_words_are_found_where_a_pattern_finds_them(text, words):
    text = unicodedata.normalize("NFC", text)
    assert list(find(text, words)) == by_pattern(text, words)


HOSTILE = {
    "a run of one letter": ("x" * 5_000_000, "x" * 199 + "y"),
    "the last letter differs": ("x" * 5_000_000, "y" + "x" * 199),
    "two letters in turn": ("xy" * 2_500_000, "xy" * 99 + "xx"),
    "a run of blanks": ("x" + " " * 4_999_999, "x x"),
    "a run of accents": ("x" + "\u0302" * 4_999_999, "xx"),
    "a run of ñ beyond the first plane": ("🌊ñ" * 2_500_000, "🌊ñ" * 99 + "ñ"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_words_are_looked_for_in_linear_time_whatever_the_text(name):
    text, words = HOSTILE[name]
    began = time.process_time()
    assert list(find(text, words)) == []
    # 20 to 60 ms; a search that goes back over what it has seen takes minutes
    assert time.process_time() - began < 5


def test_a_window_of_a_million_edges_ends_earlier_and_goes_on_from_there():
    text = "# a\n" * 50_000
    headings = [Heading(n, n + 3, 1, "# a") for n in range(0, len(text), 4)]
    long = document(text, headings=headings)
    marks = [(n * 1000, n * 1000 + 700) for n in range(200)]
    began = time.process_time()
    seen, at = "", 0
    while at < len(text):
        shown = window(long, at, 0, 200_000, marks, "a")
        assert (shown.start, len(shown.pieces) <= MAX_PIECES) == (at, True)
        assert "".join(p.text for p in shown.pieces) == text[at : shown.end]
        for p in shown.pieces:
            assert p.marks == tuple(n for n, (a, b) in enumerate(marks) if a <= p.start < b)
        seen, at = seen + text[at : shown.end], shown.end
        if at > 20_000:
            break
    assert text.startswith(seen)
    assert time.process_time() - began < 20
    back = window(long, 100_000, 200_000, 0, marks)
    assert back.end == 100_000
    assert len(back.pieces) <= MAX_PIECES


def test_of_many_headings_those_that_a_window_cannot_show_change_nothing(monkeypatch):
    chance = random.Random(3)
    monkeypatch.setattr("corpus.window.MAX_PIECES", 12)
    for _ in range(60):
        text = "".join(chance.choice(("a\n", "bb\n", "ccc ccc\n", "\n")) for _ in range(200))
        starts = [n + 1 for n, c in enumerate(text[:-1]) if c == "\n" and text[n + 1] != "\n"]
        headings = [
            Heading(n, text.index("\n", n), chance.randint(1, 3), "x")
            for n in starts
            if chance.random() < 0.7
        ]
        long = document(text, headings=headings)
        at = chance.randrange(len(text))
        shown = window(long, at, chance.choice((0, 50, 900)), chance.choice((0, 50, 900)))
        level = {n: h.level for h in headings for n in range(h.start, h.end)}
        for piece in shown.pieces:
            places = range(piece.start, piece.start + len(piece.text))
            assert {level.get(n) for n in places} == {piece.heading}
        assert "".join(p.text for p in shown.pieces) == text[shown.start : shown.end]
        every = sum(shown.start <= edge <= shown.end for h in headings for edge in (h.start, h.end))
        assert len(shown.pieces) <= every + 2


def test_the_rows_of_a_text_are_told_up_to_a_length(tmp_path, monkeypatch):
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "cuotas.csv").write_text("Mes;Cuota\nEnero;30 €\n", "utf-8")
    build(tmp_path, HashEncoder())
    engine = Engine(tmp_path, HashEncoder())
    url = "/v1/documents/cuotas.csv/window"
    app = create_app(load_settings({}, tmp_path), engine)
    with TestClient(app, "http://127.0.0.1:8000") as client:
        shown = client.get(url).json()
        monkeypatch.setattr("api.native.documents.MAX_PARTED", 10)
        plain = client.get(url).json()
    [row] = shown["parts"]
    assert (row["kind"], row["level"], row["cells"]) == ("row", 0, 2)
    assert [(one["part"], one["cell"], one["text"]) for one in shown["pieces"]] == [
        (0, None, "Mes: "),
        (0, 0, "Enero"),
        (0, None, "; Cuota: "),
        (0, 1, "30 €"),
        (0, None, "."),
    ]
    assert plain["parts"] == []
    assert [one["text"] for one in plain["pieces"]] == ["Mes: Enero; Cuota: 30 €."]
