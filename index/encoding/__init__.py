"""From passages to what an index keeps of them: ``passages`` makes it, ``pool`` says where – in the threads of this process –,
``units`` in pieces that are sent somewhere else, to ``processes`` of this machine or by ``ray`` to those of a cluster; ``results``
keeps what came of these until their build serves.
"""
