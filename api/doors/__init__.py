"""The doors for clients of others: one file for each contract, with that vendor's fields and that vendor's errors."""

DOORS: tuple[str, ...] = ("openai", "mcp", "rerank", "dify", "web-search", "tools")
"""Their names, in the order of the setting; the module of a name, with ``_`` for ``-``, has it as ``door``."""
