"""
Why each kind is asked: a template for every kind of domain.md section 8, for those who have to do it.

`{on}` is the day of the event that opened it, `{event}` its name, `{about}` what it is about
where one kind can be open for several things (`about.py`). No two kinds share a sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from workflow.rules.events.fields import Means

PURPOSES: Mapping[str, Means] = MappingProxyType(
    {
        "decide_objection": Means(
            "{on} {event}：本人对检测{about}的结果有异议，有权及时得到答复，决定之前不以这个结果作任何处理",
            "{on} {event}: the person objects to the result of test{about} and has a right to a prompt answer, and until then nothing follows from that result",
        ),
        "determine_addiction": Means(
            "{on} {event}：接下来要认定是否成瘾、程度如何，之后给本人的帮助和决定都以此为准",
            "{on} {event}: the next thing is to find whether the person is addicted and how far, because all later help and decisions rest on it",
        ),
        "decide_measure": Means(
            "{on} {event}：本人正等待公安机关决定采取哪种措施或者不采取，久拖不定会让人得不到帮助",
            "{on} {event}: the person waits for the police to decide on a measure or on none, and while it stays open no help can begin",
        ),
        "stage_review": Means(
            "{on} {event}：{about}，为了不让个案停在原地无人过问，要看一看原因，写下接下来怎么办",
            "{on} {event}: {about}, and so that the case does not rest unnoticed somebody looks at the reason and writes down what comes next",
        ),
        "resolve_positive": Means(
            "{on} {event}：检测{about}的阳性结果还没有结论，要确认、排除或再次检测，不让本人一直悬着",
            "{on} {event}: the positive result of test{about} is not settled, and it is to be confirmed, dismissed or tested again so that the person is not left waiting",
        ),
        "close_file": Means(
            "{on} {event}：个案已经结案，要报送材料并归档，只留下该留的",
            "{on} {event}: the case is closed, and its papers are sent and filed, keeping only what must be kept",
        ),
        "legality_review": Means(
            "{on} {event}：{about}，要另外有人复核是否合法，需要纠正的尽快纠正",
            "{on} {event}: {about}, and a second look is taken at whether it was lawful, so that it can be put right soon",
        ),
        "assemble_team": Means(
            "{on} {event}：从这时起要有人陪本人走下去，帮扶小组的固定岗位要配齐，或者写明不设的理由",
            "{on} {event}: from now on somebody walks with the person, so each fixed chair of the team is filled, or waived with a reason",
        ),
        "acknowledge_assignment": Means(
            "{on} {event}：{about}的帮扶人已经指定，请这位帮扶人回复“我知道了”，这样谁在帮谁就清楚了",
            "{on} {event}: a helper was named ({about}) and is asked to say “I know”, so that it is clear who helps whom",
        ),
        "report_in": Means(
            "{on} {event}：本人要到执行地报到，措施的期限从报到那天算起，请提前联系，说清地点，能陪就陪",
            "{on} {event}: the person is to report in at the office, and the term runs from that day, so get in touch early, say where to come, and go along if that helps",
        ),
        "welfare_contact": Means(
            "{on} {event}：{about}，要联系上本人，先问平安、问难处，这是关心，不是追究",
            "{on} {event}: {about}, so somebody gets in touch and asks how the person is and what is in the way; this is care, never a violation",
        ),
        "sign_agreement": Means(
            "{on} {event}：单位要及时与本人签订协议，把双方要做的事写清楚，签晚了是单位的责任",
            "{on} {event}: the office owes the person an agreement that says what each side does, and if it comes late that is the office's fault",
        ),
        "make_plan": Means(
            "{on} {event}：要和本人一起订出计划，写清这段时间有哪些帮助、谁来做",
            "{on} {event}: a plan is made together with the person, saying what help there will be and who gives it",
        ),
        "routine_test": Means(
            "{on} {event}：措施期间要定期检测，{ordinal}要做一次，请先约好时间地点并送达通知",
            "{on} {event}: routine tests belong to the measure and {ordinal} asks for one, so agree on time and place and serve the notice first",
        ),
        "visit": Means(
            "{on} {event}：要按帮扶等级定期走访谈心，{ordinal}要去看一次，了解近况和难处",
            "{on} {event}: visits come as often as the support level says and {ordinal} asks for one, to hear how things are",
        ),
        "team_meeting": Means(
            "{on} {event}：帮扶小组要定期碰头，{ordinal}要会商一次，免得各做各的",
            "{on} {event}: the team meets regularly and {ordinal} asks for one meeting, so that its members do not work past each other",
        ),
        "review_needs": Means(
            "{on} {event}：本人的需要会变化，{ordinal}要重新了解一次，好把对口的人请进小组",
            "{on} {event}: what the person needs changes, so {ordinal} asks for a fresh look, and for the right people in the team",
        ),
        "return_from_leave": Means(
            "{on} {event}：本人报告过返回的日子，请到时联系并记下返回，若被事情耽搁，请问明情况",
            "{on} {event}: the person told us the day of return, so get in touch then and record it, and if something came between, ask what it was",
        ),
        "report_in_after_move": Means(
            "{on} {event}：执行地变了，本人要到新单位报到一次，期限照常连着算，请两边单位帮着衔接",
            "{on} {event}: the person has moved and reports in once at the new office while the term runs on, so both offices help with the change",
        ),
        "forward_file": Means(
            "{on} {event}：材料要跟着人走，请原单位把档案转到新单位，免得本人从头再讲一遍",
            "{on} {event}: the file follows the person, so the old office sends it on and nobody has to tell their story again",
        ),
        "breach_review": Means(
            "{on} {event}：因“{about}”要核查一次，请先听本人说明，由人来判断，计数本身不是结论",
            "{on} {event}: a counter ({about}) has reached the number that calls for a look, so hear the person first and then judge; the counter itself decides nothing",
        ),
        "report_use": Means(
            "{on} {event}：社区措施期间确认了吸毒，单位有义务及时报告公安机关，同时想好怎么帮本人",
            "{on} {event}: use was confirmed during a community measure, which the office must report promptly, and the person will need help all the more",
        ),
        "send_papers": Means(
            "{on} {event}：措施快要期满，要提前报送材料，让本人按时拿到解除通知书",
            "{on} {event}: the term comes to its end, and the papers go out ahead of it so that the person gets the notice in time",
        ),
        "end_notice": Means(
            "{on} {event}：措施到期就结束，要把解除通知书送到本人手中，让人知道已经解除",
            "{on} {event}: the measure ends with its term, and the notice is put into the person's hands so that they know it",
        ),
        "notify_family": Means(
            "{on} {event}：送达后 24 小时内要让家属知道人在哪里、为什么，节假日也一样",
            "{on} {event}: within 24 hours of service the family is told where the person is and why, on holidays too",
        ),
        "facility_transfer": Means(
            "{on} {event}：在公安机关的场所执行一段时间后，应按时转到司法行政部门的戒毒所，不能久留",
            "{on} {event}: after a time in a police facility the person is moved to one of the justice administration, and not kept longer",
        ),
        "one_year_evaluation": Means(
            "{on} {event}：执行到规定时间要做一次诊断评估，结果好的可以提请提前解除，关系到本人何时回家",
            "{on} {event}: after the first stretch an evaluation is due, and a good one can lead to an early release, so it bears on when the person comes home",
        ),
        "pre_expiry_evaluation": Means(
            "{on} {event}：期满之前要再评估一次，回家以后需要什么，从这里开始准备",
            "{on} {event}: before the term ends the person is evaluated once more, and what will be needed at home is prepared from there",
        ),
        "decide_term": Means(
            "{on} {event}：{about}已经提出，要按时决定批准或不批准，让本人知道结果",
            "{on} {event}: a proposal was made ({about}), and it is answered in time, yes or no, so that the person knows",
        ),
        "plan_handover": Means(
            "{on} {event}：本人快要出所，要先商定谁去接、住在哪里、头几天怎么过",
            "{on} {event}: the person will soon be released, and it is settled beforehand who comes, where they will live and how the first days go",
        ),
        "meet_at_gate": Means(
            "{on} {event}：出所那天最容易断了联系，要到门口接到本人，送到家或安置的地方",
            "{on} {event}: on the day of release people are lost most easily, so somebody stands at the gate and brings the person home",
        ),
        "confirm_release": Means(
            "{on} {event}：期满了就不能多留一天，要核实本人已经解除，或者确有已记录的延长决定",
            "{on} {event}: the term is over and nobody is kept a day longer, so it is checked that the person is out, or that an extension is on record",
        ),
        "receive_handover_file": Means(
            "{on} {event}：本人已经出所，要向戒毒所取回评估、病历等材料，后面的帮扶才接得上",
            "{on} {event}: the person is out, and the facility's file (evaluations, medical notes) is fetched so that the help can go on from there",
        ),
        "medical_review": Means(
            "{on} {event}：本人在所外就医，期限照常计算，{ordinal}请医生看望一次，了解病情和治疗",
            "{on} {event}: the person is treated outside while the term runs, and {ordinal} asks for a visit by the doctor",
        ),
        "prepare_exit": Means(
            "{on} {event}：三年快满了，要提前备好手续并告诉本人，让动态管控到日就结束",
            "{on} {event}: the three years are nearly over, and the papers are made ready and the person is told, so that control ends on its day",
        ),
        "send_record_update": Means(
            "{on} {event}：动态管控已经结束，要致函公安机关更新记录，免得本人日后办事受阻",
            "{on} {event}: control has ended, and the police are asked to update their record so that it does not stand in the person's way",
        ),
        "confirm_record_update": Means(
            "{on} {event}：更新记录的函已经发出，要核实对方确已更新，不让这件事没有下文",
            "{on} {event}: the update of the record was asked for, and somebody makes sure that it was really done",
        ),
        "review_exit_bar": Means(
            "{on} {event}：退出受到限制，不能一限了之，要按期重新看理由是否还在，可以取消就取消",
            "{on} {event}: the exit is barred, and a bar is not for ever, so its reason is looked at again and lifted when it can be",
        ),
    }
)

OTHER = Means(
    "{on} {event}：由此需要办理这一事项",
    "{on} {event}: this follows from it",
)
"""For a kind that has no sentence yet; a test finds it."""
