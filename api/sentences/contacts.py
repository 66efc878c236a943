"""What setting how one is told refuses."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from workflow.rules.sentences import Sentence

SENTENCES: Mapping[str, Sentence] = MappingProxyType(
    {
        "not_on_the_staff_list": Sentence(
            "这个账号不在人员名册上，没有联系方式可设。",
            "Nobody on the staff list stands behind this account, so there is nothing to set.",
            "消息会送到站内收件箱；要用其他渠道，请先登记为人员。",
            "Messages come to the inbox; for other channels, have yourself entered on the staff list.",
        ),
        "contact_changed": Sentence(
            "您打开之后，联系方式又改过。",
            "How you are told was changed since you opened it.",
            "请刷新，看过新的内容再提交。",
            "Refresh, look at what is new, and send it again.",
        ),
        "contact_unreadable": Sentence(
            "有一项填得不对：邮箱、企业微信账号、网址或时间。",
            "Something cannot be read: the e-mail address, the id in WeCom, the address of the webhook, or the time.",
            "请核对后再保存；不用的可以留空。",
            "Check them and save again; what you do not use may stay empty.",
        ),
        "channel_twice": Sentence(
            "渠道 {channel} 列了两次。",
            "The channel {channel} is named twice.",
            "每个渠道只列一次，最常用的在前。",
            "Name each channel once, the dearest first.",
        ),
        "channel_without_address": Sentence(
            "渠道 {channel} 没有地址，送不到。",
            "The channel {channel} has no address, so that nothing would arrive.",
            "请在 addresses 里填上它的地址，或者不列这个渠道。",
            "Give its address in `addresses`, or leave the channel out.",
        ),
        "digest_hour_beyond": Sentence(
            "每日汇总的时间要在 {earliest} 至 {latest} 之间。",
            "The digest comes between {earliest} and {latest}.",
            "请选这段时间里的一个时刻；不选则按规则包的时间。",
            "Choose a time between the two; without one, the pack's holds.",
        ),
    }
)
