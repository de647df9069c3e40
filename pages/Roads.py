from rnnviz.ui.pages.roads import PAGE, page
from rnnviz.ui.shell import frame

page.show(frame.begin(PAGE))
