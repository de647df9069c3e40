"""The way in: the server takes `app`; a visit of the first page, three cells compared, runs it."""

import streamlit as st

from rnnviz.ui.server import MIDDLEWARE, starting

if __name__ == "__main__":
    from rnnviz.ui.components.gradient_overview import overview
    from rnnviz.ui.pages.compare import PAGE, page
    from rnnviz.ui.shell import frame

    overview.preload()
    frame.show(PAGE, page.show)
else:
    app = st.App(__file__, lifespan=starting, middleware=MIDDLEWARE)
