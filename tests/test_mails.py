"""The head of a mail answers what is asked about the mail, and nothing else; and whose words those below it are."""

import pytest

from corpus.document import Passage
from corpus.parse import parse
from qa.select.mail.letters import letters_of
from qa.select.mail.mails import is_head_only

CORO = """From: Coro del Puerto <p@example.org>
To: todos@example.org
Subject: Ensayos de otoño
Date: Tue, 3 Jun 2031 10:00:00 +0000
Content-Type: text/plain; charset=utf-8

Hola a todas: los ensayos empiezan en octubre, en la sala de la torre.
"""
BAND = CORO.replace("Ensayos de otoño", "Autumn").replace(
    "Hola a todas: los ensayos empiezan en octubre, en la sala de la torre.",
    "Hello all, rehearsals begin in October, in the room below the tower.",
)


def quoted_of(mail, beginnings, name="a.eml"):
    document = parse(mail.encode(), "a.eml")
    lines = [line for line in document.text.split("\n") if line.startswith(beginnings)]
    assert lines
    passage = Passage("p", name, 0, len(document.text), document.text, "es", "")
    return passage, "\n".join(lines)


@pytest.mark.parametrize(
    ("question", "mail", "beginnings", "expected"),
    [
        ("¿Quién dirige el Coro del Puerto?", CORO, ("De:",), True),
        ("¿Cuándo empiezan los ensayos?", CORO, ("Fecha:", "Asunto:"), True),
        ("When do rehearsals begin?", BAND, ("Date:", "Subject:"), True),
        ("Who conducts the choir?", BAND, ("From:",), True),
        # What is asked about the mail
        ("¿Quién escribió sobre los ensayos?", CORO, ("De:",), False),
        ("¿Cuándo avisaron de los ensayos?", CORO, ("Fecha:",), False),
        ("Who wrote about rehearsals?", BAND, ("From:",), False),
        ("When was the mail sent?", BAND, ("Date:",), False),
        # Its text says it
        ("¿Cuándo empiezan los ensayos?", CORO, ("Fecha:", "Hola"), False),
        ("When do rehearsals begin?", BAND, ("Hello",), False),
    ],
)
def test_the_head_of_a_mail(question, mail, beginnings, expected):
    assert is_head_only(question, *quoted_of(mail, beginnings)) is expected


def test_labels_of_other_files_are_no_heads_of_mails():
    passage, quoted = quoted_of(CORO, ("Fecha:",), name="baile.txt")
    assert not is_head_only("¿Cuándo es el baile?", passage, quoted)


THREAD = """De: Ana <ana@x.test>
Para: Luis <luis@x.test>
Asunto: Re: La lancha

Vale, el jueves.
De: 9 a 14 h estoy en casa.

El lunes, 2 de marzo, Luis
<luis@x.test> escribió:

> ¿Vienes a pintar la lancha?
>
> > De: Ana
>
> Luis

Llevo los pinceles.

> Sin nombre.

----- Original message -----
From: Eva <eva@x.test>
Sent: Sunday

The boat needs paint.
"""


def test_the_letters_of_a_mail_are_told_apart():
    letters = letters_of(THREAD)
    who = [" ".join(THREAD[slice(*letter.who)].split()) for letter in letters]
    assert who == [
        "De: Ana <ana@x.test>",
        "El lunes, 2 de marzo, Luis <luis@x.test> escribió:",
        "",
        "From: Eva <eva@x.test>",
    ]
    assert [letter.quoted for letter in letters] == [False, True, True, True]
    assert letters[0].text(THREAD) == (
        "Para: Luis <luis@x.test>\nVale, el jueves.\nDe: 9 a 14 h estoy en casa.\nLlevo los pinceles.\n"
        "----- Original message -----\n"
    )
    assert "Re: La lancha" in letters[0].text(THREAD, subject=True)
    assert "pintar la lancha" in letters[1].text(THREAD)
    assert letters[2].text(THREAD) == "> Sin nombre.\n"
    assert letters[3].text(THREAD) == "Sent: Sunday\nThe boat needs paint.\n"


@pytest.mark.parametrize("text", ["", "\n", "> a", "Hola.\n> a", "a:\n\n> b"])
def test_letters_of_any_text_say_no_more_than_it(text):
    for letter in letters_of(text):
        assert letter.text(text) in text
        assert 0 <= letter.who[0] <= letter.who[1] <= len(text)
