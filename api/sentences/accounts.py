"""What logging in, accounts and access refuse."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from workflow.rules.sentences import Sentence

SENTENCES: Mapping[str, Sentence] = MappingProxyType(
    {
        "login_needed": Sentence(
            "请先登录。",
            "Nobody is logged in.",
            "用自己的账号登录，或在请求头里带上令牌（Authorization: Bearer）。",
            "Log in with your account, or send a token in the header Authorization: Bearer.",
        ),
        "session_over": Sentence(
            "登录已失效。",
            "This login is not valid.",
            "请重新登录；令牌失效的，请重新签发。",
            "Log in again; for a token, have a new one issued.",
        ),
        "session_expired": Sentence(
            "登录时间已到，或太久没有使用。",
            "This login has come to its end, or was not used for too long.",
            "请重新登录；令牌到期的，请重新签发。",
            "Log in again; for a token, have a new one issued.",
        ),
        "session_ended": Sentence(
            "这次登录已被作废：在别处退出、改过密码或角色，或由系统管理员作废。",
            "This login was ended: from another device, by a change of the password or the role, or by an administrator.",
            "请重新登录；手机丢失的，这样它就打不开了。",
            "Log in again; a phone that was lost opens nothing any more.",
        ),
        "login_disabled": Sentence(
            "这个账号已停用。",
            "This account is disabled.",
            "请系统管理员启用账号；手机上还没有上传的记录在此之前仍封存在手机里。",
            "An administrator enables it; what a phone has not brought yet stays sealed on it until then.",
        ),
        "login_failed": Sentence(
            "账号或密码不对，或者账号已停用。",
            "The account or the password is not right, or the account is disabled.",
            "请核对后再试；忘记密码请找系统管理员重设。",
            "Check both and try again; an administrator can set a new password.",
        ),
        "too_many_attempts": Sentence(
            "从这里输错密码的次数太多。",
            "There were too many wrong passwords from here.",
            "请过 {seconds} 秒再试。别处的登录不受影响。",
            "Try again in {seconds} seconds. Logging in from elsewhere is not affected.",
        ),
        "logins_busy": Sentence(
            "此刻登录的人太多。",
            "Too many are logging in at this moment.",
            "请过几秒再试，这次不计入失败次数。",
            "Try again in a few seconds; this attempt is not counted.",
        ),
        "session_known": Sentence(
            "编号 {id} 的登录已经建立过。",
            "The login {id} was made before; what opens it is shown once.",
            "没有收到答复的话，请用新的编号再登录一次。",
            "If the answer did not arrive, log in again under a new id.",
        ),
        "browser_needed": Sentence(
            "这件事只能在登录后的页面上办，不能用令牌办。",
            "This is done where one logged in with a password, and not with a token.",
            "请用账号和密码登录后再办。",
            "Log in with your account and password, and do it there.",
        ),
        "must_change_password": Sentence(
            "这个密码是别人设的，要先换成自己的。",
            "Somebody else set this password; it opens nothing before it is changed.",
            "请先修改密码。",
            "Set a password of your own first.",
        ),
        "csrf_failed": Sentence(
            "这次提交没有带上本页面的校验码。",
            "The request does not carry the mark of our own pages.",
            "请刷新页面后再提交；程序请用令牌访问。",
            "Reload the page and send it again; a program uses a token.",
        ),
        "not_allowed": Sentence(
            "您的角色不能办理这件事。",
            "Your role may not do this.",
            "请由有权限的人办理；各角色的权限见 docs/rules.md。",
            "Ask somebody whose role may; docs/rules.md shows what each role may do.",
        ),
        "not_allowed_kind": Sentence(
            "您的角色不能记录{event}。",
            "Your role does not record {event}.",
            "请由社区专职工作人员或镇街专干记录；各角色能记录什么，见 docs/rules.md。",
            "Ask the community worker or the supervisor to record it; docs/rules.md shows what each role records.",
        ),
        "not_from_your_chair": Sentence(
            "现在不能从您的岗位记录{event}。",
            "{event} is not possible from your chair now.",
            "请写明自己的岗位；办理事项的，要是您的岗位现在该办的。其他情况请告诉社区专职工作人员。",
            "Name your own chair; what closes something is for the chair that owes it now. Tell the community worker of anything else.",
        ),
        "password_unusable": Sentence(
            "密码要有 {shortest} 到 {longest} 个字符。",
            "A password has between {shortest} and {longest} characters.",
            "请换一个，例如几个不相干的词连在一起。",
            "Choose another, such as several unrelated words.",
        ),
        "password_guessable": Sentence(
            "这个密码太好猜：去掉账号名、连续的字符和常见的词，几乎不剩什么。",
            "This password is easily guessed: little is left of it beside the handle, rows of keys and common words.",
            "请换一个，例如几个不相干的词连在一起。",
            "Choose another, such as several unrelated words.",
        ),
        "password_needed": Sentence(
            "账号 {handle} 要有初始密码。",
            "The account {handle} needs a first password.",
            "请设一个初始密码，本人登录后要换成自己的。",
            "Set one; its owner has to change it at the first login.",
        ),
        "password_wrong": Sentence(
            "原密码不对。",
            "The old password is not right.",
            "请核对后再试；忘记了请找系统管理员重设。",
            "Check it and try again; an administrator can set a new one.",
        ),
        "password_same": Sentence(
            "新密码和原密码一样。",
            "The new password is the old one.",
            "请换一个别人不知道的。",
            "Choose one that nobody else knows.",
        ),
        "password_not_used": Sentence(
            "{handle} 只用令牌，没有密码。",
            "{handle} uses tokens only and has no password.",
            "请为它签发令牌。",
            "Issue a token for it.",
        ),
        "account_field_unusable": Sentence(
            "账号的这一项用不了：{field}。",
            "This field of the account cannot be used: {field}.",
            "账号名用 1 到 64 个字母、数字或 . _ @ -；角色从名单里选。",
            "A handle has 1 to 64 letters, digits or . _ @ -; a role is one of the list.",
        ),
        "role_is_fixed": Sentence(
            "{handle} 的角色不能这样改。",
            "The role of {handle} is not changed like this.",
            "只有县级、专干、社工和其他成员之间可以互改；别的角色请另建账号。",
            "Only county, supervisor, worker and helper change into each other; for another role make another account.",
        ),
        "token_is_personal": Sentence(
            "{handle} 是个人账号，令牌由本人签发。",
            "{handle} is a person's account; people issue their tokens themselves.",
            "请本人登录后在自己的设备上签发。",
            "They log in and issue it for their device.",
        ),
        "staff_needed": Sentence(
            "人员名册里没有 {handle}。",
            "{handle} is not on the staff list.",
            "请先登记这位人员，账号名要与名册上的代号相同。",
            "Enter them on the list first; the account has the same handle.",
        ),
        "office_needed": Sentence(
            "接口账号 {handle} 要指明所属机构。",
            "The integration {handle} needs an office.",
            "请写明 office_id。",
            "Name it in office_id.",
        ),
        "office_needed_for_case": Sentence(
            "立案要指明机构。",
            "A case is opened by an office.",
            "请写明您任职的机构（office_id）。",
            "Name the office where you are posted (office_id).",
        ),
        "last_administrator": Sentence(
            "{handle} 是最后一位系统管理员，不能停用。",
            "{handle} is the last administrator and is not disabled.",
            "请先另设一位管理员。",
            "Make another administrator first.",
        ),
        "account_disabled": Sentence(
            "账号 {handle} 已停用。",
            "The account {handle} is disabled.",
            "请先启用它。",
            "Enable it first.",
        ),
        "token_field_unusable": Sentence(
            "令牌要有用途说明（至多 {longest} 字），有效期 1 到 {most} 天。",
            "A token has a label of at most {longest} characters and lasts 1 to {most} days.",
            "请写清用途和天数。",
            "Say what it is for and how many days it lasts.",
        ),
        "token_known": Sentence(
            "编号 {id} 的令牌已经签发过，密文只显示一次。",
            "The token {id} was issued before; its secret is shown once.",
            "没有收到的话，请作废它，用新的编号再签发一个。",
            "If it did not arrive, revoke it and issue one under a new id.",
        ),
    }
)
