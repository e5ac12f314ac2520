"""Whether a quote has what is asked for where that has a form that can hardly be missed."""

import pytest

from qa.select.values.kind import asks_for_address, lacks_kind


@pytest.mark.parametrize(
    ("question", "without", "having"),
    [
        ("¿Cuál es el correo de la parroquia?", "Teléfono: 055 231.", "Correo: a@b.example"),
        ("What is the email of the club?", "Call us on Mondays.", "a@b.example"),
        ("¿Cuál es la página web del club?", "El club abre los lunes.", "www.club.example"),
        ("Which website address does the club have?", "The club opens on Mondays.", "club.org"),
        ("¿Qué porcentaje se devuelve?", "Se devuelven 30 euros.", "Se devuelve la mitad."),
        ("What percentage is given back?", "30 euros are given back.", "30 % is given back."),
        ("¿Qué teléfono tiene la oficina?", "Cierra a las 14:30.", "Llame al 055 231."),
        ("¿Hay un teléfono para dudas?", "Indique su teléfono.", "Tel. 055 231 440"),
        ("Is there a number to call?", "Give us your phone number.", "Call 055 231 440."),
        ("Is there an email for questions?", "Write to the secretary.", "a@b.example"),
        ("teléfono de la oficina del puerto", "Está en la calle del Mar.", "Llame al 055 231."),
        ("¿El teléfono de emergencias?", "Está en el patio.", "El 112 atiende siempre."),
        ("teléfono del conserje", "Vive en el ático.", "Extensión 4512"),
        ("teléfono de la policía del puerto", "Está en la calle 14.", "Avise al 092."),
        ("fax para la secretaría", "Escriba a la secretaria.", "Fax: 055 231 440"),
        ("email of the harbour office", "It is in Sea Street.", "a@b.example"),
        (
            "¿A qué número de cuenta ingreso la cuota?",
            "NIF 12345678-Z",
            "Cuenta 2100-0418-45-0200051332",
        ),
        ("¿En qué cuenta se paga?", "La cuota es de 30 euros.", "ES91 2100 0418 4502 0005 1332"),
        ("What is the account number?", "The fee is £30.", "Sort code 12-34-56, account 20011223"),
    ],
)
def test_a_quote_without_the_address_that_is_asked_for_lacks_it(question, without, having):
    assert lacks_kind(question, without)
    assert not lacks_kind(question, having)


@pytest.mark.parametrize(
    ("question", "without", "having"),
    [
        ("What is the phone number?", "Ring the bell.", ("There is no phone.",)),
        ("¿Cuál es el teléfono?", "Toque el timbre.", ("No hay teléfono.", "Teléfono no tenemos")),
        ("What is the email of the club?", "Write.", ("No email, please.", "hi at club.org")),
        ("¿Cuál es el correo de la peña?", "Escriba.", ("a arroba peña punto org",)),
        ("¿Cuál es la página web?", "Venga.", ("La web es faro.eus", "No tenemos web.")),
        ("What percentage is let?", "Plots are let.", ("One in three", "A fifth")),
        ("¿Qué porcentaje se alquila?", "Se alquilan.", ("Uno de cada tres", "La quinta parte")),
        ("How much does breakfast cost?", "It is hot.", ("Included", "A tenner", "Ask at the bar")),
        ("¿Cuánto cuesta el menú?", "Es rico.", ("Incluido", "La voluntad", "Consultar")),
        ("How much is the rent?", "Pay on time.", ("650 a month", "Same as last year")),
        ("¿Cuánto es la fianza?", "Se devuelve.", ("Fianza: un mes", "650 al mes")),
        ("How much are tickets?", "Tickets sell fast.", ("Adults 12, children 6",)),
        ("¿Cuánto cuesta la entrada?", "La entrada es azul.", ("Adultos 12, niños 6",)),
        ("What are the opening hours?", "It is by the sea.", ("Closed on Mondays", "24/7")),
        ("¿Qué horario tiene?", "Está junto al mar.", ("Lunes, cerrado", "L-V 8 a 20")),
        ("What time does it start?", "It starts.", ("After the bells", "First thing")),
        ("¿A qué hora empieza?", "Empieza.", ("Al terminar la misa", "Por las mañanas")),
    ],
)
def test_what_is_asked_for_may_be_told_in_words_or_not_be_there(question, without, having):
    assert lacks_kind(question, without)
    for text in having:
        assert not lacks_kind(question, text), text


def test_how_far_something_is_has_no_price():
    assert not lacks_kind("¿A cuánto está de la playa?", "A dos paradas de tranvía.")


@pytest.mark.parametrize(
    "text",
    [
        "Cuenta bancaria | ES91 2100 0418 4502 0005 1332",
        "IBAN GB29NWBK60161331926819",
        "Cuenta 2100-0418-45-0200051332",
        "Tarjeta 4012 8888 8888 1881",
        "RUT: 18.021.893-9; N° de cuenta: 0-070-05-76145-4",
        "Account number 20011223",
        "NIF 12345678-Z, cuenta corriente nº 0049150005",
        "Nº de cuenta: 0-070-05-76145",
        "Alta el 12/05/2024 y baja el 2025-06-30.",
        "Joined on 1.6.2021",
    ],
)
def test_an_account_a_card_or_a_date_is_no_phone_number(text):
    for question in ("¿Cuál es el teléfono del titular?", "What is the holder's phone number?"):
        assert lacks_kind(question, text)
        for number in ("600 12 34 56", "942-21-33-45", "+44 20 7946 0018", "600.123.456", "987654"):
            assert not lacks_kind(question, f"{text}, {number}")
            assert not lacks_kind(question, f"{number}, {text}")


@pytest.mark.parametrize(
    "question",
    [
        "Can I make phone calls?",
        "Where do I find my account number?",
        "¿Sabían que iban a venir?",
        "¿Puedo hablar por teléfono?",
        "¿Quién lleva el correo?",
        "Teléfono de la empresa: ¿me lo puedo llevar a casa?",
        "email of new members: who makes it?",
    ],
)
def test_a_question_about_the_phone_asks_for_no_number(question):
    assert not lacks_kind(question, "No.")


@pytest.mark.parametrize(
    "question",
    [
        "How do I change my phone number?",
        "When may I delete the old e-mail address?",
        "¿Cómo cambio la dirección de correo electrónico?",
        "¿Para qué sirve el número de teléfono de reserva?",
        "What kind of e-mail address do I need?",
    ],
)
def test_who_speaks_of_an_address_and_asks_for_something_else_wants_none(question):
    assert not lacks_kind(question, "In the settings, below the name.")


PRICES = [
    "¿Cuánto cuesta el abono?",
    "¿Cuánto se paga por el abono familiar?",
    "¿Cuál es el precio del abono?",
    "¿cuanto me cobran x el abono",
    "How much does a family pass cost?",
    "How much is the joining fee?",
    "What is the price of a pass?",
    "What does a pass cost?",
    "¿A cuánto está el abono?",
    "¿Cuántos euros son el abono?",
]


@pytest.mark.parametrize("question", PRICES)
@pytest.mark.parametrize(
    "text",
    [
        "Cuesta 12 €.",
        "It is £4.50 a week.",
        "Son ocho euros al mes.",
        "El abono es gratuito.",
        "There is no charge for members.",
        "S/ 30 por persona",
        "Familia | 38 | 52",
        "Precio: 39",
        "La cuota de los socios (12.000) se abona en enero.",
        "Se paga la mitad.",
        "The fee is twice that of a child.",
        "Abono                   2,00   4,50",
        "Abono .......... 39",
        "Pass          40p",
        "No charges for members.",
        "Los socios no pagan.",
        "El jurado no cobrará retribución alguna.",
        "No se abonarán dietas.",
        "Trustees are not paid for their work.",
        "Under-fives don't pay.",
        "Contenedor de 20 pies, USD 200",
        "One container is 300 USD",
        "Son 30 PEN la hora",
        "Bs. 600 al mes",
    ],
)
def test_sums_are_prices_however_they_are_said(question, text):
    assert not lacks_kind(question, text)


@pytest.mark.parametrize("question", PRICES)
@pytest.mark.parametrize(
    "text",
    [
        "El abono sirve para toda la familia.",
        "A pass can be bought at the desk.",
        "El local tiene 208 m² y tres salas.",
        "The pass was introduced in 1987 by the committee.",
        "La cuota es mensual y depende de la edad.",
        "En la sala ves 12 cuadros del puerto.",
        "Bring 1 pen and a ruler to the desk, Rm. 204.",
    ],
)
def test_words_about_a_thing_are_no_price(question, text):
    assert lacks_kind(question, text)


HOURS = [
    "¿A qué hora abre el museo?",
    "¿Hasta qué hora abre el museo?",
    "¿Qué horario tiene la oficina?",
    "What time does the museum open?",
    "What are the opening hours?",
]


@pytest.mark.parametrize("question", HOURS)
@pytest.mark.parametrize(
    "text",
    [
        "Abre a las 9.",
        "De 9:00 a 14:00.",
        "Domingos, 10–13",
        "It closes at noon.",
        "From ten to half past four",
        "Museum | 10 | 17",
        "0715 0830",
        "Conviene llegar antes de las 14.",
        "Cierra una hora después de la última visita.",
        "6 p.m.",
        "De 8 a 18",
        "It opens at twenty past six.",
        "Abre a las seis y cuarto.",
    ],
)
def test_times_of_day_are_times_however_they_are_said(question, text):
    assert not lacks_kind(question, text)


@pytest.mark.parametrize("question", HOURS)
@pytest.mark.parametrize(
    "text",
    [
        "El museo abre los lunes.",
        "The office is on floor 3.",
        "4/30",
        "Museum | Vale Lane | Ana Roy | 120",
    ],
)
def test_a_day_or_a_place_is_no_time_of_day(question, text):
    assert lacks_kind(question, text)


@pytest.mark.parametrize("question", HOURS)
@pytest.mark.parametrize("text", ["Se abrió en 1998.", "The museum opened in 2004.", "Expte. 3540"])
def test_years_and_other_numbers_are_no_times_of_day(question, text):
    assert lacks_kind(question, text)


@pytest.mark.parametrize(
    "question", ["At what time of year do they meet?", "El boletín, ¿cada cuánto sale?"]
)
def test_who_asks_when_in_the_year_or_how_often_wants_no_hour_or_price(question):
    assert not lacks_kind(question, "En primavera.")


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("¿Cuál es el teléfono de la oficina?", "Cita previa DNI: 902 247 364"),
        ("¿Cuál es el teléfono del taller?", "Talleres Gil. NIT 900123456-1 601 234 5678"),
        ("What is the phone number?", "Questions about your account: 020 7946 0958"),
        ("¿A qué hora abre?", "Oficina del DNI 9.00-14.00"),
        ("¿Cuánto cuesta?", "Duplicado de la cédula: 51.950"),
    ],
)
def test_what_stands_behind_the_name_of_an_account_or_paper_may_be_what_is_asked_for(
    question, text
):
    assert not lacks_kind(question, text)


def test_who_asks_for_an_address_wants_nothing_else():
    for question in (
        "What is Ana's e-mail address?",
        "número de teléfono de la oficina",
    ):
        assert asks_for_address(question)
    for question in (
        "How do I change my e-mail address?",
        "¿Cuánto cuesta el abono?",
        "¿Qué relación hay entre una página web y su precio?",
    ):
        assert not asks_for_address(question)


def test_who_asks_for_the_cheapest_telephone_asks_for_no_number():
    assert not lacks_kind("¿Cuál es el teléfono más barato?", "Brisa | 89 €")
    assert lacks_kind("¿Cuál es el teléfono de la tienda?", "Brisa | 89 €")
