"""From passages to something searchable: encoders, dense and lexical indexes, builds.

Knows ``corpus``. Must not know answers, HTTP or the environment. Public: ``encoder``, ``store``
(the deep module: open, search, build, activate), ``dense``, ``lexical``, ``tokens``, ``manifest``, ``train``.
"""
