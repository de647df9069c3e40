from rnnviz.ui.pages.cuts import PAGE, page
from rnnviz.ui.shell import frame

page.show(frame.begin(PAGE))
