from rnnviz.ui.pages.runs import PAGE, page
from rnnviz.ui.shell import frame

frame.show(PAGE, page.show)
