"""An index in Milvus (the extra ``[milvus]``), a server or a file of Milvus Lite: for more passages than one machine holds, with the
same scores.

``server`` asks it, ``layout`` is how a collection stands in it, ``store`` the index that questions are asked of, ``write`` writes
generations and switches them, ``move`` puts a local build there, ``build`` has a build kept there.
"""
