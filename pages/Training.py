from rnnviz.ui import page, training

training.show(page.begin("pages/Training.py"))
