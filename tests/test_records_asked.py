"""Which names a question says, and which it says just as they are written."""

import pytest

from qa.select.alike.records import Asked


@pytest.mark.parametrize(
    ("question", "names", "meant", "exactly"),
    [
        ("¿Cuánto vale la C+?", ["C", "C+", "C-J", "C Plus"], ["C+"], ["C+"]),
        ("¿Cuánto vale la C?", ["C", "C+", "C-J"], ["C"], ["C"]),
        ("C vs C+", ["C", "C+"], ["C", "C+"], ["C+"]),
        ("precio de la C, y de la C+", ["C", "C+"], ["C", "C+"], ["C", "C+"]),
        ("How much is the Gold Plus plan?", ["Gold", "Gold Plus"], ["Gold Plus"], ["Gold Plus"]),
        ("gold and gold plus", ["Gold", "Gold Plus"], ["Gold", "Gold Plus"], ["Gold", "Gold Plus"]),
        ("¿El abono familiar  +?", ["Familiar", "Familiar +"], ["Familiar +"], ["Familiar +"]),
        ("the rowing boats", ["Canoe", "Rowing boat"], ["Rowing boat"], []),
        ("canoe or rowing boats", ["Canoe", "Rowing boat"], ["Canoe", "Rowing boat"], ["Canoe"]),
        ("entrada general para niños", ["Entrada general", "Entrada general niños"], ["Entrada general", "Entrada general niños"], ["Entrada general"]),
        ("A qué hora abre", ["A", "B"], [], []),
        ("¿Va a la A o a la B?", ["A", "B"], ["A", "B"], ["A", "B"]),
        ("does c++ need it, or c#?", ["C", "C++", "C#"], ["C#", "C++"], ["C#", "C++"]),
        ("Does C++ need it, or C#?", ["C", "C++", "C#"], ["C#", "C++"], ["C#", "C++"]),
        ("el plan 4", ["4", "5"], ["4"], []),
        ("nothing of the kind", ["Oro", "", "+"], [], []),
    ],
)  # fmt: skip
def test_names_are_said_as_they_are_written_or_by_all_their_words(question, names, meant, exactly):
    named = Asked(question).named(names)
    assert sorted(named.meant) == sorted(meant)
    assert sorted(named.exactly) == sorted(exactly)
