"""Who holds an office, and what only speaks of it."""

import pytest
from plain_words import words_of

from qa.select.offices import names_no_holder


def holds_none(question, lang, quoted, above=""):
    return names_no_holder(question, words_of(question, lang), quoted, above, lang)


@pytest.mark.parametrize(
    ("question", "quoted", "lang"),
    [
        # nobody is named
        ("Who is the dean of the Sailing School?", "A third sail needs the consent of the dean.", "en"),
        ("What is the name of the treasurer?", "5. Dues. The treasurer collects them in May.", "en"),
        ("¿Quién es la actual presidenta del coro?", "La presidenta firma las actas.", "es"),
        ("¿Cómo se llama el marido de Olga?", "Mi marido ya no sale a pescar.", "es"),
        ("¿Quién es la alcaldesa?", "Se avisa a la alcaldesa. En mayo vota el pleno.", "es"),
        # somebody of another office
        ("Who is the treasurer?", "Secretary: Ruth Penn, ext. 12", "en"),
        ("Who is the coach of the rowing crew?", "President: Ruth Penn", "en"),
        ("¿Quién es el profesor de Dibujo?", "Tutora: Eva Gil (aula 3).", "es"),
        ("¿Quién es el secretario del club?", "Tesorera del club: Eva Gil", "es"),
        # votes are counted, and no voter named
        ("Who voted against the bell?", "The bell is refused by 9 votes to 4.", "en"),
        ("¿Quién votó en contra de la campana?", "El 2.º A pide una campana. Se rechaza: 9 votos en contra.", "es"),
    ],
)  # fmt: skip
def test_what_says_not_who_holds_an_office(question, quoted, lang):
    assert holds_none(question, lang, quoted)


@pytest.mark.parametrize(
    ("question", "quoted", "above", "lang"),
    [
        ("Who is the dean of the Sailing School?", "Ruth Penn was made dean in May.", "", "en"),
        ("Who is the head?", "Ruth, the head of the crew, spoke.", "", "en"),
        ("Who is the treasurer?", "Ruth Penn, ext. 12. The secretary is ill.", "Treasurer", "en"),
        ("What is the name of the coach?", "RUTH PENN", "", "en"),
        ("¿Quién es la presidenta?", "Preside la junta Eva Gil.", "", "es"),
        ("¿Quién es el profesor de Dibujo?", "Tutora: Eva Gil (Dibujo).", "", "es"),
        ("¿Quién es el director del coro?", "Presidenta: Eva Gil", "Coro", "es"),
        # No name is asked for
        ("Who may be dean?", "The dean is the oldest of all.", "", "en"),
        ("Who is the chair elected by?", "The members elect the chair.", "", "en"),
        ("¿Quién avisa al alcalde?", "Avisa el alguacil al alcalde.", "", "es"),
        ("Who decides?", "The dean does.", "", "en"),
        # Voters are named
        ("Who voted against the bell?", "Ruth Penn voted against, 9 for it.", "", "en"),
        ("¿Quién votó en contra?", "Se rechaza: 2 votos en contra, los del 3.º B y el bajo A.", "", "es"),
        ("¿Quién votó en contra?", "Los vecinos del bajo no quisieron.", "", "es"),
    ],
)  # fmt: skip
def test_what_may_say_who_holds_an_office(question, quoted, above, lang):
    assert not holds_none(question, lang, quoted, above)
