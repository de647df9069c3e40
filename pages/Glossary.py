from rnnviz.ui.pages.glossary import page
from rnnviz.ui.shell import frame

page.show(frame.begin("pages/Glossary.py"))
