"""Passages: exact examples, then the contract on random documents, counters and capacities."""

import random
import time
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import Document, Heading
from corpus.language import sentences, words
from corpus.parse import parse
from corpus.split import Splitting, split


def n_words(text):
    return len(words(text))


COUNTERS = {
    "words": n_words,
    "characters": len,
    "pieces": lambda text: sum((b - a + 3) // 4 for _, a, b in words(text)),
}


def document(text, headings=(), title="Título", lang="es"):
    return Document("a.md", title, lang, text, (), tuple(headings), "0" * 64)


def heading(text, what, level=1):
    start = text.index(what)
    return Heading(start, start + len(what), level, what)


def texts(doc, max_tokens, count=n_words):
    return [p.text for p in split(doc, count, Splitting(max_tokens=max_tokens))]


def check_contract(doc, passages, count, max_tokens):
    """What every caller may rely on; see the docstring of split()."""
    for p in passages:
        assert doc.text[p.start : p.end] == p.text
        assert p.passage_id == f"{doc.doc_id}#char={p.start},{p.end}"
        assert p.text == p.text.strip() != ""
        assert count(p.text) <= max_tokens
        # A heading is in a passage only after one with nothing under it
        within = [h for h in doc.headings if p.start < h.end and h.start < p.end]
        cover = doc.text[: doc.headings[0].start] if doc.headings else ""
        assert (
            not within
            or within[0].start <= p.start
            or p.start < len(cover)
            or not passages_outside(doc)
        )
    assert all(p.end <= q.start for p, q in zip(passages, passages[1:], strict=False))
    covered = {i for p in passages for i in range(p.start, p.end)}
    wanted = passages_outside(doc) or {i for i, c in enumerate(doc.text) if not c.isspace()}
    assert wanted <= covered


def passages_outside(doc):
    """Offsets of the characters outside headings that are no space."""
    inside = {i for h in doc.headings for i in range(h.start, h.end)}
    return {i for i, c in enumerate(doc.text) if not c.isspace()} - inside


# ------------------------------------------------------------------------- examples


def test_passages_are_runs_of_whole_sentences():
    text = "Uno dos tres cuatro. Cinco seis siete. Ocho nueve diez once doce. Fin."
    assert texts(document(text), 8) == [
        "Uno dos tres cuatro. Cinco seis siete.",
        "Ocho nueve diez once doce. Fin.",
    ]


def test_a_short_document_is_one_passage():
    text = "  ¿Dónde vive el ñandú?\n\nEl ñandú vive en la pampa.  "
    assert texts(document(text), 200) == [text.strip()]


def test_a_passage_ends_at_a_heading_and_leaves_it_out():
    text = "Antes de todo.\n\nEl año\n\nEra un año largo.\n\nThe end\n\nIt was over."
    doc = document(text, [heading(text, "El año"), heading(text, "The end")])
    found = split(doc, n_words)
    assert [p.text for p in found] == ["Antes de todo.", "Era un año largo.", "It was over."]
    assert [p.heading for p in found] == ["Título", "Título › El año", "Título › The end"]


def test_the_heading_is_title_and_path_each_once():
    text = "Guía\n\nCocina\n\nArroz\n\nSe lava primero."
    marks = [heading(text, "Guía", 1), heading(text, "Cocina", 2), heading(text, "Arroz", 3)]
    assert split(document(text, marks, title="Guía"), n_words)[0].heading == "Guía › Cocina › Arroz"


def test_a_heading_that_is_too_long_keeps_its_innermost_part_longest():
    text = "uno dos tres\n\ncuatro cinco seis\n\nEl texto."
    doc = document(
        text,
        [heading(text, "uno dos tres", 1), heading(text, "cuatro cinco seis", 2)],
        "siete ocho",
    )
    for limit, expected in [
        (8, "siete ocho › uno dos tres › cuatro cinco seis"),
        (7, "siete ocho › cuatro cinco seis"),
        (4, "cuatro cinco seis"),
        (2, "cuatro cinco"),
        (0, ""),
    ]:
        options = Splitting(max_heading_tokens=limit)
        assert split(doc, n_words, options)[0].heading == expected


def test_a_new_paragraph_starts_a_new_passage_past_two_thirds():
    text = "a b c d e f g.\n\nh i j."
    assert texts(document(text), 10) == ["a b c d e f g.", "h i j."]
    assert texts(document("a b c.\n\nh i j."), 10) == ["a b c.\n\nh i j."]


def test_a_long_sentence_is_cut_at_the_end_of_a_clause():
    text = "uno dos tres cuatro cinco seis, siete ocho nueve diez once doce trece"
    assert texts(document(text), 8) == [
        "uno dos tres cuatro cinco seis,",
        "siete ocho nueve diez once doce trece",
    ]


def test_a_long_sentence_without_clauses_is_cut_between_words():
    text = " ".join(["palabra"] * 25)
    found = texts(document(text), 10)
    assert [n_words(t) for t in found] == [10, 10, 5]
    assert " ".join(found) == text


def test_a_document_of_headings_alone_is_split_as_plain_text():
    text = "Índice\n\nCapítulo uno\n\nCapítulo dos"
    doc = document(text, [heading(text, h) for h in text.split("\n\n")])
    assert [p.text for p in split(doc, n_words)] == [text]


@pytest.mark.parametrize("text", ["", " ", "\n\n\t \u00a0"])
def test_a_document_without_text_has_no_passages(text):
    assert split(document(text), n_words) == []


def test_a_passage_in_another_language_than_its_document_says_so():
    text = (
        "La casa que está en la plaza es de los dueños de la fuente.\n\nSección\n\n"
        "The house that stands on the square belongs to the owners of the spring."
    )
    found = split(document(text, [heading(text, "Sección")]), n_words)
    assert [p.lang for p in found] == ["es", "en"]


def test_a_passage_without_a_language_of_its_own_has_that_of_its_document():
    assert split(document("Lima 1997", lang="en"), n_words)[0].lang == "en"
    assert split(document("Lima 1997", lang="und"), n_words)[0].lang == "und"


def test_offsets_count_code_points_before_and_after_emoji_and_accents():
    text = "🪶🪶 El ñandú corre 👩‍👩‍👧. ¿Vuela? e\u0301l no. 🇵🇪 Fin."
    doc = document(text)
    for capacity in (8, 9, 12):
        passages = split(doc, len, Splitting(max_tokens=capacity))
        check_contract(doc, passages, len, capacity)


def test_a_word_that_does_not_fit_is_cut_so_that_the_capacity_holds():
    text = "mira https://ejemplo.org/" + "a1b2" * 60 + " y ya"
    doc = document(text)
    passages = split(doc, len, Splitting(max_tokens=30))
    check_contract(doc, passages, len, 30)


def test_a_cut_inside_a_word_parts_no_accent_and_no_emoji():
    flag = "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
    text = "x\u0302" * 40 + "👩\u200d👩\u200d👧\ufe0f" * 10 + flag * 9
    passages = split(document(text), len, Splitting(max_tokens=9))
    check_contract(document(text), passages, len, 9)
    for p in passages:
        assert not unicodedata.combining(p.text[0])
        assert p.text[0] not in f"\u200d\ufe0f{flag[1:]}"
        assert p.text[-1] != "\u200d"


def test_a_passage_stops_at_a_heading_even_in_the_middle_of_a_line():
    text = "a" * 30 + "TÍTULO" + "b" * 30
    doc = document(text, [heading(text, "TÍTULO")])
    passages = split(doc, len, Splitting(max_tokens=20))
    check_contract(doc, passages, len, 20)


@pytest.mark.slow
@pytest.mark.parametrize("piece", ["palabra ", "ñ", "El año 1997. "])
def test_a_line_of_one_megabyte_is_split_in_seconds(piece):
    text = piece * (2**20 // len(piece))
    doc = document(text)
    began = time.process_time()
    passages = split(doc, len, Splitting(max_tokens=800))
    seconds = time.process_time() - began
    assert passages[0].start == 0
    assert passages[-1].end == len(text.rstrip())
    assert max(len(p.text) for p in passages) <= 800
    assert all(text[p.start : p.end] == p.text for p in passages)
    assert seconds < 20


def test_a_capacity_below_eight_is_refused():
    with pytest.raises(ValueError, match="max_tokens is 7; a passage needs at least 8"):
        Splitting(max_tokens=7)


def test_the_split_of_a_document_is_the_same_every_time():
    doc = document("Uno dos tres. Four five six. " * 40)
    assert split(doc, n_words) == split(replace(doc), n_words)


# ------------------------------------------------------------------------- invariants

PIECE = st.one_of(
    st.sampled_from(
        "El año. The house, ¿Quién? ¡Ya! 1997. EE. UU. Sr. ñandú 😀 👩‍👧 e\u0301 漢字 3,180 (a) «b» — … - 1.".split(
            " "
        )
        + [" ", "\n", "\n\n", ", ", ". ", "x" * 250]
    ),
    st.text(max_size=12),
)


@st.composite
def documents(draw):
    text = draw(st.lists(PIECE, max_size=80).map(draw(st.sampled_from(["", " "])).join))
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8)))
    marks = [
        Heading(a, b, draw(st.integers(1, 3)), text[a:b])
        for a, b in zip(cuts[::2], cuts[1::2], strict=False)
        if b > a
    ]
    return document(text, marks, draw(st.sampled_from(["Título", "A title"])))


@given(documents(), st.integers(8, 60), st.sampled_from(sorted(COUNTERS)))
def test_any_document_keeps_the_contract_at_any_capacity(doc, max_tokens, counter):
    count = COUNTERS[counter]
    check_contract(doc, split(doc, count, Splitting(max_tokens=max_tokens)), count, max_tokens)


@given(st.lists(st.text("abcñé.,", min_size=1, max_size=7), max_size=80), st.integers(8, 30))
def test_a_word_that_fits_is_never_cut(made_up, max_tokens):
    text = " ".join(made_up)
    for p in split(document(text), len, Splitting(max_tokens=max_tokens)):
        assert p.start == 0 or text[p.start - 1] == " "
        assert p.end == len(text) or text[p.end] == " "


def one_by_one(text, count, max_tokens):
    """The texts of a document whose sentences all fit, each tried with the run before it, counted whole."""
    found, first, last, used = [], -1, -1, 0
    for a, b in sentences(text):
        tokens = count(text[a:b])
        if first >= 0:
            new_paragraph = "\n\n" in text[last:a] and used > 2 * max_tokens // 3
            if used + tokens > max_tokens or count(text[first:b]) > max_tokens or new_paragraph:
                found.append(text[first:last])
                first, used = -1, 0
        first = a if first < 0 else first
        last = b
        used += tokens
    return [*found, text[first:last]] if first >= 0 else found


@given(
    st.lists(
        st.sampled_from(["Sí.", "¿Ya?", "El año.", "It is.", "No.", "\n\n", "1997."]), max_size=60
    ),
    st.integers(12, 40),
    st.sampled_from(sorted(COUNTERS)),
)
def test_sentences_are_joined_as_if_each_were_tried_in_turn(parts, max_tokens, counter):
    text = " ".join(parts)
    count = COUNTERS[counter]
    assert texts(document(text), max_tokens, count) == one_by_one(text, count, max_tokens)


def test_a_text_is_counted_once_for_each_sentence_and_once_for_each_passage():
    counted = []

    def count(text):
        counted.append(text)
        return n_words(text)

    text = "Uno dos tres cuatro. ¿Five six seven? " * 100
    passages = split(document(text), count, Splitting(max_tokens=40))
    # The heading is one more
    assert len(counted) <= 200 + len(passages) + 1


def test_every_passage_has_the_headings_it_stands_under():
    parts = [f"Sección {n}\n\nEs la número {n}." for n in range(500)]
    text = "\n\n".join(parts)
    marks, at = [], 0
    for n, part in enumerate(parts):
        marks.append(Heading(at, at + len(f"Sección {n}"), 1 + n % 2, f"Sección {n}"))
        at += len(part) + 2
    doc = document(text, marks)
    found = split(doc, n_words)
    assert [p.heading for p in found] == [
        " › ".join(["Título", *doc.heading_path(p.start)]) for p in found
    ]


def random_document(rng, number):
    vocabulary = "el año la niña corrió ¿quién? ¡ya! the house was 1997 EE. UU. 😀 3,180 café, (sí) «no» ñ".split()
    parts, marks, at = [], [], 0
    for _ in range(rng.randint(1, 8)):
        if rng.random() < 0.4:
            title = " ".join(rng.choices(vocabulary, k=3))
            marks.append(Heading(at, at + len(title), rng.randint(1, 3), title))
            parts.append(title + "\n\n")
            at += len(parts[-1])
        body = "".join(
            rng.choice(vocabulary) + rng.choice([" ", " ", " ", ". ", ", ", "\n", "\n\n"])
            for _ in range(rng.randint(1, 120))
        )
        parts.append(body + "\n\n")
        at += len(parts[-1])
    return replace(document("".join(parts), marks), doc_id=f"{number}.md")


@pytest.mark.slow
def test_ten_thousand_random_passages_slice_to_their_text():
    rng = random.Random(20261122)
    checked = number = 0
    while checked < 10_000:
        doc = random_document(rng, number)
        capacity = rng.randint(8, 40)
        passages = split(doc, n_words, Splitting(max_tokens=capacity))
        check_contract(doc, passages, n_words, capacity)
        checked += len(passages)
        number += 1


# ------------------------------------------------------------------------- blocks


def parsed(text, name="a.md"):
    return parse(text.encode(), name)


def sentences_of(passage):
    return [passage.text[a:b] for a, b in passage.sentences]


def test_a_list_stays_with_its_lead_in_where_it_fits():
    doc = parsed("Uno dos tres cuatro cinco.\n\nHace falta:\n\n- el DNI\n- una foto\n- dos euros\n")
    assert texts(doc, 10) == [
        "Uno dos tres cuatro cinco.",
        "Hace falta:\n\nel DNI\nuna foto\ndos euros",
    ]


def test_a_long_list_has_its_lead_in_over_its_later_passages():
    items = "\n".join(f"- number {i} of the list" for i in range(8))
    passages = split(parsed(f"You need:\n\n{items}\n"), n_words, Splitting(max_tokens=12))
    assert [p.heading for p in passages] == ["A", *["A › You need"] * (len(passages) - 1)]
    assert all(not p.text.endswith("of") for p in passages)
    check_contract(parsed(f"You need:\n\n{items}\n"), passages, n_words, 12)


def test_a_long_table_has_its_header_over_its_later_passages():
    rows = "\n".join(f"| Aceite {i} | {i},50 |" for i in range(9))
    doc = parsed(f"| Producto | Precio |\n|---|---|\n{rows}\n")
    first, *later = split(doc, n_words, Splitting(max_tokens=14))
    assert first.heading == "A"
    assert first.text.startswith("Producto | Precio\nAceite 0 | 0,50")
    assert later
    assert {p.heading for p in later} == {"A › Producto | Precio"}
    assert all(line.count("|") == 1 for p in later for line in p.text.split("\n"))


def test_a_row_is_one_sentence_whatever_its_cells_say():
    doc = parsed(
        "| Norma | Texto |\n|---|---|\n| Ruido | No se toca. Nunca. |\n| Noise | Do not. Ever. |\n"
    )
    (passage,) = split(doc, n_words)
    assert sentences_of(passage) == [
        "Norma | Texto",
        "Ruido | No se toca. Nunca.",
        "Noise | Do not. Ever.",
    ]


def test_every_item_and_label_ends_a_sentence():
    doc = parsed(
        "Horario: de 9 a 14\nTeléfono: 600 000 000\n\nHace falta:\n- una foto\n- el DNI", "a.txt"
    )
    (passage,) = split(doc, n_words)
    assert sentences_of(passage) == [
        "Horario: de 9 a 14",
        "Teléfono: 600 000 000",
        "Hace falta:",
        "- una foto",
        "- el DNI",
    ]


def test_the_parts_of_a_wide_row_have_its_key_over_them():
    row = " | ".join(["Aceite", *(f"valor número {i}" for i in range(12))])
    header = " | ".join(["Producto", *(f"C{i}" for i in range(12))])
    doc = parsed(f"| {header} |\n|{'---|' * 13}\n| {row} |\n")
    passages = [p for p in split(doc, n_words, Splitting(max_tokens=16)) if "valor" in p.text]
    assert len(passages) > 1
    assert all("Aceite › C" in p.heading for p in passages[1:])
    assert all(p.text.startswith(("Aceite", "valor")) for p in passages)


def test_an_empty_cell_of_a_row_that_is_cut_begins_no_sentence():
    row = ["Aceite", *(f"valor número {i}" if i % 3 else "" for i in range(12)), "oil of last year"]
    header = " | ".join(["Producto", *(f"C{i}" for i in range(13))])
    doc = parsed(f"| {header} |\n|{'---|' * 14}\n| {' | '.join(row)} |\n")
    passages = [p for p in split(doc, n_words, Splitting(max_tokens=16)) if "valor" in p.text]
    said = [sentence for p in passages for sentence in sentences_of(p)]
    assert [one.rstrip("| ") for one in said] == list(filter(None, row))


def test_each_cell_of_a_row_that_is_cut_is_a_sentence():
    names = ["Municipio", *(f"Dato {i}" for i in range(9)), "Mayor"]
    lines = [",".join(names)]
    for town, mayor in (("Robledo", "Ana Sanz"), ("Elm Cross", "Tom Reed")):
        lines.append(",".join([town, *map(str, range(9)), mayor]))
    passages = split(parsed("\n".join(lines), "a.csv"), n_words, Splitting(max_tokens=12))
    assert [sentences_of(p)[-1] for p in passages if "Mayor" in p.text] == [
        "Mayor: Ana Sanz.",
        "Mayor: Tom Reed.",
    ]
    ends = [p for p in passages if "Mayor" in p.text]
    assert [p.heading.split(" › ")[-1] for p in ends] == [
        "Municipio: Robledo",
        "Municipio: Elm Cross",
    ]
    # No value is parted from its name
    assert all(p.text.startswith(("Municipio: ", "Dato ", "Mayor: ")) for p in passages)


def known_by(*rows, max_tokens=12):
    """What stands last over each later part of the rows of a CSV, each once, where the columns between are figures."""
    figures = [str(n) for n in range(12)]
    names, *rest = (row.split(",") for row in rows)
    lines = [[*names[:-1], *(f"Dato {n}" for n in figures), names[-1]]]
    lines += [[*row[:-1], *figures, row[-1]] for row in rest]
    text = "\n".join(map(",".join, lines))
    passages = split(parsed(text, "a.csv"), n_words, Splitting(max_tokens=max_tokens))
    over = [p.heading.split(" › ")[-1] for p in passages if p.text.startswith("Dato")]
    return list(dict.fromkeys(over))


@pytest.mark.parametrize(
    ("rows", "known"),
    [
        (("id,Municipio,Alcalde", "1,Robledo,Ana Sanz", "2,Peñalén,Luis Gil"), ["id: 1; Municipio: Robledo", "id: 2; Municipio: Peñalén"]),
        (("code,Station,Warden", "S01,Elm Cross,Tom Reed", "S02,Mill Race,Ivy Cole"), ["code: S01; Station: Elm Cross", "code: S02; Station: Mill Race"]),
        (("Marca temporal,Sede,Nombre", "2024-05-01 10:00,Lugo,Íñigo Paz", "2024-05-01 10:02,Lugo,Eva Ruiz"), ["Nombre: Íñigo Paz", "Nombre: Eva Ruiz"]),
        (("Timestamp,Site,Full name", "5/1/2024 10:00,Leeds,Owen Pugh", "5/1/2024 10:05,Leeds,Priya Nair"), ["Full name: Owen Pugh", "Full name: Priya Nair"]),
        (("Provincia,Municipio,Alcalde", "Soria,Deza,Ana Sanz", "Soria,Osma,Luis Gil"), ["Provincia: Soria; Municipio: Deza", "Provincia: Soria; Municipio: Osma"]),
        # A column of names may have longer ones, with a full stop
        (("Oficina,Nombre,Plazo", "Alcaldía,Expedición de carta / constancia de domicilio.,hoy", "Alcaldía,Carta de abandono de hogar a quien lo pida y lo firme con dos testigos.,hoy"), ["Oficina: Alcaldía; Nombre: Expedición de carta / constancia de domicilio.", "Oficina: Alcaldía; Nombre: Carta de abandono de hogar a quien lo pida y lo firme con dos testigos."]),
        (("Town,Day,Mayor", "Robledo,3 May,Ana Sanz", "Elm Cross,4 May,Tom Reed"), ["Town: Robledo", "Town: Elm Cross"]),
        (("Día,Lluvia,Viento", "3 de mayo,4,12", "4 de mayo,0,9"), ["Día: 3 de mayo", "Día: 4 de mayo"]),
    ],
)  # fmt: skip
def test_a_row_that_is_cut_is_known_by_its_name_and_not_by_a_number_a_date_or_what_others_say(
    rows, known
):
    assert known_by(*rows) == known


@pytest.mark.parametrize(("n", "alone"), [(24, True), (12, False)])
@pytest.mark.parametrize(("name", "last"), [("Embalse", "Titular"), ("Reservoir", "Owner")])
def test_what_a_cut_row_says_in_words_behind_many_figures_begins_a_passage(n, alone, name, last):
    columns = ",".join(f"{2000 + year}" for year in range(n))
    values = ",".join(str(7 * year) for year in range(n))
    text = f"{name},{columns},{last},Nota\nRiaño,{values},Ana Sanz,Se vació en mayo\n"
    passages = split(parsed(text, "a.csv"), n_words, Splitting(max_tokens=17))
    end = next(p for p in passages if last in p.text)
    assert end.text.startswith(f"{last}: Ana Sanz; Nota: ") == alone
    assert end.heading == f"A › {name}: Riaño"


def test_a_question_and_its_answer_stay_together():
    text = "Una frase de seis palabras aquí.\n\n¿Se puede fumar?\n\nNo. Nunca dentro.\n\n¿Y fuera?\n\nSí."
    assert texts(parsed(text, "a.txt"), 8) == [
        "Una frase de seis palabras aquí.",
        "¿Se puede fumar?\n\nNo. Nunca dentro.",
        "¿Y fuera?\n\nSí.",
    ]


def test_headings_with_nothing_under_them_are_passages():
    text = "# Piscina\n\n## Horario\n\nDe diez a ocho.\n\n## Closed on Mondays\n\n## No se admiten perros\n"
    passages = split(parsed(text), n_words)
    assert [(p.heading, p.text) for p in passages] == [
        ("Piscina › Horario", "De diez a ocho."),
        ("Piscina", "Closed on Mondays\n\nNo se admiten perros"),
    ]


def test_the_lines_of_a_cover_are_found_with_what_follows():
    text = "Club de lectura\n\nCurso 2024\n\n# Normas\n\nSe lee un libro al mes.\n"
    assert texts(parsed(text), 40) == [
        "Club de lectura\n\nCurso 2024\n\nNormas\n\nSe lee un libro al mes."
    ]
    text = "This is a sentence.\n\n# Rules\n\nOne book a month.\n"
    assert texts(parsed(text), 40) == ["This is a sentence.", "One book a month."]


def test_the_items_before_do_not_lead_in_to_the_next():
    text = "\n".join(
        f"{i}. Norma número {i} del club:\n   - una cosa {i}\n   - otra cosa {i}"
        for i in range(1, 6)
    )
    passages = split(parsed(text), n_words, Splitting(max_tokens=24))
    assert len(passages) > 1
    assert all("Norma" not in p.heading for p in passages if p.text.startswith(tuple("12345")))


def test_headings_with_nothing_under_them_are_found_with_what_follows():
    text = "# Club\n\n# Reglamento\n\n## Closed on Mondays\n\n## Horario\n\nDe diez a ocho.\n\n## Fees\n\nNone.\n"
    passages = split(parsed(text), n_words)
    assert [(p.heading, p.text) for p in passages] == [
        ("Club", "Club\n\nReglamento\n\nClosed on Mondays\n\nHorario\n\nDe diez a ocho."),
        ("Club › Reglamento › Fees", "None."),
    ]


BLOCKS = st.lists(
    st.sampled_from(
        [
            "# Uno", "## Dos", "### ¿Tres?", "Hace falta:", "- una foto", "- the DNI. Now.", "1. paso", "Una frase. Otra más.",
            "| a | b |\n|---|---|\n| 1 | dos. Tres |", "Horario: de 9 a 14", "¿Quién?", "```\nx = 1. Y\n```", "palabra " * 30,
        ]
    ),
    min_size=1, max_size=25,
)  # fmt: skip


@given(BLOCKS, st.sampled_from(["\n", "\n\n"]), st.integers(8, 40))
def test_documents_with_blocks_keep_the_contract_and_the_bounds_of_sentences(
    lines, between, max_tokens
):
    doc = parsed(between.join(lines))
    passages = split(doc, n_words, Splitting(max_tokens=max_tokens))
    check_contract(doc, passages, n_words, max_tokens)
    for p in passages:
        covered = {i for a, b in p.sentences or [(0, len(p.text))] for i in range(a, b)}
        assert {i for i, c in enumerate(p.text) if not c.isspace()} <= covered


def test_the_words_of_a_files_name_that_its_title_lacks_are_in_the_heading():
    text = "# Normas internas\n\nLos socios pagan en mayo.\n"
    (passage,) = split(parsed(text, "Estatutos_AMPA-2018.md"), n_words)
    assert passage.heading == "Normas internas (Estatutos AMPA)"
    (passage,) = split(
        parsed("# Los estatutos\n\nThe members pay in May.\n", "estatutos.md"), n_words
    )
    assert passage.heading == "Los estatutos"


def test_a_long_lead_in_leaves_room_for_the_heading_path():
    lead = "Every member of the club must do all of the following things before the first day of the year"
    items = "\n".join(f"- number {i} of the list" for i in range(8))
    doc = parsed(f"# Club\n\n## Duties\n\n{lead}:\n\n{items}\n")
    passages = split(doc, n_words, Splitting(max_tokens=20, max_heading_tokens=16))
    assert len(passages) > 2
    assert all(
        p.heading == "Club › Duties › Every member of the club must do all" for p in passages[2:]
    )


@pytest.mark.parametrize("sign", ["ñ", "漢", "🪶", "x" * 190 + " ", "a " * 40])
@pytest.mark.parametrize("suffix", ["txt", "csv", "md"])
def test_a_passage_is_bounded_in_code_points_whatever_the_tokens(sign, suffix):
    text = (sign * (60_000 // len(sign))).encode()
    document = parse(text if suffix != "csv" else b"a,b,c\n1,2," + text, f"a.{suffix}")
    for count in (lambda text: 1, lambda text: len(text.split())):
        passages = split(document, count, Splitting(max_tokens=50))
        assert max(len(p.text) for p in passages) <= 20 * 51
        for p in passages:
            assert document.text[p.start : p.end] == p.text


def test_a_title_that_is_too_long_stands_in_the_heading_with_its_first_words():
    text = "Las cuotas del año\n\nSe pagan en mayo."
    title = "Rules of the society of friends of the lighthouse and of the rocks around it in storms"
    doc = document(text, [heading(text, "Las cuotas del año", 2)], title)
    (passage,) = split(doc, n_words, Splitting(max_heading_tokens=16))
    assert passage.heading == (
        "Rules of the society of friends of the lighthouse and of the › Las cuotas del año"
    )
    named = replace(doc, doc_id="faro-normas-2019.txt")
    (passage,) = split(named, n_words, Splitting(max_heading_tokens=16))
    assert passage.heading == (
        "Rules of the society of friends of the lighthouse and (faro normas) › Las cuotas del año"
    )


def test_a_long_heading_leaves_room_for_the_title():
    said = "Who may " + "or may not " * 12 + "come"
    doc = document(f"{said}\n\nNadie.", [heading(f"{said}\n\nNadie.", said, 2)], "Club " * 30)
    (passage,) = split(doc, n_words, Splitting(max_heading_tokens=32))
    assert passage.heading.startswith("Club Club Club")
    assert " › Who may or may not" in passage.heading
    assert n_words(passage.heading) <= 32
