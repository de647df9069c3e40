"""Puts the app into the wheel: what stands at the top of a checkout goes to rnnviz/_app."""

from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

APP = ("app.py", "pages", "static", ".streamlit/config.toml")


class BuildWithApp(build_py):
    """The usual build, and the app's files beside the library's."""

    def run(self):
        """Copy them; an editable installation finds them where they are."""
        super().run()
        for source in () if self.editable_mode else self._app():
            target = Path(self.build_lib, "rnnviz", "_app", source)
            self.mkpath(str(target.parent))
            self.copy_file(str(source), str(target))

    def get_source_files(self):
        """What a source distribution needs to build the wheel."""
        return [*super().get_source_files(), *map(str, self._app())]

    def _app(self):
        for name in APP:
            found = Path(name)
            files = sorted(found.rglob("*")) if found.is_dir() else [found]
            yield from (one for one in files if one.is_file() and one.suffix != ".pyc")


setup(cmdclass={"build_py": BuildWithApp})
