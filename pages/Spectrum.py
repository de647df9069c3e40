from rnnviz.ui import page, spectrum

spectrum.show(page.begin("pages/Spectrum.py"))
