"""Which questions lean on the one before, and what they are read as; then the same through the engine."""

import pytest
from hash_encoder import HashEncoder

from corpus.document import QuestionTooLongError
from index.local.build import build
from qa.engine import Engine, Query, SearchOptions
from qa.followup import Previous, read

# (the question before, the question, how it is read)
LEANING = [
    # nothing but the verb
    ("¿Cuándo empezó la huelga del puerto?", "¿y cuándo terminó?", "¿y cuándo terminó (la huelga del puerto)?"),
    ("¿Quién fue Íñigo Núñez?", "¿Dónde nació?", "¿Dónde nació (Íñigo Núñez)?"),
    ("quien fue Iñigo Nuñez", "donde nacio", "donde nacio (Iñigo Nuñez)?"),
    ("¿Quién fue Íñigo Núñez?", "¿Tuvo hijos?", "¿Tuvo hijos (Íñigo Núñez)?"),
    ("¿Quién fue Íñigo Núñez?", "¿Qué premio recibió?", "¿Qué premio recibió (Íñigo Núñez)?"),
    ("¿Quién fue Íñigo Núñez?", "¿Cómo escapó de la cárcel?", "¿Cómo escapó de la cárcel (Íñigo Núñez)?"),
    ("When did the trial of the miners end?", "Which judge dissented?", "Which judge dissented (the trial of the miners)?"),
    # pronouns
    ("When did the harbour strike begin?", "And when did it end?", "And when did it end (the harbour strike)?"),
    ("Who was Íñigo Núñez?", "Where was he born?", "Where was he born (Íñigo Núñez)?"),
    ("Who was Íñigo Núñez?", "What was his wife called?", "What was his wife called (Íñigo Núñez)?"),
    ("What is a zampoña?", "How many of them did the museum buy?", "How many of them did the museum buy (a zampoña)?"),
    ("Where is the salt lake?", "Who lives there?", "Who lives there (the salt lake)?"),
    ("¿Qué es el abono de temporada?", "¿Qué hace falta para pedirlo?", "¿Qué hace falta para pedirlo (el abono de temporada)?"),
    ("¿Dónde están las minas de sal?", "¿Quién las descubrió?", "¿Quién las descubrió (las minas de sal)?"),
    ("¿Qué es la sarna del olivo?", "¿Qué hongo la causa?", "¿Qué hongo la causa (la sarna del olivo)?"),
    ("¿Cuándo se fundó el Club Ñandú?", "¿Dónde tiene su sede?", "¿Dónde tiene su sede (el Club Ñandú)?"),
    ("¿Hay becas de comedor?", "¿Quién decide sobre eso?", "¿Quién decide sobre eso (becas de comedor)?"),
    ("¿Quién fue Íñigo Núñez?", "Cuéntame más sobre él", "Cuéntame más sobre él (Íñigo Núñez)?"),
    # a bare question word
    ("¿Quién patentó la cremallera moderna?", "¿En qué año?", "¿En qué año (patentó la cremallera moderna)?"),
    ("Who invented the modern zip?", "When?", "When (invented the modern zip)?"),
    ("¿Cuántos libros me puedo llevar?", "¿y cuántas películas?", "¿y cuántas películas (me puedo llevar)?"),
    ("¿Cuándo abre la piscina?", "¿Cuánto cuesta?", "¿Cuánto cuesta (la piscina)?"),
    # something in the place of something else
    ("¿Cuánto cuesta el billete de niño en invierno?", "¿Y en verano?", "¿Cuánto cuesta el billete de niño en verano?"),
    ("How much is a ticket in winter?", "And in summer?", "How much is a ticket in summer?"),
    ("¿A qué hora abre la piscina de lunes a viernes?", "¿y los sábados?", "¿A qué hora abre la piscina los sábados?"),
    ("¿Qué pasó el 3 de mayo de 1808?", "¿Y el 2 de mayo?", "¿Qué pasó el 2 de mayo?"),
    ("¿Cuánto mide la Torre Norte?", "¿y el puente viejo?", "¿Cuánto mide el puente viejo?"),
    ("¿Cuánto cuesta el billete?", "¿Y qué pasa con la bicicleta?", "¿Cuánto cuesta la bicicleta?"),
    ("How tall is the North Tower?", "What about the old bridge?", "How tall is the old bridge?"),
    ("When does the bus reach Ávila?", "And Segovia?", "When does the bus reach Segovia?"),
    ("Are bikes allowed in the park?", "And other vehicles?", "Are other vehicles allowed in the park?"),
    ("When are tins collected?", "What about bottles?", "When are bottles collected?"),
    ("When was Íñigo Núñez arrested?", "And released?", "When was Íñigo Núñez released?"),
    ("Can I bring my cat to the office?", "And other animals?", "Can I bring other animals to the office?"),
    ("¿Cuánto cuesta copiar en blanco y negro?", "¿Y en color?", "¿Cuánto cuesta copiar en color?"),
    ("¿Quién era Íñigo Núñez?", "¿Y su hermana?", "¿Quién era su hermana (Íñigo Núñez)?"),
    ("Where can I park?", "And bicycles?", "Where can I park, bicycles?"),
    # a noun without an article in the place of another, with what is said of it
    ("How much do lodgers pay for the laundry?", "And guests?", "How much do guests pay for the laundry?"),
    ("How much do the lodgers pay?", "And the guests?", "How much do the guests pay?"),
    ("Can lodgers use the oven?", "And children?", "Can children use the oven?"),
    ("Do dues of lodgers include heating?", "And rents?", "Do rents of lodgers include heating?"),
    ("Who can apply for a bed?", "And lodgers?", "Who can apply for a bed, lodgers?"),
    ("¿Cuánto dura la clase de yoga en verano?", "¿Y la de pilates?", "¿Cuánto dura la clase de pilates en verano?"),
    ("¿Cuánto cuesta el billete sencillo a Ávila?", "¿y el de ida y vuelta?", "¿Cuánto cuesta el billete de ida y vuelta a Ávila?"),
    ("¿Dónde está la llave?", "¿y la de la caseta?", "¿Dónde está la llave de la caseta?"),
    ("¿Cuánto dura el curso de vela?", "¿y remo?", "¿Cuánto dura el curso de remo?"),
    ("¿Quién paga la luz?", "¿y agua?", "¿Quién paga la luz, agua?"),
    # from one language to the other
    ("Who was Íñigo Núñez?", "¿Cuándo lo detuvieron?", "¿Cuándo lo detuvieron (Íñigo Núñez)?"),
    ("¿Dónde está el salar?", "How deep is it?", "How deep is it (el salar)?"),
    ("How tall is the North Tower?", "¿Y el puente viejo?", "How tall is el puente viejo?"),
]  # fmt: skip

ALONE = [
    "¿Quién encontró el tesoro?",
    "¿Cuánto tiempo duró la guerra de las ranas?",
    "¿Por qué los rehenes quedaron en el segundo piso?",
    "¿Qué le pasó al monumento en enero de 1945?",
    "¿A qué se le llamó el Tesla?",
    "¿Qué produce la abeja?",
    "¿Qué pasa con el paquete en el destino?",
    "¿Qué es compostaje?",
    "¿Qué significa hermenéutica?",
    "¿Cómo se hace pan?",
    "¿Cómo cultivar café?",
    "¿Hay fuentes?",
    "¿Dónde hay fuentes públicas?",
    "¿Con qué oficio había muchos vecinos?",
    "¿Dónde puedo aparcar?",
    "¿Cuándo llegó Y. pestis a Inglaterra?",
    "¿Qué juez murió en el rescate?",
    "¿Cuántos soldados murieron en la batalla?",
    "¿Quién era el líder cuando los francos llegaron?",
    "¿Qué río corre a lo largo del valle?",
    "¿Dónde tiene su sede Energiprojekt?",
    "¿Y quién pintó Las meninas con su perro en el palacio?",
    "donde esta chavin de huantar",
    "biblioteca horario",
    "Who found the treasure?",
    "What do bees do with their wax?",
    "Which university has its origins in a school?",
    "When did Holden announce that it will close the plant?",
    "Who ruled Spain when he was king?",
    "How long does it take to become a queen?",
    "Is it true that bees dance?",
    "How many rooms are there?",
    "What is chuño?",
    "What causes earthquakes?",
    "How tall is Saturn?",
    "Where can I park?",
    "What university won the award for the IT department?",
    "remote work requirements",
]


@pytest.mark.parametrize(("before", "question", "full"), LEANING)
def test_a_question_that_leans_is_read_with_the_words_of_the_one_before(before, question, full):
    reading = read(question, [before])
    assert (reading.text, reading.leans) == (full, True)


@pytest.mark.parametrize("question", ALONE)
@pytest.mark.parametrize("before", ["¿Quién fue Íñigo Núñez?", "How tall is the North Tower?"])
def test_a_question_that_stands_alone_is_read_as_it_is(before, question):
    reading = read(question, [before])
    assert (reading.text, reading.leans) == (question, False)


@pytest.mark.parametrize("question", ["¿y cuándo terminó?", "And when did it end?", "Why?"])
def test_with_nothing_to_lean_on_a_question_is_read_as_it_is(question):
    for previous in ([], ["¿?"], ["Why?"], ["…", ""]):
        assert read(question, previous).text == question


@pytest.mark.parametrize("question", ["", "¿?", "y", "¿Y…?", "and", "?!"])
def test_a_question_of_no_words_leans_on_nothing(question):
    assert not read(question, ["¿Quién fue Íñigo Núñez?"]).leans


def test_a_third_question_leans_on_the_first_through_the_second():
    spanish = ["¿Cuándo se fundó el Club Ñandú?", "¿Dónde tiene su sede?"]
    assert read("¿Quién lo dirige?", spanish).text == "¿Quién lo dirige (el Club Ñandú)?"
    english = ["Who was Íñigo Núñez?", "When was he arrested?"]
    assert read("And released?", english).text == "When was he released (Íñigo Núñez)?"
    asked = ["Who patented the zip?", "In which year?"]
    assert read("Where was it made?", asked).text == "Where was it made (the zip)?"


def test_a_third_question_may_mean_a_name_that_the_second_brought_up():
    reading = read("Where was he born?", ["What is a zampoña?", "Who sold them to Ana Ruiz?"])
    assert reading.text == "Where was he born (a zampoña Ana Ruiz)?"


def test_a_change_of_topic_leaves_the_topic_before_it_behind():
    previous = ["¿Quién fue Íñigo Núñez?", "¿Cuánto mide la Torre Norte?"]
    assert (
        read("¿Y cuándo se construyó?", previous).text == "¿Y cuándo se construyó (la Torre Norte)?"
    )


def test_a_question_that_shows_no_language_is_in_that_of_the_one_before():
    assert read("¿Y Segovia?", ["¿Cuándo llega el autobús a Ávila?"]).lang == "es"
    assert read("Segovia?", ["When does the bus reach Ávila?"]).lang == "en"
    assert read("And Segovia?", ["¿Cuándo llega el autobús a Ávila?"]).lang == "en"
    assert read("Segovia", ["When does the bus reach Ávila?"], "es").lang == "es"


def test_of_a_long_question_only_the_beginning_is_carried_over():
    long = "Who was the " + "old " * 200 + "man?"
    reading = read("Where was he born?", [long])
    assert reading.leans
    assert len(reading.text) < 150


# ------------------------------------------------------------------------- through the engine

NEST = "Pone doce huevos en un nido."
DOCUMENTS = {
    "ñandú.txt": f"El ñandú corre deprisa por la pampa argentina. {NEST}\n",
    "harbour.txt": "The harbour strike began in May 1911. The harbour strike ended in June 1912.\n",
    "bakers.txt": "The bakers strike began in March 1920. The bakers strike ended in April 1921.\n",
}


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    data = tmp_path_factory.mktemp("followup") / "data"
    for name, text in DOCUMENTS.items():
        (data / "documents").mkdir(parents=True, exist_ok=True)
        (data / "documents" / name).write_text(text, "utf-8")
    build(data, HashEncoder())
    made = Engine(data, HashEncoder())
    yield made
    made.close()


def quotes(answer):
    return [c.quote for c in answer.citations]


@pytest.mark.parametrize(
    ("before", "question", "read_as", "expected"),
    [
        ("¿Dónde corre el ñandú?", "¿Y cuántos huevos pone?", "¿Y cuántos huevos pone (el ñandú)?", NEST),
        ("When did the harbour strike begin?", "And when did it end?", "And when did it end (the harbour strike)?",
         "The harbour strike ended in June 1912."),
    ],
)  # fmt: skip
def test_a_question_that_leans_gets_the_answer_of_the_question_in_full(
    engine, before, question, read_as, expected
):
    previous = (Previous(f"  {before}\n"),)
    answer = engine.ask(Query(question, previous=previous))
    assert (answer.question.text, answer.question.read_as) == (question, read_as)
    assert answer.question.full == read_as
    in_full = engine.ask(Query(read_as))
    assert quotes(answer) == quotes(in_full)
    assert quotes(answer)[0] == expected
    assert answer.confidence == in_full.confidence
    assert answer.lang == engine.ask(Query(before)).lang
    assert engine.search(Query(question, previous=previous)).question.read_as == read_as


@pytest.mark.parametrize("question", ["When did the bakers strike end?", "¿Dónde corre el ñandú?"])
def test_a_question_that_stands_alone_gets_the_same_answer_after_any_other(engine, question):
    alone = engine.ask(Query(question))
    for before in ("¿Y eso?", "Who?", "When did the harbour strike begin?"):
        after = engine.ask(Query(question, previous=(Previous(before, ("harbour.txt",)),)))
        assert after.question.read_as is None
        assert after.question == alone.question
        assert (after.citations, after.hits) == (alone.citations, alone.hits)


def test_documents_that_the_answer_before_cited_come_first_among_equals(engine):
    before = "When did the strike begin?"
    asked = {
        name: engine.search(Query("And when did it end?", previous=(Previous(before, (name,)),)))
        for name in ("harbour.txt", "bakers.txt")
    }
    for name, result in asked.items():
        assert result.hits[0].passage.doc_id == name
        assert [h.score for h in result.hits] == sorted(
            (h.score for h in result.hits), reverse=True
        )
    scores = [[h.score for h in result.hits] for result in asked.values()]
    assert scores[0] == scores[1]


def test_cited_documents_move_nothing_where_a_single_leg_was_asked_for(engine):
    for mode in ("dense", "lexical"):
        results = [
            engine.search(
                Query(
                    "And when did it end?", previous=(Previous("When did the strike begin?", ids),)
                ),
                SearchOptions(mode=mode),
            )
            for ids in ((), ("bakers.txt",), ("harbour.txt",))
        ]
        assert results[0].hits == results[1].hits == results[2].hits


def test_a_cited_document_that_is_gone_does_no_harm(engine):
    before = "When did the harbour strike begin?"
    results = [
        engine.ask(Query("And when did it end?", previous=(Previous(before, ids),)))
        for ids in ((), ("gone.txt", "año/ñ.md"))
    ]
    assert results[0].citations == results[1].citations


def test_an_earlier_question_that_is_too_long_is_refused(engine):
    with pytest.raises(QuestionTooLongError, match="2001 characters"):
        engine.ask(Query("¿y cuándo?", previous=(Previous("x" * 2001),)))


def test_an_earlier_question_without_words_is_passed_over(engine):
    answer = engine.ask(Query("And when did it end?", previous=(Previous("¿?"),)))
    assert answer.question.read_as is None


# Each beside its like that says one word more, and with that what it is about.
BOUNDARIES = [
    ("¿Quién fue Íñigo Núñez?", "¿Y cuál es el plazo final?", "¿Y cuál es el plazo final legal?"),
    ("Who was Íñigo Núñez?", "Which judge dissented?", "Which old judge dissented?"),
    (
        "Who was Íñigo Núñez?",
        "Where did he meet judges, hostages, police, soldiers, doctors?",
        "Where did he meet judges, hostages, police, soldiers, doctors, priests?",
    ),
    (
        "¿Quién fue Íñigo Núñez?",
        "¿Qué dijo él del asalto, el rescate, el túnel, la policía y la noche?",
        "¿Qué dijo él del asalto, el rescate, el túnel, la policía, la noche y el día?",
    ),
]


@pytest.mark.parametrize(("before", "leans", "stands"), BOUNDARIES)
def test_a_question_with_enough_words_of_its_own_says_what_it_is_about(before, leans, stands):
    assert read(leans, [before]).leans
    assert not read(stands, [before]).leans


@pytest.mark.parametrize(
    ("before", "question", "instead"),
    [
        ("¿A qué hora abre el museo los jueves?", "¿y en Semana Santa?", "Semana Santa"),
        ("How tall is the North Tower?", "What about the old bridge?", "old bridge"),
        # More of the same is asked for
        ("¿Quién fue Íñigo Núñez?", "¿Dónde nació?", ""),
        ("Who invented the modern zip?", "When?", ""),
        ("Who invented the modern zip?", "What is chuño?", ""),
    ],
)
def test_what_a_question_puts_in_the_place_of_something_is_told(before, question, instead):
    assert read(question, [before]).instead == instead


@pytest.mark.parametrize(
    "remark",
    ["¿Seguro?", "¿Estás segura de eso?", "¿de verdad?", "¿Dónde lo pone?", "¿Me lo repites?", "otra vez, por favor", "Are you sure?", "Really?", "Is that right?", "How do you know?", "Could you repeat that, please?"],
)  # fmt: skip
def test_a_doubt_asks_the_question_before_it_again(remark):
    previous = ["How tall is the North Tower?", "And the old bridge?"]
    again = read(remark, previous)
    assert (again.text, again.lang, again.leans) == ("How tall is the old bridge?", "en", True)
    assert not read(remark, []).leans


@pytest.mark.parametrize("question", ["seguro", "¿Seguro de hogar?", "sure", "¿qué?"])
def test_what_only_resembles_a_doubt_is_read_as_ever(question):
    assert read(question, ["¿Cuánto mide la Torre Norte?"]).text != "¿Cuánto mide la Torre Norte?"


def test_thanks_between_two_questions_leave_the_second_what_it_leans_on(engine):
    said = ["When did the harbour strike begin?", "Thanks!"]
    answer = engine.ask(Query("And when did it end?", previous=tuple(map(Previous, said))))
    assert answer.question.read_as == "And when did it end (the harbour strike)?"


@pytest.mark.parametrize(
    ("before", "question", "full"),
    [
        ("¿Qué causa Y. pestis?", "¿Y cuándo se descubrió?", "¿Y cuándo se descubrió (Y. pestis)?"),
        ("When was Galileo born?", "And I. Newton?", "When was I. Newton born?"),
        ("When was Galileo born?", "Did I. Newton know them?", None),
    ],
)
def test_an_initial_is_part_of_a_name_and_no_word_of_its_own(before, question, full):
    reading = read(question, [before])
    assert reading.text == (full or question)
    assert reading.leans == (full is not None)


@pytest.mark.parametrize(
    ("earlier", "question", "carried"),
    [
        (
            "¿Cuándo se abrió el viejo puente colgante de madera sobre el río grande junto al molino harinero de la familia Núñez?",
            "¿Y quién lo construyó?",
            "el viejo puente colgante de madera sobre el río grande junto al molino harinero",
        ),
        (
            "When was the old wooden bridge over the great river beside the flour mill of the Núñez family closed?",
            "And who built it?",
            "the old wooden bridge over the great river beside the flour mill",
        ),
    ],
)
def test_at_most_fourteen_words_go_into_the_next_question(earlier, question, carried):
    assert f"({carried})" in read(question, [earlier]).text


@pytest.mark.parametrize(
    ("before", "question", "read_as"),
    [
        ("When is the harbour feast?", "Who is invited?", "Who is invited (the harbour feast)?"),
        ("¿Cuándo es la fiesta del puerto?", "¿Cuántos días tengo?", "¿Cuántos días tengo (la fiesta del puerto)?"),
        ("When is the harbour feast?", "When does the bar close?", "When does the bar close?"),
        ("¿Cuándo es la fiesta del puerto?", "¿Cuándo cierra el bar?", "¿Cuándo cierra el bar?"),
    ],
)  # fmt: skip
def test_in_one_sentence_a_question_without_a_noun_is_about_the_same(before, question, read_as):
    assert read(question, [before], together=True).text == read_as
    assert not read(question, [before]).leans
