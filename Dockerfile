# The app on port 8501, as a user without rights: docs/deployment.md.
FROM python:3.11-slim-bookworm AS packages
COPY deploy/requirements.lock /
RUN python -m venv /opt/venv \
 && /opt/venv/bin/pip install --no-cache-dir --no-compile --only-binary :all: --require-hashes \
      -r /requirements.lock \
 && /opt/venv/bin/pip uninstall --yes pip setuptools

FROM python:3.11-slim-bookworm
RUN useradd --uid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin rnnviz \
 && mkdir --parents /runs && chown rnnviz /runs
COPY --from=packages /opt/venv /opt/venv
WORKDIR /app
COPY app.py ./
COPY .streamlit/config.toml .streamlit/
COPY static static/
COPY pages pages/
COPY rnnviz rnnviz/
# Nothing is written at run time but into /tmp and /runs: the code is compiled now, and by its
# content, for the times of files change between machines.
RUN /opt/venv/bin/python -m compileall -q -j 0 --invalidation-mode unchecked-hash /opt/venv/lib /app
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HOME=/tmp \
    RNNVIZ_RUNS=/runs \
    STREAMLIT_SERVER_ADDRESS=0.0.0.0 \
    STREAMLIT_SERVER_PORT=8501 \
    STREAMLIT_SERVER_HEADLESS=true \
    STREAMLIT_SERVER_FILE_WATCHER_TYPE=none
USER 10001
EXPOSE 8501
VOLUME ["/runs"]
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["python", "-c", "import os, urllib.request as u; e = os.environ.get; b = e('STREAMLIT_SERVER_BASE_URL_PATH', '').strip('/'); u.urlopen(f\"http://127.0.0.1:{e('STREAMLIT_SERVER_PORT')}/{b + '/' if b else ''}_stcore/health\", timeout=4)"]
CMD ["streamlit", "run", "app.py"]
