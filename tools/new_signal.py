"""Starts a signal with its test: ``python tools/new_signal.py family.name``."""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HEAD = '''"""{family}: what these signals have in common, in one line."""

from __future__ import annotations

from keeneye.model import Answer, Facts
from keeneye.signals import MISS, hit, signal
'''
SIGNAL = '''

@signal(
    "{id}",
    title="Does what, in words a sales clerk understands",
    text="One sentence with the words found: “{{quote}}”.",
    weight=-5,
    source="where the rule comes from",
)
def {function}(facts: Facts) -> Answer:
    """Hit when … one true or false question.

    Why: what it costs the firm not to know.
    Example: the shortest message that hits.
    Not a hit: its honest twin.
    """
    found = facts.says("{family}.{name}")
    return hit(found) if found else MISS
'''
TEST_HEAD = '''"""Signals of the family {family}: what must hit and, above all, what must not."""

from __future__ import annotations

import pytest
'''
TEST = """

@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the words that must hit", "hit"),
        ("the honest twin that must not", "miss"),
    ],
)
def test_{function}(outcome, text: str, expected: str) -> None:
    assert outcome("{id}", {{"text": text}}) == expected
"""


def main() -> int:
    match = re.fullmatch(r"([a-z]+(?:-[a-z0-9]+)*)\.([a-z0-9]+(?:-[a-z0-9]+)*)", (sys.argv[1:] or [""])[0])
    if match is None:
        print("Usage: make new-signal ID=family.name (small letters, digits and hyphens)", file=sys.stderr)
        return 2
    family, name = match[1], match[2]
    words = {
        "id": match[0],
        "family": family,
        "name": name,
        "module": family.replace("-", "_"),
        "function": name.replace("-", "_"),
    }
    folder = ROOT / f"server/keeneye/signals/{words['module']}"
    code = folder / f"{words['function']}.py" if folder.is_dir() else folder.with_suffix(".py")
    test = ROOT / f"tests/server/signals/test_{words['module']}.py"
    if code.exists() and f'"{match[0]}"' in code.read_text(encoding="utf-8"):
        print(f"{match[0]} is there already", file=sys.stderr)
        return 1
    for path, head, body in ((code, HEAD, SIGNAL), (test, TEST_HEAD, TEST)):
        old = path.read_text(encoding="utf-8") if path.exists() else head.format(**words)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(old + body.format(**words), encoding="utf-8")
        print(f"Edit {path.relative_to(ROOT)}")
    print(
        "Then: put the phrases under their tag in server/keeneye/lexicons/phrases/*.toml, the translations into\n"
        "server/keeneye/explain/messages/*.toml, and run `make docs check`."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
