"""The way in: three cells on one sequence, compared."""

from rnnviz.ui import compare, overview, page

overview.preload()
compare.show(page.begin("app.py"))
