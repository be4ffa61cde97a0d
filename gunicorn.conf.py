"""Read by gunicorn from where it is started, however it is started."""

logger_class = "core.web_log.PathlessLog"
