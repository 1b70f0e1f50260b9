from __future__ import annotations

import random
import sys
from collections import Counter

import pytest

from qa.report.drafts import read_draft
from qa.report.verify import Checked, Label, Verifier
from qa.report.verify_changes import Kind, changes_in
from qa.report.verify_sources import Sources
from tests.generated_drafts import Known, Source, generate, markdown

N = 1_000
SEED = 20250330


def sources_of(sources: Sources) -> list[Source]:
    found = []
    rows = sources.store.connection.execute("SELECT id FROM articles ORDER BY id").fetchall()
    for (article_id,) in rows:
        article = sources.store.article(article_id)
        assert article is not None
        sentences = tuple(article.text[s.start : s.end] for s in sources.store.sentences(article_id))
        found.append(
            Source(title=article.title, date=article.date, text_sha256=article.text_sha256, sentences=sentences)
        )
    return found


def checked(sources: Sources) -> list[tuple[Known, Checked]]:
    rng = random.Random(SEED)
    known = generate(sources_of(sources), N, rng)
    draft = read_draft("draft.md", markdown(known, rng).encode(), suffix=".md")
    report = Verifier(sources).check(draft)
    assert len(report.checked) == N, "every quotation is found"
    return list(zip(known, report.checked, strict=True))


def confusion(pairs: list[tuple[Known, Checked]]) -> str:
    counted = Counter((known.change, known.label, found.label) for known, found in pairs)
    rows = [f"{'change':<16}{'right label':<15}" + "".join(f"{label.value:>15}" for label in Label)]
    for change, label in dict.fromkeys((known.change, known.label) for known, _ in pairs):
        rows.append(f"{change:<16}{label:<15}" + "".join(f"{counted[change, label, found]:>15}" for found in Label))
    return "\n".join(rows)


def test_known_changes_get_the_right_label(sources: Sources, capsys: pytest.CaptureFixture[str]) -> None:
    pairs = checked(sources)
    wrong = [(known, found) for known, found in pairs if known.label != found.label]
    with capsys.disabled():
        sys.stdout.write(f"\n{confusion(pairs)}\n{len(pairs) - len(wrong)} of {len(pairs)} right\n")
    assert len(wrong) <= N // 100, [(known, found.label, changes_in(found.diff)) for known, found in wrong]
    assert [known for known, found in wrong if known.label == "verbatim"] == [], "a true quotation is called verbatim"
    for change, kind in (("number", Kind.NUMBER), ("negation", Kind.NEGATION)):
        changed = [(known, found) for known, found in pairs if known.change == change]
        assert [known for known, found in changed if found.label is not Label.ALTERED] == []
        assert [known for known, found in changed if kind not in {c.kind for c in changes_in(found.diff)}] == []
