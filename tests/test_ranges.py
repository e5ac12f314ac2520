"""Whether an amount of a question lies in the range that a cell says."""

import pytest

from qa.select.alike.ranges import Amounts, joined


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
