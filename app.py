"""The way in: three cells on one sequence, compared."""

from rnnviz.ui import compare, page

compare.show(page.begin("app.py"))
