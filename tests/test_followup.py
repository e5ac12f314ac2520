import pytest

from qa.followup import read

LEANING = [
    ("¿Cuándo empezó la huelga del puerto?", "¿y cuándo terminó?", "¿y cuándo terminó (la huelga del puerto)?"),
    ("When did the harbour strike begin?", "And when did it end?", "And when did it end (the harbour strike)?"),
    ("¿Quién fue Íñigo Núñez?", "¿Dónde nació?", "¿Dónde nació (Íñigo Núñez)?"),
    ("Who was Íñigo Núñez?", "Where was he born?", "Where was he born (Íñigo Núñez)?"),
    ("¿Cuánto cuesta el billete de niño en invierno?", "¿Y en verano?", "¿Cuánto cuesta el billete de niño en verano?"),
    ("How much is a ticket in winter?", "And in summer?", "How much is a ticket in summer?"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "question", "full"), LEANING)
def test_a_question_that_leans_is_read_with_the_words_of_the_one_before(before, question, full):
    reading = read(question, [before])
    assert (reading.text, reading.leans) == (full, True)
