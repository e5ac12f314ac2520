"""Whether a quote is of another year than the one that a question asks about."""

import pytest
from hash_encoder import HashEncoder
from local_server import write_documents
from underliner import Underliner

from corpus.document import Passage
from index.local.build import build
from index.searchable import Place
from qa.cite import Quote
from qa.engine import Engine, Query
from qa.rank import Ranked
from qa.retrieve import Candidate
from qa.select import Span, Unit
from qa.select.times.years import AskedYear

MILL = "¿Cuántos sacos molió el molino en 2022?"
OVEN = "How many loaves were sold in 2022?"


class Bare:
    """An index of one document without blocks."""

    def __init__(self, text):
        self.text = text

    def blocks(self, row):
        return ()

    def document(self, doc_id, *, blocks=True):
        return self


def of_another(question, text, quoted="", answer="", title="", path=(), doc_id="a.txt"):
    quoted = quoted or text
    start = text.index(quoted)
    passage = Passage("#", doc_id, 0, len(text), text, "und", "")
    place = Place(passage, title, None, tuple(path))
    candidate = Candidate(0, 1.0, 1.0, (), (), across=False)
    at = quoted.index(answer)
    span = Span(at, at + len(answer), 0.9) if answer else None
    unit = Unit(Quote(passage, start, start + len(quoted), 1.0), 1.0, span=span)
    ranked = Ranked(candidate, place, None, (), None)
    return AskedYear(question).is_not_of(ranked, unit, Bare(text))


@pytest.mark.parametrize(
    ("question", "text"),
    [
        (MILL, "En 2021 el molino molió 300 sacos."),
        (MILL, "El molino molió 300 sacos en 2021. En 2023 molió 410."),
        (MILL, "Año 2023 | 410 sacos"),
        (MILL, "Temporada 2023/24: 410 sacos."),
        ("sacos del molino 2022", "Sacos molidos en 2023: 410."),
        ("¿Qué gastó el molino en 2022?", "El 3/5/2021 el molino gastó 80 €."),
        (OVEN, "In 2021, 900 loaves were sold."),
        ("How much did the 2022 raffle raise?", "The 2021 raffle raised £90."),
    ],
)
def test_what_is_said_of_another_year(question, text):
    assert of_another(question, text)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        # the year itself, in whatever form
        (MILL, "En 2021 molió 300 sacos y en 2022, 350."),
        (MILL, "Campaña 2021/22: 350 sacos."),
        (MILL, "De 2020 a 2025 el molino muele 350 sacos cada año."),
        (MILL, "El 3/5/22 se molieron 350 sacos, y en 2021, 300."),
        (OVEN, "In the 2020s the oven sold 900 loaves; in 2019, 800."),
        # a time that may hold it
        (MILL, "Desde 2015 el molino muele 350 sacos."),
        (MILL, "El convenio vale hasta el 31 de diciembre de 2024: 350 sacos."),
        (OVEN, "Since 2015 the oven sells 900 loaves."),
        ("Who was the miller in 1950?", "Ada Roe, miller from 1947, left in 1955."),
        ("Who was the miller in 1950?", "In 1947 Ada Roe came; three years later she was the miller."),
        # another time than that of what is asked
        (MILL, "El molino, fundado en 1990, muele 350 sacos."),
        (MILL, "Según la Ley 3/1992 y la ley de aguas de 1985, son 350 sacos."),
        (OVEN, "The oven, built in 1990, sells 900 loaves under the Bread Act of 1985."),
        # no year at all
        (MILL, "El molino muele 2000 sacos; caben 1950 kilos de sal."),
        (OVEN, "The oven sells 2000 loaves to 1950 people."),
        # no question about one year
        ("¿Cuántos sacos molió en 2021 y en 2023?", "En 2019 molió 300 sacos."),
        ("¿Cuántos sacos muele desde 2022?", "En 2021 molió 300 sacos."),
        ("¿Se abrió el molino en 2022?", "El molino se abrió en 2021."),
        ("Did the oven open in 2022?", "The oven opened in the spring, in 2021."),
        ("¿Cuándo se aprobaron las cuentas de 2022?", "Las cuentas se aprobaron el 3 de mayo de 2023."),
        ("¿Qué dice la ley de aguas de 1985?", "En 1992 se tasó el agua."),
        ("¿Dónde caben 2000 personas?", "En 2021 cupieron 1500 personas."),
    ],
)  # fmt: skip
def test_what_may_be_said_of_the_year(question, text):
    assert not of_another(question, text)


@pytest.mark.parametrize("text", ["Se molieron 300 sacos.", "300 sacks were ground."])
def test_headings_titles_and_file_names_say_the_year(text):
    assert of_another(MILL, text, path=("Campaña de 2021",))
    assert of_another(MILL, text, title="Memoria de 2021")
    assert of_another(MILL, text, doc_id="memoria2021.txt")
    assert not of_another(MILL, text, title="Memoria de 2021", path=("Avance de 2022",))
    assert not of_another(MILL, text, title="Memoria de 2021", doc_id="2022/a.txt")


def test_a_title_says_it_unless_the_document_speaks_of_the_year_or_holds_for_others_too():
    text = "Se molieron 300 sacos."
    assert not of_another(MILL, f"{text}\n\nEn 2022 no.", text, title="Memoria de 2021")
    for title in ("Reglamento de 2021", "Mill rules 2021", "Acta del 4 de mayo de 2021"):
        assert not of_another(MILL, text, title=title)


@pytest.mark.parametrize(
    ("question", "title", "expected"),
    [
        ("¿Cuánto pagaba un socio en 2022?", "Normas de 2025", True),
        ("¿Cuánto pagaba un socio en 2022?", "Normas de 2019", False),
        ("What did a member pay in 2022?", "Rules 2025", True),
        ("What did a member pay in 2022?", "Rules 2019", False),
    ],
)
def test_rules_hold_from_their_year_on(question, title, expected):
    assert of_another(question, "Un socio paga 3 euros.", title=title) is expected


@pytest.mark.parametrize(
    ("question", "text", "title"),
    [
        ("¿Cuánto pagaba un socio en 2022?", "Sustituyen a las de 2022. Un socio paga 3 euros.", "Normas de 2025"),
        ("What did a member pay in 2022?", "They replace the rules of 2022. A member pays 3 euros.", "Rules 2025"),
    ],
)  # fmt: skip
def test_the_year_of_what_a_text_takes_the_place_of_is_not_its_own(question, text, title):
    assert of_another(question, text, text.split(". ")[1], title=title)


def test_what_stands_beside_a_quote_may_say_the_year_and_what_follows_its_answer_does_not():
    text = "En 2022 hubo mucho grano. Fueron 350 sacos, y en 2021 solo 300."
    assert not of_another(MILL, text, text[text.index("Fueron") :])
    text = "Fueron 350 sacos. En 2021 se pintó la puerta."
    assert not of_another(MILL, text, answer="350 sacos")
    text = "En 2021 se pintó la puerta. Fueron 350 sacos."
    assert of_another(MILL, text, answer="350 sacos")


MILLS = {
    "uno.txt": "El molino molió 300 sacos en 2021.\n",
    "otro.txt": "El molino molió 410 sacos en 2023.\n",
    "oven.txt": "The oven is of clay and is swept by the baker each week.\n",
}


@pytest.mark.parametrize(("year", "wanted"), [(2021, ["300"]), (2023, ["410"]), (2022, [])])
def test_only_what_is_of_the_year_is_quoted(tmp_path, year, wanted):
    write_documents(tmp_path, MILLS)
    build(tmp_path, HashEncoder())
    engine = Engine(tmp_path, HashEncoder(), reader=Underliner("molino molió"))
    answer = engine.ask(Query(f"¿Cuántos sacos molió el molino en {year}?", "es"))
    assert answer.status == ("answered" if wanted else "abstained")
    assert [n for n in ("300", "410") if n in answer.text] == wanted


def test_a_passage_that_speaks_of_the_year_elsewhere_is_read_as_it_is():
    text = "Season 2025: 90 loaves. Season 2026: to be announced."
    assert not of_another("How many loaves will there be in 2026?", text, text[:23])
