"""`qa doctor`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from qa.cli.context import Context, command_options, json_option, pass_context

if TYPE_CHECKING:
    from index.doctor import Finding, Subject

FAULTS_FOUND = 5
_COLOURS = {"ok": "green", "warning": "yellow", "fault": "red"}


@click.command("doctor", epilog="Examples:  qa doctor   qa doctor --fix   qa doctor --json")
@click.option("--fix", is_flag=True, help="Make again what can be made from the articles in the index, then check.")
@json_option
@command_options
@pass_context
def command(context: Context, *, fix: bool, as_json: bool) -> int:
    """Check the index, everything it needs, and the history. Exits 5 when there is a fault; each has its remedy.

    Every file of the index and of the models is read, which takes a while. Nothing is changed without --fix, which
    writes the full-text index, the vector file and the exported encoder again and removes what was left behind by
    interrupted runs; it touches no article and needs none of your files.
    """
    from index.doctor import Level, examine, repair, repairs_for
    from qa.checks import check_history, check_reader
    from qa.cli.render import to_json

    subject = _subject(context)
    findings = examine(subject)
    if fix and (repairs := repairs_for(findings)):
        repair(subject, repairs, report=context.report)
        findings = examine(subject)
    findings |= {"reader": check_reader(), "history": check_history(context.history_file)}
    faults = sum(finding.level is Level.FAULT for finding in findings.values())
    if as_json:
        checks = [{"check": name, **asdict(finding)} for name, finding in findings.items()]
        click.echo(to_json({"index": context.index_folder.as_posix(), "faults": faults, "checks": checks}))
    else:
        for line in _lines(findings, quiet=context.quiet):
            click.echo(line)
    return FAULTS_FOUND if faults else 0


def _subject(context: Context) -> Subject:
    from index.doctor import Subject
    from index.sync import SyncOptions

    settings = context.settings
    return Subject(
        folder=context.index_folder,
        cache_dir=context.cache_dir,
        model=settings.model,
        options=SyncOptions(exclude=settings.exclude, reading=context.read_options),
    )


def _lines(findings: Mapping[str, Finding], *, quiet: bool) -> Iterator[str]:
    """One line per check, only those that need attention when quiet."""
    from qa.visible import one_line

    width = max(map(len, findings))
    for name, finding in findings.items():
        if quiet and finding.level == "ok":
            continue
        level = click.style(f"{finding.level:<7}", fg=_COLOURS[finding.level])
        yield f"{level}  {name:<{width}}  {one_line(finding.detail)}"
        if finding.remedy is not None:
            yield f"{'':<9}{'':<{width}}  remedy: {one_line(finding.remedy)}"
    levels = [str(finding.level) for finding in findings.values()]
    yield f"{levels.count('fault')} faults, {levels.count('warning')} warnings in {len(levels)} checks"
