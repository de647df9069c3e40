from rnnviz.ui.pages.units import PAGE, page
from rnnviz.ui.shell import frame

page.show(frame.begin(PAGE))
