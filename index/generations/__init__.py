"""Generations of a collection, whatever engine keeps them: how a passage is stored, what is counted over all of them, how they
are written, asked and brought back. What only one engine does is in its own folder.
"""
