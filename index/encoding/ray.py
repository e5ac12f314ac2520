"""Units of files and passages on a Ray cluster (extra ``[ray]``), which runs each again elsewhere when its worker or its node dies.

They and what is made of them travel through Ray, so the nodes need no folder in common: they need this program, with the
encoder. A unit is a task, not an actor: what it keeps between two is only the encoder, which its process opens once.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from corpus.document import EncoderError, FuenteError, MissingExtraError
from index.encoder import first_line
from index.encoding.units import MOST_RUNS, Runner, Unit, run


@contextmanager
def cluster(address: str | None) -> Iterator[Runner]:
    """Runs units on the cluster of an address (``ray://host:10001``); None for one on this machine that is started for this and
    ended with it: Ray itself would first look for the last one that ran here, and wait minutes where that is gone.

    :raises MissingExtraError: when Ray is not installed.
    :raises EncoderError: when the cluster does not answer.
    """
    try:
        import ray
    except ImportError as error:
        raise MissingExtraError("a build on Ray", error, "ray") from error
    try:
        try:
            ray.init(address or "local", logging_level=logging.ERROR, log_to_driver=False)
        except (
            Exception
        ) as error:  # of many kinds: of the network, of a wrong address, of another version
            raise EncoderError(
                f"Ray at {address or 'this machine'} cannot be had ({first_line(error)}); "
                "expected a cluster that runs and takes our token (RAY_AUTH_MODE): start one with `ray start --head`, or build without --on"
            ) from error
        yield _Cluster(ray)
    finally:
        # also of one that could not be had: Ray would go on believing this process a client of it
        ray.shutdown()


class _Cluster:
    """The driver's side."""

    def __init__(self, ray: Any):
        self._ray = ray
        self._run = ray.remote(num_cpus=1, max_retries=MOST_RUNS - 1)(run)
        self._under_way: dict[Any, int] = {}

    @property
    def slots(self) -> int:
        return max(1, int(self._ray.cluster_resources().get("CPU", 1)))

    def begin(self, number: int, unit: Unit) -> None:
        self._under_way[self._run.remote(unit)] = number

    def ended(self, wait_s: float) -> Iterator[tuple[int, bytes]]:
        ready, _ = self._ray.wait(list(self._under_way), num_returns=1, timeout=wait_s)
        for one in ready:
            try:
                made = self._ray.get(one)
            except self._ray.exceptions.RayTaskError as error:
                # what the unit itself raised; Ray's own text of it is a traceback
                if isinstance(error.cause, FuenteError):
                    raise error.cause from error
                raise
            except self._ray.exceptions.RayError as error:
                raise EncoderError(
                    f"Ray gave up some files or passages after {MOST_RUNS} runs ({first_line(error)}); "
                    "free memory on its nodes, or build without --on; what was encoded is kept"
                ) from error
            yield self._under_way.pop(one), made
