"""The parts of the documents that are made from the code: ``python -m tests.readme --write``."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Literal

from detectors import discover
from schemas.field_rule import COMMON_OPTIONS, MONEY_UNITS, OPTIONS, Slot, slots_of
from schemas.record import RECORD_TYPES, Record
from streams.settings import PERMISSIONS, VARIABLES
from tests.catalogue.markdown import catalogue_table, stored

ROOT = Path(__file__).resolve().parents[1]
Language = Literal["en", "zh"]

#: What each variable means, in Chinese; a new one without its line is a mistake.
SETTINGS_ZH = {
    "DONGJIAN_BROKER": "日志：`kafka://主机:端口[,…]`，或者一个 SQLite 文件",
    "DONGJIAN_DATA": "本机数据目录：密钥、内嵌日志、本机服务",
    "REDIS_URL": "存放线索的 Redis；留空：在本机启动一个（系统已装的，或者安装包自带的）",
    "DONGJIAN_FEEDS": "数据源契约目录；留空：示例区的契约",
    "DONGJIAN_LISTS": '模型查询的名单，TOML 文件，`police_organs = ["<机关代码>", …]`；'
    "留空：使用示例契约时用示例名单",
    "DONGJIAN_OVERRIDES": "部署自定的参数行（TOML 文件），写法与卡片相同：`[[D19.local]]`，"
    "含 value、kind、in_force_from、basis、verified（可加 region）",
    "DONGJIAN_SECRET": "生成个人代号的密钥，部署存续期间不得更改；"
    "留空：自动生成并存入数据目录（仅限内嵌日志）",
    "DONGJIAN_PREFIX": "所有主题、消费组和 Redis 键的前缀",
    "DONGJIAN_PARTITIONS": "变更主题和线索主题的分区数，部署存续期间不得更改",
    "DONGJIAN_INSTANCE": "本工作进程的固定名称（容器、主机）：重启只需数秒，且不影响其他进程",
    "DONGJIAN_SESSION_SECONDS": "工作进程无响应多少秒后，Kafka 把它的分区交给其他进程",
    "DONGJIAN_GRANTS": f"授予的权限，逗号分隔：{', '.join(PERMISSIONS)}",
    "DONGJIAN_ACTS_FROM": "只报告此日以后的行为，`D03=2024-01-01,…`，或者所有模型共用一个日期",
    "DONGJIAN_DISABLED": "停用的模型，逗号分隔",
    "DONGJIAN_TICK_SECONDS": "时钟多少秒检查一次到期事项",
    "DONGJIAN_PATIENCE_SECONDS": "有数据源积压时，时钟最多等待多少秒再继续",
    "DONGJIAN_METRICS": "/metrics、/healthz、/readyz 的地址；设为空：不开启",
    "DONGJIAN_LOG": "运行日志格式：`json` 或 `text`",
}

#: Whose dossier a model looks at; a new kind of subject without its word is a mistake.
SUBJECTS_ZH = {
    "person": "个人",
    "organisation": "单位",
    "case": "案件",
    "project": "工程项目",
    "cell": "地理网格",
    "pair": "关联对",
    "agency": "机关",
}

#: How each kind reads a column.
KIND_MEANS = {
    "text": 'as it is; `codes = {"agency\'s" = "ours"}` translates',
    "person": "公民身份号码; 15 digits become 18, a wrong check digit is `bad_identity`",
    "organisation": "统一社会信用代码",
    "party": "a person or an organisation, told by the form of the number",
    "number": "a number of a case or document, kept with the organ that issued it",
    "case_no": "the same for a court's 案号, in one spelling",
    "date": "a day; `zone` of times that are of another zone than the table's",
    "money": "an exact sum; more than two decimals of a yuan is a mistake",
    "integer": "",
    "decimal": "a number that becomes whole when multiplied by `factor`, or is rounded down",
    "boolean": '`codes = {"1" = true, "0" = false}`',
    "list": "several values in one column, or an array; `of` says what each is",
    "pairs": "several columns, each a pair of its name and its text, empty ones too; "
    '`codes = {"column" = "name"}` gives another name',
    "point": "longitude and latitude, from two columns; `datum` is one of `cgcs2000` (meant where "
    "none is named), `wgs84`, `gcj02`, `bd09`: the record has CGCS2000",
    "points": "several points `longitude,latitude` in one column, or an array; `datum` as above",
    "token": "a person's number under its token, anything else as it is: to be compared only",
}


def settings(language: Language) -> list[str]:
    """The table of environment variables."""
    head = ("variable", "default", "meaning") if language == "en" else ("变量", "默认值", "含义")
    rows = [
        (
            f"`{variable.name}`",
            f"`{variable.default}`" if variable.default else "",
            variable.meaning if language == "en" else SETTINGS_ZH[variable.name],
        )
        for variable in VARIABLES
    ]
    return table(head, rows)


def lists(language: Language) -> list[str]:
    """The table of the reference lists that models ask, with what each card says of it."""
    head = ("list", "asked by", "what belongs into it")
    if language == "zh":
        head = ("名单", "查询的模型", "填写什么")
    asked: dict[str, dict[str, str]] = {}
    for model in discover(packs=False).models:
        for name, words in model.card.lists.items():
            asked.setdefault(name, {})[model.id] = words.in_(language)
    rows = [
        (f"`{name}`", ", ".join(said), "<br>".join(dict.fromkeys(said.values())))
        for name, said in sorted(asked.items())
    ]
    return table(head, rows)


def models(language: Language) -> list[str]:
    """The table of models, each with a link to its card, in the order of their numbers."""
    head = (
        ("model", "title", "what it finds", "in the dossier of")
        if language == "en"
        else ("模型", "名称", "发现什么", "按何主体")
    )
    rows = []
    for model in discover(packs=False).models:
        path = model.path.with_suffix(".toml").relative_to(ROOT)
        title, detects = model.card.title, model.card.detects.in_(language)
        both = (title.en, title.zh) if language == "en" else (title.zh, title.en)
        subjects = [
            kind if language == "en" else SUBJECTS_ZH[kind] for kind in model.detector.subjects
        ]
        cells = (f"[{model.id}]({path})", "<br>".join(both), detects, ", ".join(subjects))
        rows.append([" ".join(cell.split()).replace("|", "\\|") for cell in cells])
    return table(head, rows)


def catalogue(language: Language) -> list[str]:
    """Planted against found of every model, as the last big run kept it (``make catalogue``)."""
    return catalogue_table(stored(), language)


def records(_: Language) -> list[str]:
    """Every record type that a feed can send, with its fields and codes."""
    lines: list[str] = []
    ours = (c for c in RECORD_TYPES.values() if c.__module__.startswith("schemas."))
    for cls in sorted(ours, key=lambda c: c.__name__):
        if cls.DERIVED:
            continue
        said = (cls.__doc__ or "").partition("\n")[0]
        lines += [f"### {cls.__name__}", "", said, ""]
        rows = [_field(cls, s) for s in slots_of(cls).values() if s.name != "sealed_basis"]
        lines += [*table(("field", "", "read as", "values"), rows), ""]
    return lines[:-1]


def kinds(_: Language) -> list[str]:
    """How a column may be read, and the options of each kind."""
    common = ", ".join(f"`{option}`" for option in COMMON_OPTIONS)
    rows = [
        (f"`{kind}`", KIND_MEANS[kind], ", ".join(f"`{option}`" for option in options))
        for kind, options in OPTIONS.items()
    ]
    units = ", ".join(f"`{unit}`" for unit in MONEY_UNITS)
    return [
        *table(("kind", "reads", "options of its own"), rows),
        "",
        f"Every kind takes {common}: `none` lists texts that mean nothing (`9999-12-31`), "
        f"`optional` allows rows without the column. `unit` is one of {units}. `format` of a date "
        "is `iso`, a form such as `%Y%m%d`, or `epoch_days`, `epoch_ms`, `epoch_us`.",
    ]


def _field(cls: type[Record], slot: Slot) -> tuple[str, str, str, str]:
    codes = cls.CODES.get(slot.attribute, ())
    form = cls.FORMS.get(slot.attribute)
    values = ", ".join(f"`{code}`" for code in codes)
    if form is not None:
        values = f"of the form `{form.pattern.replace('|', chr(92) + '|')}`"
    needed = "needed" if slot.required else ""
    return f"`{slot.name}`", needed, " ".join(f"`{kind}`" for kind in slot.kinds), values


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    """A table in Markdown."""
    cells = [list(head), *(list(row) for row in rows)]
    lines = ["| " + " | ".join(row) + " |" for row in cells]
    return [lines[0], "|" + "---|" * len(cells[0]), *lines[1:]]


PARTS: dict[str, Callable[[Language], list[str]]] = {
    "settings": settings,
    "lists": lists,
    "models": models,
    "catalogue": catalogue,
    "records": records,
    "kinds": kinds,
}
DOCUMENTS: dict[str, Language] = {
    "README.md": "en",
    "README.zh-CN.md": "zh",
    "schemas/README.md": "en",
}


def made(name: str) -> str:
    """The document as it ought to be: what stands between the markers is made anew."""
    text = (ROOT / name).read_text(encoding="utf-8")
    for part, make in PARTS.items():
        marked = re.compile(rf"(<!-- {part}: [^\n]*-->\n).*?(?=<!-- end of {part} -->)", re.DOTALL)
        if found := marked.search(text):
            inside = "".join(f"{line}\n" for line in make(DOCUMENTS[name]))
            text = text[: found.start()] + found[1] + inside + text[found.end() :]
    return text


if __name__ == "__main__":
    if sys.argv[1:] != ["--write"]:
        sys.exit("python -m tests.readme --write")
    for document in DOCUMENTS:
        (ROOT / document).write_text(made(document), encoding="utf-8")
