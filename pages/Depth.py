from rnnviz.ui.pages.depth import PAGE, page
from rnnviz.ui.shell import frame

page.show(frame.begin(PAGE))
