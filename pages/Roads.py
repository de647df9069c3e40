from rnnviz.ui.pages.roads import PAGE, page
from rnnviz.ui.shell import frame

frame.show(PAGE, page.show)
