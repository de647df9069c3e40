from rnnviz.ui.pages.problem_types import PAGE, page
from rnnviz.ui.shell import frame

frame.show(PAGE, page.show)
