from rnnviz.ui.pages.spectrum import PAGE, page
from rnnviz.ui.shell import frame

page.show(frame.begin(PAGE))
