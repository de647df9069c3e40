from rnnviz.ui import page, problems

problems.show(page.begin("pages/Problem_types.py"))
