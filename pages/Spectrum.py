from rnnviz.ui.pages.spectrum import page
from rnnviz.ui.shell import frame

page.show(frame.begin("pages/Spectrum.py"))
