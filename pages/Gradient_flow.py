from rnnviz.ui.pages.gradient_flow import PAGE, page
from rnnviz.ui.shell import frame

frame.show(PAGE, page.show)
