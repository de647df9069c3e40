from rnnviz.ui.pages.cost import page
from rnnviz.ui.shell import frame

page.show(frame.begin("pages/Cost.py"))
