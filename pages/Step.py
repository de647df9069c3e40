from rnnviz.ui.pages.step import PAGE, page
from rnnviz.ui.shell import frame

page.show(frame.begin(PAGE))
