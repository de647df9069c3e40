from rnnviz.ui.pages.phase_diagrams import PAGE, page
from rnnviz.ui.shell import frame

frame.show(PAGE, page.show)
