from rnnviz.ui.pages.training import PAGE, page
from rnnviz.ui.shell import frame

page.show(frame.begin(PAGE))
