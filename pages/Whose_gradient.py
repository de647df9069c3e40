from rnnviz.ui.pages.whose_gradient import page
from rnnviz.ui.shell import frame

page.show(frame.begin("pages/Whose_gradient.py"))
