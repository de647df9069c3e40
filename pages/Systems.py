from rnnviz.ui.pages.systems import PAGE, page
from rnnviz.ui.shell import frame

page.show(frame.begin(PAGE))
