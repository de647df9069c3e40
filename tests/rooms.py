"""The rooms of rnnviz and who imports whom; `python -m tests.rooms` draws them, docs/rooms.svg."""

import ast
import textwrap
from collections.abc import Iterator
from html import escape
from pathlib import Path

ROOT = Path(__file__).parents[1] / "rnnviz"
PICTURE = ROOT.parent / "docs" / "rooms.svg"
FLOORS = [
    ("numerics", "words"), ("cells", "tasks"), ("core",), ("formats",), ("analysis", "training"),
    ("figures", "experiments", "recorder"), ("sweeps",),
    ("advice", "plot", "browser", "exports"), ("reports",), ("ui",),
    ("command_line",),
]  # fmt: skip
"""A room imports from the floors below its own, and from no room beside it."""
FLOOR = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}
WIDTH, BOX, TALL, GAP = 760, 340, 102, 34
STYLE = """
text { font: 12px system-ui, sans-serif; fill: #24292f } .name { font-weight: 600; font-size: 15px }
.also { font-style: italic; fill: #57606a } rect { fill: #f6f8fa; stroke: #57606a }
line { stroke: #57606a; stroke-width: 1.5 } marker path { fill: #57606a }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 } .also { fill: #9da7b3 } rect { fill: #161b22; stroke: #9da7b3 }
line { stroke: #9da7b3 } marker path { fill: #9da7b3 } }
"""


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_of(path): path for path in ROOT.rglob("*.py")}


def imports_of(name: str) -> Iterator[str]:
    """Every module of rnnviz that a module names in an import, wherever in its text."""
    path = MODULES[name]
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names if one.name in MODULES)
        elif isinstance(node, ast.ImportFrom):
            base = f"{package}.{node.module or ''}".rstrip(".") if node.level else str(node.module)
            for one in node.names:
                full = f"{base}.{one.name}"
                yield from [full] if full in MODULES else [base] if base in MODULES else []


def room_of(name: str) -> str:
    return name.split(".")[1] if "." in name else ""


def room_imports() -> dict[str, set[str]]:
    """Room → the rooms that its modules import, for the rooms that exist."""
    found: dict[str, set[str]] = {room_of(name): set() for name in MODULES}
    for name in MODULES:
        found[room_of(name)] |= {room_of(one) for one in imports_of(name)} - {room_of(name)}
    return {room: found[room] & set(FLOOR) for room in FLOOR if room in found}


def picture() -> str:
    """The rooms floor by floor as SVG: arrows to the next floor, words for imports further down."""
    graph = room_imports()
    floors = [[room for room in rooms if room in graph] for rooms in reversed(FLOORS)]
    place = {
        room: (WIDTH * (2 * k + 1) / (2 * len(rooms)) - BOX / 2, 10 + floor * (TALL + GAP))
        for floor, rooms in enumerate(floors)
        for k, room in enumerate(rooms)
    }
    next_floor = {room: {one for one in below if FLOOR[room] - FLOOR[one] == 1}
                  for room, below in graph.items()}  # fmt: skip
    arrows = [arrow(place[room], place[one]) for room in graph for one in sorted(next_floor[room])]
    boxes = [box(room, *place[room], graph[room] - next_floor[room]) for room in graph]
    return "\n".join([
        '<svg xmlns="http://www.w3.org/2000/svg" '
        f'viewBox="0 0 {WIDTH} {len(floors) * (TALL + GAP) - GAP + 20}">',
        "<title>The rooms of rnnviz: an arrow points from a room to one that it imports.</title>",
        f'<style>{STYLE}</style><defs><marker id="head" markerWidth="8" markerHeight="8" refX="7" '
        'refY="4" orient="auto"><path d="M0 0 8 4 0 8z"/></marker></defs>',
        *arrows, *boxes, "</svg>\n",
    ])  # fmt: skip


def arrow(above: tuple[float, float], below: tuple[float, float]) -> str:
    """A line from the lower edge of a box, towards the other, to its upper edge."""
    lean = (below[0] - above[0]) / WIDTH * BOX / 2
    start, end = above[0] + BOX / 2 + lean, below[0] + BOX / 2 - lean
    return (f'<line x1="{start:g}" y1="{above[1] + TALL:g}" x2="{end:g}" y2="{below[1]:g}" '
            'marker-end="url(#head)"/>')  # fmt: skip


def box(room: str, x: float, y: float, others: set[str]) -> str:
    """A room's name, the first line of its docstring, and the imports that no arrow shows."""
    said = ast.get_docstring(ast.parse((ROOT / room / "__init__.py").read_text("utf-8"))) or ""
    lines = [("name", room), *(("", one) for one in textwrap.wrap(said.splitlines()[0], 52)[:2])]
    if others:
        words = f"imports also: {', '.join(sorted(others))}"
        lines += [("also", one) for one in textwrap.wrap(words, 50)]
    texts = [f'<text class="{kind}" x="{x + 10:g}" y="{y + 20 + 18 * k:g}">{escape(text)}</text>'
             for k, (kind, text) in enumerate(lines)]  # fmt: skip
    return f'<rect x="{x:g}" y="{y:g}" width="{BOX}" height="{TALL}" rx="6"/>{"".join(texts)}'


if __name__ == "__main__":
    PICTURE.write_text(picture(), "utf-8")
