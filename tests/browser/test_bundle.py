"""The JavaScript modules: what they import is there, what they export is used, and they parse."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from rnnviz.browser.bundle import bundle, script
from rnnviz.browser.packets import ROOT

FILES = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*.js"))
ENTRIES = [name for name in FILES if "default" in script(ROOT, name).exports]


def write(folder, **files):
    for name, text in files.items():
        (folder / f"{name}.js").write_text(text, "utf-8")
    return folder


def test_every_import_is_there_and_every_export_is_used():
    assert len(ENTRIES) == 16, "one for each registered component, and the page of a report"
    used = {(one.source, name) for file in FILES for one in script(ROOT, file).imports
            for name in one.names}  # fmt: skip
    exported = {(file, name) for file in FILES for name in script(ROOT, file).exports}
    assert exported - used == {(file, "default") for file in ENTRIES}
    bundles = "".join(bundle(ROOT, entry) for entry in ENTRIES)
    assert all(f"/* {file} */" in bundles for file in FILES), "some file is in no component"


def test_the_bundles_parse_and_leave_no_name_undefined(tmp_path):
    for entry in ENTRIES:
        path = tmp_path / f"{Path(entry).stem}.mjs"
        path.write_text(bundle(ROOT, entry), "utf-8")
    found = shutil.which("oxlint", path=str(Path(sys.executable).parent))
    assert found, "comes with requirements-dev.txt"
    config = ROOT / ".oxlintrc.json"
    done = subprocess.run([found, "-c", config, tmp_path], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert f"on {len(ENTRIES)} files" in done.stdout


def test_each_file_comes_once_in_its_own_scope_after_what_it_imports(tmp_path):
    write(
        tmp_path,
        low='export const a = 1;\nconst own = "import { x } from";\n',
        middle='import { a } from "./low.js";\n\nexport function b() {\n  return a;\n}\n'
        "const own = 2;\n",
        top='/* The top. */\nimport { a } from "./low.js";\nimport { b } from "./middle.js";\n'
        "export default b(a);\n",
    )  # fmt: skip
    assert bundle(tmp_path, "top.js").splitlines() == [
        "/* low.js */ const $module0 = (() => {",
        "const a = 1;",
        'const own = "import { x } from";',
        "return { a };",
        "})();",
        "/* middle.js */ const $module1 = (() => {",
        "const { a } = $module0;",
        "",
        "",
        "function b() {",
        "  return a;",
        "}",
        "const own = 2;",
        "return { b };",
        "})();",
        "/* top.js */ const $module2 = (() => {",
        "const { a } = $module0;",
        "const { b } = $module1;",
        "/* The top. */",
        "",
        "",
        "const $default = b(a);",
        "return { default: $default };",
        "})();",
        "export default $module2.default;",
    ]


USE = "\nexport default a;"


@pytest.mark.parametrize(
    ("top", "low", "message"),
    [
        ('import { a, c } from "./low.js";' + USE, "export const a = 1;",
         r"top\.js:1: low\.js does not export c"),
        ('\nimport { a } from "./lower.js";' + USE, "", r"top\.js:2: there is no file 'lower\.js'"),
        ('import { a } from "../low.js";' + USE, "", r"top\.js:1: there is no file '\.\./low\.js'"),
        ('import { a } from "./low.js";' + USE,
         'import { b } from "./top.js";\nexport const a = 1;',
         r"in a circle: top\.js → low\.js → top\.js"),
        ('import { a } from "./low.js";\nimport { a } from "./low.js";' + USE,
         "export const a = 1;", r"top\.js: imports or exports twice a"),
        ("export const a = 1;", "", r"top\.js: must have `export default`"),
        ("let a;\nimport a from './low.js';", "", r"top\.js:2: must be `import"),
        ('import { a as b } from "./low.js";', "", r"top\.js:1: must be `import"),
        ("import {\n  a,\n} from './low.js';", "", r"top\.js:1: must be `import"),
        ("export let a = 1;", "", r"top\.js:1: must be `import"),
        ("export const { a } = b;", "", r"top\.js:1: must be `import"),
        ("const a = 1;\nexport { a };", "", r"top\.js:2: must be `import"),
        ("/* What these are:\n   import is not a verb here. */", "", r"top\.js:2: must be `import"),
    ],
)  # fmt: skip
def test_what_cannot_be_resolved_is_refused_with_file_and_line(tmp_path, top, low, message):
    write(tmp_path, top=top, low=low)
    with pytest.raises(ValueError, match=message):
        bundle(tmp_path, "top.js")
