"""What was said later, or elsewhere, and changes what is quoted is quoted before it."""

from dataclasses import replace

import pytest
from hash_encoder import HashEncoder
from local_server import write_documents
from underliner import Underliner

from index.local.build import build
from qa.engine import Engine, Query


class Believing(Underliner):
    """Underlines the old words, and believes of what is read alone those given."""

    def __init__(self, old, **believed):
        super().__init__(old)
        self.believed = believed

    def read(self, question, passages):
        """Readings, with another belief in the texts that were given."""
        readings = super().read(question, passages)
        return [
            replace(reading, answers=self.believed.get(text, reading.answers))
            for reading, (_, text) in zip(readings, passages, strict=True)
        ]


RULES = {
    "en": (
        "club_rules.md",
        "# Rules of the kite club\n\nA borrowed kite may be kept for two weeks. A torn kite is paid for. Kites are flown on the heath on Sunday at 14:00.\n",
        "A borrowed kite may be kept for two weeks.",
        "For how many weeks may a borrowed kite be kept?",
    ),
    "es": (
        "normas.md",
        "# Normas del club de cometas\n\nUna cometa prestada se puede tener dos semanas. Una cometa rota se paga. Las cometas se vuelan en el páramo el domingo a las 14:00.\n",
        "Una cometa prestada se puede tener dos semanas.",
        "¿Cuántas semanas se puede tener una cometa prestada?",
    ),
}


def asked(tmp_path, lang, news, *, name="minutes.txt", question=None, old=None, believed=0.0):
    """The citations of the answer; ``news``: what another document says, of which the last sentence is that which is believed."""
    rules, text, said, usual = RULES[lang]
    write_documents(tmp_path, {rules: text, name: news})
    build(tmp_path, HashEncoder())
    alone = news.strip().split("\n")[-1]
    engine = Engine(
        tmp_path, HashEncoder(), reader=Believing(old or said, **{alone: float(believed)})
    )
    answer = engine.ask(Query(question or usual, lang))
    engine.close()
    return [(c.quote, c.differs) for c in answer.citations if c.role == "answer"], answer.text


@pytest.mark.parametrize(
    ("lang", "name", "news"),
    [
        ("en", "minutes.txt", "Minutes of 8 January\n\nFrom February a kite may be kept for three weeks, not two."),
        ("en", "letter.txt", "Dear members,\n\nA borrowed kite may now be kept for three weeks."),
        ("en", "notice.md", "# Notice\n\nThe loan of a kite goes up from two to three weeks."),
        ("es", "acta.txt", "Acta del 8 de enero\n\nDesde febrero una cometa se puede tener tres semanas, y no dos."),
        ("es", "circular.txt", "Estimados socios:\n\nUna cometa prestada ya no se puede tener dos semanas, sino tres."),
        ("es", "aviso.md", "# Aviso\n\nEl préstamo de una cometa pasa de dos a tres semanas."),
    ],
)  # fmt: skip
def test_what_changes_a_rule_is_quoted_before_it(tmp_path, lang, name, news):
    said = RULES[lang][2]
    found, text = asked(tmp_path, lang, news, name=name)
    assert found == [(news.split("\n")[-1], False), (said, True)]
    assert ("Before that" if lang == "en" else "Antes, según") in text


@pytest.mark.parametrize(
    ("lang", "name", "news"),
    [
        # nothing changes, another thing does, and rules and manuals are no news
        ("en", "minutes.txt", "Minutes of 8 January\n\nA kite was lost in three weeks of wind."),
        ("en", "minutes.txt", "Minutes of 8 January\n\nFrom February the fee is three pounds, not one."),
        ("en", "shop.md", "# Rules of the kite shop\n\nA kite is kept for three weeks instead of two."),
        ("es", "acta.txt", "Acta del 8 de enero\n\nUna cometa se perdió en tres semanas de viento."),
        ("es", "acta.txt", "Acta del 8 de enero\n\nDesde febrero la cuota es de tres euros, y no de uno."),
        ("es", "tienda.md", "# Normas de la tienda de cometas\n\nUna cometa se guarda tres semanas en vez de dos."),
    ],
)  # fmt: skip
def test_what_changes_something_else_or_nothing_stays_out(tmp_path, lang, name, news):
    believed = -3.0 if "fee" in news or "cuota" in news else 3.0
    found, _ = asked(tmp_path, lang, news, name=name, believed=believed)
    assert found == [(RULES[lang][2], False)]


@pytest.mark.parametrize(
    ("lang", "question", "news"),
    [
        ("en", "For how many weeks might a borrowed kite originally be kept?", "Minutes of 8 January\n\nA borrowed kite may now be kept for three weeks."),
        ("es", "¿Cuántas semanas se podía tener antes una cometa prestada?", "Acta del 8 de enero\n\nUna cometa prestada ya no se puede tener dos semanas, sino tres."),
    ],
)  # fmt: skip
def test_who_asks_for_what_was_so_before_gets_that_first(tmp_path, lang, question, news):
    found, _ = asked(tmp_path, lang, news, question=question)
    assert found == [(RULES[lang][2], False), (news.split("\n")[-1], True)]


@pytest.mark.parametrize(
    ("lang", "question", "old", "name", "news"),
    [
        ("en", "When are the kites flown on Sunday in the end?", "Kites are flown on the heath on Sunday at 14:00.", "chat.txt", "[01/10/2025, 07:44] Jude: wind is up on Sunday, kites now 12:30 not 2pm"),
        ("es", "¿A qué hora se vuelan al final las cometas el domingo?", "Las cometas se vuelan en el páramo el domingo a las 14:00.", "chat.txt", "[01/10/2025, 07:44] Jude: el domingo las cometas a las 12:30, no a las 2"),
    ],
)  # fmt: skip
def test_a_message_changes_a_timetable(tmp_path, lang, question, old, name, news):
    found, _ = asked(tmp_path, lang, news, name=name, question=question, old=old, believed=-2.0)
    assert found == [(news, False), (old, True)]


@pytest.mark.parametrize(
    ("lang", "text", "old", "notice", "question"),
    [
        ("en", "# Care of the goat\n\nThe goat gets half a bucket of oats.\n*** CHANGED 5 Aug: a whole bucket until the 12th.\n\nIt likes rain.\n", "The goat gets half a bucket of oats.", "*** CHANGED 5 Aug: a whole bucket until the 12th.", "How many oats does the goat get?"),
        ("es", "# Cuidado de la cabra\n\nLa cabra come medio cubo de avena.\nCambio: un cubo entero hasta el día 12.\n\nLe gusta la lluvia.\n", "La cabra come medio cubo de avena.", "Cambio: un cubo entero hasta el día 12.", "¿Cuánta avena come la cabra?"),
    ],
)  # fmt: skip
def test_a_notice_right_below_changes_what_stands_above_it(
    tmp_path, lang, text, old, notice, question
):
    write_documents(tmp_path, {"goat.md": text})
    build(tmp_path, HashEncoder())
    engine = Engine(tmp_path, HashEncoder(), reader=Underliner(old))
    answer = engine.ask(Query(question, lang))
    engine.close()
    assert [c.quote for c in answer.citations][:2] == [notice, old]


@pytest.mark.parametrize(
    ("lang", "question", "old", "news", "believed", "changes"),
    [
        # who is named in the quote, and what is said of another number
        ("en", "Who mends the kite of tower 2?", "The kite of tower 2 is mended by Mr Haddow.", "Dear members,\n\nMr Haddow has retired: for anything torn please ask Nadia.", 0.2, True),
        ("en", "Who mends the kite of tower 2?", "The kite of tower 2 is mended by Mr Haddow.", "Dear members,\n\nThe kite of tower 3 is now mended by Nadia.", 2.0, False),
        ("es", "¿Quién arregla la cometa de la torre 2?", "La cometa de la torre 2 la arregla Germán Haro.", "Estimados socios:\n\nGermán se jubila y no puede, preguntad a Nadia por lo roto.", 0.2, True),
        ("es", "¿Quién arregla la cometa de la torre 2?", "La cometa de la torre 2 la arregla Germán Haro.", "Estimados socios:\n\nLa cometa de la torre 3 la arregla ahora Nadia.", 2.0, False),
    ],
)  # fmt: skip
def test_what_mentions_the_name_quoted_changes_it_and_not_what_has_another_number(
    tmp_path, lang, question, old, news, believed, changes
):
    alone = news.split("\n")[-1]
    write_documents(tmp_path, {"rules.txt": f"{old}\n\nWet wings dry.\n", "letter.txt": news})
    build(tmp_path, HashEncoder())
    engine = Engine(tmp_path, HashEncoder(), reader=Believing(old, **{alone: believed}))
    found = [c.quote for c in engine.ask(Query(question, lang)).citations]
    engine.close()
    assert found == ([alone, old] if changes else [old])


def test_of_two_changes_in_one_chat_the_last_is_quoted(tmp_path):
    news = "[01/10/2025, 07:44] Jude: kites on Sunday now 12:30 not 14:00\n[02/10/2025, 09:10] Jude: sorry, kites on Sunday now at 13:00 not 14:00"
    found, _ = asked(
        tmp_path,
        "en",
        news,
        name="chat.txt",
        question="When are the kites flown on Sunday?",
        old="Kites are flown on the heath on Sunday at 14:00.",
        believed=-2.0,
    )
    assert found[0] == (news.split("\n")[-1], False)


def test_without_a_reader_nothing_is_changed(tmp_path):
    rules, text, _, question = RULES["en"]
    news = "Minutes of 8 January\n\nFrom February a kite may be kept for three weeks, not two."
    write_documents(tmp_path, {rules: text, "minutes.txt": news})
    build(tmp_path, HashEncoder())
    engine = Engine(tmp_path, HashEncoder())
    assert not any(c.differs for c in engine.ask(Query(question, "en")).citations)
    engine.close()
