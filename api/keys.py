"""The access keys in force: those of the settings, and those that ``fuente keys`` makes and revokes without a restart.

The file holds names, scopes and hashes, never a key itself.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import logging
import os
import re
import secrets
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from api.collections import NAME
from api.settings import SCOPES, Key, Scope, Settings, is_loopback
from corpus.document import SettingsError
from corpus.storage import read_small, saving, state_of

FILE_NAME: Final = "keys.json"
USED_NAME: Final = "keys-used.json"
KEY_NAME: Final = r"[A-Za-z0-9][A-Za-z0-9._@-]{0,62}"
USED_EVERY_S: Final = 60.0
"""How often the last use of a key is written down."""

_LOG = logging.getLogger("fuente.keys")


@dataclass(frozen=True, slots=True)
class NamedKey:
    """A key of the file. ``collection`` None = it holds in all of them."""

    name: str
    scope: Scope
    sha256: str
    collection: str | None
    created_at: str


def read_keys(data: Path) -> tuple[NamedKey, ...]:
    """The keys of a data directory, in the order in which they were made; none without a file.

    :raises SettingsError: when the file is not what :func:`add_key` writes.
    """
    path = data / FILE_NAME
    try:
        found = [NamedKey(**one) for one in json.loads(read_small(path))["keys"]]
    except (FileNotFoundError, NotADirectoryError):
        return ()
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise _damaged(path, f"{type(error).__name__}: {error}") from error
    for one in found:
        if (
            not all(isinstance(text, str) for text in (one.name, one.sha256, one.created_at))
            or one.scope not in SCOPES
            or re.fullmatch(KEY_NAME, one.name) is None
            or re.fullmatch("[0-9a-f]{64}", one.sha256) is None
            or not (one.collection is None or re.fullmatch(NAME, str(one.collection)))
        ):
            raise _damaged(path, "an entry of it is no key")
    return tuple(found)


def add_key(data: Path, name: str, scope: Scope, collection: str | None = None) -> str:
    """Make a key and give it back: it is shown this once and kept nowhere.

    :raises SettingsError: for a name that cannot be or is taken, StorageError when the disk refuses.
    """
    if re.fullmatch(KEY_NAME, name) is None:
        raise SettingsError(
            f"a key cannot be called {name[:100]!r}; expected 1 to 63 of letters, digits and . _ @ -, a letter or digit first"
        )
    text = secrets.token_urlsafe(32)
    digest = hashlib.sha256(text.encode()).hexdigest()
    at = datetime.now(UTC).isoformat(timespec="seconds")

    def add(kept: Sequence[NamedKey]) -> list[NamedKey]:
        if any(one.name == name for one in kept):
            raise SettingsError(
                f"there is a key {name!r} already; revoke it first, or choose another name"
            )
        return [*kept, NamedKey(name, scope, digest, collection, at)]

    _change(data, add)
    return text


def revoke_key(data: Path, name: str) -> None:
    """Take a key away; servers refuse it from their next request on.

    :raises SettingsError: when there is none of that name, StorageError when the disk refuses.
    """

    def take(kept: Sequence[NamedKey]) -> list[NamedKey]:
        left = [one for one in kept if one.name != name]
        if len(left) == len(kept):
            names = ", ".join(one.name for one in kept) or "none"
            raise SettingsError(
                f"there is no key {name[:100]!r}; there are: {names} (keys of the settings are not among them)"
            )
        return left

    _change(data, take)


def follow_rename(data: Path, name: str, new: str) -> None:
    """Have the keys that hold in a collection hold under its new name; those of the settings are not ours to change.

    :raises SettingsError: when the file of the keys is damaged, StorageError when the disk refuses.
    """
    if any(one.collection == name for one in read_keys(data)):
        _change(
            data,
            lambda kept: [
                replace(one, collection=new) if one.collection == name else one for one in kept
            ],
        )


def last_uses(data: Path) -> Mapping[str, str]:
    """When each key was used last, by name, ISO 8601; without those that never were."""
    try:
        found = json.loads(read_small(data / USED_NAME))
        return {str(name): str(at) for name, at in found.items()}
    except (OSError, ValueError, AttributeError, RecursionError):
        return {}


class Keys:
    """The keys in force for a server. A file that became unreadable changes nothing: what held goes on holding."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self._settings = settings
        self._path = settings.data / FILE_NAME
        self._clock = clock
        self._lock = threading.Lock()
        self._seen = state_of(self._path)
        self._named = read_keys(settings.data)
        self._keys = self._joined()
        self._used: dict[str, str] = {}
        self._written = float("-inf")

    def current(self) -> tuple[Key, ...]:
        """All keys, as they are now."""
        seen = state_of(self._path)
        if seen != self._seen:
            with self._lock:
                self._seen = seen
                # Where the disk is away the file only seems to be gone
                if seen is not None or self._settings.data.is_dir():
                    try:
                        self._named = read_keys(self._settings.data)
                    except SettingsError as error:
                        _LOG.error("the keys stay as they were: %s", error)
                self._keys = self._joined()
        return self._keys

    @property
    def required(self) -> bool:
        """Whether requests need a key. A server that others can reach never opens because its last key was revoked."""
        return bool(self.current()) or not is_loopback(self._settings.host)

    def name_of(self, key: Key | None) -> str | None:
        """What to call a key where people read it: its name, else the beginning of its hash."""
        if key is None:
            return None
        named = next((one.name for one in self._named if one.sha256 == key.sha256), None)
        return named or f"sha256:{key.sha256[:12]}"

    def used(self, key: Key) -> None:
        """Note that a key was used; :meth:`write_uses` writes it down."""
        name = next((one.name for one in self._named if one.sha256 == key.sha256), None)
        if name is not None:
            self._used[name] = datetime.now(UTC).isoformat(timespec="seconds")

    def write_uses(self, *, now: bool = False) -> None:
        """Write down what was used since the last time, at most once a minute unless ``now``."""
        if not self._used or not (now or self._clock() - self._written >= USED_EVERY_S):
            return
        used, self._used = self._used, {}
        self._written = self._clock()
        path = self._settings.data / USED_NAME
        try:
            _replace(path, {**last_uses(self._settings.data), **used})
        except OSError as error:
            # To know when a key was used is not worth refusing anybody
            _LOG.warning("the last use of keys is not written down: %s", error)

    def _joined(self) -> tuple[Key, ...]:
        named = (Key(one.scope, one.sha256, one.collection) for one in self._named)
        return (*self._settings.keys, *named)


def _change(data: Path, change: Callable[[Sequence[NamedKey]], list[NamedKey]]) -> None:
    with saving("the file of keys"):
        data.mkdir(parents=True, exist_ok=True)
        with (data / ".keys.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            kept = change(read_keys(data))
            _replace(data / FILE_NAME, {"keys": [asdict(one) for one in kept]})


def _replace(path: Path, content: Mapping[str, object]) -> None:
    """Write a file that only its owner may read, as a whole or not at all."""
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}.partial")
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(content, file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, path)
    except OSError:
        partial.unlink(missing_ok=True)
        raise


def _damaged(path: Path, why: str) -> SettingsError:
    return SettingsError(
        f"{path} cannot be read ({why[:200]}); expected what `fuente keys add` writes: put it back, or remove it and make the "
        "keys anew"
    )
