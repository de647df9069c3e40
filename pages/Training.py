from rnnviz.ui.pages.training import page
from rnnviz.ui.shell import frame

frame.show(page.current(), page.show)
