"""The channels that the settings set up, as the gateways take them."""

from __future__ import annotations

from api.settings import Settings
from notifications.channels import Channels, Mail, Webhook, WeCom


def channels_of(settings: Settings) -> Channels:
    """Each channel whose settings are there; the settings have seen to it that they are whole."""
    return Channels(_mail(settings), _wecom(settings), _webhook(settings))


def _mail(settings: Settings) -> Mail | None:
    if settings.smtp_host is None or settings.smtp_sender is None:
        return None
    return Mail(
        settings.smtp_host,
        settings.smtp_sender,
        port=settings.smtp_port,
        user=settings.smtp_user or "",
        password=settings.smtp_password.get_secret_value() if settings.smtp_password else "",
        starttls=settings.smtp_starttls,
    )


def _wecom(settings: Settings) -> WeCom | None:
    corp, agent, secret = settings.wecom_corp, settings.wecom_agent, settings.wecom_secret
    if corp is None or agent is None or secret is None:
        return None
    return WeCom(corp, agent, secret.get_secret_value(), settings.wecom_url)


def _webhook(settings: Settings) -> Webhook | None:
    if settings.webhook_secret is None:
        return None
    return Webhook(settings.webhook_secret.get_secret_value(), settings.webhook_private)
