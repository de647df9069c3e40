from rnnviz.ui.pages.glossary import PAGE, page
from rnnviz.ui.shell import frame

frame.show(PAGE, page.show)
