from rnnviz.ui.pages.whose_gradient import PAGE, page
from rnnviz.ui.shell import frame

page.show(frame.begin(PAGE))
