from rnnviz.ui import page, systems

systems.show(page.begin("pages/Systems.py"))
