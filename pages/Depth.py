from rnnviz.ui.pages.depth import page
from rnnviz.ui.shell import frame

page.show(frame.begin("pages/Depth.py"))
