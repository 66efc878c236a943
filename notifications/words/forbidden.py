"""
The words that no message, sender or address may hold (禁用词): one list, in Chinese and English, with pinyin and abbreviations.

Substances, measures, and the offices whose name tells what the matter is. Those of `ANYWHERE` are looked for
in the middle of others too; between two signs in Chinese, and between two syllables of pinyin (here `'`), there
may be a mark or a space. Those of `ALONE` are short, or a part of innocent ones, and count where they stand for
themselves. A word too many costs an office another word; a word too few costs a person their neighbours.

Source: domain.md section 1, stance 4.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

Tells = Literal["substance", "measure", "office"]

ANYWHERE: Mapping[Tells, tuple[str, ...]] = MappingProxyType(
    {
        "substance": (
            *("毒", "瘾", "癮", "鸦片", "阿片", "罂粟", "吗啡", "海洛因", "白粉", "美沙酮"),
            *("丁丙诺啡", "纳曲酮", "可卡因", "古柯", "大麻", "麻果", "麻古", "摇头丸", "苯丙胺"),
            *("安非他", "麻黄碱", "氯胺酮", "k粉", "卡西酮", "甲卡", "浴盐", "芬太尼", "依托咪酯"),
            *("笑气", "一氧化二氮", "咖啡因", "三唑仑", "安眠酮", "曲马多", "可待因", "止咳水"),
            *("羟丁酸", "致幻", "迷幻", "溜冰", "上头电子烟", "麻醉药品", "精神药品", "毒品"),
            *("drug", "addict", "narcot", "opium", "opioid", "opiate", "morphin", "heroin"),
            *(
                "methadone",
                "buprenorphin",
                "naltrexon",
                "cocain",
                "cannabi",
                "marijuana",
                "hashish",
            ),
            *("amphetamin", "ecstasy", "ephedrin", "ketamin", "cathinon", "fentanyl", "etomidat"),
            *("codein", "tramadol", "triazolam", "psychotrop", "hallucinogen", "substance abuse"),
            *("du'pin", "ya'pian", "hai'luo'yin", "yao'tou'wan", "lv'an'tong", "fen'tai'ni"),
            *("yi'tuo'mi'zhi", "mei'sha'tong"),
        ),
        "measure": (
            *("戒除", "强戒", "社戒", "社康", "社区康复", "康复", "强制隔离", "隔离", "脱失"),
            *("尿检", "尿样", "毛发", "检测", "吸食", "注射", "复吸", "动态管控", "管控", "服药"),
            *("拘留", "解除通知", "阳性", "涉案", "前科", "帮教", "矫正"),
            *(
                "detox",
                "rehab",
                "relaps",
                "urine",
                "urinalysis",
                "sobriety",
                "recovery",
                "isolation",
            ),
            *("custody", "detention", "probation", "convict", "compulsory", "abstinen"),
            *("jie'du", "xi'du", "qiang'jie", "she'jie", "she'kang", "niao'jian", "guan'kong"),
            *("qiang'zhi'ge'li", "she'qu'kang'fu"),
        ),
        "office": (
            *("公安", "派出所", "警", "看守所", "监狱", "司法", "法院", "检察", "政法", "精神卫生"),
            *("police", "prison", "justice", "psychiatr", "anti-drug", "clinic"),
            *(
                "jin'du",
                "gong'an",
                "pai'chu'suo",
                "kan'shou'suo",
                "jing'cha",
                "si'fa'ju",
                "jian'yu",
            ),
        ),
    }
)
ALONE: Mapping[Tells, tuple[str, ...]] = MappingProxyType(
    {
        "substance": (
            *("ice", "meth", "mdma", "ghb", "lsd", "thc", "weed", "crack", "speed", "hash"),
            *("dama", "mafei", "kafen", "bingdu", "duyin"),
        ),
        "measure": (
            *("jd", "xd", "sqjd", "sqkf", "qzgl", "mmt", "aids", "hiv"),
            *("kangfu", "fuxi", "geli"),
        ),
        "office": ("jdb", "jdw", "jdzx", "jds", "qjs", "qgs", "ncc", "nncc", "pcs", "psb", "jail"),
    }
)
