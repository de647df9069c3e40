"""The way in: three cells on one sequence, compared."""

from rnnviz.ui.components.gradient_overview import overview
from rnnviz.ui.pages.compare import PAGE, page
from rnnviz.ui.shell import frame

overview.preload()
page.show(frame.begin(PAGE))
