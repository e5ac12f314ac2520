"""Documents that say different things about the same: whether they do, which are versions of one text, and which of them is in force."""
