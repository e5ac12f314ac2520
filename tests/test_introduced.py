"""Who somebody is, said in passing."""

import pytest

from qa.select.introduced import introduced


@pytest.mark.parametrize(
    ("question", "text", "said"),
    [
        ("Who is Ruth Penn?", "Hello. Our sailmaker, Ms Ruth Penn, comes on Monday.", "Our"),
        ("¿Quién es Ruth Penn?", "Our sailmaker, Ruth Penn, comes on Monday.", "Our"),
        ("¿Quién es Eva Gil?", "Vino la patrona del club, Eva Gil.", "la"),
        ("Who was Dr. Eva Gil?", "Eva Gil, the head of the crew, spoke first.", "Eva"),
        ("¿Quién es Eva Gil?", "Nuestra médica Dra. Eva Gil, del puerto, vino.", "Nuestra"),
        # somebody beside others, somebody else, or no name
        ("Who is Ruth Penn?", "We met the board, Ruth Penn and two others, there.", None),
        ("Who is Ruth Pennant?", "Our sailmaker, Ruth Penn, comes on Monday.", None),
        ("¿Quién es la patrona?", "Vino la patrona, Eva Gil.", None),
        ("¿Dónde está Eva Gil?", "Vino la patrona del club, Eva Gil.", None),
    ],
)
def test_who_somebody_is_may_be_said_beside_the_name(question, text, said):
    at = introduced(question, text)
    assert (None if at is None else text[at:].split()[0]) == said
