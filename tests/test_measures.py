"""Whether a quote has an amount in the asked unit, a number that counts, a day or a code, where a question asks for one."""

import pytest

from qa.select.values.kind import lacks_kind
from qa.select.values.measures import lacks_measure


@pytest.mark.parametrize(
    ("question", "without", "having"),
    [
        (
            "¿Cuánto dura el curso de vela?",
            "El curso de vela es el 4 de mayo, a las 9:30.",
            ("Son 12 horas.", "De 9:30 a 13:30.", "Media jornada.", "Hasta que anochece."),
        ),
        (
            "How long does the sailing course last?",
            "The sailing course is on 4 May at 9:30.",
            ("12 hours", "9:30 to 13:30", "It goes on all weekend.", "Until dusk.", "overnight"),
        ),
        (
            "¿En cuántos días se devuelve la fianza?",
            "La fianza se devuelve por transferencia.",
            ("En diez días hábiles.", "En una semana.", "De inmediato."),
        ),
        (
            "Within how many days is the deposit returned?",
            "The deposit is returned by transfer.",
            ("Within ten working days.", "Within a fortnight.", "Immediately."),
        ),
        (
            "How long has the bakery been open?",
            "The bakery is in Vale Street.",
            ("The bakery opened in 1987.", "For forty years.", "Since March."),
        ),
        (
            "¿Cuánto tiempo lleva abierta la panadería?",
            "La panadería está en la calle Mayor.",
            ("Abrió en 1987.", "Desde marzo.", "Cuarenta años."),
        ),
        ("How long is the rope?", "The rope is blue.", ("It is 12 m.", "Forty feet", '9½"')),
        ("¿A qué distancia está la playa?", "La playa es de arena.", ("A 3 km.",)),
        ("How far is the beach?", "The beach is sandy.", ("3 km", "Ten minutes on foot.")),
        ("¿Qué profundidad tiene el pozo?", "55 minutos, 11 °C, 94 escalones.", ("12 metros",)),
        ("How deep does the well go?", "55 minutes, 11 °C, 94 steps.", ("12 metres", "40 ft")),
        ("altura mínima para el tobogán", "El tobogán cierra los lunes.", ("1,20 m",)),
        ("¿Cuánto pesa la tienda?", "La tienda cuesta 90 €.", ("Pesa 2,5 kg.", "800 g")),
        ("How many ml of syrup?", "Syrup: once a day, 4 days.", ("5 ml", "Two teaspoons")),
        ("¿Cuántos litros lleva el radiador?", "Radiador: revisado, 85 €.", ("4,5 l",)),
        ("What oven temperature for the pie?", "40 minutes.", ("200*C", "180 °C", "Gas 6")),
        ("¿A cuántos grados va la tarta?", "Tarta: 40 minutos.", ("A 170 grados.", "A 180")),
        ("How many calories are in the bun?", "Bun, 100 g: £1.20", ("210 kcal",)),
        ("¿Cuántas calorías tiene el bollo?", "Bollo, 100 g: 1,20 €", ("210 kcal",)),
        ("¿Qué día de mayo es la feria?", "La feria es en mayo.", ("El 8 de mayo.", "Un sábado.")),
        ("What day in May is the fair?", "The fair is in May.", ("May 8", "The last Sunday.")),
        (
            "¿Cuál es la clave del wifi?",
            "La clave cambia el día 1.",
            ("Clave: mar4-sol", "«Verano»", "Es 40519."),
        ),
        (
            "What's the code for the yard gate?",
            "The code for the gate changes on the first of the month.",
            ("Gate: 4071#", "C482Z"),
        ),
        (
            "¿Cuántas plazas tiene el taller?",
            "El taller cuesta 48 € y empieza el 3 de mayo a las 17:00, 2 horas.",
            ("Hay doce plazas.", "Plazas: 10", "No hay límite de plazas.", "Una por niño: todas."),
        ),
        (
            "How many places are there in the workshop?",
            "The workshop costs £48 and starts on 3 May at 17:00, for 2 hours.",
            ("Twelve.", "Places: 10", "There is no limit.", "As many as the hall holds."),
        ),
        ("¿Cada cuánto se limpia el filtro?", "El filtro se limpia.", ("Dos veces al año.",)),
        ("How often is the filter cleaned?", "Clean the filter.", ("Monthly", "After each use.")),
        ("¿Cuándo se arregló la sierra?", "Sierra: corta torcido.", ("En mayo.", "Tras la feria.")),
        ("When was the saw mended?", "Saw: crooked cuts.", ("In May.", "As soon as it broke.")),
        ("¿En qué año se fundó el coro?", "El coro ensaya los lunes.", ("En 1987.", "En el 98")),
        ("What year was the choir founded?", "The choir meets on Mondays.", ("In 1987.", "'98")),
        (
            "¿De qué talla son los monos?",
            "Los monos son azules.",
            ("Talla única", "De la M a la XL"),
        ),
        ("What size are the overalls?", "The overalls are blue.", ("Medium and large", "38 to 44")),
        ("¿Cuánta harina lleva?", "La harina se tamiza.", ("300 g", "Una pizca", "La mitad")),
        ("How much flour goes in?", "Sift the flour.", ("300 g", "Two cups", "None")),
        ("What is the capacity of the field?", "Field | £15 | £25", ("200 people", "Eighty")),
        ("aforo del salón", "Salón: 15 €", ("80 personas",)),
        (
            "How many shops do they have?",
            "The shop opens at 9:30.",
            ("Shops in Hull, York and Leeds.", "One shop", "Both are in York."),
        ),
    ],
)
def test_a_quote_without_the_measure_that_is_asked_for_lacks_it(question, without, having):
    assert lacks_kind(question, without)
    for text in having:
        assert not lacks_kind(question, text), text


@pytest.mark.parametrize(
    ("question", "without", "having"),
    [
        # By what it is like, by who is to be asked, or as something else
        ("How long is the pole?", "It is oak.", ("As for the mast.", "Twice the mast's 2 m")),
        ("¿Cuánto dura el turno?", "Es en la torre.", ("Lo que haga falta.", "De sol a sol.")),
        ("How long does the course last?", "It is in the barn.", ("Ten lessons", "A morning")),
        ("¿Cuánto dura el curso?", "Es en el granero.", ("Son diez clases.", "Una mañana.")),
        ("How long do I bake it?", "Bake it.", ("Take it out when golden.", "1h30")),
        ("How far is the mill?", "It is old.", ("Two stops by tram", "Round the corner")),
        ("¿A qué distancia está?", "Es viejo.", ("A dos paradas.", "Al lado del puente.")),
        ("How deep is the pond?", "It is green.", ("Waist-deep", "Up to the knee")),
        ("¿Qué profundidad tiene?", "Es verde.", ("Cubre por el pecho.", "Dos dedos")),
        ("How wide is the gate?", "It is red.", ("Gate: width 90, height 210",)),
        ("¿Qué anchura tiene?", "Es roja.", ("Ancho: 90; alto: 210",)),
        ("How much coal do I carry?", "Carry coal.", ("A sack of coal", "As much as you can")),
        ("¿Cuánta sal lleva?", "Echar sal.", ("Al gusto.", "La que admita.", "Un cazo")),
        ("What oven temperature?", "Bake it.", ("Gas mark 4", "A moderate oven")),
        ("¿Cuánto frío aguanta?", "Aguanta bien.", ("Hasta bajo cero.",)),
        ("How long is the break?", "It is in act two.", ("The length of a song",)),
        ("¿A qué temperatura se guarda?", "Guardar.", ("En la nevera.", "Horno medio")),
        ("Which day is it shut?", "It is shut.", ("On Boxing Day", "Market day", "Any day")),
        ("¿Qué día cierra?", "Cierra.", ("El día de San Juan", "Los días pares", "Ninguno")),
        ("What is the door code?", "Ring the bell.", ("No code.", "The year of the fire")),
        ("¿Cuál es la clave del wifi?", "Es rápido.", ("No hay clave.", "La misma que antes")),
        ("What year was it built?", "It is of stone.", ("A century ago", "The same year")),
        ("¿En qué año se hizo?", "Es de piedra.", ("Hace un siglo", "En mil novecientos")),
        ("How often do I water it?", "Water it.", ("With meals", "When dry", "As needed")),
        ("¿Cuándo ensaya el coro?", "Ensaya Ana.", ("Por las tardes.", "En Cuaresma")),
        ("What size is the bed?", "It is soft.", ("Queen", "Like a sofa")),
        ("¿Qué tamaño tiene la cama?", "Es blanda.", ("De matrimonio", "Como un sofá")),
        ("How many guests may I bring?", "Bring food.", ("You may bring a guest.",)),
        ("¿Cuántos coches caben?", "Dejan aparcar.", ("Se admite un coche.",)),
        ("How many ropes are there?", "Ropes, £24", ("Ropes x24", "Ratio of 1:12")),
        ("How many may come?", "Come at 12.", ("Capped at 40", "Up to 12 may sit down.")),
        ("¿Cuántas plazas hay?", "Sale a las 12.", ("Las 12 plazas", "Para cuantos vengan")),
    ],
)
def test_a_measure_may_be_told_without_a_number(question, without, having):
    assert lacks_kind(question, without)
    for text in having:
        assert not lacks_kind(question, text), text


@pytest.mark.parametrize(
    "question",
    [
        "Does it depend on how many people come?",
        "¿Depende de cuántas personas vengan?",
        "¿Cuántos años tenía Ana cuando ganó?",
        "¿Qué medidas hay contra el ruido?",
        "When it rains, who opens the hall?",
        "¿Quién sabe cuánta gente cabe?",
        "Why does the course last so long?",
        "¿Cómo cambio la contraseña?",
        "What does the code F7 mean?",
        "¿Qué significa el código F7?",
    ],
)
def test_who_asks_for_something_else_wants_no_measure(question):
    assert not lacks_kind(question, "It is as it is.")


@pytest.mark.parametrize(
    ("question", "column"),
    [
        ("How long is the class?", "duration_min"),
        ("¿Cuánto dura la clase?", "Duración"),
        ("How many grams is the loaf?", "weight_g"),
        ("¿Cuánto pesa la barra?", "Peso"),
        ("How deep is the pool?", "Depth (m)"),
        ("¿Cuántas calorías tiene la barra?", "kcal"),
    ],
)
def test_a_column_says_what_its_numbers_are(question, column):
    row = "Swimming | 45 | 3"
    assert not lacks_kind(question, row, "", [("Name", "Swimming"), (column, "45"), ("Level", "3")])
    others = [("Name", "Swimming"), ("Floor", "45"), ("Level", "3")]
    assert lacks_kind(question, row, "", others)
    # Nothing says what these are
    assert not lacks_kind(question, row, "", [("", "Swimming"), ("", "45"), ("", "3")])


def test_what_stands_over_a_table_says_what_its_numbers_are():
    row = [("Class", "Swimming"), ("Beginners", "45"), ("Experts", "60")]
    for question, above in (
        ("How long does swimming last?", "Minutes"),
        ("¿Cuánto dura natación?", "En minutos"),
    ):
        assert lacks_kind(question, "Swimming | 45 | 60", "", row, "Classes")
        assert not lacks_kind(question, "Swimming | 45 | 60", "", row, above)


@pytest.mark.parametrize("said", ["n/a", "idem", "ask", "consultar", "as for the canoe"])
def test_a_cell_may_tell_by_another(said):
    for question in ("How long is a trip?", "¿Cuánto dura un viaje?"):
        assert not lacks_kind(question, said, "", [("Boat", "Skiff"), ("Trip", said)])
        assert lacks_kind(question, "blue", "", [("Boat", "Skiff"), ("Trip", "blue")])


@pytest.mark.parametrize(
    ("question", "name", "count", "other"),
    [
        ("How many people fit in the barn?", "Barn", "People", "Price"),
        ("¿Cuántas personas caben en el granero?", "Granero", "Personas", "Precio"),
    ],
)
def test_sums_hours_and_days_of_a_row_count_nothing(question, name, count, other):
    assert not lacks_kind(question, f"{name} | 40", "", [("", name), (count, "40")])
    for column, said in ((other, "40"), ("", "£40"), ("", "9:00"), ("", "2026-05-04")):
        assert lacks_kind(question, f"{name} | {said}", "", [("", name), (column, said)]), said


@pytest.mark.parametrize(
    ("question", "column"),
    [
        ("How many trout may I keep in a day?", "Bag per rod per day"),
        ("¿Cuántas truchas puedo quedarme al día?", "Cupo por caña al día"),
    ],
)
def test_a_column_of_so_many_a_day_counts(question, column):
    assert not lacks_kind(question, "Trout | 4", "", [("", "Trout"), (column, "4")])
    assert lacks_kind(question, "Trout | 4", "", [("", "Trout"), ("day", "4")])


@pytest.mark.parametrize(
    ("question", "columns"),
    [
        ("¿Cuánto cuesta la pista?", ("espacio", "apertura", "socorristas")),
        ("How much does the court cost?", ("place", "opens", "lifeguards")),
    ],
)
def test_numbers_of_a_table_that_speaks_of_no_money_are_no_price(question, columns):
    cells = list(zip(columns, ("Court", "09:00", "2"), strict=True))
    row = "; ".join(f"{column}: {said}" for column, said in cells)
    assert lacks_kind(question, row, "", cells, "Opening")
    for around in ("Tarifas 2026", "Prices"):
        assert not lacks_kind(question, row, "", cells, around)
    assert not lacks_kind(question, f"{row} €", "", cells, "Opening")


@pytest.mark.parametrize(
    ("question", "text", "heading"),
    [
        ("¿Qué día es el taller de costura?", "10:00 Taller de costura", "Sábado 8 de marzo"),
        ("What day is the sewing workshop?", "10:00 Sewing workshop", "Saturday 8 March"),
    ],
)
def test_the_day_may_stand_in_a_heading_or_be_a_column(question, text, heading):
    assert lacks_kind(question, text, "Programme")
    assert not lacks_kind(question, text, heading)
    assert not lacks_kind(question, text, "", [("", "10:00"), (heading, "x")])


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("When does the sauna open?", "It opens at eight."),
        ("¿Cuándo abre la sauna?", "Se abre a las ocho."),
        ("When is the bell rung?", "The bell is rung three hours past noon."),
    ],
)
def test_an_hour_in_words_says_when(question, text):
    assert not lacks_measure(question, text)
