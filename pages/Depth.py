from rnnviz.ui.pages.depth import PAGE, page
from rnnviz.ui.shell import frame

frame.show(PAGE, page.show)
