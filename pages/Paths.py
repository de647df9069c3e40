from rnnviz.ui.pages.paths import PAGE, page
from rnnviz.ui.shell import frame

frame.show(PAGE, page.show)
