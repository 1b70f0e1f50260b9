"""The texts of `tests/data/story-versions.toml`, and the sample articles, each with the story it tells."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]


def versions() -> dict[tuple[str, str], str]:
    """(story, version) -> text, without the date line."""
    found = {(path.stem, "sample"): _sample(path) for path in sorted((ROOT / "seeds").glob("*.txt"))}
    data = tomllib.loads((ROOT / "tests/data/story-versions.toml").read_text(encoding="utf-8"))
    for entry in data["text"]:
        found[entry["story"], entry["version"]] = entry.get("text") or _made(entry, found[entry["base"], "sample"])
    return found


def _sample(path: Path) -> str:
    return re.sub(r"^ date \S+ ", "", path.read_text(encoding="utf-8")).strip()


def _made(entry: dict[str, Any], base: str) -> str:
    for old, new in entry.get("replace", ()):
        assert old in base, (entry["version"], old)
        base = base.replace(old, new)
    if "keep" in entry:
        base = _cut(base, entry["keep"])
    return "\n".join(part for part in (entry.get("lead"), base, entry.get("tail")) if part)


def _cut(text: str, share: float) -> str:
    end = len(text) * share
    return text[: min((m.end() for m in re.finditer(r"[.!?](?=\s|$)", text)), key=lambda at: abs(at - end))]
