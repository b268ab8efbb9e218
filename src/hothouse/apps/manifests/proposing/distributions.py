"""Which distribution brings which import, where the two names differ."""

import re
import sys

_DISTRIBUTIONS = {
    "Bio": "biopython",
    "Crypto": "pycryptodome",
    "MySQLdb": "mysqlclient",
    "OpenSSL": "pyopenssl",
    "PIL": "pillow",
    "PyPDF2": "PyPDF2",
    "absl": "absl-py",
    "attr": "attrs",
    "bs4": "beautifulsoup4",
    "bson": "pymongo",
    "cv2": "opencv-python-headless",
    "dash_bootstrap_components": "dash-bootstrap-components",
    "dateutil": "python-dateutil",
    "discord": "discord.py",
    "docx": "python-docx",
    "dotenv": "python-dotenv",
    "faiss": "faiss-cpu",
    "fitz": "pymupdf",
    "flask_cors": "flask-cors",
    "github": "pygithub",
    "gridfs": "pymongo",
    "igraph": "igraph",
    "jose": "python-jose",
    "jwt": "pyjwt",
    "kafka": "kafka-python",
    "langchain_core": "langchain-core",
    "ldap": "python-ldap",
    "lxml": "lxml",
    "magic": "python-magic",
    "markdown": "markdown",
    "mpl_toolkits": "matplotlib",
    "multipart": "python-multipart",
    "nacl": "pynacl",
    "pkg_resources": "setuptools",
    "plotly_express": "plotly",
    "pptx": "python-pptx",
    "psycopg2": "psycopg2-binary",
    "pythoncom": "pywin32",
    "rest_framework": "djangorestframework",
    "serial": "pyserial",
    "skimage": "scikit-image",
    "sklearn": "scikit-learn",
    "slugify": "python-slugify",
    "socketio": "python-socketio",
    "speech_recognition": "SpeechRecognition",
    "sqlalchemy_utils": "sqlalchemy-utils",
    "st_aggrid": "streamlit-aggrid",
    "streamlit_option_menu": "streamlit-option-menu",
    "telegram": "python-telegram-bot",
    "tlz": "toolz",
    "umap": "umap-learn",
    "usb": "pyusb",
    "vaderSentiment": "vaderSentiment",
    "websocket": "websocket-client",
    "yaml": "pyyaml",
    "zmq": "pyzmq",
}

_NEEDED_BY_CALLS = {
    "fastapi.File": "python-multipart",
    "fastapi.Form": "python-multipart",
    "fastapi.security.OAuth2PasswordRequestForm": "python-multipart",
    "fastapi.templating.Jinja2Templates": "jinja2",
    "starlette.templating.Jinja2Templates": "jinja2",
    "pandas.read_excel": "openpyxl",
    "pandas.read_parquet": "pyarrow",
    "pandas.read_html": "lxml",
}


def distributions_of_calls(calls: set[str]) -> set[str]:
    """Name distributions that libraries import by themselves once certain functions are called.

    >>> distributions_of_calls({"pandas.read_excel", "print"})
    {'openpyxl'}
    """
    return {_NEEDED_BY_CALLS[call] for call in calls if call in _NEEDED_BY_CALLS}


def distribution_of(module: str) -> str | None:
    """Name the distribution of a top-level module; None for the standard library and for platform internals.

    >>> distribution_of("cv2"), distribution_of("streamlit_option_menu"), distribution_of("json")
    ('opencv-python-headless', 'streamlit-option-menu', None)
    """
    if module in sys.stdlib_module_names or module.startswith("_") or not module.isascii():
        return None
    return _DISTRIBUTIONS.get(module) or module.replace("_", "-")


def normalised(name: str) -> str:
    """Write the name of a distribution as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()
