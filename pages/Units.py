from rnnviz.ui.pages.units import PAGE, page
from rnnviz.ui.shell import frame

frame.show(PAGE, page.show)
