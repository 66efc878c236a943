"""What the edge itself refuses: requests that never reach a rule, databases, ports, the demo's clock."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from workflow.rules.sentences import Sentence

SENTENCES: Mapping[str, Sentence] = MappingProxyType(
    {
        "malformed_body": Sentence(
            "提交的内容格式不对[：{field}]。",
            "The request cannot be read[: {field}].",
            "请按接口文档的格式重新提交。",
            "Send it again in the form that the API's documentation shows.",
        ),
        "cursor_unreadable": Sentence(
            "翻页的 cursor 读不懂。",
            "The cursor cannot be read.",
            "请原样带回上一页答复里的 next；条件变了，从第一页重新开始。",
            "Send the `next` of the page before as it was; where the question changed, begin with the first page.",
        ),
        "empty_request": Sentence(
            "这次提交里没有记录。",
            "There is no event in this request.",
            "至少写一条记录。",
            "Bring at least one event.",
        ),
        "case_id_conflict": Sentence(
            "编号 {id} 已经有一份内容不同的个案。",
            "There is another case under the id {id}.",
            "请核对；若是另一个人，请用新的编号。",
            "Compare; if it is another person, use a new id.",
        ),
        "event_id_conflict": Sentence(
            "编号 {id} 已经有一条内容不同的记录。",
            "An entry with the id {id} exists already, with other content.",
            "请刷新核对；若是另一件事，请用新的编号提交。",
            "Refresh and compare; if it is another matter, send it under a new id.",
        ),
        "approval_from_session": Sentence(
            "审批不能写在提交的内容里。",
            "An approval cannot be written into a request.",
            "先提交待审批（proposals），再由第二位有权限的人登录后批准。",
            "Propose it (proposals); a second person who may do so approves it while logged in.",
        ),
        "pack_unusable": Sentence(
            "规则包用不了：{detail}",
            "The policy pack cannot be used: {detail}",
            "请用已发布的规则包编号，或先改好规则包。",
            "Name a pack that is shipped, or mend the pack first.",
        ),
        "no_route": Sentence(
            "没有这个地址。",
            "There is nothing at this address.",
            "请核对地址；全部接口见 /docs。",
            "Check the address; /docs lists all of them.",
        ),
        "method_not_allowed": Sentence(
            "这个地址不接受这种请求方法。",
            "This address does not take this method.",
            "请看响应头 Allow，或 /docs。",
            "See the header Allow, or /docs.",
        ),
        "body_too_large": Sentence(
            "提交的内容超过 {largest} 字节。",
            "The request is larger than {largest} bytes.",
            "请分几次提交。",
            "Send it in several requests.",
        ),
        "page_too_large": Sentence(
            "一页最多 {largest} 项。",
            "A page holds {largest} at most.",
            "请把 limit 设为 {largest} 或更小，逐页读取。",
            "Ask for {largest} or fewer with limit, and read page by page.",
        ),
        "too_busy": Sentence(
            "现在请求太多，这次没有受理。",
            "There are too many requests now, and this one was not taken.",
            "请过几秒把同样的内容再提交一次。",
            "Send the same again in a few seconds.",
        ),
        "too_slow": Sentence(
            "{seconds} 秒内没有办完，不再等待。",
            "It took longer than {seconds} seconds, and nobody waits any longer.",
            "请过一会儿把同样的内容再提交一次：已保存的不会重复。读取时请缩小范围。",
            "Send the same again later: what was kept is not kept twice. When reading, ask for less.",
        ),
        "not_ready": Sentence(
            "服务还不能办理：{failing}。",
            "The server cannot do its work: {failing}.",
            "请管理员按 docs/operations.md 检查这几项。",
            "The administrator looks into these as docs/operations.md says.",
        ),
        "wrong_host": Sentence(
            "不接受以这个主机名发来的请求。",
            "This server is not called by that host name.",
            "请用服务启动时显示的地址；需要别的名字时设 GUITU_HOSTS。",
            "Use the address printed at the start; other names are set in GUITU_HOSTS.",
        ),
        "wrong_origin": Sentence(
            "不接受别的网站发来的写入。",
            "Another site may not write here.",
            "请在本系统的页面里操作，或用命令行工具。",
            "Use the pages of this system, or a program that is no browser.",
        ),
        "unexpected": Sentence(
            "系统出错了，这次提交没有保存。",
            "Something went wrong here, and nothing of the request was kept.",
            "请再试一次；仍不行时请告诉系统管理员[，编号 {id}]。",
            "Try again; if it still fails, tell the administrator[ the number {id}].",
        ),
        "clock_backwards": Sentence(
            "演示日期只能往后调：今天是 {today}，不能回到 {to}。",
            "The demo's clock only moves on: today is {today}, so {to} is over.",
            "请选 {today} 之后的日期；想从头再来，删除演示库后重新运行 guitu demo。",
            "Choose a day after {today}; to start anew, delete the demo database and run guitu demo.",
        ),
        "clock_too_far": Sentence(
            "{to} 太远，一次最多调到 {last}。",
            "{to} is too far ahead; one move reaches {last} at most.",
            "请分几次调，或选近一些的日期。",
            "Move in several steps, or choose a nearer day.",
        ),
        "demo_database": Sentence(
            "这是演示库，只能用 guitu demo 打开。",
            "This is a demo database; only guitu demo opens it.",
            "办理真实个案请换一个数据库：设 GUITU_DATABASE_URL。",
            "For real cases use another database: set GUITU_DATABASE_URL.",
        ),
        "office_database": Sentence(
            "这是单位的正式数据库，不能当演示库用。",
            "This is an office's database; a demo may not touch it.",
            "演示请换一个文件：guitu demo --database FILE。",
            "For a demo name another file: guitu demo --database FILE.",
        ),
        "other_demo": Sentence(
            "这个演示库里装的是另一套演示。",
            "This demo database holds the other demo.",
            "请换一个文件：guitu demo --database FILE，或去掉（加上）--worked-cases。",
            "Name another file: guitu demo --database FILE, or leave --worked-cases out (or add it).",
        ),
        "not_migrated": Sentence(
            "数据库还不是本版本的结构。",
            "The database does not have the schema of this release.",
            "请先运行 guitu migrate。",
            "Run guitu migrate first.",
        ),
        "queue_needs_postgresql": Sentence(
            "多台机器的任务队列只能建在 PostgreSQL 上。",
            "The queue of several machines needs PostgreSQL.",
            "请用 PostgreSQL，或设 GUITU_ENGINE=embedded，由服务自己定时运行。",
            "Use PostgreSQL, or set GUITU_ENGINE=embedded: the server then runs the jobs itself.",
        ),
        "queue_not_installed": Sentence(
            "没有安装多台机器所需的组件。",
            "What several machines need is not installed.",
            "请安装 guitu[postgres]。",
            "Install guitu[postgres].",
        ),
        "queue_schema_taken": Sentence(
            "数据库里名为 procrastinate 的模式不是归途建的。",
            "The schema named procrastinate in this database is not Guitu's.",
            "请给归途一个单独的数据库。",
            "Give Guitu a database of its own.",
        ),
        "database_unusable": Sentence(
            "数据库打不开（{error}）。",
            "The database cannot be opened ({error}).",
            "请核对 GUITU_DATABASE_URL 和文件权限。",
            "Check GUITU_DATABASE_URL and the permissions of the file.",
        ),
        "port_busy": Sentence(
            "端口 {port} 已被占用。",
            "The port {port} is in use.",
            "请关闭占用它的程序，或换一个：--port 8001。",
            "Stop the program that uses it, or take another: --port 8001.",
        ),
        "channel_not_set_up": Sentence(
            "渠道 {channel} 没有设置。",
            "The channel {channel} is not set up.",
            "请按 docs/channels.md 设好它的 GUITU_… 变量；guitu channels 会列出已设置的渠道。",
            "Set its variables GUITU_... as docs/channels.md says; guitu channels shows which ones are set up.",
        ),
    }
)
