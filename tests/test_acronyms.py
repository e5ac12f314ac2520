"""Short forms that documents spell out."""

import pytest

from qa.acronyms import as_written, defined, pairs, spelled_out


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        ("El Impuesto sobre Bienes Inmuebles (IBI) se paga en octubre.", "IBI", "Impuesto sobre Bienes Inmuebles"),
        ("La ARL (Administradora de Riesgos Laborales) lo cubre.", "ARL", "Administradora de Riesgos Laborales"),
        ("Lo lleva el área de RR. HH. (Recursos Humanos).", "RR. HH.", "Recursos Humanos"),
        ("Con el Documento Nacional de Identidad (DNI) basta.", "DNI", "Documento Nacional de Identidad"),
        ("All prices include value added tax (VAT).", "VAT", "value added tax"),
        ("The HOA (homeowners' association) meets in May.", "HOA", "homeowners' association"),
        ("An Energy Performance Certificate (EPC) lasts ten years.", "EPC", "Energy Performance Certificate"),
    ],
)  # fmt: skip
def test_a_short_form_and_what_it_is_short_for(text, short, long):
    [pair] = pairs(text)
    assert (pair.short, pair.long) == (short, long)
    assert text[pair.start :].startswith((short, long))


@pytest.mark.parametrize(
    "text",
    [
        "El pago se hace en la sede (Lima) o por banco.",
        "The rules (see PART II) apply to members.",
        "Se aplican las normas. Bases de datos (IBI)",
        "Red convolucional (CNN)",
        "(IBI)",
        "()((((",
    ],
)
def test_other_brackets_spell_nothing_out(text):
    assert list(pairs(text)) == []


TEXTS = (
    "El Impuesto sobre Bienes Inmuebles (IBI) se paga en octubre.",
    "El área de Recursos Humanos (RR. HH.) publica los turnos.",
    "The Energy Performance Certificate (EPC) lasts ten years.",
)


@pytest.mark.parametrize(
    ("question", "full"),
    [
        ("¿Cuándo se paga el IBI?", "¿Cuándo se paga el IBI (Impuesto sobre Bienes Inmuebles)?"),
        ("cuando se paga el ibi", "cuando se paga el ibi (Impuesto sobre Bienes Inmuebles)"),
        ("¿Qué hace RRHH con los turnos?", "¿Qué hace RRHH (Recursos Humanos) con los turnos?"),
        ("How long is an energy performance certificate valid?", "How long is an energy performance certificate (EPC) valid?"),
        ("¿Cuándo se paga el Impuesto sobre Bienes Inmuebles (IBI)?", None),
        ("¿Cuándo se paga la luz?", None),
    ],
)  # fmt: skip
def test_a_question_is_read_with_both_forms(question, full):
    assert spelled_out(question, TEXTS) == full


@pytest.mark.parametrize(
    ("often", "question"),
    [
        ("El IBI sube en {}.", "¿Cuándo se paga el IBI?"),
        ("El impuesto sobre bienes inmuebles sube en {}.", "¿Sube el impuesto sobre bienes inmuebles?"),
    ],
)  # fmt: skip
def test_a_form_that_the_texts_use_throughout_is_left_as_it_is(often, question):
    assert spelled_out(question, (TEXTS[0], often.format(1990))) is not None
    assert spelled_out(question, (TEXTS[0], *(often.format(year) for year in (1990, 2000)))) is None


def test_only_who_asks_what_it_means_is_told_where_it_is_spelled_out():
    assert defined("¿Qué significa IBI?", TEXTS[0]) == 3
    assert defined("What does EPC stand for?", TEXTS[2]) == 4
    assert defined("¿Cuándo se paga el IBI?", TEXTS[0]) is None
    assert defined("¿Qué significa IRPF?", TEXTS[0]) is None


@pytest.mark.parametrize(
    ("question", "texts", "full"),
    [
        ("What is the V.A.T.?", ["The VAT is four per cent."], "What is the VAT?"),
        ("¿Cuánto es el I. V. A. del pan?", ["El IVA del pan es del 4 %."], "¿Cuánto es el IVA del pan?"),
        ("¿Qué hace la ONU?", ["La O.N.U. envía redes."], "¿Qué hace la O.N.U.?"),
        ("What does the WHO send?", ["The W.H.O. sends nets, who else?"], "What does the W.H.O. send?"),
        ("¿Cuánto es el I.V.A.?", ["El IVA sube.", "El I.V.A. es del 4 %."], "¿Cuánto es el I.V.A.?"),
        ("¿Quién es J. R. Ruiz?", ["Vive en la sede."], "¿Quién es J. R. Ruiz?"),
        ("¿QUÉ HACE LA ONU?", ["La O.N.U. envía redes."], "¿QUÉ HACE LA ONU?"),
    ],
)  # fmt: skip
def test_a_short_form_is_read_as_the_documents_write_it(question, texts, full):
    assert as_written(question, texts) == full
