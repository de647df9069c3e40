from rnnviz.ui.pages.spectrum import PAGE, page
from rnnviz.ui.shell import frame

frame.show(PAGE, page.show)
