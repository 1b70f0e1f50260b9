from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Iterator

import pytest

from index.store import Store
from qa.report.drafts import read_draft
from qa.report.verify import Verifier
from qa.report.verify_changes import Kind, changes_in
from qa.report.verify_report import Checked, Label
from qa.report.verify_sources import Sources
from tests.conftest import SEEDS
from tests.generated_drafts import Known, Source, careless_markdown, generate, markdown, with_marks
from tests.kept import sync_quickly

N = 1_000
SEEDS_OF_DRAFTS = (20250330, 1, 2)
CARELESS = 400
TURNED = {"number": Kind.NUMBER, "number in words": Kind.NUMBER, "negation": Kind.NEGATION}


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


def checked(sources: Sources, seed: int) -> list[tuple[Known, Checked]]:
    rng = random.Random(seed)
    known = generate(sources_of(sources), N, rng)
    draft = read_draft("draft.md", markdown(known, rng).encode(), suffix=".md")
    report = Verifier(sources).check(draft)
    longest = {item.quotation.block: item for item in reversed(report.checked)}  # some hold another one
    assert sorted(longest) == list(range(N)), "every quotation is found"
    return [(item, longest[block]) for block, item in enumerate(known)]


def confusion(pairs: list[tuple[Known, Checked]]) -> str:
    counted = Counter((known.change, known.label, found.label) for known, found in pairs)
    rows = [f"{'change':<16}{'right label':<15}" + "".join(f"{label.value:>15}" for label in Label)]
    for change, label in dict.fromkeys((known.change, known.label) for known, _ in pairs):
        rows.append(f"{change:<16}{label:<15}" + "".join(f"{counted[change, label, found]:>15}" for found in Label))
    return "\n".join(rows)


@pytest.mark.parametrize("seed", SEEDS_OF_DRAFTS)
def test_known_changes_get_the_right_label(sources: Sources, seed: int, capsys: pytest.CaptureFixture[str]) -> None:
    pairs = checked(sources, seed)
    wrong = [(known, found) for known, found in pairs if known.label != found.label]
    with capsys.disabled():
        sys.stdout.write(f"\nseed {seed}\n{confusion(pairs)}\n{len(pairs) - len(wrong)} of {len(pairs)} right\n")
    assert len(wrong) <= N // 100, [(known, found.label, changes_in(found.diff)) for known, found in wrong]
    assert [known for known, found in wrong if known.label == "verbatim"] == [], "a true quotation is called verbatim"
    for change, kind in TURNED.items():
        changed = [(known, found) for known, found in pairs if known.change == change]
        assert [known for known, found in changed if found.label is not Label.ALTERED] == []
        assert [known for known, found in changed if kind not in {c.kind for c in changes_in(found.diff)}] == []


@pytest.fixture(scope="module")
def marked_sources(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sources]:
    """The sample articles with quotation marks in them, closed and not."""
    folder, rng = tmp_path_factory.mktemp("marked"), random.Random(5)
    for number in range(3):
        for seed in sorted(SEEDS.glob("*.txt")):
            text = with_marks(seed.read_text(encoding="utf-8"), rng)
            (folder / f"{number}-{seed.name}").write_text(text, encoding="utf-8")
    sync_quickly(folder / ".qa", folder)
    store = Store.open(folder / ".qa")
    yield Sources(store)
    store.close()


@pytest.mark.parametrize("seed", SEEDS_OF_DRAFTS)
def test_a_changed_number_or_negation_never_passes_however_the_marks_stand(marked_sources: Sources, seed: int) -> None:
    """The marks that an article has itself, and stray ones, make a draft's marks pair wrongly."""
    rng = random.Random(seed)
    known = [k for k in generate(sources_of(marked_sources), CARELESS, rng) if k.change in TURNED]
    draft = read_draft("draft.md", careless_markdown(known, rng).encode(), suffix=".md")
    report = Verifier(marked_sources).check(draft)
    seen = {item.quotation.block for item in report.checked if item.label is not Label.VERBATIM}
    assert [item for number, item in enumerate(known) if number not in seen] == []
