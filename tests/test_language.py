"""Sentences, terms and detection: examples in both languages, then invariants on random text."""

import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import language
from corpus.language import detect, fold, in_small_letters, sentences, term_spans, terms


def cut(text):
    return [text[a:b] for a, b in sentences(text)]


# Each is the sentences a reader sees, joined by one space.
SEPARATED = [
    ["Viajó a los EE. UU. en 1997.", "Luego volvió."],
    ["Vive en los EE. UU.", "El viaje duró un mes."],
    ["Lo lleva RR. HH. Norte con las CC. AA. Andaluza y Gallega.", "El resto, no."],
    ["Está en el tomo II.", "Roma está en otro."],
    ["Se paga p.ej. Con tarjeta y lo lleva la Licda. Mora.", "Es todo."],
    ["Vive en el ático.", "El ascensor no llega."],
    ["Drs. Hale and Unwin of the Rowing Assn. Bath signed it.", "It is short."],
    ["El Sr. Pérez llegó tarde.", "La Sra. López no vino."],
    ["La Dra. Núñez firmó el acta.", "El Lic. Ibáñez también."],
    ["En el siglo I d. C. nació la ciudad.", "Creció deprisa."],
    ["Murió en el 44 a. C.", "La república cayó después."],
    ["El rescate fue en abril de 1997.", "La crisis terminó ese día."],
    ["Duró 126 días.", "71 rehenes fueron liberados."],
    ["J. L. Borges nació en 1899.", "Murió en Ginebra."],
    ["Lo dice el art. 5 del código.", "Véase la pág. 12 del anexo."],
    ["Vive en la av. Larco núm. 101.", "Es su casa."],
    ["Compró pan, leche, etc.", "Después volvió."],
    ["Cuesta 3.5 euros.", "Es caro."],
    ["¿Quién vino?", "¡Nadie!", "Así fue."],
    ["¿Cuántos había?", "¿Quién los contó?"],
    ["¿Rema? Sí [X] No [ ]", "¿Nada? ☐ Sí ☒ No"],
    ["Remos Lobo, VAT no. GB 318 4420 17, of Bath.", "Its pier is long."],
    ["Is there a pier? Yes ( ) No (x)", "Is there a boat? Yes [x] No [ ]"],
    ["What is it?", "(x) marks the pier."],
    ["Esperó...", "Nada pasó."],
    ["Esperó…", "¿Y entonces?"],
    ["Esperó... y nada pasó."],
    ["Esperó . . . y nada pasó."],
    ["It waited . . .", "Nothing came."],
    ["It waited\u00a0.\u00a0.\u00a0. and nothing came."],
    ["It waited . . .?", "Nothing came."],
    ["«Ya está.»", "Se fue."],
    ["Dijo: «¡Vámonos!» y salió.", "Nadie lo vio."],
    ["El ñandú corre.", "Él también.", "Éramos dos."],
    ["Dr. Smith met Mrs. Jones at 5 p.m.", "They talked."],
    ["He moved to the U.S. in 1990.", "Then he left."],
    ["The U.S. Supreme Court ruled.", "It was final."],
    ["He lives in the U.S.", "The house is big."],
    ["It uses tools, e.g. hammers.", "They work."],
    ["J. R. R. Tolkien wrote it.", "He died in 1973."],
    ["See fig. 3.2 for the plot.", "It rises."],
    ['"It is done."', "He left."],
    ["It ended in 1997.", "The crisis was over."],
    ["Wait!", "Who goes there?", "Nobody answered."],
    ["The version is 2.0.1 now.", "Upgrade."],
    [
        "Tendrá derecho a: a. Recibir el boletín.",
        "b. Usar la sala.",
        "k. Los demás que diga la ley.",
    ],
    ["The order is: 1. Roll call.", "2. Minutes.", "3. Reports."],
    ["Se piden: i. El carné.", "ii. La foto."],
    ["k. Los demás derechos.", "l. Ninguno más."],
    ["Vitamin C. is good.", "See plan B. Then go."],
    ["Total: 12.", "Después llegó."],
]


@pytest.mark.parametrize("expected", SEPARATED, ids=lambda s: s[0])
def test_sentences_end_where_a_reader_ends_them(expected):
    assert cut(" ".join(expected)) == expected


def test_list_items_are_sentences_of_their_own_and_keep_their_number():
    text = "1. Primero esto.\n2. Luego eso.\n- Un punto\n• Otro punto"
    assert cut(text) == ["1. Primero esto.", "2. Luego eso.", "- Un punto", "• Otro punto"]


def test_a_blank_line_ends_a_sentence_without_a_stop():
    assert cut("Título\n\nEl cuerpo sin punto\n \nThe next") == [
        "Título",
        "El cuerpo sin punto",
        "The next",
    ]


def test_a_line_end_inside_a_sentence_does_not_end_it():
    assert cut("El agua de la\nfuente baja limpia.") == ["El agua de la\nfuente baja limpia."]


def test_sentences_of_a_stretch_stay_inside_it():
    text = "Uno dos. Tres cuatro. Cinco seis."
    assert [text[a:b] for a, b in sentences(text, 4, 20)] == ["dos.", "Tres cuatro"]
    assert sentences(text, 5, 5) == []


PIECES = st.sampled_from(
    'EE. UU. Sr. d. C. 1997. e.g. U.S. ¿Qué? ¡Ya! Él la The house año … ... 3.5 « » " ( ) — - • 1. 12) '
    "J. art. etc. No. 😀 é ".split(" ")
    + ["\n", "\n\n", "\n- ", "\t", "  ", "\u00a0", "e\u0301"]
)
TEXTS = st.one_of(
    st.text(max_size=200),
    st.lists(PIECES, max_size=60).map(" ".join),
    st.lists(PIECES, max_size=60).map("".join),
)


@given(TEXTS)
def test_sentences_are_in_order_and_hold_every_character_that_is_no_space(text):
    found = sentences(text)
    assert all(0 <= a < b <= len(text) for a, b in found)
    assert all(b <= c for (_, b), (c, _) in zip(found, found[1:], strict=False))
    for a, b in found:
        assert not text[a].isspace()
        assert not text[b - 1].isspace()
    covered = {i for a, b in found for i in range(a, b)}
    assert {i for i, c in enumerate(text) if not c.isspace()} <= covered


@given(TEXTS, st.data())
def test_sentences_of_any_stretch_cover_it_and_stay_inside(text, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    found = sentences(text, start, end)
    assert all(start <= a < b <= end for a, b in found)
    covered = {i for a, b in found for i in range(a, b)}
    assert {i for i in range(start, end) if not text[i].isspace()} <= covered


@pytest.mark.slow
@pytest.mark.parametrize("piece", ["Pasó en 1997.", "Vive la J.", "¿(«¡"])
def test_a_line_of_one_megabyte_takes_no_longer_than_as_many_short_lines(piece):
    def seconds(space):
        text = (piece + space) * (2**20 // (len(piece) + 1))
        began = time.process_time()
        sentences(text)
        return time.process_time() - began

    assert seconds(" ") < max(1.0, 4 * seconds("\n"))


# ------------------------------------------------------------------------- folding and terms


def test_fold_takes_accents_and_diaeresis_off_and_keeps_ñ():
    assert fold("REHÉN Pingüino ¿Año? Ñandú Über") == "rehen pinguino ¿año? ñandu uber"


def test_fold_takes_strokes_and_rings_off_and_keeps_the_length():
    assert fold("Bjørn Håkon, Đặng, Wałęsa, Guðrún") == "bjorn hakon, dặng, walęsa, gudrun"


@pytest.mark.parametrize("lang", ["es", "en", "und"])
@pytest.mark.parametrize(
    "pair",
    [
        "Bjørn Bjorn",
        "ÅRHUS Arhus",
        "Wałęsa Walesa",
        "Đặng Dang",
        "Guðrún Gudrun",
        "Þingvellir Thingvellir",
        "Rønnebæk Ronnebaek",
        "Œuvre oeuvre",
        "Gauß Gauss",
        "Dvořák Dvorak",
        "İnönü Inonu",
        "ＬＥＮＴＥ lente",
        "３５０ 350",
        "ｍｉｔｏ mito",
    ],
)
def test_a_name_typed_without_the_letters_of_its_language_is_the_same_term(pair, lang):
    one, other = terms(f"{pair.split()[0]} / {pair.split()[1]}", lang)
    assert one == other


def test_letters_of_other_scripts_and_signs_stay_as_they_are():
    assert terms("мой 東京 が ½ m² ñu", "und") == ["мой", "東京", "が", "0.5", "m²", "ñu"]


@given(st.text(alphabet="áéíóúüñÁÉÍÓÚÜÑabcXYZ 123¿¡", max_size=60))
def test_fold_of_spanish_keeps_the_length_and_is_done_after_one_pass(text):
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    "group",
    [
        "rehen rehén rehenes REHÉN",
        "liberación liberacion liberaciones LIBERACIÓN",
        "inglés inglesa ingleses",
        "voz voces",
        "líder lider líderes lideró liderado liderada",
        "cáncer cancer cánceres",
        "año años",
        "embajador embajadores",
        "canción cancion canciones",
        "3.180 3,180 3180",
        "3.5 3,5",
        "pingüino pinguinos",
    ],
)
def test_spanish_words_that_are_one_word_share_a_term(group):
    assert len(set(terms(group, "es"))) == 1


@pytest.mark.parametrize("pair", ["año ano", "caña cana", "3.180 3.181", "3.5 35", "1996 1997"])
def test_spanish_words_that_are_two_words_do_not_share_a_term(pair):
    assert len(set(terms(pair, "es"))) == 2


@pytest.mark.parametrize(
    "group",
    [
        "hostage hostages Hostages",
        "run running runs",
        "Fujimori Fujimori's Fujimori’s",
        "3,180 3.180",
        "crisis Crisis",
        "library libraries",
    ],
)
def test_english_words_that_are_one_word_share_a_term(group):
    assert len(set(terms(group, "en"))) == 1


def test_english_words_that_are_two_words_do_not_share_a_term():
    assert len(set(terms("hostage host 1996 1997 Lima lime", "en"))) == 6


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("es", "el él que qué cómo como cuántos cuantos dónde donde quién quien más mas sí si"),
        ("en", "the of what which Don't who is are has been how"),
    ],
)
def test_stop_words_are_left_out_with_and_without_their_accents(lang, text):
    assert [t for t in terms(text, lang) if t != "don"] == []


@pytest.mark.parametrize("lang", ["es", "en", "und"])
def test_numbers_and_names_never_disappear(lang):
    assert len(terms("Cerpa 1997 MRTA 72 X-15 Ñuñoa", lang)) >= 6


def test_a_name_is_one_term_in_both_languages():
    for name in ("Lima", "MRTA", "Fujimori", "Perú", "1997"):
        assert terms(name, "und") != []
    assert terms("Fujimori", "es") == terms("Fujimori", "en")
    assert terms("Perú", "es") == terms("Peru", "en")


@given(TEXTS, st.sampled_from(["es", "en", "und"]))
def test_term_spans_are_in_order_and_never_empty(text, lang):
    spans = term_spans(text, lang)
    assert all(term and 0 <= a < b <= len(text) for term, a, b in spans)
    assert all(b <= c for (_, _, b), (_, c, _) in zip(spans, spans[1:], strict=False))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("el remolque¹ y el ‘bote’² de la UE³", ["remolque", "bote", "ue"]),
        ("¹Remolque: lo que se arrastra.", ["remolque", "arrastra"]),
        ("the trailer’s¹² owner and ¹²the ‘dinghy’.³", ["trailer", "owner", "dinghy"]),
        ("120 m², 3 km³ y R² de CO₂", ["120", "m²", "3", "km³", "r²", "co₂"]),
        ("10⁶ tuercas", ["10", "⁶", "tuercas"]),
    ],
)
def test_the_mark_of_a_note_is_no_part_of_the_word_it_stands_at(text, expected):
    lang = "en" if "the" in text else "es"
    found = [(term, text[a:b].lower()) for term, a, b in term_spans(text, lang)]
    assert [written.removesuffix("’s") for _, written in found] == expected
    alone = [term for word in expected if word.isascii() for term in terms(word, lang)]
    assert set(alone) <= {term for term, _ in found}


def test_term_spans_are_the_offsets_of_the_words_as_written():
    text = "¿Cuántos rehenes liberó el Perú? 😀 3.180"
    assert [text[a:b] for _, a, b in term_spans(text, "es")] == [
        "rehenes",
        "liberó",
        "Perú",
        "3.180",
    ]


def test_terms_are_the_same_in_every_thread():
    text = "Los rehenes fueron liberados por los comandos en la operación Chavín de Huántar. " * 20
    expected, found = terms(text, "es"), []
    threads = [threading.Thread(target=lambda: found.append(terms(text, "es"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert found == [expected] * 8


def test_the_stop_words_hold_no_number_and_are_lower_case():
    for lang in ("es", "en"):
        assert all(
            word == word.lower() and word.isalpha() for word in language.PACKS[lang].stop_words
        )


# ------------------------------------------------------------------------- detection

SPANISH = """
¿Quién fue el embajador?
¿Cuántos rehenes murieron?
¿Dónde está la biblioteca?
¿Cuándo terminó la crisis?
¿Qué es el café?
¿Por qué murió Cerpa?
¿Cómo se cultiva la papa?
¿Cuál es el plazo de préstamo?
¿Cuánto duró el secuestro?
¿Quiénes participaron en la mediación?
cuantos rehenes murieron
quien fue el embajador
donde esta la biblioteca
cuando termino la crisis
que es el cafe
por que murio Cerpa
como se cultiva la papa
cual es el plazo de prestamo
cuanto duro el secuestro
quienes participaron en la mediacion
que paso en 1997
a que hora abre la biblioteca
en que año fue el rescate
cuantas personas estaban en la residencia
para que sirve la jalea real
quien dirigio la operacion
que pidio el MRTA
hay wifi en la biblioteca
cuanto cuesta renovar el carnet
cual fue la sentencia de la Corte
""".strip().splitlines()
ENGLISH = """
Who was the ambassador?
How many hostages died?
Where is the library?
When did the crisis end?
What is coffee?
Why did Cerpa die?
How are potatoes grown?
What is the loan period?
How long did the siege last?
Who took part in the talks?
how many hostages died
who was the ambassador
where is the library
when did the crisis end
what is coffee
why did Cerpa die
how are potatoes grown
what is the loan period
how long did the siege last
who took part in the talks
what happened in 1997
when does the library open
in which year was the rescue
how many people were in the residence
what is royal jelly for
who led the operation
what did the MRTA want
is there wifi in the library
how much does it cost to renew the card
what was the ruling of the Court
""".strip().splitlines()


@pytest.mark.parametrize("question", SPANISH)
def test_a_short_spanish_question_is_told_with_and_without_accents(question):
    assert detect(question)[0] == "es"


@pytest.mark.parametrize("question", ENGLISH)
def test_a_short_english_question_is_told(question):
    assert detect(question)[0] == "en"


@pytest.mark.parametrize(
    "text", ["", "Fujimori", "MRTA 1997", "???", "Lima, Callao", "12 345", "😀"]
)
def test_a_name_or_number_alone_has_no_language(text):
    assert detect(text) == ("und", 0.0)


def test_confidence_grows_with_the_text_and_stays_within_0_and_1():
    short = detect("la casa")[1]
    long = detect("La casa que está en la plaza es de los dueños de la fuente. " * 5)[1]
    assert 0 < short < long <= 1


def test_names_do_not_decide_the_language():
    english = (
        "The bridge of wood was built by Íñigo Núñez.",
        "Who was Íñigo Núñez?",
        "Who wrote Cien años de soledad?",
        "When did María Muñoz Peña leave A Coruña?",
    )
    spanish = (
        "¿Quién fue George Washington?",
        "quien fue George Washington",
        "¿Cuándo se estrenó The Sound of Music?",
        "¿Qué escribió William Shakespeare?",
    )
    assert [detect(t)[0] for t in english] == ["en"] * 4
    assert [detect(t)[0] for t in spanish] == ["es"] * 4
    assert detect("Núñez")[0] == detect("EL AÑO DE LA NIÑA")[0] == "es"
    # Among figures and few words, too
    assert detect("Q DAN SI GANO 3 PARTIDAS")[0] == detect("PRECIO DE LA ENTRADA")[0] == "es"
    assert detect("FEE OF THE 2 COURTS")[0] == "en"


@given(st.text(max_size=300))
def test_detection_of_any_text_gives_a_language_and_a_share(text):
    lang, confidence = detect(text)
    assert lang in ("es", "en", "und")
    assert 0 <= confidence <= 1


# ------------------------------------------------------------------------- languages without a pack

FOREIGN = {
    "fr": [
        "Le conseil de la commune a décidé de réparer le pont qui mène au moulin.",
        "Quand ouvre la bibliothèque ?",
        "Combien coûte l'entrée pour les enfants ?",
    ],
    "it": [
        "Il consiglio del comune ha deciso di riparare il ponte che porta al mulino.",
        "Quanto costa l'ingresso?",
        "Il contratto si rinnova ogni anno salvo disdetta scritta.",
    ],
    "nl": [
        "De gemeenteraad heeft besloten de brug naar de molen te herstellen.",
        "Waarom is het zwembad dicht?",
        "Wat zijn de openingstijden in de zomer?",
    ],
    "pt": [
        "A câmara decidiu reparar a ponte que leva ao moinho e não sabe quanto custa.",
        "Quais são os horários?",
        "Os pedidos devem ser apresentados até 30 de junho.",
    ],
    "ca": [
        "L'ajuntament ha decidit reparar el pont que porta al molí.",
        "Quins són els horaris?",
        "Mentrestant els cotxes passaran per la carretera del bosc.",
    ],
}


@pytest.mark.parametrize(
    ("lang", "text"), [(lang, text) for lang, texts in FOREIGN.items() for text in texts]
)
def test_a_text_in_a_language_without_a_pack_is_und(lang, text):
    assert detect(text) == ("und", 0.0)


def test_a_long_text_with_next_to_no_function_word_of_ours_is_und():
    text = (
        "Sözleşme yazılı olarak feshedilmedikçe her yıl yenilenir. Başvurular otuz Haziran tarihine kadar belediyeye "
        "yapılmalıdır ve bu tarihten sonra yapılan başvurular komisyon tarafından kabul edilmez. Sonuçlar to be posta ile "
        "bildirilir ve itirazlar on gün içinde yapılır, komisyon kararı kesindir."
    )
    assert detect(text)[0] == "und"


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("¿Qué dijo Angela Merkel?", "es"),
        ("La Casa dei Bambini es un parque de la ciudad.", "es"),
        ("a que hora sale el tren", "es"),
        ("What does the Académie française do?", "en"),
        ("How far is Den Haag from the sea?", "en"),
        ("the die is cast", "en"),
    ],
)
def test_names_and_words_of_another_language_do_not_hide_ours(text, lang):
    assert detect(text)[0] == lang


# ------------------------------------------------------------------------- packs


def test_every_pack_is_frozen_and_names_twelve_months():
    for lang, pack in language.PACKS.items():
        assert pack.lang == lang
        assert len(set(pack.months)) == 12
        with pytest.raises(AttributeError):
            pack.lang = "und"  # type: ignore[misc]


def test_words_that_packs_say_are_folded_are():
    for pack in language.PACKS.values():
        for words in (pack.telling, pack.shared, pack.asking, pack.joiners, pack.idle):
            assert all(fold(word) == word or "ñ" in word or word in pack.telling for word in words)
        assert all(fold(word) == word for word in pack.roles)


def test_the_languages_are_those_of_the_packs_and_und():
    assert (*language.PACKS, "und") == language.LANGS


@pytest.mark.parametrize(
    "text",
    [
        "El Exmo. Ayto. de Robledo firmó con la Fund. Marín.",
        "La Cdad. Prop. San Blas pide permiso.",
        "El Subcom. Méndez declaró ayer.",
        "El art. 4 del Regl. Interno lo dice.",
    ],
)
def test_a_short_word_with_a_capital_inside_a_name_ends_no_sentence(text):
    assert len(language.sentences(text)) == 1


def test_a_short_word_at_the_end_of_a_sentence_ends_it():
    text = "He met Bob. Ann left. We joined the Club. Tom stayed. Fue al Camp. Luego volvió."
    assert len(language.sentences(text)) == 6


@pytest.mark.parametrize(
    ("text", "small"),
    [
        ("QUEDA PROHIBIDO FUMAR EN EL PATIO.\nDon Abel paga 50 €.", "Queda prohibido fumar en el patio.\nDon Abel paga 50 €."),
        ("¿CUÁNDO SE CELEBRA EL DÍA DEL NIÑO?", "¿Cuándo se celebra el día del niño?"),
        ("THE FINE IS 60 POUNDS PER DAY (or part)", "THE FINE IS 60 POUNDS PER DAY (or part)"),
        ("THE FINE FOR SMOKING IS SIXTY POUNDS", "The fine for smoking is sixty pounds"),
        ("La OTAN y la UNESCO firman", "La OTAN y la UNESCO firman"),
        ("IVA 21 %", "IVA 21 %"),
        ("REGLAMENTO MUNICIPAL", "REGLAMENTO MUNICIPAL"),
        ("İSTANBUL HAVALİMANI GÜVENLİK", "İstanbul havalİmani güvenlİk"),
        ("", ""),
    ],
)  # fmt: skip
def test_lines_in_capitals_are_written_small(text, small):
    assert in_small_letters(text) == small
    assert len(small) == len(text)


def test_the_number_of_a_section_and_a_time_of_the_day_belong_to_what_they_stand_before() -> None:
    text = "5.1.2. La cuota es de diez euros. Se paga en mayo.\n17.00. Apertura.\nCuesta 12.50. Nada más."
    assert [text[a:b] for a, b in sentences(text)] == [
        "5.1.2. La cuota es de diez euros.",
        "Se paga en mayo.",
        "17.00. Apertura.",
        "Cuesta 12.50.",
        "Nada más.",
    ]
