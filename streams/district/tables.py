"""The agencies' tables: names, columns, types and keys, as their own databases have them.

Column names are the pinyin initials that such systems use (``swrq``: 死亡日期). A table is written
as one line of ``column:type``; the first columns named in ``key`` are the primary key. Types: text,
int, date, timestamp (without zone), decimal2 (yuan), decimal6 (万元). Dates that an agency keeps as
text (``20250301``) are text, which is how a day that does not exist gets into a table at all.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from streams.district.places import AGENCIES, Agency


@dataclass(frozen=True, slots=True)
class Table:
    """One table of one agency, which is one feed."""

    feed: str
    agency: Agency
    name: str  #: ``schema.table``
    key: tuple[str, ...]
    columns: dict[str, str] = field(hash=False)  #: column: type
    replica_full: bool = True  #: PostgreSQL: REPLICA IDENTITY FULL, else DEFAULT
    complete_every: int = 1  #: days between two statements of completeness
    lag_days: int = 2  #: a row is entered at most so many days after what it tells of

    @property
    def topic(self) -> str:
        """As Debezium names it with the topic prefix ``agency``."""
        return f"agency.{self.name}"

    @property
    def coverage_name(self) -> str:
        """The table of one row in which the agency says how far this one is complete."""
        return f"{self.name}_coverage"


def _table(
    feed: str, name: str, key: str, columns: str, *, full: bool = True, every: int = 1, lag: int = 2
) -> Table:
    types = dict(column.partition(":")[::2] for column in columns.split())
    return Table(
        feed, AGENCIES[name.partition(".")[0]], name, tuple(key.split()), types, full, every, lag
    )


COVERAGE_COLUMNS = {"id": "int", "complete_until": "date"}

TABLES: dict[str, Table] = {
    table.feed: table
    for table in (
        _table(
            "police-resident",
            "police.hj_czrk",
            "gmsfhm",
            "gmsfhm:text xm:text xb:text csrq:date hh:text xzqh:text hjrq:date",
            every=7,
            lag=7,
        ),
        _table(
            "police-death",
            "police.hj_swzx",
            "zxbh",
            "zxbh:text gmsfhm:text xm:text swrq:text swyy:text cxbz:text djsj:timestamp",
        ),
        _table(
            "police-restraint",
            "police.zf_qzcs",
            "csbh",
            "csbh:text ajbh:text gmsfhm:text xm:text cslx:text ksrq:date jsrq:date jsyy:text"
            " zxcs:text",
        ),
        _table(
            "police-drug-order",
            "police.jd_jdjl",
            "jdbh",
            "jdbh:text gmsfhm:text xm:text jdlx:text jdrq:date bdrq:date dqrq:date jcrq:date"
            " cxrq:date",
            full=False,
        ),
        _table(
            "police-penalty",
            "police.za_xzcf",
            "cfwsh",
            "cfwsh:text gmsfhm:text xm:text ay:text cflb:text fkje:decimal2 wfrq:date larq:date"
            " jdrq:date sdrq:date cxrq:date",
            lag=3,
        ),
        _table(
            "traffic-check",
            "traffic.jg_jjjc",
            "jcbh",
            "jcbh:text gmsfhm:text xm:text jcsj:timestamp jjhl:int cllx:text yyfl:text sgzz:text"
            " zsty:text clrq:date cxrq:date",
        ),
        _table(
            "traffic-licence",
            "traffic.jg_jsz",
            "dabh",
            "dabh:text gmsfhm:text xm:text zjcx:text clrq:date yxqz:date zt:text ztrq:date",
            full=False,
            lag=3,
        ),
        _table(
            "traffic-penalty",
            "traffic.jg_jdcf",
            "jdsbh",
            "jdsbh:text gmsfhm:text xm:text wfdm:text cflb:text fkje:decimal2 wfrq:date larq:date"
            " jdrq:date sdrq:date cxrq:date",
        ),
        _table(
            "health-death",
            "health.sw_zm",
            "zmbh",
            "zmbh:text sfzh:text xm:text swsj:text swyy:text zfbz:text",
            every=3,
            lag=5,
        ),
        _table(
            "civil-cremation",
            "civil.hh_jl",
            "hhbh",
            "hhbh:text szsfzh:text szxm:text swrq:date hhrq:date",
            every=7,
            lag=5,
        ),
        _table(
            "civil-benefit",
            "civil.sh_dy",
            "dybh",
            "dybh:text sfzh:text xm:text lb:text ksrq:date tzrq:date zhwh:text rzrq:date",
            lag=5,
        ),
        _table(
            "civil-payment",
            "civil.sh_ff",
            "ffxh",
            "ffxh:text dybh:text sfzh:text lb:text ssq:text ffrq:date je:decimal2 thrq:date",
            every=3,
        ),
        _table(
            "civil-refund",
            "civil.sh_tk",
            "tkbh",
            "tkbh:text dybh:text sfzh:text tkrq:date je:decimal2",
            every=7,
        ),
        _table(
            "hrss-benefit",
            "hrss.yl_dy",
            "dybh",
            "dybh:text sfzh:text xm:text xzlb:text dyksrq:date dytzrq:date zhwh:text rzrq:date",
            lag=5,
        ),
        _table(
            "hrss-payment",
            "hrss.yl_ff",
            "ffxh",
            "ffxh:text dybh:text sfzh:text xzlb:text ssny:text ffrq:date ffje:decimal2 thrq:date",
            lag=3,
        ),
        _table(
            "hrss-adjustment",
            "hrss.yl_tz",
            "tzbh",
            "tzbh:text dybh:text sfzh:text xzlb:text sxrq:date yzje:decimal2",
            every=7,
        ),
        _table(
            "hrss-refund",
            "hrss.yl_tk",
            "tkpzh",
            "tkpzh:text dybh:text sfzh:text tkrq:date tkje:decimal2 ssny:text",
            every=7,
        ),
        _table(
            "prison-restraint",
            "prison.fx_zy",
            "fxbh",
            "fxbh:text ah:text sfzh:text xm:text ryrq:date cyrq:date cyyy:text jym:text",
        ),
        _table(
            "court-judgment",
            "court.aj_pj",
            "ah sfzh",
            "ah:text sfzh:text xm:text zm:text pjjg:text xz:text xqys:int xprq:date sxrq:date"
            " xqqr:date xqzr:date hxqz:date",
        ),
        _table(
            "justice-correction",
            "justice.sq_jz",
            "jzbh",
            "jzbh:text ah:text sfzh:text xm:text jzlb:text sxrq:date rjrq:date qmrq:date"
            " jjyy:text jzd:text",
        ),
        _table(
            "procuratorate-decision",
            "procuratorate.aj_jd",
            "wsh zjhm",
            "wsh:text bmsah:text zjhm:text mc:text jdlx:text fltk:text zm:text jdrq:date xgrq:date"
            " sdrq:date cxrq:date",
        ),
        _table(
            "procuratorate-step",
            "procuratorate.aj_jd_lc",
            "jdxh",
            "jdxh:text bmsah:text zjhm:text lcdm:text fsrq:date jzrq:date wsh:text cbr:text",
        ),
        _table(
            "procuratorate-pause",
            "procuratorate.aj_zz",
            "zzxh",
            "zzxh:text bmsah:text zjhm:text zzyy:text ksrq:date jsrq:date",
            full=False,
        ),
        _table(
            "procuratorate-document",
            "procuratorate.ws_jcyj",
            "wsh",
            "wsh:text bmsah:text zjhm:text wslb:text jsdw:text zzrq:date sdrq:date hfqx:date"
            " jjbz:text",
        ),
        _table(
            "procuratorate-reply",
            "procuratorate.ws_hf",
            "hfxh",
            "hfxh:text wsh:text bmsah:text zjhm:text hfdw:text hflx:text hfrq:date larq:date"
            " cfwsh:text",
        ),
        _table(
            "market-penalty",
            "market.xzcf",
            "cf_wsh",
            "cf_wsh:text cf_xdr_mc:text cf_xdr_lb:text cf_xdr_dm:text cf_fddbr:text cf_wfxw:text"
            " cf_wfss:text cf_yj:text cf_cflb:text cf_nr:text cf_nr_fk:decimal6 cf_jdrq:text"
            " cf_yxq:text cf_gsjzq:text larq:text sdrq:text",
            lag=7,
        ),
        _table(
            "transport-penalty",
            "transport.ys_cf",
            "cfwsh",
            "cfwsh:text dsrdm:text dsrmc:text ay:text cflb:text fkje:decimal2 larq:date jdrq:date"
            " sdrq:date",
            lag=5,
        ),
        _table(
            "transport-certificate",
            "transport.cy_zg",
            "zgzh",
            "zgzh:text sfzh:text xm:text zglb:text fzrq:date yxqz:date zt:text zxrq:date",
            lag=3,
        ),
    )
}
