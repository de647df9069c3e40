from rnnviz.ui.pages.cuts import PAGE, page
from rnnviz.ui.shell import frame

frame.show(PAGE, page.show)
