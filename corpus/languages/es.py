"""Spanish."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from corpus.languages.pack import LanguagePack, fold, roles, word_set

_STOP_WORDS: Final = word_set("""
a al algo ante antes aquel aquella aquellas aquello aquellos aquí así aun aún aunque bajo bien cada casi como
con contra cual cuales cualquier cuál cuáles cuando cuándo cuanto cuanta cuantos cuantas cuánto cuánta cuántos
cuántas cómo de del desde donde dónde dos durante e el él ella ellas ello ellos en entonces entre era eran eres
es esa esas ese eso esos esta está estaba estaban estado estamos están estar estas éstas este éste esto estos
éstos estuvo fue fueron fui ha haber había habían habrá hace hacia han hasta hay he hemos hizo hubo la las le les
lo los más me mi mis mientras mucha muchas mucho muchos muy nada ni ninguna ninguno no nos nosotros nuestra
nuestro o os otra otras otro otros para pero poca poco por porque pues que qué quien quién quienes quiénes se sea
según ser será si sí sido siendo sin sino sobre sois son su sus suya suyo también tampoco tan tanto te tenía
tenían tener ti tiene tienen toda todas todo todos tras tu tú tus tuvo un una unas uno unos usted ustedes ya y yo
""")

# Nouns, folded, that end like an infinitive and are stressed before that ending. Snowball takes the ending off, and parts
# "líder" from "liderado" and "azúcar" from "azucarado". Most people leave such accents out, so a list, not a rule.
_NO_INFINITIVES: Final = word_set(
    "lider cancer caracter martir azucar dolar nectar ambar nacar crater laser master poster cadaver alcazar"
)


def _stem(folded: str, snowball: Callable[[str], str]) -> str:
    # Snowball takes "rehén" and "rehen" for different words and "rehenes" for a third; with the
    # accents off first and the plural off before and after it, the three meet, as do inglés,
    # inglesa, ingleses and voz, voces. Costs 0.002 nDCG@10 on XQuAD against Snowball alone.
    singular = _singular(folded)
    if singular in _NO_INFINITIVES:
        return singular
    stem = _singular(fold(snowball(singular)))
    return stem[:-1] + "c" if stem.endswith("z") else stem


def _singular(word: str) -> str:
    """A folded word without its plural ending."""
    if len(word) > 4 and word.endswith("es") and word[-3] not in "aeiou":
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and word[-2] in "aoe":
        return word[:-1]
    return word


_ABBREVIATIONS: Final = word_set("""
sr sra srta sres sras dr dra dres d dª dña ud uds vd vds prof profa ing lic arq gral cnel cap cmdte tte sgto
alm mons pbro fr sto sta ee uu ff aa rr ss mm oo pp av avda avd c/ ctra pza pl urb apdo dpto depto edif izq dcha
tel tfno fax cía cia art arts cf cfr cit ed eds ej fig figs núm num nro no nos pág págs pag pags p vol vols cap
caps sec ss sig sigs aprox máx mín max min inc ltd ltda s.a s.a.a km cm mm kg gr hab has ha vs etc ibíd
ibid op a.c d.c a.m p.m m ene abr ago dic
excmo excma excmos ilmo ilma ilmos rvdo rvda fdo fda mtro mtra ldo lda lcdo lcda abg proc adj gte secr tes vpte hno
hna hnos sdad soc coop comp suc sucs s.l s.l.u s.c s.coop ref exp expte reg núms nums párr parr ord rd r.d l.o rev
trad coord pról ilustr secc epíg anex pol ind urb bl blq esc pta ptal bjo entlo ático c.p apt tlf tlfn telf ext
exmo exma exmos exmas ayto aytos ayunt cdad dir regl mancom subdir pbros dptos adm
ntra ntro vtra vtro q.e.p.d e.p.d aux dptos enr febr jun jul agt sept
""")

PACK: Final = LanguagePack(
    lang="es",
    stop_words=_STOP_WORDS,
    stemmer="spanish",
    stem=_stem,
    abbreviations=_ABBREVIATIONS,
    maybe_final=word_set("etc uu aa c a.c d.c a.m p.m no m ha km kg cm mm hab al"),
    openers=word_set("""
el la los las lo un una unos unas en al del de por para con sin sobre desde hasta según tras ante entre este esta
estos estas ese esa aquel su sus se no ni y pero aunque cuando como si mientras durante después antes luego
entonces también además así hoy ayer allí ahí aquí quien él ella ellos ellas nadie todos todas muchos varios
"""),
    telling=word_set("año años día dia ano"),
    shared=word_set("a me he no son real sin has come era ha or"),
    asking=word_set("quien quienes cuando donde cual cuales cuanto cuanta cuantos cuantas"),
    spelling=(r"[aeiou]ci[oó]n(?:es)?\b|\b[a-z]+(?:idad|mente|amiento)\b",),
    letters={**dict.fromkeys("áéíóúü", 0.25), "ñ": 2.0},
    signs={"¿": 2.0, "¡": 2.0},
    joiners=word_set("y e o u ni"),
    naming=r"como se llam\w+|(?<!\ben )nombres?|apellidos?",
    named=r"llam(?:ad[oa]s?|a|an|aba|aban|ó|aron)|denomin\w+|bautiz\w+|apodad\w+|titulad\w+|conocid[oa]s? como",
    months=(
        "enero", "febrero", "marzo", "abril", "mayo", "junio",
        "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
    ),
    # A word that can be two things is here what matters more.
    roles=roles(
        {
            "ask": "quien quienes que cual cuales cuando donde adonde cuanto cuanta cuantos cuantas como",
            "preposition": "a al ante bajo con contra desde durante en entre hacia hasta para por segun sin sobre tras",
            "of": "de del",
            "article": "el la los las lo un una unos unas este esta estos estas ese esa esos esas aquel aquella cada "
            "todo toda todos todas otro otra otros otras",
            "possessive": "su sus suyo suya suyos suyas",
            "subject": "ella ellos ellas ello eso esto aquello",
            "there": "alli alla ahi entonces",
            "break": "y e o u pero mientras si porque",
            "person": "yo me mi mis nos nosotros nuestro nuestra tu tus te usted ustedes puedo tengo debo necesito quiero "
            "hago podemos tenemos puedes tienes",
            "time": "lunes martes miercoles jueves viernes sabado sabados domingo domingos festivos enero febrero marzo abril "
            "mayo junio julio agosto septiembre setiembre octubre noviembre diciembre verano invierno primavera otoño mañana "
            "mañanas tardes noche noches",
        }
    ),
    idle=frozenset(map(fold, _STOP_WORDS)) | word_set("hubo pueden puede deben debe"),
)  # fmt: skip
