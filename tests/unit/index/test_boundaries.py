from __future__ import annotations

from itertools import pairwise

import pytest

from index.boundaries import sentence_starts

# Each row is one block; " | " is where a sentence ends and the next begins.
NEWS_CASES = """
He lives in the U.S. | Her sister does not.
The U.S. Army sent U.S. District Judge Ann Lowe a letter.
U.S. President Joe Smith met U.N. Secretary-General Bo Ek. | They talked.
WASHINGTON, D.C. — The mayor spoke. | Nobody listened.
WASHINGTON (AP) — Gen. Mark A. Lowe said no. | He left.
(Reuters) - The firm cut 54,000 jobs. | Shares rose.
Apple Inc. Chief Executive Tim Lowe spoke. | Shares of Apple Inc. | The firm said so.
Acme Inc. (ACME.O) said sales fell. | Its shares did too.
Martin Lowe Jr. was there. | So was Bo Ek Sr. in person.
It opens at 5 p.m. Monday and shuts at 10 a.m. EST. | Then it opens again at 5 p.m. | Nobody comes.
The No. 1 seed lost. | No. 2 won.
Sen. Joe Lowe and Lt. Col. Ann Ek met Gov. Bo Fox, Rep. Al Day and Sgt. Cy Orr. | All agreed.
Sen. Joe Lowe, D-W.Va. | The bill passed.
Sen. Joe Lowe, D-W.Va., and Rep. Ann Ek, R-N.C., agreed.
Joe Lowe (D-W.Va.) said no. | It (the bill) failed.
Ms. Lowe met Mrs. May, Mr. Day and Dr. Fox. | They spoke.
Atty. Gen. Ann Lowe lives near Ft. Worth. | Mass. General is in Boston, Mass. | The end is near.
St. Paul, Minn. is cold. | The mayor of St. Paul, Minn. | He said so.
George W. Lowe met J.K. Orr. | World War I. | He was born after World War I.
She has a Ph.D. | The other has none.
The rate rose 3.5 percent to 4.25. | Costs fell by $5.50 to $4.2 million.
The United States has 54,000. | The rest are elsewhere.
"Peace is here. It will stay, with us in the lead, it is back," the chief told reporters. | He left.
"Peace is here. It will stay." | He left.
“We go. We stay,” said Lowe. | “They left.” | That was all.
He called it "a mess". | Nobody disagreed.
He asked: “Why? Because. ‘No. Never.’ Right.” | Then he left.
‘I did it. I won,’ he said. | The players’ bus left. | Don’t ask. | It’s the ’90s.
'I did it. I won,' he said. | The dogs' owner left. | They don't mind.
"Stop!" he said. | "Really?" | She asked again.
"Will you go?" asked Lowe. | "Yes."
"I thought—" he said. | "No."
She left. | "We stay.
He has a 6" pipe. | It is 9" long. | Fine.
(The company later apologized. It paid.) | Officials said no.
Yes (it was over.) | The next one came.
It was over (see below). | Then it began (as ever.) | The end.
Wait for it... and go. | Well, that was it... | Then more.
Our defence capability… on which we agreed. | Then more.
Is it over?! | Yes! | Good.
Sales rose. | iPhone sales fell. | eBay lost. | macOS won.
He went to Yahoo! and left. | It ended.
Crops, e.g. Wheat, and others, i.e. Rye, grew vs. Corn in 2020. | They sold.
See Fig. 2, Vol. 3 and approx. 5 others. | Then stop.
On Jan. 5 and Dec. 31. | The rest is open.
It closes to lorries on 1 May. | Inspectors found cracks in May. | The rest is open.
It ended.[1] | Then more.[2][3] | Next.
It ended. | See www.example.com/a.B?c=D.E for more.
1. First thing. | 2. Second thing.
It is raining. it is pouring.
Cafe\u0301 Zu\u0308rich opened 😀. | 👩‍👩‍👧 came. | “E\u0301clair. Tart,” she said.
""".strip().splitlines()


def cut(text: str) -> list[str]:
    """The sentences of one block."""
    starts = [0, *sentence_starts(text)]
    return [text[start:end].rstrip() for start, end in pairwise([*starts, len(text)])]


@pytest.mark.parametrize("case", NEWS_CASES)
def test_news_is_cut_where_a_reader_would_cut_it(case: str) -> None:
    assert cut(case.replace(" | ", " ")) == case.split(" | ")


@pytest.mark.parametrize("case", NEWS_CASES)
def test_hard_wrapped_news_is_cut_in_the_same_places(case: str) -> None:
    wrapped = case.replace(" | ", "\r\n").replace(", ", ",\r\n")
    assert [" ".join(quote.split()) for quote in cut(wrapped)] == case.split(" | ")


def test_a_quotation_that_is_too_long_is_cut_like_other_text() -> None:
    long = "“" + "We shall go on and on and on. " * 25 + "We end,” he said."
    assert len(cut(long)) == 26
    assert cut("“" + "We shall go on. " * 25 + "We end,” he said.") == [
        "“" + "We shall go on. " * 25 + "We end,” he said."
    ]


def test_a_missing_space_does_not_hide_the_end_of_a_sentence() -> None:
    assert cut("It ended.Then more came. See e.g. D-W.Va.") == ["It ended.", "Then more came.", "See e.g. D-W.Va."]


def test_text_all_in_lower_case_is_cut_too() -> None:
    assert cut("rain fell. nobody cared.") == ["rain fell.", "nobody cared."]


def test_stray_punctuation_belongs_to_a_neighbour() -> None:
    assert cut('Rain fell. " Snow fell. !!') == ['Rain fell. "', "Snow fell. !!"]


@pytest.mark.timeout(60)  # each takes a second or two; minutes, were the time quadratic
@pytest.mark.parametrize("unit", ["“a. ", "a.[1]", '. """" '])
def test_one_line_of_a_megabyte_is_cut(unit: str) -> None:
    text = unit * (1_000_000 // len(unit))
    assert cut(text)[-1]


def test_a_block_longer_than_one_proposal_is_cut_as_if_it_were_short() -> None:
    assert cut("Rain fell on Dr. Lowe in the U.S. Army. " * 2000) == ["Rain fell on Dr. Lowe in the U.S. Army."] * 2000
