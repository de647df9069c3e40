from rnnviz.ui import page, whose

whose.show(page.begin("pages/Whose_gradient.py"))
