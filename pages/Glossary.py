from rnnviz.ui.pages.glossary import PAGE, page
from rnnviz.ui.shell import frame

page.show(frame.begin(PAGE))
