"""Numbers and dates, however they are written, and a question in the notation of its documents."""

import pytest

from corpus.document import Passage
from corpus.numbers import numbers
from qa.notation import in_their_notation


@pytest.mark.parametrize(
    ("lang", "text", "found"),
    [
        ("es", "treinta y un mil doscientas cuarenta y cinco cabras", [("31245", "treinta y un mil doscientas cuarenta y cinco")]),
        ("es", "entre dos y tres mil quinientas plazas", [("2", "dos"), ("3500", "tres mil quinientas")]),
        ("es", "cien mil, ciento veinte, un millón doscientos mil", [("100000", "cien mil"), ("120", "ciento veinte"), ("1200000", "un millón doscientos mil")]),
        ("es", "2,5 millones de litros, 850 mil y 3.000", [("2500000", "2,5 millones"), ("850000", "850 mil"), ("3000", "3.000")]),
        ("en", "$2.5M, 12k visitors, 1½ kg, locker 007", [("2500000", "2.5M"), ("12000", "12k"), ("1.5", "1½"), ("7", "007")]),
        ("es", "S/ 1´250,000.00 y ½ litro", [("1250000", "1´250,000.00"), ("0.5", "½")]),
        ("es", "uno de los millones, 1 o 0", []),
        ("es", "tres cuatro veinte veintiuno", [("3", "tres"), ("4", "cuatro"), ("20", "veinte"), ("21", "veintiuno")]),
        ("es", "el 3 de mayo de 2019, en enero de 1912 y en 1/1912", [("2019-05-03", "3 de mayo de 2019"), ("1912-01", "enero de 1912"), ("1912-01", "1/1912")]),
        ("es", "985 12 34 56 y 985.65.43.21", [("985123456", "985 12 34 56"), ("985654321", "985.65.43.21")]),
        ("en", "ninety-nine years, one hundred and five sheep", [("99", "ninety-nine"), ("105", "one hundred and five")]),
        ("en", "two hundred and twenty thousand and one", [("220001", "two hundred and twenty thousand and one")]),
        ("en", "once a year, 1.5 million, March 10, 2017", [("1500000", "1.5 million"), ("2017-03-10", "March 10, 2017")]),
        ("en", "13/2019", [("13/2019", "13/2019")]),
        ("und", "noventa ninety 7", [("7", "7")]),
        ("es", "a las ocho y media, a la una menos cuarto y a las tres en punto", [("8:30", "ocho y media"), ("12:45", "una menos cuarto"), ("3:00", "tres en punto")]),
        ("es", "de 17:30 a las nueve y veinte de la noche", [("5:30 pm", "17:30"), ("9:20 pm", "nueve y veinte de la noche")]),
        ("es", "a las 8.30, a las 09:05 y a las siete de la mañana", [("8:30", "8.30"), ("9:05 am", "09:05"), ("7:00 am", "siete de la mañana")]),
        ("es", "entre dos y cinco horas, 5.30 euros y 17 h", [("2", "dos"), ("5", "cinco"), ("5.30", "5.30"), ("17", "17")]),
        ("es", "el tres de mayo de dos mil diecinueve, y a doce de marzo del año mil novecientos noventa", [("2019-05-03", "tres de mayo de dos mil diecinueve"), ("1990-03-12", "doce de marzo del año mil novecientos noventa")]),
        ("es", "a los cinco (05) días del mes de mayo de dos mil veinte", [("2020-05-05", "cinco (05) días del mes de mayo de dos mil veinte")]),
        ("es", "Julio 14 de 2018, 3-may-18, 12.11.19 y marzo de dos mil veinte", [("2018-07-14", "Julio 14 de 2018"), ("2018-05-03", "3-may-18"), ("2019-11-12", "12.11.19"), ("2020-03", "marzo de dos mil veinte")]),
        ("es", "2019-05-04T10:22:00Z", [("2019-05-04", "2019-05-04"), ("10:22", "10:22")]),
        ("en", "September the 4th, 2019, the thirtieth of June 2024", [("2019-09-04", "September the 4th, 2019"), ("2024-06-30", "thirtieth of June 2024")]),
        ("es", "treinta y tres coma treinta y tres por ciento, y tres por ciento", [("33.33", "treinta y tres coma treinta y tres"), ("3", "tres")]),
        ("en", "half past eight, a quarter to nine in the evening, ten minutes past two and at ten to twelve", [("8:30", "half past eight"), ("8:45 pm", "a quarter to nine in the evening"), ("2:10", "ten minutes past two"), ("11:50", "ten to twelve")]),
        ("en", "ten to twelve people, five o'clock, 6 p.m., 18:00 and 00:30", [("10", "ten"), ("12", "twelve"), ("5:00", "five o'clock"), ("6:00 pm", "6 p.m."), ("6:00 pm", "18:00"), ("12:30 am", "00:30")]),
        ("en", "3 of May nineteen, the five May one thousand nine hundred, two point fifty per cent", [("3", "3"), ("19", "nineteen"), ("1900-05-05", "five May one thousand nine hundred"), ("2.5", "two point fifty")]),
    ],
)  # fmt: skip
def test_numbers_and_where_they_stand(lang, text, found):
    assert [(form, text[start:end]) for form, start, end in numbers(text, lang)] == found


def passages(*texts, lang="es"):
    return [Passage("p", "d", 0, len(text), text, lang, "") for text in texts]


@pytest.mark.parametrize(
    ("lang", "question", "text", "full"),
    [
        ("es", "¿Qué contrato dura 99 años?", "Dura noventa y nueve años.", "¿Qué contrato dura noventa y nueve años?"),
        ("es", "¿Qué contrato dura noventa y nueve años?", "Dura 99 años.", "¿Qué contrato dura 99 años?"),
        ("es", "¿Qué se firmó el 3/5/2019?", "Se firmó el 3 de\nmayo de 2019.", "¿Qué se firmó el 3 de mayo de 2019?"),
        ("es", "¿Qué costó 2.500.000 euros?", "Costó 2,5 millones.", "¿Qué costó 2,5 millones euros?"),
        ("es", "¿Qué dice el artículo 7?", "A las siete.", "¿Qué dice el artículo 7?"),
        ("es", "¿Qué se hace en la segunda etapa?", "Etapa II: se monta. Etapa III: se pinta.", "¿Qué se hace en la Etapa II?"),
        ("en", "What does the third grade cost?", "Grade 3 is dear. The third is not.", "What does the Grade 3 cost?"),
        ("en", "What does the third grade cost?", "The third grade is dear, Grade 3.", "What does the third grade cost?"),
        ("en", "Who leads shift 6?", "Shift 2 has six people.", "Who leads shift 6?"),
        ("es", "¿De quién es el 985654321?", "Es el 985.65.43.21.", "¿De quién es el 985.65.43.21?"),
        ("en", "Which lease runs for 21 years?", "It runs for twenty-one years.", "Which lease runs for twenty-one years?"),
        ("en", "What opened on 5/6/1863?", "It opened on 5 June 1863.", "What opened on 5 June 1863?"),
        ("es", "¿Qué empieza a las 17:30?", "Empieza a las cinco y media de la tarde.", "¿Qué empieza a las cinco y media de la tarde?"),
        ("es", "¿Qué empieza a las 8:30?", "Empieza a las ocho y media.", "¿Qué empieza a las ocho y media?"),
        ("es", "¿Qué empieza a las ocho y media?", "Empieza a las 20.30 h.", "¿Qué empieza a las 20.30 h?"),
        ("es", "¿Qué empieza a las 8:00?", "Empieza a las ocho.", "¿Qué empieza a las ocho?"),
        ("es", "¿Qué se otorgó el 3 de mayo de 2019?", "En Soto, a tres de mayo de dos mil diecinueve.", "¿Qué se otorgó el tres de mayo de dos mil diecinueve?"),
        ("es", "¿Quién tiene el 33,33 %?", "Tiene el treinta y tres coma treinta y tres por ciento.", "¿Quién tiene el treinta y tres coma treinta y tres %?"),
        ("en", "What starts at 8:45 pm?", "It starts at a quarter to nine.", "What starts at a quarter to nine?"),
        ("en", "What starts at 9 am?", "It starts at nine in the evening.", "What starts at 9 am?"),
        ("es", "¿Qué vence el 30/06/2024?", "Vence el 30 de junio de dos mil veinticuatro.", "¿Qué vence el 30 de junio de dos mil veinticuatro?"),
        ("es", "¿Qué vence el 30 de junio de 2024?", "Vence el 30 de junio de dos mil veinticuatro.", "¿Qué vence el 30 de junio de dos mil veinticuatro?"),
        ("es", "¿Qué se colgó el 3 de mayo de 2018?", "Se colgó el 3-may-18.", "¿Qué se colgó el 3-may-18?"),
        ("en", "What ends on 30 June 2024?", "It ends on the thirtieth of June 2024.", "What ends on thirtieth of June 2024?"),
        ("en", "What fell ill on 12/1/2018?", "2018-12-01: The cook fell ill.", "What fell ill on 2018-12-01?"),
        ("es", "¿Quién recibió 2.500.000 dólares?", "La fundación recibió $2.5M.", "¿Quién recibió 2.5M dólares?"),
        ("en", "Who got 2.5 million dollars?", "The foundation got $2.5M.", "Who got 2.5M dollars?"),
        ("es", "¿Qué costó 2,5 millones?", "It cost £2.5m.", "¿Qué costó 2.5m?"),
        ("en", "What drew 12,000 visitors?", "It drew 12k visitors.", "What drew 12k visitors?"),
        ("en", "When is the trip of 5 classes?", "Of the classes, five stay.", "When is the trip of five classes?"),
        # The number of a thing whose likes have theirs in figures
        ("en", "When is the Year 5 trip?", "Year 6 goes in May. It costs five pounds.", "When is the Year 5 trip?"),
        ("es", "¿Cuándo es la excursión de Nivel 5 avanzado?", "Nivel 6: mayo. Cuesta cinco euros.", "¿Cuándo es la excursión de Nivel 5 avanzado?"),
        # The number of a version
        ("en", "What is on in v2?", "Two balls.", "What is on in v2?"),
        # and of a code
        ("es", "¿Cuánto mide el palo K-4?", "Hay cuatro palos.", "¿Cuánto mide el palo K-4?"),
        ("en", "How long is oar K-4?", "There are four oars.", "How long is oar K-4?"),
        # A day without its year
        ("es", "¿Qué hay el 3 de mayo?", "03/05/2031: baile.", "¿Qué hay el 03/05/2031?"),
        ("es", "¿Qué hay el tres de mayo?", "2031-05-03: baile.", "¿Qué hay el 2031-05-03?"),
        ("es", "¿Qué hay el tres de mayo?", "El 3 de mayo hay baile.", "¿Qué hay el 3 de mayo?"),
        ("es", "¿Qué hay el 15/7?", "15 de julio de 2031: baile.", "¿Qué hay el 15 de julio de 2031?"),
        ("en", "What is on on 5/7?", "Thursday, 7 May: ball.", "What is on on 7 May?"),
        ("en", "What is on on the third of May?", "3 May 2031: ball.", "What is on on the 3 May 2031?"),
        ("en", "What is on on May 3?", "03/05/2031: ball.", "What is on on 03/05/2031?"),
        ("en", "What is on on 22 June?", "20-24 June 2031: fair.", "What is on on 20-24 June 2031?"),
        ("es", "¿Qué hay el 22 de junio?", "Del 20 al 24 de junio: feria.", "¿Qué hay el 20 al 24 de junio?"),
        # In several years, in no passage, in another order, no day at all, and days that are too many
        ("es", "¿Qué hay el 3 de mayo?", "03/05/2031: baile. 03/05/2032: cine.", "¿Qué hay el 3 de mayo?"),
        ("es", "¿Qué hay el 3/5?", "03/05/2031: baile. 03/05/2032: cine.", "¿Qué hay el 3 de mayo?"),
        ("es", "¿Qué hay el treinta de mayo?", "03/05/2031: baile.", "¿Qué hay el 30 de mayo?"),
        ("es", "¿Qué hay el 30/5?", "03/05/2031: baile.", "¿Qué hay el 30/5?"),
        ("en", "What is on on May 3?", "3 May 2031: ball.", "What is on on May 3?"),
        ("es", "¿Y 3/5 de los socios?", "03/05/2031: baile.", "¿Y 3/5 de los socios?"),
        ("en", "What is on on 22 June?", "1 June - 30 August: fair.", "What is on on 22 June?"),
        # As the passage has it, of two languages, of no document, and a turn of phrase
        ("es", "¿Quién pagó 1.250 euros?", "Pagó 1.250 euros.", "¿Quién pagó 1.250 euros?"),
        ("es", "¿Qué se firmó el 3 de mayo de 2019?", "Signed on May 3, 2019.", "¿Qué se firmó el 3 de mayo de 2019?"),
        ("es", "¿Qué pasó en 1931?", "Nada de eso.", "¿Qué pasó en 1931?"),
        ("es", "¿Cuál de las dos abre antes?", "Tiene 2 puertas.", "¿Cuál de las dos abre antes?"),
    ],
)  # fmt: skip
def test_a_question_is_read_in_the_notation_of_the_documents(lang, question, text, full):
    assert (
        in_their_notation(question, lang, passages(text, lang="es" if lang == "es" else "en"))
        == full
    )


def test_a_passage_in_the_language_of_the_question_gives_the_notation():
    texts = [
        ("It ends on the thirtieth of June 2024.", "en"),
        ("Vence el treinta de junio de 2024.", "es"),
    ]
    found = [Passage("p", "d", 0, len(text), text, lang, "") for text, lang in (*texts, texts[0])]
    assert (
        in_their_notation("¿Qué vence el 30/06/2024?", "es", found)
        == "¿Qué vence el treinta de junio de 2024?"
    )
    assert (
        in_their_notation("What ends on 30/06/2024?", "en", found)
        == "What ends on thirtieth of June 2024?"
    )


def test_the_month_stands_first_in_english_where_nothing_happened_on_the_other_day():
    told = passages(
        "On 12 January 2018 it rained. The cook fell ill on 1 December 2018.", lang="en"
    )
    assert in_their_notation("What of 12/1/2018?", "en", told) == "What of 12 January 2018?"
    assert in_their_notation("¿Y el 12/1/2018?", "es", told) == "¿Y el 12 January 2018?"
    later = passages("The cook fell ill on 1 December 2018.", lang="en")
    assert in_their_notation("What of 12/1/2018?", "en", later) == "What of 1 December 2018?"
    assert in_their_notation("¿Y el 12/1/2018?", "es", later) == "¿Y el 12/1/2018?"


@pytest.mark.parametrize(
    ("lang", "question", "heading", "text"),
    [
        ("es", "¿Cuánto se paga en el tramo 2?", "Tramo 2", "Se paga en dos veces."),
        ("en", "How long does lesson 3 take?", "Lesson 3", "It takes three hours."),
    ],
)
def test_the_number_of_a_thing_that_a_heading_has_in_figures_stays(lang, question, heading, text):
    passage = Passage("p", "d", 0, len(text), text, lang, heading)
    assert in_their_notation(question, lang, [passage]) == question
