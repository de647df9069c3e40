from rnnviz.ui.pages.roads import page
from rnnviz.ui.shell import frame

page.show(frame.begin("pages/Roads.py"))
