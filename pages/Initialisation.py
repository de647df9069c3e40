from rnnviz.ui import laboratory, page

laboratory.show(page.begin("pages/Initialisation.py"))
