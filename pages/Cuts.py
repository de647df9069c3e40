from rnnviz.ui import cuts, page

cuts.show(page.begin("pages/Cuts.py"))
