"""The access keys in force: those of the settings, and those that ``fuente keys`` makes and revokes without a restart.

These are in a file of the data directory, or in a table that hosts share (:mod:`api.shared_keys`). Either holds names, scopes and hashes, never a key itself.
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
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Protocol

from api.collections import NAME
from api.settings import SCOPES, Key, Scope, Settings, is_loopback
from corpus.document import FuenteError, SettingsError
from corpus.storage import read_small, saving, state_of

FILE_NAME: Final = "keys.json"
USED_NAME: Final = "keys-used.json"
KEY_NAME: Final = r"[A-Za-z0-9][A-Za-z0-9._@-]{0,62}"
USED_EVERY_S: Final = 60.0
"""How often the last use of a key is written down."""

_LOG = logging.getLogger("fuente.keys")


@dataclass(frozen=True, slots=True)
class NamedKey:
    """A key that has a name. ``collection`` None = it holds in all of them."""

    name: str
    scope: Scope
    sha256: str
    collection: str | None
    created_at: str


class KeyStore(Protocol):
    """Where keys are kept, beside those of the settings."""

    def current(self) -> tuple[NamedKey, ...] | None:
        """The keys as they are now, told without waiting: the same tuple as long as nothing has changed, and None as long as they
        could not be read even once."""

    def read(self) -> tuple[NamedKey, ...]:
        """The keys in the order in which they were made, looked at now.

        :raises FuenteError: when they cannot be read.
        """

    def add(self, key: NamedKey) -> bool:
        """Keep a key; False when there is one of its name. Errors as :meth:`read`, StorageError when the disk refuses."""

    def remove(self, name: str) -> bool:
        """Take a key away; False when there is none of that name. Errors as :meth:`add`."""

    def follow_rename(self, name: str, new: str) -> None:
        """Have the keys that hold in a collection hold under its new name; those of the settings are not ours to change. Errors as
        :meth:`add`."""

    def uses(self) -> Mapping[str, str]:
        """When each key was used last, by name, ISO 8601; without those that never were."""

    def write_uses(self, used: Mapping[str, str]) -> None:
        """Write down when keys were used, by name.

        :raises FuenteError: when that is not to be had, OSError when the disk refuses.
        """

    def close(self) -> None:
        """Stop following what others change."""


class FileKeys:
    """The keys of a data directory, in a file that all processes of this machine share: :class:`KeyStore`. A file that becomes
    unreadable changes nothing: what held goes on holding.

    :raises SettingsError: when the file is not what :meth:`add` writes.
    """

    def __init__(self, data: Path) -> None:
        self._data = data
        self._path = data / FILE_NAME
        self._lock = threading.Lock()
        self._seen = state_of(self._path)
        self._named = self.read()

    def current(self) -> tuple[NamedKey, ...]:
        """See :meth:`KeyStore.current`."""
        seen = state_of(self._path)
        if seen != self._seen:
            with self._lock:
                self._seen = seen
                # Where the disk is away the file only seems to be gone
                if seen is not None or self._data.is_dir():
                    try:
                        self._named = self.read()
                    except SettingsError as error:
                        _LOG.error("the keys stay as they were: %s", error)
        return self._named

    def read(self) -> tuple[NamedKey, ...]:
        """See :meth:`KeyStore.read`; none without a file."""
        return read_file(self._path)

    def add(self, key: NamedKey) -> bool:
        """See :meth:`KeyStore.add`."""
        return self._change(
            lambda kept: None if any(one.name == key.name for one in kept) else [*kept, key]
        )

    def remove(self, name: str) -> bool:
        """See :meth:`KeyStore.remove`."""

        def take(kept: Sequence[NamedKey]) -> list[NamedKey] | None:
            left = [one for one in kept if one.name != name]
            return left if len(left) < len(kept) else None

        return self._change(take)

    def follow_rename(self, name: str, new: str) -> None:
        """See :meth:`KeyStore.follow_rename`."""
        if any(one.collection == name for one in self.read()):
            self._change(
                lambda kept: [
                    replace(one, collection=new) if one.collection == name else one for one in kept
                ]
            )

    def uses(self) -> Mapping[str, str]:
        """See :meth:`KeyStore.uses`."""
        try:
            found = json.loads(read_small(self._data / USED_NAME))
            return {str(name): str(at) for name, at in found.items()}
        except (OSError, ValueError, AttributeError, RecursionError):
            return {}

    def write_uses(self, used: Mapping[str, str]) -> None:
        """See :meth:`KeyStore.write_uses`."""
        _replace(self._data / USED_NAME, {**self.uses(), **used})

    def close(self) -> None:
        """See :meth:`KeyStore.close`; the file is looked at when somebody asks, and nothing is kept open."""

    def _change(self, change: Callable[[Sequence[NamedKey]], list[NamedKey] | None]) -> bool:
        with saving("the file of keys"), _changing_file(self._data):
            kept = change(self.read())
            if kept is None:
                return False
            _replace(self._path, {"keys": [asdict(one) for one in kept]})
            return True


@contextmanager
def _changing_file(data: Path) -> Iterator[None]:
    """The file of keys for this process alone, until it is left; errors as the disk's."""
    data.mkdir(parents=True, exist_ok=True)
    with (data / ".keys.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def read_file(path: Path) -> tuple[NamedKey, ...]:
    """The keys of a file; none without one.

    :raises SettingsError: when it is not what :meth:`FileKeys.add` writes.
    """
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


def add_key(store: KeyStore, name: str, scope: Scope, collection: str | None = None) -> str:
    """Make a key and give it back: it is shown this once and kept nowhere.

    :raises SettingsError: for a name that cannot be or is taken; other errors as :meth:`KeyStore.add`.
    """
    if re.fullmatch(KEY_NAME, name) is None:
        raise SettingsError(
            f"a key cannot be called {name[:100]!r}; expected 1 to 63 of letters, digits and . _ @ -, a letter or digit first"
        )
    text = secrets.token_urlsafe(32)
    digest = hashlib.sha256(text.encode()).hexdigest()
    at = datetime.now(UTC).isoformat(timespec="seconds")
    if not store.add(NamedKey(name, scope, digest, collection, at)):
        raise SettingsError(
            f"there is a key {name!r} already; revoke it first, or choose another name"
        )
    return text


def revoke_key(store: KeyStore, name: str) -> None:
    """Take a key away; servers refuse it from their next request on, where they are on other hosts within a second.

    :raises SettingsError: when there is none of that name; other errors as :meth:`KeyStore.remove`.
    """
    if not store.remove(name):
        names = ", ".join(one.name for one in store.read()) or "none"
        raise SettingsError(
            f"there is no key {name[:100]!r}; there are: {names} (keys of the settings are not among them)"
        )


class Keys:
    """The keys in force for a server: those of the settings and those of ``store``."""

    def __init__(
        self, settings: Settings, store: KeyStore, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._settings = settings
        self._store = store
        self._clock = clock
        self._now = self._joined(store.current())
        self._used: dict[str, str] = {}
        self._written = float("-inf")

    def current(self) -> tuple[Key, ...]:
        """All keys, as they are now."""
        named = self._store.current()
        if named is not self._now[0]:
            self._now = self._joined(named)
        return self._now[1]

    @property
    def are_known(self) -> bool:
        """Whether the keys of the store could be read; until then only those of the settings hold."""
        return self._store.current() is not None

    @property
    def required(self) -> bool:
        """Whether requests need a key. A server that others can reach never opens because its last key was revoked, and none opens
        because it does not know its keys yet."""
        return bool(self.current()) or not self.are_known or not is_loopback(self._settings.host)

    def name_of(self, key: Key | None) -> str | None:
        """What to call a key where people read it: its name, else the beginning of its hash."""
        if key is None:
            return None
        return self._named(key) or f"sha256:{key.sha256[:12]}"

    def used(self, key: Key) -> None:
        """Note that a key was used; :meth:`write_uses` writes it down."""
        name = self._named(key)
        if name is not None:
            self._used[name] = datetime.now(UTC).isoformat(timespec="seconds")

    def _named(self, key: Key) -> str | None:
        named = self._now[0] or ()
        return next((one.name for one in named if one.sha256 == key.sha256), None)

    def write_uses(self, *, now: bool = False) -> None:
        """Write down what was used since the last time, at most once a minute unless ``now``."""
        if not self._used or not (now or self._clock() - self._written >= USED_EVERY_S):
            return
        used, self._used = self._used, {}
        self._written = self._clock()
        try:
            self._store.write_uses(used)
        except (OSError, FuenteError) as error:
            # To know when a key was used is not worth refusing anybody
            _LOG.warning("the last use of keys is not written down: %s", error)

    def close(self) -> None:
        """Write down what was used, and stop following what others change."""
        self.write_uses(now=True)
        self._store.close()

    def _joined(
        self, named: tuple[NamedKey, ...] | None
    ) -> tuple[tuple[NamedKey, ...] | None, tuple[Key, ...]]:
        keys = (Key(one.scope, one.sha256, one.collection) for one in named or ())
        return named, (*self._settings.keys, *keys)


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
