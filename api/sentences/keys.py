"""What the key ring and what is sealed under it refuse."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from workflow.rules.sentences import Sentence

SENTENCES: Mapping[str, Sentence] = MappingProxyType(
    {
        "key_ring_missing": Sentence(
            "找不到密钥环文件 {file}，而数据库需要它。",
            "The key ring {file} is missing, and the database needs one.",
            "把密钥环放回原处，或运行 guitu keys restore 备份文件；新库请先运行 guitu migrate。",
            "Put the ring back, or run guitu keys restore FILE; for a new database run guitu migrate first.",
        ),
        "key_ring_wrong": Sentence(
            "这个密钥环打不开这个数据库（密钥 {key}）。",
            "This key ring does not open this database (key {key}).",
            "请核对 GUITU_KEYS、GUITU_KEYS_FILE 和 GUITU_DATABASE_URL，用最近备份的密钥环。",
            "Check GUITU_KEYS, GUITU_KEYS_FILE and GUITU_DATABASE_URL; use the latest backup of the ring.",
        ),
        "key_ring_open_to_others": Sentence(
            "密钥环文件 {file} 别人也能读写。",
            "Others can read or write the key ring {file}.",
            "请运行 chmod 600，并确认文件属于运行服务的用户。",
            "Run chmod 600 on it, and see that it belongs to the user who runs the server.",
        ),
        "key_ring_unreadable": Sentence(
            "密钥环的内容读不懂。",
            "The key ring cannot be read as one.",
            "请用备份恢复：guitu keys restore 备份文件。",
            "Restore it from its backup: guitu keys restore FILE.",
        ),
        "key_file_unusable": Sentence(
            "文件 {file} 不能读写（{error}）。",
            "The file {file} cannot be read or written ({error}).",
            "请核对路径、权限和磁盘空间。",
            "Check the path, the permissions and the space on the disk.",
        ),
        "key_file_exists": Sentence(
            "文件 {file} 已经存在，没有改动。",
            "There is a file {file} already; it was left as it is.",
            "请换一个文件名，或先把它移走。",
            "Name another file, or move that one away first.",
        ),
        "key_missing": Sentence(
            "密钥环里没有密钥 {key}。",
            "The key ring has no key {key}.",
            "请核对编号（guitu keys show），或换上含有它的密钥环。",
            "Check the id (guitu keys show), or use a ring that has it.",
        ),
        "key_active": Sentence(
            "密钥 {key} 正在使用，不能停用。",
            "The key {key} is the active one and cannot be retired.",
            "请先运行 guitu keys rotate。",
            "Run guitu keys rotate first.",
        ),
        "key_in_use": Sentence(
            "密钥 {key} 仍有 {data_keys} 个数据密钥、{marks} 个检索标记在用。",
            "The key {key} still wraps {data_keys} data keys and made {marks} marks.",
            "请先运行 guitu keys rotate，再停用。",
            "Run guitu keys rotate, then retire it.",
        ),
        "rotation_under_way": Sentence(
            "轮换到密钥 {key} 还没有完成。",
            "The rotation to the key {key} is not finished.",
            "请先运行 guitu keys rotate 完成它。",
            "Run guitu keys rotate to finish it.",
        ),
        "key_does_not_open": Sentence(
            "这份密文打不开：密钥不对，或内容被改动。",
            "What is sealed here does not open: another key, or a changed byte.",
            "请核对密钥环，运行 guitu verify 查明；若数据损坏，请从备份恢复。",
            "Check the key ring and run guitu verify; if the data is damaged, restore a backup.",
        ),
        "key_shredded": Sentence(
            "这个人的数据密钥已经销毁，内容无法再读。",
            "The key of this person was destroyed; nothing of theirs can be read.",
            "不能恢复；再次登记请用新的编号。",
            "This cannot be undone; register them under a new id.",
        ),
        "key_backup_unreadable": Sentence(
            "这个文件不是本版本的密钥环备份。",
            "This file is no backup of a key ring of this release.",
            "请换一份备份文件。",
            "Use another backup.",
        ),
        "passphrase_wrong": Sentence(
            "口令不对，或备份被改动。",
            "The passphrase is wrong, or the backup was changed.",
            "请重新输入，或换一份备份。",
            "Try again, or use another backup.",
        ),
        "passphrase_too_short": Sentence(
            "口令太短，至少 {least} 个字符。",
            "The passphrase is too short: at least {least} characters.",
            "请用几个不相干的词。",
            "Use several unrelated words.",
        ),
        "shred_unconfirmed": Sentence(
            "销毁 {person} 的数据密钥后，谁也无法再读其资料。",
            "Once the key of {person} is destroyed, nobody can read their data again.",
            "确定要做，请加 --yes。",
            "If you mean it, add --yes.",
        ),
    }
)
