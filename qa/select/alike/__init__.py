"""Which of several things alike a question is about: rows, sections, documents and sentences that differ by a name, a number or a condition."""
