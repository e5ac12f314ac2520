"""The doors to the one Engine: HTTP (``app``) and the command line (``cli``).

Knows HTTP, JSON, settings and the environment; ``fastapi``, ``pydantic``, ``uvicorn`` and
``os.environ`` occur in this package only. Must not know how a passage is found or an answer
composed: that is ``qa``. Nothing is imported here, so that ``fuente --help`` stays quick. Public
names: ``api.app.create_app``, ``api.settings.load_settings``, ``api.cli.main``.
"""

__version__ = "0.1.0"
