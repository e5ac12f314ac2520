"""What corrects a text is quoted beside what it corrects."""

import pytest
from hash_encoder import HashEncoder
from local_server import write_documents
from underliner import Underliner

from index.local.build import build
from qa.engine import Engine, Query

RACE = {
    "race.md": "# Rules of the reed boat race\n\nEach reed boat carries at most two rowers. The prize for a reed boat is a net.\n",
    "oven.txt": "The oven is of clay and is swept by the miller each week.\n",
}
REGATA = {
    "regata.md": "# Bases de la regata de juncos\n\nCada barca de juncos lleva como mucho dos remeros. El premio es una red.\n",
    "horno.txt": "El horno es de barro y lo barre el molinero cada semana.\n",
}
RACE_SAID, REGATA_SAID = (
    "Each reed boat carries at most two rowers.",
    "Cada barca de juncos lleva como mucho dos remeros.",
)
OF_RACE, OF_REGATA = "Corrections to the rules of the reed boat race", "Fe de erratas de las bases de la regata de juncos"  # fmt: skip


def asked(tmp_path, question, lang, documents, said):
    write_documents(tmp_path, documents)
    build(tmp_path, HashEncoder())
    engine = Engine(tmp_path, HashEncoder(), reader=Underliner(said))
    answer = engine.ask(Query(question, lang))
    engine.close()
    return answer


@pytest.mark.parametrize(
    ("lang", "correction", "right"),
    [
        ("en", "In rule 1, where it says “two rowers”, it should say “four rowers”.", "four rowers"),
        ("en", 'For "two rowers" read "four rowers".', "four rowers"),
        ("en", "“Two rowers” should be “four rowers”.", "four rowers"),
        ("en", "Where it says two rowers, it should read four rowers.", "four rowers"),
        ("es", "En la base 1, donde dice «dos remeros», debe decir «cuatro remeros».", "cuatro remeros"),
        ("es", "Donde dice: dos remeros; debe decir: cuatro remeros.", "cuatro remeros"),
        ("es", "En lugar de «dos remeros», léase «cuatro remeros».", "cuatro remeros"),
    ],
)  # fmt: skip
def test_a_correction_is_quoted_after_what_it_corrects(tmp_path, lang, correction, right):
    documents, said, title = (RACE, RACE_SAID, OF_RACE) if lang == "en" else (REGATA, REGATA_SAID, OF_REGATA)  # fmt: skip
    question = "How many rowers has a reed boat?" if lang == "en" else "¿Cuántos remeros lleva la barca de juncos?"  # fmt: skip
    documents = documents | {"errata.md": f"# {title}\n\n{correction}\n"}
    first, other = asked(tmp_path, question, lang, documents, said).citations
    assert (first.quote, first.differs) == (said, False)
    assert (other.quote, other.differs) == (correction, True)
    start, end = other.highlight
    assert other.quote[start:end] == right


@pytest.mark.parametrize(
    ("title", "correction"),
    [
        # another phrase, another text, and no correction
        (OF_RACE, "Where it says “a net”, it should say “a sail”."),
        ("Corrections to the guide of the mill", "Where it says “two rowers”, it should say “four”."),
        (OF_RACE, "He said “two rowers” and then “four rowers”."),
    ],
)  # fmt: skip
def test_what_corrects_something_else_stays_out(tmp_path, title, correction):
    documents = RACE | {"errata.md": f"# {title}\n\n{correction}\n"}
    question = "How many rowers has a reed boat?"
    answer = asked(tmp_path, question, "en", documents, RACE_SAID)
    assert [c.quote for c in answer.citations] == [RACE_SAID]


def test_what_corrects_another_sentence_than_the_one_that_answers_stays_out(tmp_path):
    errata = f"# {OF_RACE}\n\nWhere it says “two rowers”, it should say “four rowers”.\n"
    both = RACE["race.md"].split("\n")[-2]
    write_documents(tmp_path, RACE | {"errata.md": errata})
    build(tmp_path, HashEncoder())
    engine = Engine(tmp_path, HashEncoder(), reader=Underliner(both, answer="a net"))
    citations = engine.ask(Query("What is the prize for a reed boat?", "en")).citations
    assert [c.quote for c in citations] == [both]
    engine.close()
