"""Whether a quote is of another number than that by which a question names a thing."""

import random

import pytest
from plain_words import words_of

from qa.select.alike.numbered import is_of_another


def told_of_another(question, lang, text, *above):
    return is_of_another(question, words_of(question, lang, lambda _: True), lang, text, above)


@pytest.mark.parametrize(
    ("lang", "question", "text"),
    [
        ("es", "¿Qué guarda el armario 5?", "El armario 6 guarda pinturas."),
        ("es", "¿Quién usa la taquilla n.º 3?", "La taquilla 1 la usa Berta. La taquilla 12 la usa Elisa."),
        ("es", "¿Por dónde pasa la línea 9 del autobús?", "La línea 4 del autobús pasa por el hospital."),
        ("es", "¿Quién lleva el turno 6?", "Turno 1 | Iván\nTurno 2 | Olga"),
        ("es", "¿Cuándo acaba la convocatoria 2025?", "La convocatoria 2024 acaba en mayo."),
        ("es", "¿Quién instruye el expediente 47/2020?", "El expediente 46/2020 lo instruye Pablo Lis."),
        ("es", "que ph tiene la muestra m-07", "Muestra: M-02; pH: 7,4."),
        ("es", "¿Cuánto vale el marco de 40x60?", "Marco liso 30x50; 32,00."),
        ("es", "¿Cuándo se entrega el ejercicio 8?", "Semana: 5; 8 de mayo; [texto](ejercicio_8.html); Ejercicio 2, hasta el lunes."),
        ("en", "When is exercise 8 due?", "Week 5 | Oct. 8, 10 | [code](lecture_8.txt) | Exercise 2 - due Sep 25."),
        ("en", "price of a 40 x 60 cm frame", "Plain frame 30×50, 32.00"),
        ("en", "What is in room 5?", "Room 3 is the reading room. Rooms 7 to 9 are offices."),
        ("en", "How many AX-400 are in stock?", "Part no.: AX-200; Stock: 3."),
        ("en", "From which gate does flight KL555 leave?", "Flight KL204 leaves from gate B7."),
        ("en", "Who paid invoice 2021-099?", "Invoice 2021-014 was paid by Harlow Ltd."),
        ("es", "¿Cuándo se paga el tercer plazo?", "Hay cuatro plazos. El primero se paga en mayo."),
        ("en", "When is the tax for the third quarter due?", "20 July | Tax, second quarter"),
        ("en", "What is the fine for a 3rd offence?", "First offence: £20. 2nd offence: £50."),
        ("en", "What does error E:30 / -80 mean?", "E:30 / -10 | There is not enough water."),
        ("es", "qué significa el error e18", "E:30 / -10 | Falta agua.\nE:36 | La bomba está atascada."),
        ("es", "¿Cuánto cuesta el curso B2?", "Curso B1: 90 €. Curso A2: 80 €."),
        ("en", "When does bus HK 41 leave?", "Bus HK 14 leaves from stand 41."),
        ("es", "de donde sale el vuelo vr 7", "El vuelo VR 310 sale de la puerta 7."),
        ("es", "¿Quién es el tutor de 6.º C?", "Olga Prat, tutora de 6.º A"),
        ("es", "¿Cuánto cuesta el bono B?", "Bono A: 12 €. Bono «C»: 20 €."),
        ("en", "Who coaches squad B?", "Squad: A; Coach: Ines; Days: Monday"),
        ("en", "How much vitamin C is in a tablet?", "Each tablet has 5 µg of vitamin D."),
        ("es", "¿Tiene piano el aula 5?", "Solo se limpia los lunes el suelo del aula 3."),
        ("en", "Is the loft heated in the second winter?", "Only wood is burnt, and the first winter is long."),
    ],
)  # fmt: skip
def test_a_quote_of_another_number(lang, question, text):
    assert told_of_another(question, lang, text)


@pytest.mark.parametrize(
    ("lang", "question", "text"),
    [
        ("es", "¿Qué guarda el armario 5?", "El armario 5 guarda pinturas, y el armario 6 cuerdas."),
        ("es", "¿Qué guarda el armario 5?", "Los armarios 4 a 8 guardan pinturas."),
        ("es", "¿En qué se distinguen el armario 5 y el armario 6?", "El armario 6 guarda pinturas."),
        ("es", "¿Qué diferencia hay entre el bono A y el bono B?", "El bono B vale diez días."),
        ("en", "Compare Group A and Group C", "Group C meets at five."),
        ("en", "Is the AX-400 or the AX-200 heavier?", "Part no.: AX-200; Weight: 3 kg."),
        ("es", "¿Cuánto vale el marco de 30x50?", "Marco liso 30 x 50 cm; 32,00. Marco 40x60; 41,00."),
        ("es", "¿Cuánto vale el marco de 30x50?", "Los marcos valen 32,00."),
        ("es", "¿Cuánto vale el marco de 40x30?", "Marco 30 cm x 40 cm, con embalaje de 50x60: 9 €."),
        ("es", "¿Cuánto vale la caja de 30x40?", "Caja 30x40x20: 3,50 €"),
        ("es", "¿Cuánto cuesta llevar una maleta de 60x40x25?", "Gratis hasta 55x40x20 cm."),
        ("en", "What frame do I need for a photo of 10x15?", "A frame of 13x18 suits it."),
        ("en", "Is 24x7 support included?", "Support is available 24x5."),
        ("en", "Who may use room 5?", "Room 5 may be used by members; room 6 may be used by staff."),
        ("en", "When is exercise 8 due?", "Exercise 7 - April 28\nExercise 8 - May 5\nExercise 9 - May 12"),
        ("es", "¿Qué hay en el aula 5?", "Aulas 5/6: música. Aula 7: dibujo."),
        ("es", "¿Qué recorrido hace la línea 5?", "L5: Plaza Mayor - Hospital. Enlaza con la línea 3."),
        ("en", "What is asked in question 8?", "Q8. How old is it? Answer as in question 7."),
        ("es", "¿Qué guarda el armario 5?", "Armario: n.º 5; guarda pinturas. Armario 6: cuerdas."),
        ("es", "¿En qué aulas se da la clase del aula 5?", "En las aulas 1, 2 y 5."),
        ("es", "¿Qué guarda el armario 5?", "El armario de la planta 6 guarda pinturas."),
        ("es", "¿Pagan los de 12 años?", "Los niños de 4 a 14 años no pagan."),
        ("es", "¿Qué abre en mayo 2024?", "En mayo 2023 abrió la piscina."),
        ("es", "¿Se abre a las 17:30?", "Se abre a las 18:30."),
        ("en", "Is it open at 5pm?", "It is open from 10am to 6pm."),
        ("es", "¿Cuándo se paga el tercer plazo?", "El primer plazo se paga en mayo y el 3.º en julio."),
        ("es", "¿Cuándo se paga el tercer plazo?", "Plazo 1: mayo. Plazo 3: julio. La primera vez no hay recargo."),
        ("es", "¿Cuántos metros tiene la segunda planta?", "La planta tiene 80 m² ³ y ½."),
        ("es", "¿Por qué no hubo primera votación?", "Se pasa a la segunda votación."),
        ("en", "When is the third quarter over?", "The second bell rings at noon."),
        ("en", "When is the third quarter over?", "A quarter ends in June and another in September."),
        ("en", "What does error E:30 mean?", "E:30 / -10 | There is not enough water."),
        ("es", "¿Qué hago con el error E-36?", "E:30 | Falta agua.\nE36 | La bomba está atascada."),
        ("es", "¿Cuánto cuesta el curso B2?", "Los cursos B1 a B3 cuestan 90 €."),
        ("es", "¿Quién es el tutor de 6.º C?", "Olga Prat lleva 6.º A y C."),
        ("es", "¿Quién es el tutor de 6.º C?", "Olga Prat, tutora de 5.º"),
        ("es", "¿Cuánto cuesta el bono B?", "El bono cuesta 12 €."),
        ("en", "Who coaches squad B?", "B | Ines | Monday. Squad A trains on Friday."),
        ("en", "When can I go?", "When A is full, B opens."),
        ("en", "When does bus HK 41 leave?", "Buses HK 40 to 44 leave at noon."),
        ("es", "¿Cuánto se paga el día de 5 a 9?", "ABIERTO DE 9 A 14. Se paga 3 €."),
        ("en", "Is there a pool for 10-14 year olds?", "The pool is for ages 8-16."),
        ("en", "Which rooms are free, room 5 among them?", "Rooms 3–6 are free."),
        ("en", "Who paid the bill of 3/5/2019?", "The bill of 4/5/2019 was paid by Peake."),
        # What is said of one alone says of the others that it is not so
        ("en", "Are tools lent in the second month?", "Tools are lent in the first month only."),
        ("en", "Are tools lent in the third month?", "Tools are lent free of charge until the second month."),
        ("es", "¿Se prestan sillas el segundo mes?", "Las sillas se prestan únicamente durante el primer mes."),
        ("es", "¿Tiene piano el aula 5?", "Solo tiene piano el aula 3."),
        ("es", "¿Tiene piano el aula 5?", "Todas tienen piano, salvo el aula 3."),
        ("en", "Is dinner part of Plan B?", "Dinner is served with Plan A only."),
    ],
)  # fmt: skip
def test_a_quote_of_the_same_number_or_of_none(lang, question, text):
    assert not told_of_another(question, lang, text)


@pytest.mark.parametrize(
    ("question", "text", "around", "unknown", "expected"),
    [
        ("When was permit 2031-0512 issued?", "Issued on 4 May.", "Permit 2031-0511", ["2031-0512"], True),
        ("When was permit 2031-0512 issued?", "Issued on 4 May.", "Permit 2031-0511", [], False),
        ("When was permit 2031-0512 issued?", "Issued on 4 May.", "Permit no. 77", ["2031-0512"], False),
        ("¿Qué significa `sin_saldo`?", "`sin_red`: no hay línea.", "`sin_red`: no hay línea.", [], True),
        ("¿Qué significa `sin_saldo`?", "`sin_red`: no hay línea.", "sin_saldo, sin_red", [], False),
        ("¿Qué significa `sin_saldo`?", "Falta dinero.", "Falta dinero.", [], False),
    ],
)  # fmt: skip
def test_of_a_name_that_no_document_has_nothing_is_said(question, text, around, unknown, expected):
    lang = "es" if "¿" in question else "en"
    words = words_of(question, lang, lambda word: word not in unknown)
    assert is_of_another(question, words, lang, text, (), around) is expected


def test_the_heading_may_say_the_number():
    assert told_of_another("¿Quién instruye el expediente 47/2020?", "es", "Carla Rey.", "Expediente 45/2020")  # fmt: skip
    assert not told_of_another("¿Quién instruye el expediente 45/2020?", "es", "Carla Rey.", "Expediente 45/2020")  # fmt: skip


PIECES = (
    "2.º", "3rd", "²", "½", "٣", "Ⅳ", "IV", "1er", "A1", "E:30", "/ -80", "4.º B", "B.", "“B”", "10x15", "AX-400", "2021-09",
    "tercer", "second", "plazo", "quarter", "grupo", "n.º", "12/3", "1.250,50", "ß", "İ", "(", "–", "|", "\n",
)  # fmt: skip


def test_of_any_text_it_is_said_and_none_is_of_another_than_itself():
    draw = random.Random(7)
    for _ in range(3000):
        question, text = (" ".join(draw.choices(PIECES, k=draw.randint(1, 9))) for _ in range(2))
        for lang in ("es", "en"):
            assert told_of_another(question, lang, text, text[:6]) in (True, False)
            assert not told_of_another(question, lang, f"{text}\n{question}")


@pytest.mark.parametrize(
    ("question", "text", "heading", "expected"),
    [
        ("What is the limit in 4.1.0?", "The limit is 20 MB.", "4.2.0 – 2031-05-07", True),
        ("What is the limit in version 4.1?", "The limit is 20 MB.", "4.2.0 – 2031-05-07", True),
        ("¿Cuál es el límite en la versión 4.1.0?", "El límite es de 20 MB.", "v4.2.0", True),
        # of that one or a part of it, or it says so, or nothing is said of versions
        ("What is the limit in version 4.2?", "The limit is 20 MB.", "4.2.0 – 2031-05-07", False),
        ("What is the limit in 4.1.0?", "As in 4.1.0 it is 20 MB.", "4.2.0", False),
        ("What is the limit in 4.1.0?", "The limit is 20 MB.", "Limits", False),
        ("What is the limit?", "The limit is 20 MB.", "4.2.0", False),
        # amounts, days and sections are none
        ("¿Quién pagó 1.500.000 euros?", "Los pagó Eva Gil.", "2.300.000 euros", False),
        ("Who paid on 12.05.2031?", "Ann Lowe did.", "13.05.2031", False),
        ("What limit is in section 4.1.2?", "The limit is 20 MB.", "4.1.3 Files", False),
    ],
)
def test_what_stands_below_the_number_of_another_version(question, text, heading, expected):
    assert told_of_another(question, "en", text, heading) is expected
