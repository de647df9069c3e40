from rnnviz.ui.pages.variants import PAGE, page
from rnnviz.ui.shell import frame

page.show(frame.begin(PAGE))
