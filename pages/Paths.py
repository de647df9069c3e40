from rnnviz.ui.pages.paths import PAGE, page
from rnnviz.ui.shell import frame

page.show(frame.begin(PAGE))
