"""How much cells say, in one unit for a column."""

import pytest

from qa.select.values.quantities import quantities


def told(cells, column="", *, money=False):
    found = quantities(cells, column, money=money)
    return [one if one is None else round((one.low + one.high) / 2, 4) for one in found]


@pytest.mark.parametrize(
    ("cells", "column", "amounts"),
    [
        (["80 mm", "25,4 cm", "1.2 m", "3 km"], "", [0.08, 0.254, 1.2, 3000]),
        (["3.2 kg", "950 g", "2 lbs"], "", [3.2, 0.95, 0.9072]),
        (["1 h 30 min", "45 minutos", "2 h 30", "1h30", "1:15 h"], "", [90, 45, 150, 90, 75]),
        (["3 semanas", "two weeks", "36 hours", "1 año y 6 meses"], "", [30240, 20160, 2160, 788940]),
        (["62 m2", "0,5 ha", "100 m²"], "", [62, 5000, 100]),
        (["750 ml", "1,5 l", "33 cl"], "", [0.75, 1.5, 0.33]),
        (["100 Mb", "1 Gb"], "", [100, 1000]),
        (["90 km/h", "60 mph"], "", [90, 96.5606]),
        # A column is called by its unit, and of its decimals some tell the others
        (["3.25", "2.125", "10"], "Weight (kg)", [3.25, 2.125, 10]),
        (["1.250", "900"], "Plazas", [1250, 900]),
        (["12 plazas", "1 plaza", "20"], "", [12, 1, 20]),
        (["3,2 millones", "900.000", "12k"], "", [3200000, 900000, 12000]),
        # Ranges; what stands in brackets is said beside
        (["4-6 kg", "de 2 a 8 kg", "hasta 3 kg"], "", [5, 5, 3]),
        (["2 h (grupos de 8)", "90 min"], "", [120, 90]),
    ],
)  # fmt: skip
def test_the_cells_of_a_column_are_told_in_one_unit(cells, column, amounts):
    assert told(cells, column) == amounts


@pytest.mark.parametrize(
    ("cells", "amounts"),
    [
        (["38,50 €", "1.250,00 €", "45 euros"], [38.5, 1250, 45]),
        (["£12", "free", "£1,250"], [12, 0, 1250]),
        (["12,50", "gratis", "20"], [12.5, 0, 20]),
        (["20 €/mes", "30 € al mes", "consultar"], [20, 30, None]),
        (["USD 20", "$5", "30 usd"], [20, 5, 30]),
    ],
)
def test_sums_of_money_are_told_and_nothing_is_none(cells, amounts):
    assert told(cells, "Precio", money=True) == amounts


@pytest.mark.parametrize(
    ("cells", "money"),
    [
        (["45 €/mes", "20 €/hora"], True),
        (["45 €", "$20"], True),
        (["3 kg", "20 min"], False),
        (["3 kg", "20"], False),
        (["2 noches", "3 personas"], False),
    ],
)
def test_cells_of_several_kinds_are_not_compared(cells, money):
    assert told(cells, "Lo que sea", money=money) == [None, None]


@pytest.mark.parametrize(
    "cell",
    ["30x40 cm", "12/05/2024", "A12", "10:00", "18-19h", "2.º", "20 € y 10 €", "alto", ""],
)  # fmt: skip
def test_what_is_no_amount_or_more_than_one_says_none(cell):
    assert told([cell, "5"])[0] is None
