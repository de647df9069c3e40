from rnnviz.ui.pages.initialisation import page
from rnnviz.ui.shell import frame

page.show(frame.begin("pages/Initialisation.py"))
