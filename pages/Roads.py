from rnnviz.ui import page, roads

roads.show(page.begin("pages/Roads.py"))
