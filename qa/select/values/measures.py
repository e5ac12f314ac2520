"""Where a question asks how long, how deep, how heavy, how warm, how big, how much or how many something is, when or how often, on which day or
by which code, whether a quote has an amount in such a unit, a number that counts things, a time, a day or a code.

"How many calories are in the bun?" is answered by no row of weights and prices, though a reader takes the row of the bun.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from corpus import dates, language
from corpus.languages import PACKS
from corpus.numbers import CURRENCIES
from qa.select.values.quantities import units_of

_MONTH: Final = "|".join(dates.names_of_months())
_WEEKDAY: Final = "|".join(
    [f"{name.removesuffix('s')}s?" for name in dates.DAYS_OF_WEEK]
    + [name[:3] for name in dates.DAYS_OF_WEEK]
)
_WEEKDAYS: Final = rf"\b(?:{_WEEKDAY})\b.+\b(?:{_WEEKDAY})\b"
# "un" and "a" are articles more often than numbers
_CARDINAL: Final = "|".join(
    sorted({word for pack in PACKS.values() for word in pack.cardinals} - {"un", "una", "a"})
)
_HALF: Final = "media|medio|mitad|half"

AS_TOLD: Final = re.compile(
    r"\b(?:consult(?:ar|en|adl[ao])|a convenir|hablarlo|por (?:determinar|confirmar|decidir)|segun (?!l[ao]s?\b|el\b|est\w+|est[ae]\b|un\w*|su\b|art\w*)\w+|igual que|(?:el|la|lo|los|las) mism[oa]s?|idem|(?:lo|la|las|los) que"
    r"|como (?:siempre|antes|el (?:ano|curso) pasado|(?:el|la|los|las) del?)|a?l gusto|a gusto|pregunt(?:a|e|ar|en) (?:en|a)\b"
    r"|ask(?: (?:at|for|in|the|us|your|our)\b|\W*\Z)|on (?:request|application)|by arrangement|see the|(?:the )?same (?:\w+ )?as|as (?:for|last|usual|agreed|needed|required|before|on the)\b|ditto|n/a\b|tb[ac]\b|to be (?:confirmed|announced|agreed|decided)|negotiable"
    r"|whatever|whichever|what (?:you|we|they)|the (?:length|size|price|weight|width|height|depth) of an?|whenever|to taste|as (?:much|many|long|far) as|varies)(?!\w)"
)
"""What tells it without saying it, by another thing, or by whom to ask: "same as last year", "consultar"."""
_COUNTED: Final = rf"(?:\d|\b(?:{_CARDINAL}|several|vari[oa]s|couple of|par de))"

_TIME: Final = (
    rf"\d\s?(?:{units_of('time')}|d)\b|\d\s?['’′]|\b(?:{units_of('time', words=True)}|mins?|jornadas?|noches?|quincenas?|toda la (?:mañana|tarde)|(?:cua)?trimestres?|semestres?|temporadas?"
    r"|decadas?|siglos?|ratos?|instantes?|momentos?|nights?|(?:all|whole|entire) (?:morning|afternoon|evening)|weekends?|fortnights?|quarters?|terms?|semesters?|decades?|centur(?:y|ies)|seasons?"
    r"|generations?|millenni\w+|milenios?|moments?|el tiempo|the (?:whole |full |minimum )?time|verano|invierno|primavera|otoño|summer|winter|spring|autumn"
    r"|until|till|hasta|indefinid\w*|indefinite\w*|permanen\w*|overnight|for ?ever|always|siempre|vitalici\w*|life\w*|vida|inmediat\w*|immediate\w*|mientras|as long as|whole|entire"
    r"|throughout|yearly|annual\w*|anual\w*|mensual\w*|monthly|weekly|semanal\w*|diari[oa]\w*|daily|hourly|instant\w*|never|nunca|brief\w*|vispera|sol a sol|sunset|sunrise|dusk|dawn|anochec\w+|amanec\w+|once|as soon as|en cuanto|cuando (?:est|se|ya|haya|deje)\w*|when (?:it|they|the|done|dry|cold|cool|golden|brown|firm|set)"
    rf"|(?:an?|the|un|una|la|el) (?:morning|afternoon|evening|mañana|tarde))\b|\d ?h ?\d|{_COUNTED} (?:sesion(?:es)?|clases?|lecciones|sessions?|class(?:es)?|lessons?|rounds?|partidos?|matches)\b"
    # From one time or day to another
    r"|\d:\d\d:\d\d|(?<![\d/.-])\d{1,2}(?:[:.]\d\d)? ?(?:hs?|[ap]\.?m\.?)? ?(?:[-–—]|\b(?:al?|to)\b) ?(?:las? )?\d{1,2}(?![\d/-])"
    rf"|{_WEEKDAYS}|\b(?:1\d|20)\d\d\b.*\b(?:1\d|20)\d\d\b|\b(?:{_MONTH})\b.*\b(?:{_MONTH})\b"
)
_SINCE: Final = rf"{_TIME}|\b(?:1\d|20)\d\d\b|\b(?:{_MONTH})\b"
_LENGTH: Final = (
    rf"\d\s?(?:{units_of('length')}|{units_of('area')}|yds?|nm|['\"′″’”]|msnm)(?![^\W\d_])|[½¼¾]|\b(?:{units_of('length', words=True)}|\w+met(?:ro|re|er)s?"
    r"|m2|m²|leguas?|yards?|leagues?|light[- ]years?|años luz|palmos?)\b"
    rf"|(?:\d|\b(?:{_CARDINAL})) (?:blocks?|cuadras?|manzanas?|stor(?:ey|ie)s?|plantas?|pisos?|floors?)\b"
)
# Nearby, and how high on somebody
_NEAR: Final = (
    rf"{_LENGTH}|\b(?:knee|waist|chest|shoulder|ankle|neck|hip|head|rodillas?|cintura|pecho|hombros?|tobillos?|cuello|cabeza|spade\w*|palas?|dedos?|fingers?|hand\w*|manos?|arms?|brazos?|twice|double|doble|(?:as|tan) \w+ (?:as|como)|como un[oa]?"
    rf"|next|corner|esquina|al lado|junto|(?:en)?frente|opposite|across|adjacent|beside|nearby|near|cerca|close|behind|detras|halfway|as far as|hasta|{_COUNTED} (?:stops?|paradas?|stations?|estaciones|gates?|doors?|puertas?|streets?|calles|curvas|bends))\b"
)
_BULK: Final = (
    rf"\d\s?(?:{units_of('weight')}|{units_of('volume')}|mcg|µg|st|cc|hl|m3|m³|fl|gal|%)(?![^\W\d_])|%|\b(?:{units_of('weight', words=True)}|{units_of('volume', words=True)}"
    r"|g|l|masa|mass|\w*gram(?:o|me)?s?|\w*ton(?:elada|ne)?s?|libras?|pounds?|onzas?|ounces?|arrobas?|quintal(?:es)?|stones?|\w*lit(?:ro|re|er)s?|galon(?:es)?|gallons?|pints?|quarts?|barrels?|barriles"
    r"|cups?|tazas?|vasos?|glass(?:es)?|cuchara\w*|cucharit\w*|\w*spoon\w*|tbsp|tsp|drops?|gotas?|chorr\w+|puñad\w*|pizca|pinch|dash|handfuls?|botes?|latas?|tins?|cans?|jars?|bottles?|botellas?|garrafas?"
    r"|cubos?|buckets?|sips?|cubic\w*|sobres?|sachets?|tanks?|jarras?|jugs?|sacks?|sacos?|bags?|bolsas?|barrow\w*|carretillas?|\w*loads?|armfuls?|brazadas?|baskets?|cest[oa]s?|crates?|cajas?|scoops?|cazos?|ladles?|shovel\w*|paladas?"
    r"|baths?|bañeras?|knob|nuez|punta|splash|slices?|rebanadas?|lonchas?|como un[oa]?|as (?:heavy|light))\b"
)
_WARMTH: Final = (
    r"°|º ?[cf]?\b|\d\W{0,2}[cfk]\b|\b(?:a|at|to) \d{2,3}\b|\b(?:heat|gas \d|grad(?:os?|us)|degrees?|celsius|centigrad\w+|fahrenheit|kelvin|ambiente|room temperature|bajo cero|below zero|freez\w+|congel\w+|herv\w+|boil\w+"
    r"|ebullicion|fri[oa]s?|cold|warm|hot|caliente|templad\w+|tibi\w+|fuego|lukewarm|cool\w*|fresc[oa]|fridge|nevera|frigorifico|refrigerat\w*|mark \d|horno (?:fuerte|medio|suave|bajo|alto|a tope)|(?:low|medium|moderate|high|slow) (?:oven|setting)|a tope|al maximo|al minimo|simmer\w*)\b"
)
_DAY: Final = (
    rf"\b(?:{_WEEKDAY})\b|\b\d{{1,2}}(?:st|nd|rd|th)\b|\d[/.-]\d|\b\d{{1,2}} (?:de |of )?(?:{_MONTH})\b|\b(?:{_MONTH})\.? (?:the )?\d{{1,2}}\b|\b(?:dias?|el|al|los|del|days?|the) \d{{1,2}}\b"
    r"|\b[lmxjvsd]\b(?:, ?[lmxjvsd]\b| \d)|\b(?:navidad|nochebuena|nochevieja|año nuevo|reyes|pascua|semana santa|santos|san|santa|corpus|carnaval\w*|christmas|easter|new year\w*|halloween|thanksgiving|fiestas?|feast|saint|st|eve|vispera"
    r"|hoy|mañana|ayer|today|tomorrow|yesterday|ultim[oa]s?|primer[oa]?s?|last|first|second|segund[oa]|tercer[oa]?|third|fourth|cuarto|end|fin|final\w*|principios?|beginning|mediados|middle|mid|start|comienzo|inicio|weekends?|weekdays?"
    r"|laborables?|festivos?|habil\w*|diari\w*|daily|every ?day|cada|todos|every|each|siguiente|next|following|after|despues|tras|before|antes|within|dentro|uno|any (?:\w+ )?days?|cualquier\w*|ningun[oa]?|none|holidays?|vacaciones|half[- ]term|term time|mismo dia|(?:im)?pares|alternos|odd|even|alternate|lent|advent|cuaresma|adviento|epifania|whit\w*|solsti\w+|equino\w+|moon|luna)\b"
    r"|\b(?!(?:the|per|each|any|one|all|that|this|full|same|half|last)\b)[^\W\d_]{3,}(?:['’]s)? day\b|\bdia (?:de|del|de la) (?!(?:la|hoy)\b)[^\W\d_]{3,}"
)
_KEY: Final = r"[^\W\d_]-\d|\d-[^\W\d_]|\b(?:password|passcode|contraseña|clave|codigo|code|pin)\W{0,3}(?:(?:is|es|=) (?!on\b|in\b|at\b|en\b|the\b|el\b|la\b|not\b)|: ?)\w|\d{3}|\b(?=\w*\d)\w*[^\W\d_]\w*\b|\w[@_#*]\w|[\"“«'`‘]\w|\b(?:(?:no|sin|without|any) (?:\w+ )?(?:password|passcode|contraseña|clave|codigo|code|pin)|no (?:lleva|necesita|hay|need\w*)|unlocked|same|mism[oa]|year|año|stickers?|label|pegatina|etiqueta)\b"
_NUMBER: Final = (
    rf"\d|\b(?:{_CARDINAL}|{_HALF}|\w+teen|\w+(?:-|\by )(?:one|two|three|four|five|six|seven|eight|nine)|hundreds?|cien(?:t[oa])?s|millares|thousands?|miles|\w+illions?|dozens?|docenas?|once|twice|ratio|primer\w*|segund[oa]s?|tercer\w*"
    r"|first|second|third|(?:four|fif|six|seven|eigh|nin|ten|\w+teen|\w+tie)th|none|ningun\w*|nadie|nobody|no (?:hay|tien\w+|\w+s)|sin (?:limit\w*|\w+s)|unlimited|ilimitad\w*|both|amb[oa]s|single|pair|couple|par|sol[oa]|unic[oa]s?|only|solo|limit\w*|as many|tant[oa]s|another|otr[oa]|mayoria|majority|most"
    r"|doble|double|triple|(?:box|bag|arm|car|hand)fuls?|puñado|several|vari[oa]s|cuant[oa]s|whoever|all|tod[oa]s|every|each|cada|[ivx]{2,})\b"
    # What is listed can be counted
    rf"|\w, (?!(?:con|sin|para|que|en|a|de|with|without|for|who|which|so|but|in|at)\b)[^,.;:]+,? (?:and|y|e) \w|{_WEEKDAYS}"
)
_AMOUNT: Final = rf"{_NUMBER}|{_TIME}|{_BULK}|{_LENGTH}|\b(?:some|lots?|much[oa]?|poc[oa]s?|little|amount|cantidad|enough|suficiente|plenty|bastante|maxim\w*|minim\w*|any|free|gratis|gratuit\w*|nada|nothing|cover|cubrir|fill\w*|full|llen\w+|includ\w+|incluid\w+|trolley|maletero)\b"
_OFTEN: Final = (
    rf"{_NUMBER}|{_TIME}|\b(?:{_WEEKDAY})\b|\b(?:times?|vez|veces|per|al|month\w*|week\w*|day\w*|bi\w+|quincenal\w*|trimestral\w*|semestral\w*|quarterly|regular\w*|ocasional\w*|occasional\w*|rare\w*|rara|seldom"
    r"|frequent\w*|frecuen\w*|often|menudo|continu\w+|constant\w*|after|tras|when\w*|cuando|habitual\w*|usual\w*|sometimes|periodic\w*|not|meals?|comidas?|desayun\w*|breakfast|lunch|dinner|cena\w*|bed|acostar\w*|need\w*|necesari\w*|falta|if|si|before|antes|mañanas?|tardes?|mornings?|evenings?)\b"
)
_WHEN: Final = (
    rf"\d|{_TIME}|{_DAY}|\b(?:{_MONTH})\b|\b(?:{_CARDINAL}|noon|midday|midnight|mediodia|medianoche|dawn|sunrise|sunset|dusk|amanecer|anochecer|at|a las?)\b|\b(?:after|before|when\w*|while|during|once|since|as soon as|if|unless|case|caso|ago|recent\w*|currently|now|soon|later|earlier|then|upon|previous\w*|prior|early|late"
    r"|fall|as|for|cuando|durante|desde|si|menos|al|para|hace|recient\w*|ahora|pronto|luego|entonces|actual\w*|previa\w*|epoca|era|edad|age|period\w*|guerra|war|vez|time|segun|on|in|en|antelacion|advance|dates?|fechas?|plazo"
    r"|ya|already|temporada|holidays?|vacaciones|puente|mañanas?|tardes?|noches?|mornings?|evenings?|afternoons?|lent|advent|cuaresma|adviento|moon|luna|tides?|marea|solsti\w+|equino\w+|frosts?|heladas?)\b"
)
_YEAR: Final = r"\d\d|\b(?:year|año|this|last|next|ago|hace|same|mism[oa]|decades?|decada|siglo|century|nineteen|eighteen|twenty|mil|\w+ties|m[cdlxvi]{2,})\b"
_SIZE: Final = rf"\d|\b(?:small\w*|large\w*|medium|big\w*|pequeñ\w*|grandes?|median\w*|huge|tiny|sizes?|tamaño\w*|tallas?|single|double|full|mayor|standard|regular|queen|king|twin|matrimonio|any|cualquier\w*|like|como|family|familiar|room for|xs|s|m|l|xl|{_CARDINAL}|{_HALF})\b"
# Numbers that count nothing: sums, days, hours, what is named by a number, amounts in a unit
_COUNTS_NOTHING: Final = re.compile(
    rf"[$€£¥] ?\d[\d.,]*|\b(?:{CURRENCIES.lower()}) ?\d[\d.,]*|\d[\d.,]* ?(?:[$€£¥]|(?:euros?|eur|pesos|soles|dolares|dollars|pounds|pence|p|usd|gbp)\b)"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th)? (?:de |of )?(?!may (?!at\b|in\b|on\b|from\b|to\b|and\b|the\b|for\b)[^\W\d_])(?:{_MONTH})\b\.?(?:,? (?:de |del )?\d{{4}})?|\b(?:{_MONTH})\b\.? (?:\d{{1,2}}(?:,? \d{{4}})?|(?:de |del )?\d{{4}})\b|\d{{1,4}}([/-])\d{{1,2}}\1\d{{1,4}}|\d{{1,2}}[:.]\d\d\b"
    r"|\b(?:de|in|en|since|desde|by|del?) (?:1[5-9]|20)\d\d\b(?! [^\W\d_]+s\b)|\b(?:las? (?!\d+ (?!horas)[^\W\d_]{2,}s\b)|(?<!capped )(?<!kept )(?<!limited )(?<!set )(?<!fixed )(?<!stands )at |(?:rule|section|page|articulo|art\.?|room|step|paso|norma|pagina|numero|no?\.?º?|grade|level|chapter|capitulo|apartado|clause|clausula) )\d+(?:[:.]\d\d)?"
    r"|^\s*\d{1,2}[.)]\s|(?!\bx\d)[a-z]+-?\d\w*|\+?\d(?:[ .-]?\d){8,}",
    re.MULTILINE,
)
_MEASURED: Final = re.compile(
    rf"(?:\d[\d.,]*|\b(?:{_CARDINAL}|{_HALF})\b)(?:(?: ?[-–] ?| (?:a|to|y|or|o) )(?:\d[\d.,]*|(?:{_CARDINAL})\b))?[ -]?(?:{units_of('time')}|{units_of('length')}|{units_of('weight')}|{units_of('volume')})(?![^\W\d_])"
)

_MANY: Final = r"(?:how many|cuant[oa]s)(?: \w+)?"
_WHICH: Final = r"(?:que|cual(?:es)? (?:es|son|seria) (?:el|la|los|las|su)|what(?: is|'s| are| was)?(?: the)?|which)"
_OF: Final = r"\b(?= (?:del?|of|for|to|para|max\w+|min\w+|en|in|al|por|per)\b|\W*\Z)"


def _named(things: str) -> str:
    """How one asks for something that has a name, over folded text: "what is the depth", "depth of the pool"."""
    return rf"(?:{_WHICH} (?:\w+ )?(?:{things})\b|\A(?:el |la |the )?(?:{things}){_OF})"


@dataclass(frozen=True, slots=True)
class _Measure:
    """What asks for it, what a text says that has it, what columns are called whose numbers are of it, and how a text calls it before its number,
    "width 90", all over folded text."""

    asks: re.Pattern[str]
    form: re.Pattern[str]
    called: re.Pattern[str]
    stated: re.Pattern[str]


# A question word that hangs on another one asks for nothing: "it depends on how many"
_LEAD: Final = (
    r"(?:\A\W*|[.,;:?!¿(–—-]\s*|\b(?:and|but|so|or|y|e|o|pero|then|(?:like|want|need|you) (?:to )?know|tell me|hello|hi|sabes|saben|(?:quiero|quisiera|queria|necesito|gustaria|puedo) saber|decirme|dime|hola|please|ok|say)\s+)"
    r"(?:(?:for|in|at|about|to|from|by|of|on|with|up|until|within|under|over|after|before|de|en|a|con|por|para|durante|desde|hasta|mas|menos|exactly|approximately|aproximadamente|just) )*"
)


def _measure(asks: str, form: str, called: str = "(?!)") -> _Measure:
    return _Measure(
        re.compile(f"{_LEAD}(?:{asks})"),
        re.compile(form),
        re.compile(rf"\b(?:{called})\b"),
        re.compile(rf"\b(?:{called})(?:\W{{1,3}}|\s(?:is|of|es|de|max\w*|min\w*)\s)\d"),
    )


_PERIODS: Final = (
    r"(?:segundos|minutos|horas|dias|noches|semanas|quincenas|meses|(?:cua)?trimestres|semestres|años|anos|decadas|siglos"
    r"|seconds|minutes|hours|days|nights|weeks|fortnights|months|terms|semesters|years|decades|centuries)\b"
)
_EXTENT: Final = "profundidad|altura|altitud|anchura|grosor|espesor|distancia|depth|height|altitude|elevation|width|thickness|distance"
_AGE: Final = r"(?!(?:how many|cuant[oa]s) años (?:\w+ ){0,3}(?:ten|tien|cumpl))"
_DAY_OF: Final = _measure(
    r"(?:on |by |from |until )?(?:what|which) (?:exact )?(?:dates?|days?)\b(?! of (?:the )?week)|(?:el |en |a |de |hasta |desde |para )?que (?:dias?|fechas?)\b",
    _DAY,
    r"dias?|fechas?|days?|dates?",
)
_MEASURES: Final = (
    _measure(r"how long ha(?:s|ve|d)\b|cuanto(?: tiempo)? (?:hace|lleva)\w*", _SINCE),
    _measure(
        rf"{_AGE}{_MANY} {_PERIODS}|how much time\b|cuanto (?:tiempo|dura\w*|tard\w+)|{_named('duracion|duration')}|how long\b.*\b(?:last|takes?|stay|keep|wait|until|before|boil|bake|cook|dry|rest)\b|how long\b.*\bfor\W*\Z",
        _TIME,
        rf"duracion(?:es)?|tiempos?|plazos?|duration|length|time|how long|{units_of('time')}",
    ),
    _measure(
        r"how long\b",
        rf"{_TIME}|{_LENGTH}|\d:\d\d|\d\W+(?:characters|caracteres|digit\w+|letters|letras|words|palabras|pages|paginas|lines|lineas)\b",
        rf"duracion(?:es)?|tiempos?|plazos?|longitud|distancias?|duration|length|distance|time|how long|{units_of('time')}|{units_of('length')}",
    ),
    _measure(
        r"how far\b|(?:a )?cuanta distancia|a cuanto esta de\b",
        rf"{_TIME}|{_NEAR}|\b(?:steps?|pasos?)\b",
        rf"distancias?|distances?|recorrido|{units_of('length')}|{units_of('time')}",
    ),
    _measure(
        rf"how (?:deep|tall|wide|thick)\b|(?:a |de )(?:que|cuanta) (?:{_EXTENT})\b|{_named(_EXTENT)}"
        rf"|cuanto mide\w*|{_MANY} (?!miles de)(?:{units_of('length', words=True)}|km|cm|mm)\b",
        _NEAR,
        rf"profundidad|altura|altitud|ancho|anchura|grosor|espesor|distancias?|longitud|medidas?|depth|height|altitude|elevation|width|thickness|distances?|length|size|{units_of('length')}",
    ),
    _measure(
        rf"how heavy\b|how much (?:do|does|did|can|should|will|may) .*\bweigh|cuanto pesa\w*|{_named('peso|weight')}|{_MANY} (?:{units_of('weight', words=True)}|{units_of('volume')}|kg|libras|pounds|ounces|gallons|pints|cups|tazas|vasos|gotas|drops|cucharad\w*|\w*spoon\w*)\b",
        _BULK,
        rf"pesos?|weights?|volum\w+|capaci\w+|contenido|cantidad|quantity|amount|dos[ei]s?|{units_of('weight')}|{units_of('volume')}",
    ),
    _measure(
        rf"(?:at |to |under )?(?:what|which) temperatures?|a que temperatura\b|{_named('temperatur[ae]')}|{_MANY} (?:grados|degrees)\b|how (?:hot|cold|warm)\b|cuanto (?:frio|calor)\b",
        _WARMTH,
        r"temp\w*|grados|degrees|horno|oven|[cf]",
    ),
    _measure(
        rf"{_MANY} k?cal\w*",
        r"\bk?cal\w*|\bk?j\b|\bk?joules?\b|\benerg\w+",
        r"k?cal\w*|kj|energ\w+",
    ),
    _DAY_OF,
    _measure(
        r"(?:what(?: is|'s| was)|cual es|que|dime) (?:the|el|la|su|your|our|my) (?:\w+[ -]){0,2}(?:(?:code|codigo|clave) (?:for|to|del?|para) (?:the |la |el |los |las |our |my |su )?(?:\w+ ){0,2}(?:door|gate|wi-?fi|alarm|entrance|lock|locker|padlock|safe|store|office|shed|key ?box|puerta|portal|verja|cancela|alarma|entrada|candado|caja|red|garaje|almacen|taquilla|local|oficina)|(?:password|passcode|contraseña|pin)\b(?! (?:length|policy)))"
        r"|(?:what(?: is|'s)|cual es) (?:the |el |la )?(?:door|gate|wi-?fi|alarm|access|entry|safe|lock) (?:code|password)",
        _KEY,
    ),
    _measure(r"(?:what|which) years?\b|que años?\b", _YEAR),
    _measure(
        r"how (?:often|frequently|many times)\b|cada cuant[oa]s?\b|con (?:que|cuanta) frecuencia\b|cuantas veces\b",
        _OFTEN,
    ),
    # "When the king died, who came after him?" asks for something else
    _measure(
        r"(?:when|cuando)\b(?!.*,.*\b(?:who|what|which|how|where|why|quien|que|cual|como|donde)\b)",
        _WHEN,
    ),
    _measure(
        r"(?:what|which) sizes?\b|how (?:big|large)\b(?! an? )|que (?:tamaño|talla|superficie)\b",
        _SIZE,
    ),
    _measure(
        r"how much\b(?! (?:do|does|did|will|would|can|should)\b)|cuant[oa] (?!antes\b|mas\b|cuesta\w*\b|vale\b)\w+",
        _AMOUNT,
    ),
)
_COUNT: Final = _measure(
    rf"{_AGE}how many\b(?! times)|{_AGE}cuant[oa]s\b(?! veces)|{_named('aforo|capacidad|capacity|occupancy')}",
    _NUMBER,
)
# Columns whose numbers are sums, days or codes, or in a unit, "weight_g", but not so many a day
_OF_OTHERS: Final = re.compile(
    rf"\b(?:precios?|importes?|cuotas?|tarifas?|tasas?|costes?|prices?|fees?|costs?|{CURRENCIES.lower()})\b"
    rf"|(?<!per )(?<!por )(?<!/)(?<!al )(?<!\ba )(?<!each )(?<!cada )\b(?:fecha|hora|date|time|code|codigo|ref\w*|telefono|phone|{units_of('time')}|{units_of('length')}|{units_of('weight')}|{units_of('volume')})\W*\Z"
)
_COUNTED_THING: Final = re.compile(r"\b(?:how many|cuant[oa]s) ([^\W\d_]{2,}?)(?:es|s)?\b")
_BARE: Final = re.compile(r"\W*\d[\d.,]*\W*")


@lru_cache(maxsize=64)
def asked_measure(question: str) -> _Measure | None:
    """The measure that a question asks for; the count of things where it is none of the others."""
    # What stands before the mark only leads up to the question
    asked = language.fold(question[question.rfind("¿") + 1 :]).replace("’", "'")
    return next((one for one in (*_MEASURES, _COUNT) if one.asks.search(asked)), None)


def lacks_measure(
    question: str,
    text: str,
    over: str = "",
    cells: Sequence[tuple[str, str]] = (),
    around: str = "",
) -> bool:
    """Whether a question asks for a measure, a count, a time, a day or a code, and a text has none. ``over``: the headings above it;
    ``cells``: where it is rows of a table, what their columns are called and what they say; ``around``: what else stands by the table, and may
    tell of what its numbers are."""
    measure = asked_measure(question)
    if measure is None:
        return False
    if _has(measure, over):
        return False
    if not cells:
        return not (_has(measure, text) or _told_of(measure, question, text))
    if any(_has(measure, said, column) or _is_told(said) for column, said in cells):
        return False
    bare = measure is not _COUNT and any(_BARE.fullmatch(said) for _, said in cells)
    untitled = all(not column for column, _ in cells)
    return not (bare and (untitled or _has(measure, around)))


def _told_of(measure: _Measure, question: str, text: str) -> bool:
    """Whether a text that has no measure tells it in another way: by what it is like, "width 90", or as one of what is counted, "a guest"."""
    said = language.fold(text)
    if AS_TOLD.search(said) or measure.stated.search(said):
        return True
    counted = _COUNTED_THING.search(language.fold(question)) if measure is _COUNT else None
    return counted is not None and bool(
        re.search(rf"\b(?:an?|una?) (?:\w+ )?{counted[1]}(?:e?s|e)?\b", said)
    )


def _is_told(said: str) -> bool:
    return AS_TOLD.search(language.fold(said)) is not None


def _has(measure: _Measure, text: str, column: str = "") -> bool:
    said, called = (language.fold(one).replace("_", " ") for one in (text, column))
    if measure is _COUNT:
        if _OF_OTHERS.search(called):
            return False
        said = _MEASURED.sub(" ", _COUNTS_NOTHING.sub(" ", said))
        return measure.form.search(said) is not None
    # "Saturday | Sunday" are days, whatever stands below
    if measure.called.search(called) and any(map(str.isdigit, said)):
        return True
    return measure.form.search(f"{called} {said}" if measure is _DAY_OF else said) is not None
