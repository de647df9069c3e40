"""What the server does beside running the scripts of pages; `app.py` hands it to Streamlit."""

from starlette.middleware import Middleware

from rnnviz.ui.server.assets import Assets
from rnnviz.ui.server.messages import Messages
from rnnviz.ui.server.start import AfterImports, starting
from rnnviz.ui.server.uploads import Uploads

__all__ = ["MIDDLEWARE", "starting"]
MIDDLEWARE = (Middleware(Assets), Middleware(Messages), Middleware(Uploads),
              Middleware(AfterImports))  # fmt: skip
