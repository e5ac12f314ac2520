"""From a question to an answer with citations, and the measures of how well that works.

Knows ``index`` and ``corpus``. Must not know HTTP, settings or the environment. Public: ``engine`` (the deep
module: ask, search, locate, reload), ``evaluate`` (with ``dataset`` and ``compare``) and ``feedback``; ``retrieve``,
``fuse``, ``rerank``, ``answer`` and ``cite`` are the engine's parts.
"""
