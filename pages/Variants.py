from rnnviz.ui.pages.variants import PAGE, page
from rnnviz.ui.shell import frame

frame.show(PAGE, page.show)
