from rnnviz.ui.pages.gradient_flow import page
from rnnviz.ui.shell import frame

page.show(frame.begin("pages/Gradient_flow.py"))
