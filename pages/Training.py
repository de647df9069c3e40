from rnnviz.ui.pages.training import page
from rnnviz.ui.shell import frame

page.show(frame.begin(page.current()))
