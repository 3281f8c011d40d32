"""Writes the pages that are made from code; ``--check`` fails when one of them is stale.

Pages: server/keeneye/signals/README.md (the manual of every signal), docs/policy.md, docs/settings.md,
docs/openapi.json, and for review manifest/outlook.xml and outlook.json (the add-in's for an invented address).
"""

from __future__ import annotations

import inspect
import json
import sys
from pathlib import Path

from keeneye import addin, settings, signals
from keeneye.api.openapi import document
from keeneye.scorecard.policy import DEFAULT, Policy

ROOT = Path(__file__).resolve().parent.parent


def signal_manual() -> str:
    """One section a signal, by family: its question, weight, source and docstring."""
    registry = signals.load()
    families = sorted({s.family for s in registry.values()})
    lines = [
        "# Signals",
        "",
        "Made by `make docs` from the code. Points: negative speaks against a message, positive for it; a policy's",
        "`[weights]` change them. A signal answers hit, miss, not applicable, or unknown.",
        "",
        f"{len(registry)} signals in {len(families)} families: " + ", ".join(f"[{f}](#{f})" for f in families) + ".",
    ]
    for family in families:
        lines += ["", f"## {family}"]
        for item in sorted((s for s in registry.values() if s.family == family), key=lambda s: s.id):
            lines += [
                "",
                f"### {item.id}",
                "",
                f"**{item.title}**",
                "",
                f"{item.effect.value}, {item.weight:+g} points"
                + (f", speaks for `{item.type}`" if item.type else "")
                + f". Source: {item.source}.",
                "",
                *(line.rstrip() for line in inspect.cleandoc(item.doc).splitlines()),
            ]
    return "\n".join(lines) + "\n"


def policy_page() -> str:
    """The policy's keys with their meaning, and the policy that ships."""
    lines = [
        "# The policy",
        "",
        "Made by `make docs` from the code. A firm's own TOML file is laid over the policy that ships, key by key:",
        "list only what differs. `keeneye policy check FILE` names every key or signal that does not exist;",
        "`keeneye policy diff FILE` shows what differs. Values only: a policy holds no patterns, includes or formulas.",
        "",
        "| key | meaning |",
        "| --- | --- |",
    ]
    for name, field in Policy.model_fields.items():
        kind = field.annotation
        doc = inspect.getdoc(kind) if inspect.isclass(kind) and kind.__module__ == Policy.__module__ else None
        lines.append(f"| `{name}` | {' '.join((doc or _MEANING[name]).split())} |")
    lines += ["", "## The policy that ships", "", "```toml", DEFAULT.read_text(encoding="utf-8").rstrip(), "```"]
    return "\n".join(lines) + "\n"


_MEANING = {
    "caps": "Most points that one family of signals can give, for or against.",
    "weights": "Points of single signals that differ from their default.",
    "trained": "The same, fitted to your own labels and written by `keeneye train`; `weights` go before.",
    "disabled": "Signals that are not asked.",
    "types": "Readable rules, the first that holds names the type: `any`, `all`, `none` of these signals hit; `least`, "
    "how many of `any`; `votes`, least points speaking for the type; `min_…`/`max_…` bound the figures.",
    "handling": "The firm's own handling texts by type, type/subtype or type/stars.",
    "missing": "What an inquiry should hold, in order of importance; the empty rows become questions to the buyer.",
}


def pages() -> dict[Path, str]:
    address = addin.Address.parse("https://keeneye.firm.example")
    return {
        ROOT / "manifest/outlook.xml": addin.as_xml(address).decode(),
        ROOT / "manifest/outlook.json": addin.as_json(address).decode(),
        ROOT / "server/keeneye/signals/README.md": signal_manual(),
        ROOT / "docs/policy.md": policy_page(),
        ROOT / "docs/settings.md": settings.documentation(),
        ROOT / "docs/openapi.json": json.dumps(document(), indent=1, ensure_ascii=False, sort_keys=True) + "\n",
    }


def main() -> int:
    check = "--check" in sys.argv[1:]
    stale = []
    for path, text in pages().items():
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(path.relative_to(ROOT).as_posix())
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    if stale:
        print(("Stale, run `make docs`: " if check else "Written: ") + ", ".join(stale))
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
