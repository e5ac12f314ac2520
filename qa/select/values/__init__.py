"""Kinds of values: what form an answer of the kind that is asked for has, and how much a cell says."""
