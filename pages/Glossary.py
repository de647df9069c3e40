from rnnviz.ui import glossary, page

glossary.show(page.begin("pages/Glossary.py"))
