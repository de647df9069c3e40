from rnnviz.ui.pages.cost import PAGE, page
from rnnviz.ui.shell import frame

frame.show(PAGE, page.show)
