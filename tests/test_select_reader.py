"""What is quoted of the passages that a reader has underlined."""

import math
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from hash_encoder import HashEncoder
from underliner import Underliner

from corpus.document import Block, Passage
from corpus.parse import parse
from corpus.split import Splitting
from index.local.build import index_documents
from index.reader import Reading
from index.translation import TranslationTable
from qa.calibration import Fitted, Readings, load_calibration
from qa.cite import holds
from qa.rank import distinct
from qa.retrieve import retrieve
from qa.select.atoms import Atom
from qa.select.marks import moved
from qa.select.page import Page, Run
from qa.select.reader import (
    CONFIDENCE_FEATURES,
    N_PASSAGES,
    SUPPORT_FEATURES,
    UNIT_FEATURES,
    ByReader,
    _Found,
    _goes_on,
    _is_of_one_list,
)
from qa.select.rules import Rules
from qa.select.titles import Title
from qa.understand import Question

ENCODER = HashEncoder(4096)
FUSION = load_calibration().fusion
RULES_THAT_SHIP = Rules(load_calibration())
TABLE = TranslationTable({"es-en": {}, "en-es": {}})
WEIGHED = Readings(
    Fitted("hand", "2026-11-26", "for tests"),
    dict.fromkeys(UNIT_FEATURES, 0.0)
    | {"answers": 1.0, "marked": 0.3, "defines": 4.0, "lacking": -2.0},
    dict.fromkeys(SUPPORT_FEATURES, 0.0) | {"answers": 1.0, "titled": 9.0, "lacking": -9.0},
    0.0,
    dict.fromkeys(CONFIDENCE_FEATURES, 0.0) | {"answers": 1.0, "lead": 0.1},
    bias=0.0,
    supported=0.3,
    least=0.3,
    second=0.5,
    marked=0.5,
)


@pytest.fixture
def ask(tmp_path):
    """Asks a reader about texts, each a document; gives the selection after all offsets have been checked."""

    def asked(reader, question, *texts, lang="es", max_tokens=200, weighed=WEIGHED, suffix="txt"):
        suffixes = ["eml" if text.startswith("From: ") else suffix for text in texts]
        documents = [
            parse(t.encode(), f"d{n}.{end}")
            for n, (t, end) in enumerate(zip(texts, suffixes, strict=True))
        ]
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        folder.mkdir()
        index = index_documents(documents, ENCODER, folder, Splitting(max_tokens=max_tokens))
        retrieved = retrieve(question, lang, index, ENCODER, TABLE, FUSION)
        passages = distinct(index, retrieved, {}, N_PASSAGES)
        made = ByReader(reader, weighed, RULES_THAT_SHIP).select(
            Question(question, lang, 1.0), passages, retrieved, index
        )
        for unit in (*made.units, *made.chosen):
            assert holds(unit.quote, index.document(unit.quote.passage.doc_id))
            assert unit.span is None or 0 <= unit.span.start < unit.span.end <= len(unit.quote.text)
        return made

    return asked


def quotes(selection):
    return [unit.quote.text for unit in selection.chosen]


POOL = (
    "La piscina está en el patio. Abre de junio a septiembre. El vestuario cierra a las nueve.",
    "The pool is in the yard. It opens from June to September. The changing room closes at nine.",
)


@pytest.mark.parametrize(
    ("text", "sentence", "answer", "lang"),
    [
        (POOL[0], "Abre de junio a septiembre.", "junio a septiembre", "es"),
        (POOL[1], "It opens from June to September.", "June to September", "en"),
    ],
)
def test_the_underlined_sentence_is_quoted_and_its_answer_marked(ask, text, sentence, answer, lang):
    made = ask(Underliner(sentence, answer=answer), "¿piscina? pool?", text, lang=lang)
    assert quotes(made) == [sentence]
    [unit] = made.chosen
    assert unit.quote.text[unit.span.start : unit.span.end] == answer
    assert made.confidence > 0.9


@pytest.mark.parametrize(
    ("story", "length"),
    [
        ("", 0.0),
        ("Voy con mi madre y dos niños que nadan ya, we all love it: ", 5.0),
        ("Voy con mi madre y dos niños que nadan ya, we all love it: " * 3, 14.0),
    ],
)
def test_words_beyond_eleven_count_up_to_25(ask, story, length):
    weighed = replace(WEIGHED, support=dict(WEIGHED.support) | {"length": 1.0})
    made = ask(Underliner("Abre de junio"), f"{story}¿piscina? pool?", POOL[0], weighed=weighed)
    for told in (made.why.support, made.why.right):
        [found] = [one.value for one in told if one.name == "length"]
        assert found == length


class Faint(Underliner):
    """Underlines what it was given, and one phrase more with another chance."""

    def __init__(self, *phrases, faint, chance):
        super().__init__(*phrases)
        self.faint, self.chance = faint, np.float32(chance)

    def _reading(self, text):
        found = super()._reading(text)
        at = text.find(self.faint)
        inside = (found.starts >= at) & (found.ends <= at + len(self.faint))
        found.marked[inside] = self.chance
        return found


@pytest.mark.parametrize(("chance", "quoted"), [(0.2, 1), (0.3, 2)])
@pytest.mark.parametrize(
    ("first", "second", "lang"),
    [
        ("El barco azul sale cada día de este muelle a las nueve.", "El billete se compra a bordo o en la caseta del puerto.", "es"),
        ("The blue boat leaves this pier at nine every day.", "The ticket is bought on board or at the harbour hut.", "en"),
    ],
)  # fmt: skip
def test_a_sentence_that_is_hardly_underlined_is_not_quoted_at_the_end(
    ask, first, second, lang, chance, quoted
):
    made = ask(Faint(first, faint=second, chance=chance), "barco boat", f"{first} {second}", lang=lang)  # fmt: skip
    assert quotes(made) == [first if quoted == 1 else f"{first} {second}"]


@pytest.mark.parametrize(
    ("text", "question", "items", "wrong", "lang"),
    [
        ("# Pista\n\n## Se admite\n\n- Patines\n\n## No se admite\n\n- Trineos\n- Comida\n\nCada sesión dura una hora.\n", "¿Qué no se admite?", "Trineos\n\nComida", "Cada sesión dura una hora.", "es"),
        ("# Gym\n\n## Allowed\n\n- Towels\n\n## Not allowed\n\n- Chalk\n- Glass\n\nEach class takes an hour.\n", "What is not allowed?", "Chalk\n\nGlass", "Each class takes an hour.", "en"),
    ],
)  # fmt: skip
def test_where_the_reader_doubts_the_list_below_the_heading_that_is_asked_for_answers(
    ask, text, question, items, wrong, lang
):
    made = ask(Underliner(wrong, sure=-2.0), question, text, lang=lang, suffix="md")
    assert quotes(made)[0].split() == items.split()


@pytest.mark.parametrize("chance", [0.1, 0.19])
def test_an_item_that_is_hardly_underlined_is_not_quoted_beside_the_one_that_is(ask, chance):
    items = ["Abrimos de nueve a dos.", "Caben sesenta personas.", "Se paga la mitad al reservar.", "No se fuma.", "No entran perros."]  # fmt: skip
    text = "\n".join(f"{n}. {item}" for n, item in enumerate(items, 1))
    made = ask(Faint(items[1], faint=items[0], chance=chance), "¿Cuántas personas caben?", text)
    assert quotes(made) == [f"2. {items[1]}"]


LONG_ITEMS = (
    "Quien usa el horno se compromete a esto:\n\n"
    "1. Lo enciende el encargado. La leña se trae del cobertizo. El humo no molesta.\n\n"
    "2. Se barre la ceniza. La ceniza va al cubo de hierro. Quien deja brasas paga diez euros.\n\n"
    "3. Se avisa de las grietas. El albañil viene los lunes. Nadie las tapa con barro.\n\n"
    "4. Se anota cada hornada. El cuaderno está en la alacena. Nadie arranca hojas.\n",
    "Who uses the oven undertakes this:\n\n"
    "1. The warden lights it. Wood is fetched from the shed. Smoke must not be a nuisance.\n\n"
    "2. The ash is swept. Ash goes into the iron bin. Who leaves embers pays ten pounds.\n\n"
    "3. Cracks are reported. The mason comes on Mondays. Nobody fills them with mud.\n\n"
    "4. Each batch is noted. The book is in the cupboard. Nobody tears out leaves.\n",
)


@pytest.mark.parametrize(
    ("text", "own", "beside"),
    [
        (LONG_ITEMS[0], "Quien deja brasas paga diez euros.", "Se avisa de las grietas."),
        (LONG_ITEMS[1], "Who leaves embers pays ten pounds.", "Cracks are reported."),
    ],
)
@pytest.mark.parametrize("chance", [0.3, 0.35])
def test_one_item_of_several_sentences_is_quoted_without_the_list(ask, text, own, beside, chance):
    made = ask(Faint(own, faint=beside, chance=chance), "brasas embers", text)
    assert quotes(made) == [own]


@pytest.mark.parametrize("text", LONG_ITEMS)
def test_items_of_several_sentences_that_are_mostly_underlined_are_quoted_whole(ask, text):
    items = text.split("\n\n")[1:]
    made = ask(Underliner(*(item[3:].strip() for item in items[:3])), "horno oven", text)
    assert quotes(made) == [text.strip()]


def test_two_underlined_sentences_side_by_side_are_one_quote(ask):
    made = ask(Underliner("It opens from June", "closes at nine"), "pool", POOL[1], lang="en")
    assert quotes(made) == [POOL[1][POOL[1].index("It opens") :]]


RULES = (
    "Los socios deben:\n- pagar la cuota;\n- cuidar los libros;\n- avisar si se mudan.\n\nLa sala abre a las diez.",
    "Members must:\n- pay the fee;\n- look after the books;\n- tell us when they move.\n\nThe room opens at ten.",
)


@pytest.mark.parametrize("text", RULES)
def test_a_list_that_is_mostly_underlined_is_quoted_whole_with_what_leads_in(ask, text):
    items = [line[2:] for line in text.splitlines() if line.startswith("- ")]
    made = ask(Underliner(*items[:2]), "socios members cuota fee", text)
    assert quotes(made) == [text.split("\n\n")[0]]


@pytest.mark.parametrize("text", RULES)
def test_one_item_is_quoted_alone(ask, text):
    item = next(line[2:] for line in text.splitlines()[2:])
    [quote] = quotes(ask(Underliner(item), "libros books", text))
    assert item in quote
    assert "\n" not in quote


@pytest.mark.parametrize("text", RULES)
def test_a_lead_in_is_never_quoted_alone(ask, text):
    [quote] = quotes(ask(Underliner(text.split("\n")[0]), "socios members", text))
    assert not quote.endswith(":")
    assert "- " in quote


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("¿Se admiten perros?", "Sí, con correa y solo por la mañana."),
        ("Are dogs allowed?", "Yes, on a lead and only in the morning."),
    ],
)
def test_of_a_question_and_its_answer_the_answer_is_quoted(ask, question, answer):
    text = f"{question}\n\n{answer}\n\n{question[:-1]} dentro?\n\nNo."
    made = ask(Underliner(question, answer), question, text)
    assert quotes(made)[0] == answer


@pytest.mark.parametrize(
    ("text", "answers", "question"),
    [
        ("P.: ¿Cuánto dura?\nR.: Doce años.\n\nP.: ¿Quién lo repara?\nR.: Tejados Gil.", ("Doce años", "Tejados Gil"), "¿Cuánto dura?"),
        ("Q: How much is it?\nA: Nine pounds.\n\nQ: Where is it sold?\nA: At the kiosk.", ("Nine pounds", "At the kiosk"), "How much is it?"),
    ],
)  # fmt: skip
def test_a_quote_does_not_reach_over_the_next_question(ask, text, answers, question):
    for quote in quotes(ask(Underliner(*answers), question, text)):
        assert "?" not in quote


@pytest.mark.parametrize(
    ("text", "question", "marked", "answer"),
    [
        ("¿Cómo pido un volante?\n\nEn ventanilla.\n\n¿Cuánto tarda el volante?\n\nSe da en el acto.", "¿Cuánto tarda el volante?", "En ventanilla", "Se da en el acto."),
        ("Q: When is the lawn mown?\nA: On Mondays.\n\nQ: Who mows the lawn?\nA: The scouts.", "who mows the lawn", "On Mondays", "The scouts."),
        ("¿Qué es el vale de leña?\n\nUn papel.\n\n¿Cómo se pide?\n\nPor carta.", "¿Cómo se pide el vale de leña?", "Un papel", "Por carta."),
        ("1. ¿Quién corta la leña?\nLos guardas.\n2. ¿Quién paga la leña?\nLa federación.", "¿Quién paga la leña del refugio?", "Los guardas", "La federación."),
    ],
)  # fmt: skip
def test_the_answer_of_the_question_that_is_asked_is_quoted_whichever_the_reader_underlines(
    ask, text, question, marked, answer
):
    assert quotes(ask(Underliner(marked), question, text)) == [answer]


def test_a_row_is_quoted_whole(ask):
    text = "| Sala | Aforo |\n|---|---|\n| Norte | 40 |\n| Sur | 25 |\n"
    [quote] = quotes(ask(Underliner("25"), "aforo sala sur", text, suffix="md"))
    assert "Sur" in quote
    assert "25" in quote
    assert "40" not in quote


KILN_ES = "Dudas del taller\n\n¿Hay arcilla en el taller?\n\nSí, blanca y roja.\n\n¿Cabe un torno en el taller?\n\nNo, por la noche se guarda.\n"
KILN_EN = "Studio questions\n\nIs there clay in the studio?\n\nYes, white and red.\n\nDoes a wheel fit in the studio?\n\nNo, it is put away.\n"


@pytest.mark.parametrize(
    ("text", "answer", "lang", "question", "lacking"),
    [
        (KILN_ES, "Sí, blanca y roja.", "es", "¿Hay esmalte en el taller?", 3.0),
        (KILN_ES, "Sí, blanca y roja.", "es", "¿Es de aquí la arcilla?", 0.0),
        (KILN_EN, "Yes, white and red.", "en", "Is there glaze in the studio?", 3.0),
        (KILN_EN, "Yes, white and red.", "en", "Is there any clay?", 0.0),
        # it says what it is of
        (KILN_EN.replace("Yes, w", "W"), "White and red.", "en", "Is there glaze in the studio?", 0.0),
    ],
)  # fmt: skip
def test_the_yes_to_another_question_is_no_answer_where_the_reader_doubts(
    ask, text, answer, lang, question, lacking
):
    at = UNIT_FEATURES.index("lacking")
    doubting = ask(Underliner(answer, sure=-0.5), question, text, lang=lang)
    assert doubting.units[0].quote.text == answer
    assert doubting.units[0].features[at] == lacking
    believing = ask(Underliner(answer), question, text, lang=lang)
    assert (quotes(believing), believing.units[0].features[at]) == ([answer], 0.0)


@pytest.mark.parametrize(
    ("question", "lang", "lacking"),
    [
        ("multa?", "es", 3.0),
        ("fine?", "en", 3.0),
        ("patio?", "es", 0.0),
        ("¿Hay multa?", "es", 0.0),
        ("what is the deck?", "en", 0.0),
    ],
)
def test_what_has_none_of_a_few_keywords_is_no_answer_unless_the_reader_is_certain(
    ask, question, lang, lacking
):
    at = UNIT_FEATURES.index("lacking")
    marked = "Abre de junio a septiembre."
    for sure, lacks in ((2.0, lacking), (3.0, 0.0)):
        made = ask(Underliner(marked, sure=sure), question, POOL[0], lang=lang)
        assert (made.units[0].quote.text, made.units[0].features[at]) == (marked, lacks)


@pytest.mark.parametrize(
    ("text", "question", "answer"),
    [
        ("Índice\n\n1. Alquiler de la caseta ........ 3\n2. Llaves de la caseta ........ 4\n3. Basura ........ 5\n\n1. ALQUILER\n\nSe alquila por setenta euros.\n", "¿Cuál es el alquiler de la caseta?", "Se alquila por setenta euros."),
        ("Contents\n\n1. Rent of the hut ........ 3\n2. Keys of the hut ........ 4\n3. Rubbish ........ 5\n\n1. RENT\n\nIt is let for seventy pounds.\n", "What is the rent of the hut?", "It is let for seventy pounds."),
    ],
)  # fmt: skip
def test_contents_that_meet_the_question_best_keep_nothing_from_being_read(
    ask, text, question, answer
):
    made = ask(Underliner(answer), question, text)
    assert quotes(made) == [answer]


@pytest.mark.parametrize(
    ("text", "greeting", "question", "lang"),
    [
        ("Hi everyone,\n\nAna opens in April.\n\nKind regards,\n\nTom", "Hi everyone,", "Who opens in April?", "en"),
        ("Hola a todos:\n\nEn abril abre Ana.\n\nUn saludo,\n\nTomás", "Un saludo,", "¿Quién abre en abril?", "es"),
    ],
)  # fmt: skip
def test_a_greeting_is_no_quote_nor_part_of_one(ask, text, greeting, question, lang):
    said = text.split("\n\n")[1]
    assert quotes(ask(Underliner(greeting, said), question, text, lang=lang)) == [said]


def test_headings_are_not_quoted(ask):
    text = "# Horario de verano\n\nAbrimos a las ocho de la mañana.\n"
    made = ask(Underliner("Horario de verano", "Abrimos"), "horario", text, suffix="md")
    assert quotes(made) == ["Abrimos a las ocho de la mañana."]


def test_a_list_that_goes_on_in_the_next_passage_is_put_together(ask):
    items = [f"- requisito número {n} de la lista larga;" for n in range(1, 13)]
    text = "Para inscribirse hacen falta:\n" + "\n".join(items)
    made = ask(Underliner(*items), "requisitos inscribirse", text, max_tokens=60)
    quoted = "\n".join(quotes(made))
    assert len(made.chosen) > 1
    assert sum(item in quoted for item in items) > 6


BELOW = (
    (
        "Quien alquila la caseta del río se obliga a esto:\n\n"
        "1. Devuelve las llaves al guarda de la ribera antes de las doce.\n\n   Si el guarda falta, las deja en el buzón de la casa del barquero.\n\n"
        "2. Barre el suelo y cierra los postigos de las cuatro ventanas.\n\n"
        "3. Paga los vasos que rompa y avisa de lo que falte en la cocina.\n",
        "¿A quién se devuelven las llaves?", "Devuelve las llaves al guarda de la ribera antes de las doce.",
        "Si el guarda falta, las deja en el buzón de la casa del barquero.", "postigos", "es",
    ),
    (
        "Whoever rents the hut by the river does the following:\n\n"
        "1. Gives the keys back to the warden of the bank before noon.\n\n   If the warden is away, leaves them in the box of the boatman's house.\n\n"
        "2. Sweeps the floor and closes the shutters of the four windows.\n\n"
        "3. Pays for broken glasses and tells what the kitchen lacks.\n",
        "Who are the keys given back to?", "Gives the keys back to the warden of the bank before noon.",
        "If the warden is away, leaves them in the box of the boatman's house.", "shutters", "en",
    ),
)  # fmt: skip


@pytest.mark.parametrize(("text", "question", "one", "below", "next_one", "lang"), BELOW)
def test_one_item_with_what_stands_below_it_is_quoted_without_the_list_that_goes_on(
    ask, text, question, one, below, next_one, lang
):
    made = ask(Underliner(one, below), question, text, suffix="md", lang=lang, max_tokens=40)
    quoted = "\n".join(quotes(made))
    assert one in quoted
    assert below in quoted
    assert next_one not in quoted


SPREAD = (
    (
        "Tienen la tarifa reducida:\n\na) Los jubilados que viven en el pueblo, con el carné en la mano y una copia de él.\n"
        "b) Los estudiantes que no han cumplido los veinte años, con el papel firmado de la escuela.\n"
        "c) Los vecinos del puerto viejo.\n\nLa tarifa se pide en la ventanilla.",
        "Los jubilados que viven en el pueblo, con", "Los estudiantes que no han", "c) Los vecinos del puerto viejo.",
    ),
    (
        "These pay the reduced fare:\n\na) Pensioners who live in the village, with their card in their hand and a copy of it.\n"
        "b) Students who are not yet twenty years old, with the signed paper of their school.\n"
        "c) Neighbours of the old harbour.\n\nThe fare is asked for at the desk.",
        "Pensioners who live in the village, with", "Students who are not yet twenty", "c) Neighbours of the old harbour.",
    ),
)  # fmt: skip


@pytest.mark.parametrize(("text", "one", "two", "three"), SPREAD)
def test_things_of_one_list_that_answer_in_two_passages_are_quoted_together(
    ask, text, one, two, three
):
    made = ask(Underliner(one, two, three), "tarifa reducida reduced fare", text, max_tokens=45)
    assert quotes(made)[0].endswith(three)
    assert one in "\n".join(quotes(made))
    assert two in "\n".join(quotes(made))
    alone = ask(Underliner(three), "tarifa reducida reduced fare", text, max_tokens=45)
    assert one not in "\n".join(quotes(alone))


HUT_RULES = (
    (
        "En el refugio de la sierra se cumplen estas normas de la casa:\n\n"
        "1. Las botas se dejan en la entrada, debajo del banco de madera.\n"
        "2. La leña se corta fuera y se trae al cajón antes de la noche.\n"
        "3. El agua se saca de la fuente con el cubo que cuelga del muro.\n"
        "4. Las mantas se doblan y se dejan en el baúl de los pies.\n"
        "5. La basura se baja al pueblo y ninguna bolsa queda atrás.\n",
        "¿De dónde se saca el agua?", ("La leña se corta fuera y", "El agua se saca"), "mantas", "es",
    ),
    (
        "In the hut on the ridge these rules of the house are kept:\n\n"
        "1. Boots are left in the porch, below the long wooden bench.\n"
        "2. Logs are cut outside and brought to the box before night.\n"
        "3. Water is drawn from the spring with the bucket on the wall.\n"
        "4. Blankets are folded and left in the chest at the far end.\n"
        "5. Rubbish is taken down to the village and none stays behind.\n",
        "Where is water drawn from?", ("Logs are cut outside and", "Water is drawn"), "Blankets", "en",
    ),
)  # fmt: skip


@pytest.mark.parametrize(("chance", "goes_on"), [(0.3, False), (0.8, True)])
@pytest.mark.parametrize(("text", "question", "items", "next_one", "lang"), HUT_RULES)
def test_a_list_of_which_one_thing_is_asked_for_is_not_quoted_on_from_the_passage_beside(
    ask, text, question, items, next_one, lang, chance, goes_on
):
    beside, asked = (next(line for line in text.splitlines() if one in line) for one in items)
    reader = Faint(asked[3:], faint=beside[3:], chance=chance)
    made = ask(reader, question, text, lang=lang, suffix="md", max_tokens=60)
    [(_, read)] = reader.asked
    assert any(asked in passage and next_one not in passage for _, passage in read)
    assert {beside, asked} <= set(made.chosen[0].quote.text.splitlines())
    assert (next_one in "\n".join(quotes(made))) == goes_on


class Wavering(Underliner):
    """Is less sure of the passages that its second phrase stands in."""

    def _reading(self, text):
        reading = super()._reading(text)
        return replace(reading, answers=self.sure - 2) if self.phrases[1] in text else reading


CUT = (
    (
        "El coro de la ermita se fundó hace treinta años y ensaya los jueves por la tarde. Al coro se entra de dos modos.",
        "Con una prueba de voz ante el maestro del coro. O de la mano de quien ya canta, que responde por quien entra un año.",
        "En verano no se ensaya. Las partituras se guardan en la sacristía, y la llave la tiene el campanero.",
        "¿De qué modos se entra al coro, ante el maestro?", "es",
    ),
    (
        "The choir of the chapel is thirty years old and sings on Thursday evenings. You can join the choir in two ways.",
        "By singing to the master of the choir. Or on the word of a singer, who answers for you when you join.",
        "There is no singing in summer. The sheets are kept in the vestry, and the bell-ringer has the key to it.",
        "In which ways can you join the choir, as a singer?", "en",
    ),
)  # fmt: skip


@pytest.mark.parametrize(("before", "after", "rest", "question", "lang"), CUT)
def test_an_answer_that_goes_on_in_the_next_passage_is_quoted_with_the_rest_of_it(
    ask, before, after, rest, question, lang
):
    opening, announced = before.split(". ")
    said, more = after.split(". ")
    text = f"{before}\n\n{after} {rest}\n"
    made = ask(Wavering(announced, said, more), question, text, lang=lang, max_tokens=28)
    assert quotes(made) == [announced, after]
    # What is marked further on is not what goes on
    made = ask(Wavering(announced, more, more), question, text, lang=lang, max_tokens=28)
    assert quotes(made) == [announced]
    # Nor is what follows on something that is not at the end
    made = ask(Wavering(opening, said, more), question, text, lang=lang, max_tokens=28)
    assert quotes(made) == [f"{opening}."]


LONG = (
    "# Alta\n\n## Requisitos\n\nPara darse de alta hay que traer:\n\n"
    "1. El carné y una fotocopia de las dos caras.\n2. El título de la escuela, según el caso:\n\n"
    "a. Si es de antes de 2010, con el sello del ayuntamiento y la firma de quien lo guarda en el archivo.\n\n"
    "b. Si es de después, tal como está, sin más.\n\nEl sello se pide en la ventanilla, de nueve a dos.\n\n"
    "c. Si es de otro país, con su traducción jurada.\n\n3. Dos fotos de este año.\n4. El recibo de la cuota.\n\n"
    "## Bajas\n\nLas bajas se piden por escrito.\n",
    "# Joining\n\n## What to bring\n\nTo join, bring with you:\n\n"
    "1. Your card and a copy of both its sides.\n2. The certificate of your school, as the case may be:\n\n"
    "a. If it is older than 2010, with the stamp of the town hall and the name of whoever keeps it in the archive.\n\n"
    "b. If it is newer, just as it is, nothing more.\n\nThe stamp is given at the desk, from nine to two.\n\n"
    "c. If it is from abroad, with a sworn translation.\n\n3. Two photographs of this year.\n4. The receipt of the fee.\n\n"
    "## Leaving\n\nWhoever leaves says so in writing.\n",
)


@pytest.mark.parametrize(
    ("text", "lead"), [(LONG[0], "Para darse de alta hay que traer:"), (LONG[1], "To join, bring with you:")]
)  # fmt: skip
@pytest.mark.parametrize("max_tokens", [40, 70, 400])
def test_where_the_lead_in_is_underlined_the_whole_list_is_quoted(ask, text, lead, max_tokens):
    first = text[text.index("1. ") : text.index("\n2.")]
    made = ask(
        Underliner(lead, first),
        "requisitos alta join bring",
        text,
        max_tokens=max_tokens,
        suffix="md",
    )
    quoted = "\n".join(quotes(made))
    listed = text[text.index(lead) : text.index("\n\n##", text.index(lead))]
    for words in listed.replace("\n\n", "\n").split("\n"):
        assert words.removeprefix("#").strip() in quoted
    assert [u.quote.start for u in made.chosen] == sorted(u.quote.start for u in made.chosen)
    assert "Bajas" not in quoted
    assert "Leaving" not in quoted


@pytest.mark.parametrize("text", LONG)
def test_one_item_of_a_long_list_is_quoted_alone(ask, text):
    item = text[text.index("3. ") : text.index("\n4.")]
    made = ask(Underliner(item), "fotos photographs", text, max_tokens=40, suffix="md")
    assert quotes(made)[0].endswith(item)
    assert "4. " not in "".join(quotes(made))


@pytest.mark.parametrize(
    ("text", "question", "lang"),
    [
        ("Estatutos de 1993.\n\nVilla Alegre es una asociación. En Villa Alegre hay un lago.\n\n{filler}\n\nLa sede de Villa Alegre está "
         "en la plaza.\n\n{filler}\n\nLa cuota es de 50 euros al año.\n", "¿Cuántos euros al año es la cuota de Villa Alegre?", "es"),
        ("By-laws of 1993.\n\nPINE HOLLOW is an association. There is a lake at Pine Hollow.\n\n{filler}\n\nThe seat of Pine Hollow is "
         "in the square.\n\n{filler}\n\nThe fee is 50 euros a year.\n", "How many euros a year is the fee at Pine Hollow?", "en"),
    ],
)  # fmt: skip
def test_the_name_of_a_documents_own_club_stands_over_all_of_it(ask, text, question, lang):
    filler = " ".join(["El archivo guarda las actas.", "The archive keeps the minutes."] * 20)
    answer = text.rsplit("\n\n", 1)[1].strip()
    reader = Underliner(answer)
    weighed = replace(WEIGHED, support=dict(WEIGHED.support) | {"missing": -200.0})
    own = ask(
        reader, question, text.format(filler=filler), lang=lang, weighed=weighed, max_tokens=40
    )
    name = question.rsplit(" ", 2)[1] + " " + question.rsplit(" ", 1)[1].rstrip("?")
    headings = {heading for _, asked in reader.asked for heading, words in asked if answer in words}
    assert [heading.split(" › ")[0] for heading in headings] == [name]
    assert own.confidence > own.least
    other = ask(Underliner(answer), question, answer, lang=lang, weighed=weighed, max_tokens=40)
    assert other.confidence < other.least


def test_what_another_document_says_follows_where_it_is_as_sure(ask):
    texts = ("El gimnasio cuesta 30 euros al mes.", "El gimnasio cuesta 45 euros al mes.")
    assert quotes(ask(Underliner(*texts), "cuánto cuesta el gimnasio", *texts)) == list(texts) or (
        quotes(ask(Underliner(*texts), "cuánto cuesta el gimnasio", *texts)) == list(texts[::-1])
    )
    [alone] = quotes(ask(Underliner(texts[1]), "cuánto cuesta el gimnasio", *texts))
    assert alone == texts[1]


EXCEPTIONS = (
    (
        "# Normas\n\nEl reglamento de ruido dice hasta qué hora se toca, con algunas excepciones al reglamento de ruido.\n\n"
        "## Las excepciones\n\nLas fiestas de mayo.\n\n## Otras\n\nLas fiestas de junio.\n",
        "qué excepciones hay al reglamento de ruido", "Las fiestas de mayo.", "Las fiestas de junio.", "es",
    ),
    (
        "# Rules\n\nThe rules on noise say until when there is music, with some exceptions to the rules on noise.\n\n"
        "## The exceptions\n\nThe fair in May.\n\n## Others\n\nThe fair in June.\n",
        "which exceptions are there to the rules on noise", "The fair in May.", "The fair in June.", "en",
    ),
)  # fmt: skip


@pytest.mark.parametrize(("text", "question", "below", "elsewhere", "lang"), EXCEPTIONS)
def test_what_stands_below_a_heading_of_words_of_the_question_is_quoted_too(
    ask, text, question, below, elsewhere, lang
):
    first = text.split("\n\n")[1]
    weighed = replace(WEIGHED, units=WEIGHED.units | {"fused": 20.0})
    reader = Underliner(first, below, elsewhere)
    made = ask(reader, question, text, lang=lang, weighed=weighed, suffix="md", max_tokens=30)
    assert quotes(made) == [first, below]
    # One that does not answer is not
    made = ask(Underliner(first), question, text, lang=lang, weighed=weighed, suffix="md", max_tokens=30)  # fmt: skip
    assert quotes(made) == [first]


def test_the_same_words_are_quoted_once(ask):
    text = "El gimnasio cuesta 30 euros al mes y abre a diario."
    other = f"Aviso del año pasado sobre cuotas y horarios de otras salas. {text}"
    assert len(quotes(ask(Underliner(text), "cuánto cuesta el gimnasio", text, other))) == 1


def test_where_no_passage_answers_the_confidence_falls_short(ask):
    made = ask(Underliner("nothing of this"), "piscina", *POOL)
    assert made.confidence < made.least


def mail_of(who, subject, *lines, to="todos@x.test"):
    kind = "Content-Type: text/plain; charset=utf-8"
    return "\n".join((f"From: {who}", f"To: {to}", f"Subject: {subject}", kind, "", *lines))


PAINT = (
    mail_of("Luis Paz <luis@x.test>", "La lancha", "El sábado pintamos la lancha en el muelle."),
    mail_of(
        "Ana Gil <ana@x.test>", "Re: La lancha", "Ese sábado no puedo.", "", "El lunes, Luis Paz escribió:",
        "> El sábado pintamos la lancha en el muelle.",
    ),
    mail_of("Eva Mar <eva@x.test>", "Remos", "Luis dijo que los remos son nuevos."),
)  # fmt: skip
BOAT = (
    mail_of("Luis Paz <luis@x.test>", "The boat", "On Saturday we paint the boat at the pier."),
    mail_of(
        "Ana Gil <ana@x.test>", "Re: The boat", "I cannot come on that day.", "", "On Monday, Luis Paz wrote:",
        "> On Saturday we paint the boat at the pier.",
    ),
    mail_of("Eva Mar <eva@x.test>", "Oars", "Luis said that the oars are new."),
)  # fmt: skip


@pytest.mark.parametrize(
    ("mails", "question", "lang", "line"),
    [
        (PAINT, "¿Quién escribió que pintamos la lancha?", "es", "De: Luis Paz <luis@x.test>"),
        (PAINT, "¿Quién ha mandado el correo sobre la lancha?", "es", "De: Luis Paz <luis@x.test>"),
        (PAINT, "¿De quién es el mensaje de la lancha?", "es", "De: Luis Paz <luis@x.test>"),
        (PAINT, "¿Quién contestó sobre la lancha?", "es", "De: Ana Gil <ana@x.test>"),
        (PAINT, "¿Quién dijo que ese sábado no puede?", "es", "De: Ana Gil <ana@x.test>"),
        (PAINT, "¿Cuál es el correo de Ana?", "es", "De: Ana Gil <ana@x.test>"),
        (PAINT[1:], "¿Quién escribió que pintamos la lancha?", "es", "El lunes, Luis Paz escribió:\n> El sábado pintamos la lancha en el muelle."),
        (BOAT, "Who wrote about the boat?", "en", "From: Luis Paz <luis@x.test>"),
        (BOAT, "Who is the mail about the boat from?", "en", "From: Luis Paz <luis@x.test>"),
        (BOAT, "Who replied about the boat?", "en", "From: Ana Gil <ana@x.test>"),
        (BOAT, "Who said that they cannot come?", "en", "From: Ana Gil <ana@x.test>"),
        (BOAT, "What is Ana's e-mail address?", "en", "From: Ana Gil <ana@x.test>"),
        (BOAT[1:], "Who wrote about the pier?", "en", "On Monday, Luis Paz wrote:\n> On Saturday we paint the boat at the pier."),
    ],
)  # fmt: skip
def test_who_wrote_something_is_said_by_the_line_over_it_though_the_reader_sees_it_nowhere(
    ask, mails, question, lang, line
):
    made = ask(Underliner("nothing"), question, *mails, lang=lang)
    assert quotes(made)[0] == line
    assert made.confidence > 0.8


@pytest.mark.parametrize(
    ("mails", "question", "lang"),
    [
        (PAINT, "¿Quién escribió sobre la piscina?", "es"),
        (PAINT, "¿Quién mandó el plano de la lancha del club?", "es"),
        # Who is told to have said it did not write the mail
        (PAINT[2:], "¿Quién dijo que los remos son nuevos?", "es"),
        (PAINT, "¿Quién pinta la lancha?", "es"),
        (PAINT, "¿A quién escribió Luis sobre la lancha?", "es"),
        (BOAT, "Who wrote about the pool?", "en"),
        (BOAT[2:], "Who said that the oars are new?", "en"),
        (BOAT, "Who paints the boat?", "en"),
        (BOAT, "Who did Luis write to about the boat?", "en"),
        (BOAT, "What is Olga's e-mail address?", "en"),
    ],
)
def test_what_no_mail_says_was_written_by_nobody(ask, mails, question, lang):
    made = ask(Underliner("nothing"), question, *mails, lang=lang)
    assert made.confidence < WEIGHED.least


@pytest.mark.parametrize(
    ("mails", "question", "lang", "line"),
    [
        (PAINT[1:2], "¿Quién escribió sobre la piscina?", "es", "El lunes, Luis Paz escribió:"),
        (BOAT[1:2], "Who wrote about the pool?", "en", "On Monday, Luis Paz wrote:"),
    ],
)
def test_who_wrote_something_else_is_no_answer_however_much_is_underlined(
    ask, mails, question, lang, line
):
    made = ask(Underliner(line), question, *mails, lang=lang)
    assert made.confidence < WEIGHED.least


@pytest.mark.parametrize(
    ("mails", "question", "lang", "quoted", "said"),
    [
        (PAINT, "¿Qué contestó Ana a Luis?", "es", "El sábado pintamos", "Ese sábado no puedo."),
        (BOAT, "What did Ana say about the boat?", "en", "paint the boat", "I cannot come on that day."),
    ],
)  # fmt: skip
def test_what_somebody_wrote_is_not_what_the_mail_quotes_of_another(
    ask, mails, question, lang, quoted, said
):
    made = ask(Underliner(quoted), question, mails[1], lang=lang)
    assert quotes(made) == [said]


def test_heads_of_mails_say_nothing_where_another_document_surely_answers(ask):
    book = "Luis Paz escribió La lancha en 1931."
    made = ask(Underliner(book), "¿Quién escribió La lancha?", PAINT[0], book)
    assert quotes(made) == [book]


def test_of_no_passages_nothing_is_chosen(ask):
    made = ByReader(Underliner("x"), WEIGHED, RULES_THAT_SHIP).select(
        Question("q", "en", 1.0), [], None, None
    )
    assert (made.units, made.chosen, made.confidence) == ((), (), 0.0)


def test_the_reader_is_given_the_heading_and_each_passage_once(ask):
    reader = Underliner("ocho")
    ask(reader, "horario", "# Verano\n\nAbrimos a las ocho.\n", suffix="md")
    [(question, passages)] = reader.asked
    assert question == "horario"
    assert passages == [("Verano", "Abrimos a las ocho.")]


ROWS = (
    "| Sala | Aforo |\n|---|---|\n| Norte | 40 |\n| Sur | 25 |\n| Este | 30 |\n",
    "| Room | Seats |\n|---|---|\n| North | 40 |\n| South | 25 |\n| East | 30 |\n",
)


@pytest.mark.parametrize(
    ("text", "question", "marked", "row", "suffix"),
    [
        ("| Persona | Turno | Planta |\n|---|---|---|\n| Berta Gil | noche | 2 |\n| Celso | tarde | 5 |\n", "¿En qué planta está Berta Gil?", "Celso", "Berta Gil | noche | 2", "md"),
        ("| Día | Taller | Sala |\n|---|---|---|\n| lunes | barro | 2 |\n| lunes | telar | 4 |\n| martes | telar | 5 |\n", "¿En qué sala es el telar del lunes?", "barro", "lunes | telar | 4", "md"),
        ("Name,Note,Desk\nKim,Arrives at ten,4\nLou,Arrives at noon,7\n", "When does Kim arrive?", "Arrives at noon", "Name: Kim; Note: Arrives at ten; Desk: 4.", "csv"),
        ("Fecha,Acto,Lugar\n12/06/2024,Pregón,Plaza\n13/06/2024,Verbena,Muelle\n", "¿Qué acto hay el 12 de junio de 2024?", "Verbena", "Fecha: 12/06/2024; Acto: Pregón; Lugar: Plaza.", "csv"),
    ],
)  # fmt: skip
def test_the_row_that_the_question_names_is_quoted_whichever_the_reader_underlines(
    ask, text, question, marked, row, suffix
):
    [quoted, *_] = quotes(ask(Underliner(marked), question, text, suffix=suffix))
    assert quoted.endswith(row)
    assert marked not in quoted


LICENCES = (
    ("Licencia", "Precio", "Cubre"),
    ("B", "40 €", "lago, piscina y remo de banco fijo en aguas tranquilas"),
    ("B+", "55 €", "lo anterior y además el piragüismo y el remo de mar"),
    ("B-J", "25 €", "lago y piscina para quien no ha cumplido dieciséis años"),
    ("B Plus", "90 €", "todo lo que hay, dentro y fuera del país, con rescate"),
)
PASSES = (
    ("Pass", "Price", "Covers"),
    ("B", "40 pounds", "the lake, the pool and rowing boats in calm waters"),
    ("B+", "55 pounds", "all of that and canoes and boats at sea as well"),
    ("B-J", "25 pounds", "the lake and the pool for whoever is under sixteen"),
    ("B Plus", "90 pounds", "whatever there is, here and abroad, with rescue"),
)


@pytest.mark.parametrize("max_tokens", [30, 200])
@pytest.mark.parametrize(("rows", "lang"), [(LICENCES, "es"), (PASSES, "en")])
@pytest.mark.parametrize("asked", ["B", "B+", "B-J", "B Plus"])
def test_of_rows_called_almost_the_same_the_one_that_is_asked_for_is_quoted_signs_and_all(
    ask, rows, lang, asked, max_tokens
):
    text = "\n".join(",".join(f'"{cell}"' for cell in row) for row in rows)
    question = {"es": f"¿Cuánto cuesta la {asked}?", "en": f"How much is the {asked}?"}[lang]
    prices = {row[0]: row[1] for row in rows[1:]}
    others = [price for name, price in prices.items() if name != asked]
    reader = Underliner(*others, prices[asked])
    made = ask(reader, question, text, lang=lang, max_tokens=max_tokens, suffix="csv")
    assert f": {asked}; " in quotes(made)[0]
    assert not any(price in quote for quote in quotes(made) for price in others)


@pytest.mark.parametrize(
    ("rows", "question", "asked", "lang"),
    [
        (LICENCES, "¿En qué se diferencian la B+ y la B Plus?", ("B+", "B Plus"), "es"),
        (PASSES, "B-J or B+, which is dearer?", ("B-J", "B+"), "en"),
    ],
)
def test_rows_that_are_named_side_by_side_are_all_quoted(ask, rows, question, asked, lang):
    text = "\n".join(",".join(f'"{cell}"' for cell in row) for row in rows)
    # One is marked, the other doubted
    price = next(row[1] for row in rows if row[0] == asked[0])
    made = ask(Underliner(price), question, text, lang=lang, max_tokens=30, suffix="csv")
    assert [any(f": {name}; " in quote for quote in quotes(made)) for name in asked] == [True, True]
    assert len(quotes(made)) == 2


def test_a_row_named_beside_another_in_the_same_passage_is_quoted(ask):
    text = (
        "| Barco | Plazas |\n|---|---|\n| Alondra | 12 |\n| Garza | 8 |\n| Tordo | 5 |\n"
        "| Pinzón | 9 |\n| Mirlo | 6 |\n"
    )
    made = ask(
        Underliner("Alondra | 12"), "¿Qué barco es mayor, Alondra o Mirlo?", text, suffix="md"
    )
    assert any("Alondra | 12" in quote for quote in quotes(made))
    assert any("Mirlo | 6" in quote for quote in quotes(made))


@pytest.mark.parametrize(
    ("columns", "rows", "question", "right", "wrong", "lang"),
    [
        (("Pueblo", "Alcalde"), (("Robledo", "Ana Sanz"), ("Peñalén", "Luis Gil")), "¿Quién es el alcalde de Peñalén?", "Luis Gil", "Ana Sanz", "es"),
        (("School", "Head"), (("Ashby School", "Ruth Bell"), ("Corby School", "Tom Dale")), "Who is the head of Ashby School?", "Ruth Bell", "Tom Dale", "en"),
    ],
)  # fmt: skip
def test_parts_of_other_rows_than_the_one_named_are_not_read(
    ask, columns, rows, question, right, wrong, lang
):
    figures = [f"Dato {n}" for n in range(12)]
    lines = [[columns[0], *figures, columns[1]]]
    lines += [[name, *(str(n) for n in range(12)), said] for name, said in rows]
    text = "\n".join(map(",".join, lines))
    reader = Underliner(wrong, right)
    made = ask(reader, question, text, lang=lang, max_tokens=20, suffix="csv")
    assert right in quotes(made)[0]
    assert not any(wrong in quote for quote in quotes(made))
    assert not any(wrong in text for _, read in reader.asked for _, text in read)
    # Who names none of them is told of all
    made = ask(reader, f"¿{columns[1]}?", text, lang=lang, max_tokens=20, suffix="csv")
    assert {name for name in (right, wrong) for quote in quotes(made) if name in quote} == {
        right,
        wrong,
    }


@pytest.mark.parametrize(
    ("towns", "inns", "question", "price", "lang"),
    [
        (("Pueblo", "Alcalde", "Robledo", "Ana Sanz"), ("Hostal", "Precio", "La Peña", "90 euros"), "¿Qué precio tiene el hostal de Robledo?", "90 euros", "es"),
        (("Town", "Mayor", "Ashby", "Ruth Bell"), ("Inn", "Price", "The Gull", "12 pounds"), "What is the price of the inn at Ashby?", "12 pounds", "en"),
    ],
)  # fmt: skip
def test_a_row_that_is_named_leaves_rows_of_other_documents_alone(
    ask, towns, inns, question, price, lang
):
    figures = ",".join(f"Dato {n}" for n in range(12))
    values = ",".join(map(str, range(12)))
    texts = [
        f"{first},{figures},{last}\n{name},{values},{said}\n"
        for first, last, name, said in (towns, inns)
    ]
    made = ask(Underliner(price), question, *texts, lang=lang, max_tokens=20, suffix="csv")
    assert price in quotes(made)[0]


@pytest.mark.parametrize(
    ("csv", "question", "wrong", "row", "lang"),
    [
        ("vale,vecina,herramienta,días\nK-1,Ana Mora,Azada,2\nK-1,Ana Mora,Pala,1\nK-2,Eva Gil,Azada,6\n", "¿Cuántos días tiene Ana Mora la azada?", "Eva Gil", "vale: K-1; vecina: Ana Mora; herramienta: Azada; días: 2.", "es"),
        ("slip,who,tool,days\nK-1,Ivy Cole,Spade,2\nK-2,Ned Hart,Spade,6\nK-2,Ned Hart,Rake,3\n", "For how many days has Ned Hart the spade?", "Ivy Cole", "slip: K-2; who: Ned Hart; tool: Spade; days: 6.", "en"),
        # The name behind a code is the name
        ("lugar;quién;total\n44001 Umbría;vecinos;41\n44002 Solana;vecinos;29\n", "¿Cuántos vecinos tiene Umbría?", "44002 Solana", "lugar: 44001 Umbría; quién: vecinos; total: 41.", "es"),
        # Nor does a size lie between whole part and decimals of a price
        ("51;Marco liso;1,35\n52;Marco 2 mm;1,80\n59;Espejo biselado 30x40;26,00\n60;Espejo biselado 30x50;32,00\n", "¿Cuánto cuesta el espejo biselado de 30x40?", "Marco", "59; Espejo biselado 30x40; 26,00.", "es"),
        # A part of another name is none, and who asks for what comes after something does not ask for that
        ("12;Ruido;50 €\n13;Ruido nocturno en el patio;90 €\n14;Basura;40 €\n", "¿Qué multa hay por hacer ruido en el patio?", "Ruido nocturno en el patio; 90", "13; Ruido nocturno en el patio; 90 €.", "es"),
        ("10;Mosses;Tom Dale\n11;Lunch;nobody\n12;Ferns;Ruth Bell\n", "Who speaks after lunch?", "Ferns; Ruth", "12; Ferns; Ruth Bell.", "en"),
        ("7;Plain frame;1.35\n8;Round frame;1.80\n9;Oak shelf;26.00\n", "How much is the oak shelf?", "Round frame", "9; Oak shelf; 26.00.", "en"),
    ],
)  # fmt: skip
def test_rows_that_begin_with_a_code_are_told_by_their_other_cells(
    ask, csv, question, wrong, row, lang
):
    assert quotes(ask(Underliner(wrong), question, csv, lang=lang, suffix="csv")) == [row]


SCHEDULES = (
    "| Semana | Tema |\n|---|---|\n| 5 – 4 de marzo | hongos |\n| 6 – 11 de marzo | musgos |\n| 7 – 18 de marzo | helechos |\n",
    "| Week | Topic |\n|---|---|\n| 5 Mar 4 | fungi |\n| 6 Mar 11 | mosses |\n| 7 Mar 18 | ferns |\n",
    "Topic,Day\nfungi,4/3\nmosses,11/3\nferns,18/3\n",
    "Tema,Del,Al\nhongos,04/03/2026,08/03/2026\nmusgos,11/03/2026,15/03/2026\nhelechos,18/03/2026,22/03/2026\n",
)


@pytest.mark.parametrize(
    ("table", "suffix", "row"),
    [
        (SCHEDULES[0], "md", "6 – 11 de marzo | musgos"),
        (SCHEDULES[1], "md", "6 Mar 11 | mosses"),
        (SCHEDULES[2], "csv", "Topic: mosses; Day: 11/3."),
        (SCHEDULES[3], "csv", "Tema: musgos; Del: 11/03/2026; Al: 15/03/2026."),
    ],
)
@pytest.mark.parametrize(
    "asked",
    ["la semana del 11 de marzo", "the week of March 11", "on 11th March", "Mar. 11", "11/3"],
)
@pytest.mark.parametrize("max_tokens", [25, 200])
def test_a_row_is_asked_for_by_its_day_however_that_is_written(
    ask, table, suffix, row, asked, max_tokens
):
    others = ("hongos", "helechos", "fungi", "ferns")
    made = ask(
        Underliner(*others), f"tema topic {asked}?", table, suffix=suffix, max_tokens=max_tokens
    )
    assert quotes(made)[0] == row
    assert not any(other in quote for quote in quotes(made) for other in others)


@pytest.mark.parametrize(
    ("text", "question", "said", "lang"),
    [
        ("Programa\n\n03/05/2031 - Baile en la plaza\n04/05/2031 - Taller de barro\n05/05/2031 - Cine\n", "¿Qué hay el 04/05/2031?", "04/05/2031 - Taller de barro", "es"),
        ("Programa\n\n- Domingo, 3 de mayo: baile\n- Lunes, 4 de mayo: taller de barro\n- Del 5 al 9 de mayo: cine\n", "¿Qué hay el 7 de mayo?", "- Del 5 al 9 de mayo: cine", "es"),
        ("Programme\n\n- 3 May: ball on the green\n- 4 May: pottery\n- 5-9 May: film\n", "What is on on May the 4th?", "- 4 May: pottery", "en"),
        ("The ball was on 2 May.\n\nOn 3 May twenty came. On 4 May ten came to the kiln.\n", "How many came on 3 May?", "On 3 May twenty came.", "en"),
    ],
)  # fmt: skip
def test_the_entry_of_the_day_that_is_asked_about_is_quoted_whichever_is_underlined(
    ask, text, question, said, lang
):
    others = [line for line in text.split("\n")[2:] if line and line != said]
    made = ask(Underliner(*others), question, text, lang=lang)
    assert quotes(made) == [said]


@pytest.mark.parametrize(
    ("text", "question", "lang"),
    [
        ("Programa\n\n- 03/05/2031: baile\n- 04/05/2031: taller\n- Del 20 al 24 de mayo: feria\n", "¿Qué hay el 30 de mayo?", "es"),
        ("Programme\n\n- 3 May: ball\n- 4 May: pottery\n- 20-24 May: fair\n", "What is on on 30 May?", "en"),
    ],
)  # fmt: skip
def test_entries_of_other_days_are_no_answer(ask, text, question, lang):
    made = ask(Underliner(*text.split("\n")[2:-1]), question, text, lang=lang)
    assert made.confidence < made.least


def test_the_day_of_a_date_names_no_row_of_that_number(ask):
    text = "| Etapa | Día | Sitio |\n|---|---|---|\n| 5 | 7 de mayo | Arzúa |\n| 3 | 5 de mayo | Melide |\n"
    made = ask(Underliner("Arzúa"), "¿A qué sitio se llega el 5 de mayo?", text, suffix="md")
    assert quotes(made) == ["3 | 5 de mayo | Melide"]
    made = ask(Underliner("Melide"), "¿A qué sitio se llega en la 5?", text, suffix="md")
    assert quotes(made)[0].endswith("\n5 | 7 de mayo | Arzúa")


@pytest.mark.parametrize(
    ("table", "question", "wrong", "row", "lang"),
    [
        ("L X 16-17h,Tenis,M J 16-17h,Coro\nL X 16-17h,Judo,M J 16-17h,Ajedrez\nX 18-19h,Cuentos,J 18-19h,Danza\n", "¿Qué hay los miércoles de 18 a 19?", "Judo", "X 18-19h | Cuentos | J 18-19h | Danza", "es"),
        ("| Club | When |\n|---|---|\n| Chess | M W 3:30-4:30 |\n| Drama | T Th 3:30-4:30 |\n", "Which club meets on Thursdays?", "Chess", "Drama | T Th 3:30-4:30", "en"),
        ("| Hora | Taller |\n|---|---|\n| 9:25-10:20 | barro |\n| 10:20-11:15 | telar |\n", "¿Qué taller hay a las 10:30?", "barro", "10:20-11:15 | telar", "es"),
        ("| Puesto | Abre |\n|---|---|\n| Pan | M a D |\n| Flores | L a V |\n", "What is open on Mondays?", "Pan", "Flores | L a V", "es"),
    ],
)  # fmt: skip
def test_a_row_is_asked_for_by_its_day_of_the_week_and_time(ask, table, question, wrong, row, lang):
    if "|" not in table:
        cells = [line.split(",") for line in table.split("\n")[:-1]]
        table = "\n".join(f"<tr>{''.join(f'<td>{c}</td>' for c in line)}</tr>" for line in cells)
        table = f"<html><body><p>Talleres de la tarde en la escuela.</p><table>{table}</table></body></html>"
    suffix = "html" if "<" in table else "md"
    made = ask(Underliner(wrong), question, table, lang=lang, suffix=suffix)
    assert quotes(made)[0] == row


@pytest.mark.parametrize(
    ("question", "lang"),
    [("¿Qué hay los miércoles de 18 a 19?", "es"), ("What is on Wednesdays from 18 to 19?", "en")],
)
def test_rows_of_another_day_and_time_in_other_passages_are_no_answer(ask, question, lang):
    days = [
        ("L 16-17h", "Judo"),
        ("X 16-17h", "Coro"),
        ("X 18-19h", "Cuentos"),
        ("J 18-19h", "Danza"),
    ]
    text = "Cuándo,Qué\n" + "".join(f"{when},{what}\n" for when, what in days)
    reader = Underliner(*(what for _, what in days))
    made = ask(reader, question, text, lang=lang, max_tokens=20, suffix="csv")
    assert quotes(made) == ["Cuándo: X 18-19h; Qué: Cuentos."]


@pytest.mark.parametrize(
    ("question", "rows", "lang", "off"),
    [
        ("¿Cuánto pagamos al muelle en abril?", ["2031-03-31,Muelle,60 €", "2031-02-28,Muelle,90 €"], "es", True),
        ("How much was the pier in April?", ["3 March,Pier,£60", "February,Pier,£90"], "en", True),
        ("¿Qué hay los domingos?", ["lunes,Coro,20", "martes,Telar,12"], "es", True),
        ("Which club meets on Sundays?", ["Mon,Choir,20", "Tuesday,Loom,12"], "en", True),
        # One is of then, or says no day, or from one to another, or it is asked whether something is so
        ("¿Qué hay los domingos?", ["lunes,Coro,20", "domingo,Telar,12"], "es", False),
        ("Which club meets on Sundays?", ["Mon,Choir,20", "every day,Loom,12"], "en", False),
        ("How much is the pier in April?", ["March – May,Pier,£60", "June – July,Pier,£90"], "en", False),
        ("¿Es más barato el muelle en abril?", ["marzo,Muelle,60 €", "febrero,Muelle,90 €"], "es", False),
        ("¿Cuánto pagamos al muelle antes de abril?", ["2031-03-31,Muelle,60 €", "2031-02-28,Muelle,90 €"], "es", False),
        ("How much was the pier after January?", ["3 March,Pier,£60", "February,Pier,£90"], "en", False),
        ("What may I bring to the pier?", ["March,Pier,boots", "June,Pier,hats"], "en", False),
    ],
)  # fmt: skip
def test_rows_that_are_each_of_another_month_or_day_of_the_week_are_no_answer(
    ask, question, rows, lang, off
):
    text = "".join(f"{row}\n" for row in ("Fecha,Qué,Cuánto", *rows))
    made = ask(Underliner(*(row.split(",")[1] for row in rows)), question, text, lang=lang, suffix="csv")  # fmt: skip
    assert made.units[0].features[UNIT_FEATURES.index("lacking")] == (3.0 if off else 0.0)


@pytest.mark.parametrize(
    ("table", "suffix", "asked", "wrong", "row"),
    [
        ("<table><tr><td>A<td>94-100<td>B+<td>87-89<tr><td>A-<td>90-93<td>B<td>84-86<tr><td><td><td>B-<td>80-83</table>", "html", "B+", "80-83", "A | 94-100 | B+ | 87-89"),
        ("<table><tr><th>Grade<th>Points<th>Grade<th>Points<tr><td>A<td>94<td>C<td>73<tr><td>B<td>84<td>C-<td>70</table>", "html", "C-", "73", "B | 84 | C- | 70"),
        ("Pase,Precio,Pase,Precio\nOro,90 €,Cobre,40 €\nPlata,60 €,Hierro,20 €\n", "csv", "hierro", "40", "Pase: Plata; Precio: 60 €; Pase: Hierro; Precio: 20 €."),
        ("<table><tr><td>L 16-17h<td>Tenis<td>M 16-17h<td>Piano<tr><td>L 17-18h<td>Coro<td>M 16-17h<td>Judo<tr><td>X 17-18h<td>Inglés<td>J 17-18h<td>Patinaje en familia</table>", "html", "patinaje en familia", "Judo", "X 17-18h | Inglés | J 17-18h | Patinaje en familia"),
    ],
)  # fmt: skip
def test_a_row_is_named_by_each_of_the_records_that_stand_in_it_side_by_side(
    ask, table, suffix, asked, wrong, row
):
    made = ask(Underliner(wrong), f"¿Qué hay de la {asked}?", table, suffix=suffix)
    assert quotes(made)[0] == row


@pytest.mark.parametrize(
    ("table", "suffix", "question", "wrong", "row", "lang"),
    [
        ("| Edad | Entrada |\n|---|---|\n| 0-3 años | gratis |\n| 4-13 años | 2 € |\n| 14 años o más | 5 € |\n", "md", "¿Cuánto paga un niño de 8 años?", "5 €", "4-13 años | 2 €", "es"),
        ("| Level | Age | Day |\n|---|---|---|\n| Frogs | 5-6 | Monday |\n| Otters | 7 to 9 | Friday |\n| Sharks | 10+ | Sunday |\n", "md", "Which level is for an 8 year old?", "Frogs", "Otters | 7 to 9 | Friday", "en"),
        ("Base desde,Base hasta,Tipo\n0 €,12.000 €,9 %\n12.001 €,20.000 €,12 %\n20.001 €,35.000 €,15 %\n", "csv", "¿Qué tipo tiene una base de 15.000 €?", "35.000", "Base desde: 12.001 €; Base hasta: 20.000 €; Tipo: 12 %.", "es"),
    ],
)  # fmt: skip
def test_a_row_is_asked_for_by_an_amount_within_its_range(
    ask, table, suffix, question, wrong, row, lang
):
    assert quotes(ask(Underliner(wrong), question, table, lang=lang, suffix=suffix))[0] == row


SHIFTS = (
    "| Puesto | Lunes | Martes |\n|---|---|---|\n| Ropero | Olga | Saúl |\n| Cantina | Iker | Noa |\n",
    "Boat,Week in May,Week in July\nTern,£400,£620\nGull,£380,£590\n",
)
CONTACTS = "| Nombre | Cargo | Teléfono | Sede |\n|---|---|---|---|\n| Ana Sanz | Presidenta | 611 223 344 | sede 1 |\n| Eva Gil | Tesorera | | sede 2 |\n| Luis Mora | Vocal | 633 445 566 | sede 1 |\n"
TOOLS = (
    "Herramienta,Al día,A la semana,Fianza\nSierra,9 €,27 €,30 €\nPulidora,14 €,,50 €\nTaladro,12 €,36 €,-\nFresadora,15 €,45 €,60 €\n",
    "| Tool | Per day | Per week | Deposit |\n|---|---|---|---|\n| Saw | £9 | £27 | £30 |\n| Sander | £14 | | £50 |\n| Drill | £12 | £36 | - |\n| Router | £15 | £45 | £60 |\n",
)


@pytest.mark.parametrize(
    ("table", "suffix", "question", "marked", "answered", "lang"),
    [
        (TOOLS[0], "csv", "¿Cuánto cuesta la pulidora a la semana?", "14 €", False, "es"),
        (TOOLS[0], "csv", "¿Cuánto cuesta la pulidora al día?", "14 €", True, "es"),
        (TOOLS[0], "csv", "¿Cuánto es la fianza del taladro?", "36 €", False, "es"),
        (TOOLS[0], "csv", "¿Qué fianza tiene la fresadora?", "60 €", True, "es"),
        (TOOLS[1], "md", "How much is the sander per week?", "£14", False, "en"),
        (TOOLS[1], "md", "How much is the sander per day?", "£14", True, "en"),
        (TOOLS[1], "md", "What is the deposit for the drill?", "£36", False, "en"),
        # By months, days or spans of time that are not asked for
        (TOOLS[0], "csv", "¿Cuánto cuesta la pulidora al mes?", "14 €", False, "es"),
        (TOOLS[1], "md", "How much is the router for a weekend?", "£45", False, "en"),
        (SHIFTS[0], "md", "¿Quién abre el ropero los viernes?", "Olga", False, "es"),
        (SHIFTS[0], "md", "¿Quién abre el ropero los lunes?", "Olga", True, "es"),
        (SHIFTS[1], "csv", "How much is a week in August on the Tern?", "£400", False, "en"),
        (SHIFTS[1], "csv", "How much is a week in May on the Tern?", "£400", True, "en"),
        # A row that is told by another cell, among others
        (CONTACTS, "md", "¿Qué teléfono tiene la tesorera?", "Nombre | Cargo | Teléfono | Sede\nAna Sanz | Presidenta | 611 223 344 | sede 1\nEva Gil | Tesorera | | sede 2", False, "es"),
        (CONTACTS, "md", "¿Qué teléfono tiene la presidenta?", "611 223 344", True, "es"),
        # By the kind of value that the others have in a column
        ("Hierba,Bolsa,Precio\nTomillo,50 g,2 €\nRomero,50 g,\nSalvia,40 g,3 €\n", "csv", "¿Cuánto cuesta el romero?", "50 g", False, "es"),
        ("Hierba,Bolsa,Precio\nTomillo,50 g,2 €\nRomero,50 g,\nSalvia,40 g,3 €\n", "csv", "¿Cuánto cuesta la salvia?", "3 €", True, "es"),
        ("Hierba,Bolsa,Precio\nTomillo,50 g,2 €\nRomero,50 g,\nSalvia,40 g,3 €\n", "csv", "¿Cómo se vende el romero?", "50 g", True, "es"),
    ],
)  # fmt: skip
def test_a_row_that_is_empty_in_the_column_that_is_asked_for_is_no_answer(
    ask, table, suffix, question, marked, answered, lang
):
    made = ask(Underliner(marked), question, table, lang=lang, suffix=suffix)
    assert (made.confidence >= WEIGHED.least) == answered


LADDERS = (
    "# Normas\n\nEl remolque mide 1,5 m de ancho. La escalera se pliega en tres. Cuesta 4 € al día.",
    "# Rules\n\nThe trailer is 1.5 m wide. The ladder folds in three. It costs £4.",
)


@pytest.mark.parametrize(
    ("text", "question", "answered", "lang"),
    [
        (LADDERS[0], "¿Cuánto mide la escalera?", False, "es"),
        (LADDERS[0], "¿Cuánto mide el remolque?", True, "es"),
        (LADDERS[0], "¿Cuánto cuesta la escalera?", True, "es"),
        (LADDERS[0].replace("Normas", "Escalera"), "¿Cuánto mide la escalera?", True, "es"),
        (LADDERS[1], "How long is the ladder?", False, "en"),
        (LADDERS[1], "How wide is the trailer?", True, "en"),
        (LADDERS[1], "How much does the ladder cost?", True, "en"),
        (LADDERS[1].replace("Rules", "Ladder"), "How long is the ladder?", True, "en"),
        (LADDERS[0].replace("La escalera", "Esa medida es de la escalera, que"), "¿Cuánto mide la escalera?", True, "es"),
        (LADDERS[1].replace("The ladder", "That is so for the ladder, which"), "How long is the ladder?", True, "en"),
        (LADDERS[1], "How heavy is the ladder?", False, "en"),
        (LADDERS[0], "¿Cuánto pesa la escalera?", False, "es"),
    ],
)  # fmt: skip
def test_a_value_said_before_what_is_asked_about_is_of_something_else(
    ask, text, question, answered, lang
):
    made = ask(
        Underliner(*text.split("\n\n")[1].split(". ")), question, text, lang=lang, suffix="md"
    )
    assert (made.confidence >= WEIGHED.least) == answered


FORM = "Socia | Ramona Ibarra\nFecha de alta | 2/4/2019\nDomicilio | Plaza del Pan, 6\nCuota | 12 € al mes\nAlergias |"
MEMBER = "Member | Ruth Penn\nJoined on | 2 April 2019\nAddress | 6 Bread Square\nDues | £12 a month\nAllergies |"
CREW = "Capitana | Ramona Ibarra\nPiloto | Luis Sáez\nCocinera | Eva Gil\nGrumete | Iván Paz"


@pytest.mark.parametrize(
    ("table", "question", "marked", "quoted", "lang"),
    [
        (FORM, "¿Cuándo se apuntó la socia?", "2/4/2019", "Fecha de alta", "es"),
        (FORM, "¿Dónde vive la socia?", "Plaza del Pan, 6", "Domicilio", "es"),
        (FORM, "¿Quién es la socia?", "Domicilio", "Socia", "es"),
        (MEMBER, "When did the member join?", "2 April 2019", "Joined on", "en"),
        (MEMBER, "Where does the member live?", "6 Bread Square", "Address", "en"),
        (MEMBER, "Who is the member?", "6 Bread Square", "Member", "en"),
        # Of people side by side the one that is named is meant
        (CREW, "¿Cómo se llama la cocinera?", "Luis Sáez", "Cocinera", "es"),
    ],
)  # fmt: skip
def test_whom_a_form_is_about_is_no_row_of_it(ask, table, question, marked, quoted, lang):
    head, *rest = table.split("\n")
    n = head.count("|") + 1
    grid = "\n".join(["|" + " |" * n, "|" + "---|" * n, *(f"| {row} |" for row in (head, *rest))])
    made = ask(Underliner(marked), question, grid, lang=lang, suffix="md")
    assert quoted in made.chosen[0].quote.text


@pytest.mark.parametrize(
    ("table", "question", "lang"),
    [(FORM, "¿Qué alergias tiene?", "es"), (MEMBER, "Which allergies are there?", "en")],
)
def test_a_blank_of_a_form_says_nothing(ask, table, question, lang):
    grid = "\n".join(["| | |", "|---|---|", *(f"| {row} |" for row in table.split("\n"))])
    blank = table.split("\n")[-1].split(" ")[0]
    made = ask(Underliner(blank), question, grid, lang=lang, suffix="md")
    assert all(unit.quote.text.strip(" |") != blank for unit in made.units)


DRILLS = (
    'Código,Artículo,Potencia,PVP\nT-1,Taladro percutor,750 W,"64,9"\nT-2,Lijadora,320 W,"38,5"\n',
    "| Code | Item | Power | Price |\n|---|---|---|---|\n| T-1 | Hammer drill | 750 W | £64 |\n| T-2 | Sander | 320 W | £38 |\n",
)


CLASSES = (
    "Curso,Aula,Precio general (€),Precio jubilados (€)\nTaladro de barro,2,30,18\nLijado,3,24,15\n",
    "| Class | Room | General price | Student price |\n|---|---|---|---|\n| Drill class | 2 | 30 | 18 |\n| Sanding | 3 | 24 | 15 |\n",
)


@pytest.mark.parametrize(
    ("table", "suffix", "question", "wrong", "answer", "lang"),
    [
        (DRILLS[0], "csv", "¿Cuánto cuesta el taladro percutor?", "750 W", "64,9", "es"),
        (DRILLS[0], "csv", "¿Qué potencia tiene el taladro percutor?", "64,9", "750 W", "es"),
        (DRILLS[1], "md", "How much does the hammer drill cost?", "750 W", "£64", "en"),
        (DRILLS[1], "md", "What power has the hammer drill?", "£64", "750 W", "en"),
        # Of several prices the one whose column has more of the question's words
        (CLASSES[0], "csv", "¿Cuánto cuesta el taladro de barro para jubilados?", "30", "18", "es"),
        (
            CLASSES[0],
            "csv",
            "¿Cuánto cuesta el taladro de barro para el público general?",
            "18",
            "30",
            "es",
        ),
        (CLASSES[1], "md", "How much is the drill class for students?", "30", "18", "en"),
    ],
)
def test_of_a_row_the_cell_that_is_asked_for_is_marked_whichever_the_reader_takes(
    ask, table, suffix, question, wrong, answer, lang
):
    made = ask(
        Underliner("drill", "Taladro", wrong, answer=wrong),
        question,
        table,
        lang=lang,
        suffix=suffix,
    )
    unit = made.chosen[0]
    assert unit.quote.text[unit.span.start : unit.span.end] == answer


SIDES = (
    "Se rema los lunes a las 9 con los mayores y los viernes a las 17 con los niños.",
    "We row on Mondays at 9 with adults and on Fridays at 5 with children.",
)


@pytest.mark.parametrize(
    ("text", "question", "wrong", "right", "lang"),
    [
        (SIDES[0], "¿Cuándo reman los niños?", "lunes", "los viernes a las 17 con", "es"),
        (SIDES[0], "¿Cuándo reman los mayores?", "viernes", "Se rema los lunes a las 9", "es"),
        (SIDES[1], "When do children row?", "Mondays", "on Fridays at 5 with", "en"),
        (SIDES[1], "When do adults row?", "Fridays", "We row on Mondays at 9", "en"),
    ],
)
def test_of_two_answers_in_one_sentence_that_beside_the_words_of_the_question_is_marked(
    ask, text, question, wrong, right, lang
):
    unit = ask(Underliner(text, answer=wrong), question, text, lang=lang).chosen[0]
    marked = unit.quote.text[unit.span.start : unit.span.end] if unit.span else ""
    # Where the reader marks nothing else there, nothing is
    assert not marked or text.index(right) <= text.index(marked) < text.index(right) + len(right)


@pytest.mark.parametrize(("text", "row"), [(ROWS[0], "Sur | 25"), (ROWS[1], "South | 25")])
def test_of_rows_that_are_all_underlined_the_one_that_the_question_comes_nearest_to_is_quoted(
    ask, text, row
):
    cells = [line.strip("| ") for line in text.splitlines()[2:]]
    question = "¿aforo de Sur?" if "Sur" in text else "seats of South?"
    assert quotes(ask(Underliner(*cells), question, text, suffix="md")) == [row]


@pytest.mark.parametrize(
    ("question", "lang", "texts"),
    [
        ("¿Qué dice la cláusula séptima?", "es", [f"Contrato {n}\n\nCláusula sexta. Se paga.\n\nCláusula séptima. {said}\n" for n, said in (("uno", "No se subarrienda."), ("dos", "El porte es a treinta días."), ("tres", "Hay un árbitro."))]),
        ("What does clause 7 say?", "en", [f"Contract {n}\n\nClause 6. Rent is due.\n\nClause 7. {said}\n" for n, said in (("one", "No pets."), ("two", "Freight is paid in May."), ("three", "There is an umpire."))]),
    ],
)  # fmt: skip
def test_a_clause_of_that_number_is_quoted_of_each_document_that_has_one(
    ask, question, lang, texts
):
    said = [text.strip().rpartition(". " if lang == "en" else "séptima. ")[2] for text in texts]
    made = ask(Underliner("nothing"), question, *texts, lang=lang)
    assert sorted(quotes(made)) == sorted(said)
    assert made.confidence >= made.least


@pytest.mark.parametrize(
    ("question", "text", "body"),
    [
        (
            "¿Qué dice la cláusula 4?",
            "## Cláusula 4.ª\n\nNo se fuma. El balcón es común.\n\n## Cláusula 5.ª\n\nSe paga el lunes.\n",
            "No se fuma. El balcón es común.",
        ),
        (
            "What does clause 4 say?",
            "## Clause 4\n\nNobody smokes. The balcony is shared.\n\n## Clause 5\n\nRent is due on Monday.\n",
            "Nobody smokes. The balcony is shared.",
        ),
    ],
)
def test_a_clause_that_is_asked_for_by_its_number_is_quoted_whole(ask, question, text, body):
    lang = "en" if "clause" in question else "es"
    made = ask(Underliner("nothing of this"), question, text, lang=lang, suffix="md")
    assert quotes(made)[0] == body
    assert made.confidence >= made.least
    [titled] = [one for one in made.why.support if one.name == "titled"]
    assert titled.value == 1


@pytest.mark.parametrize(
    ("question", "text", "body"),
    [
        (
            "¿Qué dice la cláusula tercera?",
            "SEGUNDA.- Se paga el lunes en la calle Mayor 3.\n\nTERCERA.- No se fuma. El balcón es común.\n",
            "No se fuma. El balcón es común.",
        ),
        (
            "¿Qué dice la cláusula 3?",
            "SEGUNDA.- Se paga el lunes en la calle Mayor 3.\n\nTERCERA.- No se fuma. El balcón es común.\n",
            "No se fuma. El balcón es común.",
        ),
        (
            "What does the third clause say?",
            "Clause 2. Rent is due at 3 Hill Road.\n\nClause 3. Nobody smokes. The balcony is shared.\n",
            "Nobody smokes. The balcony is shared.",
        ),
    ],
)
def test_a_clause_is_asked_for_in_words_or_digits_and_no_other_is_quoted(ask, question, text, body):
    lang = "en" if "clause" in question else "es"
    other = (
        "Se paga el lunes en la calle Mayor 3." if lang == "es" else "Rent is due at 3 Hill Road."
    )
    made = ask(Underliner(other), question, text, lang=lang)
    assert quotes(made) == [body]


@pytest.mark.parametrize(
    ("question", "contract", "said", "lang"),
    [
        ("¿Qué dice la cláusula segunda?", "PRIMERA.- Objeto\n\nSe alquila el bote.\n\nSEGUNDA.- Renta\n\nSon sesenta euros al mes.\n", "Son sesenta euros al mes.", "es"),
        ("¿Qué dice la cláusula 2?", "PRIMERA.- Objeto\n\nSe alquila el bote.\n\nSEGUNDA.- Renta\n\nSon sesenta euros al mes.\n", "Son sesenta euros al mes.", "es"),
        ("What does the second clause say?", "## First. Object\n\nThe boat is let.\n\n## Second. Rent\n\nIt is sixty pounds a month.\n", "It is sixty pounds a month.", "en"),
    ],
)  # fmt: skip
def test_a_clause_that_is_numbered_in_words_is_meant_and_no_step_of_a_list(
    ask, question, contract, said, lang
):
    recipe = "# Cake\n\n1. Beat the eggs.\n2. Add the flour.\n3. Bake it.\n"
    made = ask(Underliner("Add the flour"), question, recipe, contract, lang=lang, suffix="md")
    assert quotes(made) == [said]
    made = ask(Underliner("Add the flour"), question, recipe, lang=lang, suffix="md")
    assert quotes(made) == ["2. Add the flour."]


@pytest.mark.parametrize(
    ("question", "text", "items", "lang"),
    [
        ("¿Qué dice la regla 1.2?", "1. Cuotas\n1.1. Se paga en octubre.\n1.2. Los niños no pagan.\n2. Sede\n2.1. La sede está en la plaza.\n", "1.2. Los niños no pagan.", "es"),
        ("What is rule 2 about?", "1. Fees\n1.1. Fees fall due in October.\n1.2. Children do not pay.\n2. Seat\n2.1. Our seat is in the square.\n", "2. Seat\n2.1. Our seat is in the square.", "en"),
    ],
)  # fmt: skip
def test_the_item_that_is_asked_for_by_its_number_is_quoted_with_what_is_in_it(
    ask, question, text, items, lang
):
    other = "Se paga en octubre." if lang == "es" else "Fees fall due in October."
    made = ask(Underliner(other), question, text, lang=lang)
    assert quotes(made) == [items]
    assert made.confidence >= made.least


@pytest.mark.parametrize(
    ("question", "text", "lang"),
    [
        ("¿Qué dice la cláusula 9?", "Cláusula 2. Se paga el lunes.\n\nCláusula 3. No se fuma.\n", "es"),
        ("What does clause 9 say?", "Clause 2. Rent is due on Monday.\n\nClause 3. Nobody smokes.\n", "en"),
        ("¿Qué guarda el armario 5?", "El armario 6 guarda pinturas.\n", "es"),
        ("What does cupboard 5 hold?", "Cupboard 6 holds paint.\n", "en"),
    ],
)  # fmt: skip
def test_what_is_said_of_another_number_is_no_answer_however_much_is_underlined(
    ask, question, text, lang
):
    made = ask(Underliner(*text.split("\n")), question, text, lang=lang)
    assert made.confidence < made.least


CABINS_ES = (
    "# Camarotes\n\n## Clase A\n\nTiene ducha. Se paga al subir.\n\n## Clase B\n\nTiene lavabo. Se paga un mes antes.\n",
    "Clase A. Tiene ducha. Se paga al subir.\n\nClase B. Tiene lavabo. Se paga un mes antes.\n",
)
CABINS_EN = (
    "# Cabins\n\n## Class A\n\nIt has a shower. It is paid on board.\n\n## Class B\n\nIt has a basin. It is paid a month before.\n",
    "Class A. It has a shower. It is paid on board.\n\nClass B. It has a basin. It is paid a month before.\n",
)


@pytest.mark.parametrize(
    ("texts", "ask_for", "other", "own", "lang"),
    [
        (CABINS_ES, "¿Cuándo se paga la clase {}?", "Se paga al subir.", "Se paga un mes antes.", "es"),
        (CABINS_EN, "When is class {} paid?", "It is paid on board.", "It is paid a month before.", "en"),
    ],
)  # fmt: skip
@pytest.mark.parametrize(("n", "suffix"), [(0, "md"), (1, "txt")])
def test_of_a_series_what_the_question_names_answers_whichever_is_underlined(
    ask, texts, ask_for, other, own, lang, n, suffix
):
    marked = Faint(other, faint=own, chance=0.3)
    [quote] = quotes(ask(marked, ask_for.format("B"), texts[n], lang=lang, suffix=suffix))
    assert quote.endswith(own)
    assert other not in quote
    lacking = ask(marked, ask_for.format("D"), texts[n], lang=lang, suffix=suffix)
    assert lacking.confidence < lacking.least


def test_what_is_said_of_another_number_was_read_in_vain(ask):
    said = ("El armario 5 guarda pinturas.", "El armario 6 guarda lo que el armario guarda.")
    made = ask(Underliner(*said), "¿Qué guarda el armario 5?", *said)
    assert quotes(made) == [said[0]]
    assert len(made.read) == 2
    believed = next(f.value for f in made.why.support if f.name == "believed")
    assert believed == pytest.approx(3 - math.log(2))


@pytest.mark.parametrize(
    ("question", "text", "lang"),
    [
        ("¿Cuál es el correo de Inés Salas?", "Nombre | Teléfono\nInés Salas | 955 11 22 33\n", "es"),
        ("What is the phone number of Ines Salas?", "Name | E-mail\nInes Salas | ines@example.org\n", "en"),
    ],
)  # fmt: skip
def test_an_address_that_is_not_there_is_not_answered_with_another_of_the_same_person(
    ask, question, text, lang
):
    made = ask(Underliner(*text.split("\n")), question, text, lang=lang)
    assert made.confidence < made.least


OF_NUMBERS = (
    ("¿De quién es el teléfono 955443322?", "Moda Aya: 91 555 12 34\nMotos Rey: 955-44-33-22\nBar Sol: +34 600 11 22 33\n", "Motos Rey: 955-44-33-22", "es"),
    ("¿A quién pertenece el 955 443 322?", "Moda Aya: 91 555 12 34\nMotos Rey: 955443322\nBar Sol: 600.11.22.33\n", "Motos Rey: 955443322", "es"),
    ("Whose number is 02079460019?", "Water board: 020 7946 0018\nGas works: (020) 7946 0019\n", "Gas works: (020) 7946 0019", "en"),
    ("Whose number is 020 7946 0019?", "Water board: 02079460018\nGas works: 02079460019\n", "Gas works: 02079460019", "en"),
)  # fmt: skip


@pytest.mark.parametrize(("question", "text", "quote", "lang"), OF_NUMBERS)
def test_whose_a_long_number_is_stands_beside_it_though_the_reader_sees_it_nowhere(
    ask, question, text, quote, lang
):
    made = ask(Underliner(text.split("\n")[0], sure=-1.0), question, text, lang=lang)
    assert quotes(made) == [quote]
    assert made.confidence >= made.least


@pytest.mark.parametrize(
    ("question", "text", "lang"),
    [
        ("¿Cuándo atiende el 955443322?", "Moda Aya: 91 555 12 34\nMotos Rey: 955-44-33-22\n", "es"),
        ("¿De quién es el 955443323?", "Moda Aya: 91 555 12 34\nMotos Rey: 955-44-33-22\n", "es"),
        ("How much is a call to 02079460019?", "Water: 020 7946 0018\nGas: (020) 7946 0019\n", "en"),
        ("Whose number is 02079460019?", "Call us:\n\n020 7946 0019\n", "en"),
    ],
)  # fmt: skip
def test_what_else_is_asked_of_a_long_number_does_not_stand_beside_it(ask, question, text, lang):
    made = ask(Underliner(text.split("\n")[0], sure=-1.0), question, text, lang=lang)
    assert made.confidence < made.least


OPPOSED = (
    ("¿Qué está permitido?", "## Prohibido\n\nComer pipas.\n\n## Permitido\n\nJugar de noche.\n", "Jugar de noche.", "es"),
    ("What is not allowed?", "## Not allowed\n\nBall games.\n\n## Allowed\n\nArmbands and rings.\n", "Ball games.", "en"),
    ("¿Qué cubre la póliza?", "La póliza no cubre:\n- las joyas;\n- el dinero.\n\nLa póliza cubre:\n- el equipaje;\n- al médico.\n", "La póliza cubre:\n\nel equipaje;\nal médico.", "es"),
    ("What does the policy not cover?", "The policy does not cover:\n- jewels;\n- cash.\n\nThe policy covers:\n- luggage;\n- doctors.\n", "The policy does not cover:\n\njewels;\ncash.", "en"),
)  # fmt: skip


@pytest.mark.parametrize(("question", "text", "quote", "lang"), OPPOSED)
def test_what_stands_below_the_opposite_of_what_is_asked_is_not_quoted(
    ask, question, text, quote, lang
):
    made = ask(Underliner(*text.split("\n")), question, text, lang=lang, suffix="md")
    assert quotes(made) == [quote]


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("¿Qué no incluye el billete?", "- La cena.\n- El guía."),
        ("¿Qué incluye el billete?", "- El barco.\n- El seguro."),
    ],
)
def test_a_short_line_over_a_list_leads_in_to_it(ask, question, said):
    text = "NO INCLUYE\n- La cena.\n- El guía.\n\nINCLUYE\n- El barco.\n- El seguro.\n"
    reader = Underliner("La cena", "El guía", "El barco", "El seguro")
    assert quotes(ask(reader, question, text)) == [said]


def test_words_that_no_document_has_speak_against_an_answer_that_is_underlined(ask):
    reader, text = Underliner("Abre de junio a septiembre."), POOL[0]
    weighed = replace(WEIGHED, support=dict(WEIGHED.support) | {"strange": -200.0})
    known = ask(reader, "¿Cuándo abre la piscina?", text, weighed=weighed)
    strange = ask(reader, "¿Cuándo abre la xilofonía en Zanzíbar?", text, weighed=weighed)
    assert known.confidence > 0.9 > known.least > strange.confidence
    # What decided is what explains it
    assert strange.why.confidence == strange.why.support
    assert known.why.confidence == known.why.right


def test_a_handful_of_passages_makes_nothing_surer_than_sixty(ask):
    def size(n_texts):
        texts = [
            f"El gimnasio de la calle {n + 100} cuesta {n + 20} euros." for n in range(n_texts)
        ]
        made = ask(Underliner("cuesta 25"), "cuánto cuesta el gimnasio", *texts)
        return next(f.value for f in made.why.support if f.name == "size")

    assert size(1) == size(40) == pytest.approx(1.8)
    assert size(99) == pytest.approx(2)


def test_all_that_was_read_says_whether_the_documents_answer(ask):
    texts = ("El gimnasio cuesta 30 euros al mes.", "El gimnasio cuesta 45 euros al mes.")

    def believed(*phrases):
        made = ask(Underliner(*phrases), "cuánto cuesta el gimnasio", *texts)
        assert len(made.read) == 2
        return next(f.value for f in made.why.support if f.name == "believed")

    assert believed(*texts) == pytest.approx(3)
    # The mean of the odds, of one that answers and one that does not
    for text in texts:
        assert believed(text) == pytest.approx(math.log((math.exp(3) + math.exp(-3)) / 2))
    assert believed("nothing") == pytest.approx(-3)


@pytest.mark.parametrize(("lang", "text"), [("es", POOL[1]), ("en", POOL[0])])
def test_of_a_passage_in_the_other_language_less_is_asked(ask, lang, text):
    weighed = replace(WEIGHED, support=dict(WEIGHED.support) | {"across": 4.0})
    reader = Underliner("June to September", "junio a septiembre")
    for told, other in ((text, 1.0), (POOL[lang == "en"], 0.0)):
        made = ask(reader, "¿piscina? pool?", told, lang=lang, weighed=weighed)
        [across] = [one for one in made.why.support if one.name == "across"]
        assert (across.value, across.weight) == (other, 4.0)


@pytest.mark.parametrize(("bias", "answered"), [(0.0, True), (-50.0, False)])
def test_what_is_supported_but_likely_wrong_is_no_answer(ask, bias, answered):
    weighed = replace(WEIGHED, bias=bias)
    made = ask(Underliner("Abre de junio a septiembre."), "¿piscina?", POOL[0], weighed=weighed)
    assert made.why.confidence == made.why.right
    assert (made.confidence >= made.least) == answered


def test_a_lead_over_the_second_passage_makes_surer(ask):
    reader = Underliner("Abre de junio a septiembre.")
    alone = ask(
        reader, "¿cuándo abre la piscina?", POOL[0], "La plaza es grande y tiene una piscina."
    )
    two = ask(reader, "¿cuándo abre la piscina?", POOL[0], f"La piscina es nueva. {POOL[0][28:]}")
    assert alone.confidence > two.confidence


@pytest.mark.parametrize(
    ("lang", "question", "quoted", "between", "far"),
    [
        (
            "es",
            "¿cuándo abre la piscina?",
            "Abre de junio a septiembre.",
            "La plaza se barre cada lunes por la mañana, antes de que lleguen los puestos del mercado.",
            "Y también abre en mayo.",
        ),
        (
            "en",
            "when does the pool open?",
            "It opens from June to September.",
            "The square is swept each Monday in the morning, before the stalls of the market arrive.",
            "It opens in May too.",
        ),
    ],
)
def test_the_more_is_marked_outside_of_what_is_quoted_the_less_sure_it_is_whole(
    ask, lang, question, quoted, between, far
):
    weighed = replace(WEIGHED, confidence=dict(WEIGHED.confidence) | {"left": -1.5})
    text = " ".join((quoted, *[between] * 6, far))
    left, confidence = [], []
    for marked in ((quoted,), (quoted, far)):
        made = ask(Underliner(*marked), question, text, lang=lang, weighed=weighed)
        assert made.chosen[0].quote.text == quoted
        left += [one.value for one in made.why.right if one.name == "left"]
        confidence.append(made.confidence)
    assert left[0] < left[1] < 1
    assert confidence[0] > confidence[1]


def test_passages_far_below_the_best_are_not_read(ask):
    reader = Underliner("Abre de junio a septiembre.")
    ask(
        reader,
        "¿cuándo abre la piscina del patio?",
        POOL[0],
        "Nada que ver con ello, ni una palabra.",
    )
    [(_, read)] = reader.asked
    assert [text for _, text in read] == [POOL[0]]


@pytest.mark.parametrize(("sure", "n_read"), [(4.0, 4), (2.0, 9)])
def test_where_four_are_read_in_vain_it_is_given_up_unless_the_reader_only_doubts(
    ask, sure, n_read
):
    reader = Underliner("Abre de junio a septiembre.", sure=sure)
    ask(reader, "¿cuándo abre la piscina?", *(f"La piscina {n} es nueva." for n in range(9)))
    assert sum(len(read) for _, read in reader.asked) == n_read


HOURS = (
    "El taller abre los lunes a las nueve. La cuota del taller cuesta doce euros al mes.",
    "The workshop opens on Mondays at nine. The fee of the workshop is twelve euros a month.",
)


@pytest.mark.parametrize(
    ("text", "question", "lang"),
    [
        (HOURS[0], "¿Cuánto cuesta la cuota del taller?", "es"),
        (HOURS[1], "How much is the fee of the workshop?", "en"),
    ],
)
def test_where_the_reader_doubts_the_sentence_of_the_rules_is_quoted_beside(
    ask, text, question, lang
):
    opening, fee = text.split(". ")
    doubting = ask(Underliner(opening, sure=-1.0), question, text, lang=lang)
    assert quotes(doubting) == [opening + ".", fee]
    sure = ask(Underliner(opening, sure=1.0), question, text, lang=lang)
    assert quotes(sure) == [opening + "."]


class Short(Underliner):
    """Reads no further than the first stop, as a reader does in a passage that is too long for it."""

    def _reading(self, text):
        found = super()._reading(text)
        read = found.starts <= text.find(".")
        parts = (getattr(found, name)[read] for name in ("starts", "ends", "marked", "opens"))
        return Reading(*parts, found.closes[read], found.answers)


@pytest.mark.parametrize(
    ("text", "question", "lang"),
    [
        (HOURS[0], "¿Cuánto cuesta la cuota del taller?", "es"),
        (HOURS[1], "How much is the fee of the workshop?", "en"),
    ],
)
def test_that_is_so_too_where_the_reader_did_not_come_so_far(ask, text, question, lang):
    opening, fee = text.split(". ")
    made = ask(Short(opening, sure=-1.0), question, text, lang=lang)
    assert quotes(made) == [opening + ".", fee]


def test_where_the_rules_would_quote_the_same_nothing_is_added(ask):
    fee = HOURS[0].split(". ")[1]
    made = ask(Underliner(fee, sure=-1.0), "¿Cuánto cuesta la cuota del taller?", HOURS[0])
    assert quotes(made) == [fee]


def test_what_cannot_come_first_any_more_is_not_read(ask):
    texts = [f"La piscina número {n} abre a las {n}." for n in range(1, 8)]
    weighed = replace(WEIGHED, units=WEIGHED.units | {"marked": 0.0, "fused": 0.01})
    sure = Underliner("abre", sure=9.0)
    ask(sure, "¿Cuándo abre la piscina?", *texts, weighed=weighed)
    unsure = Underliner("abre", sure=0.5)
    ask(unsure, "¿Cuándo abre la piscina?", *texts, weighed=weighed)
    assert [len(passages) for _, passages in sure.asked] == [2]
    assert sum(len(passages) for _, passages in unsure.asked) == len(texts)


@pytest.mark.parametrize(
    ("text", "question", "lang"),
    [
        ("El IBI sube un dos por ciento. El Impuesto sobre Bienes Inmuebles (IBI) se paga en octubre.", "¿Qué significan las siglas IBI?", "es"),
        ("The EPC lasts ten years. An Energy Performance Certificate (EPC) is needed to sell.", "What does EPC stand for?", "en"),
    ],
)  # fmt: skip
def test_what_a_short_form_means_is_told_by_the_words_that_spell_it_out(ask, text, question, lang):
    other, spelling = text.split(". ")
    made = ask(Underliner(other, sure=-1.0), question, f"{other}.", text, lang=lang)
    assert made.chosen[0].quote.text == spelling
    assert made.confidence >= made.least


@pytest.mark.parametrize(
    ("text", "question", "lang"),
    [
        ("La oficina atiende por teléfono de lunes a viernes.", "¿Cuál es el número de teléfono de la oficina?", "es"),
        ("The office answers the telephone from Monday to Friday.", "What is the phone number of the office?", "en"),
    ],
)  # fmt: skip
def test_words_about_the_phone_are_no_answer_to_who_asks_for_its_number(ask, text, question, lang):
    made = ask(Underliner(text), question, text, lang=lang)
    assert made.confidence < made.least
    number = text.replace(".", ": 55 1234 5678.")
    assert ask(Underliner(number), question, number, lang=lang).confidence > 0.9


def test_the_words_that_answer_are_of_one_item(ask):
    text = "Traiga:\n- pala\n- guantes\n- agua\n"
    [unit] = ask(
        Underliner("pala", "guantes", "agua", answer="pala\n- guantes"), "¿qué traigo?", text
    ).chosen
    assert unit.span is None or "\n" not in unit.quote.text[unit.span.start : unit.span.end]
    [unit] = ask(
        Underliner("pala", "guantes", "agua", answer="guantes"), "¿qué traigo?", text
    ).chosen
    assert unit.quote.text[unit.span.start : unit.span.end] == "guantes"


@pytest.mark.parametrize(
    ("lead", "rows", "question", "lang"),
    [
        (
            "Se puede levantar la bola al doble del par, en cualquier hoyo:",
            "| Hoyo | Par | Máximo |\n|---|---|---|\n| Corto | 3 | 6 |\n| Medio | 4 | 8 |\n",
            "¿Cuándo puedo levantar la bola?",
            "es",
        ),
        (
            "The ball may be lifted after twice the par, on any hole:",
            "| Hole | Par | Most |\n|---|---|---|\n| Short | 3 | 6 |\n| Middle | 4 | 8 |\n",
            "When may I lift the ball?",
            "en",
        ),
    ],
)
def test_what_leads_in_to_a_table_is_quoted_with_the_table(ask, lead, rows, question, lang):
    text = f"# Golf\n\n{lead}\n\n{rows}"
    (quote,) = quotes(ask(Underliner(lead), question, text, lang=lang, suffix="md"))
    assert quote.startswith(lead)
    assert "6" in quote
    assert quote.endswith("8")


@pytest.mark.parametrize(
    ("text", "question", "lang"),
    [
        ("| Nombre: | Teléfono: |\n|---|---|\n", "¿Qué teléfono tiene?", "es"),
        ("| Name: | Phone: |\n|---|---|\n", "What is the phone number?", "en"),
        ("Nombre del socio:\n\nTeléfono del socio:\n\nFirma:\n", "¿Qué teléfono tiene el socio?", "es"),
        ("Name of the member:\n\nPhone of the member:\n\nSigned:\n", "What is the member's phone?", "en"),
    ],
)  # fmt: skip
def test_a_form_that_nobody_has_filled_in_is_no_error(ask, text, question, lang):
    made = ask(Underliner(), question, text, lang=lang, suffix="md")
    assert made.confidence < 0.3


def found(row, blocks, groups, marks):
    """A passage of one atom for each of ``groups``, the numbers of their lists, as well marked as ``marks`` say; its run is all of them."""
    atoms = [
        Atom(10 * n, 10 * n + 9, 10 + n, group, weak=False, asks=False, alone=False)
        for n, group in enumerate(groups)
    ]
    passage = Passage(str(row), "d", 0, 100, "", "es", "")
    ranked = SimpleNamespace(candidate=SimpleNamespace(row=row), passage=passage)
    reading = SimpleNamespace(answers=1.0)
    page = Page(ranked, reading, blocks, atoms, np.ones(len(atoms)), np.array(marks), None, None)
    unit = SimpleNamespace(quote=SimpleNamespace(passage=passage))
    return _Found(None, page, Run(0, len(atoms) - 1, 1.0), unit)


@pytest.mark.parametrize(
    ("groups", "of_one"),
    [((0, 0), True), ((0, 1), False), ((1, 1), False), ((0, 1, 0), True), ((None, 0), False)],
)
def test_things_in_a_list_within_another_are_not_of_the_outer_one(groups, of_one):
    blocks = (Block("list", 0, 100), Block("list", 40, 80, 0, 0))
    other = found(2, blocks, groups, [0.9] * len(groups))
    # The item of the outer list is what answers, beside one of the inner
    assert _is_of_one_list(found(1, blocks, (1, 0), [0.2, 0.9]), other) is of_one
    assert not _is_of_one_list(found(4, blocks, (1, 0), [0.2, 0.9]), other)
    assert not _is_of_one_list(found(1, blocks, (None,), [0.9]), other)


@pytest.mark.parametrize("marks", [(0.02, 0.6, 0.3, 0.04), (0.02, 0.41, 0.04, 0.01)])
def test_a_heading_is_no_quote_without_what_stands_below_it_however_much_it_is_marked(marks):
    text = Block("paragraph", 0, 9)
    blocks = (*[text] * 11, Block("heading", 10, 19), text, text)
    one = found(1, blocks, (None,) * 4, marks).page
    atoms = [replace(atom, weak=n == 1) for n, atom in enumerate(one.atoms)]
    run = replace(one, atoms=atoms, title=Title(asked=False, named=False)).best()
    assert run.last >= 2


def test_running_text_goes_on_in_the_passage_after_and_a_list_that_ends_does_not():
    blocks = (Block("list", 0, 100), *[Block("item", 0, 9)] * 11)
    prose = found(1, blocks, (None, None), [0.9] * 2)
    listed = found(1, blocks, (None, 0), [0.9] * 2)
    below = found(1, (*blocks[:-1], Block("paragraph", 10, 19)), (0, 0), [0.9] * 2)
    assert _goes_on(below, found(2, blocks, (0,), [0.9]))
    assert _goes_on(prose, found(2, blocks, (None,), [0.9]))
    assert _goes_on(prose, found(2, blocks, (0, 0), [0.9] * 2))
    assert not _goes_on(listed, found(2, blocks, (None,), [0.9]))
    for row in (0, 1, 3):
        assert not _goes_on(prose, found(row, blocks, (None,), [0.9]))


def test_of_paragraphs_of_several_cases_the_one_that_is_named_is_quoted_with_what_follows_in_it(
    ask,
):
    one = "Para los socios, la pista cuesta 3 euros. Se paga al entrar."
    other = "Para los no socios, la pista cuesta 9 euros. Se paga al salir."
    for question, quote in (
        ("¿Cuánto cuesta la pista a los no socios?", other),
        ("¿Y a un socio?", one),
    ):
        assert quotes(ask(Underliner(one, other), question, f"{one}\n\n{other}")) == [quote]
    both = quotes(ask(Underliner(one, other), "¿Cuánto cuesta la pista?", f"{one}\n\n{other}"))
    assert both == [f"{one}\n\n{other}"]


def test_what_has_no_word_is_no_measure_of_what_a_question_names():
    chances, n_tokens = np.array([0.0, 1.0, 3.0]), np.array([0.0, 2.0, 4.0])
    assert moved(chances, n_tokens, [0, 1], [2]).tolist() == pytest.approx([0.0, 1.5, 0.6])
    assert moved(chances, n_tokens, [0], [2]).tolist() == chances.tolist()


LOANS = (
    "# Préstamos\n\n| Objeto | Días | Fianza |\n|---|---|---|\n| Taladro | 7 | 30 € |\n| Carpa | 3 | 90 € |\n| Proyector | 2 | 60 € |\n"
    "| Escalera | 5 | 20 € |\n| Trona | 30 | 20 € |\n\nSe recogen los martes.\n"
)


@pytest.mark.parametrize(
    ("question", "quoted"),
    [
        ("¿Qué objeto tiene la fianza más alta?", ["Carpa | 3 | 90 €"]),
        ("¿Qué objeto tiene la fianza más baja?", ["Escalera | 5 | 20 €\nTrona | 30 | 20 €"]),
        ("¿Qué objeto se presta más días?", ["Trona | 30 | 20 €"]),
        # The reader chooses alone
        ("¿Qué objeto tiene fianza?", ["Objeto | Días | Fianza\nTaladro | 7 | 30 €"]),
        (
            "¿Hay alguna fianza más barata que la del taladro?",
            ["Objeto | Días | Fianza\nTaladro | 7 | 30 €"],
        ),
    ],
)
def test_the_row_that_has_the_most_is_quoted_whatever_is_underlined(ask, question, quoted):
    made = ask(Underliner("Taladro | 7 | 30 €"), question, LOANS, suffix="md")
    assert quotes(made) == quoted


def test_rows_that_have_the_same_are_quoted_each(ask):
    text = LOANS.replace("| Escalera | 5 | 20 € |\n", "").replace(
        "Taladro | 7 | 30", "Taladro | 7 | 20"
    )
    made = ask(
        Underliner("Carpa | 3 | 90 €"), "¿Qué objeto tiene la fianza más baja?", text, suffix="md"
    )
    assert quotes(made) == ["Objeto | Días | Fianza\nTaladro | 7 | 20 €", "Trona | 30 | 20 €"]


def test_other_rows_in_other_passages_are_no_first_quote(ask):
    rows = "".join(f"Árbol {n};{5 + n % 11} m\n" for n in range(60))
    text = f"Árbol;Altura\n{rows}Ciprés;31,2 m\n"
    reader = Underliner("Árbol: Árbol 3; Altura: 8 m.")
    made = ask(reader, "¿Cuál es el árbol más alto?", text, suffix="csv", max_tokens=60)
    assert quotes(made)[0] == "Árbol: Ciprés; Altura: 31,2 m."
    assert not any("Árbol 3;" in quote for quote in quotes(made))


LOG = """# Tide clock

## 4.2.0 – 2031-05-07

The moon has its own hand.

## 4.1.0 – 2031-03-02

The tide table was mended.

## Boat race (12 June 2031)

Ten boats came.
"""
DIARIO = """# Reloj de mareas

## 4.2.0 – 07/05/2031

La luna tiene su aguja.

## Regata, 12 de junio de 2031

Vinieron diez barcas.
"""


@pytest.mark.parametrize(
    ("question", "text", "lang", "heading", "day", "below"),
    [
        ("When was 4.1.0 released?", LOG, "en", "4.1.0 – 2031-03-02", "2031-03-02", "The tide table was mended."),
        ("When did version 4.2.0 of the tide clock come out?", LOG, "en", "4.2.0 – 2031-05-07", "2031-05-07", "The moon has its own hand."),
        ("When did the boat race take place?", LOG, "en", "Boat race (12 June 2031)", "12 June 2031", "Ten boats came."),
        ("¿Cuándo salió la versión 4.2.0?", DIARIO, "es", "4.2.0 – 07/05/2031", "07/05/2031", "La luna tiene su aguja."),
        ("¿En qué fecha se celebró la regata?", DIARIO, "es", "Regata, 12 de junio de 2031", "12 de junio de 2031", "Vinieron diez barcas."),
    ],
)  # fmt: skip
def test_a_heading_with_its_day_is_quoted_where_the_day_is_asked_for(
    ask, question, text, lang, heading, day, below
):
    made = ask(Underliner("nothing"), question, text, lang=lang, suffix="md")
    assert quotes(made) == [f"{heading}\n\n{below}"]
    [unit] = made.chosen
    assert unit.quote.text[unit.span.start : unit.span.end] == day
    assert made.confidence >= made.least


@pytest.mark.parametrize(
    ("question", "text", "lang"),
    [
        ("When was 4.3.0 released?", LOG, "en"),
        ("When was the boat of the race built?", LOG, "en"),
        ("What was mended in 4.1.0?", LOG, "en"),
        ("¿Cuándo se pagan las barcas de la regata?", DIARIO, "es"),
    ],
)
def test_the_day_of_a_heading_answers_nothing_else(ask, question, text, lang):
    made = ask(Underliner("nothing"), question, text, lang=lang, suffix="md")
    assert not any("2031" in said for said in quotes(made))


def test_a_heading_with_its_day_stays_out_where_the_passage_answers(ask):
    said = "The tide table was mended."
    made = ask(Underliner(said), "When was 4.1.0 released?", LOG, lang="en", suffix="md")
    assert quotes(made) == [said]


CHAT = """03/05/31, 9:02 - Ann Lowe: we meet at the pier at seven. Bring oars
03/05/31, 9:05 - Ned: I have the map
and two lamps
03/05/31, 9:06 - Ann Lowe: good
"""
GRUPO = """[03/05/31, 9:02:10] Eva Gil: quedamos en el muelle a las siete. Traed remos
[03/05/31, 9:05:41] Olmo: yo llevo el mapa
y dos faroles
[03/05/31, 9:06:00] Eva Gil: bien
"""


@pytest.mark.parametrize(
    ("marked", "chat", "lang", "message"),
    [
        (("I have the map", "good"), CHAT, "en", "03/05/31, 9:05 - Ned: I have the map\nand two lamps"),
        (("Bring oars",), CHAT, "en", "03/05/31, 9:02 - Ann Lowe: we meet at the pier at seven. Bring oars"),
        (("llevo el mapa", "bien"), GRUPO, "es", "[03/05/31, 9:05:41] Olmo: yo llevo el mapa\ny dos faroles"),
        (("Traed remos",), GRUPO, "es", "[03/05/31, 9:02:10] Eva Gil: quedamos en el muelle a las siete. Traed remos"),
    ],
)  # fmt: skip
def test_a_message_of_a_chat_is_quoted_whole_and_alone(ask, marked, chat, lang, message):
    made = ask(Underliner(*marked), "¿mapa remos? map oars?", chat, lang=lang)
    assert quotes(made)[0] == message


@pytest.mark.parametrize(
    ("sure", "is_told"), [(-0.5, False), (0.5, True)], ids=["doubted", "believed"]
)
@pytest.mark.parametrize(
    ("question", "lang", "rows"),
    [
        (
            "¿Qué precio tiene la jaula?",
            "es",
            "Esta es la lista de precios de la tienda.\n\n| Caja | Precio |\n|---|---|\n| Nido | 9 € |\n| Cuenco | 4 € |\n| Percha | 6 € |\n",
        ),
        (
            "What is the fee for a catamaran?",
            "en",
            "This is the list of fees of the harbour.\n\n| Mooring | Fee |\n|---|---|\n| Punt | £4 |\n| Skiff | £6 |\n| Barge | £19 |\n",
        ),
    ],
)
def test_rows_that_nothing_tells_are_left_out_where_the_reader_doubts_them(
    ask, question, lang, rows, sure, is_told
):
    cell = rows.splitlines()[5].split(" |")[0].strip("| ")
    for named, told in ((cell, is_told), ("Otros" if lang == "es" else "All others", True)):
        read = rows.replace(cell, named)
        made = ask(Underliner(named, sure=sure), question, read, lang=lang, suffix="md")
        lacking = made.units[0].features[UNIT_FEATURES.index("lacking")]
        assert (lacking == 0) is told


PRICES = {
    "es": "Bienvenidos al taller de la plaza.\n\n| Arreglo | Precio |\n|---|---|\n| Bajo | 9 € |\n| Cremallera | 7 € |\n| Botones | 4 € |\n",
    "en": "Welcome to the workshop on the square.\n\n| Repair | Price |\n|---|---|\n| Hem | £9 |\n| Zip | £7 |\n| Buttons | £4 |\n",
}


@pytest.mark.parametrize(
    ("question", "lang", "whole"),
    [
        ("¿Qué precios tienen?", "es", True),
        ("¿Cuánto cuesta cada arreglo?", "es", True),
        ("¿Cuánto cuesta la cremallera?", "es", False),
        ("¿Qué precios tienen los abrigos?", "es", False),
        ("What are your prices?", "en", True),
        ("How much is each repair?", "en", True),
        ("How much is the zip?", "en", False),
        ("What are the prices for coats?", "en", False),
    ],
)
def test_who_asks_for_all_prices_is_told_all_rows(ask, question, lang, whole):
    rows = [line for line in PRICES[lang].split("\n")[4:] if line]
    cell = rows[1].strip("| ").split(" |")[0]
    made = ask(Underliner(cell), question, PRICES[lang], lang=lang, suffix="md")
    [quote] = quotes(made)[:1]
    said = [row.strip("| ").split(" |")[0] for row in rows]
    assert all(one in quote for one in said) is whole


@pytest.mark.parametrize(("question", "lang"), [("¿Qué precios tienen?", "es"), ("What are your prices?", "en")])  # fmt: skip
def test_rows_whose_prices_are_all_asked_for_are_told_by_that(ask, question, lang):
    made = ask(Underliner("9", sure=-0.5), question, PRICES[lang], lang=lang, suffix="md")
    assert made.units[0].features[UNIT_FEATURES.index("lacking")] == 0
