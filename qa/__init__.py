"""From a question to an answer with citations, and the measures of how well that works.

Knows ``index`` and ``corpus``. Must not know HTTP, settings or the environment. Public: ``engine`` (the deep
module: ask, search, locate, reload), ``calibration``, ``evaluation``. The stages of a question, in their order:
``understand``, ``retrieve`` (by the ``legs``) and ``rank``, ``select``, ``compose``; ``cite`` checks each quote, ``trace``
is what is told of it all. Legs, selectors and composers are contracts: one file each, in the folder of that name.
"""
