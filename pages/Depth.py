from rnnviz.ui import depth, page

depth.show(page.begin("pages/Depth.py"))
