"""An index in PostgreSQL with pgvector (the extra ``[postgres]``): many hosts answer from one place, with the same scores.

``server`` asks the server, ``generation`` is what is counted over all passages, ``store`` the index that questions are asked
of, ``move`` how a local build gets there.
"""
