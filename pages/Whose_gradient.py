from rnnviz.ui.pages.whose_gradient import PAGE, page
from rnnviz.ui.shell import frame

frame.show(PAGE, page.show)
