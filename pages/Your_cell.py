from rnnviz.ui.pages.your_cell import PAGE, page
from rnnviz.ui.shell import frame

frame.show(PAGE, page.show)
