"""What registering, searching and merging people refuses."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from workflow.rules.sentences import Sentence

SENTENCES: Mapping[str, Sentence] = MappingProxyType(
    {
        "identity_number_wrong": Sentence(
            "身份证号码不对[：最后一位应为 {expected}]。",
            "The identity number cannot be right[: its last character would be {expected}].",
            "请对照证件逐位核对；没有证件时先留空。",
            "Compare it with the card; leave it empty where there is none.",
        ),
        "possible_duplicate": Sentence(
            "这个人可能已经登记过[：{ids}][；另有 {elsewhere} 人在您的辖区以外]。",
            "This person may be registered already[: {ids}][; {elsewhere} more beyond your reach].",
            "请核对是否同一人：是，就用已有的；不是，请注明不是同一人（not_same_as、elsewhere）再登记。",
            "Compare: use the one that is known, or say that it is somebody else (not_same_as, elsewhere).",
        ),
        "person_id_conflict": Sentence(
            "编号 {id} 已经有一个内容不同的人。",
            "There is another person under the id {id}.",
            "请核对；若是另一个人，请用新的编号。",
            "Compare; if it is another person, use a new id.",
        ),
        "search_too_wide": Sentence(
            "范围内超过 {most} 人，不能按姓名逐一查找。",
            "More than {most} persons are within reach, too many to search by name.",
            "请缩小到一个区县，或用身份证号、电话查找。",
            "Narrow it to one county, or search by number or phone.",
        ),
        "case_still_open": Sentence(
            "此人还有未结的个案，不能销毁档案密钥。",
            "The person has an open case, so their key cannot be destroyed.",
            "请先结案。",
            "Close the case first.",
        ),
        "merge_reason_missing": Sentence(
            "没有写并档的理由。",
            "There is no reason for the merge.",
            "请写明为什么认定是同一人。",
            "Say why they are one person.",
        ),
        "merge_into_itself": Sentence(
            "不能把一份档案并入它自己。",
            "A person cannot be merged into themselves.",
            "请选另一份档案。",
            "Choose the other row.",
        ),
        "already_merged": Sentence(
            "这份档案已经并入 {into}。",
            "This row is merged into {into} already.",
            "要改并到别处，请先撤销原来的并档。",
            "Undo that merge first, to merge it elsewhere.",
        ),
        "merge_in_circle": Sentence(
            "要保留的档案本身已并入 {into}。",
            "The row to keep is itself merged into {into}.",
            "请反过来选，或先撤销原来的并档。",
            "Choose the other way round, or undo that merge first.",
        ),
        "both_have_open_cases": Sentence(
            "两份档案都有未结的个案。",
            "Both persons have an open case.",
            "请先结掉其中一个，再并档。",
            "Close one of them first, then merge.",
        ),
        "merge_id_conflict": Sentence(
            "编号 {id} 已经有一次内容不同的并档。",
            "There is another merge under the id {id}.",
            "请刷新核对；若是另一次并档，请用新的编号。",
            "Refresh and compare; for another merge use a new id.",
        ),
    }
)
