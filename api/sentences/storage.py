"""What storing refuses: attachments, backups, and a database that fails."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from workflow.rules.sentences import Sentence

SENTENCES: Mapping[str, Sentence] = MappingProxyType(
    {
        "attachment_too_large": Sentence(
            "这份附件太大[（{megabytes} MB）][（{megapixels} 百万像素）]。",
            "This attachment is too large[ ({megabytes} MB)][ ({megapixels} megapixels)].",
            "每份不超过 {largest_mb} MB[，照片不超过 {largest_megapixels} 百万像素]；请调小后再提交。",
            "Send at most {largest_mb} MB[ and {largest_megapixels} megapixels]; make it smaller and send it again.",
        ),
        "attachment_type": Sentence(
            "这个文件[（{found}）]不是可以收的格式。",
            "This file[ ({found})] is not of a kind that is kept.",
            "请用 {right}；苹果手机请在“设置 › 相机 › 格式”里选“兼容性最佳”后重拍。",
            "Use {right}; on an iPhone choose Settings › Camera › Formats › Most Compatible and take it again.",
        ),
        "attachment_unreadable": Sentence(
            "这个文件（{found}）打不开：可能没有传完、已损坏，或加了密码。",
            "This file ({found}) cannot be opened: it may be cut off, damaged, or locked with a password.",
            "请重新拍照或扫描，不加密码，用 {right} 再提交。",
            "Take or scan it again without a password, as {right}, and send that.",
        ),
        "attachment_active": Sentence(
            "这份 PDF 里有会运行或夹带别的文件的内容（{found}）。",
            "This PDF holds something that runs, or another file ({found}).",
            "请改用照片或扫描件，或把它“打印为 PDF”后再提交。",
            "Send a photo or a scan, or print it to a new PDF and send that.",
        ),
        "attachment_damaged": Sentence(
            "附件 {id} 存放的内容不完整或被改动过。",
            "What is stored of attachment {id} is incomplete or was changed.",
            "请告诉系统管理员从备份恢复；手头有原件的，可用新编号再提交。",
            "Tell the administrator to restore it from a backup; if you have the original, send it under a new id.",
        ),
        "attachment_id_conflict": Sentence(
            "编号 {id} 已经有一份内容不同的附件。",
            "There is another attachment under the id {id}.",
            "请刷新核对；若是另一份，请用新的编号提交。",
            "Refresh and compare; if it is another one, send it under a new id.",
        ),
        "attachments_folder_unusable": Sentence(
            "附件的存放位置现在用不了[（{error}）]，没有保存。",
            "The folder of the attachments cannot be used now[ ({error})]; nothing was kept.",
            "请管理员检查磁盘是否挂载、能否读写，然后再试。",
            "Have the administrator check that the disk is mounted, readable and writable, then try again.",
        ),
        "disk_full": Sentence(
            "服务器的磁盘满了，这次提交没有保存。",
            "The server's disk is full, and nothing of the request was kept.",
            "请告诉系统管理员腾出空间，然后把同样的内容再提交一次。",
            "Ask the administrator to make room, then send the same again.",
        ),
        "read_only": Sentence(
            "数据库现在只能读，不能写，这次提交没有保存。",
            "The database can only be read now, and nothing of the request was kept.",
            "请告诉系统管理员恢复写入，然后再提交一次。",
            "Ask the administrator to make it writable, then send the same again.",
        ),
        "database_busy": Sentence(
            "数据库正忙，这次请求没有办成，也没有保存任何内容。",
            "The database is busy; the request was not carried out, and nothing of it was kept.",
            "请稍等片刻再试一次。",
            "Wait a moment and try again.",
        ),
        "connection_lost": Sentence(
            "连不上数据库，这次提交可能没有保存。",
            "The database cannot be reached; the request may not have been kept.",
            "请稍后把同样的内容再提交一次，已保存的记录不会重复；仍不行时请系统管理员查看数据库是否在运行、所在文件夹能否写入。",
            "Send the same again later: events already kept are not kept twice. If it goes on, the administrator checks that the database runs and its folder can be written.",
        ),
        "database_damaged": Sentence(
            "数据库文件有损坏，这次请求没有办成。",
            "The database is damaged, and the request was not carried out.",
            "请停止录入，并让系统管理员保留现有文件、用备份恢复。",
            "Stop entering; the administrator keeps the files as they are and restores a backup.",
        ),
        "disk_error": Sentence(
            "服务器的磁盘读写出错，这次请求没有办成。",
            "The server's disk cannot be read or written properly; the request was not carried out.",
            "请告诉系统管理员检查磁盘，然后再试一次。",
            "Ask the administrator to check the disk, then try again.",
        ),
        "transactions_collided": Sentence(
            "有人同时在改同样的内容，这次提交没有保存。",
            "Others were changing the same at this moment, and nothing of the request was kept.",
            "请再提交一次。",
            "Send the same again.",
        ),
        "unknown_schema": Sentence(
            "这个数据库由另一版本的程序建立（版本号 {revision}），本版本不认识。",
            "This database was made by another version of the program (revision {revision}), which this one does not know.",
            "请用建立它的版本或更新的版本打开；或恢复本版本的备份。",
            "Open it with the version that made it or a newer one, or restore a backup made by this version.",
        ),
        "backup_exists": Sentence(
            "{file} 已经存在，备份不会覆盖任何文件。",
            "{file} exists already; a backup overwrites nothing.",
            "请换一个文件名。",
            "Name a new file.",
        ),
        "backup_file_unusable": Sentence(
            "备份文件 {file} 不能读写（{error}）。",
            "The backup file {file} cannot be read or written ({error}).",
            "请核对路径、权限和磁盘。",
            "Check the path, its permissions and the disk.",
        ),
        "backup_damaged": Sentence(
            "这不是完整的归途备份，或者文件已损坏；没有恢复任何内容。",
            "This is no whole backup of Guitu's, or it was damaged; nothing was restored.",
            "请用另一份备份；可先用 guitu restore 文件 --check 核对。",
            "Use another backup; guitu restore FILE --check tells whether it is whole.",
        ),
        "backup_unreadable": Sentence(
            "密钥环里的 {key} 不是写这份备份时的那一把。",
            "The key {key} of this ring is not the one that the backup was made with.",
            "请用备份所属单位当时的密钥环：guitu keys restore 文件。",
            "Use the ring of the office that made it: guitu keys restore FILE.",
        ),
        "backup_of_other_schema": Sentence(
            "这份备份的数据库结构（{theirs}）与本库（{ours}）不同[，由版本 {version} 写成]。",
            "The backup has another schema ({theirs}) than this database ({ours})[; version {version} made it].",
            "请用写它的版本恢复，再升级：guitu migrate。",
            "Restore it with the version that made it, then run guitu migrate.",
        ),
        "database_not_empty": Sentence(
            "数据库不是空的（{table} 里有数据）。",
            "The database is not empty: there are rows in {table}.",
            "请换一个新数据库，先运行 guitu migrate 再恢复。",
            "Take a new database, run guitu migrate, then restore.",
        ),
        "attachments_folder_needed": Sentence(
            "备份里有 {count} 个磁盘附件，没有说明放在哪里。",
            "The backup holds {count} attachments from a disk, and no folder was named for them.",
            "请设置 GUITU_ATTACHMENTS，或加上 --attachments 文件夹。",
            "Set GUITU_ATTACHMENTS, or add --attachments FOLDER.",
        ),
        "row_unreadable": Sentence(
            "{table} 里有一行读不出来，没有写成备份。",
            "A row of {table} cannot be read, so no backup was written.",
            "请运行 guitu verify 找出是哪一行，并保留数据库原样。",
            "guitu verify tells which row; keep the database as it is.",
        ),
        "rows_not_kept": Sentence(
            "数据库没有照原样保存 {table} 的数据，已全部撤回。",
            "The database did not keep the rows of {table} as the backup has them; all of it was taken back.",
            "请换一个数据库再恢复，并把这个问题告诉开发者。",
            "Restore into another database, and tell the developers.",
        ),
        "shredded_list_unreadable": Sentence(
            "已销毁名单 {file} 读写不了[，第 {line} 行][（{error}）]。",
            "The list of shredded persons {file} cannot be read or written[, line {line}][ ({error})].",
            "每行写一个编号，# 之后是备注；请核对文件和权限。",
            "One id a line, notes after #; check the file and its permissions.",
        ),
    }
)
