from rnnviz.ui.pages.step import page
from rnnviz.ui.shell import frame

page.show(frame.begin("pages/Step.py"))
