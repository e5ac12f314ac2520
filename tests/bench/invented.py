"""Text about places that do not exist, in Spanish and English, and questions about it: material to measure speed with.

Each document is about one place and has sections of template sentences; names of people and places are put together
from syllables and drawn as words are in real text, a few often and most rarely (Zipf), so an index of it has a vocabulary
that grows with its size. The same seed always gives the same text.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

Lang = Literal["es", "en"]

_ONSETS = "b c ch d f g l m n p r s t v z br cr dr fl gr pl tr j ll h".split()
_VOWELS = "a a a e e e i o o u ia ie ue ai".split()
_ENDS: dict[str, list[str]] = {
    "place": "l s r n da ra lla na ña nga ta tal rio ba dal mar cha huay bamba marca pata".split(),
    "person": "z s n r ro no do la rra ni rez nez lla les na te tti ski man ga".split(),
}
_FIRST = (
    "Adela Alonso Ana Andrés Beatriz Benito Bruno Carmen Clara Damián Elena Elvira Esteban Fermín Gaspar Gloria Hugo "
    "Inés Irene Jacinto Joaquín Julia Lázaro Leonor Lorenzo Lucía Marcos Marta Matías Nicolás Octavio Olga Pilar "
    "Ramiro Raquel Rosa Rufino Sara Teresa Tomás Úrsula Valentín Verónica Víctor Yolanda Arthur Agnes Edith Harold "
    "Jane Martha Oliver Ruth Walter Winifred"
).split()
# Spanish and English: word with its article, so that gender is right.
_BUILT = [
    ("la imprenta", "the printing house"), ("el molino", "the mill"), ("la estación", "the railway station"),
    ("el faro", "the lighthouse"), ("la biblioteca", "the library"), ("el puente", "the bridge"),
    ("el mercado", "the market"), ("la escuela", "the school"), ("el hospital", "the hospital"),
    ("el teatro", "the theatre"), ("la fábrica de vidrio", "the glass factory"), ("el archivo", "the archive"),
    ("el observatorio", "the observatory"), ("la destilería", "the distillery"), ("el acueducto", "the aqueduct"),
    ("la central eléctrica", "the power station"), ("el jardín botánico", "the botanical garden"),
    ("la cárcel", "the prison"), ("el astillero", "the shipyard"), ("la mina de plata", "the silver mine"),
    ("el convento", "the convent"), ("la aduana", "the customs house"), ("el cementerio", "the cemetery"),
    ("la bodega", "the wine cellar"), ("el museo", "the museum"), ("la panadería", "the bakery"),
    ("el dique", "the dam"), ("la capilla", "the chapel"), ("la plaza de toros", "the bullring"),
    ("el taller de relojes", "the clock workshop"),
]  # fmt: skip
_GOODS = [
    ("lana", "wool"), ("trigo", "wheat"), ("aceite", "oil"), ("papel", "paper"), ("madera", "timber"),
    ("cerámica", "pottery"), ("queso", "cheese"), ("miel", "honey"), ("carbón", "coal"), ("sal", "salt"),
    ("cobre", "copper"), ("lino", "linen"), ("tabaco", "tobacco"), ("azúcar", "sugar"), ("vino", "wine"),
    ("cuero", "leather"), ("seda", "silk"), ("jabón", "soap"), ("hierro", "iron"), ("naranjas", "oranges"),
    ("almendras", "almonds"), ("pescado seco", "dried fish"), ("algodón", "cotton"), ("yeso", "plaster"),
    ("cacao", "cocoa"), ("patatas", "potatoes"), ("cerveza", "beer"), ("mármol", "marble"), ("cera", "wax"),
]  # fmt: skip
_CAUSES = [
    ("una inundación", "a flood"), ("un incendio", "a fire"), ("la falta de dinero", "the lack of money"),
    ("una epidemia de cólera", "an epidemic of cholera"), ("un terremoto", "an earthquake"),
    ("una huelga", "a strike"), ("la guerra", "the war"), ("una larga sequía", "a long drought"),
    ("un pleito entre herederos", "a lawsuit between heirs"), ("la caída de los precios", "the fall in prices"),
    ("un derrumbe", "a landslide"), ("la llegada del ferrocarril", "the arrival of the railway"),
    ("una plaga de langostas", "a plague of locusts"), ("una orden del obispo", "an order of the bishop"),
]  # fmt: skip
_TRADES = [
    ("ingeniera", "engineer"), ("maestra", "teacher"), ("cartógrafa", "mapmaker"), ("médica", "doctor"),
    ("alcaldesa", "mayor"), ("botánica", "botanist"), ("notaria", "notary"), ("pintora", "painter"),
    ("astrónoma", "astronomer"), ("arquitecta", "architect"), ("periodista", "journalist"), ("jueza", "judge"),
    ("música", "musician"), ("comerciante", "merchant"), ("geóloga", "geologist"), ("impresora", "printer"),
]  # fmt: skip
_MONTHS = [
    ("enero", "January"), ("febrero", "February"), ("marzo", "March"), ("abril", "April"), ("mayo", "May"),
    ("junio", "June"), ("julio", "July"), ("agosto", "August"), ("septiembre", "September"),
    ("octubre", "October"), ("noviembre", "November"), ("diciembre", "December"),
]  # fmt: skip
_SECTIONS = [
    ("Origen", "Origins"), ("La obra", "The works"), ("El comercio", "Trade"), ("Las personas", "The people"),
    ("Los años difíciles", "The hard years"), ("La reconstrucción", "Rebuilding"), ("El río", "The river"),
    ("Las fiestas", "Festivals"), ("El siglo siguiente", "The century after"), ("Hoy", "Today"),
]  # fmt: skip
# Sentence in Spanish and English, question in Spanish and English.
_TEMPLATES = [
    (
        "{person} fundó {built_es} de {place} en {year}, con el apoyo de {n} vecinos.",
        "{person} founded {built_en} of {place} in {year}, with the support of {n} neighbours.",
        "¿Quién fundó {built_es} de {place}?",
        "Who founded {built_en} of {place}?",
    ),
    (
        "El {day} de {month_es} de {year} {cause_es} destruyó casi por completo {built_es} de {place}.",
        "On {day} {month_en} {year} {cause_en} destroyed almost all of {built_en} of {place}.",
        "¿Cuándo se destruyó {built_es} de {place}?",
        "When was {built_en} of {place} almost destroyed?",
    ),
    (
        "Cada año salían de {place} unas {n} toneladas de {goods_es}, que se vendían sobre todo en {other}.",
        "Every year some {n} tons of {goods_en} left {place}, to be sold mostly in {other}.",
        "¿Cuántas toneladas de {goods_es} salían de {place} cada año?",
        "How many tons of {goods_en} left {place} every year?",
    ),
    (
        "La {trade_es} {person} nació en {place} en {year} y pasó la mayor parte de su vida en {other}.",
        "The {trade_en} {person} was born in {place} in {year} and spent most of her life in {other}.",
        "¿Dónde nació la {trade_es} {person}?",
        "Where was the {trade_en} {person} born?",
    ),
    (
        "Por {cause_es}, las obras de {built_es} de {place} estuvieron paradas {n} meses.",
        "Because of {cause_en}, work on {built_en} of {place} stood still for {n} months.",
        "¿Por qué se pararon las obras de {built_es} de {place}?",
        "Why did work on {built_en} of {place} stand still?",
    ),
    (
        "El río {river} nace a {n} metros de altitud cerca de {place} y desemboca en el lago {other}.",
        "The river {river} rises at {n} metres above sea level near {place} and flows into Lake {other}.",
        "¿A qué altitud nace el río {river}?",
        "At what altitude does the river {river} rise?",
    ),
    (
        "En {year} vivían en {place} {n} personas, la mitad de ellas dedicadas al comercio de {goods_es}.",
        "In {year} {n} people lived in {place}, half of them in the {goods_en} trade.",
        "¿Cuántas personas vivían en {place} en {year}?",
        "How many people lived in {place} in {year}?",
    ),
    (
        "{person} escribió una historia de {place} en {n} páginas, que se publicó en {other} el año {year}.",
        "{person} wrote a history of {place} in {n} pages, which was published in {other} in {year}.",
        "¿Qué escribió {person} sobre {place}?",
        "What did {person} write about {place}?",
    ),
    (
        "La fiesta de {place} se celebra el {day} de {month_es} y recuerda a {person}, que trajo el {river} al valle.",
        "The festival of {place} is held on {day} {month_en} and remembers {person}, who brought the {river} to the valley.",
        "¿Qué día se celebra la fiesta de {place}?",
        "On what day is the festival of {place} held?",
    ),
    (
        "El camino de {place} a {other} tiene {n} kilómetros y pasa por un túnel que abrió {person}.",
        "The road from {place} to {other} is {n} kilometres long and goes through a tunnel that {person} opened.",
        "¿Cuántos kilómetros tiene el camino de {place} a {other}?",
        "How long is the road from {place} to {other}?",
    ),
    (
        "Según {person}, {cause_es} obligó en {year} a cerrar {built_es} de {place} durante {n} días.",
        "According to {person}, {cause_en} made {built_en} of {place} close for {n} days in {year}.",
        "¿Durante cuántos días cerró {built_es} de {place}?",
        "For how many days was {built_en} of {place} closed?",
    ),
    (
        "El testamento de {person} dejó {n} monedas y un almacén de {goods_es} a los pobres de {place}.",
        "The will of {person} left {n} coins and a store of {goods_en} to the poor of {place}.",
        "¿Qué dejó {person} a los pobres de {place}?",
        "What did {person} leave to the poor of {place}?",
    ),
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Page:
    """One document as Markdown, and two questions about each of its sentences, one in each language."""

    doc_id: str
    lang: Lang
    markdown: str
    questions: tuple[tuple[str, str], ...]


class _Names:
    """Names of one kind, drawn with Zipf's frequencies."""

    def __init__(self, rng: random.Random, kind: str, n: int):
        found: dict[str, None] = {}
        while len(found) < n:
            middle = "".join(
                rng.choice(_ONSETS) + rng.choice(_VOWELS) for _ in range(rng.choice((1, 2, 2, 3)))
            )
            found[(middle + rng.choice(_ENDS[kind])).capitalize()] = None
        self._names = list(found)
        self._weights = list(accumulate(1 / (rank + 20) for rank in range(n)))

    def draw(self, rng: random.Random) -> str:
        return rng.choices(self._names, cum_weights=self._weights)[0]


def pages(seed: int, n_names: int = 20_000) -> Iterator[Page]:
    """Documents without end, Spanish and English in turn, about ten passages each."""
    rng = random.Random(seed)
    places, people = _Names(rng, "place", n_names), _Names(rng, "person", n_names)
    number = 0
    while True:
        lang: Lang = "es" if number % 2 == 0 else "en"
        yield _page(rng, number, lang, places, people)
        number += 1


def _page(rng: random.Random, number: int, lang: Lang, places: _Names, people: _Names) -> Page:
    at = 0 if lang == "es" else 1
    home = places.draw(rng)
    title = f"Historia de {home}" if lang == "es" else f"A history of {home}"
    lines, questions = [f"# {title}"], []
    for section in _SECTIONS:
        sentences = []
        for template in rng.sample(_TEMPLATES, rng.randint(4, 6)):
            values = _values(rng, home, places, people)
            # Spanish joins "de el" in one word
            sentence, *asked = (
                t.format(**values).replace(" de el ", " del ")
                for t in (template[at], *template[2:])
            )
            sentences.append(sentence)
            questions.append((asked[0], asked[1]))
        text = " ".join(s[0].upper() + s[1:] for s in sentences)
        lines += [f"## {section[at]}", text]
    name = f"{lang}/{number:05}-{home.lower()}.md"
    return Page(name, lang, "\n\n".join(lines) + "\n", tuple(questions))


def _values(rng: random.Random, home: str, places: _Names, people: _Names) -> dict[str, str | int]:
    values: dict[str, str | int] = {
        "place": home if rng.random() < 0.4 else places.draw(rng),
        "other": places.draw(rng),
        "river": places.draw(rng),
        "person": f"{rng.choice(_FIRST)} {people.draw(rng)} {people.draw(rng)}",
        "year": rng.randint(1540, 2019),
        "day": rng.randint(1, 28),
        "n": rng.randint(12, 4800),
    }
    for name, pairs in (
        ("built", _BUILT),
        ("goods", _GOODS),
        ("cause", _CAUSES),
        ("trade", _TRADES),
        ("month", _MONTHS),
    ):
        values[f"{name}_es"], values[f"{name}_en"] = rng.choice(pairs)
    return values
