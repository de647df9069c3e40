from rnnviz.ui.pages.variants import page
from rnnviz.ui.shell import frame

page.show(frame.begin("pages/Variants.py"))
