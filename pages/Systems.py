from rnnviz.ui.pages.systems import PAGE, page
from rnnviz.ui.shell import frame

frame.show(PAGE, page.show)
