"""Of which of some things that are none of each other something is asked, and of which it is said."""

import pytest

from qa.select.alike.counterparts import is_of_counterpart


@pytest.mark.parametrize(
    ("question", "asked_in", "quoted", "over", "lang"),
    [
        ("¿Qué horario tiene el faro en verano?", "es", "Horario de invierno: de 10 a 14.", "", "es"),
        ("When does the lighthouse open in winter?", "en", "Summer hours: 9 to 8.", "", "en"),
        ("¿A qué hora abre el faro en verano?", "es", "Opens at ten.", "Winter hours", "en"),
        ("What time is check-out at the lighthouse?", "en", "Room 3 | 16:00 | Check-in", "", "en"),
        ("¿Cuánto cuesta vacunar un hurón?", "es", "Gata: 20 €\nPerro: 25 €", "", "es"),
        ("How long does it take to cycle to the lighthouse?", "en", "40 minutes on foot.", "", "en"),
        ("¿Qué significa la luz verde?", "es", "Red: fog. White: clear.", "Lights", "en"),
        ("¿cuándo es el examen final de faros?", "es", "Simulacro: 3 de mayo.", "", "es"),
        ("precio jaula conejo", "es", "Jaula de hámster: 9 €", "", "es"),
        ("how much is the sewing machine an hour", "en", "£6 an hour", "Laser cutter", "en"),
        ("summer hours?", "en", "Winter hours: 9 to 5", "", "en"),
        ("Who is the referee of the semi-final?", "en", "Of the final: Una Frost.", "", "en"),
        ("¿quién arbitra la semifinal?", "es", "La final la arbitra Una Frost.", "", "es"),
        ("When may I row after a hip operation?", "en", "After a week.", "Knee operations", "en"),
        ("¿A qué hora se abre en temporada baja?", "es", "En temporada alta, a las 8.", "", "es"),
        ("¿Cuánto cuesta la cama pequeña?", "es", "La cama grande cuesta 9 €.", "", "es"),
        ("¿Cuándo se poda en otoño?", "es", "En primavera, tras regar.", "", "es"),
        ("Which bin is green glass for?", "en", "Brown glass: bin 4.", "", "en"),
        ("How much is the tennis court?", "en", "Padel court: £8", "", "en"),
        ("¿Qué día se recoge el vidrio?", "es", "Los martes el papel.", "", "und"),
    ],
)  # fmt: skip
def test_what_is_said_of_the_counterpart_is_no_answer(question, asked_in, quoted, over, lang):
    assert is_of_counterpart(question, asked_in, quoted, over, "", lang)


@pytest.mark.parametrize(
    ("question", "asked_in", "quoted", "around", "lang"),
    [
        # It is named, may be meant, or stands beside
        ("¿A qué hora abre en verano?", "es", "Invierno: a las 10. Verano: a las 9.", "", "es"),
        ("When does it open in summer?", "en", "Winter: 10. From June to August: 9.", "", "en"),
        ("When does it open in summer?", "en", "In winter at ten.", "The summer house", "en"),
        ("What is the maximum stay?", "en", "At least two nights, no more than ten.", "", "en"),
        ("¿Cuánto cuestan las botas?", "es", "Calzado: 30 €. Camisa: 12 €.", "", "es"),
        ("How much is the annual fee?", "en", "£40 a year, and £10 deposit.", "", "en"),
        ("¿Cuánto es la cuota anual?", "es", "40 € al año y 10 € de matrícula.", "", "es"),
        ("What time is dinner?", "en", "Evening meal at 7, breakfast at 8.", "", "en"),
        ("¿A qué hora es el desayuno?", "es", "Se desayuna a las 8, se cena a las 9.", "", "es"),
        ("How much is a colour copy?", "en", "Black and white 10p, colour 40p.", "", "en"),
        ("¿Cuánto vale en temporada alta?", "es", "En julio, 9 €; temporada baja, 5.", "", "es"),
        ("When does the doctor come?", "en", "Dr Lamp on Mondays, the nurse daily.", "", "en"),
        # What holds for the others holds for it
        ("When does it shut in summer?", "en", "Winter: at 4. Rest of the year: at 9.", "", "en"),
        ("¿Cuánto paga un gato?", "es", "Perros, 4 €; los demás, la mitad.", "", "es"),
        # A landmark, a ground, a name, or another noun
        ("Where is the gym?", "en", "The fitness room is beside the sauna.", "", "en"),
        ("Where is the key to the garden?", "en", "It hangs in the kitchen.", "", "en"),
        ("¿Dónde está la lavadora?", "es", "Junto a la caldera.", "", "es"),
        ("¿Dónde se compran los abonos?", "es", "En la caseta de alquiler.", "", "es"),
        ("When is the football match?", "en", "At five on the rugby pitch.", "", "en"),
        ("When does the green group meet?", "en", "At eight in the Red Lion.", "", "en"),
        ("Where does green waste go?", "en", "Cuttings go to the brown bin.", "", "en"),
        ("¿En qué cubo van los restos verdes?", "es", "La poda, al contenedor marrón.", "", "es"),
        # Nothing of its kind is said
        ("¿A qué hora abre el faro en verano?", "es", "Abre a las 9.", "", "es"),
        ("How much is the rabbit hutch?", "en", "The price is £40.", "", "en"),
        # It names both, or asks whether something is so, why, or what to do about another matter
        ("¿Qué es mejor, verano o invierno?", "es", "En primavera.", "", "es"),
        ("Can I bring my cat?", "en", "No dogs.", "", "en"),
        ("can they paint it blue", "en", "Walls may be white.", "", "en"),
        ("¿Puedo ir en bici?", "es", "Solo a pie.", "", "es"),
        ("Why is it shut in summer?", "en", "It opens in winter.", "", "en"),
        ("¿Por qué cierra en verano?", "es", "Abre en invierno.", "", "es"),
        ("What happens if I drive?", "en", "Those who walk pay less.", "", "en"),
        # Names end with their lines: there is no "single fare"
        ("¿Cuánto vale ida y vuelta?", "es", "Fare: 9\nSingle\nFare return", "", "und"),
        # It stands in another clause
        ("How much is the ticket if I bring a cat?", "en", "Ticket £4, dog £1.", "", "en"),
        ("Tengo un gato. ¿Cuánto cuesta la entrada?", "es", "Entrada 4 €, perro 1 €.", "", "es"),
        # "patas" are no ducks
        ("¿Cuánto cuesta la clínica para un gato?", "es", "Consulta: 20 €", "Patas", "es"),
    ],
)
def test_other_words_may_answer(question, asked_in, quoted, around, lang):
    assert not is_of_counterpart(question, asked_in, quoted, "", around, lang)
