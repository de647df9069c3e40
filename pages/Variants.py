from rnnviz.ui import page, variants

variants.show(page.begin("pages/Variants.py"))
