"""Write expected.json: what pandoc's citeproc prints for cases.json.

Run it with pandoc and the CSL styles installed (Debian: pandoc, citation-style-language-styles); it names the versions
that it found in the file. pandoc's default style is Chicago (author-date).
"""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
STYLES = Path("/usr/share/citation-style-language/styles")
CSL = {
    "footnote": "chicago-fullnote-bibliography.csl",
    "chicago": None,
    "apa": "apa.csl",
    "mla": "modern-language-association.csl",
}
LOCATORS = {"page": ", p. 4", "paragraph": ", para. 3", "paragraphs": ", para. 3-4", "none": ""}


def printed(document: str, case: dict[str, Any], csl: str | None) -> str:
    """HTML of a document that cites a case, links and wrappers taken out."""
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
        json.dump([{"id": "k", **case}], file)
        file.flush()
        style = ["--csl", str(STYLES / csl)] if csl else []
        command = ["pandoc", "--citeproc", "--bibliography", file.name, "--wrap=none", "-t", "html", *style]
        done = subprocess.run(command, input=document, capture_output=True, encoding="utf-8", check=True)
    return re.sub(r"</?(?:a|span|div|p|section|hr)\b[^>]*>", "", done.stdout)


def expected(case: dict[str, Any], style: str) -> dict[str, str]:
    """The citation with each locator, and the entry."""
    if style == "footnote":
        notes = {name: printed(f"[@k{locator}]", case, CSL[style]) for name, locator in LOCATORS.items()}
        return {name: re.findall(r'<li id="fn1"[^>]*>(.*?)↩', note, re.DOTALL)[0] for name, note in notes.items()}
    citations = "\n\n".join(f"[@k{locator}]" for locator in LOCATORS.values())
    lines = [line for line in printed(citations, case, CSL[style]).splitlines() if line.strip()]
    return dict(zip([*LOCATORS, "entry"], lines, strict=True))


def main() -> None:
    """Write the file."""
    cases = json.loads((HERE / "cases.json").read_text(encoding="utf-8"))
    version = subprocess.run(["pandoc", "--version"], capture_output=True, encoding="utf-8", check=True).stdout
    package = ["dpkg-query", "-W", "citation-style-language-styles"]
    styles = subprocess.run(package, capture_output=True, encoding="utf-8", check=True).stdout
    made = {
        "produced_with": [version.splitlines()[0], " ".join(styles.split())],
        "styles": {style: csl or "pandoc's default, chicago-author-date.csl" for style, csl in CSL.items()},
        "locators": LOCATORS,
        "expected": {name: {style: expected(case, style) for style in CSL} for name, case in cases.items()},
    }
    text = json.dumps(made, ensure_ascii=False, indent=1)
    (HERE / "expected.json").write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
