from rnnviz.ui.pages.initialisation import PAGE, page
from rnnviz.ui.shell import frame

frame.show(PAGE, page.show)
