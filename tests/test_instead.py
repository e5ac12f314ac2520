"""Whether what answers a follow-up question has what this puts in the place of something else."""

import pytest
from hash_encoder import HashEncoder
from underliner import Underliner

from index.local.build import build
from qa.engine import Engine, Query
from qa.followup import Previous

TEXTS = {
    "es": "La sauna abre a las nueve.\n\nEl frontón cierra en agosto. Abre a las ocho.\n\nLa entrada de adulto vale tres euros. La entrada de niño vale un euro.\n\n"
    "El vivero abre de lunes a jueves.\n\nEn el taller se abre a todos los vecinos a las seis.\n",
    "en": "The sauna opens at nine.\n\nThe squash court shuts in August. It opens at eight.\n\nAdult tickets cost three pounds. Child tickets cost one pound.\n\n"
    "The nursery opens from Monday to Thursday.\n\nThe workshop opens for all neighbours at six.\n",
}


class Faintly(Underliner):
    """Underlines one phrase, and another one a little."""

    def __init__(self, phrase, other):
        super().__init__(phrase)
        self.other = other

    def _reading(self, text):
        found = super()._reading(text)
        at = text.find(self.other)
        inside = (found.starts >= at) & (found.ends <= at + len(self.other))
        found.marked[inside & (found.marked < 0.5)] = 0.15
        return found


@pytest.fixture(scope="module", params=["es", "en"])
def ask(request, tmp_path_factory):
    """Asks a question after another one in the language, with what the reader underlines; gives what is quoted."""
    lang = request.param
    data = tmp_path_factory.mktemp("instead") / "data"
    (data / "documents").mkdir(parents=True)
    (data / "documents" / "house.txt").write_text(TEXTS[lang], "utf-8")
    build(data, HashEncoder())

    def asked(before, question, underlined, faintly=("\n\n", "\n\n")):
        one = {"es": 0, "en": 1}[lang]
        reader = Faintly(underlined[one], faintly[one])
        engine = Engine(data, HashEncoder(), reader=reader)
        answer = engine.ask(Query(question[one], lang, (Previous(before[one]),)))
        engine.close()
        assert answer.question.read_as is not None
        return " ".join(c.quote for c in answer.citations)

    return asked


WHEN = ("¿A qué hora abre la sauna?", "When does the sauna open?")
SAUNA = ("La sauna abre a las nueve.", "The sauna opens at nine.")
COURT = ("Abre a las ocho.", "It opens at eight.")
ADULT = ("La entrada de adulto vale tres euros.", "Adult tickets cost three pounds.")
CHILD = ("La entrada de niño vale un euro.", "Child tickets cost one pound.")
DAYS = ("El vivero abre de lunes a jueves.", "The nursery opens from Monday to Thursday.")
ALL = ("En el taller se abre a todos los vecinos a las seis.", "The workshop opens for all neighbours at six.")  # fmt: skip


def said(quote, phrase):
    return any(one in quote for one in phrase)


@pytest.mark.parametrize(
    "question",
    [("¿y la biblioteca?", "And the library?"), ("¿y en Navidad?", "And at Christmas?"), ("¿y Robledal?", "And Oakham?")],
)  # fmt: skip
def test_what_is_said_of_the_thing_before_answers_nothing_about_another(ask, question):
    assert ask(WHEN, question, SAUNA) == ""


def test_what_stands_before_in_its_paragraph_names_what_a_quote_is_about(ask):
    assert said(ask(WHEN, ("¿y el frontón?", "And the squash court?"), COURT), COURT)


def test_the_thing_itself_and_what_is_said_of_everything_are_answers(ask):
    assert said(ask(WHEN, ("¿y a los vecinos?", "And for neighbours?"), ALL), ALL)
    before = ("¿A qué hora abre el taller?", "When does the workshop open?")
    assert said(ask(before, ("¿y a los niños?", "And for children?"), ALL), ALL)


def test_a_day_may_lie_between_two_others(ask):
    before = ("¿Cuándo abre el vivero los lunes?", "When does the nursery open on Mondays?")
    assert said(ask(before, ("¿y los martes?", "And on Tuesdays?"), DAYS), DAYS)


def test_the_sentence_about_the_thing_is_quoted_where_another_is_underlined_more(ask):
    before = ("¿Cuánto vale la entrada de adulto?", "How much are adult tickets?")
    quote = ask(before, ("¿y para un niño?", "And for a child?"), ADULT, CHILD)
    assert said(quote, CHILD)
    assert not said(quote, ADULT)


def test_more_of_a_kind_may_be_called_by_no_word_that_is_like_it(ask):
    before = ("¿A qué hora abre la sauna?", "When does the sauna open?")
    assert said(ask(before, ("¿y otros locales?", "And the other rooms?"), COURT), COURT)
    assert ask(before, ("¿y los locales?", "And the rooms?"), COURT) == ""
