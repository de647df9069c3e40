from rnnviz.ui.pages.your_cell import PAGE, page
from rnnviz.ui.shell import frame

page.show(frame.begin(PAGE))
