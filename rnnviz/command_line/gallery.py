"""`rnnviz gallery`: the reports of all presets as a folder of web pages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from rnnviz.command_line.completed import Name
from rnnviz.command_line.faults import wrong
from rnnviz.command_line.targets import folder
from rnnviz.command_line.written import bar, json_option, write_json
from rnnviz.experiments.presets import PRESETS
from rnnviz.numerics.optional import needed
from rnnviz.numerics.validation import meant, shown
from rnnviz.words import languages

LANGUAGES = click.Choice(list(languages()))


@click.command(help="""\
Write a report of every preset into the folder OUT, with an index: pages that need no program and no
network, for any web server or disk.""")
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--preset", "presets", multiple=True, metavar="NAME", type=Name(PRESETS),
              help="These presets alone; again for more.")  # fmt: skip
@click.option("--language", type=LANGUAGES, help="This language alone; by default all.")
@click.option("--app", default=None, metavar="ADDRESS",
              help="Where the app is served to which reports link; by default this machine.")
@json_option
def command(
    out: Path, presets: tuple[str, ...], language: str | None, app: str | None, *, as_json: bool
) -> None:
    """Write the folder, and say where its index is."""
    for one in presets:
        if one not in PRESETS:
            raise wrong(f"`--preset` must be one of {', '.join(PRESETS)}, got "
                        f"{shown(one)}{meant(one, PRESETS)}")  # fmt: skip
    reports = needed("rnnviz.reports.gallery", who="The gallery", extra="plot")
    folder(out)
    chosen: dict[str, Any] = {} if app is None else {"app": app}
    count = len(presets or PRESETS) * (1 if language else len(languages()))
    with bar(count, "reports") as moved:

        def tell(done: int, _: int, title: str) -> None:
            moved.update(done - moved.pos, title or None)

        files = reports.gallery(out, language=language, progress=tell, presets=presets or None,
                                **chosen)  # fmt: skip
    size = sum(one.stat().st_size for one in files)
    if as_json:
        write_json({"index": str(files[0]), "files": len(files), "bytes": size})
    else:
        click.echo(f"{files[0]}: {len(files)} files, {size / 1e6:.1f} MB")
