from rnnviz.ui.pages.initialisation import PAGE, page
from rnnviz.ui.shell import frame

page.show(frame.begin(PAGE))
