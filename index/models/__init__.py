"""Models that run in PyTorch: any sentence-transformers encoder, and cross-encoders that score pairs.

Knows the contracts of ``index/encoder.py`` and how torch and sentence-transformers are loaded; they are imported when a
model is opened, here and in ``index/training/`` only, and come with the extra ``[models]``. Must not know indexes and
questions. Public names: ``SentenceTransformerEncoder`` in ``sentence.py``, ``CrossEncoderReranker`` in ``pairs.py``.
"""
