"""The words of a quote that answer are marked, and nothing is marked where they cannot be told."""

from dataclasses import replace

import numpy as np
import pytest
from hash_encoder import HashEncoder
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import Passage
from corpus.language import fold, term_spans, words
from index.meeting import interact
from index.searchable import QueryTokens
from index.sentences import SentenceIndex, compress_sentences
from index.tokens import TokenIndex, compress
from qa.calibration import load_calibration
from qa.cite import Quote
from qa.select.spans import FEATURES, KINDS, Spans, has_new, kind_asked, wordings

ENCODER = HashEncoder(512)
WEIGHTS = load_calibration().highlights
SPANS = Spans(WEIGHTS)


def met(question, lang, text, told):
    """The whole text as a quote, how the question meets it, and the question's tokens."""
    passage = Passage(f"a#char=0,{len(text)}", "a", 0, len(text), text, told, "")
    [encoded] = ENCODER.encode_tokens([text], "passage")
    index = TokenIndex.build([compress(text, 0, encoded, told)], 512)
    [asked] = ENCODER.encode_tokens([question], "query")
    tokens = QueryTokens.of(question, term_spans(question, lang), asked)
    sentences = SentenceIndex.build(
        [compress_sentences(encoded.vector[None], [(0, len(text))])], 512
    )
    [meeting] = interact(tokens, asked.vector, index, sentences, [0])
    return Quote(passage, 0, len(text), 1.0), meeting, tokens


def marked(question, lang, text, told=None):
    quote, meeting, tokens = met(question, lang, text, told or lang)
    found = SPANS.find(question, quote, meeting, tokens)
    return found and text[found.start : found.end]


# ------------------------------------------------------------------------- what is asked for


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("¿Cuándo empezó la crisis?", "date"),
        ("cuando empezo la crisis", "date"),
        ("¿En qué año nació Cerpa?", "date"),
        ("en que ano nacio cerpa", "date"),
        ("¿Qué día salieron?", "date"),
        ("¿Para qué fecha se espera la obra?", "date"),
        ("¿Desde qué año hay agua?", "date"),
        ("¿Para qué sirve la llave?", "reason"),
        ("¿Qué parte de la renta se paga?", "percentage"),
        ("¿De qué parte de la costa viene el viento?", "place"),
        ("¿En qué parte del pueblo está el horno?", "place"),
        ("When did it start?", "date"),
        ("In what year was the temple built?", "date"),
        ("¿Cuánto tiempo duró el asalto?", "length"),
        ("cuantos dias duro", "length"),
        ("How long did it last?", "length"),
        ("cuanto dinero costo el puente", "money"),
        ("¿Cuánto cuesta la entrada?", "money"),
        ("How much did the ticket cost?", "money"),
        ("¿Qué porcentaje votó?", "percentage"),
        ("What percentage voted?", "percentage"),
        ("¿Cuántos rehenes había?", "number"),
        ("cuantas niñas habia", "number"),
        ("¿A qué altitud está Chavín?", "number"),
        ("How many hostages were there?", "number"),
        ("¿Quién cruzó el río?", "person"),
        ("quienes eran los comandos", "person"),
        ("Whose dog was it?", "person"),
        ("¿Dónde está el ñandú?", "place"),
        ("de donde viene el cafe", "place"),
        ("Where is the embassy?", "place"),
        ("¿Por qué murió la colmena?", "reason"),
        ("por que murio", "reason"),
        ("Why did they leave?", "reason"),
        ("¿Por dónde entró la niña?", "way"),
        ("por que camino vino", "way"),
        ("Through what did the girl come in?", "way"),
        ("Which way did they come?", "way"),
        ("By which year was it built?", "date"),
        ("¿Qué ciudad eligió la niña?", "place"),
        ("¿Qué río cruzó la niña?", "name"),
        ("Which river did the girl cross?", "name"),
        ("¿Cómo se llama el río?", "name"),
        ("¿Qué significan las siglas ABC?", "meaning"),
        ("What does the acronym ABC stand for?", "meaning"),
        # the first question word counts, whatever follows it
        ("¿Qué barco usaron cuando cruzaron el río?", "name"),
        ("Which boat was there when they crossed?", "name"),
        # what was done has no form of its own; a name is no question word
        ("¿Qué hizo el doctor?", None),
        ("What does Doctor Who do?", None),
        ("¿Qué es un ñandú?", None),
        ("What is a rhea?", None),
        ("Háblame de los túneles", None),
        # words that only begin or end like a question word
        ("Whole wheat, please", None),
        ("¿Qué es un cuantificador?", None),
    ],
)
def test_question_words_say_what_is_asked_for_with_and_without_accents(question, kind):
    assert kind_asked(question) == kind


# ------------------------------------------------------------------------- what is marked

ANSWERS = [
    ("es", "¿Cuándo se abrió el puente de madera?", "El puente de madera se abrió el 3 de mayo de 1902.", "3 de mayo de 1902"),
    ("en", "When was the wooden bridge opened?", "The wooden bridge was opened on May 3, 1902.", "May 3, 1902"),
    ("es", "¿Cuándo se abrió el puente?", "🪶 El puente se abrió en 1902.", "1902"),
    ("es", "¿Por dónde entró la niña en la casa?", "La niña entró en la casa a través de un túnel, sin luz.", "a través de un túnel"),
    ("en", "Which way did the girl enter the house?", "The girl did enter the house through a tunnel, without light.", "through a tunnel"),
    ("es", "¿Cuántos rehenes liberó el comando?", "El comando liberó setenta y dos rehenes.", "setenta y dos"),
    ("en", "How many hostages did the commandos free?", "The commandos did free 72 hostages.", "72"),
    ("es", "¿Qué porcentaje del pueblo votó?", "Votó el 43,5 % del pueblo.", "43,5 %"),
    ("en", "What percentage of the town voted?", "Of the town 43.5 % voted.", "43.5 %"),
    ("es", "¿Cuánto tiempo duró el asalto?", "El asalto duró veintidós minutos.", "veintidós minutos"),
    ("en", "How long did the assault last?", "The assault did last 22 minutes.", "22 minutes"),
    ("es", "¿Cuánto cuesta la entrada al museo?", "La entrada al museo cuesta 12 euros.", "12 euros"),
    ("en", "How much does the museum ticket cost?", "The museum ticket does cost $12.50.", "$12.50"),
    ("es", "¿Quién pintó el mural?", "El mural lo pintó Íñigo Núñez.", "Íñigo Núñez"),
    ("en", "Who painted the mural?", "The mural was painted by Ana Ruiz.", "Ana Ruiz"),
]  # fmt: skip


@pytest.mark.parametrize(("lang", "question", "text", "words"), ANSWERS)
def test_the_words_that_answer_are_marked(lang, question, text, words):
    assert marked(question, lang, text) == words


@pytest.mark.parametrize(
    ("question", "lang", "text", "told", "words"),
    [
        ("¿Cuántos minutos duró el film Titanic?", "es", "The film Titanic lasted 194 minutes.", "en", "194 minutes"),
        ("When did the film Titanic win an Óscar?", "en", "El film Titanic ganó un Óscar en 1998.", "es", "1998"),
    ],
)  # fmt: skip
def test_the_answer_in_the_other_language_is_marked(question, lang, text, told, words):
    assert marked(question, lang, text, told) == words


@pytest.mark.parametrize(
    ("lang", "question", "text"),
    [
        # no kind
        ("es", "¿Qué es un ñandú?", "Un ñandú es un ave de la Pampa."),
        ("en", "Describe the rhea", "The rhea is a bird of the Pampa."),
        # nothing of the kind
        ("es", "¿Cuándo se abrió el puente?", "El puente se abrió con fiesta."),
        ("en", "How many fish are there?", "There are shy fish."),
        # only what the question says already
        ("es", "¿Cuándo se firmó el pacto de 1902?", "El pacto de 1902 se firmó en Lima."),
        ("en", "When did the war of 1812 end?", "The war of 1812 came to an end."),
        # two that are as good
        ("es", "¿Cuándo vino la niña?", "En 1902 la niña vino, vino niña la 1903."),
        ("en", "When did the girl come?", "In 1902 the girl in 1903 came."),
    ],
)
def test_nothing_is_marked_where_the_answer_cannot_be_told(lang, question, text):
    assert marked(question, lang, text) is None


@pytest.mark.parametrize(
    ("lang", "question", "text", "wanted"),
    [
        ("es", "¿Cuántos peces hay?", "En 1997 el AS-207 llevó 12 000 peces, el 40 % vivos.", ["12 000"]),
        ("en", "How many fish are there?", "In 1997 the AS-207 took 12,000 fish, 40 % alive.", ["12,000"]),
        ("es", "¿Qué significan las siglas MRTA?", "El MRTA (Movimiento de la Niña) nació allí.", ["Movimiento de la Niña"]),
        ("en", "What does MRTA stand for?", "The Movement of Girls (MRTA) was born there.", ["Movement of Girls"]),
        ("es", "¿Por qué lloró la niña?", "La niña lloró porque perdió al perro, y se durmió.", ["porque perdió al perro"]),
        ("en", "Why did the girl cry?", "The girl did cry because the dog was lost; she slept.", ["because the dog was lost"]),
        ("es", "¿Cómo se llama el libro?", "El libro se llama «la casa verde».", ["la casa verde"]),
        ("en", "What is the name of the book?", "The book is called “the green house”.", ["the green house"]),
        ("es", "¿Dónde vive Íñigo?", "Íñigo vive con Ana en la ciudad de San José.", ["Ana", "San José"]),
        ("es", "¿En qué siglo vivió la niña?", "La niña vivió en el siglo XIX y volvió en marzo.", ["el siglo XIX", "marzo"]),
        ("en", "In which century did the girl live?", "The girl lived in the 19th century, from March 1850.", ["19th century", "March 1850"]),
        ("es", "¿Cuándo vivió la niña?", "La niña vivió del uno de mayo de 1919 al 03/06/2019, y en marzo.", ["uno de mayo de 1919", "03/06/2019", "marzo"]),
        ("en", "When did the girl live?", "The girl lived from the thirtieth of June 1919 to September the 4th, 2019.", ["thirtieth of June 1919", "September the 4th, 2019"]),
        ("es", "¿Cuántas niñas había?", "El 03/05/2019 había 12 niñas.", ["12"]),
        ("en", "How many girls were there?", "On 3-may-19 there were 12 girls.", ["12"]),
    ],
)  # fmt: skip
def test_candidates_have_the_form_of_what_is_asked_for(lang, question, text, wanted):
    found = wordings(question, *met(question, lang, text, lang))
    assert [text[c.start : c.end] for c in found] == wanted


def test_the_number_beside_the_thing_counted_wins():
    for lang, question, text, wanted in (
        ("es", "¿Cuántas niñas había?", "Había 30 perros grises y 12 niñas.", "12"),
        ("en", "How many girls were there?", "There were 30 grey dogs and 12 girls.", "12"),
    ):
        found = wordings(question, *met(question, lang, text, lang))
        assert len(found) == 2
        best = max(found, key=SPANS.score)
        assert text[best.start : best.end] == wanted


def test_without_an_interaction_nothing_is_marked():
    quote, meeting, tokens = met("¿Cuándo?", "es", "El puente se abrió en 1902.", "es")
    assert SPANS.find("¿Cuándo se abrió?", quote, None, tokens) is None
    assert SPANS.find("¿Cuándo se abrió?", quote, meeting, tokens) is not None


@pytest.mark.parametrize(("cosine", "near"), [(0.3, 0.0), (0.65, 0.5), (1.0, 1.0)])
def test_what_unrelated_words_have_in_common_counts_as_nothing(cosine, near):
    """A cosine of .3 between two tokens says nothing; from there on it counts in proportion."""
    quote, meeting, tokens = met("¿Cuándo abrió?", "es", "Abrió en 1902.", "es")
    alike = replace(meeting, cosines=np.full_like(meeting.cosines, cosine))
    [found] = wordings("¿Cuándo abrió?", quote, alike, tokens)
    none, whole = (
        wordings(
            "¿Cuándo abrió?",
            quote,
            replace(meeting, cosines=np.full_like(meeting.cosines, c)),
            tokens,
        )[0]
        for c in (0.0, 1.0)
    )
    at = FEATURES.index("near")
    span = whole.features[at] - none.features[at]
    assert span > 0
    assert (found.features[at] - none.features[at]) / span == pytest.approx(near, abs=1e-5)


def test_the_mark_is_relative_to_the_quote_wherever_it_stands_in_its_passage():
    lead, said = "🪶 ¿Vuela? ¡No! ", "El puente de madera se abrió en 1902."
    question = "¿Cuándo se abrió el puente de madera?"
    quote, meeting, tokens = met(question, "es", lead + said, "es")
    inner = Quote(quote.passage, len(lead), len(lead + said), 1.0)
    found = SPANS.find(question, inner, meeting, tokens)
    assert inner.text[found.start : found.end] == "1902"
    assert WEIGHTS.least <= found.probability <= 1


def test_weights_and_kinds_belong_together():
    assert set(WEIGHTS.names) == set(WEIGHTS.figures) == set(FEATURES)
    assert min(WEIGHTS.figures[name] for name in ("near", "wide", "focus")) > 0
    kinds = {kind for _, question, _, _ in ANSWERS if (kind := kind_asked(question))}
    assert kinds <= set(WEIGHTS.bias) == set(KINDS)
    assert 0.5 < WEIGHTS.least < 1


@pytest.mark.parametrize(
    ("kind", "text", "new"),
    [
        ("person", "Many girls came.", False),
        ("person", "Many girls met Ana.", True),
        ("person", "Ana vino.", False),
        ("date", "Vino en 1902.", True),
        ("date", "Vino ayer.", False),
        ("money", "El pase son USD 200 al mes.", True),
        ("money", "A pass is 30 GBP.", True),
        ("money", "Hay 30 pases.", False),
        ("money", "En la sala ves 12 pases.", False),
    ],
)
def test_a_capital_at_the_beginning_makes_no_name(kind, text, new):
    assert has_new(kind, text, frozenset()) == new


ANY = st.text(st.sampled_from("aÁ1 2,.()«»%$éEn deMayo🪶'-/\n"), min_size=1, max_size=60)


@given(ANY, st.sampled_from(["¿Cuándo fue?", "How many a?", "¿Quién, dijo A?", "Why?", "¿Qué mayo?", "What percentage?", "how much money", "¿Qué siglas?"]))  # fmt: skip
def test_candidates_of_any_text_lie_inside_it_and_say_something_new(text, question):
    for lang in ("es", "en"):
        quote, meeting, tokens = met(question, lang, text, lang)
        said = {fold(w) for w, _, _ in words(question)}
        for c in wordings(question, quote, meeting, tokens):
            assert 0 <= c.start < c.end <= len(text)
            assert {fold(w) for w, _, _ in words(text[c.start : c.end])} - said
            assert all(abs(value) < 100 for value in c.features)
        found = SPANS.find(question, quote, meeting, tokens)
        assert found is None or 0 <= found.start < found.end <= len(text)
