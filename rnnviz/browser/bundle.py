"""One script of a component and all that it imports, put together as one JavaScript module.

Streamlit takes a component's script as text and loads it from an address of its own, where a
relative import leads nowhere. So imports are resolved here. Our files are modules that editors,
linters and Node understand too, written in this part of the language, a statement a line:

    import { a, b } from "./x.js";
    export function a() {               also `async function`, `class` and `const a =`
    export default a(b);

A line whose first word is ``import`` or ``export`` and that is none of these is refused with file
and line, also in a comment or a text: lines are read here, not the language.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

_IMPORT = re.compile(r'import \{ ([\w$]+(?:, [\w$]+)*) \} from "(\.\.?/[\w./-]+\.js)";')
_EXPORT = re.compile(r"export (?:(?:async )?function |class |const (?=[\w$]+ =))([\w$]+)\b")
_DEFAULT = re.compile(r"export default (.+);")
_RESERVED = re.compile(r"\s*(?:import|export)\b")


class Import(NamedTuple):
    """The names that a file takes from the file ``source``, in one of its lines (from 1)."""

    line: int
    source: str
    names: list[str]


class Script(NamedTuple):
    """A JavaScript file: what it imports and exports, and its lines without those two words.

    The line of an import is left blank: so line numbers stay.
    """

    imports: list[Import]
    exports: list[str]
    lines: list[str]


@cache
def script(root: Path, name: str) -> Script:
    """Read the file ``name``, a path below ``root``; ValueError where it breaks the rules above."""
    found = Script([], [], [])
    for k, line in enumerate((root / name).read_text("utf-8").splitlines(), start=1):
        if not _RESERVED.match(line):
            found.lines.append(line)
        elif taken := _IMPORT.fullmatch(line):
            source = posixpath.normpath(posixpath.join(posixpath.dirname(name), taken[2]))
            found.imports.append(Import(k, source, taken[1].split(", ")))
            found.lines.append("")
        elif given := _EXPORT.match(line):
            found.exports.append(given[1])
            found.lines.append(line.removeprefix("export "))
        elif default := _DEFAULT.fullmatch(line):
            found.exports.append("default")
            found.lines.append(f"const $default = {default[1]};")
        else:
            raise ValueError(
                f'{name}:{k}: must be `import {{ a, b }} from "./x.js";` or export a function, '
                f"class, const or default, in one line, got {line!r}"
            )
    for names in (found.exports, [name for one in found.imports for name in one.names]):
        if len(set(names)) < len(names):
            twice = sorted({one for one in names if names.count(one) > 1})
            raise ValueError(f"{name}: imports or exports twice {', '.join(twice)}")
    return found


def bundle(root: Path, entry: str) -> str:
    """Return one module with the default export of the file ``entry``, a path below ``root``.

    Every file comes once, after those that it imports, in a function of its own: what a file
    does not export, no other one sees. ValueError where files import each other in a circle, or
    name what is not there.
    """
    text, (given,) = _modules(root, [entry])
    return "\n".join([*text, f"export default {given};", ""])


def together(root: Path, entry: str, components: Mapping[str, str]) -> str:
    """A script that calls the default export of ``entry`` with those of ``components``.

    ``components`` is name → file; what several of them import comes once. Errors as in `bundle`.
    """
    text, (main, *given) = _modules(root, [entry, *components.values()])
    named = [f"{json.dumps(name)}: {one}" for name, one in zip(components, given, strict=True)]
    return "\n".join(["(() => {", *text, f"{main}({{ {', '.join(named)} }});", "})();", ""])


def _modules(root: Path, entries: Sequence[str]) -> tuple[list[str], list[str]]:
    """The lines of all files that the entries need, and how the default exports are called."""
    order: dict[str, Script] = {}
    for entry in entries:
        _collect(root, entry, (), order)
        if "default" not in order[entry].exports:
            raise ValueError(f"{entry}: must have `export default`")
    place = {name: f"$module{k}" for k, name in enumerate(order)}
    text = []
    for name, (imports, exports, lines) in order.items():
        text.append(f"/* {name} */ const {place[name]} = (() => {{")
        for _, source, names in imports:
            text.append(f"const {{ {', '.join(names)} }} = {place[source]};")
        given = ["default: $default" if one == "default" else one for one in exports]
        text += [*lines, f"return {{ {', '.join(given)} }};", "})();"]
    return text, [f"{place[entry]}.default" for entry in entries]


def _collect(root: Path, name: str, path: tuple[str, ...], order: dict[str, Script]) -> None:
    """Add the file to ``order`` after all that it imports; ``path`` has the files before it."""
    if name in path:
        circle = " → ".join([*path[path.index(name) :], name])
        raise ValueError(f"{name}: JavaScript files import each other in a circle: {circle}")
    if name in order:
        return
    found = script(root, name)
    for line, source, names in found.imports:
        if source.startswith("../") or not (root / source).is_file():
            raise ValueError(f"{name}:{line}: there is no file {source!r}")
        _collect(root, source, (*path, name), order)
        missing = [one for one in names if one not in order[source].exports]
        if missing:
            raise ValueError(f"{name}:{line}: {source} does not export {', '.join(missing)}")
    order[name] = found
