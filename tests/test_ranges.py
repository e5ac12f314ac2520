"""Whether an amount of a question lies in the range that a cell says."""

import pytest

from qa.select.alike.ranges import Amounts, AskedBand, joined


@pytest.mark.parametrize(
    ("question", "cell", "within"),
    [
        ("¿Cuánto paga un niño de 8 años?", "4-13 años", True),
        ("¿Cuánto paga un niño de 8 años?", "de 0 a 3 años", False),
        ("¿Cuánto paga un niño de 8 años?", "6 - 9 meses", False),
        ("¿Cuánto paga un niño de 8 años?", "Ages 7 to 9", True),
        ("¿Cuánto paga alguien de 70 años?", "65 años o más", True),
        ("How much is it for a 70-year-old?", "65+", True),
        ("How much is it for a 70-year-old?", "under 16", False),
        ("Which class is a mark of 64?", "60–69 %", True),
        ("Which class is a mark of 64?", "Below 40", False),
        ("¿Qué nota es un 7,5?", "7-8,9", True),
        ("What rate is it for 15,000 €?", "12.001 € - 20.000 €", True),
        ("¿Qué cuota hay con 1.350 €?", "De 1201 a 1500 €", True),
        ("How much is a parcel of 7 kg?", "Up to 2 kg", False),
        ("How much is a parcel of 7 kg?", "[5,10)", True),
        # No ranges
        ("How much is a parcel of 7 kg?", "L X 5-10h", None),
        ("How much is a parcel of 7 kg?", "10-5", None),
        ("How much is a parcel of 7 kg?", "7 kg", None),
        ("How much is a parcel of 7 kg?", "Chapter 5 (5-10)", None),
        # Decimals and sizes
        ("What is a mirror of 30x40?", "0,40", None),
        ("What is a mirror of 30x40?", "25-35", False),
        ("¿Cuánto cuesta un marco de 30 × 40?", "25-35", False),
        ("How much is a parcel of 7 kg?", "[5, 10]", True),
        ("¿Cuánto cuesta un marco de 30 × 40?", "35-45", False),
        ("What is a mirror of 30x40?", "(0,40)", None),
        ("¿Qué paga un niño de 4 años?", "3, 4 años", True),
        # What is called so
        ("What is Room 7 for?", "5-10", False),
        ("HIST 210 grades", "200-300", False),
    ],
)
def test_an_amount_lies_in_a_range_of_its_unit(question, cell, within):
    assert Amounts(question).within(cell) is within


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (("601 €", "Base desde", "900 €", "Base hasta"), "601 € - 900 €"),
        (("5", "From", "10", "Up to"), "5 - 10"),
        (("5", "Price", "10", "Weight"), None),
        (("", "From", "10", "To"), None),
    ],
)
def test_two_columns_from_and_to_are_a_range(cells, said):
    assert joined(*cells) == said


@pytest.mark.parametrize(
    ("question", "lang", "entries", "beyond"),
    [
        ("Mi cabra pesa 38 kilos, ¿cuánto cuesta esquilarla?", "es", ["Cabra: 9 € hasta 15 kg; 12 € de 15 a 30 kg"], True),
        ("How much is it to shear a goat of 38 kg?", "en", ["Goat: £9 up to 15 kg, £12 from 15 to 30 kg"], True),
        ("Tengo 35 años, ¿qué grupo me corresponde?", "es", ["Para alumnos desde los 14 años hasta los 17 años de edad"], True),
        ("Which group is for a 35-year-old?", "en", ["Ages 14 to 17"], True),
        # Of the entries one is called as the question says
        ("Mi cabra pesa 38 kilos, ¿cuánto es?", "es", ["Cabra: 9 € hasta 30 kg", "Oveja: 8 € a partir de 30 kg"], True),
        ("Mi oveja pesa 38 kilos, ¿cuánto es?", "es", ["Cabra: 9 € hasta 30 kg", "Oveja: 8 € a partir de 30 kg"], False),
        # It lies in a range of one, which may say no unit, or one says none
        ("How much is it for a goat of 20 kg?", "en", ["Goat: £9 up to 15 kg, £12 from 15 to 30 kg"], False),
        ("¿En qué grupo está una niña de nueve años?", "es", ["Cachorros (5 a 7 años), lobatos (8 a 10)"], False),
        ("How much is it for a goat of 38 kg?", "en", ["Goats: up to 15 kg £9", "Larger ones: ask"], False),
        # The rest is spoken of, too, not only as others are
        ("¿Cuánto paga un niño de 12 años?", "es", ["Hasta 10 años, gratis; los demás, 3 €"], False),
        ("How much does a 12-year-old pay?", "en", ["Under 10s go free, all others pay £3"], False),
        ("How much is a goat of 38 kg?", "en", ["Goats up to 15 kg £9, each extra kilo £1"], False),
        ("¿Cuánto cuesta una cabra de 38 kg?", "es", ["Hasta 15 kg, 9 €; cada kilo más, 1 €"], False),
        ("Which group is for a 35-year-old?", "en", ["Ages 14 to 17, with others"], True),
        # Other units, no unit, and whether something is so
        ("How much is 3 hours of shearing?", "en", ["Goat: £9 up to 2 kg"], False),
        ("¿Cuánto cuesta el lote 38?", "es", ["Cabra: 9 € hasta 15 kg"], False),
        ("¿Puede entrar una cabra de 38 kg?", "es", ["Cabras: hasta 15 kg"], False),
    ],
)  # fmt: skip
def test_an_amount_is_beyond_all_ranges_that_are_said(question, lang, entries, beyond):
    assert AskedBand(question, lang).is_beyond(entries) is beyond
