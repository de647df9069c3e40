from rnnviz.ui.pages.systems import page
from rnnviz.ui.shell import frame

page.show(frame.begin("pages/Systems.py"))
