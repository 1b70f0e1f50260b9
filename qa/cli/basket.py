"""`qa basket`, and `show`, `move`, `note`, `heading`, `remove`, `rename`, `delete` below it."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from qa.cli.context import Context, command_options, json_option, pass_context
from qa.cli.pin import basket_option
from qa.errors import BasketError

if TYPE_CHECKING:
    from qa.report.basket.entities import Basket, Pin

PURGED = "(deleted with qa rm --purge)"


@click.group(
    "basket",
    invoke_without_command=True,
    epilog="Examples:  qa basket   qa basket show   qa basket move 3 1   qa basket heading 2 3 Bases   "
    'qa basket note 1 "Compare with 2023"   qa basket remove 4   qa basket rename main okinawa   qa basket delete old',
)
@json_option
@command_options
@click.pass_context
@pass_context
def command(context: Context, click_context: click.Context, *, as_json: bool) -> None:
    """Look through what is pinned; order, annotate, group it. Alone, it lists the baskets."""
    if click_context.invoked_subcommand is not None:
        if as_json:
            raise click.UsageError(f"write --json last: qa basket {click_context.invoked_subcommand} … --json")
        return
    from qa.cli.render import to_json
    from qa.visible import one_line

    baskets = context.baskets.list()
    if as_json:
        click.echo(to_json({"baskets": [asdict(summary) for summary in baskets]}))
    else:
        for summary in baskets:
            under = f", {summary.headings} heading{'s' * (summary.headings != 1)}" if summary.headings else ""
            click.echo(f"{one_line(summary.name)}  {_counted(summary.pins)}{under}")
    if not baskets:
        context.report("nothing is pinned yet; qa pin pins what the last answer cites, qa pin ID:7 a sentence")


@command.command("show")
@click.argument("name", default="main")
@json_option
@command_options
@pass_context
def show(context: Context, name: str, *, as_json: bool) -> None:
    """Print the pins of a basket in order, with headings and notes; of `main` without a NAME."""
    from qa.cli.render import to_json

    basket = context.baskets.read(name)
    if as_json:
        pins = [_pin_json(number, pin) for number, pin in enumerate(basket.pins, start=1)]
        click.echo(to_json({"basket": name, "pins": pins}))
        return
    for line in _lines(basket):
        click.echo(line)


@command.command("move")
@click.argument("number", metavar="N", type=click.IntRange(1))
@click.argument("to", metavar="PLACE", type=click.IntRange(1))
@basket_option
@command_options
@pass_context
def move(context: Context, number: int, to: int, *, name: str) -> None:
    """Move pin N to a place; it comes under the heading that rules there."""
    (pin_id,) = _ids(context, name, [number])
    context.baskets.move(name, pin_id, to)


@command.command("note")
@click.argument("number", metavar="N", type=click.IntRange(1))
@click.argument("text", metavar="TEXT")
@basket_option
@command_options
@pass_context
def note(context: Context, number: int, text: str, *, name: str) -> None:
    """Write your words beside pin N; "" takes them away."""
    (pin_id,) = _ids(context, name, [number])
    context.baskets.annotate(name, pin_id, text)


@command.command("heading")
@click.argument("numbers", metavar="N...", type=click.IntRange(1), nargs=-1)
@click.argument("text", metavar="TEXT")
@click.option("--rename", "old", metavar="HEADING", help="Give this heading the words TEXT; takes no numbers.")
@basket_option
@command_options
@pass_context
def heading(context: Context, numbers: tuple[int, ...], text: str, *, old: str | None, name: str) -> None:
    """Put pins under a heading; "" takes them out of theirs."""
    if (old is None) == (not numbers):
        raise click.UsageError("name pins, as in qa basket heading 2 3 Bases, or a heading with --rename")
    if old is not None:
        context.baskets.rename_heading(name, old, text)
    else:
        context.baskets.put_under(name, _ids(context, name, numbers), text)


@command.command("remove")
@click.argument("numbers", metavar="N...", type=click.IntRange(1), nargs=-1, required=True)
@basket_option
@command_options
@pass_context
def remove(context: Context, numbers: tuple[int, ...], *, name: str) -> None:
    """Take pins out of a basket; no byte of them stays in the file."""
    context.baskets.remove(name, _ids(context, name, numbers))
    context.report(f"{_counted(len(set(numbers)))} removed from the basket {name}")


@command.command("rename")
@click.argument("old")
@click.argument("new")
@command_options
@pass_context
def rename(context: Context, old: str, new: str) -> None:
    """Give a basket another name."""
    context.baskets.rename(old, new)


@command.command("delete")
@click.argument("name")
@click.option("--yes", is_flag=True, help="Without asking.")
@command_options
@pass_context
def delete(context: Context, name: str, *, yes: bool) -> None:
    """Delete a basket with its pins and notes; no byte of them stays in the file."""
    count = _counted(len(context.baskets.read(name).pins))
    if not (yes or _agreed(name, count)):
        raise BasketError(f"the basket {name} with {count} would be deleted; nothing was. If that is right, add --yes")
    context.baskets.delete(name)
    context.report(f"the basket {name} with {count} deleted")


def _agreed(name: str, count: str) -> bool:
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    return click.confirm(f"Delete the basket {name} with {count}?", err=True)


def _ids(context: Context, name: str, numbers: Sequence[int]) -> list[str]:
    """The pins that stand at these places."""
    pins = context.baskets.read(name).pins
    for number in numbers:
        if number > len(pins):
            raise BasketError(
                f"the basket {name} has {_counted(len(pins))}, so there is no {number}; qa basket show {name}"
            )
    return [pins[number - 1].id for number in numbers]


def _counted(pins: int) -> str:
    return f"{pins:,} pin{'s' * (pins != 1)}"


def _lines(basket: Basket) -> Iterator[str]:
    from qa.copied import source_line
    from qa.visible import one_line

    before = ""
    for number, pin in enumerate(basket.pins, start=1):
        if pin.heading != before:
            yield ""
            yield click.style(one_line(pin.heading), underline=True)
        before, passage = pin.heading, pin.passage
        yield f"{number:>3}. {f'“{one_line(passage.citation.quote)}”' if not passage.is_purged else PURGED}"
        yield click.style(f"     {source_line(passage.citation)}", dim=True)
        if passage.asked is not None:
            yield click.style(f"     asked {passage.asked.asked_at[:10]}: {one_line(passage.asked.question)}", dim=True)
        if pin.note:
            yield f"     ✎ {one_line(pin.note)}"


def _pin_json(number: int, pin: Pin) -> dict[str, Any]:
    fields = asdict(pin.passage)
    return {"number": number, "id": pin.id, "heading": pin.heading, "note": pin.note, **fields}
