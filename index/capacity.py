"""What a number of passages takes: disk, memory, machines, time; reckoned from what was measured of few.

The constants stand in ``capacity.json``, each with its unit, its date and the command that measures it again; one without a
command is reckoned from others, as its ``note`` says. Passages are ``short`` (a sentence or two) or ``ordinary`` (as documents
are split unless told otherwise).
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

Length = Literal["short", "ordinary"]
Engine = Literal["local", "postgresql", "milvus"]

LENGTHS: Final[tuple[Length, ...]] = ("short", "ordinary")
ENGINES: Final[tuple[Engine, ...]] = ("local", "postgresql", "milvus")
HOURS_A_MONTH: Final = 730
# Of an index that shards, each shard is there twice; a server that does not has one standby.
_COPIES: Final = 2


@dataclass(frozen=True, slots=True)
class Machine:
    """What machines are counted in: ``memory_bytes``, of which ``used`` (0..1) may be hot, and ``cores``."""

    memory_bytes: float
    used: float
    cores: int


@dataclass(frozen=True, slots=True)
class Need:
    """What an index takes: bytes on the disk of one copy, bytes that have to be in memory, and how many machines with
    their copies for failover; None where one would have to hold more than fits. ``search_ms`` until half of the questions
    have their passages, None where that was not measured or it does not fit. ``month`` is what the machines cost, None without a price."""

    engine: Engine
    length: Length
    disk_bytes: float
    memory_bytes: float
    machines: int | None
    search_ms: float | None
    month: float | None


@dataclass(frozen=True, slots=True)
class Encoding:
    """How long it takes to encode all passages: on one core, and on all of one machine; ``cost`` is None without a price."""

    length: Length
    core_hours: float
    hours: float
    cost: float | None


@dataclass(frozen=True, slots=True)
class Plan:
    """What ``passages`` take on machines of one kind, for ``price`` an hour each."""

    passages: int
    price: float | None
    machine: Machine
    encoding: tuple[Encoding, ...]
    needs: tuple[Need, ...]


def constants() -> dict[str, dict[str, Any]]:
    """What was measured, by name: ``short`` and ``ordinary`` numbers, ``unit``, ``date``, ``command``, ``note``."""
    found: dict[str, dict[str, Any]] = json.loads(
        Path(__file__).with_name("capacity.json").read_text("utf-8")
    )
    return found


def plan(passages: int, price: float | None = None) -> Plan:
    """What so many passages take; ``price`` is that of a machine for an hour, in any currency."""
    known = constants()
    facts = known.pop("machine")
    machine = Machine(facts["memory_bytes"], facts["used"], facts["cores"])

    def value(name: str, length: Length) -> float:
        return float(known[name][length])

    def encoding(length: Length) -> Encoding:
        core_hours = passages / value("encoded_per_core_s", length) / 3600
        hours = core_hours / machine.cores
        return Encoding(length, core_hours, hours, None if price is None else hours * price)

    def need(engine: Engine, length: Length) -> Need:
        memory = passages * value(f"{engine}_memory", length)
        machines = _machines(engine, memory, machine)
        month = None
        if price is not None and machines is not None:
            month = machines * price * HOURS_A_MONTH
        search = None
        if machines is not None and f"{engine}_search" in known:
            search = value(f"{engine}_question", length) + passages / 1e6 * value(
                f"{engine}_search", length
            )
        disk = passages * value(f"{engine}_disk", length)
        return Need(engine, length, disk, memory, machines, search, month)

    return Plan(
        passages,
        price,
        machine,
        tuple(encoding(length) for length in LENGTHS),
        tuple(need(engine, length) for engine in ENGINES for length in LENGTHS),
    )


def _machines(engine: Engine, memory: float, machine: Machine) -> int | None:
    usable = machine.memory_bytes * machine.used
    if engine == "milvus":
        return max(_COPIES, math.ceil(_COPIES * memory / usable))
    if memory > usable:
        return None
    return 1 if engine == "local" else _COPIES
