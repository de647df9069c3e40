from rnnviz.ui.pages.problem_types import page
from rnnviz.ui.shell import frame

page.show(frame.begin("pages/Problem_types.py"))
