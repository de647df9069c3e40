"""What deploys the app: the proxy fits the installed Streamlit, the image's lock the ranges."""

import base64
import hashlib
import re
import tomllib
from pathlib import Path

import streamlit
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
NGINX = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")


def test_the_proxy_lets_the_one_inline_script_of_streamlits_page_run():
    page = Path(streamlit.__file__).parent / "static" / "index.html"
    (script,) = re.findall(r"<script>(.*?)</script>", page.read_text("utf-8"), re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in NGINX


def test_the_proxy_lets_through_the_largest_file_that_the_app_opens():
    (most,) = re.findall(r"client_max_body_size (\d+)m;", NGINX)
    server = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())["server"]
    assert server["maxUploadSize"] < int(most) <= server["maxUploadSize"] + 8


def test_the_lock_of_the_image_has_what_requirements_ask_for_each_with_a_hash():
    lock = (ROOT / "deploy" / "requirements.lock").read_text()
    pinned = dict(re.findall(r"^([\w-]+)==(\S+) \\\n    --hash=sha256:", lock, re.MULTILINE))
    asked = re.findall(r"^[a-z].*$", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    for one in map(Requirement, asked):
        assert pinned[one.name] in one.specifier
    assert len(pinned) == len(re.findall("^[a-z]", lock, re.MULTILINE))
    assert "://" not in lock
