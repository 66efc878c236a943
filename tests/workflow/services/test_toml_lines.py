"""On which line of a pack a key stands, as its author sees the file."""

import pytest

from tests.pack_files import national_text
from workflow.services.toml_lines import line_of

FILE = """\
id = "trial"            # 1
[terms]                 # 2
isolation = "24 m"      # 3
anchors = [             # 4
    "detected",
    "a = [",
]
[obligations.visit]     # 8
due = "1 d"             # 9
windows = { recovery = [12, 4] }
[obligations.visit.label]
zh = "走访"             # 12
"""


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ("id", 1),
        ("terms", 2),
        ("terms.isolation", 3),
        ("terms.anchors", 4),
        ("terms.missing", 2),
        ("obligations.visit.due", 9),
        ("obligations.visit.windows.recovery.high", 10),
        ("obligations.visit.label.zh", 12),
        ("obligations.other", None),
        ("line 7", 7),
        ("", None),
    ],
)
def test_the_line_of_a_key_or_of_what_holds_it(key: str, line: int | None) -> None:
    assert line_of(FILE, key) == line


def test_in_the_national_pack() -> None:
    text = national_text()
    line = line_of(text, "obligations.routine_test.windows.recovery")
    assert line
    assert "recovery" in text.splitlines()[line - 1] or "windows" in text.splitlines()[line - 1]
    assert text.splitlines()[(line_of(text, "terms.isolation") or 0) - 1] == 'isolation = "24 m"'
