"""What is written in several ways has one form, in Spanish and English texts and in questions about them."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.dates import dates_in_words
from corpus.forms import normal
from corpus.language import sentences, term_spans, terms


@pytest.mark.parametrize(
    "group",
    [
        ["12.345,60", "12345,60", "12,345.60", "12345.60"],
        ["12 480", "12480", "12.480", "12,480", "12\u00a0480", "12\u202f480"],
        ["1.250", "1250", "1,250"],
        ["12,00", "12.00", "12"],
        ["12k", "12K", "12.000", "12 000"],
        ["2.500.000", "2´500,000", "2'500'000", "2’500.000,00"],
        ["1´250,000.50", "1.250.000,50", "1,250,000.50"],
        ["3bn", "3.000.000.000"],
        ["1½", "1 ½", "1 1/2", "1,5", "1.5"],
        ["¾", "0,75"],
        ["00012345", "12345"],
        [
            "03/05/2019",
            "3-5-2019",
            "3.5.2019",
            "2019-05-03",
            "3/5/19",
            "3-5-19",
            "03.05.19",
            "20190503",
        ],
        ["I.V.A.", "IVA", "iva", "I.V.A", "I. V. A."],
        ["EE. UU.", "EEUU", "EE.UU.", "EE UU"],
        ["RR. HH.", "RRHH"],
        ["U.N.E.S.C.O.", "UNESCO"],
        ["600 123 456", "600123456", "600-12-34-56", "+34 600 123 456", "0034 600 12 34 56"],
        ["91 123 45 67", "911234567", "911 23 45 67"],
        ["+44 20 7946 0018", "+442079460018", "+44 (20) 7946 0018"],
        ["(0114) 496 0855", "01144960855", "0114 496 0855", "(0114)496-0855"],
        ["(020) 7946 0018", "02079460018", "020 7946 0018"],
        ["07946 001 823", "07946 001823", "07946001823"],
        ["(212) 555-0134", "2125550134", "212-555-0134"],
        ["(91) 555 12 34", "915551234", "91 555 12 34"],
        ["(976) 10 22 33", "(976) 102 233", "976 102 233", "976.10.22.33"],
        ["12.345.678-Z", "12345678Z", "12345678-z", "12345678 Z"],
        ["X-1234567-L", "X1234567L"],
        ["ES91 2100 0418 4502 0005 1332", "ES9121000418450200051332"],
        ["978-84-376-0494-7", "9788437604947"],
        ["4.ª", "4ª", "4º", "4.º", "4th", "4to", "4"],
        ["XXI", "21"],
    ],
    ids=lambda group: group[0],
)
@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_forms_of_a_thing_are_one_term(group, lang):
    assert len({terms(f"x {form}", lang)[1] for form in group}) == 1
    # and one place: what is asked is one word
    assert all(len(term_spans(form, lang)) == 1 for form in group)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("3,5", "35"),
        ("2.10", "2.1"),
        ("10:30", "1030"),
        ("5m", "5000000"),
        ("5M", "5000000"),
        ("1/2", "0.5"),
        ("12345678M", "12345678000000"),
        ("0123456789", "123456789"),
        ("1,5", "15"),
        ("2019-2020", "20192020"),
        ("31/12/2019", "12/31/2018"),
        ("20191232", "2019-12-31"),
        ("3.5.19", "03.05.19"),
    ],
)
def test_different_things_stay_different(one, other):
    assert terms(one, "es")[0] != terms(other, "es")[0]


@pytest.mark.parametrize(
    "text",
    ["(150) 2020 2021", "(2019) 123 4567", "(12) 345 678", "(12) 600 12 34 56", "0101 0102 0103"],
)
def test_a_number_in_brackets_and_those_after_it_are_no_telephone(text):
    assert len(terms(text, "es")) > 1


@pytest.mark.parametrize(
    "written",
    ["$2.5m", "£2.5m", "€ 2,5m", "2,5 M€", "S/ 2.5 MM", "US$2.5mm", "S/. 2´500,000.00", "$2.5M"],
)
def test_with_a_currency_a_letter_is_so_many_millions(written):
    for lang in ("es", "en"):
        assert "2500000" in terms(f"Costó {written}.", lang)
        assert "2500000" not in terms("2.5 m, 2.5 mm, 2.5mm, 2.5M y 2.5m", lang)


@pytest.mark.parametrize("lang", ["es", "en"])
def test_thousands_are_found_by_the_number_before_their_letter_too(lang):
    assert terms("10k", lang) == ["10000", "10"]
    assert [term for term, _, _ in term_spans("10k", lang)] == ["10000"]


@pytest.mark.parametrize(
    "text",
    [
        "el 3 de mayo de 2019",
        "3 mayo 2019",
        "May 3, 2019",
        "May 3rd 2019",
        "3rd of May 2019",
        "the 3 May, 2019",
        "el tres de mayo de 2019",
        "3 de mayo de dos mil diecinueve",
        "a los tres días del mes de mayo de dos mil diecinueve",
        "a los tres (03) días del mes de mayo del año dos mil diecinueve (2019)",
        "el día 3 del mes de mayo del año 2019",
        "a tres de\nmayo de dos\nmil diecinueve",
        "Mayo 3 de 2019",
        "mayo tres de dos mil diecinueve",
        "3-may-19",
        "03/may/2019",
        "3 - mayo - 2019",
        "3-V-2019",
        "3/V/2019",
        "May the 3rd, 2019",
        "May third, 2019",
        "the third of May two thousand and nineteen",
        "this third day of May, in the year two thousand and nineteen",
        "the third day of the month of May, twenty nineteen",
    ],
)
def test_a_date_in_words_is_found_by_its_digits(text):
    assert list(dates_in_words(text)) == ["2019-05-03"]
    for lang in ("es", "en", "und"):
        assert terms("03/05/2019", lang)[0] in terms(text, lang)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("el uno de septiembre de 2020 y el primero de octubre de 2021", ["2020-09-01", "2021-10-01"]),
        ("el 1ro de agosto de 2016, el 1er. de agosto de 2017", ["2016-08-01", "2017-08-01"]),
        ("a treinta y un días del mes de diciembre de mil novecientos noventa y nueve", ["1999-12-31"]),
        ("3-set-2019, 12-XII-2001", ["2019-09-03", "2001-12-12"]),
        ("the twenty-first of June nineteen ninety-nine", ["1999-06-21"]),
        ("a los diez y seis días del mes de agosto de mil novecientos ochenta y nueve", ["1989-08-16"]),
        ("el seis de enero de dos mil. Fue", ["2000-01-06"]),
        ("June the first, 2018; the thirty-first day of July 1890", ["2018-06-01", "1890-07-31"]),
    ],
)  # fmt: skip
def test_days_and_years_of_dates_may_be_words(text, found):
    assert sorted(dates_in_words(text)) == sorted(found)


@pytest.mark.parametrize(
    "text",
    [
        "El 3 de marzo, dos mil personas salieron",
        "On 3 June two thousand people came",
        "Llovió tres días de mayo de 2019",
        "En un mayo de 2020 muy seco",
        "a tres de mayo de dos mil diesiséis",
        "One March 2019 was cold",
        "Total: 3\n\nMayo 2019",
        "cuarenta de mayo de 2019",
        "the fortieth of May 2019",
        "3-XV-2019, 3-may/19, v3-may-19",
        "İ mayo de dos mil, İstanbul",
    ],
)
def test_what_stands_beside_a_month_and_is_no_day_or_year_makes_no_date(text):
    assert list(dates_in_words(text)) == []


@pytest.mark.parametrize(
    ("lang", "asked"), [("es", "el 14 de febrero de 2022"), ("en", "February 14, 2022")]
)
def test_a_date_in_digits_is_found_by_its_words(lang, asked):
    assert {term for term, _, _ in term_spans(asked, lang)} <= set(
        terms("Fecha: 14/02/2022.", lang)
    )


def test_a_roman_number_is_found_in_small_letters_and_in_digits():
    assert terms("siglo XV", "es")[1:] == ["15", "xv"]
    assert terms("MIX CIVIL DI", "es") == ["mix", "civil", "di"]


@pytest.mark.parametrize(
    "word", ["vida", "2.0.1", "10:30", "3.5", "MIX", "J", "a.m.", "32/13/2019"]
)
def test_a_word_that_has_one_form_only_keeps_it(word):
    assert normal(word) in (None, word)


@given(st.text(alphabet="0123456789.,-/ +ºªIVXABZabz\u00a0()", max_size=40))
def test_any_text_has_terms_in_order_that_stand_in_it(text):
    for lang in ("es", "en", "und"):
        spans = term_spans(text, lang)
        assert all(term and 0 <= a < b <= len(text) for term, a, b in spans)
        assert all(x[2] <= y[1] for x, y in zip(spans, spans[1:], strict=False))
        assert set(terms(text, lang)) >= {term for term, _, _ in spans}


def test_every_short_text_of_digits_and_signs_has_terms():
    for length in (1, 2, 3, 4):
        for characters in product("01+.,- º/I", repeat=length):
            assert all(terms("".join(characters), "es"))
    assert all(terms(zeros, "en") for zeros in ("0" * 14, "+000 000 000", "00 000", "0/0/0000"))


@pytest.mark.parametrize(
    "text",
    [
        "Lo firmó el Excmo. Sr. D. Luis Vega Ruiz en Soria.",
        "La presidenta es D.ª Mª. Teresa Gil desde mayo.",
        "Está en el Dpto. Fiscal, Ref. B-7, con sello.",
        "Ganó Hnos. Prado y Cía. S.L. Unipersonal de Vigo.",
        "La regula la Ord. Fiscal 3/2021, art. 2, párr. Tercero.",
        "La dirige la Lcda. Ana Mora con el Mtro. Abel Paz.",
        "Queda en el Pol. Ind. Los Olmos, junto al río.",
        "Se representa por el Proc. Sra. Luna y el Ldo. Ortiz.",
        "Vive en C/ Mayor, núm. 4, 2.º izda. Urb. El Pinar, esq. Gala, prov. Soria.",
        "Domic. Calle Real 2, pobl. Utiel, cód. postal 46300, tel. y móv. 600 123 456.",
        "Lo exige la disp. adic. Tercera, ap. 2, cl. 4 de la resol. Civil.",
        "Lo resolvió el Trib. Supremo, y la Aud. Prov. Segovia lo siguió.",
        "Tome dos cáps. Ranit tras comer, exc. Lunes, en susp. Oral de 5 ml o más.",
        "Nac. Soria, fec. 3 de mayo, obs. Ninguna.",
        "Lo dirige la Dra. Ruiz, col. 2881, del Hosp. Univ. Río Hortega.",
        "Murió q.e.p.d. Juan Marín, y lo vende S.A.U. Zaragoza a 3 ptas. unidad.",
        "Nació c. 1540, hijo de Blas (m. 1560), el sáb. 5 o el mar. 6 de junio.",
        "The office is at Bldg. Three, Ste. 400, Maple Terr. Boston, attn. Ann Lee.",
        "See sec. 4, para. Nine, subpara. B, cl. 2, sched. Two and regs. Three.",
        "It was led by Supt. Ann Orr, Ph.D. Yale, a.k.a. Nan, and Lieut. Bligh.",
        "Add 2 tbsp. Bramley jelly, incl. Peel, and 6 oz. Demerara on Mon. 5 or thurs. Noon.",
    ],
)
def test_a_sentence_goes_on_after_an_abbreviation(text):
    whole = f"Nota interna. {text} Fin de la nota."
    assert [whole[a:b] for a, b in sentences(whole)] == ["Nota interna.", text, "Fin de la nota."]


@pytest.mark.parametrize(
    "cut",
    [
        ["El barco salió al mar.", "Luego volvió."],
        ["We met Bob.", "Alice came later."],
        ["Hay tres tests.", "Todos pasan."],
        ["It is a small shrub.", "Bees like it."],
        ["Vino Sra. Psique.", "Calló."],
        ["Dijo que sí, y que no.", "Luego calló."],
        ["Dura 45 min.", "La visita es gratis."],
        ["Pesa 500 mg.", "El frasco no."],
        ["Vive en el 2.º dcha.", "Su hermano no."],
        ["Costaba 20 ptas.", "Un duro más tarde."],
        ["Sale el sol.", "Canta el gallo."],
        ["It measures 6 ft.", "The mast is higher."],
        ["She has a Ph.D.", "Her son has none."],
        ["Take the app.", "Bees like it."],
        ["He joined a sect.", "Nobody knew."],
        ["Open the app.", "3 people did."],
        ["We went on Mon.", "Bob stayed."],
    ],
)
def test_a_word_that_is_no_abbreviation_ends_a_sentence(cut):
    text = " ".join(cut)
    assert [text[a:b] for a, b in sentences(text)] == cut


def test_a_unit_ends_an_item_but_no_article():
    rules = "d. Keeping pets of more than 25 lbs.\ne. Allowing more of them."
    assert [rules[a:b] for a, b in sentences(rules)] == rules.split("\n")
    law = "Lo dice el art. 5, inc. b) Los menores, de la ley."
    assert [law[a:b] for a, b in sentences(law)] == [law]


@pytest.mark.parametrize("written", ["0", "00", "000", "0000"])
def test_noughts_alone_are_a_number_too(written):
    assert normal(written) == "0"
    for lang in ("es", "en"):
        assert terms(f"sala {written}", lang)[-1] == "0"


@pytest.mark.parametrize(
    ("text", "lang", "term"),
    [
        ("The WHO sends nets", "en", "who"),
        ("The W.H.O. sends nets", "en", "who"),
        ("ask the IT department", "en", "it"),
        ("los alumnos de la ESO entran", "es", "eso"),
        ("La UN manda redes", "es", "un"),
    ],
)
def test_a_function_word_in_capitals_is_a_short_form(text, lang, term):
    assert term in terms(text, lang)
    assert term in [found for found, _, _ in term_spans(text, lang)]


@pytest.mark.parametrize(
    ("text", "lang", "term"),
    [
        ("who sends nets", "en", "who"),
        ("WHO SENDS NETS", "en", "who"),
        ("Dogs are NOT allowed", "en", "not"),
        ("DE LA CASA DE TODOS", "es", "la"),
        ("NO se puede fumar", "es", "no"),
    ],
)
def test_a_function_word_in_small_letters_among_capitals_or_for_its_weight_is_none(
    text, lang, term
):
    assert term not in terms(text, lang)


@pytest.mark.parametrize("written", ["2521-57-57", "2016-17-18", "2024-00-12", "2024-12-32"])
@pytest.mark.parametrize("lang", ["es", "en", "und"])
def test_numbers_in_the_form_of_a_date_that_are_none_are_found_as_they_are(written, lang):
    assert term_spans(f"Tel. {written}.", lang)[-1] == (written, 5, 5 + len(written))


@given(st.text("0123456789-/.,:+ªº¾ kKmaeIVX", max_size=30), st.sampled_from(["es", "en", "und"]))
def test_whatever_numbers_a_text_has_its_words_are_found(text, lang):
    for term, start, end in term_spans(text, lang):
        assert term
        assert 0 <= start < end <= len(text)
