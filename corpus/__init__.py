"""What a document is: files, text, languages, offsets.

Knows how to turn a file into a :class:`~corpus.document.Document` and a document into passages with
exact offsets, and all there is to know of Spanish and English. Must not know vectors, indexes or HTTP.
Public: ``document``, ``parse``, ``split``, ``language``, ``collection``, ``reading``.
"""
