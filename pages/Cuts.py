from rnnviz.ui.pages.cuts import page
from rnnviz.ui.shell import frame

page.show(frame.begin("pages/Cuts.py"))
