"""
The words of a message (消息文字), made from its content when it is sent: counts and case codes, and nothing else.

Every word comes from one closed table (`phrases`), so that no name, no substance, no measure and no office
that tells can stand in a message, whatever a case or a pack holds.
"""

from notifications.words.rendering import Rendered, rendered, rendered_inside

__all__ = ["Rendered", "rendered", "rendered_inside"]
