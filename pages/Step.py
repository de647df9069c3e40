from rnnviz.ui import page, step

step.show(page.begin("pages/Step.py"))
