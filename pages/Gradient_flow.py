from rnnviz.ui import gradient_flow, page

gradient_flow.show(page.begin("pages/Gradient_flow.py"))
