"""Where a question asks for a phone number, an e-mail or web address, an account's number, a percentage, a price or a time of day, whether
a quote has one.

Words about the phone resemble such a question as much as a number does, and a reader takes the one for the other. These have
forms that can hardly be missed, so that a quote without one does not answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from corpus import language
from corpus.numbers import CURRENCIES
from qa.select.values.measures import AS_TOLD, asked_measure, lacks_measure

# Who begins so speaks of a number or an address and asks for something else: "How do I change my phone number?"
_ASKS_ELSE = re.compile(
    r"\W*(?:how (?:do|does|can|should|long|many|much|often)|when|where|why|what (?:if|kind|type|is the default|happens)|(?:can|may|must|should|do|will) i|does|will|are"
    r"|como|cuando|donde|cuant[oa]s?|por que|puedo|se puede|para (?:que|cuando)|que (?:tipo|pasa|hace|le falta)|tengo que|debo|quien(?:es)?)\b"
)
_OF_MONEY = (
    r"precios?|importes?|cuotas?|tarifas?|tasas?|costes?|costos?|multas?|sancion\w*|fianzas?|depositos?|salarios?|sueldos?|matriculas?"
    r"|prices?|fees?|costs?|charge[sd]?|amounts?|rates?|fines?|deposits?|salar(?:y|ies)|wages?|dues|tuition"
    r"|pag(?:ue|uen|an?|ar\w*|os?)|abon(?:an?|ar\w*)|cobr(?:an?|ar\w*)|cuestan?|valen?|pays?|paid|payable"
)
_IN_WORDS = (
    r"euros?|pesos?|soles|dolar\w*|dollars?|pounds?|pence|p|cents?|centavos?|centimos?|us\$|uf|utm|uit|umas?|clp|cop|mxn|ars|bolivares|quetzales|lempiras"
    r"|colones|guaranies|reales|libras?|shillings?|pesetas?|salarios? minimos?|unidad(?:es)? de"
    r"|gratis|gratuit\w*|sin (?:ningun )?(?:coste|costo|cargo|pagar)|no (?:cuest|costar|tien\w+ cost[eo]|tendr\w+ cost[eo]|(?:se |les? )?(?:pag|cobr|abon))\w*|sin cobrar|nada|voluntari[oa]s?|voluntary|mensualidad\w*|free|no (?:charge|cost|fee)s?|without (?:charge|cost)"
    r"|(?:not|never|nobody|\w+n['’]t) (?:be )?(?:costs?|pays?|paid|charged?)|unpaid|nothing|exent\w*|exempt|doble|mitad|tercios?|double|half|twice|thirds?|quarters?|mism[oa]s?|igual\w*|same|equal|proporcional\w*|proportional"
    r"|por ciento|per ?cent|maxim\w*|minim\w*|maximum|minimum|full|total"
    r"|incluid[oa]s?|included|inclusive|complimentary|on the house|covered|de balde|invita\w*|regal\w+|a cargo del?|la voluntad|donations?|donativos?|what you can|quid|tenner|fiver|bucks|pavos|duros"
)
# What is not there is said without it
_NONE: Final = r"\b(?:no|not|sin|without)\b (?:\w+ ){0,2}"
_KINDS = (
    (
        r"(?:numero|num|n\.?[oº]) de (?:telefono|movil|celular|fax|whatsapp)|\A(?:el |los )?(?:telefonos?|fax) (?:del?|para) [^:?]*\Z"
        r"|(?:que|cual es el|cual es su|dame el|dime el) (?:telefono|celular|movil|fax|whatsapp)\b(?! (?:mas|menos)\b)"
        r"|hay (?:algun |un )?(?:telefono|numero(?: de \w+)?) (?:al que|adonde|donde|para)"
        r"|(?:phone|telephone|mobile|cell|fax|whatsapp) numbers?|(?:is|'s) there a (?:phone|telephone|hotline|number)\b",
        r"\+?\d(?:[\s().\-/]{0,2}\d){4,}|(?:tel\w*|phone|call|llam\w+|dial|marc\w+|avis\w+|ext\w*|:)\W{0,3}(?:(?:el|al|the|on) )?\d{3,4}\b(?!-\d|[.:]\d)"
        # Those to be called in an emergency
        rf"|{_NONE}(?:telefonos?|(?:tele)?phones?|numero|number)\b|\btelefono no\b"
        r"|\b(?:el|al|on) (?:0(?:16|6[12]|8[058]|9[12])|1(?:12|05|16|17|23)|911|999)\b(?!-\d|[.:]\d)",
    ),
    (
        r"(?:direccion|cuenta) de (?:e-?mail|correo electronico)|\A(?:el |the )?(?:e-?mail|correo(?: electronico)?) (?:del?|of) [^:?]*\Z|(?:que|cual es el|cual es su|dame el|dime el) (?:e-?mail|correo)\b"
        r"|hay (?:algun |un )?(?:e-?mail|correo)\b|e-?mail address(?:es)?|what(?: is|'s) the (?:\w+ ){0,2}e-?mail\b|(?:is|'s) there an e-?mail\b",
        rf"@|\bat\b.*\bdot\b|\bat \w+\.[a-z]{{2}}|\barroba\b|{_NONE}(?:e-?mail|correo)\b",
    ),
    (
        r"(?:pagina|sitio|direccion) web|(?:web ?site|web) address|what(?: is|'s) the (?:\w+ ){0,2}(?:web ?site|url)\b",
        rf"www\.|https?:|\w\.(?:com|org|net|edu|gob|gov|info|e?us|cat|gal|app|club|shop|coop|museum|online|site|blog|store|[a-z]{{2}})\b|{_NONE}(?:web|pagina|sitio)",
    ),
    (
        r"(?:numero|num|n\.?[oº]) de (?:la )?cuenta\b|(?:a|en) que cuenta\b|que (?:cuenta bancaria|clabe|cbu)\b|cual es (?:el|la|su) (?:iban|clabe|cbu)\b"
        r"|(?:what|which)(?: is|'s)? (?:the |your )?(?:bank )?account(?: numbers?)?\b|what(?: is|'s) the (?:\w+ ){0,2}iban\b",
        r"\d(?:[ .\-]?\d){8,}|\b(?:cuenta|account)(?: \w+)?\W{0,3}\d(?:[ -]?\d){5,}",
    ),
    (
        r"que (?:porcentaje|tanto por ciento)|(?:what|which) percent(?:age)?",
        r"%|\bpor ?cien(?:to)?\b|\bper ?cent\b|\b(?:mitad|half|tercios?|thirds?|cuartos?|quarters?|(?:quint|decim)[oa]s?|fifths?|tenths?|de cada|in (?:two|three|four|five|six|ten|\d+)|(?:out )?of (?:the|every|each) \w+|total\w*|all|tod[oa]s|nothing|nada|none|ningun\w*)\b",
    ),
    (
        r"(?<!cada )cuanto (?:[mtsln]e |[nl][eo]s )?(?:cuesta\w*|costa\w*|valen?|salen?|cobr\w+|pag\w+|abon\w+|(?:hay|tengo|tiene|tenemos|habra) que (?:pagar|abonar)"
        r"|(?:debo|hace falta) pagar|(?:es|son|seria) (?:la|el|las|los) (?:cuota|precio|tarifa|multa|tasa|fianza|coste|costo|importe|matricula|inscripcion)\w*)"
        r"|a cuanto (?:[mtsln]e )?(?:estan?(?! del?\b)|salen?|van?|venden|ponen)\b|cuantos (?:euros|pesos|soles|dolares)\b"
        r"|(?:cual es (?:el|la|su)|que) (?:precio|tarifa|coste|importe|cuota)\b"
        r"|(?:how much|what) (?:does|do|did|will|would) (?:\S+ ){1,8}?cost\b|how much (?:does|do|did|will|would) (?:\S+ ){1,8}?(?:charge|pay)\b|how many (?:euros|pesos|dollars|pounds)\b"
        r"|how much (?:is|are) (?:the |an? )?(?:\S+ ){0,4}?(?:fees?|price|fine|dues|deposit|tickets?|tuition|subscription|membership|rent)\b"
        r"|what (?:is|are) (?:the |an? )?(?:\S+ ){0,3}?(?:price|fee|cost|charge)s?(?= (?:of|for|to|per|if|when|at|in)\b|\W*\Z)",
        # Sums of tables and forms stand without their currency
        rf"[$€£¥%]|\d (?:al?|per|por|each|cada) ?(?:mes|año|dia|hora|persona|cabeza|month|week|year|day|hour|person|head|sesion|session|noche|night)?\b|(?:fianza|deposit)\w*\b.{{0,30}}\b(?:mes(?:es)?|months?|weeks?|semanas?)\b"
        # "Adults 12, children 6"
        rf"|[^\W\d_] \d{{1,4}}[,;] [^\W\d_]+(?: [^\W\d_]+)? \d{{1,4}}\b|\d ?(?:eur|usd|gbp|p)\b|s/\.? ?\d|\d[.,]\d{{2,3}}\b|\||: ?\d|\.{{3,}} ?\d|\b(?:{_OF_MONEY})\b[^.]*\d|\d[^.]*\b(?:{_OF_MONEY})\b|\b(?:{_IN_WORDS})\b",
    ),
    (
        r"a que hora|hasta que hora|desde que hora|que hora es|(?:at )?what time(?! of (?:the )?year)|(?:que|cual es el) horario|what (?:are the )?(?:opening )?hours",
        r"\d ?(?:h|hs|hrs?|am|pm|[ap]\. ?m|o.clock)\b|\d[:.]\d\d|\d ?[-–] ?\d|\b(?:[01]\d|2[0-3])[0-5]\d(?: ?(?:h|hrs?|hours))?\b(?<!\b(?:19|20)\d\d)|\| ?\d{1,2} ?(?:\||\Z|\n)|\b(?:horas?|hours?|minut\w+|clock|mediodia|medianoche|noon|midday|midnight"
        r"|amanec\w+|anochec\w+|dawn|dusk|sunset|sunrise|cerrad[oa]s?|closed|shut|all day|any ?time|todo el dia|siempre|always|day and night|mornings?|afternoons?|evenings?|nights?|mañanas|tardes|noches|la (?:mañana|tarde|noche)"
        r"|by appointment|cita|first thing|midmorning|media (?:mañana|tarde)|as soon as|when|cuando|tras|despues de|antes de|en cuanto|al (?:terminar|acabar|empezar|comenzar|salir|llegar|abrir|cerrar)|(?:before|after|until|till) (?:the|school|work|lunch|mass|dark)|hasta que|desde que)\b|\b24/7|\b[lmxjvs]-[mxjvsd]\b.*\d|\d a \d"
        r"|\b(?:las?|at|before|after|until|till|by|from|to|desde|hasta) (?:\d{1,2}|una|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|one|two|three|four|five|six|seven"
        r"|eight|nine|ten|eleven|twelve|half|quarter)\b|\bde \d{1,2} a \d{1,2}\b|\b(?:half|quarter|twenty|ten|five) (?:past|to)\b|\by (?:media|cuarto)\b",
    ),
)
# "USD 200", "30 PEN", "Bs. 600": in small letters some of the codes are words
_CODE = re.compile(
    rf"\b(?:{CURRENCIES}|RM|R[Ss]\.?|Bs\.?|B/\.) ?(?=\d)|(?<=\d) ?(?:{CURRENCIES})\b"
)
# Of a row that has one a sum is asked for
_HOW_MUCH = re.compile(r"\bhow much (?:is|are|was|were)\b|\bcuanto (?:es|son|era|eran)\b")
_PHONE, _EMAIL, _ACCOUNT, _PERCENT, _PRICE, _TIME = 0, 1, 3, 4, 5, 6
_MONEY = re.compile(rf"\b(?:{_OF_MONEY}|pvp)\b")
# The first of them are spoken of as often as they are asked for.
_N_ADDRESSES = 4
# What says that something is a sum, or that nothing is paid
_SIGN: Final = re.compile(rf"[$€£¥%]|\b(?:{_IN_WORDS})\b")
# As many digits as a phone number have accounts with their country or without, cards and dates
_OF_DIGITS = re.compile(
    r"(?<![^\W_])[a-z]{2}\d{2}(?:[ -]?[a-z0-9]{4}){3,7}(?:[ -]?[a-z0-9]{1,3})?(?![^\W_])"
    r"|(?<!\d)(?:\d{4}[ -]?\d{4}[ -]?\d{2}[ -]?\d{10}|\d{4}([ -])\d{4}\1\d{4}\1\d{4})(?!\d)"
    r"|(?<![\d.-])(?:\d{1,2}([./-])\d{1,2}\2\d{4}|\d{4}([./-])\d{1,2}\3\d{1,2})(?![./-]?\d)"
)
# and numbers of accounts, firms and people that say so and have no gap
_OF_ACCOUNTS = re.compile(
    r"(?:(?:\bn[.º°o]*|\bnum\w*|\bnro\.?) (?:de )?cuenta|\bcuenta(?: (?:corriente|vista|bancaria|n[.º°o]+|num\w*|nro)){1,2}|\baccount (?:n[o.º°]+|num\w*)"
    r"|\b(?:rut|ruc|nit|nif|cif|cuit|cuil|rfc|ein|isbn|clabe|cbu|vat (?:n[o.º°]+|num\w*)))\W{0,4}\d[\d.-]{4,20}[a-z0-9]?(?![\w-])"
)
_ASKED = [(re.compile(rf"\b(?:{asked})"), re.compile(form)) for asked, form in _KINDS]


def asks_for_address(question: str) -> bool:
    """Whether it asks for a phone number or an e-mail address."""
    number = _kind_asked(question)
    return number in (_PHONE, _EMAIL)


def asks_for_mail(question: str) -> bool:
    """Whether it asks for an e-mail address."""
    return _kind_asked(question) == _EMAIL


def asks_for_time(question: str) -> bool:
    """Whether it asks for a time of day."""
    return _kind_asked(question) == _TIME


def is_sum(question: str, said: str, column: str) -> bool:
    """Whether a question asks for a price, and a cell of a table is one, by its sign or by what its column is called."""
    asked = _kind_asked(question) == _PRICE or _HOW_MUCH.search(language.fold(question))
    return bool(asked) and is_money(said, column)


def is_money(said: str, column: str) -> bool:
    """Whether a cell of a table is a sum of money, by its sign or by what its column is called."""
    if not any(map(str.isdigit, said)):
        return False
    marked = _CODE.search(said) is not None or any(sign in said for sign in "$€£¥")
    return marked or _MONEY.search(language.fold(column)) is not None


def speaks_of_money(text: str) -> bool:
    """Whether a text has a word for what is paid: "fee", "tarifa"."""
    return _MONEY.search(language.fold(text)) is not None


_PRICES: Final = (
    r"(?:precios|tarifas|cuotas|tasas|costes|costos|prices|rates|fees|charges|tariffs|costs)"
)
_ALL_PRICES: Final = re.compile(
    rf"\b(?:(?:que|cuales (?:son|serian)|dime|dame|lista(?:do)? de|saber|conocer|ver)(?: (?:los|las|sus|tus))?|(?:todos los|todas las)) {_PRICES}\b"
    rf"|\b(?:(?:what|which)(?: are)?|list of|tell me|show me|know|all)(?: (?:the|your|all|of|current)){{0,3}} {_PRICES}\b|\A\W*(?:los |las |sus |the |your |our )?{_PRICES}\b"
    r"|\bcuant[oa] (?:cuesta|cuestan|vale|valen|cobran?|sale|salen)\b.*\b(?:cada|todos|todas)\b|\bhow much\b.*\b(?:each|every|all)\b"
)
_EACH: Final = frozenset("cada todo toda todos todas each every all lista listado list".split())


def asks_for_prices(question: str) -> bool:
    """Whether a question asks for prices, of all that has one as far as it names nothing: "¿Qué precios tienen?", "How much is each …?"."""
    return _ALL_PRICES.search(language.fold(question)) is not None


def says_only_prices(word: str) -> bool:
    """Whether a word of such a question names nothing: "tarifas", "each"."""
    return language.fold(word) in _EACH or speaks_of_money(word)


# Asked of each passage that is read
@lru_cache(maxsize=64)
def _kind_asked(question: str) -> int | None:
    asked = language.fold(question).replace("’", "'").strip("¿? ")
    number = next((n for n, (asks, _) in enumerate(_ASKED) if asks.search(asked)), None)
    if number is not None and number < _N_ADDRESSES and _ASKS_ELSE.match(asked):
        return None
    return number


def asks_for_kind(question: str) -> bool:
    """Whether it asks for one of these kinds, or for a measure."""
    return _kind_asked(question) is not None or asked_measure(question) is not None


def lacks_kind(
    question: str,
    text: str,
    over: str = "",
    cells: Sequence[tuple[str, str]] = (),
    around: str = "",
) -> bool:
    """Whether a question asks for one of these kinds, or for a measure, and the text has none; for ``over``, ``cells`` and ``around`` see
    :func:`qa.select.values.measures.lacks_measure`."""
    number = _kind_asked(question)
    if number is None:
        return lacks_measure(question, text, over, cells, around)
    _, form = _ASKED[number]
    said = language.fold(_CODE.sub("$", text))
    if number in (_PERCENT, _PRICE, _TIME) and AS_TOLD.search(said):
        return False
    if number != _ACCOUNT:
        said = _OF_DIGITS.sub(" ", said)
    if number == _PHONE:
        said = _OF_ACCOUNTS.sub(" ", said)
    if number == _PRICE and cells and not _SIGN.search(said):
        # Numbers of a table that nowhere speaks of money are no prices
        columns = " ".join(column for column, _ in cells)
        if columns.strip() and not speaks_of_money(f"{said} {columns} {around}".replace("_", " ")):
            return True
    return form.search(said) is None
