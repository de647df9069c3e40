from rnnviz.ui.pages.step import PAGE, page
from rnnviz.ui.shell import frame

frame.show(PAGE, page.show)
