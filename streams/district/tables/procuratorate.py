"""The procuratorate: its decisions, their steps and pauses, its papers and the replies."""

from __future__ import annotations

from streams.district.tables.table import table

TABLES = (
    table(
        "procuratorate-decision",
        "procuratorate.aj_jd",
        "wsh zjhm",
        "wsh:text bmsah:text zjhm:text mc:text jdlx:text fltk:text zm:text jdrq:date xgrq:date"
        " sdrq:date cxrq:date",
    ),
    table(
        "procuratorate-step",
        "procuratorate.aj_jd_lc",
        "jdxh",
        "jdxh:text bmsah:text zjhm:text lcdm:text fsrq:date jzrq:date wsh:text cbr:text",
    ),
    table(
        "procuratorate-pause",
        "procuratorate.aj_zz",
        "zzxh",
        "zzxh:text bmsah:text zjhm:text zzyy:text ksrq:date jsrq:date",
        full=False,
    ),
    table(
        "procuratorate-document",
        "procuratorate.ws_jcyj",
        "wsh",
        "wsh:text bmsah:text zjhm:text wslb:text jsdw:text zzrq:date sdrq:date hfqx:date jjbz:text",
    ),
    table(
        "procuratorate-reply",
        "procuratorate.ws_hf",
        "hfxh",
        "hfxh:text wsh:text bmsah:text zjhm:text hfdw:text hflx:text hfrq:date larq:date"
        " cfwsh:text",
    ),
)
