"""Spanish."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from corpus.languages.pack import (
    Days,
    Editions,
    Extremes,
    Initials,
    LanguagePack,
    Scale,
    Years,
    fold,
    roles,
    word_set,
)

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
tel tfno fax cía cia art arts cf cfr cit ed eds ej fig figs núm num nro pág págs pag pags p vol vols cap
caps sec ss sig sigs aprox máx mín max min ltd ltda s.a s.a.a km cm mm kg gr hab has ha vs etc ibíd
ibid op a.c d.c a.m p.m m ene abr ago dic
excmo excma excmos ilmo ilma ilmos rvdo rvda fdo fda mtro mtra ldo lda lcdo lcda abg proc adj gte secr tes vpte hno
hna hnos sdad soc coop comp suc sucs s.l s.l.u s.c s.coop ref exp expte reg núms nums párr parr ord rd r.d l.o rev
trad coord pról ilustr secc epíg anex pol ind urb bl blq esc pta ptal bjo entlo c.p apt tlf tlfn telf ext
exmo exma exmos exmas ayto aytos ayunt cdad dir regl mancom subdir pbros dptos adm
ntra ntro vtra vtro aux dptos enr febr jun jul agt sept
prov provs mun mpio cód plza plz glta gta trva trav tva psje urbz ofic esq asoc distr deleg fracc dom domic pobl loc cel móv
izda izqda der entr nal internac nac fec obs observ apell
disp adic transit derog cláus const civ resol reglam modif vig jur jurisp aud trib juzg insp subinsp agte inscr registr catast
constr políg parc subsec direc presid vicep admón admon admtvo admtva minist conc alc catedr doct enf psic biol quím
asig práct cuatrim hist lám tabl gráf cuad docum certif bibl archiv fol tít resp asist coordin pdte pdta hosp univ magfco magfca
magco afmo afma atte atto descto dto impte unid unids pers habs dorm ptas dls cáps iny susp exc excip v.gr
p.ej v.g drs licda licdo abog vicepte aptdo inst voc conj téc inf fac
""")


def _cardinals() -> dict[str, int]:
    units = "uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince".split()
    found = {word: n for n, word in enumerate(units, 1)} | {"un": 1, "una": 1, "veinte": 20}
    for n, unit in enumerate(units[:9], 1):
        found[f"veinti{unit}"] = 20 + n
        if n > 5:
            found[f"dieci{unit}"] = 10 + n
    found |= {"veintiun": 21, "veintiuna": 21}
    tens = "treinta cuarenta cincuenta sesenta setenta ochenta noventa".split()
    found |= {word: 10 * n for n, word in enumerate(tens, 3)}
    hundreds = "dosc tresc cuatroc quin seisc setec ochoc novec".split()
    for n, word in enumerate(hundreds, 2):
        found |= {f"{word}ientos": 100 * n, f"{word}ientas": 100 * n}
    return found | {"cien": 100, "ciento": 100, "mil": 1000, "millon": 10**6, "millones": 10**6}


def _ordinals() -> dict[str, int]:
    """The ordinal words up to ninety-nine, joined and apart: decimotercera, décima tercera, vigésimo primer."""
    found = {"primer": 1, "tercer": 3}
    tens = (
        "decim vigesim trigesim cuadragesim quincuagesim sexagesim septuagesim octogesim nonagesim"
    )
    for ending in ("o", "a"):
        stems = "primer segund tercer cuart quint sext septim octav noven decim undecim duodecim"
        words = [stem + ending for stem in stems.split()]
        found |= {word: number for number, word in enumerate(words, 1)}
        found[f"setim{ending}"] = 7
        for ten, stem in zip(range(10, 100, 10), tens.split(), strict=True):
            found[stem + ending] = ten
            for number, word in enumerate(words[:9], 1):
                apart = (f"{stem}{ending} {word}", f"{stem}o {word}", f"{stem}o{word}")
                found |= dict.fromkeys(apart, ten + number)
            found[f"{stem}octav{ending}"] = ten + 8
    return found


# "Plaza Mayor" and "personas mayores" compare nothing
_WITH: Final = r"(?:\A\W*|\b(?:el|la|los|las|lo|con|tienen?|hay|es|son|sea) )"

_EXTREMES: Final = Extremes(
    greatest=rf"mas (?:alt[oa]s?|elevad[oa]s?|grandes?)|mas|{_WITH}mayor(?:es)?",
    least=rf"mas (?:baj[oa]s?|reducid[oa]s?|peque[nñ][oa]s?)|menos|{_WITH}menor(?:es)?",
    counted=r"mas|menos",
    scales={
        "money": Scale(
            r"mas (?:car[oa]s?|costos[oa]s?|dinero)|menos (?:barat[oa]s?|economic[oa]s?)|(?:cuestan?|valen?|pagan?|cobran?) mas(?: dinero)?|mas (?:cuestan?|valen?|pagan?|cobran?)",
            r"mas (?:barat(?:it)?[oa]s?|economic[oa]s?|asequibles?)|menos (?:car[oa]s?|costos[oa]s?|dinero)|(?:cuestan?|valen?|pagan?|cobran?) menos(?: dinero)?|menos (?:cuestan?|valen?|pagan?|cobran?)",
            r"precios?|costes?|costos?|cuotas?|tarifas?|importes?|pvp|tasas?|matriculas?|alquiler(?:es)?|mensualidad(?:es)?|euros?|eur|pesos|dolares",
        ),
        "length": Scale(
            r"mas (?:larg[oa]s?|lejos|lejan[oa]s?|alejad[oa]s?)",
            r"mas (?:cort[oa]s?|cerca|cercan[oa]s?|proxim[oa]s?)|menos larg[oa]s?",
            r"distancias?|longitud(?:es)?|largos?|recorridos?|kilometros|km",
        ),
        "time": Scale(
            r"mas (?:larg[oa]s?|durader[oa]s?|lent[oa]s?)|(?:duran?|tardan?|llevan?) mas(?: tiempo)?|que mas (?:duran?|tardan?)|mas tiempo",
            r"mas (?:cort[oa]s?|breves?|rapid[oa]s?)|menos larg[oa]s?|(?:duran?|tardan?|llevan?) menos(?: tiempo)?|que menos (?:duran?|tardan?)|menos tiempo",
            r"duracion(?:es)?|tiempos?|plazos?|horas?|minutos?|dias?|semanas?|meses|a[nñ]os?",
        ),
        "size": Scale(
            rf"mas (?:grandes?|ampli[oa]s?|espacios[oa]s?)|{_WITH}mayor(?:es)?",
            rf"mas (?:peque[nñ][oa]s?|chic[oa]s?)|{_WITH}menor(?:es)?",
            r"superficies?|diametros?|anchuras?|anchos?|tama[nñ]os?|areas?|dimension(?:es)?|capacidad(?:es)?|aforos?|extension(?:es)?|poblacion|habitantes|m2|m²",
        ),
        "capacity": Scale(
            called=r"plazas?|asientos?|aforos?|capacidad(?:es)?|camas?|cupos?|personas"
        ),
        "height": Scale(
            r"mas alt[oa]s?",
            r"mas baj[oa]s?",
            r"alturas?|altitud(?:es)?|alto|elevacion(?:es)?|cotas?",
        ),
        "weight": Scale(
            r"mas pesad[oa]s?|pesan? mas|mas pesan?",
            r"mas (?:liger[oa]s?|livian[oa]s?)|menos pesad[oa]s?|pesan? menos|menos pesan?",
            r"peso|kilos?|kg",
        ),
        "speed": Scale(
            r"mas (?:rapid[oa]s?|velo(?:z|ces))", r"mas lent[oa]s?", r"velocidad(?:es)?"
        ),
        "age": Scale(
            r"mas (?:viej[oa]s?|antigu[oa]s?)",
            r"mas (?:jov[e]n(?:es)?|nuev[oa]s?)",
            r"edad(?:es)?|a[nñ]os?|antiguedad|construccion|fundacion|nacimiento|fundad[oa]",
        ),
    },
    never=r"(?:al|por lo|cuando|lo|poco) menos|a lo mas|mas (?:o|ni) menos|a mas tardar|(?:nada|sin|no|algo|alguien|cuanto|otr[oa]s?|cada vez|una? \w+|\d+ \w+|[^\W\d]+os) mas(?=\W*(?:\Z|[.,;:?]|\b(?:me|te|le|se|nos)\b))"
    r"|no mas\b|nada mas\b|cuanto mas\b|mas (?:bien|alla|tarde|temprano|pronto|adelante|arriba|abajo|informacion|detalles)"
    r"|(?:mas|menos|mayor(?:es)?|menor(?:es)?) del? (?!l[oa]s\b|tod[oa]s\b)\S+|(?:personas?|gente|adult[oa]s?|herman[oa]s?|hij[oa]s?|ni[nñ][oa]s?|vecin[oa]s?|plaza|calle) (?:mas )?(?:mayor|menor)(?:es)?"
    r"|(?:l[oa]s|son|con|para|a|de) (?:mayores|menores)(?=\W*\Z| (?:tambien|pueden|tienen|entran|pagan)\b)|mayor parte|quien(?:es)? mas|\A\W*que mas|de mas(?= (?:en|por|me|te|y|a)\b|\W*\Z)"
    r"|(?:algun|un)[oa]?s? (?:\w+ ){0,2}mas \w+",
    before=r"no|nunca|segund[oa]s?|tercer(?:[oa]s?)?|cuart[oa]s?|siguientes?|un[oa] de l[oa]s|entre l[oa]s",
    # "el más barato que hay" is one of all
    than=r"\bque (?!(?:hay|haya|hubo|tengo|ten[eg]\w+|tienen?|ofrec\w+|exist\w+|se|puedo|pued\w+|pod\w+|vend\w+|alquil\w+|da|dan|dais|impart\w+|esta\w*|aparec\w+|permit\w+|admit\w+"
    r"|incluy\w+|sea|sean|sirv\w+|empie\w+|es|son|me|nos|os|conoc\w+|queda\w*)\b)",
    elsewhere=r"(?:y |pero )?(?:por que|como(?! se llaman?\b)|si|que (?:pasa|ocurre|hago|hay que))",
    totals=r"(?:sub)?total(?:es)?|suma|medias?|promedios?",
    free=r"gratis|gratuit[oa]s?|sin (?:coste|costo|cargo)|libre|nada",
    units={
        "s": "segundo segundos seg",
        "min": "minuto minutos mins",
        "h": "hora horas hs hrs",
        "day": "dia dias",
        "week": "semana semanas sem",
        "month": "mes meses",
        "year": "año años ano anos",
        "mm": "milimetro milimetros",
        "cm": "centimetro centimetros",
        "m": "metro metros mts",
        "km": "kilometro kilometros kms",
        "mi": "milla millas",
        "ft": "pie pies",
        "in": "pulgada pulgadas",
        "g": "gramo gramos gr grs",
        "kg": "kilo kilos kilogramo kilogramos kgs",
        "t": "tonelada toneladas",
        "ml": "mililitro mililitros",
        "l": "litro litros",
        "ha": "hectarea hectareas",
        "€": "euro euros",
        "$": "dolar dolares peso pesos",
        "£": "libra libras",
    },
)

# What whoever writes a mail did, as it is told afterwards
_WROTE: Final = (
    r"(?:(?:ha|han|habia) (?:mandad|enviad|escrit|dich|contestad|respondid|avisad|informad|anunciad|comunicad|preguntad|comentad|adjuntad|reenviad|remitid)o"
    r"|(?:mand|envi|contest|avis|inform|anunci|comunic|pregunt|coment|adjunt|reenvi)(?:o|aron)|escrib(?:e|io|en|ieron)|di(?:ce|cen|jo|jeron)|respond(?:e|io|ieron)|remiti(?:o|eron))"
)
_ITS_OBJECTS: Final = r"(?:(?:me|te|nos|os|se|l[aoe]s?) )*"


PACK: Final = LanguagePack(
    lang="es",
    stop_words=_STOP_WORDS,
    stemmer="spanish",
    stem=_stem,
    abbreviations=_ABBREVIATIONS,
    maybe_final=word_set(
        "etc uu aa c a.c d.c a.m p.m m ha km kg cm mm mg ml mcg cl dl hab habs al min ptas dls uds unid unids pers izda izqda dcha izq der"
    ),
    numbered=word_set(
        "no nos mar may cols int mod sent ap cl cant fra doc t c tab fra lun mié miér jue vie sáb"
    ),
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
    negative=r"no(?![.º])|nunca|ningun\w*|nadie|tampoco|prohib\w+|exclu\w+|veda\w+",
    limiting="solo|solamente|unicamente|exclusivamente|salvo|excepto|hasta|a partir",
    supposing=word_set("para si cuando con sin"),
    bounding=word_set("antes despues tras hasta siguiente siguientes anterior anteriores previo previa posterior posteriores"),
    turning=word_set(
        "no con sin antes despues desde hasta entre bajo sobre contra ante tras mas menos solo cada todo toda todos todas nada poco poca mucho mucha "
        "muchos muchas algo otro otra otros otras"
    ),
    ruling=r"no(?![.º])|nunca|ningun\w*|sin|salvo|excepto|prohib\w+|permit\w+|exclu\w+|inclu\w+|obligatori\w+|excepci\w+|opcional\w*",
    ordinals=_ordinals(),
    cardinals=_cardinals(),
    clock=(
        r"(?P<hour>\d{1,2}|una|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce)"
        r"(?:[:.h](?P<figures>[0-5]\d)| y (?P<past>media|cuarto|cinco|diez|veinte|veinticinco)"
        r"| menos (?P<to>cuarto|cinco|diez|veinte|veinticinco)|(?P<sharp> en punto))?(?: ?(?P<unit>h|hs|horas)\b)?"
        r"(?: ?(?P<am>a\. ?m\.|am\b)| (?P<morning>(?:de|por) la (?:mañana|madrugada)\b)"
        r"| ?(?P<pm>p\. ?m\.|pm\b)| (?P<evening>(?:de|por) la (?:tarde|noche)\b))?"
    ),
    before_clock=r"\blas? \Z",
    minutes={"cuarto": 15, "media": 30, "cinco": 5, "diez": 10, "veinte": 20, "veinticinco": 25},
    point=" coma ",
    to_month=r"(?:(?: d[ií]as?,?)? del? mes de| del?)? ",
    to_day=r" ",
    to_year=r",?(?: (?:del? año|del?|año))?(?: de)? ",
    initials=Initials(
        words=word_set("a e o u y"),
        longer=word_set("""
abajo acaso acerca adelante ademas adonde afuera ahora alla alli anoche aparte apenas aqui asi atras amor entre era eran
otra otro otros otras ojo ojos una uno unas unos ya yo
"""),
        before=word_set("""
finales principios comienzos mediados fines veces partir pesar diferencia traves medida menudo continuacion causa juicio
mitad falta
"""),
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
    writing=r"(?:escri[bt]|envi|mand|correo|mail|email|mensaj|carta|asunto|remit|firm|contest|respond|respuest|contact|dirigid|avis|dij|dic[eh]|inform|"
    r"anunci|confirm|comunic|notific|invit|pid|pedid|pregunt|fech|direcc|boletin|adjunt|coment|reenv|quien es\b)",
    sender=rf"(?<!\ba )(?<!\bcon )(?<!\bpara )(?<!\bsobre )(?<!\bde )\bquien(?:es)? {_ITS_OBJECTS}{_WROTE}\b"
    r"|\bde quien(?:es)? (?:es|era|son|eran) (?:el|la|los|las) (?:correo|e-?mail|mail|mensaje)s?\b|\b(?:quien|cual) (?:es|fue|era) (?:el|la) (?:remitente|autora?) del (?:correo|e-?mail|mail|mensaje)\b",
    told=rf"\bque {_ITS_OBJECTS}{_WROTE}\b",
    replying=r"(?:contest|respond)",
    corrections=(
        r"donde (?:dice|pone|decia|figura)[,:]? (?:{wrong}|{said})[,;]? (?:y )?(?:debe|debia|deberia|ha de|tiene que) (?:decir|poner|leerse|figurar)[,:]? {right}",
        r"en (?:lugar|vez) de {wrong},? (?:debe (?:decir|leerse|poner)|lease):? {right}",
    ),
    means=r"significan?|significar[aá]n?|se refiere a|designa",
    meant=r"se (?:entiende|entender[aá]) por|enti[eé]ndese por",
    to_places=r"al?|en|del?|desde|hasta|hacia",
    who_called=r"(?:como se llam(?:a|aba|o)|(?:(?:dime |cual es )?el )?nombre (?:completo )?del?)",
    offices={
        "head": r"president[ea]|director(?:a)?|jef[ea]|coordinador(?:a)?|gerente|capitan(?:a)?",
        "secretary": r"secretari[oa]",
        "treasurer": r"tesorer[oa]",
        "teacher": r"profesor(?:a)?|maestr[oa]|entrenador(?:a)?|monitor(?:a)?|instructor(?:a)?",
        "tutor": r"tutor(?:a)?",
        "dean": r"decan[oa]",
        "mayor": r"alcalde(?:sa)?|intendent[ea]",
        "spouse": r"marido|mujer|espos[oa]",
        "child": r"hij[oa]",
        "parent": r"padre|madre",
        "sibling": r"herman[oa]",
    },
    who_voted=r"quien(?:es)? (?:\w+ )?(?:vot(?:o|aron|a|an)|se abst\w+)",
    votes=r"votos?|a favor|en contra|abstenci(?:on|ones)",
    coming_about=word_set(
        "fecha dia sale salen salio salieron salir publica publican publico publicaron publicada publicado lanza lanzo lanzaron lanzada lanzado "
        "lanzamiento publicacion aparece aparecio version versiones edicion celebra celebran celebro celebraron celebrado celebrada lugar "
        "tiene tuvo tener ocurre ocurrio paso"
    ),
    counterparts={
        "season": "summer: verano estival veraniego | winter: invierno invernal | autumn: otoño otoñal | spring: primavera primaveral",
        "leave": "mother: maternidad +nacimiento | father: paternidad +nacimiento | marriage: matrimonio | birth: nacimiento +maternidad +paternidad | moving: mudanza | bereavement: fallecimiento luto defuncion | illness: enfermedad",
        "exam": "final: examen_final examenes_finales prueba_final | mock: simulacro | mid: parcial | resit: recuperacion repesca | entrance: prueba_de_acceso prueba_de_nivel examen_de_ingreso",
        "travel": "foot: a_pie andando caminando | car: en_coche en_carro conducir conduciendo +carretera | cycle: en_bici en_bicicleta | bus: autobus bus autocar +buseta +transporte | train: tren ferrocarril +transporte | plane: avion vuelo | boat: ferry barco | taxi: taxi | tram: tranvia",
        "animal": "dog: perro perrito cachorro +mascota +animal | cat: gato gatito +mascota +animal | rabbit: conejo +mascota +animal | bird: pajaro ave loro canario periquito | horse: caballo yegua poni | hen: gallina +ave | fish: pez | sheep: oveja | goat: cabra | pig: cerdo | cow: vaca | rodent: hamster cobaya roedor +mascota | ferret: huron | tortoise: tortuga | duck: =pato =patos +ave | bee: abeja",
        "colour": "white: blanco | black: negro | red: rojo | blue: azul | green: verde | yellow: amarillo | orange: naranja +ambar | purple: morado violeta lila +rosa | pink: rosa +morado | brown: marron | grey: gris",
        "arrival": "in: check_in llegada | out: check_out salida",
        "meal": "breakfast: desayuno desayunar +desayuna +desayunan | lunch: almuerzo almorzar +almuerza +almuerzan +come +comen +comida +comer +mediodia | dinner: cena cenar +cenan +noche | snack: merienda merendar +meriendan",
        "getting": "hire: alquiler alquilar alquilado +alquila +alquilan +hora +dia +semana +mes | buy: comprar compra vender venta +vende +venden +entrada",
        "bound": "most: maximo como_mucho +hasta +mas +superar +supere +exceder +exceda +limite +tope +solo | least: minimo al_menos por_lo_menos como_minimo +desde +partir +menos +mas +mayor",
        "sky": "indoor: cubierto | outdoor: exterior al_aire_libre descubierto",
        "heat": "hot: caliente | cold: frio",
        "size": "small: pequeño +s +hasta | medium: mediano +m +normal | large: grande +l +xl +mas_de",
        "room": "single: habitacion_individual habitaciones_individuales cama_individual +individual | double: habitacion_doble habitaciones_dobles cama_doble +doble | triple: triple | family: habitacion_familiar +familiar | dorm: habitacion_compartida litera",
        "fare": "single: solo_ida sencillo | both: ida_y_vuelta",
        "workday": "part: jornada_parcial media_jornada tiempo_parcial | full: jornada_completa tiempo_completo",
        "activity": "english: ingles | french: frances | german: aleman | italian: italiano | portuguese: portugues | chinese: chino | tennis: tenis | padel: padel | football: futbol | basketball: baloncesto basquet | volleyball: voleibol voley | swimming: natacion | badminton: badminton | yoga: yoga | pilates: pilates | zumba: zumba | judo: judo | karate: karate | boxing: boxeo | athletics: atletismo | chess: ajedrez | cricket: criquet | rugby: rugby | hockey: hockey | gymnastics: gimnasia | pottery: ceramica | painting: pintura | photography: fotografia | theatre: teatro | sewing: costura | crochet: ganchillo | bookbinding: encuadernacion | piano: piano | guitar: guitarra | violin: violin | flute: flauta | drums: bateria | cello: chelo violonchelo | saxophone: saxofon saxo | clarinet: clarinete | trumpet: trompeta | choir: coro",
        "subject": "maths: matematicas mates | physics: fisica | chemistry: quimica | biology: biologia | history: historia | geography: geografia | philosophy: filosofia | economics: economia | latin: latin | physiology: fisiologia | statistics: estadistica",
        "appliance": "washer: lavadora | dryer: secadora | dishwasher: lavavajillas lavaplatos | oven: horno | fridge: nevera frigorifico | freezer: congelador | microwave: microondas | boiler: caldera | heater: calentador radiador calefactor | hob: vitroceramica | laser: laser | sewing: maquina_de_coser maquinas_de_coser | printer: impresora | scanner: escaner | projector: proyector | television: television televisor tele | aircon: aire_acondicionado | kettle: hervidor | toaster: tostadora | vacuum: aspiradora",
        "part_of_house": "kitchen: cocina | bathroom: baño aseo | bedroom: dormitorio | living: salon | garage: garaje | garden: jardin | terrace: terraza balcon | basement: sotano | attic: desvan buhardilla",
        "facility": "gym: gimnasio | pool: piscina | library: biblioteca | cafe: cafeteria bar | shop: tienda | sauna: sauna spa | carpark: aparcamiento parking | playground: ludoteca | museum: museo | laundry: lavanderia",
        "papers": "passport: pasaporte | identity: dni carne_de_identidad | driving: carne_de_conducir carnet_de_conducir permiso_de_conducir",
        "supply": "water: agua | power: electricidad | gas: gas | net: internet wifi wi_fi",
        "body": "knee: rodilla | shoulder: hombro | hip: cadera | ankle: tobillo | wrist: muñeca | elbow: codo | eye: ojo | ear: oido oreja | neck: cuello",
        "vehicle": "car: coche automovil turismo +vehiculo | van: furgoneta furgon +vehiculo | motorbike: moto motocicleta ciclomotor +vehiculo | bicycle: bicicleta bici | caravan: caravana autocaravana | lorry: camion | trailer: remolque | kayak: kayak | canoe: canoa | paddleboard: paddle_surf tabla_de_sup | surfboard: tabla_de_surf | skis: esqui | snowboard: snowboard",
        "drink": "coffee: cafe +cortado +espresso +expreso +solo | tea: infusion +te +manzanilla | beer: cerveza +caña +tercio | wine: vino +tinto +copa | juice: zumo",
        "dish": "croquette: croqueta | doughnut: rosquilla rosco | sponge: bizcocho | cheesecake: tarta_de_queso | gazpacho: gazpacho | salmorejo: salmorejo | paella: paella | omelette: tortilla | lasagne: lasaña | pizza: pizza | soup: sopa | salad: ensalada | biscuit: galleta | lentils: lentejas | scone: scone | brownie: brownie | pancake: tortita | muffin: magdalena | flan: flan | stew: guiso estofado | curry: curry | jam: mermelada | pie: empanada",
        "fee": "joining: matricula +inscripcion +alta | monthly: mensualidad cuota_mensual +mes +mensual | yearly: anualidad cuota_anual +año +anual | deposit: fianza deposito +garantia +señal",
        "rite": "baptism: bautizo bautismo | wedding: boda | funeral: funeral entierro | communion: comunion",
        "stage": "nursery: guarderia | primary: primaria | secondary: secundaria | sixth: bachillerato",
        "waste": "glass: vidrio +botella +tarro +frasco | paper: papel carton +periodico +caja | plastic: plastico envase +botella +lata | organic: organico +comida +poda | battery: pila | bulky: mueble voluminoso | clothes: ropa textil",
        "trade": "plumber: fontanero fontaneria | electrician: electricista | locksmith: cerrajero | carpenter: carpintero | painter: pintor | gardener: jardinero | cleaner: limpiadora | bricklayer: albañil | lift: ascensorista",
        "care": "doctor: medico doctor +dr | nurse: enfermero enfermeria | dentist: dentista +dr | physio: fisioterapeuta fisioterapia | child: pediatra pediatria | mind: psicologo psicologia | pharmacy: farmacia farmaceutico | midwife: matrona comadrona | optician: optico optica | podiatry: podologo podologia",
        "emergency": "police: policia | fire: bombero | ambulance: ambulancia",
        "treatment": "extraction: extraccion | filling: empaste | rootcanal: endodoncia | crown: corona | implant: implante | whitening: blanqueamiento",
        "drug": "ibuprofen: ibuprofeno | paracetamol: paracetamol | aspirin: aspirina | amoxicillin: amoxicilina | omeprazole: omeprazol | metformin: metformina",
        "remedy": "tablet: comprimido pastilla +capsula | syrup: jarabe | drops: gotas | ointment: pomada crema | injection: inyeccion",
        "system": "windows: windows | mac: mac macos | linux: linux ubuntu | android: android | apple: iphone ios ipad",
        "browser": "chrome: chrome | firefox: firefox | safari: safari",
        "gender": "men: hombre caballero masculino varon +chico +señor | women: mujer femenino +chica +=señora +=señoras",
        "weekpart": "weekend: fin_de_semana fines_de_semana finde +sabado +domingo +diario +siempre +todos | week: entre_semana laborable de_lunes_a_viernes lunes_a_viernes +lunes +martes +miercoles +jueves +viernes +diario +siempre +todos | holiday: festivo +diario +todos",
        "print": "colour: copia_en_color copias_en_color en_color +color | mono: en_blanco_y_negro +blanco_y_negro +negro",
        "binding": "hard: tapa_dura | soft: tapa_blanda bolsillo rustica | ebook: ebook libro_electronico | audio: audiolibro",
        "loan": "magazine: revista | film: pelicula dvd | game: juego_de_mesa juegos_de_mesa | reader: lector_electronico lectores_electronicos | disc: cd",
        "lodging": "cabin: cabaña | bungalow: bungalow bungalo | tent: tienda_de_campaña +parcela +acampada | caravan: caravana autocaravana | apartment: apartamento",
        "cover": "home: seguro_de_hogar seguro_del_hogar | life: seguro_de_vida | car: seguro_de_coche seguro_del_coche | travel: seguro_de_viaje | health: seguro_medico seguro_de_salud",
        "garment": "shirt: camisa | trousers: pantalon | dress: vestido | coat: abrigo | suit: traje | skirt: falda | jacket: chaqueta cazadora | tie: corbata | shoes: zapato +calzado | boots: bota +zapato +calzado | trainers: zapatilla deportiva +zapato +calzado",
        "bedding": "duvet: edredon | blanket: manta | sheet: sabana | towel: toalla | curtain: cortina | carpet: alfombra",
        "carpart": "tyre: neumatico rueda | brake: freno | battery: bateria | filter: filtro | belt: correa | clutch: embrague",
        "gardening": "pruning: podar poda +cortar +corta +podan | watering: regar riego | sowing: sembrar siembra +plantar +planta +siembran | harvest: cosechar cosecha +recoge +recogen +recoger | feeding: abonar fertilizar +abono",
        "laundry": "wash: lavar lava lave laven lavado +30 +40 +60 +mano +maquina | iron: planchar plancha planche planchado | dry: secar seca seque secado",
        "demand": "high: temporada_alta | low: temporada_baja | middle: temporada_media",
        "party": "tenant: inquilino arrendatario | landlord: casero arrendador",
        "diet": "vegetarian: vegetariano +vegano | vegan: vegano +vegetal | gluten: sin_gluten celiaco | lactose: sin_lactosa | sugar: sin_azucar",
        "round": "final: final la_final | semi: semifinal | quarter: cuartos_de_final",
        "feast": "christmas: navidad navideño | easter: pascua semana_santa | carnival: carnaval | halloween: halloween",
        "axle": "front: delantero | rear: trasero",
        "storey": "upper: planta_alta piso_de_arriba +primera_planta +segunda_planta +primer_piso +segundo_piso | ground: planta_baja | basement: sotano",
        "level": "beginner: principiante iniciacion +inicial | middle: intermedio | advanced: avanzado",
        "team": "benjamin: benjamin | alevin: alevin | cadet: cadete | youth: juvenil | senior: senior | veteran: veterano",
        "sum": "gross: bruto | net: neto",
        "posting": "express: urgente expres | standard: estandar ordinario +normal",
        "handing": "home: a_domicilio reparto +envio +entrega | pickup: recogida",
        "mishap": "loss: perder perdida perdido pierde extravio +pierda +duplicado +reponer | damage: romper rotura roto dañado daño desperfecto | theft: robo robado +duplicado +reponer",
        "job": "fitting: instalacion instalar | repair: reparacion reparar arreglo +arregla +arreglan +arreglar | inspection: revision inspeccion",
        "scan": "xray: radiografia | ultrasound: ecografia | mri: resonancia | blood: analisis_de_sangre analitica | urine: analisis_de_orina",
        "disease": "flu: gripe | tetanus: tetanos | rabies: rabia | typhoid: tifus tifoidea | cholera: colera | hepatitis: hepatitis | measles: sarampion | covid: covid | chickenpox: varicela | yellow: fiebre_amarilla",
        "fuel": "petrol: gasolina | diesel: diesel gasoil gasoleo",
        "bankcard": "debit: debito | credit: credito",
        "meat": "chicken: pollo | beef: ternera buey +solomillo +entrecot +filete +hamburguesa | pork: cerdo +lomo +jamon +chorizo +secreto | lamb: cordero | turkey: pavo | duck: =pato =patos",
        "seafood": "salmon: salmon | cod: bacalao | tuna: atun | hake: merluza | prawn: gamba langostino | squid: calamar | mussel: mejillon | trout: trucha",
        "grain": "wheat: trigo | rye: centeno | spelt: espelta | maize: maiz | rice: arroz | oat: avena | barley: cebada",
        "nut": "almond: almendra | walnut: nuez | hazelnut: avellana | peanut: cacahuete | pistachio: pistacho",
        "staple": "sugar: azucar | salt: sal | flour: harina | oil: aceite | vinegar: vinagre | yeast: levadura | honey: miel | butter: mantequilla | milk: leche | cream: nata | yoghurt: yogur | cheese: queso | egg: huevo",
        "device": "computer: ordenador computadora | laptop: portatil | tablet: tableta | screen: pantalla monitor | keyboard: teclado | mouse: raton | headphones: auricular",
        "furniture": "sofa: sofa | wardrobe: armario | shelf: estanteria | mattress: colchon",
        "tool": "rake: rastrillo | spade: pala | hoe: azada | barrow: carretilla | drill: taladro | sander: lijadora | mixer: hormigonera | mower: cortacesped | trimmer: cortasetos | ladder: escalera | saw: sierra | chainsaw: motosierra | generator: generador | jet: hidrolimpiadora | strimmer: desbrozadora",
        "paper": "oral: oral +hablado | written: escrito",
        "driving": "theory: teorico | practical: practico +examen_de_conducir",
        "presence": "remote: online en_linea virtual telematico a_distancia +zoom +videollamada | onsite: presencial +aula +sala",
        "tax": "ibi: ibi | vat: iva | income: irpf",
        "span": "day: diario de_un_dia +dia | week: semanal +semana | month: mensual +mes | quarter: trimestral +trimestre | year: anual +año | season: de_temporada +temporada",
        "plant": "apple: manzana manzano | pear: pera | strawberry: fresa | banana: platano | peach: melocoton | lemon: limon limonero | cherry: cereza cerezo | plum: ciruela | raspberry: frambuesa | grape: uva | fig: higo higuera +breva | tomato: tomate | potato: patata | carrot: zanahoria | onion: cebolla | garlic: ajo | lettuce: lechuga | courgette: calabacin | pepper: pimiento | aubergine: berenjena | spinach: espinaca | cucumber: pepino | bean: judia haba | pea: guisante | pumpkin: calabaza | rose: rosal | tulip: tulipan | lavender: lavanda | geranium: geranio | hydrangea: hortensia | orchid: orquidea | cactus: cactus | olive: olivo | almond: almendro | vine: viña viñedo | oak: roble encina | pine: pino | orange: naranjo",
    },
    inflected={"": "s es", "o": "a os as", "z": "ces", "on": "ona onas", "or": "ora oras"},
    sums={
        "pay": r"sueldos?|salarios?|nominas?|remuneracion\w*|honorarios",
        "deposit": r"fianzas?|depositos?",
        "fine": r"multas?",
        "budget": r"presupuestos?",
        "grant": r"becas?|subvencion\w*",
    },
    sums_meant={
        "pay": r"paga\w*|gana\w*|cobra\w*|percib\w+|retribu\w+|jornal\w*|brut[oa]s?|net[oa]s?|mensual\w*|anual\w*|(?:al|por) (?:mes|año|hora|dia)|(?:la|a la) (?:hora|semana)",
        "deposit": r"garantia\w*|señal\w*|reserva\w*|devol\w+|devuel\w+|anticip\w+|adelant\w+|recuper\w+|reintegr\w+",
        "fine": r"sancion\w*|penali\w+|recargo\w*|infraccion\w*|castig\w+",
        "budget": r"partidas?|dotacion\w*|gastos?|ingresos|cuentas?|fondos?|coste\w*|costo\w*|inversion\w*",
        "grant": r"ayudas?|subsidi\w+|financia\w+|dotacion\w*|premios?|bonifica\w+|concede\w*|otorga\w*|recib\w+",
    },
    who_is=r"quien(?:es)? (?:es|era|fue|son)",
    determiners=r"el|la|los|las|nuestr[oa]s?|vuestr[oa]s?|sus?|mis?|tus?|una?",
    titles=r"dra?|sra?|srta|don|dona|prof|profesora?|lic|ing|arq",
    mail_words=word_set("e correo correos electronico electronica mail mails email emails e-mail mensaje mensajes direccion cuenta"),
    ranking=r"(?:mas|menos|mejor(?:es)?|peor(?:es)?|mayor(?:es)?|menor(?:es)?|maxim[oa]s?|minim[oa]s?|primer(?:[oa]s?)?|ultim[oa]s?|proxim[oa]s?|unic[oa]s?)",
    measures=word_set("tiempo hora horas vez veces cantidad dinero puedo puede pueden podemos debo debe"),
    more=word_set("otro otra otros otras demas resto"),
    everything=word_set(
        "todo toda todos todas cualquier cualquiera cada siempre diario diaria diariamente salvo excepto nadie ningun ninguna nunca resto"
    ),
    closed=r"es|son|fue|fueron|era|hay|hubo|se|esta|tiene|puedo|puede",
    asking_first=word_set("que"),
    years=Years(
        to=r"(?:al?|y|hasta)(?:\s+el)?",
        beside=r"el|la|a[nñ]o",
        of=r"del?",
        since=r"desde|a partir|tras|despues",
        until=r"hasta|antes",
        rules=r"ley(?:es)?|decretos?|orden(?:es)?|reglamentos?|ordenanzas?|estatutos?|convenios?|contratos?|normas?|normativas?|directivas?"
        r"|acuerdos?|manual(?:es)?|guias?|politicas?",
        begun=r"vigor|(?:fundad|cread|constituid|construid|edificad|inaugurad|nacid|reformad|renovad|aprobad|modificad|firmad|publicad"
        r"|actualizad|establecid|adquirid|comprad|escrit|hech|abiert)[oa]s?"
        r"|(?:venc|caduc|expir|finaliz|termin|acab|empez|empiez|comenz|comienz|inici|fund|nac|inaugur)\w*",
        at=r"en|de|el|para",
        within=r"en|a[nñ]os?|el|durante",
        beyond=r"para|y",
        counted=r"[^\W\d_]+s",
        later=r"despues|mas tarde|siguientes?|anterior(?:es)?|proxim[oa]s?|pasad[oa]s?|este a[nñ]o|actual\w*|cada|todos los",
    ),
    extremes=_EXTREMES,
    adding=word_set("y e"),
    announcing=r"(?:\S+ ){0,8}(?:preguntas|dudas|cosas|consultas|cuestiones)(?: (?:que (?:hacer|preguntar)(?:le|les|te)?|para (?:ti|usted|ustedes)|por favor|rapidas|a la vez))*"
    r"|(?:\S+ ){0,4}(?:saber|dime|digame|responde(?:me)?|decirme)(?: (?:lo siguiente|esto))?(?: por favor)?",
    wishing=r"(?:por favor,? )?(?:me (?:puedes?|pueden|podrias?|podrian) decir|(?:puedes?|pueden|podrias?|podrian) decirme|(?:quiero|quisiera|queria|necesito|me gustaria) saber"
    r"|dime|digame|saben?|sabes)(?: por favor)?,? ",
    counting=r"(?:pregunta|p) ?\d|(?:y )?(?:primer[oa]|segund[oa]|tercer[oa]|cuart[oa]|(?:la|lo) (?:primer|segund|tercer)[oa]|en (?:primer|segundo|tercer|cuarto) lugar|ademas|tambien|por otro lado|por ultimo|finalmente)",
    stating=r"(?:dec|indic|inform|avis|comunic|especific|notific|declar|explic|demostr|acredit|rellen|anot|apunt|escrib|escog|eleg|eli[gj]|decid|justific|mostr|muestr|dice|dig|fij|establec|determin|sab|depend)\w*",
    days=Days(
        week=("lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo"),
        letters={"L": 0, "M": 1, "X": 2, "J": 3, "V": 4, "S": 5, "D": 6},
        said="{day} de {month}",
        links=word_set("de del º ª"),
        of=word_set("de del"),
        beside=word_set("dia año"),
        on=word_set("el al del dia"),
        months={"setiembre": 9},
        dated="del {day} de {month} de {year}",
        of_month="de {month} de {year}",
    ),
    editions=Editions(
        replacing=r"(?:sustituy|reemplaz|derog|anul)(?:e|en|a|an)|dejan? sin (?:efecto|vigor)|quedan? (?:derogad|sustituid|anulad|sin (?:efecto|vigor))\w*",
        replaced=r"(?:derogad|sustituid|reemplazad|anulad)[oa]s? por",
        void=r"(?:derogad|sustituid|reemplazad|anulad|obsolet|caducad)[oa]s?|sin (?:vigor|efecto|vigencia)|no vigentes?|version antigua",
        earlier=r"anterior(?:es)?|previ[oa]s?|antigu[oa]s?",
        number=r"v|ver|versi[oó]n|rev|revision|edicion",
        current=r"vigentes?|actual(?:es|mente)?|en vigor|ahora|hoy(?: en dia)?",
        latest=r"ultim[oa]|mas reciente",
        latest_after=r"mas reciente",
        changed=r"(?<!no )(?<!no se )(?:cambi(?:a|an|ado|ada|amos|aron|ara)|cambios? (?:de (?:planes|fechas?|hora(?:rio)?s?|lugar|sitio|sala|turnos?)|en)|(?:pas(?:a|an|amos|o|aron|ara|aran|ado|ada)(?: \w+){0,3}|vuelv(?:e|en)|volvemos|(?:sub|baj)(?:e|en|a|an|o|io|ira|iran|imos|amos)) (?:al?|de|en)"
        r"|(?:(?:traslad|aplaz|adelant|retras|ampli|prorrog|cancel|anul|modific|actualiz|rectific)(?:an?|o|amos|aron|ad[oa]s?|aran?)|(?:suspend|pospon)(?:en?|emos|io|id[oa]s?)|pospuest[oa]s?)"
        r"|al final|finalmente|(?:desde|a partir del?) (?:el )?(?:ahora|hoy|mañana|proximo|\d{1,2} de|{months})|en (?:su (?:lugar|sitio)|(?:vez|lugar) de)|ya no|hasta nuevo aviso|correccion)",
        notice=r"cambios?|novedad(?:es)?|actualizacion|rectificacion|correccion",
        of_plans=r"cambio de (?:planes|fecha|hora|horario|lugar|sitio|turno)",
        news=r"avisos?|circular(?:es)?|notas?|noticias|novedad(?:es)?|comunicad[oa]s?|anuncios?|tablon|boletin(?:es)?|actas?|junta|reunion|asamblea|cartas?|correos?|mensajes?|chat|grupo|cambios?|actualizacion(?:es)?|prensa",
        away=r"de baja|de vacaciones|de viaje|no (?:puede|podra|esta|viene)n?|fuera|asi que|ahora|nuev[oa]s?|sustituye",
        instead=(
            r"\ben (?:vez|lugar) de {old}",
            r"\bno (?:[^.;,]{0,40} )?{old},? (?:[^.;]{0,60} )?sino\b",
            r"(?:[,;(]|\by) ?no {old}",
            r"\b(?:pas|sub|baj|cambi|ampl|reduc|aument|retras|adelant)\w+ (?:del? )?{old} al?\b",
            r"\bya no {old}",
            r"\b(?:antes|era|eran) {old}",
        ),
        at_last=r"al final|por fin|finalmente|definitiv[oa](?:mente)?|en definitiva|sigue(?:n)?|todavia|aun",
        at_first=r"antes|al principio|en un principio|inicial(?:mente)?|original(?:mente)?|previst[oa]s?",
    ),
    meetings=word_set("junta reunion sesion asamblea pleno consejo acta"),
    periods={
        "weekend": r"fin(?:es)? de semana",
        "hour": r"horas?",
        "night": r"noches?",
        "half day": r"medio dia|media jornada",
        "day": r"dias?|diari[oa]s?|jornadas?",
        "week": r"semanas?|semanal(?:es)?",
        "month": r"mes|meses|mensual(?:es)?",
        "quarter": r"trimestres?|trimestral(?:es)?",
        "year": r"anual(?:es)?",
    },
    talk={
        "greeting": r"(?:hola|holi|buenas|(?:muy )?buen[oa]s? (?:dias?|tardes|noches)|muy buenas|saludos|que tal|encantad[oa])"
        r"(?: a tod[oa]s| de nuevo| otra vez| amig[oa]s?| fuente)?",
        "thanks": r"(?:muchas |mil |muchisimas )?gracias(?: por (?:todo|la ayuda|tu ayuda|su ayuda|la informacion|responder)| de antemano)?"
        r"|te lo agradezco|muy amable|enviado desde mi \w+",
        "agreed": r"aja|ya veo|perfecto|genial|estupendo|entendido|de acuerdo|vale|ok|okey|excelente|muy bien|que bien",
        "goodbye": r"adios|hasta (?:luego|pronto|mañana|la vista|otra|la proxima)|chao|chau|nos vemos|que tengas? (?:un )?buen dia",
        "identity": r"(?:y )?(?:tu )?(?:quien|que) eres(?: tu)?|quien es usted|como te llamas|cual es tu nombre|con quien hablo"
        r"|eres (?:un |una )?(?:robot|bot|ia|inteligencia artificial|persona|humano|maquina|programa)"
        r"|(?:hablo|estoy hablando) con (?:un |una )?(?:robot|bot|ia|persona|humano|maquina)|(?:quiero|puedo|necesito|quisiera) hablar con (?:una persona|un humano|alguien|un agente|un operador)"
        r"|quien te (?:hizo|ha hecho|creo|ha creado|programo)"
        r"|(?:(?:tu )?eres|hablo con|estoy hablando con) (?:chat ?gpt|gpt(?: ?\d\w*)?|claude|gemini|copilot|siri|alexa|cortana|bard|llama|deepseek|mistral|grok|google|openai|fuente|(?:un )?(?:modelo de lenguaje|asistente(?: virtual)?|chatbot|llm))|que modelo (?:eres|usas|de lenguaje eres)",
        "abilities": r"que (?:sabes|puedes|sabe|puede)(?: usted)? hacer(?: por mi)?|para que sirves|como funcionas|como te (?:uso|utilizo)"
        r"|(?:en que|como) (?:me )?puedes? ayudar(?:me)?|me puedes ayudar|puedes ayudarme|que haces|(?:ayuda|ayudame)(?: por favor)?|necesito ayuda"
        r"|que (?:te )?puedo preguntar(?:te)?|que tipo de preguntas (?:te )?puedo hacer(?:te)?",
        "documents": r"(?:que|cuales|cuantos) (?:documentos|archivos|ficheros|textos) (?:tienes|teneis|tiene|hay|conoces|manejas|has leido|estan disponibles|puedo consultar)"
        r"(?: (?:aqui|disponibles|cargados|en total))?"
        r"|(?:(?:me )?(?:muestra|muestrame|enseña|enseñame|lista|listame|enumera|dime|dame|ver|puedes listar))(?: (?:todos|una lista de))?"
        r"(?: (?:los|tus))? (?:documentos|archivos|ficheros)(?: (?:disponibles|que (?:tienes|hay|conoces)))?"
        r"|(?:de|sobre) que (?:tratan|hablan|van) (?:los|tus|estos) documentos|de que (?:va|trata) (?:esto|la coleccion|esta coleccion)"
        r"|(?:tienes|teneis|tiene|hay) (?:algun(?:os)? )?(?:documentos?|archivos?|ficheros?)"
        r"|que (?:informacion|contenido) (?:tienes|hay|contienes|puedes darme)|que hay aqui|que temas (?:hay|cubres|tratas|conoces)"
        r"|(?:resume|resumeme) (?:todos )?(?:los|tus) documentos"
        r"|(?:la )?lista de (?:los )?documentos|documentos disponibles|(?:sobre|de) que (?:temas? )?(?:(?:te )?puedo preguntar(?:te)?|sabes|puedes hablar)",
        "summary": r"(?:de que (?:trata|va|habla)|de que se trata) (?P<x>.+)"
        r"|(?:resume|resumeme|resumir|puedes resumir|puedes resumirme|me resumes|me puedes resumir) (?P<x2>.+)"
        r"|(?:(?:dame|hazme|quiero|haz|necesito) )?(?:un |el )?resumen (?:de|del|sobre) (?P<x3>.+)",
        "topic": r"(?:que|cuales) (?:documentos|archivos|ficheros|textos) (?:(?:tienes|teneis|tiene|hay|existen)(?: que)? )?(?:(?:hablan|tratan) )?"
        r"(?:sobre|acerca de|relacionados con|(?<=hablan )de|(?<=tratan )de) (?P<x>.+)"
        r"|(?:muestrame|enseñame|lista|listame|enumera|dime|dame)(?: todos)? (?:los )?(?:documentos|archivos|ficheros) "
        r"(?:(?:que )?(?:hablan|tratan) )?(?:sobre|acerca de|relacionados con|(?<=hablan )de|(?<=tratan )de) (?P<x2>.+)"
        r"|(?:documentos|archivos|ficheros) (?:sobre|acerca de|relacionados con) (?P<x3>.+)",
        "arithmetic": r"(?:cuanto (?:es|son|da|suma|vale)|calcula(?:me)?|cual es el resultado de|resultado de)",
        "smalltalk": r"(?:hola )?(?:como (?:estas|esta usted|te va|andas)|que tal estas|todo bien)(?: hoy)?|y tu"
        r"|(?:cuentame|dime|cuenta) (?:un chiste(?: .+)?|algo|una historia)"
        r"|(?:escribe|escribeme|haz|hazme|inventa|cantame|canta) una? (?:poema|cancion|chiste|cuento|historia|poesia)(?: .+)?"
        r"|que hora es|que dia es(?: hoy)?|a que dia estamos"
        r"|te quiero|cuantos años tienes|donde vives|me aburro|estas ahi|hay alguien ahi"
        r"|(?:ja|je){2,}|probando(?: \d+)*",
    },
    matters={
        "meteorología": r"(?:y )?(?:que tal (?:el tiempo|el dia|tiempo hace)|como (?:esta|va|viene|sera|estara) (?:el tiempo|el dia|el clima)|que tiempo (?:hara|va a hacer|hace|tenemos)|va a llover"
        r"|llovera|llueve|esta lloviendo|(?:hace|hara) (?:frio|calor|sol)(?= \w)|que temperatura (?:hace|hara)(?= (?:hoy|ahora|mañana|fuera)))"
        r"(?:(?: (?:hoy|mañana|ahora|fuera|ahi|por ahi|este fin de semana|esta (?:tarde|noche|semana)))+(?: (?:en|por) .+)?)?",
    },
    written_in={"es": r"(?:escritos )?en (?:español|castellano)", "en": r"(?:escritos )?en ingles"},
    again=r"(?:(?:pero )?(?:estas|esta usted|estais|estas tu) )?(?:bien |completamente )?segur[oa]s?(?: de (?:eso|ello|lo que dices|que (?:es|sea) asi))?\?"
    r"|(?:de verdad|en serio|(?:pero )?(?:es|sera|seria) (?:eso |esto )?(?:cierto|verdad|correcto|asi)|(?:eso|esto) es (?:cierto|verdad|correcto|asi)"
    r"|(?:y )?(?:como lo sabes|donde (?:lo )?(?:pone|dice)(?: eso)?|de donde (?:lo )?sacas(?: eso)?)|(?:que|como) (?:has dicho|ha dicho|dices|dice))\?"
    r"|(?:por favor )?(?:me )?(?:lo |la )?(?:(?:puedes|podrias|puede|podria) )?rep(?:ites?|itas?|etir)(?:me)?(?:lo|la)?(?: eso| la respuesta)?(?: otra vez)?(?: por favor)?\??"
    r"|(?:(?:dime|dimelo|digamelo) )?(?:otra vez|de nuevo)(?: por favor)?\??",
    lead=r"¿|que |quien|cual|cuando |donde |adonde |cuant[oa]s? |como |por que |puedo |puede |podria|necesito |quiero |quisiera |me gustaria "
    r"|hay |tengo |se puede |a que |de que |en que |para que ",
)  # fmt: skip
