from rnnviz.ui import cost, page

cost.show(page.begin("pages/Cost.py"))
