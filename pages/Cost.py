from rnnviz.ui.pages.cost import PAGE, page
from rnnviz.ui.shell import frame

page.show(frame.begin(PAGE))
