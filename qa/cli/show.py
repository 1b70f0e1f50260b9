"""`qa show REF`."""

from __future__ import annotations

from dataclasses import asdict

import click

from qa.cli.context import Context, command_options, json_option, pass_context
from qa.errors import SourceReferenceError


@click.command(
    "show", epilog="Examples:  qa show 1f0a9c2b3d4e   qa show 1f0a9c2b3d4e:7-9   qa show articles/japan.txt:7"
)
@click.argument("reference", metavar="REF")
@json_option
@command_options
@pass_context
def command(context: Context, reference: str, *, as_json: bool) -> None:
    """Print an article with its sentences numbered, or some of its sentences, and name its copies.

    REF is an article's id (or its beginning) or its path, alone or with sentences: ID, ID:7, ID:7-9.
    """
    from index.copies import copies_of
    from index.store import Store
    from qa.cli.render import article_lines, to_json
    from qa.reference import parse_reference, resolve

    wanted = parse_reference(reference)
    store = Store.open(context.index_folder)
    article_id = resolve(store, wanted)
    article = store.article(article_id)
    assert article is not None  # resolve() found it
    sentences = store.sentences(article_id)
    first, last = wanted.first_sentence or 1, wanted.last_sentence or len(sentences)
    if last > len(sentences):
        raise SourceReferenceError(f"{reference}: the article has {len(sentences)} sentences")
    chosen, places = sentences[first - 1 : last], store.places(article_id)
    copies = copies_of(store, article_id, article.text[chosen[0].start : chosen[-1].end])
    if not as_json:
        for line in article_lines(article, chosen, places, copies):
            click.echo(line)
        return
    fields = asdict(article)
    text = fields.pop("text")
    quotes = [
        {key: value for key, value in asdict(s).items() if key != "article_id"} | {"text": text[s.start : s.end]}
        for s in chosen
    ]
    if wanted.first_sentence is None:
        fields["text"] = text
    fields |= {"places": [asdict(place) for place in places], "copies": [asdict(copy) for copy in copies]}
    click.echo(to_json({**fields, "sentences": quotes}))
