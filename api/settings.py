"""Settings: one table names every setting, its default, its bounds and its help in both languages.

Order of precedence: a value given on the command line, ``FUENTE_<NAME>`` in the environment, a
line in ``<data>/config.toml``, the default. This is the only module that reads ``os.environ``.
"""

from __future__ import annotations

import ipaddress
import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Literal, NamedTuple, cast
from urllib.parse import urlsplit

from api.collections import NAME
from api.doors import DOORS
from corpus.document import SettingsError
from corpus.storage import read_small

Scope = Literal["search", "index", "admin"]
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
SCOPES: tuple[Scope, ...] = ("search", "index", "admin")
"""What a key may do, weakest first; each scope includes those before it."""

ENV_PREFIX = "FUENTE_"
CONFIG_NAME = "config.toml"
# As in index.encoder, which is not imported here: `fuente --help` reads this module
_ENCODER = "fuente-es-en"
_METRICS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"

_KEY = re.compile(rf"(search|index|admin)(?:@({NAME}))?:([0-9a-f]{{64}})", re.IGNORECASE)
_HOST_NAME = re.compile(r"[A-Za-z0-9.\-_:\[\]]+")
_ORIGIN = re.compile(r"https?://[A-Za-z0-9.\-_:\[\]]+")
_ADDRESS = re.compile(rf"{_ORIGIN.pattern}(/.*)?")
# Several hosts are tried in their order
_POSTGRES_HOST = r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.\-_%]*)(:[0-9]{1,5})?"
_POSTGRES = re.compile(
    rf"postgres(ql)?://([^\s/?#]*@)?{_POSTGRES_HOST}(,{_POSTGRES_HOST})*([/?][^\s#]*)?"
)
# Of Milvus one host, or a file, whose name is no longer than Milvus Lite takes
_MILVUS = re.compile(
    rf"milvus://(([^\s/?#]*@)?{_POSTGRES_HOST}(/[A-Za-z0-9_]*)?|/([^\s?#]*/)?[A-Za-z0-9._\-]{{1,33}}\.db)"
)
# No keys in it: they stand in the environment, as every program that asks S3 has them
_OBJECTS = re.compile(r"file:///[^\s?#]+|s3://[a-z0-9][a-z0-9.\-]{1,61}[a-z0-9](/[^\s?#@]*)?")
_ROOT_PATH = re.compile(r"(/[A-Za-z0-9._~\-]+)+")
_KUBERNETES_PORT = re.compile(r"(tcp|udp|sctp)://")


class Setting(NamedTuple):
    """One line of the settings table.

    ``minimum`` and ``maximum`` are inclusive; None = no bound.
    """

    name: str
    default: str | int | float
    help_en: str
    help_es: str
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "data",
        "data",
        "Folder that holds documents/, builds/ and config.toml (not settable in config.toml).",
        "Carpeta con documents/, builds/ y config.toml (no se puede fijar en config.toml).",
    ),
    Setting(
        "encoder",
        _ENCODER,
        "Name of a shipped encoder, or the path of a folder with one.",
        "Nombre de un codificador incluido, o la ruta de una carpeta que contenga uno.",
    ),
    Setting(
        "index",
        "",
        "Where builds are kept and asked: empty = in the data directory, postgresql://user:password@host/database = there, for "
        "several hosts, as milvus://user:password@host:19530; milvus:///folder/index.db = in a file of Milvus Lite.",
        "Dónde se guarda y consulta el índice: vacío = en la carpeta de datos, postgresql://usuario:clave@equipo/base = allí, para "
        "varios equipos, como milvus://usuario:clave@equipo:19530; milvus:///carpeta/index.db = en un archivo de Milvus Lite.",
    ),
    Setting(
        "documents",
        "folder",
        "Where the documents are kept: folder = in documents/ of the data directory, index = in the PostgreSQL of index, for several hosts "
        "that may all take and build them; jobs, keys, links, feedback, questions, decisions, audit and named collections are there then, too.",
        "Dónde se guardan los documentos: folder = en documents/ de la carpeta de datos, index = en el PostgreSQL de index, para varios "
        "equipos que pueden todos recibirlos y construir; entonces también están allí trabajos, claves, enlaces, opiniones, preguntas, decisiones, auditoría y colecciones con nombre.",
        choices=("folder", "index"),
    ),
    Setting(
        "originals",
        "",
        "With documents = index, where their bytes are kept: empty = in PostgreSQL, file:///mnt/shared/fuente = in a folder that all hosts "
        "have there, s3://bucket/prefix = in an object storage; what is in PostgreSQL already stays there.",
        "Con documents = index, dónde se guardan sus bytes: vacío = en PostgreSQL, file:///mnt/comun/fuente = en una carpeta que todos los "
        "equipos tienen ahí, s3://bucket/prefijo = en un almacén de objetos; lo que ya está en PostgreSQL se queda allí.",
    ),
    Setting(
        "builds",
        "yes",
        "With documents = index, whether this service makes the builds that any of them is asked for; no = another one does.",
        "Con documents = index, si este servicio hace las construcciones que se piden a cualquiera de ellos; no = las hace otro.",
        choices=("yes", "no"),
    ),
    Setting(
        "results",
        "",
        "Where `fuente build` keeps what came of the parts of a build until it serves, so that another one, on any host, need not do them again: "
        "file:///mnt/shared/results or s3://bucket/prefix; empty = nowhere.",
        "Dónde guarda `fuente build` lo que salió de las partes de una construcción hasta que el índice sirve, para que otra, en cualquier equipo, no "
        "tenga que repetirlas: file:///mnt/comun/resultados o s3://bucket/prefijo; vacío = en ninguna parte.",
    ),
    Setting(
        "reranker",
        "",
        "Cross-encoder that reads the question with each of the best passages: the path of a folder, or the name of a "
        "model already downloaded; empty = none.",
        "Modelo cruzado que lee la pregunta junto a cada uno de los mejores pasajes: la ruta de una carpeta o el "
        "nombre de un modelo ya descargado; vacío = ninguno.",
    ),
    Setting(
        "min_confidence",
        "",
        "Least confidence of an answer, from 0 to 1, unless a request names its own; empty = as calibrated.",
        "Confianza mínima de una respuesta, de 0 a 1, si la petición no fija la suya; vacío = la calibrada.",
        0,
        1,
    ),
    Setting(
        "host",
        "127.0.0.1",
        "Address the server listens on; without keys only a loopback address is accepted.",
        "Dirección en la que escucha el servidor; sin claves solo se acepta una de bucle local.",
    ),
    Setting("port", 8000, "TCP port of the server.", "Puerto TCP del servidor.", 1, 65535),
    Setting(
        "hosts",
        "",
        "Further host names, separated by commas, under which the server may be called without "
        "keys "
        "(for a proxy on the same machine).",
        "Otros nombres de equipo, separados por comas, con los que se puede llamar al servidor sin "
        "claves (para un proxy en el mismo equipo).",
    ),
    Setting(
        "public_url",
        "",
        "Address under which browsers reach the service, with its path if it has one; the links that other clients get "
        "begin with it. Empty = the address that a request names.",
        "Dirección con la que los navegadores llegan al servicio, con su ruta si la tiene; los enlaces que reciben otros "
        "clientes empiezan por ella. Vacío = la que nombra cada petición.",
    ),
    Setting(
        "root_path",
        "",
        "Path below which a proxy serves it, such as /fuente, whether or not the proxy takes it away; empty = that of "
        "public_url.",
        "Ruta bajo la que lo publica un proxy, como /fuente, la quite o no el proxy; vacío = la de public_url.",
    ),
    Setting(
        "trusted_proxies",
        "",
        "Addresses or networks of proxies, separated by commas, whose X-Forwarded-For, -Proto and -Host are believed; "
        "* = all.",
        "Direcciones o redes de proxies, separadas por comas, a los que se les cree X-Forwarded-For, -Proto y -Host; "
        "* = todas.",
    ),
    Setting(
        "cors_origins",
        "",
        "Other web pages, separated by commas, whose scripts may ask the service, such as https://intranet.example.org; "
        "* = all (only with keys).",
        "Otras páginas web, separadas por comas, cuyos programas pueden preguntar al servicio, como "
        "https://intranet.example.org; * = todas (solo con claves).",
    ),
    Setting(
        "link_hours",
        0,
        "Hours for which the link of a citation opens its document without a key; 0 = it asks for the key.",
        "Horas durante las que el enlace de una cita abre su documento sin clave; 0 = pide la clave.",
        0,
        87_600,
    ),
    Setting(
        "doors",
        ",".join(DOORS),
        "Doors for other clients that are open, separated by commas; none = no door.",
        "Puertas abiertas para otros clientes, separadas por comas; none = ninguna.",
    ),
    Setting(
        "language",
        "es",
        "Language of messages when the caller asks for none that we speak.",
        "Idioma de los mensajes cuando quien llama no pide ninguno de los nuestros.",
        choices=("es", "en"),
    ),
    Setting(
        "keys",
        "",
        "Access keys as scope:sha256, or scope@collection:sha256 for one collection, separated by commas; scopes: "
        "search, index, admin.",
        "Claves de acceso como ámbito:sha256, o ámbito@colección:sha256 para una sola colección, separadas por comas; "
        "ámbitos: search, index, admin.",
    ),
    Setting(
        "max_question_chars",
        2000,
        "Longest question, in characters.",
        "Longitud máxima de una pregunta, en caracteres.",
        1,
        100_000,
    ),
    Setting(
        "max_body_kb",
        512,
        "Largest JSON request body, in KiB.",
        "Tamaño máximo del cuerpo JSON de una petición, en KiB.",
        1,
        65_536,
    ),
    Setting(
        "max_door_kb",
        1024,
        "Largest JSON request body at the doors for other clients, which send whole conversations and lists of texts, "
        "in KiB.",
        "Tamaño máximo del cuerpo JSON en las puertas para otros clientes, que envían conversaciones enteras y listas "
        "de textos, en KiB.",
        1,
        65_536,
    ),
    Setting(
        "max_upload_mb",
        50,
        "Largest upload request, all its files together, in MiB.",
        "Tamaño máximo de una subida, con todos sus archivos, en MiB.",
        1,
        4096,
    ),
    Setting(
        "fetch_links",
        "no",
        "Whether documents can be added from a link (https://…), on the page and with `fuente build`; only public addresses are asked.",
        "Si se pueden añadir documentos desde un enlace (https://…), en la página y con `fuente build`; solo se consultan direcciones "
        "públicas.",
        choices=("no", "yes"),
    ),
    Setting(
        "max_feedback_mb",
        100,
        "Most that is kept of what readers think of answers, in MiB and for each collection; then 507 storage_full.",
        "Lo más que se guarda de las opiniones sobre respuestas, en MiB y por colección; después, 507 storage_full.",
        1,
        1_000_000,
    ),
    Setting(
        "max_concurrent_questions",
        32,
        "Questions being answered or waiting at one time; further ones get 503 overloaded.",
        "Preguntas en curso o en espera a la vez; las demás reciben 503 overloaded.",
        1,
        10_000,
    ),
    Setting(
        "max_connections",
        1000,
        "Connections of a worker at one time; over that, the oldest one that waits for a request is closed.",
        "Conexiones de un proceso a la vez; pasado ese número se cierra la más antigua que espera una petición.",
        10,
        50_000,
    ),
    Setting(
        "max_connections_per_address",
        100,
        "Those of one address, likewise; this machine and trusted proxies have no such limit.",
        "Las de una misma dirección, igualmente; este equipo y los proxies de confianza no tienen ese límite.",
        1,
        50_000,
    ),
    Setting(
        "rate_limit_per_min",
        0,
        "Requests per minute and key (or address, without keys); 0 = no limit.",
        "Peticiones por minuto y clave (o dirección, sin claves); 0 = sin límite.",
        0,
        1_000_000,
    ),
    Setting(
        "reload_s",
        1.0,
        "Seconds between two looks for a build made by another process; 0 = never look.",
        "Segundos entre dos búsquedas de un índice hecho por otro proceso; 0 = no mirar nunca.",
        0,
        3600,
    ),
    Setting(
        "threads",
        8,
        "Threads that do blocking work (uploads, listings); questions have their own.",
        "Hilos para el trabajo que bloquea (subidas, listados); las preguntas tienen los suyos.",
        1,
        1024,
    ),
    Setting(
        "log_level",
        "info",
        "Least level that is logged.",
        "Nivel mínimo que se registra.",
        choices=("debug", "info", "warning", "error"),
    ),
    Setting(
        "log_questions",
        "no",
        "Whether the log holds the questions that are asked; what readers rate is kept with its question in any case.",
        "Si el registro guarda las preguntas que se hacen; lo que se valora se guarda con su pregunta en todo caso.",
        choices=("no", "yes"),
    ),
    Setting(
        "question_days",
        0,
        "Days for which the questions that are asked are kept, in files of their own, for the owner's view; 0 = none is kept, and "
        "those kept before are removed.",
        "Días que se guardan las preguntas que se hacen, en archivos propios, para la vista del propietario; 0 = no se guarda "
        "ninguna, y se borran las guardadas antes.",
        0,
        366,
    ),
)


@dataclass(frozen=True, slots=True)
class Key:
    """An access key at rest: what it may do, the sha256 of its text in lower-case hex, and where it holds.

    ``collection`` None = in all of them.
    """

    scope: Scope
    sha256: str
    collection: str | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting, checked. The fields are the names of the table SETTINGS, in its order."""

    data: Path
    encoder: str
    index: str = field(repr=False)
    documents: Literal["folder", "index"]
    originals: str
    builds: Literal["yes", "no"]
    results: str
    reranker: str
    min_confidence: float | None
    host: str
    port: int
    hosts: tuple[str, ...]
    public_url: str
    root_path: str
    trusted_proxies: tuple[Network, ...]
    cors_origins: tuple[str, ...]
    link_hours: int
    doors: tuple[str, ...]
    language: Literal["es", "en"]
    keys: tuple[Key, ...]
    max_question_chars: int
    max_body_kb: int
    max_door_kb: int
    max_upload_mb: int
    fetch_links: Literal["no", "yes"]
    max_feedback_mb: int
    max_concurrent_questions: int
    max_connections: int
    max_connections_per_address: int
    rate_limit_per_min: int
    reload_s: float
    threads: int
    log_level: Literal["debug", "info", "warning", "error"]
    log_questions: Literal["no", "yes"]
    question_days: int

    @property
    def root(self) -> str:
        """The path below which the service lies, empty or "/fuente"."""
        return self.root_path or urlsplit(self.public_url).path


def load_settings(
    environ: Mapping[str, str] | None = None,
    data: Path | str | None = None,
    given: Mapping[str, object] | None = None,
) -> Settings:
    """The settings in force.

    ``environ`` defaults to the process environment. ``data`` and ``given`` (name to value; None =
    not given) come from the command line and win over everything else. Raises SettingsError naming
    the key, the value found, where it stood and what was expected.
    """
    environ = os.environ if environ is None else environ
    chosen: dict[str, tuple[object, str]] = {}
    for setting in SETTINGS:
        key = ENV_PREFIX + setting.name.upper()
        value = environ.get(key)
        # An empty variable means "not set", as in a compose file with FUENTE_KEYS= . Kubernetes
        # gives each pod FUENTE_PORT=tcp://10.0.0.1:80 for a Service called "fuente".
        if not value or (setting.name == "port" and _KUBERNETES_PORT.match(value)):
            continue
        chosen[setting.name] = (value, key)
    for name, value_given in (given or {}).items():
        if name not in _BY_NAME:
            raise SettingsError(_unknown(name, "the command line"))
        if value_given is not None:
            chosen[name] = (value_given, f"--{name.replace('_', '-')}")
    if data is not None:
        chosen["data"] = (str(data), "--data")

    folder = Path(str(chosen.get("data", (_BY_NAME["data"].default, ""))[0])).expanduser()
    config = folder / CONFIG_NAME
    for name, value_read in _read_config(config).items():
        if name == "data" or name not in _BY_NAME:
            raise SettingsError(_unknown(name, str(config)))
        chosen.setdefault(name, (value_read, str(config)))

    values: dict[str, object] = {}
    for setting in SETTINGS:
        found, where = chosen.get(setting.name, (setting.default, "the default"))
        values[setting.name] = _checked(setting, found, where)
    values["data"] = folder
    if values["documents"] == "index" and not _POSTGRES.fullmatch(str(values["index"])):
        raise SettingsError(
            "documents is 'index' but index is not in PostgreSQL; expected the address of such a server: set FUENTE_INDEX, or leave documents out"
        )
    if values["originals"] and values["documents"] != "index":
        raise SettingsError(
            "originals is set but the documents are in a folder of the data directory; expected documents = index with it: "
            "set FUENTE_DOCUMENTS=index, or leave originals out"
        )
    if values["builds"] == "no" and values["documents"] != "index":
        raise SettingsError(
            "builds is 'no' but the documents are in a folder, which no other service builds; expected documents = index with it: "
            "set FUENTE_DOCUMENTS=index, or leave builds out"
        )
    return Settings(**values)  # type: ignore[arg-type]


def check_bind(settings: Settings) -> None:
    """Nothing when the server may listen where the settings say.

    Without keys everyone who can reach the port may read and delete the documents, so only a
    loopback address is allowed, and no web page of anybody may send requests. Raises SettingsError.
    """
    if "*" in settings.cors_origins and not settings.keys:
        raise SettingsError(
            "cors_origins is * but there are no access keys, so every web page could read and delete the documents; "
            "expected the origins of single pages such as https://intranet.example.org: name them, or set keys"
        )
    if settings.keys or is_loopback(settings.host):
        return
    raise SettingsError(
        f"host is {settings.host!r} but there are no access keys; expected a loopback address "
        f"such as "
        "127.0.0.1: set keys (FUENTE_KEYS=search:<sha256>,admin:<sha256>) or listen on 127.0.0.1"
    )


def is_loopback(host: str) -> bool:
    """True for ``localhost`` and any loopback address, with or without the brackets of IPv6."""
    name = host.strip("[]").rstrip(".").lower()
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def metrics_folder() -> Path | None:
    """The folder where the workers of one service count together; None for a process that counts for itself."""
    folder = os.environ.get(_METRICS_FOLDER)
    return Path(folder) if folder else None


def share_metrics(folder: str) -> None:
    """Have this process's children count together in ``folder``: their library looks for it in the environment."""
    os.environ[_METRICS_FOLDER] = folder


def terminal_language(environ: Mapping[str, str] | None = None) -> Literal["es", "en"]:
    """The language of the terminal: FUENTE_LANGUAGE, else its locale, as POSIX orders the variables; else English."""
    environ = os.environ if environ is None else environ
    names = (f"{ENV_PREFIX}LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
    named = next(filter(None, (environ.get(name, "") for name in names)), "")
    return "es" if re.match(r"es(?![a-z])", named, re.IGNORECASE) else "en"


def settings_table(lang: Literal["es", "en"] = "en") -> str:
    """The settings as a Markdown table, one line for each entry of SETTINGS (for the README)."""
    head = (
        "| Setting | Environment | Default | Meaning |"
        if lang == "en"
        else "| Ajuste | Entorno | Por defecto | Significado |"
    )
    lines = [head, "|---|---|---|---|"]
    for s in SETTINGS:
        default = f"`{s.default}`" if s.default != "" else "–"
        meaning = s.help_en if lang == "en" else s.help_es
        if s.choices:
            meaning += f" ({' | '.join(s.choices)})"
        lines.append(f"| `{s.name}` | `{ENV_PREFIX}{s.name.upper()}` | {default} | {meaning} |")
    return "\n".join(lines)


def _read_config(path: Path) -> dict[str, object]:
    """The top-level entries of config.toml; empty when there is no such file."""
    try:
        text = read_small(path).decode("utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"{path} cannot be read ({error}); expected a UTF-8 text file"
        ) from error
    try:
        return dict(tomllib.loads(text))
    except (ValueError, RecursionError) as error:
        raise SettingsError(
            f"{path} is not valid TOML ({str(error)[:200]}); expected lines such as port = 8000"
        ) from error


def _unknown(name: str, where: str) -> str:
    if name == "data":
        return f"data is set in {where}, which lies inside it; use --data or FUENTE_DATA instead"
    known = ", ".join(s.name for s in SETTINGS if s.name != "data")
    return f"unknown setting {name!r} in {where}; expected one of: {known}"


def _checked(setting: Setting, value: object, where: str) -> object:
    """The value in the type of its field, or SettingsError."""
    if setting.name in _READ_AS:
        return _READ_AS[setting.name](value, where)
    if setting.default == "" and setting.minimum is not None:
        return None if value == "" else _number(setting, value, where)
    if isinstance(setting.default, str):
        return _text(setting, value, where)
    return _number(setting, value, where)


def _text(setting: Setting, value: object, where: str) -> str:
    if "yes" in setting.choices:
        # As TOML writes them, and many who set a variable
        value = {"true": "yes", "false": "no"}.get(str(value).strip().lower(), value)
    # A setting that is empty by default may be set to that again
    may_be_empty = setting.default == ""
    if not isinstance(value, (str, Path)) or not (may_be_empty or str(value).strip()):
        expected = "a text" if may_be_empty else "a text that is not empty"
        raise _bad(setting.name, value, where, expected)
    text = str(value).strip()
    if setting.choices:
        text = text.lower()
        if text not in setting.choices:
            raise _bad(setting.name, value, where, "one of " + ", ".join(setting.choices))
    return text


def _number(setting: Setting, value: object, where: str) -> int | float:
    whole = isinstance(setting.default, int)
    expected = "a whole number" if whole else "a number"
    if setting.minimum is not None and setting.maximum is not None:
        least, most = f"{setting.minimum:.0f}", f"{setting.maximum:.0f}"
        between = f"a number from {least} to {most}"
        expected = f"a whole number from {least} to {most}" if whole else between
    number: int | float
    try:
        # bool is an int in Python, and `port = true` is a mistake, not 1.
        if isinstance(value, bool) or not isinstance(value, (str, int, float)):
            raise ValueError
        number = float(value)
        if whole:
            if number != int(number):
                raise ValueError
            number = int(number)
    except (ValueError, OverflowError):
        raise _bad(setting.name, value, where, expected) from None
    # Written so that NaN, which compares false with everything, is refused as well.
    above = setting.minimum is None or number >= setting.minimum
    below = setting.maximum is None or number <= setting.maximum
    if not (above and below):
        raise _bad(setting.name, value, where, expected)
    return number


def _parts(name: str, value: object, where: str) -> list[str]:
    """A comma-separated text, or a TOML list of texts, as its parts."""
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    if isinstance(value, (list, tuple)) and all(isinstance(part, str) for part in value):
        return [part.strip() for part in cast("list[str]", value) if part.strip()]
    raise SettingsError(
        f"{name} in {where} is a {type(value).__name__}; expected texts separated by commas, or "
        f"a list"
    )


def _keys(value: object, where: str) -> tuple[Key, ...]:
    keys = []
    for number, part in enumerate(_parts("keys", value, where), 1):
        match = _KEY.fullmatch(part)
        if match is None:
            # The entry itself is not shown: it may be a key somebody pasted in clear.
            raise SettingsError(
                f"keys in {where}: entry {number} ({len(part)} characters) is not scope:sha256; "
                f"expected "
                "search, index or admin, a colon and 64 hexadecimal digits "
                '(printf %s "$KEY" | sha256sum)'
            )
        collection = match[2].lower() if match[2] else None
        keys.append(Key(cast(Scope, match[1].lower()), match[3].lower(), collection))
    return tuple(keys)


def index_url(value: object, where: str) -> str:
    """The address of a PostgreSQL server or of Milvus, as it is; empty for none. What is found is not shown: it may hold a password.

    :raises SettingsError: for anything else.
    """
    text = value.strip() if isinstance(value, str) else "?"
    if text and not _POSTGRES.fullmatch(text) and not _MILVUS.fullmatch(text):
        raise SettingsError(
            f"index in {where} is not the address of a PostgreSQL server or of Milvus; expected one such as "
            "postgresql://user:password@host/database, milvus://host:19530 or milvus:///folder/index.db"
        )
    return text


def _objects_url(name: str, value: object, where: str) -> str:
    """The address of a folder or of an object storage; empty for none. What is found is not shown: it may hold a key."""
    text = value.strip().rstrip("/") if isinstance(value, str) else "?"
    if text and not _OBJECTS.fullmatch(text):
        raise SettingsError(
            f"{name} in {where} is not the address of a shared folder or an object storage; expected one such as "
            "file:///mnt/shared/fuente or s3://bucket/prefix, without keys"
        )
    return text


def _public_url(value: object, where: str) -> str:
    if value == "":
        return ""
    text = value.strip().rstrip("/") if isinstance(value, str) else ""
    match = _ADDRESS.fullmatch(text)
    if match is None or (match[1] and not _ROOT_PATH.fullmatch(match[1])):
        raise _bad("public_url", value, where, "an address such as https://example.org/fuente")
    return text


def _root_path(value: object, where: str) -> str:
    text = value.strip().rstrip("/") if isinstance(value, str) else None
    if text is None or (text and not _ROOT_PATH.fullmatch(text)):
        raise _bad("root_path", value, where, "a path such as /fuente")
    return text


def _trusted_proxies(value: object, where: str) -> tuple[Network, ...]:
    networks: list[Network] = []
    for part in _parts("trusted_proxies", value, where):
        try:
            every = ("0.0.0.0/0", "::/0") if part == "*" else (part,)
            networks += [ipaddress.ip_network(one) for one in every]
        except ValueError:
            raise _bad(
                "trusted_proxies", part, where, "addresses or networks such as 10.0.0.0/8, or *"
            ) from None
    return tuple(networks)


def _cors_origins(value: object, where: str) -> tuple[str, ...]:
    parts = _parts("cors_origins", value, where)
    for part in parts:
        if part != "*" and not _ORIGIN.fullmatch(part):
            raise _bad(
                "cors_origins", part, where, "origins such as https://intranet.example.org, or *"
            )
    return tuple(part.lower() for part in parts)


def _doors(value: object, where: str) -> tuple[str, ...]:
    parts = [part.lower() for part in _parts("doors", value, where)]
    if parts == ["none"]:
        return ()
    for part in parts:
        if part not in DOORS:
            raise _bad("doors", part, where, f"some of {', '.join(DOORS)}, or none")
    return tuple(door for door in DOORS if door in parts)


def _hosts(value: object, where: str) -> tuple[str, ...]:
    parts = _parts("hosts", value, where)
    for part in parts:
        if not _HOST_NAME.fullmatch(part):
            raise _bad("hosts", part, where, "host names such as documentos.example.org")
    return tuple(part.lower() for part in parts)


def _bad(name: str, value: object, where: str, expected: str) -> SettingsError:
    return SettingsError(f"{name} is {value!r} in {where}; expected {expected}")


_READ_AS: Mapping[str, Callable[[object, str], object]] = {
    "keys": _keys,
    "index": index_url,
    "originals": partial(_objects_url, "originals"),
    "results": partial(_objects_url, "results"),
    "hosts": _hosts,
    "public_url": _public_url,
    "root_path": _root_path,
    "trusted_proxies": _trusted_proxies,
    "cors_origins": _cors_origins,
    "doors": _doors,
}
_BY_NAME: Mapping[str, Setting] = {setting.name: setting for setting in SETTINGS}
